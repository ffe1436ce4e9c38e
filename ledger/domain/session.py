"""A session from its convocation to its close (domain.md §3.3, §3.4).

    convened → quorate → open ⇄ recess → closed
    open → quorum-lost → open | recess | closed
    convened → not-held → convened (second call) ; convened → cancelled ; imported

Quorum is counted from the attendance each time that it matters: when it is declared, when the session opens,
when a vote begins and ends (S1, S2). Nothing in a session occurred before what its stream says before it (G8).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.convocation import ConvocationRectified
from ledger.acts.imported import AgendaImported
from ledger.acts.session import (
    AttendanceRecorded,
    QuorumDeclared,
    QuorumLost,
    QuorumNotReached,
    QuorumRestored,
    SessionCancelled,
    SessionClosed,
    SessionConvened,
    SessionImported,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from ledger.domain import agenda
from ledger.domain.attendance import (
    after_move,
    check_actor,
    check_attendance,
    check_officers,
    check_phase,
    require_quorum,
    session_quorum,
)
from ledger.domain.completeness import check_close
from ledger.domain.convening import check_agenda_imported, check_convened, check_imported, check_rectified, held_on
from ledger.domain.delivery import check_notice
from ledger.domain.states import ALIVE, BEFORE, ItemState, Present, SessionPhase, SessionState
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.acts.base import Act
    from ledger.acts.session import AgendaEntry
    from ledger.domain.world import Signed, World

__all__ = ["ItemState", "Present", "SessionState", "check", "evolve"]

HeldAct: TypeAlias = (
    agenda.ItemAct
    | ConvocationRectified
    | AttendanceRecorded
    | QuorumDeclared
    | QuorumLost
    | QuorumNotReached
    | QuorumRestored
    | SessionCancelled
    | SessionClosed
    | SessionOpened
    | SessionRecessed
    | SessionResumed
)
QuorumAct: TypeAlias = QuorumDeclared | QuorumNotReached | QuorumLost | QuorumRestored
_LATEST_START = timedelta(hours=24)
_QUORUM_PHASES: dict[type[QuorumAct], tuple[SessionPhase, ...]] = {
    QuorumDeclared: (*BEFORE, "open", "recess"),
    QuorumNotReached: BEFORE,
    QuorumLost: ("open",),
    QuorumRestored: ("quorum-lost",),
}


def check(state: SessionState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `session/<body>/<year>/<series>/<number>`.

    Raises:
        RuleViolation: the code of the rule that refuses it; each rule below names its own.
    """
    act = signed.act
    world.rule("sessions")
    if isinstance(act, SessionConvened):
        check_convened(state, act, signed, world)
    elif isinstance(act, SessionImported):
        check_imported(state, act, signed, world)
    elif isinstance(act, AgendaImported):
        check_agenda_imported(state, act, world)
    else:
        held = _narrow(act)
        if state is None:
            raise RuleViolation("session-unknown", session=held.session_path)
        at = parse_written(signed.statement.occurred_at)
        if at < state.last_at:
            raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=state.last_at.isoformat())
        _check_held(state, held, signed, world)


def _narrow(act: Act) -> HeldAct:
    if not isinstance(act, HeldAct):
        raise TypeError(type(act).__name__)
    return act


def _check_held(state: SessionState, act: HeldAct, signed: Signed, world: World) -> None:
    match act:
        case ConvocationRectified():
            check_rectified(state, act, signed, world)
        case AttendanceRecorded():
            _check_moves(state, act, signed, world)
        case QuorumDeclared() | QuorumNotReached() | QuorumLost() | QuorumRestored():
            _check_quorum(state, act, signed, world)
        case SessionOpened():
            _check_opened(state, signed, world)
        case SessionRecessed():
            check_phase(state, "open", "quorum-lost")
            check_actor(state, signed, world)
        case SessionResumed():
            if state.phase != "recess":
                raise RuleViolation("session-phase", session=state.path, phase=state.phase)
            check_actor(state, signed, world)
        case SessionCancelled():
            check_phase(state, *BEFORE)
        case SessionClosed():
            _check_closed(state, act, signed, world)
        case _:
            agenda.check(state, act, signed, world)


# -- attendance and quorum -------------------------------------------------------------------------------------


def _check_moves(state: SessionState, act: AttendanceRecorded, signed: Signed, world: World) -> None:
    check_phase(state, *ALIVE)
    at = _check_day(state, signed)
    if act.item is not None:
        agenda.pending_item(state, act.item)
    check_attendance(state, act, world, at)


def _check_quorum(state: SessionState, act: QuorumAct, signed: Signed, world: World) -> None:
    """S1, S2: the secretary declares what the attendance says; he may declare it again while the session lasts."""
    world.rule("quorum")
    check_phase(state, *_QUORUM_PHASES[type(act)])
    counted = session_quorum(state, world, _check_day(state, signed))
    if (act.present, act.base, act.required) != counted[:3]:
        raise RuleViolation("quorum-mismatch", present=counted.present, base=counted.base, required=counted.required)
    if isinstance(act, QuorumDeclared | QuorumRestored) and not counted.holds:
        raise RuleViolation("no-quorum", present=counted.present, required=counted.required)
    if isinstance(act, QuorumNotReached | QuorumLost) and counted.holds:
        raise RuleViolation("quorum-reached", present=counted.present, required=counted.required)


