"""From a closed session to folios in a book: draft, circulation, approval, signatures, seal (domain.md §3.7)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from api.demo.year.bodies import body_of
from ledger.acts import acta as acta_acts
from ledger.acts import book as book_acts
from ledger.acts import circulation as circulation_acts
from ledger.crypto import disclosure
from ledger.ids import write_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.demo.year.sitting import Sitting
    from api.demo.year.teller import Teller

SHEETS = 4
REVIEW_DAYS = 5


def place_of(path: str) -> dict[str, Any]:
    """Return the fields that name a session, from its path `hcd/2026/ord/3`."""
    body, year, series, number = path.split("/")
    return {"body": body, "year": int(year), "series": series, "session": int(number)}


def _secretary(path: str) -> str:
    body = body_of(path)
    return f"{body.body}/{body.of_role('secretary')}"


def _chair(path: str) -> str:
    body = body_of(path)
    return f"{body.body}/{body.of_role('chair')}"


def draft(t: Teller, path: str, instrument: Any = "acta", narrative: Iterable[dict[str, Any]] = ()) -> None:
    """Draft the acta out of the session's acts."""
    t.send()
    act, blocks = t.acta.draft(path, tuple(narrative), instrument=instrument)
    t.notes[f"root {path}"] = blocks.root
    t.notes[f"draft {path}"] = act.draft
    t.notes[f"blocks {path}"] = [disclosure.parse(text).value["text"] for text in blocks.disclosures.values()]
    t.do(act, _secretary(path), basis=[f"session/{path}"], blocks=blocks.disclosures, public=False)
    t.notes[f"drafted at {path}"] = t.index_of(f"acta/{path}")


def circulate(t: Teller, path: str) -> None:
    """Send the draft to those who were there, to be observed within days."""
    sitting: Sitting = t.notes[f"sitting {path}"]
    round_ = t.next_number(f"round {path}")
    act = circulation_acts.ActaCirculated(
        **place_of(path),
        round=round_,
        draft=t.notes[f"draft {path}"],
        root=t.notes[f"root {path}"],
        to=tuple(sitting.present),
        due_at=write_instant(t.clock + timedelta(days=REVIEW_DAYS)),
    )
    t.do(act, _secretary(path), basis=[f"acta/{path}"])


def observe(t: Teller, path: str, seat: str, text: str, answer: str, outcome: Any = "accepted") -> None:
    """Let a member observe the draft, and resolve it; what was accepted needs a new draft and round."""
    number = t.next_number(f"observation {path}")
    filed = circulation_acts.ActaObservationFiled(
        **place_of(path), observation=number, seat=seat, root=t.notes[f"root {path}"]
    )
    t.sign(filed, f"{body_of(path).body}/{seat}", sealed={"text": text})
    resolved = circulation_acts.ActaObservationResolved(**place_of(path), observation=number, outcome=outcome)
    t.do(resolved, _secretary(path), sealed={"answer": answer})


def approve(t: Teller, path: str, vote: str | None) -> None:
    """Note that a later session approved the acta, or that all addressed signed it."""
    act = circulation_acts.ActaApproved(
        **place_of(path), draft=t.notes[f"draft {path}"], root=t.notes[f"root {path}"], vote=vote
    )
    basis = [f"acta/{path}", *([vote] if vote else [])]
    t.sign(act, _secretary(path), basis=basis)


def sign_acta(t: Teller, path: str, seats: Iterable[str]) -> None:
    """Let the holders of seats sign the acta."""
    for seat in seats:
        act = acta_acts.ActaSigned(**place_of(path), seat=seat, root=t.notes[f"root {path}"])
        t.sign(act, f"{body_of(path).body}/{seat}", basis=[f"acta/{path}"])
    t.send()


def refuse_signature(t: Teller, path: str, seat: str, reason: str) -> None:
    """Let a holder of a seat refuse to sign, in his own voice."""
    act = acta_acts.ActaSignatureRefused(**place_of(path), seat=seat, root=t.notes[f"root {path}"])
    t.do(act, f"{body_of(path).body}/{seat}", sealed={"reason": reason}, basis=[f"acta/{path}"])


def seal(t: Teller, path: str, *, public: bool = True, signed: bool = False) -> None:
    """Let secretary and chair sign, seal the acta, bind it into the body's book where there is one, open its text.

    Args:
        t: The teller.
        path: The session's path.
        public: Whether the acta's text is opened.
        signed: Whether both have signed already.
    """
    secretary, chair = _secretary(path), _chair(path)
    seats = tuple(each.partition("/")[2] for each in (secretary, chair))
    if not signed:
        sign_acta(t, path, seats)
    t.do(acta_acts.ActaSealed(**place_of(path), root=t.notes[f"root {path}"], signatures=seats), secretary)
    code, year = path.split("/")[:2]
    if f"book {code}/{year}" in t.notes:
        foliate(t, f"acta/{path}", root=t.notes[f"root {path}"])
    if public:
        t.open_later(t.notes[f"drafted at {path}"])


def open_book(t: Teller, code: str, year: int, contents: Any = "actas", folios: int = 300) -> None:
    """Open the body's book of the year."""
    volume = t.next_number(f"book/{code}/{year}")
    t.notes[f"book {code}/{year}"] = volume
    act = book_acts.BookOpened(body=code, year=year, volume=volume, contents=contents, folios=folios)
    reason = f"Se abre el libro {volume} de {year}, de {folios} folios útiles, para asentar actas."
    t.do(act, f"{code}/secretario", sealed={"reason": reason})


def foliate(t: Teller, stream: str, sheets: int = SHEETS, root: str | None = None) -> None:
    """Give the next folios of the year's book to an object."""
    _, code, year = stream.split("/")[:3]
    volume = t.notes[f"book {code}/{year}"]
    series = f"folio {code}/{year}/{volume}"
    first = t.next_number(series)
    t.numbers[series] = last = first + sheets - 1
    act = book_acts.FoliosAssigned(
        body=code, year=int(year), volume=volume, first=first, last=last, object=stream, root=root
    )
    t.notes[f"folios {stream}"] = (first, last)
    t.do(act, f"{code}/secretario", basis=[stream])


def cancel_folio(t: Teller, code: str, year: int, reason: str) -> None:
    """Spoil the next folio."""
    volume = t.notes[f"book {code}/{year}"]
    folio = t.next_number(f"folio {code}/{year}/{volume}")
    act = book_acts.FolioCancelled(body=code, year=year, volume=volume, folio=folio)
    t.next_number(f"cancelled {code}/{year}")
    t.do(act, f"{code}/secretario", sealed={"reason": reason})


def close_book(t: Teller, code: str, year: int, location: str) -> None:
    """Close the year's book, let the chair formalise it, hand it over to the Acervo Histórico."""
    volume = t.notes[f"book {code}/{year}"]
    book = {"body": code, "year": year, "volume": volume}
    last = t.numbers[f"folio {code}/{year}/{volume}"]
    closed = book_acts.BookClosed(**book, last_folio=last, cancelled=t.numbers.get(f"cancelled {code}/{year}", 0))
    t.sign(closed, f"{code}/secretario", sealed={"reason": f"Se cierra el libro en el folio {last}."})
    t.sign(book_acts.BookFormalized(**book, last_folio=last), _chair(f"{code}/"))
    t.do(book_acts.BookTransferred(**book, location=location), "hcd/custodio")


def block_with(t: Teller, path: str, words: str) -> int:
    """Return the number of the acta's block that says these words."""
    texts: list[str] = t.notes[f"blocks {path}"]
    return next(number for number, text in enumerate(texts, 1) if words in text)
