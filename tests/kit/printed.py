"""The demo year in memory with a press: documents of every kind without a database."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from api.demo.year import script
from api.documents import Press
from api.documents.evidence import Proved
from api.documents.layout import layout_in
from ledger.log.policy import Policy
from ledger.receipts import make_receipts
from tests.kit.log import MemoryLog
from tests.kit.settled import ORIGIN
from tests.kit.year import YearInMemory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.crypto.note import Signer

ADDRESS = "https://actas.idss.example"


@cache
def told_year() -> YearInMemory:
    """Return the demo year, told once a process; nobody adds to it."""
    year = YearInMemory()
    script.tell(year.teller)
    return year


@cache
def year_log() -> MemoryLog:
    """Return the tree over the year's entries."""
    return MemoryLog(told_year().store.raws, ORIGIN)


def year_key() -> Signer:
    """Return the key that signs the year's checkpoints."""
    from ledger.crypto.note import Signer

    return Signer(ORIGIN, b"\3" * 32)


def prove(entries: Mapping[int, bytes]) -> Proved:
    """Prove entries of the year under a checkpoint over just those that are needed."""
    note = year_log().checkpoint(max(entries) + 1, year_key())
    proofs = {each.index: each.format() for each in make_receipts(entries, note, year_log())}
    policy = Policy(((year_key().verifier, ""),))
    return Proved(policy.format().encode(), note, proofs)


def year_press(templates: Path | None = None) -> Press:
    """Return a press for the year."""
    year = told_year()
    return Press(
        year.store,
        year.vault,
        year.ledger.state,
        ORIGIN,
        ADDRESS,
        layout_in(templates),
        fictitious=True,
        prove=prove,
    )
