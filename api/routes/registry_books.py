"""GET the life of actas: circulations, appendices, fe de erratas, books with their folios, actas of other bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    SESSION_PATH,
    TAG,
    Body,
    Dated,
    Listed,
    Number,
    One,
    SessionFilter,
    SessionKey,
    SlugFilter,
    Year,
    YearFilter,
)
from projections.queries import books, circulations, received
from projections.queries.base import find, listing

router = APIRouter(prefix="/api/v1", tags=[TAG])
_PAGE = openapi.json_answer("Page")
_OBJECT = openapi.json_answer("Object")


# -- from draft to approved ------------------------------------------------------------------------------------------


@router.get("/circulations", summary="Circulación de actas / Circulation of actas", responses=_PAGE)
def list_circulations(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["circulated", "approved"] | None, Query()] = None,
) -> Response:
    """Circulations in the order of their first rounds, each with its deadline and what is pending."""
    filters = asked.filters({"body": body, "year": year, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, circulations.CIRCULATION, filters, asked.window))


@router.get("/circulations" + SESSION_PATH, summary="La circulación de un acta / One", responses=_OBJECT)
def get_circulation(asked: One, key: SessionKey) -> Response:
    """The circulation of a session's acta with every observation and what became of it."""
    return asked.answer(lambda cursor: circulations.circulation(cursor, key), f"circulations/{key}")


@router.get(
    "/circulations" + SESSION_PATH + "/observations/{observation}",
    summary="Una observación / An observation",
    responses=_OBJECT,
)
def get_observation(asked: One, key: SessionKey, observation: Number) -> Response:
    """An observation, in the member's own voice or as the secretary attests; its text as far as it is open."""
    row = f"{key}/{observation}"
    return asked.answer(
        lambda cursor: circulations.observation(cursor, row), f"circulations/{key}/observations/{observation}"
    )


@router.get("/appendices", summary="Apéndices / Appendices", responses=_PAGE)
def list_appendices(asked: Listed, body: SlugFilter = None, session: SessionFilter = None) -> Response:
    """Appendices of actas in the order in which they were attached."""
    filters = asked.filters({"body": body, "acta": session})
    return asked.answer(lambda cursor: listing(cursor, circulations.APPENDIX, filters, asked.window))


@router.get("/appendices" + SESSION_PATH + "/{appendix}", summary="Un apéndice / An appendix", responses=_OBJECT)
def get_appendix(asked: One, key: SessionKey, appendix: Number) -> Response:
    """An appendix with its number of sheets."""
    row = f"{key}/{appendix}"
    return asked.answer(lambda cursor: find(cursor, circulations.APPENDIX, row), f"appendices/{row}")


@router.get("/erratas", summary="Fe de erratas", responses=_PAGE)
def list_erratas(asked: Listed, body: SlugFilter = None, session: SessionFilter = None) -> Response:
    """What corrects sealed actas; `session` gives the erratas of that session's acta."""
    filters = asked.filters({"body": body, "acta": session})
    return asked.answer(lambda cursor: circulations.erratas(cursor, filters, asked.window))


@router.get("/erratas" + SESSION_PATH + "/{errata}", summary="Una fe de erratas / An errata", responses=_OBJECT)
def get_errata(asked: One, key: SessionKey, errata: Number) -> Response:
    """A fe de erratas, with links to the acta that it corrects and to the vote that approved it."""
    row = f"{key}/{errata}"
    return asked.answer(lambda cursor: circulations.errata(cursor, row), f"erratas/{row}")


# -- books -----------------------------------------------------------------------------------------------------------


@router.get("/books", summary="Libros / Books", responses=_PAGE)
def list_books(
    asked: Listed,
    body: SlugFilter = None,
    year: YearFilter = None,
    status: Annotated[Literal["open", "closed", "formalised", "archived"] | None, Query()] = None,
) -> Response:
    """Books in the order of their opening."""
    filters = asked.filters({"body": body, "year": year, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, books.BOOK, filters, asked.window))


@router.get("/books/{body}/{year}/{volume}", summary="Un libro / A book", responses=_OBJECT)
def get_book(asked: One, body: Body, year: Year, volume: Number) -> Response:
    """A book with its folios in order, those cancelled among them, its loans and its fixity checks."""
    key = f"{body}/{year}/{volume}"
    return asked.answer(lambda cursor: books.book(cursor, key), f"books/{key}")


# -- actas of other bodies -------------------------------------------------------------------------------------------


@router.get("/received-actas", summary="Actas recibidas / Received actas", responses=_PAGE)
def list_received(
    asked: Dated,
    body: SlugFilter = None,
    issuer: SlugFilter = None,
    status: Annotated[Literal["received", "checked", "validated"] | None, Query()] = None,
) -> Response:
    """Actas of other bodies in the order in which they came."""
    filters = asked.filters({"body": body, "issuer": issuer, "phase": status})
    return asked.answer(lambda cursor: listing(cursor, received.RECEIVED_ACTA, filters, asked.window))


@router.get("/received-actas/{body}/{number}", summary="Un acta recibida / A received acta", responses=_OBJECT)
def get_received(asked: One, body: Body, number: Number) -> Response:
    """An acta of another body with its checklist and its incidents."""
    key = f"{body}/{number}"
    return asked.answer(lambda cursor: received.received(cursor, key), f"received-actas/{key}")


@router.get(
    "/received-actas/{body}/{number}/incidents/{incident}", summary="Una incidencia / An incident", responses=_OBJECT
)
def get_incident(asked: One, body: Body, number: Number, incident: Number) -> Response:
    """An incident of a received acta: how it was notified and cured."""
    row = f"{body}/{number}/{incident}"
    return asked.answer(
        lambda cursor: received.incident(cursor, row), f"received-actas/{body}/{number}/incidents/{incident}"
    )
