"""GET bodies and their composition, persons, keys and who certified them."""

from __future__ import annotations

from typing import Literal

from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import Body, Day, One
from api.routes.resources import Resource, among, router_of, slug
from projections.queries import bodies, people

RESOURCES = (
    Resource(
        bodies.BODY,
        "/{body}",
        ("Órganos / Bodies", "Bodies in the order in which they were registered."),
        ("Un órgano y sus reglas / A body and its rules", "A body with every version of its rules."),
        (slug("parent"),),
    ),
    Resource(
        people.PERSON,
        "/{person}",
        ("Personas / Persons", "Persons by their random ids; a name is sealed unless an act opened it."),
        ("Una persona y sus llaves / A person and keys", "A person with the keys enrolled for him."),
    ),
    Resource(
        people.KEY,
        "/{keyid}",
        ("Llaves / Keys", "Keys in the order in which they were enrolled."),
        (
            "Una llave / A key",
            "A key: whose it is, from which index it is usable, whether it is revoked or compromised.",
        ),
        (slug("person"), among("status", Literal["enrolled", "usable", "revoked"], "phase")),
    ),
    Resource(
        people.AUTHORITY,
        "/{certificate}",
        (
            "Autoridades certificadoras / Certification authorities",
            "Authorities whose certificates are or were accepted for officers' keys.",
        ),
        (
            "Una autoridad certificadora / A certification authority",
            "An authority: its certificate, who stands above it, from when and until when it is trusted.",
        ),
        (among("status", Literal["trusted", "distrusted"], "phase"),),
    ),
)
router = router_of(*RESOURCES)
_OBJECT = openapi.json_answer("Object")


@router.get("/bodies/{body}/composition", summary="Integración en una fecha / Composition on a day", responses=_OBJECT)
def get_composition(asked: One, body: Body, on: Day) -> Response:
    """The seats that exist on a day (`as_of`; today where absent) and who holds each, as known."""
    return asked.answer(lambda cursor: bodies.composition(cursor, body, on), f"bodies/{body}")
