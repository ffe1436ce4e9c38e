// A CMS over a document's digest, in the one form in which it is appended to a PDF (RFC 5652; docs/decisions/0014).
//
// What is put around signature and certificates is made again and compared, so that no byte of it is left unchecked. What
// authorities said of the certificate is signed along (docs/decisions/0016); `revocation.mjs` reads it.
import {equal, need, sha256} from "./bytes.mjs";
import {NULL, der, members, oid, only, sequence, setOf} from "./der.mjs";
import {PublicKey} from "./keys.mjs";
import {readStamp} from "./stamp.mjs";
import {Certificate} from "./x509.mjs";

const DATA = oid("1.2.840.113549.1.7.1");
const SIGNED_DATA = oid("1.2.840.113549.1.7.2");
const TOKEN = oid("1.2.840.113549.1.9.16.2.14");
const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), NULL);
const STAPLED = oid("1.2.840.113583.1.1.8");
const RULES = {rsa: sequence(oid("1.2.840.113549.1.1.11"), NULL), p256: sequence(oid("1.2.840.10045.4.3.2"))};
const VERSION = Uint8Array.of(2, 1, 1);
const NOTHING = {answers: [], lists: []};

// Answers of authorities as they stand in a signature: adbe-revocationInfoArchival (ISO 32000-1 §12.8.3.3.2).
function stapledAttribute({answers, lists}) {
  const said = [[0xa0, lists], [0xa1, answers]].filter(([, each]) => each.length > 0);
  return sequence(STAPLED, setOf(sequence(...said.map(([tag, each]) => der(tag, sequence(...each))))));
}

// What the signatory signs: kind of content, digest, hash of his certificate, perhaps answers of authorities.
//
// stapled: {answers, lists}, OCSPResponses and CertificateLists, DER.
export async function signedAttributes(digest, certificate, stapled = NOTHING) {
  const ess = sequence(sequence(sequence(der(0x04, await sha256(certificate)))));
  return setOf(
    sequence(oid("1.2.840.113549.1.9.3"), setOf(DATA)),
    sequence(oid("1.2.840.113549.1.9.4"), setOf(der(0x04, digest))),
    sequence(oid("1.2.840.113549.1.9.16.2.47"), setOf(ess)),
    ...(stapled.answers.length + stapled.lists.length > 0 ? [stapledAttribute(stapled)] : []),
  );
}

function assemble(attributes, {signature, certificates, token}, own, algorithm) {
  const stamp = token === null ? [] : [der(0xa1, sequence(TOKEN, setOf(token)))];
  const signer = sequence(
    VERSION,
    sequence(own.issuer, own.serialNumber),
    SHA256,
    der(0xa0, only(attributes, 0x31).body),
    RULES[algorithm],
    der(0x04, signature),
    ...stamp,
  );
  const all = only(setOf(...certificates.map((each) => each.der)), 0x31).body;
  const signed = sequence(VERSION, setOf(SHA256), sequence(DATA), der(0xa0, all), setOf(signer));
  return sequence(SIGNED_DATA, der(0xa0, signed));
}

function tokenOf(unsignedAttributes) {
  if (unsignedAttributes === undefined) return null;
  const [, values] = members(members(unsignedAttributes.body)[0].body);
  return members(values.body)[0].whole;
}

function stapledOf(attributes) {
  const found = members(attributes.body).map(({body}) => members(body)).find(([type]) => equal(type.whole, STAPLED));
  if (found === undefined) return NOTHING;
  const said = members(only(members(found[1].body)[0].whole, 0x30).body);
  const of = (wanted) => said.filter(({tag}) => tag === wanted).flatMap(({body}) => members(only(body, 0x30).body).map(({whole}) => whole));
  return {answers: of(0xa1), lists: of(0xa0)};
}

function partsOf(raw) {
  const [, content] = members(only(raw, 0x30).body);
  const [, , , certificates, signers] = members(only(content.body, 0x30).body);
  const fields = members(members(signers.body)[0].body);
  const signature = fields.find(({tag}) => tag === 0x04);
  need(certificates.tag === 0xa0 && signature !== undefined, "cms-malformed");
  return {
    sid: fields[1].whole,
    signature: signature.body,
    certificates: members(certificates.body).map(({whole}) => Certificate.parse(whole)),
    stapled: stapledOf(fields.find(({tag}) => tag === 0xa0)),
    token: tokenOf(fields.find(({tag}) => tag === 0xa1)),
  };
}

// Reads a CMS over a document and checks the signature; of the certificate nothing is checked but its key.
export async function readCms(raw, digest) {
  let parts = null;
  try {
    parts = partsOf(raw);
  } catch (error) {
    if (error.code === "bad-certificate") throw error;
    need(false, "cms-malformed", error.message);
  }
  const own = parts.certificates.filter((each) => equal(parts.sid, sequence(each.issuer, each.serialNumber)));
  need(own.length === 1, "cms-malformed", "whose certificate");
  const key = PublicKey.parse(own[0].spki);
  need(key.algorithm in RULES, "certificate-use", own[0].serial);
  const attributes = await signedAttributes(digest, own[0].der, parts.stapled);
  const again = assemble(attributes, parts, own[0], key.algorithm);
  need(equal(again, raw), "cms-malformed", "not of this document, or in another form");
  need(await key.verify(parts.signature, attributes), "bad-signature", own[0].serial);
  const along = parts.certificates.filter((each) => each !== own[0]);
  const stamp = parts.token === null ? null : await readStamp(parts.token, await sha256(parts.signature));
  return {certificate: own[0], along, stamp, stapled: parts.stapled};
}
