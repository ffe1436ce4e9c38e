"""A paper as its signatory gets it: printed, with a field for each signature, signed by those who signed before him.

What is given out is what is signed: whoever signs names the SHA-256 of the PDF that he was shown, and the very same
bytes are made here again. Text is sealed or open for him as it is anywhere else (docs/decisions/0013); all sign one
paper, that of the first (docs/decisions/0023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from api.access.readable import Readable
from api.access.readers import Reader
from api.documents import press_of
from api.problems import ApiError
from api.signatures import fresh
from ledger.domain.designation import DesignationState
from ledger.domain.world import read
from ledger.ids import kind_of
from ledger.pdf.signing import prepare
from ledger.store.papers import Kept

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from api.documents.model import Document, Signatory
    from api.documents.press import Press
    from api.routes.restricted import AskedBy
    from api.system import System
    from ledger.domain.world import World


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that awaits a signature, or has it.

    Attributes:
        kind, key: What it is, as in docs/documents.md. title: As printed. name: Of its file, without ending.
        field: The place of whoever asks. signed: The places that are signed, in order.
        base: SHA-256 of the printed bytes. pdf: The bytes that are shown. sha256: Of `pdf`.
        seen: SHA-256 of the prints of it that somebody signed.
    """

    kind: str
    key: str
    title: str
    name: str
    field: str
    signed: tuple[str, ...]
    base: str
    pdf: bytes
    sha256: str
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Print:
    """A document as one reader gets it printed: the pages, their SHA-256, and the texts that were given out for it."""

    document: Document
    raw: bytes
    base: str
    texts: Readable


def paper_of(asked: AskedBy, kind: str, key: str) -> Paper:
    """Return a paper for one of its signatories: the one that another signed already, where he may read all of it.

    Raises:
        ApiError: 403 "paper-not-yours", "paper-closed"; 409 "paper-draft", "paper-shows-more"; as `Press.document`.
    """
    system, press = asked.system, press_of(asked.system)
    own = Readable(asked, press)
    shown = _print(press, own, kind, key)
    if shown is None:
        raise ApiError(403, "paper-closed", document=f"{kind}/{key}")
    field = _field_of(asked.reader, shown.document, fresh(system.ledger))
    if shown.document.draft:
        raise ApiError(409, "paper-draft", document=f"{kind}/{key}")
    states = system.papers.states(kind, key)
    if states and shown.base not in states:
        shown = _as_signed(asked, press, (kind, key), shown, states) or shown
    own.note()
    kept = states.get(shown.base)
    if kept is None:
        pdf = prepare(shown.raw, press.boxes(shown.document))
    else:
        pdf = b"".join(system.documents.get(kept.sha256, sealed=True))
    document, signed = shown.document, () if kept is None else kept.fields
    digest, seen = sha256(pdf).hexdigest(), tuple(states)
    return Paper(kind, key, document.title, document.name, field, signed, shown.base, pdf, digest, seen)


def _print(press: Press, texts: Readable, kind: str, key: str) -> _Print | None:
    """Print a document with what one reader may read; None where that is too little for any."""
    press = replace(press, texts=texts)
    try:
        document = press.document(kind, key)
    except ApiError as error:
        if error.code != "document-not-public":
            raise
        return None
    raw = press.print(document)
    return _Print(document, raw, sha256(raw).hexdigest(), texts)


def _as_signed(
    asked: AskedBy, press: Press, named: tuple[str, str], own: _Print, states: Mapping[str, Kept]
) -> _Print | None:
    """Return the print that others signed, None where what they signed is of other acts than those of now.

    It is made again as they read it: as the first of its signatories, or whole, as on the ledger's own machine.

    Raises:
        ApiError: 409 "paper-shows-more" where it shows what this reader may not read.
    """
    world, first = fresh(asked.system.ledger), {each.fields[0] for each in states.values()}
    for place in own.document.signatories:
        held = held_by(world, place) if place.field in first else None
        if held is None:
            continue
        signer = Reader("", held.person, place.office, "", held.body, held.seat)
        made = _print(press, Readable(replace(asked, reader=signer), press), *named)
        if made is not None and made.base in states:
            if own.texts.covers(made.texts):
                return made
            raise ApiError(409, "paper-shows-more", document="/".join(named))
    if sha256(press.render(*named)).hexdigest() in states:  # who could read all of it would have had it printed so
        raise ApiError(409, "paper-shows-more", document="/".join(named))
    return None


def keep(
    system: System,
    kind: str,
    key: str,
    pdf: bytes,
    *,
    base: str,
    after: str,
    fields: Sequence[str],
    seen: Collection[str],
) -> Kept:
    """Keep a paper with one more signature, encrypted among the documents.

    Args:
        system: Whose ledger.
        kind: Of the document.
        key: What it is of.
        pdf: The signed one.
        base: SHA-256 of the printed bytes.
        after: SHA-256 of the PDF that was signed.
        fields: The places that are signed, in order.
        seen: SHA-256 of the prints that were known to be signed.

    Raises:
        ApiError: 409 "paper-moved" where somebody else signed the same state, or another print, first.
    """
    kept = Kept(system.documents.put([pdf], sealed=True).sha256, tuple(fields))
    if not system.papers.keep(kind, key, base=base, after=after, kept=kept, seen=seen):
        raise ApiError(409, "paper-moved", document=f"{kind}/{key}")
    return kept


def held_by(world: World, place: Signatory) -> DesignationState | None:
    """Return the designation of who has a place in a document; None where he acted in no seat."""
    return read(world, DesignationState, place.office) if kind_of(place.office) == "designation" else None


def _field_of(reader: Reader, document: Document, world: World) -> str:
    """Return the reader's own place: of his seat, and printed with his name and not with an earlier holder's."""
    for each in document.signatories:
        state = held_by(world, each)
        if state is not None and (state.body, state.seat, state.person) == (reader.body, reader.seat, reader.person):
            return each.field
    raise ApiError(403, "paper-not-yours", document=document.name)
