"""Exports out of the running ledger: the published log as files, and evidence bundles with what was published."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from api.system import checkpoint_size
from ledger.acts.transparency import TextPublished
from ledger.domain.replay import signed_of
from ledger.log.export import export_log
from ledger.log.policy import Policy
from ledger.statement import Entry
from ledger.verify.bundle import Opened
from ledger.verify.write import Extras, write_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from api.system import System
    from ledger.log.export import Exported


def policy_of(system: System) -> Policy:
    """Return the policy that a stranger needs to check this log: its keys, and its witnesses where it has any."""
    if system.settings.witness_policy is not None:
        return Policy.parse(system.settings.witness_policy.read_bytes())
    url = system.settings.public_url or ""
    return Policy(tuple((key, url) for key in system.keys))


def export_log_to(system: System, directory: Path, progress: Callable[[int, int], None]) -> Exported:
    """Write the log up to a fresh checkpoint into a directory.

    Raises:
        NotSealedError: the signer gives no checkpoint.
        LogDamagedError: the database does not hold what was signed.
    """
    note = system.checkpoint(system.size())
    return export_log(system.log, directory, note, policy_of(system), progress)


def export_bundle(system: System, path: Path, older: Sequence[bytes], progress: Callable[[int, int], None]) -> None:
    """Write a bundle of the whole ledger, with the disclosures that acts published.

    Args:
        system: Whose ledger.
        path: The new file.
        older: Signed checkpoints of earlier days.
        progress: Told how many tiles of how many are done.

    Raises:
        FileExistsError: `path` is there.
    """
    with tempfile.TemporaryDirectory(prefix="acervo-", dir=path.absolute().parent) as scratch:
        log = Path(scratch) / "log"
        export_log_to(system, log, progress)
        earlier = [(checkpoint_size(note.decode()), note) for note in older]
        write_bundle(path, log, older=earlier, extras=Extras(disclosures=published(system)))


def published(system: System) -> Iterator[Opened]:
    """Yield the disclosures that `TextPublished` acts opened and nobody erased."""
    for stream in system.store.streams_below("publication/"):
        for raw in system.store.stream(stream):
            act = signed_of(Entry.parse(raw)).act
            if not isinstance(act, TextPublished):
                continue
            for name, text in sorted(system.vault.disclosures(act.index).items()):
                if not act.names or name in act.names:
                    yield Opened(act.index, name, text)
