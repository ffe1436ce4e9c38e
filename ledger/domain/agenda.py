"""The items of a session: listed, added, taken up one at a time, amended, concluded (domain.md §3.4, I1–I4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.session import (
    AgendaApproved,
    InterventionRecorded,
    ItemAdded,
    ItemAmended,
    ItemConcluded,
    ItemOpened,
    MemberRecused,
    RecusalChallenged,
    RecusalResolved,
)
from ledger.domain import recusal
from ledger.domain.attendance import check_actor, check_phase, require_quorum
from ledger.domain.body import body_of, rules_of
from ledger.domain.completeness import check_no_vote_pending, check_voted, vote_of
from ledger.domain.recusal import pending_item
from ledger.domain.states import ALIVE, ItemState, SessionState
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.session import AgendaEntry
    from ledger.domain.world import Signed, World

__all__ = ["ItemAct", "after", "check", "check_agenda", "pending_item"]

ItemAct: TypeAlias = (
    AgendaApproved | InterventionRecorded | ItemAdded | ItemAmended | ItemConcluded | ItemOpened | recusal.RecusalAct
)
_UNOPENED = frozenset({"deferred", "withdrawn", "referred"})


def check(state: SessionState, act: ItemAct, signed: Signed, world: World) -> None:
    """Check an act on an item of a session.

    Raises:
        RuleViolation: as the checks below.
    """
    match act:
        case ItemAdded():
            check_item_added(state, act, world)
        case AgendaApproved():
            check_agenda_approved(state, act, signed, world)
        case ItemOpened():
            check_item_opened(state, act, signed, world)
        case ItemAmended():
            check_item_amended(state, act, signed, world)
        case ItemConcluded():
            check_item_concluded(state, act, signed, world)
        case MemberRecused() | RecusalChallenged() | RecusalResolved():
            recusal.check(state, act, signed, world)
        case InterventionRecorded():
            check_intervention(state, act)
        case _:
            assert_never(act)


def after(state: SessionState, act: ItemAct) -> SessionState:
    """Return the session after a lawful act on an item."""
    match act:
        case ItemAdded():
            return replace(state, items={**state.items, act.item: ItemState(act.item_kind, approved=False)})
        case AgendaApproved():
            approved = {item: replace(state.items[item], approved=True) for item in act.items}
            return replace(state, items={**state.items, **approved})
        case ItemOpened():
            return replace(state, current_item=act.item)
        case ItemConcluded():
            ended = replace(state.items[act.item], outcome=act.outcome)
            current = None if state.current_item == act.item else state.current_item
            return replace(state, items={**state.items, act.item: ended}, current_item=current)
        case MemberRecused() | RecusalChallenged() | RecusalResolved():
            item = recusal.after(state.items[act.item], act)
            return replace(state, items={**state.items, act.item: item})
        case InterventionRecorded() | ItemAmended():
            return state
        case _:
            assert_never(act)


# -- the orden del día -----------------------------------------------------------------------------------------


def check_agenda(items: Iterable[AgendaEntry]) -> None:
    """Check that items are listed in the order of their numbers, from 1 on.

    Raises:
        RuleViolation: "item-gap".
    """
    for expected, entry in enumerate(items, 1):
        if entry.item != expected:
            raise RuleViolation("item-gap", item=entry.item, expected=expected)


def check_item_added(state: SessionState, act: ItemAdded, world: World) -> None:
    """Check that an added item goes after those listed, in a session to which items may be added (I2).

    Raises:
        RuleViolation: "session-phase", "agenda-closed", "item-gap".
    """
    check_phase(state, *ALIVE)
    world.rule("agenda")
    if state.session_kind in rules_of(body_of(world, state.body), state.day).closed_agenda:
        raise RuleViolation("agenda-closed", session_kind=state.session_kind)
    expected = max(state.items) + 1
    if act.item != expected:
        raise RuleViolation("item-gap", item=act.item, expected=expected)


def check_agenda_approved(state: SessionState, act: AgendaApproved, signed: Signed, world: World) -> None:
    """I1: the approved orden del día is of all pending items; what was added needs a vote that approved it.

    Raises:
        RuleViolation: "session-phase", "in-recess", "quorum-lost", "no-quorum", "not-present", "agenda-differs",
            "agenda-not-voted", "vote-not-approved".
    """
    world.rule("agenda")
    check_phase(state, "open")
    require_quorum(state, world, parse_written(signed.statement.occurred_at))
    check_actor(state, signed, world)
    pending = sorted(number for number, item in state.items.items() if item.outcome is None)
    if sorted(act.items) != pending:
        raise RuleViolation("agenda-differs", items=len(act.items), pending=len(pending))
    if act.vote is not None:
        vote = vote_of(world, state.path, act.vote)
        if vote is None or vote.phase != "declared" or vote.result != "approved":
            raise RuleViolation("vote-not-approved", vote=f"{state.path}/{act.vote}")
        return
    added = [item for item in act.items if not state.items[item].approved]
    if added:
        raise RuleViolation("agenda-not-voted", item=added[0])


# -- one item --------------------------------------------------------------------------------------------------


def check_item_opened(state: SessionState, act: ItemOpened, signed: Signed, world: World) -> None:
    """Check that the body may take up the item: one at a time, each once, an added one only if approved (I1).

    Raises:
        RuleViolation: "session-phase", "in-recess", "quorum-lost", "item-unknown", "item-concluded", "item-open",
            "item-not-approved", "not-present", "recused".
    """
    check_phase(state, "open")
    item = pending_item(state, act.item)
    if state.current_item is not None:
        raise RuleViolation("item-open", item=state.current_item)
    if not item.approved:
        raise RuleViolation("item-not-approved", item=act.item)
    check_actor(state, signed, world, act.item)


def check_item_amended(state: SessionState, act: ItemAmended, signed: Signed, world: World) -> None:
    """Check that a text is changed in debate: of the item taken up, while no vote on it is being taken (I3).

    Raises:
        RuleViolation: "session-phase", "in-recess", "quorum-lost", "item-not-open", "not-present", "recused",
            "vote-pending".
    """
    check_phase(state, "open")
    if state.current_item != act.item:
        raise RuleViolation("item-not-open", item=act.item, current=state.current_item)
    check_actor(state, signed, world, act.item)
    check_no_vote_pending(state.path, world)


def check_item_concluded(state: SessionState, act: ItemConcluded, signed: Signed, world: World) -> None:
    """Check that an item may end.

    What was not taken up may be put off, withdrawn or referred, or be resolved by a vote of several items. Without
    quorum an item is only put off.

    Raises:
        RuleViolation: "session-phase", "in-recess", "quorum-lost", "item-unknown", "item-concluded",
            "item-not-open", "not-present", "recused", "committee-unexpected", "body-unknown", "vote-pending",
            "item-not-voted".
    """
    check_phase(state, "open", *(("quorum-lost",) if act.outcome == "deferred" else ()))
    pending_item(state, act.item)
    elsewhere = act.outcome == "resolved" and act.vote is not None
    unopened = state.current_item is None and act.outcome in _UNOPENED
    if state.current_item != act.item and not elsewhere and not unopened:
        raise RuleViolation("item-not-open", item=act.item, current=state.current_item)
    check_actor(state, signed, world, act.item)
    if act.committee is not None:
        if act.outcome != "referred":
            raise RuleViolation("committee-unexpected", outcome=act.outcome)
        body_of(world, act.committee)
    if state.current_item == act.item:
        check_no_vote_pending(state.path, world)
    if act.outcome == "resolved":
        check_voted(state.path, act.item, world, act.vote)


def check_intervention(state: SessionState, act: InterventionRecorded) -> None:
    """Check an intervention: whoever is present has voice, with or without a vote (V2).

    Raises:
        RuleViolation: "session-phase", "in-recess", "quorum-lost", "item-unknown", "not-present".
    """
    check_phase(state, "open")
    if act.item not in state.items:
        raise RuleViolation("item-unknown", item=act.item)
    if act.seat not in state.present:
        raise RuleViolation("not-present", seat=act.seat)
