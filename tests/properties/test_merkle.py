"""The tree against the recursive definition of RFC 9162 §2.1, small sizes and the tiles' borders."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.crypto.merkle import (
    EMPTY_ROOT,
    Peaks,
    consistency_coords,
    consistency_proof,
    inclusion_coords,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = 300
BORDERS = [254, 255, 256, 257, 258, 511, 512, 513, 65_535, 65_536, 65_537]
LEAVES = [leaf_hash(b"%d" % i) for i in range(65_540)]


@cache
def mth(start: int, end: int) -> bytes:
    """Hash a range as RFC 9162 §2.1.1 defines it, by recursion and nothing else."""
    count = end - start
    if count == 0:
        return sha256(b"").digest()
    if count == 1:
        return LEAVES[start]
    k = 1
    while k * 2 < count:
        k *= 2
    return sha256(b"\x01" + mth(start, start + k) + mth(start + k, end)).digest()


def path(m: int, start: int, end: int) -> list[bytes]:
    """Prove inclusion as RFC 9162 §2.1.3.1 defines it, by recursion."""
    if end - start == 1:
        return []
    k = 1
    while k * 2 < end - start:
        k *= 2
    if m < start + k:
        return [*path(m, start, start + k), mth(start + k, end)]
    return [*path(m, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, whole: bool) -> list[bytes]:
    """Prove consistency as RFC 9162 §2.1.4.1 defines it, by recursion; m counts from the range's start."""
    if m == end - start:
        return [] if whole else [mth(start, end)]
    k = 1
    while k * 2 < end - start:
        k *= 2
    if m <= k:
        return [*subproof(m, start, start + k, whole), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, False), mth(start, start + k)]


def node(level: int, idx: int) -> bytes:
    """Read a complete subtree, as a store would have it."""
    return mth(idx << level, (idx + 1) << level)


def refused_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    """Say whether the proof is refused."""
    try:
        verify_inclusion(leaf, index, size, proof, root)
    except UntrustedInputError as error:
        return error.code == "inclusion-not-proved"
    return False


