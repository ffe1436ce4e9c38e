"""Filling a ledger quickly, as only a superuser can: rows that the functions find consistent, past the functions.

Needed to measure a large ledger without waiting for a million appends. The tree over the filled entries is a true one,
computed by the server, so that proofs against it verify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from ledger.crypto.merkle import fold
from ledger.crypto.note import Checkpoint
from tests.bench.council import ORIGIN
from tests.bench.logbook import LOG_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.log.reader import LogReader
    from ledger.statement import Entry

# An entry of the size of a ballot's, in a stream of its own; what it says is never read by an append or a proof.
_ENTRIES = """
INSERT INTO ledger.entries (originator_id, originator_version, topic, state, notification_id)
SELECT 'ballot/hcd/2025/ord/' || i / 12 || '/1/obrero-' || i %% 12, 1, 'BallotCast/1',
  convert_to(repeat(md5(i::text), 44) || i, 'UTF8'), i + 1
FROM generate_series(%(start)s::bigint, %(end)s::bigint - 1) AS i"""
_STREAMS = """
INSERT INTO ledger.streams (stream, version, statement_sha256, last_index)
SELECT originator_id, 1, sha256(state), notification_id - 1 FROM ledger.entries WHERE notification_id > %(start)s"""
_LEAVES = """
INSERT INTO ledger.nodes (level, idx, hash)
SELECT 0, notification_id - 1, sha256('\\x00'::bytea || state) FROM ledger.entries WHERE notification_id > %(start)s"""
_LEVEL = """
INSERT INTO ledger.nodes (level, idx, hash)
SELECT %(level)s::int, l.idx / 2, sha256('\\x01'::bytea || l.hash || r.hash)
FROM ledger.nodes l JOIN ledger.nodes r ON r.level = l.level AND r.idx = l.idx + 1
WHERE l.level = %(level)s::int - 1 AND l.idx %% 2 = 0
ON CONFLICT DO NOTHING"""
_HEAD = "UPDATE ledger.head SET size = %(end)s"
_COPY = "COPY ledger.entries (originator_id, originator_version, topic, state, notification_id) FROM STDIN"


def fill(admin_url: str, end: int) -> None:
    """Bring a ledger that has its first entries to `end` entries of filler, with streams, tree and head."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")  # the triggers refuse everybody
        row = connection.execute("SELECT size FROM ledger.head").fetchone()
        places = {"start": row[0] if row else 0, "end": end}
        for statement in (_ENTRIES, _STREAMS, _LEAVES):
            connection.execute(statement, places)
        level = 1
        while end >> level:
            connection.execute(_LEVEL, {"level": level})
            level += 1
        connection.execute(_HEAD, places)
    tidy(admin_url)


def load(admin_url: str, entries: Iterable[Entry]) -> int:
    """Write entries into an empty ledger, without streams and tree; return how many: enough for who only reads them."""
    size = 0
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        with cursor.copy(_COPY) as copy:
            for entry in entries:
                statement = entry.act.statement
                copy.write_row((statement.stream, statement.version, statement.type, entry.raw, entry.index + 1))
                size = entry.index + 1
        cursor.execute("UPDATE ledger.head SET size = %s, recorded_at = clock_timestamp()", (size,))
    tidy(admin_url)
    return size


def tidy(admin_url: str) -> None:
    """Do now what autovacuum would do in the middle of a measurement."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def checkpoint(reader: LogReader) -> str:
    """Return a checkpoint of all that there is, signed with the measurements' own key."""
    head = reader.head(0, 0)
    return Checkpoint(ORIGIN, head.size, fold(list(head.peaks))).sign(LOG_KEY)
