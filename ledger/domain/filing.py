"""The chronological index of agreements of a body and year (domain.md §1 B7; S4 4.IX, 7.1(6)).

Numbers rise with adoption (A2), so an index without gaps in the numbers is chronological.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.followup import AgreementFiled
from ledger.domain.agreement_state import agreement_of
from ledger.domain.rules.numbering import check_predecessor, series_stream
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import stream_name


@dataclass(frozen=True, slots=True)
class FilingState(State):
    """An agreement that stands in the index, and under which documentary series."""

    series_code: str


def check(state: FilingState | None, signed: Signed, world: World) -> None:
    """Check that an agreement that exists is filed once and after the one before it.

    Raises:
        RuleViolation: "agreement-unknown", "already-filed", "number-gap".
    """
    act = _narrow(signed)
    world.rule("filing")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    if state is not None:
        raise RuleViolation("already-filed", agreement=agreement.stream)
    check_predecessor(world, act.stream(), series_stream(agreement.stream))


def evolve(_state: FilingState | None, signed: Signed) -> FilingState:
    """Return the state after the act."""
    return FilingState(*signed.heading(), series_code=_narrow(signed).series_code)


def _narrow(signed: Signed) -> AgreementFiled:
    if not isinstance(signed.act, AgreementFiled):
        raise TypeError(type(signed.act).__name__)
    return signed.act
