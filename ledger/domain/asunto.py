"""Asuntos: brought by a unit, returned or accepted, listed, withdrawn (domain.md §1 A4, §3.4).

submitted → returned → submitted (next round) ; submitted → accepted → listed → (listed again where put off)
any of these → withdrawn, until a body resolved on it
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.asunto import AsuntoListed, AsuntoReviewed, AsuntoSubmitted, AsuntoWithdrawn
from ledger.domain.agenda import pending_item
from ledger.domain.asunto_state import AsuntoState, DictamenState
from ledger.domain.attendance import check_phase
from ledger.domain.body import body_of, rules_of
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_liaison
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.states import ALIVE, SessionState
from ledger.domain.unit import unit_on
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day

if TYPE_CHECKING:
    from ledger.acts.base import Act

AsuntoAct: TypeAlias = AsuntoSubmitted | AsuntoReviewed | AsuntoListed | AsuntoWithdrawn
_PUT_OFF = frozenset({"deferred", "withdrawn", "referred"})
_NOT_HELD = frozenset({"not-held", "cancelled"})


def check(state: AsuntoState | None, signed: Signed, world: World) -> None:
    """Check an act on an asunto.

    Raises:
        RuleViolation: "asunto-unknown", "asunto-phase", as the checks below.
    """
    act = _narrow(signed.act)
    world.rule("asuntos")
    if isinstance(act, AsuntoSubmitted):
        _check_submitted(state, act, signed, world)
        return
    if state is None:
        raise RuleViolation("asunto-unknown", asunto=act.stream())
    match act:
        case AsuntoReviewed():
            _check_reviewed(state, act)
        case AsuntoListed():
            _check_listed(state, act, signed, world)
        case AsuntoWithdrawn():
            check_liaison(signed, state.unit, world)
            if state.phase == "withdrawn" or (state.phase == "listed" and not _put_off(state, world, pending=True)):
                raise RuleViolation("asunto-phase", asunto=act.stream(), phase=state.phase)
        case _:
            assert_never(act)


def _check_submitted(state: AsuntoState | None, act: AsuntoSubmitted, signed: Signed, world: World) -> None:
    """Raise "number-*", "round-gap", "asunto-phase", "unit-*", "not-of-the-unit", "oficio-in-future"."""
    today = legal_day(signed.statement.occurred_at)
    rules_of(body_of(world, act.body), today)
    if state is None:
        check_unused(signed)
        check_predecessor(world, act.stream())
    elif state.phase != "returned":
        raise RuleViolation("asunto-phase", asunto=act.stream(), phase=state.phase)
    expected = 1 if state is None else state.round + 1
    if act.round != expected:
        raise RuleViolation("round-gap", round=act.round, expected=expected)
    unit_on(world, act.unit, today)
    check_liaison(signed, act.unit, world)
    if calendar_day(act.oficio_on) > today:
        raise RuleViolation("oficio-in-future", oficio=act.oficio, oficio_on=act.oficio_on)
    if act.dictamen_of is not None:
        body_of(world, act.dictamen_of)


def _check_reviewed(state: AsuntoState, act: AsuntoReviewed) -> None:
    """What is returned says what is missing; what is accepted misses nothing, its grounds least of all."""
    if state.phase != "submitted":
        raise RuleViolation("asunto-phase", asunto=act.stream(), phase=state.phase)
    if act.outcome == "returned" and not act.missing:
        raise RuleViolation("nothing-missing", asunto=act.stream())
    if act.outcome == "accepted" and (act.missing or not state.complete):
        raise RuleViolation("asunto-incomplete", asunto=act.stream())


def _check_listed(state: AsuntoState, act: AsuntoListed, signed: Signed, world: World) -> None:
    """Raise "asunto-phase", "session-*", "item-*", "item-kind" or what its dictámenes lack."""
    if state.phase != "accepted" and not (state.phase == "listed" and _put_off(state, world)):
        raise RuleViolation("asunto-phase", asunto=act.stream(), phase=state.phase)
    session = read(world, SessionState, act.session) if kind_of(act.session) == "session" else None
    if session is None:
        raise RuleViolation("session-unknown", session=act.session)
    if session.body != state.body:
        raise RuleViolation("session-of-other-body", session=act.session)
    check_phase(session, *ALIVE)
    if pending_item(session, act.item).kind != state.item_kind:
        raise RuleViolation("item-kind", item=act.item, kind=state.item_kind)
    _check_dictamens(state, act, signed, world)


def _check_dictamens(state: AsuntoState, act: AsuntoListed, signed: Signed, world: World) -> None:
    """Each is on this asunto and in `basis`; that of the committee that must be heard is among them (S4 7.1(3))."""
    committees: set[str] = set()
    for stream in act.dictamens:
        found = read(world, DictamenState, stream) if kind_of(stream) == "dictamen" else None
        if found is None or found.asunto != act.stream():
            raise RuleViolation("dictamen-unknown", dictamen=stream)
        if signed.statement.basis.get(stream) != found.statement:
            raise RuleViolation("dictamen-not-in-basis", dictamen=stream)
        committees.add(found.body)
        if found.sense != "favourable":
            world.remark("dictamen-not-favourable", dictamen=stream, sense=found.sense)
    if state.dictamen_of is not None and state.dictamen_of not in committees:
        raise RuleViolation("dictamen-missing", committee=state.dictamen_of)


def _put_off(state: AsuntoState, world: World, *, pending: bool = False) -> bool:
    """Tell whether the item under which it was last listed resolved nothing; `pending`: or has not ended yet."""
    session = read(world, SessionState, state.session or "")
    if session is None or session.phase in _NOT_HELD:
        return True
    item = session.items.get(state.item or 0)  # a second call may list other items
    return item is None or item.outcome in _PUT_OFF or (pending and item.outcome is None)


def evolve(state: AsuntoState | None, signed: Signed) -> AsuntoState:
    """Return the asunto after the act."""
    act = _narrow(signed.act)
    if isinstance(act, AsuntoSubmitted):
        return AsuntoState(
            *signed.heading(),
            body=act.body,
            unit=act.unit,
            item_kind=act.item_kind,
            phase="submitted",
            round=act.round,
            complete=bool(act.grounds),
            dictamen_of=act.dictamen_of,
        )
    if state is None:
        raise RuleViolation("asunto-unknown", asunto=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case AsuntoReviewed():
            return replace(moved, phase=act.outcome)
        case AsuntoListed():
            return replace(moved, phase="listed", session=act.session, item=act.item)
        case AsuntoWithdrawn():
            return replace(moved, phase="withdrawn")
        case _:
            assert_never(act)


def _narrow(act: Act) -> AsuntoAct:
    if not isinstance(act, AsuntoSubmitted | AsuntoReviewed | AsuntoListed | AsuntoWithdrawn):
        raise TypeError(type(act).__name__)
    return act
