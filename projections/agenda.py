"""The items of a session's orden del día: how they came on it, who takes no part in them, what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.imported import ImportedEntry
from ledger.acts.session import ItemAdded, ItemAmended, MemberRecused, RecusalChallenged, RecusalResolved
from projections.base import Row, Table, voice_of

if TYPE_CHECKING:
    from ledger.acts.convocation import ConvocationRectified
    from ledger.acts.imported import AgendaImported
    from ledger.acts.session import AgendaEntry, SessionConvened, SessionImported
    from ledger.domain.world import Signed
    from projections.page import Page

AGENDA_ITEMS = Table(
    "agenda_items",
    (
        "session",
        "call",
        "item",
        "item_kind",
        "added",
        "text_index",
        "text_name",
        "opened_index",
        "outcome",
        "outcome_index",
        "recused",
        "approved",
        "challenges",
        "amendments",
        "resolved_by",
        "committee",
        "consent",
        "reference",
    ),
    ("session", "call", "item"),
    json=frozenset({"recused", "challenges", "amendments"}),
)
ItemAct: TypeAlias = MemberRecused | RecusalChallenged | RecusalResolved | ItemAmended


def list_item(
    page: Page,
    signed: Signed,
    act: SessionConvened | SessionImported | AgendaImported | ConvocationRectified | ItemAdded,
    entry: AgendaEntry | ItemAdded,
    call: int,
) -> None:
    """Put an item on the agenda of a session's call."""
    name = "title" if isinstance(act, ItemAdded) else f"item/{entry.item}/title"
    there = name in signed.statement.sealed
    page.put(
        AGENDA_ITEMS,
        {
            "session": act.session_path,
            "call": call,
            "item": entry.item,
            "item_kind": entry.item_kind,
            "added": isinstance(act, ItemAdded),
            "text_index": signed.index if there else None,
            "text_name": name if there else None,
            "opened_index": None,
            "outcome": None,
            "outcome_index": None,
            "recused": [],
            "approved": not isinstance(act, ItemAdded),
            "challenges": [],
            "amendments": [],
            "resolved_by": None,
            "committee": None,
            "consent": isinstance(entry, ImportedEntry) and entry.consent,
            "reference": entry.reference if isinstance(entry, ImportedEntry) else None,
        },
    )


def change_item(item: Row, signed: Signed, act: ItemAct) -> None:
    """Who takes no part in the item, who asked it of whom, and where its text was changed."""
    who = {"index": signed.index, "voice": voice_of(signed)}
    match act:
        case MemberRecused():
            item["recused"] = [*item["recused"], {"seat": act.seat, **who}]
        case RecusalChallenged():
            asked = {"seat": act.seat, "challenged": act.challenged, "asks": act.asks, **who}
            item["challenges"] = [*item["challenges"], asked]
        case ItemAmended():
            item["amendments"] = [*item["amendments"], signed.index]
        case RecusalResolved():
            last = [each for each in item["challenges"] if each["challenged"] == act.challenged][-1]
            decided = last | {"upheld": act.upheld, "decided_index": signed.index}
            item["challenges"] = [decided if each == last else each for each in item["challenges"]]
            if not act.upheld:
                return
            rest = [each for each in item["recused"] if each["seat"] != act.challenged]
            out = {"seat": act.challenged, **who}
            item["recused"] = [*rest, out] if last["asks"] == "exclude" else rest
