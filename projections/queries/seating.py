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
from projections.queries.base import API, Kind, Listing, Window, cut, find_row, rows_where, select, show, texts_of
from projections.queries.bodies import designation_state, provisional_on
from projections.queries.people import DESIGNATION
from projections.seating import CREDENTIALS, HEARINGS, NOTICES, PROPOSALS

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.base import Row
    from projections.queries.base import Filters, Object, Place, Reader

PROPOSAL = Kind("designation-proposal", "designation-proposals", PROPOSALS)
HEARING = Kind("removal-hearing", "removal-hearings", HEARINGS)
NOTICE = Kind("expiry-notice", "expiry-notices", NOTICES)
CREDENTIAL = Kind("credential", "credentials", CREDENTIALS, hidden=frozenset({"valid_until"}))
_ENDING = replace(DESIGNATION, day="ends")
_PART = 200
"""Rows that are looked at together where only some of them are wanted."""


# -- designations as of a day ------------------------------------------------------------------------------------------


def standing_on(row: Row, on: date) -> Object:
    """Return how a designation stands on a day.

    `state`: future, provisional, in-force, on-leave, expired, or the cause for which it ended. `days_left` until the
    day in which the term ends, or at whose beginning it does, while it lasts.
    """
    held = designation_state(row)
    found: Object = {"on": on.isoformat(), "state": _state(row, on)}
    if held.ends_at is not None and found["state"] in {"provisional", "in-force", "on-leave"}:
        found["days_left"] = days_left(held.ends_at, on)
    return found


def _state(row: Row, on: date) -> str:
    held = designation_state(row)
    if not in_force_on(replace(held, leaves=()), on):
        return "future" if held.begins_at.date() > on and held.cause is None else held.cause or "expired"
    if not in_force_on(held, on):
        return "on-leave"
    return "provisional" if provisional_on(row, on) else "in-force"


def designation(cursor: Reader, key: str, on: date) -> Object | None:
    """Return a designation `body/seat/number` with its standing on a day, its notice, hearing and credentials."""
    row = find_row(cursor, DESIGNATION, key)
    if row is None:
        return None
    found = _designated(cursor, [row], on)[0]
    own = [each["id"] for each in rows_where(cursor, CREDENTIALS, "body", row["body"], ["credential"])]
    found["credentials"] = [f"{API}/credentials/{each}" for each in own if each.rpartition("/")[0] == key]
    for name, kind in (("expiry_notice", NOTICE), ("hearing", HEARING)):
        if find_row(cursor, kind, key) is not None:
            found["links"][name] = f"{API}/{kind.path}/{key}"
    return found


def designations(cursor: Reader, filters: Filters, window: Window, on: date, state: str | None) -> Listing:
    """Return a part of the list of designations with their standing on a day; `state` gives those that stand so."""
    rows, following = _matching(
        cursor, DESIGNATION, filters, window, lambda row: state is None or _state(row, on) == state
    )
    return Listing(_designated(cursor, rows, on), following)


def _designated(cursor: Reader, rows: list[Row], on: date) -> list[Object]:
    texts = texts_of(cursor, rows)
    shown = []
    for row in rows:
        found = show(DESIGNATION, row, texts) | {"standing": standing_on(row, on)}
        if row["proposal"] is not None:
            found["links"]["proposal"] = f"{API}/designation-proposals/{row['body']}/{row['seat']}/{row['proposal']}"
        for name, column in (("agreement", "agreement"), ("ratified_by", "ratified_by")):
            if row[column] is not None:
                found["links"][name] = f"{API}/agreements/{row[column].partition('/')[2]}"
        shown.append(found)
    return shown


def _matching(
    cursor: Reader, kind: Kind, filters: Filters, window: Window, wanted: Callable[[Row], bool]
) -> tuple[list[Row], Place | None]:
    """Return a part of the rows that are wanted, and the place of the last where more follow."""
    found: list[Row] = []
    after = window.after
    while len(found) <= window.limit:
        part, following = select(cursor, kind, filters, Window(after, max(_PART, window.limit)))
        found += [row for row in part if wanted(row)]
        if following is None:
            break
        after = following
    return cut(found, window.limit, "created_index", "id")


# -- what will expire --------------------------------------------------------------------------------------------------


def expiring(cursor: Reader, filters: Filters, window: Window, on: date, days: int) -> Listing:
    """Return the designations that hold their seats on a day and whose terms end within so many days (C4).

    Each with the days left, the notice that was given and its answer, and the proposals for its seat that are pending.
    """
    around = replace(filters, date_from=on, date_to=on + timedelta(days=days + 2))

    def wanted(row: Row) -> bool:
        ends = parse_written(row["ends_at"])
        return row["cause"] is None and days_left(ends, on) <= days and "days_left" in standing_on(row, on)

    rows, following = _matching(cursor, _ENDING, around, window, wanted)
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


def proposal(cursor: Reader, key: str) -> Object | None:
    """Return a proposal `body/seat/n`, None where there is none."""
    row = find_row(cursor, PROPOSAL, key)
    if row is None:
        return None
    found = show(PROPOSAL, row, texts_of(cursor, [row]))
    for name, column in (("designation", "designation"), ("renewed", "renews")):
        if row[column] is not None:
            found["links"][name] = f"{API}/designations/{row['body']}/{row['seat']}/{row[column]}"
    return found


def hearing(cursor: Reader, key: str) -> Object | None:
    """Return the removal of who holds a seat by a designation, with the way to the vote that decided it."""
    row = find_row(cursor, HEARING, key)
    if row is None:
        return None
    found = show(HEARING, row, texts_of(cursor, [row]))
    found["links"]["designation"] = f"{API}/designations/{key}"
    if row["vote"] is not None:
        found["links"]["vote"] = f"{API}/votes/{row['vote'].partition('/')[2]}"
    return found


# -- credentials -------------------------------------------------------------------------------------------------------


def credential(cursor: Reader, key: str, at: datetime) -> Object | None:
    """Return a credential `body/seat/designation/n` with its standing at an instant, None where there is none."""
    row = find_row(cursor, CREDENTIAL, key)
    return None if row is None else _carried(cursor, [row], at)[0]


def credentials(cursor: Reader, filters: Filters, window: Window, at: datetime) -> Listing:
    """Return a part of the list of credentials with their standing at an instant."""
    rows, following = select(cursor, CREDENTIAL, filters, window)
    return Listing(_carried(cursor, rows, at), following)


def _carried(cursor: Reader, rows: list[Row], at: datetime) -> list[Object]:
    texts = texts_of(cursor, rows)
    holders = [row["id"].rpartition("/")[0] for row in rows]
    held = {row["id"]: row for row in rows_where(cursor, DESIGNATIONS, "id", holders)}
    shown = []
    for row, holder in zip(rows, holders, strict=True):
        of = standing(_credential_state(row), designation_state(held[holder]), at)
        told: Object = {"valid": of.valid}
        if of.reason is not None:
            told["reason"] = of.reason
        if of.since is not None:
            told["since"] = write_instant(of.since)
        found = show(CREDENTIAL, row, texts) | {"standing": told}
        found["links"]["designation"] = f"{API}/designations/{holder}"
        found["links"]["verification"] = f"{API}/credentials/{row['id']}/verification"
        shown.append(found)
    return shown


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


__all__ = [
    "CREDENTIAL",
    "HEARING",
    "NOTICE",
    "PROPOSAL",
    "credential",
    "credentials",
    "designation",
    "designations",
    "expiring",
    "hearing",
    "proposal",
    "standing_on",
]
