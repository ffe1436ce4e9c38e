"""The board of oversight requirements as of a day; that one is overdue is computed and stands nowhere (LFRCF 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from psycopg import sql

from ledger.texts import text
from projections.certification_requests import REQUESTS
from projections.queries.base import API, Kind, Texts, below, plain, rows_where, shown
from projections.requirements import BUNDLES, FINDINGS, REQUIREMENTS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Object, Reader

Status: TypeAlias = Literal["pending", "overdue", "answered", "answered-late", "closed"]


def status_on(row: Row, on: date) -> Status:
    """Return what a requirement is on a day; the due day itself still counts (LFPA 38)."""
    answered, closed = row["answered_on"], row["closed_on"]
    if closed is not None and closed <= on:
        return "closed"
    if answered is not None and answered <= on:
        return "answered-late" if answered > row["due_on"] else "answered"
    return "overdue" if row["due_on"] < on else "pending"


def _received(cursor: Reader, on: date) -> sql.Composable:
    return sql.SQL("{} <= {}").format(cursor.column(REQUIREMENTS, "received_on"), sql.Literal(on))


def _of_status(_cursor: Reader, rows: list[Row], status: Status, on: date) -> list[Row]:
    return [row for row in rows if status_on(row, on) == status]


def _told(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    return [_as_of(row, one, on) for row, one in zip(rows, shown(cursor, REQUIREMENT, rows), strict=True)]


def _as_of(row: Row, found: Object, on: date) -> Object:
    for name, day in (("answered_on", row["answered_on"]), ("closed_on", row["closed_on"])):
        if day is None or day > on:
            found.pop(name, None)
    if "answered_on" not in found:
        found |= {"certificates": [], "answer_bundles": []}
        found.pop("oficio", None)
    found["certificates"] = [f"{API}/certifications/{each.partition('/')[2]}" for each in found["certificates"]]
    status = status_on(row, on)
    found |= {"on": on.isoformat(), "status": status}
    found["status_text"] = text(f"oversight-{status}")
    found["status_text_en"] = text(f"oversight-{status}", "en")
    if status == "overdue":
        found["days_overdue"] = (on - row["due_on"]).days
    return found


def _whole(cursor: Reader, row: Row, found: Object, on: date) -> Object:
    """Tell a requirement's bundles up to a day, its findings and the requests that belong to it."""
    key = row["id"]
    bundles = [
        each for each in rows_where(cursor, BUNDLES, "requirement", key, ["bundle"]) if each["exported_on"] <= on
    ]
    texts = Texts(cursor, (each["entry_index"] for each in bundles))
    found["bundle_list"] = [_bundle(each, texts) for each in bundles]
    found["finding_list"] = below(cursor, FINDING, "requirement", key, ["finding"])
    requests = rows_where(cursor, REQUESTS, "matter", f"requirement/{key}", ["created_index"])
    found["requests"] = [f"{API}/certification-requests/{each['id']}" for each in requests]
    return found


def _bundle(row: Row, texts: Texts) -> Object:
    own = {name: plain(value) for name, value in row.items() if name not in {"requirement", "sealed", "entry_index"}}
    index = row["entry_index"]
    shown = {name: texts.show(index, name) for name in sorted(row["sealed"])}
    return own | {"index": index, "texts": shown, "links": {"act": f"{API}/acts/{index}"}}


def _findings(cursor: Reader, rows: list[Row]) -> list[Object]:
    told = shown(cursor, FINDING, rows)
    for row, found in zip(rows, told, strict=True):
        found["links"]["acts"] = [f"{API}/acts/{index}" for index in row["acts"]]
    return told


REQUIREMENT = Kind(
    "requirement",
    "requirements",
    REQUIREMENTS,
    day="due_on",
    asks=("on",),
    begun=_received,
    computed={"status": _of_status},
    tell=_told,
    whole=_whole,
    adds=("on", "status", "status_text", "status_text_en", "days_overdue", "bundle_list", "finding_list", "requests"),
)
FINDING = Kind(
    "audit-finding",
    "requirements",
    FINDINGS,
    address="requirements/{requirement}/findings/{finding}",
    tell=_findings,
)
