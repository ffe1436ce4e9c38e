"""GET what members say beside a vote: objections, votos particulares, conflicts that came to light later."""

from __future__ import annotations

from typing import Literal

from api.routes.registry_base import SESSION_PATH
from api.routes.resources import BODY, SESSION, VOTE, YEAR, Resource, among, router_of, slug
from projections.queries import positions

_ONE = SESSION_PATH + "/{vote}/{seat}"
_BESIDE = (BODY, YEAR, SESSION, VOTE, slug("seat"))
RESOURCES = (
    Resource(
        positions.OBJECTION,
        _ONE,
        (
            "Objeciones / Objections",
            "Objections to a consensus in the order in which they were raised, with whether they stand.",
        ),
        (
            "Una objeción / An objection",
            (
                "An objection, in the member's own voice or as the secretary attests; its grounds as far as they are "
                "open."
            ),
        ),
        (*_BESIDE, among("status", Literal["standing", "withdrawn"])),
    ),
    Resource(
        positions.DISSENT,
        _ONE,
        (
            "Votos particulares / Dissents",
            "Votos particulares, concurring and reasoned votes in the order in which they were filed.",
        ),
        (
            "Un voto particular / A dissent",
            "What a member filed beside a declared vote; its text as far as it is open.",
        ),
        (*_BESIDE, among("form", Literal["particular", "concurring", "reasoned"])),
    ),
    Resource(
        positions.CONFLICT,
        _ONE,
        (
            "Conflictos de interés / Conflicts of interest",
            "Conflicts that came to light after a vote, which stands; dates are those of their discovery.",
        ),
        (
            "Un conflicto de interés / A conflict of interest",
            "A conflict of a member who had voted; its grounds as far as they are open.",
        ),
        _BESIDE,
    ),
)
router = router_of(*RESOURCES)
