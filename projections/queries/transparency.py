"""What is withheld and why as of a day, requests and their clock, public versions, consultations (domain.md §3.17).

That a reservation has expired, that an answer is overdue, that a version withholds what is public again: each is
computed here as of the day of the question and stands nowhere.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from psycopg import sql

from ledger.texts import text
from projections.access import REQUESTS
from projections.queries.base import Filters, Kind, Window, rows_where, select, shown
from projections.sessions import AGENDA_ITEMS
from projections.times import TIMES
from projections.transparency import CLASSIFICATIONS, CONSULTATIONS, FORMATS, INDEXES, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.base import Row
    from projections.queries.base import Object, Place, Reader

ClassificationStatus: TypeAlias = Literal["pending", "in-force", "expired", "revoked", "declassified"]
RequestStatus: TypeAlias = Literal["in-process", "prevented", "lapsed", "overdue", "answered", "appealed", "resolved"]
MAX_INDEXED, INDEX_PART = 100_000, 5_000
INDEX_FORMAT = "acervo/reserved-index/1"
_STANDING = frozenset({"confirmed", "modified"})


def blocked_names(cursor: Reader, index: int) -> frozenset[str]:
    """Return the sealed names of an entry that a data subject's request has blocked (LGPDPPSO arts. 3.V, 17)."""
    column = cursor.column(REQUESTS, "blocked")
    query = sql.SQL("SELECT {} FROM {} WHERE {} @> %s::jsonb").format(column, cursor.source(REQUESTS), column)
    found = cursor.execute(query, (json.dumps([{"index": index}]),)).fetchall()
    return frozenset(each["name"] for (blocked,) in found for each in blocked if each["index"] == index)


# -- classifications ---------------------------------------------------------------------------------------------------


def _classified(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    told = shown(cursor, CLASSIFICATION, rows)
    for row, status, found in zip(rows, _statuses(cursor, rows, on), told, strict=True):
        found |= {"on": on.isoformat(), "status": status, **_legend(row)}
        found |= {"status_text": text(f"classification-{status}")}
        found["status_text_en"] = text(f"classification-{status}", "en")
        found["partial"] = True  # no rule admits another (LGTAIP 102; domain.md T2)
        if status == "expired" and row["names"]:
            found["flag"] = "declassify"
    return told


def _of_standing(cursor: Reader, rows: list[Row], wanted: ClassificationStatus, on: date) -> list[Row]:
    return [row for row, status in zip(rows, _statuses(cursor, rows, on), strict=True) if status == wanted]


def _statuses(cursor: Reader, rows: list[Row], on: date) -> list[ClassificationStatus]:
    decided = _decided(cursor, rows)
    return [status_of(row, on, decided=(row["session"], row["item"]) in decided) for row in rows]


def status_of(row: Row, on: date, *, decided: bool) -> ClassificationStatus:
    """Return how a classification stands on a day; a term that has ended has ended without any act (T4, T5)."""
    if row["phase"] in {"revoked", "declassified"}:
        return "revoked" if row["phase"] == "revoked" else "declassified"
    if decided or (row["until_on"] is not None and row["until_on"] <= on):
        return "expired"
    return "in-force" if row["phase"] in _STANDING else "pending"


def _decided(cursor: Reader, rows: Iterable[Row]) -> set[tuple[str, int]]:
    """Return the items under deliberation that have been resolved."""
    sessions = sorted({row["session"] for row in rows if row["session"] is not None})
    if not sessions:
        return set()
    items = rows_where(cursor, AGENDA_ITEMS, "session", sessions)
    return {(item["session"], item["item"]) for item in items if item["outcome"] == "resolved"}


def _legend(row: Row) -> Object:
    """Return what every classified document says of itself: character, date, ground, period (T7; LGTAIP 109)."""
    reserved = row["character"] == "reserved"
    ground = f"112.{row['fraction']}" if reserved else f"115.{row['ground']}"
    said: dict[str, Any] = {"on": row["occurred_at"][:10], "ground": ground}
    if reserved:
        said |= {"from_on": row["from_on"], "until_on": row["until_on"].isoformat()}
    code = f"legend-{row['character']}"
    return {"legal_ground": ground, "legend": text(code, **said), "legend_en": text(code, "en", **said)}


CLASSIFICATION = Kind(
    "classification",
    "classifications",
    CLASSIFICATIONS,
    links={"text": "acts/{entry_index}"},
    computed={"status": _of_standing},
    tell=_classified,
)


def publicity_of(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Return what the public may read of agreements, and why not the rest; that they exist is always shown (A8)."""
    on = day_of(cursor)
    objects = [row["stream"] for row in rows]
    found = rows_where(cursor, CLASSIFICATIONS, "object", objects, ["entry_index", "proposal"]) if objects else []
    parts = _classified(cursor, found, on)
    return [_publicity(row, [part for part in parts if part["object"] == row["stream"]]) for row in rows]


def _publicity(agreement: Row, parts: list[Object]) -> Object:
    standing = [part for part in parts if part["status"] == "in-force"]
    closed = {name for part in standing for name in part["names"]}
    substance = {f"resolution/{n}" for n in range(1, (agreement["resolutions"] or 0) + 1)} or {"text"}
    word = "public" if not closed else "partial"
    if closed and substance <= closed:
        characters = {part["character"] for part in standing}
        word = "confidential" if characters == {"confidential"} else "reserved"
    told: Object = {"publicity": word, "publicity_text": text(f"publicity-{word}")}
    told["publicity_text_en"] = text(f"publicity-{word}", "en")
    named = ("id", "names", "character", "legal_ground", "until_on", "status", "legend")
    waiting = [part for part in parts if part["status"] in {"in-force", "pending"}]
    told["withheld"] = [{name: part[name] for name in named if name in part} for part in waiting]
    return told


def day_of(cursor: Reader) -> date:
    """Return the day of a question: the one asked for, or else that of the last act that is known."""
    if cursor.moment.as_of is not None:
        return cursor.moment.as_of
    rows = rows_where(cursor, TIMES, "entry_index", max(cursor.position - 1, 0))
    day: date = rows[0]["told_on"] if rows else date.min
    return day


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
            "withheld": len(row["redactions"]),
            "public_again": again if row["phase"] == "approved" else [],
        }
    return told


def _approved_of(row: Row, index: int) -> bool:
    return bool(row["entry_index"] == index and row["phase"] == "approved")


VERSION = Kind(
    "public-version", "public-versions", VERSIONS, links={"file": "public-versions/{id}/file"}, tell=_versions
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


REQUEST = Kind("access-request", "access-requests", REQUESTS, computed={"status": _of_clock}, tell=_requests)
CONSULTATION = Kind("consultation", "consultations", CONSULTATIONS)
INDEX = Kind("reserved-index", "reserved-indexes", INDEXES)
SIPOT_EXPORT = Kind(
    "sipot-export",
    "sipot-exports",
    FORMATS,
    links={"format": "sipot-formats/{form}/{year}/{quarter}"},
)
