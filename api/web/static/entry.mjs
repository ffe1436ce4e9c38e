// Entries and statements, read strictly (V6), and their signatures (V7) (FORMAT.md §3, §4, §6).
import {concat, fromBase64, hex, latin1, need, sha256, utf8} from "./bytes.mjs";
import {checkKeys, read} from "./canonical.mjs";

const MAX_ENTRY = 65535;
const MAX_STATEMENT = 44 * 1024;
const MAX_MEMBERS = 64;
const KIND = "application/vnd.acervo.act.v1+json";
const HEX = "[0-9a-f]{64}";
const CLOCK = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d";
const WRITTEN = new RegExp(`^${CLOCK}[+-](?:0\\d|1[0-4]):[0-5]\\d$`);
const ENTRY = new RegExp(
  `^\\{"act":\\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"${KIND.replace(/[.+]/g, "\\$&")}","signatures":\\[` +
    `\\{"keyid":"(${HEX})","sig":"([A-Za-z0-9+/=]*)"\\}\\]\\},"index":(0|[1-9]\\d{0,15}),"recorded_at":"(${CLOCK}\\.\\d{6}Z)"\\}$`,
);
const STREAM = /^[a-z]+(?:\/[a-z0-9][a-z0-9._-]*)*$/;
const TEXTS = {
  ledger: [/^[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~-]+)*$/, 120],
  office: [STREAM, 200],
  prev: [/^[0-9a-f]{64}$/, 64],
  signer: [/^[0-9a-f]{64}$/, 64],
  stream: [STREAM, 200],
  type: [/^[A-Z][A-Za-z0-9]{1,63}\/[1-9][0-9]{0,2}$/, 200],
  occurred_at: [WRITTEN, 25],
  signed_at: [WRITTEN, 25],
};
const KEYS = "basis data ledger occurred_at office prev sealed signed_at signer stream type version";

const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function checkMap(map, name, key, value) {
  need(isMap(map) && Object.keys(map).length <= MAX_MEMBERS, "bad-statement", name);
  for (const [member, said] of Object.entries(map)) {
    const fine = member.length <= 200 && key.test(member) && typeof said === "string" && value.test(said);
    need(fine, "bad-statement", `${name}: ${member.slice(0, 70)}`);
  }
}

// An instant that the calendar has, in milliseconds since 1970.
export function instant(text) {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  need(year >= 1 && day <= new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate(), "bad-instant", text);
  return Date.parse(text);
}

// A day that the calendar has, as it is written.
export function day(text) {
  instant(`${text}T00:00:00Z`);
  return text;
}

export async function parseStatement(raw) {
  need(raw.length <= MAX_STATEMENT, "too-large", `${raw.length}`);
  const says = read(raw);
  need(isMap(says) && Object.keys(says).join(" ") === KEYS, "bad-statement", "keys");
  need(Number.isSafeInteger(says.version) && says.version >= 1, "bad-statement", "version");
  for (const [name, [pattern, longest]] of Object.entries(TEXTS)) {
    const text = says[name];
    need(typeof text === "string" && text.length <= longest && pattern.test(text), "bad-statement", name);
  }
  checkMap(says.basis, "basis", STREAM, /^[0-9a-f]{64}$/);
  checkMap(says.sealed, "sealed", /^[a-z0-9_./-]{1,64}$/, /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/);
  need(isMap(says.data), "bad-statement", "data");
  checkKeys(says.data);
  need(!Object.keys(says.sealed).some((name) => Object.hasOwn(says.data, name)), "bad-statement", "sealed in data");
  return {...says, raw, sha256: hex(await sha256(raw))};
}

export async function parseEntry(raw) {
  need(raw.length <= MAX_ENTRY, "too-large", `${raw.length}`);
  const found = ENTRY.exec(latin1(raw));
  need(found !== null, "bad-entry");
  const [, payload, keyid, sig, index, recordedAt] = found;
  const statement = await parseStatement(fromBase64(payload));
  const signature = fromBase64(sig);
  need(Number.isSafeInteger(Number(index)), "bad-entry", "index");
  need(statement.signer === keyid && signature.length >= 1 && signature.length <= 512, "bad-envelope");
  instant(recordedAt);
  return {raw, index: Number(index), recordedAt, statement, signature};
}

// What is wrong with the instants, "" where they hold (FORMAT.md §5).
export function windowFlaw(entry) {
  const [occurred, signed] = [entry.statement.occurred_at, entry.statement.signed_at].map(instant);
  const recorded = instant(entry.recordedAt);
  if (occurred > signed) return "occurred-after-signed";
  if (signed - recorded > 5 * 60_000) return "signed-in-future";
  return recorded - signed > 24 * 3_600_000 ? "signed-too-long-ago" : "";
}

export function verifySignature(entry, key) {
  const {raw} = entry.statement;
  return key.verify(entry.signature, concat(utf8(`DSSEv1 ${KIND.length} ${KIND} ${raw.length} `), raw));
}

// The SPKIs that an enrolment or the founding names: each is known by its own hash, whoever names it.
export function spkisOf(entry) {
  const {type, data} = entry.statement;
  if (type !== "KeyEnrolled/1" && entry.index !== 0) return [];
  const officers = Array.isArray(data.officers) ? data.officers : [];
  const named = [data.spki, data.recovery_spki, ...officers.map((officer) => officer?.spki)];
  return named.flatMap((text) => {
    try {
      return [fromBase64(text)];
    } catch {
      return [];
    }
  });
}

// An opened sealed value: its name and value, out of `[salt, name, value]`.
export function parseDisclosure(raw) {
  const parts = read(raw);
  need(Array.isArray(parts) && parts.length === 3, "bad-disclosure");
  const [salt, name, value] = parts;
  need(/^[A-Za-z0-9_-]{21}[AQgw]$/.test(salt) && /^[a-z0-9_./-]{1,64}$/.test(name), "bad-disclosure");
  return {name, value};
}

