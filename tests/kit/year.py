"""The demo year told to a ledger in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from api.actas import ActaDesk
from api.demo.year.outside import Index
from api.demo.year.teller import Teller
from api.exporting import Handed
from ledger.application import Ledger
from ledger.crypto.merkle import leaf_hash, root_of
from tests.kit.memory import MemoryStore, MemoryVault
from tests.kit.settled import ORIGIN, SeededKeys

if TYPE_CHECKING:
    from ledger.compose import Officer


@dataclass
class Nobody:
    """The world beside a ledger in memory: nobody keeps anything."""

    ledger: MemoryStore

    def checkpoint(self) -> tuple[int, str]:
        """Return the size and root of all that stands."""
        return len(self.ledger.raws), root_of([leaf_hash(raw) for raw in self.ledger.raws]).hex()

    def store(self, officer: Officer, content: bytes, digest: str) -> None:
        """Keep nothing; the document is what its hash says."""
        assert officer.key is not None
        assert sha256(content).hexdigest() == digest

    def keep_checkpoint(self, day: str) -> None:
        """Keep nothing."""

    def hand_over(self, name: str) -> Handed:
        """Return what would be said of a bundle."""
        return Handed(sha256(name.encode()).hexdigest(), *self.checkpoint())

    def reserved_index(self, on: str) -> Index:
        """Return an index that no registry has computed."""
        return Index(len(self.ledger.raws), sha256(on.encode()).hexdigest(), 1)


@dataclass
class YearInMemory:
    """A ledger in memory with a teller who speaks to it."""

    store: MemoryStore = field(default_factory=MemoryStore)
    vault: MemoryVault = field(init=False)
    ledger: Ledger = field(init=False)
    teller: Teller = field(init=False)
    _salts: int = 0

    def __post_init__(self) -> None:
        """Set everything up."""
        self.vault = MemoryVault(store=self.store)
        self.ledger = Ledger(self.store, self.vault, ORIGIN)
        self.teller = Teller(
            ORIGIN,
            self.ledger.submit,
            self.store.set_clock,
            SeededKeys(),
            lambda name: f"p-{name}",
            ActaDesk(self.store, self.vault, self.ledger.state, self._salt),
            Nobody(self.store),
            salt=self._salt,
        )

    def _salt(self) -> bytes:
        self._salts += 1
        return self._salts.to_bytes(16, "big")
