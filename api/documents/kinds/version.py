"""The versión pública: what is open of an acta or agreement, and a motivated mark for each part that is not (§6.3).

The reading is narrowed before anything is read: a text that the version takes out cannot reach the document, its
metadata, its fonts or its attachment, whatever is composed afterwards. How many parts are withheld is public by design
(format.md §8); how long they are is not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import framed, parts_of, signatory
from api.documents.kinds.acta import passage
from api.documents.kinds.agreement import called, identifier_of, numbered
from api.documents.model import Facts, Heading, Items, Mark, Paragraph, Passage, Table, plain
from api.problems import ApiError
from ledger.acts.acta import ActaDrafted
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.disclosure import PublicVersionApproved, PublicVersionGenerated
from ledger.crypto.disclosure import block_name
from ledger.domain.classification_state import classification_of
from ledger.domain.replay import signed_of
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.acts.disclosure import Redaction
    from ledger.domain.world import Signed

WIDTHS = (3, 5, 6, 3)


def compose(reading: Reading, key: str) -> Document:
    """Return the public version `index/number` of what the entry at that index has sealed.

    Raises:
        ApiError: "nothing-to-print"; to the public 403 "document-not-public" while it is not approved.
    """
    index, number = parts_of(key, 2)
    stream = f"version/{key}"
    generated = reading.one(stream, PublicVersionGenerated)
    act = generated.act
    raw = reading.store.entry(act.index) if isinstance(act, PublicVersionGenerated) else None
    if not isinstance(act, PublicVersionGenerated) or raw is None or str(act.index) != index:
        raise ApiError(404, "nothing-to-print", stream=stream)
    text = signed_of(Entry.parse(raw))
    approved = [each for each in reading.acts(stream) if isinstance(each.act, PublicVersionApproved)]
    if not approved and reading.public:
        raise ApiError(403, "document-not-public", stream=stream)
    marks = _narrowed(reading, generated, act, text)
    blocks = [*_cover(reading, act, marks, approved), *_parts(reading, text, marks)]
    body = act.object.split("/")[1]
    layout = reading.layout
    reading.rests.update(each.index for each in (*reading.acts(f"classification/{index}"), *reading.acts(act.object)))
    if approved:
        reading.rests.add(approved[-1].index)
    return framed(
        reading,
        "version-publica",
        approved[-1] if approved else generated,
        body,
        blocks,
        title=layout.titles["version-publica"].upper(),
        subtitle=layout.say("version_of", version=number, object=_named(reading, act.object)),
        folio=layout.say("version_of", version=number, object=_named(reading, act.object)),
        signatories=(signatory(reading, approved[-1]),) if approved else (),
        draft=not approved,
        json_ld={"isBasedOn": f"https://{reading.origin}/{act.object}", "version": number},
    )


def _named(reading: Reading, stream: str) -> str:
    kind, _, path = stream.partition("/")
    if kind == "acta":
        return f"{reading.layout.name('objects', kind)}. {reading.session(path)}"
    return f"{reading.layout.name('objects', kind)} {called(reading, stream)}"


def _narrowed(reading: Reading, generated: Signed, act: PublicVersionGenerated, text: Signed) -> dict[str, Mark]:
    """Close all that the version takes out, and return the mark that stands in its place."""
    closed = {each.name for each in act.redactions}
    if isinstance(text.act, ActaDrafted):
        names = {block_name(n) for n in range(1, text.act.blocks + 1)} - closed
        reading.note_leaves(text.index, text.act.blocks)
    else:
        names = set(act.open) - closed
    reading.narrow(text.index, names)
    return {each.name: _mark(reading, generated, act, each) for each in act.redactions}


def _mark(reading: Reading, generated: Signed, act: PublicVersionGenerated, redaction: Redaction) -> Mark:
    """Return the mark of a part that is taken out: ground, general description, end of its term."""
    described = reading.value(generated.index, f"description/{redaction.description}")
    state = classification_of(reading.world, act.index)
    parts = [] if state is None else [each for each in state.parts.values() if redaction.name in each.names]
    until = [each.until_on.isoformat() for each in parts if each.until_on is not None]
    article, ground = ("112", redaction.fraction) if redaction.fraction else ("115", redaction.ground)
    term = reading.layout.say("until", day=reading.layout.words.day(until[-1])) if until else ""
    return reading.ground(article, ground or "", str(described or ""), term)


def _cover(
    reading: Reading, act: PublicVersionGenerated, marks: dict[str, Mark], approved: list[Signed]
) -> Iterator[Block]:
    """Yield the cover: the legend, who approved it, a row for each part that is taken out (LGTAIP 109, 120, 121)."""
    layout = reading.layout
    yield Paragraph(plain(layout.say("version_legend")), "legal")
    opened = len(act.open) if act.blocks is None else act.blocks - len(marks)
    yield Paragraph(plain(layout.say("version_count", closed=len(marks), open=opened)))
    if approved:
        resolution = approved[-1].act
        if isinstance(resolution, PublicVersionApproved) and resolution.vote and resolution.body:
            vote = called(reading, resolution.vote)
            yield Paragraph(plain(layout.say("version_approved", body=reading.body(resolution.body), vote=vote)))
        else:
            yield Paragraph(plain(layout.say("version_approved_alone")))
    if not marks:
        return
    yield Heading(layout.say("version_cover"))
    columns = tuple(layout.say(f"version_{each}") for each in ("part", "ground", "reason", "until"))
    rows = tuple(
        (
            plain(_part(reading, name)),
            plain(mark.ground),
            plain(mark.reason),
            plain(mark.until or layout.say("version_confidential")),
        )
        for name, mark in marks.items()
    )
    yield Table(columns, rows, WIDTHS)


def _part(reading: Reading, name: str) -> str:
    """Return how people call a sealed name."""
    kind, _, number = name.partition("/")
    phrases = {"block": "block_part", "resolution": "resolution_part", "title": "title_part", "grounds": "grounds_part"}
    return reading.layout.say(phrases[kind], number=number) if kind in phrases else name


def _parts(reading: Reading, text: Signed, marks: dict[str, Mark]) -> Iterator[Block]:
    """Yield the text itself, with a mark in the place of each part that is taken out."""
    if isinstance(text.act, ActaDrafted):
        for number in range(1, text.act.blocks + 1):
            name = block_name(number)
            if name in marks:
                yield Passage(number, "redacted", ((marks[name],),))
                continue
            value = reading.value(text.index, name)
            if value is None:
                yield Passage(number, "redacted", ((reading.mark(text.index, name),),))
            else:
                yield passage(number, value)
        return

    def told(name: str) -> Inline:
        return (marks[name],) if name in marks else reading.text(text.index, name)

    layout = reading.layout
    yield Heading(identifier_of(text))
    sealed = text.statement.sealed
    yield Facts(((layout.say("title_part"), told("title")),))
    if "grounds" in sealed:
        yield Paragraph(told("grounds"))
    if isinstance(text.act, AgreementAdopted):
        yield Heading(layout.say("resolutions"), 3)
        numbers = range(1, text.act.resolutions + 1)
        yield Items(tuple(numbered(reading, n, told(f"resolution/{n}")) for n in numbers))
    elif "text" in sealed:
        yield Paragraph(told("text"), "quote")
