"""The outcome as a report: deterministic text and JSON, each with its own SHA-256 (format.md §10)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.verdicts import conclude
from ledger.verify.texts import Language, catalogue, say
from ledger.verify.verdict_of import as_lines, as_object, authority_lines, authority_object, facts_of, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.verdicts import Facts
    from ledger.verify.outcome import Finding, Outcome, Step

VERIFIED, FINDINGS, UNUSABLE = 0, 1, 2
ASPECTS: Mapping[str, tuple[int, ...]] = {
    "integrity": (1, 3, 4, 6, 9, 11),
    "authenticity": (2, 7, 8, 13),
    "lawfulness": (10,),
    "inclusion": (3,),
    "currency": (12,),
    "completeness": (5,),
}
_NECESSARY: Mapping[str, tuple[int, ...]] = {
    "bundle": (1, 2, 3, 4, 6, 7, 8, 9, 10),
    "log": (1, 2, 3, 4, 6, 7, 8, 9, 10),
    "database": (2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    "excerpt": (1, 2, 3, 6, 7),
}
"""Steps of which nothing may be left unchecked for exit 0."""


def independent(outcome: Outcome) -> bool:
    """Tell whether no step rests on a trust input of the bundle's own."""
    return all(step.independent for step in outcome.steps.values())


def exit_code(outcome: Outcome, *, self_contained: bool) -> int:
    """Return 0 verified, 1 findings, 2 not checkable (format.md §10).

    A verdict under which nobody may rely on an act counts as a finding, though no step of an excerpt has one.
    """
    if outcome.failed or conclude(trusted_facts(outcome, self_contained=self_contained)).refuses:
        return FINDINGS
    if not self_contained and not independent(outcome):
        return UNUSABLE
    return UNUSABLE if _left_out(outcome) else VERIFIED


def trusted_facts(outcome: Outcome, *, self_contained: bool) -> Facts:
    """Return the facts of a verification, from the evidence's own trust inputs only where that is accepted."""
    return facts_of(outcome, trusted=self_contained or independent(outcome))


def _left_out(outcome: Outcome) -> bool:
    steps = outcome.steps
    if any(code == "age-unknown" for code, _ in steps[5].unchecked):
        return True
    return any(steps[number].unchecked for number in _NECESSARY[outcome.facts["form"]])


def step_status(outcome: Outcome, step: Step) -> str:
    """Return "failed", "unchecked", "partial" or "ok"."""
    if outcome.failures(step.number):
        return "failed"
    if not step.ran:
        return "unchecked"
    return "partial" if step.unchecked else "ok"


def aspect_status(outcome: Outcome, numbers: tuple[int, ...]) -> str:
    """Return the status of an aspect out of its steps'."""
    found = [step_status(outcome, outcome.steps[number]) for number in numbers]
    if "failed" in found:
        return "failed"
    if set(found) == {"unchecked"}:
        return "unchecked"
    return "ok" if set(found) == {"ok"} else "partial"


# -- JSON ------------------------------------------------------------------------------------------------------


def as_json(outcome: Outcome, *, self_contained: bool) -> bytes:
    """Return the report as JSON, keys sorted, with `report_sha256` over itself without that key."""
    facts = trusted_facts(outcome, self_contained=self_contained)
    value = {
        "aspects": {name: aspect_status(outcome, numbers) for name, numbers in ASPECTS.items()},
        "exit": exit_code(outcome, self_contained=self_contained),
        "facts": outcome.facts,
        "failed": failed_object(outcome),
        "findings": [_finding(finding) for finding in sorted(outcome.findings, key=lambda f: f.order())],
        "format": "acervo-verify-report/1",
        "independent": independent(outcome),
        "lacking": dict(outcome.lacking),
        "never_proved": catalogue("en")["never"]["items"],
        "remarked": dict(outcome.remarked),
        "remarks": [{"code": r.code, "detail": r.detail, "index": r.index} for r in outcome.remarks],
        "rules": dict(outcome.rules),
        "steps": {f"V{number}": _step(outcome, step) for number, step in outcome.steps.items()},
        "stopped": outcome.stopped,
        "types": dict(outcome.types),
        "verdict": as_object(conclude(facts), facts.as_of, subject_of(outcome)),
    }
    if subject_of(outcome) == "acts":
        value["authority"] = authority_object(outcome.judged)
    digest = sha256(_dump(value)).hexdigest()
    return _dump(value | {"report_sha256": digest}) + b"\n"


def failed_object(outcome: Outcome) -> dict[str, int]:
    """Return how many findings there are by step and code, for machines."""
    return {f"V{step}/{code}": count for (step, code), count in sorted(outcome.failed.items())}


def _dump(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "detail": finding.detail,
        "file": finding.file,
        "index": finding.index,
        "known": finding.known,
        "step": finding.step,
    }


def _step(outcome: Outcome, step: Step) -> dict[str, Any]:
    return {
        "counts": dict(step.counts),
        "findings": outcome.failures(step.number),
        "independent": step.independent,
        "not_checked": [list(each) for each in step.unchecked],
        "status": step_status(outcome, step),
    }


# -- text ------------------------------------------------------------------------------------------------------


