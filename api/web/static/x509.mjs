// X.509 certificates: read, and their chain up to a root that is trusted (RFC 5280, as far as said here).
import {Refused, decodeUtf8, equal, hex, latin1, need} from "./bytes.mjs";
import {members, oid, only, sequence, unsigned} from "./der.mjs";
import {PublicKey} from "./keys.mjs";

const MAX_CHAIN = 5;
const MAX_BYTES = 8 * 1024;
const [NAME, RFC, CURP] = ["2.5.4.3", "2.5.4.45", "2.5.4.5"].map(oid);
const USAGE = oid("2.5.29.15");
const CONSTRAINTS = oid("2.5.29.19");
const USES = oid("2.5.29.37");
// What a certificate may be signed with here, by the bytes of the algorithm's identifier.
const ALGORITHMS = [[oid("1.2.840.113549.1.1.11"), "rsa"], [oid("1.2.840.10045.4.3.2"), "p256"]];
const [DIGITAL_SIGNATURE, CONTENT_COMMITMENT, KEY_CERT_SIGN] = [0x80, 0x40, 0x04];

function timeOf({tag, body}) {
  const text = latin1(body);
  need((tag === 0x17 && /^\d{12}Z$/.test(text)) || (tag === 0x18 && /^\d{14}Z$/.test(text)), "bad-certificate", "time");
  const full = tag === 0x18 ? text : `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}`;
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)Z$/.exec(full);
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  need(!Number.isNaN(time), "bad-certificate", "time");
  return time;
}

function serialOf(number) {
  const text = latin1(number);
  return /^[0-9]{20}$/.test(text) ? text : hex(number).replace(/^0+(?=.)/, "");
}

function textOf({tag, body}) {
  if (tag === 0x1e) return Array.from({length: body.length / 2}, (_, at) => String.fromCharCode(body[2 * at] * 256 + body[2 * at + 1])).join("");
  return tag === 0x0c ? decodeUtf8(body, "bad-certificate") : latin1(body);
}

// An attribute of a name, which is read whole.
function attributeOf(name, wanted) {
  const attributes = members(name.body).flatMap((set) => members(only(set.whole, 0x31).body));
  const parts = attributes.map((attribute) => members(only(attribute.whole, 0x30).body));
  need(parts.every((each) => each.length === 2 && each[0].tag === 0x06), "bad-certificate", "name");
  const found = parts.find(([type]) => equal(type.whole, wanted));
  return found === undefined ? "" : textOf(found[1]);
}

// RFC and CURP stand where e.firma writes them; behind a stroke is a legal representative's.
const personal = (text) => text.split("/")[0].trim();

function extensionsOf(fields) {
  const found = fields.find((field) => field.tag === 0xa3);
  if (found === undefined) return [];
  return members(only(found.body, 0x30).body).map((extension) => {
    const parts = members(extension.body);
    return {type: parts[0].whole, critical: parts.length === 3, value: parts.at(-1).body};
  });
}

export class Certificate {
  static parse(der) {
    try {
      need(der.length <= MAX_BYTES, "bad-certificate", "length");
      return Certificate.read(der);
    } catch (error) {
      throw new Refused("bad-certificate", error.message);
    }
  }

  static read(der) {
    const [tbs, algorithm, signature] = members(only(der, 0x30).body);
    need(signature.tag === 0x03 && signature.body[0] === 0, "bad-certificate", "signature");
    const fields = members(tbs.body);
    need(fields[0].tag === 0xa0, "bad-certificate", "version");
    const [, serial, inner, issuer, validity, subject, spki] = fields;
    need(equal(inner.whole, algorithm.whole), "bad-certificate", "algorithm");
    attributeOf(issuer, NAME);
    const [starts, ends] = members(validity.body).map(timeOf);
    const extensions = extensionsOf(fields);
    const valueOf = (type) => extensions.find((extension) => equal(extension.type, type))?.value;
    need(new Set(extensions.map(({type}) => hex(type))).size === extensions.length, "bad-certificate", "extension twice");
    const [constraints, usage] = [valueOf(CONSTRAINTS), valueOf(USAGE)];
    const said = constraints === undefined ? [] : members(only(constraints, 0x30).body);
    const bits = usage === undefined ? 0xff : only(usage, 0x03).body[1] ?? 0;
    const limit = said.find(({tag}) => tag === 0x02);
    return Object.assign(new Certificate(), {
      der,
      extensions,
      tbs: tbs.whole,
      algorithm: ALGORITHMS.find(([id]) => equal(members(algorithm.body)[0].whole, id))?.[1] ?? "",
      signature: signature.body.subarray(1),
      issuer: issuer.whole,
      serialNumber: serial.whole,
      serial: serialOf(unsigned(serial)),
      subject: subject.whole,
      name: attributeOf(subject, NAME),
      rfc: personal(attributeOf(subject, RFC)),
      curp: personal(attributeOf(subject, CURP)),
      starts,
      ends,
      spki: spki.whole,
      authority: said[0]?.tag === 0x01 && said[0].body[0] === 0xff && (bits & KEY_CERT_SIGN) !== 0,
      pathLength: limit === undefined ? null : Number(`0x${hex(unsigned(limit))}`),
      signs: (bits & (DIGITAL_SIGNATURE | CONTENT_COMMITMENT)) !== 0,
    });
  }

  // Whether a critical extendedKeyUsage names one use and no other.
  hasOnlyUse(use) {
    const found = this.extensions.find(({type}) => equal(type, USES));
    return found !== undefined && found.critical && equal(found.value, sequence(use));
  }

  // Names and signature, and that the issuer may issue at all.
  async isIssuedBy(issuer) {
    if (!issuer.authority || !equal(this.issuer, issuer.subject)) return false;
    try {
      const key = PublicKey.parse(issuer.spki);
      return key.algorithm === this.algorithm && (await key.verify(this.signature, this.tbs));
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }
}

// The authorities above a certificate up to a trusted root; those that came along only lead there.
async function chainOf(certificate, along, roots) {
  const chain = [];
  let below = certificate;
  const first = async (all) => {
    for (const each of all) if (await below.isIssuedBy(each)) return each;
    return null;
  };
  while (chain.length < MAX_CHAIN) {
    const anchor = await first(roots);
    if (anchor !== null) return [...chain, anchor];
    const above = await first(along.filter((each) => !chain.includes(each)));
    if (above === null) break;
    chain.push(above);
    below = above;
  }
  throw new Refused("certificate-root", certificate.serial);
}

function checkPeriod(certificate, at) {
  need(certificate.starts <= at && at <= certificate.ends, "certificate-period", certificate.serial);
}

// Signatures, validity at an instant and path lengths, up to one of the roots; that it may sign, and issues nothing.
export async function checkSigner(certificate, along, roots, at) {
  checkPeriod(certificate, at);
  const chain = await chainOf(certificate, along, roots);
  for (const [depth, authority] of chain.entries()) {
    checkPeriod(authority, at);
    need(authority.pathLength === null || depth <= authority.pathLength, "certificate-path", authority.serial);
  }
  need(await chain.at(-1).isIssuedBy(chain.at(-1)), "certificate-issuer", chain.at(-1).serial);
  need(certificate.signs && !certificate.authority, "certificate-use", certificate.serial);
  return chain.at(-1);
}

// A certificate as people have it: DER, or PEM around it.
export function parseCertificateFile(bytes) {
  const text = latin1(bytes);
  const found = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(text);
  if (found === null) return Certificate.parse(bytes);
  const raw = atob(found[1].replace(/\s/g, ""));
  return Certificate.parse(Uint8Array.from(raw, (char) => char.charCodeAt(0)));
}
