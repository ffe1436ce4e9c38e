"""Actas received from other bodies with their incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import Kind, below
from projections.received import INCIDENTS, RECEIVED

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the incidents of a received acta in order."""
    return found | {"incident_list": below(cursor, INCIDENT, "received", row["id"], ["incident"])}


RECEIVED_ACTA = Kind(
    "received-acta",
    "received-actas",
    RECEIVED,
    day="held_on",
    whole=_whole,
    adds=("incident_list",),
)
INCIDENT = Kind("acta-incident", "received-actas", INCIDENTS, address="received-actas/{received}/incidents/{incident}")
