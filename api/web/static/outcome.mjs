// What a check collects, step by step as FORMAT.md §10 numbers them, and what follows from it.

export const STEPS = Array.from({length: 13}, (_, at) => at + 1);

export class Outcome {
  // form: "excerpt", "bundle", "log" or "proof".
  constructor(form) {
    this.form = form;
    this.facts = {};
    this.findings = [];
    this.remarks = [];
    this.steps = new Map(STEPS.map((number) => [number, {ran: false, counts: {}, unchecked: []}]));
    this.acts = [];
    this.otherBook = ""; // the origin of a checkpoint that is of no log of the policy
  }

  checked(number, word, count = 1) {
    const step = this.steps.get(number);
    step.ran = true;
    step.counts[word] = (step.counts[word] ?? 0) + count;
  }

  notChecked(number, code, detail = "") {
    this.steps.get(number).unchecked.push({code, detail});
  }

  find(step, code, where = {}) {
    this.findings.push({step, code, index: null, file: "", detail: "", ...where});
  }

  // Runs a part of a step; what it refuses is a finding, anything else is a fault of ours and goes up.
  async attempt(step, where, part) {
    try {
      return await part();
    } catch (error) {
      if (error.code === undefined || error instanceof DOMException) throw error;
      this.find(step, error.code, {...where, detail: error.detail});
      return null;
    }
  }

  // Whether V6 or V7 found something of the act at an index: it keeps its place and has no effect.
  isVoid(at) {
    return this.findings.some(({step, index}) => index === at && (step === 6 || step === 7));
  }

  status(number) {
    const step = this.steps.get(number);
    if (this.findings.some((finding) => finding.step === number)) return "failed";
    if (!step.ran) return "unchecked";
    return step.unchecked.length ? "partial" : "ok";
  }

  get failed() {
    return this.findings.length > 0;
  }

  // Whether every step that this form needs has run to its end. What is left to `acervo verify` is said apart.
  get complete() {
    return [2, 3, 6, 7].every((number) => this.status(number) === "ok");
  }
}
