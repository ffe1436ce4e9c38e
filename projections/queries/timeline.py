"""The acts about an object, and which key signed in which office from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql

from ledger.ids import write_recorded
from projections.people import DESIGNATIONS, KEYS
from projections.queries.base import API, Listing, rows_where
from projections.queries.people import KEY
from projections.queries.rows import find_row
from projections.timeline import ACT_OBJECTS, TOLD_ACTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.base import Row, Table
    from projections.queries.base import Object, Reader, Window

_OF_KEY = ("person", "purpose", "phase", "usable_index", "revoked_index", "reason", "compromised_from")
_OF_DESIGNATION = ("body", "seat", "number", "person", "capacity", "begins_at", "ends_at", "cause")


def timeline(cursor: Reader, kind: str, path: str, window: Window) -> Listing | None:
    """Return a part of the acts about an object, in the order of the log; None where no act is.

    Each with its relation to the object: `own` of its stream, `part` of something that is a part of it, `named` by the
    act's data or basis.
    """
    found = _page(cursor, ACT_OBJECTS, {"kind": kind, "path": path}, window, ("entry_index", "relation"))
    if not found and window.after is None:
        return None
    shown = found[: window.limit]
    acts = {row["entry_index"]: row for row in rows_where(cursor, TOLD_ACTS, "entry_index", [at for at, _ in shown])}
    data = [_act(acts[index]) | {"relation": relation} for index, relation in shown]
    return Listing(data, (shown[-1][0], "") if len(found) > window.limit else None)


def signed_by(cursor: Reader, keyid: str, office: str | None, window: Window) -> Listing | None:
    """Return a part of the acts that a key signed, in one office or in all; None where there is no such key."""
    if find_row(cursor, KEY, keyid) is None:
        return None
    found = _page(cursor, TOLD_ACTS, {"signer": keyid, "office": office}, window, TOLD_ACTS.columns)
    rows = [dict(zip(TOLD_ACTS.columns, each, strict=True)) for each in found[: window.limit]]
    following = (rows[-1]["entry_index"], "") if len(found) > window.limit else None
    return Listing([_act(row) for row in rows], following)


def _page(
    cursor: Reader, table: Table, equal: Mapping[str, str | None], window: Window, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return rows in the order of the log, one more than asked where more follow."""
    wanted = {column: value for column, value in equal.items() if value is not None}
    after = -1 if window.after is None else window.after[0]
    conditions = [*_equal(cursor, table, wanted), sql.SQL("live.entry_index > %s"), *cursor.existing(table)]
    query = sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY live.entry_index LIMIT {}").format(
        sql.SQL(", ").join(cursor.column(table, name) for name in columns),
        cursor.source(table),
        sql.SQL(" AND ").join(conditions),
        sql.Literal(window.limit + 1),
    )
    return cursor.execute(query, [*wanted.values(), after]).fetchall()


def _equal(cursor: Reader, table: Table, wanted: Mapping[str, str]) -> list[sql.Composable]:
    return [sql.SQL("{} = %s").format(cursor.column(table, column)) for column in wanted]


def _act(row: Row) -> Object:
    index = row["entry_index"]
    return {
        "id": f"{API}/acts/{index}",
        "type": "act-told",
        "index": index,
        "act": row["type"],
        "stream": row["stream"],
        "version": row["version"],
        "occurred_at": row["occurred_at"],
        "recorded_at": write_recorded(row["recorded"]),
        "voice": {"kind": row["voice"], "signer": row["signer"], "office": row["office"]},
        "links": {"act": f"{API}/acts/{index}", "proof": f"{API}/acts/{index}/proof"},
    }


# -- keys and authority ------------------------------------------------------------------------------------------------


def authority(cursor: Reader, keyid: str | None, office: str | None, window: Window) -> Listing:
    """Return a part of the pairs of key and office in which acts were signed, in the order of their first acts.

    Each with its first and last act, how many there are, what is known of the key, and where the office is a
    designation, whose it is and for how long.
    """
    wanted = {name: value for name, value in (("signer", keyid), ("office", office)) if value is not None}
    conditions = [*_equal(cursor, TOLD_ACTS, wanted), *cursor.existing(TOLD_ACTS)]
    query = sql.SQL(
        "SELECT live.signer, live.office, min(live.entry_index) AS first, max(live.entry_index), count(*)"
        " FROM {}{} GROUP BY live.signer, live.office HAVING min(live.entry_index) > %s ORDER BY first LIMIT {}"
    ).format(
        cursor.source(TOLD_ACTS),
        sql.SQL(" WHERE {}").format(sql.SQL(" AND ").join(conditions)) if conditions else sql.SQL(""),
        sql.Literal(window.limit + 1),
    )
    after = -1 if window.after is None else window.after[0]
    found = cursor.execute(query, [*wanted.values(), after]).fetchall()
    rows = found[: window.limit]
    following = (rows[-1][2], "") if len(found) > window.limit else None
    return Listing(_offices(cursor, rows), following)


def _offices(cursor: Reader, rows: Sequence[tuple[Any, ...]]) -> list[Object]:
    ends = rows_where(cursor, TOLD_ACTS, "entry_index", sorted({index for _, _, *two, _ in rows for index in two}))
    acts = {row["entry_index"]: row for row in ends}
    keys = {row["id"]: row for row in rows_where(cursor, KEYS, "id", sorted({row[0] for row in rows}))}
    held = [office.removeprefix("designation/") for _, office, *_ in rows if office.startswith("designation/")]
    designations = {f"designation/{row['id']}": row for row in rows_where(cursor, DESIGNATIONS, "id", sorted(held))}
    return [_office(row, acts, keys.get(row[0]), designations.get(row[1])) for row in rows]


def _office(row: tuple[Any, ...], acts: Mapping[int, Row], key: Row | None, designation: Row | None) -> Object:
    keyid, office, first, last, count = row
    said: Object = {
        "type": "authority",
        "keyid": keyid,
        "office": office,
        "acts": count,
        "first_index": first,
        "first_recorded_at": write_recorded(acts[first]["recorded"]),
        "last_index": last,
        "last_recorded_at": write_recorded(acts[last]["recorded"]),
        "links": {"key": f"{API}/keys/{keyid}", "acts": f"{API}/keys/{keyid}/acts?office={office}"},
    }
    if key is not None:
        said["key"] = _some(key, _OF_KEY)
    if designation is not None:
        said["designation"] = _some(designation, _OF_DESIGNATION)
        said["links"]["designation"] = f"{API}/designations/{designation['id']}"
    return said


def _some(row: Row, names: Sequence[str]) -> Object:
    return {name: row[name] for name in names if row[name] is not None}
