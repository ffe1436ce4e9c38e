// A signed PDF: its signatures taken off, every revision made again and compared byte by byte.
//
// Only what the ledger's own press prints is read (docs/decisions/0014): one table, one trailer, one form of a field and
// of a signature. The bytes are handled as text of one character a byte.
import {fromHex, fromLatin1, latin1, need, sha256} from "./bytes.mjs";

const ROOM = 2 * 16 * 1024;
const MAX_REVISIONS = 65;
const RANGE = 40;
const REF = "([1-9][0-9]{0,6}) 0 R";
const TRAILER = new RegExp(
  `trailer\\n<</Size ([1-9][0-9]{0,6})/Root ${REF}/Info ${REF}/ID\\[([^\\[\\]]{0,200})\\](?:/Prev ([0-9]{1,10}))?>>\\nstartxref\\n([0-9]{1,10})\\n%%EOF`,
  "y",
);
const FIELD =
  /\n([0-9]+) 0 obj\n<<\/Type\/Annot\/Subtype\/Widget\/FT\/Sig\/T\(([a-z0-9.-]{1,100})\)\/F 132\/Rect\[([0-9. ]+)\]\/P ([0-9]+) 0 R/g;
const VALUE =
  /\n[0-9]+ 0 obj\n<<\/Type\/Sig\/Filter\/Adobe\.PPKLite\/SubFilter\/ETSI\.CAdES\.detached\/M\(D:([0-9]{14})Z\)\/ByteRange\[0 [0-9]{1,10} [0-9]{1,10} [0-9]{1,10} {0,40}\]\/Contents</;

export const isPdf = (bytes) => latin1(bytes.subarray(0, 5)) === "%PDF-";

function trailerOf(pdf, start = null) {
  const begin = start === null ? pdf.lastIndexOf("trailer\n") : pdf.indexOf("trailer\n", start);
  TRAILER.lastIndex = Math.max(begin, 0);
  const found = begin < 0 ? null : TRAILER.exec(pdf);
  need(found !== null && (start === null || Number(found[6]) === start), "pdf-malformed", "trailer");
  const prev = found[5] === undefined ? null : Number(found[5]);
  const close = begin + found[0].length;
  need(prev === null || pdf[close] === "\n", "pdf-malformed", "end");
  const [size, root, info, identity, startxref] = [Number(found[1]), Number(found[2]), Number(found[3]), found[4], Number(found[6])];
  return {size, root, info, identity, start: startxref, prev, end: close + (prev === null ? 0 : 1)};
}

// The PDF as it was printed, before any field.
class Base {
  constructor(pdf) {
    this.pdf = pdf;
    this.trailer = trailerOf(pdf);
    const {prev, end, size, start} = this.trailer;
    need(prev === null && end === pdf.length && pdf.startsWith("%PDF-1.7\n"), "pdf-malformed", "not one revision");
    const head = `xref\n0 ${size}\n`;
    need(pdf.startsWith(head, start), "pdf-malformed", "table");
    this.table = start + head.length;
  }

  text(number) {
    const entry = this.pdf.slice(this.table + 20 * number, this.table + 20 * number + 20);
    const listed = number < this.trailer.size && /^[0-9]{10} 00000 n(?:\r\n| \n| \r)$/.test(entry);
    need(listed, "pdf-malformed", `object ${number}`);
    const [begin, head] = [Number(entry.slice(0, 10)), `${number} 0 obj\n`];
    const text = this.pdf.slice(begin + head.length, this.pdf.indexOf("\nendobj", begin));
    const sane = this.pdf.startsWith(head, begin) && text.startsWith("<<") && text.endsWith(">>");
    need(sane, "pdf-malformed", `object ${number}`);
    return text;
  }

  pages() {
    const top = /\/Pages ([1-9][0-9]{0,6}) 0 R/.exec(this.text(this.trailer.root));
    need(top !== null, "pdf-malformed", "Pages");
    return this.pagesBelow(Number(top[1]), 0);
  }

  pagesBelow(number, depth) {
    const text = this.text(number);
    if (!text.includes("/Type/Pages")) return [number];
    const kids = /\/Kids\[([0-9R ]*)\]/.exec(text);
    need(kids !== null && depth <= 8, "pdf-malformed", "pages");
    return [...kids[1].matchAll(/([0-9]+) 0 R/g)].flatMap((kid) => this.pagesBelow(Number(kid[1]), depth + 1));
  }

