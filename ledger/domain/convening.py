"""How a session enters the ledger: convened, or imported from another source (domain.md §3.3, S3, S4)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from ledger.acts.session import SessionImported
from ledger.domain.acta import refuse_if_sealed
from ledger.domain.agenda import check_agenda
from ledger.domain.attendance import check_offices, check_phase, quorum_count
from ledger.domain.body import body_of, rules_of
from ledger.domain.holidays import holidays_for
from ledger.domain.mandates import in_force_on, mandate_of
from ledger.domain.rules.approval import approved_vote
from ledger.domain.rules.days import business_days_after, business_days_between
from ledger.domain.rules.numbering import check_predecessor, check_unused, remark_gap, series_stream
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import legal_day, parse_written

if TYPE_CHECKING:
    from ledger.acts.body import Rules
    from ledger.acts.convocation import ConvocationRectified
    from ledger.acts.imported import AgendaImported
    from ledger.acts.session import Arrival, SessionConvened
    from ledger.domain.body import BodyState


def check_convened(state: SessionState | None, act: SessionConvened, signed: Signed, world: World) -> None:
    """Number without gaps (S4), a body with rules on the day, notice (S3), a second call only after the first."""
    _check_call(state, act)
    begins = _check_begins(state, act, signed)
    rules = _check_composed(act, begins.date(), world)
    until = None if act.until_at is None else parse_written(act.until_at)
    _check_form(act, until, rules, permanent=act.session_kind == "permanent")
    check_agenda(act.items)
    _check_convener(act, rules, signed, world)
    if state is None:
        check_unused(signed)
        check_place(act, begins.date(), world)
    else:
        _check_window(rules, state.day, begins.date(), world)
    _remark_notice(act, rules, begins, signed, world)


def check_rectified(state: SessionState, act: ConvocationRectified, signed: Signed, world: World) -> None:
    """Check a rectified convocation: of the present one, before the session, dropping no item convened.

    Raises:
        RuleViolation: "session-phase", "already-attended", "convocation-superseded", "back-dated", "session-year",
            "item-gap", "item-dropped", "no-rules-in-force", "no-chair-seat", "no-secretary-seat",
            "modality-not-allowed", "permanent-span", "outside-window".
    """
    check_phase(state, "convened")
    if state.attended:
        raise RuleViolation("already-attended", session=state.path)
    if act.rectifies != state.convocation:
        raise RuleViolation("convocation-superseded", session=state.path)
    begins = _check_begins(state, act, signed)
    check_agenda(act.items)
    if len(act.items) < len(state.items):
        raise RuleViolation("item-dropped", item=len(act.items) + 1)
    rules = _check_composed(act, begins.date(), world)
    _check_form(act, state.until_at, rules, permanent=state.session_kind == "permanent")
    if state.missed_on is not None:
        _check_window(rules, state.missed_on, begins.date(), world)
    _remark_notice(act, rules, begins, signed, world)


def _check_composed(act: SessionConvened | ConvocationRectified, day: date, world: World) -> Rules:
    """B4, R11: who is to preside and attest has a seat on the session's day; a size that the law does not know is told.

    Raises:
        RuleViolation: "no-chair-seat", "no-secretary-seat", and those of `rules_of`.
    """
    body = body_of(world, act.body)
    rules = rules_of(body, day)
    world.rule("officers")
    check_offices(body, rules, day)
    members = len(body.voting_seats_on(day))
    if rules.size is not None and not rules.size.at_least <= members <= rules.size.at_most:
        lawful = {"at_least": rules.size.at_least, "at_most": rules.size.at_most}
        world.remark("body-size", body=act.body, members=members, **lawful)
    return rules


def _check_begins(state: SessionState | None, act: SessionConvened | ConvocationRectified, signed: Signed) -> datetime:
    begins, sent = parse_written(act.begins_at), parse_written(signed.statement.occurred_at)
    if begins < sent or (state is not None and sent < state.last_at):
        raise RuleViolation("back-dated", begins_at=act.begins_at, occurred_at=signed.statement.occurred_at)
    if begins.year != act.year:
        raise RuleViolation("session-year", year=act.year, begins_at=act.begins_at)
    return begins


def _check_convener(act: SessionConvened, rules: Rules, signed: Signed, world: World) -> None:
    """R3: by the chair, or by the vote of a body that the rules entitle to that kind of session (LSS 264.V, 266.V).

    Raises:
        RuleViolation: "convener-not-allowed", and those of `approved_vote`.
    """
    body = None if act.decided_by is None else act.decided_by.split("/")[1]
    if rules.conveners is None and body is None:
        return
    world.rule("conveners")
    if not any(rule.body == body and act.session_kind in rule.kinds for rule in rules.conveners or ()):
        raise RuleViolation("convener-not-allowed", body=body or "", session_kind=act.session_kind)
    if body is not None and act.decided_by is not None:
        approved_vote(body, act.decided_by, signed, world)


def _remark_notice(
    act: SessionConvened | ConvocationRectified, rules: Rules, begins: datetime, signed: Signed, world: World
) -> None:
    """What is sent too late is received too late: it is told at once, and judged when the session opens."""
    if rules.notice_business_days is None:
        return
    world.rule("notice")
    sent = parse_written(signed.statement.occurred_at)
    holidays = holidays_for(world, rules, sent.date(), begins.date())
    days = business_days_between(sent.date(), begins.date(), holidays)
    if days < rules.notice_business_days:
        world.remark("notice-short", session=act.stream(), days=days, required=rules.notice_business_days)


def _check_window(rules: Rules, missed: date, day: date, world: World) -> None:
    """R5: what could not be held is held between so many business days later (RLFEP 18.III)."""
    window = rules.reschedule_window
    if window is None:
        return
    world.rule("reschedule-window")
    days = business_days_after(missed, day, holidays_for(world, rules, missed, day))
    if not window.at_least <= days <= window.at_most:
        raise RuleViolation("outside-window", days=days, at_least=window.at_least, at_most=window.at_most)


def _check_form(
    act: SessionConvened | ConvocationRectified, until: datetime | None, rules: Rules, *, permanent: bool
) -> None:
    """R22, S6: from elsewhere only where the rules allow it; a permanent session is remote and says until when."""
    if (permanent and act.modality != "remota") or (act.modality != "presencial" and not rules.remote_allowed):
        raise RuleViolation("modality-not-allowed", modality=act.modality)
    if permanent != (until is not None) or (until is not None and until <= parse_written(act.begins_at)):
        raise RuleViolation("permanent-span", begins_at=act.begins_at)


def _check_call(state: SessionState | None, act: SessionConvened) -> None:
    if state is None:
        if act.call != 1:
            raise RuleViolation("call-order", call=act.call)
    elif state.phase != "not-held":
        raise RuleViolation("session-already-convened", session=state.path, phase=state.phase)
    elif act.call != state.call + 1:
        raise RuleViolation("call-order", call=act.call)


def check_place(act: SessionConvened | SessionImported, day: date, world: World) -> None:
    """Check the session's number; dates that do not follow the numbers happen and are remarked (S4).

    So is a gap among imports: what a source did not bring is no reason to refuse what it did.

    Raises:
        RuleViolation: "number-gap".
    """
    stream = act.stream()
    if isinstance(act, SessionImported):
        remark_gap(world, stream)
    else:
        check_predecessor(world, stream, series_stream(stream))
    prefix, _, number = stream.rpartition("/")
    before = read(world, SessionState, f"{prefix}/{int(number) - 1}") if act.session > 1 else None
    if before is not None and before.day > day:
        world.remark("session-dates-out-of-order", session=stream, before=before.day.isoformat())


# -- imports ---------------------------------------------------------------------------------------------------


def check_imported(state: SessionState | None, act: SessionImported, signed: Signed, world: World) -> None:
    """Check what a source says of a session; what it does not say is noted as lacking, never assumed.

    Raises:
        RuleViolation: "session-already-convened", "held-in-future", "session-year", "item-gap", "body-unknown",
            "body-extinct", "no-rules-in-force", "seat-unknown", "seat-twice", "person-twice", "designation-unknown",
            "no-mandate".
    """
    if state is not None:
        raise RuleViolation("session-already-convened", session=state.path, phase=state.phase)
    day = held_on(act.held_on)
    if day > legal_day(signed.statement.occurred_at):
        raise RuleViolation("held-in-future", held_on=act.held_on)
    if day.year != act.year:
        raise RuleViolation("session-year", year=act.year, held_on=act.held_on)
    body = body_of(world, act.body)
    rules_of(body, day)
    check_agenda(act.items)
    check_place(act, day, world)
    world.lacks("notice")
    if act.attendance is None:
        world.lacks("attendance")
        world.lacks("quorum")
        return
    _check_imported_attendance(act.attendance, body, day, world)
    _remark_quorum(act, body, signed, world)


def check_agenda_imported(state: SessionState | None, act: AgendaImported, world: World) -> None:
    """Check items that a source adds to an imported session: they go on where it stands.

    Raises:
        RuleViolation: "session-unknown", "session-not-imported", "acta-sealed", "item-gap".
    """
    if state is None:
        raise RuleViolation("session-unknown", session=act.session_path)
    if not state.imported:
        raise RuleViolation("session-not-imported", session=act.session_path)
    refuse_if_sealed(act.session_path, world)
    for expected, entry in enumerate(act.items, len(state.items) + 1):
        if entry.item != expected:
            raise RuleViolation("item-gap", item=entry.item, expected=expected)


def held_on(text: str) -> date:
    """Return the day that an import names; the schema admits 31 February, the calendar does not.

    Raises:
        RuleViolation: "impossible-date".
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RuleViolation("impossible-date", day=text) from error


