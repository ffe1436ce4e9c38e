"""A council with agreements to follow up: two adopted ones, units, enlaces, and offices of several people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.body import BodyRegistered, Seat, SeatsDefined
from ledger.acts.designation import DesignationRegistered
from ledger.acts.followup import AgreementCaptured, AgreementCaptureReviewed, ResponsibilityAssigned
from ledger.acts.trust import PersonRegistered
from ledger.acts.unit import UnitCreated
from ledger.domain.agreement_state import AgreementState
from ledger.domain.world import State
from tests.kit.council import DAY, SECRETARY, VICE_CHAIR, Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from typing import Literal

    from ledger.acts.base import Act
    from ledger.acts.vote import Result

LIAISON = "designation/unidades/dir/1"
FIRST, SECOND = "agreement/hcd/2026/1", "agreement/hcd/2026/2"
VETO = "veto/hcd/2026/1"
OF_FIRST: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
RESOLVED = OF_FIRST | {"resolution": 1}


@dataclass(frozen=True, slots=True)
class FakeCase(State):
    """A case as any aggregate may keep one: which agreement it is about, and what it does to it."""

    agreement: str
    effect: Literal["none", "suspended", "reinstated", "annulled"]


def council() -> Sitting:
    """Return an open sitting of the council with one approved vote; units dir and dpes, dir with an enlace."""
    story = founded(rules(numbering={"scheme": "YEARLY"}))
    story.given(
        UnitCreated(unit="dg", code="DG", effective_on="2020-01-01"),
        UnitCreated(unit="dir", code="DIR", parent="dg", effective_on="2020-01-01"),
        UnitCreated(unit="dpes", code="DPES", parent="dg", effective_on="2020-01-01"),
        BodyRegistered(body="unidades", body_kind="other"),
        SeatsDefined(
            body="unidades",
            seats=(Seat(seat="dir", sector="ninguno", role="liaison", voting=False),),
            valid_from="2020-01-01",
        ),
        PersonRegistered(person="enlace"),
        DesignationRegistered(
            body="unidades",
            seat="dir",
            number=1,
            person="enlace",
            capacity="propietario",
            begins_at="2020-01-01T00:00:00-06:00",
        ),
    )
    sitting = Sitting(story).at_item()
    return vote(sitting)


def vote(sitting: Sitting, number: int = 1, favor: int = 12, contra: int = 0) -> Sitting:
    """Take and declare the next vote of the sitting."""
    story = sitting.story.given(sitting.vote_opened(number))
    story.given(sitting.roll_call(favor, contra, vote=number))
    result: Result = "approved" if favor > contra else "rejected"
    story.given(sitting.declared(favor, contra, 0, result, vote=number))
    return sitting


def adopted(sitting: Sitting, number: int, vote: int = 1, ordinal: int = 1, resolutions: int = 3) -> Said:
    """Return the adoption of an agreement of the sitting."""
    act = AgreementAdopted(
        body="hcd",
        year=sitting.year,
        number=number,
        vote=f"vote/{sitting.path}/{vote}",
        ordinal=ordinal,
        identifier=f"{number}/{sitting.year}",
        resolutions=resolutions,
    )
    return say(act, office=SECRETARY)


def two_agreements() -> Sitting:
    """Return the sitting after it adopted 1/2026 and 2/2026 by one vote."""
    sitting = council()
    sitting.story.given(adopted(sitting, 1), adopted(sitting, 2, ordinal=2))
    return sitting


def resting(story: Story, act: Act, *streams: str, **around: Any) -> Said:
    """Return the act with the streams as they stand in its basis; the secretary says it unless told otherwise."""
    basis = {stream: story.state(stream).statement for stream in streams}
    return say(act, **({"office": SECRETARY, "basis": basis} | around))


def case(story: Story, effect: Any, agreement: str = FIRST, stream: str = VETO) -> Story:
    """Let a case about an agreement stand as another aggregate would leave it."""
    found = story.world.states.get(stream)
    version = 1 if found is None else found.version + 1
    return story.put(stream, FakeCase(version, story.size, f"{version:064x}", agreement, effect))


def captured(story: Story, *kinds: Any) -> Story:
    """Capture 1/2026 by the secretary and let the vice-chair review it."""
    act = AgreementCaptured(**OF_FIRST, resolutions=kinds or ("instruct", "authorise", "note"))
    review = AgreementCaptureReviewed(**OF_FIRST, outcome="confirmed")
    return story.given(say(act, office=SECRETARY), say(review, office=VICE_CHAIR))


def assigned(story: Story, **changes: Any) -> Story:
    """Capture 1/2026 and let unit dir answer for its first resolutivo, until the end of March."""
    made: dict[str, Any] = RESOLVED | {"units": ("dir",), "due_on": "2026-03-31"} | changes
    return captured(story).given(say(ResponsibilityAssigned(**made), office=SECRETARY))


def agreement(story: Story, stream: str = FIRST) -> AgreementState:
    """Return an agreement as it stands."""
    state = story.state(stream)
    assert isinstance(state, AgreementState)
    return state


def of_superior(story: Story, day: str = DAY, **changes: Any) -> Story:
    """Put the assembly above the council, with its agreement 1/2026 of today."""
    council_state = story.state("body/hcd")
    story.given(BodyRegistered(body="agd", body_kind="assembly"))
    story.put("body/hcd", replace(council_state, parent="agd"))  # type: ignore[call-arg]
    made = replace(agreement(story), body="agd", index=story.size, adopted_index=story.size, **changes)
    assert made.adopted_on.isoformat() == day
    return story.put("agreement/agd/2026/1", made)
