"""What all routes over registries share: which part of a list is asked for, read-your-writes, and the answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AwareDatetime

from api.addresses import base_of
from api.banner import NOTICE
from api.etags import cached, weak_etag
from api.exports import jsonld, tabular
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.objects import names_in, noted, only, refuse_unknown, rests_on, tell_leaves
from api.pagination import Page, envelope, page_of
from api.problems import ApiError, dumps, not_found
from api.routes.parameters import (
    MAX_WAIT_S,
    AsOf,
    Fields,
    KnownAt,
    KnownOn,
    ModifiedSince,
    ModifiedSinceIndex,
    On,
    WaitUntil,
)
from api.system import System, system_of
from ledger.clock import MEXICO_CITY
from projections.queries.base import Filters, Listing, Object, Place, Window, reading
from projections.queries.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fastapi.responses import Response

    from projections.queries.base import Reader

SLUG = r"^[a-z0-9][a-z0-9._-]{0,63}$"
TAG = "registros"

SlugFilter = Annotated[str | None, Query(pattern=SLUG)]
YearFilter = Annotated[int | None, Query(ge=1800, le=2999)]
SessionFilter = Annotated[
    str | None, Query(pattern=r"^[a-z0-9._-]{1,64}/[0-9]{4}/[a-z0-9._-]{1,64}/[0-9]{1,6}$", examples=["hcd/2026/ord/1"])
]
VoteFilter = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z0-9._-]{1,64}/[0-9]{4}/[a-z0-9._-]{1,64}/[0-9]{1,6}/[0-9]{1,6}$", examples=["hcd/2026/ord/1/1"]
    ),
]
Body = Annotated[str, Path(pattern=SLUG, examples=["hcd"])]
Year = Annotated[int, Path(ge=1800, le=2999, examples=[2026])]
Number = Annotated[int, Path(ge=1, le=999_999, examples=[1])]
Series = Annotated[str, Path(pattern=SLUG, examples=["ord"])]
Seat = Annotated[str, Path(pattern=SLUG, examples=["obrero-2"])]
_VARY = {"Vary": "Accept"}
SESSION_PATH = "/{body}/{year}/{series}/{session}"


@dataclass(frozen=True, slots=True)
class AskedOne:
    """A request for one object, once the registries are where it wants them; `fields` of it, all where empty."""

    request: Request
    system: System
    moment: Moment
    fields: tuple[str, ...] = ()

    @property
    def times(self) -> dict[str, date | datetime]:
        """The day and the instant of the question, for what depends on one."""
        return {"on": ask_day(self.request, self.moment), "at": ask_instant(self.request, self.moment)}

    def answer(
        self, read: Callable[[Reader], Object | None], what: str, known: Collection[str] | None = None
    ) -> Response:
        """Return the object that `read` gives; `known` fields it may have, those that it has unless they are given.

        Raises:
            ApiError: 404 where it gives none; 400 "unknown-name" for a field.
        """
        with reading(self.system.store.pool, self.moment) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        if jsonld.MEDIA_TYPE in self.request.headers.get("accept", ""):
            base = base_of(self.request, self.system.settings)
            linked = jsonld.represent(found, self.system.ledger.origin, base, fictitious=self.system.fictitious)
            if linked is not None:
                return cached(self.request, dumps(linked), jsonld.MEDIA_TYPE, headers=_VARY)
        refuse_unknown("fields", self.fields, known or found)
        included = found.pop("included", {})
        tell_leaves(self.system, [found, *included.values()])
        body = only(noted(found), self.fields) | ({"included": included} if included else {})
        return self.said(body, cursor)

    def said(self, body: Object, cursor: Reader) -> Response:
        """Return an answer with on what it rests; its validator is weak, for that moves with every act recorded."""
        tag, whole = weak_etag(dumps(body)), dumps(body | rests_on(self.system, cursor))
        return cached(self.request, whole, "application/json", headers=_VARY, tag=tag)


@dataclass(frozen=True, slots=True)
class Asked(AskedOne):
    """A request for a part of a list, once the registries are where it wants them."""

    page: Page = field(default_factory=lambda: Page(None))
    window: Window = field(default_factory=Window)
    bounds: Filters = field(default_factory=Filters)
    form: tabular.Form | None = None

    def filters(self, equal: Mapping[str, str | int | None], computed: Mapping[str, object] | None = None) -> Filters:
        """Return the bounds together with the list's own filters."""
        return replace(self.bounds, equal=equal, computed=computed or {})

    def listed(
        self, read: Callable[[Reader], Listing | None], what: str = "", known: Collection[str] | None = None
    ) -> Response:
        """Return the list that `read` gives; `known` fields its objects may have, those that they have unless given.

        Raises:
            ApiError: 404 where it gives none; 400 "unknown-name" for a field.
        """
        with reading(self.system.store.pool, self.moment) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        if self.form is not None:
            return self._table(found, cursor)
        if known is None:
            known = {name for each in found.data for name in each} or self.fields
        refuse_unknown("fields", self.fields, known)
        tell_leaves(self.system, [*found.data, *found.about.get("included", {}).values()])
        rows = [only(noted(each), self.fields) for each in found.data]
        body = envelope(self.request, rows, self.page, found.following, found.previous)
        return self.said(body | found.about, cursor)

    def _table(self, found: Listing, cursor: Reader) -> Response:
        """Return a whole list as a table.

        Raises:
            ApiError: 422 "list-too-long"; 406 "list-without-table".
        """
        if found.following is not None:
            raise ApiError(422, "list-too-long", limit=tabular.MAX_ROWS)
        about = [("origin", self.system.ledger.origin), ("tree_size", str(cursor.position))]
        if self.system.fictitious:
            about.insert(0, ("notice", NOTICE))
        assert self.form is not None  # noqa: S101  asked just now
        return tabular.answer(self.request, self.form, found.data, about)


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


