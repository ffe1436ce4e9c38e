// Who holds a seat, from when to when: terms, leaves, holdover; the rules of `ledger/domain/designation.py` and
// `ledger/domain/rules/terms.py` that decide on these. Instants are in milliseconds since 1970.
import {bodyExistsOn, bodyOf, lastsOver, seatExistsOn} from "./body.mjs";
import {need} from "./bytes.mjs";
import {instant} from "./entry.mjs";

const MADE = /^Designation(?:Registered|Imported|Approved|Appointed)\//;

const within = (begins, ends, at) => begins <= at && (ends === null || at < ends);

export const holdsTitleAt = (state, at) => within(state.begins, state.ends, at);

const onLeave = (state, at) => state.leaves.some(([begins, ends]) => within(begins, ends, at));

export const inForceAt = (state, at) => holdsTitleAt(state, at) && !onLeave(state, at);

// The day of an instant where a text was written: at its offset from UTC.
function dayAt(at, written) {
  const [sign, hours, minutes] = [written[19], Number(written.slice(20, 22)), Number(written.slice(23, 25))];
  const offset = (hours * 60 + minutes) * 60_000;
  return new Date(sign === "-" ? at - offset : at + offset).toISOString().slice(0, 10);
}

// Whether a term that ran out still counts (D6), on the legal day of the instant as `written` has its offset.
export function holdsOver(world, state, at, written = state.endsWritten) {
  if (state.ends === null || at < state.ends || state.ended) return false;
  if (!lastsOver(bodyOf(world, state.body), dayAt(at, written))) return false;
  if (at < state.begins || onLeave(state, at)) return false;
  for (const other of successors(world, state)) if (other.begins <= at) return false;
  return true;
}

// The later designations to the same seat in the same capacity.
function* successors(world, state) {
  for (let number = state.number + 1; ; number += 1) {
    const stream = `designation/${state.body}/${state.seat}/${number}`;
    if (!world.begun(stream)) return;
    const other = world.state(stream);
    if (other !== null && other.capacity === state.capacity) yield other;
  }
}

// The designation's state after an act of its stream; what its rules refuse throws.
export function evolveDesignation(state, {statement}, world) {
  const {type, data} = statement;
  if (MADE.test(type)) return made(state, type, data, world);
  need(state !== null, "designation-unknown");
  need(!state.ended, "already-ended");
  if (type === "DesignationEnded/1") return ended(state, data, world);
  if (type === "LeaveGranted/1") return leave(state, instant(data.begins_at));
  if (type === "LeaveEnded/1") return back(state, instant(data.ends_at));
  return state; // a ratification or a resignation that was filed changes nothing of who may sign
}

function made(state, type, data, world) {
  need(state === null, "designation-already-made");
  const {body, seat, number, person, capacity, ends_at: endsWritten = null} = data;
  const [begins, ends] = [instant(data.begins_at), endsWritten === null ? null : instant(endsWritten)];
  need(ends === null || ends > begins, "dates-out-of-order");
  world.ifHere(() => checkSeat(bodyOf(world, body), seat, data.begins_at.slice(0, 10)));
  const imported = type.startsWith("DesignationImported/");
  return {body, seat, number, person, capacity, begins, ends, endsWritten, leaves: [], ended: false, imported};
}

function checkSeat(body, name, on) {
  need(bodyExistsOn(body, on), "body-extinct");
  const seat = body.seats.get(name);
  need(seat !== undefined && seatExistsOn(seat, on), "seat-unknown");
}

function ended(state, {ended_at: written}, world) {
  const at = instant(written);
  need(at >= state.begins && (state.leaves.length === 0 || at >= state.leaves.at(-1)[0]), "dates-out-of-order");
  const beyond = state.ends !== null && at > state.ends;
  world.ifHere(() => need(!beyond || holdsOver(world, state, at, written), "outside-term"));
  return {...state, ends: at, endsWritten: written, ended: true};
}

function leave(state, begins) {
  need(holdsTitleAt(state, begins), "outside-term");
  const last = state.leaves.at(-1);
  need(last === undefined || last[1] !== null, "already-on-leave");
  need(last === undefined || begins >= last[1], "dates-out-of-order");
  return {...state, leaves: [...state.leaves, [begins, null]]};
}

function back(state, ends) {
  const last = state.leaves.at(-1);
  need(last !== undefined && last[1] === null, "not-on-leave");
  need(ends > last[0], "dates-out-of-order");
  need(holdsTitleAt(state, ends), "outside-term");
  return {...state, leaves: [...state.leaves.slice(0, -1), [last[0], ends]]};
}
