"""The convocatoria with its orden del día, and the guion by which who presides leads the session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.documents.frame import framed, parts_of, signatory
from api.documents.model import Facts, Heading, Items, Paragraph, Table, plain
from ledger.acts.convocation import ConvocationDelivered, ConvocationRectified
from ledger.acts.session import SessionConvened

if TYPE_CHECKING:
    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.domain.world import Signed

WIDTHS = (1, 9, 3)


def compose(reading: Reading, key: str) -> Document:
    """Return the convocatoria to the session `hcd/2026/ord/3`, as it was last put right."""
    body, *_ = parts_of(key, 4)
    convened, act = _convened(reading, key)
    layout = reading.layout
    lead = layout.say("convened", body=reading.body(body), session=reading.session(key).lower())
    blocks: list[Block] = [Paragraph(plain(lead), "lead"), Facts(tuple(_when(reading, convened, act)))]
    if isinstance(act, ConvocationRectified):
        reason = (f"{layout.say('rectified_reason')}: ", *reading.text(convened.index, "reason"))
        blocks += [Paragraph(plain(layout.say("rectified"))), Paragraph(reason)]
    rows = tuple(
        (
            plain(str(entry.item)),
            reading.text(convened.index, f"item/{entry.item}/title"),
            plain(layout.words.name("item_kinds", entry.item_kind)),
        )
        for entry in act.items
    )
    columns = tuple(layout.say(each) for each in ("item", "matter", "kind"))
    blocks += [Heading(layout.say("agenda")), Table(columns, rows, WIDTHS), *_annexes(reading, convened, act)]
    return framed(
        reading,
        "convocatoria",
        convened,
        body,
        blocks,
        title=layout.titles["convocatoria"],
        subtitle=reading.session(key),
        folio=reading.session(key),
        signatories=(signatory(reading, convened),),
        json_ld=_event(reading, key, act),
    )


def guion(reading: Reading, key: str) -> Document:
    """Return the guion of the session `hcd/2026/ord/3`: what is said and done, item by item."""
    body, *_ = parts_of(key, 4)
    convened, act = _convened(reading, key)
    layout, words = reading.layout, reading.layout.words
    blocks: list[Block] = [
        Facts(tuple(_when(reading, convened, act))),
        Heading(layout.say("guion_opening")),
        Paragraph(plain(layout.say("guion_declare"))),
    ]
    called = _called(reading, key, body)
    if called:
        blocks += [Paragraph(plain(layout.say("guion_expected"))), Items(tuple(("", plain(each)) for each in called))]
    for entry in act.items:
        kind = words.name("item_kinds", entry.item_kind)
        blocks += [
            Heading(f"{layout.say('item')} {entry.item} ({kind})"),
            Paragraph(reading.text(convened.index, f"item/{entry.item}/title"), "quote"),
            Paragraph(plain(layout.say(f"guion_{entry.item_kind}"))),
        ]
    blocks += [Heading(layout.say("guion_closing_head")), Paragraph(plain(layout.say("guion_closing")))]
    return framed(
        reading,
        "guion",
        convened,
        body,
        blocks,
        subtitle=reading.session(key),
        folio=reading.session(key),
        json_ld=_event(reading, key, act),
    )


def _event(reading: Reading, key: str, act: SessionConvened | ConvocationRectified) -> dict[str, Any]:
    """Tell machines of the session."""
    return {"about": {"@type": "Event", "name": reading.session(key), "startDate": act.begins_at}}


def _convened(reading: Reading, key: str) -> tuple[Signed, SessionConvened | ConvocationRectified]:
    """Return the act that convened the session as it was last put right."""
    signed = reading.one(f"session/{key}", SessionConvened, ConvocationRectified)
    act = signed.act
    if not isinstance(act, SessionConvened | ConvocationRectified):
        raise TypeError(type(act).__name__)
    return signed, act


def _when(reading: Reading, convened: Signed, act: SessionConvened | ConvocationRectified) -> list[tuple[str, Inline]]:
    layout, words = reading.layout, reading.layout.words
    begins = f"{words.day(act.begins_at)}, {words.hour(act.begins_at)} h"
    rows: list[tuple[str, Inline]] = [(layout.say("begins"), plain(begins))]
    if "venue" in convened.statement.sealed:
        rows.append((layout.say("venue"), reading.text(convened.index, "venue")))
    rows.append((layout.say("modality"), plain(words.name("modalities", act.modality))))
    return rows


def _annexes(reading: Reading, convened: Signed, act: SessionConvened | ConvocationRectified) -> list[Block]:
    """Name the annexes of the items by their file and hash."""
    found = []
    for entry in act.items:
        annex = reading.value(convened.index, f"item/{entry.item}/annex")
        if annex is not None:
            found.append((str(entry.item), plain(f"{annex['name']}, SHA-256 {annex['sha256']}")))
    return [Heading(reading.layout.say("annexes"), 3), Items(tuple(found))] if found else []


def _called(reading: Reading, key: str, body: str) -> list[str]:
    """Return who was handed the convocatoria and may vote, in the order of the seats."""
    names = {}
    for delivered in reading.acts(f"delivery/{key}"):
        for receipt in delivered.act.receipts if isinstance(delivered.act, ConvocationDelivered) else ():
            member = reading.holder(body, receipt.seat, receipt.designation)
            if member.voting:
                names[receipt.seat] = f"{member.name or reading.layout.say('nameless')} ({receipt.seat})"
    return [names[seat] for seat in sorted(names)]
