"""What of one entry's sealed text is withheld, why and until when (domain.md §3.17, T1–T5; LGTAIP 2025 arts. 102–115).

    proposed → confirmed | modified | revoked      by the Comité's vote
    in force → extended once → expired (computed)
             → declassified, name by name

That a term has ended is computed: from that day the text may be published, with or without an act that says so (T5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.classification import (
    ClassificationProposed,
    ClassificationResolved,
    Declassified,
    ReservationExtended,
)
from ledger.domain.acta import ActaState
from ledger.domain.agreement_state import AgreementState
from ledger.domain.classification_state import STANDING, ClassificationState, Classified, decision_adopted
from ledger.domain.rules.committee import check_committee_vote
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.transparency_states import AccessState, PublicationState, VersionState
from ledger.domain.unit import unit_on
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, stream_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from ledger.acts.base import Act

MAX_YEARS = 5
"""Of a reservation, and of its one extension (LGTAIP art. 104)."""
DELIBERATION = "VIII"
LaterAct: TypeAlias = ClassificationResolved | ReservationExtended | Declassified
ClassificationAct: TypeAlias = ClassificationProposed | LaterAct


def add_years(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March where the year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, month=3, day=1)


def check(state: ClassificationState | None, signed: Signed, world: World) -> None:
    """Check an act on the classification of an entry's text.

    Raises:
        RuleViolation: "not-yet-recorded", "proposal-gap", "proposal-unknown", "classification-settled",
            "classification-object", "classification-blanket", "classification-without-trigger",
            "classification-excluded", "classification-ground", "reservation-without-term", "confidential-has-no-term",
            "reservation-too-long", "reservation-backwards", "already-classified", "already-public",
            "decision-adopted", "deliberation-unnamed", "name-repeated", "name-not-classified", "modification-empty",
            "reservation-expired", "already-extended", "reservation-not-expired", "declassification-cause",
            "not-reserved", "unit-unknown", "unit-suppressed", "not-of-the-unit", "impossible-date", and those of
            `check_committee_vote`.
    """
    act = _narrow(signed.act)
    world.rule("classification")
    if isinstance(act, ClassificationProposed):
        _check_proposed(state, act, signed, world)
        return
    part = None if state is None else state.parts.get(act.proposal)
    if state is None or part is None:
        raise RuleViolation("proposal-unknown", index=act.index, proposal=act.proposal)
    match act:
        case ClassificationResolved():
            _check_resolved(part, act, signed, world)
        case ReservationExtended():
            _check_extended(part, act, signed, world)
        case Declassified():
            _check_declassified(part, act, signed, world)
        case _:
            assert_never(act)


# -- proposals ---------------------------------------------------------------------------------------------------------


def _check_proposed(
    state: ClassificationState | None, act: ClassificationProposed, signed: Signed, world: World
) -> None:
    today = legal_day(signed.statement.occurred_at)
    if act.index >= signed.index:
        raise RuleViolation("not-yet-recorded", index=act.index)
    expected = 1 if state is None else len(state.parts) + 1
    if act.proposal != expected:
        raise RuleViolation("proposal-gap", proposal=act.proposal, expected=expected)
    _check_trigger(act, signed, world)
    _check_object(state, act, world)
    unit_on(world, act.unit, today)
    check_liaison(signed, act.unit, world)
    _check_ground(act, today, world)
    _check_free(state, act, today, world)


def _check_trigger(act: ClassificationProposed, signed: Signed, world: World) -> None:
    """T1: a request for that information, an authority's resolution, or a public version in preparation (102–103)."""
    world.rule("classification-trigger")
    stands = False
    if act.trigger == "authority-resolution":
        stands = act.resolution is not None and act.by is None
    elif act.by is not None and act.resolution is None:
        found = world.state(act.by) if kind_of(act.by) in {"access", "version"} else None
        stands = found is not None and signed.statement.basis.get(act.by) == found.statement
        if isinstance(found, VersionState):
            wanted = {name for name, _ in found.redactions}
            stands &= act.trigger == "public-version" and found.index_of == act.index and wanted >= set(act.names)
        elif isinstance(found, AccessState):
            stands &= act.trigger == "request" and found.right == "information" and found.phase != "resolved"
    if not stands:
        raise RuleViolation("classification-without-trigger", trigger=act.trigger, by=act.by or "")


