// `*.evidencia.zip`: accepted only in the one form in which it is written, so that nothing is read in two ways.
import {concat, crc32, equal, latin1, need, utf8} from "./bytes.mjs";

const NAME = /^(?=.{1,120}$)[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;
const DATE = (1 << 5) | 1;
const MAX_FILES = 65534;

// Little-endian numbers: [bytes, value] each.
function pack(...fields) {
  const out = [];
  for (const [size, value] of fields) for (let at = 0; at < size; at += 1) out.push(Math.floor(value / 2 ** (8 * at)) & 0xff);
  return Uint8Array.from(out);
}

const shared = (name, size, crc) => [[2, 10], [2, 0], [2, 0], [2, 0], [2, DATE], [4, crc], [4, size], [4, size], [2, name.length], [2, 0]];
const local = (name, size, crc) => concat(utf8("PK\x03\x04"), pack(...shared(name, size, crc)), name);
const central = (name, size, crc, at) =>
  concat(utf8("PK\x01\x02"), pack([2, 10], ...shared(name, size, crc), [2, 0], [2, 0], [2, 0], [4, 0], [4, at]), name);

export const isZip = (bytes) => latin1(bytes.subarray(0, 4)) === "PK\x03\x04";

// The files by name: method 0, sorted, one date, nothing between them and nothing behind the directory.
export function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const files = new Map();
  const directory = [];
  let [at, before] = [0, ""];
  while (at + 30 <= bytes.length && isZip(bytes.subarray(at))) {
    const [crc, size, length] = [view.getUint32(at + 14, true), view.getUint32(at + 18, true), view.getUint16(at + 26, true)];
    const [raw, start] = [bytes.subarray(at + 30, at + 30 + length), at + 30 + length];
    const name = latin1(raw);
    need(start + size <= bytes.length && files.size < MAX_FILES, "zip-malformed", `${at}`);
    need(NAME.test(name), "name-not-allowed", name.slice(0, 80));
    need(name > before && equal(bytes.subarray(at, start), local(raw, size, crc)), "zip-malformed", name);
    const content = bytes.subarray(start, start + size);
    need(crc32(content) === crc, "zip-crc", name);
    files.set(name, content);
    directory.push(central(raw, size, crc, at));
    [at, before] = [start + size, name];
  }
  const tail = concat(...directory);
  const end = pack([2, 0], [2, 0], [2, directory.length], [2, directory.length], [4, tail.length], [4, at], [2, 0]);
  need(equal(bytes.subarray(at), concat(tail, utf8("PK\x05\x06"), end)), "zip-malformed", "directory");
  return files;
}
