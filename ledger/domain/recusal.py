"""Who does not take part in an item: excused, challenged, excluded, readmitted (LSS 263 ¶7–8; LFPA 21–27; R14, R15).

A recused seat leaves the base of the item's votes and stays in the session's quorum. While a challenge is not
decided the item is not voted; whoever it concerns does not decide it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.session import MemberRecused, RecusalChallenged, RecusalResolved
from ledger.domain.attendance import check_actor, check_phase, seat_of_office
from ledger.domain.body import body_of
from ledger.domain.completeness import check_no_vote_pending
from ledger.domain.states import ALIVE, ItemState, SessionState
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.domain.world import Signed, World

RecusalAct: TypeAlias = MemberRecused | RecusalChallenged | RecusalResolved


def pending_item(state: SessionState, item: int) -> ItemState:
    """Return a listed item that is not concluded.

    Raises:
        RuleViolation: "item-unknown", "item-concluded".
    """
    found = state.items.get(item)
    if found is None:
        raise RuleViolation("item-unknown", item=item)
    if found.outcome is not None:
        raise RuleViolation("item-concluded", item=item, outcome=found.outcome)
    return found


def check(state: SessionState, act: RecusalAct, signed: Signed, world: World) -> None:
    """Check a recusal, a challenge or its decision.

    Raises:
        RuleViolation: "session-phase", "item-unknown", "item-concluded", "seat-unknown", "already-recused",
            "not-recused", "not-present", "own-case", "challenge-pending", "challenge-unknown", "vote-pending".
    """
    world.rule("recusal")
    check_phase(state, *ALIVE)
    item = pending_item(state, act.item)
    match act:
        case MemberRecused():
            _check_seat(state, act.seat, world)
            if act.seat in item.recused:
                raise RuleViolation("already-recused", seat=act.seat, item=act.item)
        case RecusalChallenged():
            _check_challenged(state, item, act, world)
        case RecusalResolved():
            if act.challenged not in item.challenges:
                raise RuleViolation("challenge-unknown", seat=act.challenged, item=act.item)
            if seat_of_office(signed.statement.office, state.body) == act.challenged:
                raise RuleViolation("own-case", seat=act.challenged)
            check_actor(state, signed, world)
            check_no_vote_pending(state.path, world)
        case _:
            assert_never(act)


def _check_seat(state: SessionState, seat: str, world: World) -> None:
    if not any(other.seat == seat for other in body_of(world, state.body).seats_on(state.day)):
        raise RuleViolation("seat-unknown", seat=seat)


def _check_challenged(state: SessionState, item: ItemState, act: RecusalChallenged, world: World) -> None:
    """Who is there asks it of another seat, which is not as he wants it already."""
    _check_seat(state, act.challenged, world)
    if act.seat not in state.present:
        raise RuleViolation("not-present", seat=act.seat)
    if act.seat == act.challenged:
        raise RuleViolation("own-case", seat=act.seat)
    if act.challenged in item.challenges:
        raise RuleViolation("challenge-pending", seat=act.challenged, item=act.item)
    if (act.challenged in item.recused) != (act.asks == "return"):
        code = "not-recused" if act.asks == "return" else "already-recused"
        raise RuleViolation(code, seat=act.challenged, item=act.item)
    check_no_vote_pending(state.path, world)


def after(item: ItemState, act: RecusalAct) -> ItemState:
    """Return the item after a lawful recusal, challenge or decision."""
    match act:
        case MemberRecused():
            return replace(item, recused=item.recused | {act.seat})
        case RecusalChallenged():
            return replace(item, challenges={**item.challenges, act.challenged: act.asks})
        case RecusalResolved():
            rest = {seat: asks for seat, asks in item.challenges.items() if seat != act.challenged}
            recused = item.recused
            if act.upheld:
                asked = item.challenges[act.challenged]
                recused = recused | {act.challenged} if asked == "exclude" else recused - {act.challenged}
            return replace(item, challenges=rest, recused=recused)
        case _:
            assert_never(act)


def check_no_challenge(state: SessionState, item: int) -> None:
    """Check that no challenge is left undecided of the item.

    Raises:
        RuleViolation: "challenge-pending".
    """
    for seat in state.items[item].challenges:
        raise RuleViolation("challenge-pending", seat=seat, item=item)
