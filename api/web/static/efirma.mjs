// An officer's key, opened on his own machine: PKCS#8 in DER or PEM, enciphered as e.firma's are (PBES2, RFC 8018) or not.
//
// WebCrypto holds the key and gives it to nobody; neither key nor password is ever part of a request.
import {Refused, concat, equal, fromBase64, hex, latin1, need, sha256} from "./bytes.mjs";
import {der, members, oid, only, sequence} from "./der.mjs";
import {decipherTripleDes} from "./des.mjs";
import {PublicKey} from "./keys.mjs";

const MAX_KEY_BYTES = 16 * 1024;
const MAX_ROUNDS = 10_000_000;
const PBES2 = oid("1.2.840.113549.1.5.13");
const PBKDF2 = oid("1.2.840.113549.1.5.12");
const named = (table) => Object.entries(table).map(([dotted, value]) => [oid(dotted), value]);
const HASHES = named({
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
});
const CIPHERS = named({
  "1.2.840.113549.3.7": {triple: true, size: 24},
  "2.16.840.1.101.3.4.1.2": {triple: false, size: 16},
  "2.16.840.1.101.3.4.1.22": {triple: false, size: 24},
  "2.16.840.1.101.3.4.1.42": {triple: false, size: 32},
});
const ALGORITHMS = named({
  "1.2.840.113549.1.1.1": {name: "rsa", rule: {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"}},
  "1.2.840.10045.2.1": {name: "p256", rule: {name: "ECDSA", namedCurve: "P-256", hash: "SHA-256"}},
  "1.3.101.112": {name: "ed25519", rule: {name: "Ed25519"}},
});

// Turns what is not even DER into one code: the file is no key.
function reading(code, work) {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refused && error.code.startsWith("sign-")) throw error;
    throw new Refused(code, error.message);
  }
}

function chosen(table, id, code) {
  const found = table.find(([each]) => equal(each, id));
  need(found !== undefined, code);
  return found[1];
}

const integer = ({body}) => body.reduce((sum, byte) => sum * 256 + byte, 0);

// {enciphered: false, info} or {enciphered: true, …} of a file; PEM says in its own label which.
function readFile(bytes) {
  need(bytes.length > 0 && bytes.length <= MAX_KEY_BYTES, "sign-key-file");
  const pem = /-----BEGIN (ENCRYPTED )?PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(latin1(bytes));
  const raw = pem === null ? bytes : reading("sign-key-file", () => fromBase64(pem[2].replace(/\s/g, "")));
  const [first, second] = reading("sign-key-file", () => members(only(raw, 0x30).body));
  if (first?.tag === 0x02) return {enciphered: false, info: raw};
  need(first?.tag === 0x30 && second?.tag === 0x04, "sign-key-file");
  return {enciphered: true, ...reading("sign-key-file", () => schemeOf(first)), text: second.body};
}

function schemeOf(algorithm) {
  const [scheme, parameters] = members(algorithm.body);
  need(equal(scheme.whole, PBES2), "sign-key-cipher");
  const [derivation, cipher] = members(parameters.body).map(({body}) => members(body));
  need(equal(derivation[0].whole, PBKDF2), "sign-key-cipher");
  const [salt, rounds, ...rest] = members(derivation[1].body);
  const prf = rest.find(({tag}) => tag === 0x30);
  need(integer(rounds) <= MAX_ROUNDS, "sign-key-cipher");
  return {
    salt: salt.body,
    iterations: integer(rounds),
    hash: prf === undefined ? "SHA-1" : chosen(HASHES, members(prf.body)[0].whole, "sign-key-cipher"),
    cipher: chosen(CIPHERS, cipher[0].whole, "sign-key-cipher"),
    iv: cipher[1].body,
  };
}

// A wrong password shows in the padding, or where padding fits by chance in what then is no key.
async function decipher(file, password) {
  const secret = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveBits"]);
  const {salt, iterations, hash, cipher, iv, text} = file;
  const derived = await crypto.subtle.deriveBits({name: "PBKDF2", hash, salt, iterations}, secret, cipher.size * 8);
  const key = new Uint8Array(derived);
  try {
    if (cipher.triple) return decipherTripleDes(key, iv, text);
    const made = await crypto.subtle.importKey("raw", key, "AES-CBC", false, ["decrypt"]);
    return new Uint8Array(await crypto.subtle.decrypt({name: "AES-CBC", iv}, made, text));
  } catch {
    throw new Refused("sign-password");
  } finally {
    key.fill(0);
  }
}

// An ECDSA signature as the ledger and CMS write it: two INTEGERs in DER, of r ‖ s.
function ecdsaInDer(pair) {
  const number = (bytes) => {
    const start = Math.max(0, Math.min(bytes.findIndex((byte) => byte !== 0), bytes.length - 1));
    const short = bytes.subarray(start);
    return der(0x02, short[0] & 0x80 ? concat(Uint8Array.of(0), short) : short);
  };
  return sequence(number(pair.subarray(0, 32)), number(pair.subarray(32)));
}

// The public half, of a key that comes without a certificate: only JWK tells it.
async function publicHalf(info, {name, rule}) {
  const jwk = await crypto.subtle.exportKey("jwk", await crypto.subtle.importKey("pkcs8", info, rule, true, ["sign"]));
  const {kty, crv, x, y, n, e} = jwk;
  const open = Object.fromEntries(Object.entries({kty, crv, x, y, n, e}).filter(([, value]) => value !== undefined));
  const key = await crypto.subtle.importKey("jwk", open, rule, true, ["verify"]);
  return {name, spki: new Uint8Array(await crypto.subtle.exportKey("spki", key))};
}

// A key that signs and says nothing else of itself.
export class Signer {
  #key;
  #rule;

  constructor(key, rule, algorithm, spki, keyid, certificate) {
    [this.#key, this.#rule] = [key, rule];
    Object.assign(this, {algorithm, spki, keyid, certificate});
  }

  async sign(message) {
    const raw = new Uint8Array(await crypto.subtle.sign(this.#rule, this.#key, message));
    return this.algorithm === "p256" ? ecdsaInDer(raw) : raw;
  }
}

// file: bytes of the `.key` or PEM; certificate: of the `.cer`, null where there is none.
export async function unlock(file, password, certificate) {
  const read = readFile(file);
  const info = read.enciphered ? await decipher(read, password) : read.info.slice();
  const wrong = read.enciphered ? "sign-password" : "sign-key-file";
  try {
    const algorithm = reading(wrong, () => {
      const [, identifier] = members(only(info, 0x30).body);
      return chosen(ALGORITHMS, members(identifier.body)[0].whole, "sign-key-algorithm");
    });
    return await signerOf(info, algorithm, certificate, wrong);
  } finally {
    info.fill(0);
  }
}

async function signerOf(info, algorithm, certificate, wrong) {
  let key = null;
  try {
    key = await crypto.subtle.importKey("pkcs8", info, algorithm.rule, false, ["sign"]);
  } catch {
    throw new Refused(wrong);
  }
  const {spki} = certificate ?? (await publicHalf(info, algorithm));
  const signer = new Signer(key, algorithm.rule, algorithm.name, spki, hex(await sha256(spki)), certificate);
  const held = reading("sign-pair", () => PublicKey.parse(spki));
  const probe = crypto.getRandomValues(new Uint8Array(32));
  need(held.algorithm === algorithm.name && (await held.verify(await signer.sign(probe), probe)), "sign-pair");
  return signer;
}
