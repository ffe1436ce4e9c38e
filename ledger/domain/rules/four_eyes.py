"""Two people where the institution wants two (domain.md §3.0 G3; SICA: S4 7.1.1.2.1(13), 7.1.1.2.2(6)).

States keep the office in virtue of which somebody acted; whose it is stands in the designation and never changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of

if TYPE_CHECKING:
    from collections.abc import Collection


def person_of(office: str, world: World) -> str:
    """Return the person who holds the designation that an office names.

    Raises:
        RuleViolation: "not-in-office": the office is no designation.
    """
    state = read(world, DesignationState, office) if kind_of(office) == "designation" else None
    if state is None:
        raise RuleViolation("not-in-office", office=office)
    return state.person


def check_another_person(signed: Signed, offices: Collection[str], world: World) -> None:
    """Check that the signer is none of those who acted in these offices, whatever office he acts in now.

    Raises:
        RuleViolation: "same-person", "not-in-office".
    """
    world.rule("four-eyes")
    person = person_of(signed.statement.office, world)
    if any(person_of(office, world) == person for office in sorted(offices)):
        raise RuleViolation("same-person", person=person, type=signed.act.type_name)


def check_office_in(signed: Signed, bodies: Collection[str]) -> None:
    """Check that the signer acts as an officer of one of the bodies, for a grant that admits those of any.

    Raises:
        RuleViolation: "officer-of-other-body".
    """
    office = signed.statement.office
    kind, _, path = office.partition("/")
    if kind != "designation" or path.partition("/")[0] not in bodies:
        raise RuleViolation("officer-of-other-body", office=office, bodies=", ".join(sorted(bodies)))


def check_liaison(signed: Signed, unit: str, world: World) -> None:
    """Check that an enlace speaks for his own unit: his seat has its name. Other offices record what a unit said.

    Raises:
        RuleViolation: "not-of-the-unit".
    """
    office = signed.statement.office
    if is_liaison(office, world) and office.split("/")[2] != unit:
        raise RuleViolation("not-of-the-unit", office=office, unit=unit)


def is_liaison(office: str, world: World) -> bool:
    """Tell whether an office is that of a unit's enlace."""
    state = read(world, DesignationState, office) if kind_of(office) == "designation" else None
    body = None if state is None else read(world, BodyState, f"body/{state.body}")
    seat = None if state is None or body is None else body.seat(state.seat)
    return seat is not None and seat.role == "liaison"
