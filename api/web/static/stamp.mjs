// A time stamp over a signature (RFC 3161), in the one form in which it is kept (docs/decisions/0016).
//
// What the authority did not sign of its token is written again and compared; whether to trust it `signers.mjs` asks.
import {Refused, equal, hex, latin1, need} from "./bytes.mjs";
import {NULL, der, members, oid, only, sequence, setOf} from "./der.mjs";
import {PublicKey} from "./keys.mjs";
import {Certificate} from "./x509.mjs";

const MAX_BYTES = 12 * 1024;
const SIGNED_DATA = oid("1.2.840.113549.1.7.2");
const TST_INFO = oid("1.2.840.113549.1.9.16.1.4");
const TIME_STAMPING = oid("1.3.6.1.5.5.7.3.8");
const RSA_ALONE = sequence(oid("1.2.840.113549.1.1.1"), NULL);
const ATTRIBUTES = {
  content: oid("1.2.840.113549.1.9.3"),
  digest: oid("1.2.840.113549.1.9.4"),
  certificate: oid("1.2.840.113549.1.9.16.2.12"),
  certificateV2: oid("1.2.840.113549.1.9.16.2.47"),
  algorithms: oid("1.2.840.113549.1.9.52"),
};
const hashOf = (number) => sequence(oid(`2.16.840.1.101.3.4.2.${number}`), NULL);
const HASHES = [["SHA-256", 1, 11, 2], ["SHA-384", 2, 12, 3], ["SHA-512", 3, 13, 4]].map(([name, number, rsa, ecdsa]) => ({
  name,
  algorithm: hashOf(number),
  rsa: sequence(oid(`1.2.840.113549.1.1.${rsa}`), NULL),
  ecdsa: sequence(oid(`1.2.840.10045.4.3.${ecdsa}`)),
}));

const typeOf = (algorithm) => members(only(algorithm, 0x30).body)[0].whole;
const digestOf = async (name, bytes) => new Uint8Array(await crypto.subtle.digest(name, bytes));

// The time stamp over what has the SHA-256 `imprint`: {at, time, authority, certificate, chain}, when it was made and by whom.
export async function readStamp(token, imprint) {
  try {
    need(token.length <= MAX_BYTES, "stamp-malformed", "length");
    return await readToken(token, imprint);
  } catch (error) {
    if (error instanceof Refused && (error.code.startsWith("stamp-") || error.code === "bad-certificate")) throw error;
    if (error instanceof DOMException) throw error;
    throw new Refused("stamp-malformed", error.message);
  }
}

async function readToken(token, imprint) {
  const [, content] = members(only(token, 0x30).body);
  const [, , encapsulated, along, signers] = members(only(content.body, 0x30).body);
  const info = only(only(members(encapsulated.body)[1].body, 0x04).body, 0x30).whole;
  const [, , digestAlgorithm, signed, way, signature] = members(members(signers.body)[0].body);
  const hash = HASHES.find(({algorithm}) => equal(algorithm, digestAlgorithm.whole));
  need(hash !== undefined && signed.tag === 0xa0 && along.tag === 0xa0, "stamp-malformed");
  const attributes = attributesOf(signed.body);
  need(equal(attributes.content, TST_INFO), "stamp-malformed", "content");
  need(equal(only(attributes.digest, 0x04).body, await digestOf(hash.name, info)), "stamp-malformed", "digest");
  const certificates = members(along.body).map(({whole}) => Certificate.parse(whole));
  const authority = await namedBy(attributes, certificates);
  const key = PublicKey.ofStamping(authority.spki);
  need(equal(way.whole, wayOf(attributes, hash, key.algorithm === "rsa" ? "rsa" : "ecdsa")), "stamp-malformed", "algorithm");
  const chain = [authority, ...(await above(authority, certificates))];
  const again = written(hash.algorithm, info, chain, signed.body, way.whole, signature.body);
  need(equal(again, token), "stamp-malformed", "another form");
  const at = checkInfo(info, imprint);
  need(await key.verify(signature.body, der(0x31, signed.body), hash.name), "stamp-signature", authority.serial);
  const fit = !authority.authority && authority.signs && authority.hasOnlyUse(TIME_STAMPING);
  need(fit, "stamp-certificate", authority.serial);
  return {at, time: Date.parse(`${at.replace(" ", "T")}Z`), authority: authority.name, certificate: authority, chain: chain.slice(1)};
}

