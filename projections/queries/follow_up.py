"""The follow-up board as of a day, and what surrounds it: captures, oficios, gazettes, the chronological index.

Decision, fulfilment, validity and publicity are four axes (domain.md §8.2): the board's status is read out of two of
them on the day asked for. That something is overdue is computed here and stands nowhere.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from psycopg import sql

from ledger.domain.rules.overdue import Span, days_overdue, effective_due
from ledger.texts import text
from projections.agreements import AGREEMENTS
from projections.follow_up import CAPTURES, COMMUNICATIONS, FILINGS, FOLLOW_UP, PRINTS
from projections.queries.base import Kind, find_row, rows_where, shown
from projections.validity import RELATIONS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader

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


# -- the board -------------------------------------------------------------------------------------------------------


def _begun(_cursor: Reader, on: date) -> sql.Composable:
    """Somebody answered for it by the day; a row's first step never changes."""
    return sql.SQL("live.steps -> 0 ->> 'on' <= {}").format(sql.Literal(on.isoformat()))


def _of_unit(_cursor: Reader, rows: list[Row], unit: str, on: date) -> list[Row]:
    return [row for row in rows if unit in _steps(row, on)[-1]["units"]]


def _of_status(cursor: Reader, rows: list[Row], status: Status, on: date) -> list[Row]:
    standings = _standings(cursor, rows, on) if rows else []
    return [row for row, standing in zip(rows, standings, strict=True) if standing.status == status]


def _told(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    standings = _standings(cursor, rows, on) if rows else []
    found = shown(cursor, RESOLUTION, rows)
    return [_as_of(row, standing, one, on) for row, standing, one in zip(rows, standings, found, strict=True)]


def _whole(_cursor: Reader, row: Row, found: Object, on: date) -> Object:
    return found | {"steps": _steps(row, on)}


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


def _as_of(row: Row, standing: _Standing, found: Object, on: date) -> Object:
    steps = _steps(row, on)
    last, (agreement, status, late, effective) = steps[-1], standing
    for name in ("due_on", "original_due_on", "units", "exercised_amount"):
        found.pop(name, None)
    found |= {"on": on.isoformat(), "units": last["units"], "exercised_amount": last["exercised_amount"]}
    if effective is not None:
        original = next(step["due_on"] for step in steps if "due_on" in step)
        found |= {"due_on": last["due_on"], "original_due_on": original, "effective_due_on": effective.isoformat()}
    found["status"] = status
    code = f"status-{status}-by-veto" if status == "suspended" and _by_veto(agreement, on) else f"status-{status}"
    found["status_text"], found["status_text_en"] = text(code), text(code, "en")
    found["fulfilment"] = last["phase"]
    if status == "overdue":
        found["days_overdue"] = late
    return found


RESOLUTION = Kind(
    "resolution",
    "follow-up",
    FOLLOW_UP,
    hidden=frozenset({"steps", "phase"}),
    links={"agreement": "agreements/{agreement}"},
    asks=("on",),
    begun=_begun,
    computed={"unit": _of_unit, "status": _of_status},
    tell=_told,
    whole=_whole,
    adds=("on", "status", "status_text", "status_text_en", "fulfilment", "days_overdue", "effective_due_on", "steps"),
)
CAPTURE = Kind("capture", "captures", CAPTURES)
COMMUNICATION = Kind("communication", "communications", COMMUNICATIONS)
GAZETTE = Kind("gazette-prints", "gazette-prints", PRINTS)
FILING = Kind("filing", "chronological-index", FILINGS)


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
        _relation(row)
        for row in sorted(rows, key=lambda row: row["entry_index"])
        if cursor.moment.as_of is None or row["effective_on"] <= cursor.moment.as_of
    ]


def relations_from(cursor: Reader, streams: list[str]) -> list[Object]:
    """Return the relations that some agreements have to others, in the order of the log."""
    return [_relation(row) for row in rows_where(cursor, RELATIONS, "source", streams, ["entry_index"])]


def _relation(row: Row) -> Object:
    return {
        "relation": row["relation"],
        "source": row["source"],
        "target": row["target"] or "",
        "resolved": row["target"] is not None,
        "detail": row["detail"],
        "resolutions": row["resolutions"],
        "effective_on": row["effective_on"].isoformat(),
        "index": row["entry_index"],
    }


def without_follow_up(cursor: Reader, key: str) -> list[Object]:
    """Return the resolutivos of an agreement that its reviewed capture only takes note of."""
    row = find_row(cursor, CAPTURE, key)
    if row is None or row["phase"] != "confirmed":
        return []
    said = {"status": "no-follow-up", "status_text": text("status-no-follow-up")}
    said["status_text_en"] = text("status-no-follow-up", "en")
    return [{"resolution": n, **said} for n, kind in enumerate(row["resolutions"], start=1) if kind == "note"]
