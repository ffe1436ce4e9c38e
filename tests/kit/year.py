"""The demo year told to a ledger in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from api.actas import ActaDesk
from api.demo.year.teller import Teller
from ledger.application import Ledger
from ledger.crypto.merkle import leaf_hash, root_of
from tests.kit.memory import MemoryStore, MemoryVault
from tests.kit.settled import ORIGIN, SeededKeys

if TYPE_CHECKING:
    from datetime import datetime


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
        desk = ActaDesk(self.store, self.vault, self.ledger.state, self._salt)
        self.teller = Teller(
            ORIGIN,
            self.ledger.submit,
            self._set_clock,
            SeededKeys(),
            lambda name: f"p-{name}",
            desk,
            self._checkpoint,
            salt=self._salt,
        )

    def _checkpoint(self) -> tuple[int, str]:
        return len(self.store.raws), root_of([leaf_hash(raw) for raw in self.store.raws]).hex()

    def _set_clock(self, instant: datetime) -> None:
        self.store.set_clock(instant)

    def _salt(self) -> bytes:
        self._salts += 1
        return self._salts.to_bytes(16, "big")
