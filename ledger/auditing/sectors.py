"""Votes by sector, and votes by seats whose holder was not in office (domain.md §3.5 V1, §3.8 D6, §5.2)."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from ledger.auditing.base import acts, natural
from ledger.domain.designation import holds_over
from ledger.domain.mandates import in_force_on
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.auditing.base import Row, Standing
    from ledger.auditing.votes import Mark, VoteTold
    from ledger.domain.designation import DesignationState
    from ledger.domain.world import Signed

DAY = len("2026-01-28")
"""Of an instant as written that is only a day."""
_CHOICES = ("favor", "contra", "abstencion", "dissent", "secret", "candidate", "unnamed", "present", "absent")


class Sectors:
    """One row a vote and sector; what nobody may know, or nobody wrote down, is in no column of a sense."""

    name: ClassVar[str] = "sectors"
    columns: ClassVar[tuple[str, ...]] = (
        "vote",
        "body",
        "voted_on",
        "method",
        "motion_kind",
        "majority",
        "result",
        "casting",
        "sector",
        "eligible",
        *_CHOICES,
        "silent",
        "acts",
    )

    def take(self, signed: Signed) -> None:
        """Take nothing: votes are read for several sheets at once."""

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by vote and sector."""
        for path in sorted(standing.votes.told, key=natural):
            yield from _sectors(standing.votes.told[path], standing)


def _sectors(vote: VoteTold, standing: Standing) -> Iterator[Row]:
    eligible = Counter(standing.sector(vote.body, seat) for seat in vote.eligible)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    indexes: dict[str, set[int]] = defaultdict(set)
    marked: set[str] = set()
    for mark in vote.marks():
        sector = standing.sector(vote.body, mark.seat)
        counted[sector][mark.choice] += 1
        indexes[sector].add(mark.entry)
        marked.add(mark.seat)
    silent = Counter(standing.sector(vote.body, seat) for seat in vote.eligible if seat not in marked)
    for sector in sorted({*eligible, *counted}):
        yield (
            vote.path,
            vote.body,
            vote.at[:10],
            vote.method,
            vote.motion_kind,
            vote.majority,
            vote.result,
            vote.casting,
            sector,
            eligible[sector],
            *(counted[sector][choice] for choice in _CHOICES),
            silent[sector],
            acts(vote.opened, vote.declared, *indexes[sector]),
        )


class Terms:
    """One row a mark of a seat whose holder was, by what the ledger now knows, not in office when he voted."""

    name: ClassVar[str] = "terms"
    columns: ClassVar[tuple[str, ...]] = (
        "vote",
        "body",
        "seat",
        "sector",
        "designation",
        "person",
        "capacity",
        "choice",
        "voted_at",
        "begins_at",
        "ends_at",
        "cause",
        "observation",
        "known_when_voting",
        "acts",
    )

    def take(self, signed: Signed) -> None:
        """Take nothing: votes are read for several sheets at once."""

    def rows(self, standing: Standing) -> Iterable[Row]:
        """Return the rows, by vote and seat."""
        for path in sorted(standing.votes.told, key=natural):
            vote = standing.votes.told[path]
            for mark in sorted(vote.marks()):
                if mark.choice != "absent":
                    yield from _out_of_term(vote, mark, standing)


def _out_of_term(vote: VoteTold, mark: Mark, standing: Standing) -> Iterator[Row]:
    state = None if mark.designation is None else standing.designation(vote.body, mark.seat, mark.designation)
    observation = _seat(vote, mark, standing) or _office(state, mark, standing)
    if not observation:
        return
    known = made = None
    if state is not None:
        known = "yes" if state.index < mark.entry else "no"
        made = standing.made.get(state.stream)
    yield (
        vote.path,
        vote.body,
        mark.seat,
        standing.sector(vote.body, mark.seat),
        mark.designation,
        None if state is None else state.person,
        None if state is None else state.capacity,
        mark.choice,
        mark.at,
        None if state is None else state.begins_at.isoformat(),
        None if state is None or state.ends_at is None else state.ends_at.isoformat(),
        None if state is None else state.cause,
        observation,
        known,
        acts(vote.opened, mark.entry, made, None if state is None else state.index),
    )


def _seat(vote: VoteTold, mark: Mark, standing: Standing) -> str:
    """Say what is wrong with the seat: there is none such on that day, or the vote's opening does not name it."""
    body = standing.body(vote.body)
    seat = None if body is None else body.seat(mark.seat)
    if seat is None or not seat.exists_on(date.fromisoformat(mark.at[:10])):
        return "seat-unknown"
    return "not-eligible" if vote.eligible and mark.seat not in vote.eligible else ""


def _office(state: DesignationState | None, mark: Mark, standing: Standing) -> str:
    """Say why the holder was not in office; an import tells days, not hours (domain.md §3.8)."""
    if state is None:
        return "designation-unknown"
    return _on_day(state, date.fromisoformat(mark.at)) if len(mark.at) == DAY else _at(state, mark.at, standing)


def _on_day(state: DesignationState, day: date) -> str:
    if in_force_on(state, day):
        return ""
    if state.begins_at.date() > day:
        return "before-term"
    return "on-leave" if state.ends_at is None or state.ends_at.date() > day else "after-term"


def _at(state: DesignationState, written: str, standing: Standing) -> str:
    instant = parse_written(written)
    if state.in_force_at(instant):
        return ""
    if instant < state.begins_at:
        return "before-term"
    if state.holds_title_at(instant):
        return "on-leave"
    try:
        return "held-over" if holds_over(standing.world, state, instant) else "after-term"
    except RuleViolation:  # of a body that nobody registered
        return "after-term"
