"""A list of the interface as one table, by `?format=` or by `Accept`, whole or not at all."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, get_args

from fastapi import Query, Request

from api.etags import cached
from api.exports import parquet
from api.exports.catalogue import by_route
from api.exports.formats import MEDIA_TYPES, CsvTable, JsonlTable, Table, XlsxTable
from api.exports.parquet import ParquetTable
from api.problems import ApiError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.responses import Response

    from api.exports.catalogue import Dataset
    from projections.queries.base import Object

MAX_ROWS = 20_000
"""Rows of a table over HTTP; a longer list is a problem that asks for filters or the dated files, never cut."""
Form: TypeAlias = Literal["csv", "jsonl", "xlsx", "parquet"]
_BY_TYPE: dict[str, Form] = {MEDIA_TYPES[form]: form for form in get_args(Form)}


def ask_form(
    request: Request,
    wanted: Annotated[
        Literal["json", "csv", "jsonl", "xlsx", "parquet"] | None,
        Query(
            alias="format",
            description=(
                f"La lista entera como tabla, hasta {MAX_ROWS} renglones, sin páginas. / "
                "The whole list as a table, without pages."
            ),
        ),
    ] = None,
) -> Form | None:
    """Read which table is asked for: by the parameter, or by the first type of `Accept` that is one of a table.

    Raises:
        ApiError: 406 "parquet-missing" where this server has no such extra.
    """
    offered = (each.partition(";")[0].strip() for each in request.headers.get("accept", "").split(","))
    form = next((_BY_TYPE[each] for each in offered if each in _BY_TYPE), None)
    if wanted is not None:
        form = None if wanted == "json" else wanted
    if form == "parquet" and not parquet.available():
        raise ApiError(406, "parquet-missing")
    return form


def dataset_of(request: Request) -> Dataset:
    """Return the table of the list that is asked for.

    Raises:
        ApiError: 406 "list-without-table" for lists that are not of the catalogue.
    """
    found = by_route().get(getattr(request.scope.get("route"), "path", ""))
    if found is None:
        raise ApiError(406, "list-without-table", request.url.path)
    return found


def answer(request: Request, form: Form, rows: Sequence[Object], about: Sequence[tuple[str, str]]) -> Response:
    """Return a whole list as a table.

    Args:
        request: Whose.
        form: Which.
        rows: All objects of the list.
        about: What a workbook says of itself.
    """
    dataset = dataset_of(request)
    target = io.BytesIO()
    table = _table(dataset, form, target, about)
    for each in rows:
        table.add(dataset.row(each))
    table.close()
    named = {"Content-Disposition": f'attachment; filename="{dataset.name}.{form}"', "Vary": "Accept"}
    media_type = MEDIA_TYPES[form] + ("; charset=utf-8" if form == "csv" else "")
    return cached(request, target.getvalue(), media_type, headers=named)


def _table(dataset: Dataset, form: Form, target: io.BytesIO, about: Sequence[tuple[str, str]]) -> Table:
    match form:
        case "csv":
            return CsvTable(dataset, io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True))
        case "jsonl":
            return JsonlTable(dataset, target)
        case "xlsx":
            return XlsxTable(dataset, target, about)
        case "parquet":
            return ParquetTable(dataset, target, about)
