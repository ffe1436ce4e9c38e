// What the porta-firmas asks of the service, and what it sends: never a key, never a password.
import {base64, hex, sha256} from "./bytes.mjs";
import {complete, prepare, readAnswers} from "./signing-paper.mjs";
import {readDraft, sessionToken, signAct, wordOn, written} from "./signing-acts.mjs";

// An answer that is a problem (RFC 9457): `detail` is its sentence in Spanish.
export class Problem extends Error {
  constructor(status, {code, detail}) {
    super(detail);
    Object.assign(this, {status, code});
  }
}

async function ask(path, options = {}) {
  const answer = await fetch(path, {cache: "no-store", credentials: "same-origin", ...options});
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => ({code: "unknown", detail: `HTTP ${answer.status}`}));
  throw new Problem(answer.status, said);
}

const get = async (path) => (await ask(path)).json();
const bytesOf = async (answer) => new Uint8Array(await answer.arrayBuffer());

function post(path, body, headers = {}) {
  return ask(path, {method: "POST", body: JSON.stringify(body), headers: {"Content-Type": "application/json", ...headers}});
}

// What the ledger knows of a key: {phase, person, offices}; offices that are in force now, or may be.
export async function holderOf(keyid) {
  const key = await get(`/api/v1/keys/${keyid}`);
  if (key.phase !== "usable" || !key.person) return {...key, offices: []};
  const {data} = await get(`/api/v1/designations?person=${encodeURIComponent(key.person)}&limit=500`);
  const offices = data.map(({body, seat, number}) => ({office: `designation/${body}/${seat}/${number}`, body, seat}));
  return {...key, offices: offices.reverse()};
}

// The present instant as the ledger's signers write it: its own clock's where that is simulated, else this machine's.
export async function ledgerNow() {
  const {clock} = await get("/api/v1");
  return clock.simulated ? clock.now : written(Date.now());
}

// An officer at his desk: a key, an office, a session that only reads.
export class Desk {
  constructor(signer, reader) {
    Object.assign(this, {signer, office: reader.office, seat: reader.seat, csrf: {"Acervo-CSRF": reader.csrf}});
  }

  static async open(signer, office) {
    const challenge = await (await ask("/api/v1/access/challenges", {method: "POST"})).json();
    const body = await sessionToken(signer, office, challenge);
    const answer = await ask("/api/v1/access/session", {method: "POST", body, headers: {"Content-Type": "text/plain"}});
    return new Desk(signer, await answer.json());
  }

  close() {
    return ask("/api/v1/access/session", {method: "DELETE", headers: this.csrf});
  }

  // A part of what awaits the office's signature; `kind` picks one, `cursor` goes on behind an earlier part.
  waiting(asked) {
    const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
    return get(`/api/v1/signing/waiting?${query}`);
  }

  // A paper as it is shown: its bytes, and their digest as this page computes it.
  async paper(kind, key) {
    const answer = await ask(`/api/v1/signing/papers/${kind}/${key}.pdf`);
    const bytes = await bytesOf(answer);
    const signed = answer.headers.get("Acervo-Signed").split(", ").filter(Boolean);
    return {kind, key, bytes, signed, field: answer.headers.get("Acervo-Field"), sha256: hex(await sha256(bytes))};
  }

  // What the authorities of the certificate say of it now: as `readAnswers` returns it.
  async revocation() {
    const {certificate} = this.signer;
    const said = await (await post("/api/v1/signing/revocation", {certificate: base64(certificate.der)}, this.csrf)).json();
    return readAnswers(certificate, said, Date.parse(await ledgerNow()));
  }

  // Signs a paper as it was shown; returns {signed, heard}: the PDF, of which everything but the signature was checked,
  // and what of its certificates is signed along.
  async signPaper(shown) {
    const at = await ledgerNow();
    const wanted = await prepare(this.signer, shown, at, async (wish) => (await post("/api/v1/signing/openings", wish, this.csrf)).json());
    const signed = await complete(this.signer, wanted, async (body) => bytesOf(await post("/api/v1/signing/signatures", body, this.csrf)));
    return {signed, heard: wanted.heard};
  }

  // A draft as it is shown: its blocks, checked against the root that is to be signed.
  async draft(acta) {
    const [entry, {disclosures}] = await Promise.all([
      ask(`/api/v1/acts/${acta.index}/entry`).then(bytesOf),
      get(`/api/v1/acts/${acta.index}/disclosures`),
    ]);
    return readDraft(entry, disclosures, acta);
  }

  // Signs or refuses an acta by an act of the ledger; returns where it stands and its receipt.
  async word(acta, type, sealed = {}) {
    const act = wordOn(acta, this.seat, type);
    const head = await get(`/api/v1/streams/${act.stream}`);
    const {body} = await signAct(this.signer, this.office, act, head, await ledgerNow(), sealed);
    const {acts} = await (await post("/api/v1/acts", body)).json();
    return acts[0];
  }
}
