"""What `acervo import` does, for the command line and for tests."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from api.importers import columbus, mexico, peru
from api.importers.engine import Importer
from api.importers.plain import PlainFolder
from api.importers.standing import Standing
from api.importers.targets import DryRun, Live
from ledger.clock import written_now

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from api.importers.report import Report
    from ledger.application import Ledger, Recorded
    from ledger.compose import Officer
    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from ledger.store.vault import Vault


class Host(Protocol):
    """What an import needs of the running system."""

    @property
    def store(self) -> LedgerStore:
        """The ledger's tables."""

    @property
    def vault(self) -> Vault:
        """What opens sealed values."""

    @property
    def ledger(self) -> Ledger:
        """What knows states."""

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Record acts."""


def import_folder(
    host: Host,
    path: Path,
    officer: Officer,
    *,
    dry_run: bool = False,
    publish: bool = True,
    progress: Callable[[int, int], object] = lambda _done, _all: None,
    founding: Callable[[DryRun], object] = lambda _rehearsal: None,
) -> Report:
    """Import a folder of the plain format.

    Args:
        host: The running system.
        path: The folder.
        officer: Who signs: a founding officer or a registrar, with his key and office.
        dry_run: Apply every rule, record nothing.
        publish: Open the imported texts at once.
        progress: Told how many rows of how many are worked off.
        founding: Founds the ledger in a dry run on an empty one.

    Raises:
        UntrustedInputError: The folder cannot be read; nothing was recorded, unless the code is
            "plain-too-many-bad-rows".
        RuleViolation: The officer may not import; nothing was recorded.
        StoreError: The ledger cannot record; doing it again goes on where this stopped.
    """
    folder = PlainFolder(path)
    rehearsal = DryRun(host.store, host.ledger.origin)
    founding(rehearsal)
    importer = Importer(
        folder,
        rehearsal if dry_run else Live(host.ledger, host.store, host.vault, host.submit),
        Standing(host.store, host.vault, host.store.size()),
        officer,
        written_now,
        dry_run=dry_run,
        publish=publish,
        progress=progress,
    )
    importer.check_office(rehearsal)
    return importer.run()


def import_source(
    convert: Callable[..., object],
    host: Host,
    path: Path,
    officer: Officer,
    *,
    days: int | None = None,
    **options: Any,
) -> Report:
    """Convert a known data set into the plain format and import that; as `import_folder`.

    Args:
        convert: Writes the plain folder: `convert(source, target, days=…)`.
        host: As there.
        path: The data set's folder.
        officer: As there.
        days: Only the first so many session days.
        options: As there.

    Raises:
        UntrustedInputError: "source-unknown", and as there.
    """
    with tempfile.TemporaryDirectory(prefix="acervo-import-") as scratch:
        convert(path, Path(scratch), days=days)
        return import_folder(host, Path(scratch), officer, **options)


import_mexico = partial(import_source, mexico.convert)
import_peru = partial(import_source, peru.convert)
import_columbus = partial(import_source, columbus.convert)
SOURCES: Mapping[str, Callable[..., Report]] = {
    "plain": import_folder,
    "mexico-diputados": import_mexico,
    "peru-pleno": import_peru,
    "columbus": import_columbus,
}
"""What can be imported, by the form it is in."""
