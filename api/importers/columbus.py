"""Columbus (Ohio) City Council, 2021 to 2025, into the plain format.

Source: Ingramml/CityVotes_ColumbusOH, out of the city's public Legistar interface; no licence is stated, so the data
stay where they are. What the source leaves open is settled here and said in the rows:

* It names members, not seats: each has a seat of his own. A session is a meeting, numbered in its year.
* Every line of an agenda is an item, headings too, in the source's order. What was on the consent agenda says so; each
  such item has its own roll beside that of the consent agenda as a whole, because the source has both.
* Five votes have no mark: their result is the source's. Movers, seconders and bodies of the text stay in the source.
* An appointment that was voted becomes a designation that rests on its vote. The seat is the file's number, for the
  source numbers no places; the body is as the title prints it; a person is whoever bears that very name. Those on which
  the council took no vote, and removals, designate nobody and stand as items.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from api.importers.columbus_appointments import Appointment, read_title
from api.importers.source import data_set
from api.importers.writing import SESSION, numbered, one_line, plain, read, slug, write

if TYPE_CHECKING:
    from pathlib import Path

BODY = "columbus"
NAME = "Columbus City Council"
SERIES = "regular"
DEFINED = "2021-01-01"
UNREAD_BODY = "Body not readable in the title"
CHOICES = {"AYE": "favor", "NAY": "contra", "ABSTAIN": "abstencion", "ABSENT": "ausente"}
OUTCOMES = {"PASS": "approved", "FAIL": "rejected"}
INFORMATION = {"clerk_communications", "read_and_filed"}
MAX_FIELD_CHARS = 1_000_000
_ONE_DAY = timedelta(days=1)
Place = tuple[str, int, str, int]


@dataclass(frozen=True, slots=True)
class Counts:
    """What a conversion wrote. unvoted: appointments without a vote; removals: those that appoint nobody."""

    sessions: int
    items: int
    consent: int
    votes: int
    marks: int
    appointments: int
    unvoted: int
    removals: int


@dataclass(frozen=True, slots=True)
class _Made:
    """An appointment with its seat, its vote and the first day of its term."""

    said: Appointment
    seat: str
    vote: tuple[object, ...]
    begins: date

    @property
    def body_name(self) -> str:
        """As printed."""
        return self.said.body or UNREAD_BODY

    @property
    def term(self) -> tuple[object, ...]:
        """First day, the one after the last, and whether its own dates contradict one another."""
        return self.begins, self.said.ends or "", _yes(self.said.derived)

    @property
    def body(self) -> str:
        """The body's key."""
        return slug(f"{BODY} {self.body_name}")


@dataclass(slots=True)
class _Source:
    """The source as read, by meeting; place: meeting → what names its session; day: meeting → its day."""

    place: dict[str, Place]
    day: dict[str, str]
    items: dict[str, list[dict[str, str]]]
    votes: dict[str, list[dict[str, str]]]
    marks: dict[str, list[tuple[str, str]]]
    members: list[dict[str, str | None]]

    def votes_in_order(self) -> list[tuple[dict[str, str], Place, int]]:
        """Return each vote with its session and its number in it."""
        return [
            (vote, place, number)
            for meeting, place in self.place.items()
            for number, vote in enumerate(self.votes[meeting], 1)
        ]


def convert(source: Path, target: Path, *, days: int | None = None) -> Counts:
    """Write the plain folder `target` from the data set in `source`.

    Args:
        source: The data set's folder.
        target: Made if it is not there.
        days: Only the first so many meetings, for tests.

    Raises:
        UntrustedInputError: "source-unknown": the folder is not the data set.
    """
    target.mkdir(parents=True, exist_ok=True)
    limit = csv.field_size_limit(MAX_FIELD_CHARS)  # texts of ordinances stand in one field
    try:
        with data_set():
            found = _read(source, days)
            made, unvoted, removals = _appointments(found)
            _write_people(target, found, made)
            items, consent = _write_sessions(target, found)
            marks = _write_votes(target, found)
    finally:
        csv.field_size_limit(limit)
    votes = sum(len(found.votes[meeting]) for meeting in found.place)
    return Counts(len(found.place), items, consent, votes, marks, len(made), unvoted, removals)


def _read(source: Path, days: int | None) -> _Source:
    meetings = sorted(read(source / "sessions.csv"), key=lambda each: (each["date"], int(each["meeting_id"])))[:days]
    day = {each["meeting_id"]: each["date"] for each in meetings}
    numbers = numbered([each["date"] for each in meetings])
    place = {meeting: (BODY, year, SERIES, number) for meeting, (year, number) in zip(day, numbers, strict=True)}
    items: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read(source / "agenda_items.csv.gz"):
        items[row["meeting_id"]].append(row)
    votes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read(source / "votes.csv.gz"):
        votes[row["meeting_id"]].append(row)
    for each in votes.values():
        each.sort(key=lambda vote: int(vote["vote_id"]))
    marks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in read(source / "member_votes.csv.gz"):
        marks[row["vote_id"]].append((row["member"], CHOICES[row["choice"]]))
    members = json.loads((source / "members.json").read_text("utf-8"))["members"]
    return _Source(place, day, items, votes, marks, members)


