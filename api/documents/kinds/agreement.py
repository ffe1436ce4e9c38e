"""The acuerdo on one sheet: its resolutivos, the vote that made it, where it is bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import folios_at, framed, parts_of, signatory
from api.documents.kinds.votes import tally, vote_of
from api.documents.model import Facts, Heading, Items, Paragraph, flat, plain
from ledger.acts.agreement import AgreementAdopted, AgreementImported

if TYPE_CHECKING:
    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.domain.world import Signed


def compose(reading: Reading, key: str) -> Document:
    """Return the agreement `hcd/2026/19`."""
    body, _, _ = parts_of(key, 3)
    made = reading.one(f"agreement/{key}", AgreementAdopted, AgreementImported)
    layout = reading.layout
    title = reading.text(made.index, "title")
    identifier = identifier_of(made)
    rows: list[tuple[str, Inline]] = [
        (layout.say("identifier"), plain(identifier)),
        (layout.say("adopted"), plain(layout.words.day(adopted_on(made)))),
    ]
    where = folios_at(reading, f"agreement/{key}")
    if where:
        rows.append((layout.say("bound_at"), plain(where)))
    blocks: list[Block] = [Paragraph(title, "lead"), Facts(tuple(rows)), *said(reading, made), *_voted(reading, made)]
    return framed(
        reading,
        "acuerdo",
        made,
        body,
        blocks,
        title=f"{layout.titles['acuerdo']} {identifier}",
        folio=where,
        signatories=(signatory(reading, made),),
        json_ld={
            "@type": "Legislation",
            "legislationIdentifier": identifier,
            "legislationDate": adopted_on(made),
            "abstract": flat(title),
        },
    )


def identifier_of(made: Signed) -> str:
    """Return the identifier as printed."""
    if not isinstance(made.act, AgreementAdopted | AgreementImported):
        raise TypeError(type(made.act).__name__)
    return made.act.identifier


def adopted_on(made: Signed) -> str:
    """Return the day of the adoption."""
    return made.act.adopted_on if isinstance(made.act, AgreementImported) else made.statement.occurred_at[:10]


def said(reading: Reading, made: Signed) -> list[Block]:
    """Return grounds and resolutivos."""
    layout = reading.layout
    blocks: list[Block] = []
    if "grounds" in made.statement.sealed:
        blocks.append(Paragraph(reading.text(made.index, "grounds")))
    if isinstance(made.act, AgreementAdopted):
        numbers = range(1, made.act.resolutions + 1)
        items = tuple(numbered(reading, n, reading.text(made.index, f"resolution/{n}")) for n in numbers)
        blocks += [Heading(layout.say("resolutions"), 3), Items(items)]
    elif "text" in made.statement.sealed:
        blocks.append(Paragraph(reading.text(made.index, "text"), "quote"))
    return blocks


def numbered(reading: Reading, number: int, text: Inline) -> tuple[str, Inline]:
    """Return a resolutivo with its ordinal, unless its own text begins with it: nothing is added to what was sealed."""
    begins = text[0] if isinstance(text[0], str) else ""
    return reading.layout.words.ordinal(number, begins), text


def called(reading: Reading, stream: str) -> str:
    """Return how people call what a stream tells; the stream itself where they do not."""
    kind, _, path = stream.partition("/")
    above, _, number = path.rpartition("/")
    if kind == "errata":
        return f"{reading.layout.name('objects', kind)} {number}, {reading.session(above).lower()}"
    if kind == "vote":
        return reading.layout.say("vote_of", number=number, session=reading.session(above).lower())
    if kind == "agreement":
        acts = [each for each in reading.acts(stream) if isinstance(each.act, AgreementAdopted | AgreementImported)]
        if acts:
            return identifier_of(acts[0])
    return stream


def _voted(reading: Reading, made: Signed) -> list[Block]:
    stream = made.act.vote if isinstance(made.act, AgreementAdopted | AgreementImported) else None
    held = None if stream is None else vote_of(reading, stream)
    if held is None:
        return []
    return [Heading(reading.layout.say("vote"), 3), Paragraph(plain(tally(reading, held)))]
