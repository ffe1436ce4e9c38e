"""Proofs that travel: the text of c2sp.org/tlog-proof@v1 (format §7).

::

    c2sp.org/tlog-proof@v1
    extra <base64>            (optional)
    index <n>
    <base64 hash>             (none or more, leaf side first)

    <checkpoint, verbatim>
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.crypto.merkle import HASH_SIZE, MAX_PROOF_HASHES, verify_inclusion
from ledger.crypto.note import MAX_NOTE_BYTES, Checkpoint, Note, Verifier, open_checkpoint, parse_size
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "c2sp.org/tlog-proof@v1"
MAX_EXTRA_BYTES = 65_535
"""`extra` is an entry here, and no entry is longer."""
MAX_PROOF_BYTES = 4 * 1024 + 2 * MAX_EXTRA_BYTES + MAX_NOTE_BYTES


@dataclass(frozen=True, slots=True)
class Proof:
    """That the leaf ``index`` is in the tree of a checkpoint; parsed, not yet verified.

    Attributes:
        index: The leaf's place, from 0.
        hashes: Inclusion proof, leaf side first, 32 bytes each.
        note: The signed checkpoint, verbatim.
        extra: Whatever travels with it; not authenticated by the proof's form.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: str
    extra: bytes | None = None

    def format(self) -> str:
        """Write the proof."""
        lines = [HEADER]
        if self.extra is not None:
            lines.append(f"extra {encode_base64(self.extra)}")
        lines.append(f"index {self.index}")
        lines.extend(encode_base64(h) for h in self.hashes)
        return "\n".join((*lines, "", self.note))

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Read a proof strictly; its note is parsed too, but no signature is checked.

        Raises:
            UntrustedInputError: ``proof-malformed`` or what notes and base64 raise.
        """
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n", MAX_PROOF_HASHES + 3)
        if len(text) > MAX_PROOF_BYTES or not blank or lines.pop(0) != HEADER:
            raise UntrustedInputError("proof-malformed", f"not «{HEADER}», or too long")
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = decode_base64(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise UntrustedInputError("proof-malformed", "no index line")
        index = parse_size(lines.pop(0).removeprefix("index "))
        if len(lines) > MAX_PROOF_HASHES or (extra is not None and len(extra) > MAX_EXTRA_BYTES):
            raise UntrustedInputError("proof-malformed", "too many hashes, or too large an extra")
        proof = cls(index, tuple(decode_base64(line, HASH_SIZE) for line in lines), note, extra)
        if Checkpoint.parse(Note.parse(note).text).size <= index:
            raise UntrustedInputError("proof-malformed", f"index {index} is not in the checkpoint's tree")
        if proof.format() != text:  # pragma: no cover  each part was read strictly; this is the second lock
            raise UntrustedInputError("proof-malformed", "not in the form in which it would be written")
        return proof

    def verify(
        self, leaf: bytes, logs: Iterable[Verifier], witnesses: Iterable[Verifier] = ()
    ) -> tuple[Checkpoint, dict[Verifier, int | None]]:
        """Check the checkpoint's signatures and that the leaf with this hash is in its tree.

        Args:
            leaf: Hash of the leaf.
            logs: Trusted keys of the log.
            witnesses: Keys of witnesses, as in :func:`open_checkpoint`.

        Raises:
            UntrustedInputError: ``checkpoint-not-signed``, ``note-signature-invalid``,
            ``inclusion-not-proved``.
        """
        checkpoint, signed = open_checkpoint(self.note, logs, witnesses)
        verify_inclusion(leaf, self.index, checkpoint.size, self.hashes, checkpoint.root)
        return checkpoint, dict(signed)
