"""Periodic reports, and their content computed again out of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from ledger.reporting import Fact, content, sha256_of
from projections.queries.base import API, Kind, find_row, shown
from projections.reports import REPORTS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader

_FACTS = sql.SQL(
    "SELECT entry_index, body, day, what, key, said FROM registry.report_facts WHERE entry_index <= %s AND (body = %s "
    "OR body IN (SELECT body FROM registry.report_facts WHERE what = 'body' AND said ->> 'parent' = %s)) "
    "ORDER BY entry_index"
)
"""A fact is written once and is of one entry, so that those up to an index are those that were known then."""


def _told(cursor: Reader, rows: list[Row]) -> list[Object]:
    found = shown(cursor, REPORT, rows)
    for row, one in zip(rows, found, strict=True):
        one["links"] |= {
            f"session_{n}": f"{API}/sessions/{noted['session']}" for n, noted in enumerate(row["presented"], 1)
        }
    return found


REPORT = Kind("report", "reports", REPORTS, links={"content": "reports/{id}/content"}, tell=_told)


def computed(cursor: Reader, body: str, report_kind: str, period: str, as_of: int) -> Object:
    """Return what a report of a kind says on a period as of an index, and the hash that its acts would bind."""
    rows = cursor.execute(_FACTS, (as_of, body, body)).fetchall()
    said = content((Fact(*row) for row in rows), body, report_kind, period, as_of)
    return {"type": "report-content", "content": said, "content_sha256": sha256_of(said)}


def compared(cursor: Reader, key: str) -> Object | None:
    """Return a report's content, computed again, and whether it is what was signed; None where there is none."""
    row = find_row(cursor, REPORT, key)
    if row is None:
        return None
    found = computed(cursor, row["body"], row["report_kind"], row["period"], row["as_of"])
    found |= {"id": f"{API}/reports/{key}/content", "signed_sha256": row["content_sha256"]}
    return found | {"matches": found["content_sha256"] == row["content_sha256"]}
