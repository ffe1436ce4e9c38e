"""Founding, keys, persons, rules editions: who may speak at all (format.md §5)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, assert_never

from ledger.acts.trust import (
    KeyAccepted,
    KeyEnrolled,
    KeyRevoked,
    LedgerFounded,
    LogKeyAnnounced,
    RulesAdopted,
)
from ledger.crypto.keys import PublicKey
from ledger.domain.ca import chain_of
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.acts.base import Act

LedgerAct: TypeAlias = LedgerFounded | RulesAdopted | LogKeyAnnounced
KNOWN_EDITIONS = frozenset({1})


@dataclass(frozen=True, slots=True)
class LedgerState(State):
    """The founding and what the ledger says of itself.

    founders: keyid → person of the founding officers, as founded.
    keys: keyid → SPKI of the keys that the founding names (recovery key included).
    """

    origin: str
    founding: str
    founders: Mapping[str, str]
    keys: Mapping[str, bytes]
    recovery: str
    edition: int
    simulated: bool
    log_keys: tuple[str, ...] = ()

    @property
    def founding_persons(self) -> Collection[str]:
        """The persons of the founding officers; keys enrolled for them later act for `ledger` too."""
        return self.founders.values()


@dataclass(frozen=True, slots=True)
class KeyState(State):
    """A key: enrolled, accepted (usable after `accepted_index`), revoked.

    spki is empty for a founding key that only ever was revoked here (its SPKI stands in the founding).
    """

    keyid: str
    person: str
    spki: bytes
    service_types: frozenset[str]
    accepted_index: int | None
    revoked_index: int | None = None
    reason: str | None = None
    compromised_from: int | None = None


class Signer(NamedTuple):
    """A usable key and whose it is; `founder` where he may act for the office `ledger`."""

    key: PublicKey
    person: str
    founder: bool
    recovery: bool
    service_types: frozenset[str]


def founding(world: World) -> LedgerState:
    """Return the ledger's own state.

    Raises:
        RuleViolation: "not-founded" while the ledger is empty.
    """
    state = read(world, LedgerState, "ledger")
    if state is None:
        raise RuleViolation("not-founded")
    return state


def signer_of(keyid: str, world: World) -> Signer:
    """Return the signer of a key that is usable now (V8).

    Raises:
        RuleViolation: "key-unknown", "key-not-accepted" or "key-revoked".
    """
    ledger = founding(world)
    state = read(world, KeyState, f"key/{keyid}")
    if state is not None and state.revoked_index is not None:
        raise RuleViolation("key-revoked", keyid=keyid, index=state.revoked_index)
    if keyid in ledger.keys:
        person = ledger.founders.get(keyid, "")
        return Signer(public_key(ledger.keys[keyid]), person, bool(person), keyid == ledger.recovery, frozenset())
    if state is None:
        raise RuleViolation("key-unknown", keyid=keyid)
    if state.accepted_index is None:
        raise RuleViolation("key-not-accepted", keyid=keyid)
    founder = state.person in ledger.founding_persons
    return Signer(public_key(state.spki), state.person, founder, False, state.service_types)


_KEYS: dict[bytes, PublicKey] = {}
_MAX_CACHED_KEYS = 4096


def public_key(spki: bytes) -> PublicKey:
    """Return the parsed key, remembered by its bytes: parsing costs as much as checking a signature."""
    key = _KEYS.get(spki)
    if key is None:
        if len(_KEYS) >= _MAX_CACHED_KEYS:
            _KEYS.clear()
        key = _KEYS[spki] = PublicKey.from_spki(spki)
    return key


# -- the stream `ledger` ---------------------------------------------------------------------------------------


def check_ledger(state: LedgerState | None, signed: Signed, world: World) -> None:
    """Check an act of the stream `ledger`.

    Raises:
        RuleViolation: "already-founded", "not-founded", "founding-*", "edition-gap".
    """
    match signed.act:
        case LedgerFounded() as act:
            if state is not None:
                raise RuleViolation("already-founded")
            world.rule("founding")
            _check_founding(act, signed)
        case RulesAdopted() as act:
            if state is None:
                raise RuleViolation("not-founded")
            world.rule("edition")
            if act.edition != state.edition + 1:
                raise RuleViolation("edition-gap", edition=act.edition, expected=state.edition + 1)
        case LogKeyAnnounced():
            if state is None:
                raise RuleViolation("not-founded")
        case other:
            raise RuleViolation("wrong-kind", type(other).__name__)


def _check_founding(act: LedgerFounded, signed: Signed) -> None:
    if signed.index != 0:
        raise RuleViolation("founding-not-first", index=signed.index)
    if act.origin != signed.statement.ledger:
        raise RuleViolation("founding-origin", origin=act.origin)
    keyids = [_enrollable(officer.spki).keyid for officer in act.officers]
    recovery = _enrollable(act.recovery_spki).keyid
    if len(set(keyids)) != len(keyids) or len({o.person for o in act.officers}) != len(act.officers):
        raise RuleViolation("founding-officers-repeat")
    if recovery in keyids:
        raise RuleViolation("founding-recovery-key")
    if signed.statement.signer not in keyids:
        raise RuleViolation("founding-signer")


def _enrollable(spki_base64: str) -> PublicKey:
    try:
        key = PublicKey.from_spki(base64.b64decode(spki_base64, validate=True))
        key.check_enrollable()
    except (ValueError, UntrustedInputError) as error:
        raise RuleViolation("key-not-acceptable", str(error)) from error
    return key


def evolve_ledger(state: LedgerState | None, signed: Signed) -> LedgerState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow_ledger(signed.act)
    if isinstance(act, LedgerFounded):
        return _founded(act, signed)
    if state is None:
        raise RuleViolation("not-founded")
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case RulesAdopted():
            return replace(moved, edition=act.edition)
        case LogKeyAnnounced():
            return replace(moved, log_keys=(*state.log_keys, act.vkey))
        case _:
            assert_never(act)


def _narrow_ledger(act: Act) -> LedgerAct:
    if not isinstance(act, LedgerFounded | RulesAdopted | LogKeyAnnounced):
        raise TypeError(type(act).__name__)
    return act


def _founded(act: LedgerFounded, signed: Signed) -> LedgerState:
    version, index, statement = signed.heading()
    officers = {PublicKey.from_spki(base64.b64decode(o.spki)).keyid: o for o in act.officers}
    recovery_spki = base64.b64decode(act.recovery_spki)
    recovery = PublicKey.from_spki(recovery_spki).keyid
    keys = {keyid: base64.b64decode(o.spki) for keyid, o in officers.items()} | {recovery: recovery_spki}
    return LedgerState(
        version=version,
        index=index,
        statement=statement,
        origin=act.origin,
        founding=statement,
        founders={keyid: o.person for keyid, o in officers.items()},
        keys=keys,
        recovery=recovery,
        edition=act.rules_edition,
        simulated=act.clock == "simulated",
    )


# -- keys ------------------------------------------------------------------------------------------------------


def check_key(state: KeyState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `key/<keyid>`.

    Raises:
        RuleViolation: "key-*", "person-unknown", "recovery-key-scope", "ca-*".
    """
    world.rule("keys")
    match signed.act:
        case KeyEnrolled() as act:
            _check_enrolment(state, act, signed, world)
        case KeyAccepted():
            if state is None or not state.spki:
                raise RuleViolation("key-unknown", keyid=signed.statement.signer)
            if state.accepted_index is not None or state.revoked_index is not None:
                raise RuleViolation("key-already-settled", keyid=state.keyid)
        case KeyRevoked() as act:
            _check_revocation(state, act, signed, world)
        case other:
            raise RuleViolation("wrong-kind", type(other).__name__)


