// Evidence checked where it lies: an excerpt, a whole ledger, one proof (FORMAT.md §9, §10).
import {judge} from "./authority-of.mjs";
import {base64, base64url, decodeUtf8, equal, fromBase64url, fromHex, hex, latin1, need, sha256, utf8} from "./bytes.mjs";
import {read} from "./canonical.mjs";
import {parseDisclosure, parseEntry, spkisOf, verifySignature, windowFlaw} from "./entry.mjs";
import {PublicKey} from "./keys.mjs";
import {Outcome} from "./outcome.mjs";
import {checkProof, leafHash, parseProof, rootOf} from "./tree.mjs";

const NUMBER = "(?:0|[1-9][0-9]{0,15})";
const TILE = "tile/(?:entries|[0-6])/(?:x[0-9]{3}/)*[0-9]{3}(?:\\.p/[1-9][0-9]{0,2})?";
const KNOWN = new RegExp(
  `^(?:MANIFEST\\.json|LEEME\\.txt|standalone\\.py|policy\\.txt|checkpoint(?:\\.${NUMBER})?|${TILE}|entries/${NUMBER}\\.json` +
    `|proofs/${NUMBER}\\.tlog-proof|disclosures/${NUMBER}\\.jsonl|documents/[0-9a-f]{64}|schemas/[A-Za-z0-9]{1,64}\\.[1-9][0-9]{0,2}\\.json` +
    `|certificates/[0-9a-f]{64}\\.der|timestamps/${NUMBER}\\.tsr)$`,
);
const LEFT = {excerpt: [4, 5, 8, 9, 10, 12, 13], proof: [1, 4, 5, 8, 9, 10, 11, 12, 13], bundle: [4, 5, 8, 9, 10, 12, 13]};

// Checks the files of an excerpt or of a whole ledger. trust: {policy, types}; types: who may sign which act.
export async function checkFiles(files, {policy, types = {}}) {
  const single = [...files.keys()].some((name) => name.startsWith("entries/"));
  const tiles = [...files.keys()].some((name) => name.startsWith("tile/"));
  need(files.has("MANIFEST.json") && files.has("checkpoint") && single !== tiles, "not-evidence");
  const outcome = new Outcome(single ? "excerpt" : "bundle");
  await checkManifest(files, outcome);
  const opened = await checkCheckpoint(files, policy, outcome);
  for (const number of LEFT[outcome.form]) outcome.notChecked(number, single ? "excerpt" : "left-to-full");
  if (opened === null) return outcome;
  outcome.facts = {origin: opened.checkpoint.origin, size: opened.checkpoint.size, root: base64(opened.checkpoint.root)};
  const raws = single ? ofExcerpt(files) : ofTiles(files, opened.checkpoint.size);
  const entries = await checkEntries(raws, opened.checkpoint.origin, outcome);
  if (single) {
    await checkProofs(files, raws, policy, opened.checkpoint, outcome);
    await judge(entries, (index) => outcome.isVoid(index), types);
  } else await checkRoot(raws, opened.checkpoint, outcome);
  await checkDisclosures(files, entries, outcome);
  await checkDocuments(files, outcome);
  return outcome;
}

// Checks one `.tlog-proof` that carries its entry.
export async function checkReceipt(bytes, policy, others = []) {
  const outcome = new Outcome("proof");
  const proof = await parseProof(bytes);
  need(proof.extra !== null, "receipt-without-entry");
  const opened = await openNote(() => proof.note, policy, outcome);
  for (const number of LEFT.proof) outcome.notChecked(number, "excerpt");
  if (opened === null) return outcome;
  outcome.checked(2, "checkpoints");
  outcome.facts = {origin: opened.checkpoint.origin, size: opened.checkpoint.size, root: base64(opened.checkpoint.root)};
  if (!opened.witnessed) outcome.find(5, "quorum-not-met");
  await outcome.attempt(3, {index: proof.index}, () => checkProof(proof, proof.extra, policy));
  outcome.checked(3, "proofs");
  const raws = new Map([...others, [proof.index, proof.extra]].sort(([a], [b]) => a - b));
  await checkEntries(raws, opened.checkpoint.origin, outcome);
  return outcome;
}