def as_text(outcome: Outcome, language: Language, *, self_contained: bool) -> str:
    """Return the report as text; its last line is the SHA-256 of all the lines above it."""
    lines = [
        *_heading(outcome, language),
        "",
        *_steps(outcome, language),
        "",
        *_findings(outcome, language),
        *_remarks(outcome, language),
        *_counted(outcome.rules, language, "rules"),
        *_counted(outcome.lacking, language, "lacking"),
        "",
        *_unchecked(outcome, language),
        say(language, "report", "never"),
        *(f"  - {item}" for item in catalogue(language)["never"]["items"]),
        "",
        *_verdict(outcome, language, self_contained=self_contained),
    ]
    text = "\n".join(_printable(line) for line in lines) + "\n"
    return text + say(language, "report", "sha256", sha256=sha256(text.encode()).hexdigest()) + "\n"


def _printable(line: str) -> str:
    """Details come from untrusted input: no control or bidi character reaches a terminal."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in line)


def _heading(outcome: Outcome, language: Language) -> Iterator[str]:
    facts = outcome.facts
    yield say(language, "report", "title")
    yield say(language, "report", f"form_{facts['form']}")
    if "origin" in facts:
        yield say(language, "report", "subject", origin=facts["origin"])
        yield say(language, "report", "checkpoint", size=facts["size"], root=facts["root"])
    if facts.get("founding"):
        yield say(language, "report", "founding", founding=facts["founding"])
    if facts.get("size"):
        yield say(language, "report", "as_of", last=facts["size"] - 1)
    elif "size" in facts:
        yield say(language, "report", "as_of_empty")
    if facts.get("simulated"):
        yield say(language, "report", "simulated")


def _steps(outcome: Outcome, language: Language) -> Iterator[str]:
    yield say(language, "report", "steps")
    for number, step in outcome.steps.items():
        status = say(language, "status", step_status(outcome, step))
        counts = ", ".join(f"{n} {say(language, 'words', word)}" for word, n in sorted(step.counts.items()) if n)
        line = f"  V{number:<3}{say(language, 'steps', str(number))}: {status}"
        yield f"{line} ({counts})" if counts and step.ran else line
        if step.ran and not step.independent:
            yield f"       {say(language, 'report', 'own')}"
    if outcome.judged:
        yield from authority_lines(outcome.judged, language)
    yield ""
    yield say(language, "report", "aspects")
    for name, numbers in ASPECTS.items():
        yield f"  {say(language, 'aspects', name)}: {say(language, 'status', aspect_status(outcome, numbers))}"


def _findings(outcome: Outcome, language: Language) -> Iterator[str]:
    total = sum(outcome.failed.values())
    if not total:
        yield say(language, "report", "no_findings")
        return
    yield say(language, "report", "findings", count=total)
    listed: dict[tuple[int, str], int] = {}
    for finding in sorted(outcome.findings, key=lambda f: f.order()):
        listed[(finding.step, finding.code)] = listed.get((finding.step, finding.code), 0) + 1
        places = [] if finding.index is None else [say(language, "report", "index", index=finding.index)]
        places += [say(language, "report", "file", file=finding.file)] if finding.file else []
        where = f" {', '.join(places)}:" if places else ""
        detail = f" [{finding.detail}]" if finding.detail else ""
        known = say(language, "report", "known") if finding.known else ""
        yield f"  V{finding.step}{where} {say(language, 'codes', finding.code)} ({finding.code}){detail}{known}"
    for key, count in sorted(outcome.failed.items()):
        if count > listed.get(key, 0):
            yield "  " + say(language, "report", "more", count=count - listed.get(key, 0), code=f"V{key[0]} {key[1]}")


def _remarks(outcome: Outcome, language: Language) -> Iterator[str]:
    if not outcome.remarked:
        return
    yield ""
    yield say(language, "report", "remarks")
    for code, count in sorted(outcome.remarked.items()):
        yield f"  {count} × {say(language, 'remarks', code)} ({code})"
        places = [r for r in outcome.remarks if r.code == code][:10]
        for remark in places:
            where = "" if remark.index is None else say(language, "report", "index", index=remark.index)
            yield f"      {' '.join(part for part in (where, remark.detail) if part)}"


def _counted(counted: Mapping[str, int], language: Language, title: str) -> Iterator[str]:
    if counted:
        yield ""
        yield say(language, "report", title)
        yield from (f"  {code}: {count}" for code, count in sorted(counted.items()))


def _unchecked(outcome: Outcome, language: Language) -> Iterator[str]:
    lines = [
        f"  V{number}: {say(language, 'unchecked', code, detail=detail)}"
        for number, step in outcome.steps.items()
        for code, detail in step.unchecked
    ]
    if outcome.facts["form"] == "excerpt":
        lines.append(f"  {say(language, 'unchecked', 'no-revocation-later')}")
    yield say(language, "report", "unchecked")
    yield from lines
    yield ""


def _verdict(outcome: Outcome, language: Language, *, self_contained: bool) -> Iterator[str]:
    facts = trusted_facts(outcome, self_contained=self_contained)
    yield from as_lines(conclude(facts), facts.as_of, subject_of(outcome), language)
    yield ""
    code = exit_code(outcome, self_contained=self_contained)
    yield say(language, "report", f"verdict_{code}")
    if code == UNUSABLE and not independent(outcome) and not self_contained:
        yield say(language, "report", "why_not_independent")
    elif code == UNUSABLE:
        yield say(language, "report", "why_not_checked")
