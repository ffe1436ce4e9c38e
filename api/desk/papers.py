"""A paper as its signatory gets it: printed, with a field for each signature, signed by those who signed before him.

What is given out is what is signed: whoever signs names the SHA-256 of the PDF that he was shown, and the very same
bytes are made here again. Text is sealed or open for him as it is anywhere else (docs/decisions/0013).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from api.access.readable import Readable
from api.documents import press_of
from api.problems import ApiError
from api.signatures import fresh
from ledger.domain.designation import DesignationState
from ledger.domain.world import read
from ledger.pdf.signing import prepare
from ledger.store.papers import Kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.access.readers import Reader
    from api.documents.model import Document
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


def paper_of(asked: AskedBy, kind: str, key: str) -> Paper:
    """Return a paper for one of its signatories.

    Raises:
        ApiError: 403 "paper-not-yours"; 409 "paper-draft"; as `Press.document`.
    """
    system = asked.system
    press = press_of(system)
    texts = Readable(asked, press)
    press = replace(press, texts=texts)
    document = press.document(kind, key)
    field = _field_of(asked.reader, document, fresh(asked.system.ledger))
    if document.draft:
        raise ApiError(409, "paper-draft", document=f"{kind}/{key}")
    printed = press.print(document)
    texts.note()
    base = sha256(printed).hexdigest()
    kept = system.papers.last(base)
    if kept is None:
        pdf = prepare(printed, press.boxes(document))
    else:
        pdf = b"".join(system.documents.get(kept.sha256, sealed=True))
    signed = () if kept is None else kept.fields
    return Paper(kind, key, document.title, document.name, field, signed, base, pdf, sha256(pdf).hexdigest())


def keep(system: System, kind: str, key: str, pdf: bytes, *, base: str, after: str, fields: Sequence[str]) -> Kept:
    """Keep a paper with one more signature, encrypted among the documents.

    Args:
        system: Whose ledger.
        kind: Of the document.
        key: What it is of.
        pdf: The signed one.
        base: SHA-256 of the printed bytes.
        after: SHA-256 of the PDF that was signed.
        fields: The places that are signed, in order.

    Raises:
        ApiError: 409 "paper-moved" where somebody else signed the same state first.
    """
    kept = Kept(system.documents.put([pdf], sealed=True).sha256, tuple(fields))
    if not system.papers.keep(kind, key, base=base, after=after, kept=kept):
        raise ApiError(409, "paper-moved", document=f"{kind}/{key}")
    return kept


def _field_of(reader: Reader, document: Document, world: World) -> str:
    """Return the reader's own place: of his seat, and printed with his name and not with an earlier holder's."""
    for each in document.signatories:
        state = read(world, DesignationState, each.office) if each.office else None
        if state is not None and (state.body, state.seat, state.person) == (reader.body, reader.seat, reader.person):
            return each.field
    raise ApiError(403, "paper-not-yours", document=document.name)