def _check_enrolment(state: KeyState | None, act: KeyEnrolled, signed: Signed, world: World) -> None:
    ledger = founding(world)
    if state is not None or act.keyid in ledger.keys:
        raise RuleViolation("key-already-enrolled", keyid=act.keyid)
    if _enrollable(act.spki).keyid != act.keyid:
        raise RuleViolation("keyid-mismatch", keyid=act.keyid)
    if act.person not in ledger.founding_persons and world.state(stream_name("person", act.person)) is None:
        raise RuleViolation("person-unknown", person=act.person)
    if signed.statement.signer == ledger.recovery and act.person not in ledger.founding_persons:
        raise RuleViolation("recovery-key-scope", person=act.person)
    if act.certificate is not None:
        world.rule("certificates")
        chain_of(act.certificate.issuer_sha256, signed.index, world)


def _check_revocation(state: KeyState | None, act: KeyRevoked, signed: Signed, world: World) -> None:
    ledger = founding(world)
    if state is None and act.keyid not in ledger.keys:
        raise RuleViolation("key-unknown", keyid=act.keyid)
    if state is not None and state.revoked_index is not None:
        raise RuleViolation("key-already-revoked", keyid=act.keyid)
    person = ledger.founders.get(act.keyid, "") if state is None else state.person
    if signed.statement.signer == ledger.recovery and person not in ledger.founding_persons:
        raise RuleViolation("recovery-key-scope", person=person)
    if (act.reason == "compromised") != (act.compromised_from is not None):
        raise RuleViolation("compromise-without-index", keyid=act.keyid)
    if act.compromised_from is not None and act.compromised_from > signed.index:
        raise RuleViolation("compromise-in-future", index=act.compromised_from)


def evolve_key(state: KeyState | None, signed: Signed) -> KeyState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = signed.act
    if not isinstance(act, KeyEnrolled | KeyAccepted | KeyRevoked):
        raise TypeError(type(act).__name__)
    if isinstance(act, KeyEnrolled):
        return KeyState(
            version=version,
            index=index,
            statement=statement,
            keyid=act.keyid,
            person=act.person,
            spki=base64.b64decode(act.spki),
            service_types=frozenset(act.service_types),
            accepted_index=None,
        )
    if state is None:  # a founding key's stream begins with its revocation
        state = KeyState(version, index, statement, act.keyid, "", b"", frozenset(), accepted_index=None)
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case KeyAccepted():
            return replace(moved, accepted_index=index)
        case KeyRevoked():
            return replace(moved, revoked_index=index, reason=act.reason, compromised_from=act.compromised_from)
        case _:
            assert_never(act)
