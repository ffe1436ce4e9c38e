"""Acts made by hand for tests of the store: the append function checks no signature, so none is made here.

Written with `json` and not with `ledger.statement`, so that a mistake there does not hide one here.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ledger.crypto.disclosure import digest
from ledger.statement import SignedAct, Statement
from ledger.store.submission import SealedRow, Submission

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIGIN = "actas.prueba.example/acervo"
KEYID = hashlib.sha256(b"a key").hexdigest()
ZEROS = "0" * 64


def jcs(value: Any) -> bytes:
    """Return JCS of a value that has ASCII keys, strings, integers and containers only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(raw: bytes) -> str:
    """Return the SHA-256 in lower-case hex."""
    return hashlib.sha256(raw).hexdigest()


def statement(stream: str, version: int, prev: str, /, **changes: Any) -> bytes:
    """Return the bytes of a statement; `changes` replaces keys."""
    fields = {
        "basis": {},
        "data": {},
        "ledger": ORIGIN,
        "occurred_at": "2026-03-01T10:00:00-06:00",
        "office": "ledger",
        "prev": prev,
        "sealed": {},
        "signed_at": "2026-03-01T10:00:00-06:00",
        "signer": KEYID,
        "stream": stream,
        "type": "ThingNoted/1",
        "version": version,
    }
    return jcs({**fields, **changes})


def founding(**changes: Any) -> bytes:
    """Return the statement of entry 0."""
    return statement("ledger", 1, ZEROS, **{"type": "LedgerFounded/1", **changes})


@dataclass
class Writer:
    """Composes statements in sequence as a client would: it remembers what it wrote."""

    founded: str
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)

    def next(self, stream: str, **changes: Any) -> bytes:
        """Return the next statement of `stream` and take it as written."""
        version, prev = self.heads.get(stream, (0, self.founded))
        raw = statement(stream, version + 1, prev, **changes)
        self.heads[stream] = (version + 1, sha256(raw))
        return raw


ALWAYS = datetime(1, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def act(raw: bytes) -> SignedAct:
    """Return a statement with a signature of the right size."""
    return SignedAct(Statement.parse(raw), b"s" * 64)


def submission(*raws: bytes, guards: Mapping[str, int] | None = None, **changes: Any) -> Submission:
    """Return a submission of these statements, good at all times."""
    fields: dict[str, Any] = {"not_before": ALWAYS, "not_after": NEVER, **changes}
    return Submission(tuple(map(act, raws)), dict(guards or {}), **fields)


def sealed(name: str, text: str, data_key: str = "k1") -> SealedRow:
    """Return a vault row for the disclosure `text`; its ciphertext is no ciphertext."""
    return SealedRow(name, digest(text), data_key, b"n" * 12, text[::-1].encode())
