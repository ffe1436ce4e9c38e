"""Bodies, and who holds their seats on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ledger.domain.designation import DesignationState
from ledger.domain.mandates import in_force_on
from ledger.ids import parse_written
from projections.bodies import BODIES, BODY_RULES, SEATS
from projections.people import DESIGNATIONS
from projections.queries.base import API, Kind, Texts, find_row, plain, rows_where, shown

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from projections.base import Row
    from projections.queries.base import Object, Reader


def _told(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Tell each body by the name that it has on the day of the question, by its latest where none is asked for."""
    latest = [_names_on(row, cursor.moment.as_of)[-1]["index"] for row in rows]
    texts = Texts(cursor, latest)
    found = shown(cursor, BODY, rows)
    for one, index in zip(found, latest, strict=True):
        one["texts"]["name"] = texts.show(index, "name")
    return found


def _names_on(row: Row, day: date | None) -> list[Row]:
    """Return the names that a body had up to a day, in order; all of them where no day is asked for."""
    return [name for name in row["names"] if day is None or name.get("from_on", "") <= day.isoformat()]


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell every version of a body's rules and every name that it had, up to the day of the question."""
    day = cursor.moment.as_of
    found["rules"] = [
        {
            "number": each["number"],
            "profile": each["profile"],
            "valid_from": plain(each["valid_from"]),
            "index": each["entry_index"],
            "rules": each["rules"],
        }
        for each in rows_where(cursor, BODY_RULES, "body", row["id"], ["number"])
        if day is None or each["valid_from"] <= day
    ]
    if day is not None:
        found.pop("profile", None)
        if found["rules"]:
            found["profile"] = found["rules"][-1]["profile"]
    texts = Texts(cursor, (name["index"] for name in row["names"]))
    found["names"] = [{**name, "name": texts.show(name["index"], "name")} for name in _names_on(row, day)]
    return found


BODY = Kind(
    "body",
    "bodies",
    BODIES,
    hidden=frozenset({"names"}),
    links={"composition": "bodies/{id}/composition"},
    tell=_told,
    whole=_whole,
    adds=("rules", "names"),
)


# -- composition ---------------------------------------------------------------------------------------------------


def composition(cursor: Reader, key: str, on: date) -> Object | None:
    """Return the seats of a body that exist on a day, in order of their definition, and who holds each.

    Somebody holds a seat on a day when his designation is in force at some instant of it; one who is on leave all day
    keeps the title and not the seat. It is what the ledger knows now about that day.

    Returns:
        None where there is no such body.
    """
    if find_row(cursor, BODY, key) is None:
        return None
    adopted = rules_on(cursor, key, on)
    holdover = adopted is not None and bool(adopted["rules"].get("holdover"))
    by_seat: dict[str, list[_Held]] = {}
    for row in rows_where(cursor, DESIGNATIONS, "body", key, ["seat", "number"]):
        by_seat.setdefault(row["seat"], []).append(_Held(row, designation_state(row)))
    seats = [
        _seat(seat, by_seat.get(seat["seat"], []), on, holdover=holdover)
        for seat in rows_where(cursor, SEATS, "body", key, ["ordinal"])
        if seat["valid_from"] <= on and (seat["valid_to"] is None or on < seat["valid_to"])
    ]
    return {
        "id": f"{API}/bodies/{key}/composition",
        "type": "composition",
        "body": key,
        "on": on.isoformat(),
        "rules": {} if adopted is None else {"number": adopted["number"], "profile": adopted["profile"]},
        "seats": seats,
        "vacancies": [seat["seat"] for seat in seats if seat["vacant"]],
    }


def rules_on(cursor: Reader, key: str, on: date) -> Row | None:
    """Return the version of a body's rules that is in force on a day, None before its first."""
    found = [row for row in rows_where(cursor, BODY_RULES, "body", key, ["number"]) if row["valid_from"] <= on]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class _Held:
    row: Row
    state: DesignationState


