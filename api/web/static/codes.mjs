// Short codes as printed: an act's index in Crockford's base 32 and 40 bits of its leaf hash (docs/documents.md).
import {leafHash} from "./tree.mjs";

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE = new RegExp(`^([1-9A-HJKMNP-TV-Z][${ALPHABET}]{0,10}|0)-([${ALPHABET}]{8})$`);

// {index, code} of a code as people type it, any case, O for 0, I and L for 1; null where it is none.
export function parseCode(text) {
  const read = text.trim().toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
  const found = CODE.exec(read);
  if (found === null) return null;
  const index = [...found[1]].reduce((sum, char) => sum * 32 + ALPHABET.indexOf(char), 0);
  return Number.isSafeInteger(index) ? {index, code: read} : null;
}

function written(number, length = 1) {
  let digits = "";
  for (let rest = number; rest > 0; rest = Math.floor(rest / 32)) digits = ALPHABET[rest % 32] + digits;
  return digits.padStart(length, "0");
}

// The code of the entry at an index.
export async function codeOf(index, entry) {
  const hash = await leafHash(entry);
  const number = hash.subarray(0, 5).reduce((sum, byte) => sum * 256 + byte, 0);
  return `${written(index)}-${written(number, 8)}`;
}
