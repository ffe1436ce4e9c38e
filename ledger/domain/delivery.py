"""The proof of a convocation: receipts by each member, and what those present waived (domain.md §3.3, R4, S3).

Receipts are of one convocation: what a rectified one says nobody has received before it was sent. A session whose
rules ask for notice opens only where every member had it in time, or where all members present waive the defect.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.convocation import ConvocationAcknowledged, ConvocationDelivered, DefectAcknowledged
from ledger.domain.attendance import check_phase
from ledger.domain.body import body_of, rules_of
from ledger.domain.designation import holder_at, holders_at
from ledger.domain.holidays import holidays_for
from ledger.domain.rules.notice import notified_late
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import BEFORE, CarpetaState, SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date, datetime

    from ledger.acts.base import Act
    from ledger.acts.convocation import Defect
    from ledger.domain.body import BodyState

DeliveryAct: TypeAlias = ConvocationDelivered | ConvocationAcknowledged | DefectAcknowledged


@dataclass(frozen=True, slots=True)
class DeliveryState(State):
    """The proof of a session's present convocation.

    convocation: SHA-256 of its statement; receipts and waivers of an earlier one count no more.
    received_on: seat → legal day of the first receipt by a holder of it.
    waived: defect → the seats that waived it.
    """

    session: str
    convocation: str
    last_at: datetime
    received_on: Mapping[str, date] = field(default_factory=dict)
    waived: Mapping[Defect, frozenset[str]] = field(default_factory=dict)


def check(state: DeliveryState | None, signed: Signed, world: World) -> None:
    """Check an act of the proof of a convocation.

    Raises:
        RuleViolation: "session-unknown", "session-phase", "in-recess", "convocation-superseded", "back-dated",
            "received-before-sent", "received-in-future", "seat-twice", "seat-unknown", "not-in-office",
            "not-present", "waiver-incomplete", "notice-not-waivable", "no-rules-in-force", "carpeta-manifest".
    """
    act = _narrow(signed.act)
    world.rule("delivery")
    session = convened_session(act.session_path, world)
    if act.convocation != session.convocation:
        raise RuleViolation("convocation-superseded", session=session.path)
    if state is not None:
        check_not_before(signed, state.last_at)
    check_not_before(signed, session.convoked_at)
    match act:
        case ConvocationDelivered():
            receipts = [(each.seat, each.designation, each.received_at) for each in act.receipts]
            check_receipts(session, receipts, signed, world)
            _check_carpeta(act, world)
        case ConvocationAcknowledged():
            _check_received(act.received_at, session.convoked_at, signed)
        case DefectAcknowledged():
            _check_waiver(act, session, world)
        case _:
            assert_never(act)


def convened_session(path: str, world: World) -> SessionState:
    """Return a session that is convened and not open yet.

    Raises:
        RuleViolation: "session-unknown", "session-phase", "in-recess".
    """
    session = read(world, SessionState, stream_name("session", path))
    if session is None:
        raise RuleViolation("session-unknown", session=path)
    check_phase(session, *BEFORE)
    return session


def check_receipts(
    session: SessionState, receipts: Iterable[tuple[str, int, str]], signed: Signed, world: World
) -> None:
    """Check receipts (seat, designation, instant): each by who held the seat then, after the sending, not to come.

    Raises:
        RuleViolation: "seat-twice", "received-before-sent", "received-in-future", "seat-unknown", "not-in-office".
    """
    seen: set[str] = set()
    for seat, designation, received_at in receipts:
        if seat in seen:
            raise RuleViolation("seat-twice", seat=seat)
        seen.add(seat)
        _check_received(received_at, session.convoked_at, signed)
        holder_at(world, session.body, seat, designation, parse_written(received_at))


def _check_carpeta(act: ConvocationDelivered, world: World) -> None:
    """Agenda and documents are received together (LFEP 9): what is named as received is what was frozen."""
    if act.carpeta is None:
        return
    carpeta = read(world, CarpetaState, stream_name("carpeta", act.session_path))
    if carpeta is None or carpeta.manifest != act.carpeta:
        raise RuleViolation("carpeta-manifest", carpeta=stream_name("carpeta", act.session_path))


def _check_received(received_at: str, sent_at: datetime, signed: Signed) -> None:
    received = parse_written(received_at)
    if received < sent_at:
        raise RuleViolation("received-before-sent", received_at=received_at, sent_at=sent_at.isoformat())
    if received > parse_written(signed.statement.occurred_at):
        raise RuleViolation("received-in-future", received_at=received_at)


def _check_waiver(act: DefectAcknowledged, session: SessionState, world: World) -> None:
    """S3: all present and agree; who is not there waives nothing."""
    body = body_of(world, session.body)
    if act.defect == "notice" and rules_of(body, session.day).notice_breach == "BLOCK":
        raise RuleViolation("notice-not-waivable", session=session.path)
    present = _voting_present(session, body)
    absent = set(act.waived_by) - present
    if absent:
        raise RuleViolation("not-present", seat=min(absent))
    if present - set(act.waived_by):
        raise RuleViolation("waiver-incomplete", seat=min(present - set(act.waived_by)))


def _voting_present(session: SessionState, body: BodyState) -> frozenset[str]:
    voting = {seat.seat for seat in body.voting_seats_on(session.day)}
    return frozenset(voting & session.present.keys())


# -- when a session opens --------------------------------------------------------------------------------------


def check_notice(session: SessionState, world: World) -> None:
    """Check that every member had the convocation in time, on the calendar that the body follows (R4, S3).

    Members are the voting seats that are filled, and the comisarios, who must be notified without a vote. A body whose
    rules say REMARK was told at the convocation, measured from its sending.

    Raises:
        RuleViolation: "notice-short", naming the first seat that had none or had it late.
    """
    body = body_of(world, session.body)
    rules = rules_of(body, session.day)
    if rules.notice_business_days is None or rules.notice_breach == "REMARK":
        return
    world.rule("notice-on-receipt")
    proof = read(world, DeliveryState, stream_name("delivery", session.path))
    if proof is not None and proof.convocation != session.convocation:
        proof = None
    received_on = {} if proof is None else proof.received_on
    first = min(received_on.values(), default=session.convoked_at.date())
    holidays = holidays_for(world, rules, first, session.day)
    addressees = _addressees(body, session, world)
    late = notified_late(addressees, received_on, session.day, rules.notice_business_days, holidays)
    if not late:
        return
    waived = frozenset() if proof is None else proof.waived.get("notice", frozenset())
    if not waived or not _voting_present(session, body) <= waived:
        raise RuleViolation("notice-short", session=session.path, seat=min(late), required=rules.notice_business_days)
    world.remark("notice-waived", session=session.path, late=len(late), required=rules.notice_business_days)


def _addressees(body: BodyState, session: SessionState, world: World) -> Iterator[str]:
    for seat in body.seats_on(session.day):
        must = seat.voting or seat.role == "comisario"
        if must and holders_at(world, body.body, seat.seat, session.begins_at):
            yield seat.seat


# -- evolve ----------------------------------------------------------------------------------------------------


def evolve(state: DeliveryState | None, signed: Signed) -> DeliveryState:
    """Return the proof after the act; a new convocation begins it anew."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if state is None or state.convocation != act.convocation:
        state = DeliveryState(version, index, statement, act.session_path, act.convocation, at)
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case ConvocationDelivered():
            told = {each.seat: parse_written(each.received_at).date() for each in act.receipts}
            return replace(moved, received_on=_first(state.received_on, told))
        case ConvocationAcknowledged():
            told = {act.seat: parse_written(act.received_at).date()}
            return replace(moved, received_on=_first(state.received_on, told))
        case DefectAcknowledged():
            return replace(moved, waived={**state.waived, act.defect: frozenset(act.waived_by)})
        case _:
            assert_never(act)


def _first(known: Mapping[str, date], told: Mapping[str, date]) -> dict[str, date]:
    return {**known, **{seat: min(day, known.get(seat, day)) for seat, day in told.items()}}


def _narrow(act: Act) -> DeliveryAct:
    if not isinstance(act, ConvocationDelivered | ConvocationAcknowledged | DefectAcknowledged):
        raise TypeError(type(act).__name__)
    return act
