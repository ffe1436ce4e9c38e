"""Certifications with the objects that they speak of, and the requests that they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.certification_requests import REQUESTS
from projections.certifications import CERTIFICATIONS, OBJECTS
from projections.queries.base import API, Kind, Listing, find, listing, rows_where

if TYPE_CHECKING:
    from projections.queries.base import Filters, Object, Reader, Window

CERTIFICATION = Kind("certification", "certifications", CERTIFICATIONS)
REQUEST = Kind("certification-request", "certification-requests", REQUESTS, day="received_on")


def certification(cursor: Reader, key: str) -> Object | None:
    """Return a certification `body/year/number` with its objects, None where there is none."""
    found = find(cursor, CERTIFICATION, key)
    return None if found is None else _with_objects(cursor, [found])[0]


def certifications(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of certifications, each with its objects."""
    found = listing(cursor, CERTIFICATION, filters, window)
    return Listing(_with_objects(cursor, found.data), found.following)


def of_object(cursor: Reader, stream: str) -> list[Object]:
    """Return the certifications that speak of an object (its stream), in order."""
    keys = [row["certification"] for row in rows_where(cursor, OBJECTS, "object", stream, ["entry_index"])]
    found = [certification(cursor, key) for key in dict.fromkeys(keys)]
    return [each for each in found if each is not None]


def request(cursor: Reader, key: str) -> Object | None:
    """Return a request for certification `body/year/number` with the certificates that were issued out of it."""
    found = find(cursor, REQUEST, key)
    return None if found is None else _with_certificates(cursor, [found])[0]


def requests(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of requests for certification, each with its certificates."""
    found = listing(cursor, REQUEST, filters, window)
    return Listing(_with_certificates(cursor, found.data), found.following)


def _with_certificates(cursor: Reader, found: list[Object]) -> list[Object]:
    rows = rows_where(cursor, CERTIFICATIONS, "request", [each["key"] for each in found], ["created_index"])
    for each in found:
        each["certificates"] = [
            {"id": f"{API}/certifications/{row['id']}", "phase": row["phase"]}
            for row in rows
            if row["request"] == each["key"]
        ]
    return found


def _with_objects(cursor: Reader, found: list[Object]) -> list[Object]:
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
        each["links"]["verification"] = f"{API}/certifications/{each['key']}/verification"
        if "request" in each:
            each["links"]["request"] = f"{API}/certification-requests/{each['request']}"
    return found
