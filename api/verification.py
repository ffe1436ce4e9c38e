"""Gathering the facts of a check from the database, for `ledger.verdicts` to conclude from (format.md §11).

Nothing is believed that can be recomputed: bytes are hashed and parsed again, the signature is checked again, and
authority is replayed on the states that stood at the act's index.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from api.certificates import check_certificate
from api.suspensions import changed_since, suspension
from api.told_versions import told_version
from api.witnesses import witnessed
from ledger.crypto.merkle import leaf_hash
from ledger.domain.replay import signed_of
from ledger.domain.rules.authority import check_authority, check_window, verification_key
from ledger.domain.trust import KeyState, public_key
from ledger.errors import AcervoError, NotSealedError, RuleViolation, UntrustedInputError
from ledger.ids import kind_of, stream_name
from ledger.loader import Loader, States
from ledger.log.errors import LogDamagedError
from ledger.receipts import make_receipts
from ledger.statement import Entry, SignedAct, Statement
from ledger.texts import text
from ledger.verdicts import Conclusion, Facts, Outcome, Verdict, conclude, pending_witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from api.system import System
    from ledger.log.proof import Proof
    from ledger.store.store import LedgerStore

_MADE = frozenset({"AgreementAdopted/1", "AgreementImported/1"})
ASPECTS = ("integrity", "authenticity", "inclusion", "currency", "completeness")
ALWAYS_UNCHECKED = ("truth",)


@dataclass(frozen=True, slots=True)
class Checked:
    """An act that was checked: its entry where it could be read, facts and conclusion.

    certified: of a certificate, what it says of each object, and what became of it; of a public version, its parts.
    """

    facts: Facts
    conclusion: Conclusion
    entry: Entry | None = None
    certified: Mapping[str, Any] = field(default_factory=dict)


class _Before:
    """A ledger as it stood before an index."""

    def __init__(self, store: LedgerStore, index: int) -> None:
        self._store = store
        self._index = index

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give the stream's entries before the index."""
        for raw in self._store.stream(name, after_version):
            if Entry.parse(raw).index >= self._index:
                return
            yield raw


def unknown() -> Checked:
    """Return the check of something that the ledger does not have."""
    facts = Facts(known=False)
    return Checked(facts, conclude(facts))


def check_act(system: System, index: int) -> Checked:
    """Check the act at an index: bytes, signature, authority then, inclusion, and what came later."""
    raw = system.store.entry(index)
    if raw is None:
        return unknown()
    facts = Facts(index=index, intact=True, current=True, witnessed=witnessed(system, index))
    facts = _inclusion(system, facts, index, raw)
    try:
        entry = Entry.parse(raw)
    except UntrustedInputError:
        facts = replace(facts, altered=(f"acts/{index}",))
        return Checked(facts, conclude(facts))
    if entry.index != index or entry.act.statement.ledger != system.ledger.origin:
        facts = replace(facts, altered=(f"acts/{index}",))
    facts = _authenticity(system, facts, entry)
    facts = _later(system, facts, entry)
    told: Mapping[str, Any] = {}
    if kind_of(entry.act.statement.stream) == "certification":
        facts, told = check_certificate(system, replace(facts, gated=True), entry, lambda at: _world(system, at))
    elif kind_of(entry.act.statement.stream) == "version":
        told = told_version(system, entry)
    return Checked(facts, conclude(facts), entry, certified=told)


def _world(system: System, index: int) -> Loader:
    """Return the ledger as it stood before an index."""
    return Loader(States(_Before(system.store, index)), system.ledger.origin)


def check_certification(system: System, body: str, year: int, number: int) -> Checked:
    """Check the n-th certificate of a body in a year."""
    stream = stream_name("certification", body, year, number)
    raws = system.store.stream(stream)
    if not raws:
        return unknown()
    return check_act(system, Entry.parse(raws[0]).index)


def check_proof(system: System, given: Proof) -> Checked:
    """Check a proof that somebody brought: its entry must be the one that stands here, its checkpoint ours."""
    checked = unknown() if given.extra is None else check_act(system, given.index)
    if not checked.facts.known or given.extra is None:
        return checked
    facts = checked.facts
    if system.store.entry(given.index) != given.extra:
        facts = replace(facts, altered=(*facts.altered, f"acts/{given.index}"))
    try:
        given.verify(leaf_hash(given.extra), system.keys)
    except UntrustedInputError as error:
        if error.code == "inclusion-not-proved":
            facts = replace(facts, altered=(*facts.altered, "proof"))
        else:
            facts = replace(facts, consistent=False)
    return replace(checked, facts=facts, conclusion=conclude(facts))


def check_bytes(system: System, raw: bytes) -> Checked | None:
    """Check an entry, an envelope or a statement that somebody brought, byte for byte; None where it is none."""
    if raw.startswith(b'{"act":'):
        return _brought(system, raw, _place_of_entry)
    if raw.startswith(b'{"payload":'):
        return _brought(system, raw, lambda given: _place_of_act(system, SignedAct.parse(given)))
    if raw.startswith(b'{"basis":'):
        return _brought(system, raw, lambda given: _place_of_statement(system, Statement.parse(given)))
    return None


