"""An acta's blocks: gathered from acts, drafted, checked against them, committed under one root (domain.md §3.7)."""

from ledger.blocks.commitment import (
    MAX_BLOCK_CHARS,
    Block,
    SealedBlocks,
    check_blocks,
    leaf_of,
    root_over,
    seal_blocks,
    verify_blocks,
)
from ledger.blocks.contradictions import contradictions, refuse_contradictions
from ledger.blocks.drafting import draft_blocks
from ledger.blocks.facts import (
    AgreementMade,
    Closed,
    Happening,
    Intervention,
    ItemEnded,
    ItemTaken,
    Member,
    Movement,
    Opened,
    Quorum,
    Recess,
    Recused,
    SessionFacts,
    Sitting,
    VoteHeld,
)
from ledger.blocks.gathering import Told, gather
from ledger.crypto.disclosure import block_name

__all__ = [
    "MAX_BLOCK_CHARS",
    "AgreementMade",
    "Block",
    "Closed",
    "Happening",
    "Intervention",
    "ItemEnded",
    "ItemTaken",
    "Member",
    "Movement",
    "Opened",
    "Quorum",
    "Recess",
    "Recused",
    "SealedBlocks",
    "SessionFacts",
    "Sitting",
    "Told",
    "VoteHeld",
    "block_name",
    "check_blocks",
    "contradictions",
    "draft_blocks",
    "gather",
    "leaf_of",
    "refuse_contradictions",
    "root_over",
    "seal_blocks",
    "verify_blocks",
]
