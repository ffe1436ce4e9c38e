"""Who holds a seat, as propietario or suplente, from when to when (domain.md §3.8; LSS 258, 263, 265).

Designations to a seat are numbered from 1 without gaps, one stream each, so that all of a seat's holders are
found by counting. At any instant a seat has at most one propietario and one suplente (D1); a propietario on
leave still holds the title.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.designation import (
    DesignationEnded,
    DesignationImported,
    DesignationMade,
    DesignationRegistered,
    LeaveEnded,
    LeaveGranted,
    OfDesignation,
)
from ledger.domain.body import body_of
from ledger.domain.rules import terms
from ledger.domain.rules.approval import approved_vote
from ledger.domain.rules.numbering import check_predecessor, remark_gap
from ledger.domain.rules.one_seat import Title, check_one_voting_seat
from ledger.domain.trust import founding
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.acts.base import Act

MadeAct: TypeAlias = DesignationRegistered | DesignationImported
DesignationAct: TypeAlias = MadeAct | DesignationEnded | LeaveGranted | LeaveEnded


@dataclass(frozen=True, slots=True)
class DesignationState(State):
    """The n-th designation to a seat.

    ends_at: first instant after the term, as designated or as ended before.
    leaves: half-open spans of leave, in order; the last may be open.
    cause: why it ended before its time; None while it was not ended by an act.
    way: what proves it: paper, an import, a vote of the competent body, an oficio.
    provisional: in force, and the competent body has yet to ratify; False once it has.
    proposal: number of the proposal to the seat that a vote approved.
    resigned_from: from when on the holder resigned; None while he has not.
    """

    body: str
    seat: str
    number: int
    person: str
    capacity: str
    begins_at: datetime
    ends_at: datetime | None
    leaves: tuple[tuple[datetime, datetime | None], ...] = ()
    imported: bool = False
    cause: str | None = None
    way: Literal["paper", "import", "vote", "oficio"] = "paper"
    provisional: bool = False
    proposal: int | None = None
    resigned_from: datetime | None = None

    @property
    def stream(self) -> str:
        """The designation's own stream."""
        return stream_name("designation", self.body, self.seat, self.number)

    def in_force_at(self, instant: datetime) -> bool:
        """Tell whether he holds the seat at the instant: within the term and not on leave."""
        return terms.in_force(self.begins_at, self.ends_at, self.leaves, instant)

    def holds_title_at(self, instant: datetime) -> bool:
        """Tell whether the designation stands at the instant, on leave or not."""
        return terms.within(self.begins_at, self.ends_at, instant)

    def next_change(self, after: datetime) -> datetime | None:
        """Return the first instant later than `after` at which he may begin or cease to hold the seat."""
        return terms.next_change(self.begins_at, self.ends_at, self.leaves, after)


def designations_of(world: World, body: str, seat: str, first: int = 1) -> Iterator[DesignationState]:
    """Yield the designations to a seat in their order, from number `first` on."""
    number = first
    while world.begun(stream := stream_name("designation", body, seat, number)):
        state = read(world, DesignationState, stream)
        if state is not None:  # a void act uses its number and designates nobody
            yield state
        number += 1


def holder_at(world: World, body: str, seat: str, number: int, instant: datetime) -> DesignationState:
    """Return the designation in virtue of which the seat is held at the instant.

    Where the body's rules let holders continue until replaced, a term that merely ran out counts until the
    next designation of the same capacity begins (D6).

    Args:
        world: States to read.
        body: The body.
        seat: The seat; it must exist on the instant's own day.
        number: The designation's number.
        instant: Aware; its date as written is the legal day.

    Raises:
        RuleViolation: "body-unknown", "seat-unknown", "not-in-office".
    """
    state = read(world, DesignationState, stream_name("designation", body, seat, number))
    of_body = body_of(world, body)
    found = of_body.seat(seat)
    if found is None or not of_body.exists_on(instant.date()) or not found.exists_on(instant.date()):
        raise RuleViolation("seat-unknown", body=body, seat=seat)
    if state is not None and (state.in_force_at(instant) or holds_over(world, state, instant)):
        return state
    raise RuleViolation("not-in-office", body=body, seat=seat, designation=number, at=instant.isoformat())


