"""A public version as a file: built by the service, checked by anybody without it (domain.md §6.3; format.md §8).

The file is canonical JSON:

    format      "acervo/public-version/1"
    leaves      of an acta: the leaf hash of every block in reading order, the withheld ones too
    open        disclosures of what is open, in reading order; each says its own name
    told        disclosures of the descriptions: what was taken out, in general terms
    proofs      .tlog-proof texts with their entries: "text" (the draft or the adoption), "sealed" (of an acta),
                "version", "approved", "classification" (every act on the classification of that entry)

Checked, in this order:
    1  canonical, nothing unknown
    2  each proof against a log's key that the reader has from elsewhere; its entry strict, at its place
    3  the acts belong together: the version rests on the sealed acta, is approved, and is of that entry
    4  each open text is what was sealed: a leaf under the signed root, or a signed digest
    5  nothing is missing: every block or name is open or taken out with its ground, and the ground is in the log
    6  where a vote by name is open, so is every member's vote (T6)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ledger.acts.acta import ActaDrafted, ActaSealed
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.classification import ClassificationProposed, ClassificationResolved, ReservationExtended
from ledger.acts.disclosure import PublicVersionApproved, PublicVersionGenerated
from ledger.blocks import Block, verify_blocks
from ledger.crypto import disclosure
from ledger.crypto.canonical import dumps, loads
from ledger.crypto.disclosure import block_name
from ledger.crypto.merkle import leaf_hash
from ledger.domain.replay import signed_of
from ledger.errors import UntrustedInputError
from ledger.log.proof import Proof
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.acts.base import Act
    from ledger.acts.disclosure import Redaction
    from ledger.crypto.note import Verifier
    from ledger.domain.world import Signed

FORMAT = "acervo/public-version/1"
MAX_BYTES = 64 * 1024 * 1024
NOT_CHECKED = ("signatures", "authority", "later-acts")
"""What the file alone does not show: whose keys those were, that they might sign, what came after the checkpoint."""
_KEYS = {"format", "leaves", "open", "told", "proofs"}
_BY_NAME = frozenset({"roll-call", "ballot"})
_SENSES = ("favor", "contra", "abstencion")


@dataclass(frozen=True, slots=True)
class Withheld:
    """A text that stays closed.

    ground: `112.VI` or `115.personal-data`.
    description: what it is in general terms, None where that is not open.
    until_on: first day on which it is public; None of what is confidential, or decided only in part.
    """

    name: str
    character: str
    ground: str
    description: str | None
    until_on: str | None


@dataclass(frozen=True, slots=True)
class PublicVersion:
    """A public version that holds.

    object, index, version: which one of what.
    open: name → value, in reading order.
    withheld: what is not, and why.
    """

    object: str
    index: int
    version: int
    open: Mapping[str, Any]
    withheld: tuple[Withheld, ...]


def write_version(
    proofs: Mapping[str, Any], opened: Iterable[str], told: Iterable[str], leaves: Sequence[str] = ()
) -> bytes:
    """Return the file; what stands in it is the caller's to choose, and the reader's to check."""
    value = {"format": FORMAT, "leaves": list(leaves), "open": list(opened), "told": list(told), "proofs": proofs}
    return dumps(value)


def check_version(raw: bytes, logs: Iterable[Verifier]) -> PublicVersion:
    """Check a public version, with nothing but the log's keys.

    Raises:
        UntrustedInputError: "public-version-malformed", "public-version-unrelated", "public-version-incomplete",
            "text-altered", "votes-withheld"; of its parts those of `Proof.verify`, `Entry.parse`, `verify_blocks`.
    """
    value = _read(raw)
    acts = _proved(value["proofs"], list(logs))
    version, text = _related(acts)
    closed = {each.name: each for each in version.redactions}
    if isinstance(text, ActaDrafted):
        opened = _blocks(value, version, text, set(closed))
    else:
        opened = _digests(value["open"], acts["text"][0].statement.sealed, version)
    signed = acts["version"][0]
    told = {name: _opened(each, signed.statement.sealed.get(name, "")) for name, each in value["told"].items()}
    withheld = tuple(_withheld(each, told, acts["classification"]) for each in version.redactions)
    return PublicVersion(version.object, version.index, version.version, opened, withheld)


def _read(raw: bytes) -> dict[str, Any]:
    value = loads(raw, MAX_BYTES)
    if not isinstance(value, dict) or value.keys() != _KEYS or value["format"] != FORMAT:
        raise UntrustedInputError("public-version-malformed", "not such a file")
    for name in ("leaves", "open", "told"):
        if not isinstance(value[name], list) or not all(isinstance(each, str) for each in value[name]):
            raise UntrustedInputError("public-version-malformed", name)
    return value | {"open": _named(value["open"]), "told": _named(value["told"])}


def _named(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        if found.setdefault(disclosure.parse(text).name, text) is not text:
            raise UntrustedInputError("public-version-malformed", "a text twice")
    return found


def _proved(proofs: Any, logs: list[Verifier]) -> dict[str, list[Signed]]:
    """Return the acts, each of which is in the log at its place."""
    if not isinstance(proofs, dict) or not {"text", "version", "approved"} <= proofs.keys():
        raise UntrustedInputError("public-version-malformed", "proofs")
    found: dict[str, list[Signed]] = {"sealed": [], "classification": []}
    for name, given in proofs.items():
        texts = given if isinstance(given, list) else [given]
        if not all(isinstance(each, str) for each in texts):
            raise UntrustedInputError("public-version-malformed", "proofs")
        found[name] = [_in_log(each, logs) for each in texts]
    return found


def _in_log(text: str, logs: list[Verifier]) -> Signed:
    proof = Proof.parse(text)
    if proof.extra is None:
        raise UntrustedInputError("public-version-malformed", "a proof without its entry")
    proof.verify(leaf_hash(proof.extra), logs)
    entry = Entry.parse(proof.extra)
    signed = signed_of(entry)
    if entry.index != proof.index or signed.act.stream() != signed.statement.stream:
        raise UntrustedInputError("public-version-unrelated", f"index {proof.index}")
    return signed


def _related(acts: Mapping[str, list[Signed]]) -> tuple[PublicVersionGenerated, Act]:
    """Check that version, approval, text and sealing speak of one another."""
    [generated, *_], [approved, *_], [text, *_] = acts["version"], acts["approved"], acts["text"]
    version, approval = generated.act, approved.act
    if not isinstance(version, PublicVersionGenerated) or not isinstance(approval, PublicVersionApproved):
        raise UntrustedInputError("public-version-unrelated", "version")
    together = (approval.stream(), text.index, text.statement.stream) == (
        version.stream(),
        version.index,
        version.object,
    )
    if isinstance(text.act, ActaDrafted):
        root = [each.act.root for each in acts["sealed"] if isinstance(each.act, ActaSealed)]
        rests = [each.statement.sha256 for each in acts["sealed"] if each.statement.stream == version.object]
        together &= (text.act.root, text.act.blocks) == (version.root, version.blocks) and root == [version.root]
        together &= generated.statement.basis.get(version.object) in rests
    else:
        together &= isinstance(text.act, AgreementAdopted | AgreementImported)
    of_entry = f"classification/{version.index}"
    if not together or any(each.statement.stream != of_entry for each in acts["classification"]):
        raise UntrustedInputError("public-version-unrelated", version.object)
    return version, text.act


def _blocks(
    value: Mapping[str, Any], version: PublicVersionGenerated, acta: ActaDrafted, closed: set[str]
) -> dict[str, Any]:
    names = [block_name(number) for number in range(1, acta.blocks + 1)]
    if set(value["open"]) != set(names) - closed:
        raise UntrustedInputError("public-version-incomplete", version.object)
    numbers = {int(name.rpartition("/")[2]): text for name, text in value["open"].items()}
    opened = verify_blocks(value["leaves"], numbers, acta.root, acta.blocks)
    if not acta.imported:
        _check_votes(opened.values())
    return {block_name(number): block.model_dump() for number, block in opened.items()}


def _check_votes(blocks: Iterable[Block]) -> None:
    """T6: of a vote by name that is told, each voter's own vote is open (LGTAIP 122)."""
    found = list(blocks)
    named: dict[int, int] = {}
    for block in found:
        if block.kind == "marks" and block.data.get("sense") in _SENSES:
            vote = cast("int", block.data["vote"])
            named[vote] = named.get(vote, 0) + len(block.data["seats"])
    for block in found:
        by_name = block.kind == "vote" and block.data.get("method") in _BY_NAME
        if by_name and named.get(block.data["vote"], 0) != sum(block.data[sense] for sense in _SENSES):
            raise UntrustedInputError("votes-withheld", str(block.data["vote"]))


