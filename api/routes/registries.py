"""GET over the registries (product.md §3.1): what the acts say, as lists and objects.

Nothing here is evidence; each object says where in the log its evidence is.

Lists: `{data, pagination, links}`, in the order of the log, opaque cursor. Every answer has an ETag. `wait_until` makes
an answer wait until the registries show an act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from api.routes import (
    registry_boards,
    registry_bodies,
    registry_books,
    registry_calendars,
    registry_cases,
    registry_certifications,
    registry_follow_up,
    registry_notes,
    registry_positions,
    registry_records,
    registry_search,
    registry_seating,
    registry_sessions,
    registry_timeline,
    registry_transparency,
)

if TYPE_CHECKING:
    from api.routes.resources import Resource

PARTS = (
    registry_bodies,
    registry_seating,
    registry_sessions,
    registry_records,
    registry_books,
    registry_follow_up,
    registry_cases,
    registry_notes,
    registry_positions,
    registry_calendars,
    registry_certifications,
    registry_transparency,
)
RESOURCES: tuple[Resource, ...] = tuple(each for part in PARTS for each in part.RESOURCES)
router = APIRouter()
for part in (*PARTS, registry_search, registry_timeline, registry_boards):
    router.include_router(part.router)
