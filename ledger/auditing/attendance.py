"""Attendance by seat, and each session's attendance and time to its sealed acta (domain.md §3.3, §3.7)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from ledger.auditing.base import acts, natural, permille

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.auditing.base import Row, Standing
    from ledger.auditing.sessions import SessionTold, Told
    from ledger.domain.world import Signed

HELD = frozenset({"held", "imported"})


class Attendance:
    """One row a body and seat: of the sessions held while it existed, in how many somebody sat there, and who."""

    name: ClassVar[str] = "attendance"
    columns: ClassVar[tuple[str, ...]] = (
        "body",
        "seat",
        "sector",
        "role",
        "voting",
        "sessions",
        "attended",
        "by_propietario",
        "by_suplente",
        "absent",
        "attended_permille",
        "acts",
    )

    def take(self, signed: Signed) -> None:
        """Take nothing: sessions are read for several sheets at once."""

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by body and seat."""
        held: dict[str, list[SessionTold]] = defaultdict(list)
        for path in sorted(standing.sessions.told, key=natural):
            session = standing.sessions.told[path]
            if session.outcome in HELD and session.counted:
                held[session.body].append(session)
        for body in sorted(held):
            state = standing.body(body)
            for seat in () if state is None else sorted(state.seats.values(), key=lambda each: each.seat):
                due = [each for each in held[body] if seat.exists_on(date.fromisoformat(each.day))]
                if due:
                    about: Row = (body, seat.seat, seat.sector, seat.role, "yes" if seat.voting else "no")
                    yield (*about, *_of_seat(body, seat.seat, due, standing))


def _of_seat(body: str, seat: str, due: list[SessionTold], standing: Standing) -> Row:
    capacities: Counter[str] = Counter()
    attended = [each for each in due if seat in each.seats]
    for session in attended:
        states = (standing.designation(body, seat, number) for number in sorted(session.seats[seat]))
        capacities.update({state.capacity for state in states if state is not None})
    return (
        len(due),
        len(attended),
        capacities["propietario"],
        capacities["suplente"],
        len(due) - len(attended),
        permille(len(attended), len(due)),
        acts(*(index for session in attended for index in session.attendance)),
    )


class Actas:
    """One row a session: whether and how it was held, who was there, and how long its acta took."""

    name: ClassVar[str] = "actas"
    columns: ClassVar[tuple[str, ...]] = (
        "session",
        "body",
        "day",
        "session_kind",
        "modality",
        "call",
        "outcome",
        "present",
        "base",
        "required",
        "seats_attended",
        "opened_at",
        "closed_at",
        "votes",
        "agreements",
        "instrument",
        "drafts",
        "drafted_at",
        "sealed_at",
        "days_to_draft",
        "days_to_seal",
        "days_pending",
        "acts",
    )

    def take(self, signed: Signed) -> None:
        """Take nothing: sessions are read for several sheets at once."""

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by session."""
        for path in sorted(standing.sessions.told, key=natural):
            yield _acta(standing.sessions.told[path], standing.last_day)


def _acta(session: SessionTold, today: date) -> Row:
    present, base, required = session.quorum or (None, None, None)
    pending = session.closed is not None and session.sealed is None
    points = (session.convened, session.opened, session.closed, session.drafted, session.sealed)
    return (
        session.path,
        session.body,
        session.day,
        session.session_kind,
        session.modality,
        session.call,
        session.outcome,
        present,
        base,
        required,
        len(session.seats) if session.counted else None,
        _at(session.opened),
        _at(session.closed),
        session.votes,
        session.agreements,
        session.instrument,
        session.drafts,
        _at(session.drafted),
        _at(session.sealed),
        _days(session.closed, session.drafted),
        _days(session.closed, session.sealed),
        (today - _day(session.closed)).days if pending and session.closed is not None else None,
        acts(*(point.index for point in points if point is not None), *session.attendance),
    )


def _at(told: Told | None) -> str | None:
    return None if told is None else told.at


def _day(told: Told) -> date:
    return date.fromisoformat(told.at[:10])


def _days(since: Told | None, until: Told | None) -> int | None:
    """Return the days from one legal day to the other."""
    return None if since is None or until is None else (_day(until) - _day(since)).days
