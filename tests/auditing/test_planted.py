"""Anomalies planted in a ledger, lawful or not: each is found where an auditor looks for it, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.book import BookClosed, BookOpened, FolioCancelled, FoliosAssigned
from ledger.acts.designation import DesignationEnded, DesignationRegistered, LeaveGranted
from ledger.acts.followup import AmountExercised, ResponsibilityAssigned
from ledger.acts.trust import EntryAcknowledged, SeriesOpened
from ledger.acts.vote import (
    CandidateCount,
    ElectionTallyRecorded,
    Holder,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteOpened,
)
from ledger.auditing.base import gaps, ranges, spans_of
from ledger.crypto.merkle import leaf_hash
from ledger.ids import write_instant
from tests.auditing.told import rows, told
from tests.kit.books import MEXICO
from tests.kit.bundles import lawful

if TYPE_CHECKING:
    from tests.kit.bundles import Council

BOOK: dict[str, Any] = {"body": "cd", "year": 2026, "volume": 1}
AGREEMENT: dict[str, Any] = {"body": "cd", "year": 2026, "number": 1, "resolution": 1}


def only(council: Council, name: str, **where: str) -> dict[str, str]:
    """Return the one row of a sheet that has these cells."""
    (found,) = (row for row in rows(council.book.entries, name) if where.items() <= row.items())
    return found


def adopted(number: int) -> AgreementAdopted:
    """Return an agreement of the year 2027."""
    named: dict[str, Any] = {"body": "cd", "year": 2027, "number": number, "identifier": f"{number}/2027"}
    return AgreementAdopted(**named, vote="vote/cd/2026/ord/1/1", ordinal=1, resolutions=1)


def test_a_lawful_ledger_has_nothing_to_point_out() -> None:
    """No late act, no gap, nobody out of term, in a session held by the rules."""
    entries = lawful().book.entries
    assert rows(entries, "late") == rows(entries, "terms") == []
    assert {row["observation"] for row in rows(entries, "numbers")} == {""}


def test_a_gap_in_numbers_is_found() -> None:
    """Agreement 3 where 2 does not stand: the gap, its number and the entry behind it."""
    council = lawful()
    index = council.adopt(3)
    row = only(council, "numbers", series="agreement/cd/2026")
    assert (row["missing"], row["missing_count"], row["observation"]) == ("2", "1", "gap")
    assert str(index) in row["acts"].split()


def test_a_series_begins_where_its_opening_says() -> None:
    """A series opened at 40 misses none of those before; what came out of order is said."""
    council = lawful()
    council.book.say(SeriesOpened(body="cd", series="agreement.2027", first=40), "ana", "ledger")
    council.book.now += timedelta(days=1)
    for number in (42, 40):
        council.by("secretaria", adopted(number))
    row = only(council, "numbers", series="agreement/cd/2027")
    assert (row["first"], row["missing"], row["out_of_order"]) == ("40", "41", "42")


def test_a_void_act_has_no_effect_and_its_number_stays_used() -> None:
    """An acknowledged agreement is in no table; its number is told as used up, not as missing."""
    council = lawful()
    index = council.adopt(2)
    leaf = leaf_hash(council.book.entries[index]).hex()
    council.book.say(EntryAcknowledged(index=index, leaf=leaf), "ana", "ledger")
    row = only(council, "numbers", series="agreement/cd/2026")
    assert (row["void"], row["present"], row["missing"], row["observation"]) == ("2", "1", "", "")
    assert told(council.book.entries).void == [index]
    assert told(council.book.entries, council.book.size - 1).void == []


def test_an_acknowledgement_of_another_entry_acknowledges_none() -> None:
    """The leaf that the act names must be that of the entry."""
    council = lawful()
    index = council.adopt(2)
    council.book.say(EntryAcknowledged(index=index, leaf="ab" * 32), "ana", "ledger")
    assert told(council.book.entries).void == []


def test_an_unreadable_entry_is_told_beside_the_tables() -> None:
    """Octets that are no act are in no row, and their index is said."""
    council = lawful()
    index = council.book.put(b'{"no":"act"}', "ab" * 32, b"x" * 64)
    assert list(told(council.book.entries).unreadable) == [index]


def test_gaps_and_second_uses_of_folios_are_found() -> None:
    """Folio 4 passed over, 6 used twice, then a close that says another last folio: each is told of its book."""
    council = lawful()
    index = council.by("secretaria", BookOpened(**BOOK, contents="actas", folios=10))
    council.by("secretaria", FoliosAssigned(**BOOK, first=1, last=3, object="acta/cd/2026/ord/1"))
    council.by("secretaria", FolioCancelled(**BOOK, folio=5))
    council.by("secretaria", FoliosAssigned(**BOOK, first=6, last=7, object="acta/cd/2026/ord/1"))
    row = only(council, "folios", book="cd/2026/1")
    assert (row["missing"], row["cancelled"], row["last_used"], row["assigned"]) == ("4", "5", "7", "5")
    assert (row["observation"], row["acts"].split()[0]) == ("gap", str(index))
    council.by("secretaria", FoliosAssigned(**BOOK, first=4, last=4, object="acta/cd/2026/ord/2"))
    assert only(council, "folios", book="cd/2026/1")["observation"] == ""
    council.by("secretaria", BookClosed(**BOOK, last_folio=8, cancelled=1))
    assert only(council, "folios", book="cd/2026/1")["observation"] == "closing-differs"
    council.by("secretaria", FoliosAssigned(**BOOK, first=11, last=11, object="acta/cd/2026/ord/2"))
    council.by("secretaria", FoliosAssigned(**BOOK, first=6, last=10, object="acta/cd/2026/ord/3"))
    row = only(council, "folios", book="cd/2026/1")
    assert (row["used_twice"], row["observation"]) == ("6-7", "used-twice")


def test_folios_beyond_the_book_are_found() -> None:
    """More folios than the book has, or a book that nobody opened."""
    council = lawful()
    council.by("secretaria", BookOpened(**BOOK, contents="actas", folios=2))
    council.by("secretaria", FoliosAssigned(**BOOK, first=1, last=3, object="acta/cd/2026/ord/1"))
    other = BOOK | {"volume": 2}
    council.by("secretaria", FoliosAssigned(**other, first=1, last=1, object="acta/cd/2026/ord/1"))
    assert {row["observation"] for row in rows(council.book.entries, "folios")} == {"beyond-the-book"}


def test_a_late_record_is_found() -> None:
    """An agreement recorded forty days after it says that it occurred stands alone among the late ones."""
    council = lawful()
    long_ago = write_instant((council.book.now - timedelta(days=40, hours=3)).astimezone(MEXICO))
    index = council.adopt(2, occurred_at=long_ago)
    (row,) = rows(council.book.entries, "late")
    assert (row["acts"], row["delay_days"], row["occurred_at"]) == (str(index), "40", long_ago)
    of_type = only(council, "delays", type="AgreementAdopted/1")
    assert (of_type["over_1_day"], of_type["over_30_days"], of_type["longest_s"]) == ("1", "1", row["delay_s"])


def test_a_seat_whose_end_was_recorded_afterwards_is_found() -> None:
    """He voted while the ledger had him in office; that his term had ended was recorded later, and it is said."""
    council = lawful()
    ended = DesignationEnded(
        body="cd", seat="vocal-1", number=1, ended_at="2026-01-10T00:00:00-06:00", cause="deceased"
    )
    index = council.book.say(ended, "ana", "ledger")
    (row,) = rows(council.book.entries, "terms")
    assert (row["seat"], row["observation"], row["known_when_voting"]) == ("vocal-1", "after-term", "no")
    assert (row["cause"], row["choice"]) == ("deceased", "favor")
    assert str(index) in row["acts"].split()
    assert rows(council.book.entries, "terms", index) == []


@pytest.mark.parametrize(
    ("number", "changes", "observation"),
    [
        (2, {"begins_at": "2030-01-01T00:00:00-06:00"}, "before-term"),
        (2, {"begins_at": "2020-01-01T00:00:00-06:00", "ends_at": "2021-01-01T00:00:00-06:00"}, "after-term"),
        (9, None, "designation-unknown"),
    ],
)
def test_a_vote_smuggled_in_by_whom_is_not_in_office_is_found(
    number: int, changes: dict[str, str] | None, observation: str
) -> None:
    """A ballot by another designation of the seat, not begun, expired or not there: found with its reason."""
    council = lawful()
    if changes is not None:
        council.designate("vocal-2", number, **changes)
    council.convene(items=1).open().open_vote()
    council.ballot("presidencia")
    index = council.ballot("vocal-2", office=f"designation/cd/vocal-2/{number}")
    (row,) = rows(council.book.entries, "terms")
    assert (row["designation"], row["observation"]) == (str(number), observation)
    assert row["known_when_voting"] == ("yes" if changes else "")
    assert str(index) in row["acts"].split()


def test_votes_on_leave_and_by_seats_that_nobody_has_are_found() -> None:
    """A member on leave, a seat that does not exist, a seat that the opening does not name."""
    council = lawful()
    leave = LeaveGranted(body="cd", seat="vocal-1", number=1, begins_at="2026-01-02T00:00:00-06:00")
    council.book.say(leave, "ana", "ledger")
    council.convene(items=1).open().open_vote(present=("presidencia", "vocal-1"))
    council.ballot("vocal-1")
    council.ballot("vocal-2")
    council.by("secretaria", RollCallRecorded(**council.place, vote=1, favor=("nadie",)))
    found = {
        (row["seat"], row["observation"])
        for row in rows(council.book.entries, "terms")
        if row["vote"].startswith("cd/2026/ord/2/")
    }
    assert found == {("vocal-1", "on-leave"), ("vocal-2", "not-eligible"), ("nadie", "seat-unknown")}
    assert only(council, "sectors", vote="cd/2026/ord/2/1", sector="unknown")["favor"] == "1"


def test_what_nobody_may_know_is_in_no_sense() -> None:
    """Secret votes, shows of hands, elections by name and annulled votes are counted as what they are."""
    council = lawful()
    council.convene(items=1).open()
    session = f"session/{council.path}"
    seats = tuple(Holder(seat=seat, designation=1) for seat in council.members)
    counts: dict[str, Any] = {"favor": 2, "contra": 1, "abstencion": 0}
    every: dict[str, Any] = {"favor": 3, "contra": 0, "abstencion": 0}
    tallies: list[tuple[Any, Any]] = [
        ("secret", SecretTallyRecorded(**council.place, vote=1, voters=council.members, **counts)),
        ("show-of-hands", ShowOfHandsRecorded(**council.place, vote=2, dissenters=("vocal-1",), **counts)),
        (
            "roll-call",
            ElectionTallyRecorded(
                **council.place,
                vote=3,
                voters=council.members,
                counts=(CandidateCount(person="p-ana", votes=2, seats=("vocal-1", "vocal-2")),),
                blank=1,
            ),
        ),
        ("acclamation", ShowOfHandsRecorded(**council.place, vote=4, **every)),
    ]
    for number, (method, tally) in enumerate(tallies, start=1):
        opened = VoteOpened(**council.place, vote=number, item=1, method=method, eligible=seats)
        council.by("secretaria", opened, basis=[session])
        council.by("secretaria", tally)
    council.declare(2, 2, 1)
    council.by("secretaria", VoteAnnulled(**council.place, vote=3), sealed={"reason": "repetida"})
    one, two, three, four = (only(council, "sectors", vote=f"cd/2026/ord/2/{n}", sector="estado") for n in (1, 2, 3, 4))
    assert (one["secret"], one["favor"], one["silent"]) == ("3", "0", "0")
    assert (two["dissent"], two["unnamed"], two["favor"], two["result"]) == ("1", "2", "0", "approved")
    assert (four["favor"], four["unnamed"]) == ("3", "0")
    assert (three["candidate"], three["secret"], three["result"]) == ("2", "1", "annulled")


def test_money_spent_without_authorisation_is_found() -> None:
    """An amount exercised where none was authorised, and one of an agreement that does not stand."""
    council = lawful()
    council.by("secretaria", ResponsibilityAssigned(**AGREEMENT, units=("da",)))
    council.by("secretaria", AmountExercised(**AGREEMENT, unit="da", amount=500))
    council.by("secretaria", AmountExercised(**(AGREEMENT | {"number": 9}), unit="da", amount=7))
    first, other = rows(council.book.entries, "amounts")
    assert (first["agreement"], first["observation"], first["available_centavos"]) == (
        "cd/2026/1",
        "not-authorised",
        "-500",
    )
    assert (first["session"], first["units"], first["validity"]) == ("cd/2026/ord/1", "da", "in-force")
    assert (other["agreement"], other["validity"], other["identifier"]) == ("cd/2026/9", "unknown", "")


def test_an_act_out_of_its_place_changes_no_state() -> None:
    """A second designation pushed into a stream that has one does not replace who sits there; nor does nonsense."""
    council = lawful()
    again: dict[str, Any] = {"body": "cd", "seat": "vocal-1", "number": 1, "person": "p-ana", "capacity": "suplente"}
    made = DesignationRegistered(**again, begins_at="2030-01-01T00:00:00-06:00")
    council.book.say(made, "ana", "ledger", version=7)
    ended = DesignationEnded(body="cd", seat="vocal-9", number=1, ended_at="2026-01-10T00:00:00-06:00", cause="extinct")
    council.book.say(ended, "ana", "ledger")
    assert rows(council.book.entries, "terms") == []


def test_a_session_that_closed_without_an_acta_is_pending() -> None:
    """Days pending run from the close to the last act of the tree."""
    council = lawful()
    council.book.now += timedelta(days=9)
    council.designate("vocal-2", 2, begins_at="2030-01-01T00:00:00-06:00")
    row = only(council, "actas", session="cd/2026/ord/1")
    assert (row["days_pending"], row["days_to_seal"], row["outcome"]) == ("9", "", "held")


def test_spans_are_compared_and_never_counted_through() -> None:
    """Numbers far away, overlaps inside overlaps: spans in, spans out."""
    assert ranges(spans_of([3, 1, 2, 9, 999_999])) == "1-3 9 999999"
    assert gaps([(5, 9), (1, 2), (6, 7), (9, 12)], 1) == ([(3, 4)], [(6, 7), (9, 9)])
    assert gaps([(10**15, 10**15)], 1) == ([(1, 10**15 - 1)], [])
