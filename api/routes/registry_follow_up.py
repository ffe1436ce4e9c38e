"""GET the follow-up board and units as of a day; captures, oficios, gazettes and the chronological index."""

from __future__ import annotations

from api.routes.registry_base import SlugFilter
from api.routes.resources import BODY, YEAR, Filter, Resource, computed, router_of
from projections.queries import follow_up, units

_AGREEMENT = "/{body}/{year}/{number}"
_OF_AGREEMENTS = (BODY, YEAR)
RESOURCES = (
    Resource(
        follow_up.RESOLUTION,
        _AGREEMENT + "/{resolution}",
        (
            "Tablero de seguimiento / Follow-up board",
            "Resolutivos in follow-up as they were on a day: status, due days, amounts, who answers for them.",
        ),
        ("Un resolutivo / One", "A resolutivo as it was on a day, with its steps up to then."),
        (BODY, YEAR, Filter("unit", SlugFilter, None), computed("status", follow_up.Status)),
    ),
    Resource(
        units.UNIT,
        "/{unit}",
        (
            "Unidades administrativas / Units",
            "Units in the order in which they entered the ledger, each as it was on a day.",
        ),
        ("Una unidad / A unit", "A unit as it was on a day, and every version of it."),
    ),
    Resource(
        follow_up.CAPTURE,
        _AGREEMENT,
        ("Capturas (SICA) / Captures", "Captures with their reviews."),
        (
            "Una captura / A capture",
            "What each resolutivo of an agreement does, who captured it, who reviewed it.",
        ),
        _OF_AGREEMENTS,
    ),
    Resource(
        follow_up.COMMUNICATION,
        _AGREEMENT,
        (
            "Oficios de comunicación / Oficios",
            ("Agreements whose communication is authorised, with their oficios and how many lack an acknowledgement."),
        ),
        ("Los de un acuerdo / Those of one", "The oficios of an agreement."),
        _OF_AGREEMENTS,
    ),
    Resource(
        follow_up.GAZETTE,
        _AGREEMENT,
        ("Publicaciones oficiales / Gazettes", "Agreements that a gazette printed."),
        ("Las de un acuerdo / Of one", "Where and when an agreement was printed, and from when on it binds."),
        _OF_AGREEMENTS,
    ),
    Resource(
        follow_up.FILING,
        _AGREEMENT,
        (
            "Índice cronológico / Chronological index",
            "Agreements as filed: of a body and year in order and without gaps.",
        ),
        ("Un lugar en él / A place in it", "Under which documentary series an agreement is filed."),
        _OF_AGREEMENTS,
    ),
)
router = router_of(*RESOURCES)
