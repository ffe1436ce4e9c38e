"""The Merkle tree of RFC 9162 §2.1: hashes, peaks, proofs and their checks (format §6).

Nothing here reads or writes anything: proofs are made from a function that gives the hash of a *complete*
subtree by its coordinates, whoever stores it. A node at ``(level, idx)`` covers the leaves
``[idx * 2**level, (idx + 1) * 2**level)``; level 0 holds the leaf hashes. Nodes that are not complete are
never stored, they are folded from complete ones.

Hashes are 32 bytes; sizes and indexes are counts of leaves, at most ``MAX_TREE_SIZE``.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HASH_SIZE = 32
MAX_TREE_SIZE = 2**53 - 1
"""Largest tree: an index must be an integer that JCS can write (format §2)."""
MAX_PROOF_HASHES = 63
"""No proof is longer (c2sp.org/tlog-witness); a tree of ``MAX_TREE_SIZE`` leaves needs at most 54."""
EMPTY_ROOT = sha256(b"").digest()

Coord: TypeAlias = tuple[int, int]
"""``(level, idx)`` of a complete subtree."""
NodeReader: TypeAlias = "Callable[[int, int], bytes]"
"""Gives the 32-byte hash of the complete subtree at ``(level, idx)``."""


def leaf_hash(entry: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ entry), the hash of a leaf (RFC 9162 §2.1.1)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right), the hash of an inner node (RFC 9162 §2.1.1)."""
    return sha256(b"\x01" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Join complete subtrees of falling height, left to right, into the hash of the range that they cover.

    Args:
        hashes: The subtrees' hashes; none at all gives the root of the empty tree.
    """
    if not hashes:
        return EMPTY_ROOT
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result


def cover(start: int, end: int) -> list[Coord]:
    """List the complete subtrees that make up ``[start, end)``, left to right, of falling height.

    ``start`` must be a multiple of the largest power of two that fits into the range; every range that occurs
    in a proof is of this form.
    """
    coords = []
    while start < end:
        level = (end - start).bit_length() - 1
        coords.append((level, start >> level))
        start += 1 << level
    return coords


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root of a whole tree from its leaf hashes, in order."""
    peaks = Peaks()
    for leaf in leaf_hashes:
        peaks.append(leaf)
    return peaks.root()


class Peaks:
    """A tree's size and its complete subtrees from left to right: all that is needed to go on appending.

    Attributes:
        size: Number of leaves.
        hashes: One hash for each one-bit of ``size``, the highest subtree first.
    """

    __slots__ = ("hashes", "size")

    def __init__(self, size: int = 0, hashes: Iterable[bytes] = ()) -> None:
        self.size = size
        self.hashes = list(hashes)
        if not 0 <= size <= MAX_TREE_SIZE or len(self.hashes) != size.bit_count():
            raise UntrustedInputError("peaks-malformed", f"{len(self.hashes)} peaks cannot make a tree of size {size}")
        if any(len(h) != HASH_SIZE for h in self.hashes):
            raise UntrustedInputError("peaks-malformed", "a peak is not 32 bytes long")

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash and return the nodes that it completed, itself first, as ``(level, idx, hash)``."""
        level, idx = 0, self.size
        completed = [(0, idx, leaf)]
        while idx & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            level, idx = level + 1, idx >> 1
            completed.append((level, idx, leaf))
        self.hashes.append(leaf)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """Return the tree's root."""
        return fold(self.hashes)

    def copy(self) -> Peaks:
        """Return an independent copy, so that a caller may try an append and drop it."""
        return Peaks(self.size, self.hashes)

    def to_json(self) -> dict[str, Any]:
        """Return ``{"peaks": [base64, …], "size": n}``."""
        return {"peaks": [encode_base64(h) for h in self.hashes], "size": self.size}

    @classmethod
    def from_json(cls, value: Any) -> Peaks:
        """Read what :meth:`to_json` wrote.

        Raises:
            UntrustedInputError: ``peaks-malformed``, whatever is wrong with it.
        """
        match value:
            case {"peaks": list(peaks), "size": int(size), **rest} if (
                not rest and not isinstance(size, bool) and all(isinstance(p, str) for p in peaks)
            ):
                return cls(size, [decode_base64(p, HASH_SIZE) for p in peaks])
        raise UntrustedInputError("peaks-malformed", "not an object of peaks and size")


def inclusion_coords(index: int, size: int) -> list[list[Coord]]:
    """Say which stored nodes an inclusion proof is folded from: one list per hash, leaf side first.

    A store can so fetch the nodes of many proofs in one query.

    Raises:
        ValueError: ``index`` is not in a tree of ``size`` leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    groups: list[list[Coord]] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            groups.append(cover(middle, high))
            high = middle
        else:
            groups.append(cover(low, middle))
            low = middle
    groups.reverse()
    return groups


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Prove that leaf ``index`` is in the tree of ``size`` leaves (RFC 9162 §2.1.3.1), leaf side first.

    Raises:
        ValueError: ``index`` is not in that tree.
    """
    return [fold([node(*coord) for coord in group]) for group in inclusion_coords(index, size)]


def consistency_coords(old: int, new: int) -> list[list[Coord]]:
    """Say which stored nodes a consistency proof is folded from: one list of coordinates per hash.

    Raises:
        ValueError: ``old`` is larger than ``new`` or negative.
    """
    if not 0 <= old <= new:
        raise ValueError(f"no tree of {old} leaves in a tree of {new}")
    groups: list[list[Coord]] = []
    if old in (0, new):
        return groups
    low, high, whole = 0, new, True
    # RFC 9162 §2.1.4.1 SUBPROOF, walked down: whole says that the old tree is one complete subtree so far.
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            groups.append(cover(middle, high))
            high = middle
        else:
            groups.append(cover(low, middle))
            low, whole = middle, False
    if not whole:
        groups.append(cover(low, high))
    groups.reverse()
    return groups


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """Prove that the tree of ``old`` leaves is the beginning of that of ``new`` (RFC 9162 §2.1.4.1).

    Empty where ``old`` is 0 or equals ``new``.

    Raises:
        ValueError: ``old`` is larger than ``new`` or negative.
    """
    return [fold([node(*coord) for coord in group]) for group in consistency_coords(old, new)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check an inclusion proof (RFC 9162 §2.1.3.2).

    Args:
        leaf: Hash of the leaf, 32 bytes.
        index: Its place, from 0.
        size: Leaves of the tree whose root is ``root``.
        proof: Hashes, leaf side first.
        root: What the checkpoint says.

    Raises:
        UntrustedInputError: ``inclusion-not-proved``.
    """
    if not 0 <= index < size <= MAX_TREE_SIZE or len(leaf) != HASH_SIZE:
        raise UntrustedInputError("inclusion-not-proved", f"leaf {index} cannot be in a tree of {size}")
    _check_hashes(proof, "inclusion-not-proved")
    fn, sn, result = index, size - 1, leaf
    for sibling in proof:
        if sn == 0:
            raise UntrustedInputError("inclusion-not-proved", "the proof is too long")
        if fn & 1 or fn == sn:
            result = node_hash(sibling, result)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn or result != root:
        raise UntrustedInputError("inclusion-not-proved", f"leaf {index} does not lead to the root of size {size}")


def verify_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162 §2.1.4.2).

    Every tree begins with the empty one, so ``old_size`` 0 holds with the empty root and an empty proof
    (c2sp.org/tlog-witness); equal sizes hold with equal roots and an empty proof.

    Raises:
        UntrustedInputError: ``consistency-not-proved``.
    """
    code = "consistency-not-proved"
    if not 0 <= old_size <= new_size <= MAX_TREE_SIZE:
        raise UntrustedInputError(code, f"a tree of {old_size} is not the beginning of one of {new_size}")
    _check_hashes(proof, code)
    if old_size in (0, new_size):
        wanted = EMPTY_ROOT if old_size == 0 else new_root
        if proof or old_root != wanted or (new_size == 0 and new_root != EMPTY_ROOT):
            raise UntrustedInputError(code, f"sizes {old_size} and {new_size} with roots or a proof that do not fit")
        return
    # A complete old tree is itself the first hash, which the proof then leaves out.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        raise UntrustedInputError(code, "the proof is empty")
    if _walk_consistency(old_size, new_size, path) != (old_root, new_root):
        raise UntrustedInputError(code, f"the tree of {old_size} is not the beginning of that of {new_size}")


def _walk_consistency(old_size: int, new_size: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """Follow RFC 9162 §2.1.4.2 steps 4 to 7 and return the old and the new root that the path leads to."""
    fn, sn = old_size - 1, new_size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if sn == 0:
            raise UntrustedInputError("consistency-not-proved", "the proof is too long")
        if fn & 1 or fn == sn:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, sibling)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise UntrustedInputError("consistency-not-proved", "the proof is too short")
    return old, new


def _check_hashes(proof: Sequence[bytes], code: str) -> None:
    if len(proof) > MAX_PROOF_HASHES or any(len(h) != HASH_SIZE for h in proof):
        raise UntrustedInputError(code, "a proof is at most 63 hashes of 32 bytes")


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count`` (RFC 9162 §2.1.1); ``count`` is at least 2."""
    return 1 << ((count - 1).bit_length() - 1)
