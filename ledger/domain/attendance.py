"""Who sits in a session, and whether they are enough (domain.md §2.2 R6, R10; §3.3 S1, S2, S5; §3.5 V1, V2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from ledger.domain.body import body_of, rules_of
from ledger.domain.designation import DesignationState, holder_at, holders_at
from ledger.domain.rules import quorum
from ledger.domain.states import Present
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from ledger.acts.rules import Rules
    from ledger.acts.session import Arrival, AttendanceRecorded
    from ledger.domain.body import BodyState
    from ledger.domain.states import SessionState

CHAIRS = ("chair", "vice-chair")
SECRETARIES = ("secretary", "prosecretary")


class QuorumCount(NamedTuple):
    """Voting seats present, the base they are counted from, how many must be, and whether there is quorum."""

    present: int
    base: int
    required: int
    holds: bool


def quorum_count(
    body: BodyState, day: date, present: Collection[str], world: World, *, at: datetime, call: int = 1
) -> QuorumCount:
    """Count the quorum by the rules in force on the session's day.

    Args:
        body: The body.
        day: The session's legal day.
        present: The seats present, voting or not.
        world: Read only where the body counts FILLED_SEATS.
        at: The instant at which seats are filled or vacant.
        call: 1 for the first call, 2 for the second.

    Raises:
        RuleViolation: "body-extinct", "no-rules-in-force".
    """
    rule = rules_of(body, day).quorum
    seats = body.seats_on(day)
    filled: frozenset[str] = frozenset()
    if rule.base == "FILLED_SEATS":
        voting = (seat.seat for seat in seats if seat.voting)
        filled = frozenset(seat for seat in voting if holders_at(world, body.body, seat, at))
    base = quorum.base_of(rule, seats, filled)
    here = [seat for seat in seats if seat.seat in present]
    required = quorum.required(rule, base, call)
    return QuorumCount(quorum.count(here), base, required, quorum.holds(rule, here, base, call))


def session_quorum(session: SessionState, world: World, at: datetime) -> QuorumCount:
    """Count the quorum of a session as its attendance stands; who is recused from an item still counts."""
    body = body_of(world, session.body)
    return quorum_count(body, session.day, session.present.keys(), world, at=at, call=session.call)


def require_quorum(session: SessionState, world: World, at: datetime) -> None:
    """Check that the session has quorum as its attendance stands.

    Raises:
        RuleViolation: "no-quorum".
    """
    world.rule("quorum")
    counted = session_quorum(session, world, at)
    if not counted.holds:
        raise RuleViolation("no-quorum", present=counted.present, required=counted.required)


def check_phase(session: SessionState, *allowed: str) -> None:
    """Check that the session is in one of the phases.

    Raises:
        RuleViolation: "in-recess", "quorum-lost", "session-phase".
    """
    if session.phase not in allowed:
        code = {"recess": "in-recess", "quorum-lost": "quorum-lost"}.get(session.phase, "session-phase")
        raise RuleViolation(code, session=session.path, phase=session.phase)


def session_open_at(session: SessionState | None, path: str, world: World, at: datetime) -> SessionState:
    """Return a session that can vote at the instant: open, not in recess, with quorum (S2).

    Quorum is both declared and computed: lost by declaration it stays lost until it is declared restored, and as the
    attendance says it may be lost before anybody declares it.

    Raises:
        RuleViolation: "session-unknown", "in-recess", "quorum-lost", "session-not-open", "back-dated", "no-quorum",
            "permanent-over".
    """
    session = open_session(session, path)
    if at < session.last_at:
        raise RuleViolation("back-dated", occurred_at=at.isoformat(), last=session.last_at.isoformat())
    if session.until_at is not None and at >= session.until_at:
        raise RuleViolation("permanent-over", until_at=session.until_at.isoformat())
    require_quorum(session, world, at)
    return session


def open_session(session: SessionState | None, path: str) -> SessionState:
    """Return a session that is open, not in recess and not without quorum.

    Raises:
        RuleViolation: "session-unknown", "in-recess", "quorum-lost", "session-not-open".
    """
    if session is None:
        raise RuleViolation("session-unknown", session=path)
    if session.phase == "recess":
        raise RuleViolation("in-recess", session=path)
    if session.phase == "quorum-lost":
        raise RuleViolation("quorum-lost", session=path)
    if session.phase != "open":
        raise RuleViolation("session-not-open", session=path, phase=session.phase)
    return session


def voting_present(session: SessionState, items: Iterable[int], body: BodyState) -> dict[str, int]:
    """Return seat → designation of those who may vote: voting seats present and not recused from any of the items."""
    recused = session.recused_from(items)
    voting = {seat.seat for seat in body.voting_seats_on(session.day)}
    return {
        seat: present.designation for seat, present in session.present.items() if seat in voting and seat not in recused
    }


def holder_in_session(session: SessionState, seat: str, number: int, world: World, at: datetime) -> DesignationState:
    """Return the designation that seats somebody in a session of this ledger.

    Raises:
        RuleViolation: "seat-unknown", "not-in-office", "designation-imported" (an import grants no authority).
    """
    state = holder_at(world, session.body, seat, number, at)
    if state.imported:
        raise RuleViolation("designation-imported", seat=seat, designation=number)
    return state


def check_attendance(session: SessionState, act: AttendanceRecorded, world: World, at: datetime) -> None:
    """Check who leaves and who enters, in this order: a suplente may take the seat that his propietario leaves.

    Raises:
        RuleViolation: "nobody-moves", "not-present", "seat-unknown", "not-in-office", "designation-imported",
            "propietario-present", "seat-taken", "person-twice", "modality-not-allowed", "evidence-required".
    """
    world.rule("attendance")
    if not act.arrivals and not act.departures:
        raise RuleViolation("nobody-moves")
    sitting = dict(session.present)
    for seat in act.departures:
        if sitting.pop(seat, None) is None:
            raise RuleViolation("not-present", seat=seat)
    persons = {_designation(session, seat, there, world).person: seat for seat, there in sitting.items()}
    for arrival in act.arrivals:
        _check_modality(session, arrival)
        holder = holder_in_session(session, arrival.seat, arrival.designation, world, at)
        there = sitting.get(arrival.seat)
        if there is not None:
            _refuse_taken(arrival.seat, _designation(session, arrival.seat, there, world), holder)
        if holder.person in persons:
            raise RuleViolation("person-twice", seat=arrival.seat, other=persons[holder.person])
        persons[holder.person] = arrival.seat
        sitting[arrival.seat] = Present(arrival.designation, arrival.modality)


def _check_modality(session: SessionState, arrival: Arrival) -> None:
    """R22: one attends as the convocation says; by correspondence a presence has its paper (S6)."""
    if session.modality not in {"mixta", arrival.modality}:
        raise RuleViolation("modality-not-allowed", seat=arrival.seat, modality=arrival.modality)
    if session.session_kind == "permanent" and arrival.evidence is None:
        raise RuleViolation("evidence-required", seat=arrival.seat)


def _refuse_taken(seat: str, there: DesignationState, holder: DesignationState) -> NoReturn:
    """R10: a seat is personal; the suplente acts only while the propietario does not."""
    if there.capacity == "propietario" and holder.capacity == "suplente":
        raise RuleViolation("propietario-present", seat=seat, designation=there.number)
    raise RuleViolation("seat-taken", seat=seat, designation=there.number)


def _designation(session: SessionState, seat: str, there: Present, world: World) -> DesignationState:
    """Return the designation of somebody present; it was there when he came and no stream ever vanishes."""
    state = read(world, DesignationState, stream_name("designation", session.body, seat, there.designation))
    if state is None:
        raise RuleViolation("designation-unknown", seat=seat, designation=there.designation)
    return state


def after_move(present: Mapping[str, Present], act: AttendanceRecorded) -> dict[str, Present]:
    """Return the attendance after a lawful move."""
    after = dict(present)
    for seat in act.departures:
        del after[seat]
    for arrival in act.arrivals:
        after[arrival.seat] = Present(arrival.designation, arrival.modality)
    return after


# -- who presides ----------------------------------------------------------------------------------------------


def seat_of_office(office: str, body: str) -> str | None:
    """Return the seat of the body that an office is a designation to, or None for any other office."""
    parts = office.split("/")
    return parts[2] if len(parts) == 4 and parts[0] == "designation" and parts[1] == body else None


def check_actor(session: SessionState, signed: Signed, world: World, item: int | None = None) -> None:
    """Check that who conducts the session may do so now: a chair is present, nobody is recused from the item.

    Raises:
        RuleViolation: "not-present", "not-presiding" (a vice-chair where the rules let only the chair preside),
            "recused".
    """
    seat = seat_of_office(signed.statement.office, session.body)
    if seat is None:
        return
    world.rule("presiding")
    body = body_of(world, session.body)
    found = body.seat(seat)
    if found is not None and found.role in CHAIRS:
        if seat not in session.present:
            raise RuleViolation("not-present", seat=seat)
        if found.role not in rules_of(body, session.day).presiding:
            raise RuleViolation("not-presiding", seat=seat)
    if item is not None and seat in session.items[item].recused:
        raise RuleViolation("recused", seat=seat, item=item)


def presiding(session: SessionState, item: int, body: BodyState) -> frozenset[str]:
    """Return the seats whose holder presides over the item: the chair's, else a vice-chair's, as the rules say.

    Who is absent, or recused from the item, presides over nothing of it (acting chair).
    """
    recused = session.items[item].recused
    for role in rules_of(body, session.day).presiding:
        seats = {seat.seat for seat in body.seats_on(session.day) if seat.role == role}
        able = frozenset(seats & session.present.keys() - recused)
        if able:
            return able
    return frozenset()


def check_offices(body: BodyState, rules: Rules, day: date) -> None:
    """B4: check that somebody can preside and attest on a day: a seat that presides by the rules, and a secretary's.

    Raises:
        RuleViolation: "no-chair-seat", "no-secretary-seat".
    """
    roles = {seat.role for seat in body.seats_on(day)}
    if not roles & set(rules.presiding):
        raise RuleViolation("no-chair-seat", body=body.body, day=day.isoformat())
    if not roles & set(SECRETARIES):
        raise RuleViolation("no-secretary-seat", body=body.body, day=day.isoformat())


def check_officers(session: SessionState, world: World, at: datetime) -> None:
    """B4: check that at an instant somebody holds a seat that presides, and somebody a secretary's.

    Raises:
        RuleViolation: "chair-vacant", "secretary-vacant".
    """
    world.rule("officers")
    body = body_of(world, session.body)
    offices = (("chair-vacant", rules_of(body, session.day).presiding), ("secretary-vacant", SECRETARIES))
    for code, roles in offices:
        seats = (seat.seat for seat in body.seats_on(session.day) if seat.role in roles)
        if not any(holders_at(world, body.body, seat, at) for seat in seats):
            raise RuleViolation(code, body=body.body, at=at.isoformat())
