// DER, as much as certificates, keys and signatures need: read strictly, written again to compare (X.690 §10).
import {concat, equal, hex, need} from "./bytes.mjs";

// One element: `tag`, `body` and `whole` are parts of the bytes it was read from.
export function element(bytes, at = 0) {
  need(at + 2 <= bytes.length, "bad-der", "cut off");
  const tag = bytes[at];
  let length = bytes[at + 1];
  let start = at + 2;
  if (length & 0x80) {
    const count = length & 0x7f;
    need(count >= 1 && count <= 4 && start + count <= bytes.length, "bad-der", "length");
    length = bytes.subarray(start, start + count).reduce((sum, byte) => sum * 256 + byte, 0);
    start += count;
  }
  const end = start + length;
  need((tag & 0x1f) !== 0x1f && end <= bytes.length, "bad-der", "tag or length");
  const found = {tag, body: bytes.subarray(start, end), whole: bytes.subarray(at, end)};
  need(equal(der(tag, found.body).subarray(0, start - at), bytes.subarray(at, start)), "bad-der", "another encoding");
  return found;
}

// The one element that the bytes are.
export function only(bytes, tag) {
  const found = element(bytes);
  need(found.whole.length === bytes.length && found.tag === tag, "bad-der", `tag ${found.tag}, not ${tag}`);
  return found;
}

export function members(body) {
  const found = [];
  for (let at = 0; at < body.length; at += found.at(-1).whole.length) found.push(element(body, at));
  return found;
}

export function der(tag, ...parts) {
  const body = concat(...parts);
  if (body.length < 0x80) return concat(Uint8Array.of(tag, body.length), body);
  const size = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return concat(Uint8Array.of(tag, 0x80 | size.length, ...size), body);
}

export const sequence = (...parts) => der(0x30, ...parts);

// SET OF is written in the order of its members' bytes.
export function setOf(...parts) {
  return der(0x31, ...[...parts].sort((a, b) => (hex(a) < hex(b) ? -1 : 1)));
}

export function oid(dotted) {
  const [first, second, ...rest] = dotted.split(".").map(Number);
  const bytes = [];
  for (const number of [first * 40 + second, ...rest]) {
    const group = [number % 128];
    for (let more = Math.floor(number / 128); more > 0; more = Math.floor(more / 128)) group.unshift((more % 128) | 0x80);
    bytes.push(...group);
  }
  return der(0x06, Uint8Array.from(bytes));
}

export const NULL = Uint8Array.of(0x05, 0x00);

// INTEGER without a sign, of at least one byte and none too many.
export function unsigned(found) {
  need(found.tag === 0x02 && found.body.length > 0 && found.body[0] < 0x80, "bad-der", "integer");
  need(found.body.length === 1 || found.body[0] !== 0 || found.body[1] >= 0x80, "bad-der", "integer");
  return found.body[0] === 0 && found.body.length > 1 ? found.body.subarray(1) : found.body;
}