def designation_state(row: Row) -> DesignationState:
    """Return the designation as the rules know it, so that they say whether it is in force."""
    return DesignationState(
        version=row["version"],
        index=row["created_index"],
        statement=row["statement"],
        body=row["body"],
        seat=row["seat"],
        number=row["number"],
        person=row["person"],
        capacity=row["capacity"],
        begins_at=parse_written(row["begins_at"]),
        ends_at=_instant(row["ends_at"]),
        leaves=tuple((parse_written(begins), _instant(ends)) for begins, ends in row["leaves"]),
        imported=row["provenance"] == "imported",
        cause=row["cause"],
        way=row["way"],
        provisional=row["effect"] == "provisional" and row["ratified_at"] is None,
        proposal=row["proposal"],
        resigned_from=_instant(row["resigned_from"]),
    )


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_written(text)


def _seat(seat: Row, held: list[_Held], on: date, *, holdover: bool) -> Object:
    holders = [shown for each in held if (shown := _holder(each, held, on, holdover=holdover)) is not None]
    return {
        **{column: plain(seat[column]) for column in ("seat", "sector", "role", "voting", "valid_from")},
        "index": seat["defined_index"],
        "vacant": not any(holder["in_seat"] for holder in holders),
        "holders": holders,
    }


def _holder(held: _Held, others: Iterable[_Held], on: date, *, holdover: bool) -> Object | None:
    """Return a designation that is held on the day, None for one that is not."""
    state = held.state
    titular = in_force_on(replace(state, leaves=()), on)
    over = not titular and holdover and _holds_over(state, others, on)
    if not titular and not over:
        return None
    row = held.row
    shown: dict[str, Any] = {
        "designation": f"{API}/designations/{row['id']}",
        "number": row["number"],
        "person": row["person"],
        "capacity": row["capacity"],
        "begins_at": row["begins_at"],
        "provenance": row["provenance"],
        "index": row["created_index"],
        "in_seat": over or in_force_on(state, on),
        "held_over": over,
        "way": row["way"],
        "provisional": provisional_on(row, on),
    }
    if row["agreement"] is not None:
        shown["agreement"] = f"{API}/agreements/{row['agreement'].partition('/')[2]}"
    if row["ends_at"] is not None:
        shown["ends_at"] = row["ends_at"]
    return shown


def provisional_on(row: Row, on: date) -> bool:
    """Tell whether a designation has yet to be ratified on a day."""
    ratified = row["ratified_at"]
    return row["effect"] == "provisional" and (ratified is None or parse_written(ratified).date() > on)


def holding_over(cursor: Reader, rows: list[Row], on: date) -> frozenset[str]:
    """Return the ids of those designations whose terms ran out and that go on by the rules of a day (D6)."""
    bodies = {row["body"] for row in rows if row["ends_at"] is not None and row["cause"] is None}
    lax = {body for body in bodies if (found := rules_on(cursor, body, on)) and found["rules"].get("holdover")}
    ended = [_Held(row, designation_state(row)) for row in rows if row["body"] in lax]
    others = [_Held(row, designation_state(row)) for row in rows_where(cursor, DESIGNATIONS, "body", sorted(lax))]

    def same_seat(held: _Held) -> list[_Held]:
        return [other for other in others if (other.state.body, other.state.seat) == (held.state.body, held.state.seat)]

    return frozenset(held.row["id"] for held in ended if _holds_over(held.state, same_seat(held), on))


def _holds_over(state: DesignationState, others: Iterable[_Held], on: date) -> bool:
    """Tell whether a term that merely ran out goes on because nobody has followed yet (D6)."""
    if state.cause is not None or state.ends_at is None or state.ends_at.date() > on:
        return False
    return not any(
        other.state.number > state.number
        and other.state.capacity == state.capacity
        and other.state.begins_at.date() <= on
        for other in others
    )
