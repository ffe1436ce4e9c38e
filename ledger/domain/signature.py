"""Signatures of an acta and refusals to sign, one stream a seat (domain.md §3.7, L3; format.md §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.acta import ActaSignatureRefusalAttested, ActaSignatureRefused, ActaSigned
from ledger.domain.acta import ActaState, SignatureState, is_signatory
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

__all__ = ["SignatureAct", "SignatureState", "check", "evolve"]

SignatureAct: TypeAlias = ActaSigned | ActaSignatureRefused | ActaSignatureRefusalAttested


def check(state: SignatureState | None, signed: Signed, world: World) -> None:
    """Check a signature of an acta, or a refusal.

    Raises:
        RuleViolation: "acta-unknown", "acta-sealed", "acta-not-in-basis", "acta-root", "not-a-signatory",
            "already-signed", "already-refused".
    """
    act = _narrow(signed.act)
    world.rule("acta-signature")
    stream = stream_name("acta", act.session_path)
    acta = read(world, ActaState, stream)
    if acta is None:
        raise RuleViolation("acta-unknown", acta=stream)
    if acta.phase == "sealed":
        raise RuleViolation("acta-sealed", acta=stream)
    if signed.statement.basis.get(stream) != acta.statement:
        raise RuleViolation("acta-not-in-basis", acta=stream)
    if act.root != acta.root:
        raise RuleViolation("acta-root", acta=stream)
    if not is_signatory(act.seat, acta, world):
        raise RuleViolation("not-a-signatory", seat=act.seat)
    if state is not None and state.holds_for(acta):
        _check_change(state, act)


def _check_change(state: SignatureState, act: SignatureAct) -> None:
    """Of one draft: a signature stands; who refused may still sign, but not refuse twice."""
    if state.outcome == "signed":
        raise RuleViolation("already-signed", seat=state.seat)
    if not isinstance(act, ActaSigned):
        raise RuleViolation("already-refused", seat=state.seat)


def evolve(_state: SignatureState | None, signed: Signed) -> SignatureState:
    """Return the state after the act: the last word on the last draft seen."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    seen = signed.statement.basis[stream_name("acta", act.session_path)]
    match act:
        case ActaSigned():
            return SignatureState(version, index, statement, act.seat, act.root, seen, "signed")
        case ActaSignatureRefused():
            return SignatureState(version, index, statement, act.seat, act.root, seen, "refused")
        case ActaSignatureRefusalAttested():
            return SignatureState(version, index, statement, act.seat, act.root, seen, "refused", attested=True)
        case _:
            assert_never(act)


def _narrow(act: Act) -> SignatureAct:
    if not isinstance(act, ActaSigned | ActaSignatureRefused | ActaSignatureRefusalAttested):
        raise TypeError(type(act).__name__)
    return act
