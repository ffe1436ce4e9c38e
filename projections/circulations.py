"""How actas became the body's own: circulation, observations, approval; appendices and fe de erratas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.circulation import (
    ActaApproved,
    ActaCirculated,
    ActaErrataIssued,
    ActaObservationFiled,
    ActaObservationResolved,
    AppendixAttached,
)
from projections.base import Registry, heading, object_table, touch

if TYPE_CHECKING:
    from ledger.acts.session import OfSession
    from ledger.domain.world import Signed
    from projections.base import Row
    from projections.page import Page

CIRCULATIONS = object_table(
    "acta_circulations",
    "body",
    "year",
    "series",
    "session",
    "phase",
    "round",
    "draft",
    "root",
    "addressed",
    "due_at",
    "pending",
    "approved_index",
    "approved_root",
    "vote",
    json=("addressed",),
)
OBSERVATIONS = object_table(
    "acta_observations",
    "circulation",
    "observation",
    "seat",
    "root",
    "block",
    "outcome",
    "resolved_index",
    fixed=("circulation", "observation"),
)
APPENDICES = object_table(
    "appendices", "body", "year", "series", "session", "acta", "appendix", "sheets", "agreement", fixed=("acta",)
)
ERRATAS = object_table(
    "acta_erratas",
    "body",
    "year",
    "series",
    "session",
    "acta",
    "acta_statement",
    "errata",
    "corrections",
    "approved_by",
    json=("corrections",),
    fixed=("acta",),
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a circulation, an appendix or an errata."""
    act = signed.act
    match act:
        case ActaCirculated():
            _circulate(page, signed, act)
        case ActaObservationFiled():
            _file(page, signed, act)
        case ActaObservationResolved():
            row = _moved(page, signed, act)
            row["pending"] -= 1
            observation = touch(page.edit(OBSERVATIONS, f"{act.session_path}/{act.observation}"), signed)
            observation.update(outcome=act.outcome, resolved_index=signed.index)
        case ActaApproved():
            row = _moved(page, signed, act)
            row.update(phase="approved", approved_index=signed.index, approved_root=act.root, vote=act.vote)
        case AppendixAttached():
            own: Row = {"acta": act.session_path, "appendix": act.appendix, "sheets": act.sheets}
            own["agreement"] = act.agreement
            page.put(APPENDICES, {"id": f"{act.session_path}/{act.appendix}", **heading(signed), **_place(act), **own})
        case ActaErrataIssued():
            _correct(page, signed, act)
        case _:
            pass


def _place(act: OfSession) -> Row:
    return {"body": act.body, "year": act.year, "series": act.series, "session": act.session}


def _moved(page: Page, signed: Signed, act: OfSession) -> Row:
    """Return the circulation, touched; what an observation seals is the observation's."""
    row = page.edit(CIRCULATIONS, act.session_path)
    kept = row["sealed"]
    touch(row, signed)["sealed"] = kept
    return row


def _circulate(page: Page, signed: Signed, act: ActaCirculated) -> None:
    sent: Row = {
        "phase": "circulated",
        "round": act.round,
        "draft": act.draft,
        "root": act.root,
        "addressed": list(act.to),
        "due_at": act.due_at,
        "approved_index": None,
        "approved_root": None,
        "vote": None,
    }
    if page.find(CIRCULATIONS, act.session_path) is not None:
        _moved(page, signed, act).update(sent)
        return
    page.put(CIRCULATIONS, {"id": act.session_path, **heading(signed), **_place(act), **sent, "pending": 0})


def _file(page: Page, signed: Signed, act: ActaObservationFiled) -> None:
    _moved(page, signed, act)["pending"] += 1
    filed: Row = {
        "circulation": act.session_path,
        "observation": act.observation,
        "seat": act.seat,
        "root": act.root,
        "block": act.block,
        "outcome": None,
        "resolved_index": None,
    }
    page.put(OBSERVATIONS, {"id": f"{act.session_path}/{act.observation}", **heading(signed), **filed})


def _correct(page: Page, signed: Signed, act: ActaErrataIssued) -> None:
    corrected: Row = {
        "acta": act.session_path,
        "acta_statement": signed.statement.basis[f"acta/{act.session_path}"],
        "errata": act.errata,
        "corrections": [{"block": each.block, "about": each.about} for each in act.corrections],
        "approved_by": act.approved_by,
    }
    page.put(ERRATAS, {"id": f"{act.session_path}/{act.errata}", **heading(signed), **_place(act), **corrected})


REGISTRY = Registry(
    "circulations",
    (CIRCULATIONS, OBSERVATIONS, APPENDICES, ERRATAS),
    {"circulation": CIRCULATIONS, "appendix": APPENDICES, "errata": ERRATAS},
    handle,
)
