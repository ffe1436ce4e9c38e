"""Fe de erratas: a sealed acta is never changed, it is read otherwise by what a later session approved (L2).

The link goes both ways: the errata names the acta in its own name and in its basis, and the acta's erratas are
numbered without gaps in streams named after it, so that whoever holds the acta finds them all (`erratas_of`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.acts.circulation import ActaErrataIssued, RestatedResult
from ledger.domain.acta import ActaState
from ledger.domain.rules.approval import check_approving_vote
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.states import VoteState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.acts.base import Act


@dataclass(frozen=True, slots=True)
class ErrataState(State):
    """A fe de erratas.

    session: path of the session whose acta it corrects; number: its place among that acta's.
    acta_statement: the sealed acta that it speaks of.
    approved_by: the vote; blocks: which blocks read otherwise.
    """

    session: str
    number: int
    acta_statement: str
    approved_by: str
    blocks: tuple[int, ...]


def check(state: ErrataState | None, signed: Signed, world: World) -> None:
    """Check a fe de erratas.

    Raises:
        RuleViolation: "errata-already-issued", "acta-unknown", "not-sealed", "acta-not-in-basis", "number-gap",
            "block-repeated", "block-unknown", "errata-changes-outcome", "vote-unknown", "vote-not-in-basis",
            "vote-of-other-body", "vote-not-approved", "vote-not-later".
    """
    act = _narrow(signed.act)
    world.rule("errata")
    if state is not None:
        raise RuleViolation("errata-already-issued", errata=act.stream())
    stream = stream_name("acta", act.session_path)
    acta = read(world, ActaState, stream)
    if acta is None:
        raise RuleViolation("acta-unknown", acta=stream)
    if acta.phase != "sealed":
        raise RuleViolation("not-sealed", stream=stream)
    if signed.statement.basis.get(stream) != acta.statement:
        raise RuleViolation("acta-not-in-basis", acta=stream)
    check_predecessor(world, act.stream())
    _check_blocks(act, acta)
    check_approving_vote(act, act.approved_by, signed, world)
    _check_outcomes(act, world)


def _check_blocks(act: ActaErrataIssued, acta: ActaState) -> None:
    blocks = [each.block for each in act.corrections]
    if len(set(blocks)) != len(blocks):
        raise RuleViolation("block-repeated", errata=act.stream())
    if max(blocks) > acta.blocks:
        raise RuleViolation("block-unknown", block=max(blocks))


def _check_outcomes(act: ActaErrataIssued, world: World) -> None:
    """The session's votes, all of them, still result in what was declared: nothing is won or lost by an errata."""
    if act.results != tuple(results_of(act.session_path, world)):
        raise RuleViolation("errata-changes-outcome", errata=act.stream())


def results_of(path: str, world: World) -> Iterator[RestatedResult]:
    """Yield the results of a session's votes in order, those annulled left out.

    Args:
        path: The session's path.
        world: States to read.
    """
    number = 1
    while (vote := read(world, VoteState, stream_name("vote", path, number))) is not None:
        if vote.result is not None and vote.phase != "annulled":
            yield RestatedResult(
                vote=number, favor=vote.favor, contra=vote.contra, abstencion=vote.abstencion, result=vote.result
            )
        number += 1


def erratas_of(path: str, world: World) -> Iterator[ErrataState]:
    """Yield the erratas of a session's acta, in order: the way from the acta to what corrects it."""
    number = 1
    while (errata := read(world, ErrataState, stream_name("errata", path, number))) is not None:
        yield errata
        number += 1


def evolve(_state: ErrataState | None, signed: Signed) -> ErrataState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    return ErrataState(
        *signed.heading(),
        session=act.session_path,
        number=act.errata,
        acta_statement=signed.statement.basis[stream_name("acta", act.session_path)],
        approved_by=act.approved_by,
        blocks=tuple(each.block for each in act.corrections),
    )


def _narrow(act: Act) -> ActaErrataIssued:
    if not isinstance(act, ActaErrataIssued):
        raise TypeError(type(act).__name__)
    return act
