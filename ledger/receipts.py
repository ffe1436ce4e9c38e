"""Receipts: entry, inclusion proof and signed checkpoint in one `.tlog-proof` text (format §1.4, §7).

Whoever keeps the text can prove for ever, without Acervo, that the act was recorded at that place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ledger.crypto.merkle import fold, inclusion_coords, leaf_hash, verify_inclusion
from ledger.crypto.note import Checkpoint, Note, Verifier
from ledger.errors import UntrustedInputError
from ledger.log.errors import LogDamagedError
from ledger.log.proof import Proof
from ledger.log.reader import node_hashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.log.reader import LogReader


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the submitter of an act gets back.

    Attributes:
        index: The entry's index.
        entry: The entry's bytes, as stored.
        proof: Inclusion proof, leaf side first.
        checkpoint: The signed checkpoint, verbatim.
    """

    index: int
    entry: bytes
    proof: tuple[bytes, ...]
    checkpoint: str

    def format(self) -> str:
        """Write it as a tlog-proof whose `extra` is the entry."""
        return Proof(self.index, self.proof, self.checkpoint, self.entry).format()

    @classmethod
    def parse(cls, text: str) -> Receipt:
        """Read a receipt strictly; nothing is verified yet.

        Raises:
            UntrustedInputError: ``receipt-without-entry``, or what :meth:`Proof.parse` raises.
        """
        proof = Proof.parse(text)
        if proof.extra is None:
            raise UntrustedInputError("receipt-without-entry", "the proof has no `extra` with the entry")
        return cls(proof.index, proof.extra, proof.hashes, proof.note)

    def verify(
        self, logs: Iterable[Verifier], witnesses: Iterable[Verifier] = ()
    ) -> tuple[Checkpoint, dict[Verifier, int | None]]:
        """Check that the entry is in the tree of a checkpoint signed by a trusted key.

        Raises:
            UntrustedInputError: as :meth:`Proof.verify`.
        """
        proof = Proof(self.index, self.proof, self.checkpoint)
        return proof.verify(leaf_hash(self.entry), logs, witnesses)


class Proofs(NamedTuple):
    """Inclusion proofs of entries in the tree of a size, as the nodes say that are there; nothing is checked yet.

    Attributes:
        size: Leaves of the tree.
        hashes: By index, leaf side first.
    """

    size: int
    hashes: Mapping[int, tuple[bytes, ...]]


def find_proofs(indexes: Iterable[int], size: int, reader: LogReader) -> Proofs:
    """Fold the proofs of entries in a tree, with one read of the nodes for all of them.

    Raises:
        LogDamagedError: ``node-missing``.
        ValueError: An index is not in the tree.
    """
    plans = {index: inclusion_coords(index, size) for index in indexes}
    nodes = node_hashes(reader, {coord for plan in plans.values() for group in plan for coord in group})
    return Proofs(size, {i: tuple(fold([nodes[c] for c in group]) for group in plan) for i, plan in plans.items()})


def make_receipts(
    entries: Mapping[int, bytes], checkpoint: str, reader: LogReader, proofs: Proofs | None = None
) -> list[Receipt]:
    """Make the receipts of entries, with one read of the nodes for all of them.

    Args:
        entries: Bytes by index.
        checkpoint: A signed checkpoint whose tree has them all, from the signer.
        reader: Gives the nodes.
        proofs: What `find_proofs` found for these entries before the checkpoint was there; they are found anew
            where its tree is of another size.

    Returns:
        One receipt per entry, in the order of ``entries``. Each is checked against the checkpoint's root
        before it is given out: a receipt that would not verify never leaves.

    Raises:
        LogDamagedError: ``root-differs`` or ``node-missing``: the nodes are not those that the signer has
        signed.
        ValueError: An index is not in the checkpoint's tree.
    """
    head = Checkpoint.parse(Note.parse(checkpoint).text)
    if proofs is None or proofs.size != head.size:
        proofs = find_proofs(entries, head.size, reader)
    receipts = []
    for index, entry in entries.items():
        hashes = proofs.hashes[index]
        try:
            verify_inclusion(leaf_hash(entry), index, head.size, hashes, head.root)
        except UntrustedInputError as error:
            raise LogDamagedError("root-differs", f"entry {index} or a node above it was changed") from error
        receipts.append(Receipt(index, entry, hashes, checkpoint))
    return receipts