def _check_object(state: ClassificationState | None, act: ClassificationProposed, world: World) -> None:
    """T2: one item, whose entry is the named object's, and never all of its text."""
    found = world.state(act.object)
    if found is None or act.index > found.index or (state is not None and state.object != act.object):
        raise RuleViolation("classification-object", object=act.object, index=act.index)
    if len(set(act.names)) != len(act.names):
        raise RuleViolation("name-repeated", index=act.index)
    closed = {*act.names, *(name for part in (state.parts.values() if state else ()) for name in part.names)}
    if _is_whole(found, act.index, closed):
        raise RuleViolation("classification-blanket", object=act.object, index=act.index)


def _is_whole(found: State, index: int, closed: Collection[str]) -> bool:
    """Tell whether nothing of the object's text would be left: of an agreement its title and resolutivos."""
    match found:
        case AgreementState(adopted_index=place, resolutions=int(count)) if place == index:
            return {"title", *(f"resolution/{n}" for n in range(1, count + 1))} <= set(closed)
        case ActaState(drafted_index=place) if place == index:
            return sum(name.startswith("block/") for name in closed) >= found.blocks
        case _:
            return False


def _check_ground(act: ClassificationProposed, today: date, world: World) -> None:
    """A reservation names its cause and its term of at most five years; what is confidential has neither."""
    if act.character == "confidential":
        if act.ground is None or act.fraction is not None:
            raise RuleViolation("classification-ground", character=act.character)
        if act.until_on is not None:
            raise RuleViolation("confidential-has-no-term", index=act.index)
        return
    if act.fraction is None or act.ground is not None:
        raise RuleViolation("classification-ground", character=act.character)
    if act.excluded:
        raise RuleViolation("classification-excluded", index=act.index)
    if act.until_on is None:
        raise RuleViolation("reservation-without-term", index=act.index)
    from_on = calendar_day(act.from_on)
    if from_on > today:
        raise RuleViolation("reservation-backwards", from_on=act.from_on)
    check_term(from_on, calendar_day(act.until_on))
    if (act.fraction == DELIBERATION) != (act.session is not None and act.item is not None):
        raise RuleViolation("deliberation-unnamed", index=act.index)
    if decision_adopted(_part(act), world):
        raise RuleViolation("decision-adopted", index=act.index)


def check_term(from_on: date, until_on: date) -> None:
    """Check that a term ends after it begins and within five years (LGTAIP art. 104).

    Raises:
        RuleViolation: "reservation-backwards", "reservation-too-long".
    """
    if until_on <= from_on:
        raise RuleViolation("reservation-backwards", from_on=from_on.isoformat(), until_on=until_on.isoformat())
    if until_on > add_years(from_on, MAX_YEARS):
        raise RuleViolation("reservation-too-long", from_on=from_on.isoformat(), until_on=until_on.isoformat())


def _check_free(state: ClassificationState | None, act: ClassificationProposed, today: date, world: World) -> None:
    """What is public stays so, nothing is classified twice, and what article 114 excludes is excluded for good (T3)."""
    published = read(world, PublicationState, stream_name("publication", act.index))
    for name in act.names:
        if published is not None and published.opens(name):
            raise RuleViolation("already-public", index=act.index, name=name)
        if state is None:
            continue
        if name in state.barred and act.character == "reserved":
            raise RuleViolation("classification-excluded", index=act.index, name=name)
        if state.withholding(name, today, world) is not None:
            raise RuleViolation("already-classified", index=act.index, name=name)


# -- what becomes of them ----------------------------------------------------------------------------------------------


