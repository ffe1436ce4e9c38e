"""Which stored PDF is the last signed state of a printed paper (migrations/0210). Working state, no evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, LiteralString

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.store.store import LedgerStore

_STATES: LiteralString = """
SELECT DISTINCT ON (base) base, sha256, fields FROM desk.papers WHERE kind = %s AND key = %s
ORDER BY base, cardinality(fields) DESC, kept_at DESC"""
_ISSUED: LiteralString = """
SELECT sha256, fields FROM desk.papers WHERE kind = %s AND key = %s
ORDER BY cardinality(fields) DESC, kept_at DESC LIMIT 1"""
_KEEP: LiteralString = """
INSERT INTO desk.papers (after, base, sha256, kind, key, fields)
SELECT %(after)s, %(base)s, %(sha256)s, %(kind)s, %(key)s, %(fields)s
WHERE NOT EXISTS (SELECT FROM desk.papers WHERE kind = %(kind)s AND key = %(key)s AND base <> ALL (%(seen)s))
ON CONFLICT (after) DO NOTHING RETURNING after"""
_KEPT: LiteralString = "SELECT sha256 FROM desk.papers WHERE after = %s"


@dataclass(frozen=True, slots=True)
class Kept:
    """A signed PDF: under which hash it lies among the documents, and which places are signed in it."""

    sha256: str
    fields: tuple[str, ...]


class Papers:
    """The signed PDFs of one ledger; thread-safe.

    Args:
        store: The ledger's tables.
    """

    def __init__(self, store: LedgerStore) -> None:
        self._store = store

    def states(self, kind: str, key: str) -> dict[str, Kept]:
        """Return the last signed state of each print of a document, by the SHA-256 of the printed bytes."""
        rows = self._store.query(_STATES, (kind, key))
        return {base: Kept(digest, tuple(fields)) for base, digest, fields in rows}

    def issued(self, kind: str, key: str) -> Kept | None:
        """Return the signed PDF of a document with the most signatures, however its pages would be printed today."""
        rows = self._store.query(_ISSUED, (kind, key))
        return Kept(rows[0][0], tuple(rows[0][1])) if rows else None

    def keep(self, kind: str, key: str, *, base: str, after: str, kept: Kept, seen: Collection[str] = ()) -> bool:
        """Keep that a PDF was signed; tell whether it is, and not another signature of the same state.

        Args:
            kind: Of the document.
            key: What it is of.
            base: SHA-256 of the printed bytes.
            after: SHA-256 of the PDF that was signed.
            kept: What came of it.
            seen: The prints that were known to be signed; where another is signed meanwhile, this one is not kept.
        """
        named = {"kind": kind, "key": key, "base": base, "after": after, "seen": [base, *seen]}
        self._store.query(_KEEP, named | {"sha256": kept.sha256, "fields": list(kept.fields)})
        return self._store.query(_KEPT, (after,)) == [(kept.sha256,)]
