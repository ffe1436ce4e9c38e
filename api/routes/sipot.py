"""GET quarterly formats of transparency obligations, filled from the registries (LGTAIP 65 XLIV; product.md §3.7)."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.addresses import base_of
from api.etags import cached
from api.exports import sipot
from api.exports.formats import MEDIA_TYPES
from api.exports.tabular import Form as TableForm
from api.exports.tabular import ask_form
from api.problems import ApiError, dumps, not_found
from api.routes import openapi
from api.routes.registry_base import TAG, Day, One, Year
from api.routes.resources import Form, Quarter
from ledger.texts import text
from projections.queries.base import reading

router = APIRouter(prefix="/api/v1", tags=[TAG])


@router.get("/sipot-formats", summary="Formatos de transparencia / Formats", responses=openapi.json_answer("Typed"))
def list_formats(request: Request) -> Response:
    """The formats that can be filled: their columns, edition, and how sure their labels are."""
    told = [
        {
            "form": each.name,
            "title": each.title,
            "short": each.short,
            "law": each.law,
            "edition": each.edition,
            "status": each.status,
            "columns": [column.label for column in each.columns],
        }
        for each in sipot.templates().values()
    ]
    return cached(request, dumps({"type": "sipot-formats", "data": told}), "application/json")


@router.get(
    "/sipot-formats/{form}/{year}/{quarter}",
    summary="Un formato lleno / A format filled",
    responses=openapi.json_answer("Typed"),
)
def get_format(
    *,
    asked: One,
    form: Form,
    year: Year,
    quarter: Quarter,
    on: Day,
    table: Annotated[TableForm | None, Depends(ask_form)] = None,
) -> Response:
    """A quarter's format with the hash that its act would bind, and what to look at before filing it.

    `?format=xlsx` gives the workbook. `known_at` and `on` of a filed one give what was filed.
    """
    if form not in sipot.templates():
        raise not_found(f"sipot-formats/{form}")
    if table not in {None, "xlsx"}:
        raise ApiError(406, "list-without-table", str(table))
    system = asked.system
    with reading(system.store.pool, asked.moment) as cursor:
        filled = sipot.fill(cursor, form, year, quarter, on)
    base = base_of(asked.request, system.settings)
    if table == "xlsx":
        target = io.BytesIO()
        sipot.workbook(filled, target, base, fictitious=system.fictitious)
        name = f"{filled.template.short}-{year}-{quarter}.xlsx"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Vary": "Accept"}
        return cached(asked.request, target.getvalue(), MEDIA_TYPES["xlsx"], headers=headers)
    told = filled.content() | {
        "type": "sipot-format",
        "status": filled.template.status,
        "law": filled.template.law,
        "columns": [each.label for each in filled.template.columns],
        "sha256": filled.sha256(),
        "remarks": [
            {**each, "text": text(each["code"], **each), "text_en": text(each["code"], "en", **each)}
            for each in filled.remarks
        ],
    }
    return cached(asked.request, dumps(told), "application/json", headers={"Vary": "Accept"})
