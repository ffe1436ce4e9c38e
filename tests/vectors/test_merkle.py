"""Public vectors of RFC 9162 proofs (transparency-dev/merkle, testdata), right and mutated.

Four answers of that library are its policy and not mathematics (`POLICY`): it refuses every consistency proof
with size1 = 0 and every empty leaf hash. Acervo holds that each tree begins with the empty one, as
c2sp.org/tlog-witness needs it: with an empty proof and the *empty tree's root* it accepts. So it differs from
the library in one case, and agrees in three for reasons of its own.
"""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from ledger.crypto.merkle import EMPTY_ROOT, verify_consistency, verify_inclusion
from ledger.errors import UntrustedInputError
from tests.kit.shared import shared

pytestmark = pytest.mark.vectors
TESTDATA = shared("vectors/rfc9162-merkle/testdata")
POLICY = {
    # The root of size1 is the empty tree's and the proof is empty: accepted, useless to the library.
    "consistency/additional/size1-is-zero-and-size2-is-not-zero.json": True,
    # Size 0 with a root that is not the empty tree's: refused by both.
    "consistency/additional/size1-is-zero-and-does-not-equal-size2.json": False,
    "consistency/additional/sizes-are-equal-zero-and-proof-is-empty.json": False,
    # A leaf hash must be 32 bytes: refused by both.
    "inclusion/single-entry/empty-root-and-leaf.json": False,
}


def _load(kind: str) -> list[Any]:
    paths = sorted((TESTDATA / kind).rglob("*.json"))
    return [
        pytest.param(case, POLICY.get(name, not case["wantErr"]), id=name)
        for name, case in ((str(p.relative_to(TESTDATA)), json.loads(p.read_bytes())) for p in paths)
        # A subtree that does not begin at leaf 0, or is empty, is nothing that this format proves.
        if case.get("start", 0) == 0 and case.get("end", 1) != 0
    ]


def _bytes(values: list[str] | None) -> list[bytes]:
    return [b64decode(v) for v in values or []]


def _accepts_inclusion(index: int, size: int, case: dict[str, Any]) -> bool:
    leaf, root = b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
    try:
        verify_inclusion(leaf, index, size, _bytes(case["proof"]), root)
    except UntrustedInputError:
        return False
    return True


def _accepts_consistency(old: int, new: int, case: dict[str, Any]) -> bool:
    roots = _bytes([case["root1"] or "", case["root2"] or ""])
    try:
        verify_consistency(old, roots[0], new, roots[1], _bytes(case["proof"]))
    except UntrustedInputError:
        return False
    return True


@pytest.mark.parametrize(("case", "accepted"), _load("inclusion"))
def test_inclusion(case: dict[str, Any], accepted: bool) -> None:
    """Every public inclusion proof gets the answer that it should get."""
    assert _accepts_inclusion(case["leafIdx"], case["treeSize"], case) is accepted


@pytest.mark.parametrize(("case", "accepted"), _load("consistency"))
def test_consistency(case: dict[str, Any], accepted: bool) -> None:
    """Every public consistency proof gets the answer that it should get."""
    assert _accepts_consistency(case["size1"], case["size2"], case) is accepted


@pytest.mark.parametrize(("case", "accepted"), _load("subtreeinclusion"))
def test_subtree_inclusion(case: dict[str, Any], accepted: bool) -> None:
    """Proofs into a subtree that begins at leaf 0 are ordinary inclusion proofs and get the same answers."""
    assert _accepts_inclusion(case["leafIdx"], case["end"], case) is accepted


@pytest.mark.parametrize(("case", "accepted"), _load("subtreeconsistency"))
def test_subtree_consistency(case: dict[str, Any], accepted: bool) -> None:
    """Proofs from a subtree that begins at leaf 0 are ordinary consistency proofs: same answers."""
    assert _accepts_consistency(case["end"], case["size"], case) is accepted


def test_the_policy_that_differs() -> None:
    """The empty tree is the beginning of every tree, and nothing but the empty tree has size 0."""
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    verify_consistency(0, EMPTY_ROOT, 5, b"r" * 32, [])
    with pytest.raises(UntrustedInputError):
        verify_consistency(0, b"r" * 32, 5, b"r" * 32, [])
    with pytest.raises(UntrustedInputError):
        verify_inclusion(b"", 0, 1, [], b"")


def test_how_many() -> None:
    """The whole set was read: 98 inclusion and 98 consistency cases, and whole trees' subtrees."""
    assert [len(_load(kind)) for kind in ("inclusion", "consistency")] == [98, 98]
    assert len(_load("subtreeinclusion")) > 90
    assert len(_load("subtreeconsistency")) > 50
