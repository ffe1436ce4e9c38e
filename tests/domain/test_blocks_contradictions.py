"""L1: what a draft says against its session's own acts is found, block by block (domain.md §3.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ledger.blocks import (
    VoteHeld,
    contradictions,
    draft_blocks,
    refuse_contradictions,
)
from ledger.errors import RuleViolation
from tests.kit.drafted import (
    changed,
    plain,
)

# -- L1: contradictions ----------------------------------------------------------------------------------------


def test_acta_contradicts_tally_refused() -> None:
    """A draft that changes a vote's count, or its words, is refused by name (L1)."""
    facts = plain()
    blocks = draft_blocks(facts)
    assert contradictions(changed(blocks, "vote", favor=4), facts) == ["vote/1: favor"]
    said = [{**b, "text": b["text"].replace("a favor: 3", "a favor: 4")} for b in blocks]
    assert contradictions(said, facts) == ["vote/1: text"]
    with pytest.raises(RuleViolation) as refusal:
        refuse_contradictions(said, facts)
    assert (refusal.value.code, refusal.value.params) == ("acta-contradicts", {"places": ["vote/1: text"]})
    refuse_contradictions(blocks, facts)


def test_acta_contradicts_attendance_refused() -> None:
    """A draft that seats somebody who did not come is found."""
    facts = plain()
    blocks = draft_blocks(facts)
    present = next(b for b in blocks if b["kind"] == "attendance")["data"]["present"]
    assert contradictions(changed(blocks, "attendance", present=present[1:]), facts) == ["attendance: present"]
    assert contradictions(changed(blocks, "quorum", present=3), facts) == ["quorum: present"]


def test_acta_contradicts_numbers_refused() -> None:
    """A draft with another agreement's number lacks one and has one too many."""
    facts = plain()
    found = contradictions(changed(draft_blocks(facts), "agreement", number=2), facts)
    assert found == ["agreement/1: missing", "agreement/2: unknown"]


def test_blocks_left_out_repeated_or_moved_are_found() -> None:
    """Nothing that happened may be left out, told twice or told in another order."""
    facts = plain()
    blocks = draft_blocks(facts)
    assert contradictions(blocks[:6] + blocks[7:], facts) == ["marks/1/favor: missing"]
    assert contradictions([*blocks, blocks[4]], facts) == ["item/1#2: unknown"]
    assert contradictions([*blocks[1:], blocks[0]], facts) == ["order"]
    assert contradictions([*blocks, {"kind": "poem", "text": "…", "data": {}}], facts) == ["block/12: malformed"]


def test_the_secretarys_own_prose_may_stand_anywhere() -> None:
    """Narrative blocks are not judged, but may carry no data that could pass for facts."""
    facts = plain()
    prose = {"kind": "narrative", "text": "La sesión transcurrió con orden.", "data": {}}
    blocks = draft_blocks(facts)
    assert contradictions([*blocks[:5], prose, *blocks[5:]], facts) == []
    assert contradictions([*blocks, {**prose, "data": {"favor": 9}}], facts) == ["block/12: data"]


def test_acts_that_disagree_among_themselves_are_found_without_any_block() -> None:
    """Tallies are recounted from marks, quorum from attendance, agreements from votes, the close from all."""
    facts = plain()
    vote = next(each for each in facts.happenings if isinstance(each, VoteHeld))

    def told(**change: Any) -> list[str]:
        happenings = tuple(replace(e, **change) if isinstance(e, VoteHeld) else e for e in facts.happenings)
        wrong = replace(facts, happenings=happenings)
        return contradictions(draft_blocks(wrong), wrong)

    assert told(favor=4) == ["vote/1: tally"]
    assert told(result="rejected") == ["agreement/1: vote"]
    marks = vote.marks or {}
    assert told(marks={**marks, "contra": marks["favor"][:1]}) == ["vote/1: marked-twice"]
    assert told(marks=None, voters=marks["favor"]) == ["vote/1: tally"]

    def without(number: int) -> list[str]:
        wrong = replace(facts, happenings=facts.happenings[:number] + facts.happenings[number + 1 :])
        return contradictions(draft_blocks(wrong), wrong)

    assert without(0) == ["quorum: present", "vote/1: absent"]
    assert without(4) == ["agreement/1: vote", "closing: votes"]
    assert without(5) == ["closing: agreements"]
    made = facts.happenings[5]
    twice = replace(facts, happenings=(*facts.happenings[:6], made, *facts.happenings[6:]))
    assert contradictions(draft_blocks(twice), twice) == ["agreement/1: order", "closing: agreements"]