// V1: every file is known, and the manifest names each with its hash.
async function checkManifest(files, outcome) {
  for (const name of files.keys()) if (!KNOWN.test(name)) outcome.find(1, "file-unknown", {file: name});
  const listed = await outcome.attempt(1, {file: "MANIFEST.json"}, () => new Map(Object.entries(read(files.get("MANIFEST.json")))));
  for (const [name, content] of files) {
    outcome.checked(1, "files");
    if (listed === null || name === "MANIFEST.json") continue;
    if (!listed.has(name)) outcome.find(1, "file-not-listed", {file: name});
    else if (listed.get(name) !== hex(await sha256(content))) outcome.find(1, "file-differs", {file: name});
  }
  for (const name of listed?.keys() ?? []) if (!files.has(name)) outcome.find(1, "file-missing", {file: name});
}

// V2, and of V5 the witnesses that the policy asks for.
async function checkCheckpoint(files, policy, outcome) {
  const opened = await openNote(() => decodeUtf8(files.get("checkpoint"), "note-malformed"), policy, outcome);
  outcome.checked(2, "checkpoints");
  if (files.has("policy.txt") && !equal(files.get("policy.txt"), utf8(policy.text))) outcome.remarks.push("policy-differs");
  if (opened !== null && !opened.witnessed) outcome.find(5, "quorum-not-met", {file: "checkpoint"});
  return opened;
}

async function openNote(note, policy, outcome) {
  const opened = await outcome.attempt(2, {file: "checkpoint"}, () => policy.open(note()));
  const unsigned = outcome.findings.find(({code}) => code === "checkpoint-not-signed");
  if (unsigned !== undefined && !policy.logs.some(({name}) => name === unsigned.detail)) outcome.otherBook = unsigned.detail;
  return opened;
}

function ofExcerpt(files) {
  const names = [...files.keys()].filter((name) => name.startsWith("entries/"));
  const indexes = names.map((name) => Number(name.slice(8, -5))).sort((a, b) => a - b);
  return new Map(indexes.map((index) => [index, files.get(`entries/${index}.json`)]));
}

// The entries of a whole ledger: 256 a bundle, each behind its length (C2SP tlog-tiles).
function ofTiles(files, size) {
  const raws = new Map();
  for (let n = 0; n * 256 < size; n += 1) {
    const width = Math.min(256, size - n * 256);
    const groups = String(n).padStart(Math.ceil(String(n).length / 3) * 3, "0").match(/.../g);
    const path = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
    const bundle = files.get(`tile/entries/${path}${width < 256 ? `.p/${width}` : ""}`);
    need(bundle !== undefined, "entries-missing", `${n * 256}`);
    let at = 0;
    for (let place = 0; place < width; place += 1) {
      const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
      need(end <= bundle.length, "bundle-malformed", path);
      raws.set(n * 256 + place, bundle.subarray(at + 2, end));
      at = end;
    }
    need(at === bundle.length, "bundle-malformed", path);
  }
  return raws;
}

// V6 and V7 of every entry; returns those that could be read, by index.
async function checkEntries(raws, origin, outcome) {
  const entries = new Map();
  for (const [index, raw] of raws) {
    const entry = await outcome.attempt(6, {index}, () => parseEntry(raw));
    outcome.checked(6, "entries");
    if (entry !== null) entries.set(index, entry);
  }
  const keys = await keysOf([...entries.values()]);
  let before = "";
  for (const [index, entry] of entries) {
    const flaws = [[entry.index !== index, "index-out-of-place"], [entry.statement.ledger !== origin, "other-ledger"]];
    flaws.push([entry.recordedAt < before, "recorded-decreases"], [windowFlaw(entry) !== "", windowFlaw(entry)]);
    for (const [wrong, code] of flaws) if (wrong) outcome.find(6, code, {index});
    before = entry.recordedAt;
    await checkSignature(entry, keys, outcome);
    outcome.acts.push(entry);
  }
  return entries;
}

async function keysOf(entries) {
  const keys = new Map();
  for (const spki of entries.flatMap(spkisOf)) keys.set(hex(await sha256(spki)), spki);
  for (const [keyid, spki] of keys) {
    try {
      keys.set(keyid, PublicKey.parse(spki));
    } catch {
      keys.set(keyid, null);
    }
  }
  return keys;
}

async function checkSignature(entry, keys, outcome) {
  const key = keys.get(entry.statement.signer);
  if (key === undefined && outcome.form === "proof") return outcome.notChecked(7, "key-elsewhere"); // it is of one act alone
  outcome.checked(7, "signatures");
  if (key === undefined) return outcome.find(7, "key-not-in-ledger", {index: entry.index});
  if (key === null) return outcome.find(7, "key-not-acceptable", {index: entry.index});
  return outcome.attempt(7, {index: entry.index}, async () => need(await verifySignature(entry, key), "signature-invalid"));
}

