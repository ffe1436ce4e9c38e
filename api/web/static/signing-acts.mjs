// Acts of the ledger made in the browser: the statement is written here, out of what was shown here, and signed here.
import {base64, base64url, concat, fromBase64url, hex, need, sha256, utf8} from "./bytes.mjs";
import {write} from "./canonical.mjs";
import {parseDisclosure, parseEntry} from "./entry.mjs";
import {leafHash, rootOf} from "./tree.mjs";

const ACT = "application/vnd.acervo.act.v1+json";
const ACCESS = "application/vnd.acervo.access.v1+json";
const OFFSET_MINUTES = -360;

const pae = (kind, payload) => concat(utf8(`DSSEv1 ${kind.length} ${kind} ${payload.length} `), payload);

// An instant as statements write it, with the offset of central Mexico.
export function written(milliseconds) {
  const local = new Date(milliseconds + OFFSET_MINUTES * 60_000).toISOString().slice(0, 19);
  return `${local}-06:00`;
}

// The token that opens a session: the server's challenge, signed (docs/decisions/0013).
export async function sessionToken(signer, office, {challenge, audience, scope}) {
  const now = Date.now();
  const says = {
    audience,
    expires_at: written(now + 120_000),
    issued_at: written(now),
    jti: challenge,
    office,
    scope,
    signer: signer.keyid,
    use: "read",
  };
  const payload = utf8(write(says));
  return `${base64url(payload)}.${base64url(await signer.sign(pae(ACCESS, payload)))}`;
}

// What an acta's draft says, checked against its own entry: {blocks: [{kind, text}], digest, statement}.
//
// raw: the entry's bytes. disclosures: name → text. Every block is there, and their root is the one that is signed.
export async function readDraft(raw, disclosures, acta) {
  const entry = await parseEntry(raw);
  const {type, stream, data, sha256: statement} = entry.statement;
  const same = entry.index === acta.index && type === "ActaDrafted/1" && stream === `acta/${acta.key}`;
  need(same && statement === acta.statement && data.root === acta.root, "sign-draft-differs");
  const names = Array.from({length: data.blocks}, (_, at) => `block/${at + 1}`);
  need(names.every((name) => typeof disclosures[name] === "string"), "sign-draft-closed");
  const texts = names.map((name) => disclosures[name]);
  const root = hex(await rootOf(await Promise.all(texts.map((text) => leafHash(utf8(text))))));
  need(root === data.root, "sign-draft-differs");
  const opened = texts.map((text) => parseDisclosure(fromBase64url(text)));
  need(opened.every(({name}, at) => name === names[at]), "sign-draft-differs");
  return {blocks: opened.map(({value}) => value), root, statement};
}

// Signs an act: {body, sha256}, `body` being what POST /api/v1/acts takes.
//
// act: {type, stream, data, basis}. head: of the stream, as GET /api/v1/streams/… says it. sealed: name → text.
export async function signAct(signer, office, act, head, at, sealed = {}) {
  const disclosures = {};
  const digests = {};
  for (const [name, value] of Object.entries(sealed)) {
    const salt = base64url(crypto.getRandomValues(new Uint8Array(16)));
    disclosures[name] = base64url(utf8(write([salt, name, value.normalize("NFC")])));
    digests[name] = base64url(await sha256(utf8(disclosures[name])));
  }
  const statement = utf8(
    write({
      basis: act.basis,
      data: act.data,
      ledger: head.ledger,
      occurred_at: at,
      office,
      prev: head.statement,
      sealed: digests,
      signed_at: at,
      signer: signer.keyid,
      stream: act.stream,
      type: act.type,
      version: head.version + 1,
    }),
  );
  const sig = base64(await signer.sign(pae(ACT, statement)));
  const envelope = {payload: base64(statement), payloadType: ACT, signatures: [{keyid: signer.keyid, sig}]};
  return {body: {envelope, disclosures}, sha256: hex(await sha256(statement))};
}

// What a seat says of an acta's draft: it signs it, or refuses to.
export function wordOn(acta, seat, type) {
  return {
    type,
    stream: `signature/${acta.key}/${seat}`,
    data: {...acta.place, root: acta.root, seat},
    basis: {[`acta/${acta.key}`]: acta.statement},
  };
}
