"""Agreements against a naive model: whatever officers try, in any order, both say the same (domain.md §3.6).

The model keeps plain lists of what was said and decides by looking through them; the ledger decides by its rules.
Each step tries one act, lawful or not, and asserts that exactly the lawful ones are accepted. The overdue clock is
compared with one that ticks once a day while nothing suspends the agreement.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from ledger.acts.followup import (
    AgreementCaptured,
    AgreementCaptureReviewed,
    DueDateExtended,
    FulfilmentRejected,
    FulfilmentVerified,
    ProgressReported,
    ResponsibilityAssigned,
)
from ledger.acts.validity import (
    AgreementAnnulled,
    AgreementModified,
    AgreementReinstated,
    AgreementRevoked,
    AgreementSuspended,
)
from ledger.domain.agreement_state import AgreementState
from ledger.domain.fulfilment import FulfilmentState
from ledger.domain.rules.overdue import Span, days_overdue
from ledger.errors import RuleViolation
from ledger.ids import parse_written, write_instant
from tests.kit.agreements import LIAISON, adopted, case, council, resting
from tests.kit.council import CHAIR, DAY, SECRETARY, VICE_CHAIR
from tests.kit.story import Said, Story, StoryWorld, say

if TYPE_CHECKING:
    from ledger.acts.base import Act

NUMBERS = (1, 2, 3)
# Not the agreements' own vetoes, which suspend before any act registers it (Y2, tests/domain/test_veto.py).
CASES = ("veto/hcd/2026/8", "veto/hcd/2026/9")
DUE = date(2026, 2, 5)
numbers = st.sampled_from(NUMBERS)
cases = st.sampled_from(CASES)
offices = st.sampled_from((SECRETARY, CHAIR, VICE_CHAIR))
reporters = st.sampled_from((LIAISON, SECRETARY, CHAIR))
ordinals = st.integers(1, 4)


@dataclass
class Naive:
    """What was said of one agreement of three resolutivos."""

    ended: str = ""
    suspending: list[str] = field(default_factory=list)
    modified: set[int] = field(default_factory=set)
    captors: list[str] = field(default_factory=list)
    capture: str = ""
    reported_by: list[str] = field(default_factory=list)
    follow_up: str = ""
    due: date = DUE
    set_on: date = date.min
    ticks: int = 0
    spans: list[Span] = field(default_factory=list)

    @property
    def applies(self) -> bool:
        return not self.ended and not self.suspending

    @property
    def open(self) -> bool:
        return self.applies and self.follow_up not in {"", "fulfilled"}


@cache
def _adopted() -> Story:
    sitting = council()
    sitting.story.given(*(adopted(sitting, n, ordinal=n) for n in NUMBERS))
    return sitting.story


def of(number: int) -> dict[str, Any]:
    """Return the fields that name an agreement."""
    return {"body": "hcd", "year": 2026, "number": number}


def stream(number: int) -> str:
    """Return an agreement's stream."""
    return f"agreement/hcd/2026/{number}"


