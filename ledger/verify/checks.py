"""The verification procedure, step by step, V1 to V13 as format.md §10 numbers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.crypto.b64 import encode_base64
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.log.policy import Policy
from ledger.log.tiles import MAX_BUNDLE_BYTES, Tile, parse_bundle
from ledger.verify.excerpt import check_excerpt
from ledger.verify.outcome import Finding, Outcome, Remark
from ledger.verify.pool import bundles_of, parts
from ledger.verify.ranges import keys_in, spkis_of
from ledger.verify.walk import Head, verify_history
from ledger.verify.write import own_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.verify.bundle import Bundle
    from ledger.verify.ranges import Part
    from ledger.verify.trust import Trust


__all__ = [
    "Head",
    "Keys",
    "check_checkpoint",
    "check_container",
    "collect_older",
    "look_for_keys",
    "verify",
    "verify_history",
]


@dataclass(frozen=True, slots=True)
class Keys:
    """keyid → SPKI of every key that the ledger names, found in one quick pass before the signatures."""

    spkis: dict[str, bytes] = field(default_factory=dict)

    def add(self, spkis: Iterable[bytes]) -> None:
        """Take SPKIs; each is known by its own hash, whoever names it."""
        for spki in spkis:
            self.spkis[sha256(spki).hexdigest()] = spki


def verify(
    bundle: Bundle,
    trust: Trust,
    *,
    jobs: int | None = None,
    given: Callable[[Head, Keys], Iterable[Part]] | None = None,
) -> Outcome:
    """Verify a bundle, an excerpt or an exported log.

    Args:
        bundle: What is verified.
        trust: Trust inputs from outside.
        jobs: Worker processes, see `pool.parts`.
        given: Gives V2–V7 as shards have done them, instead of doing them here.

    Returns:
        The outcome; whatever is wrong with the evidence is in it.

    Raises:
        UntrustedInputError: the input cannot be used at all, or changed while it was read.
    """
    outcome = Outcome(facts={"form": bundle.form})
    keys = check_container(bundle, outcome)
    head = check_checkpoint(bundle, trust, outcome)
    if head is None:
        for number in range(3, 14):
            outcome.steps[number].not_checked("no-checkpoint")
        return outcome
    check_quorum(head, outcome)
    if bundle.form == "excerpt":
        check_excerpt(bundle, head.policy, head.checkpoint, outcome)
        return outcome
    collect_older(bundle, trust, head, outcome)
    size, origin = head.checkpoint.size, head.checkpoint.origin
    source = given(head, keys) if given else parts(bundle, bundles_of(size), (size, origin), keys.spkis, jobs)
    verify_history(bundle, trust, head, outcome, source)
    return outcome


# -- V1 --------------------------------------------------------------------------------------------------------


def check_container(bundle: Bundle, outcome: Outcome) -> Keys:
    """V1: the manifest and every file; on the way the keys that the entries name are collected."""
    step, keys = outcome.steps[1], Keys()
    for name, code in bundle.stray:
        outcome.find(Finding(1, code, file=name))
    listed = None if bundle.form == "log" else dict(bundle.manifest())
    own = {} if listed is None else own_files()
    for name in bundle.archive.names:
        step.checked("files")
        look_for_keys(bundle, name, keys)
        digest = bundle.archive.digest(name)  # which compares the container's own check sum too
        if listed is None or name == "MANIFEST.json":
            continue
        wanted = listed.pop(name, None)
        if wanted is None:
            outcome.find(Finding(1, "file-not-listed", file=name))
        elif wanted != digest:
            outcome.find(Finding(1, "file-differs", file=name))
        if name in own and own[name] != digest:
            outcome.remark(Remark("file-of-another-version", detail=name))
    for name in listed or ():
        outcome.find(Finding(1, "file-missing", file=name))
    return keys


def look_for_keys(bundle: Bundle, name: str, keys: Keys) -> None:
    """Take the keys that the entries of a file name, if it is one of entries."""
    if not name.startswith("tile/entries/"):
        return
    try:
        tile = Tile.parse(name)
        raw = bundle.archive.read(name, MAX_BUNDLE_BYTES)
        keys.add(keys_in(raw, tile.width))
        if tile.n == 0:
            keys.add(spkis_of(parse_bundle(raw, tile.width)[0], founding=True))
    except UntrustedInputError:
        return  # V1, V3 and V4 say what is wrong with the file


# -- V2 --------------------------------------------------------------------------------------------------------


def check_checkpoint(bundle: Bundle, trust: Trust, outcome: Outcome) -> Head | None:
    """V2: origin and signatures of the checkpoint; a badly signed one is still read, to say what differs."""
    step = outcome.steps[2]
    policy = _policy(bundle, trust, outcome)
    try:
        raw = bundle.checkpoint()
        checkpoint = Checkpoint.parse(Note.parse(raw).text)
    except UntrustedInputError as error:
        outcome.find(Finding(2, error.code, file="checkpoint", detail=error.detail))
        return None
    step.checked("checkpoints")
    outcome.facts |= {
        "checkpoint_sha256": sha256(raw).hexdigest(),
        "origin": checkpoint.origin,
        "root": encode_base64(checkpoint.root),
        "size": checkpoint.size,
    }
    head = Head(checkpoint, policy, {})
    if policy is None:
        return head
    try:
        _, head.signed = policy.open(raw)
    except UntrustedInputError as error:
        outcome.find(Finding(2, error.code, file="checkpoint", detail=error.detail))
        if error.code == "checkpoint-not-signed" and all(log.name != checkpoint.origin for log, _ in policy.logs):
            outcome.facts["other_book"] = checkpoint.origin
    step.counts["signatures"] += len(head.signed)
    head.anchors += [(checkpoint.size, time) for time in head.signed.values() if time]
    return head


def _policy(bundle: Bundle, trust: Trust, outcome: Outcome) -> Policy | None:
    if trust.policy is not None:
        # The bundle's own counts for nothing then; that it says something else is worth knowing.
        if bundle.files["policy"] and bundle.policy() != trust.policy.format().encode():
            outcome.remark(Remark("policy-differs", detail="policy.txt"))
        return trust.policy
    outcome.steps[2].independent = False
    try:
        policy = Policy.parse(bundle.policy())
        if not policy.logs:
            raise UntrustedInputError("policy-without-log")  # noqa: TRY301
    except UntrustedInputError as error:
        outcome.find(Finding(2, error.code, file="policy.txt", detail=error.detail))
        return None
    return policy


# -- V5: what older checkpoints there are ------------------------------------------------------------------------


def check_quorum(head: Head, outcome: Outcome) -> None:
    """V5: the witnesses that the policy requires have cosigned the checkpoint."""
    if head.policy is not None and head.policy.quorum != "none":
        outcome.steps[5].checked("quorum")
        if not head.policy.satisfied(head.signed):
            outcome.find(Finding(5, "quorum-not-met", file="checkpoint", detail=head.policy.quorum))


def collect_older(bundle: Bundle, trust: Trust, head: Head, outcome: Outcome) -> None:
    """V5: read older checkpoints and check their signatures; their roots are compared when the tree is rebuilt."""
    step = outcome.steps[5]
    for name, raw in trust.older:
        _older(name, raw, head, outcome, outside=True)
    try:
        for name, size, raw in bundle.older_checkpoints():
            found = _older(name, raw, head, outcome, outside=False)
            if found is not None and found.size != size:
                outcome.find(Finding(5, "checkpoint-misnamed", file=name))
    except UntrustedInputError as error:
        outcome.find(Finding(5, error.code, detail=error.detail))
    witnessed = trust.policy is not None and trust.policy.quorum != "none"
    if any(not outside for _, _, outside in head.older) and not trust.older and not witnessed:
        step.independent = False
    if not head.older and not witnessed:
        step.not_checked("no-older-checkpoint")


def _older(name: str, raw: bytes, head: Head, outcome: Outcome, *, outside: bool) -> Checkpoint | None:
    try:
        if head.policy is None:
            checkpoint = Checkpoint.parse(Note.parse(raw).text)
        else:
            checkpoint, signed = head.policy.open(raw)
            head.anchors += [(checkpoint.size, time) for time in signed.values() if time]
    except UntrustedInputError as error:
        outcome.find(Finding(5, error.code, file=name, detail=error.detail))
        return None
    outcome.steps[5].checked("checkpoints")
    if checkpoint.origin != head.checkpoint.origin:
        outcome.find(Finding(5, "other-origin", file=name, detail=checkpoint.origin))
    elif checkpoint.size > head.checkpoint.size:
        detail = f"{checkpoint.size} > {head.checkpoint.size}"
        outcome.find(Finding(5, "log-shrunk", head.checkpoint.size, name, detail))
    else:
        head.older.append((name, checkpoint, outside))
    return checkpoint