def holds_over(world: World, state: DesignationState, instant: datetime) -> bool:
    """Tell whether a term that ran out still counts at the instant (D6: only where the rules say so)."""
    if state.ends_at is None or instant < state.ends_at or state.cause is not None:
        return False
    adopted = body_of(world, state.body).rules_on(instant.date())
    if adopted is None or not adopted.rules.holdover:
        return False
    if not terms.in_force(state.begins_at, state.ends_at, state.leaves, instant, holdover=True):
        return False
    return not any(other.begins_at <= instant for other in successors(world, state))


def successors(world: World, state: DesignationState) -> Iterator[DesignationState]:
    """Yield the later designations to the same seat in the same capacity: whoever holds over ends with their begin."""
    for other in designations_of(world, state.body, state.seat, state.number + 1):
        if other.capacity == state.capacity:
            yield other


def holders_at(world: World, body: str, seat: str, instant: datetime) -> tuple[DesignationState, ...]:
    """Return who holds the seat at the instant: propietario, suplente, both or none (then it is vacant)."""
    return tuple(
        state
        for state in designations_of(world, body, seat)
        if state.in_force_at(instant) or holds_over(world, state, instant)
    )


def check(state: DesignationState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `designation/<body>/<seat>/<n>`.

    Raises:
        RuleViolation: "designation-already-made", "designation-unknown", "number-gap", "body-unknown",
            "body-extinct", "seat-unknown", "seat-occupied", "person-seated", "person-unknown", "dates-out-of-order",
            "outside-term", "already-ended", "already-on-leave", "not-on-leave", and those of `approved_vote`.
    """
    act = _narrow(signed.act)
    world.rule("designations")
    if isinstance(act, DesignationRegistered | DesignationImported):
        check_made(state, act, world)
        if isinstance(act, DesignationImported) and act.vote is not None:
            approved_vote(act.vote.split("/")[1], act.vote, signed, world)  # of whichever body the source names
        return
    state = standing(state, act)
    match act:
        case DesignationEnded():
            _check_ended(state, act, world)
        case LeaveGranted():
            _check_leave(state, act)
        case LeaveEnded():
            _check_return(state, act)
        case _:
            assert_never(act)


def standing(state: DesignationState | None, act: OfDesignation) -> DesignationState:
    """Return the designation that a later act is about: made, and not ended by an act.

    Raises:
        RuleViolation: "designation-unknown", "already-ended".
    """
    if state is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.number)
    if state.cause is not None:
        raise RuleViolation("already-ended", seat=act.seat, number=act.number, cause=state.cause)
    return state


def check_made(state: DesignationState | None, act: DesignationMade, world: World) -> None:
    """Check what is so of every designation: term, seat, person, number, and that the seat is vacant (D1).

    Raises:
        RuleViolation: "designation-already-made", "number-gap", "body-unknown", "body-extinct", "seat-unknown",
            "seat-occupied", "person-unknown", "dates-out-of-order".
    """
    if state is not None:
        raise RuleViolation("designation-already-made", seat=act.seat, number=act.number)
    begins, ends = parse_written(act.begins_at), _instant(act.ends_at)
    if ends is not None and ends <= begins:
        raise RuleViolation("dates-out-of-order", begins_at=act.begins_at, ends_at=act.ends_at)
    body, day = body_of(world, act.body), legal_day(act.begins_at)
    if not body.exists_on(day):
        raise RuleViolation("body-extinct", body=act.body)
    seat = body.seat(act.seat)
    if seat is None or not seat.exists_on(day):
        raise RuleViolation("seat-unknown", body=act.body, seat=act.seat, day=day.isoformat())
    if world.state(stream_name("person", act.person)) is None and act.person not in founding(world).founding_persons:
        raise RuleViolation("person-unknown", person=act.person)
    if isinstance(act, DesignationImported):
        remark_gap(world, act.stream())
        if act.derived:
            world.remark("mandate-dates-derived", seat=act.seat, number=act.number)
    else:
        check_predecessor(world, act.stream())
    _check_vacant(act, (begins, ends), world)
    if not isinstance(act, DesignationImported) and act.capacity == "propietario" and seat.voting:
        check_one_voting_seat(act.person, body, seat, (begins, ends), lambda name: _titles(world, act.body, name))


def _check_vacant(act: DesignationMade, span: terms.Span, world: World) -> None:
    """D1: no other designation of the same capacity shares an instant with this one."""
    world.rule("one-holder")
    for number in range(act.number - 1, 0, -1):
        other = read(world, DesignationState, stream_name("designation", act.body, act.seat, number))
        if other is None or other.capacity != act.capacity:
            continue
        if terms.overlap((other.begins_at, other.ends_at), span):
            raise RuleViolation("seat-occupied", body=act.body, seat=act.seat, designation=number)


def _titles(world: World, body: str, seat: str) -> Iterator[Title]:
    for state in designations_of(world, body, seat):
        if state.capacity == "propietario":
            yield Title(state.person, state.number, (state.begins_at, state.ends_at))


def _check_ended(state: DesignationState, act: DesignationEnded, world: World) -> None:
    ended = parse_written(act.ended_at)
    if ended < state.begins_at or (state.leaves and ended < state.leaves[-1][0]):
        raise RuleViolation("dates-out-of-order", begins_at=state.begins_at.isoformat(), ended_at=act.ended_at)
    if state.ends_at is not None and ended > state.ends_at and not holds_over(world, state, ended):
        raise RuleViolation("outside-term", ends_at=state.ends_at.isoformat(), ended_at=act.ended_at)


def _check_leave(state: DesignationState, act: LeaveGranted) -> None:
    begins = parse_written(act.begins_at)
    if not state.holds_title_at(begins):
        raise RuleViolation("outside-term", begins_at=act.begins_at)
    if not state.leaves:
        return
    last = state.leaves[-1][1]
    if last is None:
        raise RuleViolation("already-on-leave", seat=act.seat, number=act.number)
    if begins < last:
        raise RuleViolation("dates-out-of-order", begins_at=act.begins_at, last=last.isoformat())


def _check_return(state: DesignationState, act: LeaveEnded) -> None:
    ends = parse_written(act.ends_at)
    if not state.leaves or state.leaves[-1][1] is not None:
        raise RuleViolation("not-on-leave", seat=act.seat, number=act.number)
    if ends <= state.leaves[-1][0]:
        raise RuleViolation("dates-out-of-order", begins_at=state.leaves[-1][0].isoformat(), ends_at=act.ends_at)
    if not state.holds_title_at(ends):
        raise RuleViolation("outside-term", ends_at=act.ends_at)


def evolve(state: DesignationState | None, signed: Signed) -> DesignationState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    if isinstance(act, DesignationRegistered | DesignationImported):
        return made(act, signed)
    if state is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.number)
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case DesignationEnded():
            return replace(moved, ends_at=parse_written(act.ended_at), cause=act.cause)
        case LeaveGranted():
            return replace(moved, leaves=(*state.leaves, (parse_written(act.begins_at), None)))
        case LeaveEnded():
            begins, _ = state.leaves[-1]
            return replace(moved, leaves=(*state.leaves[:-1], (begins, parse_written(act.ends_at))))
        case _:
            assert_never(act)


def made(act: DesignationMade, signed: Signed) -> DesignationState:
    """Return the state of a designation that was just made."""
    version, index, statement = signed.heading()
    return DesignationState(
        version=version,
        index=index,
        statement=statement,
        body=act.body,
        seat=act.seat,
        number=act.number,
        person=act.person,
        capacity=act.capacity,
        begins_at=parse_written(act.begins_at),
        ends_at=_instant(act.ends_at),
        imported=isinstance(act, DesignationImported),
        way="import" if isinstance(act, DesignationImported) else "paper",
        provisional=isinstance(act, DesignationRegistered) and act.effect == "provisional",
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_written(text)


def _narrow(act: Act) -> DesignationAct:
    if not isinstance(act, DesignationRegistered | DesignationImported | DesignationEnded | LeaveGranted | LeaveEnded):
        raise TypeError(type(act).__name__)
    return act
