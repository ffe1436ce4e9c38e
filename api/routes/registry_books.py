"""GET the life of actas: circulations, appendices, fe de erratas, books with their folios, actas of other bodies."""

from __future__ import annotations

from api.routes.registry_base import SESSION_PATH
from api.routes.resources import BODY, SESSION_OF_ACTA, YEAR, Resource, router_of, slug, status
from projections.queries import books, circulations, received

RESOURCES = (
    Resource(
        circulations.CIRCULATION,
        SESSION_PATH,
        (
            "Circulación de actas / Circulation of actas",
            "Circulations in the order of their first rounds, each with its deadline and what is pending.",
        ),
        (
            "La circulación de un acta / One",
            "The circulation of a session's acta with every observation and what became of it.",
        ),
        (BODY, YEAR, status("circulated", "approved")),
    ),
    Resource(
        circulations.OBSERVATION,
        SESSION_PATH + "/observations/{observation}",
        one=(
            "Una observación / An observation",
            ("An observation, in the member's own voice or as the secretary attests; its text as far as it is open."),
        ),
    ),
    Resource(
        circulations.APPENDIX,
        SESSION_PATH + "/{appendix}",
        ("Apéndices / Appendices", "Appendices of actas in the order in which they were attached."),
        ("Un apéndice / An appendix", "An appendix with its number of sheets."),
        (BODY, SESSION_OF_ACTA),
    ),
    Resource(
        circulations.ERRATA,
        SESSION_PATH + "/{errata}",
        ("Fe de erratas", "What corrects sealed actas; `session` gives the erratas of that session's acta."),
        (
            "Una fe de erratas / An errata",
            "A fe de erratas, with links to the acta that it corrects and to the vote that approved it.",
        ),
        (BODY, SESSION_OF_ACTA),
    ),
    Resource(
        books.BOOK,
        "/{body}/{year}/{volume}",
        ("Libros / Books", "Books in the order of their opening."),
        (
            "Un libro / A book",
            "A book with its folios in order, those cancelled among them, its loans and its fixity checks.",
        ),
        (BODY, YEAR, status("open", "closed", "formalised", "archived")),
    ),
    Resource(
        received.RECEIVED_ACTA,
        "/{body}/{number}",
        ("Actas recibidas / Received actas", "Actas of other bodies in the order in which they came."),
        ("Un acta recibida / A received acta", "An acta of another body with its checklist and its incidents."),
        (BODY, slug("issuer"), status("received", "checked", "validated")),
    ),
    Resource(
        received.INCIDENT,
        "/{body}/{number}/incidents/{incident}",
        one=("Una incidencia / An incident", "An incident of a received acta: how it was notified and cured."),
    ),
)
router = router_of(*RESOURCES)
