"""What an agreement's text cites; what the ledger does not have is flagged and no fault (domain.md §3.6 A7)."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.followup import AgreementCited
from ledger.domain.agreement_state import agreement_of
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import stream_name


@dataclass(frozen=True, slots=True)
class CitationState(State):
    """The identifiers that an agreement cites, and of which of them the ledger has no agreement."""

    cited: frozenset[str] = frozenset()
    unresolved: frozenset[str] = frozenset()


def check(state: CitationState | None, signed: Signed, world: World) -> None:
    """Check that what is cited is another agreement of that very identifier, or say that it is unresolved.

    Raises:
        RuleViolation: "agreement-unknown", "already-cited", "citation-mismatch".
    """
    act = _narrow(signed)
    world.rule("citation")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    # An identifier that was unresolved may be cited again once the ledger has the agreement.
    if (
        state is not None
        and act.identifier in state.cited
        and (not act.target or act.identifier not in state.unresolved)
    ):
        raise RuleViolation("already-cited", identifier=act.identifier)
    if act.target is None:
        world.remark("unresolved-reference", agreement=agreement.stream, identifier=act.identifier)
        return
    target = agreement_of(world, act.target)
    if target.identifier != act.identifier or act.target == agreement.stream:
        raise RuleViolation("citation-mismatch", identifier=act.identifier, target=act.target)


def evolve(state: CitationState | None, signed: Signed) -> CitationState:
    """Return the state after the act."""
    act = _narrow(signed)
    cited, unresolved = (frozenset(), frozenset()) if state is None else (state.cited, state.unresolved)
    one = frozenset({act.identifier})
    unresolved = unresolved | one if act.target is None else unresolved - one
    return CitationState(*signed.heading(), cited=cited | one, unresolved=unresolved)


def _narrow(signed: Signed) -> AgreementCited:
    if not isinstance(signed.act, AgreementCited):
        raise TypeError(type(signed.act).__name__)
    return signed.act
