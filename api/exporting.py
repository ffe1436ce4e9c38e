"""Exports out of the running ledger: the published log as files, and evidence bundles with what was published."""

from __future__ import annotations

import tempfile
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from api.system import checkpoint_size
from ledger.acts.transparency import TextPublished
from ledger.crypto.merkle import leaf_hash
from ledger.crypto.note import Checkpoint, Note
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

BLOCK = "block/"


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


class Handed(NamedTuple):
    """What an act says of a bundle that was handed over (`EvidenceBundleExported/1`).

    manifest_sha256: of its MANIFEST.json, in hex. size, root: of the checkpoint in it; the root in hex.
    """

    manifest_sha256: str
    size: int
    root: str


def handed(path: Path) -> Handed:
    """Return what is to be said of a bundle that was written to `path`."""
    with zipfile.ZipFile(path) as bundle:
        manifest, note = bundle.read("MANIFEST.json"), bundle.read("checkpoint")
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    return Handed(sha256(manifest).hexdigest(), checkpoint.size, checkpoint.root.hex())


def published(system: System) -> Iterator[Opened]:
    """Yield the disclosures that `TextPublished` acts opened and nobody erased.

    Of an acta of which some blocks are withheld, the list of all leaf hashes goes along, so that the opened ones can
    be checked against the root that was signed (format.md §3).
    """
    for stream in system.store.streams_below("publication/"):
        acts = [signed_of(Entry.parse(raw)).act for raw in system.store.stream(stream)]
        opening = [act for act in acts if isinstance(act, TextPublished)]
        if not opening:
            continue
        index = opening[0].index
        texts = system.vault.disclosures(index)
        everything = any(not act.names for act in opening)
        names = set(texts) if everything else {name for act in opening for name in act.names} & set(texts)
        blocks = [name for name in texts if name.startswith(BLOCK)]
        if any(name in names for name in blocks) and not names.issuperset(blocks):
            blocks.sort(key=lambda name: int(name.removeprefix(BLOCK)))
            yield Opened(index, "", "", tuple(leaf_hash(texts[name].encode("ascii")).hex() for name in blocks))
        for name in sorted(names):
            yield Opened(index, name, texts[name])
