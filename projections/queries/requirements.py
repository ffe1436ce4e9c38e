"""The board of oversight requirements as of a day; that one is overdue is computed and stands nowhere (LFRCF 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from ledger.texts import text
from projections.certification_requests import REQUESTS
from projections.queries.base import (
    API,
    Kind,
    Listing,
    Texts,
    Window,
    find_row,
    place_of,
    plain,
    rows_where,
    select,
    show,
    texts_of,
)
from projections.requirements import BUNDLES, FINDINGS, REQUIREMENTS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Filters, Object, Place, Reader

REQUIREMENT = Kind("requirement", "requirements", REQUIREMENTS, day="due_on")
FINDING = Kind("audit-finding", "requirements", FINDINGS)  # addressed below their requirement
Status: TypeAlias = Literal["pending", "overdue", "answered", "answered-late", "closed"]
STATUSES: tuple[Status, ...] = get_args(Status)
MAX_SCAN = 5_000
"""How many requirements a list filtered by a computed status looks through for one page."""


def board(cursor: Reader, filters: Filters, window: Window, on: date, status: Status | None = None) -> Listing:
    """Return a part of the board as of a day; what was received later is not on it.

    Args:
        cursor: On one moment of the registries.
        filters: The list's own.
        window: Which part.
        on: The day of the question.
        status: Only those in that status; None for all.
    """
    found: list[tuple[Row, Object]] = []
    after: Place | None = window.after
    for _ in range(0, MAX_SCAN, window.limit + 1):
        rows, following = select(cursor, REQUIREMENT, filters, Window(after, window.limit + 1))
        texts = texts_of(cursor, rows)
        found += [
            (row, _as_of(row, texts, on))
            for row in rows
            if row["received_on"] <= on and status in (None, status_on(row, on))
        ]
        if len(found) > window.limit:
            kept = found[: window.limit]
            return Listing([shown for _, shown in kept], place_of(kept[-1][0]))
        if following is None:
            return Listing([shown for _, shown in found])
        after = following
    return Listing([shown for _, shown in found], after)


def requirement(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a requirement `body/year/number` as of a day with bundles, findings and the requests that belong to it."""
    row = find_row(cursor, REQUIREMENT, key)
    if row is None or row["received_on"] > on:
        return None
    shown = _as_of(row, texts_of(cursor, [row]), on)
    bundles = [
        each for each in rows_where(cursor, BUNDLES, "requirement", key, ["bundle"]) if each["exported_on"] <= on
    ]
    texts = Texts(cursor, (each["entry_index"] for each in bundles))
    shown["bundle_list"] = [_bundle(each, texts) for each in bundles]
    shown["finding_list"] = _findings(cursor, "requirement", key)
    requests = rows_where(cursor, REQUESTS, "matter", f"requirement/{key}", ["created_index"])
    shown["requests"] = [f"{API}/certification-requests/{each['id']}" for each in requests]
    return shown


def finding(cursor: Reader, key: str) -> Object | None:
    """Return a finding `body/year/number/finding`, None where there is none."""
    found = _findings(cursor, "id", key)
    return found[0] if found else None


def status_on(row: Row, on: date) -> Status:
    """Return what a requirement is on a day; the due day itself still counts (LFPA 38)."""
    answered, closed = row["answered_on"], row["closed_on"]
    if closed is not None and closed <= on:
        return "closed"
    if answered is not None and answered <= on:
        return "answered-late" if answered > row["due_on"] else "answered"
    return "overdue" if row["due_on"] < on else "pending"


def _as_of(row: Row, texts: Texts, on: date) -> Object:
    shown = show(REQUIREMENT, row, texts)
    for name, day in (("answered_on", row["answered_on"]), ("closed_on", row["closed_on"])):
        if day is None or day > on:
            shown.pop(name, None)
    if "answered_on" not in shown:
        shown |= {"certificates": [], "answer_bundles": []}
        shown.pop("oficio", None)
    shown["certificates"] = [f"{API}/certifications/{each.partition('/')[2]}" for each in shown["certificates"]]
    status = status_on(row, on)
    shown |= {"on": on.isoformat(), "status": status}
    shown["status_text"] = text(f"oversight-{status}")
    shown["status_text_en"] = text(f"oversight-{status}", "en")
    if status == "overdue":
        shown["days_overdue"] = (on - row["due_on"]).days
    return shown


def _bundle(row: Row, texts: Texts) -> Object:
    own = {name: plain(value) for name, value in row.items() if name not in {"requirement", "sealed", "entry_index"}}
    index = row["entry_index"]
    shown = {name: texts.show(index, name) for name in sorted(row["sealed"])}
    return own | {"index": index, "texts": shown, "links": {"act": f"{API}/acts/{index}"}}


def _findings(cursor: Reader, column: str, value: str) -> list[Object]:
    rows = rows_where(cursor, FINDINGS, column, value, ["finding"])
    texts = texts_of(cursor, rows)
    found = []
    for row in rows:
        shown = show(FINDING, row, texts, f"requirements/{row['requirement']}/findings/{row['finding']}")
        shown["links"]["acts"] = [f"{API}/acts/{index}" for index in row["acts"]]
        found.append(shown)
    return found
