"""Ledgers at random: people sign what they like in whatever office, in and out of order, lawful or not.

Nothing here says what is right: two who judge the same acts must say the same of each.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Seat, SeatsDefined, SeatsSuppressed
from ledger.acts.designation import (
    DesignationEnded,
    DesignationImported,
    DesignationRegistered,
    LeaveEnded,
    LeaveGranted,
    ResignationFiled,
)
from ledger.acts.session import SessionOpened
from ledger.acts.trust import KeyAccepted, KeyEnrolled, KeyRevoked, PersonRegistered, SeriesOpened
from ledger.acts.vote import BallotCast
from ledger.ids import write_instant
from tests.kit.books import MEXICO, key, spki64
from tests.kit.bundles import MEMBERS, RULES, Council

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from ledger.acts.base import Act
    from ledger.acts.rules import Role
    from tests.kit.books import Book

PEOPLE = (*MEMBERS, "secretaria", "ana", "luis", "recovery")
SEATS = (*MEMBERS, "secretaria", "registro")
ROLES: tuple[Role, ...] = ("member", "chair", "secretary", "registrar", "custodian")


def muddled(chance: Random, acts: int = 40) -> Book:
    """Return a council after so many acts at random."""
    council = Council(rules=RULES.model_copy(update={"holdover": chance.random() < 0.5})).constitute()
    book = council.book
    for _ in range(acts):
        book.now += timedelta(hours=chance.choice((0, 0, 1, 30)))
        act = chance.choice(_ACTS)(chance, book)
        who = chance.choice(PEOPLE)
        book.say(act, who, _office(chance, who))
    return book


def _office(chance: Random, who: str) -> str:
    own = f"designation/cd/{who}/{chance.choice((1, 1, 2))}" if who in SEATS else "ledger"
    another = f"designation/cd/{chance.choice(SEATS)}/{chance.choice((1, 2, 3))}"
    return chance.choice((own, own, own, "ledger", f"key/{key(who).public.keyid}", another))


def _day(chance: Random, book: Book) -> str:
    return (book.now + timedelta(days=chance.randrange(-4, 5))).date().isoformat()


def _instant(chance: Random, book: Book) -> str:
    moved = book.now + timedelta(hours=chance.choice((-40, -1, 1, 40)), seconds=chance.randrange(90))
    return write_instant(moved.astimezone(MEXICO))


def _place(chance: Random) -> dict[str, object]:
    return {"body": "cd", "seat": chance.choice(SEATS), "number": chance.choice((1, 1, 2, 2, 3))}


def _made(chance: Random, book: Book) -> Act:
    person, capacity = f"p-{chance.choice(PEOPLE)}", chance.choice(("propietario", "suplente"))
    fields = _place(chance) | {"person": person, "capacity": capacity, "begins_at": _instant(chance, book)}
    if chance.random() < 0.6:
        fields["ends_at"] = _instant(chance, book)
    if chance.random() < 0.2:
        return DesignationImported.model_validate(fields | {"source_sha256": "a" * 64, "row": 1})
    return DesignationRegistered.model_validate(fields)


def _ended(chance: Random, book: Book) -> Act:
    fields = _place(chance) | {"ended_at": _instant(chance, book), "cause": chance.choice(("deceased", "extinct"))}
    return DesignationEnded.model_validate(fields)


def _seats(chance: Random, book: Book) -> Act:
    seat = Seat(seat=chance.choice((*SEATS, "nueva")), sector="x", role=chance.choice(ROLES), voting=False)
    return SeatsDefined(body="cd", seats=(seat,), valid_from=_day(chance, book))


def _rules(chance: Random, book: Book) -> Act:
    rules = RULES.model_copy(update={"holdover": chance.random() < 0.5})
    return BodyRulesAdopted(body="cd", profile="GENERIC", rules=rules, valid_from=_day(chance, book))


def _enrolled(chance: Random, _book: Book) -> Act:
    name, service = chance.choice((*PEOPLE, "x", "y")), chance.random() < 0.2
    types = ("PersonRegistered/1", "SeriesOpened/1") if service else ()
    named = chance.choice((name, name, name, "z"))
    return KeyEnrolled(
        keyid=key(named).public.keyid, spki=spki64(name), person=f"p-{chance.choice(PEOPLE)}", service_types=types
    )


def _revoked(chance: Random, book: Book) -> Act:
    since = chance.choice((None, None, chance.randrange(book.size + 3)))
    fields = {"keyid": key(chance.choice(PEOPLE)).public.keyid, "reason": "lost" if since is None else "compromised"}
    return KeyRevoked.model_validate(fields if since is None else fields | {"compromised_from": since})


_SIT = {"body": "cd", "year": 2026, "series": "ord", "session": 1}
_ACTS: tuple[Callable[[Random, Book], Act], ...] = (
    _made,
    _made,
    _ended,
    _seats,
    _rules,
    _enrolled,
    _revoked,
    lambda chance, book: LeaveGranted.model_validate(_place(chance) | {"begins_at": _instant(chance, book)}),
    lambda chance, book: LeaveEnded.model_validate(_place(chance) | {"ends_at": _instant(chance, book)}),
    lambda chance, book: ResignationFiled.model_validate(_place(chance) | {"effective_at": _instant(chance, book)}),
    lambda chance, _: KeyAccepted(keyid=key(chance.choice((*PEOPLE, "x"))).public.keyid),
    lambda chance, book: SeatsSuppressed(body="cd", seats=(chance.choice(SEATS),), valid_to=_day(chance, book)),
    lambda chance, _: BodyRegistered(body=chance.choice(("cd", "otro")), body_kind="council"),
    lambda chance, _: PersonRegistered(person=f"p-{chance.choice(PEOPLE)}"),
    lambda chance, _: SeriesOpened(body=chance.choice(("cd", "otro")), series="agreement.2027", first=7),
    lambda chance, _: BallotCast.model_validate(_SIT | {"vote": 1, "seat": chance.choice(SEATS), "choice": "favor"}),
    lambda _chance, _book: SessionOpened.model_validate(_SIT),
    lambda _chance, _book: SessionOpened.model_validate(_SIT),
)
