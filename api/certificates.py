"""What became of a certificate and of what it certifies (format.md §11; domain.md §3.9, X2–X4).

An object is as certified, altered, gone, suspended, or an act changed it since; an acta that got a fe de erratas is
read otherwise although not a byte of it moved. A negative statement is walked again, as of then and as of now.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from api.suspensions import changed_since, suspension
from ledger.acts.certification import CertificationIssued, CertificationRevoked, CertificationSuperseded
from ledger.domain.agreement_state import AgreementState
from ledger.domain.certified import standing_of
from ledger.domain.negative import check_negative, matching
from ledger.domain.replay import signed_of
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import kind_of, parse_written
from ledger.loader import Loader, States
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from api.system import System
    from ledger.acts.certification import CertifiedObject, Negative
    from ledger.domain.certified import Standing
    from ledger.domain.world import World
    from ledger.verdicts import Facts


@dataclass(frozen=True, slots=True)
class Found:
    """What stands of a certified object.

    state: "same", "moved", "altered" or "missing". now: what it is now; None where it cannot be read.
    later: streams of what changed it. suspended: index of the act that suspends it now.
    """

    state: str
    now: Standing | None = None
    later: tuple[str, ...] = ()
    suspended: int | None = None


def check_certificate(
    system: System, facts: Facts, entry: Entry, before: Callable[[int], World]
) -> tuple[Facts, dict[str, Any]]:
    """Return the facts with what became of the certificate, and what the report tells of what it says.

    Args:
        system: Whose ledger.
        facts: Of the act itself.
        entry: The certificate's.
        before: Gives the ledger as it stood before an index.
    """
    issued, facts = _life(system, facts, entry)
    if issued is None:
        return replace(facts, altered=(*facts.altered, entry.act.statement.stream)), {}
    act = issued.act
    world = Loader(States(system.store), system.ledger.origin)
    found = [(each, _object(system, world, each)) for each in act.objects]
    negatives = [(each, _negative(system, (before(issued.index), world), each, issued)) for each in act.negatives]
    altered = tuple(each.stream for each, what in found if what.state == "altered")
    later = (*(stream for _, what in found for stream in what.later), *(s for _, (_, new) in negatives for s in new))
    suspended = [what.suspended for _, what in found if what.suspended is not None]
    facts = replace(
        facts,
        altered=(*facts.altered, *altered),
        modified=tuple(dict.fromkeys(later)),
        suspended=min(suspended, default=None),
        complete=all(what.state != "missing" for _, what in found) and all(true for _, (true, _) in negatives),
    )
    told = {"objects": [_told(each, what) for each, what in found]}
    if negatives:
        told["negatives"] = [_told_negative(each, act.body, true, new) for each, (true, new) in negatives]
    # The append refused a certificate of what does not exist, or of what is not so: something was taken out of the log.
    return (facts if facts.complete else replace(facts, consistent=False)), told


@dataclass(frozen=True, slots=True)
class _Issued:
    """The act that issued a certificate, its index, when it says that it did."""

    act: CertificationIssued
    index: int
    at: datetime


def _life(system: System, facts: Facts, entry: Entry) -> tuple[_Issued | None, Facts]:
    """Read the certificate's stream: its issue, its revocation, its successor."""
    issued = None
    for raw in system.store.stream(entry.act.statement.stream):
        each = Entry.parse(raw)
        match signed_of(each).act:
            case CertificationIssued() as act:
                issued = _Issued(act, each.index, parse_written(each.act.statement.occurred_at))
            case CertificationRevoked():
                facts = replace(facts, revoked=each.index)
            case CertificationSuperseded():
                facts = replace(facts, superseded=each.index)
            case _:
                pass
    return issued, facts


def _object(system: System, world: World, certified: CertifiedObject) -> Found:
    """Compare a certified object with what stands."""
    raw = system.store.entry(certified.index)
    if raw is None:
        return Found("missing")
    try:
        statement = Entry.parse(raw).act.statement
    except UntrustedInputError:
        return Found("altered")
    if statement.sha256 != certified.statement or statement.stream != certified.stream:
        return Found("altered")
    state = world.state(certified.stream)
    if state is None:
        return Found("missing")
    now = standing_of(certified.stream, state, system.store.now(), world)
    if kind_of(certified.stream) == "book":  # folios that are used stay used; the book goes on
        return Found("same", now)
    if isinstance(state, AgreementState):
        changed = changed_since(system, certified.stream, certified.index)
        held = suspension(system, certified.stream)
    else:
        changed, held = state.statement != certified.statement, None
    later = ((certified.stream,) if changed else ()) + tuple(_erratas(now.by, certified.by))
    return Found("moved" if later else "same", now, later, held)


def _erratas(now: Iterable[str], then: Iterable[str]) -> Iterable[str]:
    """Return the fe de erratas that an acta has got since."""
    return sorted(stream for stream in set(now) - set(then) if kind_of(stream) == "errata")


def _negative(
    system: System, worlds: tuple[World, World], negative: Negative, issued: _Issued
) -> tuple[bool, tuple[str, ...]]:
    """Tell whether a negative statement was true when it was made, and what fits it now that did not then."""
    (before, world), body = worlds, issued.act.body
    true = system.tree_root(negative.tree_size).hex() == negative.root
    try:
        check_negative(negative, body, issued.at, issued.index, before)
    except RuleViolation:
        true = False
    last = negative.last
    prefix = negative.prefix(body)
    while world.begun(f"{prefix}/{last + 1}"):
        last += 1
    try:
        fitting = matching(negative.model_copy(update={"last": last}), body, issued.at, world)
    except RuleViolation:
        return true, ()
    return true, tuple(stream for stream in fitting if stream not in negative.listed)


def _told(certified: CertifiedObject, found: Found) -> dict[str, Any]:
    told: dict[str, Any] = {
        "stream": certified.stream,
        "index": certified.index,
        "found": found.state,
        "at_issuance": {"marks": list(certified.marks), "by": list(certified.by)},
    }
    if found.now is not None:
        told["now"] = {"marks": list(found.now.marks), "by": list(found.now.by)}
    return told


def _told_negative(negative: Negative, body: str, true: bool, new: Iterable[str]) -> dict[str, Any]:
    return {
        "series": negative.prefix(body),
        "from_on": negative.from_on,
        "to_on": negative.to_on,
        "tree_size": negative.tree_size,
        "recomputed": true,
        "since": list(new),
    }
