"""GET open data: which days there are, and their files (product.md §3.6)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from api.etags import IMMUTABLE, cached, etag, matches
from api.exports.shelf import DATE, FILE, Shelf
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.pagination import envelope, page_of
from api.problems import ApiError, dumps, not_found
from api.routes import openapi
from api.system import system_of

router = APIRouter(tags=["datos"])
Day = Annotated[str, Path(pattern=DATE, examples=["2026-11-03"])]
File = Annotated[str, Path(pattern=FILE, examples=["agreements.csv"])]


@router.get("/api/v1/exports", summary="Datos abiertos / Open data", responses=openapi.json_answer("Page"))
def list_exports(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> Response:
    """The dated folders, the newest first, each with the tree head that it stands for."""
    shelf, page = Shelf(system_of(request).settings.data_dir), page_of(cursor, limit)
    dates = shelf.dates()
    if page.after is not None:
        if len(page.after) != 1 or not isinstance(page.after[0], str):
            raise ApiError(400, "bad-cursor")
        dates = [each for each in dates if each < str(page.after[0])]
    shown = dates[: page.limit]
    rows = [told for each in shown if (told := _told(shelf, each)) is not None]
    following = (shown[-1],) if len(dates) > len(shown) else None
    return cached(request, dumps(envelope(request, rows, page, following)), "application/json")


@router.get("/api/v1/exports/{date}", summary="Los de un día / Of a day", responses=openapi.json_answer("Object"))
def get_export(request: Request, date: Day) -> Response:
    """A dated folder: what it stands for, and each file with its hash and address."""
    shelf = Shelf(system_of(request).settings.data_dir)
    told = _told(shelf, date)
    if told is None:
        raise not_found(f"exports/{date}")
    return cached(request, dumps(told), "application/json")


def _told(shelf: Shelf, date: str) -> dict[str, Any] | None:
    package = shelf.package(date)
    if package is None:
        return None
    files = [
        {"name": name, "sha256": each.sha256, "bytes": each.path.stat().st_size, "link": f"/exports/{date}/{name}"}
        for name, each in sorted(shelf.files(date).items())
    ]
    return {
        "id": f"/api/v1/exports/{date}",
        "type": "export",
        "key": date,
        "created": package["created"],
        "title": package["title"],
        "title_en": package["title_en"],
        "licenses": package["licenses"],
        **package["acervo"],
        "files": files,
        "links": {"self": f"/api/v1/exports/{date}", "package": f"/exports/{date}/datapackage.json"},
    }


@router.get("/exports/latest/{file}", summary="El archivo más reciente / The newest file", response_class=Response)
def get_latest(request: Request, file: File) -> Response:
    """Leads to the file of the newest folder that has it; whoever cites uses the dated address."""
    shelf = Shelf(system_of(request).settings.data_dir)
    for date in shelf.dates():
        if file in shelf.files(date):
            return RedirectResponse(f"/exports/{date}/{file}", 307, headers={"Cache-Control": "no-cache"})
    raise not_found(f"exports/latest/{file}")


@router.get("/exports/{date}/{file}", summary="Un archivo / A file", response_class=Response)
def get_file(request: Request, date: Day, file: File) -> Response:
    """A file of open data as it was written that day; it never changes."""
    found = Shelf(system_of(request).settings.data_dir).files(date).get(file)
    if found is None:
        raise not_found(f"exports/{date}/{file}")
    tag = f'"{found.sha256[:32]}"' if found.sha256 else etag(found.path.read_bytes())
    headers = {"ETag": tag, "Cache-Control": IMMUTABLE}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return FileResponse(found.path, headers=headers, media_type=found.media_type, filename=file)
