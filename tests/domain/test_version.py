"""Public versions of actas and agreements, consultations of sealed text, the index of what is reserved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from ledger.acts.acta import BlockKind
from ledger.acts.body import BodyRegistered
from ledger.acts.disclosure import (
    PublicVersionApproved,
    PublicVersionGenerated,
    Redaction,
    ReservedDataConsulted,
    ReservedIndexPublished,
)
from ledger.domain import consultation, reservedindex, version
from ledger.domain.acta import ActaState
from ledger.domain.consultation import ConsultationState
from ledger.domain.reservedindex import ReservedIndexState, last_day
from ledger.domain.transparency_states import VersionState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.agreements import FIRST, agreement, resting
from tests.kit.openness import CTD, by_committee, committee_vote, open_council, proposed, requested, reserved, resolved
from tests.kit.story import Said, Story, say

ACTA = "acta/hcd/2026/ord/1"
ROOT = "1" * 64
CUSTODIAN = "designation/hcd/custodio/1"
OPEN = ("title", "resolution/1", "resolution/3")
SECOND = Redaction(name="resolution/2", character="reserved", fraction="VI", description=1)


def of_agreement(story: Story, *redactions: Redaction, **changes: Any) -> Said:
    """Return a version of 1/2026 without its second resolutivo."""
    made: dict[str, Any] = {"index": agreement(story).adopted_index, "version": 1, "object": FIRST}
    made |= {"open": OPEN, "redactions": redactions or (SECOND,)} | changes
    streams = [made["object"]] if made["object"] in story.world.states else []
    return resting(story, PublicVersionGenerated(**made), *streams)


def sealed_acta(phase: Any = "sealed") -> Story:
    """Return a story with an acta of five blocks, drafted by entry 3."""
    story = open_council()
    acta = ActaState(2, 4, ZERO_HASH, "hcd/2026/ord/1", 1, ROOT, 5, imported=False, phase=phase, drafted_index=3)
    return story.put(ACTA, acta)


def redacted(block: int, kind: Any = "narrative", **changes: Any) -> Redaction:
    """Return the redaction of a block."""
    made: dict[str, Any] = {"character": "reserved", "fraction": "VI", "description": 1, "block_kind": kind}
    return Redaction(name=f"block/{block}", **(made | changes))


def of_acta(story: Story, *redactions: Redaction, **changes: Any) -> Said:
    """Return a version of the acta."""
    made: dict[str, Any] = {"index": 3, "version": 1, "object": ACTA, "root": ROOT, "blocks": 5}
    act = PublicVersionGenerated(**(made | {"redactions": redactions} | changes))
    return resting(story, act, ACTA)


def approved(story: Story, index: int, number: int = 1, vote: str | None = None) -> Said:
    """Return the approval by the Comité."""
    stream = vote or committee_vote(story)
    act = PublicVersionApproved(index=index, version=number, body=CTD, vote=stream)
    return by_committee(story, act, stream)


def test_a_version_of_an_agreement_says_of_each_text_whether_it_is_open() -> None:
    """What an agreement must have is open or taken out; nothing twice, something open, of the adoption itself."""
    story = open_council()
    index = agreement(story).adopted_index
    story.when(of_agreement(story, object="agreement/hcd/2026/9")).refused("object-unknown")
    story.when(replace(of_agreement(story), basis={})).refused("object-not-in-basis")
    story.when(of_agreement(story, open=OPEN[:2])).refused("version-incomplete")
    whole = tuple(SECOND.model_copy(update={"name": name}) for name in (*OPEN, "resolution/2"))
    story.when(of_agreement(story, *whole, open=())).refused("version-incomplete")
    story.when(of_agreement(story, open=(*OPEN, "resolution/2"))).refused("name-repeated")
    story.when(of_agreement(story, index=index + 1)).refused("version-object")
    story.when(of_agreement(story, root=ROOT)).refused("version-object")
    story.when(of_agreement(story, redacted(1))).refused("redaction-unknown")
    story.when(of_agreement(story, SECOND.model_copy(update={"fraction": None}))).refused("redaction-ground")
    story.when(of_agreement(story, SECOND.model_copy(update={"ground": "secrecy"}))).refused("redaction-ground")
    story.when(of_agreement(story, object="body/hcd")).refused("version-object")
    story.when(of_agreement(story, version=2)).refused("number-gap")
    assert list(of_agreement(story).act.sealed_required()) == ["description/1"]
    story.given(of_agreement(story))
    story.when(of_agreement(story)).refused("number-used")
    story.given(of_agreement(story, version=2))


def test_a_version_of_an_acta_is_of_the_sealed_one() -> None:
    """Its root and blocks as sealed, of the entry with the draft; of a draft there is no public version."""
    story = sealed_acta("drafted")
    story.when(of_acta(story)).refused("not-sealed")
    story = sealed_acta()
    story.when(of_acta(story, root="2" * 64)).refused("version-object")
    story.when(of_acta(story, blocks=4)).refused("version-object")
    story.when(of_acta(story, index=2)).refused("version-object")
    story.when(of_acta(story, open=("block/1",))).refused("version-object")
    story.when(of_acta(story, redacted(6))).refused("redaction-unknown")
    story.when(of_acta(story, SECOND)).refused("redaction-unknown")
    story.when(of_acta(story, *(redacted(n) for n in range(1, 6)))).refused("version-incomplete")
    story.given(of_acta(story, redacted(2)))


@pytest.mark.parametrize("kind", ["attendance", "marks", "quorum", "movement", "heading", "closing", "recusal", None])
def test_public_version_omits_no_obligation_of_transparency(kind: Any) -> None:
    """T6: attendance, names and the sense of each member's vote are never taken out (LGTAIP 122)."""
    story = sealed_acta()
    story.when(of_acta(story, redacted(2, kind))).refused("redaction-obligatory", name="block/2")


