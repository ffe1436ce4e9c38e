"""Actas received from other bodies with their incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.queries.base import Kind, find, rows_where, show, texts_of
from projections.received import INCIDENTS, RECEIVED

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

RECEIVED_ACTA = Kind("received-acta", "received-actas", RECEIVED, day="held_on")
INCIDENT = Kind("acta-incident", "received-actas", INCIDENTS)  # addressed below their acta


def received(cursor: Reader, key: str) -> Object | None:
    """Return a received acta `body/number` with its incidents in order, None where there is none."""
    found = find(cursor, RECEIVED_ACTA, key)
    if found is not None:
        found["incident_list"] = _incidents(cursor, "received", key)
    return found


def incident(cursor: Reader, key: str) -> Object | None:
    """Return an incident `body/number/n`, None where there is none."""
    found = _incidents(cursor, "id", key)
    return found[0] if found else None


def _incidents(cursor: Reader, column: str, value: str) -> list[Object]:
    rows = rows_where(cursor, INCIDENTS, column, value, ["incident"])
    texts = texts_of(cursor, rows)
    return [show(INCIDENT, row, texts, f"received-actas/{row['received']}/incidents/{row['incident']}") for row in rows]