class AgreementMachine(RuleBasedStateMachine):
    """Three agreements of one session, tried in every way."""

    def __init__(self) -> None:
        super().__init__()
        told = _adopted()
        self.story = replace(told, world=StoryWorld(states=dict(told.world.states)))
        self.model = {n: Naive() for n in NUMBERS}
        self.day = date.fromisoformat(DAY)
        self.about: dict[str, tuple[int, str]] = {}

    def attempt(self, said: Said, *, lawful: bool) -> bool:
        """Try an act; it is accepted exactly when the model finds it lawful."""
        tried = self.story.when(said)
        if lawful:
            tried.accepted()
            return True
        try:
            tried.check()
        except RuleViolation:
            return False
        raise AssertionError(said)

    def given(self, act: Act, office: str, *, lawful: bool) -> bool:
        """Try an act that rests on nothing."""
        return self.attempt(say(act, office=office), lawful=lawful)

    # -- validity --------------------------------------------------------------------------------------------

    @rule(earlier=numbers, by=numbers, ordinal=ordinals)
    def modify(self, earlier: int, by: int, ordinal: int) -> None:
        act = AgreementModified(
            **of(earlier), by=stream(by), by_resolution=1, resolutions=(ordinal,), effective_on="2026-02-01"
        )
        lawful = by > earlier and self.model[by].applies and not self.model[earlier].ended and ordinal <= 3
        if self.attempt(resting(self.story, act, stream(by)), lawful=lawful):
            self.model[earlier].modified.add(ordinal)

    @rule(earlier=numbers, by=numbers, effect=st.sampled_from(("revoked", "superseded")))
    def revoke(self, earlier: int, by: int, effect: Any) -> None:
        act = AgreementRevoked(**of(earlier), by=stream(by), by_resolution=1, effect=effect, effective_on="2026-02-01")
        lawful = by > earlier and self.model[by].applies and not self.model[earlier].ended
        if self.attempt(resting(self.story, act, stream(by)), lawful=lawful):
            self.model[earlier].ended = effect

    @rule(name=cases, number=numbers, effect=st.sampled_from(("suspended", "suspended", "reinstated", "annulled")))
    def decide_case(self, name: str, number: int, effect: Any) -> None:
        """Let a case say something, of any agreement; what it says binds nobody until an act registers it."""
        case(self.story, effect, stream(number), name)
        self.about[name] = (number, effect)

    @rule(name=cases, number=numbers)
    def suspend(self, name: str, number: int) -> None:
        model = self.model[number]
        lawful = self.about.get(name) == (number, "suspended") and not model.ended and name not in model.suspending
        act = AgreementSuspended(**of(number), case=name, cause="veto")
        if self.attempt(self._resting(act, name), lawful=lawful):
            if not model.suspending:
                model.spans.append((self.day, None))
            model.suspending.append(name)

    @rule(name=cases, number=numbers)
    def reinstate(self, name: str, number: int) -> None:
        model = self.model[number]
        lawful = self.about.get(name) == (number, "reinstated") and not model.ended and name in model.suspending
        if self.attempt(self._resting(AgreementReinstated(**of(number), case=name), name), lawful=lawful):
            model.suspending.remove(name)
            if not model.suspending:
                model.spans[-1] = (model.spans[-1][0], self.day)

    @rule(name=cases, number=numbers)
    def annul(self, name: str, number: int) -> None:
        model = self.model[number]
        lawful = self.about.get(name) == (number, "annulled") and not model.ended and name in model.suspending
        if self.attempt(self._resting(AgreementAnnulled(**of(number), case=name), name), lawful=lawful):
            model.ended = "annulled"

    def _resting(self, act: Act, name: str) -> Said:
        return resting(self.story, act, *([name] if name in self.story.world.states else []))

    # -- fulfilment ------------------------------------------------------------------------------------------

    @rule(number=numbers, office=offices)
    def capture(self, number: int, office: str) -> None:
        model = self.model[number]
        act = AgreementCaptured(**of(number), resolutions=("instruct", "note", "note"))
        if self.given(act, office, lawful=model.capture in {"", "returned"}):
            model.captors.append(office)
            model.capture = "captured"

    @rule(number=numbers, office=offices, outcome=st.sampled_from(("confirmed", "confirmed", "returned")))
    def review(self, number: int, office: str, outcome: Any) -> None:
        model = self.model[number]
        lawful = model.capture == "captured" and model.captors[-1] != office
        if self.given(AgreementCaptureReviewed(**of(number), outcome=outcome), office, lawful=lawful):
            model.capture = outcome

    @rule(number=numbers, ordinal=ordinals)
    def assign(self, number: int, ordinal: int) -> None:
        model = self.model[number]
        act = ResponsibilityAssigned(**of(number), resolution=ordinal, units=("dir",), due_on=DUE.isoformat())
        lawful = model.applies and model.capture == "confirmed" and ordinal == 1 and not model.follow_up
        if self.given(act, SECRETARY, lawful=lawful):
            model.follow_up, model.set_on = "assigned", self.day

    @rule(number=numbers, office=reporters)
    def report(self, number: int, office: str) -> None:
        model = self.model[number]
        act = ProgressReported(**of(number), resolution=1, unit="dir")
        if self.given(act, office, lawful=model.open):
            model.reported_by.append(office)
            model.follow_up = "reported"

    @rule(number=numbers, office=offices, outcome=st.sampled_from(("partial", "fulfilled")))
    def verify(self, number: int, office: str, outcome: Any) -> None:
        model = self.model[number]
        lawful = model.applies and model.follow_up == "reported" and office not in model.reported_by
        if self.given(FulfilmentVerified(**of(number), resolution=1, outcome=outcome), office, lawful=lawful):
            model.follow_up = outcome

    @rule(number=numbers, office=offices)
    def reject(self, number: int, office: str) -> None:
        model = self.model[number]
        lawful = model.applies and model.follow_up == "reported" and office not in model.reported_by
        if self.given(FulfilmentRejected(**of(number), resolution=1), office, lawful=lawful):
            model.follow_up = "rejected"

    @rule(number=numbers, days=st.integers(-1, 9))
    def extend(self, number: int, days: int) -> None:
        model = self.model[number]
        due = model.due + timedelta(days=days)
        act = DueDateExtended(**of(number), resolution=1, due_on=due.isoformat())
        if self.given(act, CHAIR, lawful=model.open and days > 0):
            model.due, model.set_on, model.ticks = due, self.day, 0

    @rule(days=st.integers(1, 6))
    def sleep(self, days: int) -> None:
        """Let days pass; each agreement's naive clock ticks on those on which nothing suspends it."""
        for _ in range(days):
            self.day += timedelta(days=1)
            for model in self.model.values():
                model.ticks += bool(model.follow_up) and not model.suspending
        self.story.at(write_instant(parse_written(self.story.now) + timedelta(days=days)))

    # -- the way that things usually go, so that runs get somewhere ------------------------------------------

    @rule(number=numbers)
    def advance(self, number: int) -> None:
        """Take the next step of a follow-up; the reporter tries to verify himself."""
        model = self.model[number]
        match model.capture, model.follow_up:
            case "" | "returned", _:
                self.capture(number, SECRETARY)
            case "captured", _:
                self.review(number, VICE_CHAIR if model.captors[-1] != VICE_CHAIR else CHAIR, "confirmed")
            case _, "":
                self.assign(number, 1)
            case _, "reported":
                self.verify(number, model.reported_by[-1], "fulfilled")
            case _:
                self.report(number, SECRETARY)

    @rule(name=cases, number=numbers)
    def veto(self, name: str, number: int) -> None:
        """Let a case suspend the agreement, or reinstate it where it is suspended by the case."""
        effect = "reinstated" if name in self.model[number].suspending else "suspended"
        self.decide_case(name, number, effect)
        if effect == "suspended":
            self.suspend(name, number)
        else:
            self.reinstate(name, number)

    # -- both say the same -----------------------------------------------------------------------------------

    @invariant()
    def agrees(self) -> None:
        """States, and the overdue clock, are what the model says."""
        for number, model in self.model.items():
            state = self.story.state(stream(number))
            assert isinstance(state, AgreementState)
            assert state.validity == (model.ended or ("suspended" if model.suspending else "in-force"))
            assert state.modified == model.modified
            found = self.story.world.states.get(f"fulfilment/hcd/2026/{number}/1")
            assert (found is not None) == bool(model.follow_up)
            if isinstance(found, FulfilmentState):
                assert (found.phase, found.due_on, found.original_due_on) == (model.follow_up, model.due, DUE)
                late = max(0, model.ticks - (model.due - model.set_on).days)
                assert days_overdue(model.due, model.set_on, model.spans, self.day) == late


AgreementMachine.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestAgreementMachine = AgreementMachine.TestCase
