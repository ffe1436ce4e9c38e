"""How a body comes to be: registered as it exists on paper, or created by an agreement of the one above (R20).

LFEP arts. 56–58: the board creates committees on proposal of its chair or of a third of its members at least, and
delegates to them none of the powers that are its own. Where the parent's rules say so, who registers a committee names
the agreement that created it, who proposed it and what was delegated; only founding officers register a committee
without, as they register everything that exists on paper, and it is remarked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.body import BodyRegistered
from ledger.domain import body
from ledger.domain.body import body_of
from ledger.domain.rules.entitlement import voted_agreement
from ledger.errors import RuleViolation
from ledger.ids import legal_day

if TYPE_CHECKING:
    from datetime import date

    from ledger.acts.rules import CommitteeRule
    from ledger.domain.body import BodyState
    from ledger.domain.world import Signed, World

__all__ = ["check", "evolve"]

evolve = body.evolve
_COMMITTEES = frozenset({"committee", "commission"})


def check(state: BodyState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `body/<body>`.

    Raises:
        RuleViolation: those of `body.check`; "committee-without-agreement", "committee-of-other-body",
            "committee-unproposed", "power-reserved", and those of `voted_agreement`.
    """
    body.check(state, signed, world)
    act = signed.act
    if isinstance(act, BodyRegistered):
        _check_created(act, signed, world)


def _check_created(act: BodyRegistered, signed: Signed, world: World) -> None:
    if act.agreement is not None:
        _check_agreement(act, act.agreement, signed, world)
        return
    if act.proposers or act.powers:
        raise RuleViolation("committee-without-agreement", body=act.body)
    rule = _rule(act, legal_day(signed.statement.occurred_at), world)
    if rule is None:
        return
    if signed.statement.office != "ledger":
        raise RuleViolation("committee-without-agreement", body=act.body)
    world.remark("committee-on-paper", body=act.body, parent=act.parent)


def _rule(act: BodyRegistered, day: date, world: World) -> CommitteeRule | None:
    """Return how the parent creates committees by its rules of the day; None where nothing says or it is none."""
    adopted = None if act.parent is None else body_of(world, act.parent).rules_on(day)
    return adopted.rules.committees if adopted is not None and act.body_kind in _COMMITTEES else None


def _check_agreement(act: BodyRegistered, stream: str, signed: Signed, world: World) -> None:
    """An agreement of the parent that applies, and what its rules said on the day on which it was adopted."""
    agreement, vote = voted_agreement(stream, signed, world)
    if act.parent is None or vote.body != act.parent:
        raise RuleViolation("committee-of-other-body", body=vote.body, parent=act.parent or "")
    rule = _rule(act, agreement.adopted_on, world)
    if rule is None:
        return
    world.rule("committees")
    _check_proposed(act, body_of(world, act.parent), agreement.adopted_on, rule)
    for power in act.powers:
        for norm in rule.reserved:
            if power == norm or power.startswith(f"{norm} "):
                raise RuleViolation("power-reserved", power=power, norm=norm)


def _check_proposed(act: BodyRegistered, parent: BodyState, day: date, rule: CommitteeRule) -> None:
    """By the chair, or by so many of the voting seats that exist that day, vacant ones counted."""
    members = {seat.seat: seat.role for seat in parent.voting_seats_on(day)}
    named = set(act.proposers)
    if not named <= members.keys():
        raise RuleViolation("seat-unknown", body=parent.body, seat=min(named - members.keys()), day=day.isoformat())
    if any(members[seat] == "chair" for seat in named):
        return
    if len(named) * rule.share.d < len(members) * rule.share.n:
        raise RuleViolation("committee-unproposed", proposers=len(named), members=len(members))
