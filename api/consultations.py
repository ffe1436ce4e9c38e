"""Sealed text handed to a reader by the custodian: recorded first, opened then (format.md §8).

1  one act, the custodian's, with reader and purpose sealed; its names are there        nothing recorded if not
2  recorded as every act is                                        the ledger says that it was handed out
3  the vault opens just those names, once                          an answer that is lost needs another act
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.problems import ApiError
from ledger.acts import parse_act
from ledger.acts.disclosure import ReservedDataConsulted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from api.system import System
    from ledger.application import Recorded
    from ledger.statement import SignedAct


def consult(system: System, acts: Sequence[SignedAct]) -> tuple[Recorded, dict[str, str]]:
    """Record a consultation and open what it names.

    The same act again is recorded already and opens nothing: entries are public, and whoever repeats one is not the
    custodian.

    Raises:
        ApiError: 422 "consultation-one-act"; 409 "consultation-names" where a name is not sealed there or was erased;
            409 "consultation-served".
        AcervoError: As `System.submit`: without the custodian's own act the vault stays closed.
    """
    act = _consultation(acts)
    held = {row.name: row for row in system.store.sealed_of(act.index)}
    if any(name not in held or held[name].ciphertext is None for name in act.names):
        raise ApiError(409, "consultation-names", act.stream())
    [recorded] = system.submit(acts)
    if recorded.duplicate:
        raise ApiError(409, "consultation-served", act.stream())
    return recorded, {name: system.vault.open(held[name]) for name in act.names}


def _consultation(acts: Sequence[SignedAct]) -> ReservedDataConsulted:
    parsed: list[Any] = [parse_act(act.statement.type, act.statement.data) for act in acts]
    if len(parsed) != 1 or not isinstance(parsed[0], ReservedDataConsulted):
        raise ApiError(422, "consultation-one-act")
    return parsed[0]
