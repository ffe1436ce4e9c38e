"""What an acta tells of interrupted sessions, challenges, elections, consensus and dissents (domain.md §3.3–§3.7)."""

from __future__ import annotations

from typing import Any

from ledger.acts.position import DissentFiled, ObjectionWithdrawn
from ledger.acts.session import (
    AgendaApproved,
    Arrival,
    AttendanceRecorded,
    QuorumLost,
    QuorumRestored,
    RecusalChallenged,
    RecusalResolved,
    SessionClosed,
)
from ledger.acts.vote import CandidateCount, ConsensusDeclared, ElectionTallyRecorded, VoteDeclared, VoteOpened
from ledger.blocks import contradictions, draft_blocks, gather
from tests.kit.drafted import ELIGIBLE, SEATS, S, roll_call, start, tell, who


def test_an_acta_tells_of_lost_quorum_agenda_challenges_and_dissents() -> None:
    """Each has its block, in both languages; a dissent filed after the close stands before it."""
    place: dict[str, Any] = S | {"item": 1}
    acts = [
        *start(),
        AgendaApproved(**S, items=(1, 2), vote=None),
        RecusalChallenged(**place, seat="obrero-1", challenged="patronal-1", asks="exclude"),
        RecusalResolved(**place, challenged="patronal-1", upheld=True),
        RecusalChallenged(**place, seat="obrero-1", challenged="patronal-1", asks="return"),
        RecusalResolved(**place, challenged="patronal-1", upheld=False),
        *roll_call(1, ("estado-1", "obrero-1"), ("obrero-2",), "approved"),
        AttendanceRecorded(**S, departures=("obrero-1", "obrero-2")),
        QuorumLost(**S, present=2, base=4, required=3),
        AttendanceRecorded(**S, arrivals=(Arrival(seat="obrero-1", designation=1),)),
        QuorumRestored(**S, present=3, base=4, required=3),
        SessionClosed(**S, votes=1),
        (DissentFiled(**S, vote=1, seat="obrero-2", form="particular"), {"text": "Falta el dictamen."}),
    ]
    facts = gather(tell(acts), who, "Consejo Demo")
    for language in ("es", "en"):
        blocks = draft_blocks(facts, language)
        assert contradictions(blocks, facts) == []
        kinds = [block["kind"] for block in blocks]
        assert kinds[-2:] == ["dissent", "closing"]
        assert (kinds.count("agenda"), kinds.count("challenge")) == (1, 2)
        changes = [block["data"].get("change") for block in blocks if block["kind"] == "quorum"]
        assert changes == [None, "lost", "restored"]
        assert "Falta el dictamen." in blocks[-2]["text"]
        altered = [block for block in blocks if block["kind"] != "dissent"]
        assert contradictions(altered, facts) == ["dissent/1/obrero-2: missing"]


def election(method: Any, *counts: CandidateCount, blank: int = 0) -> list[Any]:
    """Return the acts of an election between two."""
    opened = VoteOpened(
        **S,
        vote=1,
        item=1,
        method=method,
        motion_kind="election",
        candidates=("p-ana", "p-luz"),
        eligible=ELIGIBLE,
    )
    tally = ElectionTallyRecorded(**S, vote=1, voters=SEATS[:4], counts=counts, blank=blank)
    declared = VoteDeclared(
        **S, vote=1, favor=3, contra=1 - blank, abstencion=blank, result="approved", elected="p-ana"
    )
    return [*start(), (opened, {"motion": "Se elige."}), tally, declared, SessionClosed(**S, votes=1)]


def test_an_acta_tells_of_elections_and_keeps_secret_ones_secret() -> None:
    """Candidates by name with their votes and who is elected; who voted for whom only where the roll was called."""
    names = {"p-ana": "Ana Cruz"}
    secret = election("secret", CandidateCount(person="p-ana", votes=3), CandidateCount(person="p-luz", votes=1))
    called = election(
        "roll-call",
        CandidateCount(person="p-ana", votes=3, seats=SEATS[:3]),
        CandidateCount(person="p-luz", votes=0),
        blank=1,
    )
    for acts, voters in ((secret, 1), (called, 0)):
        facts = gather(tell(acts), who, "Consejo Demo", person=lambda person: names.get(person, ""))
        blocks = draft_blocks(facts)
        assert contradictions(blocks, facts) == []
        text = next(block["text"] for block in blocks if block["kind"] == "vote")
        assert "Ana Cruz: 3 votos." in text
        assert "Resultó electa la persona: Ana Cruz." in text
        assert ("— Ana Ruiz (estado-1)" in text) == (acts is called)
        assert sum(block["kind"] == "marks" for block in blocks) == voters


def test_an_acta_tells_of_consensus_and_hides_no_objection() -> None:
    """Who consents and who objects stand as marks of the vote."""
    opened = VoteOpened(**S, vote=1, item=1, method="consensus", eligible=ELIGIBLE)
    consensus = ConsensusDeclared(**S, vote=1, consenting=SEATS[:3], objecting=SEATS[3:4])
    declared = VoteDeclared(**S, vote=1, favor=3, contra=1, abstencion=0, result="rejected")
    withdrawn = ObjectionWithdrawn(**S, vote=1, seat="patronal-1")
    facts = gather(
        tell(
            [*start(), (opened, {"motion": "Se acuerda."}), withdrawn, consensus, declared, SessionClosed(**S, votes=1)]
        ),
        who,
    )
    blocks = draft_blocks(facts)
    assert contradictions(blocks, facts) == []
    assert "por consenso" in next(block["text"] for block in blocks if block["kind"] == "vote")
    assert [block["data"]["sense"] for block in blocks if block["kind"] == "marks"] == ["favor", "contra"]


def test_an_acta_tells_of_a_round_in_which_nobody_was_elected() -> None:
    """Votes and blanks stand there, and no name as elected."""
    opened = VoteOpened(
        **S, vote=1, item=1, method="secret", motion_kind="election", candidates=("p-ana",), eligible=ELIGIBLE
    )
    count = (CandidateCount(person="p-ana", votes=2),)
    tally = ElectionTallyRecorded(**S, vote=1, voters=SEATS[:4], counts=count, blank=2)
    declared = VoteDeclared(**S, vote=1, favor=2, contra=0, abstencion=2, result="rejected")
    facts = gather(tell([*start(), opened, tally, declared, SessionClosed(**S, votes=1)]), who)
    blocks = draft_blocks(facts)
    assert contradictions(blocks, facts) == []
    text = next(block["text"] for block in blocks if block["kind"] == "vote")
    assert "En blanco o nulos: 2." in text
    assert "Resultó electa" not in text
