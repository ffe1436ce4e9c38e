"""Certificates over sealed objects, and of what there is not; by exact hash (domain.md §3.9, X1-X5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.certification import (
    CertificationDelivered,
    CertificationIssued,
    CertificationRevoked,
    CertificationSuperseded,
    CertifiedObject,
)
from ledger.domain.body import body_of, rules_of
from ledger.domain.content import check_content
from ledger.domain.request import RequestState
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.numbering import check_predecessor, check_unused, series_stream
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, stream_name

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.base import Act
    from ledger.acts.certification import Negative

LaterAct: TypeAlias = CertificationDelivered | CertificationRevoked | CertificationSuperseded
CertificationAct: TypeAlias = CertificationIssued | LaterAct


@dataclass(frozen=True, slots=True)
class CertificationState(State):
    """A certificate; once issued it never looks un-issued again (X3).

    on: the day of its issue; issued_index: the place of the act that issued it.
    delivered_on: when it was handed over; None before.
    by: (year, number) of the certificate that took its place, kept after a later revocation.
    reason: why it was revoked.
    """

    body: str
    year: int
    number: int
    objects: tuple[CertifiedObject, ...]
    negatives: tuple[Negative, ...]
    issued_index: int
    on: date
    phase: Literal["issued", "superseded", "revoked"] = "issued"
    delivered_on: date | None = None
    by: tuple[int, int] | None = None
    reason: str | None = None

    @property
    def streams(self) -> frozenset[str]:
        """What it speaks of: the streams of its objects, and of its negative statements the series."""
        return frozenset({each.stream for each in self.objects} | {each.prefix(self.body) for each in self.negatives})


def check(state: CertificationState | None, signed: Signed, world: World) -> None:
    """Check that a certificate is issued in order over sealed objects, or leaves that state lawfully.

    Raises:
        RuleViolation: "already-issued", "number-used", "certification-year", "number-gap", "request-required",
            "request-unknown", "request-of-other-body", "request-not-in-basis", "request-not-reviewed",
            "content-not-reviewed", "certification-unknown", "already-delivered", "delivered-before",
            "impossible-date", "certification-revoked", "certification-superseded", "successor-*" and those of
            `check_content`.
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
        case CertificationDelivered():
            _check_delivered(state, act, signed)
        case CertificationRevoked():
            return
        case CertificationSuperseded():
            _check_superseded(state, act, world)
        case _:
            assert_never(act)


def _check_issued(state: CertificationState | None, act: CertificationIssued, signed: Signed, world: World) -> None:
    if state is not None:
        raise RuleViolation("already-issued", certification=act.stream())
    check_unused(signed)
    world.rule("certification-number")
    if legal_day(signed.statement.occurred_at).year != act.year:
        raise RuleViolation("certification-year", year=act.year)
    check_predecessor(world, act.stream(), series_stream(act.stream()))
    request = None if act.request is None else _request(act, act.request, signed, world)
    check_content(act, act.body, None if request is None else request.petitioner, signed, world)
    if request is None:
        _check_direct(act, signed, world)


def _request(act: CertificationIssued, stream: str, signed: Signed, world: World) -> RequestState:
    """Return the request, out of which exactly what was reviewed is issued (G3)."""
    world.rule("certification-request")
    request = read(world, RequestState, stream) if kind_of(stream) == "request" else None
    if request is None:
        raise RuleViolation("request-unknown", request=stream)
    if stream.split("/")[1] != act.body:
        raise RuleViolation("request-of-other-body", request=stream)
    if signed.statement.basis.get(stream) != request.statement:
        raise RuleViolation("request-not-in-basis", request=stream)
    if request.phase != "reviewed":
        raise RuleViolation("request-not-reviewed", request=stream, phase=request.phase)
    if request.content != act.content_sha256():
        raise RuleViolation("content-not-reviewed", request=stream)
    return request


def _check_direct(act: CertificationIssued, signed: Signed, world: World) -> None:
    """Without a request that somebody else reviewed only where the body's profile says so (G3)."""
    world.rule("certification-direct")
    body = body_of(world, act.body)
    if rules_of(body, legal_day(signed.statement.occurred_at)).certification != "direct":
        raise RuleViolation("request-required", body=act.body)


def _check_delivered(state: CertificationState, act: CertificationDelivered, signed: Signed) -> None:
    if state.delivered_on is not None:
        raise RuleViolation("already-delivered", certification=act.stream())
    if not state.on <= calendar_day(act.delivered_on) <= legal_day(signed.statement.occurred_at):
        raise RuleViolation("delivered-before", delivered_on=act.delivered_on)


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
            version,
            index,
            statement,
            act.body,
            act.year,
            act.number,
            act.objects,
            act.negatives,
            issued_index=index,
            on=legal_day(signed.statement.occurred_at),
        )
    if state is None:
        raise RuleViolation("certification-unknown", certification=act.stream())
    moved = replace(state, version=version, index=index, statement=statement)
    match act:
        case CertificationDelivered():
            return replace(moved, delivered_on=calendar_day(act.delivered_on))
        case CertificationRevoked():
            return replace(moved, phase="revoked", reason=act.reason)
        case CertificationSuperseded():
            return replace(moved, phase="superseded", by=(act.by_year, act.by_number))
        case _:
            assert_never(act)


def _narrow(act: Act) -> CertificationAct:
    if not isinstance(act, CertificationAct):
        raise TypeError(type(act).__name__)
    return act
