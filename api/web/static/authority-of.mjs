// Whether the signers of an excerpt's acts were allowed them, as far as the acts at hand say: `ledger/verify/authority_of.py`,
// where it is explained (decision 0021).
import {checkAuthority, checkWindow} from "./authority.mjs";
import {evolveBody} from "./body.mjs";
import {Refused, need} from "./bytes.mjs";
import {evolveDesignation} from "./designation.mjs";
import {evolveKey, evolveLedger} from "./trust.mjs";

const FOLDED = {ledger: evolveLedger, key: evolveKey, designation: evolveDesignation, body: evolveBody};
const ZERO_HASH = "0".repeat(64);

// A rule asked for a stream of which not every act up to the last one seen is at hand.
class NotHere extends Error {}

const kindOf = (stream) => stream.split("/", 1)[0];

// Whether a stream is of those that say who may sign.
export const isFolded = (stream) => Object.hasOwn(FOLDED, kindOf(stream));

// The stream of an act: a function of type and data; "" where the table of types has none for it.
const streamOf = (segments, data) => [segments[0], ...segments.slice(1).map((name) => data[name])].join("/");

class World {
  constructor() {
    this.heads = new Map();
  }

  state(stream) {
    const head = this.heads.get(stream);
    if (head === undefined && this.heads.get("ledger")?.state?.keys.has(stream.replace(/^key\//, ""))) return null;
    if (head === undefined || !head.whole) throw new NotHere(stream);
    return head.state;
  }

  begun(stream) {
    return this.heads.has(stream);
  }

  // Runs a rule of a stream's own that asks for another's: what it needs and is not here is not checked.
  ifHere(rule) {
    try {
      rule();
    } catch (error) {
      if (!(error instanceof NotHere)) throw error;
    }
  }
}

// acts: the entries that V6 could read, by index and in that order. isVoid: whether V6 or V7 found something of the one at
// an index. types: of each type its stream and who may sign it. Each entry gets `authorised`, true, false or null, and `why`.
export async function judge(entries, isVoid, types) {
  const replay = {world: new World(), founding: ""};
  for (const [index, entry] of entries) Object.assign(entry, await take(replay, entry, isVoid(index), types));
}

async function take(replay, entry, isVoid, types) {
  if (entry.index === 0 && !isVoid) replay.founding = entry.statement.sha256;
  const said = judged(entry, types[entry.statement.type], replay.world);
  await place(replay, entry, said.authorised !== null, said.authorised && !isVoid);
  return said;
}

function judged(entry, type, world) {
  const {office, stream, data} = entry.statement;
  if (type === undefined) return {authorised: null, why: "unknown-type"};
  if (type.stream.length && streamOf(type.stream, data) !== stream) return {authorised: null, why: "stream-differs"};
  try {
    checkWindow(entry);
    if (office.startsWith("key/")) world.state(office); // an acceptance is let through before its key is looked at
    checkAuthority(entry, type.may_sign, world);
  } catch (error) {
    if (error instanceof NotHere) return {authorised: null, why: error.message};
    if (error instanceof Refused) return {authorised: false, why: error.code};
    throw error;
  }
  return {authorised: true, why: ""};
}

// Lets an act take its place in its stream; `lawful`: whether it has effect, `known`: whether it is known if it has.
async function place(replay, entry, known, lawful) {
  const {stream, version, prev, sha256, type} = entry.statement;
  const evolve = FOLDED[kindOf(stream)];
  if (evolve === undefined) return;
  const first = type.startsWith("LedgerFounded/") ? ZERO_HASH : replay.founding;
  const before = replay.world.heads.get(stream) ?? {version: 0, sha256: first, state: null, whole: true};
  const whole = before.whole && known && version === before.version + 1 && prev === before.sha256;
  const state = whole && lawful ? await after(evolve, before.state, entry, replay.world) : before.state;
  replay.world.heads.set(stream, {version, sha256, state, whole});
}

// A stream's state after an act; unmoved where its own rules refuse it, as data do that no schema admits.
async function after(evolve, state, entry, world) {
  try {
    return await evolve(state, entry, world);
  } catch (error) {
    need(error instanceof Refused || error instanceof TypeError, "rule-failed", error.message);
    return state;
  }
}
