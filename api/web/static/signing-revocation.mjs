// What the porta-firmas says of whether certificates are revoked, before a signature and after it.
import {made, say} from "./signing-view.mjs";

const minute = (milliseconds) => new Date(milliseconds).toLocaleString("es-MX", {dateStyle: "long", timeStyle: "short"});

// Why no answer goes into the signature.
function reason({tooLong, silent, stapled}) {
  if (tooLong > 0) return say("sign-answer-long", {bytes: tooLong});
  if (silent.length > 0) return say("sign-answer-silent", {urls: silent.join(", ")});
  return say(stapled ? "sign-answer-unread" : "sign-answer-nowhere");
}

// A line for each certificate: as of when it was not revoked, or why there is no answer of its authority.
export function answerLines(heard) {
  return heard.map((each) => {
    const {name, serial, goodAt} = each;
    const known = goodAt !== null;
    const text = known ? say("sign-answer-good", {name, serial, at: minute(goodAt)}) : say("sign-answer-none", {name, serial, why: reason(each)});
    return made("p", text, {className: known ? "bien" : "ojo"});
  });
}

// What a signed paper carries, in one sentence.
export function carried(heard) {
  const missing = heard.filter(({goodAt}) => goodAt === null);
  if (missing.length === 0) return say("sign-carries-answers");
  return say("sign-carries-none", {names: missing.map(({name}) => name).join(", ")});
}
