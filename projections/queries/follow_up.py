"""The follow-up board as of a day, and what surrounds it: captures, oficios, gazettes, the chronological index.

Decision, fulfilment, validity and publicity are four axes (domain.md §8.2): the board's status is read out of two of
them on the day asked for. That something is overdue is computed here and stands nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args

from psycopg import sql

from ledger.domain.rules.overdue import Span, days_overdue, effective_due
from ledger.texts import text
from projections.agreements import AGREEMENTS
from projections.follow_up import CAPTURES, COMMUNICATIONS, FILINGS, FOLLOW_UP, PRINTS
from projections.queries.base import API, Kind, Listing, Window, find_row, place_of, rows_where, select, show, texts_of
from projections.validity import RELATIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Object, Place, Reader, Texts

CAPTURE = Kind("capture", "captures", CAPTURES)
COMMUNICATION = Kind("communication", "communications", COMMUNICATIONS)
GAZETTE = Kind("gazette-prints", "gazette-prints", PRINTS)
FILING = Kind("filing", "chronological-index", FILINGS)
RESOLUTION = Kind("resolution", "follow-up", FOLLOW_UP, hidden=frozenset({"steps", "phase"}))

Status: TypeAlias = Literal[
    "in-process",
    "partially-fulfilled",
    "fulfilled",
    "unfulfillable",
    "suspended",
    "modified",
    "without-effect",
    "overdue",
]
STATUSES: tuple[Status, ...] = get_args(Status)
MAX_SCAN = 5_000
"""How many resolutivos a list filtered by a computed status looks through for one page."""
SCAN_PAGE = 500
"""How many it reads at a time, at most."""
_BEGUN = sql.SQL("live.steps -> 0 ->> 'on' <= {}")
"""Somebody answered for it by the day; a row's first step never changes."""


