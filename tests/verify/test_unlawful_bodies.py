"""Bodies that meet, plan and create against their own rules: each found offline by its rule's code (domain.md §2.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.body import BodyRegistered, Rules, Seat, SeatsDefined, SeatsSuppressed
from ledger.acts.calendar import CalendarApproved, CalendarEntry
from ledger.acts.designation import DesignationEnded, DesignationRegistered
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    AttendanceRecorded,
    QuorumDeclared,
    SessionConvened,
    SessionOpened,
)
from ledger.ids import write_instant
from tests.kit.books import MEXICO, enrol
from tests.kit.bundles import RULES, Council
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def council(**changes: Any) -> Council:
    """Return a council whose rules are the usual ones with changes."""
    return Council(rules=Rules.model_validate(RULES.model_dump() | changes)).constitute()


def held(**changes: Any) -> Council:
    """Return such a council after a session with one vote and the agreement that it carried."""
    found = council(**changes).convene(items=1).open().balloted()
    found.adopt()
    return found.close()


def _convened(found: Council) -> int:
    begins = write_instant((found.book.now + timedelta(minutes=10)).astimezone(MEXICO))
    found.session += 1
    items = (AgendaEntry(item=1, item_kind="decision"),)
    act = SessionConvened(**found.place, begins_at=begins, modality="presencial", items=items)
    return found.by("secretaria", act)


def _session_of_a_body_without_chair() -> tuple[Council, int, str]:
    found = council()
    found.book.say(SeatsSuppressed(body="cd", seats=("presidencia",), valid_to="2026-01-05"), "ana", "ledger")
    return found, _convened(found), "no-chair-seat"


def _session_opened_without_chair() -> tuple[Council, int, str]:
    found = council().convene()
    ended = write_instant((found.book.now - timedelta(hours=1)).astimezone(MEXICO))
    gone = DesignationEnded(body="cd", seat="presidencia", number=1, ended_at=ended, cause="deceased")
    found.book.say(gone, "ana", "ledger")
    arrivals = tuple(Arrival(seat=seat, designation=1) for seat in found.members[1:])
    found.by("secretaria", AttendanceRecorded(**found.place, arrivals=arrivals))
    found.by("secretaria", QuorumDeclared(**found.place, present=2, base=3, required=2))
    return found, found.by("secretaria", SessionOpened(**found.place)), "chair-vacant"


def _calendar_of_too_few_sessions() -> tuple[Council, int, str]:
    found = held(min_ordinary_per_year=4, few_ordinary="REFUSE")
    vote = f"vote/{found.path}/1"
    entries = tuple(CalendarEntry(entry=n, series="ord", session=n, day=f"2026-0{n}-14") for n in (1, 2, 3))
    act = CalendarApproved(body="cd", year=2026, entries=entries, vote=vote)
    return found, found.by("secretaria", act, basis=[vote]), "ordinary-too-few"


def _committee_that_nobody_proposed() -> tuple[Council, int, str]:
    found = held(committees={"share": {"n": 2, "d": 3}})
    agreement = "agreement/cd/2026/1"
    act = BodyRegistered(body="cpd", body_kind="committee", parent="cd", agreement=agreement, proposers=("vocal-1",))
    return found, found.book.say(act, "ana", "ledger", basis=[agreement]), "committee-unproposed"


def _committee_with_a_power_of_the_board() -> tuple[Council, int, str]:
    found = held(committees={"share": {"n": 1, "d": 3}, "reserved": ["LFEP 58"]})
    agreement = "agreement/cd/2026/1"
    named: dict[str, Any] = {"agreement": agreement, "proposers": ("presidencia",), "powers": ("LFEP 58 I",)}
    act = BodyRegistered(body="cpd", body_kind="committee", parent="cd", **named)
    return found, found.book.say(act, "ana", "ledger", basis=[agreement]), "power-reserved"


def _agreement_whose_text_nobody_voted() -> tuple[Council, int, str]:
    found = council(text_before_vote=True).convene(items=1).open().balloted()
    return found, found.adopt(), "text-not-voted"


def _designated_on_paper_where_a_vote_designates() -> tuple[Council, int, str]:
    found = council(sectors=[{"sector": "estado"}])
    clerk = Seat(seat="registro", sector="ninguno", role="registrar", voting=False)
    found.book.say(SeatsDefined(body="cd", seats=(clerk,), valid_from="2026-01-01"), "ana", "ledger")
    enrol(found.book, "registro")
    found.designate("registro")
    ended = write_instant(found.book.now.astimezone(MEXICO))
    gone = DesignationEnded(body="cd", seat="vocal-1", number=1, ended_at=ended, cause="deceased")
    found.book.say(gone, "ana", "ledger")
    act = DesignationRegistered(
        body="cd", seat="vocal-1", number=2, person="p-registro", capacity="propietario", begins_at=ended
    )
    return found, found.by("registro", act), "vote-required"


@pytest.mark.parametrize(
    "story",
    [
        _session_of_a_body_without_chair,
        _session_opened_without_chair,
        _calendar_of_too_few_sessions,
        _committee_that_nobody_proposed,
        _committee_with_a_power_of_the_board,
        _agreement_whose_text_nobody_voted,
        _designated_on_paper_where_a_vote_designates,
    ],
    ids=lambda story: story.__name__.strip("_"),
)
def test_a_body_against_its_own_rules_is_found(tmp_path: Path, story: Callable[[], tuple[Council, int, str]]) -> None:
    """What the server would have refused of B4, D8, R1, R20 and I3 is found at its index, and nothing else."""
    found, index, code = story()
    verdict = Verdict(found.book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.hits == {(10, code, index, "")}
    assert verdict.exit == 1


def test_what_is_only_told_is_no_finding(tmp_path: Path) -> None:
    """A calendar that is short where the rules only want it told, and a committee from paper: remarks, exit 0."""
    found = held(min_ordinary_per_year=4, committees={"share": {"n": 1, "d": 3}})
    vote = f"vote/{found.path}/1"
    entry = CalendarEntry(entry=1, series="ord", session=1, day="2026-01-14")
    found.by("secretaria", CalendarApproved(body="cd", year=2026, entries=(entry,), vote=vote), basis=[vote])
    found.book.say(BodyRegistered(body="cpd", body_kind="committee", parent="cd"), "ana", "ledger")
    verdict = Verdict(found.book.bundle(tmp_path / "b.evidencia.zip"))
    assert (verdict.exit, verdict.hits) == (0, set())
    assert {"ordinary-too-few", "committee-on-paper"} <= verdict.report["remarked"].keys()