def refused_consistency(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    """Say whether the proof is refused."""
    try:
        verify_consistency(old, old_root, new, new_root, proof)
    except UntrustedInputError as error:
        return error.code == "consistency-not-proved"
    return False


def some(size: int) -> list[int]:
    """Give the indexes worth trying in a tree: its ends, its middle, and those beside the tiles' borders."""
    edges = {0, 1, 255, 256, 257, size // 2, size - 2, size - 1, 65_535, 65_536, 65_537}
    return sorted(i for i in edges if 0 <= i < size)


def test_roots_at_every_size() -> None:
    """Every node that an append completes is the defined one, and so are the roots of all small sizes."""
    peaks = Peaks()
    assert peaks.root() == EMPTY_ROOT
    for size, leaf in enumerate(LEAVES, start=1):
        for level, idx, value in peaks.append(leaf):
            assert value == node(level, idx)
        if size <= 2 * SMALL or size in BORDERS:
            assert peaks.root() == mth(0, size)
    assert root_of(LEAVES[:1000]) == mth(0, 1000)
    assert root_of([]) == EMPTY_ROOT


def test_every_inclusion_proof_of_small_trees() -> None:
    """For all sizes up to 300 every leaf's proof is the defined one and verifies."""
    for size in range(1, SMALL + 1):
        root = mth(0, size)
        for index in range(size):
            proof = inclusion_proof(index, size, node)
            assert proof == path(index, 0, size)
            verify_inclusion(LEAVES[index], index, size, proof, root)


def test_every_consistency_proof_of_small_trees() -> None:
    """For all pairs of sizes up to 300 the proof is the defined one and verifies."""
    for new in range(1, SMALL + 1):
        root = mth(0, new)
        for old in range(1, new + 1):
            proof = consistency_proof(old, new, node)
            assert proof == subproof(old, 0, new, True)
            verify_consistency(old, mth(0, old), new, root, proof)


@pytest.mark.parametrize("size", BORDERS)
def test_borders(size: int) -> None:
    """Around 256, 512 and 65,536 the proofs are the defined ones and verify."""
    root = mth(0, size)
    for index in some(size):
        proof = inclusion_proof(index, size, node)
        assert proof == path(index, 0, size)
        verify_inclusion(LEAVES[index], index, size, proof, root)
        assert refused_inclusion(LEAVES[index], index ^ 1, size, proof, root)
        old = index + 1
        proof = consistency_proof(old, size, node)
        assert proof == subproof(old, 0, size, True)
        verify_consistency(old, mth(0, old), size, root, proof)


def flipped(value: bytes, bit: int) -> bytes:
    """Return the 32 bytes with one of their 256 bits changed."""
    return value[: bit // 8] + bytes([value[bit // 8] ^ (1 << bit % 8)]) + value[bit // 8 + 1 :]


@given(st.data())
@settings(max_examples=300)
def test_mutated_inclusion_never_verifies(data: st.DataObject) -> None:
    """A proof with any single thing changed (a bit, a hash more or less, index, leaf, root) is refused."""
    size = data.draw(st.one_of(st.integers(1, SMALL), st.sampled_from(BORDERS)))
    index = data.draw(st.integers(0, size - 1))
    leaf, root, proof = LEAVES[index], mth(0, size), inclusion_proof(index, size, node)
    assert not refused_inclusion(leaf, index, size, proof, root)
    bit = data.draw(st.integers(0, 255))
    place = data.draw(st.integers(0, len(proof)))
    other = data.draw(st.integers(0, size + 3).filter(lambda i: i != index))
    assert refused_inclusion(flipped(leaf, bit), index, size, proof, root)
    assert refused_inclusion(leaf, index, size, proof, flipped(root, bit))
    assert refused_inclusion(leaf, index, size, [*proof[:place], root, *proof[place:]], root)
    assert refused_inclusion(leaf, other, size, proof, root)
    if proof:
        spot = data.draw(st.integers(0, len(proof) - 1))
        before, value, after = proof[:spot], proof[spot], proof[spot + 1 :]
        assert refused_inclusion(leaf, index, size, [*before, *after], root)
        for changed in (flipped(value, bit), value[:-1], value + b"\0", b""):
            assert refused_inclusion(leaf, index, size, [*before, changed, *after], root)


@given(st.data())
@settings(max_examples=300)
def test_mutated_consistency_never_verifies(data: st.DataObject) -> None:
    """A proof with any single thing changed is refused, so no fork or rewritten beginning passes."""
    new = data.draw(st.one_of(st.integers(2, SMALL), st.sampled_from(BORDERS)))
    old = data.draw(st.integers(1, new))
    roots, proof = (mth(0, old), mth(0, new)), consistency_proof(old, new, node)
    assert not refused_consistency(old, roots[0], new, roots[1], proof)
    bit = data.draw(st.integers(0, 255))
    place = data.draw(st.integers(0, len(proof)))
    longer = [*proof[:place], LEAVES[0], *proof[place:]]
    assert refused_consistency(old, flipped(roots[0], bit), new, roots[1], proof)
    assert refused_consistency(old, roots[0], new, flipped(roots[1], bit), proof)
    assert refused_consistency(new + 1, roots[0], new, roots[1], proof)
    assert refused_consistency(old, roots[0], new, roots[1], longer)
    if proof:
        spot = data.draw(st.integers(0, len(proof) - 1))
        before, value, after = proof[:spot], proof[spot], proof[spot + 1 :]
        assert refused_consistency(old, roots[0], new, roots[1], [*before, *after])
        for changed in (flipped(value, bit), value[1:], b""):
            assert refused_consistency(old, roots[0], new, roots[1], [*before, changed, *after])


@given(st.integers(1, 2**53 - 1), st.data())
def test_proofs_name_only_complete_subtrees(size: int, data: st.DataObject) -> None:
    """However large the tree, proofs are folded from complete, separate subtrees, and stay short."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    for groups in (inclusion_coords(index, size), consistency_coords(old, size)):
        assert len(groups) <= 54
        spans = sorted((idx << level, (idx + 1) << level) for group in groups for level, idx in group)
        assert all(end <= size for _, end in spans)
        assert all(before[1] <= after[0] for before, after in pairwise(spans))


@pytest.mark.parametrize(
    "ask",
    [lambda: inclusion_coords(3, 3), lambda: inclusion_coords(-1, 3), lambda: consistency_coords(4, 3)],
)
def test_misuse(ask: Callable[[], object]) -> None:
    """Asking for a proof that cannot exist is the caller's error, not the input's."""
    with pytest.raises(ValueError, match="in a tree of"):
        ask()


@given(st.integers(0, 400))
def test_peaks_come_back(size: int) -> None:
    """Peaks written as JSON come back the same, and go on growing to the same root."""
    peaks = Peaks()
    for leaf in LEAVES[:size]:
        peaks.append(leaf)
    again = Peaks.from_json(peaks.to_json())
    again.append(LEAVES[size])
    assert again.root() == mth(0, size + 1)
    copy = peaks.copy()
    copy.append(LEAVES[size])
    assert (peaks.size, copy.size, peaks.root()) == (size, size + 1, mth(0, size))


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {"size": 1},
        {"size": True, "peaks": []},
        {"size": 1, "peaks": []},
        {"size": 1, "peaks": ["AA=="]},
        {"size": 1, "peaks": [7]},
        {"size": -1, "peaks": []},
        {"size": 0, "peaks": [], "more": 1},
    ],
)
def test_damaged_peaks(value: object) -> None:
    """Peaks that do not fit their size, or are not peaks, are refused."""
    with pytest.raises(UntrustedInputError):
        Peaks.from_json(value)


def test_short_hash_in_peaks() -> None:
    """A peak that is not 32 bytes long is refused."""
    with pytest.raises(UntrustedInputError, match="32 bytes"):
        Peaks(1, [b"short"])


def test_empty_proof_between_different_sizes() -> None:
    """A proof without hashes proves nothing between two sizes that differ."""
    assert refused_consistency(3, mth(0, 3), 4, mth(0, 4), [])
