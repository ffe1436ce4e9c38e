"""What a document is, whatever shows it: heading, parties, blocks, table, signatures, evidence (docs/documents.md).

Text is plain: nothing in it is markup to any renderer. What is withheld is a `Mark` in its place, with its ground; the
text behind it never enters a document.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Mark:
    """Text that is withheld, *testado*.

    ground: why, as people read it: `Reservado: LGTAIP, artículo 112, fracción VI`.
    reason: what was there in general terms (LGTAIP 121); empty where nothing may be said of it.
    until: first day on which it is public, as people read it; empty where there is none.
    """

    ground: str
    reason: str = ""
    until: str = ""


Inline: TypeAlias = tuple["str | Mark", ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 2 is a section."""

    text: str
    level: Literal[2, 3] = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph: text, what introduces (`lead`), what the law says (`legal`), what is quoted (`quote`)."""

    text: Inline
    role: Literal["text", "lead", "legal", "quote"] = "text"


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of an acta as it was sealed, line by line; `number` is the one under which it is sealed.

    data: the same for machines, as it was sealed with the text.
    """

    number: int
    role: str
    lines: tuple[Inline, ...]
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Items:
    """A list: what begins each item (`Primero`, `1`), and the item."""

    items: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is what: label and value."""

    rows: tuple[tuple[str, Inline], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head that is repeated on every page.

    widths: a share of the width for each column.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Inline, ...], ...]
    widths: tuple[int, ...]
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Passage | Items | Facts | Table


@dataclass(frozen=True, slots=True)
class Signatory:
    """A place to sign.

    field: name of the signature field that belongs there, `firma-hcd-secretario`.
    note: what the ledger says that this person did: signed, refused.
    office: the designation in virtue of which he signed the act; empty where he did not.
    """

    field: str
    name: str
    role: str
    note: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """How a document is found again: the act that it tells, its short code, and the address that the QR holds.

    index, statement: of the act, its place in the log and the SHA-256 of what was signed.
    """

    index: int
    stream: str
    statement: str
    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that travels inside of the PDF."""

    name: str
    media_type: str
    description: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    kind: one of `api.documents.KINDS`. name: file name without ending.
    title, subtitle: as printed, unless the first block is the heading that was sealed (`titled`).
    folio: what stands in the head of each page. place, day: where and when, as people read it.
    at: the instant of the act, as signed: the document's own date.
    draft: said on each page of what is not sealed yet. public: holds nothing but what is open to everybody.
    json_ld: the same for machines (schema.org).
    """

    kind: str
    name: str
    title: str
    at: str
    seal: Seal
    institution: str
    body: str
    folio: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    closing: str = ""
    titled: bool = False
    signatories: tuple[Signatory, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    json_ld: Mapping[str, Any] = field(default_factory=dict)
    draft: bool = False
    fictitious: bool = False
    public: bool = False
    card: bool = False


def plain(text: str) -> Inline:
    """Return text as it stands, nothing of it withheld."""
    return (text,)


def flat(text: Inline) -> str:
    """Return text with `TESTADO` in the place of what is withheld."""
    return "".join(each if isinstance(each, str) else "TESTADO" for each in text)


def as_data(block: Block) -> dict[str, Any]:
    """Return a block as data for a template: its fields, and its kind under `is`."""
    return {"is": type(block).__name__.lower(), **asdict(block)}
