"""An acta's blocks under one RFC 9162 root (format.md §3, §8).

Each block is a disclosure `[salt, "block/<n>", value]`, numbered from 1 in reading order. Its leaf is the
RFC 9162 leaf hash of the ASCII disclosure; the root over the leaves stands in the signed act. The list of leaf
hashes travels with the acta, so that anyone can check the opened blocks against the root while the others stay
closed: a public version is provably the same acta, and how much was withheld is public by design.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, ValidationError

from ledger.acts.acta import MAX_BLOCKS, BlockKind
from ledger.acts.base import Part
from ledger.crypto import disclosure
from ledger.crypto.canonical import dumps
from ledger.crypto.disclosure import block_name, block_root
from ledger.crypto.merkle import HASH_SIZE, leaf_hash, root_of
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MAX_BLOCK_CHARS = 65_536
"""Longest text of one block; five hundred names fit."""


class Block(Part):
    """A block of an acta: what it is, what people read, and the same as data.

    kind: "narrative" is the secretary's own prose; every other kind is generated from the session's acts.
    data: values of format.md §2; empty of a narrative.
    """

    kind: BlockKind
    text: Annotated[str, Field(min_length=1, max_length=MAX_BLOCK_CHARS)]
    data: dict[str, Any]

    @classmethod
    def of(cls, value: Any) -> Block:
        """Read a block's value.

        Raises:
            UntrustedInputError: "bad-block", or "not-canonical" for values that the format does not admit.
        """
        try:
            block = cls.model_validate(value)
        except ValidationError as error:
            raise UntrustedInputError("bad-block", error.errors()[0]["msg"]) from error
        dumps(block.data)
        return block


@dataclass(frozen=True, slots=True)
class SealedBlocks:
    """What the drafter gets: the root to sign and the disclosures to hand in by name.

    root: in hex, for `ActaDrafted.root`.
    disclosures: `block/<n>` → disclosure, in reading order.
    """

    root: str
    disclosures: Mapping[str, str]

    @property
    def leaves(self) -> tuple[str, ...]:
        """The leaf hashes in hex, in reading order: what travels with a public version."""
        return tuple(leaf_of(text) for text in self.disclosures.values())


def leaf_of(text: str) -> str:
    """Return a block's leaf hash in hex: RFC 9162 §2.1.1 over the ASCII disclosure.

    Raises:
        UntrustedInputError: "bad-disclosure" for text that is not ASCII.
    """
    if not text.isascii():
        raise UntrustedInputError("bad-disclosure", "not ASCII")
    return leaf_hash(text.encode("ascii")).hex()


def root_over(leaves: Sequence[str]) -> str:
    """Return the root in hex over leaf hashes in hex.

    Raises:
        UntrustedInputError: "bad-leaf" for anything but 32 bytes in lower-case hex.
    """
    return root_of([_leaf(text) for text in leaves]).hex()


def seal_blocks(values: Sequence[Mapping[str, Any]], salt: Callable[[], bytes]) -> SealedBlocks:
    """Close an acta's blocks, each with its own salt.

    Args:
        values: The blocks in reading order, as `draft_blocks` gives them or as the secretary completed them.
        salt: Gives 16 fresh random bytes at each call.

    Raises:
        UntrustedInputError: "bad-block", "blocks-count", or what `disclosure.make` refuses.
    """
    if not 1 <= len(values) <= MAX_BLOCKS:
        raise UntrustedInputError("blocks-count", str(len(values)))
    disclosures = {}
    for number, value in enumerate(values, 1):
        block = Block.of(value)
        disclosures[block_name(number)] = disclosure.make(block_name(number), block.model_dump(), salt())
    return SealedBlocks(block_root(disclosures.values()), disclosures)


def check_blocks(disclosures: Mapping[str, str], root: str, blocks: int) -> tuple[Block, ...]:
    """Check that a draft comes with all of its blocks, and return them in reading order.

    Args:
        disclosures: All that was handed in under names beginning with `block/`, and nothing else.
        root: As signed, in hex.
        blocks: How many, as signed.

    Raises:
        UntrustedInputError: "blocks-count" when one is missing or too many, and the codes of `verify_blocks`.
    """
    names = [block_name(number) for number in range(1, blocks + 1)]
    if set(disclosures) != set(names):
        raise UntrustedInputError("blocks-count", f"{len(disclosures)} of {blocks}")
    opened = {number: disclosures[name] for number, name in enumerate(names, 1)}
    leaves = [leaf_of(text) for text in opened.values()]
    return tuple(verify_blocks(leaves, opened, root, blocks).values())


def verify_blocks(leaves: Sequence[str], opened: Mapping[int, str], root: str, blocks: int) -> dict[int, Block]:
    """Check a public version: the opened blocks and the leaf hashes of all give the signed root.

    Args:
        leaves: Leaf hashes in hex of all blocks, in reading order, the withheld ones too.
        opened: Number of a block, from 1 → its disclosure.
        root: The root that was signed, in hex.
        blocks: The number of blocks that was signed.

    Returns:
        The opened blocks by number, in reading order.

    Raises:
        UntrustedInputError: "blocks-count", "bad-leaf", "blocks-root" when the leaves are not the acta's,
            "block-altered" (with its number) when an opened block is not what was signed there,
            "block-number" when it was signed for another place, "bad-block".
    """
    if len(leaves) != blocks or not 1 <= blocks <= MAX_BLOCKS:
        raise UntrustedInputError("blocks-count", f"{len(leaves)} of {blocks}")
    if root_over(leaves) != root:
        raise UntrustedInputError("blocks-root", root[:64])
    found = {}
    for number in sorted(opened):
        if not 1 <= number <= blocks or leaf_of(opened[number]) != leaves[number - 1]:
            raise UntrustedInputError("block-altered", str(number))
        parsed = disclosure.parse(opened[number])
        if parsed.name != block_name(number):
            raise UntrustedInputError("block-number", f"{parsed.name[:64]} stands at {number}")
        found[number] = Block.of(parsed.value)
    return found


def _leaf(text: str) -> bytes:
    try:
        raw = bytes.fromhex(text)
    except ValueError as error:
        raise UntrustedInputError("bad-leaf", text[:64]) from error
    if len(raw) != HASH_SIZE or raw.hex() != text:
        raise UntrustedInputError("bad-leaf", text[:64])
    return raw
