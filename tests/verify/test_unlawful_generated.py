"""V10 over generated histories: every act of a lawful one, by another officer, said twice, or a day too early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import parse_act
from ledger.acts.book import BookClosed, BookOpened, FolioCancelled, FoliosAssigned
from ledger.acts.classification import ClassificationProposed
from ledger.acts.designation import DesignationEnded
from ledger.acts.followup import DueDateSet
from ledger.acts.validity import AgreementRevoked
from ledger.ids import kind_of, parse_recorded, parse_written, write_instant
from ledger.statement import Entry
from tests.kit.books import MEXICO, Book, key
from tests.kit.bundles import MEMBERS, Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.acts.base import Act
    from ledger.statement import Statement

NAMES = {key(name).public.keyid: name for name in (*MEMBERS, "secretaria", "ana", "luis", "recovery")}
SESSION_KINDS = frozenset({"session", "vote", "ballot", "agreement"})
LAWFUL_TWICE = frozenset({"BodyRulesAdopted/1", "QuorumDeclared/1"})
"""Rules may be adopted anew, and quorum declared again after the roll changed."""


@dataclass(frozen=True, slots=True)
class Told:
    """An act of the lawful history with its statement and when it was recorded."""

    act: Act
    statement: Statement
    index: int


@cache
def history() -> tuple[Told, ...]:
    """Return the acts of the lawful history."""
    found = []
    for index, raw in enumerate(lawful().book.entries):
        statement = Entry.parse(raw).act.statement
        found.append(Told(parse_act(statement.type, statement.data), statement, index))
    return tuple(found)


def up_to(index: int) -> Book:
    """Return the lawful history as it stood before an index, the clock at that act."""
    book = lawful().book
    stamp = parse_recorded(Entry.parse(book.entries[index]).recorded_at)
    heads = {told.statement.stream: (told.statement.version, told.statement.sha256) for told in history()[:index]}
    opened = {place: texts for place, texts in book.opened.items() if place < index}
    return Book(stamp, book.entries[:index], opened, heads, book.founding, 10_000 + index)


def say(book: Book, told: Told, who: str, office: str, **how: Any) -> int:
    """Say an act again, with its basis as it stands now."""
    return book.say(told.act, who, office, basis=list(told.statement.basis), **how)


def named(told: Told) -> str:
    """Return a word for the case."""
    return f"{told.index}-{told.act.type_name.partition('/')[0]}"


def only(verdict: Verdict, index: int) -> bool:
    """Tell whether V10 blames this act, by some rule, and nothing else is blamed."""
    return {(step, at) for step, _, at, _ in verdict.hits} == {(10, index)}


@pytest.mark.parametrize("told", history()[1:], ids=named)
def test_every_act_by_another_officer(tmp_path: Path, told: Told) -> None:
    """Signed by a member in his own office who had no business with it, each act is a finding of V10 at its place."""
    book = up_to(told.index)
    other = next(name for name in MEMBERS[1:] if NAMES[told.statement.signer] != name)
    keyid = key(other).public.keyid
    known = any(key(other).public.keyid.encode() in raw and b"KeyAccepted" in _payload(raw) for raw in book.entries)
    office = f"designation/cd/{other}/1"
    index = say(book, told, other if known else "luis", office if known else f"key/{keyid}")
    assert only(Verdict(book.bundle(tmp_path / "b.evidencia.zip")), index)


def _payload(raw: bytes) -> bytes:
    return Entry.parse(raw).act.statement.raw


@pytest.mark.parametrize("told", [told for told in history()[1:] if told.act.type_name not in LAWFUL_TWICE], ids=named)
def test_every_act_twice(tmp_path: Path, told: Told) -> None:
    """Said again at once, chained and signed as it should be, each act is a finding: nothing happens twice."""
    book = up_to(told.index)
    first, index = (say(book, told, NAMES[told.statement.signer], told.statement.office) for _ in range(2))
    assert first == index - 1
    assert only(Verdict(book.bundle(tmp_path / "b.evidencia.zip")), index)


@pytest.mark.parametrize(
    "told", [told for told in history() if kind_of(told.statement.stream) in SESSION_KINDS][1:], ids=named
)
def test_every_act_of_a_session_back_dated(tmp_path: Path, told: Told) -> None:
    """Told as of the day before, each act of a session, its votes and its agreements is a finding (G8)."""
    book = up_to(told.index)
    earlier = write_instant(parse_written(told.statement.occurred_at) - timedelta(days=1))
    index = say(book, told, NAMES[told.statement.signer], told.statement.office, occurred_at=earlier)
    assert only(Verdict(book.bundle(tmp_path / "b.evidencia.zip")), index)


# -- what the lawful history has not ---------------------------------------------------------------------------------

BOOK: dict[str, Any] = {"body": "cd", "year": 2026, "volume": 1}


def _folio_gap() -> tuple[Council, int, str]:
    council = lawful()
    council.by("secretaria", BookOpened(**BOOK, contents="agreements", folios=50))
    return council, council.by("secretaria", FolioCancelled(**BOOK, folio=2)), "folio-gap"


def _folios_of_nothing() -> tuple[Council, int, str]:
    council = lawful()
    council.by("secretaria", BookOpened(**BOOK, contents="actas", folios=50))
    act = FoliosAssigned(**BOOK, first=1, last=2, object=f"acta/{council.path}")
    return council, council.by("secretaria", act), "object-unknown"


def _folio_after_the_close() -> tuple[Council, int, str]:
    council = lawful()
    council.by("secretaria", BookOpened(**BOOK, contents="actas", folios=50))
    council.by("secretaria", FolioCancelled(**BOOK, folio=1))
    council.by("secretaria", BookClosed(**BOOK, last_folio=1, cancelled=1))
    return council, council.by("secretaria", FolioCancelled(**BOOK, folio=2)), "book-closed"


def _removal_without_hearing() -> tuple[Council, int, str]:
    council = lawful()
    ended = write_instant(council.book.now.astimezone(MEXICO))
    act = DesignationEnded(body="cd", seat="vocal-1", number=1, ended_at=ended, cause="removed")
    return council, council.book.say(act, "ana", "ledger"), "removal-without-hearing"


def _reserved(**changes: Any) -> tuple[Council, int]:
    council = lawful()
    stream = "agreement/cd/2026/1"
    entry = next(told.index for told in history() if told.statement.stream == stream)
    fields: dict[str, Any] = {
        "index": entry,
        "proposal": 1,
        "object": stream,
        "names": ("resolution/1",),
        "character": "reserved",
        "trigger": "request",
        "unit": "dir",
        "fraction": "VI",
        "from_on": "2026-01-14",
        "until_on": "2028-01-14",
    }
    act = ClassificationProposed(**fields | changes)
    return council, council.by("secretaria", act, basis=[stream])


def _reservation_without_trigger() -> tuple[Council, int, str]:
    return *_reserved(), "classification-without-trigger"


def _due_day_of_what_nobody_answers_for() -> tuple[Council, int, str]:
    council = lawful()
    act = DueDateSet(body="cd", year=2026, number=1, resolution=1, due_on="2026-03-31")
    return council, council.by("secretaria", act), "not-assigned"


def _revoked_by_itself() -> tuple[Council, int, str]:
    council = lawful()
    agreement = "agreement/cd/2026/1"
    by: dict[str, Any] = {"by": agreement, "by_resolution": 1, "effective_on": "2026-02-01"}
    act = AgreementRevoked(body="cd", year=2026, number=1, **by, effect="revoked")
    return council, council.by("secretaria", act, basis=[agreement]), "relation-not-later"


@pytest.mark.parametrize(
    "story",
    [
        _folio_gap,
        _folios_of_nothing,
        _folio_after_the_close,
        _removal_without_hearing,
        _reservation_without_trigger,
        _due_day_of_what_nobody_answers_for,
        _revoked_by_itself,
    ],
    ids=lambda story: story.__name__.strip("_"),
)
def test_an_unlawful_act_of_the_later_areas_is_found(tmp_path: Path, story: Any) -> None:
    """Books, removals, reservations, follow-up and validity: each found by its own rule's code, at its index."""
    council, index, code = story()
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.hits == {(10, code, index, "")}
