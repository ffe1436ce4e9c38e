"""The items of a session: listed, taken up one at a time, concluded (domain.md §3.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.session import InterventionRecorded, ItemAdded, ItemConcluded, ItemOpened, MemberRecused
from ledger.domain.attendance import check_actor, check_phase
from ledger.domain.body import body_of
from ledger.domain.completeness import check_no_vote_pending, check_voted
from ledger.domain.states import ALIVE, ItemState, SessionState
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.session import AgendaEntry
    from ledger.domain.world import Signed, World

ItemAct: TypeAlias = ItemAdded | ItemOpened | ItemConcluded | MemberRecused | InterventionRecorded
_UNOPENED = frozenset({"deferred", "withdrawn", "referred"})


def check(state: SessionState, act: ItemAct, signed: Signed, world: World) -> None:
    """Check an act on an item of a session.

    Raises:
        RuleViolation: as the checks below.
    """
    match act:
        case ItemAdded():
            check_item_added(state, act)
        case ItemOpened():
            check_item_opened(state, act, signed, world)
        case ItemConcluded():
            check_item_concluded(state, act, signed, world)
        case MemberRecused():
            check_recused(state, act, world)
        case InterventionRecorded():
            check_intervention(state, act)
        case _:
            assert_never(act)


def after(state: SessionState, act: ItemAct) -> SessionState:
    """Return the session after a lawful act on an item."""
    match act:
        case ItemAdded():
            return replace(state, items={**state.items, act.item: ItemState(act.item_kind)})
        case ItemOpened():
            return replace(state, current_item=act.item)
        case ItemConcluded():
            ended = replace(state.items[act.item], outcome=act.outcome)
            current = None if state.current_item == act.item else state.current_item
            return replace(state, items={**state.items, act.item: ended}, current_item=current)
        case MemberRecused():
            item = state.items[act.item]
            without = replace(item, recused=item.recused | {act.seat})
            return replace(state, items={**state.items, act.item: without})
        case InterventionRecorded():
            return state
        case _:
            assert_never(act)


def check_agenda(items: Iterable[AgendaEntry]) -> None:
    """Check that items are listed in the order of their numbers, from 1 on.

    Raises:
        RuleViolation: "item-gap".
    """
    for expected, entry in enumerate(items, 1):
        if entry.item != expected:
            raise RuleViolation("item-gap", item=entry.item, expected=expected)


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


def check_item_opened(state: SessionState, act: ItemOpened, signed: Signed, world: World) -> None:
    """Check that the body may take up the item: one at a time, each once.

    Raises:
        RuleViolation: "session-phase", "in-recess", "item-unknown", "item-concluded", "item-open", "not-present",
            "recused".
    """
    check_phase(state, "open")
    pending_item(state, act.item)
    if state.current_item is not None:
        raise RuleViolation("item-open", item=state.current_item)
    check_actor(state, signed, world, act.item)


def check_item_concluded(state: SessionState, act: ItemConcluded, signed: Signed, world: World) -> None:
    """Check that an item may end; what was not taken up may only be put off, withdrawn or referred.

    Raises:
        RuleViolation: "session-phase", "in-recess", "item-unknown", "item-concluded", "item-not-open",
            "not-present", "recused", "vote-pending", "item-not-voted".
    """
    check_phase(state, "open")
    pending_item(state, act.item)
    if state.current_item != act.item and (state.current_item is not None or act.outcome not in _UNOPENED):
        raise RuleViolation("item-not-open", item=act.item, current=state.current_item)
    check_actor(state, signed, world, act.item)
    if state.current_item == act.item:
        check_no_vote_pending(state.path, world)
        if act.outcome == "resolved":
            check_voted(state.path, act.item, world)


def check_recused(state: SessionState, act: MemberRecused, world: World) -> None:
    """Check a recusal: it leaves the base of the item's votes and stays in the session's quorum (R14).

    Raises:
        RuleViolation: "session-phase", "item-unknown", "item-concluded", "seat-unknown", "already-recused".
    """
    world.rule("recusal")
    check_phase(state, *ALIVE)
    item = pending_item(state, act.item)
    if not any(seat.seat == act.seat for seat in body_of(world, state.body).seats_on(state.day)):
        raise RuleViolation("seat-unknown", seat=act.seat)
    if act.seat in item.recused:
        raise RuleViolation("already-recused", seat=act.seat, item=act.item)


def check_intervention(state: SessionState, act: InterventionRecorded) -> None:
    """Check an intervention: whoever is present has voice, with or without a vote (V2).

    Raises:
        RuleViolation: "session-phase", "in-recess", "item-unknown", "not-present".
    """
    check_phase(state, "open")
    if act.item not in state.items:
        raise RuleViolation("item-unknown", item=act.item)
    if act.seat not in state.present:
        raise RuleViolation("not-present", seat=act.seat)


def check_item_added(state: SessionState, act: ItemAdded) -> None:
    """Check that an added item goes after those listed.

    Raises:
        RuleViolation: "session-phase", "item-gap".
    """
    check_phase(state, *ALIVE)
    expected = max(state.items) + 1
    if act.item != expected:
        raise RuleViolation("item-gap", item=act.item, expected=expected)
