"""The content of a report: counted out of facts, in canonical JSON, without clock, locale or sealed text.

What happened is counted within the period; how things stand is as of its last day. Both only by what was recorded up
to the index that the report names: a fact recorded later is in no earlier report, whatever day it is of.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ledger.crypto import canonical
from ledger.domain.rules.overdue import days_overdue
from ledger.reporting.period import bounds

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.domain.rules.overdue import Span
    from ledger.reporting.facts import Fact

Content: TypeAlias = dict[str, Any]
VERSION = 1
"""Of the content's form; another form of counting is another version, and old reports keep theirs."""
_CLOSED = frozenset({"fulfilled", "unfulfillable"})
_OF_AGREEMENT = frozenset({"adopted", "ended", "suspended", "reinstated"})


class _Agreement(NamedTuple):
    """An agreement on a day: the fact of its adoption, whether it held, when it was suspended."""

    made: Fact
    validity: str
    spans: list[Span]


def bodies_of(facts: Iterable[Fact], body: str, report_kind: str) -> tuple[str, ...]:
    """Return whom a report is about: the body itself, or those registered directly below it, in alphabetical order."""
    if report_kind == "follow-up":
        return (body,)
    below = {fact.body for fact in facts if fact.what == "body" and fact.said.get("parent") == body}
    return tuple(sorted(below))


def sha256_of(said: Content) -> str:
    """Return the SHA-256 in hex of a content's canonical JSON: what a report's acts bind."""
    return sha256(canonical.dumps(said)).hexdigest()


def content(facts: Iterable[Fact], body: str, report_kind: str, period: str, as_of: int) -> Content:
    """Return what a report says.

    Args:
        facts: In the order of the log; those later than `as_of` are passed over.
        body: Whose report it is.
        report_kind: "follow-up", "activity" or "functioning".
        period: E.g. `2026-c1`.
        as_of: Index of the last entry taken into account.
    """
    known = [fact for fact in facts if fact.index <= as_of]
    span = bounds(period)
    head: Content = {
        "report": VERSION,
        "body": body,
        "report_kind": report_kind,
        "period": period,
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "as_of": as_of,
    }
    sections = [
        _section([fact for fact in known if fact.body == each], known, each, report_kind, span)
        for each in bodies_of(known, body, report_kind)
    ]
    return head | {"bodies": sections}


def _section(
    own: Sequence[Fact], known: Sequence[Fact], body: str, report_kind: str, span: tuple[date, date]
) -> Content:
    said: Content = {"body": body, "sessions": _sessions(own, span), "votes": _votes(own, span)}
    agreements = agreements_on(own, span[1])
    within = [each.made for each in agreements.values() if _inside(each.made, span)]
    said["agreements_adopted"] = len(within)
    said["agreements_by_kind"] = _counted(made.said["agreement_kind"] for made in within)
    said["agreements_by_validity"] = _counted(each.validity for each in agreements.values())
    if report_kind == "follow-up":
        return said | _follow_up(own, agreements, span[1])
    said["actas_sealed"] = sum(fact.what == "acta" and _inside(fact, span) for fact in own)
    if report_kind == "functioning":
        said |= _functioning(own, known, body, span)
    return said


def _inside(fact: Fact, span: tuple[date, date]) -> bool:
    return span[0].isoformat() <= fact.day <= span[1].isoformat()


def _counted(words: Iterable[str]) -> dict[str, int]:
    """Count words; a hyphen is no character of a key in canonical data (format.md §1)."""
    return {word.replace("-", "_"): count for word, count in sorted(Counter(words).items())}


def _sessions(own: Sequence[Fact], span: tuple[date, date]) -> dict[str, int]:
    """Each session counts once, by how it last stood, in the period of the day on which it was to be or was held."""
    last: dict[str, Fact] = {}
    days: dict[str, str] = {}
    for fact in own:
        if fact.what == "session":
            last[fact.key] = fact
            if fact.said["phase"] in {"convened", "held"}:
                days[fact.key] = fact.day
    first, final = span[0].isoformat(), span[1].isoformat()
    return _counted(fact.said["phase"] for key, fact in last.items() if first <= days.get(key, fact.day) <= final)


def _votes(own: Sequence[Fact], span: tuple[date, date]) -> dict[str, int]:
    return _counted(fact.said["result"] for fact in own if fact.what == "vote" and _inside(fact, span))


def agreements_on(own: Iterable[Fact], on: date) -> dict[str, _Agreement]:
    """Return every agreement adopted up to a day, as it stood on it."""
    told: dict[str, list[Fact]] = {}
    for fact in own:
        if fact.what in _OF_AGREEMENT:
            told.setdefault(fact.key, []).append(fact)
    found = {}
    for key, facts in told.items():
        made = next((fact for fact in facts if fact.what == "adopted" and fact.day <= on.isoformat()), None)
        if made is not None:
            found[key] = _Agreement(made, _validity(facts, on), _spans(facts))
    return found


