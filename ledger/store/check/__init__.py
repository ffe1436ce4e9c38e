"""`acervo check`: the database in place (format.md §10, §12).

The verifier's V3–V12 over the entries as they stand in the tables, every derived row compared with what the entries
say, and the tree compared with checkpoints from outside of the database: what the signer remembers, what was
published, what somebody kept. Nothing is written, and nothing that the database says of itself is believed.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import EMPTY_ROOT
from ledger.crypto.note import Checkpoint
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.store.check.rows import (
    check_checkpoints,
    check_clock,
    check_founding,
    check_guards,
    check_head,
    check_streams,
)
from ledger.store.check.sealed import SealedCheck
from ledger.store.check.spool import Spooler
from ledger.store.check.tables import Tables, open_tables
from ledger.verify.bundle import Bundle
from ledger.verify.checks import Head, Keys, collect_older, look_for_keys, verify_history
from ledger.verify.outcome import Finding, Outcome
from ledger.verify.pool import bundles_of, parts
from ledger.verify.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.log.errors import SignerRefusedError
    from ledger.log.policy import Policy
    from ledger.store.vault import Vault

__all__ = ["Outside", "Tables", "check_database", "check_tables", "open_tables"]


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known from outside of the database.

    Attributes:
        origin: The ledger's name.
        policy: Whose signatures count on checkpoints.
        remembered: Checkpoints with a name to speak of each: the signer's memory, the published one, others.
        stored: Notes that the signer says it has put into the database.
        founding: SHA-256 in hex of the founding statement, where somebody kept it.
        refusal: Why the signer refuses to sign, where it does.
    """

    origin: str
    policy: Policy
    remembered: Sequence[tuple[str, bytes]]
    stored: Sequence[bytes] = field(default=())
    founding: str | None = None
    refusal: SignerRefusedError | None = None


def check_database(
    url: str,
    outside: Outside,
    vault: Vault | None,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Outcome:
    """Check the database of `url`; it may be written meanwhile.

    Args:
        url: Of the application's role or any that may read.
        outside: What is known from elsewhere.
        vault: Opens sealed values, to be compared with their digests; None leaves that out and says so.
        jobs: Worker processes for signatures; see `ledger.verify.pool.parts`.
        progress: Told how many entries of how many are read.

    Raises:
        StoreError: "database-unreachable", "database-refused".
    """
    with open_tables(url) as tables:
        return check_tables(tables, outside, vault, jobs=jobs, progress=progress)


def check_tables(
    tables: Tables,
    outside: Outside,
    vault: Vault | None,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Outcome:
    """Check tables that are open already; as `check_database`."""
    outcome = Outcome(facts={"form": "database"})
    with tempfile.TemporaryDirectory(prefix="acervo-check-") as name:
        directory = Path(name)
        (directory / "checkpoint").touch()
        (directory / "tile").mkdir()
        check_guards(tables, outcome)
        spooled = Spooler(tables, directory, outcome, progress).run()
        check_founding(tables, spooled, outcome)
        check_head(tables, spooled, outcome)
        check_streams(tables, spooled, outcome)
        check_clock(tables, spooled, outcome)
        own = check_checkpoints(tables.checkpoints(), outside.stored, outcome)
        root = spooled.root if spooled.size else EMPTY_ROOT
        _verify(directory, Checkpoint(outside.origin, spooled.size, root), outside, own, outcome, jobs=jobs)
        # The spooled log brings no opened values; the table is looked at instead.
        outcome.steps[11].unchecked.clear()
        SealedCheck(tables, spooled, vault, outcome).run(_spooled_entries(directory, spooled.size))
    if outside.refusal is not None:
        outcome.find(Finding(5, outside.refusal.code, detail=outside.refusal.detail[:200]))
    return outcome


def _verify(
    directory: Path,
    tree: Checkpoint,
    outside: Outside,
    own: Sequence[tuple[str, bytes]],
    outcome: Outcome,
    *,
    jobs: int | None,
) -> None:
    """V2–V12 over the spooled log, whose head is the database's own and so not believed."""
    outcome.facts |= {"origin": tree.origin, "root": encode_base64(tree.root), "size": tree.size}
    if tree.size == 0:
        _verify_empty(outside, outcome)
        return
    trust = Trust(outside.policy, outside.founding, [*outside.remembered, *own])
    head = Head(tree, outside.policy, {})
    with Bundle.open(directory) as bundle:
        collect_older(bundle, trust, head, outcome)
        if not outside.remembered:
            outcome.steps[5].not_checked("no-older-checkpoint")
        outcome.steps[2].checked("checkpoints", len(outside.remembered) + len(own))
        outcome.facts["signed_size"] = max((checkpoint.size for _, checkpoint, _ in head.older), default=0)
        keys = Keys()
        for name in bundle.archive.names:
            look_for_keys(bundle, name, keys)
        source = parts(bundle, bundles_of(tree.size), (tree.size, tree.origin), keys.spkis, jobs)
        verify_history(bundle, trust, head, outcome, source)


def _verify_empty(outside: Outside, outcome: Outcome) -> None:
    """A ledger without entries: nothing may ever have been signed."""
    for name, note in outside.remembered:
        checkpoint, _ = outside.policy.open(note)
        outcome.steps[5].checked("checkpoints")
        if checkpoint.size:
            outcome.find(Finding(5, "log-shrunk", 0, name, f"{checkpoint.size} > 0"))
    for number in (2, 6, 7, 8, 9, 10):
        outcome.steps[number].not_checked("empty-ledger")


def _spooled_entries(directory: Path, size: int) -> Iterator[bytes]:
    if size == 0:
        return
    with Bundle.open(directory) as bundle:
        for n in bundles_of(size):
            yield from parse_bundle(bundle.entry_bundle(n, size), min(TILE_WIDTH, size - n * TILE_WIDTH))
