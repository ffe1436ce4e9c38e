// Bytes and texts, read strictly; one kind of error for whatever comes from outside.

// Raised where outside bytes are not what they must be: `code` is one of the verifier's codes (catalogue verify).
export class Refused extends Error {
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
  }
}

export function need(holds, code, detail = "") {
  if (!holds) throw new Refused(code, detail);
}

export const utf8 = (text) => new TextEncoder().encode(text);

// UTF-8, or refused; a byte order mark stays what it is.
export function decodeUtf8(bytes, code) {
  try {
    return new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    throw new Refused(code, "UTF-8");
  }
}

// One character a byte, so that expressions over text run over bytes. TextDecoder's latin1 is another alphabet, and
// characters made one by one take ten times as long.
export function latin1(bytes) {
  return new TextDecoder("utf-16le").decode(new Uint16Array(bytes));
}

export function fromLatin1(text) {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

export const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Of hexadecimal digits that were looked at before.
export function fromHex(text) {
  return Uint8Array.from({length: text.length / 2}, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
}

export const base64 = (bytes) => btoa(latin1(bytes));

// Standard base64 that would be written the same way again; `size` where the length is known.
export function fromBase64(text, size = null) {
  let raw = "";
  try {
    raw = atob(text);
  } catch {
    throw new Refused("base64-malformed", text.slice(0, 40));
  }
  need(btoa(raw) === text && (size === null || raw.length === size), "base64-malformed", text.slice(0, 40));
  return fromLatin1(raw);
}

export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function fromBase64url(text) {
  need(/^[A-Za-z0-9_-]*$/.test(text), "bad-base64url");
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return fromBase64(padded);
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", parts.length === 1 ? parts[0] : concat(...parts)));
}

const CRC = Uint32Array.from({length: 256}, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
