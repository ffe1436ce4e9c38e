"""What a session has decided, counted: its close names all its votes and agreements (domain.md §3.3, §8.5)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ledger.domain.rules.numbering import SeriesState
from ledger.domain.states import SETTLED, SessionState, VoteState
from ledger.domain.world import State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.acts.session import SessionClosed


def vote_of(world: World, path: str, number: int) -> VoteState | None:
    """Return the session's n-th vote, or None."""
    return read(world, VoteState, stream_name("vote", path, number))


def last_number(exists: Callable[[int], bool]) -> int:
    """Return the last of the numbers 1, 2, … that exist; there are no gaps, so few need to be asked for."""
    low, high = 0, 1
    while exists(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if exists(middle):
            low = middle
        else:
            high = middle
    return low


def last_vote(world: World, path: str) -> int:
    """Return how many votes the session has had."""
    return last_number(lambda number: world.begun(stream_name("vote", path, number)))


def check_no_vote_pending(path: str, world: World) -> None:
    """Check that the session's last vote is settled.

    Raises:
        RuleViolation: "vote-pending".
    """
    number = last_vote(world, path)
    last = vote_of(world, path, number) if number else None
    if last is not None and last.phase not in SETTLED:
        raise RuleViolation("vote-pending", vote=f"{path}/{number}", phase=last.phase)


def check_voted(path: str, item: int, world: World, named: int | None = None) -> None:
    """Check that an item, said to be resolved, was put to a vote whose declared result decided it.

    Args:
        path: The session's.
        item: The item.
        world: States to read.
        named: The vote, where another item was taken up when it was taken; else one of the current item's.

    Raises:
        RuleViolation: "item-not-voted".
    """
    if named is not None:
        vote = vote_of(world, path, named)
        if vote is not None and item in vote.items and vote.decides:
            return
        raise RuleViolation("item-not-voted", item=item)
    for number in range(last_vote(world, path), 0, -1):
        vote = vote_of(world, path, number)
        if vote is not None and item not in vote.items:
            break
        if vote is not None and vote.decides:
            return
    raise RuleViolation("item-not-voted", item=item)


def check_close(state: SessionState, act: SessionClosed, world: World) -> None:
    """Check that the session had exactly so many votes, all settled, and adopted exactly these agreements.

    Raises:
        RuleViolation: "vote-count", "vote-pending", "agreements-repeat", "agreement-foreign", "agreement-omitted".
    """
    world.rule("completeness")
    first, following = (stream_name("vote", state.path, number) for number in (max(act.votes, 1), act.votes + 1))
    if (act.votes and not world.begun(first)) or world.begun(following):
        raise RuleViolation("vote-count", votes=act.votes, real=last_vote(world, state.path))
    last = vote_of(world, state.path, act.votes) if act.votes else None
    if last is not None and last.phase not in SETTLED:
        raise RuleViolation("vote-pending", vote=f"{state.path}/{act.votes}", phase=last.phase)
    _check_agreements(state, act.agreements, world)


def _check_agreements(state: SessionState, numbers: tuple[int, ...], world: World) -> None:
    """Those named are the session's, and no other of the body's agreements since it opened is.

    Sessions of one body may sit at the same time, so the others' numbers may lie between.
    """
    if any(after <= before for before, after in pairwise(numbers)):
        raise RuleViolation("agreements-repeat")
    for number in numbers:
        if not _is_of(state, _agreement(state, number, world)):
            raise RuleViolation("agreement-foreign", agreement=number, session=state.path)
    series = read(world, SeriesState, stream_name("series", state.body, f"agreement.{state.year}"))
    first = 1 if series is None else series.first
    number = first + last_number(lambda n: world.begun(_agreement_stream(state, first + n - 1))) - 1
    named = frozenset(numbers)
    while number >= first:
        found = _agreement(state, number, world)
        # By its adoption: what later became of it moves the stream's last index. A void one adopted nothing.
        if found is not None and getattr(found, "adopted_index", found.index) < (state.opened_index or 0):
            break
        if number not in named and _is_of(state, found):
            raise RuleViolation("agreement-omitted", agreement=number, session=state.path)
        number -= 1


def _agreement(state: SessionState, number: int, world: World) -> State | None:
    return world.state(_agreement_stream(state, number))


def _agreement_stream(state: SessionState, number: int) -> str:
    return stream_name("agreement", state.body, state.year, number)


def _is_of(state: SessionState, agreement: State | None) -> bool:
    """Tell whether the agreement was adopted by a vote of the session."""
    vote = getattr(agreement, "vote", None)
    return isinstance(vote, str) and vote.startswith(f"vote/{state.path}/")
