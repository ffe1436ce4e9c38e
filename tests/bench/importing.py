"""Import: six years of a real parliament's roll calls, checked by the ledger's own rules, row by row."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from api.importers.command import import_folder
from api.importers.mexico import convert
from ledger.store.vault import Vault
from tests.bench.council import Chronicle
from tests.bench.harness import Bench, Figure, Section
from tests.bench.submitting import ledger_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from api.importers.mexico import Counts
    from ledger.application import Ledger, Recorded
    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from tests.bench.server import Server

DATA = Path("shared/data/mexico-diputados-LX-LXI")
DAYS, QUICK_DAYS = 40, 4
TITLE = "Import"


@dataclass(frozen=True, slots=True)
class _Host:
    """What an import needs of a running system."""

    store: LedgerStore
    vault: Vault
    ledger: Ledger

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Record acts."""
        return self.ledger.submit(acts)


def data_folder() -> Path | None:
    """Return the data set beside the repository or one of its worktrees, None where it is not."""
    return next((p / DATA for p in Path(__file__).resolve().parents if (p / DATA).is_dir()), None)


def measure(bench: Bench, server: Server) -> Section:
    """Import the first session days into an empty ledger again and again, and try it dry."""
    source = data_folder()
    if source is None:
        bench.say(f"SKIPPED: {TITLE}: no ../{DATA} beside the repository")
        return Section(TITLE, f"**Skipped**: `../{DATA}` is not here.", [])
    folder = bench.directory / "plain"
    counts = convert(source, folder, days=QUICK_DAYS if bench.quick else DAYS)
    bench.say(f"{counts.marks} marks of {counts.votes} votes converted")
    number = itertools.count()

    def contender(*, dry: bool) -> Callable[[], float]:
        return lambda: _import(server, folder, bench.directory / f"import-{next(number)}", counts, dry=dry)

    found = bench.compete({"import": contender(dry=False), "dry run": contender(dry=True)})
    figures = [
        Figure("imported, durable and in the tree", found["import"], "rows/s"),
        Figure("a dry run of the same", found["dry run"], "rows/s"),
    ]
    return Section(TITLE, _about(counts), figures)


def _import(server: Server, folder: Path, vault: Path, counts: Counts, *, dry: bool) -> float:
    """Import into a fresh ledger; return rows per second.

    Raises:
        RuntimeError: Not all marks were taken.
    """
    with ledger_of(server, vault) as (ledger, store, _):
        chronicle = Chronicle(ledger.submit)
        chronicle.town.found()
        began = time.perf_counter()
        report = import_folder(_Host(store, Vault(store, vault), ledger), folder, chronicle.town.founder, dry_run=dry)
        elapsed = time.perf_counter() - began
    if report.taken["marks"] != counts.marks:
        raise RuntimeError(f"not all marks were taken: {report.as_json()}")
    return report.taken.total() / elapsed


def _about(counts: Counts) -> str:
    return (
        f"The first {counts.sessions} session days of `../{DATA}` in the plain format: {counts.mandates:,} mandates, "
        f"{counts.votes:,} votes, {counts.marks:,} marks, into a ledger that has its founding only. Publications are "
        "in the time, and every result is computed from the marks. A row is a line of the CSV files: a mandate is "
        "three acts and more, a roll call of 500 marks is one."
    )
