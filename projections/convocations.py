"""Convocations with their rectifications, who received them when, and what was waived (domain.md §3.3)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.convocation import (
    ConvocationAcknowledged,
    ConvocationDelivered,
    ConvocationRectified,
    DefectAcknowledged,
    OfDelivery,
)
from ledger.acts.session import SessionConvened
from projections.base import Registry, Table, heading, object_table, touch, voice_of

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

CONVOCATIONS = object_table(
    "convocations",
    "body",
    "year",
    "series",
    "session",
    "call",
    "begins_at",
    "held_on",
    "modality",
    "items",
    "superseded_by",
    "receipts",
    "waivers",
    json=("items", "waivers"),
    fixed=("series", "session", "call", "begins_at", "held_on", "modality", "items"),
)
"""The id is the SHA-256 of the statement that convened or rectified, which receipts and waivers name."""
LAST = Table("convocation_last", ("session", "convocation"), ("session",))
RECEIPTS = Table(
    "convocation_receipts",
    ("convocation", "seat", "entry_index", "designation", "received_at", "channel", "voice", "carpeta"),
    ("convocation", "seat", "entry_index"),
    born="entry_index",
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a convocation."""
    act = signed.act
    match act:
        case SessionConvened() | ConvocationRectified():
            _convene(page, signed, act)
        case ConvocationDelivered() | ConvocationAcknowledged() | DefectAcknowledged():
            _prove(page, signed, act)
        case _:
            pass


def _convene(page: Page, signed: Signed, act: SessionConvened | ConvocationRectified) -> None:
    key, path = signed.statement.sha256, act.session_path
    last = page.find(LAST, path)
    call = act.call if isinstance(act, SessionConvened) else 0
    if last is None:
        page.put(LAST, {"session": path, "convocation": key})
    else:
        earlier = page.edit(CONVOCATIONS, last["convocation"])
        earlier["superseded_by"] = key
        call = call or earlier["call"]
        page.edit(LAST, path)["convocation"] = key
    own: Row = {
        "body": act.body,
        "year": act.year,
        "series": act.series,
        "session": path,
        "call": call,
        "begins_at": act.begins_at,
        "held_on": date.fromisoformat(act.begins_at[:10]),
        "modality": act.modality,
        "items": [{"item": entry.item, "item_kind": entry.item_kind} for entry in act.items],
        "superseded_by": None,
        "receipts": 0,
        "waivers": [],
    }
    page.put(CONVOCATIONS, {"id": key, **heading(signed), **own})


def _prove(page: Page, signed: Signed, act: OfDelivery) -> None:
    row = touch(page.edit(CONVOCATIONS, act.convocation), signed)
    told: list[tuple[object, ...]] = []
    match act:
        case ConvocationDelivered():
            told = [(each.seat, each.designation, each.received_at, each.channel, act.carpeta) for each in act.receipts]
        case ConvocationAcknowledged():
            designation = int(signed.statement.office.rpartition("/")[2])
            told = [(act.seat, designation, act.received_at, None, None)]
        case DefectAcknowledged():
            waiver = {"defect": act.defect, "waived_by": list(act.waived_by), "index": signed.index}
            row["waivers"] = [*row["waivers"], waiver]
        case _:
            pass
    row["receipts"] += len(told)
    voice = voice_of(signed)
    page.add(
        RECEIPTS,
        [
            (act.convocation, seat, signed.index, designation, received_at, channel, voice, carpeta)
            for seat, designation, received_at, channel, carpeta in told
        ],
    )


REGISTRY = Registry("convocations", (CONVOCATIONS, LAST, RECEIPTS), {"session": None, "delivery": None}, handle)
