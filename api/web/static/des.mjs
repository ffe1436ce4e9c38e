// Triple DES in CBC, deciphering only (FIPS 46-3, SP 800-67): the SAT's `.key` files use it and WebCrypto has none.
//
// Bits are kept in arrays of 0 and 1, in the order and with the tables of the standard: slow, which a file of one kilobyte
// does not feel, and easy to compare with it. Whoever deciphers waits for nobody, so no time is to be hidden.
import {need} from "./bytes.mjs";

const numbers = (text) => text.trim().split(/\s+/).map(Number);
const CHOICE_1 = numbers(`57 49 41 33 25 17 9 1 58 50 42 34 26 18 10 2 59 51 43 35 27 19 11 3 60 52 44 36
  63 55 47 39 31 23 15 7 62 54 46 38 30 22 14 6 61 53 45 37 29 21 13 5 28 20 12 4`);
const CHOICE_2 = numbers(`14 17 11 24 1 5 3 28 15 6 21 10 23 19 12 4 26 8 16 7 27 20 13 2
  41 52 31 37 47 55 30 40 51 45 33 48 44 49 39 56 34 53 46 42 50 36 29 32`);
const SHIFTS = numbers("1 1 2 2 2 2 2 2 1 2 2 2 2 2 2 1");
const MIX = numbers("16 7 20 21 29 12 28 17 1 15 23 26 5 18 31 10 2 8 24 14 32 27 3 9 19 13 30 6 22 11 4 25");
const FIRST = [58, 60, 62, 64, 57, 59, 61, 63].flatMap((start) => Array.from({length: 8}, (_, at) => start - 8 * at));
const LAST = FIRST.map((_, at) => FIRST.indexOf(at + 1) + 1);
const SPREAD = Array.from({length: 48}, (_, at) => ((4 * Math.floor(at / 6) + (at % 6) + 31) % 32) + 1);
// Each box row by row, a hexadecimal digit an entry.
const BOXES = [
  "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
  "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
  "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
  "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
  "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
  "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
  "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
  "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
].map((box) => Array.from(box, (digit) => parseInt(digit, 16)));

const bitsOf = (bytes) => Array.from(bytes).flatMap((byte) => [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1));
const numberOf = (bits) => bits.reduce((sum, bit) => 2 * sum + bit, 0);
const choose = (bits, table) => table.map((place) => bits[place - 1]);
const xor = (a, b) => a.map((bit, at) => bit ^ b[at]);
const turn = (bits, by) => [...bits.slice(by), ...bits.slice(0, by)];

function roundKeys(key) {
  const chosen = choose(bitsOf(key), CHOICE_1);
  let [left, right] = [chosen.slice(0, 28), chosen.slice(28)];
  return SHIFTS.map((by) => {
    [left, right] = [turn(left, by), turn(right, by)];
    return choose([...left, ...right], CHOICE_2);
  });
}

// Six bits choose an entry of a box: the outer two its row, the inner four its column.
function substitute(bits, box, at) {
  const six = bits.slice(6 * at, 6 * at + 6);
  const value = box[16 * numberOf([six[0], six[5]]) + numberOf(six.slice(1, 5))];
  return [3, 2, 1, 0].map((place) => (value >> place) & 1);
}

function rounds(block, keys) {
  const mixed = choose(block, FIRST);
  let [left, right] = [mixed.slice(0, 32), mixed.slice(32)];
  for (const key of keys) {
    const spread = xor(choose(right, SPREAD), key);
    const found = BOXES.flatMap((box, at) => substitute(spread, box, at));
    [left, right] = [right, xor(left, choose(found, MIX))];
  }
  return choose([...right, ...left], LAST);
}

// key: 24 bytes; iv: 8. The padding (RFC 8018 §6.1.1) is taken off; a wrong key shows there, most of the time.
export function decipherTripleDes(key, iv, text) {
  need(key.length === 24 && iv.length === 8 && text.length > 0 && text.length % 8 === 0, "bad-cipher");
  const [one, two, three] = [0, 8, 16].map((at) => roundKeys(key.subarray(at, at + 8)));
  const [first, last] = [three.toReversed(), one.toReversed()];
  const plain = new Uint8Array(text.length);
  let before = bitsOf(iv);
  for (let at = 0; at < text.length; at += 8) {
    const block = bitsOf(text.subarray(at, at + 8));
    const bits = xor(rounds(rounds(rounds(block, first), two), last), before);
    for (let byte = 0; byte < 8; byte += 1) plain[at + byte] = numberOf(bits.slice(8 * byte, 8 * byte + 8));
    before = block;
  }
  const added = plain.at(-1);
  need(added >= 1 && added <= 8 && plain.subarray(-added).every((byte) => byte === added), "bad-padding");
  return plain.slice(0, -added);
}
