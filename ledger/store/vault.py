"""The vault: sealed values closed with AES-256-GCM under a data key per subject (format.md §8).

Ciphertexts are rows of the ledger's database, written by the append function in the act's own transaction. Data keys
are files elsewhere (data_keys.py). To erase is to destroy the data key; that the row goes too is tidiness.

Erasing, step by step, and what a kill at each leaves:
    1  a new data key for what the subject keeps       nothing has happened yet
    2  the announcement, durable                       the next erase() does the rest
    3  one transaction: kept values under the new key, the others emptied    the same
    4  the old data key destroyed                      done
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from cryptography.exceptions import InvalidTag

from ledger.errors import StoreError
from ledger.store.data_keys import NONCE_BYTES, DataKeys
from ledger.store.submission import SealedRow

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from ledger.store.store import StoredSealed

COPIES_EXPIRE_DAYS = 30
"""Copies of the data-key store are kept this long and no longer; operations must keep the promise."""


class Rows(Protocol):
    """What the vault needs of the ledger's store."""

    def sealed_of(self, index: int) -> Sequence[StoredSealed]:
        """Return the sealed values of an act."""

    def sealed_by_digest(self, digest: str) -> StoredSealed | None:
        """Return the sealed value with this digest."""

    def sealed_under(self, data_key: str) -> Sequence[StoredSealed]:
        """Return the sealed values that a data key closes."""

    def erase_rows(self, data_key: str, kept: Sequence[SealedRow] = ()) -> list[str]:
        """Empty the rows under a data key but those that come closed anew."""


class Vault:
    """Closes and opens sealed values, and erases them.

    Args:
        rows: The ledger's store.
        directory: `<data>/vault`, of mode 0700; made when missing.
        copies_expire_days: After so many days no copy of the data keys exists any more.
    """

    def __init__(self, rows: Rows, directory: Path, *, copies_expire_days: int = COPIES_EXPIRE_DAYS) -> None:
        self._rows = rows
        self.keys = DataKeys(directory)
        self.copies_expire_days = copies_expire_days

    def irrecoverable_on(self, erased_on: date) -> date:
        """Return the day from which an erasure of that day cannot be undone from copies."""
        return erased_on + timedelta(days=self.copies_expire_days)

    def prepare(self, subjects: Iterable[str]) -> None:
        """Have the data keys of many subjects ready, as somebody does who is about to record many acts.

        A key that then closes nothing does no harm.
        """
        self.keys.prepare(subjects)

    def seal(self, subject: str, name: str, digest: str, text: str) -> SealedRow:
        """Encrypt a disclosure under the subject's data key, which is durable when this returns.

        Args:
            subject: Whose key: `person/<id>` or the act's stream.
            name: The disclosure's name.
            digest: Its digest; the ciphertext is bound to it.
            text: The ASCII disclosure.
        """
        return self._close(self.keys.current(subject), name, digest, text)

    def open(self, row: StoredSealed) -> str:
        """Return the disclosure of a row.

        Raises:
            StoreError: "disclosure-erased"; "disclosure-unreadable" when row and key do not belong together.
        """
        if row.nonce is None or row.ciphertext is None or not self.keys.exists(row.data_key):
            raise StoreError("disclosure-erased", row.digest)
        try:
            plain = self.keys.open(row.data_key).decrypt(row.nonce, row.ciphertext, _bound(row.digest))
        except (InvalidTag, ValueError) as error:
            raise StoreError("disclosure-unreadable", row.digest) from error
        return plain.decode("ascii")

    def disclosures(self, index: int) -> dict[str, str]:
        """Return the disclosures of the act at `index` by name; erased ones are left out."""
        return {row.name: self.open(row) for row in self._rows.sealed_of(index) if self._is_open(row)}

    def disclosure(self, digest: str) -> str | None:
        """Return the disclosure with this digest, None when it is unknown or was erased."""
        row = self._rows.sealed_by_digest(digest)
        return self.open(row) if row is not None and self._is_open(row) else None

    def erase(self, digests: Collection[str] = ()) -> list[str]:
        """Erase values, and again what a restored database or key store has brought back; call it before serving.

        What lies under the same key and stays is closed anew under a new key; the old key is destroyed.

        Args:
            digests: Those that `PersonalDataErased` acts name: the ledger remembers where a copy of the key store
                does not.

        Returns:
            The digests of what was erased now, those already erased left out.
        """
        digests, erased = frozenset(digests), list[str]()
        for key_id, kept in self.keys.announced():
            erased += self._rows.erase_rows(key_id, kept)
            self.keys.destroy(key_id)
        for digest in digests:
            row = self._rows.sealed_by_digest(digest)
            if row is not None and row.ciphertext is not None:
                erased += self._erase_under(row.data_key, digests)
        return erased

    def _erase_under(self, key_id: str, digests: Collection[str]) -> list[str]:
        rows = [row for row in self._rows.sealed_under(key_id) if row.ciphertext is not None]
        kept = [row for row in rows if row.digest not in digests]
        fresh = self.keys.fresh(f"kept/{key_id}") if kept else ""
        return self._destroy(key_id, [self._close(fresh, row.name, row.digest, self.open(row)) for row in kept])

    def _destroy(self, key_id: str, kept: Sequence[SealedRow]) -> list[str]:
        staying = {row.digest for row in kept}
        rows = self._rows.sealed_under(key_id)
        gone = [row.digest for row in rows if row.ciphertext is not None and row.digest not in staying]
        self.keys.announce(key_id, kept, gone)
        erased = self._rows.erase_rows(key_id, kept)
        self.keys.destroy(key_id)
        return erased

    def _is_open(self, row: StoredSealed) -> bool:
        return row.ciphertext is not None and self.keys.exists(row.data_key)

    def _close(self, key_id: str, name: str, digest: str, text: str) -> SealedRow:
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = self.keys.open(key_id).encrypt(nonce, text.encode("ascii"), _bound(digest))
        return SealedRow(name, digest, key_id, nonce, ciphertext)


def _bound(digest: str) -> bytes:
    return b"acervo/disclosure/1\n" + digest.encode()