def ask_moment(
    request: Request,
    as_of: AsOf = None,
    known_on: KnownOn = None,
    known_at: KnownAt = None,
    wait_until: WaitUntil = None,
) -> Moment:
    """Read the moment that is asked about, once the registries have come to it.

    Raises:
        ApiError: 400 "bad-parameter" for both `known_on` and `known_at`; 409 as `wait`.
    """
    if known_on is not None and known_at is not None:
        raise ApiError(400, "bad-parameter", "known_on, known_at", place="known_at")
    system = system_of(request)
    wait(system, wait_until)
    wait(system, known_at)
    return Moment(as_of, known_at, known_on)


Asking = Annotated[Moment, Depends(ask_moment)]


def ask_day(request: Request, asked: Asking, on: On = None) -> date:
    """Read the day of a question that needs one: `as_of`, or `on` as it is also called; today by the ledger's clock.

    The answer says in `on` which day it was.
    """
    day = on or asked.as_of
    return day if day is not None else system_of(request).store.now().astimezone(MEXICO_CITY).date()


def ask_instant(request: Request, asked: Asking) -> datetime:
    """Read the instant of a question that needs one: the last of the day `as_of`; now where none is given."""
    if asked.as_of is None:
        return system_of(request).store.now().astimezone(MEXICO_CITY)
    return datetime.combine(asked.as_of, time(23, 59, 59), MEXICO_CITY)


def ask_one(request: Request, moment: Asking, fields: Fields = None) -> AskedOne:
    """Read what an object's request asks."""
    return AskedOne(request, system_of(request), moment, names_in("fields", fields))


def ask_part(
    request: Request,
    moment: Asking,
    *,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    form: Annotated[tabular.Form | None, Depends(tabular.ask_form)] = None,
    fields: Fields = None,
) -> Asked:
    """Read which part of a list without filters is asked for; as a table, all of it."""
    page = page_of(cursor, limit)
    window = Window(place_of(page), page.limit)
    if form is not None:
        tabular.dataset_of(request)  # refused before anything is read
        window = Window(limit=tabular.MAX_ROWS)
    asked = Asked(request, system_of(request), moment, names_in("fields", fields), page, window)
    return replace(asked, form=form)


def place_of(page: Page) -> Place | None:
    """Return the place in a registry's list behind which a page begins.

    Raises:
        ApiError: 400 "bad-cursor" for one of another kind of list.
    """
    match page.after:
        case None:
            return None
        case (int(index), str(key)):
            return index, key
        case _:
            raise ApiError(400, "bad-cursor")


def ask_list(
    asked: Annotated[Asked, Depends(ask_part)],
    *,
    created_since: AwareDatetime | None = None,
    created_until: AwareDatetime | None = None,
    modified_since: ModifiedSince = None,
    modified_until: AwareDatetime | None = None,
    modified_since_index: ModifiedSinceIndex = None,
) -> Asked:
    """Read which part of a list is asked for, with the bounds that every list has."""
    bounds = Filters(
        created_since=created_since,
        created_until=created_until,
        modified_since=modified_since,
        modified_until=modified_until,
        modified_since_index=modified_since_index,
    )
    return replace(asked, bounds=bounds)


def ask_dated(
    asked: Annotated[Asked, Depends(ask_list)], date_from: date | None = None, date_to: date | None = None
) -> Asked:
    """Read which part of a list of things that have a day is asked for."""
    return replace(asked, bounds=replace(asked.bounds, date_from=date_from, date_to=date_to))


def session_key(body: Body, year: Year, series: Series, session: Number) -> str:
    """Return the key of the session that the address names: `hcd/2026/ord/3`."""
    return f"{body}/{year}/{series}/{session}"


def vote_key(session: Annotated[str, Depends(session_key)], vote: Number) -> str:
    """Return the key of the vote that the address names: `hcd/2026/ord/3/2`."""
    return f"{session}/{vote}"


Day = Annotated[date, Depends(ask_day)]
Instant = Annotated[datetime, Depends(ask_instant)]
SessionKey = Annotated[str, Depends(session_key)]
VoteKey = Annotated[str, Depends(vote_key)]
One = Annotated[AskedOne, Depends(ask_one)]
Part = Annotated[Asked, Depends(ask_part)]
Listed = Annotated[Asked, Depends(ask_list)]
Dated = Annotated[Asked, Depends(ask_dated)]
