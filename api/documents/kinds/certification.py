"""The certificate: what the secretary certifies, as it stood when it was issued, and what is not on record (X1–X4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import bound, framed, parts_of, signatory
from api.documents.kinds import votes
from api.documents.kinds.acta import passages
from api.documents.kinds.agreement import adopted_on, called, identifier_of, said
from api.documents.model import Facts, Heading, Items, Paragraph, plain
from api.problems import ApiError
from ledger.acts.acta import ActaDrafted
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.certification import CertificationIssued
from ledger.acts.designation import DesignationMade
from ledger.acts.petition import CertificationRequested
from ledger.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.acts.certification import CertifiedObject, Negative
    from ledger.domain.world import Signed


def compose(reading: Reading, key: str) -> Document:
    """Return the certificate `hcd/2026/7`, as it was issued: what became of it since is for the check to say."""
    body, year, number = parts_of(key, 3)
    issued = reading.one(f"certification/{key}", CertificationIssued)
    act, layout = issued.act, reading.layout
    if not isinstance(act, CertificationIssued):
        raise TypeError(type(act).__name__)
    name, role = reading.officer(issued.statement.office)
    blocks: list[Block] = [
        Paragraph(plain(layout.say("certifies", name=name, role=role, body=reading.body(body))), "lead"),
        Heading(layout.say("certify_verb")),
        Paragraph(reading.text(issued.index, "statement"), "quote"),
    ]
    for each in act.objects:
        blocks += _object(reading, each)
    for place, negative in enumerate(act.negatives, 1):
        blocks += _negative(reading, issued.index, place, negative, body)
    blocks += [Paragraph(plain(text)) for text in _end(reading, act)]
    return framed(
        reading,
        "certificacion",
        issued,
        body,
        blocks,
        title=layout.titles["certificacion"].upper(),
        subtitle=layout.say("certificate_number", number=number, year=year),
        folio=layout.say("certificate_number", number=number, year=year),
        signatories=(signatory(reading, issued),),
        json_ld={"isBasedOn": [f"https://{reading.origin}/{each.stream}" for each in act.objects]},
    )


def _end(reading: Reading, act: CertificationIssued) -> Iterator[str]:
    """Say what kind of copy it is, how many sheets, and who asked."""
    layout = reading.layout
    if act.objects:
        yield layout.say(f"copy_{act.copy_kind}")
        yield layout.say({0: "sheets_none", 1: "sheets_one"}.get(act.sheets, "sheets"), sheets=act.sheets)
    if act.request is not None:
        asked = reading.one(act.request, CertificationRequested).act
        if isinstance(asked, CertificationRequested):
            who = layout.name("petitioners", asked.petitioner)
            yield layout.say("request", number=asked.number, year=asked.year, petitioner=who)


def _object(reading: Reading, certified: CertifiedObject) -> list[Block]:
    """Tell an object: what it is, what it says, how it stood."""
    layout = reading.layout
    kind = kind_of(certified.stream)
    reading.rests.add(certified.index)
    head = layout.name("objects", kind)
    blocks: list[Block] = []
    path = certified.stream.partition("/")[2]
    if kind == "acta":
        head = f"{head}. {reading.session(path)}"
        drafted = [each for each in reading.acts(certified.stream) if isinstance(each.act, ActaDrafted)]
        blocks += _copied(reading, drafted[-1])
    elif kind == "agreement":
        made = reading.one(certified.stream, AgreementAdopted, AgreementImported)
        head = f"{head} {identifier_of(made)}"
        adopted = f"{layout.say('adopted')}: {layout.words.day(adopted_on(made))}. "
        blocks += [Paragraph((adopted, *reading.text(made.index, "title"))), *said(reading, made)]
    elif kind == "vote":
        session, _, number = path.rpartition("/")
        head = f"{head} {number}. {reading.session(session)}"
        blocks += votes.told(reading, certified.stream)
    elif kind == "designation":
        blocks.append(_designation(reading, certified.stream))
    return [Heading(head), *blocks, Facts(tuple(_standing(reading, certified)))]


def _copied(reading: Reading, drafted: Signed) -> list[Block]:
    """Return the acta's text as it was sealed; nothing where a block of it is withheld from this reader."""
    reading.rests.add(drafted.index)
    try:
        return list(passages(reading, drafted))
    except ApiError:
        for name in [name for index, name in reading.shown if index == drafted.index]:
            del reading.shown[drafted.index, name]  # what is not printed is not handed out either
        return [Paragraph(plain(reading.layout.say("acta_withheld")), "legal")]


def _designation(reading: Reading, stream: str) -> Block:
    from api.documents.kinds.designation import designated

    made = reading.one(stream, DesignationMade)
    return Paragraph(plain(designated(reading, made)))


def _standing(reading: Reading, certified: CertifiedObject) -> Iterator[tuple[str, Inline]]:
    """Say how an object stood at issuance, where it is bound, which exact act it is."""
    layout = reading.layout
    marks = layout.words.listing([layout.name("marks", each) for each in certified.marks])
    yield layout.say("state"), plain(marks)
    if certified.by:
        yield layout.say("state_by"), plain(layout.words.listing([called(reading, each) for each in certified.by]))
    yield layout.say("bound_at"), plain(bound(reading, certified.folios))
    yield layout.say("act"), plain(layout.say("index", index=certified.index, stream=certified.stream))
    yield layout.say("statement"), plain(certified.statement)
    if certified.root is not None:
        yield layout.say("object_root"), plain(certified.root)


def _negative(reading: Reading, index: int, place: int, negative: Negative, body: str) -> Iterator[Block]:
    """Tell what is not on record: which series was looked at, whole, and what of it fits."""
    layout, words = reading.layout, reading.layout.words
    yield Heading(layout.say("negative"))
    if f"negative/{place}" in set(reading.texts.disclosures(index)) or reading.public:
        yield Paragraph(reading.text(index, f"negative/{place}"), "quote")
    span = {"from_on": words.day(negative.from_on), "to_on": words.day(negative.to_on)}
    series = f"{layout.name('searched', negative.object_kind)} {negative.prefix(body).partition('/')[2]}"
    count = negative.last - negative.first + 1
    phrase = "negative_series" if count else "negative_empty"
    parts = [layout.say(phrase, series=series, count=count, first=negative.first, last=negative.last, **span)]
    if negative.mark is not None:
        parts.append(layout.say("negative_mark", mark=layout.name("marks", negative.mark)))
    if negative.unit is not None:
        parts.append(layout.say("negative_unit", unit=negative.unit.upper()))
    yield Paragraph(plain(" ".join(parts)))
    yield Paragraph(plain(layout.say("negative_listed" if negative.listed else "negative_none")))
    if negative.listed:
        yield Items(tuple((str(n), _listed(reading, each)) for n, each in enumerate(negative.listed, 1)))
    yield Paragraph(plain(layout.say("negative_root", size=negative.tree_size, root=negative.root)), "legal")


def _listed(reading: Reading, stream: str) -> Inline:
    """Tell an object that fits: its name and, of an agreement, its title."""
    named = called(reading, stream)
    if kind_of(stream) != "agreement":
        return plain(named)
    made = reading.one(stream, AgreementAdopted, AgreementImported)
    return (f"{named}. ", *reading.text(made.index, "title"))
