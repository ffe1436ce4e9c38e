"""How routes ask who a reader is: FastAPI's dependencies, and what the OpenAPI document says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency

from api.access.readers import Reader
from api.problems import ApiError
from api.system import System, system_of
from ledger.ids import write_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

RESTRICTED: dict[str, Any] = {"security": [{"token": []}, {"session": []}]}


@dataclass(frozen=True, slots=True)
class AskedBy:
    """A request for what is restricted, and whose it is."""

    request: Request
    system: System
    reader: Reader

    def note(self, index: int, ground: str, names: Iterable[str]) -> None:
        """Keep who read which sealed text of an act and why: no text, no name of a person."""
        reader = self.reader
        who = {"office": reader.office, "person": reader.person, "keyid": reader.keyid}
        at = write_recorded(self.system.store.now())
        self.system.reads.note({"at": at, **who, "index": index, "ground": ground, "names": sorted(names)})


def ask_reader(request: Request) -> AskedBy:
    """Read who asks.

    Raises:
        ApiError: 401, 403 as `Doorkeeper.admit`.
    """
    system = system_of(request)
    return AskedBy(request, system, system.doorkeeper.admit(request))


def in_role(*roles: str) -> Dependency:
    """Return the dependency that lets only readers of these roles through, whatever body they sit in."""

    def ask(asked: Restricted) -> AskedBy:
        if asked.reader.role not in roles:
            raise ApiError(403, "access-role", asked.reader.role, roles=", ".join(roles))
        return asked

    made: Dependency = Depends(ask)
    return made


Restricted = Annotated[AskedBy, Depends(ask_reader)]