def resolution(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a resolutivo `body/year/number/resolution` as of a day, None where nobody answered for it then."""
    row = find_row(cursor, RESOLUTION, key)
    if row is None or not _assigned(row, on):
        return None
    return _shown(cursor, [row], on)[0] | {"steps": [step for step in row["steps"] if step["on"] <= on.isoformat()]}


def board(
    cursor: Reader, filters: Filters, window: Window, on: date, wanted: tuple[Status | None, str | None]
) -> Listing:
    """Return a part of the board as of a day.

    Args:
        cursor: On one moment of the registries.
        filters: The list's own.
        window: Which part.
        on: The day of the question.
        wanted: The status and the responsible unit asked for; None of either asks for all.
    """
    found: list[Row] = []
    after: Place | None = window.after
    told = replace(filters, also=(_BEGUN.format(sql.Literal(on.isoformat())),))
    size, looked = window.limit + 1, 0
    while looked < MAX_SCAN:
        rows, following = select(cursor, RESOLUTION, told, Window(after, size))
        found += _picked(cursor, rows, on, wanted)
        if len(found) > window.limit:
            kept = found[: window.limit]
            return Listing(_shown(cursor, kept, on), place_of(kept[-1]))
        if following is None:
            return Listing(_shown(cursor, found, on))
        after, looked = following, looked + size
        size = min(2 * size, SCAN_PAGE)
    return Listing(_shown(cursor, found, on), after)


def _picked(cursor: Reader, rows: list[Row], on: date, wanted: tuple[Status | None, str | None]) -> list[Row]:
    """Return the rows of the unit and the status that are wanted; only those that are left are shown, which costs."""
    status, unit = wanted
    if unit is not None:
        rows = [row for row in rows if unit in _steps(row, on)[-1]["units"]]
    if status is None or not rows:
        return rows
    return [row for row, standing in zip(rows, _standings(cursor, rows, on), strict=True) if standing.status == status]


def _assigned(row: Row, on: date) -> bool:
    return bool(row["steps"][0]["on"] <= on.isoformat())


def _steps(row: Row, on: date) -> list[dict[str, Any]]:
    return [step for step in row["steps"] if step["on"] <= on.isoformat()]


class _Standing(NamedTuple):
    """How a resolutivo stands on a day: its status, the days that it is late, and until when it may be fulfilled."""

    agreement: Row
    status: Status
    late: int = 0
    effective: date | None = None


def _standings(cursor: Reader, rows: list[Row], on: date) -> list[_Standing]:
    agreements = {row["id"]: row for row in rows_where(cursor, AGREEMENTS, "id", [each["agreement"] for each in rows])}
    targets = [f"agreement/{each['agreement']}" for each in rows]
    modifying: dict[str, list[Row]] = {}
    for each in rows_where(cursor, RELATIONS, "target", targets, ["entry_index"]):
        if each["relation"] == "modifies" and each["effective_on"] <= on:
            modifying.setdefault(each["target"], []).append(each)
    return [_standing(row, agreements[row["agreement"]], modifying, on) for row in rows]


def _standing(row: Row, agreement: Row, modifying: dict[str, list[Row]], on: date) -> _Standing:
    steps = _steps(row, on)
    last = steps[-1]
    late, effective = 0, None
    if "due_on" in last:
        set_on = next(date.fromisoformat(s["on"]) for s in steps if s.get("due_on") == last["due_on"])
        due, spans = date.fromisoformat(last["due_on"]), spans_of(agreement)
        late = days_overdue(due, set_on, spans, on)
        effective = effective_due(due, set_on, spans, on)
    modified = any(row["resolution"] in each["resolutions"] for each in modifying.get(agreement["stream"], ()))
    status = status_on(last["phase"], validity_on(agreement, on), late, modified=modified)
    return _Standing(agreement, status, late, effective)


def _shown(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    texts = texts_of(cursor, rows)
    standings = _standings(cursor, rows, on) if rows else []
    return [_as_of(row, standing, texts, on) for row, standing in zip(rows, standings, strict=True)]


def _as_of(row: Row, standing: _Standing, texts: Texts, on: date) -> Object:
    steps = _steps(row, on)
    last, (agreement, status, late, effective) = steps[-1], standing
    shown = show(RESOLUTION, row, texts)
    for name in ("due_on", "original_due_on", "units", "exercised_amount"):
        shown.pop(name, None)
    shown |= {"on": on.isoformat(), "units": last["units"], "exercised_amount": last["exercised_amount"]}
    if effective is not None:
        original = next(step["due_on"] for step in steps if "due_on" in step)
        shown |= {"due_on": last["due_on"], "original_due_on": original, "effective_due_on": effective.isoformat()}
    shown["status"] = status
    code = f"status-{status}-by-veto" if status == "suspended" and _by_veto(agreement, on) else f"status-{status}"
    shown["status_text"], shown["status_text_en"] = text(code), text(code, "en")
    shown["fulfilment"] = last["phase"]
    if status == "overdue":
        shown["days_overdue"] = late
    shown["links"]["agreement"] = f"{API}/agreements/{row['agreement']}"
    return shown


def status_on(phase: str, validity: str, late: int, *, modified: bool) -> Status:
    """Return the word of the board (domain.md §3.6) for a resolutivo.

    What is done stays done whatever became of the agreement; then validity speaks before fulfilment.
    """
    if phase in {"fulfilled", "unfulfillable"}:
        return "fulfilled" if phase == "fulfilled" else "unfulfillable"
    if validity not in {"in-force", "suspended"}:
        return "without-effect"
    if validity == "suspended":
        return "suspended"
    if modified:
        return "modified"
    if late:
        return "overdue"
    return "partially-fulfilled" if phase == "partial" else "in-process"


def spans_of(agreement: Row) -> list[Span]:
    """Return the spans during which an agreement was suspended."""
    return [
        (date.fromisoformat(each["from"]), date.fromisoformat(each["to"]) if "to" in each else None)
        for each in agreement["suspensions"]
    ]


def _by_veto(agreement: Row, on: date) -> bool:
    """Tell whether a veto began the suspension in which an agreement is on a day."""
    begun = [each for each in agreement["suspensions"] if each["from"] <= on.isoformat()]
    return bool(begun) and begun[-1]["cause"] == "veto"


def validity_on(agreement: Row, on: date) -> str:
    """Return whether an agreement holds on a day."""
    if agreement["ended_on"] is not None and agreement["ended_on"] <= on:
        return str(agreement["validity"])
    inside = any(begins <= on and (ends is None or on < ends) for begins, ends in spans_of(agreement))
    return "suspended" if inside else "in-force"


# -- an agreement's other axes ---------------------------------------------------------------------------------------


def relations_of(cursor: Reader, stream: str) -> list[dict[str, Any]]:
    """Return the relations that lead to an agreement and from it, in the order of the log: both ends tell them."""
    rows = rows_where(cursor, RELATIONS, "target", stream) + rows_where(cursor, RELATIONS, "source", stream)
    return [
        {
            "relation": row["relation"],
            "source": row["source"],
            "target": row["target"] or "",
            "resolved": row["target"] is not None,
            "detail": row["detail"],
            "resolutions": row["resolutions"],
            "effective_on": row["effective_on"].isoformat(),
            "index": row["entry_index"],
        }
        for row in sorted(rows, key=lambda row: row["entry_index"])
        if cursor.moment.as_of is None or row["effective_on"] <= cursor.moment.as_of
    ]


def without_follow_up(cursor: Reader, key: str) -> list[Object]:
    """Return the resolutivos of an agreement that its reviewed capture only takes note of."""
    row = find_row(cursor, CAPTURE, key)
    if row is None or row["phase"] != "confirmed":
        return []
    said = {"status": "no-follow-up", "status_text": text("status-no-follow-up")}
    said["status_text_en"] = text("status-no-follow-up", "en")
    return [{"resolution": n, **said} for n, kind in enumerate(row["resolutions"], start=1) if kind == "note"]
