"""Sessions and votes against a naive model: whatever officers try, in any order, both say the same.

The model keeps plain sets and lists and decides by counting; the ledger decides by its rules. Each step tries one
act, lawful or not, and asserts that exactly the lawful ones are accepted and that the states agree afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ledger.acts.position import DissentFiled, ObjectionRaised, ObjectionWithdrawn
from ledger.acts.vote import (
    BallotCorrected,
    CandidateCount,
    CastingVoteExercised,
    ConsensusDeclared,
    ElectionTallyRecorded,
    Holder,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteOpened,
)
from tests.kit.council import CHAIR, CHOICES, SECRETARY, VICE_CHAIR, VOTING
from tests.kit.story import say
from tests.properties.naive import METHODS, PERSONS, NaiveVote, every, items, rarely, seats, slip, when
from tests.properties.session_moves import SessionMoves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.acts.base import Act

choices = st.sampled_from(CHOICES)


class SessionMachine(SessionMoves):
    """One session of the council with its votes, tried in every way."""

    # -- opening ---------------------------------------------------------------------------------------------

    @precondition(when(lambda self: self.votes_now() and self.current is not None and self.pending is None))
    @rule(item=items, number=slip, method=st.sampled_from(METHODS), wrong=rarely, data=st.data())
    def vote_opens(self, item: int, number: int, method: str, wrong: bool, data: st.DataObject) -> None:
        extra = data.draw(st.tuples(seats, st.integers(1, 2))) if data.draw(rarely) else None
        less = data.draw(seats) if data.draw(rarely) else None
        item = self.current or item
        able = self.able(item)
        listed = [(seat, n) for seat, n in able.items() if seat != less] + ([] if extra is None else [extra])
        if not listed:
            return
        named = max(1, len(self.votes) + 1 + number)
        before = self.undecided(item)
        repeats = (before or 1) if (before is None) == wrong else None
        lawful = self.may_open(item, before, repeats) and named == len(self.votes) + 1
        made = self.opening(named, item, method, listed, repeats=repeats)
        if self.attempt(made, lawful and sorted(listed) == sorted(able.items())):
            self.votes.append(NaiveVote(item, method, dict(listed), repeats=repeats))

    @precondition(when(lambda self: self.votes_now() and self.current is not None and self.pending is None, 7))
    @rule(method=st.sampled_from(("secret", "roll-call", "ballot")), count=st.integers(0, 3))
    def election_opens(self, method: str, count: int) -> None:
        """A first round is of any number of candidates, a further one of the same."""
        item = self.current
        if item is None or not self.able(item):
            return
        before = self.undecided(item)
        known = () if before is None else self.votes[before - 1].candidates
        candidates = known or PERSONS[:count]
        lawful = self.may_open(item, before, before, election=True) and bool(candidates) and method != "ballot"
        listed = list(self.able(item).items())
        made = self.opening(
            len(self.votes) + 1, item, method, listed, repeats=before, motion_kind="election", candidates=candidates
        )
        if self.attempt(made, lawful):
            self.votes.append(NaiveVote(item, method, dict(listed), candidates, before))

    @precondition(lambda self: self.votes_now() and self.current is not None and self.pending is None)
    @rule(method=st.sampled_from((*METHODS, "election", "election")), split=st.integers(0, 6), stop=rarely)
    def whole_vote(self, method: str, split: int, stop: bool) -> None:
        """A vote from its opening to its declaration, `split` of those present in favour, or half."""
        item = self.current
        if item is None or not self.able(item):
            return
        before, listed = self.undecided(item), list(self.able(item).items())
        election = method == "election" or (before is not None and bool(self.votes[before - 1].candidates))
        candidates = PERSONS[: 2 + split % 2] if election else ()
        if election and before is not None:
            candidates = self.votes[before - 1].candidates
        way = ("secret" if split % 2 else "roll-call") if election else method
        more: dict[str, Any] = {"motion_kind": "election", "candidates": candidates} if election else {}
        made = self.opening(len(self.votes) + 1, item, way, listed, repeats=before, **more)
        if not self.attempt(made, self.may_open(item, before, before, election=election)):
            return
        self.votes.append(NaiveVote(item, way, dict(listed), candidates, before))
        if stop:
            return
        self.cast_all(way, split)
        if self._last().tied and split % 3 == 0:
            self.casting("favor" if split else "contra", CHAIR)
        if self._last().phase in {"recorded", "closed"}:
            self.declares(0, None, nobody=False)

    @precondition(lambda self: self.votes_now() and self.pending is None and bool(self.pending_items()))
    @rule(method=st.sampled_from((*METHODS, "election")), split=st.integers(0, 6))
    def next_item(self, method: str, split: int) -> None:
        """The item in hand ends as it may, and another one is taken up and voted."""
        if self.current is not None:
            decided = any(vote.item == self.current and vote.decides for vote in self.votes)
            self.concludes(self.current, "resolved" if decided else "deferred")
        for item in self.pending_items():
            if self.current is None:
                self.takes_up(item, SECRETARY)
        self.whole_vote(method, split, stop=False)

    def pending_items(self) -> list[int]:
        """Return the items that may still be taken up."""
        return [item for item in self.listed if self.pends(item) and self.listed[item]]

    def cast_all(self, way: str, split: int) -> None:
        """Let all who may vote vote, so many in favour, or every other one where `split` is 0."""
        vote, number = self._last(), len(self.votes)
        who = list(vote.eligible)
        said = [CHOICES[0 if (n % 2 if split == 0 else n < split) else 1] for n, _ in enumerate(who)]
        counts: dict[str, Any] = {choice: said.count(choice) for choice in CHOICES}
        if vote.candidates:
            self.count_election([vote.candidates[n % len(vote.candidates)] for n, _ in enumerate(who)], who)
        elif way == "consensus":
            for seat in who[: split // 3]:
                self.objects(seat, vote.eligible[seat], back=False)
            if split == 3:
                self.objects(who[0], vote.eligible[who[0]], back=True)
            self.consensus_declared(hidden=False)
        elif way == "ballot":
            for seat, choice in zip(who, said, strict=True):
                self.ballot(seat, choice, vote.eligible[seat], correct=False)
            self.vote_closes(0)
        elif way == "roll-call":
            seats_of = {choice: tuple(s for s, c in zip(who, said, strict=True) if c == choice) for choice in CHOICES}
            self.recorded(RollCallRecorded(**self.place, vote=number, **cast("dict[str, Any]", seats_of)), said, who)
        elif way == "secret":
            self.recorded(SecretTallyRecorded(**self.place, vote=number, voters=tuple(who), **counts), said)
        else:
            self.recorded(ShowOfHandsRecorded(**self.place, vote=number, **counts), said)

    def recorded(self, act: Act, said: Sequence[str], who: list[str] | None = None) -> None:
        """Record what is lawful to record; of a roll call, who voted how."""
        vote = self._last()
        if self.attempt(act, self.votes_now() and vote.phase == "open"):
            vote.said, vote.phase = said, "recorded"
            if who is not None:
                vote.marks = dict(zip(who, said, strict=True))
                vote.silent = set(vote.eligible) - set(who)

    def able(self, item: int) -> dict[str, int]:
        """Return who may vote on the item."""
        return {
            seat: n for seat, n in self.present.items() if seat in VOTING and seat not in self.recused.get(item, ())
        }

    def may_open(self, item: int, before: int | None, repeats: int | None, *, election: bool = False) -> bool:
        """Tell whether a vote may begin, and whether it repeats what has to be repeated."""
        if not self.votes_now() or self.current != item or self.pending is not None or self.challenges.get(item):
            return False
        if before is None or repeats != before:
            return before is None and repeats is None
        tied = self.votes[before - 1]
        return election if tied.candidates else not election and tied.repeats is None

    def opening(self, number: int, item: int, method: str, listed: list[tuple[str, int]], **more: Any) -> Any:
        """Return the opening of a vote by the secretary."""
        eligible = tuple(Holder(seat=seat, designation=n) for seat, n in listed)
        made = self.place | {"vote": number, "item": item, "method": method, "eligible": eligible} | more
        return say(VoteOpened.model_validate(made), office=SECRETARY)

    # -- what is cast ----------------------------------------------------------------------------------------

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
        fits = all(seat in vote.eligible and seat in self.present for seat in who) and not vote.candidates
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
            fits = len(said) <= len(vote.eligible) and not vote.candidates
            act = ShowOfHandsRecorded(**self.place, vote=number, **counts)
        if act is None:
            return
        if self.attempt(act, fits and method == vote.method and vote.phase == "open" and self.votes_now()):
            vote.said, vote.phase = said, "recorded"
            if method == "roll-call":
                vote.marks = dict(zip(who, said, strict=True))
                vote.silent = set(vote.eligible) - set(who)

    @precondition(lambda self: self.last is not None and bool(self.last.candidates) and self.last.phase == "open")
    @rule(off=slip, data=st.data())
    def election_is_counted(self, off: int, data: st.DataObject) -> None:
        vote = self._last()
        who = [seat for seat in vote.eligible if seat in self.present]
        self.count_election([data.draw(st.sampled_from((*vote.candidates, "abstencion"))) for _ in who], who, off)

    def count_election(self, said: list[str], who: list[str], off: int = 0) -> None:
        """Record an election; of a roll call with who voted for whom."""
        vote = self._last()
        blank = max(0, said.count("abstencion") + off)
        counts = []
        for person in vote.candidates:
            named = tuple(seat for seat, word in zip(who, said, strict=True) if word == person)
            told = named if vote.method == "roll-call" else ()
            counts.append(CandidateCount(person=person, votes=len(named), seats=told))
        act = ElectionTallyRecorded(
            **self.place, vote=len(self.votes), voters=tuple(who), counts=tuple(counts), blank=blank
        )
        lawful = self.votes_now() and vote.phase == "open" and blank == said.count("abstencion")
        if self.attempt(act, lawful):
            vote.said, vote.phase, vote.silent = said, "recorded", set(vote.eligible) - set(who)

    def _last(self) -> NaiveVote:
        assert self.last is not None
        return self.last

    # -- consensus -------------------------------------------------------------------------------------------

    @precondition(lambda self: self.last is not None and self.last.method == "consensus")
    @rule(seat=seats, number=st.sampled_from((1, 1, 1, 2)), back=st.booleans())
    def objects(self, seat: str, number: int, back: bool) -> None:
        vote = self._last()
        kind = ObjectionWithdrawn if back else ObjectionRaised
        lawful = self.phase == "open" and vote.phase == "open" and (seat in vote.objecting) == back
        lawful = lawful and vote.eligible.get(seat) == number == self.present.get(seat)
        lawful = lawful and seat not in self.recused[vote.item]
        act = kind(**self.place, vote=len(self.votes), seat=seat)
        if self.attempt(say(act, office=f"designation/hcd/{seat}/{number}"), lawful):
            (vote.objecting.discard if back else vote.objecting.add)(seat)

    @precondition(lambda self: self.last is not None and self.last.method == "consensus")
    @rule(hidden=rarely)
    def consensus_declared(self, hidden: bool) -> None:
        """The secretary says who consents and who objects; sometimes he leaves the objections out."""
        vote = self._last()
        here = [seat for seat in vote.eligible if seat in self.present]
        standing = tuple(seat for seat in here if seat in vote.objecting)
        told = () if hidden else standing
        rest = tuple(seat for seat in here if seat not in told)
        act = ConsensusDeclared(**self.place, vote=len(self.votes), consenting=rest, objecting=told)
        if self.attempt(act, self.votes_now() and vote.phase == "open" and told == standing):
            vote.marks = dict.fromkeys(rest, "favor") | dict.fromkeys(told, "contra")
            vote.said, vote.phase, vote.silent = list(vote.marks.values()), "recorded", set(vote.eligible) - set(here)

    # -- ballots ---------------------------------------------------------------------------------------------

    @precondition(lambda self: self.last is not None and self.last.method == "ballot" and self.last.phase == "open")
    @rule(data=st.data())
    def ballots(self, data: st.DataObject) -> None:
        """Several members cast their ballots, one after the other."""
        vote = self._last()
        for n, seat in enumerate(data.draw(st.lists(st.sampled_from(tuple(vote.eligible)), unique=True, min_size=1))):
            self.ballot(seat, CHOICES[n % 2], vote.eligible[seat], correct=seat in vote.marks)

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
        if self.attempt(said, lawful and (seat in vote.marks) == correct):
            vote.marks[seat] = choice

    @precondition(lambda self: self.last is not None and self.last.phase == "open")
    @rule(off=slip)
    def vote_closes(self, off: int) -> None:
        vote = self._last()
        cast_so_far = len(vote.marks) if vote.method == "ballot" else 0
        ballots = max(0, cast_so_far + off)
        lawful = vote.method == "ballot" and self.votes_now() and ballots == cast_so_far
        if self.attempt(VoteClosed(**self.place, vote=len(self.votes), ballots=ballots), lawful):
            vote.phase = "closed"

    # -- what follows ----------------------------------------------------------------------------------------

    @precondition(when(lambda self: self.last is not None and self.last.phase in {"recorded", "closed"}))
    @rule(choice=st.sampled_from(("favor", "contra")), office=st.sampled_from((CHAIR, VICE_CHAIR)))
    def casting(self, choice: Any, office: str) -> None:
        if self.last is None:
            return
        vote = self.last
        able = [s for s in ("estado-1", "estado-2") if s in self.present and s not in self.recused[vote.item]]
        presides = bool(able) and office.split("/")[2] == able[0]
        ready = self.phase == "open" and vote.phase in {"recorded", "closed"} and vote.tied and not self.repeated
        act = CastingVoteExercised(**self.place, vote=len(self.votes), choice=choice)
        if self.attempt(say(act, office=office), ready and presides and vote.casting is None):
            vote.casting = choice

    @precondition(when(lambda self: self.last is not None and self.last.phase in {"recorded", "closed"}))
    @rule(off=slip, result=st.sampled_from((None, None, None, "approved", "rejected", "tied")), nobody=rarely)
    def declares(self, off: int, result: Any, nobody: bool) -> None:
        if self.last is None:
            return
        vote = self.last
        favor, contra, abstencion = vote.tally
        expected = vote.outcome(repeated=self.repeated)
        said: Any = result or expected
        elected = None if nobody else vote.whom()
        act = VoteDeclared(
            **self.place,
            vote=len(self.votes),
            favor=max(0, favor + off),
            contra=contra,
            abstencion=abstencion,
            result=said,
            elected=elected,
        )
        ready = self.phase == "open" and vote.phase in {"recorded", "closed"} and self.conducts(SECRETARY, vote.item)
        fits = max(0, favor + off) == favor and said == expected and elected == vote.whom()
        if self.attempt(say(act, office=SECRETARY), ready and fits):
            vote.phase, vote.result, vote.elected = "declared", said, elected

    @precondition(lambda self: self.last is not None and every(5)(self))
    @rule()
    def annuls(self) -> None:
        lawful = self.pending is not None and self.phase in {"open", "recess", "quorum-lost"}
        if self.attempt(VoteAnnulled(**self.place, vote=len(self.votes)), lawful):
            self._last().phase = "annulled"

    @precondition(when(lambda self: any(vote.phase == "declared" for vote in self.votes)))
    @rule(seat=seats, form=st.sampled_from(("particular", "concurring", "reasoned")), number=st.sampled_from((1, 1, 2)))
    def dissents(self, seat: str, form: Any, number: int) -> None:
        for at, vote in enumerate(self.votes, 1):
            act = DissentFiled(**self.place, vote=at, seat=seat, form=form)
            if self.attempt(say(act, office=f"designation/hcd/{seat}/{number}"), vote.may_file(seat, number, form)):
                vote.dissents.add(seat)

    # -- both agree ------------------------------------------------------------------------------------------

    @invariant()
    def the_session_is_the_models(self) -> None:
        state = self.sitting.state
        assert (state.phase, state.is_quorum_lost) == (self.phase, self.is_lost)
        assert {seat: there.designation for seat, there in state.present.items()} == self.present
        assert state.current_item == self.current
        assert {n: item.outcome for n, item in state.items.items() if item.outcome} == self.outcomes
        assert {n: set(item.recused) for n, item in state.items.items()} == self.recused
        assert {n: dict(item.challenges) for n, item in state.items.items()} == self.challenges
        assert {n: item.approved for n, item in state.items.items()} == self.listed

    @invariant()
    def the_votes_are_the_models(self) -> None:
        for number, vote in enumerate(self.votes, 1):
            state = self.sitting.vote_state(number)
            assert (state.phase, state.item, state.result) == (vote.phase, vote.item, vote.result)
            assert (state.elected, state.repeats, state.decides) == (vote.elected, vote.repeats, vote.decides)
            if vote.phase in {"recorded", "declared"}:
                assert (state.favor, state.contra, state.abstencion) == vote.tally


TestSessionMachine = SessionMachine.TestCase
TestSessionMachine.settings = settings(
    max_examples=150, stateful_step_count=60, suppress_health_check=list(HealthCheck)
)