def _brought(system: System, raw: bytes, place: Callable[[bytes], tuple[int, bytes] | None]) -> Checked | None:
    """Check the act that stands where the bytes say they belong, and compare what was brought with it."""
    try:
        found = place(raw)
    except UntrustedInputError:
        return None
    if found is None:
        return unknown()
    index, brought = found
    checked = check_act(system, index)
    if checked.entry is None:
        return checked
    act = checked.entry.act
    if brought in (checked.entry.raw, act.envelope(), act.statement.raw):
        return checked
    facts = replace(checked.facts, altered=(*checked.facts.altered, f"acts/{index}"))
    return replace(checked, facts=facts, conclusion=conclude(facts))


def _place_of_entry(raw: bytes) -> tuple[int, bytes] | None:
    return Entry.parse(raw).index, raw


def _place_of_act(system: System, act: SignedAct) -> tuple[int, bytes] | None:
    found = _place_of_statement(system, act.statement)
    return None if found is None else (found[0], act.envelope())


def _place_of_statement(system: System, statement: Statement) -> tuple[int, bytes] | None:
    raws = system.store.stream(statement.stream, statement.version - 1)
    return (Entry.parse(raws[0]).index, statement.raw) if raws else None


# -- one aspect after the other --------------------------------------------------------------------------------------


def _inclusion(system: System, facts: Facts, index: int, raw: bytes) -> Facts:
    try:
        note = system.checkpoint(index + 1)
        make_receipts({index: raw}, note, system.log)
    except NotSealedError:
        return replace(facts, sealed=False, consistent=None)
    except LogDamagedError:
        return replace(facts, consistent=False)
    return replace(facts, sealed=True, consistent=True, as_of=_size(note))


def _size(note: str) -> int:
    return int(note.split("\n", 2)[1])


def _authenticity(system: System, facts: Facts, entry: Entry) -> Facts:
    world = _world(system, entry.index)
    try:
        signed = signed_of(entry)
        key = public_key(verification_key(entry.act.statement.signer, signed.act, world))
    except AcervoError:
        return replace(facts, signed=False, authorised=False)
    facts = replace(facts, signed=entry.act.verify(key))
    try:
        check_window(signed, world)
        check_authority(signed, world)
    except RuleViolation:
        return replace(facts, authorised=False)
    return replace(facts, authorised=True)


def _later(system: System, facts: Facts, entry: Entry) -> Facts:
    """Look for what came after: the key's compromise, what became of an agreement; certificates are checked apart."""
    state = system.ledger.state(stream_name("key", entry.act.statement.signer))
    if isinstance(state, KeyState):
        facts = replace(facts, compromised_from=state.compromised_from)
    if entry.act.statement.type in _MADE:
        return replace(_agreement(system, facts, entry), complete=True if facts.sealed else None)
    if kind_of(entry.act.statement.stream) != "certification":
        return replace(facts, complete=True if facts.sealed else None)
    return facts


def _agreement(system: System, facts: Facts, entry: Entry) -> Facts:
    stream = entry.act.statement.stream
    modified = (stream,) if changed_since(system, stream, entry.index) else ()
    return replace(facts, suspended=suspension(system, stream), modified=modified)


# -- the report ----------------------------------------------------------------------------------------------------


def report(checked: Checked) -> dict[str, Any]:
    """Return a check as the API shows it: Spanish first, English beside it."""
    conclusion, facts = checked.conclusion, checked.facts
    headline = conclusion.headline
    pending = pending_witness(facts)
    code = conclusion.code
    if pending and headline is Verdict.NOT_YET_SEALED:
        code = "verdict-pending-witness"
    said: dict[str, Any] = {
        "headline": headline,
        **_sentence("text", code),
        **_sentence("next", f"{code}-next"),
        "verdicts": [{"verdict": each, **_sentence("text", each.code)} for each in conclusion.verdicts],
        "aspects": {name: _aspect(name, getattr(conclusion, name)) for name in ASPECTS},
        "not_checked": [
            {"aspect": name, **_sentence("text", f"not-checked-{name}")}
            for name in (*conclusion.not_checked, *(() if facts.witnessed else ("witnesses",)), *ALWAYS_UNCHECKED)
        ],
        "pending": ["witness"] if pending else [],
        "as_of": facts.as_of,
        "altered": list(facts.altered),
        "modified": list(facts.modified),
    }
    later = {"revoked": facts.revoked, "superseded": facts.superseded, "suspended": facts.suspended}
    said["later_acts"] = {name: index for name, index in later.items() if index is not None}
    said |= checked.certified
    if checked.entry is not None:
        said["object"] = _about(checked.entry)
    return said


def _about(entry: Entry) -> dict[str, Any]:
    statement = entry.act.statement
    return {
        "index": entry.index,
        "type": statement.type,
        "stream": statement.stream,
        "recorded_at": entry.recorded_at,
        "signed_at": statement.signed_at,
        "office": statement.office,
        "signer": statement.signer,
        "statement_sha256": statement.sha256,
        "imported": statement.type.partition("/")[0].endswith("Imported"),
        "links": {"act": f"/api/v1/acts/{entry.index}", "proof": f"/api/v1/acts/{entry.index}/proof"},
    }


def _aspect(name: str, outcome: Outcome) -> dict[str, str]:
    return {"outcome": outcome, **_sentence("text", f"aspect-{name}")}


def _sentence(name: str, code: str) -> dict[str, str]:
    return {name: text(code, "es"), f"{name}_en": text(code, "en")}


__all__ = ["Checked", "check_act", "check_bytes", "check_certification", "check_proof", "report", "unknown"]
