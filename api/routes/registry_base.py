"""What all routes over registries share: which part of a list is asked for, read-your-writes, and the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Path, Query, Request
from pydantic import AwareDatetime

from api.addresses import base_of
from api.banner import NOTICE
from api.etags import cached
from api.exports import jsonld, tabular
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.pagination import Page, envelope, page_of
from api.problems import ApiError, dumps, not_found
from api.system import System, system_of
from ledger.clock import MEXICO_CITY
from ledger.crypto.b64 import encode_base64
from ledger.texts import text
from projections.queries.base import Filters, Listing, Object, Place, Window, reading
from projections.queries.moment import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fastapi.responses import Response

    from projections.queries.base import Reader

MAX_WAIT_S = 5.0
"""How long a reader may wait for the registries to reach a position."""
MAX_INDEX = 2**53 - 1
SLUG = r"^[a-z0-9][a-z0-9._-]{0,63}$"
TAG = "registros"

AsOf = Annotated[
    date | None,
    Query(
        description=(
            "El día de la pregunta: lo que ocurrió o surtió efectos hasta su término. / "
            "The day of the question: what occurred or took effect by its end."
        )
    ),
]
KnownOn = Annotated[
    date | None,
    Query(
        description=(
            "Según lo registrado hasta el término de ese día, hora del centro de México. / "
            "As recorded by the end of that day, central Mexico."
        )
    ),
]
KnownAt = Annotated[
    int | None,
    Query(
        ge=0,
        le=MAX_INDEX,
        description=(
            "Según los actos hasta este índice, en vez de `known_on`. / "
            "As known by the acts up to this index, instead of `known_on`."
        ),
    ),
]
On = Annotated[
    date | None,
    Query(
        description=(
            "Otro nombre de `as_of` en lo que se calcula a una fecha; sin ninguno, hoy. / "
            "Another name of `as_of` where a day is needed; without either, today."
        )
    ),
]
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
SESSION_PATH = "/{body}/{year}/{series}/{session}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a part of a list, once the registries are where it wants them."""

    request: Request
    system: System
    page: Page
    window: Window
    bounds: Filters
    moment: Moment
    form: tabular.Form | None = None

    def filters(self, equal: Mapping[str, str | int | None], computed: Mapping[str, object] | None = None) -> Filters:
        """Return the bounds together with the list's own filters."""
        return replace(self.bounds, equal=equal, computed=computed or {})

    def answer(self, read: Callable[[Reader], Listing | None], what: str = "") -> Response:
        """Return the list that `read` gives.

        Raises:
            ApiError: 404 where it gives none.
        """
        with reading(self.system.store.pool, self.moment) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        if self.form is not None:
            return self._table(found, cursor)
        rows = [_noted(each) for each in found.data]
        body = envelope(self.request, rows, self.page, found.following) | found.about | _rests_on(self.system, cursor)
        return cached(self.request, dumps(body), "application/json")

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


@dataclass(frozen=True, slots=True)
class AskedOne:
    """A request for one object, once the registries are where it wants them."""

    request: Request
    system: System
    moment: Moment

    def answer(self, read: Callable[[Reader], Object | None], what: str) -> Response:
        """Return the object that `read` gives.

        Raises:
            ApiError: 404 where it gives none.
        """
        with reading(self.system.store.pool, self.moment) as cursor:
            found = read(cursor)
        if found is None:
            raise not_found(what)
        body = _noted(found) | _rests_on(self.system, cursor)
        vary = {"Vary": "Accept"}
        if jsonld.MEDIA_TYPE in self.request.headers.get("accept", ""):
            base = base_of(self.request, self.system.settings)
            told = jsonld.represent(found, self.system.ledger.origin, base, fictitious=self.system.fictitious)
            if told is not None:
                return cached(self.request, dumps(told), jsonld.MEDIA_TYPE, headers=vary)
        return cached(self.request, dumps(body), "application/json", headers=vary)


def _rests_on(system: System, cursor: Reader) -> Object:
    """Say on what an answer rests (domain.md §3.0, G7): how many entries, the head of their tree, the day asked for."""
    moment = cursor.moment
    told: Object = {
        "as_of_position": cursor.position,
        "tree_head": {"size": cursor.position, "root": encode_base64(system.tree_root(cursor.position))},
    }
    if moment.as_of is not None:
        told["as_of"] = moment.as_of.isoformat()
    if moment.known_on is not None:
        told["known_on"] = moment.known_on.isoformat()
    return {"moment": told}


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


def ask_one(request: Request, moment: Asking) -> AskedOne:
    """Read what an object's request asks."""
    return AskedOne(request, system_of(request), moment)


def ask_part(
    request: Request,
    moment: Asking,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
    form: Annotated[tabular.Form | None, Depends(tabular.ask_form)] = None,
) -> Asked:
    """Read which part of a list without filters is asked for; as a table, all of it."""
    page = page_of(cursor, limit)
    window = Window(place_of(page), page.limit)
    if form is not None:
        tabular.dataset_of(request)  # refused before anything is read
        window = Window(limit=tabular.MAX_ROWS)
    return Asked(request, system_of(request), page, window, Filters(), moment, form)


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
