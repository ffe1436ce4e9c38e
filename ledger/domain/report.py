"""Periodic reports: prepared, authorised level by level by different people, noted in a session (domain.md E7, B5).

Whether the hash is that of what the ledger says is nothing that states of streams tell: the verifier computes it
(`ledger.reporting`), and so may anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared, ReportPresented
from ledger.domain.body import body_of
from ledger.domain.rules.four_eyes import check_another_person
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.rules.superior import superior_session
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act

ReportAct: TypeAlias = PeriodicReportPrepared | PeriodicReportAuthorized | ReportPresented


@dataclass(frozen=True, slots=True)
class ReportState(State):
    """A report.

    as_of, content: index and hash that were bound. levels: how many authorisations it needs.
    signers: the office that prepared it and those that authorised it, in order.
    sessions: paths of the sessions that took note of it.
    """

    as_of: int
    content: str
    levels: int
    signers: tuple[str, ...]
    last_at: datetime
    sessions: tuple[str, ...] = ()

    @property
    def authorised(self) -> bool:
        """Whether every level has authorised it."""
        return len(self.signers) > self.levels


def check(state: ReportState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `report/<body>/<kind>/<period>/<n>`.

    Raises:
        RuleViolation: "already-prepared", "number-gap", "body-unknown", "as-of-later", "report-unknown",
            "back-dated", "report-content", "already-authorised", "level-gap", "same-person",
            "report-not-authorised", "session-not-in-basis", "session-unknown", "not-superior", "already-presented",
            "item-unknown", "item-not-noted".
    """
    act = _narrow(signed.act)
    world.rule("report")
    if isinstance(act, PeriodicReportPrepared):
        if state is not None:
            raise RuleViolation("already-prepared", report=act.stream())
        check_predecessor(world, act.stream())
        body_of(world, act.body)
        if act.as_of >= signed.index:
            raise RuleViolation("as-of-later", as_of=act.as_of)
        return
    if state is None:
        raise RuleViolation("report-unknown", report=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case PeriodicReportAuthorized():
            _check_authorised(state, act, signed, world)
        case ReportPresented():
            _check_presented(state, act, signed, world)
        case _:
            assert_never(act)


def _check_authorised(state: ReportState, act: PeriodicReportAuthorized, signed: Signed, world: World) -> None:
    """The same content at every level, the levels in their order, each of another person."""
    world.rule("report-chain")
    if (act.as_of, act.content_sha256) != (state.as_of, state.content):
        raise RuleViolation("report-content", report=act.stream(), as_of=state.as_of)
    if state.authorised:
        raise RuleViolation("already-authorised", report=act.stream())
    if act.level != len(state.signers):
        raise RuleViolation("level-gap", level=act.level, expected=len(state.signers))
    check_another_person(signed, state.signers, world)


def _check_presented(state: ReportState, act: ReportPresented, signed: Signed, world: World) -> None:
    """To the body itself or one above it, as an item that it took note of."""
    if not state.authorised:
        raise RuleViolation("report-not-authorised", report=act.stream(), levels=state.levels)
    session = superior_session(act.body, act.session, signed, world)
    if session.path in state.sessions:
        raise RuleViolation("already-presented", session=act.session)
    item = session.items.get(act.item)
    if item is None:
        raise RuleViolation("item-unknown", item=act.item)
    if item.outcome != "noted":
        raise RuleViolation("item-not-noted", item=act.item, outcome=item.outcome)


def evolve(state: ReportState | None, signed: Signed) -> ReportState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    at, office = parse_written(signed.statement.occurred_at), signed.statement.office
    if isinstance(act, PeriodicReportPrepared):
        return ReportState(*signed.heading(), act.as_of, act.content_sha256, act.levels, (office,), at)
    if state is None:
        raise RuleViolation("report-unknown", report=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case PeriodicReportAuthorized():
            return replace(moved, signers=(*state.signers, office))
        case ReportPresented():
            return replace(moved, sessions=(*state.sessions, act.session.partition("/")[2]))
        case _:
            assert_never(act)


def _narrow(act: Act) -> ReportAct:
    if not isinstance(act, ReportAct):
        raise TypeError(type(act).__name__)
    return act
