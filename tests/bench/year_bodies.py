"""The bodies of the told year: how many of which profile, their seats, and who signs for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.demo.town import VOTING_SEATS, Town
from ledger.domain.rules import quorum
from ledger.profiles import load

if TYPE_CHECKING:
    from datetime import date

    from ledger.compose import Officer

YEAR = 2026


@dataclass(frozen=True, slots=True)
class Kind:
    """Bodies of a profile.

    bodies: how many at full scale. sessions: of each in the year. seats: with a vote. items: of a session, at most.
    """

    slug: str
    profile: str
    body_kind: str
    bodies: int
    sessions: int
    seats: int
    items: int


KINDS = (
    Kind("hct", "IMSS_HCT", "council", 10, 46, 12, 5),
    Kind("comite", "IMSS_COMITE", "committee", 150, 22, 6, 4),
    Kind("cc", "IMSS_CC", "consultative", 35, 12, 9, 4),
    Kind("jg", "IMSS_JG", "board", 25, 12, 9, 4),
    Kind("comision", "PARTY_COMMISSION", "commission", 180, 14, 7, 4),
    Kind("ct", "COMITE_TRANSPARENCIA", "committee", 100, 20, 3, 3),
    Kind("grupo", "GENERIC", "other", 100, 10, 5, 3),
)


@dataclass
class Body(Town):
    """A body: its officers, who sign, and its seats.

    slug: its id. kind: of which it is one. agreements: adopted so far.
    """

    slug: str = ""
    kind: Kind = KINDS[0]
    agreements: int = 0

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.kind.slug.title()} {self.slug} (ficticio)"

    @property
    def seats(self) -> tuple[str, ...]:
        """The seats with a vote; the chair's is the first."""
        return tuple(VOTING_SEATS[n * len(VOTING_SEATS) // self.kind.seats] for n in range(self.kind.seats))

    @property
    def secretary(self) -> Officer:
        """Its own secretary."""
        return self.officer("secretario", self.slug)

    @property
    def chair(self) -> Officer:
        """Who presides over it."""
        return self.officer(self.seats[0], self.slug)

    @property
    def required(self) -> int:
        """How many voting seats make a quorum."""
        return quorum.required(load(self.kind.profile).quorum, self.kind.seats)

    def identifier(self, number: int, day: date) -> str:
        """Return an agreement's identifier in its profile's scheme."""
        if load(self.kind.profile).numbering.scheme == "YEARLY":
            return f"{number}/{YEAR}"
        return f"ACDO.AS2.{self.slug.upper()}.{day:%d%m%y}/{number}.P.DIR"