def test_a_version_is_approved_by_the_committee_once_its_parts_are_classified() -> None:
    """What is taken out is classified so and in force; the Comité votes; a version is approved once."""
    story = open_council()
    index = agreement(story).adopted_index
    story.when(approved(story, index)).refused("version-unknown")
    story.given(requested(), of_agreement(story))
    story.when(approved(story, index)).refused("redaction-not-classified")
    story.given(proposed(story))
    story.when(approved(story, index)).refused("redaction-not-classified")
    story.given(resolved(story))
    without = PublicVersionApproved(index=index, version=1)
    story.when(without).refused("committee-vote-missing")
    late = replace(approved(story, index), at="2028-01-28T09:00:00-06:00")
    story.when(late).refused("redaction-not-classified")
    story.given(approved(story, index))
    story.when(approved(story, index)).refused("version-approved")
    state = story.state(f"version/{index}/1")
    assert isinstance(state, VersionState)
    assert (state.phase, state.redactions) == ("approved", (("resolution/2", "reserved"),))


def test_a_version_in_preparation_triggers_a_classification() -> None:
    """T1, the third trigger: of what the version takes out, in its own entry, and of nothing else."""
    story = open_council()
    stream = f"version/{agreement(story).adopted_index}/1"
    story.given(of_agreement(story))
    made: dict[str, Any] = {"by": stream, "trigger": "public-version"}
    story.when(proposed(story, "title", **made)).refused("classification-without-trigger")
    story.when(proposed(story, by=stream)).refused("classification-without-trigger")
    story.given(proposed(story, **made), resolved(story), approved(story, agreement(story).adopted_index))


