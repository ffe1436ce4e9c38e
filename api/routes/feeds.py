"""Feeds and calendars: Atom of agreements, sessions, searches, checkpoints; iCalendar of sessions (product.md §3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api import notices
from api.addresses import base_of, permanent
from api.banner import NOTICE
from api.etags import cached
from api.exports import atom, ical
from api.limits import DEFAULT_PAGE, MAX_CURSOR_CHARS, MAX_PAGE
from api.pagination import Page, envelope, page_of
from api.problems import ApiError, not_found
from api.routes import openapi
from api.routes.registry_base import Body, place_of
from api.routes.registry_search import Wanted
from api.system import System, system_of
from ledger.errors import UntrustedInputError
from ledger.statement import Entry
from ledger.texts import text
from projections.queries.agreements import AGREEMENT
from projections.queries.announced import announced, names_of
from projections.queries.base import Filters, Window, listing, reading
from projections.queries.search import search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.queries.base import Reader

router = APIRouter(tags=["avisos"])
ATOM = f"{atom.MEDIA_TYPE}; charset=utf-8"
CALENDAR = f"{ical.MEDIA_TYPE}; charset=utf-8"
PAST_DAYS = 365
"""How far back a calendar goes that is not asked for dates."""
MAX_EVENTS = 5_000
MAX_NUMBER = 2**53 - 1
UNFOUNDED = "1970-01-01T00:00:00.000000Z"
"""When a feed of nothing was updated; the standard wants an instant."""
_ATOM = openapi.bytes_answer(atom.MEDIA_TYPE)
_CALENDAR = openapi.bytes_answer(ical.MEDIA_TYPE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a page of a feed."""

    request: Request
    system: System
    page: Page
    base: str

    @property
    def window(self) -> Window:
        """The page as a part of a registry's list, the newest first."""
        return Window(place_of(self.page), self.page.limit, newest_first=True)

    def answer(
        self,
        name: str,
        titles: tuple[str, ...],
        entries: Sequence[atom.Entry],
        following: Sequence[str | int] | None,
    ) -> Response:
        """Return the page.

        Args:
            name: What the feed's permanent identifier ends with, the same for all pages.
            titles: Of the feed, and what else is to be said of it.
            entries: Of the page.
            following: The last one's place where more follow.
        """
        links = envelope(self.request, (), self.page, following)["links"]
        origin, (title, *about) = self.system.ledger.origin, titles
        about = [NOTICE, *about] if self.system.fictitious else about
        feed = atom.Feed(
            permanent(origin, name),
            title,
            origin,
            founded_at(self.system),
            tuple(atom.Link(rel, self.base + href, atom.MEDIA_TYPE) for rel, href in links.items()),
            tuple(entries),
            subtitle=". ".join(about) or None,
        )
        return cached(self.request, atom.write(feed), ATOM)


def founded_at(system: System) -> str:
    """Return when the first entry was recorded."""
    try:
        return next((Entry.parse(raw).recorded_at for raw in system.entries(0, 1)), UNFOUNDED)
    except UntrustedInputError:
        return UNFOUNDED


def ask(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=MAX_CURSOR_CHARS)] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = DEFAULT_PAGE,
) -> Asked:
    """Read which page is asked for."""
    system = system_of(request)
    return Asked(request, system, page_of(cursor, limit), base_of(request, system.settings))


Paged = Annotated[Asked, Depends(ask)]


def named(cursor: Reader, code: str, body: str | None) -> str:
    """Return the title of a feed or calendar, with the body's name where it is of one.

    Raises:
        ApiError: 404 where there is no such body.
    """
    if body is None:
        return text(code)
    names = names_of(cursor, {body})
    if body not in names:
        raise not_found(f"bodies/{body}")
    return text(f"{code}-of", body=names[body])


# -- agreements and sessions ---------------------------------------------------------------------------------------


@router.get("/feeds/acuerdos.atom", summary="Acuerdos / Agreements", responses=_ATOM)
def agreements_feed(asked: Paged) -> Response:
    """Atom: agreements, the last recorded first, with what is published of them; `rel=next` leads to older ones."""
    return _agreements(asked, None)


@router.get("/feeds/{body}/acuerdos.atom", summary="Acuerdos de un órgano / Of a body", responses=_ATOM)
def agreements_feed_of(asked: Paged, body: Body) -> Response:
    """Atom: a body's agreements."""
    return _agreements(asked, body)


def _agreements(asked: Asked, body: str | None) -> Response:
    origin = asked.system.ledger.origin
    with reading(asked.system.store.pool) as cursor:
        title = named(cursor, "feed-agreements", body)
        found = listing(cursor, AGREEMENT, Filters({"body": body}), asked.window)
    entries = [notices.agreement_entry(each, origin, asked.base) for each in found.data]
    return asked.answer(_name("acuerdos", body), (title,), entries, found.following)


