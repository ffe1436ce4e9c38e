"""How seats are filled: proposals, removals, notices, credentials; what will expire; who was designated, as of a day.

Nothing is recorded when a term runs out or a credential ceases to be valid: both are computed here, by the rules'
own arithmetic, as of the day or the instant of the question.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ledger.domain.credential import CredentialState, standing
from ledger.domain.mandates import in_force_on
from ledger.domain.notice import days_left
from ledger.ids import parse_written, write_instant
from projections.people import DESIGNATIONS
from projections.queries.base import API, Kind, Listing, find_row, rows_where, scan, shown
from projections.queries.bodies import designation_state, holding_over, provisional_on
from projections.seating import CREDENTIALS, HEARINGS, NOTICES, PROPOSALS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Object, Reader, Window


# -- designations as of a day ------------------------------------------------------------------------------------------


def standing_on(row: Row, on: date, over: frozenset[str] = frozenset()) -> Object:
    """Return how a designation stands on a day.

    `state`: future, provisional, in-force, on-leave, holding-over (the term ran out and the holder goes on until he is
    replaced), expired, or the cause for which it ended. `days_left` until the day in which the term ends, or at whose
    beginning it does, while it lasts.

    Args:
        row: The designation.
        on: The day.
        over: Ids of those that hold over that day (`holding_over`).
    """
    held = designation_state(row)
    found: Object = {"on": on.isoformat(), "state": _state(row, on, over)}
    if held.ends_at is not None and found["state"] in {"provisional", "in-force", "on-leave"}:
        found["days_left"] = days_left(held.ends_at, on)
    return found


def _state(row: Row, on: date, over: frozenset[str]) -> str:
    held = designation_state(row)
    if not in_force_on(replace(held, leaves=()), on):
        if held.begins_at.date() > on and held.cause is None:
            return "future"
        return held.cause or ("holding-over" if row["id"] in over else "expired")
    if not in_force_on(held, on):
        return "on-leave"
    return "provisional" if provisional_on(row, on) else "in-force"


def _designated(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    told, over = shown(cursor, DESIGNATION, rows), holding_over(cursor, rows, on)
    return [one | {"standing": standing_on(row, on, over)} for row, one in zip(rows, told, strict=True)]


def _whole(cursor: Reader, row: Row, found: Object, on: date) -> Object:  # noqa: ARG001  they stand whatever the day
    """Tell a designation's credentials, its notice and its hearing."""
    own = [each["id"] for each in rows_where(cursor, CREDENTIALS, "body", row["body"], ["credential"])]
    found["credentials"] = [f"{API}/credentials/{each}" for each in own if each.rpartition("/")[0] == row["id"]]
    for name, kind in (("expiry_notice", NOTICE), ("hearing", HEARING)):
        if find_row(cursor, kind, row["id"]) is not None:
            found["links"][name] = f"{API}/{kind.path}/{row['id']}"
    return found


def _in_state(cursor: Reader, rows: list[Row], state: str, on: date) -> list[Row]:
    over = holding_over(cursor, rows, on)
    return [row for row in rows if _state(row, on, over) == state]


DESIGNATION = Kind(
    "designation",
    "designations",
    DESIGNATIONS,
    hidden=frozenset({"begins", "ends"}),
    links={
        "proposal": "designation-proposals/{body}/{seat}/{proposal}",
        "agreement": "agreements/{agreement.path}",
        "ratified_by": "agreements/{ratified_by.path}",
    },
    asks=("on",),
    computed={"state": _in_state},
    tell=_designated,
    whole=_whole,
    adds=("standing", "credentials"),
)


# -- what will expire --------------------------------------------------------------------------------------------------


def expiring(cursor: Reader, filters: Filters, window: Window, on: date, days: int) -> Listing:
    """Return the designations that hold their seats on a day and whose terms end within so many days (C4).

    Each with the days left, the notice that was given and its answer, and the proposals for its seat that are pending.
    """
    around = replace(filters, date_from=on, date_to=on + timedelta(days=days + 2))

    def ending(row: Row) -> bool:
        ends = parse_written(row["ends_at"])
        return row["cause"] is None and days_left(ends, on) <= days and "days_left" in standing_on(row, on)

    rows, following = scan(cursor, _ENDING, around, window, lambda rows: list(filter(ending, rows)))
    shown = _designated(cursor, rows, on)
    told = {row["id"]: row for row in rows_where(cursor, NOTICES, "id", [row["id"] for row in rows])}
    asked = rows_where(cursor, PROPOSALS, "seat", sorted({row["seat"] for row in rows}), ["created_index"])
    pending = [each for each in asked if each["phase"] in {"proposed", "validated"}]
    for row, found in zip(rows, shown, strict=True):
        notice = told.get(row["id"])
        found["notice"] = None if notice is None else _notice(notice)
        found["proposals"] = [
            {"id": f"{API}/designation-proposals/{each['id']}", "phase": each["phase"], "renews": each["renews"]}
            for each in pending
            if (each["body"], each["seat"]) == (row["body"], row["seat"])
        ]
    return Listing(shown, following)


def _notice(row: Row) -> Object:
    return {
        "id": f"{API}/expiry-notices/{row['id']}",
        "organization": row["organization"],
        "oficio": row["oficio"],
        "index": row["created_index"],
        "answer": row["answer"],
    }


# -- proposals, hearings, notices --------------------------------------------------------------------------------------


PROPOSAL = Kind(
    "designation-proposal",
    "designation-proposals",
    PROPOSALS,
    links={"designation": "designations/{body}/{seat}/{designation}", "renewed": "designations/{body}/{seat}/{renews}"},
)
HEARING = Kind(
    "removal-hearing",
    "removal-hearings",
    HEARINGS,
    links={"designation": "designations/{id}", "vote": "votes/{vote.path}"},
)
NOTICE = Kind("expiry-notice", "expiry-notices", NOTICES)


# -- credentials -------------------------------------------------------------------------------------------------------


def _carried(cursor: Reader, rows: list[Row], at: datetime) -> list[Object]:
    told = shown(cursor, CREDENTIAL, rows)
    holders = [row["id"].rpartition("/")[0] for row in rows]
    held = {row["id"]: row for row in rows_where(cursor, DESIGNATIONS, "id", holders)}
    for row, holder, found in zip(rows, holders, told, strict=True):
        of = standing(_credential_state(row), designation_state(held[holder]), at)
        standing_at: Object = {"valid": of.valid}
        if of.reason is not None:
            standing_at["reason"] = of.reason
        if of.since is not None:
            standing_at["since"] = write_instant(of.since)
        found["standing"] = standing_at
        found["links"]["designation"] = f"{API}/designations/{holder}"
    return told


def _credential_state(row: Row) -> CredentialState:
    """Return the credential as the rules know it, so that they say whether it is valid."""
    return CredentialState(
        version=row["version"],
        index=row["modified_index"],
        statement=row["statement"],
        office=row["office"],
        last_at=parse_written(row["occurred_at"]),
        phase=row["phase"],
        issued_at=_instant(row["issued_at"]),
        issued_index=row["issued_index"],
        valid_to=_instant(row["valid_to"]),
        revoked_at=_instant(row["revoked_at"]),
        replaced_by=row["replaced_by"],
    )


def _instant(text: Any) -> datetime | None:
    return None if text is None else parse_written(text)


CREDENTIAL = Kind(
    "credential",
    "credentials",
    CREDENTIALS,
    hidden=frozenset({"valid_until"}),
    links={"verification": "credentials/{id}/verification"},
    asks=("at",),
    tell=_carried,
    adds=("standing",),
)
_ENDING = replace(DESIGNATION, day="ends")
