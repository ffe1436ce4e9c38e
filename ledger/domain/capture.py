"""Agreements captured for follow-up by one person and reviewed by another (SICA; domain.md §1 B1, §3.0 G3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.followup import AgreementCaptured, AgreementCaptureReviewed
from ledger.domain.agreement_state import agreement_of
from ledger.domain.rules.four_eyes import check_another_person
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.followup import ResolutionKind

CaptureAct: TypeAlias = AgreementCaptured | AgreementCaptureReviewed


@dataclass(frozen=True, slots=True)
class CaptureState(State):
    """A capture.

    captor: the office that made the last capture. resolutions: what each resolutivo does, in order.
    """

    phase: Literal["captured", "confirmed", "returned"]
    captor: str
    resolutions: tuple[ResolutionKind, ...]


def check(state: CaptureState | None, signed: Signed, world: World) -> None:
    """Check a capture, or its review by somebody else.

    Raises:
        RuleViolation: "agreement-unknown", "already-captured", "resolution-count", "not-captured", "same-person".
    """
    act = _narrow(signed.act)
    world.rule("capture")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    match act:
        case AgreementCaptured():
            if state is not None and state.phase != "returned":
                raise RuleViolation("already-captured", agreement=agreement.stream)
            if agreement.resolutions is not None and len(act.resolutions) != agreement.resolutions:
                raise RuleViolation("resolution-count", agreement=agreement.stream, expected=agreement.resolutions)
        case AgreementCaptureReviewed():
            if state is None or state.phase != "captured":
                raise RuleViolation("not-captured", agreement=agreement.stream)
            check_another_person(signed, (state.captor,), world)
        case _:
            assert_never(act)


def evolve(state: CaptureState | None, signed: Signed) -> CaptureState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    version, index, statement = signed.heading()
    match act:
        case AgreementCaptured():
            return CaptureState(version, index, statement, "captured", signed.statement.office, act.resolutions)
        case AgreementCaptureReviewed():
            if state is None:
                raise RuleViolation("not-captured", agreement=act.stream())
            return replace(state, version=version, index=index, statement=statement, phase=act.outcome)
        case _:
            assert_never(act)


def _narrow(act: Act) -> CaptureAct:
    if not isinstance(act, CaptureAct):
        raise TypeError(type(act).__name__)
    return act