def _validity(facts: Sequence[Fact], on: date) -> str:
    for fact in facts:
        if fact.what == "ended" and fact.day <= on.isoformat():
            return str(fact.said["validity"])
    inside = any(begins <= on and (ends is None or on < ends) for begins, ends in _spans(facts))
    return "suspended" if inside else "in-force"


def _spans(facts: Sequence[Fact]) -> list[Span]:
    """Return the spans of suspension of an agreement: from its first open case to the end of its last one."""
    spans: list[Span] = []
    cases: set[str] = set()
    for fact in facts:
        day = date.fromisoformat(fact.day)
        if fact.what == "suspended":
            if not cases:
                spans.append((day, None))
            cases.add(fact.said["case"])
        elif fact.what == "reinstated":
            cases.discard(fact.said["case"])
            if not cases:
                spans[-1] = spans[-1][0], day
    return spans


def _follow_up(own: Sequence[Fact], agreements: dict[str, _Agreement], on: date) -> Content:
    """Resolutivos as they stood on a day: by status, what is overdue, amounts in centavos, and the list itself."""
    steps: dict[str, list[Fact]] = {}
    for fact in own:
        if fact.what == "resolution" and fact.day <= on.isoformat():
            steps.setdefault(fact.key, []).append(fact)
    listed = [
        _resolution(key, steps[key], agreements[key.rpartition("/")[0]], on)
        for key in sorted(steps, key=_numbers)
        if key.rpartition("/")[0] in agreements
    ]
    return {
        "resolutions": listed,
        "resolutions_by_status": _counted(each["status"] for each in listed),
        "authorized_amount": sum(each["authorized_amount"] for each in listed),
        "exercised_amount": sum(each["exercised_amount"] for each in listed),
    }


def _numbers(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key.split("/")[1:])


def _resolution(key: str, told: Sequence[Fact], agreement: _Agreement, on: date) -> Content:
    phase = next(fact.said["phase"] for fact in reversed(told) if "phase" in fact.said)
    dues = [fact for fact in told if "due_on" in fact.said]
    late = 0
    if dues:
        due, set_on = date.fromisoformat(dues[-1].said["due_on"]), date.fromisoformat(dues[-1].day)
        late = days_overdue(due, set_on, agreement.spans, on)
    said: Content = {
        "resolution": key,
        "identifier": agreement.made.said["identifier"],
        "units": units_of(told),
        "fulfilment": phase,
        "status": _status(phase, agreement.validity, late),
        "authorized_amount": sum(fact.said.get("authorized", 0) for fact in told),
        "exercised_amount": sum(fact.said.get("exercised", 0) for fact in told),
    }
    if dues:
        said["due_on"] = dues[-1].said["due_on"]
    if said["status"] == "overdue":
        said["days_overdue"] = late
    return said


def units_of(told: Iterable[Fact]) -> list[str]:
    """Return who answers for a resolutivo after every transfer."""
    units: list[str] = []
    for fact in told:
        units = list(fact.said.get("units", units))
        if "to_unit" in fact.said:
            units = [fact.said["to_unit"] if unit == fact.said["from_unit"] else unit for unit in units]
    return units


def _status(phase: str, validity: str, late: int) -> str:
    """What is done stays done; then validity speaks before fulfilment (domain.md §3.6)."""
    if phase in _CLOSED:
        return phase
    if validity != "in-force":
        return "suspended" if validity == "suspended" else "without-effect"
    if late:
        return "overdue"
    return "partially-fulfilled" if phase == "partial" else "in-process"


def _functioning(own: Sequence[Fact], known: Sequence[Fact], body: str, span: tuple[date, date]) -> Content:
    """Actas that the body sent in and their incidents, and vetoes of its agreements."""
    received = {fact.key for fact in known if fact.what == "received" and fact.said["issuer"] == body}
    about = [fact for fact in known if fact.key in received and _inside(fact, span)]
    return {
        "actas_received": sum(fact.what == "received" for fact in about),
        "actas_validated": sum(fact.what == "validated" for fact in about),
        "incidents": sum(fact.what == "incident" for fact in about),
        "incidents_cured": sum(fact.what == "cured" for fact in about),
        "vetoes": sum(fact.what == "suspended" and "veto" in fact.said and _inside(fact, span) for fact in own),
        "vetoes_resolved": _counted(
            fact.said["outcome"] for fact in own if fact.what == "veto-resolved" and _inside(fact, span)
        ),
    }
