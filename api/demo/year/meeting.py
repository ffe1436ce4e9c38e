"""A session as data: what a chapter writes down, and what `sitting.hold` turns into signed acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.demo.year.bodies import body_of
from api.demo.year.teller import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from api.demo.year.bodies import Body
    from api.demo.year.sitting import Sitting


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolutivo: what it does, its text, and the units that answer for it, where any does.

    kind: as `AgreementCaptured` names it. due: `2026-06-30`. amount: authorised, in centavos.
    """

    kind: Any
    text: str
    units: str = ""
    due: str | None = None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Adopt:
    """An agreement that the item's vote carries.

    unit: code in its identifier, `DIR`. number: the one that it must get; None where the story does not care.
    title: the item's where empty. public: whether its texts are opened. cites: identifiers that its text names.
    kind: what the body calls it: agreement, directive, action, opinion.
    """

    unit: str
    resolutions: tuple[Resolution, ...]
    number: int | None = None
    title: str = ""
    grounds: str = ""
    level: str = "AS2"
    public: bool = True
    cites: str = ""
    kind: Any = "agreement"


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote: who does not vote in favour, or how many. Seats are separated by blanks.

    casting: what the chair decides of a tie. election: candidate's key → votes, of a secret election.
    objects: seat → grounds, of a vote by consensus: raised, and withdrawn before the end.
    """

    method: Any = "roll-call"
    against: str = ""
    abstain: str = ""
    casting: Any = None
    election: Mapping[str, int] | None = None
    objects: Mapping[str, str] | None = None
    tellers: str = ""
    majority: str = "simple"


UNANIMOUS = Vote()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the orden del día.

    motion: what is voted; the title with a verb before it where empty. vote: None where the item is not voted.
    leave, arrive: who goes and comes before it. recuse: who excuses himself from it.
    acta: path of the session whose acta it approves. speaks: seat → summary of what was said.
    added: it was not convened; the body admits it first.
    meanwhile: what else happens between the vote's opening and its end. after: what follows the vote.
    """

    title: str
    kind: Any = "decision"
    vote: Vote | None = UNANIMOUS
    adopt: tuple[Adopt, ...] = ()
    motion: str = ""
    outcome: Any = "resolved"
    leave: str = ""
    arrive: str = ""
    recuse: str = ""
    cause: str = ""
    acta: str = ""
    speaks: Mapping[str, str] | None = None
    public: bool = True
    added: bool = False
    meanwhile: Callable[[Sitting, int], None] | None = None
    after: Callable[[Sitting, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A session: its place, its hour, who is there, its orden del día.

    path: `hcd/2026/ord/2`. begins: `2026-02-25 10:00`. convened: when the convocation was sent.
    absent: voting seats that are not there at the roll; all others are. with_: others who attend.
    remote: seats that attend remotely. acting: seat → number of the designation in virtue of which it is held,
    where it is not the usual holder's. chair: who conducts it; the body's chair where empty.
    waived: all present waive that it was convened too late.
    """

    path: str
    begins: str
    convened: str
    items: tuple[Item, ...]
    absent: str = ""
    with_: str = ""
    remote: str = ""
    acting: Mapping[str, int] | None = None
    modality: Any = "presencial"
    venue: str = "Sala de sesiones del IDSS, Ciudad Demostrativa"
    call: Any = 1
    waived: bool = False
    chair: str = ""

    @property
    def place(self) -> dict[str, Any]:
        """The fields that every act of the session carries."""
        body, year, series, number = self.path.split("/")
        return {"body": body, "year": int(year), "series": series, "session": int(number)}

    @property
    def body(self) -> Body:
        """The body that meets."""
        return body_of(self.path)

    @property
    def kind(self) -> Any:
        """Ordinary or extraordinary, as its series says."""
        return "extraordinary" if self.path.split("/")[2] == "ext" else "ordinary"

    @property
    def code(self) -> str:
        """The body's stream segment, `hcd`."""
        return self.body.body

    @property
    def year(self) -> int:
        """The year of its series."""
        return int(self.path.split("/")[1])

    @property
    def day(self) -> date:
        """The day on which it is held."""
        return moment(self.begins).date()

    @property
    def secretary(self) -> str:
        """The secretary's seat, `hcd/secretario`."""
        return f"{self.code}/{self.body.of_role('secretary')}"

    @property
    def presides(self) -> str:
        """The seat of who conducts it, `hcd/estado-1`."""
        return f"{self.code}/{self.chair or self.body.of_role('chair')}"

    def present(self) -> list[str]:
        """Return the seats that answer the roll: voting seats in their order, the secretary, others."""
        gone = set(self.absent.split())
        seats = [seat for seat in self.body.voting if seat not in gone]
        return [*seats, self.body.of_role("secretary"), *self.with_.split()]


def approves(text: str, *more: Resolution) -> tuple[Resolution, ...]:
    """Return resolutivos of which the first approves, as most agreements have them."""
    return (Resolution("approve", text), *more)


def instructs(text: str, units: str, due: str | None = None, amount: int | None = None) -> Resolution:
    """Return a resolutivo that instructs units."""
    return Resolution("instruct", text, units, due, amount)
