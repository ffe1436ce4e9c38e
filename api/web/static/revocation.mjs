// What authorities said of certificates when a document was signed (OCSP: RFC 6960; lists: RFC 5280 §5), stapled to the
// signature; the rules, codes and limits of `ledger/crypto/{ocsp,crl,revocation}.py`.
//
// An answer that is signed in a way which is not known here is left aside: whether it says good or revoked, nobody looked.
import {Refused, equal, need} from "./bytes.mjs";
import {members, oid, only} from "./der.mjs";
import {Certificate, checkPeriod, extensionsOf, isSameName, timeOf} from "./x509.mjs";

const MAX_ANSWER_BYTES = 16 * 1024;
const MAX_LIST_BYTES = 10 * 1024;
export const CLOCKS_DIFFER = 5 * 60_000;
const MAX_AGE = 7 * 24 * 60 * 60_000;
const BASIC = oid("1.3.6.1.5.5.7.48.1.1");
const SHA1 = oid("1.3.14.3.2.26");
const HASHES = [SHA1, ...[1, 2, 3, 4].map((number) => oid(`2.16.840.1.101.3.4.2.${number}`))];
// Ways of signing, of RSA and on curves, that others know and this page knows in part.
const FAMILIES = ["1.2.840.113549.1.1", "1.2.840.10045.4"].map((family) => oid(family).subarray(2));
const OCSP_SIGNING = oid("1.3.6.1.5.5.7.3.9");
const POINT = oid("2.5.29.28");
const OF_ANOTHER = ["ocsp-of-another", "crl-of-another"];
const instant = (time) => new Date(time).toISOString();

// Reads what must be of a form; whatever is wrong with it is one code.
function reading(code, limit, raw, read) {
  if (raw.length > limit) throw new Refused(code, `${raw.length} bytes`);
  try {
    return read(raw);
  } catch (error) {
    throw new Refused(code, error.message);
  }
}

function typeOf(algorithm, isKnown) {
  const {body, whole} = only(members(only(algorithm, 0x30).body)[0].whole, 0x06);
  need(isKnown(body, whole), "bad-der", "algorithm");
  return whole;
}

const isWay = (body) => FAMILIES.some((family) => equal(body.subarray(0, family.length), family));
const isHash = (_, whole) => HASHES.some((each) => equal(each, whole));

// What is signed, how, and the signature: the three parts of lists and of answers.
function signedParts([content, algorithm, signature, ...more], kind) {
  need(more.every(({tag}) => tag === kind), "bad-der", "more parts");
  need(signature.tag === 0x03 && signature.body[0] === 0, "bad-der", "signature");
  typeOf(algorithm.whole, isWay);
  return {content: content.whole, fields: members(only(content.whole, 0x30).body), algorithm: algorithm.whole, signature: signature.body.subarray(1)};
}

function readAnswer(raw) {
  const [status, around] = members(only(raw, 0x30).body);
  need(status.tag === 0x0a && status.body.length === 1 && status.body[0] === 0, "bad-der", "status");
  const [type, inner] = members(only(only(around.whole, 0xa0).body, 0x30).body);
  need(equal(type.whole, BASIC), "bad-der", "kind of answer");
  const whole = members(only(only(inner.whole, 0x04).body, 0x30).body);
  const parts = signedParts(whole, 0xa0);
  const said = members(parts.fields.find(({tag}) => tag === 0x30).body);
  need(said.length === 1, "bad-der", "about several");
  const [id, state, from, ...more] = members(only(said[0].whole, 0x30).body);
  const [algorithm, nameHash, keyHash, serial] = members(only(id.whole, 0x30).body);
  need(nameHash.tag === 0x04 && serial.tag === 0x02, "bad-der", "certificate named");
  const until = more.find(({tag}) => tag === 0xa0);
  const along = whole.find(({tag}) => tag === 0xa0);
  return {
    ...parts,
    keyHash: only(keyHash.whole, 0x04).body,
    hash: typeOf(algorithm.whole, isHash),
    serial: serial.whole,
    state,
    since: state.tag === 0xa1 ? timeOf(members(state.body)[0]) : null,
    from: timeOf(from),
    until: until === undefined ? null : timeOf(members(until.body)[0]),
    certificates: along === undefined ? [] : members(only(along.body, 0x30).body).map(({whole: der}) => der),
  };
}

// The answer speaks of a certificate of this issuer: by the hash of its key (RFC 6960 §4.1.1).
async function isOf(answer, {serialNumber}, {spki}) {
  if (!equal(answer.serial, serialNumber) || !equal(answer.hash, SHA1)) return false;
  const key = members(only(spki, 0x30).body)[1].body.subarray(1);
  return equal(answer.keyHash, new Uint8Array(await crypto.subtle.digest("SHA-1", key)));
}

// The issuer, or a responder that it named for this.
async function responderOf(answer, issuer, at) {
  if (answer.certificates.length === 0 || equal(answer.certificates[0], issuer.der)) return issuer;
  const responder = Certificate.parse(answer.certificates[0]);
  need(await responder.isIssuedBy(issuer), "certificate-issuer", responder.serial);
  checkPeriod(responder, at);
  need(responder.hasUse(OCSP_SIGNING), "ocsp-signature", "not a responder of the issuer");
  return responder;
}