// Inclusion of each act of an excerpt, in the place of V3.
async function checkProofs(files, raws, policy, checkpoint, outcome) {
  for (const [index, raw] of raws) {
    outcome.checked(3, "proofs");
    await outcome.attempt(3, {index}, async () => {
      need(files.has(`proofs/${index}.tlog-proof`), "proof-missing");
      const proof = await parseProof(files.get(`proofs/${index}.tlog-proof`));
      need(proof.index === index && (proof.extra === null || equal(proof.extra, raw)), "proof-of-another");
      const opened = await checkProof(proof, raw, policy);
      need(opened.checkpoint.origin === checkpoint.origin, "other-origin");
    });
  }
}

// V3: the root rebuilt from every entry.
async function checkRoot(raws, checkpoint, outcome) {
  const leaves = await Promise.all([...raws.values()].map(leafHash));
  outcome.checked(3, "entries", leaves.length);
  if (!equal(await rootOf(leaves), checkpoint.root)) outcome.find(3, "root-differs");
}

// V11: what is open is what was sealed.
async function checkDisclosures(files, entries, outcome) {
  const actas = new Map();
  for (const [name, content] of files) {
    if (!name.startsWith("disclosures/")) continue;
    for (const line of latin1(content).split("\n").slice(0, -1)) {
      await outcome.attempt(11, {file: name}, () => takeLine(line, entries, actas, outcome));
    }
    if (content.at(-1) !== 10) outcome.find(11, "disclosures-malformed", {file: name});
  }
  for (const [index, acta] of actas) await checkBlocks(index, acta, entries.get(index).statement.data, outcome);
}

async function takeLine(line, entries, actas, outcome) {
  const said = read(utf8(line));
  const statement = entries.get(said.index)?.statement;
  need(statement !== undefined, "disclosure-unknown", `${said.index}`);
  if (!actas.has(said.index)) actas.set(said.index, {leaves: [], given: new Map()});
  const acta = actas.get(said.index);
  const [members, isActa] = [Object.keys(said).join(" "), statement.type.startsWith("ActaDrafted/")];
  if (members === "index leaves" && Array.isArray(said.leaves)) {
    need(isActa, "disclosure-unknown", "leaves");
    need(said.leaves.every((leaf) => /^[0-9a-f]{64}$/.test(leaf)), "disclosures-malformed", "leaves");
    acta.leaves = said.leaves.map((leaf) => fromHex(leaf));
    return;
  }
  need(members === "index name text" && /^[A-Za-z0-9_-]+$/.test(said.text), "disclosures-malformed");
  const block = /^block\/([1-9][0-9]{0,3})$/.exec(said.name);
  need(parseDisclosure(fromBase64url(said.text)).name === said.name, "disclosure-name", said.name);
  if (block === null) {
    need(Object.hasOwn(statement.sealed, said.name), "disclosure-unknown", said.name);
    const digest = base64url(await sha256(utf8(said.text)));
    need(digest === statement.sealed[said.name], "disclosure-digest", said.name);
    outcome.checked(11, "values");
  } else {
    need(isActa, "disclosure-unknown", said.name);
    acta.given.set(Number(block[1]), await leafHash(utf8(said.text)));
    outcome.checked(11, "blocks");
  }
}

async function checkBlocks(index, acta, data, outcome) {
  const given = [...acta.given].sort(([a], [b]) => a - b);
  if (given.length === 0 && acta.leaves.length === 0) return;
  const leaves = acta.leaves.length ? acta.leaves : given.map(([, leaf]) => leaf);
  if (acta.leaves.length === 0 && leaves.length !== data.blocks) {
    outcome.notChecked(11, "blocks-unproved", `${index}`);
  } else if (leaves.length !== data.blocks || hex(await rootOf(leaves)) !== data.root) {
    outcome.find(11, "blocks-root", {index});
  } else if (given.some(([number, leaf]) => !leaves[number - 1] || !equal(leaves[number - 1], leaf))) {
    outcome.find(11, "block-differs", {index});
  }
}

async function checkDocuments(files, outcome) {
  for (const [name, content] of files) {
    if (!name.startsWith("documents/")) continue;
    outcome.checked(11, "documents");
    if (hex(await sha256(content)) !== name.slice(10)) outcome.find(11, "document-differs", {file: name});
  }
}