def _check_resolved(part: Classified, act: ClassificationResolved, signed: Signed, world: World) -> None:
    if part.phase != "proposed":
        raise RuleViolation("classification-settled", index=act.index, phase=part.phase)
    check_committee_vote(signed, act.body, act.vote, world)
    _check_names(part, act.names)
    if act.outcome != "modified":
        if act.names or act.until_on is not None:
            raise RuleViolation("modification-empty", outcome=act.outcome)
        return
    until_on = part.until_on if act.until_on is None else calendar_day(act.until_on)
    if (frozenset(act.names) or part.names, until_on) == (part.names, part.until_on):
        raise RuleViolation("modification-empty", outcome=act.outcome)
    if until_on is not None:
        if part.until_on is None:
            raise RuleViolation("confidential-has-no-term", index=act.index)
        check_term(part.from_on, until_on)


def _check_names(part: Classified, names: Iterable[str]) -> None:
    for name in names:
        if name not in part.names:
            raise RuleViolation("name-not-classified", name=name)


def _check_extended(part: Classified, act: ReservationExtended, signed: Signed, world: World) -> None:
    if part.phase not in STANDING or part.until_on is None:
        raise RuleViolation("not-reserved", index=act.index, proposal=act.proposal)
    if part.extended:
        raise RuleViolation("already-extended", index=act.index)
    if not part.in_force_on(legal_day(signed.statement.occurred_at)) or decision_adopted(part, world):
        raise RuleViolation("reservation-expired", index=act.index, until_on=part.until_on.isoformat())
    check_committee_vote(signed, act.body, act.vote, world)
    check_term(part.until_on, calendar_day(act.until_on))


def _check_declassified(part: Classified, act: Declassified, signed: Signed, world: World) -> None:
    if part.phase not in STANDING:
        raise RuleViolation("not-reserved", index=act.index, proposal=act.proposal)
    _check_names(part, act.names)
    match act.cause:
        case "expired":
            if part.until_on is None or part.in_force_on(legal_day(signed.statement.occurred_at)):
                raise RuleViolation("reservation-not-expired", index=act.index)
        case "decision-adopted":
            if not decision_adopted(part, world):
                raise RuleViolation("declassification-cause", cause=act.cause)
        case "order":
            if act.resolution is None:
                raise RuleViolation("declassification-cause", cause=act.cause)
        case "committee":
            check_committee_vote(signed, act.body, act.vote, world)
        case "cause-ceased" | "human-rights-corruption":
            pass  # the reason is sealed; that the first has one, the schema requires
        case _:
            assert_never(act.cause)


def evolve(state: ClassificationState | None, signed: Signed) -> ClassificationState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    if isinstance(act, ClassificationProposed):
        parts = {} if state is None else state.parts
        barred = frozenset[str]() if state is None else state.barred
        return ClassificationState(version, index, statement, act.object, {**parts, act.proposal: _part(act)}, barred)
    if state is None:
        raise RuleViolation("proposal-unknown", index=act.index, proposal=act.proposal)
    barred = state.barred
    if isinstance(act, Declassified) and act.cause == "human-rights-corruption":
        barred |= frozenset(act.names) or state.parts[act.proposal].names
    parts = {**state.parts, act.proposal: _after(state.parts[act.proposal], act)}
    return ClassificationState(version, index, statement, state.object, parts, barred)


def _part(act: ClassificationProposed) -> Classified:
    return Classified(
        frozenset(act.names),
        act.character,
        act.fraction,
        calendar_day(act.from_on),
        None if act.until_on is None else calendar_day(act.until_on),
        session=act.session,
        item=act.item,
    )


def _after(part: Classified, act: LaterAct) -> Classified:
    match act:
        case ClassificationResolved(outcome="revoked"):
            return replace(part, phase="revoked", names=frozenset())
        case ClassificationResolved():
            until_on = part.until_on if act.until_on is None else calendar_day(act.until_on)
            return replace(part, phase=act.outcome, names=frozenset(act.names) or part.names, until_on=until_on)
        case ReservationExtended():
            return replace(part, extended=True, until_on=calendar_day(act.until_on))
        case Declassified():
            left = part.names - frozenset(act.names) if act.names else frozenset[str]()
            return replace(part, names=left, phase=part.phase if left else "declassified")
        case _:
            assert_never(act)


def _narrow(act: Act) -> ClassificationAct:
    if not isinstance(act, ClassificationAct):
        raise TypeError(type(act).__name__)
    return act