def _check_opened(state: SessionState, signed: Signed, world: World) -> None:
    if state.phase == "convened":
        raise RuleViolation("quorum-not-declared", session=state.path)
    check_phase(state, "quorate")
    at = _check_day(state, signed)
    check_officers(state, world, at)
    require_quorum(state, world, at)
    check_notice(state, world)
    check_actor(state, signed, world)


def _check_day(state: SessionState, signed: Signed) -> datetime:
    """Return when the act occurred: on the session's day or, begun late, within 24 hours of its hour.

    A session whose rules and seats are those of one day is not held on another. Once open it may last. To a permanent
    one people come until it ends (S6).
    """
    at = parse_written(signed.statement.occurred_at)
    late = state.phase in BEFORE and at >= (state.until_at or state.begins_at + _LATEST_START)
    if legal_day(signed.statement.occurred_at) < state.day or late:
        raise RuleViolation("not-its-day", occurred_at=signed.statement.occurred_at, day=state.day.isoformat())
    return at


def _check_closed(state: SessionState, act: SessionClosed, signed: Signed, world: World) -> None:
    """No item and no vote is left open; the votes and agreements that it names are all that there are."""
    check_phase(state, "open", "quorum-lost")
    if state.current_item is not None:
        raise RuleViolation("item-open", item=state.current_item)
    check_actor(state, signed, world)
    check_close(state, act, world)


# -- evolve ----------------------------------------------------------------------------------------------------


def evolve(state: SessionState | None, signed: Signed) -> SessionState:
    """Return the state after the act."""
    act = signed.act
    if isinstance(act, SessionConvened):
        return _convened(state, act, signed)
    if isinstance(act, SessionImported):
        return _imported(act, signed)
    if state is None:
        raise RuleViolation("session-unknown", session=signed.statement.stream)
    version, index, statement = signed.heading()
    last_at = parse_written(signed.statement.occurred_at)
    moved = replace(state, version=version, index=index, statement=statement, last_at=last_at)
    if isinstance(act, AgendaImported):
        return replace(moved, items={**state.items, **_listed(act.items)})
    return _after(moved, _narrow(act))


def _after(state: SessionState, act: HeldAct) -> SessionState:  # noqa: PLR0911  one return a case
    match act:
        case ConvocationRectified():
            return _rectified(state, act)
        case AttendanceRecorded():
            came = frozenset(arrival.seat for arrival in act.arrivals)
            return replace(state, present=after_move(state.present, act), attended=state.attended | came)
        case QuorumDeclared():
            return replace(state, phase="quorate") if state.phase == "convened" else state
        case QuorumNotReached():
            return replace(state, phase="not-held")
        case SessionCancelled():
            return replace(state, phase="cancelled")
        case SessionOpened():
            return replace(state, phase="open", opened_index=state.index)
        case QuorumLost():
            return replace(state, phase="quorum-lost", is_quorum_lost=True)
        case QuorumRestored():
            return replace(state, phase="open", is_quorum_lost=False)
        case SessionResumed():
            return replace(state, phase="quorum-lost" if state.is_quorum_lost else "open")
        case SessionRecessed():
            return replace(state, phase="recess")
        case SessionClosed():
            return replace(state, phase="closed", votes=act.votes, agreements=act.agreements)
        case _:
            return agenda.after(state, act)


def _convened(state: SessionState | None, act: SessionConvened, signed: Signed) -> SessionState:
    """A second call begins anew under the same number: nobody is present yet."""
    begins = parse_written(act.begins_at)
    return SessionState(
        *signed.heading(),
        path=act.session_path,
        body=act.body,
        year=act.year,
        series=act.series,
        number=act.session,
        begins_at=begins,
        day=begins.date(),
        call=act.call,
        phase="convened",
        items=_listed(act.items),
        last_at=parse_written(signed.statement.occurred_at),
        convocation=signed.statement.sha256,
        convoked_at=parse_written(signed.statement.occurred_at),
        missed_on=None if state is None else state.day,
        modality=act.modality,
        session_kind=act.session_kind,
        until_at=None if act.until_at is None else parse_written(act.until_at),
    )


def _rectified(state: SessionState, act: ConvocationRectified) -> SessionState:
    """The state already bears the act's own statement and instant: from now on this is the convocation."""
    begins = parse_written(act.begins_at)
    anew = replace(state, begins_at=begins, day=begins.date(), items=_listed(act.items), modality=act.modality)
    return replace(anew, convocation=state.statement, convoked_at=state.last_at)


def _imported(act: SessionImported, signed: Signed) -> SessionState:
    day = held_on(act.held_on)
    arrivals = act.attendance or ()
    last_at = parse_written(signed.statement.occurred_at)
    return SessionState(
        *signed.heading(),
        path=act.session_path,
        body=act.body,
        year=act.year,
        series=act.series,
        number=act.session,
        begins_at=datetime.combine(day, time(0), last_at.tzinfo),
        day=day,
        call=1,
        phase="imported",
        items=_listed(act.items),
        last_at=last_at,
        convocation=signed.statement.sha256,
        convoked_at=last_at,
        present={arrival.seat: Present(arrival.designation, arrival.modality) for arrival in arrivals},
        attended=frozenset(arrival.seat for arrival in arrivals),
        imported=True,
        source_has_attendance=act.attendance is not None,
    )


def _listed(entries: Iterable[AgendaEntry]) -> Mapping[int, ItemState]:
    return {entry.item: ItemState(entry.item_kind) for entry in entries}
