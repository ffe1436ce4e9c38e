"""Agreements with amounts authorised and exercised: the audit court's own cédula (domain.md §3.6, "Amounts")."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.followup import OfResolution
from ledger.auditing.base import acts, natural
from ledger.reporting.content import agreements_on, units_of
from ledger.reporting.facts import fact_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.auditing.base import Row, Standing
    from ledger.domain.world import Signed
    from ledger.reporting import Fact

_KINDS = frozenset({"agreement", "fulfilment", "veto"})


class Amounts:
    """One row a resolutivo for which an amount was authorised or exercised. Money is in centavos."""

    name: ClassVar[str] = "amounts"
    columns: ClassVar[tuple[str, ...]] = (
        "agreement",
        "resolution",
        "identifier",
        "body",
        "session",
        "adopted_on",
        "validity",
        "units",
        "authorized_centavos",
        "exercised_centavos",
        "available_centavos",
        "observation",
        "acts",
    )

    def __init__(self) -> None:
        self._facts: list[Fact] = []
        self._steps: dict[str, list[Fact]] = defaultdict(list)
        self._votes: dict[str, str] = {}

    def take(self, signed: Signed) -> None:
        """Take an act of agreements, of what became of them, or of the fulfilment of a resolutivo."""
        act = signed.act
        if act.kind not in _KINDS:
            return
        fact = fact_of(act, signed.index, signed.statement.occurred_at)
        if fact is None:
            return
        if isinstance(act, OfResolution):
            self._steps[fact.key].append(fact)
            return
        if isinstance(act, AgreementAdopted | AgreementImported) and act.vote is not None:
            self._votes[fact.key] = act.vote
        self._facts.append(fact)

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by agreement and resolutivo."""
        agreements = agreements_on(self._facts, standing.last_day)
        for key in sorted(self._steps, key=natural):
            told = self._steps[key]
            money = [fact for fact in told if fact.said.get("authorized") or fact.said.get("exercised")]
            if not money:
                continue
            name, _, resolution = key.rpartition("/")
            agreement = agreements.get(name)
            authorized = sum(fact.said.get("authorized", 0) for fact in money)
            exercised = sum(fact.said.get("exercised", 0) for fact in money)
            yield (
                name,
                int(resolution),
                None if agreement is None else agreement.made.said["identifier"],
                told[0].body,
                self._votes.get(name, "").removeprefix("vote/").rpartition("/")[0],
                None if agreement is None else agreement.made.day,
                "unknown" if agreement is None else agreement.validity,
                " ".join(units_of(told)),
                authorized,
                exercised,
                authorized - exercised,
                _observation(authorized, exercised),
                acts(None if agreement is None else agreement.made.index, *(fact.index for fact in money)),
            )


def _observation(authorized: int, exercised: int) -> str:
    if exercised and not authorized:
        return "not-authorised"
    return "exceeded" if exercised > authorized else ""