def _digests(given: Mapping[str, str], sealed: Mapping[str, str], version: PublicVersionGenerated) -> dict[str, Any]:
    if set(given) != set(version.open):
        raise UntrustedInputError("public-version-incomplete", version.object)
    return {name: _opened(text, sealed.get(name, "")) for name, text in sorted(given.items())}


def _opened(text: str, digest: str) -> Any:
    """Return the value of a disclosure that was signed.

    Raises:
        UntrustedInputError: "text-altered".
    """
    parsed = disclosure.parse(text)
    if disclosure.digest(text) != digest:
        raise UntrustedInputError("text-altered", parsed.name)
    return parsed.value


def _withheld(redaction: Redaction, told: Mapping[str, Any], classified: Sequence[Signed]) -> Withheld:
    """Tell why a text is withheld, out of the acts that classified it.

    Raises:
        UntrustedInputError: "public-version-incomplete" where no resolution of the Comité in the file covers it.
    """
    until_on: str | None = None
    resolved = False
    proposal = 0
    for act in (each.act for each in sorted(classified, key=lambda each: each.index)):
        match act:
            case ClassificationProposed() if redaction.name in act.names and act.character == redaction.character:
                proposal, until_on, resolved = act.proposal, act.until_on, False
            case ClassificationResolved() if act.proposal == proposal:
                resolved = act.outcome != "revoked" and redaction.name in (act.names or (redaction.name,))
                until_on = act.until_on or until_on
            case ReservationExtended() if act.proposal == proposal:
                until_on = act.until_on
            case _:
                pass
    if not resolved:
        raise UntrustedInputError("public-version-incomplete", redaction.name)
    ground = f"112.{redaction.fraction}" if redaction.fraction else f"115.{redaction.ground}"
    description = told.get(f"description/{redaction.description}")
    return Withheld(redaction.name, redaction.character, ground, description, until_on)
