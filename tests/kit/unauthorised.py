"""Excerpts of ledgers in which somebody signed what was not his to sign, and honest ones to tell them from.

Of each act the signature holds and the place is proved: only who signed, in what office, is as it should not be.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.acts.body import Seat, SeatsDefined
from ledger.acts.designation import DesignationEnded, LeaveGranted
from ledger.acts.trust import (
    Founder,
    KeyAccepted,
    KeyEnrolled,
    KeyRevoked,
    LedgerFounded,
    PersonRegistered,
    SeriesOpened,
)
from ledger.ids import write_instant
from ledger.statement import Entry
from tests.kit.books import MEXICO, ORIGIN, Book, enrol, found, key, spki64
from tests.kit.bundles import RULES, Council, lawful

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRETARY = "designation/cd/secretaria/1"
SERIES = SeriesOpened(body="cd", series="agreement.2027", first=7)
"""What secretaries and officers may sign, and members not."""


@dataclass(frozen=True)
class Told:
    """An excerpt to be judged.

    left_out: indexes that are not in it. index: the act that is asked about. authorised, why: what is to be said of it.
    """

    book: Book
    index: int
    authorised: bool | None
    why: str = ""
    left_out: frozenset[int] = frozenset()

    @property
    def shown(self) -> list[int]:
        """The indexes of its acts."""
        return [index for index in range(self.book.size) if index not in self.left_out]

    @property
    def headline(self) -> str | None:
        """The verdict that follows."""
        return {True: "VALID", False: "SIGNER_NOT_AUTHORISED_AT_DATE", None: None}[self.authorised]


def _at(book: Book, days: float = 0) -> str:
    return write_instant((book.now + timedelta(days=days)).astimezone(MEXICO))


def _sat(council: Council, number: int = 1) -> int:
    """Let the secretary, in virtue of his n-th designation, open a series."""
    return council.by("secretaria", SERIES, office=f"designation/cd/secretaria/{number}")


def _stream(book: Book, stream: str) -> Iterator[int]:
    return (index for index, raw in enumerate(book.entries) if Entry.parse(raw).act.statement.stream == stream)


def _ended(ended_days: float) -> tuple[Council, int]:
    council = lawful()
    act = DesignationEnded(
        body="cd", seat="secretaria", number=1, ended_at=_at(council.book, ended_days), cause="deceased"
    )
    council.book.say(act, "ana", "ledger")
    return council, _sat(council)


def _term(*, holdover: bool, followed: bool = False) -> tuple[Council, int]:
    """Let the secretary's term run out, and him sign; the rules may let him, unless he was followed."""
    council = Council(rules=RULES.model_copy(update={"holdover": holdover})).constitute()
    begins, ends = _at(council.book, 1), _at(council.book, 2)
    council.designate("secretaria", 2, begins_at=begins, ends_at=ends, capacity="suplente")
    if followed:
        begins, ends = _at(council.book, 3), _at(council.book, 9)
        council.designate("secretaria", 3, person="p-vocal-1", begins_at=begins, ends_at=ends, capacity="suplente")
    council.book.now += timedelta(days=5)
    return council, _sat(council, 2)


def honest() -> Told:
    """Tell a whole lawful story."""
    book = lawful().book
    return Told(book, book.size - 1, True)


def ends_later() -> Told:
    """End the office after the act."""
    council, index = _ended(1)
    return Told(council.book, index, True)


def term_ended() -> Told:
    """End the office before the act."""
    council, index = _ended(-1)
    return Told(council.book, index, False, "not-in-office")


def on_leave() -> Told:
    """Put the signer on leave before the act."""
    council = lawful()
    act = LeaveGranted(body="cd", seat="secretaria", number=1, begins_at=_at(council.book, -1))
    council.book.say(act, "ana", "ledger")
    return Told(council.book, _sat(council), False, "not-in-office")


def run_out() -> Told:
    """Let the term run out where the rules know no holdover."""
    council, index = _term(holdover=False)
    return Told(council.book, index, False, "not-in-office")


def holds_over() -> Told:
    """Let it run out where they do."""
    council, index = _term(holdover=True)
    return Told(council.book, index, True)


def was_followed() -> Told:
    """Let it run out where they do, and somebody follow."""
    council, index = _term(holdover=True, followed=True)
    return Told(council.book, index, False, "not-in-office")


def wrong_role() -> Told:
    """Let a member sign what is the secretary's."""
    council = lawful()
    return Told(council.book, council.by("vocal-1", SERIES), False, "not-authorised")


