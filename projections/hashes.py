"""Which act has a statement of this SHA-256, or names a document of this SHA-256 in a text that was published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.rows import tuple_row

from ledger.domain.registry import AGGREGATES
from projections.base import Registry, Table

if TYPE_CHECKING:
    from psycopg import Connection

    from ledger.domain.world import Signed
    from projections.page import Page

HASHES = Table("statement_hashes", ("entry_index", "statement"), ("entry_index",), born="entry_index")
_FIND: LiteralString = """
SELECT entry_index FROM registry.statement_hashes WHERE statement = %(digest)s
UNION ALL
SELECT entry_index FROM registry.published_texts WHERE value ? 'sha256' AND value ->> 'sha256' = %(digest)s
ORDER BY 1 LIMIT 1"""


def handle(page: Page, signed: Signed) -> None:
    """Note the act's hash."""
    page.add(HASHES, [(signed.index, signed.statement.sha256)])


def index_of(connection: Connection[Any], digest: str) -> int | None:
    """Return the index of the first act that has or names the SHA-256 (hex), None where there is none."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_FIND, {"digest": digest}).fetchone()
    return None if row is None else row[0]


REGISTRY = Registry("hashes", (HASHES,), dict.fromkeys(AGGREGATES), handle)
