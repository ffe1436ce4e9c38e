"""What is classified, public versions, handed out text, and the published indexes of what is reserved.

A classification keeps the day and the place of each step, so that it can be told as of any day over any part of the
ledger; that a term has ended is no step: it is computed when asked.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.acts.classification import (
    ClassificationProposed,
    ClassificationResolved,
    Declassified,
    OfClassification,
    ReservationExtended,
)
from ledger.acts.disclosure import (
    OfVersion,
    PublicVersionApproved,
    PublicVersionGenerated,
    ReservedDataConsulted,
    ReservedIndexPublished,
    TransparencyFormatExported,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

CLASSIFICATIONS = object_table(
    "classifications",
    "entry_index",
    "proposal",
    "object",
    "unit",
    "character",
    "fraction",
    "ground",
    "trigger",
    "triggered_by",
    "resolution",
    "proposed_names",
    "from_on",
    "session",
    "item",
    "phase",
    "names",
    "until_on",
    "extended",
    "vote",
    "steps",
    json=("proposed_names", "names", "steps"),
)
VERSIONS = object_table(
    "public_versions",
    "entry_index",
    "number",
    "object",
    "root",
    "blocks",
    "open",
    "redactions",
    "phase",
    "vote",
    "approved_index",
    json=("open", "redactions"),
)
CONSULTATIONS = object_table("consultations", "entry_index", "number", "names", "reader", json=("names",))
FORMATS = object_table(
    "sipot_exports", "body", "year", "quarter", "form", "number", "edition", "stated_on", "size", "sha256", "rows"
)
INDEXES = object_table("reserved_indexes", "body", "year", "half", "as_of", "size", "sha256", "rows")


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a classification, a public version, a consultation or an index."""
    act = signed.act
    match act:
        case OfClassification():
            _classify(page, signed, act)
        case OfVersion():
            _version(page, signed, act)
        case ReservedDataConsulted():
            own: Row = {"entry_index": act.index, "number": act.consultation, "names": list(act.names)}
            row = {"id": f"{act.index}/{act.consultation}", **heading(signed), **own, "reader": act.reader_id}
            page.put(CONSULTATIONS, row)
        case ReservedIndexPublished():
            own = {"body": act.body, "year": act.year, "half": act.half, "as_of": act.on, "size": act.size}
            own |= {"sha256": act.sha256, "rows": act.rows}
            page.put(INDEXES, {"id": f"{act.body}/{act.year}/{act.half}", **heading(signed), **own})
        case TransparencyFormatExported():
            said = ("body", "year", "quarter", "form", "number", "edition", "size", "sha256", "rows")
            own = {name: getattr(act, name) for name in said} | {"stated_on": date.fromisoformat(act.on)}
            page.put(FORMATS, {"id": signed.statement.stream.partition("/")[2], **heading(signed), **own})
        case _:
            pass


def _classify(page: Page, signed: Signed, act: OfClassification) -> None:
    key = f"{act.index}/{act.proposal}"
    step: dict[str, Any] = {"index": signed.index, "on": signed.statement.occurred_at[:10]}
    step["act"] = act.type_name.partition("/")[0]
    if isinstance(act, ClassificationProposed):
        said = ("object", "unit", "character", "fraction", "ground", "trigger", "resolution", "from_on", "item")
        own: Row = {name: getattr(act, name) for name in said}
        own |= {"entry_index": act.index, "proposal": act.proposal, "triggered_by": act.by, "phase": "proposed"}
        own |= {"proposed_names": list(act.names), "names": list(act.names), "until_on": _day(act.until_on)}
        own |= {"extended": False, "vote": None}
        own["steps"] = [step | {"phase": "proposed", "names": list(act.names)}]
        own["session"] = None if act.session is None else act.session.partition("/")[2]
        page.put(CLASSIFICATIONS, {"id": key, **heading(signed), **own})
        return
    row = touch(page.edit(CLASSIFICATIONS, key), signed)
    match act:
        case ClassificationResolved():
            names = [] if act.outcome == "revoked" else list(act.names) or row["names"]
            row.update(phase=act.outcome, names=names, until_on=_day(act.until_on) or row["until_on"], vote=act.vote)
        case ReservationExtended():
            row.update(extended=True, until_on=_day(act.until_on), vote=act.vote)
        case Declassified():
            left = [name for name in row["names"] if act.names and name not in act.names]
            row.update(names=left, phase=row["phase"] if left else "declassified")
            step["cause"] = act.cause
        case _:
            pass
    row["steps"] = [*row["steps"], step | {"phase": row["phase"], "names": row["names"]}]


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _version(page: Page, signed: Signed, act: OfVersion) -> None:
    key = f"{act.index}/{act.version}"
    match act:
        case PublicVersionGenerated():
            own: Row = {
                "entry_index": act.index,
                "number": act.version,
                "object": act.object,
                "root": act.root,
                "blocks": act.blocks,
                "open": list(act.open),
                "redactions": [each.model_dump(exclude_none=True) for each in act.redactions],
                "phase": "generated",
                "vote": None,
                "approved_index": None,
            }
            page.put(VERSIONS, {"id": key, **heading(signed), **own})
        case PublicVersionApproved():
            row = touch(page.edit(VERSIONS, key), signed)
            row.update(phase="approved", vote=act.vote, approved_index=signed.index)
        case _:
            pass


REGISTRY = Registry(
    "transparency",
    (CLASSIFICATIONS, VERSIONS, CONSULTATIONS, INDEXES, FORMATS),
    {
        "classification": CLASSIFICATIONS,
        "version": VERSIONS,
        "consultation": CONSULTATIONS,
        "reservedindex": INDEXES,
        "sipot": FORMATS,
    },
    handle,
)
