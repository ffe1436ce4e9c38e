// Canonical JSON (RFC 8785) of the format's values: no null, no fractions, at most 8 levels (FORMAT.md §2).
import {Refused, decodeUtf8, need} from "./bytes.mjs";

const MAX_DEPTH = 8;
const DATA_KEY = /^[a-z][a-z0-9_]{0,63}$/;
const FORBIDDEN = /[\0-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|\p{Cs}|\p{NChar}/u;

export function write(value) {
  if (Array.isArray(value)) return `[${value.map(write).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${write(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

function check(value, depth) {
  if (typeof value === "string") return need(!FORBIDDEN.test(value), "forbidden-character");
  if (typeof value === "number") return need(Number.isSafeInteger(value), "not-canonical", "number");
  if (typeof value === "boolean") return undefined;
  need(typeof value === "object" && value !== null && depth <= MAX_DEPTH, "not-canonical", "depth");
  for (const member of Array.isArray(value) ? value : Object.values(value)) check(member, depth + 1);
  return undefined;
}

// Whatever is read is written again and must give the same bytes: no second key, no other form of a number.
export function read(bytes) {
  const text = decodeUtf8(bytes, "not-json");
  let value = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refused("not-json");
  }
  check(value, 1);
  need(write(value) === text, "not-canonical");
  return value;
}

// The names of members at every level of an act's data.
export function checkKeys(value) {
  if (typeof value !== "object") return;
  if (!Array.isArray(value)) need(Object.keys(value).every((key) => DATA_KEY.test(key)), "not-canonical", "key");
  for (const member of Object.values(value)) checkKeys(member);
}
