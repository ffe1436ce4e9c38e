"""Given these acts, when this one, then accepted or refused: the domain without keys, bytes or a database.

    story = Story("2026-01-28T10:00:00-06:00")
    story.given(BodyRegistered(...), BodyRulesAdopted(...), say(BallotCast(...), office="designation/hcd/obrero-1/1"))
    story.when(VoteOpened(...)).refused("no-quorum")
    story.when(VoteOpened(...)).accepted()

Statements are synthetic: every field that a rule may read is there and chained (version, prev, basis), `raw` and
signatures are not. Authority, versions, bases and sealed names are the central checks' business, not the story's.
"""

from __future__ import annotations

import hashlib
import importlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from ledger.acts.base import Act
from ledger.domain.world import Signed, State
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH, kind_of, parse_written, stream_name, write_instant
from ledger.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ledger.domain.world import World

ORIGIN = "actas.idss.example/acervo"
START = "2026-01-28T10:00:00-06:00"

# Kinds whose aggregate stands in a file of another name.
_FILES = {
    "ledger": "trust",
    "key": "trust",
    "acknowledgement": "person",
    "body": "establishment",
    "designation": "appointment",
}


class Aggregate(NamedTuple):
    """The rules of one kind of stream."""

    check: Callable[[Any, Signed, World], None]
    evolve: Callable[[Any, Signed], State]


@cache
def aggregate_of(kind: str) -> Aggregate:
    """Return `check` and `evolve` of a kind of stream, as `ledger.domain.registry` lists them.

    Imported by kind, so that the tests of one aggregate do not need all the others.
    """
    module = importlib.import_module(f"ledger.domain.{_FILES.get(kind, kind)}")
    suffix = "" if hasattr(module, "check") else f"_{kind}"
    return Aggregate(getattr(module, f"check{suffix}"), getattr(module, f"evolve{suffix}"))


@dataclass(frozen=True, slots=True)
class Said:
    """An act with what the default surroundings do not give it; make one with `say`."""

    act: Act
    office: str | None = None
    at: str | None = None
    basis: Mapping[str, str] | None = None
    sealed: Mapping[str, str] | None = None
    signer: str | None = None
    recorded_at: datetime | None = None


def say(act: Act, **around: Any) -> Said:
    """Return the act with its own office, at, basis, sealed, signer or recorded_at."""
    return Said(act, **around)


@dataclass
class StoryWorld:
    """An in-memory World; notes what the rules told it."""

    origin: str = ORIGIN
    states: dict[str, State] = field(default_factory=dict)
    rules: Counter[str] = field(default_factory=Counter)
    lacking: list[str] = field(default_factory=list)
    remarks: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    bounds: list[datetime] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    voids: set[str] = field(default_factory=set)

    def state(self, stream: str) -> State | None:
        """Return the stream's state, or None while nothing stands in it; notes the reading."""
        self.reads.add(stream)
        return self.states.get(stream)

    def begun(self, stream: str) -> bool:
        """Tell whether anything stands in the stream; `voids` are those in which only void acts do."""
        self.reads.add(stream)
        return stream in self.states or stream in self.voids

    def rule(self, code: str) -> None:
        """Count the rule as applied."""
        self.rules[code] += 1

    def lacks(self, code: str) -> None:
        """Note what the source lacks."""
        self.lacking.append(code)

    def remark(self, code: str, **params: Any) -> None:
        """Note a remark."""
        self.remarks.append((code, params))

    def until(self, instant: datetime) -> None:
        """Note a bound of the check's validity."""
        self.bounds.append(instant)