function attributesOf(body) {
  const found = {};
  for (const attribute of members(body)) {
    const [type, values] = members(attribute.body);
    const name = Object.keys(ATTRIBUTES).find((each) => equal(ATTRIBUTES[each], type.whole));
    const said = members(values.body);
    need(said.length === 1, "stamp-malformed", "attribute");
    if (name !== undefined) found[name] = said[0].whole;
  }
  need(found.content && found.digest, "stamp-malformed", "attributes");
  return found;
}

// The certificate whose hash was signed along (RFC 5035; RFC 2634 with SHA-1, as older ones do).
async function namedBy(attributes, certificates) {
  const named = attributes.certificateV2 ?? attributes.certificate;
  const parts = members(members(members(only(named, 0x30).body)[0].body)[0].body);
  const isSaid = ({algorithm}) => equal(typeOf(algorithm), members(parts[0].body)[0].whole);
  const said = parts[0].tag === 0x30 ? HASHES.find(isSaid) : HASHES[0];
  const name = attributes.certificateV2 === undefined ? "SHA-1" : said?.name;
  const wanted = parts.find(({tag}) => tag === 0x04).body;
  for (const each of certificates) if (equal(await digestOf(name, each.der), wanted)) return each;
  throw new Refused("stamp-malformed", "whose certificate");
}

// How the way to sign is written: as it was signed (RFC 6211) where it was, else with its hash.
function wayOf(attributes, hash, algorithm) {
  const name = hash[algorithm];
  if (attributes.algorithms === undefined) return name;
  const [digest, signature] = members(only(attributes.algorithms, 0x30).body);
  const type = typeOf(digest.whole);
  need(equal(type, typeOf(hash.algorithm)) && signature.tag === 0xa1, "stamp-malformed", "algorithms");
  const said = members(signature.body)[0].whole;
  const isRsa = equal(said, typeOf(RSA_ALONE));
  need(isRsa || equal(said, typeOf(name)), "stamp-malformed", "algorithms");
  return isRsa ? RSA_ALONE : name;
}

// The authorities above a certificate as far as they came along; a root is not theirs to bring.
async function above(certificate, along) {
  const found = [];
  let below = certificate;
  for (;;) {
    let next = null;
    for (const each of along) if (next === null && (await below.isIssuedBy(each))) next = each;
    if (next === null || equal(next.subject, next.issuer) || found.includes(next)) return found;
    found.push(next);
    below = next;
  }
}

function written(algorithm, info, chain, attributes, way, signature) {
  const [own] = chain;
  const sid = sequence(own.issuer, own.serialNumber);
  const signer = sequence(Uint8Array.of(2, 1, 1), sid, algorithm, der(0xa0, attributes), way, der(0x04, signature));
  const all = only(setOf(...chain.map((each) => each.der)), 0x31).body;
  const encapsulated = sequence(TST_INFO, der(0xa0, der(0x04, info)));
  const data = sequence(Uint8Array.of(2, 1, 3), setOf(algorithm), encapsulated, der(0xa0, all), setOf(signer));
  return sequence(SIGNED_DATA, der(0xa0, data));
}

function checkInfo(info, imprint) {
  const [version, , shown, , time] = members(only(info, 0x30).body);
  const [algorithm, hashed] = members(shown.body);
  need(hex(version.whole) === "020101" && time.tag === 0x18, "stamp-malformed", "TSTInfo");
  const type = members(algorithm.body)[0].whole;
  const ours = equal(type, typeOf(HASHES[0].algorithm)) && equal(hashed.body, imprint);
  need(ours, "stamp-of-another", "imprint");
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d(?:\.\d{1,6})?)Z$/.exec(latin1(time.body));
  need(found !== null, "stamp-malformed", "time");
  const [, year, month, day, hour, minute, second] = found;
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}
