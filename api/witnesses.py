"""What the witnesses have cosigned: the quorum that a certificate waits for (format.md §7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.exporting import policy_of
from ledger.errors import PendingWitnessError
from ledger.log.policy import NONE

if TYPE_CHECKING:
    from api.system import System
    from ledger.log.policy import Policy
    from ledger.store.store import StoredCheckpoint


def first_witnessed(system: System, policy: Policy, min_size: int) -> StoredCheckpoint | None:
    """Return the oldest checkpoint that covers so many entries and meets the quorum: the same for ever."""
    lines = [f"\n— {key.name} ".encode() for key in policy.witness_keys]  # few notes: each is then checked
    found = system.store.checkpoints_from(min_size, lines)
    return next((each for each in found if policy.satisfied(policy.open(each.note)[1])), None)


def witnessed(system: System, index: int) -> bool | None:
    """Tell whether the quorum has cosigned a checkpoint that covers an act; None where the policy asks for none."""
    policy = policy_of(system)
    return None if policy.quorum == NONE else first_witnessed(system, policy, index + 1) is not None


def anchor(system: System, size: int, *, gated: bool) -> tuple[Policy, str]:
    """Return the first checkpoint that covers so many entries, for evidence, and the policy that it meets.

    Args:
        system: Whose ledger.
        size: How many entries.
        gated: Whether it waits for the quorum. What does not wait is proved by the log's own key alone.

    Raises:
        NotSealedError: there is none and the signer gives none.
        PendingWitnessError: a gated one lacks the quorum.
    """
    policy = policy_of(system)
    if policy.quorum == NONE or not gated:
        stored = system.store.first_checkpoint(size)
        return replace(policy, quorum=NONE), system.checkpoint(size) if stored is None else stored.note
    found = first_witnessed(system, policy, size)
    if found is None:
        raise PendingWitnessError(size - 1)
    return policy, found.note