@dataclass
class Story:
    """Acts in order over one world; the clock moves by a minute an act unless told otherwise."""

    now: str = START
    step: timedelta = timedelta(minutes=1)
    world: StoryWorld = field(default_factory=StoryWorld)
    size: int = 0
    founding: str = ZERO_HASH

    def at(self, instant: str) -> Story:
        """Set the clock, as signers write it."""
        parse_written(instant)
        self.now = instant
        return self

    def given(self, *acts: Act | Said) -> Story:
        """Record lawful acts; one that the rules refuse is a fault of the test and raises."""
        for each in acts:
            self.when(each).accepted()
        return self

    def assume(self, *acts: Act | Said) -> Story:
        """Record acts without checking them, as a history that another test proves lawful, or an unlawful one."""
        for each in acts:
            self._evolve(self.signed(each))
        return self

    def put(self, stream: str, state: State) -> Story:
        """Place a ready state in a stream, where a test does not care how it came to be."""
        self.world.states[stream] = state
        return self

    def when(self, act: Act | Said, **around: Any) -> Attempt:
        """Try an act; `around` as in `say`."""
        return Attempt(self, self.signed(say(act, **around) if isinstance(act, Act) else act))

    def state(self, stream: str) -> State:
        """Return the stream's state, which must be there."""
        return self.world.states[stream]

    def signed(self, said: Act | Said) -> Signed:
        """Return the act as rules see it: a synthetic statement, chained to its stream's last."""
        if isinstance(said, Act):
            said = Said(said)
        act, stream = said.act, said.act.stream()
        before = self.world.states.get(stream)
        written = said.at or self.now
        basis = self._basis(act) if said.basis is None else said.basis
        version = before.version + 1 if before else 1
        sha256 = hashlib.sha256(f"{self.size} {stream} {version}".encode()).hexdigest()
        statement = Statement(
            raw=b"",
            basis=basis,
            data=act.model_dump(mode="json", exclude_none=True),
            ledger=self.world.origin,
            occurred_at=written,
            office=said.office or "ledger",
            prev=before.statement if before else self.founding,
            sealed=said.sealed or {},
            signed_at=written,
            signer=said.signer or "0" * 64,
            stream=stream,
            type=act.type_name,
            version=version,
            sha256=sha256,
        )
        recorded_at = said.recorded_at or parse_written(written).astimezone(UTC)
        return Signed(act, statement, recorded_at, self.size)

    def _basis(self, act: Act) -> dict[str, str]:
        found = {}
        for kind in act.basis_kinds:
            path = getattr(act, "vote_path" if kind == "vote" else "session_path", None)
            stream = getattr(act, kind, None) if path is None else stream_name(kind, path)
            if isinstance(stream, str) and (state := self.world.states.get(stream)) is not None:
                found[stream] = state.statement
        return found

    def _evolve(self, signed: Signed) -> State:
        stream = signed.statement.stream
        state = aggregate_of(kind_of(stream)).evolve(self.world.states.get(stream), signed)
        assert (state.version, state.index, state.statement) == signed.heading()
        self.world.states[stream] = state
        self.size += 1
        moved = max(parse_written(self.now), parse_written(signed.statement.occurred_at)) + self.step
        self.now = write_instant(moved)
        return state


@dataclass(frozen=True)
class Attempt:
    """One act that is tried on the world as it stands."""

    story: Story
    signed: Signed

    def check(self) -> None:
        """Run the rules on the act; nothing is recorded."""
        stream = self.signed.statement.stream
        world = self.story.world
        aggregate_of(kind_of(stream)).check(world.states.get(stream), self.signed, world)

    def accepted(self) -> Story:
        """Assert that the rules accept the act, and record it."""
        self.check()
        self.story._evolve(self.signed)
        return self.story

    def refused(self, code: str, **params: Any) -> Story:
        """Assert that the rules refuse the act with this code (and at least these parameters)."""
        before = dict(self.story.world.states)
        with pytest.raises(RuleViolation) as refusal:
            self.check()
        assert refusal.value.code == code, str(refusal.value)
        assert {key: refusal.value.params.get(key) for key in params} == params
        assert self.story.world.states == before, "a check changed the world"
        return self.story