def _check_imported_attendance(arrivals: tuple[Arrival, ...], body: BodyState, day: date, world: World) -> None:
    world.rule("attendance")
    existing = {seat.seat for seat in body.seats_on(day)}
    seats: set[str] = set()
    persons: dict[str, str] = {}
    for arrival in arrivals:
        if arrival.seat not in existing:
            raise RuleViolation("seat-unknown", seat=arrival.seat)
        if arrival.seat in seats:
            raise RuleViolation("seat-twice", seat=arrival.seat)
        seats.add(arrival.seat)
        mandate = mandate_of(world, body.body, f"{arrival.seat}/{arrival.designation}")
        if not in_force_on(mandate, day):
            raise RuleViolation("no-mandate", seat=arrival.seat, designation=arrival.designation, day=str(day))
        if mandate.person in persons:
            raise RuleViolation("person-twice", seat=arrival.seat, other=persons[mandate.person])
        persons[mandate.person] = arrival.seat


def _remark_quorum(act: SessionImported, body: BodyState, signed: Signed, world: World) -> None:
    """An imported session without quorum is a discrepancy of its source, told and not refused (format.md §3)."""
    if not act.has_quorum_data:
        world.lacks("quorum")
        return
    world.rule("quorum")
    day = held_on(act.held_on)
    noon = datetime.combine(day, time(12), parse_written(signed.statement.occurred_at).tzinfo)
    present = {arrival.seat for arrival in act.attendance or ()}
    counted = quorum_count(body, day, present, world, at=noon)
    if not counted.holds:
        world.remark("no-quorum", session=act.stream(), present=counted.present, required=counted.required)
