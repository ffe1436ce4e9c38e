"""A naive model of sessions and votes: plain sets and lists, results by counting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from ledger.errors import RuleViolation
from tests.kit.council import VOTING, Sitting, founded, rules
from tests.kit.story import Said, Story, StoryWorld

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.acts.base import Act

SEATS = (*VOTING, "invitada")
LISTED = (1, 2, 3)
METHODS = ("roll-call", "ballot", "show-of-hands", "secret", "consensus")
PERSONS = ("estado-1.1", "obrero-1.1", "patronal-1.1")
REQUIRED = 7

seats = st.sampled_from(SEATS)
items = st.sampled_from((1, 1, 2, 2, 3, 3, 4, 5))
# Mostly the right number, sometimes one off.
slip = st.sampled_from((0, 0, 0, 0, 0, 0, 1, -1))
rarely = st.sampled_from((False,) * 7 + (True,))
MachineTest = Callable[[Any], bool]


def every(steps: int) -> MachineTest:
    """Return a precondition: at every n-th step, so that runs get somewhere."""
    return lambda machine: bool(machine.steps % steps == 0)


def when(likely: MachineTest, else_every: int = 5) -> MachineTest:
    """Return a precondition: where the act may be lawful, and else at every n-th step."""
    return lambda machine: likely(machine) or machine.steps % else_every == 0


@dataclass
class NaiveVote:
    """What was said in one vote; `said` are choices, in an election persons."""

    item: int
    method: str
    eligible: dict[str, int]
    candidates: tuple[str, ...] = ()
    repeats: int | None = None
    phase: str = "open"
    said: Sequence[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    objecting: set[str] = field(default_factory=set)
    dissents: set[str] = field(default_factory=set)
    casting: str | None = None
    result: str | None = None
    elected: str | None = None

    @property
    def words(self) -> Sequence[str]:
        """What counts: of ballots as they last stood, else as recorded."""
        return list(self.marks.values()) if self.method == "ballot" else self.said

    @property
    def tally(self) -> tuple[int, int, int]:
        """For, against, abstaining; of an election for who leads, for others, for nobody."""
        counts = Counter(self.words)
        if not self.candidates:
            return counts["favor"], counts["contra"], counts["abstencion"]
        votes = [counts[person] for person in self.candidates]
        return max(votes), sum(votes) - max(votes), counts["abstencion"]

    @property
    def leaders(self) -> list[str]:
        """Who has the most votes of an election."""
        counts = Counter(word for word in self.words if word in self.candidates)
        return [person for person in self.candidates if counts[person] == max(counts.values(), default=0) > 0]

    @property
    def tied(self) -> bool:
        """Whether a casting vote could break it."""
        favor, contra, _ = self.tally
        return self.method != "consensus" and not self.candidates and favor == contra > 0

    def outcome(self, *, repeated: bool) -> str:
        """Return the result by counting, where ties are rejected or `repeated`."""
        favor, contra, _ = self.tally
        if self.method == "consensus":
            return "approved" if favor and not contra else "rejected"
        if len(self.leaders) > 1 or (self.tied and repeated):
            return "tied"
        if self.tied and self.casting is not None:
            return "approved" if self.casting == "favor" else "rejected"
        return "approved" if 2 * favor > len(self.eligible) else "rejected"

    def whom(self) -> str | None:
        """Return who is elected by counting."""
        carried = self.candidates and self.outcome(repeated=True) == "approved"
        return self.leaders[0] if carried else None

    @property
    def decides(self) -> bool:
        """Whether the item is resolved by it."""
        return self.phase == "declared" and self.result != "tied" and (not self.candidates or self.elected is not None)

    def may_file(self, seat: str, number: int, form: str) -> bool:
        """Tell whether the holder may file a dissent of the form."""
        if self.phase != "declared" or self.method == "secret" or seat in self.dissents:
            return False
        if (
            self.eligible.get(seat) != number
            or seat in self.silent
            or (self.method == "ballot" and seat not in self.marks)
        ):
            return False
        choice = self.marks.get(seat)
        return not (form == "particular" and choice == "favor") and not (form == "concurring" and choice in _AGAINST)


_AGAINST = ("contra", "abstencion")


@cache
def _founded(*, repeated: bool) -> Story:
    methods = {"methods": METHODS}
    return founded(rules(**methods, **({"casting_vote": False, "tie_rule": "REPEAT"} if repeated else {})))


class Naive(RuleBasedStateMachine):
    """One session of the council: what the model knows of it, and the ledger's side of it."""

    sitting: Sitting

    def begin(self, *, repeated: bool) -> None:
        """Convene a session of a council that breaks ties by casting vote, or repeats the vote."""
        story = replace(
            _founded(repeated=repeated), world=StoryWorld(states=dict(_founded(repeated=repeated).world.states))
        )
        self.sitting = Sitting(story).convene(len(LISTED))
        self.repeated = repeated
        self.steps = 0
        self.votes: list[NaiveVote] = []
        self.convened_anew()

    def convened_anew(self) -> None:
        """Forget what a call without quorum left."""
        self.phase = "convened"
        self.is_lost = False
        self.present: dict[str, int] = {}
        self.listed = dict.fromkeys(LISTED, True)
        self.recused: dict[int, set[str]] = {item: set() for item in LISTED}
        self.challenges: dict[int, dict[str, str]] = {item: {} for item in LISTED}
        self.outcomes: dict[int, str] = {}
        self.current: int | None = None

    @property
    def place(self) -> dict[str, Any]:
        """The fields of every act of the session."""
        return self.sitting.place

    @property
    def alive(self) -> bool:
        """Whether people may still come and go."""
        return self.phase in {"convened", "quorate", "open", "recess", "quorum-lost"}

    @property
    def here(self) -> int:
        """How many voting seats are present."""
        return sum(1 for seat in self.present if seat in VOTING)

    @property
    def last(self) -> NaiveVote | None:
        """The last vote."""
        return self.votes[-1] if self.votes else None

    @property
    def pending(self) -> NaiveVote | None:
        """The last vote while it is not settled."""
        return self.last if self.last is not None and self.last.phase not in {"declared", "annulled"} else None

    def pends(self, item: int) -> bool:
        """Tell whether the item is listed and not over."""
        return item in self.listed and item not in self.outcomes

    def votes_now(self) -> bool:
        """Tell whether the body may vote."""
        return self.phase == "open" and self.here >= REQUIRED

    def undecided(self, item: int) -> int | None:
        """Return the number of the item's last declared vote where that decided nothing."""
        for number, vote in reversed(list(enumerate(self.votes, 1))):
            if vote.item != item:
                return None
            if vote.phase == "declared":
                return None if vote.decides else number
        return None

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
