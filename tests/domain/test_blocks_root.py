"""Blocks under one RFC 9162 root: sealed, opened, withheld, and never guessed (format.md §3, §8)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.blocks import (
    Block,
    check_blocks,
    draft_blocks,
    leaf_of,
    root_over,
    seal_blocks,
    verify_blocks,
)
from ledger.crypto.keys import PrivateKey
from ledger.errors import UntrustedInputError
from ledger.statement import Statement, sign
from tests.kit.drafted import (
    S,
    changed,
    plain,
    salts,
)

# -- one root --------------------------------------------------------------------------------------------------


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, as its text says it."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def test_the_root_is_that_of_rfc_9162_over_the_ascii_disclosures() -> None:
    """An independent computation from the disclosures alone gives the root that is signed."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    leaves = [sha256(b"\x00" + text.encode("ascii")).digest() for text in closed.disclosures.values()]
    assert naive_root(leaves).hex() == closed.root
    assert [leaf.hex() for leaf in leaves] == list(closed.leaves)


def test_a_draft_comes_with_all_of_its_blocks() -> None:
    """What is handed in is all that was signed: none missing, none added, none changed."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    assert [block.model_dump() for block in check_blocks(closed.disclosures, closed.root, 11)] == blocks
    less = dict(list(closed.disclosures.items())[1:])
    for wrong, code in (
        ((less, closed.root, 11), "blocks-count"),
        ((closed.disclosures, closed.root, 10), "blocks-count"),
        ((closed.disclosures, "0" * 64, 11), "blocks-root"),
    ):
        with pytest.raises(UntrustedInputError) as refusal:
            check_blocks(*wrong)
        assert refusal.value.code == code


def test_what_the_drafter_seals_is_what_the_submission_accepts() -> None:
    """The check of a submitted draft and the drafter's own root are the same computation."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    key = PrivateKey.generate()
    statement = Statement.compose(
        basis={},
        data={**S, "draft": 1, "blocks": 11, "root": closed.root},
        ledger="actas.idss.example/acervo",
        occurred_at="2026-01-28T12:00:00-06:00",
        office="designation/hcd/secretaria-1/1",
        prev="0" * 64,
        sealed={},
        signed_at="2026-01-28T12:00:00-06:00",
        signer=key.public.keyid,
        stream="acta/hcd/2026/ord/1",
        type="ActaDrafted/1",
        version=1,
    )
    act = sign(statement, key, closed.disclosures)
    act.check_disclosures(blocks=True)
    assert len(check_blocks(act.disclosures, closed.root, 11)) == 11
    with pytest.raises(UntrustedInputError):
        act.check_disclosures()


@settings(max_examples=40)
@given(open_numbers=st.sets(st.integers(1, 11)))
def test_public_version_leaf_proofs_verify(open_numbers: set[int]) -> None:
    """Whichever blocks are withheld, the open ones and the leaf hashes of all give the sealed acta's root."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    opened = {n: closed.disclosures[f"block/{n}"] for n in open_numbers}
    found = verify_blocks(closed.leaves, opened, closed.root, 11)
    assert found == {n: Block.of(blocks[n - 1]) for n in sorted(open_numbers)}


def test_public_version_with_a_silently_altered_open_block_is_found() -> None:
    """T9: an open block with other text is not the sealed acta's, even with its own leaf put in place."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    forged = seal_blocks(changed(blocks, "vote", favor=4), salts())
    for leaves, code in ((closed.leaves, "block-altered"), (forged.leaves, "blocks-root")):
        with pytest.raises(UntrustedInputError) as refusal:
            verify_blocks(leaves, {6: forged.disclosures["block/6"]}, closed.root, 11)
        assert refusal.value.code == code


def test_redacted_text_cannot_be_confirmed_by_guessing() -> None:
    """T10: without the salt, a right guess of a withheld block's text does not give its leaf."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    guessed = seal_blocks(blocks, lambda: bytes(16))
    assert not set(guessed.leaves) & set(closed.leaves)


def test_a_block_shown_in_another_place_is_found() -> None:
    """A disclosure names its number, so its leaf cannot be passed off for another block's."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    moved = [closed.leaves[1], closed.leaves[0], *closed.leaves[2:]]
    with pytest.raises(UntrustedInputError) as refusal:
        verify_blocks(moved, {1: closed.disclosures["block/2"]}, root_over(moved), 11)
    assert refusal.value.code == "block-number"
    with pytest.raises(UntrustedInputError) as beyond:
        verify_blocks(closed.leaves, {12: closed.disclosures["block/1"]}, closed.root, 11)
    assert beyond.value.code == "block-altered"


@pytest.mark.parametrize("leaf", ["", "zz" * 32, "AB" * 32, "ab" * 31, "ab " * 32])
def test_leaf_hashes_are_read_strictly(leaf: str) -> None:
    """Anything but 32 bytes in lower-case hex is refused."""
    with pytest.raises(UntrustedInputError) as refusal:
        root_over([leaf])
    assert refusal.value.code == "bad-leaf"


def test_what_is_no_block_is_not_sealed() -> None:
    """Unknown kinds, foreign keys, text beyond ASCII disclosures, no blocks at all: each refused by its code."""
    good = {"kind": "narrative", "text": "Bien.", "data": {}}
    for values, code in (
        ([{**good, "kind": "poem"}], "bad-block"),
        ([{**good, "note": "x"}], "bad-block"),
        ([{**good, "data": {"share": 0.5}}], "not-canonical"),
        ([], "blocks-count"),
    ):
        with pytest.raises(UntrustedInputError) as refusal:
            seal_blocks(values, salts())
        assert refusal.value.code == code
    with pytest.raises(UntrustedInputError) as refusal:
        leaf_of("ñ")
    assert refusal.value.code == "bad-disclosure"
    with pytest.raises(UntrustedInputError) as refusal:
        verify_blocks([], {}, "0" * 64, 1)
    assert refusal.value.code == "blocks-count"
