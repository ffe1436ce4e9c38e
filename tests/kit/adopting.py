"""Agreements of the council as they are adopted: a vote held on an item, what it carries, its state."""

from __future__ import annotations

from typing import Any

from ledger.acts.agreement import AgreementAdopted
from ledger.domain.agreement import AgreementState
from tests.kit.council import DAY, SECRETARY, Sitting, founded, rules
from tests.kit.story import Said, Story, say

SOURCE: dict[str, Any] = {"source_sha256": "0" * 64, "row": 1}


def adopted(sitting: Sitting, number: int, vote: int = 1, ordinal: int = 1, **changes: Any) -> Said:
    """Return the adoption of an agreement by a vote of the sitting, with the vote in its basis."""
    day, month, year = DAY[8:], DAY[5:7], DAY[2:4]
    data: dict[str, Any] = {
        "body": "hcd",
        "year": sitting.year,
        "number": number,
        "vote": f"vote/{sitting.path}/{vote}",
        "ordinal": ordinal,
        "identifier": f"ACDO.AS2.HCD.{day}{month}{year}/{number}.P.DIR",
        "resolutions": 1,
    }
    return say(AgreementAdopted(**(data | changes)), office=SECRETARY)


def hold(sitting: Sitting, vote: int = 1, favor: int = 12, contra: int = 0, item: int = 1) -> Sitting:
    """Take one roll call of the sitting and declare what follows."""
    if sitting.state.current_item != item:
        sitting.story.given(sitting.taken_up(item))
    story = sitting.story.given(sitting.vote_opened(vote))
    story.given(sitting.roll_call(favor, contra, vote=vote))
    story.given(sitting.declared(favor, contra, 0, "approved" if favor > contra else "rejected", vote=vote))
    return sitting


def voted(favor: int = 12, contra: int = 0) -> Sitting:
    """Return a sitting with one declared vote on item 1; the council numbers as ACDO…HCD does."""
    numbered = rules(numbering={"scheme": "ACDO", "body_code": "HCD"})
    return hold(Sitting(founded(numbered)).at_item(), 1, favor, contra)


def enacted(story: Story, number: int) -> AgreementState:
    """Return an agreement of 2026 as it stands."""
    state = story.state(f"agreement/hcd/2026/{number}")
    assert isinstance(state, AgreementState)
    return state