def _appointments(found: _Source) -> tuple[list[_Made], int, int]:
    """Return the appointments that were voted, how many were not, and how many appoint nobody."""
    voted = {vote["vote_id"]: (*place, number) for vote, place, number in found.votes_in_order()}
    made: list[_Made] = []
    times: dict[str, int] = defaultdict(int)
    unvoted = removals = 0
    for meeting in found.place:
        day = date.fromisoformat(found.day[meeting])
        for item in found.items[meeting]:
            if item["matter_type"] != "Appointment":
                continue
            vote = voted.get(item["vote_id"])
            said = read_title(item["title"], day)
            if vote is None:
                unvoted += 1
            elif said is None:
                removals += 1
            else:
                seat = slug(item["matter_file"])
                times[seat] += 1
                again = f"-{times[seat]}" if times[seat] > 1 else ""  # a file that was voted twice
                made.append(_Made(said, seat + again, vote, said.begins or day))
    return made, unvoted, removals


def _write_people(target: Path, found: _Source, made: list[_Made]) -> None:
    first: dict[str, date] = {}
    names: dict[str, str] = {}
    for each in made:
        first[each.body] = min(first.get(each.body, each.begins), each.begins)
        names.setdefault(each.body, each.body_name)
    write(
        target / "bodies.csv",
        ("body", "name", "kind", "profile", "valid_from"),
        [(BODY, NAME, "council", "GENERIC", DEFINED)]
        + [(body, names[body], _kind(names[body]), "GENERIC", begins) for body, begins in sorted(first.items())],
    )
    members = [str(member["full_name"]) for member in found.members]
    seats = {(each.body, each.seat): first[each.body] for each in made}
    write(
        target / "seats.csv",
        ("body", "seat", "sector", "role", "voting", "valid_from"),
        [(BODY, slug(name), "council", "member", "yes", DEFINED) for name in members]
        + [(body, seat, "city", "member", "yes", begins) for (body, seat), begins in sorted(seats.items())],
    )
    persons = {_person(name): name for name in (*members, *(each.said.person for each in made))}
    write(target / "persons.csv", ("person", "name"), sorted(persons.items()))
    head = ("body", "seat", "number", "person", "capacity", "begins_on", "ends_on")
    write(
        target / "designations.csv",
        head,
        [
            (BODY, slug(name), 1, _person(name), "propietario", member["start_date"], _after(member["end_date"]))
            for member, name in zip(found.members, members, strict=True)
        ],
    )
    write(target / "appointments.csv", (*head, "derived", "by", *SESSION[1:], "vote"), _appointment_rows(made))


def _appointment_rows(made: list[_Made]) -> list[tuple[object, ...]]:
    return [
        (each.body, each.seat, 1, _person(each.said.person), "propietario", *each.term, *each.vote) for each in made
    ]


def _person(name: str) -> str:
    return f"us-{slug(name)}"[:64]


def _kind(name: str) -> str:
    words = set(plain(name).split())
    return next((kind for kind in ("commission", "board", "committee", "council") if kind in words), "other")


def _after(day: str | None) -> str:
    return "" if day is None else str(date.fromisoformat(day) + _ONE_DAY)


def _write_sessions(target: Path, found: _Source) -> tuple[int, int]:
    """Return how many items there are, and how many on consent agendas."""
    write(
        target / "sessions.csv",
        (*SESSION, "held_on"),
        [(*place, found.day[meeting]) for meeting, place in found.place.items()],
    )
    rows = [
        (
            *place,
            number,
            _item_kind(item),
            one_line(item["title"]),
            _yes(item["section"] == "CONSENT"),
            item["matter_file"],
        )
        for meeting, place in found.place.items()
        for number, item in enumerate(found.items[meeting], 1)
    ]
    write(target / "items.csv", (*SESSION, "item", "kind", "title", "consent", "reference"), rows)
    return len(rows), sum(row[-2] == "yes" for row in rows)


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _item_kind(item: dict[str, str]) -> str:
    if item["matter_type"] == "Appointment":
        return "election"
    if item["item_type"] == "voted":
        return "decision"
    return "information" if item["category"] in INFORMATION else "general"


def _write_votes(target: Path, found: _Source) -> int:
    item_of = {
        item["vote_id"]: number
        for meeting in found.place
        for number, item in enumerate(found.items[meeting], 1)
        if item["vote_id"]
    }
    votes = found.votes_in_order()
    write(
        target / "votes.csv",
        (*SESSION, "vote", "item", "motion", "favor", "contra", "abstencion", "ausente", "result"),
        [
            (*place, number, item_of[vote["vote_id"]], one_line(vote["title"]), *_published(vote))
            for vote, place, number in votes
        ],
    )
    return write(
        target / "marks.csv.gz",
        (*SESSION, "vote", "seat", "designation", "mark"),
        (
            (*place, number, slug(member), 1, mark)
            for vote, place, number in votes
            for member, mark in found.marks[vote["vote_id"]]
        ),
    )


def _published(vote: dict[str, str]) -> tuple[str, ...]:
    figures = (vote[name] for name in ("ayes", "noes", "abstain", "absent"))
    return *figures, OUTCOMES[vote["outcome"]]
