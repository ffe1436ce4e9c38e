// The report of a check as elements of the page. Texts only: nothing of a document becomes markup.
import {leftOf, signerLines} from "./report-signers.mjs";
import {isBound, isVersion} from "./verdict.mjs";
import {fill} from "./words.mjs";

const OF_STEPS = [1, 2, 3, 6, 7, 11];
const MARKS = {verified: ["✔", "bien"], findings: ["✘", "mal"], unusable: ["?", "ojo"]};

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.flat().filter((child) => child !== null));
  return made;
}

const list = (lines) => element("ul", {}, lines.map((line) => element("li", {}, line)));

const section = (title, lines) => (lines.length ? [element("h3", {}, title), list(lines)] : []);

function definitions(pairs) {
  return element("dl", {}, pairs.filter(([, said]) => said).flatMap(([name, said]) => [element("dt", {}, name), element("dd", {}, said)]));
}

// What is said of a check: headline, sentence, what was checked, what was not.
export class Report {
  constructor(words, report, trust) {
    Object.assign(this, {words, page: words.page, report, trust});
    this.outcomes = report.paper === null ? report.outcomes : report.paper.evidence;
  }

  write() {
    const [mark, look] = MARKS[this.report.result];
    const title = element("h2", {id: "respuesta", tabIndex: -1});
    const onlyRefused = this.report.result === "findings" && this.failures().length === 0;
    title.append(element("span", {ariaHidden: "true"}, `${mark} `), this.page[onlyRefused ? "refused" : this.report.result]);
    return [
      element("div", {className: `respuesta ${look}`}, title, this.answer().map((line) => element("p", {}, line))),
      ...section(this.page.failed, this.failures()),
      ...section(this.page.checked, this.checked()),
      ...section(this.page["not-checked"], this.unchecked()),
      ...section(this.page.never, this.words.never),
      this.acts(),
      this.technical(),
    ];
  }

  sentence(code) {
    return this.words.codes[code] ?? code;
  }

  // The verdict's own sentence and what to do, as the service and the command line say them.
  answer() {
    const {headline, code: of} = this.report.conclusion;
    const code = headline === "VALID" && this.report.paper !== null ? "verdict-valid-paper" : of;
    const size = this.report.size ? [fill(this.page["as-of"], {size: this.report.size})] : [];
    const key = this.trust.own ? this.page["own-key"] : this.page["given-key"];
    if (this.report.otherBook) return [fill(this.page["other-book"], {origin: this.report.otherBook}), key];
    if (headline !== null) return [this.words.verdicts[code], this.words.verdicts[`${code}-next`], ...size, key];
    if (this.report.result === "verified") {
      return [this.page[this.report.paper ? "verified-paper" : "verified-text"], this.page["verified-next"], ...size, key];
    }
    return [this.page[this.why()], ...size, key];
  }

  why() {
    const signers = this.report.paper?.signers ?? [];
    if (this.report.result === "findings") return "findings-see";
    if (this.outcomes.length === 0) return "unusable-nothing";
    if (this.outcomes[0].form === "proof") return "unusable-proof";
    return this.report.paper && signers.length === 0 ? "unusable-unsigned" : "unusable-no-root";
  }

  failures() {
    const lines = this.report.code ? [`${this.sentence(this.report.code)} (${this.report.code})`] : [];
    for (const signer of this.report.paper?.signers ?? []) {
      if (signer.code) lines.push(`${signer.name}: ${this.sentence(signer.code)} (${signer.code})`);
    }
    for (const finding of this.outcomes.flatMap((outcome) => outcome.findings)) {
      const where = finding.index === null ? finding.file : `${this.page["act-index"].toLowerCase()} ${finding.index}`;
      lines.push(`${where ? `${where}: ` : ""}${this.sentence(finding.code)} (${finding.code})`);
    }
    for (const {index, why} of this.judged().filter((act) => act.authorised === false)) {
      lines.push(`${this.page["act-index"].toLowerCase()} ${index}: ${this.sentence(why)} (${why})`);
    }
    return lines.length > 20 ? [...lines.slice(0, 20), `… ${lines.length - 20}`] : lines;
  }

