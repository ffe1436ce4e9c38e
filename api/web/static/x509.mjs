// X.509 certificates: read, and their chain up to a root that is trusted (RFC 5280, as far as said here).
import {Refused, decodeUtf8, equal, hex, latin1, need} from "./bytes.mjs";
import {members, oid, only, sequence, unsigned} from "./der.mjs";
import {PublicKey, wayOf} from "./keys.mjs";

const MAX_CHAIN = 5;
const MAX_BYTES = 8 * 1024;
const [NAME, RFC, CURP] = ["2.5.4.3", "2.5.4.45", "2.5.4.5"].map(oid);
const USAGE = oid("2.5.29.15");
const CONSTRAINTS = oid("2.5.29.19");
const USES = oid("2.5.29.37");
const [DIGITAL_SIGNATURE, CONTENT_COMMITMENT, KEY_CERT_SIGN] = [0x80, 0x40, 0x04];

// An instant of a certificate, a list or an answer, in milliseconds since 1970.
export function timeOf({tag, body}) {
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

// The attributes of a name, which is read whole.
function attributesOf(name) {
  const attributes = members(only(name, 0x30).body).flatMap((set) => members(only(set.whole, 0x31).body));
  const parts = attributes.map((attribute) => members(only(attribute.whole, 0x30).body));
  need(parts.every((each) => each.length === 2 && each[0].tag === 0x06), "bad-certificate", "name");
  return parts.map(([type, value]) => ({type: type.whole, text: textOf(value)}));
}

const attributeOf = (name, wanted) => attributesOf(name).find(({type}) => equal(type, wanted))?.text ?? "";

// Whether two names say the same, each in letters of its own kind.
export function isSameName(one, other) {
  const [a, b] = [attributesOf(one), attributesOf(other)];
  return a.length === b.length && a.every(({type, text}, at) => equal(type, b[at].type) && text === b[at].text);
}

// RFC and CURP stand where e.firma writes them; behind a stroke is a legal representative's.
const personal = (text) => text.split("/")[0].trim();

// Extensions of a certificate or a list: {type, critical, value}; none stands there twice.
export function extensionsOf(fields, tag) {
  const found = fields.find((field) => field.tag === tag);
  if (found === undefined) return [];
  const extensions = members(only(found.body, 0x30).body).map((extension) => {
    const parts = members(extension.body);
    return {type: parts[0].whole, critical: parts.length === 3, value: parts.at(-1).body};
  });
  need(new Set(extensions.map(({type}) => hex(type))).size === extensions.length, "bad-certificate", "extension twice");
  return extensions;
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
    attributesOf(issuer.whole);
    const [starts, ends] = members(validity.body).map(timeOf);
    const extensions = extensionsOf(fields, 0xa3);
    const valueOf = (type) => extensions.find((extension) => equal(extension.type, type))?.value;
    const [constraints, usage] = [valueOf(CONSTRAINTS), valueOf(USAGE)];
    const said = constraints === undefined ? [] : members(only(constraints, 0x30).body);
    const bits = usage === undefined ? 0xff : only(usage, 0x03).body[1] ?? 0;
    const limit = said.find(({tag}) => tag === 0x02);
    return Object.assign(new Certificate(), {
      der,
      extensions,
      tbs: tbs.whole,
      algorithm: algorithm.whole,
      signature: signature.body.subarray(1),
      issuer: issuer.whole,
      serialNumber: serial.whole,
      serial: serialOf(unsigned(serial)),
      subject: subject.whole,
      name: attributeOf(subject.whole, NAME),
      rfc: personal(attributeOf(subject.whole, RFC)),
      curp: personal(attributeOf(subject.whole, CURP)),
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

  // Whether extendedKeyUsage names a use.
  hasUse(use) {
    const found = this.extensions.find(({type}) => equal(type, USES));
    return found !== undefined && members(only(found.value, 0x30).body).some(({whole}) => equal(whole, use));
  }

  // Whether its key made a signature over `message`; null where key or way of signing is none that is known here.
  async hasSigned(signature, message, identifier) {
    try {
      const [key, way] = [PublicKey.parse(this.spki), wayOf(identifier)];
      return way === undefined ? null : way.algorithm === key.algorithm && (await key.verify(signature, message, way.hash));
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  // Names and signature, and that the issuer may issue at all.
  async isIssuedBy(issuer) {
    if (!issuer.authority || !equal(this.issuer, issuer.subject)) return false;
    return (await issuer.hasSigned(this.signature, this.tbs, this.algorithm)) === true;
  }
}

// The authorities above a certificate up to a trusted root; those that came along only lead there.
export async function chainTo(certificate, along, roots) {
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

export function checkPeriod(certificate, at) {
  need(certificate.starts <= at && at <= certificate.ends, "certificate-period", certificate.serial);
}

// Validity at an instant and path lengths of a certificate and the chain above it, whose last one issued itself.
export async function checkChain(certificate, chain, at) {
  checkPeriod(certificate, at);
  for (const [depth, authority] of chain.entries()) {
    checkPeriod(authority, at);
    need(authority.pathLength === null || depth <= authority.pathLength, "certificate-path", authority.serial);
  }
  need(await chain.at(-1).isIssuedBy(chain.at(-1)), "certificate-issuer", chain.at(-1).serial);
}

// A certificate as people have it: DER, or PEM around it.
export function parseCertificateFile(bytes) {
  const text = latin1(bytes);
  const found = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(text);
  if (found === null) return Certificate.parse(bytes);
  const raw = atob(found[1].replace(/\s/g, ""));
  return Certificate.parse(Uint8Array.from(raw, (char) => char.charCodeAt(0)));
}