def anothers_office() -> Told:
    """Let a member sign in the secretary's office."""
    council = lawful()
    index = council.by("vocal-1", SERIES, office=SECRETARY)
    return Told(council.book, index, False, "not-in-office")


def no_founder() -> Told:
    """Let a member sign as if he had founded the ledger."""
    council = lawful()
    index = council.by("vocal-1", PersonRegistered(person="p-x"), office="ledger")
    return Told(council.book, index, False, "not-in-office")


def not_accepted() -> Told:
    """Let somebody sign whose key is enrolled, and not accepted."""
    book = found(Book())
    enrol(book, "x", accept=False)
    return Told(book, book.say(PersonRegistered(person="p-y"), "x", "ledger"), False, "key-not-accepted")


def key_revoked() -> Told:
    """Revoke the key before the act."""
    council = lawful()
    council.book.say(KeyRevoked(keyid=key("secretaria").public.keyid, reason="lost"), "luis", "ledger")
    return Told(council.book, _sat(council), False, "key-revoked")


def founders_key_revoked() -> Told:
    """Revoke a founding officer's key before the act."""
    book = found(Book())
    book.say(KeyRevoked(keyid=key("luis").public.keyid, reason="lost"), "ana", "ledger")
    return Told(book, book.say(PersonRegistered(person="p-y"), "luis", "ledger"), False, "key-revoked")


def recovery_key() -> Told:
    """Let the recovery key do more than it may."""
    book = found(Book())
    office = f"key/{key('recovery').public.keyid}"
    return Told(book, book.say(PersonRegistered(person="p-y"), "recovery", office), False, "recovery-key-scope")


def _service() -> tuple[Book, str]:
    book = found(Book())
    keyid = key("s").public.keyid
    enrolled = KeyEnrolled(keyid=keyid, spki=spki64("s"), person="p-ana", service_types=("PersonRegistered/1",))
    book.say(enrolled, "luis", "ledger")
    book.say(KeyAccepted(keyid=keyid), "s", f"key/{keyid}")
    return book, f"key/{keyid}"


def service() -> Told:
    """Let a service sign what its enrolment lists."""
    book, office = _service()
    return Told(book, book.say(PersonRegistered(person="p-y"), "s", office), True)


def service_elsewhere() -> Told:
    """Let a service sign what it does not list."""
    book, office = _service()
    seats = SeatsDefined(
        body="cd", seats=(Seat(seat="a", sector="b", role="member", voting=True),), valid_from="2026-01-01"
    )
    return Told(book, book.say(seats, "s", office), False, "not-authorised")


def founded_again() -> Told:
    """Let a member found the ledger again, and act as its founder then: the second founding is void."""
    council = lawful()
    officers = (Founder(person="p-vocal-1", spki=spki64("vocal-1")), Founder(person="p-x", spki=spki64("x")))
    act = LedgerFounded(origin=ORIGIN, officers=officers, recovery_spki=spki64("y"), rules_edition=1)
    council.book.say(act, "vocal-1", "ledger")
    index = council.by("vocal-1", PersonRegistered(person="p-x"), office="ledger")
    return Told(council.book, index, False, "not-in-office")


def enrolled_again() -> Told:
    """Let a member enrol his key again, as the secretary's: the second enrolment is void."""
    council = lawful()
    keyid = key("vocal-1").public.keyid
    again = KeyEnrolled(keyid=keyid, spki=spki64("vocal-1"), person="p-secretaria")
    council.book.say(again, "vocal-1", f"key/{keyid}")
    index = council.by("vocal-1", SERIES, office=SECRETARY)
    return Told(council.book, index, False, "not-in-office")


def _without(stream: str, which: slice = slice(None)) -> Told:
    book = lawful().book
    return Told(book, book.size - 2, None, stream, frozenset(list(_stream(book, stream))[which]))


def body_left_out() -> Told:
    """Leave the body out."""
    return _without("body/cd")


def chain_broken() -> Told:
    """Leave one of the body's acts out of the middle."""
    return _without("body/cd", slice(1, 2))


def office_left_out() -> Told:
    """Leave the designation out."""
    return _without(SECRETARY)


def stories() -> dict[str, Callable[[], Told]]:
    """Return every story by its name."""
    return {
        each.__name__: each
        for each in (
            honest,
            ends_later,
            term_ended,
            on_leave,
            run_out,
            holds_over,
            was_followed,
            wrong_role,
            anothers_office,
            no_founder,
            not_accepted,
            key_revoked,
            founders_key_revoked,
            recovery_key,
            service,
            service_elsewhere,
            founded_again,
            enrolled_again,
            body_left_out,
            chain_broken,
            office_left_out,
        )
    }