  // The acts of which it was asked whether they were their signers' to make.
  judged() {
    return this.outcomes.filter(({form}) => form === "excerpt").flatMap(({acts}) => acts);
  }

  checked() {
    const {paper} = this.report;
    const lines = paper?.signers.length ? [fill(this.page["paper-form"], {count: paper.signers.length})] : [];
    lines.push(...signerLines(this.words, paper?.signers ?? []));
    for (const outcome of this.outcomes) {
      for (const number of OF_STEPS.filter((each) => ["ok", "partial"].includes(outcome.status(each)))) {
        const counts = number === 2 ? [] : Object.entries(outcome.steps.get(number).counts);
        const counted = counts.map(([word, count]) => `${count} ${this.words.words[word] ?? word}`).join(", ");
        lines.push(`${this.page[`step-${number}`]}${counted ? ` (${counted})` : ""}`);
      }
    }
    const [judged, allowed] = [this.judged(), this.judged().filter((act) => act.authorised)];
    if (allowed.length) lines.push(fill(this.page.authority, {allowed: allowed.length, count: judged.length}));
    return lines;
  }

  unchecked() {
    const unknown = this.judged().filter((act) => act.authorised === null);
    const lines = [this.page["left-vigencia"], this.page["left-rules"]];
    if (this.judged().length === 0) lines.push(this.page["left-authority"]);
    for (const {index, why} of unknown.slice(0, 5)) lines.push(fill(this.page["left-office"], {index, why}));
    if (this.report.paper !== null) lines.push(...this.uncheckedOf(this.report.paper));
    if (this.outcomes.some((outcome) => outcome.remarks.includes("policy-differs"))) lines.push(this.page["left-policy"]);
    return lines;
  }

  uncheckedOf(paper) {
    const lines = [this.words.paper["paper-text"]];
    if (isVersion(paper)) lines.push(this.page["left-version"]);
    if (!isBound(paper)) lines.push(this.words.paper["paper-signatory"]);
    return [...lines, ...leftOf(this.words, paper.signers)];
  }

  acts() {
    const acts = this.outcomes.flatMap((outcome) => outcome.acts);
    if (acts.length === 0) return null;
    const names = ["act-index", "act-type", "act-stream", "act-recorded"];
    const head = element("tr", {}, names.map((name) => element("th", {scope: "col"}, this.page[name])));
    const rows = acts.slice(-200).map(({index, statement, recordedAt}) =>
      element("tr", {}, [String(index), statement.type, statement.stream, recordedAt.slice(0, 16).replace("T", " ")].map((said) => element("td", {}, said))),
    );
    const table = element("div", {className: "ancha", tabIndex: 0}, element("table", {}, element("thead", {}, head), element("tbody", {}, rows)));
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", fill(this.page.acts, {count: acts.length}));
    return element("details", {}, element("summary", {}, fill(this.page.acts, {count: acts.length})), table);
  }

  technical() {
    const facts = this.outcomes[0]?.facts ?? {};
    const verdicts = this.report.conclusion.verdicts.join(", ") || this.page.none;
    const pairs = [
      [this.page.verdict, verdicts],
      [this.page.origin, facts.origin],
      [this.page.size, facts.size === undefined ? "" : String(facts.size)],
      [this.page.root, facts.root],
      [this.page["printed-sha256"], this.report.paper?.printed],
      [this.page["file-sha256"], this.report.sha256],
    ];
    const steps = this.outcomes.map((outcome) => [
      element("p", {}, this.page[`form-${outcome.form}`]),
      list([...outcome.steps.keys()].map((number) => `V${number} ${this.words.steps[number]}: ${this.words.status[outcome.status(number)]}`)),
    ]);
    const whole = definitions(pairs);
    whole.className = "octetos";
    return element("details", {}, element("summary", {}, this.page.technical), whole, ...steps.flat());
  }
}
