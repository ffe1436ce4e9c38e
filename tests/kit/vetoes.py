"""A council whose agreements may be vetoed, and the assembly above it that decides, with its own officers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Seat, SeatsDefined
from ledger.acts.designation import DesignationRegistered
from ledger.acts.validity import AgreementSuspended
from ledger.acts.veto import (
    VetoAdmissionDecided,
    VetoCaseIntegrated,
    VetoExercised,
    VetoResolutionDrafted,
    VetoResolved,
    VetoSubmitted,
)
from ledger.domain.states import ItemState, Present, SessionState, VoteState
from ledger.domain.veto import VetoState
from ledger.ids import parse_written
from tests.kit.agreements import FIRST, OF_FIRST, VETO, assigned, resting, two_agreements
from tests.kit.council import CHAIR, rules
from tests.kit.story import Said, say

if TYPE_CHECKING:
    from tests.kit.story import Story

AG_SECRETARY = "designation/agd/secretaria/1"
AG_PROSECRETARY = "designation/agd/prosecretaria/1"
SESSION, VOTE = "session/agd/2026/ext/1", "vote/agd/2026/ext/1/1"


def council_under_assembly(body_kind: Any = "assembly", **veto: Any) -> Story:
    """Return a council with two agreements, the first in follow-up, whose president has a right of veto.

    The president of the council presides over the assembly too (LSS 268.I), as seat `presidencia`.
    """
    story = assigned(two_agreements().story)
    seats = (
        Seat(seat="presidencia", sector="estado", role="chair", voting=True),
        Seat(seat="obrera", sector="obrero", role="member", voting=True),
        Seat(seat="secretaria", sector="ninguno", role="secretary", voting=False),
        Seat(seat="prosecretaria", sector="ninguno", role="prosecretary", voting=False),
    )
    people = {"presidencia": "estado-1.1", "obrera": "obrero-1.1", "secretaria": "secretaria.1"}
    story.given(
        BodyRegistered(body="agd", body_kind=body_kind),
        BodyRulesAdopted(body="agd", profile="IMSS_AG", rules=rules(), valid_from="2020-01-01"),
        SeatsDefined(body="agd", seats=seats, valid_from="2020-01-01"),
        *(
            DesignationRegistered(
                body="agd",
                seat=seat.seat,
                number=1,
                person=people.get(seat.seat, "vigilancia.1"),
                capacity="propietario",
                begins_at="2020-01-01T00:00:00-06:00",
            )
            for seat in seats
        ),
    )
    rule = {"power": "director-general", "resolver": "agd"} | veto
    changed = rules(numbering={"scheme": "YEARLY"}, veto=rule)
    return story.given(BodyRulesAdopted(body="hcd", profile="IMSS_HCT", rules=changed, valid_from="2026-01-29")).at(
        "2026-02-02T10:00:00-06:00"
    )


def exercised(story: Story, office: str = CHAIR, **changes: Any) -> Said:
    """Return the veto of the first agreement by the president."""
    made: dict[str, Any] = {"power": "director-general", "resolver": "agd", "norms": ("LSS 264",)} | changes
    return resting(story, VetoExercised(**OF_FIRST, **made), FIRST, office=office)


def suspended(story: Story) -> Said:
    """Return the suspension that the council's secretary registers."""
    return resting(story, AgreementSuspended(**OF_FIRST, case=VETO, cause="veto"), VETO)


def admitted(outcome: Any = "admitted", office: str = AG_SECRETARY, **changes: Any) -> Said:
    """Return the decision on the admission."""
    return say(VetoAdmissionDecided(**OF_FIRST, outcome=outcome, **changes), office=office)


def integrated() -> Said:
    """Return the integration of the file."""
    return say(VetoCaseIntegrated(**OF_FIRST, sheets=12), office=AG_SECRETARY)


def drafted(sense: Any = "overturn", office: str = AG_PROSECRETARY) -> Said:
    """Return a project."""
    return say(VetoResolutionDrafted(**OF_FIRST, sense=sense), office=office)


def submitted(session: str = SESSION, item: int = 1, office: str = AG_SECRETARY) -> Said:
    """Return the submission to the assembly."""
    return say(VetoSubmitted(**OF_FIRST, session=session, item=item), office=office)


def resolved(story: Story, outcome: Any = "overturned", vote: str = VOTE, **changes: Any) -> Said:
    """Return the resolution by the assembly's vote, over which the vetoer presided."""
    made: dict[str, Any] = {"vote": vote, "outcome": outcome, "vetoer_sat": True} | changes
    return resting(story, VetoResolved(**OF_FIRST, **made), vote, office=AG_SECRETARY)


def up_to_session(story: Story, sense: Any = "overturn", **sat: Any) -> Story:
    """Exercise the veto and take it through the file into an open session of the assembly."""
    story.given(exercised(story))
    story.given(suspended(story))
    story.given(admitted(), integrated(), drafted(sense))
    return in_session(story, **sat).given(submitted())


def in_session(story: Story, *, recused: frozenset[str] = frozenset(), body: str = "agd", **changes: Any) -> Story:
    """Let a session of the assembly stand open at an item of kind "case"."""
    begins = parse_written("2026-02-04T10:00:00-06:00")
    made: dict[str, Any] = {
        "path": f"{body}/2026/ext/1",
        "body": body,
        "year": 2026,
        "series": "ext",
        "number": 1,
        "begins_at": begins,
        "day": date(2026, 2, 4),
        "call": 1,
        "phase": "open",
        "items": {1: ItemState("case", None, recused), 2: ItemState("decision"), 3: ItemState("case", "withdrawn")},
        "last_at": begins,
        "convocation": 1,
        "convoked_at": begins,
        "present": {"presidencia": Present(1, "presencial"), "obrera": Present(1, "presencial")},
        "attended": frozenset({"presidencia", "obrera"}),
    } | changes
    return story.put(f"session/{made['path']}", SessionState(1, story.size, "ab" * 32, **made))


def voted(story: Story, result: Any = "approved", stream: str = VOTE, **changes: Any) -> Story:
    """Let a vote of that session on that item stand declared."""
    path = stream.partition("/")[2].rpartition("/")[0]
    made: dict[str, Any] = {
        "session": path,
        "body": path.split("/", maxsplit=1)[0],
        "number": 1,
        "item": 1,
        "method": "roll-call",
        "majority": "simple",
        "phase": "declared",
        "last_at": parse_written("2026-02-04T11:00:00-06:00"),
        "result": result,
    } | changes
    return story.put(stream, VoteState(1, story.size, "cd" * 32, **made))


def veto_of(story: Story) -> VetoState:
    """Return the veto as it stands."""
    state = story.state(VETO)
    assert isinstance(state, VetoState)
    return state
