"""An excerpt: V1, V2, V6, V7, V11 and inclusion only (format.md §10); besides, authority by the acts at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.crypto.merkle import leaf_hash
from ledger.errors import UntrustedInputError
from ledger.log.proof import Proof
from ledger.statement import Entry
from ledger.verify.authority_of import judge
from ledger.verify.outcome import Finding, Outcome, Remark
from ledger.verify.ranges import Part, check_entry, parse_keys, spki_map
from ledger.verify.sealed import check_disclosures, check_documents

if TYPE_CHECKING:
    from ledger.crypto.note import Checkpoint
    from ledger.log.policy import Policy
    from ledger.statement import Statement
    from ledger.verify.bundle import Bundle

NOT_FOR_EXCERPTS = (4, 5, 8, 9, 10, 12, 13)


def check_excerpt(bundle: Bundle, policy: Policy | None, checkpoint: Checkpoint, outcome: Outcome) -> None:
    """Check each entry of an excerpt by itself, and that it is in the tree of a signed checkpoint."""
    steps = outcome.steps
    for number in NOT_FOR_EXCERPTS:
        steps[number].not_checked("excerpt")
    entries = list(bundle.excerpt())
    keys = parse_keys(spki_map((index, raw) for index, raw, _ in entries))
    part = Part(0, 0)
    for index, raw, proof in entries:
        # V6, V7.
        check_entry(part, index, raw, (checkpoint.origin, keys))
        steps[6].checked("entries")
        steps[7].checked("signatures")
        # Inclusion, in the place of V3.
        steps[3].checked("proofs")
        try:
            _check_inclusion(index, raw, proof, policy, checkpoint)
        except UntrustedInputError as error:
            outcome.find(Finding(3, error.code, index, detail=error.detail))
    for flaw in part.flaws:
        outcome.find(Finding(flaw.step, flaw.code, flaw.index, detail=flaw.detail))
    void = {flaw.index for flaw in part.flaws}
    hard = {flaw.index for flaw in part.flaws if flaw.hard}
    readable = {index: Entry.parse(raw) for index, raw, _ in entries if index not in hard}
    outcome.judged = judge(readable, void, checkpoint.origin)
    # V11.
    by_index = {index: raw for index, raw, _ in entries}

    def statement(index: int) -> Statement | None:
        return Entry.parse(by_index[index]).act.statement if index in by_index else None

    check_disclosures(bundle, outcome, statement)
    check_documents(bundle, outcome)
    outcome.facts["entries"] = len(entries)
    for orphan in sorted(set(bundle.files["proof"]) - set(bundle.files["entry"])):
        outcome.remark(Remark("proof-without-entry", int(orphan)))


def _check_inclusion(index: int, raw: bytes, text: str | None, policy: Policy | None, checkpoint: Checkpoint) -> None:
    if text is None:
        raise UntrustedInputError("proof-missing")
    proof = Proof.parse(text)
    if proof.index != index:
        raise UntrustedInputError("proof-of-another", str(proof.index))
    if proof.extra is not None and proof.extra != raw:
        raise UntrustedInputError("proof-of-another", "extra")
    if policy is None:
        raise UntrustedInputError("policy-missing")
    proved, _ = proof.verify(leaf_hash(raw), policy.log_keys, policy.witness_keys)
    if proved.origin != checkpoint.origin:
        raise UntrustedInputError("other-origin", proved.origin)
