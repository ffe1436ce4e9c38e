"""Agreements: what suspends them now, what changed them since (domain.md §3.10 Y2; format.md §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.validity import AgreementSuspended
from ledger.domain.agreement_state import ENDED, AgreementState
from ledger.domain.replay import signed_of
from ledger.domain.veto import VetoState
from ledger.statement import Entry

if TYPE_CHECKING:
    from api.system import System

_SUSPENDS = frozenset({"AgreementSuspended/1", "AgreementReinstated/1"})


def changed_since(system: System, stream: str, index: int) -> bool:
    """Tell whether an agreement was modified, corrected or ended after an index; a suspension changes nothing of it."""
    later = (each for each in map(Entry.parse, system.store.stream(stream)) if each.index > index)
    return any(each.act.statement.type not in _SUSPENDS for each in later)


def suspension(system: System, stream: str) -> int | None:
    """Return the index of the act that suspends an agreement now: of its own stream, or else the veto's exercise."""
    state, veto_stream = system.ledger.state(stream), stream.replace("agreement", "veto", 1)
    if not isinstance(state, AgreementState) or state.validity in ENDED:
        return None
    begun: dict[str, int] = {}
    for each in map(Entry.parse, system.store.stream(stream)):
        act = signed_of(each).act
        if isinstance(act, AgreementSuspended):
            begun[act.case] = each.index
    if state.cases:
        return min(begun[case] for case in state.cases)
    veto = system.ledger.state(veto_stream)
    if isinstance(veto, VetoState) and veto.effect == "suspended":
        return Entry.parse(system.store.stream(veto_stream)[0]).index
    return None