  // The embedded files that are stored as they are.
  attachments() {
    const found = this.pdf.matchAll(/\n<<\/Length ([0-9]{1,9})\/Type\/EmbeddedFile[^\n]*>>\nstream\n/g);
    return Array.from(found, (match) => {
      const begin = match.index + match[0].length;
      return fromLatin1(this.pdf.slice(begin, begin + Number(match[1])));
    });
  }
}

// What is appended to add or replace objects: they, their table, their trailer.
function revision(before, last, objects) {
  let out = last.prev === null ? "\n" : "";
  const places = [];
  for (const [number, text] of [...objects].sort(([a], [b]) => a - b)) {
    places.push([number, before.length + out.length]);
    out += `${number} 0 obj\n${text}\nendobj\n`;
  }
  const start = before.length + out.length;
  out += "xref\n";
  for (const [number, place] of places) out += `${number} 1\n${String(place).padStart(10, "0")} 00000 n\r\n`;
  const size = Math.max(last.size, Math.max(...objects.keys()) + 1);
  out += `trailer\n<</Size ${size}/Root ${last.root} 0 R/Info ${last.info} 0 R/ID[${last.identity}]`;
  return `${out}/Prev ${last.start}>>\nstartxref\n${start}\n%%EOF\n`;
}

function fieldText(box, page, appearance, value = null) {
  const rect = box.corners.map((each) => each.toFixed(2)).join(" ");
  const text = `<</Type/Annot/Subtype/Widget/FT/Sig/T(${box.field})/F 132/Rect[${rect}]/P ${page} 0 R/AP<</N ${appearance} 0 R>>`;
  return value === null ? `${text}>>` : `${text}/V ${value} 0 R>>`;
}

function annotated(page, fields) {
  if (!page.includes("/Annots")) return `${page.slice(0, -2)}/Annots[${fields}]>>`;
  const found = [...page.matchAll(/\/Annots\[([^\]]*)\]/g)];
  need(found.length === 1, "pdf-malformed", "annotations");
  const [match] = found;
  const merged = `/Annots[${match[1].trimEnd()} ${fields}]`;
  return page.slice(0, match.index) + merged + page.slice(match.index + match[0].length);
}

function prepare(base, boxes) {
  const [pages, form] = [base.pages(), base.trailer.size];
  const objects = new Map();
  const onPage = new Map();
  for (const [place, box] of boxes.entries()) {
    const number = form + 1 + 2 * place;
    const [x0, y0, x1, y1] = box.corners;
    const size = `${(x1 - x0).toFixed(2)} ${(y1 - y0).toFixed(2)}`;
    objects.set(number, fieldText(box, pages[box.page - 1], number + 1));
    objects.set(number + 1, `<</Type/XObject/Subtype/Form/BBox[0 0 ${size}]/Length 0>>\nstream\n\nendstream`);
    onPage.set(pages[box.page - 1], [...(onPage.get(pages[box.page - 1]) ?? []), `${number} 0 R`]);
  }
  const fields = boxes.map((_, place) => `${form + 1 + 2 * place} 0 R`).join(" ");
  objects.set(form, `<</Fields[${fields}]/SigFlags 3>>`);
  objects.set(base.trailer.root, `${base.text(base.trailer.root).slice(0, -2)}/AcroForm ${form} 0 R>>`);
  for (const [page, numbers] of onPage) objects.set(page, annotated(base.text(page), numbers.join(" ")));
  return base.pdf + revision(base.pdf, base.trailer, objects);
}

function boxesOf(base, prepared) {
  const pages = new Map(base.pages().map((number, place) => [number, place + 1]));
  FIELD.lastIndex = 0;
  const found = [...prepared.slice(base.pdf.length - 1).matchAll(FIELD)].map(([, number, field, rect, page]) => {
    const corners = rect.trim().split(/ +/).map(Number);
    const sane = corners.length === 4 && corners.every(Number.isFinite) && pages.has(Number(page));
    need(sane, "pdf-appended", "fields");
    return {number: Number(number), field, page: pages.get(Number(page)), corners};
  });
  return found.sort((a, b) => a.number - b.number);
}

