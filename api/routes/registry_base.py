"""What all routes over registries share: which part of a list is asked for, read-your-writes, and the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AwareDatetime

from api.etags import cached
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.pagination import Page, envelope, page_of
from api.problems import ApiError, dumps, not_found
from api.system import System, system_of
from ledger.texts import text
from projections.queries.base import Filters, Listing, Object, Place, Window, reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi.responses import Response

    from projections.queries.base import Reader

MAX_WAIT_S = 5.0
"""How long a reader may wait for the registries to reach a position."""
MAX_INDEX = 2**53 - 1
SLUG = r"^[a-z0-9][a-z0-9._-]{0,63}$"
TAG = "registros"

WaitUntil = Annotated[
    int | None,
    Query(
        ge=0,
        le=MAX_INDEX,
        description=(
            "Índice de un acto: se responde cuando los registros ya lo muestran. / "
            f"Index of an act: the answer waits until registries show it, at most {MAX_WAIT_S:.0f} s."
        ),
    ),
]
SlugFilter = Annotated[str | None, Query(pattern=SLUG)]
YearFilter = Annotated[int | None, Query(ge=1800, le=2999)]
SessionFilter = Annotated[
    str | None, Query(pattern=r"^[a-z0-9._-]{1,64}/[0-9]{4}/[a-z0-9._-]{1,64}/[0-9]{1,6}$", examples=["hcd/2026/ord/1"])
]
Body = Annotated[str, Path(pattern=SLUG, examples=["hcd"])]
Year = Annotated[int, Path(ge=1800, le=2999, examples=[2026])]
Number = Annotated[int, Path(ge=1, le=999_999, examples=[1])]
SESSION_PATH = "/{body}/{year}/{series}/{session}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a part of a list, once the registries are where it wants them."""

    request: Request
    system: System
    page: Page
    window: Window
    bounds: Filters

    def filters(self, equal: Mapping[str, str | int | None]) -> Filters:
        """Return the bounds together with the list's own filters."""
        return replace(self.bounds, equal=equal)

    def answer(self, read: Callable[[Reader], Listing | None], what: str = "") -> Response:
        """Return the list that `read` gives.

        Raises:
            ApiError: 404 where it gives none.
        """
        with reading(self.system.store.pool) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        rows = [_noted(each) for each in found.data]
        body = envelope(self.request, rows, self.page, found.following)
        return cached(self.request, dumps(body), "application/json")


@dataclass(frozen=True, slots=True)
class AskedOne:
    """A request for one object, once the registries are where it wants them."""

    request: Request
    system: System

    def answer(self, read: Callable[[Reader], Object | None], what: str) -> Response:
        """Return the object that `read` gives.

        Raises:
            ApiError: 404 where it gives none.
        """
        with reading(self.system.store.pool) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        return cached(self.request, dumps(_noted(found)), "application/json")


def _noted(found: Object) -> Object:
    """Say of everything imported that it is proved since its import and not at origin (format.md §3)."""
    if found.get("provenance") != "imported":
        return found
    return {
        **found,
        "provenance_text": text("provenance-imported"),
        "provenance_text_en": text("provenance-imported", "en"),
    }


# -- dependencies --------------------------------------------------------------------------------------------------


def wait(system: System, index: int | None) -> None:
    """Wait until the registries show the act at an index.

    Raises:
        ApiError: 409 "not-projected" when they do not get there in time, at once for an index that the ledger does not
            have yet; nothing is wrong with asking again.
    """
    if index is None:
        return
    if index >= system.size() or not system.progress.wait_until(index + 1, MAX_WAIT_S):
        raise ApiError(409, "not-projected", f"index {index}", index=index)


def ask_one(request: Request, wait_until: WaitUntil = None) -> AskedOne:
    """Read what an object's request asks."""
    system = system_of(request)
    wait(system, wait_until)
    return AskedOne(request, system)


def ask_part(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    wait_until: WaitUntil = None,
) -> Asked:
    """Read which part of a list without filters is asked for."""
    system, page = system_of(request), page_of(cursor, limit)
    wait(system, wait_until)
    return Asked(request, system, page, Window(_place(page), page.limit), Filters())


def _place(page: Page) -> Place | None:
    match page.after:
        case None:
            return None
        case (int(index), str(key)):
            return index, key
        case _:
            raise ApiError(400, "bad-cursor")


def ask_list(
    asked: Annotated[Asked, Depends(ask_part)],
    created_since: AwareDatetime | None = None,
    created_until: AwareDatetime | None = None,
    modified_since: AwareDatetime | None = None,
    modified_until: AwareDatetime | None = None,
) -> Asked:
    """Read which part of a list is asked for, with the bounds that every list has."""
    bounds = Filters(
        created_since=created_since,
        created_until=created_until,
        modified_since=modified_since,
        modified_until=modified_until,
    )
    return replace(asked, bounds=bounds)


def ask_dated(
    asked: Annotated[Asked, Depends(ask_list)], date_from: date | None = None, date_to: date | None = None
) -> Asked:
    """Read which part of a list of things that have a day is asked for."""
    return replace(asked, bounds=replace(asked.bounds, date_from=date_from, date_to=date_to))


def session_key(
    body: Body, year: Year, series: Annotated[str, Path(pattern=SLUG, examples=["ord"])], session: Number
) -> str:
    """Return the key of the session that the address names: `hcd/2026/ord/3`."""
    return f"{body}/{year}/{series}/{session}"


def vote_key(session: Annotated[str, Depends(session_key)], vote: Number) -> str:
    """Return the key of the vote that the address names: `hcd/2026/ord/3/2`."""
    return f"{session}/{vote}"


SessionKey = Annotated[str, Depends(session_key)]
VoteKey = Annotated[str, Depends(vote_key)]
One = Annotated[AskedOne, Depends(ask_one)]
Part = Annotated[Asked, Depends(ask_part)]
Listed = Annotated[Asked, Depends(ask_list)]
Dated = Annotated[Asked, Depends(ask_dated)]
