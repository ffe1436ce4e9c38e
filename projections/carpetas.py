"""Folders of sessions with their addenda, and recordings sealed by hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.carpeta import CarpetaAddendumIssued, CarpetaFrozen, OfCarpeta, RecordingSealed
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

CARPETAS = object_table(
    "carpetas",
    "body",
    "year",
    "series",
    "session",
    "manifest",
    "pages",
    "documents",
    "addenda",
    json=("documents", "addenda"),
    fixed=("series", "session"),
)
RECORDINGS = object_table(
    "recordings",
    "body",
    "year",
    "series",
    "session",
    "recording",
    "medium",
    "sha256",
    "begins_at",
    "duration_s",
    "custody",
    fixed=("series", "session", "recording", "medium", "sha256", "begins_at", "duration_s", "custody"),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a folder, or a recording."""
    act = signed.act
    match act:
        case CarpetaFrozen():
            own: Row = {"body": act.body, "year": act.year, "series": act.series, "session": act.session}
            told: Row = {"manifest": act.manifest, "documents": _documents(act, signed), "addenda": []}
            told["pages"] = sum(each.pages for each in act.documents)
            page.put(CARPETAS, {"id": act.session_path, **heading(signed), **own, **told})
        case CarpetaAddendumIssued():
            _add(page, signed, act)
        case RecordingSealed():
            own = act.model_dump()
            page.put(RECORDINGS, {"id": f"{act.session_path}/{act.recording}", **heading(signed), **own})
        case _:
            pass


def _documents(act: OfCarpeta, signed: Signed) -> list[Row]:
    """Return documents as shown; `index` is the act that put them there, where their titles stand."""
    return [each.model_dump(exclude_none=True) | {"index": signed.index} for each in act.documents]


def _add(page: Page, signed: Signed, act: CarpetaAddendumIssued) -> None:
    row = touch(page.edit(CARPETAS, act.session_path), signed)
    addendum = {
        "addendum": act.addendum,
        "index": signed.index,
        "documents": [each.document for each in act.documents],
        "receipts": [each.model_dump() for each in act.receipts],
    }
    row.update(
        manifest=act.manifest,
        pages=row["pages"] + sum(each.pages for each in act.documents),
        documents=[*row["documents"], *_documents(act, signed)],
        addenda=[*row["addenda"], addendum],
    )


REGISTRY = Registry("carpetas", (CARPETAS, RECORDINGS), {"carpeta": CARPETAS, "recording": RECORDINGS}, handle)
