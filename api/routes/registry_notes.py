"""GET notes that a source keeps beside its rolls: late and changed votes, late arrivals."""

from __future__ import annotations

from typing import Literal

from api.routes.registry_base import SESSION_PATH
from api.routes.resources import BODY, SESSION, VOTE, YEAR, Resource, among, router_of
from projections.queries import notes

RESOURCES = (
    Resource(
        notes.NOTE,
        SESSION_PATH + "/{note}",
        (
            "Notas de la fuente / Notes",
            "Notes beside imported rolls, in the order in which they entered the ledger.",
        ),
        (
            "Una nota / A note",
            "A note: whose mark it corrects and how; the roll that it corrects stays as it was published.",
        ),
        (BODY, YEAR, SESSION, VOTE, among("about", Literal["vote", "attendance"])),
    ),
)
router = router_of(*RESOURCES)
