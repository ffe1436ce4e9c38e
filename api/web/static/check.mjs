// Checks whatever is dropped: a PDF, evidence, a proof. Nothing is asked of anybody: all it needs is in its arguments.
import {Refused, hex, latin1, need, sha256} from "./bytes.mjs";
import {checkFiles, checkReceipt} from "./evidence.mjs";
import {Outcome} from "./outcome.mjs";
import {isPdf, parsePdf} from "./pdf.mjs";
import {signerOf} from "./signers.mjs";
import {PROOF_HEADER} from "./tree.mjs";
import {conclude, factsOf, factsOfPaper} from "./verdict.mjs";
import {isZip, unzip} from "./zip.mjs";

export const MAX_BYTES = 256 * 1024 * 1024;
const MAX_PDF_BYTES = 64 * 1024 * 1024;

// trust: {policy, roots, stampRoots, types}; types: of each type of act who may sign it. Returns {kind, code, sha256, result,
// conclusion, outcomes, paper}; `result` is "verified", "findings", or "unusable" where too little could be checked.
export async function checkAnything(bytes, trust) {
  const kind = kindOf(bytes);
  const report = {kind, code: "", detail: "", sha256: hex(await sha256(bytes)), outcomes: [], paper: null};
  try {
    need(kind !== "unknown", "not-evidence");
    need(bytes.length <= (kind === "pdf" ? MAX_PDF_BYTES : MAX_BYTES), "too-large", `${bytes.length}`);
    if (kind === "pdf") report.paper = await checkPaper(bytes, trust);
    else report.outcomes.push(await checkEvidence(kind, bytes, trust));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    Object.assign(report, {code: error.code, detail: error.detail});
  }
  return concluded(report);
}

export function kindOf(bytes) {
  if (isPdf(bytes)) return "pdf";
  if (isZip(bytes)) return "zip";
  return latin1(bytes.subarray(0, PROOF_HEADER.length)) === PROOF_HEADER ? "proof" : "unknown";
}

const checkEvidence = (kind, bytes, trust) => (kind === "zip" ? checkFiles(unzip(bytes), trust) : checkReceipt(bytes, trust.policy));

async function checkPaper(bytes, trust) {
  const parsed = await parsePdf(bytes);
  const paper = {printed: hex(await sha256(parsed.printed)), fields: parsed.fields, signers: [], evidence: [], code: ""};
  for (const signature of parsed.signatures) paper.signers.push(await signerOf(signature, trust));
  for (const attached of parsed.attachments.filter(isZip)) paper.evidence.push(await carried(attached, trust));
  return paper;
}

// Evidence that cannot even be opened is a finding of its first step: the paper around it was read.
async function carried(attached, trust) {
  try {
    return await checkEvidence("zip", attached, trust);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const outcome = new Outcome("excerpt");
    outcome.find(1, error.code, {detail: error.detail});
    return outcome;
  }
}

function concluded(report) {
  const {paper, outcomes} = report;
  const all = paper === null ? outcomes : paper.evidence;
  const facts = paper !== null ? factsOfPaper(paper) : outcomes.length ? factsOf(outcomes[0]) : broken(report);
  report.conclusion = conclude(facts);
  const flawed = all.some((outcome) => outcome.failed) || paper?.signers.some((signer) => signer.code);
  const signed = paper === null || (paper.signers.length > 0 && paper.signers.every((signer) => signer.chained));
  const complete = all.length > 0 && all.every((outcome) => outcome.complete) && signed;
  const refused = report.code !== "" || flawed || report.conclusion.refuses;
  report.result = refused ? "findings" : complete ? "verified" : "unusable";
  report.otherBook = all.find((outcome) => outcome.otherBook)?.otherBook ?? "";
  report.size = all.length ? Math.min(...all.map((outcome) => outcome.facts.size ?? 0)) : null;
  return report;
}

// Of what could not be read at all: nothing that this ledger gives out, or no more what it was.
function broken({kind, code}) {
  if (kind === "unknown" || code === "pdf-malformed" || code === "not-evidence") return {known: false};
  const forged = code === "bad-signature";
  return {known: true, consistent: null, intact: forged ? null : false, signed: forged ? false : null, authorised: null, sealed: null};
}
