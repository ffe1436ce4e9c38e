"""Agreements: only by a vote declared approved, numbered without gaps in order of adoption (domain.md §3.6, §4).

Why one vote's agreements are counted completely (A1, and no vote is used twice). An agreement may only follow
the declaration of its vote, so it stands after it in the log; a declared vote's stream ends there, so the
vote's own index is the declaration's. Numbers of one body and year have no gaps and each needs its
predecessor, so a higher number stands later in the log, and the agreements recorded since the declaration are
exactly the numbers n-1, n-2, … down to the first one recorded before it (or the series' first). A vote's
agreements are numbered in its own body and year. Walking down that range therefore meets every agreement that
the vote has made so far; the first one met carries the highest ordinal, because ordinals rise with numbers.
With one session at a time the walk ends at n-1; two sessions of one body at once only make it a little longer.
Imports alone may leave gaps (a remark: what a source did not bring is no reason to refuse what it did); the walk
passes over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.body import NumberingRule
from ledger.domain.acta import refuse_if_sealed
from ledger.domain.agreement_ids import Adopted, Modern, Parsed, check_adopted, check_identifier, parse
from ledger.domain.agreement_state import AgreementState
from ledger.domain.body import BodyState, body_of, rules_of
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import check_predecessor, check_unused, remark_gap, series_stream
from ledger.domain.states import SessionState, VoteState
from ledger.domain.validity import ValidityAct, check_validity, evolve_validity
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.acts.base import Act
    from ledger.acts.body import Rules

__all__ = ["AgreementState", "adopted_since", "check", "evolve"]

MakingAct: TypeAlias = AgreementAdopted | AgreementImported
AgreementAct: TypeAlias = MakingAct | ValidityAct


def check(state: AgreementState | None, signed: Signed, world: World) -> None:
    """Check that an agreement follows from its vote and carries the next number, or what becomes of it later.

    Raises:
        RuleViolation: "already-adopted", "number-gap", "body-unknown", "agreement-year", "vote-unknown",
            "vote-of-other-body", "vote-not-in-basis", "vote-not-approved", "back-dated", "session-not-open",
            "session-not-imported", "ordinal-gap", "text-not-voted", "agreement-out-of-order", "impossible-date",
            "identifier-mismatch", "acta-sealed"; of later acts those of `check_validity`.
    """
    act = _narrow(signed.act)
    if not isinstance(act, AgreementAdopted | AgreementImported):
        check_validity(state, act, signed, world)
        return
    if state is not None:
        raise RuleViolation("already-adopted", agreement=act.stream())
    match act:
        case AgreementAdopted():
            check_unused(signed)
            check_predecessor(world, act.stream(), series_stream(act.stream()))
            _check_adopted(act, signed, world)
        case AgreementImported():
            remark_gap(world, act.stream())
            _check_imported(act, world)
        case _:
            assert_never(act)


def _check_adopted(act: AgreementAdopted, signed: Signed, world: World) -> None:
    world.rule("agreement-vote")
    if act.vote not in signed.statement.basis:
        raise RuleViolation("vote-not-in-basis", vote=act.vote)
    vote = _vote_of(act, act.vote, world)
    if vote.phase != "declared":
        raise RuleViolation("vote-not-approved", vote=act.vote, phase=vote.phase)
    if parse_written(signed.statement.occurred_at) < vote.last_at:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=vote.last_at.isoformat())
    session = read(world, SessionState, stream_name("session", vote.session))
    if session is None or session.phase != "open":
        raise RuleViolation("session-not-open", session=vote.session)
    _check_order(act, vote, world)
    rules = rules_of(body_of(world, act.body), session.day)
    _check_text(act, vote, signed, rules, world)
    numbering = rules.numbering
    world.rule("identifier")
    place = Adopted(session.day, session.series, session.number, vote.item, act.number)
    check_adopted(numbering, place, act.identifier)


def _vote_of(act: MakingAct, stream: str, world: World) -> VoteState:
    """Return the vote, which must be of the agreement's body and year and declared approved (A1)."""
    vote = read(world, VoteState, stream) if kind_of(stream) == "vote" else None
    if vote is None:
        raise RuleViolation("vote-unknown", vote=stream)
    body, year, *_ = vote.session.split("/")
    if body != act.body:
        raise RuleViolation("vote-of-other-body", vote=stream)
    if int(year) != act.year:
        raise RuleViolation("agreement-year", year=act.year, session=vote.session)
    if vote.phase not in {"declared", "imported"} or vote.result != "approved":
        raise RuleViolation("vote-not-approved", vote=stream, phase=vote.phase)
    return vote


