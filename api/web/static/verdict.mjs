// What a check concludes (FORMAT.md §11): the verdicts that hold, by precedence; the rules of `ledger/verdicts.py`.

import {isFolded} from "./authority-of.mjs";

const PRECEDENCE = [
  ["LOG_INCONSISTENT", (facts) => facts.consistent === false],
  ["ALTERED", (facts) => facts.intact === false],
  ["FORGED_SIGNATURE", (facts) => facts.signed === false],
  ["KEY_COMPROMISED_SINCE", (facts) => facts.compromised],
  ["SIGNER_NOT_AUTHORISED_AT_DATE", (facts) => facts.authorised === false],
  ["REVOKED", (facts) => facts.revoked],
  ["NOT_YET_SEALED", (facts) => facts.sealed === false],
  ["VALID_BUT_SUSPENDED", (facts) => facts.suspended],
  ["VALID_BUT_SUPERSEDED", (facts) => facts.superseded],
  ["VALID_BUT_ACT_MODIFIED", (facts) => facts.modified],
];
const LEAVES = ["NOT_YET_SEALED", "VALID_BUT_SUSPENDED", "VALID_BUT_SUPERSEDED", "VALID_BUT_ACT_MODIFIED", "VALID"];
const FORGED = ["bad-signature", "certificate-root", "certificate-issuer", "certificate-period", "certificate-path", "certificate-use", "certificate-revoked"];

const every = (...facts) => (facts.includes(false) ? false : facts.includes(null) ? null : true);
const outcomeOf = (fact) => ({true: "proved", false: "failed", null: "not-checked"})[fact];

// facts: known, consistent, intact, signed, authorised, sealed: true, false, or null where nobody looked;
// compromised, revoked, suspended, superseded, modified: whether; current: whether what came later was looked at.
export function conclude(facts) {
  if (facts.known === false) return named(["UNKNOWN_OBJECT"], aspectsOf({}));
  const verdicts = PRECEDENCE.filter(([, holds]) => holds(facts)).map(([name]) => name);
  const proved = facts.intact && facts.signed && facts.authorised && facts.consistent && facts.sealed;
  if (verdicts.length === 0 && proved) verdicts.push("VALID");
  return named(verdicts, aspectsOf(facts));
}

// With the headline, its code in the catalogue ("in force" is only said where that was looked at), and whether nobody may
// rely on what was checked.
function named(verdicts, aspects) {
  const headline = verdicts[0] ?? null;
  const unasked = headline === "VALID" && aspects.currency === "not-checked";
  const code = unasked ? "verdict-valid-as-of" : `verdict-${(headline ?? "none").toLowerCase().replaceAll("_", "-")}`;
  return {verdicts, headline, aspects, code, refuses: headline !== null && !LEAVES.includes(headline)};
}

function aspectsOf(facts) {
  const {known, consistent = null, intact = null, signed = null, authorised = null, sealed = null} = facts;
  const outdated = facts.revoked || facts.suspended || facts.superseded || facts.modified;
  return {
    integrity: outcomeOf(intact),
    authenticity: outcomeOf(known === undefined ? null : every(signed, authorised, !facts.compromised)),
    inclusion: outcomeOf(every(consistent, sealed)),
    currency: outcomeOf(outdated ? false : null),
    completeness: outcomeOf(null),
  };
}

// The facts that evidence gives about the acts that it was handed over for; those of `ledger/verify/verdict_of.py`. Offices
// are judged in an excerpt, by its acts; what came later is not looked at.
export function factsOf(outcome) {
  const failed = (step) => outcome.findings.some((finding) => finding.step === step);
  const ran = (step) => outcome.steps.get(step).ran;
  const intact = ![1, 6, 11].some(failed) && !(failed(3) && outcome.form !== "bundle");
  const consistent = !failed(2) && !(failed(3) && outcome.form === "bundle");
  return {
    known: outcome.otherBook === "",
    consistent: consistent ? (ran(2) && ran(3) ? true : null) : false,
    intact: intact ? (ran(6) ? true : null) : false,
    signed: failed(7) ? false : ran(7) ? true : null,
    authorised: outcome.form === "excerpt" && outcome.acts.length ? every(...outcome.acts.map((act) => act.authorised)) : null,
    sealed: failed(5) ? false : ran(3) && !failed(3) ? true : null, // of V5 only the witnesses' quorum is asked here
    ...later(outcome.acts),
  };
}

// What acts that came along say of the others: revocations of keys and of certificates.
function later(acts) {
  const facts = {compromised: false, revoked: false, superseded: false};
  for (const {statement} of acts) {
    const {type, data} = statement;
    const isOwn = (act) => act.statement.stream.startsWith("key/"); // what a key says of itself does not mark it
    const since = (act) => act.statement.signer === data.keyid && act.index >= data.compromised_from && !isOwn(act);
    if (type === "KeyRevoked/1" && data.compromised_from !== undefined && acts.some(since)) facts.compromised = true;
    if (type === "CertificationRevoked/1") facts.revoked = true;
    if (type === "CertificationSuperseded/1") facts.superseded = true;
  }
  return facts;
}

const lawful = ({evidence}) => evidence.flatMap(({acts}) => acts).filter(({authorised}) => authorised).map(({statement}) => statement);

// Whether each signature is of a key with which somebody made, in his office, an act that the paper tells; acts that only
// say who may sign come along with those, and are of others.
export function isBound(paper) {
  const told = lawful(paper).filter(({stream, office}) => !isFolded(stream) && office.startsWith("designation/"));
  return paper.signers.length > 0 && paper.signers.every(({keyid}) => told.some(({signer}) => signer === keyid));
}

// A revocation that the paper carries is older than a signature over it: that key could not sign any more.
function isEnded(paper) {
  const ended = lawful(paper).filter(({type}) => type === "KeyRevoked/1").map(({data}) => data.keyid);
  return paper.signers.some(({keyid}) => ended.includes(keyid));
}

// Whether it carries a public version: that what is open is of what was sealed, and all of it, only `acervo verify` checks.
export const isVersion = ({evidence}) => evidence.some(({acts}) => acts.some(({statement}) => statement.type.startsWith("PublicVersionGenerated/")));

// The facts of a paper and of what it carries, taken together: the worst of each.
export function factsOfPaper(paper) {
  const signed = paper.signers.map((signer) => (signer.code ? !FORGED.includes(signer.code) && null : signer.chained || null));
  const carried = paper.evidence.map(factsOf);
  const all = (name) => (carried.length ? every(...carried.map((facts) => facts[name])) : null);
  const some = (name) => carried.some((facts) => facts[name]);
  return {
    known: carried.length === 0 || some("known"),
    consistent: all("consistent"),
    intact: paper.code ? paper.code === "bad-signature" && null : every(all("intact"), isVersion(paper) ? null : true),
    signed: paper.code === "bad-signature" ? false : every(...signed, ...carried.map((facts) => facts.signed), ...(signed.length ? [] : [null])),
    authorised: isEnded(paper) ? false : all("authorised"),
    sealed: all("sealed"),
    compromised: some("compromised"),
    revoked: some("revoked"),
    superseded: some("superseded"),
  };
}
