"""V11 in place: every sealed value against the digest that was signed, the vault's keys against its own journal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from ledger.acts.acta import ActaDrafted
from ledger.crypto import disclosure
from ledger.crypto.disclosure import block_name, block_root
from ledger.errors import AcervoError, UntrustedInputError
from ledger.statement import Entry
from ledger.store.store import StoredSealed
from ledger.verify.outcome import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ledger.statement import Statement
    from ledger.store.check.spool import Spooled
    from ledger.store.check.tables import SealedTableRow, Tables
    from ledger.store.vault import Vault

TABLE = "ledger.disclosures"


class SealedCheck:
    """Compares the table of sealed values with the entries.

    Args:
        tables: What is read.
        spooled: What the entries said: which values were erased.
        vault: Opens what is closed; without it, only places and digests are compared.
        outcome: Gets counts and findings.
    """

    def __init__(self, tables: Tables, spooled: Spooled, vault: Vault | None, outcome: Outcome) -> None:
        self._tables = tables
        self._erased = spooled.erased
        self._size = spooled.size
        self._vault = vault
        self._outcome = outcome
        self._destroyed = {} if vault is None else vault.keys.erased()
        self._step = outcome.steps[11]

    def run(self, entries: Iterable[bytes]) -> None:
        """Go through entries and rows side by side.

        Args:
            entries: The entries in order, empty where one is missing.
        """
        if self._vault is None:
            self._step.not_checked("vault-absent")
        groups: Iterator[tuple[int, list[SealedTableRow]]] = (
            (index, list(rows)) for index, rows in groupby(self._tables.sealed(), key=lambda row: row.entry_index)
        )
        group = next(groups, None)
        for index, raw in enumerate(entries):
            while group is not None and group[0] < index:
                self._stray(group[1])
                group = next(groups, None)
            rows: list[SealedTableRow] = []
            if group is not None and group[0] == index:
                rows = group[1]
                group = next(groups, None)
            self._entry(index, raw, rows)
        while group is not None:
            self._stray(group[1])
            group = next(groups, None)

    def _entry(self, index: int, raw: bytes, rows: list[SealedTableRow]) -> None:
        try:
            statement = Entry.parse(raw).act.statement
        except UntrustedInputError:
            return  # V6 has said so; whether its values belong to it cannot be known
        if not rows and not statement.sealed and statement.type != ActaDrafted.type_name:
            return
        blocks = _blocks(statement)
        wanted = {*statement.sealed, *blocks}
        texts: dict[str, str] = {}
        for row in rows:
            self._step.checked("rows")
            if row.name not in wanted or statement.sealed.get(row.name, row.digest) != row.digest:
                self._find("row-stray", row)
                continue
            wanted.discard(row.name)
            text = self._open(row)
            if text is not None:
                texts[row.name] = text
        for name in sorted(wanted):
            self._outcome.find(Finding(11, "disclosure-lost", index, detail=f"{TABLE} {name}"))
        if blocks and texts.keys() >= set(blocks):
            self._check_root(index, statement.data, [texts[name] for name in blocks])

    def _check_root(self, index: int, data: Mapping[str, object], texts: list[str]) -> None:
        if block_root(texts) != data.get("root"):
            self._outcome.find(Finding(11, "blocks-root", index, detail=TABLE))
        self._step.checked("blocks", len(texts))

    def _open(self, row: SealedTableRow) -> str | None:
        """Return the text of a row that is what it must be; None where it is erased, not openable or wrong."""
        if row.nonce is None or row.ciphertext is None:
            self._check_erased(row)
            return None
        if self._vault is None:
            return None
        stored = StoredSealed(row.entry_index, row.name, row.digest, row.data_key, row.nonce, row.ciphertext)
        try:
            text = self._vault.open(stored)
            if disclosure.digest(text) != row.digest or disclosure.parse(text).name != row.name:
                raise UntrustedInputError("disclosure-digest", row.digest)
        except (AcervoError, UnicodeDecodeError) as error:
            # A value whose act says that it was erased, and whose key is gone: the row is only not tidied up yet.
            if getattr(error, "code", "") != "disclosure-erased" or row.digest not in self._erased:
                self._find("row-differs", row)
            return None
        self._step.checked("values")
        if self._erased.get(row.digest) == (row.entry_index, row.name):
            self._find("erasure-undone", row)
        return text

    def _check_erased(self, row: SealedTableRow) -> None:
        """Check that an act says that the value was erased, and the vault's journal under which key."""
        emptied = row.nonce is None and row.ciphertext is None
        said = self._erased.get(row.digest) == (row.entry_index, row.name)
        closed_under = row.data_key if self._vault is None else self._destroyed.get(row.digest)
        if not emptied or not said or closed_under != row.data_key:
            self._find("row-differs", row)
        self._step.checked("erased")

    def _stray(self, rows: list[SealedTableRow]) -> None:
        for row in rows:
            self._find("row-stray", row)

    def _find(self, code: str, row: SealedTableRow) -> None:
        detail = f"{TABLE} {row.name} {row.digest}"[:200]
        self._outcome.find(Finding(11, code, row.entry_index, detail=detail))


def _blocks(statement: Statement) -> list[str]:
    """Return the names of an acta's blocks, which the data commit by one root."""
    count = statement.data.get("blocks") if statement.type == ActaDrafted.type_name else 0
    return [block_name(number) for number in range(1, count + 1)] if type(count) is int else []
