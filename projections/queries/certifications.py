"""Certifications with the objects that they speak of, and the requests that they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.certification_requests import REQUESTS
from projections.certifications import CERTIFICATIONS, OBJECTS
from projections.queries.base import API, Kind, rows_where, shown

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _with_certificates(cursor: Reader, rows: list[Row]) -> list[Object]:
    found = shown(cursor, REQUEST, rows)
    rows = rows_where(cursor, CERTIFICATIONS, "request", [each["key"] for each in found], ["created_index"])
    for each in found:
        each["certificates"] = [
            {"id": f"{API}/certifications/{row['id']}", "phase": row["phase"]}
            for row in rows
            if row["request"] == each["key"]
        ]
    return found


def _with_objects(cursor: Reader, rows: list[Row]) -> list[Object]:
    found = shown(cursor, CERTIFICATION, rows)
    rows = rows_where(cursor, OBJECTS, "certification", [each["key"] for each in found], ["certification", "ordinal"])
    for each in found:
        each["objects"] = [
            {
                "stream": row["object"],
                "index": row["entry_index"],
                "statement": row["statement"],
                "marks": row["marks"],
                "by": row["made_by"],
                **{name: row[name] for name in ("root", "folios") if row[name] is not None},
            }
            for row in rows
            if row["certification"] == each["key"]
        ]
    return found


CERTIFICATION = Kind(
    "certification",
    "certifications",
    CERTIFICATIONS,
    links={"verification": "certifications/{id}/verification", "request": "certification-requests/{request}"},
    tell=_with_objects,
    adds=("objects",),
)
REQUEST = Kind(
    "certification-request",
    "certification-requests",
    REQUESTS,
    day="received_on",
    tell=_with_certificates,
    adds=("certificates",),
)
