// The page /verificar: takes a file or a code, checks it here, writes the answer.
import {fromBase64} from "./bytes.mjs";
import {MAX_BYTES, checkAnything} from "./check.mjs";
import {codeOf, parseCode} from "./codes.mjs";
import {Report, element} from "./report.mjs";
import {Policy} from "./tree.mjs";
import {fill} from "./words.mjs";
import {parseCertificateFile} from "./x509.mjs";

const data = JSON.parse(document.getElementById("datos").textContent);
const page = data.words.page;
const at = (id) => document.getElementById(id);
const isSaved = location.protocol === "file:";
const CERTIFIES = /^(?:CertificationIssued|AgreementAdopted|ActaSealed)\//;
const MAX_LINKS = 3;
// A root that this page cannot read ends no chain here; the others do.
const readable = (ders) => ders.flatMap((der) => {
  try {
    return [parseCertificateFile(fromBase64(der))];
  } catch {
    return [];
  }
});
// Roots of signatories and of time stamps, by their field: those that came with the page, and those that were given.
const ROOTS = {
  raices: {named: readable(data.authorities), given: [], none: page["roots-none"]},
  "raices-sello": {named: readable(data.stamping), given: [], none: page["stamp-roots-none"]},
};
const rootsOf = (id) => [...ROOTS[id].given, ...ROOTS[id].named];

async function trust() {
  const text = at("politica").value.trim();
  const own = text === data.policy.trim();
  const policy = await Policy.parse(`${text}\n`).catch((error) => {
    throw Object.assign(new Error(fill(page["policy-bad"], {detail: error.message})), {told: true});
  });
  return {policy, own, roots: rootsOf("raices"), stampRoots: rootsOf("raices-sello"), types: data.types};
}

async function readRoots(id) {
  ROOTS[id].given = [];
  const refused = [];
  for (const file of at(id).files) {
    try {
      ROOTS[id].given.push(parseCertificateFile(new Uint8Array(await file.arrayBuffer())));
    } catch {
      refused.push(fill(page["root-bad"], {name: file.name}));
    }
  }
  const names = rootsOf(id).map(({name}) => name);
  const said = names.length ? fill(page.roots, {names: names.join(" · ")}) : ROOTS[id].none;
  at(`${id}-dichas`).textContent = [...refused, said].join(" ");
}

function show(...children) {
  at("avance").textContent = "";
  at("resultado").replaceChildren(...children.filter((child) => child !== null));
  at("resultado").hidden = false;
  at("respuesta").focus();
}

function refuse(look, sentence, next = "") {
  const title = element("h2", {id: "respuesta", tabIndex: -1}, sentence);
  show(element("div", {className: `respuesta ${look}`}, title, next ? element("p", {}, next) : null));
}

// What the code names is not in this book: the service's own words for it.
const refuseUnknown = (sentence) => refuse("mal", sentence, data.words.verdicts["verdict-unknown-object-next"]);

// Runs a check and shows what came of it; what this browser cannot do, or we did wrong, is said as such.
async function answering(work) {
  at("resultado").hidden = true;
  at("avance").textContent = page.checking;
  try {
    return await work();
  } catch (error) {
    if (error.told) return refuse("ojo", error.message);
    return refuse("ojo", fill(page[error.name === "NotSupportedError" ? "unsupported" : "broken"], {detail: error.message}));
  }
}

async function checkFile(file) {
  await answering(async () => {
    if (file.size > MAX_BYTES) return refuse("ojo", page["too-large"]);
    const trusted = await trust();
    const report = await checkAnything(new Uint8Array(await file.arrayBuffer()), trusted);
    show(...new Report(data.words, report, trusted).write());
    if (!isSaved) at("resultado").append(...(await links(report)));
    return undefined;
  });
}

// What came later only the ledger knows; asking it is for whoever reads to decide.
async function links(report) {
  const outcomes = report.paper === null ? report.outcomes : report.paper.evidence;
  const acts = outcomes.flatMap((outcome) => outcome.acts).filter(({statement}) => CERTIFIES.test(statement.type));
  const made = acts.slice(-MAX_LINKS).map(async ({index, raw, statement}) => {
    const href = `/verificar?codigo=${await codeOf(index, raw)}`;
    return element("p", {}, element("a", {href}, fill(page["ask-currency"], {index, stream: statement.stream})));
  });
  return Promise.all(made);
}

// A code leads to the act's evidence, which the ledger gives and this page checks; what the ledger says is told apart.
async function checkCode(text) {
  await answering(async () => {
    const code = parseCode(text);
    if (code === null) return refuse("ojo", page["code-malformed"]);
    const answer = await fetch(`/api/v1/acts/${code.index}/evidence`).catch(() => null);
    if (answer === null) return refuse("ojo", page["code-unreachable"]);
    if (answer.status === 404) return refuseUnknown(page["code-absent"]);
    if (!answer.ok) return refuse("ojo", (await answer.json()).detail);
    const trusted = await trust();
    const report = await checkAnything(new Uint8Array(await answer.arrayBuffer()), trusted);
    const act = report.outcomes[0]?.acts.find(({index}) => index === code.index);
    const matches = act !== undefined && (await codeOf(act.index, act.raw)) === code.code;
    if (!matches && report.code === "" && !report.outcomes.some((outcome) => outcome.failed)) return refuseUnknown(page["code-mismatch"]);
    show(...new Report(data.words, report, trusted).write());
    if (matches) at("resultado").firstElementChild.after(await said(act));
    return undefined;
  });
}

async function said({index, statement}) {
  const {type, stream} = statement;
  const told = element("div", {className: "respuesta"}, element("p", {}, fill(page["code-checked"], {index, type, stream})));
  const kind = stream.startsWith("certification/") ? `certifications/${stream.slice(14)}` : `acts/${index}`;
  const answer = await fetch(`/api/v1/${kind}/verification`).catch(() => null);
  if (answer?.ok) {
    const {headline, text, next, as_of: size} = await answer.json();
    told.classList.add(headline === "VALID" ? "bien" : "ojo");
    told.append(element("h3", {}, `${page.says}: ${text}`), element("p", {}, next), element("p", {}, fill(page["says-text"], {size})));
  }
  return told;
}

function begin() {
  at("politica").value = data.policy;
  at("dar").hidden = false;
  at("sin-guion").hidden = true;
  at("por-codigo").hidden = isSaved;
  at("guardar").hidden = isSaved;
  at("archivo").addEventListener("change", () => at("archivo").files.length && checkFile(at("archivo").files[0]));
  for (const id of Object.keys(ROOTS)) {
    at(id).addEventListener("change", () => readRoots(id));
    readRoots(id);
  }
  at("dar").addEventListener("submit", (event) => {
    event.preventDefault();
    if (!isSaved) checkCode(at("codigo").value);
  });
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("drop", (event) => event.dataTransfer.files.length && checkFile(event.dataTransfer.files[0]));
  const asked = new URLSearchParams(location.search).get("codigo");
  if (asked && !isSaved) {
    at("codigo").value = asked;
    checkCode(asked);
  }
}

begin();
