"""Where the auditor's sheets get their entries, and the folder that they are written into."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from api.exporting import policy_of
from api.exports.sheets import index, page
from ledger.auditing import tell, write
from ledger.auditing.written import DESCRIPTION, description
from ledger.errors import UntrustedInputError
from ledger.log.policy import Policy
from ledger.log.tiles import TILE_WIDTH, parse_bundle
from ledger.verify.bundle import Bundle
from ledger.verify.trust import load_trust

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.system import System
    from ledger.auditing import Told

SUMS = "SHA256SUMS"


def told_by_database(
    system: System, size: int | None, names: Sequence[str], progress: Callable[[int, int], None]
) -> Told:
    """Tell the entries of a running ledger's newest checkpoint.

    Raises:
        NotSealedError: The signer gives none.
        UntrustedInputError: As `ledger.auditing.tell`.
    """
    stands = system.size()
    if size is not None and size > stands:
        raise UntrustedInputError("size-beyond-tree", f"{size} > {stands}")
    head, _ = policy_of(system).open(system.checkpoint(stands if size is None else size))

    def entries(n: int) -> Sequence[bytes]:
        return system.entries(n * TILE_WIDTH, min(TILE_WIDTH, head.size - n * TILE_WIDTH))

    return tell(entries, head, size, names, progress)


def told_by_bundle(
    path: Path, policy: Path | None, size: int | None, names: Sequence[str], progress: Callable[[int, int], None]
) -> Told:
    """Tell the entries of an evidence bundle or an exported log: no database, no network.

    Args:
        path: Where it lies.
        policy: Whose signatures count on its checkpoint; its own policy where it is None.
        size: How many entries; None all.
        names: Which sheets.
        progress: Told how far it is.

    Raises:
        UntrustedInputError: "not-a-history" of an excerpt; what is wrong with the files, the signature or the tree.
    """
    with Bundle.open(path) as bundle:
        if bundle.form == "excerpt":
            raise UntrustedInputError("not-a-history", path.name)
        trusted = load_trust(policy, None, ()).policy or Policy.parse(bundle.policy())
        head, _ = trusted.open(bundle.checkpoint())

        def entries(n: int) -> Sequence[bytes]:
            width = min(TILE_WIDTH, head.size - n * TILE_WIDTH)
            return parse_bundle(bundle.entry_bundle(n, head.size), width)

        return tell(entries, head, size, names, progress)


def write_sheets(told: Told, directory: Path) -> list[tuple[str, str]]:
    """Write the sheets into a new or empty folder: CSV and page of each, an index, `sheets.json` and `SHA256SUMS`.

    Returns:
        SHA-256 in hex and name of each CSV file.

    Raises:
        UntrustedInputError: "directory-not-empty".
    """
    directory.mkdir(parents=True, exist_ok=True)
    if any(directory.iterdir()):
        raise UntrustedInputError("directory-not-empty", directory.name)
    written = write(told)
    files = {f"{each.name}.csv": each.csv for each in written}
    files |= {f"{each.name}.html": page(told, each) for each in written}
    files |= {"index.html": index(told, written), DESCRIPTION: description(told, written)}
    sums = [f"{sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items())]
    for name, content in files.items():
        (directory / name).write_bytes(content)
    (directory / SUMS).write_text("".join(sums), encoding="ascii")
    return [(each.sha256, f"{each.name}.csv") for each in written]
