"""What is asked about the told year: the same questions of the present, as of a day, and as known on a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.bench.year_bodies import Body
    from tests.bench.year_told import ToldYear

API = "/api/v1"
ASKED_BODIES = 6
PRESENT, AS_OF, KNOWN = "of the present", "as of a day", "as of a day, as known on another"
DAYS = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31")
EARLY, LATE = 0.4, 0.95
"""Positions, of all acts, at which one agreement's state is asked for: before and after most of the year."""


@dataclass(frozen=True, slots=True)
class Question:
    """A GET: its path, its parameters, and on which moment it rests."""

    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    rests_on: str = PRESENT


def questions(year: ToldYear) -> Iterator[Question]:
    """Yield about fifty questions of each kind, about bodies of several profiles and about the whole institution."""
    step = max(1, len(year.bodies) // ASKED_BODIES)
    for place, body in enumerate(year.bodies[::step][:ASKED_BODIES]):
        day = DAYS[place % (len(DAYS) - 1)]
        known = {"as_of": day, "known_on": DAYS[place % (len(DAYS) - 1) + 1]}
        for path, params in _about_body(year, body):
            yield Question(path, params)
            yield Question(path, params | {"as_of": day}, AS_OF)
            yield Question(path, params | known, KNOWN)
        for path, params in _on_a_day(body):
            yield Question(path, params | {"as_of": day}, AS_OF)
            yield Question(path, params | known, KNOWN)
        yield from _one_agreement(year, body)
    yield from _about_all()


def _about_body(year: ToldYear, body: Body) -> Iterator[tuple[str, dict[str, str]]]:
    session = next(path for path in year.sessions if path.startswith(f"{body.slug}/"))
    yield f"{API}/sessions", {"body": body.slug}
    yield f"{API}/sessions/{session}", {}
    yield f"{API}/agreements", {"body": body.slug}
    yield f"{API}/designations", {"body": body.slug}
    yield f"{API}/actas", {"body": body.slug}
    yield f"{API}/votes", {"body": body.slug}


def _on_a_day(body: Body) -> Iterator[tuple[str, dict[str, str]]]:
    yield f"{API}/bodies/{body.slug}/composition", {}
    yield f"{API}/follow-up", {"body": body.slug}


def _one_agreement(year: ToldYear, body: Body) -> Iterator[Question]:
    path = f"{API}/agreements/" + next(key for key in year.agreements if key.startswith(f"{body.slug}/"))
    yield Question(path)
    for share in (EARLY, LATE):
        yield Question(path, {"known_at": str(int(year.size * share))}, KNOWN)


def _about_all() -> Iterator[Question]:
    yield Question(f"{API}/agreements")
    yield Question(f"{API}/bodies")
    for day in DAYS[:3]:
        for path, params in (
            (f"{API}/agreements", {}),
            (f"{API}/sessions", {"status": "closed"}),
            (f"{API}/follow-up", {}),
            (f"{API}/follow-up", {"unit": "dpm"}),
            (f"{API}/follow-up", {"status": "overdue"}),
        ):
            yield Question(path, params | {"as_of": day}, AS_OF)
            yield Question(path, params | {"as_of": day, "known_on": "2026-12-15"}, KNOWN)
