"""A history that is told over HTTP, and what it counts: which act types were accepted, through which door."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from api.client import ApiProblem, Client
from api.demo.town import Town
from tests.kit.history import History, key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import httpx

    from api.client import Done
    from api.system import System
    from ledger.compose import Officer
    from ledger.statement import SignedAct


@dataclass
class Telling(History):
    """A history whose every act goes through `POST /api/v1/acts`, each answered with a receipt that is checked.

    address: Where the system is served. system: That one. accepted: How many acts of each type were recorded.
    """

    past_the_interface: ClassVar[bool] = False
    address: str = ""
    system: System | None = None
    accepted: Counter[str] = field(default_factory=Counter)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        """Set the town and its client up."""
        super().__post_init__()
        self.client = Client(self.address)
        if self.system is not None:  # its states, not those of a second cache beside it
            self.ledger = self.system.ledger
            self.town = Town(self.ledger, self._submit, lambda: self.instant, key)

    def _submit(self, acts: Sequence[SignedAct]) -> list[Any]:
        done: list[Done] = self.client.submit(acts)
        assert [each.index for each in done] == list(range(done[0].index, done[0].index + len(acts)))
        self.accepted.update(act.statement.type.partition("/")[0] for act in acts)
        self.tick()
        return done

    def refusal(self, act: Any, officer: Officer | None = None, **how: Any) -> str:
        """Try an act (of the secretary, unless said) over HTTP; return the code with which it is refused."""
        signed = self.town.desk.sign(act, officer or self.town.secretary, **how)
        size = self.store.size()
        try:
            self.client.submit([signed])
        except ApiProblem as problem:
            assert self.store.size() == size, "a refused act was recorded"
            return problem.code
        raise AssertionError(f"{act.type_name} was not refused")


@dataclass
class Row:
    """What a test did for one row of the table of systems: what it submitted, read and was refused.

    types: Act types that the row requires. route: The address of its registry, below /api/v1.
    """

    name: str
    types: tuple[str, ...]
    route: str
    told: Telling
    http: httpx.Client
    read: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def get(self, path: str = "", **params: Any) -> Any:
        """Read the row's registry, or something below it, over HTTP, once it shows everything; it must be there."""
        address = f"/api/v1/{path or self.route}"
        answer = self.http.get(address, params=params | {"wait_until": self.told.store.size() - 1})
        assert answer.status_code == 200, answer.text
        self.read.append(path or self.route)
        return answer.json()

    def refuse(self, code: str, act: Any, officer: Officer | None = None, **how: Any) -> None:
        """Try an act that a rule must refuse with this code."""
        found = self.told.refusal(act, officer, **how)
        assert found == code, f"refused with {found}"
        self.refused.append(code)

    def lacking(self) -> list[str]:
        """Return what the row's test did not do."""
        missing = [f"not submitted: {name}" for name in self.types if not self.told.accepted[name]]
        if not any(path == self.route or path.startswith(f"{self.route}/") for path in self.read):
            missing.append(f"not read: {self.route}")
        if not self.refused:
            missing.append("no refusal tried")
        return missing