// The PDF with room for a signature in a field, as it was when it was signed.
function open(pdf, base, boxes, field, written) {
  const place = boxes.findIndex((box) => box.field === field);
  need(place >= 0, "pdf-appended", `no field ${field}`);
  const [box, number, last] = [boxes[place], base.trailer.size + 1 + 2 * place, trailerOf(pdf)];
  const head = `<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/M(D:${written}Z)`;
  const blank = `${head}/ByteRange[${" ".repeat(RANGE)}]/Contents<${"0".repeat(ROOM)}>>>`;
  const page = base.pages()[box.page - 1];
  const objects = new Map([[last.size, blank], [number, fieldText(box, page, number + 1, last.size)]]);
  const grown = pdf + revision(pdf, last, objects);
  const opens = grown.indexOf("/Contents<", pdf.length) + "/Contents".length;
  const closes = opens + ROOM + 2;
  const at = grown.indexOf("/ByteRange[", pdf.length) + "/ByteRange[".length;
  const ranges = `0 ${opens} ${closes} ${grown.length - closes}`.padEnd(RANGE);
  return {pdf: grown.slice(0, at) + ranges + grown.slice(at + RANGE), opens, closes};
}

// SHA-256 of all but the room for the signature.
const digestOf = (pdf, {opens, closes}) => sha256(fromLatin1(pdf.slice(0, opens) + pdf.slice(closes)));

function revisionsOf(pdf) {
  let last = trailerOf(pdf);
  need(last.end === pdf.length, "pdf-appended", "bytes behind the end");
  const ends = [last.end];
  while (last.prev !== null) {
    last = trailerOf(pdf, last.prev);
    need(last.end < ends[0] && ends.length <= MAX_REVISIONS, "pdf-malformed", "revisions");
    ends.unshift(last.end);
  }
  return ends;
}

async function signatureOf(before, pdf, base, boxes, taken) {
  const added = pdf.slice(before.length - 1);
  FIELD.lastIndex = 0;
  const [field, value] = [FIELD.exec(added), VALUE.exec(added)];
  need(field !== null && value !== null, "pdf-appended", "not a signature");
  need(!taken.includes(field[2]), "pdf-appended", `${field[2]} signed twice`);
  const [, year, month, day, hour, minute, second] = /^(....)(..)(..)(..)(..)(..)$/.exec(value[1]);
  const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const real = !Number.isNaN(at.getTime()) && at.toISOString().replace(/[-:T]|\.000Z/g, "") === value[1];
  need(real, "pdf-appended", "time of signature");
  const opening = open(before, base, boxes, field[2], value[1]);
  const {opens, closes} = opening;
  const digits = pdf.slice(opens + 1, closes - 1);
  need(digits.startsWith("3082") && /^[0-9a-f]+$/.test(digits), "pdf-appended", "no CMS");
  const length = 2 * (4 + parseInt(digits.slice(4, 8), 16));
  const closed = opening.pdf.slice(0, opens + 1) + digits.slice(0, length).padEnd(ROOM, "0") + opening.pdf.slice(closes - 1);
  need(length <= ROOM && closed === pdf, "pdf-appended", `${field[2]} in another form`);
  return {field: field[2], at, cms: fromHex(digits.slice(0, length)), digest: await digestOf(pdf, opening)};
}

async function takeApart(pdf) {
  const ends = revisionsOf(pdf);
  const base = new Base(pdf.slice(0, ends[0]));
  if (ends.length === 1) return {base, boxes: [], signatures: []};
  const prepared = pdf.slice(0, ends[1]);
  const boxes = boxesOf(base, prepared);
  need(boxes.length > 0 && prepare(base, boxes) === prepared, "pdf-appended", "fields");
  const signatures = [];
  for (let at = 2; at < ends.length; at += 1) {
    const taken = signatures.map((each) => each.field);
    signatures.push(await signatureOf(pdf.slice(0, ends[at - 1]), pdf.slice(0, ends[at]), base, boxes, taken));
  }
  return {base, boxes, signatures};
}

// A PDF with its signatures taken off: the printed bytes, the fields, the signatures in the order they were made.
export async function parsePdf(bytes) {
  const {base, boxes, signatures} = await takeApart(latin1(bytes));
  return {printed: fromLatin1(base.pdf), attachments: base.attachments(), fields: boxes.length, signatures};
}

// A PDF with room for a signature, and the digest that is signed. written: `YYYYMMDDhhmmss`, UTC.
export async function openSignature(bytes, field, written) {
  const pdf = latin1(bytes);
  const {base, boxes, signatures} = await takeApart(pdf);
  need(!signatures.some((each) => each.field === field), "field-signed", field);
  const opening = open(pdf, base, boxes, field, written);
  return {...opening, digest: await digestOf(opening.pdf, opening)};
}

// Whether a signed PDF is the opened one, byte for byte outside of the room.
export function isClosed(opening, bytes) {
  const [{pdf, opens, closes}, signed] = [opening, latin1(bytes)];
  return signed.length === pdf.length && signed.startsWith(pdf.slice(0, opens)) && signed.endsWith(pdf.slice(closes));
}
