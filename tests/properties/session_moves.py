"""What officers try in a session, apart from its votes, each move with whether a naive model finds it lawful."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from ledger.acts.session import (
    AgendaApproved,
    ItemAdded,
    QuorumLost,
    QuorumNotReached,
    QuorumRestored,
    RecusalChallenged,
    RecusalResolved,
    SessionRecessed,
    SessionResumed,
)
from tests.kit.council import CHAIR, SECRETARY, VICE_CHAIR, VOTING
from tests.kit.story import say
from tests.properties.naive import LISTED, REQUIRED, Naive, every, items, rarely, seats, slip, when


class SessionMoves(Naive):
    """Attendance, quorum, recess, items, recusals."""

    @initialize(count=st.integers(6, 12), begun=st.sampled_from((True, True, True, False)), repeated=st.booleans())
    def seat_many(self, count: int, begun: bool, repeated: bool) -> None:
        self.begin(repeated=repeated)
        names = VOTING[:count]
        self.attempt(self.sitting.roll(names), lawful=True)
        self.present = dict.fromkeys(names, 1)
        if begun:
            self.quorum_declared(0)
            self.opened(CHAIR)
            self.takes_up(1, SECRETARY)

    @rule()
    def nothing(self) -> None:
        """Some time passes."""
        self.steps += 1

    @precondition(when(lambda self: self.here < REQUIRED and self.alive, else_every=3))
    @rule(seat=seats, number=st.sampled_from((1, 1, 2)))
    def arrives(self, seat: str, number: int) -> None:
        exists = number == 1 or seat == "obrero-2"
        lawful = self.alive and exists and seat not in self.present
        if self.attempt(self.sitting.roll([f"{seat}/{number}"]), lawful):
            self.present[seat] = number

    @precondition(every(7))
    @rule(seat=seats)
    def leaves(self, seat: str) -> None:
        if self.attempt(self.sitting.roll([], seat), self.alive and seat in self.present):
            del self.present[seat]

    @precondition(lambda self: self.phase == "open" and every(9)(self))
    @rule()
    def a_sector_leaves(self) -> None:
        """So many go at once that there may be no quorum any more."""
        for seat in [seat for seat in self.present if seat.startswith("obrero")]:
            self.leaves(seat)
        self.quorum_lost(0)

    @precondition(when(lambda self: self.phase == "quorum-lost", else_every=29))
    @rule()
    def a_sector_returns(self) -> None:
        """They come back, and quorum is restored if they are enough."""
        for seat in VOTING[4:8]:
            self.arrives(seat, 1)
        self.quorum_restored(0)

    @precondition(when(lambda self: self.phase == "convened" and self.here >= REQUIRED))
    @rule(off=slip)
    def quorum_declared(self, off: int) -> None:
        lawful = self.alive and self.phase != "quorum-lost" and off == 0 and self.here >= REQUIRED
        if self.attempt(self.sitting.quorum(max(0, self.here + off)), lawful) and self.phase == "convened":
            self.phase = "quorate"

    @precondition(when(lambda self: self.phase == "convened" and self.here < REQUIRED, else_every=9))
    @rule()
    def quorum_not_reached(self) -> None:
        act = QuorumNotReached(**self.place, present=self.here, base=12, required=REQUIRED)
        if self.attempt(act, self.phase in {"convened", "quorate"} and self.here < REQUIRED):
            self.phase = "not-held"

    @precondition(when(lambda self: self.phase == "open" and self.here < REQUIRED))
    @rule(off=slip)
    def quorum_lost(self, off: int) -> None:
        act = QuorumLost(**self.place, present=max(0, self.here + off), base=12, required=REQUIRED)
        if self.attempt(act, self.phase == "open" and self.here < REQUIRED and max(0, self.here + off) == self.here):
            self.phase, self.is_lost = "quorum-lost", True

    @precondition(when(lambda self: self.phase == "quorum-lost" and self.here >= REQUIRED))
    @rule(off=slip)
    def quorum_restored(self, off: int) -> None:
        act = QuorumRestored(**self.place, present=max(0, self.here + off), base=12, required=REQUIRED)
        if self.attempt(act, self.phase == "quorum-lost" and self.here >= REQUIRED and off == 0):
            self.phase, self.is_lost = "open", False

    @precondition(when(lambda self: self.phase == "not-held", else_every=13))
    @rule(call=st.sampled_from((1, 2)))
    def convened_again(self, call: int) -> None:
        done = self.sitting.state.call
        begins = self.sitting.state.begins_at.replace(month=2, day=11).isoformat()
        now = self.sitting.story.now
        act = self.sitting.convened(len(LISTED), call=call, begins_at=max(now, begins))
        if self.attempt(act, self.phase == "not-held" and call == done + 1):
            self.convened_anew()
            self.sitting.story.at(max(now, begins))

    @precondition(when(lambda self: self.phase == "quorate"))
    @rule(office=st.sampled_from((CHAIR, VICE_CHAIR, SECRETARY)))
    def opened(self, office: str) -> None:
        lawful = self.phase == "quorate" and self.here >= REQUIRED and self.conducts(office)
        if self.attempt(self.sitting.opened(office), lawful):
            self.phase = "open"

    @precondition(when(lambda self: self.phase == "recess", else_every=11))
    @rule(back=st.booleans())
    def rests(self, back: bool) -> None:
        act = SessionResumed(**self.place) if back else SessionRecessed(**self.place)
        lawful = self.phase == "recess" if back else self.phase in {"open", "quorum-lost"}
        if self.attempt(say(act, office=SECRETARY), lawful):
            resumed = "quorum-lost" if self.is_lost else "open"
            self.phase = resumed if back else "recess"

    # -- items -----------------------------------------------------------------------------------------------

    @precondition(every(6))
    @rule(off=slip)
    def item_added(self, off: int) -> None:
        number = max(1, len(self.listed) + 1 + off)
        act = ItemAdded(**self.place, item=number, item_kind="general")
        if number <= 5 and self.attempt(act, self.alive and number == len(self.listed) + 1):
            self.listed[number], self.recused[number], self.challenges[number] = False, set(), {}

    @precondition(when(lambda self: self.phase == "open" and not all(self.listed.values())))
    @rule(vote=st.sampled_from((None, 1, 2, 3)), short=rarely)
    def agenda_approved(self, vote: int | None, short: bool) -> None:
        pending = [item for item in self.listed if self.pends(item)]
        named = pending[1:] if short else pending
        if not named:
            return
        carried = vote is not None and vote <= len(self.votes) and self.votes[vote - 1].phase == "declared"
        carried = carried and vote is not None and self.votes[vote - 1].result == "approved"
        fits = carried if vote is not None else all(self.listed[item] for item in pending)
        act = AgendaApproved(**self.place, items=tuple(reversed(named)), vote=vote)
        if self.attempt(say(act, office=SECRETARY), self.votes_now() and not short and fits):
            self.listed |= dict.fromkeys(named, True)

    @precondition(when(lambda self: self.phase == "open" and self.current is None, else_every=7))
    @rule(item=items, office=st.sampled_from((CHAIR, SECRETARY)))
    def takes_up(self, item: int, office: str) -> None:
        lawful = self.phase == "open" and self.current is None and self.pends(item) and self.listed[item]
        if self.attempt(self.sitting.taken_up(item, office), lawful and self.conducts(office, item)):
            self.current = item

    @precondition(when(lambda self: self.current is not None and self.pending is None, else_every=7))
    @rule(item=items, outcome=st.sampled_from(("resolved", "noted", "deferred")))
    def concludes(self, item: int, outcome: str) -> None:
        lawful = self.phase == "open" or (self.phase == "quorum-lost" and outcome == "deferred")
        lawful = lawful and self.pends(item)
        if item == self.current:
            voted = any(vote.item == item and vote.decides for vote in self.votes)
            lawful = lawful and self.pending is None and (outcome != "resolved" or voted)
        else:
            lawful = lawful and self.current is None and outcome == "deferred"
        if self.attempt(self.sitting.concluded(item, outcome), lawful):
            self.outcomes[item] = outcome
            self.current = None if self.current == item else self.current

    @precondition(every(9))
    @rule(off=slip)
    def closes(self, off: int) -> None:
        votes = max(0, len(self.votes) + off)
        lawful = self.phase in {"open", "quorum-lost"} and self.current is None and self.pending is None
        if self.attempt(self.sitting.closed(votes), lawful and votes == len(self.votes) and self.conducts(CHAIR)):
            self.phase = "closed"

    # -- recusals --------------------------------------------------------------------------------------------

    @precondition(every(8))
    @rule(seat=seats, item=items)
    def recuses(self, seat: str, item: int) -> None:
        lawful = self.alive and self.pends(item) and seat not in self.recused[item]
        if self.attempt(self.sitting.recused(seat, item), lawful):
            self.recused[item].add(seat)

    @precondition(every(3))
    @rule(by=seats, seat=seats, item=items, back=st.booleans())
    def challenges_another(self, by: str, seat: str, item: int, back: bool) -> None:
        asks = "return" if back else "exclude"
        lawful = self.alive and self.pends(item) and by in self.present and by != seat and self.pending is None
        lawful = lawful and seat not in self.challenges[item] and (seat in self.recused[item]) == back
        act = RecusalChallenged.model_validate(
            self.place | {"item": item, "seat": by, "challenged": seat, "asks": asks}
        )
        if self.attempt(say(act, office=f"designation/hcd/{by}/1"), lawful):
            self.challenges[item][seat] = asks

    @precondition(when(lambda self: any(self.challenges.values())))
    @rule(item=items, seat=seats, upheld=st.booleans(), office=st.sampled_from((CHAIR, SECRETARY)), wrong=rarely)
    def challenge_decided(self, item: int, seat: str, upheld: bool, office: str, wrong: bool) -> None:
        standing = [(item, seat) for item, each in self.challenges.items() for seat in each]
        if standing and not wrong:
            item, seat = standing[0]
        lawful = self.alive and self.pends(item) and seat in self.challenges[item] and self.pending is None
        lawful = lawful and office.split("/")[2] != seat and self.conducts(office)
        act = RecusalResolved(**self.place, item=item, challenged=seat, upheld=upheld)
        if self.attempt(say(act, office=office), lawful):
            asks = self.challenges[item].pop(seat)
            if upheld and asks == "exclude":
                self.recused[item].add(seat)
            elif upheld:
                self.recused[item].discard(seat)
