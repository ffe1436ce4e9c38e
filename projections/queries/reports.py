"""Periodic reports, and their content computed again out of the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from ledger.reporting import Fact, content, sha256_of
from projections.queries.base import API, Kind, Listing, find_row, select, show, texts_of
from projections.reports import REPORTS

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Object, Reader, Texts, Window

REPORT = Kind("report", "reports", REPORTS)
_FACTS = sql.SQL(
    "SELECT entry_index, body, day, what, key, said FROM registry.report_facts WHERE entry_index <= %s AND (body = %s "
    "OR body IN (SELECT body FROM registry.report_facts WHERE what = 'body' AND said ->> 'parent' = %s)) "
    "ORDER BY entry_index"
)
"""A fact is written once and is of one entry, so that those up to an index are those that were known then."""


def report(cursor: Reader, key: str) -> Object | None:
    """Return a report `body/kind/period/number`, None where there is none."""
    row = find_row(cursor, REPORT, key)
    return None if row is None else _report(row, texts_of(cursor, [row]))


def reports(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of reports."""
    rows, following = select(cursor, REPORT, filters, window)
    texts = texts_of(cursor, rows)
    return Listing([_report(row, texts) for row in rows], following)


def _report(row: Row, texts: Texts) -> Object:
    found = show(REPORT, row, texts)
    found["links"]["content"] = f"{API}/reports/{row['id']}/content"
    found["links"] |= {
        f"session_{n}": f"{API}/sessions/{noted['session']}" for n, noted in enumerate(row["presented"], 1)
    }
    return found


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
