"""As of a day, as known on another: what occurred, what took effect and what was recorded are three times."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.acts import designation as designation_acts
from ledger.acts.unit import UnitCreated, UnitRenamed
from ledger.clock import MEXICO_CITY
from ledger.ids import parse_written, write_instant
from projections.queries import bodies, reading, seating, sessions, units
from projections.queries.agreements import AGREEMENT
from projections.queries.base import Filters, Object, Window, find, listing
from projections.queries.moment import Moment
from projections.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.queries.base import Reader
    from tests.kit.history import History
    from tests.kit.postgres import Database


def ask(history: History, moment: Moment, read: Callable[[Reader], Any]) -> Any:
    """Return what `read` gives at a moment."""
    with reading(history.store.pool, moment) as cursor:
        return read(cursor)


def project(database: Database) -> None:
    """Bring the registries up to date."""
    with Runner(database.app_url) as runner:
        runner.catch_up()


def at(history: History, instant: str) -> None:
    """Set the clock."""
    history.instant = instant
    history.store.set_clock(parse_written(instant))


def test_wrong_time_zone_midnight_session_lands_in_right_day(history: History, database: Database) -> None:
    """A session of 23:30 in central Mexico is one of that day, though UTC has the next, before and after midnight."""
    history.found()
    at(history, "2026-06-30T22:30:00-06:00")
    sitting = history.sit()
    assert parse_written(history.instant).astimezone(MEXICO_CITY).date() == date(2026, 6, 30)
    assert history.store.now().date() == date(2026, 7, 1)  # the database's day is another
    opened = history.store.head().size
    at(history, "2026-07-01T00:10:00-06:00")
    sitting.item(1)
    project(database)
    key = sitting.path
    (listed,) = ask(history, Moment(), lambda c: _sessions(c, date(2026, 6, 30), date(2026, 6, 30)))
    assert (listed["held_on"], listed["opened_at"][:10]) == ("2026-06-30", "2026-06-30")
    assert ask(history, Moment(), lambda c: _sessions(c, date(2026, 7, 1), None)) == []
    on_the_day: Object = ask(history, Moment(as_of=date(2026, 6, 30)), lambda c: find(c, sessions.SESSION, key))
    assert (on_the_day["phase"], on_the_day["log"]["last_index"]) == ("open", opened - 1)
    assert "current_item" not in on_the_day
    next_day: Object = ask(history, Moment(as_of=date(2026, 7, 1)), lambda c: find(c, sessions.SESSION, key))
    assert next_day["current_item"] == 1
    assert ask(history, Moment(as_of=date(2026, 6, 29)), lambda c: find(c, sessions.SESSION, key)) is None
    before_midnight = Moment(known_on=date(2026, 6, 30))
    known: Object = ask(history, before_midnight, lambda c: find(c, sessions.SESSION, key))
    assert known["log"]["last_index"] == opened - 1


def _sessions(cursor: Reader, since: date, until: date | None) -> list[Object]:
    bounds = Filters(date_from=since, date_to=until)
    return listing(cursor, sessions.SESSION, bounds, Window()).data


def test_end_that_is_recorded_late(history: History, database: Database) -> None:
    """He resigned on 15 March, which was recorded on 20 April: as of 1 April he was out, as known then he was in."""
    history.found()
    at(history, "2026-04-20T09:00:00-06:00")
    ended = designation_acts.DesignationEnded(
        body="hcd", seat="obrero-3", number=1, ended_at="2026-03-15T00:00:00-06:00", cause="resigned"
    )
    history.do(ended)
    project(database)
    april = date(2026, 4, 1)

    def vacant(moment: Moment) -> bool:
        found = ask(history, moment, lambda cursor: bodies.composition(cursor, "hcd", april))
        return next(seat["vacant"] for seat in found["seats"] if seat["seat"] == "obrero-3") is True

    assert vacant(Moment(as_of=april))
    assert vacant(Moment(as_of=april, known_on=date(2026, 4, 20)))
    assert not vacant(Moment(as_of=april, known_on=date(2026, 4, 19)))
    one = "hcd/obrero-3/1"
    then: Object = ask(
        history, Moment(known_on=date(2026, 4, 19)), lambda c: find(c, seating.DESIGNATION, one, on=april)
    )
    now: Object = ask(history, Moment(), lambda c: find(c, seating.DESIGNATION, one, on=april))
    assert "cause" not in then
    assert then["ends_at"] != now["ends_at"]
    assert (now["ends_at"], now["cause"]) == ("2026-03-15T00:00:00-06:00", "resigned")


def test_unit_names_of_the_past(history: History, database: Database) -> None:
    """A unit that the ledger learned of today existed since 2001, by the name of the day that is asked for."""
    history.found()
    history.do(UnitCreated(unit="daed", code="DAED", effective_on="2001-01-01"), sealed={"name": "DAED"})
    history.tick(days=10)
    renamed = UnitRenamed(unit="daed", code="DOE", effective_on="2022-05-04")
    index = history.do(renamed, sealed={"name": "DOE"})
    project(database)

    def code(day: date, **known: Any) -> str | None:
        found = ask(history, Moment(as_of=day, **known), lambda cursor: find(cursor, units.UNIT, "daed", on=day))
        return None if found is None else found["code"]

    assert code(date(2000, 12, 31)) is None
    assert code(date(2022, 5, 3)) == "DAED"
    assert code(date(2022, 5, 4)) == "DOE"
    assert code(date(2022, 5, 4), known_at=index - 1) == "DAED"
    assert code(date(2022, 5, 4), known_on=date(2026, 3, 1)) is None


def test_validity_as_of_a_day(told: History, database: Database) -> None:
    """An agreement of 2021 that was ended from 1 April 2026 on held until 31 March, and its relations say no more."""
    project(database)

    def holds(day: date, **known: Any) -> tuple[str, list[str]]:
        found = ask(told, Moment(as_of=day, **known), lambda cursor: find(cursor, AGREEMENT, "hcd/2021/1"))
        return found["validity"], [each["relation"] for each in found["relations"]]

    assert holds(date(2026, 3, 31)) == ("in-force", [])
    assert holds(date(2026, 4, 1)) == ("revoked", ["modifies", "revokes"])
    assert ask(told, Moment(as_of=date(2021, 6, 1)), lambda c: find(c, AGREEMENT, "hcd/2021/1")) is None
    created = ask(told, Moment(), lambda c: find(c, AGREEMENT, "hcd/2021/1"))["log"]["index"]
    assert holds(date(2026, 4, 1), known_at=created) == ("in-force", [])
    assert ask(told, Moment(known_at=created - 1), lambda c: find(c, AGREEMENT, "hcd/2021/1")) is None


def test_nothing_is_known_before_the_founding(history: History, database: Database) -> None:
    """As known on the day before the founding there is nothing, and the answer rests on no entry."""
    history.found()
    project(database)
    before = parse_written(write_instant(history.store.now().astimezone(MEXICO_CITY))).date().replace(year=2025)
    with reading(history.store.pool, Moment(known_on=before)) as cursor:
        assert cursor.position == 0
        assert listing(cursor, bodies.BODY, Filters(), Window()).data == []