function checkFresh(code, {from, until}, at) {
  need(from - CLOCKS_DIFFER <= at && at <= (until ?? from + MAX_AGE) + CLOCKS_DIFFER, code, instant(from));
}

// Of when the answer is that says the certificate was good at `at`; null where its signature is of a kind not known here.
async function checkAnswer(raw, certificate, issuer, at) {
  const answer = reading("ocsp-malformed", MAX_ANSWER_BYTES, raw, readAnswer);
  need(await isOf(answer, certificate, issuer), "ocsp-of-another", certificate.serial);
  const responder = await responderOf(answer, issuer, at);
  const signed = await responder.hasSigned(answer.signature, answer.content, answer.algorithm);
  if (signed === null) return null;
  need(signed, "ocsp-signature");
  checkFresh("ocsp-stale", answer, at);
  need(answer.state.tag !== 0xa1, "certificate-revoked", answer.since === null ? "" : instant(answer.since));
  need(answer.state.tag === 0x80, "ocsp-unknown", certificate.serial);
  return answer.from;
}

function readList(raw) {
  const parts = signedParts(members(only(raw, 0x30).body), null);
  const [algorithm, issuer, from, ...more] = parts.fields.filter(({tag}) => tag !== 0x02);
  need(equal(algorithm.whole, parts.algorithm), "bad-der", "algorithm");
  const isTime = ({tag}) => tag === 0x17 || tag === 0x18;
  const until = more.find(isTime);
  const revoked = more.find(({tag}) => tag === 0x30);
  return {
    ...parts,
    issuer: issuer.whole,
    from: timeOf(from),
    until: until === undefined ? null : timeOf(until),
    revoked: revoked === undefined ? [] : members(revoked.body).map(({body}) => members(body)),
    extensions: extensionsOf(more, 0xa0),
  };
}

// A list that does not speak of every certificate of the issuer's of this kind is not taken for the whole.
function checkWhole({extensions}, certificate) {
  for (const {type, critical, value} of extensions) {
    const isPoint = equal(type, POINT);
    need(isPoint || !critical, "crl-malformed", "extension");
    const parts = isPoint ? reading("crl-malformed", MAX_LIST_BYTES, value, (der) => members(only(der, 0x30).body)) : [];
    const others = certificate.authority ? 0x81 : 0x82;
    need(!parts.some(({tag}) => [others, 0x83, 0x84, 0x85].includes(tag)), "crl-of-another", certificate.serial);
  }
}

// Of when the list is that, in force at `at`, does not name the certificate; null as of `checkAnswer`.
async function checkList(raw, certificate, issuer, at) {
  const list = reading("crl-malformed", MAX_LIST_BYTES, raw, readList);
  need(reading("crl-malformed", MAX_LIST_BYTES, list.issuer, (name) => isSameName(name, issuer.subject)), "crl-of-another", certificate.serial);
  const signed = await issuer.hasSigned(list.signature, list.content, list.algorithm);
  if (signed === null) return null;
  need(signed, "crl-signature");
  checkWhole(list, certificate);
  checkFresh("crl-stale", list, at);
  const entry = list.revoked.find(([serial]) => equal(serial.whole, certificate.serialNumber));
  need(entry === undefined, "certificate-revoked", entry === undefined ? "" : instant(timeOf(entry[1])));
  return list.from;
}

// When the authority last said that a certificate was good; null where nothing that is stapled says it of this one.
async function goodAt({answers, lists}, certificate, issuer, at) {
  const found = [];
  for (const [check, given] of [[checkAnswer, answers], [checkList, lists]]) {
    for (const raw of given) {
      try {
        found.push(await check(raw, certificate, issuer, at));
      } catch (error) {
        if (!OF_ANOTHER.includes(error.code)) throw error;
      }
    }
  }
  const said = found.filter((time) => time !== null);
  return said.length ? Math.max(...said) : null;
}

const below = (certificate, chain) => chain.map((issuer, depth) => [depth === 0 ? certificate : chain[depth - 1], issuer]);

// Whether each answer is about one of the certificates; whether it holds is not asked.
export async function areAbout(certificate, chain, {answers, lists}) {
  const pairs = below(certificate, chain);
  const about = async (raw) => {
    const answer = reading("ocsp-malformed", MAX_ANSWER_BYTES, raw, readAnswer);
    for (const [one, issuer] of pairs) if (await isOf(answer, one, issuer)) return true;
    return false;
  };
  const isListed = (raw) => {
    const list = reading("crl-malformed", MAX_LIST_BYTES, raw, readList);
    return pairs.some(([, issuer]) => isSameName(list.issuer, issuer.subject));
  };
  return (await Promise.all(answers.map(about))).every(Boolean) && lists.every(isListed);
}

// What is stapled of a certificate and of those above it but the root: [{name, serial, goodAt}], `goodAt` in ms or null.
//
// stapled: {answers, lists}, DER. at: when they must be fresh, in ms.
export async function standingsOf(certificate, chain, stapled, at) {
  const standings = [];
  for (const [one, issuer] of below(certificate, chain)) {
    standings.push({name: one.name, serial: one.serial, goodAt: await goodAt(stapled, one, issuer, at)});
  }
  return standings;
}
