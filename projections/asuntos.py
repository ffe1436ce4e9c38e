"""Asuntos from their intake to the item under which they are listed, and dictámenes on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ledger.acts.asunto import AsuntoListed, AsuntoReviewed, AsuntoSubmitted, AsuntoWithdrawn, DictamenIssued, OfAsunto
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

ASUNTOS = object_table(
    "asuntos",
    "body",
    "year",
    "number",
    "unit",
    "item_kind",
    "oficio",
    "oficio_on",
    "grounds",
    "dictamen_of",
    "phase",
    "round",
    "reviews",
    "session",
    "item",
    "listings",
    json=("grounds", "reviews", "listings"),
    fixed=("number",),
)
DICTAMENS = object_table(
    "dictamens",
    "body",
    "year",
    "number",
    "asunto",
    "sense",
    "vote",
    "session",
    fixed=("number", "asunto", "sense", "vote", "session"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act on an asunto, or a dictamen."""
    act = signed.act
    match act:
        case AsuntoSubmitted():
            _submit(page, signed, act)
        case AsuntoReviewed():
            row = _moved(page, signed, act)
            review = {"round": row["round"], "outcome": act.outcome, "missing": list(act.missing)}
            row.update(phase=act.outcome, reviews=[*row["reviews"], review | {"index": signed.index}])
        case AsuntoListed():
            row = _moved(page, signed, act)
            session = act.session.partition("/")[2]
            listing = {"session": session, "item": act.item, "dictamens": list(act.dictamens), "index": signed.index}
            row.update(phase="listed", session=session, item=act.item, listings=[*row["listings"], listing])
        case AsuntoWithdrawn():
            _moved(page, signed, act)["phase"] = "withdrawn"
        case DictamenIssued():
            session = act.vote.partition("/")[2].rpartition("/")[0]
            own: Row = {"body": act.body, "year": act.year, "number": act.number, "asunto": act.asunto}
            own |= {"sense": act.sense, "vote": act.vote, "session": session}
            page.put(DICTAMENS, {"id": f"{act.body}/{act.year}/{act.number}", **heading(signed), **own})
        case _:
            pass


def _moved(page: Page, signed: Signed, act: OfAsunto) -> Row:
    return touch(page.edit(ASUNTOS, f"{act.body}/{act.year}/{act.number}"), signed)


def _submit(page: Page, signed: Signed, act: AsuntoSubmitted) -> None:
    brought: Row = {
        "unit": act.unit,
        "item_kind": act.item_kind,
        "oficio": act.oficio,
        "oficio_on": date.fromisoformat(act.oficio_on),
        "grounds": list(act.grounds),
        "dictamen_of": act.dictamen_of,
        "phase": "submitted",
        "round": act.round,
    }
    if act.round > 1:
        _moved(page, signed, act).update(brought)
        return
    own: Row = {"body": act.body, "year": act.year, "number": act.number, **brought}
    own |= {"reviews": [], "session": None, "item": None, "listings": []}
    page.put(ASUNTOS, {"id": f"{act.body}/{act.year}/{act.number}", **heading(signed), **own})


REGISTRY = Registry("asuntos", (ASUNTOS, DICTAMENS), {"asunto": ASUNTOS, "dictamen": DICTAMENS}, handle)
