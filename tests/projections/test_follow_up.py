"""The follow-up board, relations and units of a told history, as of days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from projections.queries import follow_up, units
from projections.queries.agreements import AGREEMENT
from projections.queries.base import Filters, Window, find, listing, reading
from projections.runner import Runner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.queries.base import Listing, Reader
    from tests.kit.history import History
    from tests.kit.postgres import Database

KEY = "hcd/2026/1/1"
TOLD = date(2026, 3, 2)


@pytest.fixture
def cursor(told: History, database: Database) -> Iterator[Reader]:
    """Give a cursor on registries that show everything."""
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
    with reading(told.store.pool) as made:
        yield made


def board(cursor: Reader, on: date, status: follow_up.Status | None = None, unit: str | None = None) -> Listing:
    """Return the board of 2026."""
    return listing(
        cursor,
        follow_up.RESOLUTION,
        Filters({"year": 2026}, computed={"status": status, "unit": unit}),
        Window(),
        on=on,
    )


def test_board_is_computed_as_of_a_day(cursor: Reader) -> None:
    """Before the assignment there is nothing; in time it is partly fulfilled; a day after the due day it is overdue."""
    assert find(cursor, follow_up.RESOLUTION, KEY, on=date(2026, 1, 1)) is None
    assert find(cursor, follow_up.RESOLUTION, "hcd/2026/1/9", on=TOLD) is None
    assert board(cursor, date(2026, 1, 1)).data == []
    found = find(cursor, follow_up.RESOLUTION, KEY, on=date(2026, 4, 30))
    assert found is not None
    assert (found["status"], found["status_text"]) == ("partially-fulfilled", "Parcialmente cumplido")
    assert (found["original_due_on"], found["due_on"]) == ("2026-03-31", "2026-04-30")
    assert (found["authorized_amount"], found["exercised_amount"], found["percent"]) == (1_000_00, 600_00, 40)
    assert found["units"] == ["dir"]
    assert len(found["steps"]) == 9
    late = find(cursor, follow_up.RESOLUTION, KEY, on=date(2026, 5, 3))
    assert late is not None
    assert (late["status"], late["status_text"], late["days_overdue"]) == ("overdue", "Vencido", 3)


def test_board_is_filtered_by_what_is_computed(cursor: Reader) -> None:
    """Status and unit filter what they say on the day asked for, not what the last act left."""
    may = date(2026, 5, 3)
    assert [each["key"] for each in board(cursor, may, "overdue").data] == [KEY]
    assert board(cursor, may, "partially-fulfilled").data == []
    assert [each["key"] for each in board(cursor, may, unit="dir").data] == [KEY, "cc/2026/2/1"]
    assert board(cursor, may, unit="dpes").data == []
    paged = listing(cursor, follow_up.RESOLUTION, Filters({"body": "hcd"}), Window(limit=1), on=may)
    assert (len(paged.data), paged.following) == (1, None)


def test_board_filtered_and_paged_shows_every_row_once(cursor: Reader) -> None:
    """Pages of one, picked by unit among rows that are read in growing portions, give the list that one page gives."""
    may, keys, after = date(2026, 5, 3), [], None
    while True:
        part = listing(
            cursor, follow_up.RESOLUTION, Filters({"year": 2026}, computed={"unit": "dir"}), Window(after, 1), on=may
        )
        keys += [each["key"] for each in part.data]
        if part.following is None:
            break
        after = part.following
    assert keys == [each["key"] for each in board(cursor, may, unit="dir").data]


def test_relations_are_told_at_both_ends(cursor: Reader) -> None:
    """Fe de erratas links both ways; so do modification and revocation; an unresolved citation says so."""
    first, legacy = find(cursor, AGREEMENT, "hcd/2026/1"), find(cursor, AGREEMENT, "hcd/2021/1")
    assert first is not None
    assert legacy is not None
    assert [each["relation"] for each in first["relations"]] == ["cites", "corrects", "modifies", "revokes"]
    assert [each["relation"] for each in legacy["relations"]] == ["modifies", "revokes"]
    citation, slip = first["relations"][:2]
    assert (citation["detail"], citation["resolved"]) == ("667/2001", False)
    assert (slip["source"], slip["target"]) == ("vote/hcd/2026/ord/2/1", "agreement/hcd/2026/1")
    assert [each["source"] for each in follow_up.relations_of(cursor, "vote/hcd/2026/ord/2/1")] == [slip["source"]]
    assert (first["validity"], legacy["validity"], legacy["ended_on"]) == ("in-force", "revoked", "2026-04-01")
    assert legacy["validity_text"] == "Sin efectos"
    assert legacy["provenance"] == "imported"
    assert [each["status_text"] for each in first["without_follow_up"]] == ["Concluido sin seguimiento"]
    assert legacy["without_follow_up"] == []


def test_units_are_as_of_a_day(cursor: Reader) -> None:
    """Before it was renamed and suppressed a unit has its old code; later it exists no more; its history stays."""
    before, after = (find(cursor, units.UNIT, "daed", on=day) for day in (date(2020, 1, 1), date(2026, 12, 31)))
    assert before is not None
    assert after is not None
    assert (before["code"], before["exists"], after["code"], after["exists"]) == ("DAED", True, "DOE", False)
    assert [version["act"] for version in after["versions"]] == ["UnitCreated", "UnitRenamed", "UnitSuppressed"]
    assert before["texts"]["name"]["index"] < after["texts"]["name"]["index"]
    moved = {on.year: find(cursor, units.UNIT, "dpes", on=on) for on in (date(2010, 1, 1), date(2023, 1, 1))}
    assert [found["parent"] for found in moved.values() if found] == ["dir", "dg"]
    early = listing(cursor, units.UNIT, Filters(), Window(), on=date(1999, 1, 1)).data
    assert [each["exists"] for each in early] == [False] * 4
    assert find(cursor, units.UNIT, "nada", on=TOLD) is None
