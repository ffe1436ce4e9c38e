"""Public versions inside of an excerpt, as a printed version carries it: the same check as of the file (`public`)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ledger.acts.disclosure import PublicVersionApproved, PublicVersionGenerated
from ledger.domain.replay import signed_of
from ledger.errors import UntrustedInputError
from ledger.log.policy import Policy
from ledger.log.proof import Proof
from ledger.statement import Entry
from ledger.verify.bundle import Opened
from ledger.verify.public import PublicVersion, check_version, write_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.world import Signed
    from ledger.verify.bundle import Bundle
    from ledger.verify.trust import Trust


def enclosed(bundle: Bundle, trust: Trust) -> list[PublicVersion]:
    """Check the public versions that an excerpt holds whole: text, version and approval.

    Raises:
        UntrustedInputError: as `check_version`: an open part is not of what was sealed, or one is missing.
    """
    acts: dict[int, Signed] = {}
    proofs: dict[int, str] = {}
    for index, raw, proof in bundle.excerpt():
        try:
            acts[index] = signed_of(Entry.parse(raw))
            proofs[index] = replace(Proof.parse(proof or ""), extra=raw).format()
        except UntrustedInputError:
            continue  # V6 and V3 tell of it
    texts: dict[int, dict[str, str]] = {}
    leaves: dict[int, tuple[str, ...]] = {}
    for _, each in bundle.disclosures():
        if isinstance(each, Opened) and each.leaves:
            leaves[each.index] = each.leaves
        elif isinstance(each, Opened):
            texts.setdefault(each.index, {})[each.name] = each.text
    policy = trust.policy or Policy.parse(bundle.policy())
    found = []
    for index, signed in acts.items():
        act = signed.act
        if not isinstance(act, PublicVersionGenerated):
            continue
        given = _given(signed, act, acts, proofs)
        if given is not None:
            told = [text for _, text in sorted(texts.get(index, {}).items())]
            raw = write_version(given, texts.get(act.index, {}).values(), told, leaves.get(act.index, ()))
            found.append(check_version(raw, policy.log_keys))
    return found


def _given(
    generated: Signed, act: PublicVersionGenerated, acts: Mapping[int, Signed], proofs: Mapping[int, str]
) -> Mapping[str, Any] | None:
    """Return the proofs of all that the version rests on; None where it is not here, or not approved."""
    stream = generated.statement.stream
    approved = [
        n for n, each in acts.items() if isinstance(each.act, PublicVersionApproved) and each.statement.stream == stream
    ]
    if not approved or not {act.index, generated.index, approved[-1]} <= proofs.keys():
        return None

    def of(name: str) -> list[str]:
        """Return the proofs of a stream's acts, the text itself apart."""
        return [
            proofs[n] for n, each in acts.items() if each.statement.stream == name and n in proofs.keys() - {act.index}
        ]

    return {
        "text": proofs[act.index],
        "version": proofs[generated.index],
        "approved": proofs[approved[-1]],
        "classification": of(f"classification/{act.index}"),
        "sealed": of(act.object),
    }
