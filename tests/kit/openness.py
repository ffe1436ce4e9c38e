"""A council with agreements, and a Comité de Transparencia beside it, for stories of what is open and what is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ledger import profiles
from ledger.acts.access import AccessRequestReceived
from ledger.acts.body import BodyRegistered, BodyRulesAdopted
from ledger.acts.calendar import Holiday, HolidaysAdopted
from ledger.acts.classification import ClassificationProposed, ClassificationResolved
from ledger.domain.states import SessionState, VoteState
from tests.kit.agreements import FIRST, agreement, resting, two_agreements
from tests.kit.council import SECRETARY
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.base import Act

CTD = "ctd"
REQUEST = "access/ctd/2026/1"
OF_REQUEST: dict[str, Any] = {"body": CTD, "year": 2026, "number": 1}
RECEIVED_ON, DUE_ON, EXTENDED_ON = "2026-01-28", "2026-02-26", "2026-03-12"
HOLIDAYS = ("2026-01-01", "2026-02-02", "2026-03-16", "2026-05-01", "2026-09-16", "2026-11-16", "2026-12-25")


def open_council() -> Story:
    """Return a story with two agreements, units, a Comité de Transparencia and the year's holidays."""
    story = two_agreements().story
    rules = profiles.load("COMITE_TRANSPARENCIA")
    days = tuple(Holiday(day=day, ground="statutory", norm="LFT 74") for day in HOLIDAYS)
    return story.given(
        BodyRegistered(body=CTD, body_kind="committee"),
        BodyRulesAdopted(body=CTD, profile="COMITE_TRANSPARENCIA", rules=rules, valid_from="2020-01-01"),
        HolidaysAdopted(
            calendar="mx-federal", edition=1, covers_from="2026-01-01", covers_until="2026-12-31", days=days
        ),
    )


def committee_vote(story: Story, number: int = 1, body: str = CTD, **changes: Any) -> str:
    """Let a vote of a session of the Comité stand, declared approved unless told otherwise; return its stream."""
    path = f"{body}/2026/ord/1"
    held, taken = story.state("session/hcd/2026/ord/1"), story.state("vote/hcd/2026/ord/1/1")
    assert isinstance(held, SessionState)
    assert isinstance(taken, VoteState)
    session = replace(held, path=path, body=body)
    state = replace(taken, statement=f"{number:064x}", session=path, body=body, number=number, **changes)
    story.put(f"session/{path}", session).put(f"vote/{path}/{number}", state)
    return f"vote/{path}/{number}"


def requested(right: Any = "information", **changes: Any) -> Said:
    """Return the receipt of the first request."""
    made: dict[str, Any] = OF_REQUEST | {"right": right, "received_on": RECEIVED_ON, "due_on": DUE_ON} | changes
    return say(AccessRequestReceived(**made), office=SECRETARY)


def proposed(story: Story, *names: str, by: str | None = REQUEST, **changes: Any) -> Said:
    """Return a proposal to reserve texts of 1/2026 for two years, on the first request."""
    made: dict[str, Any] = {
        "index": agreement(story).adopted_index,
        "proposal": 1,
        "object": FIRST,
        "names": names or ("resolution/2",),
        "character": "reserved",
        "trigger": "request",
        "by": by,
        "unit": "dir",
        "fraction": "VI",
        "from_on": story.now[:10],
        "until_on": "2028-01-28",
    }
    streams = () if by is None or by not in story.world.states else (by,)
    return resting(story, ClassificationProposed(**(made | changes)), *streams)


def confidential(story: Story, *names: str, **changes: Any) -> Said:
    """Return a proposal to keep texts of 1/2026 confidential."""
    made: dict[str, Any] = {"character": "confidential", "fraction": None, "ground": "personal-data", "until_on": None}
    return proposed(story, *names, **(made | changes))


def resolved(story: Story, outcome: Any = "confirmed", vote: str | None = None, **changes: Any) -> Said:
    """Return the Comité's resolution of the first proposal."""
    stream = vote or committee_vote(story)
    made: dict[str, Any] = {"index": agreement(story).adopted_index, "proposal": 1, "body": CTD, "outcome": outcome}
    return resting(story, ClassificationResolved(**(made | changes), vote=stream), stream)


def reserved(*names: str, **changes: Any) -> Story:
    """Return a story in which texts of 1/2026 are reserved for two years."""
    story = open_council()
    story.given(requested())
    story.given(proposed(story, *names, **changes))
    return story.given(resolved(story))


def by_committee(story: Story, act: Act, vote: str | None = None, *streams: str) -> Said:
    """Return an act with a vote of the Comité, and other streams, in its basis."""
    return resting(story, act, vote or committee_vote(story), *streams)
