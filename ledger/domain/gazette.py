"""Publications of an agreement in official gazettes (domain.md §1 B12): publicity is an axis of its own."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.acts.followup import GazettePublicationRecorded
from ledger.domain.agreement_state import agreement_of
from ledger.domain.rules.days import calendar_day
from ledger.domain.world import Signed, State, World
from ledger.errors import RuleViolation
from ledger.ids import legal_day, stream_name


@dataclass(frozen=True, slots=True)
class GazetteState(State):
    """The (gazette, day) pairs in which the agreement was printed."""

    printed: frozenset[tuple[str, str]] = frozenset()


def check(state: GazetteState | None, signed: Signed, world: World) -> None:
    """Check that an agreement was printed after its adoption, once in one edition.

    Raises:
        RuleViolation: "agreement-unknown", "impossible-date", "dates-out-of-order", "gazette-repeated".
    """
    act = _narrow(signed)
    world.rule("gazette")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    published_on = calendar_day(act.published_on)
    calendar_day(act.effective_from)  # may lie before: provisional effects (domain.md §0.6)
    if not agreement.adopted_on <= published_on <= legal_day(signed.statement.occurred_at):
        raise RuleViolation("dates-out-of-order", published_on=act.published_on)
    if state is not None and (act.gazette, act.published_on) in state.printed:
        raise RuleViolation("gazette-repeated", gazette=act.gazette, published_on=act.published_on)


def evolve(state: GazetteState | None, signed: Signed) -> GazetteState:
    """Return the state after the act."""
    act = _narrow(signed)
    printed = frozenset() if state is None else state.printed
    return GazetteState(*signed.heading(), printed=printed | {(act.gazette, act.published_on)})


def _narrow(signed: Signed) -> GazettePublicationRecorded:
    if not isinstance(signed.act, GazettePublicationRecorded):
        raise TypeError(type(signed.act).__name__)
    return signed.act
