"""Sessions and votes against a naive model: whatever officers try, in any order, both say the same.

The model keeps plain sets and lists and decides by counting; the ledger decides by its rules. Each step tries one
act, lawful or not, and asserts that exactly the lawful ones are accepted and that the states agree afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ledger.acts.session import QuorumNotReached, SessionRecessed, SessionResumed
from ledger.acts.vote import (
    BallotCorrected,
    CastingVoteExercised,
    Holder,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteOpened,
)
from ledger.errors import RuleViolation
from tests.kit.council import CHAIR, CHOICES, SECRETARY, VICE_CHAIR, VOTING, Sitting, founded
from tests.kit.story import Said, Story, StoryWorld, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.acts.base import Act

SEATS = (*VOTING, "invitada")
ITEMS = (1, 2, 3)
METHODS = ("roll-call", "ballot", "show-of-hands", "secret")
REQUIRED = 7

seats = st.sampled_from(SEATS)
items = st.sampled_from(ITEMS)
choices = st.sampled_from(CHOICES)
# Mostly the right number, sometimes one off.
slip = st.sampled_from((0, 0, 0, 0, 0, 0, 1, -1))
rarely = st.sampled_from((False,) * 7 + (True,))
MachineTest = Callable[["SessionMachine"], bool]


def every(steps: int) -> MachineTest:
    """Return a precondition: at every n-th step, so that runs get somewhere."""
    return lambda machine: machine.steps % steps == 0


def when(likely: MachineTest, else_every: int = 5) -> MachineTest:
    """Return a precondition: where the act may be lawful, and else at every n-th step."""
    return lambda machine: likely(machine) or machine.steps % else_every == 0


@dataclass
class NaiveVote:
    """What was said in one vote."""

    item: int
    method: str
    eligible: dict[str, int]
    phase: str = "open"
    cast: Sequence[str] = field(default_factory=list)
    ballots: dict[str, str] = field(default_factory=dict)
    casting: str | None = None
    result: str | None = None

    @property
    def said(self) -> Sequence[str]:
        return list(self.ballots.values()) if self.method == "ballot" else self.cast

    def count(self, choice: str) -> int:
        return sum(1 for said in self.said if said == choice)

    @property
    def tied(self) -> bool:
        return self.count("favor") == self.count("contra") > 0

    @property
    def outcome(self) -> str:
        if self.tied and self.casting is not None:
            return "approved" if self.casting == "favor" else "rejected"
        return "approved" if 2 * self.count("favor") > len(self.eligible) else "rejected"


@cache
def _founded() -> Story:
    return founded()


class SessionMachine(RuleBasedStateMachine):
    """One session of the council, tried in every way."""

    def __init__(self) -> None:
        super().__init__()
        story = replace(_founded(), world=StoryWorld(states=dict(_founded().world.states)))
        self.sitting = Sitting(story).convene(len(ITEMS))
        self.steps = 0
        self.phase = "convened"
        self.present: dict[str, int] = {}
        self.recused: dict[int, set[str]] = {item: set() for item in ITEMS}
        self.outcomes: dict[int, str] = {}
        self.current: int | None = None
        self.votes: list[NaiveVote] = []

    # -- the model's own words -------------------------------------------------------------------------------

    @property
    def place(self) -> dict[str, Any]:
        return self.sitting.place

    @property
    def alive(self) -> bool:
        return self.phase in {"convened", "quorate", "open", "recess"}

    @property
    def here(self) -> int:
        return sum(1 for seat in self.present if seat in VOTING)

    @property
    def last(self) -> NaiveVote | None:
        return self.votes[-1] if self.votes else None

    @property
    def pending(self) -> NaiveVote | None:
        return self.last if self.last is not None and self.last.phase not in {"declared", "annulled"} else None

    def votes_now(self) -> bool:
        return self.phase == "open" and self.here >= REQUIRED

    def conducts(self, office: str, item: int | None = None) -> bool:
        """Tell whether who signs may conduct: chairs must be there, and nobody is recused from the item."""
        seat = office.split("/")[2]
        if seat != "secretaria" and seat not in self.present:
            return False
        return item is None or seat not in self.recused[item]

    def attempt(self, said: Act | Said, lawful: bool) -> bool:
        """Try an act; the ledger must agree with the model whether it is lawful."""
        self.steps += 1
        attempt = self.sitting.story.when(said)
        refusal: RuleViolation | None = None
        try:
            attempt.accepted()
        except RuleViolation as violation:
            refusal = violation
        assert (refusal is None) == lawful, f"the model says {lawful}, the rules say {refusal}: {said}"
        return lawful

    @rule()
    def nothing(self) -> None:
        """Some time passes."""
        self.steps += 1

    # -- session ---------------------------------------------------------------------------------------------

    @initialize(count=st.integers(5, 12), begun=st.booleans())
    def seat_many(self, count: int, begun: bool) -> None:
        names = VOTING[:count]
        self.attempt(self.sitting.roll(names), lawful=True)
        self.present = dict.fromkeys(names, 1)
        if begun:
            self.quorum_declared(0)
            self.opened(CHAIR)
            self.takes_up(1, SECRETARY)

    @precondition(when(lambda self: self.here < REQUIRED and self.alive, else_every=3))
    @rule(seat=seats, number=st.sampled_from((1, 1, 2)))
    def arrives(self, seat: str, number: int) -> None:
        exists = number == 1 or seat == "obrero-2"
        lawful = self.alive and exists and seat not in self.present
        if self.attempt(self.sitting.roll([f"{seat}/{number}"]), lawful):
            self.present[seat] = number

    @precondition(every(4))
    @rule(seat=seats)
    def leaves(self, seat: str) -> None:
        if self.attempt(self.sitting.roll([], seat), self.alive and seat in self.present):
            del self.present[seat]

    @precondition(when(lambda self: self.phase == "convened" and self.here >= REQUIRED))
    @rule(off=slip)
    def quorum_declared(self, off: int) -> None:
        lawful = self.alive and off == 0 and self.here >= REQUIRED
        if self.attempt(self.sitting.quorum(max(0, self.here + off)), lawful) and self.phase == "convened":
            self.phase = "quorate"

    @precondition(when(lambda self: self.phase == "convened" and self.here < REQUIRED))
    @rule()
    def quorum_not_reached(self) -> None:
        act = QuorumNotReached(**self.place, present=self.here, base=12, required=REQUIRED)
        if self.attempt(act, self.phase in {"convened", "quorate"} and self.here < REQUIRED):
            self.phase = "not-held"

    @precondition(when(lambda self: self.phase == "not-held"))
    @rule(call=st.sampled_from((1, 2)))
    def convened_again(self, call: int) -> None:
        done = self.sitting.state.call
        act = self.sitting.convened(len(ITEMS), call=call, begins_at=self.sitting.story.now)
        if self.attempt(act, self.phase == "not-held" and call == done + 1):
            self.phase, self.present = "convened", {}
            self.recused = {item: set() for item in ITEMS}
            self.outcomes = {}

    @precondition(when(lambda self: self.phase == "quorate"))
    @rule(office=st.sampled_from((CHAIR, VICE_CHAIR, SECRETARY)))
    def opened(self, office: str) -> None:
        lawful = self.phase == "quorate" and self.here >= REQUIRED and self.conducts(office)
        if self.attempt(self.sitting.opened(office), lawful):
            self.phase = "open"

    @precondition(when(lambda self: self.phase == "recess"))
    @rule(back=st.booleans())
    def rests(self, back: bool) -> None:
        act = SessionResumed(**self.place) if back else SessionRecessed(**self.place)
        if self.attempt(say(act, office=SECRETARY), self.phase == ("recess" if back else "open")):
            self.phase = "open" if back else "recess"

    @precondition(when(lambda self: self.phase == "open" and self.current is None))
    @rule(item=items, office=st.sampled_from((CHAIR, SECRETARY)))
    def takes_up(self, item: int, office: str) -> None:
        lawful = self.phase == "open" and self.current is None and item not in self.outcomes
        if self.attempt(self.sitting.taken_up(item, office), lawful and self.conducts(office, item)):
            self.current = item

    @precondition(when(lambda self: self.current is not None and self.pending is None))
    @rule(item=items, outcome=st.sampled_from(("resolved", "noted", "deferred")))
    def concludes(self, item: int, outcome: str) -> None:
        lawful = self.phase == "open" and item not in self.outcomes
        if item == self.current:
            voted = any(vote.item == item and vote.phase == "declared" for vote in self.votes)
            lawful = lawful and self.pending is None and (outcome != "resolved" or voted)
        else:
            lawful = lawful and self.current is None and outcome == "deferred"
        if self.attempt(self.sitting.concluded(item, outcome), lawful):
            self.outcomes[item] = outcome
            self.current = None if self.current == item else self.current

    @precondition(every(4))
    @rule(seat=seats, item=items)
    def recuses(self, seat: str, item: int) -> None:
        lawful = self.alive and item not in self.outcomes and seat not in self.recused[item]
        if self.attempt(self.sitting.recused(seat, item), lawful):
            self.recused[item].add(seat)

    @precondition(every(5))
    @rule(off=slip)
    def closes(self, off: int) -> None:
        votes = max(0, len(self.votes) + off)
        lawful = self.phase == "open" and self.current is None and self.pending is None
        if self.attempt(self.sitting.closed(votes), lawful and votes == len(self.votes) and self.conducts(CHAIR)):
            self.phase = "closed"

    # -- votes -----------------------------------------------------------------------------------------------

    @precondition(when(lambda self: self.votes_now() and self.current is not None and self.pending is None))
    @rule(item=items, number=slip, method=st.sampled_from(METHODS), data=st.data())
    def vote_opens(self, item: int, number: int, method: str, data: st.DataObject) -> None:
        extra = data.draw(st.tuples(seats, st.integers(1, 2))) if data.draw(rarely) else None
        less = data.draw(seats) if data.draw(rarely) else None
        item = self.current or item
        able = {seat: n for seat, n in self.present.items() if seat in VOTING and seat not in self.recused[item]}
        listed = [(seat, n) for seat, n in able.items() if seat != less] + ([] if extra is None else [extra])
        if not listed:
            return
        named = max(1, len(self.votes) + 1 + number)
        lawful = self.votes_now() and self.current == item and self.pending is None and named == len(self.votes) + 1
        act = VoteOpened.model_validate(
            self.place
            | {"vote": named, "item": item, "method": method}
            | {"eligible": tuple(Holder(seat=seat, designation=n) for seat, n in listed)}
        )
        if self.attempt(say(act, office=SECRETARY), lawful and sorted(listed) == sorted(able.items())):
            self.votes.append(NaiveVote(item, method, dict(listed)))

    @precondition(lambda self: self.last is not None)
    @rule(data=st.data())
    def records(self, data: st.DataObject) -> None:
        vote = self._last()
        method = data.draw(st.sampled_from((vote.method, vote.method, vote.method, *METHODS)))
        strange = ("invitada", *VOTING[:1]) if data.draw(rarely) else ()
        here = tuple(seat for seat in vote.eligible if seat in self.present or data.draw(rarely))
        who = data.draw(st.lists(st.sampled_from((*here, *strange)), unique=True, max_size=12)) if here else []
        split = data.draw(st.booleans())
        said: list[str] = [CHOICES[n % 2] if split else data.draw(choices) for n, _ in enumerate(who)]
        fits = all(seat in vote.eligible and seat in self.present for seat in who)
        by_choice = {choice: tuple(s for s, c in zip(who, said, strict=True) if c == choice) for choice in CHOICES}
        counts: dict[str, Any] = {choice: len(by_choice[choice]) for choice in CHOICES}
        number = len(self.votes)
        act: Act | None = None
        if method == "roll-call":
            act = RollCallRecorded(**self.place, vote=number, **cast("dict[str, Any]", by_choice))
        elif method == "secret":
            off = data.draw(slip)
            counts["favor"] = max(0, counts["favor"] + off)
            fits = fits and sum(counts.values()) == len(who)
            said = [choice for choice in CHOICES for _ in range(counts[choice])]
            act = SecretTallyRecorded(**self.place, vote=number, voters=tuple(who), **counts)
        elif method == "show-of-hands":
            fits = len(said) <= len(vote.eligible)
            act = ShowOfHandsRecorded(**self.place, vote=number, **counts)
        if act is None:
            return
        lawful = fits and method == vote.method and vote.phase == "open" and self.votes_now()
        if self.attempt(act, lawful):
            vote.cast, vote.phase = said, "recorded"

    def _last(self) -> NaiveVote:
        assert self.last is not None
        return self.last

    @precondition(lambda self: self.last is not None and self.last.method == "ballot" and self.last.phase == "open")
    @rule(data=st.data())
    def ballots(self, data: st.DataObject) -> None:
        """Several members cast their ballots, one after the other."""
        vote = self._last()
        for n, seat in enumerate(data.draw(st.lists(st.sampled_from(tuple(vote.eligible)), unique=True, min_size=2))):
            self.ballot(seat, CHOICES[n % 2], vote.eligible[seat], correct=seat in vote.ballots)

    @precondition(lambda self: self.last is not None and self.last.method == "ballot")
    @rule(seat=seats, choice=choices, number=st.sampled_from((1, 1, 1, 2)), correct=st.booleans())
    def one_ballot(self, seat: str, choice: str, number: int, correct: bool) -> None:
        self.ballot(seat, choice, number, correct=correct)

    def ballot(self, seat: str, choice: str, number: int, *, correct: bool) -> None:
        vote = self._last()
        said = self.sitting.ballot(seat, choice, len(self.votes), number)
        if correct:
            act = BallotCorrected.model_validate(said.act.model_dump())
            said = say(act, office=said.office)
        lawful = self.phase == "open" and vote.phase == "open" and vote.eligible.get(seat) == number
        lawful = lawful and self.present.get(seat) == number and seat not in self.recused[vote.item]
        if self.attempt(said, lawful and (seat in vote.ballots) == correct):
            vote.ballots[seat] = choice

    @precondition(lambda self: self.last is not None and self.last.phase == "open")
    @rule(off=slip)
    def vote_closes(self, off: int) -> None:
        vote = self._last()
        ballots = max(0, len(vote.ballots) + off)
        lawful = vote.method == "ballot" and self.votes_now() and ballots == len(vote.ballots)
        if self.attempt(VoteClosed(**self.place, vote=len(self.votes), ballots=ballots), lawful):
            vote.phase = "closed"

    @precondition(when(lambda self: self.last is not None and self.last.phase in {"recorded", "closed"}))
    @rule(choice=st.sampled_from(("favor", "contra")), office=st.sampled_from((CHAIR, VICE_CHAIR)))
    def casting(self, choice: Any, office: str) -> None:
        if self.last is None:
            return
        vote = self.last
        able = [s for s in ("estado-1", "estado-2") if s in self.present and s not in self.recused[vote.item]]
        presides = bool(able) and office.split("/")[2] == able[0]
        ready = self.phase == "open" and vote.phase in {"recorded", "closed"} and vote.tied
        act = CastingVoteExercised(**self.place, vote=len(self.votes), choice=choice)
        if self.attempt(say(act, office=office), ready and presides and vote.casting is None):
            vote.casting = choice

    @precondition(when(lambda self: self.last is not None and self.last.phase in {"recorded", "closed"}))
    @rule(off=slip, result=st.sampled_from((None, None, None, "approved", "rejected", "tied")))
    def declares(self, off: int, result: Any) -> None:
        if self.last is None:
            return
        vote = self.last
        favor, contra, abstencion = (vote.count(choice) for choice in CHOICES)
        said: Any = result or vote.outcome
        act = self.sitting.declared(
            max(0, favor + off), contra, abstencion, said, vote=len(self.votes), office=SECRETARY
        )
        ready = self.phase == "open" and vote.phase in {"recorded", "closed"} and self.conducts(SECRETARY, vote.item)
        if self.attempt(act, ready and max(0, favor + off) == favor and said == vote.outcome):
            vote.phase, vote.result = "declared", said

    @precondition(lambda self: self.last is not None and every(5)(self))
    @rule()
    def annuls(self) -> None:
        lawful = self.pending is not None and self.phase in {"open", "recess"}
        if self.attempt(VoteAnnulled(**self.place, vote=len(self.votes)), lawful):
            self._last().phase = "annulled"

    # -- both agree ------------------------------------------------------------------------------------------

    @invariant()
    def the_session_is_the_models(self) -> None:
        state = self.sitting.state
        assert state.phase == self.phase
        assert {seat: there.designation for seat, there in state.present.items()} == self.present
        assert state.current_item == self.current
        assert {n: item.outcome for n, item in state.items.items() if item.outcome} == self.outcomes
        assert {n: set(item.recused) for n, item in state.items.items()} == self.recused

    @invariant()
    def the_votes_are_the_models(self) -> None:
        for number, vote in enumerate(self.votes, 1):
            state = self.sitting.vote_state(number)
            assert (state.phase, state.item, state.result) == (vote.phase, vote.item, vote.result)
            if vote.phase in {"recorded", "declared"}:
                assert (state.favor, state.contra, state.abstencion) == tuple(vote.count(c) for c in CHOICES)


TestSessionMachine = SessionMachine.TestCase
TestSessionMachine.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
