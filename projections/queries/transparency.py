"""What is withheld and why as of a day, requests and their clock, public versions, consultations (domain.md §3.17).

That a reservation has expired, that an answer is overdue, that a version withholds what is public again: each is
computed here as of the day of the question and stands nowhere.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal, TypeAlias

from psycopg import sql

from ledger.texts import text
from projections.access import REQUESTS
from projections.queries.base import Filters, Kind, Window, rows_where, select, shown
from projections.queries.withheld import ClassificationStatus, day_of, legend, statuses
from projections.transparency import CLASSIFICATIONS, CONSULTATIONS, FORMATS, INDEXES, VERSIONS

if TYPE_CHECKING:
    from datetime import date

    from projections.base import Row
    from projections.queries.base import Object, Place, Reader

RequestStatus: TypeAlias = Literal["in-process", "prevented", "lapsed", "overdue", "answered", "appealed", "resolved"]
MAX_INDEXED, INDEX_PART = 100_000, 5_000
INDEX_FORMAT = "acervo/reserved-index/1"


def blocked_names(cursor: Reader, index: int) -> frozenset[str]:
    """Return the sealed names of an entry that a data subject's request has blocked (LGPDPPSO arts. 3.V, 17)."""
    column = cursor.column(REQUESTS, "blocked")
    query = sql.SQL("SELECT {} FROM {} WHERE {} @> %s::jsonb").format(column, cursor.source(REQUESTS), column)
    found = cursor.execute(query, (json.dumps([{"index": index}]),)).fetchall()
    return frozenset(each["name"] for (blocked,) in found for each in blocked if each["index"] == index)


# -- classifications ---------------------------------------------------------------------------------------------------


