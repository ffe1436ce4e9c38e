// The tree (RFC 9162 §2.1), signed checkpoints, policies and proofs that travel (C2SP; FORMAT.md §6, §7).
import {Refused, base64, decodeUtf8, equal, fromBase64, hex, need, sha256, utf8} from "./bytes.mjs";
import {PublicKey} from "./keys.mjs";

const SIZE = /^(?:0|[1-9][0-9]{0,15})$/;
const ORIGIN = /^[^\s+\x00-\x1f]+$/u;
const HASHES = 63;
const LOG = 0x01;
const WITNESS = 0x04;

export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

// The root over leaf hashes: peaks of complete trees, joined from the right.
export async function rootOf(leaves) {
  if (leaves.length === 0) return sha256(new Uint8Array(0));
  const peaks = [];
  for (const [place, leaf] of leaves.entries()) {
    let hash = leaf;
    for (let rest = place; rest % 2 === 1; rest = Math.floor(rest / 2)) hash = await nodeHash(peaks.pop(), hash);
    peaks.push(hash);
  }
  let root = peaks.pop();
  while (peaks.length) root = await nodeHash(peaks.pop(), root);
  return root;
}

// RFC 9162 §2.1.3.2; sizes stay exact as BigInt.
export async function checkInclusion(leaf, index, size, hashes, root) {
  need(index < size && hashes.length <= HASHES, "inclusion-not-proved");
  let [at, last, hash] = [BigInt(index), BigInt(size) - 1n, leaf];
  for (const sibling of hashes) {
    need(last !== 0n, "inclusion-not-proved");
    if (at & 1n || at === last) {
      hash = await nodeHash(sibling, hash);
      while (!(at & 1n) && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      hash = await nodeHash(hash, sibling);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  need(last === 0n && equal(hash, root), "inclusion-not-proved");
}

export function parseSize(text) {
  need(SIZE.test(text) && Number.isSafeInteger(Number(text)), "checkpoint-malformed", "size");
  return Number(text);
}

// A signed note: `text` with its last newline, and who signed, by name and key id.
export function parseNote(whole) {
  need(!/[\x00-\x09\x0b-\x1f]/.test(whole), "note-malformed", "control character");
  const end = whole.lastIndexOf("\n\n");
  need(end >= 0 && whole.endsWith("\n") && whole.length > end + 2, "note-malformed");
  const lines = whole.slice(end + 2, -1).split("\n");
  need(lines.length <= 100, "note-malformed", "signatures");
  const signatures = lines.map((line) => {
    const found = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
    need(found !== null && ORIGIN.test(found[1]), "note-malformed", "signature line");
    const raw = fromBase64(found[2]);
    need(raw.length >= 5, "note-malformed", "signature");
    return {name: found[1], id: hex(raw.subarray(0, 4)), value: raw.subarray(4)};
  });
  return {text: whole.slice(0, end + 1), signatures};
}

export async function parseCheckpoint(text) {
  const lines = text.split("\n");
  need(lines.length === 4 && lines[3] === "" && ORIGIN.test(lines[0]), "checkpoint-malformed");
  const found = {origin: lines[0], size: parseSize(lines[1]), root: fromBase64(lines[2], 32)};
  need(found.size > 0 || equal(found.root, await rootOf([])), "checkpoint-malformed", "empty");
  return found;
}

async function parseVkey(vkey, kind) {
  const [name, id, ...rest] = vkey.split("+");
  const raw = fromBase64(rest.join("+"), 33);
  need(raw[0] === kind && ORIGIN.test(name), "policy-malformed", name);
  const wanted = hex((await sha256(utf8(`${name}\n`), raw)).subarray(0, 4));
  need(wanted === id, "vkey-malformed", name);
  return {name, id, kind, vkey, public: raw.subarray(1), key: PublicKey.ofEd25519(raw.subarray(1))};
}

// A policy (c2sp.org/tlog-policy): whose signature a checkpoint must bear, and of how many witnesses.
export class Policy {
  static async parse(text) {
    const policy = new Policy();
    Object.assign(policy, {text, logs: [], witnesses: new Map(), groups: [], quorum: null});
    need(text.length <= 64 * 1024 && text.endsWith("\n"), "policy-malformed");
    const names = new Set(["none"]);
    const grouped = new Set();
    for (const [place, line] of text.slice(0, -1).split("\n").entries()) {
      const words = line.split(/[ \t]+/).filter((word) => word);
      if (words.length && !words[0].startsWith("#")) await policy.take(words, place + 1, names, grouped);
    }
    need(policy.quorum !== null && policy.logs.length > 0, "policy-malformed");
    return policy;
  }

  async take(words, line, names, grouped) {
    const [kind, name] = words;
    const define = () => {
      need(!names.has(name), "policy-malformed", `line ${line}`);
      names.add(name);
    };
    if (kind === "log" && (words.length === 2 || words.length === 3)) {
      this.logs.push(await parseVkey(name, LOG));
    } else if (kind === "witness" && (words.length === 3 || words.length === 4)) {
      define();
      this.witnesses.set(name, await parseVkey(words[2], WITNESS));
    } else if (kind === "group" && words.length >= 4) {
      const members = words.slice(3);
      const count = {all: members.length, any: 1}[words[2]] ?? (/^[1-9][0-9]*$/.test(words[2]) ? Number(words[2]) : 0);
      const free = members.every((member) => member !== "none" && names.has(member) && !grouped.has(member));
      need(count >= 1 && count <= members.length && free, "policy-malformed", `line ${line}`);
      need(new Set(members).size === members.length, "policy-malformed", `line ${line}`);
      for (const member of members) grouped.add(member);
      define();
      this.groups.push({name, count, members});
    } else {
      const sane = kind === "quorum" && words.length === 2 && this.quorum === null && names.has(name);
      need(sane, "policy-malformed", `line ${line}`);
      this.quorum = name;
    }
  }

  // The checkpoint in a note that a log of this policy signed; a known key whose signature fails refuses the note.
  async open(whole) {
    const note = parseNote(whole);
    const checkpoint = await parseCheckpoint(note.text);
    const known = [...this.logs, ...this.witnesses.values()];
    const signed = new Set();
    for (const signature of note.signatures) {
      const who = known.find((each) => each.name === signature.name && each.id === signature.id);
      if (who === undefined) continue;
      need(await checkNoteSignature(who, signature.value, note.text), "note-signature-invalid", who.name);
      signed.add(who);
    }
    const ours = this.logs.some((log) => signed.has(log) && log.name === checkpoint.origin);
    need(ours, "checkpoint-not-signed", checkpoint.origin);
    return {checkpoint, signed, witnessed: this.isSatisfied(signed)};
  }

  isSatisfied(signed) {
    const met = new Set([...this.witnesses].filter(([, key]) => signed.has(key)).map(([name]) => name));
    for (const group of this.groups) {
      if (group.members.filter((member) => met.has(member)).length >= group.count) met.add(group.name);
    }
    return this.quorum === "none" || met.has(this.quorum);
  }
}

async function checkNoteSignature(who, value, text) {
  if (who.kind === LOG) return who.key.verify(value, utf8(text));
  const time = value.subarray(0, 8).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  if (value.length !== 72 || time >= 2n ** 63n) return false;
  return who.key.verify(value.subarray(8), utf8(`cosignature/v1\ntime ${time}\n${text}`));
}

export const PROOF_HEADER = "c2sp.org/tlog-proof@v1\n";

// A `.tlog-proof`: index, hashes, the note, and the entry as `extra` where there is one; nothing is verified yet.
export async function parseProof(bytes) {
  const text = decodeUtf8(bytes, "proof-malformed");
  const end = text.indexOf("\n\n");
  need(text.startsWith(PROOF_HEADER) && end > 0, "proof-malformed");
  const lines = text.slice(PROOF_HEADER.length, end).split("\n");
  const extra = lines[0].startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : null;
  need(lines.length >= 1 && lines[0].startsWith("index "), "proof-malformed");
  const index = parseSize(lines.shift().slice(6));
  need(lines.length <= HASHES && (extra === null || extra.length <= 65535), "proof-malformed");
  const note = text.slice(end + 2);
  const hashes = lines.map((line) => fromBase64(line, 32));
  const written = [extra === null ? "" : `extra ${base64(extra)}\n`, `index ${index}\n`];
  const again = PROOF_HEADER + written.join("") + hashes.map((hash) => `${base64(hash)}\n`).join("") + `\n${note}`;
  need(again === text, "proof-malformed", "another form");
  const {size} = await parseCheckpoint(parseNote(note).text);
  if (index >= size) throw new Refused("proof-malformed", "index");
  return {index, hashes, note, extra};
}

// Throws unless the entry is in the tree of a checkpoint that the policy trusts.
export async function checkProof(proof, entry, policy) {
  const opened = await policy.open(proof.note);
  const {size, root} = opened.checkpoint;
  await checkInclusion(await leafHash(entry), proof.index, size, proof.hashes, root);
  return opened;
}
