"""GET requests for certification, and the board of oversight requirements as of a day."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.routes.resources import BODY, YEAR, Filter, Resource, among, computed, router_of
from ledger.acts.oversight import Authority
from ledger.acts.petition import Petitioner
from ledger.domain.request import Phase
from projections.queries import certifications, requirements

_MATTER = Annotated[str | None, Query(pattern=r"^(requirement|access)(/[a-z0-9][a-z0-9._-]*){1,6}$", max_length=200)]
_ONE = "/{body}/{year}/{number}"
RESOURCES = (
    Resource(
        certifications.REQUEST,
        _ONE,
        (
            "Solicitudes de certificación / Requests",
            ("Requests for certification in the order of their receipt, each with the certificates issued out of it."),
        ),
        (
            "Una solicitud / A request",
            (
                "A request: who of which kind asked for what, who compiled it, who reviewed it; names as far as they "
                "are open."
            ),
        ),
        (
            BODY,
            YEAR,
            among("petitioner", Petitioner),
            among("status", Phase, "phase"),
            Filter("matter", _MATTER, "matter"),
        ),
    ),
    Resource(
        requirements.REQUIREMENT,
        _ONE,
        (
            "Requerimientos de fiscalización / Requirements",
            "Oversight requirements as they were on a day: pending, overdue, answered, answered late, closed.",
        ),
        (
            "Un requerimiento / A requirement",
            "A requirement as it was on a day, with its bundles, its findings and the requests that belong to it.",
        ),
        (BODY, YEAR, among("authority", Authority), computed("status", requirements.Status)),
    ),
    Resource(
        requirements.FINDING,
        _ONE + "/findings/{finding}",
        one=(
            "Una observación / A finding",
            "A finding of the audit, the acts that it speaks of, and what became of it.",
        ),
    ),
)
router = router_of(*RESOURCES)
