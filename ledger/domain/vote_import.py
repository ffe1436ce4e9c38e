"""A vote out of another source: one mark a seat, a mandate on the day, and a result that follows (V3).

Nothing is copied: tally and result are recomputed from the marks. A vote of a chamber has 500 of them, so each
costs one look at its mandate and little more.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from ledger.acts.vote import HERE, Marks
from ledger.domain.acta import refuse_if_sealed
from ledger.domain.body import BodyState, body_of, rules_of
from ledger.domain.convening import held_on
from ledger.domain.mandates import in_force_on, mandate_of
from ledger.domain.rules import majority
from ledger.domain.rules.numbering import remark_gap
from ledger.domain.states import SessionState, VoteState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.vote import VoteImported


def check_imported(state: VoteState | None, act: VoteImported, signed: Signed, world: World) -> None:
    """Check an imported vote.

    Raises:
        RuleViolation: "vote-already-opened", "session-unknown", "session-not-imported", "session-not-in-basis",
            "held-on-mismatch", "item-unknown", "designation-unknown", "seat-twice", "no-vote",
            "no-mandate", "no-marks", "tally-mismatch", "majority-unknown", "result-mismatch", "tally-exceeds-base",
            "acta-sealed".
    """
    if state is not None:
        raise RuleViolation("vote-already-opened", vote=act.vote_path)
    session = _imported_session(act, signed, world)
    remark_gap(world, act.stream())
    body = body_of(world, act.body)
    seats = _check_marks(act, session, body, world)
    _check_result(act, session.day, body, seats, world)


def _imported_session(act: VoteImported, signed: Signed, world: World) -> SessionState:
    stream = stream_name("session", act.session_path)
    session = read(world, SessionState, stream)
    if session is None:
        raise RuleViolation("session-unknown", session=act.session_path)
    if not session.imported:
        raise RuleViolation("session-not-imported", session=act.session_path)
    if stream not in signed.statement.basis:
        raise RuleViolation("session-not-in-basis", session=act.session_path)
    refuse_if_sealed(act.session_path, world)
    if held_on(act.held_on) != session.day:
        raise RuleViolation("held-on-mismatch", held_on=act.held_on, session=session.day.isoformat())
    if not session.items:
        world.lacks("agenda")
    elif act.item not in session.items:
        raise RuleViolation("item-unknown", item=act.item)
    return session


def _check_marks(act: VoteImported, session: SessionState, body: BodyState, world: World) -> int:
    """Return the number of voting seats on the day, after checking every mark against them and its mandate.

    A holder is marked once. That propietario and suplente of one seat are both marked, or one person in two seats
    (D3: mandates are imported as their source has them), is a discrepancy of the source, remarked and not repaired.
    """
    world.rule("one-mark-per-seat")
    world.rule("mandate")
    day = session.day
    voting = {seat.seat for seat in body.seats_on(day) if seat.voting}
    holders: set[str] = set()
    marked: set[str] = set()
    people: set[str] = set()
    twice: list[str] = []
    present: list[str] = []
    for sense, marks in act.marks.by_sense():
        here = sense in HERE
        for mark in marks:
            mandate = mandate_of(world, act.body, mark)
            seat = mandate.seat
            if seat not in voting:
                raise _no_seat(seat, body, day)
            if mark in holders:
                raise RuleViolation("seat-twice", seat=seat)
            holders.add(mark)
            if seat in marked:
                twice.append(seat)
            marked.add(seat)
            people.add(mandate.person)
            if not in_force_on(mandate, day):
                raise RuleViolation("no-mandate", seat=seat, designation=mandate.number, day=day.isoformat())
            if here:
                present.append(seat)
    if twice:
        world.remark("two-holders-marked", vote=act.vote_path, seats=len(twice), first=twice[0])
    if len(people) < len(holders):
        world.remark("person-marked-twice", vote=act.vote_path, marks=len(holders) - len(people))
    if not holders:
        world.lacks("marks")
        if act.published_result is None:
            raise RuleViolation("no-marks", vote=act.vote_path)
    _check_presence(act, session, present, world)
    return len(voting)


def _no_seat(seat: str, body: BodyState, day: date) -> RuleViolation:
    """Tell why a marked seat is not among those that vote."""
    if any(known.seat == seat for known in body.seats_on(day)):
        return RuleViolation("no-vote", seat=seat)
    return RuleViolation("seat-unknown", seat=seat, day=day.isoformat())


def _check_presence(act: VoteImported, session: SessionState, present: list[str], world: World) -> None:
    """S5 where the source has attendance; who voted without standing in it is a discrepancy of the source."""
    if not session.source_has_attendance:
        world.lacks("attendance")
        world.lacks("quorum")
        return
    world.rule("attendance")
    outside = sorted(seat for seat in present if seat not in session.present)
    if outside:
        world.remark("not-in-attendance", vote=act.vote_path, seats=len(outside), first=outside[0])


def _check_result(act: VoteImported, day: date, body: BodyState, seats: int, world: World) -> None:
    world.rule("tally")
    world.rule("majority")
    marks = act.marks
    favor, contra, abstencion = len(marks.favor), len(marks.contra), len(marks.abstencion)
    if (act.favor, act.contra, act.abstencion) != (favor, contra, abstencion):
        raise RuleViolation("tally-mismatch", favor=favor, contra=contra, abstencion=abstencion)
    rules = rules_of(body, day)
    if not any(holders for _sense, holders in marks.by_sense()):
        if act.result != act.published_result:  # what nobody's mark says is as the source has it
            raise RuleViolation("result-mismatch", result=act.result, expected=act.published_result)
        return
    present = favor + contra + abstencion + len(marks.presente)
    if act.published_result not in {None, act.result}:
        world.remark("published-result-differs", vote=act.vote_path, published=act.published_result, result=act.result)
    decided = majority.decide(majority.named(rules, act.majority), favor, contra, abstencion, present, seats)
    if decided == "tied" and rules.casting_vote:
        world.lacks("casting-vote")  # how the chair broke the tie stands in no mark
        return
    expected = majority.declared(rules, decided)
    if act.result != expected:
        raise RuleViolation("result-mismatch", result=act.result, expected=expected)


def evolve_imported(act: VoteImported, signed: Signed) -> VoteState:
    """Return the state of an imported vote."""
    return VoteState(
        *signed.heading(),
        session=act.session_path,
        body=act.body,
        number=act.vote,
        item=act.item,
        method="roll-call",
        majority=act.majority,
        phase="imported",
        last_at=parse_written(signed.statement.occurred_at),
        eligible_count=act.favor + act.contra + act.abstencion + len(act.marks.presente),
        favor=act.favor,
        contra=act.contra,
        abstencion=act.abstencion,
        voters=act.favor + act.contra + act.abstencion,
        result=act.result,
        imported=True,
        marks=_shared(act.marks),
    )


def _shared(marks: Marks) -> Marks:
    """Return the marks with one string for each holder, who is named in many votes."""
    return marks.model_copy(update={sense: tuple(map(intern, holders)) for sense, holders in marks.by_sense()})
