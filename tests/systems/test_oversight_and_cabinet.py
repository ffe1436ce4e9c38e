"""Rows G and M: what auditors require, and a cabinet that decides by consensus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import book, oversight, position, session

if TYPE_CHECKING:
    from tests.kit.telling import Row

DAY = "2026-05-03"
CABINET: dict[str, Any] = {"body": "gsp", "year": 2026, "series": "ord", "session": 1}


@pytest.mark.system("G3")
def test_requirements_are_answered_in_their_term(row: Row) -> None:
    """A requirement tells its legal day, the bundle and the findings; what is answered is not answered again."""
    (found,) = row.get(as_of=DAY)["data"]
    whole = row.get(f"requirements/{found['key']}", as_of=DAY)
    assert whole["due_on"] > whole["received_on"]
    act = oversight.OversightRequirementAnswered(
        body="hcd", year=2026, number=1, oficio="SG/882/2026", answered_on=whole["received_on"], bundles=(1,)
    )
    row.refuse("already-answered", act, sealed={"answer": "Otra vez."})


@pytest.mark.system("M2")
def test_a_cabinet_holds_its_sessions(row: Row) -> None:
    """A body with other rules than a council's: its session lost its quorum and found it again, and is closed."""
    held = row.get("sessions/gsp/2026/ord/1")
    assert (held["phase"], len(held["items"])) == ("closed", 4)
    assert row.get(body="gsp")["data"][0]["key"] == "gsp/2026/ord/1"
    secretary = row.told.town.officer("secretaria", "gsp")
    row.refuse("session-phase", session.SessionRecessed(**CABINET), secretary)


@pytest.mark.system("M3")
def test_consensus_is_blocked_by_one_objection(row: Row) -> None:
    """Objections stand until they are withdrawn; none is raised once the consensus is declared."""
    raised = row.get()["data"]
    assert {each["key"].rpartition("/")[2] for each in raised} == {"salud", "trabajo"}
    assert row.get("votes/gsp/2026/ord/1/2")["result"] == "approved"
    act = position.ObjectionRaised(**CABINET, vote=2, seat="presidencia")
    chair = row.told.town.officer("presidencia", "gsp")
    row.refuse("vote-closed", act, chair, sealed={"grounds": "No"}, basis=["vote/gsp/2026/ord/1/2"])


@pytest.mark.system("M8")
def test_the_archive_keeps_its_books(row: Row) -> None:
    """Where a book is, who has it and whether it is whole; what was given back is not given back again."""
    kept = row.get("books/hcd/2026/1")
    assert [each.get("returned_index") is None for each in kept["loans"]] == [False, True]
    act = book.ArchiveItemReturned(body="hcd", year=2026, volume=1, loan=1)
    row.refuse("loan-unknown", act, row.told.town.officer("custodio"))
