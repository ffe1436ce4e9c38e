"""Evidence of acts out of a running system: proofs under a checkpoint, and the excerpt of one act (format.md §9)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.documents.evidence import Proved, closure, excerpt_of
from api.exporting import policy_of
from api.problems import not_found
from ledger.log.policy import NONE
from ledger.receipts import make_receipts
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.system import System
    from ledger.log.policy import Policy


def proved_under(system: System, entries: Mapping[int, bytes], policy: Policy, note: str) -> Proved:
    """Return proofs of entries under a checkpoint.

    Raises:
        LogDamagedError: the nodes are not those that the signer has signed.
    """
    receipts = make_receipts(entries, note, system.log)
    return Proved(policy.format().encode(), note, {each.index: each.format() for each in receipts})


def evidence_of(system: System, index: int) -> bytes:
    """Return the excerpt of an act and of whatever its stream says beside it, under the newest checkpoint.

    Nothing is opened; a revocation of what the act made is in it, wherever it stands in the same stream.

    Raises:
        ApiError: 404 for an index that does not exist.
        NotSealedError: no checkpoint covers the acts yet.
    """
    raw = system.store.entry(index)
    if raw is None:
        raise not_found(f"acts/{index}")
    stream = Entry.parse(raw).act.statement.stream
    entries = closure(system.store, [index, *(Entry.parse(each).index for each in system.store.stream(stream))])
    note = system.checkpoint(max(entries) + 1)
    # The log's own key is enough here: which acts wait for witnesses is said where they are relied on.
    return excerpt_of(entries, proved_under(system, entries, replace(policy_of(system), quorum=NONE), note))
