"""How committees are created by the body above (domain.md §2.2 R20; LFEP 56–58)."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.acts.body import BodyRegistered, BodyRulesAdopted, Rules
from ledger.domain.rules.soundness import check_rules_sound
from ledger.errors import RuleViolation
from ledger.profiles import load
from tests.kit.agreements import adopted, vote
from tests.kit.council import Sitting, founded, rules
from tests.kit.story import Said, Story, say

COMMITTEES = {"share": {"n": 1, "d": 3}, "reserved": ["LFEP 58"]}
AGREEMENT = "agreement/hcd/2026/1"
REGISTRAR = "designation/unidades/registrador/1"
THIRD = ("obrero-1", "obrero-2", "patronal-1", "patronal-2")


def board(**changes: Any) -> Story:
    """Return a council whose committees are created as LFEP 56 says, after it adopted an agreement to create one."""
    ruled = rules(committees=COMMITTEES, numbering={"scheme": "YEARLY"}, **changes)
    sitting = vote(Sitting(founded(ruled)).at_item())
    return sitting.story.given(adopted(sitting, 1))


def created(story: Story, *proposers: str, office: str = REGISTRAR, **changes: Any) -> Said:
    """Return the registration of a committee that rests on the agreement."""
    made: dict[str, Any] = {"body": "cpd", "body_kind": "committee", "parent": "hcd", "agreement": AGREEMENT}
    act = BodyRegistered(**(made | {"proposers": proposers} | changes))
    return say(act, office=office, basis={AGREEMENT: story.state(AGREEMENT).statement})


def test_r20_on_proposal_of_the_chair() -> None:
    """The chair alone is enough, and the rule is counted."""
    story = board()
    story.when(created(story, "estado-1")).accepted()
    assert story.world.rules["committees"] == 1


@pytest.mark.parametrize(("proposers", "code"), [(THIRD, None), (THIRD[:3], "committee-unproposed")])
def test_r20_on_proposal_of_a_third_of_the_members(proposers: tuple[str, ...], code: str | None) -> None:
    """Four of twelve seats propose, three do not; a seat named twice is one seat."""
    story = board()
    attempt = story.when(created(story, *proposers, proposers[0]))
    attempt.accepted() if code is None else attempt.refused(code, proposers=3, members=12)


def test_r20_who_proposes_is_a_member() -> None:
    """Neither who has no vote nor who does not exist proposes."""
    story = board()
    for stranger in ("secretaria", "nadie"):
        story.when(created(story, "estado-1", stranger)).refused("seat-unknown", seat=stranger)


@pytest.mark.parametrize(("power", "code"), [("LFEP 58 II", "power-reserved"), ("LFEP 58", "power-reserved")])
def test_r20_powers_that_are_the_boards_own_are_not_delegated(power: str, code: str) -> None:
    """LFEP 58: what is not delegable stays; LFEP 580 would be another norm, and 59 I may be delegated."""
    story = board()
    story.when(created(story, "estado-1", powers=("LFEP 59 I", power))).refused(code, power=power, norm="LFEP 58")
    story.when(created(story, "estado-1", powers=("LFEP 59 I", "LFEP 580"))).accepted()


def test_r20_the_agreement_is_the_parents_and_stands_in_the_basis() -> None:
    """An agreement of another body, none at all or one that nobody relied upon creates nothing."""
    story = board()
    story.when(created(story, "estado-1", parent=None)).refused("committee-of-other-body", body="hcd")
    story.given(BodyRegistered(body="otro", body_kind="board"))
    story.when(created(story, "estado-1", parent="otro")).refused("committee-of-other-body", parent="otro")
    story.when(say(created(story, "estado-1").act, office=REGISTRAR)).refused("agreement-not-in-basis")
    story.when(created(story, agreement=None)).refused("committee-without-agreement")
    story.when(created(story, "estado-1", agreement=None, office="ledger")).refused("committee-without-agreement")


def test_r20_what_exists_on_paper_is_registered_by_founders_and_remarked() -> None:
    """The import phase: without an agreement only founding officers register a committee, and it is told for ever."""
    story = board()
    story.given(created(story, agreement=None, office="ledger"))
    assert ("committee-on-paper", {"body": "cpd", "parent": "hcd"}) in story.world.remarks


def test_r20_holds_of_committees_of_bodies_whose_rules_say_so() -> None:
    """A council below, a committee of nobody, and one of a body without such rules are registered as ever."""
    story = board()
    story.given(created(story, agreement=None, body="ccvn", body_kind="consultative"))
    story.given(created(story, agreement=None, body="suelto", parent=None))
    story.given(BodyRegistered(body="sin", body_kind="board"))
    story.given(created(story, agreement=None, body="subsin", parent="sin"))
    assert not [code for code, _ in story.world.remarks if code == "committee-on-paper"]


def test_r20_an_agreement_named_without_such_rules_is_read_all_the_same() -> None:
    """Evidence that an act names is evidence: it must be there, of the parent; shares and powers nobody limits."""
    story = board()
    lax = Rules.model_validate(rules(committees=None, numbering={"scheme": "YEARLY"}).model_dump())
    act = BodyRulesAdopted(body="hcd", profile="GENERIC", rules=lax, valid_from="2026-01-29")
    story.given(say(act, office="ledger")).at("2026-02-02T10:00:00-06:00")
    story.when(created(story, "obrero-1")).refused("committee-unproposed")  # as the rules of the agreement's day said
    plain = vote(Sitting(founded(rules(numbering={"scheme": "YEARLY"}))).at_item())
    other = plain.story.given(adopted(plain, 1))
    other.when(created(other, powers=("LFEP 58 I",))).accepted()


def test_r20_the_share_must_be_one() -> None:
    """More members than there are cannot be asked for."""
    with pytest.raises(RuleViolation) as refusal:
        check_rules_sound(rules(committees={"share": {"n": 2, "d": 1}}))
    assert (refusal.value.code, refusal.value.params["what"]) == ("rules-unsound", "committees")


def test_r20_only_the_boards_profile_says_so() -> None:
    """LFEP 56 is of boards of state entities; the council's committees are its own law's matter."""
    board_rule = load("LFEP_BOARD").committees
    assert board_rule is not None
    assert (board_rule.share.n, board_rule.share.d, board_rule.reserved) == (1, 3, ("LFEP 58",))
    assert load("IMSS_HCT").committees is None
