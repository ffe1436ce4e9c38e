"""Certificates over sealed objects, by exact hash (domain.md §3.9, X1-X3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.certification import (
    CertificationIssued,
    CertificationRevoked,
    CertificationSuperseded,
    CertifiedObject,
)
from ledger.domain.acta import ActaState
from ledger.domain.agreement import AgreementState
from ledger.domain.designation import DesignationState
from ledger.domain.rules.numbering import check_predecessor, series_stream
from ledger.domain.states import VoteState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

CertificationAct: TypeAlias = CertificationIssued | CertificationRevoked | CertificationSuperseded


@dataclass(frozen=True, slots=True)
class CertificationState(State):
    """A certificate; once issued it never looks un-issued again (X3).

    issued_index: the place of the act that issued it.
    by: (year, number) of the certificate that took its place, kept after a later revocation.
    reason: why it was revoked.
    """

    body: str
    year: int
    number: int
    objects: tuple[CertifiedObject, ...]
    issued_index: int
    phase: Literal["issued", "superseded", "revoked"] = "issued"
    by: tuple[int, int] | None = None
    reason: str | None = None

    @property
    def streams(self) -> frozenset[str]:
        """The streams of the objects that it certifies."""
        return frozenset(each.stream for each in self.objects)


def check(state: CertificationState | None, signed: Signed, world: World) -> None:
    """Check that a certificate is issued in order over sealed objects, or leaves that state lawfully.

    Raises:
        RuleViolation: "already-issued", "certification-year", "number-gap",
            "object-*", "not-sealed", "not-declared", "not-certifiable", "certification-unknown",
            "certification-revoked", "certification-superseded", "successor-*".
    """
    act = _narrow(signed.act)
    if isinstance(act, CertificationIssued):
        _check_issued(state, act, signed, world)
        return
    world.rule("certification-transition")
    if state is None:
        raise RuleViolation("certification-unknown", certification=act.stream())
    if state.phase == "revoked":
        raise RuleViolation("certification-revoked", certification=act.stream())
    match act:
        case CertificationRevoked():
            return
        case CertificationSuperseded():
            _check_superseded(state, act, world)
        case _:
            assert_never(act)


def _check_issued(state: CertificationState | None, act: CertificationIssued, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-issued", certification=act.stream())
    world.rule("certification-number")
    if legal_day(signed.statement.occurred_at).year != act.year:
        raise RuleViolation("certification-year", year=act.year)
    check_predecessor(world, act.stream(), series_stream(act.stream()))
    world.rule("certification-objects")
    if len({each.stream for each in act.objects}) != len(act.objects):
        raise RuleViolation("object-repeated")
    for each in act.objects:
        _check_object(each, act.body, world)


def _check_object(certified: CertifiedObject, body: str, world: World) -> None:
    """Check that the object is the body's own, sealed (X1), and exactly what its stream ends with (X2)."""
    kind, _, path = certified.stream.partition("/")
    if kind not in {"acta", "agreement", "vote", "designation"}:
        raise RuleViolation("not-certifiable", stream=certified.stream)
    if path.partition("/")[0] != body:
        raise RuleViolation("object-of-other-body", stream=certified.stream)
    state = world.state(certified.stream)
    if state is None:
        raise RuleViolation("object-unknown", stream=certified.stream)
    _check_settled(state, certified)
    if (certified.index, certified.statement) != (state.index, state.statement):
        raise RuleViolation("object-moved", stream=certified.stream)
    if certified.root != (state.root if isinstance(state, ActaState) else None):
        raise RuleViolation("object-root", stream=certified.stream)


def _check_settled(state: State, certified: CertifiedObject) -> None:
    """Check that nothing can change the object any more: an acta sealed, a vote declared."""
    match state:
        case ActaState():
            if state.phase != "sealed":
                raise RuleViolation("not-sealed", stream=certified.stream)
        case VoteState():
            if state.phase not in {"declared", "imported"}:
                raise RuleViolation("not-declared", stream=certified.stream)
        case AgreementState() | DesignationState():
            pass
        case _:
            raise TypeError(f"{kind_of(certified.stream)}: {type(state).__name__}")


def _check_superseded(state: CertificationState, act: CertificationSuperseded, world: World) -> None:
    """Check that a later certificate of the same body, in force, speaks of one of the same objects."""
    if state.phase == "superseded":
        raise RuleViolation("certification-superseded", certification=act.stream())
    stream = stream_name("certification", act.body, act.by_year, act.by_number)
    successor = read(world, CertificationState, stream)
    if successor is None:
        raise RuleViolation("successor-unknown", certification=stream)
    if successor.issued_index <= state.issued_index:
        raise RuleViolation("successor-not-later", certification=stream)
    if successor.phase != "issued":
        raise RuleViolation("successor-not-in-force", certification=stream)
    if not successor.streams & state.streams:
        raise RuleViolation("successor-unrelated", certification=stream)


def evolve(state: CertificationState | None, signed: Signed) -> CertificationState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    if isinstance(act, CertificationIssued):
        return CertificationState(
            version, index, statement, act.body, act.year, act.number, act.objects, issued_index=index
        )
    if state is None:
        raise RuleViolation("certification-unknown", certification=act.stream())
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case CertificationRevoked():
            return replace(moved, phase="revoked", reason=act.reason)
        case CertificationSuperseded():
            return replace(moved, phase="superseded", by=(act.by_year, act.by_number))
        case _:
            assert_never(act)


def _narrow(act: Act) -> CertificationAct:
    if not isinstance(act, CertificationIssued | CertificationRevoked | CertificationSuperseded):
        raise TypeError(type(act).__name__)
    return act
