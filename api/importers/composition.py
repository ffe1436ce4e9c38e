"""Who sat in a body: bodies, persons, seats, mandates and leaves as acts."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from api.importers import rows
from api.importers.drafts import MIDNIGHT, Draft, Drafting
from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts import trust
from ledger.domain.body import BodyState
from ledger.errors import RuleViolation
from ledger.profiles import load
from ledger.profiles import names as profile_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.importers.plain import Line
    from ledger.acts.base import Act
    from ledger.acts.body import Rules

MAX_SEATS = 500
"""Of one act; so many fit into a statement."""


class Composition(Drafting):
    """Drafts the acts by which a body is composed."""

    def stages(self) -> Iterator[Iterator[Draft]]:
        """Give the drafts file by file."""
        yield self.each(rows.BodyRow, self._body)
        yield self.each(rows.PersonRow, self._person)
        yield self._seats()
        yield self.each(rows.DesignationRow, self._designation)
        yield self.each(rows.LeaveRow, self._leave)

    def _body(self, line: Line[rows.BodyRow]) -> Draft:
        row = line.row
        registered = body_acts.BodyRegistered(body=row.body, body_kind=row.kind)
        adopted = body_acts.BodyRulesAdopted(
            body=row.body, profile=row.profile, rules=_profile(row), valid_from=row.valid_from
        )
        return Draft((registered, adopted), line.file, line.number, {"bodies": 1}, {"name": row.name})

    def _person(self, line: Line[rows.PersonRow]) -> Draft:
        act = trust.PersonRegistered(person=line.row.person)
        return Draft((act,), line.file, line.number, {"persons": 1}, {"name": line.row.name})

    def _seats(self) -> Iterator[Draft]:
        """Draft one act for all new seats of a body from one day on."""
        lines = self.folder.lines(rows.SeatRow)
        for (body, _day), group in groupby(lines, key=lambda line: (line.row.body, line.row.valid_from)):
            new = [line for line in group if not self._seat_stands(body, line)]
            for start in range(0, len(new), MAX_SEATS):
                yield self._defined(new[start : start + MAX_SEATS])

    def _seat_stands(self, body: str, line: Line[rows.SeatRow]) -> bool:
        row, state = line.row, self.target.state(f"body/{body}")
        seat = state.seat(row.seat) if isinstance(state, BodyState) else None
        if seat is None or (seat.sector, seat.role, seat.voting, seat.valid_from.isoformat()) != (
            row.sector,
            row.role,
            row.voting == "yes",
            row.valid_from,
        ):
            return False
        self.report.take({"seats": 1}, stood=True)
        return True

    def _defined(self, lines: list[Line[rows.SeatRow]]) -> Draft:
        first = lines[0]
        seats = tuple(
            body_acts.Seat(seat=row.seat, sector=row.sector, role=row.role, voting=row.voting == "yes")
            for row in (line.row for line in lines)
        )
        act = body_acts.SeatsDefined(
            body=first.row.body,
            seats=seats,
            valid_from=first.row.valid_from,
            source_sha256=self.folder.digest(rows.SeatRow),
        )
        half = len(lines) // 2
        halves = (lambda: (self._defined(lines[:half]), self._defined(lines[half:]))) if half else None
        return Draft((act,), first.file, first.number, {"seats": len(lines)}, halves=halves)

    def _designation(self, line: Line[rows.DesignationRow]) -> Draft:
        act = designated(line.row, self.folder.digest(rows.DesignationRow), line.number)
        return Draft((act,), line.file, line.number, {"designations": 1})

    def _leave(self, line: Line[rows.LeaveRow]) -> Draft:
        row = line.row
        acts: list[Act] = [
            designation_acts.LeaveGranted(
                body=row.body, seat=row.seat, number=row.number, begins_at=row.begins_on + MIDNIGHT
            )
        ]
        if row.ends_on is not None:
            ended = row.ends_on + MIDNIGHT
            acts.append(designation_acts.LeaveEnded(body=row.body, seat=row.seat, number=row.number, ends_at=ended))
        return Draft(tuple(acts), line.file, line.number, {"leaves": 1})


def designated(
    row: rows.DesignationRow, digest: str, number: int, vote: str | None = None
) -> designation_acts.DesignationImported:
    """Return the act of a mandate out of a row.

    Args:
        row: The row.
        digest: SHA-256 of its file.
        number: Its line there.
        vote: Stream of the vote that approved it, where the source names one.
    """
    return designation_acts.DesignationImported(
        body=row.body,
        seat=row.seat,
        number=row.number,
        person=row.person,
        capacity=row.capacity,
        begins_at=row.begins_on + MIDNIGHT,
        ends_at=None if row.ends_on is None else row.ends_on + MIDNIGHT,
        derived=row.derived == "yes",
        vote=vote,
        source_sha256=digest,
        row=number,
    )


def _profile(row: rows.BodyRow) -> Rules:
    """Return the rules of a shipped profile, with the body's own code in its agreements' identifiers."""
    if row.profile not in profile_names():
        raise RuleViolation("profile-unknown", row.profile[:64])
    rules = load(row.profile)
    if row.code is None:
        return rules
    return rules.model_copy(update={"numbering": rules.numbering.model_copy(update={"body_code": row.code})})