@router.get("/feeds/sesiones.atom", summary="Sesiones / Sessions", responses=_ATOM)
def sessions_feed(asked: Paged) -> Response:
    """Atom: sessions, the last convened first; an entry's `updated` is its session's last act."""
    return _sessions(asked, None)


@router.get("/feeds/{body}/sesiones.atom", summary="Sesiones de un órgano / Of a body", responses=_ATOM)
def sessions_feed_of(asked: Paged, body: Body) -> Response:
    """Atom: a body's sessions."""
    return _sessions(asked, body)


def _sessions(asked: Asked, body: str | None) -> Response:
    origin = asked.system.ledger.origin
    with reading(asked.system.store.pool) as cursor:
        title = named(cursor, "feed-sessions", body)
        found, following = announced(cursor, Filters({"body": body}), asked.window)
    entries = [notices.session_entry(each, origin, asked.base) for each in found]
    return asked.answer(_name("sesiones", body), (title,), entries, following)


def _name(kind: str, body: str | None) -> str:
    return f"feeds/{kind}" if body is None else f"feeds/{body}/{kind}"


# -- searches ------------------------------------------------------------------------------------------------------


@router.get("/feeds/busqueda.atom", summary="Una búsqueda / A search", responses=_ATOM)
def search_feed(asked: Paged, wanted: Wanted) -> Response:
    """Atom: what a search finds, the last recorded first, with the same parameters as `/api/v1/search`: subscribe."""
    origin = asked.system.ledger.origin
    with reading(asked.system.store.pool) as cursor:
        found = search(cursor, wanted, Window(place_of(asked.page), asked.page.limit), counting=False)
        names = names_of(cursor, {each["body"] for each in found.data})
    entries = [notices.found_entry(each, str(names.get(each["body"], "")), origin, asked.base) for each in found.data]
    own = [pair for pair in asked.request.query_params.multi_items() if pair[0] not in {"cursor", "limit"}]
    told = found.about["search"].get("note")
    titles = (text("feed-search", q=wanted.q), *([told] if told else []))
    return asked.answer(f"feeds/busqueda?{urlencode(sorted(own))}", titles, entries, found.following)


# -- checkpoints ---------------------------------------------------------------------------------------------------


@router.get("/log/heads.atom", summary="Puntos de control / Checkpoints", responses=_ATOM)
def heads_feed(asked: Paged) -> Response:
    """Atom: published checkpoints, the newest first, each note as it was signed. Whoever keeps them needs no trust."""
    system, before = asked.system, MAX_NUMBER
    if asked.page.after is not None:
        last = asked.page.after[0]
        if len(asked.page.after) != 1 or not isinstance(last, int):
            raise ApiError(400, "bad-cursor")
        before = last
    heads = system.log.published_heads(before, asked.page.limit + 1)
    shown, origin = heads[: asked.page.limit], system.ledger.origin
    otherwise = founded_at(system)
    entries = [notices.head_entry(head, origin, asked.base, otherwise) for head in shown]
    following = (shown[-1].number,) if len(heads) > len(shown) else None
    titles = (text("feed-heads", origin=origin), text("feed-heads-why"))
    return asked.answer("log/heads", titles, entries, following)


# -- calendars -----------------------------------------------------------------------------------------------------

Day = Annotated[date | None, Query()]


@router.get("/feeds/sesiones.ics", summary="Calendario / Calendar", responses=_CALENDAR)
def calendar(request: Request, date_from: Day = None, date_to: Day = None) -> Response:
    """iCalendar: all sessions of the last year and to come, or of the dates asked for."""
    return _calendar(request, None, date_from, date_to)


@router.get("/feeds/{body}/sesiones.ics", summary="Calendario de un órgano / Of a body", responses=_CALENDAR)
def calendar_of(request: Request, body: Body, date_from: Day = None, date_to: Day = None) -> Response:
    """iCalendar: a body's sessions. A rectified convocation is the same event with a higher SEQUENCE."""
    return _calendar(request, body, date_from, date_to)


def _calendar(request: Request, body: str | None, since: date | None, until: date | None) -> Response:
    system = system_of(request)
    origin, base = system.ledger.origin, base_of(request, system.settings)
    about = text("feed-calendar-window", days=PAST_DAYS)
    if since is None and until is None:
        since = date.fromisoformat(system.written_now()[:10]) - timedelta(days=PAST_DAYS)
    filters = Filters({"body": body}, date_from=since, date_to=until)
    with reading(system.store.pool) as cursor:
        name = named(cursor, "feed-sessions", body)
        found, following = announced(cursor, filters, Window(limit=MAX_EVENTS))
    if following is not None:
        raise ApiError(422, "too-many-events", limit=MAX_EVENTS)
    told = f"{NOTICE}. {about}" if system.fictitious else about
    events = [notices.session_event(each, origin, base) for each in found]
    headers = {"Content-Disposition": f'inline; filename="sesiones{"" if body is None else "-" + body}.ics"'}
    return cached(request, ical.write(name, told, events), CALENDAR, headers=headers)
