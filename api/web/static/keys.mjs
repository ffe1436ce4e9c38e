// Officers' and certificates' keys: each in one SPKI encoding, each with one rule of signing (FORMAT.md §4).
import {Refused, concat, equal, fromHex, need} from "./bytes.mjs";
import {NULL, der, members, oid, only, sequence, unsigned} from "./der.mjs";

const ED25519 = fromHex("302a300506032b6570032100");
const P256 = fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
const RSA = sequence(oid("1.2.840.113549.1.1.1"), NULL);
// Curves on which authorities of time stamps sign, too; nobody's acts are signed so.
const LONGER = [
  {algorithm: "p384", length: 120, prefix: fromHex("3076301006072a8648ce3d020106052b8104002203620004")},
  {algorithm: "p521", length: 158, prefix: fromHex("30819b301006072a8648ce3d020106052b810400230381860004")},
];
const BYTES = {p256: 32, p384: 48, p521: 66};
const EXPONENT = Uint8Array.of(2, 3, 1, 0, 1);
const RULES = {
  ed25519: {name: "Ed25519"},
  p256: {name: "ECDSA", namedCurve: "P-256"},
  p384: {name: "ECDSA", namedCurve: "P-384"},
  p521: {name: "ECDSA", namedCurve: "P-521"},
  rsa: {name: "RSASSA-PKCS1-v1_5"},
};

// How certificates, answers and lists are signed, by the bytes of the algorithm's identifier.
const WAYS = [["SHA-256", 11, 2], ["SHA-384", 12, 3], ["SHA-512", 13, 4]].flatMap(([hash, rsa, p256]) => [
  {type: oid(`1.2.840.113549.1.1.${rsa}`), algorithm: "rsa", hash},
  {type: oid(`1.2.840.10045.4.3.${p256}`), algorithm: "p256", hash},
]);

const begins = (bytes, prefix) => equal(bytes.subarray(0, prefix.length), prefix);

// What kind of key an SPKI is; any other encoding is refused.
export function algorithmOf(spki) {
  if (spki.length === 44 && begins(spki, ED25519)) return "ed25519";
  if (spki.length === 91 && begins(spki, P256)) return "p256";
  const [algorithm, key] = members(only(spki, 0x30).body);
  need(equal(algorithm.whole, RSA) && key.tag === 0x03 && key.body[0] === 0, "bad-spki");
  const [modulus, exponent] = members(only(key.body.subarray(1), 0x30).body);
  const bits = unsigned(modulus);
  const size = bits.length * 8 - Math.clz32(bits[0]) + 24;
  need(equal(exponent.whole, EXPONENT) && size >= 2048 && size <= 4096, "bad-spki");
  need(equal(spki, sequence(RSA, der(0x03, Uint8Array.of(0), sequence(modulus.whole, exponent.whole)))), "bad-spki");
  return "rsa";
}

// r ‖ s, which WebCrypto wants, of an ECDSA signature in strict DER; null where it is none.
function pair(signature, size) {
  try {
    const numbers = members(only(signature, 0x30).body).map(unsigned);
    if (numbers.length !== 2 || numbers.some((number) => number.length > size)) return null;
    return concat(...numbers.map((number) => concat(new Uint8Array(size - number.length), number)));
  } catch {
    return null;
  }
}

// A point that is not on its curve is refused only now.
async function importKey(spki, rule) {
  try {
    return await crypto.subtle.importKey("spki", spki, rule, false, ["verify"]);
  } catch (error) {
    if (error.name === "DataError") throw new Refused("bad-spki");
    throw error;
  }
}

// {algorithm, hash} of an AlgorithmIdentifier; undefined where it is none of ours.
export const wayOf = (identifier) => WAYS.find(({type}) => equal(members(only(identifier, 0x30).body)[0].whole, type));

// A key to check signatures with. Where the browser does not know its kind, `verify` throws NotSupportedError.
export class PublicKey {
  static parse(spki, algorithm = algorithmOf(spki)) {
    return Object.assign(new PublicKey(), {spki, algorithm, imported: new Map()});
  }

  // Of an authority of time stamps: those, and longer curves.
  static ofStamping(spki) {
    const longer = LONGER.find(({length, prefix}) => spki.length === length && begins(spki, prefix));
    return PublicKey.parse(spki, longer?.algorithm);
  }

  // Of a log: the 32 bytes of a vkey.
  static ofEd25519(raw) {
    return PublicKey.parse(concat(ED25519, raw));
  }

  // Officers sign with SHA-256; authorities with longer hashes, too.
  async verify(signature, message, hash = "SHA-256") {
    const rule = {...RULES[this.algorithm], hash};
    if (!this.imported.has(hash)) this.imported.set(hash, importKey(this.spki, rule));
    const size = BYTES[this.algorithm];
    const given = size === undefined ? signature : pair(signature, size);
    return given !== null && crypto.subtle.verify(rule, await this.imported.get(hash), given, message);
  }
}
