"""Notes that a source keeps beside a roll: late votes, changed ones, late arrivals (product.md §2, no. 1).

A note is an act of its own. It changes neither the vote's marks nor its tally: both are shown, and whoever counts says
which he counts. What a note says is compared with the roll: how it says that somebody was marked must be how he was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from ledger.acts.imported import NoteImported
from ledger.domain.mandates import in_force_on, mandate_of
from ledger.domain.rules.numbering import remark_gap
from ledger.domain.states import SessionState, VoteState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.imported import Correction

S = TypeVar("S", bound=State)


@dataclass(frozen=True, slots=True)
class NoteState(State):
    """A note of a session; about a vote, or (None) about attendance."""

    session: str
    vote: int | None


def check(state: NoteState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `note/<body>/<year>/<series>/<session>/<n>`.

    Raises:
        RuleViolation: "note-already-made", "session-unknown", "session-not-imported", "session-not-in-basis",
            "vote-unknown", "vote-not-in-basis", "seat-twice", "designation-unknown", "no-mandate", "mark-differs",
            "correction-unfit".
    """
    act = _narrow(signed.act)
    world.rule("notes")
    if state is not None:
        raise RuleViolation("note-already-made", note=act.stream())
    session = _resting_on(SessionState, stream_name("session", act.session_path), "session", signed, world)
    if not session.imported:
        raise RuleViolation("session-not-imported", session=act.session_path)
    vote = None
    if act.vote is not None:
        vote = _resting_on(VoteState, stream_name("vote", act.session_path, act.vote), "vote", signed, world)
    remark_gap(world, act.stream())
    if act.unread:
        world.remark("note-not-read", note=act.stream(), names=act.unread)
    seen: set[str] = set()
    for each in act.corrections:
        holder = f"{each.seat}/{each.designation}"
        if holder in seen:
            raise RuleViolation("seat-twice", seat=each.seat)
        seen.add(holder)
        if not in_force_on(mandate_of(world, act.body, holder), session.day):
            raise RuleViolation("no-mandate", seat=each.seat, designation=each.designation, day=str(session.day))
        if vote is None:
            _check_presence(each)
        else:
            _check_mark(act, each, vote.sense_of(holder), world)


def _resting_on(cls: type[S], stream: str, what: str, signed: Signed, world: World) -> S:
    found = read(world, cls, stream)
    if found is None:
        raise RuleViolation(f"{what}-unknown", stream=stream)
    if signed.statement.basis.get(stream) != found.statement:
        raise RuleViolation(f"{what}-not-in-basis", stream=stream)
    return found


def _check_mark(act: NoteImported, each: Correction, marked: str | None, world: World) -> None:
    if each.now == "presente":
        raise RuleViolation("correction-unfit", seat=each.seat, now=each.now)
    if each.was != marked:
        raise RuleViolation("mark-differs", seat=each.seat, was=each.was or "", marked=marked or "")
    if each.now == marked:
        world.remark("correction-of-nothing", note=act.stream(), seat=each.seat)


def _check_presence(each: Correction) -> None:
    """Who answered another of the day's calls may well be noted beside this one."""
    if each.now != "presente" or each.was is not None:
        raise RuleViolation("correction-unfit", seat=each.seat, now=each.now)


def evolve(_state: NoteState | None, signed: Signed) -> NoteState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return NoteState(*signed.heading(), act.session_path, act.vote)


def _narrow(act: Act) -> NoteImported:
    if not isinstance(act, NoteImported):
        raise TypeError(type(act).__name__)
    return act
