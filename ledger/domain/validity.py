"""Whether an agreement holds: modified, revoked, corrected, suspended, annulled (domain.md §3.6 A3, A6, A7).

Relations have no cycle by construction: each leads from a later adoption to an earlier one, in the total order of
(day of adoption, index). A case is generic: whatever aggregate it is of, its state says which agreement it is
about and what it does to it now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from ledger.acts.validity import (
    AgreementAnnulled,
    AgreementErrataIssued,
    AgreementModified,
    AgreementReinstated,
    AgreementRevoked,
    AgreementSuspended,
)
from ledger.domain.agreement_state import AgreementState, Case, applicable, refuse_if_ended
from ledger.domain.rules.approval import carried_vote
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.superior import check_superior
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from ledger.domain.world import Signed, World

__all__ = ["Case", "check_resolution", "check_validity", "evolve_validity"]

ValidityAct: TypeAlias = (
    AgreementModified
    | AgreementRevoked
    | AgreementErrataIssued
    | AgreementSuspended
    | AgreementReinstated
    | AgreementAnnulled
)
CaseAct: TypeAlias = AgreementSuspended | AgreementReinstated | AgreementAnnulled
_SLIPS = frozenset({"title", "grounds", "resolution", "annex", "unit"})


def check_validity(state: AgreementState | None, act: ValidityAct, signed: Signed, world: World) -> None:
    """Check an act on the validity of an agreement.

    Raises:
        RuleViolation: "agreement-unknown", "back-dated", "agreement-without-effect", and those of each act.
    """
    world.rule("agreement-validity")
    if state is None:
        raise RuleViolation("agreement-unknown", agreement=act.stream())
    if parse_written(signed.statement.occurred_at) < state.last_at:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=state.last_at.isoformat())
    refuse_if_ended(state)
    match act:
        case AgreementModified():
            _check_modified(state, act, signed, world)
        case AgreementRevoked():
            _check_related(state, act, signed, world)
        case AgreementErrataIssued():
            _check_errata(state, act, signed, world)
        case AgreementSuspended():
            _check_case(act, signed, world, "suspended")
            if act.case in state.cases:
                raise RuleViolation("already-suspended", agreement=act.stream(), case=act.case)
        case AgreementReinstated():
            _check_decided(state, act, signed, world, "reinstated")
        case AgreementAnnulled():
            _check_decided(state, act, signed, world, "annulled")
        case _:
            assert_never(act)


def _check_modified(state: AgreementState, act: AgreementModified, signed: Signed, world: World) -> None:
    _check_related(state, act, signed, world)
    if len(set(act.resolutions)) != len(act.resolutions):
        raise RuleViolation("resolution-repeated", agreement=state.stream)
    for ordinal in act.resolutions:
        check_resolution(state, ordinal)


def check_resolution(state: AgreementState, ordinal: int) -> None:
    """Check that the agreement has that resolutivo, as far as it is known how many it has.

    Raises:
        RuleViolation: "resolution-unknown".
    """
    if state.resolutions is not None and ordinal > state.resolutions:
        raise RuleViolation("resolution-unknown", agreement=state.stream, resolution=ordinal)


def _check_related(
    state: AgreementState, act: AgreementModified | AgreementRevoked, signed: Signed, world: World
) -> None:
    """A3, A7: by a later agreement that applies, of the same body or one above it, and in `basis`."""
    world.rule("agreement-relations")
    calendar_day(act.effective_on)
    if act.by not in signed.statement.basis:
        raise RuleViolation("agreement-not-in-basis", agreement=act.by)
    later = applicable(world, act.by)
    check_resolution(later, act.by_resolution)
    if later.place <= state.place:
        raise RuleViolation("relation-not-later", agreement=state.stream, by=act.by)
    check_superior(state.body, later.body, world)


def _check_errata(state: AgreementState, act: AgreementErrataIssued, signed: Signed, world: World) -> None:
    """A3: in a later session, and only a slip of the text; what changes the outcome is a modification."""
    world.rule("errata")
    if act.corrects not in _SLIPS:
        raise RuleViolation("errata-changes-outcome", agreement=state.stream, corrects=act.corrects)
    if (act.corrects == "resolution") != (act.resolution is not None):
        raise RuleViolation("resolution-unknown", agreement=state.stream, resolution=act.resolution)
    if act.resolution is not None:
        check_resolution(state, act.resolution)
    vote = carried_vote(act.vote, signed, world)
    if vote.session == state.session or vote.index < state.adopted_index:
        raise RuleViolation("errata-not-later", agreement=state.stream, session=vote.session)
    check_superior(state.body, vote.body, world)


def _check_case(act: CaseAct, signed: Signed, world: World, effect: str) -> None:
    world.rule("agreement-case")
    if act.case not in signed.statement.basis:
        raise RuleViolation("case-not-in-basis", case=act.case)
    case = world.state(act.case)
    if not isinstance(case, Case):
        raise RuleViolation("case-unknown", case=act.case)
    if case.agreement != act.stream():
        raise RuleViolation("case-of-other-agreement", case=act.case, agreement=act.stream())
    if case.effect != effect:
        raise RuleViolation("case-decides-otherwise", case=act.case, effect=case.effect)


def _check_decided(state: AgreementState, act: CaseAct, signed: Signed, world: World, effect: str) -> None:
    if act.case not in state.cases:
        raise RuleViolation("not-suspended", agreement=act.stream(), case=act.case)
    _check_case(act, signed, world, effect)


def evolve_validity(state: AgreementState, act: ValidityAct, signed: Signed) -> AgreementState:
    """Return the agreement after the act; nothing of what was adopted changes (A3)."""
    version, index, statement = signed.heading()
    occurred = parse_written(signed.statement.occurred_at)
    moved = replace(state, version=version, index=index, statement=statement, last_at=occurred)
    match act:
        case AgreementModified():
            by = state.modified_by | {act.by}
            return replace(moved, modified=state.modified | set(act.resolutions), modified_by=by)
        case AgreementRevoked():
            return replace(moved, validity=act.effect, ended_by=act.by)
        case AgreementErrataIssued():
            return replace(moved, corrected_by=state.corrected_by | {act.vote})
        case AgreementSuspended():
            return replace(moved, validity="suspended", cases=state.cases | {act.case})
        case AgreementReinstated():
            left = state.cases - {act.case}
            return replace(moved, validity="suspended" if left else "in-force", cases=left)
        case AgreementAnnulled():
            return replace(moved, validity="annulled", ended_by=act.case)
        case _:
            assert_never(act)