def _check_order(act: AgreementAdopted, vote: VoteState, world: World) -> None:
    """Check the ordinal among the vote's agreements and, within a session, the order of its votes (A2)."""
    world.rule("agreement-order")
    expected = 1
    for earlier in adopted_since(act, vote.index, world):
        if earlier.vote == act.vote:
            expected = (earlier.ordinal or 0) + 1
            break
        if earlier.session == vote.session and _vote_number(earlier.vote) > _vote_number(act.vote):
            raise RuleViolation("agreement-out-of-order", vote=act.vote, after=earlier.vote)
    if act.ordinal != expected:
        raise RuleViolation("ordinal-gap", vote=act.vote, ordinal=act.ordinal, expected=expected)


def adopted_since(act: MakingAct, index: int, world: World) -> Iterator[AgreementState]:
    """Yield the agreements of the act's body and year recorded after `index`, latest first."""
    for number in range(act.number - 1, 0, -1):
        earlier = read(world, AgreementState, stream_name("agreement", act.body, act.year, number))
        if earlier is None:
            continue  # a gap that an import left; beyond it may stand what was adopted since
        if earlier.adopted_index < index:
            return
        yield earlier


def _check_text(act: AgreementAdopted, vote: VoteState, signed: Signed, rules: Rules, world: World) -> None:
    """I3: the resolutivos are sealed under the very digests that were named when the vote opened."""
    if not vote.texts:
        if rules.text_before_vote:
            raise RuleViolation("text-not-voted", vote=act.vote)
        return
    world.rule("text-voted")
    sealed = signed.statement.sealed
    said = tuple(sealed.get(f"resolution/{n}", "") for n in range(1, act.resolutions + 1))
    voted = vote.texts[act.ordinal - 1] if act.ordinal <= len(vote.texts) else ()
    if said != voted:
        raise RuleViolation("text-not-voted", vote=act.vote, ordinal=act.ordinal)


def _vote_number(stream: str | None) -> int:
    return 0 if stream is None else int(stream.rpartition("/")[2])


def _check_imported(act: AgreementImported, world: World) -> None:
    """Check what an import can prove: number, identifier and, where the source names it, the vote.

    Which of a vote's agreements it is no source says, so ordinals are reported as not checked.
    """
    body = body_of(world, act.body)
    world.lacks("agreement-order")
    day = calendar_day(act.adopted_on)
    if day.year != act.year:
        raise RuleViolation("agreement-year", year=act.year, adopted_on=act.adopted_on)
    _check_printed(act, body, day, world)
    if act.vote is None:
        world.lacks("agreement-vote")
        return
    world.rule("agreement-vote")
    vote = _vote_of(act, act.vote, world)
    session = read(world, SessionState, stream_name("session", vote.session))
    if session is None or not session.imported:
        raise RuleViolation("session-not-imported", session=vote.session)
    refuse_if_sealed(vote.session, world)
    if session.day != day:
        world.remark("agreement-date", agreement=act.stream(), session_day=session.day.isoformat())


def _check_printed(act: AgreementImported, body: BodyState, day: date, world: World) -> None:
    """Check an imported identifier in the scheme that it is itself of: a body's past may have had several."""
    world.rule("identifier")
    parsed = parse(act.identifier)
    if isinstance(parsed, Parsed) and parsed.form == "CUMULATIVE":
        if parsed.canonical != act.identifier:
            raise RuleViolation("identifier-mismatch", what="canonical", identifier=act.identifier)
        return
    modern = isinstance(parsed, Parsed) and isinstance(parsed.value, Modern)
    adopted = body.rules_on(day)
    code = None if adopted is None else adopted.rules.numbering.body_code
    if code is None and isinstance(parsed, Parsed) and isinstance(parsed.value, Modern):
        world.lacks("identifier-body")
        code = parsed.value.body
    check_identifier(NumberingRule(scheme="ACDO" if modern else "YEARLY"), code, day, act.number, act.identifier)


def evolve(state: AgreementState | None, signed: Signed) -> AgreementState:
    """Return the state after the act; its text never changes, only whether it holds (A3)."""
    act = _narrow(signed.act)
    if not isinstance(act, AgreementAdopted | AgreementImported):
        if state is None:
            raise RuleViolation("agreement-unknown", agreement=act.stream())
        return evolve_validity(state, act, signed)
    occurred_at = signed.statement.occurred_at
    return AgreementState(
        *signed.heading(),
        body=act.body,
        year=act.year,
        number=act.number,
        identifier=act.identifier,
        vote=act.vote,
        ordinal=None if isinstance(act, AgreementImported) else act.ordinal,
        session=None if act.vote is None else "/".join(act.vote.split("/")[1:5]),
        imported=isinstance(act, AgreementImported),
        adopted_index=signed.index,
        adopted_on=calendar_day(act.adopted_on) if isinstance(act, AgreementImported) else legal_day(occurred_at),
        last_at=parse_written(occurred_at),
        resolutions=None if isinstance(act, AgreementImported) else act.resolutions,
        agreement_kind="agreement" if isinstance(act, AgreementImported) else act.agreement_kind,
    )


def _narrow(act: Act) -> AgreementAct:
    if not isinstance(act, AgreementAct):
        raise TypeError(type(act).__name__)
    return act
