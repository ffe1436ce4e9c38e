"""Questions to registries that HTTP does not ask, and rows that few histories have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts.transparency import TextPublished
from ledger.acts.trust import PersonRegistered
from ledger.crypto import disclosure
from ledger.errors import StoreError
from projections import tracking
from projections.page import Page
from projections.people import PERSONS
from projections.queries import bodies, reading, seating
from projections.queries.base import Filters, Window, listing
from projections.replay import ProjectionError
from projections.runner import Runner
from projections.sessions import SESSIONS

if TYPE_CHECKING:
    from tests.kit.history import History
    from tests.kit.postgres import Database


def _holdover(history: History) -> None:
    """Register a body whose holders continue until replaced, a term that ran out, and the next one a month later."""
    history.found()
    rules = body_acts.Rules(majorities={"simple": body_acts.MajorityRule()}, holdover=True)
    history.do(body_acts.BodyRegistered(body="junta", body_kind="board"), sealed={"name": "Junta"})
    history.do(body_acts.BodyRulesAdopted(body="junta", profile="GENERIC", rules=rules, valid_from="2020-01-01"))
    seats = tuple(body_acts.Seat(seat=f"s{n}", sector="x", role="member", voting=True) for n in (1, 2))
    history.do(body_acts.SeatsDefined(body="junta", seats=seats, valid_from="2020-01-01"))
    for person in ("p-a", "p-b", "p-c"):
        history.do(PersonRegistered(person=person), sealed={"name": person})
    terms = (
        ("s1", 1, "p-a", "2021-01", "2022-01"),
        ("s1", 2, "p-b", "2022-02", None),
        ("s2", 1, "p-c", "2021-01", "2022-01"),
    )
    for seat, number, person, begins, ends in terms:
        span: dict[str, Any] = {
            "begins_at": f"{begins}-01T00:00:00-06:00",
            "ends_at": None if ends is None else f"{ends}-01T00:00:00-06:00",
        }
        history.do(
            designation_acts.DesignationRegistered(
                body="junta", seat=seat, number=number, person=person, capacity="propietario", **span
            )
        )


def test_holdover(history: History, database: Database) -> None:
    """Where the rules let holders continue, a term that ran out counts until the next one begins, and no longer."""
    _holdover(history)
    with Runner(database.app_url) as runner:
        runner.catch_up()

    def holders(on: date) -> dict[str, list[tuple[str, bool]]]:
        with reading(history.store.pool) as cursor:
            found = bodies.composition(cursor, "junta", on)
        assert found is not None
        return {
            seat["seat"]: [(holder["person"], holder["held_over"]) for holder in seat["holders"]]
            for seat in found["seats"]
        }

    assert holders(date(2021, 6, 1)) == {"s1": [("p-a", False)], "s2": [("p-c", False)]}
    assert holders(date(2022, 1, 31)) == {"s1": [("p-a", True)], "s2": [("p-c", True)]}
    assert holders(date(2022, 2, 1)) == {"s1": [("p-b", False)], "s2": [("p-c", True)]}
    assert holders(date(2020, 12, 31)) == {"s1": [], "s2": []}


def test_who_holds_over_has_a_status_of_his_own(history: History, database: Database) -> None:
    """A term that ran out is "holding-over" until the next begins and never "expired" then; the filter picks it."""
    _holdover(history)
    with Runner(database.app_url) as runner:
        runner.catch_up()

    def states(on: date, state: str | None = None) -> dict[str, str]:
        filters = Filters(equal={"body": "junta"}, computed={"state": state})
        with reading(history.store.pool) as cursor:
            found = listing(cursor, seating.DESIGNATION, filters, Window(), on=on).data
        return {each["key"].removeprefix("junta/"): each["standing"]["state"] for each in found}

    assert states(date(2021, 6, 1)) == {"s1/1": "in-force", "s1/2": "future", "s2/1": "in-force"}
    assert states(date(2022, 1, 31)) == {"s1/1": "holding-over", "s1/2": "future", "s2/1": "holding-over"}
    assert states(date(2022, 2, 1)) == {"s1/1": "expired", "s1/2": "in-force", "s2/1": "holding-over"}
    assert states(date(2022, 2, 1), "holding-over") == {"s2/1": "holding-over"}


def test_text_that_is_another(history: History, database: Database) -> None:
    """A vault that gives another text than the signed one stops the worker; one that gives none leaves it empty."""
    history.found()
    index = history.state("body/hcd").index - 2
    published = history.do(TextPublished(index=index, names=("name", "no-such-name")))
    forged = disclosure.make("name", "Otro nombre", bytes(16))
    with Runner(database.app_url, reader=lambda _: forged) as runner:
        with pytest.raises(ProjectionError, match=f"index {published}, registry texts: StoreError: text-altered"):
            runner.catch_up()
        runner.reader = lambda _: None
        runner.catch_up()
        row = runner.connection.execute("SELECT name, published_index, value FROM registry.published_texts").fetchall()
    assert row == [("name", published, None)]


def test_rows_that_are_not_there(database: Database) -> None:
    """Changing what no act made, making what stands already, and reading an entry beyond the end are refused."""
    with tracking.connect(database.app_url) as connection, connection.cursor() as cursor:
        page = Page(cursor)
        with pytest.raises(StoreError, match="row-missing"):
            page.edit(SESSIONS, "hcd/2026/ord/1")
        page.put(PERSONS, dict.fromkeys(PERSONS.columns) | {"id": "p"})
        with pytest.raises(StoreError, match="row-exists"):
            page.put(PERSONS, dict.fromkeys(PERSONS.columns) | {"id": "p"})
        with pytest.raises(StoreError, match="entry-missing"):
            page.entry(0)
