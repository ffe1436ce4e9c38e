// What the report says of who signed a paper: whose the certificate is, by whose word the time, what was not looked at.
import {fill} from "./words.mjs";

const day = (instant) => new Date(instant).toISOString().slice(0, 16).replace("T", " ");

// One line of each signature, in the words of the page and of `acervo verify`.
export function signerLines(words, signers) {
  const {page, paper} = words;
  return signers.map((signer) => {
    const said = [fill(page["paper-signer"], {...signer, at: day(signer.at)})];
    if (signer.chained) said.push(fill(page["paper-chained"], signer));
    if (signer.stamp !== null) said.push(stampLine(words, signer));
    for (const {name, serial, goodAt} of signer.standings) {
      const known = goodAt !== null;
      said.push(fill(paper[known ? "revocation-good" : "revocation-unknown"], {name, serial, at: known ? `${day(goodAt)} UTC` : ""}));
    }
    return said.join("; ");
  });
}

function stampLine({page, paper}, {time, stamp}) {
  if (time === "proved") return fill(paper.proved, {tsa: stamp.authority, at: `${stamp.at} UTC`});
  return fill(page["paper-stamped"], stamp);
}

// What of the signatures was not looked at.
export function leftOf({page, paper}, signers) {
  const known = ({standings}) => standings.length > 0 && standings.every(({goodAt}) => goodAt !== null);
  const lines = signers.every(known) ? [] : [paper["paper-revocation"]];
  for (const [time, said] of [["claimed", page["left-time"]], ["stamped", page["left-stamp"]], ["proved", paper["paper-tsa-revocation"]]]) {
    if (signers.some((signer) => signer.time === time)) lines.push(said);
  }
  return lines;
}
