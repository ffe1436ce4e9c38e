"""What is withheld and why as of a day, requests and their clock, public versions, consultations (domain.md §3.17).

That a reservation has expired, that an answer is overdue, that a version withholds what is public again: each is
computed here as of the day of the question and stands nowhere.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ledger.texts import text
from projections.access import REQUESTS
from projections.queries.base import (
    API,
    Filters,
    Kind,
    Listing,
    Window,
    find,
    find_row,
    place_of,
    rows_where,
    select,
    show,
)
from projections.queries.base import texts_of as texts_of_rows
from projections.sessions import AGENDA_ITEMS
from projections.times import TIMES
from projections.transparency import CLASSIFICATIONS, CONSULTATIONS, INDEXES, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from projections.base import Row
    from projections.queries.base import Object, Place, Reader

CLASSIFICATION = Kind("classification", "classifications", CLASSIFICATIONS)
VERSION = Kind("public-version", "public-versions", VERSIONS)
CONSULTATION = Kind("consultation", "consultations", CONSULTATIONS)
INDEX = Kind("reserved-index", "reserved-indexes", INDEXES)
REQUEST = Kind("access-request", "access-requests", REQUESTS)

ClassificationStatus: TypeAlias = Literal["pending", "in-force", "expired", "revoked", "declassified"]
RequestStatus: TypeAlias = Literal["in-process", "prevented", "lapsed", "overdue", "answered", "appealed", "resolved"]
MAX_SCAN = 5_000
"""How many rows a list filtered by a computed status looks through for one page."""
MAX_INDEXED = 100_000
INDEX_FORMAT = "acervo/reserved-index/1"
_STANDING = frozenset({"confirmed", "modified"})


# -- classifications ---------------------------------------------------------------------------------------------------


def classification(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a classification `entry/proposal` as of a day, None where there is none."""
    row = find_row(cursor, CLASSIFICATION, key)
    return None if row is None else _classified(cursor, [row], on)[0]


def classifications(
    cursor: Reader, filters: Filters, window: Window, on: date, status: ClassificationStatus | None = None
) -> Listing:
    """Return a part of the list of classifications as of a day, of one status where that is asked for."""
    return _scan(
        cursor, CLASSIFICATION, filters, window, status=status, shown=lambda rows: _classified(cursor, rows, on)
    )


def _classified(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    texts = texts_of_rows(cursor, rows)
    decided = _decided(cursor, rows)
    shown = []
    for row in rows:
        status = status_of(row, on, decided=(row["session"], row["item"]) in decided)
        found = show(CLASSIFICATION, row, texts) | {"on": on.isoformat(), "status": status, **_legend(row)}
        found |= {"status_text": text(f"classification-{status}")}
        found["status_text_en"] = text(f"classification-{status}", "en")
        found["partial"] = True  # no rule admits another (LGTAIP 102; domain.md T2)
        if status == "expired" and row["names"]:
            found["flag"] = "declassify"
        found["links"] |= {"text": f"{API}/acts/{row['entry_index']}"}
        shown.append(found)
    return shown


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
    for _ in range(0, MAX_INDEXED, MAX_SCAN):
        window = Window(after, MAX_SCAN)
        rows, after = select(cursor, CLASSIFICATION, Filters({"character": "reserved"}), window)
        decided = _decided(cursor, rows)
        standing = (
            row for row in rows if status_of(row, on, decided=(row["session"], row["item"]) in decided) == "in-force"
        )
        listed += map(_indexed, standing)
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


def version(cursor: Reader, key: str) -> Object | None:
    """Return a public version `entry/version`, None where there is none."""
    row = find_row(cursor, VERSION, key)
    return None if row is None else _versions(cursor, [row])[0]


def versions(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of public versions."""
    rows, following = select(cursor, VERSION, filters, window)
    return Listing(_versions(cursor, rows), following)


def _versions(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Show versions: whether each is the one that holds, how much it withholds, and what of that is public again."""
    on, texts = day_of(cursor), texts_of_rows(cursor, rows)
    entries = sorted({row["entry_index"] for row in rows})
    others = rows_where(cursor, VERSIONS, "entry_index", entries) if entries else []
    found = rows_where(cursor, CLASSIFICATIONS, "entry_index", entries) if entries else []
    parts = _classified(cursor, found, on)
    shown = []
    for row in rows:
        approved = [each["number"] for each in others if _approved_of(each, row["entry_index"])]
        own = [part for part in parts if part["entry_index"] == row["entry_index"] and part["status"] == "in-force"]
        closed = {name for part in own for name in part["names"]}
        again = [each["name"] for each in row["redactions"] if each["name"] not in closed]
        one = show(VERSION, row, texts) | {"holds": row["number"] == max(approved, default=0)}
        one |= {"withheld": len(row["redactions"]), "public_again": again if row["phase"] == "approved" else []}
        one["links"]["file"] = f"{API}/public-versions/{row['id']}/file"
        shown.append(one)
    return shown


def _approved_of(row: Row, index: int) -> bool:
    return bool(row["entry_index"] == index and row["phase"] == "approved")


# -- requests ----------------------------------------------------------------------------------------------------------


def request(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a request `body/year/number` as of a day, None where there is none."""
    row = find_row(cursor, REQUEST, key)
    return None if row is None else _requests(cursor, [row], on)[0]


def requests(
    cursor: Reader, filters: Filters, window: Window, on: date, status: RequestStatus | None = None
) -> Listing:
    """Return a part of the board of requests as of a day, of one status where that is asked for."""
    return _scan(cursor, REQUEST, filters, window, status=status, shown=lambda rows: _requests(cursor, rows, on))


def _requests(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    texts = texts_of_rows(cursor, rows)
    shown = []
    for row in rows:
        status = clock_of(row, on)
        one = show(REQUEST, row, texts) | {"on": on.isoformat(), "status": status}
        one |= {"status_text": text(f"access-{status}"), "status_text_en": text(f"access-{status}", "en")}
        if status == "overdue":
            one["days_overdue"] = (on - row["due_on"]).days
        shown.append(one)
    return shown


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


# -- what the lists share ----------------------------------------------------------------------------------------------


def _scan(
    cursor: Reader,
    kind: Kind,
    filters: Filters,
    window: Window,
    *,
    status: str | None,
    shown: Callable[[list[Row]], list[Object]],
) -> Listing:
    """Return a part of a list whose status is computed: rows are looked through until the page is full."""
    found: list[tuple[Row, Object]] = []
    after: Place | None = window.after
    for _ in range(0, MAX_SCAN, window.limit + 1):
        rows, following = select(cursor, kind, filters, Window(after, window.limit + 1))
        for row, one in zip(rows, shown(rows), strict=True):
            if status is None or one["status"] == status:
                found.append((row, one))
        if len(found) > window.limit:
            kept = found[: window.limit]
            return Listing([one for _, one in kept], place_of(kept[-1][0]))
        if following is None:
            return Listing([one for _, one in found])
        after = following
    return Listing([one for _, one in found], after)


def index(cursor: Reader, key: str) -> Object | None:
    """Return a published index `body/year/half`, None where there is none."""
    return find(cursor, INDEX, key)