def test_a_version_leaves_nothing_classified_open() -> None:
    """Neither of an agreement nor of an acta; what is classified elsewhere of the entry and not opened is no matter."""
    story = reserved("resolution/3")
    index = agreement(story).adopted_index
    whole = ("title", "resolution/1", "resolution/2", "resolution/3")
    nothing = PublicVersionGenerated(index=index, version=1, object=FIRST, open=whole)
    story.given(resting(story, nothing, FIRST))
    story.when(PublicVersionApproved(index=index, version=1)).refused("text-classified", name="resolution/3")
    free = open_council()
    free.given(resting(free, nothing, FIRST), PublicVersionApproved(index=index, version=1))
    annex = reserved("annex/1")
    annex.given(resting(annex, nothing, FIRST), PublicVersionApproved(index=index, version=1))
    acta = sealed_acta()
    acta.given(requested())
    acta.given(proposed(acta, "block/2", object=ACTA, index=3), resolved(acta, index=3))
    acta.given(of_acta(acta, redacted(2)), of_acta(acta, version=2))
    acta.when(PublicVersionApproved(index=3, version=2)).refused("text-classified", name="block/2")
    acta.given(approved(acta, 3))


# -- consultations -----------------------------------------------------------------------------------------------------


def consulted(number: int = 1, *names: str, index: int = 0) -> Said:
    """Return a consultation by the custodian."""
    act = ReservedDataConsulted(index=index, consultation=number, names=names or ("name",))
    return say(act, office=CUSTODIAN)


def test_consultations_are_numbered_and_of_recorded_text() -> None:
    """Each handing out is an act of its own; its reader and purpose are sealed with it."""
    story = open_council()
    story.when(consulted(2)).refused("number-gap")
    story.when(consulted(index=story.size)).refused("not-yet-recorded")
    story.when(consulted(1, "name", "name")).refused("name-repeated")
    assert set(consulted().act.sealed_required()) == {"reader", "purpose"}
    story.given(consulted())
    story.when(consulted()).refused("consultation-recorded")
    story.given(consulted(2))
    state = story.state("consultation/0/2")
    assert isinstance(state, ConsultationState)
    assert (state.consulted, state.names, state.office) == (0, ("name",), CUSTODIAN)


# -- the index of what is reserved -------------------------------------------------------------------------------------


def index_of(story: Story, **changes: Any) -> Said:
    """Return the index of the first semester of 2026."""
    made: dict[str, Any] = {"body": CTD, "year": 2026, "half": 1, "on": "2026-06-30", "size": story.size}
    act = ReservedIndexPublished(**(made | {"sha256": ROOT, "rows": 0} | changes))
    return say(act, at="2026-07-01T09:00:00-06:00")


def test_reserved_index_is_published_once_a_semester() -> None:
    """LGTAIP 105: by a Comité de Transparencia, as of the semester's last day, over what was recorded."""
    story = open_council()
    story.when(index_of(story, body="hcd")).refused("not-transparency-committee")
    story.when(index_of(story, body="nada")).refused("body-unknown")
    story.when(index_of(story, on="2026-06-29")).refused("index-not-of-semester")
    story.when(index_of(story, half=2, on="2026-12-31")).refused("index-not-of-semester")
    story.when(index_of(story, size=story.size + 1)).refused("not-yet-recorded")
    story.when(index_of(story, size=0)).refused("not-yet-recorded")
    story.given(index_of(story))
    story.when(index_of(story)).refused("index-published")
    state = story.state("reservedindex/ctd/2026/1")
    assert isinstance(state, ReservedIndexState)
    assert (state.on, state.rows) == (last_day(2026, 1), 0)


@pytest.mark.parametrize("module", [version, consultation, reservedindex])
def test_acts_of_other_streams_are_a_programming_error(module: Any) -> None:
    """An aggregate takes only its own acts."""
    story = open_council()
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        module.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        module.evolve(None, foreign)


def test_an_approval_of_nothing_makes_no_state() -> None:
    """A version is generated before it is approved."""
    story = open_council()
    with pytest.raises(RuleViolation):
        version.evolve(None, story.signed(PublicVersionApproved(index=1, version=1)))


@pytest.mark.parametrize("kind", get_args(BlockKind))
def test_every_kind_of_block_may_be_named_in_a_redaction(kind: Any) -> None:
    """What an acta's block may be, a redaction may say of it; which of them may be closed is another rule's."""
    made = Redaction(name="block/1", character="confidential", ground="secrecy", description=1, block_kind=kind)
    assert made.block_kind == kind
