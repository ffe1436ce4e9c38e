"""Personal data that was destroyed; the log stays whole (format.md §8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.domain.rules.days import calendar_day
from ledger.domain.transparency_states import AccessState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class ErasureState(State):
    """Which disclosures were destroyed, why, and the day from which no copy of the data key is left."""

    disclosures: tuple[ErasedDisclosure, ...]
    ground: str
    irrecoverable_on: date


def check(state: ErasureState | None, signed: Signed, world: World) -> None:
    """Check that an erasure names recorded disclosures, each once, and no day before the act itself.

    Raises:
        RuleViolation: "already-erased", "not-yet-recorded", "disclosure-repeated", "impossible-date",
            "irrecoverable-before-erasure", "request-unknown", "request-not-in-basis", "not-blocked", "still-blocked".
    """
    act = _narrow(signed)
    world.rule("erasure")
    if state is not None:
        raise RuleViolation("already-erased", index=act.disclosures[0].index)
    for erased in act.disclosures:
        if erased.index >= signed.index:
            raise RuleViolation("not-yet-recorded", index=erased.index)
    places = {(erased.index, erased.name) for erased in act.disclosures}
    digests = {erased.digest for erased in act.disclosures}
    if not len(places) == len(digests) == len(act.disclosures):
        raise RuleViolation("disclosure-repeated")
    if calendar_day(act.irrecoverable_on) < legal_day(signed.statement.occurred_at):
        raise RuleViolation("irrecoverable-before-erasure", irrecoverable_on=act.irrecoverable_on)
    if act.request is not None:
        _check_request(act, act.request, signed, world)


def _check_request(act: PersonalDataErased, stream: str, signed: Signed, world: World) -> None:
    """What a data subject had cancelled is erased as it was blocked, and not before the blocking ends."""
    world.rule("erasure-request")
    request = read(world, AccessState, stream) if kind_of(stream) == "access" else None
    if request is None:
        raise RuleViolation("request-unknown", request=stream)
    if signed.statement.basis.get(stream) != request.statement:
        raise RuleViolation("request-not-in-basis", request=stream)
    if request.blocked_until is None or not request.blocked >= frozenset(act.disclosures):
        raise RuleViolation("not-blocked", request=stream)
    if legal_day(signed.statement.occurred_at) < request.blocked_until:
        raise RuleViolation("still-blocked", request=stream, until_on=request.blocked_until.isoformat())


def evolve(_state: ErasureState | None, signed: Signed) -> ErasureState:
    """Return the state after the act."""
    act = _narrow(signed)
    return ErasureState(
        *signed.heading(),
        disclosures=act.disclosures,
        ground=act.ground,
        irrecoverable_on=calendar_day(act.irrecoverable_on),
    )


def _narrow(signed: Signed) -> PersonalDataErased:
    if not isinstance(signed.act, PersonalDataErased):
        raise TypeError(type(signed.act).__name__)
    return signed.act