def _classified(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    told = shown(cursor, CLASSIFICATION, rows)
    for row, status, found in zip(rows, statuses(cursor, rows, on), told, strict=True):
        found |= {"on": on.isoformat(), "status": status, **legend(row)}
        found |= {"status_text": text(f"classification-{status}")}
        found["status_text_en"] = text(f"classification-{status}", "en")
        found["partial"] = True  # no rule admits another (LGTAIP 102; domain.md T2)
        if status == "expired" and row["names"]:
            found["flag"] = "declassify"
    return told


def _of_standing(cursor: Reader, rows: list[Row], wanted: ClassificationStatus, on: date) -> list[Row]:
    return [row for row, status in zip(rows, statuses(cursor, rows, on), strict=True) if status == wanted]


CLASSIFICATION = Kind(
    "classification",
    "classifications",
    CLASSIFICATIONS,
    links={"text": "acts/{entry_index}"},
    asks=("on",),
    computed={"status": _of_standing},
    tell=_classified,
    adds=("on", "status", "status_text", "status_text_en", "partial", "flag", "legal_ground", "legend", "legend_en"),
)


def publicity_of(agreement: Row, found: Object) -> Object:
    """Return in one word what the public may read of an agreement; that it exists is always shown (A8)."""
    standing = [part for part in found["withheld"] if part.get("status") == "in-force"]
    closed = {name for part in standing for name in part["names"]}
    substance = {f"resolution/{n}" for n in range(1, (agreement["resolutions"] or 0) + 1)} or {"text"}
    word = "public" if not closed else "partial"
    if closed and substance <= closed:
        characters = {part["character"] for part in standing}
        word = "confidential" if characters == {"confidential"} else "reserved"
    said: Object = {"publicity": word, "publicity_text": text(f"publicity-{word}")}
    return said | {"publicity_text_en": text(f"publicity-{word}", "en")}


# -- the index of what is reserved -------------------------------------------------------------------------------------


def reserved_index(cursor: Reader, on: date) -> Object:
    """Return the index of all that is reserved on a day (LGTAIP 105): of each item area, object, parts, term, ground.

    Its canonical JSON is what `ReservedIndexPublished/1` names by hash, read as of its day over its entries.
    """
    listed: list[Object] = []
    after: Place | None = None
    for _ in range(0, MAX_INDEXED, INDEX_PART):
        window = Window(after, INDEX_PART)
        rows, after = select(cursor, CLASSIFICATION, Filters({"character": "reserved"}), window)
        listed += map(_indexed, _of_standing(cursor, rows, "in-force", on))
        if after is None:
            break
    return {"format": INDEX_FORMAT, "on": on.isoformat(), "size": cursor.position, "rows": listed}


def _indexed(row: Row) -> Object:
    return {
        "area": row["unit"],
        "object": row["object"],
        "entry": row["entry_index"],
        "proposal": row["proposal"],
        "names": row["names"],
        "part": "partial",
        "from_on": row["from_on"],
        "until_on": row["until_on"].isoformat(),
        "extended": row["extended"],
        "ground": f"112.{row['fraction']}",
    }


# -- public versions ---------------------------------------------------------------------------------------------------


def _versions(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Show versions: whether each is the one that holds, how much it withholds, and what of that is public again."""
    on, told = day_of(cursor), shown(cursor, VERSION, rows)
    entries = sorted({row["entry_index"] for row in rows})
    others = rows_where(cursor, VERSIONS, "entry_index", entries) if entries else []
    found = rows_where(cursor, CLASSIFICATIONS, "entry_index", entries) if entries else []
    parts = _classified(cursor, found, on)
    for row, one in zip(rows, told, strict=True):
        approved = [each["number"] for each in others if _approved_of(each, row["entry_index"])]
        own = [part for part in parts if part["entry_index"] == row["entry_index"] and part["status"] == "in-force"]
        closed = {name for part in own for name in part["names"]}
        again = [each["name"] for each in row["redactions"] if each["name"] not in closed]
        one |= {
            "holds": row["number"] == max(approved, default=0),
            "withheld_count": len(row["redactions"]),
            "public_again": again if row["phase"] == "approved" else [],
        }
    return told


def _approved_of(row: Row, index: int) -> bool:
    return bool(row["entry_index"] == index and row["phase"] == "approved")


VERSION = Kind(
    "public-version",
    "public-versions",
    VERSIONS,
    links={"file": "public-versions/{id}/file"},
    tell=_versions,
    adds=("holds", "withheld_count", "public_again"),
)


# -- requests ----------------------------------------------------------------------------------------------------------


def _requests(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    told = shown(cursor, REQUEST, rows)
    for row, one in zip(rows, told, strict=True):
        status = clock_of(row, on)
        one |= {"on": on.isoformat(), "status": status}
        one |= {"status_text": text(f"access-{status}"), "status_text_en": text(f"access-{status}", "en")}
        if status == "overdue":
            one["days_overdue"] = (on - row["due_on"]).days
    return told


def _of_clock(_cursor: Reader, rows: list[Row], status: RequestStatus, on: date) -> list[Row]:
    return [row for row in rows if clock_of(row, on) == status]


def clock_of(row: Row, on: date) -> RequestStatus:
    """Return how a request stands on a day: overdue after its term, lapsed where a prevention went unanswered."""
    late = on > row["due_on"]
    match row["phase"]:
        case "prevented":
            return "lapsed" if late else "prevented"
        case "answered" | "appealed" | "resolved":
            phase: RequestStatus = row["phase"]
            return phase
        case _:
            return "overdue" if late else "in-process"


REQUEST = Kind(
    "access-request",
    "access-requests",
    REQUESTS,
    asks=("on",),
    computed={"status": _of_clock},
    tell=_requests,
    adds=("on", "status", "status_text", "status_text_en", "days_overdue"),
)
CONSULTATION = Kind("consultation", "consultations", CONSULTATIONS)
INDEX = Kind("reserved-index", "reserved-indexes", INDEXES)
SIPOT_EXPORT = Kind(
    "sipot-export",
    "sipot-exports",
    FORMATS,
    links={"format": "sipot-formats/{form}/{year}/{quarter}"},
)
