"""Void entries at the beginning of a stream, and officers who hold over: what the replay makes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.body import BodyRulesAdopted, MajorityRule, Rules
from ledger.acts.designation import DesignationEnded
from ledger.acts.session import ItemConcluded, SessionClosed
from ledger.ids import write_instant
from tests.kit.books import MEXICO, enrol
from tests.kit.bundles import Council
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path


def voted() -> Council:
    """Return a council whose session has voted by ballots."""
    return Council().constitute().convene().open().balloted()


def adopted(council: Council, number: int) -> AgreementAdopted:
    """Return an agreement of the first vote, the second where its number is 2."""
    return AgreementAdopted(
        body="cd",
        year=2026,
        number=number,
        vote=f"vote/{council.path}/1",
        ordinal=1,
        identifier=f"{number}/2026",
        resolutions=1,
    )


def test_a_void_number_stays_used(tmp_path: Path) -> None:
    """A void adoption begins its stream and leaves no state: number 2 is no gap, and number 1 is not taken again."""
    council = voted()
    basis = [f"vote/{council.path}/1"]
    void = council.by("vocal-1", adopted(council, 1), basis=basis)
    again = council.by("secretaria", adopted(council, 1), basis=basis)
    council.by("secretaria", adopted(council, 2), basis=basis)
    council.close(1, (2,))
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(10, "not-authorised", void, ""), (10, "number-used", again, "")}


def test_a_void_vote_is_counted_by_the_close(tmp_path: Path) -> None:
    """The close counts numbers that were used, by a void vote too; with one less it is a finding."""
    council = voted()
    council.by("secretaria", ItemConcluded(**council.place, item=1, outcome="resolved"))
    void = council.open_vote(2)
    wrong = council.by("presidencia", SessionClosed(**council.place, votes=1))
    council.by("presidencia", SessionClosed(**council.place, votes=2))
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(10, "item-not-open", void, ""), (10, "vote-count", wrong, "")}


def test_a_void_designation_hides_no_later_one(tmp_path: Path) -> None:
    """Holders of a seat are found by counting numbers, those of void designations too."""
    council = Council().constitute()
    ended: dict[str, Any] = {"body": "cd", "seat": "vocal-2", "number": 1, "cause": "resigned"}
    now = write_instant(council.book.now.astimezone(MEXICO))
    council.book.say(DesignationEnded(**ended, ended_at=now), "ana", "ledger")
    enrol(council.book, "nuevo")
    void = council.designate("vocal-2", 2, person="p-nadie", begins_at=now)
    council.designate("vocal-2", 3, person="p-nuevo", begins_at=now)
    occupied = council.designate("vocal-2", 4, person="p-ana", begins_at=now)
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(10, "person-unknown", void, ""), (10, "seat-occupied", occupied, "")}


def holding(*, holdover: bool) -> Council:
    """Return a council whose secretary's term runs out a minute from now, under rules with or without holdover."""
    council = Council().constitute()
    rules = Rules(majorities={"simple": MajorityRule()}, methods=("ballot",), holdover=holdover)
    act = BodyRulesAdopted(body="cd", profile="GENERIC", rules=rules, valid_from="2026-01-02")
    council.book.say(act, "ana", "ledger")
    ended: dict[str, Any] = {"body": "cd", "seat": "secretaria", "number": 1, "cause": "substituted"}
    council.book.say(DesignationEnded(**ended, ended_at="2026-01-01T00:00:00-06:00"), "ana", "ledger")
    ends = write_instant((council.book.now + timedelta(minutes=1)).astimezone(MEXICO))
    council.designate("secretaria", 2, begins_at="2026-01-01T00:00:00-06:00", ends_at=ends)
    council.book.now += timedelta(minutes=5)
    return council


def secretary_convenes(council: Council, number: int = 2) -> int:
    """Let the secretary by that designation convene the next session; return the index of the act."""
    by, who = council.office, {"secretaria": f"designation/cd/secretaria/{number}"}
    council.office = lambda seat: who.get(seat) or by(seat)  # type: ignore[method-assign]
    council.convene()
    return council.book.size - 1


def test_an_officer_who_holds_over_signs(tmp_path: Path) -> None:
    """D6: where the rules let holders continue until replaced, who keeps the seat keeps its signature."""
    council = holding(holdover=True)
    secretary_convenes(council)
    assert Verdict(council.book.bundle(tmp_path / "b")).exit == 0


def test_an_officer_whose_term_ran_out_signs_nothing(tmp_path: Path) -> None:
    """Without holdover the signature ends with the term."""
    council = holding(holdover=False)
    index = secretary_convenes(council)
    assert Verdict(council.book.bundle(tmp_path / "b")).hits == {(10, "not-in-office", index, "")}


def test_who_holds_over_signs_until_he_is_replaced(tmp_path: Path) -> None:
    """With the begin of the next designation to the seat he keeps neither seat nor signature."""
    council = holding(holdover=True)
    enrol(council.book, "sucesora")
    now = write_instant(council.book.now.astimezone(MEXICO))
    council.designate("secretaria", 3, person="p-sucesora", begins_at=now)
    index = secretary_convenes(council)
    assert Verdict(council.book.bundle(tmp_path / "b")).hits == {(10, "not-in-office", index, "")}
