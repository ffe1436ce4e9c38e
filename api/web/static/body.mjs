// A body, as far as authority asks for it: the roles of its seats, and whether holders continue until replaced; the
// rules of `ledger/domain/body.py` that decide on these.
import {day} from "./entry.mjs";
import {need} from "./bytes.mjs";

// The body's state after an act of its stream; what its rules refuse throws.
export function evolveBody(state, {statement}) {
  const {type, data} = statement;
  if (type === "BodyRegistered/1") {
    need(state === null, "body-already-registered");
    return {rules: [], seats: new Map(), extinct: null};
  }
  need(state !== null, "body-unknown");
  need(state.extinct === null, "body-extinct");
  if (type === "BodyRulesAdopted/1") return {...state, rules: [...state.rules, adopted(state, statement)]};
  if (type === "SeatsDefined/1") return {...state, seats: defined(state, data)};
  if (type === "SeatsSuppressed/1") return {...state, seats: suppressed(state, data)};
  return type === "BodyExtinguished/1" ? {...state, extinct: day(data.extinct_on)} : state;
}

// Versions follow one another, and only founding officers register what was before.
function adopted(state, {data, office, occurred_at: occurredAt}) {
  const since = day(data.valid_from);
  const last = state.rules.at(-1);
  need(last === undefined || since > last.since, "rules-not-later");
  need(last === undefined || since >= occurredAt.slice(0, 10) || office === "ledger", "rules-retroactive");
  return {since, holdover: data.rules.holdover};
}

function defined(state, data) {
  const [since, seats] = [day(data.valid_from), new Map(state.seats)];
  for (const {seat, role} of data.seats) {
    need(!seats.has(seat), "seat-used");
    seats.set(seat, {role, since, until: null});
  }
  return seats;
}

function suppressed(state, data) {
  const [until, seats] = [day(data.valid_to), new Map(state.seats)];
  for (const name of data.seats) {
    const seat = seats.get(name);
    need(seat !== undefined, "seat-unknown");
    need(seat.until === null, "seat-suppressed");
    need(until > seat.since, "dates-out-of-order");
    seats.set(name, {...seat, until});
  }
  return seats;
}

export function bodyOf(world, body) {
  const state = world.state(`body/${body}`);
  need(state !== null, "body-unknown");
  return state;
}

export const bodyExistsOn = (state, on) => state.extinct === null || on < state.extinct;

export const seatExistsOn = (seat, on) => seat.since <= on && (seat.until === null || on < seat.until);

// Whether the rules of a day let holders continue until replaced (D6).
export const lastsOver = (state, on) => state.rules.findLast(({since}) => since <= on)?.holdover === true;
