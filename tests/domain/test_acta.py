"""The acta: drafted after the session, signed in turn, sealed, and unchangeable from then on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSignatureRefusalAttested, ActaSignatureRefused, ActaSigned
from ledger.acts.agreement import AgreementImported
from ledger.acts.body import BodyRegistered
from ledger.acts.session import AgendaEntry, SessionImported
from ledger.acts.vote import Marks, VoteImported
from ledger.domain import acta, signature
from ledger.domain.acta import ActaState, required_signers
from ledger.domain.body import body_of
from ledger.domain.signature import SignatureState
from ledger.errors import RuleViolation
from ledger.ids import ZERO_HASH
from tests.kit.council import SECRETARY, VOTING, Sitting, founded, rules
from tests.kit.story import Said, Story, say

if TYPE_CHECKING:
    from ledger.acts.acta import OfActa

ROOT, OTHER = "1" * 64, "2" * 64
SECRETARYS = "secretaria"


def held(present: tuple[str, ...] = VOTING, **changes: Any) -> Sitting:
    """Return a closed sitting without votes."""
    sitting = Sitting(founded(rules(**changes))).open(present)
    sitting.story.given(sitting.closed())
    return sitting


def drafted(sitting: Sitting, draft: int = 1, root: str = ROOT, **changes: Any) -> Said:
    """Return a draft by the secretary."""
    return say(ActaDrafted(**sitting.place, draft=draft, blocks=9, root=root, **changes), office=SECRETARY)


def signed(sitting: Sitting, seat: str, root: str = ROOT) -> Said:
    """Return a seat holder's signature."""
    return say(ActaSigned(**sitting.place, seat=seat, root=root), office=f"designation/hcd/{seat}/1")


def refused(sitting: Sitting, seat: str, root: str = ROOT) -> Said:
    """Return a seat holder's refusal in his own voice."""
    return say(ActaSignatureRefused(**sitting.place, seat=seat, root=root), office=f"designation/hcd/{seat}/1")


def attested(sitting: Sitting, seat: str) -> Said:
    """Return a refusal that the secretary attests."""
    return say(ActaSignatureRefusalAttested(**sitting.place, seat=seat, root=ROOT), office=SECRETARY)


def sealed(sitting: Sitting, *seats: str, refusals: tuple[str, ...] = (), root: str = ROOT) -> Said:
    """Return the sealing by the secretary."""
    return say(ActaSealed(**sitting.place, root=root, signatures=seats, refusals=refusals), office=SECRETARY)


def acta_of(sitting: Sitting) -> ActaState:
    """Return the acta as it stands."""
    state = sitting.story.state(f"acta/{sitting.path}")
    assert isinstance(state, ActaState)
    return state


def signature_of(sitting: Sitting, seat: str) -> SignatureState:
    """Return a seat's signature as it stands."""
    state = sitting.story.state(f"signature/{sitting.path}/{seat}")
    assert isinstance(state, SignatureState)
    return state


def test_an_acta_is_drafted_signed_by_secretary_and_chair_and_sealed() -> None:
    """The whole way: draft, both signatures, seal; the acta keeps who signed."""
    sitting = held()
    sitting.story.given(
        drafted(sitting),
        signed(sitting, SECRETARYS),
        signed(sitting, "estado-1"),
        sealed(sitting, SECRETARYS, "estado-1"),
    )
    state = acta_of(sitting)
    assert (state.phase, state.draft, state.root, state.blocks, state.imported) == ("sealed", 1, ROOT, 9, False)
    assert state.signatures == (SECRETARYS, "estado-1")
    assert signature_of(sitting, "estado-1").outcome == "signed"


def test_an_acta_is_drafted_only_after_the_session() -> None:
    """Nobody writes the acta of what has not ended, was never convened, or was not looked at."""
    sitting = Sitting().open()
    sitting.story.when(drafted(sitting)).refused("session-not-closed")
    Sitting(number=7).story.when(drafted(Sitting(number=7))).refused("session-unknown")
    sitting = held()
    sitting.story.when(replace(drafted(sitting), basis={})).refused("session-not-in-basis")
    stale = {f"session/{sitting.path}": ZERO_HASH}
    sitting.story.when(replace(drafted(sitting), basis=stale)).refused("session-not-in-basis")
    sitting.story.when(drafted(sitting, imported=True)).refused("acta-provenance")


def test_drafts_are_numbered() -> None:
    """A draft cannot be skipped or given twice."""
    sitting = held()
    sitting.story.when(drafted(sitting, 2)).refused("draft-gap", expected=1)
    sitting.story.given(drafted(sitting))
    sitting.story.when(drafted(sitting)).refused("draft-gap", expected=2)
    sitting.story.given(drafted(sitting, 2, OTHER))
    assert acta_of(sitting).draft == 2


def test_acta_block_edit_after_signature_refused() -> None:
    """A new draft after a signature leaves that signature void: it cannot be sealed with (L2)."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    story.when(sealed(sitting, SECRETARYS, "estado-1", root=OTHER)).refused("acta-root")
    story.given(drafted(sitting, 2, OTHER))
    story.when(sealed(sitting, SECRETARYS, "estado-1", root=OTHER)).refused("signature-missing", seat=SECRETARYS)
    story.given(signed(sitting, SECRETARYS, OTHER))
    story.when(sealed(sitting, SECRETARYS, "estado-1", root=OTHER)).refused("signature-missing", seat="estado-1")
    story.given(signed(sitting, "estado-1", OTHER), sealed(sitting, SECRETARYS, "estado-1", root=OTHER))


def test_a_new_draft_with_the_same_blocks_is_signed_anew() -> None:
    """Signatures bind the acta's statement, not only its root."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS), drafted(sitting, 2))
    story.when(sealed(sitting, SECRETARYS)).refused("signature-missing", seat=SECRETARYS)


def test_nothing_changes_once_sealed() -> None:
    """No draft, no signature, no refusal, no second seal after the seal (L2)."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS), signed(sitting, "estado-1"))
    story.given(sealed(sitting, SECRETARYS, "estado-1"))
    late: tuple[Said, ...] = (
        drafted(sitting, 2),
        signed(sitting, "estado-2"),
        refused(sitting, "estado-2"),
        attested(sitting, "estado-2"),
        sealed(sitting, SECRETARYS, "estado-1"),
    )
    for act in late:
        story.when(act).refused("acta-sealed")


# -- who signs -------------------------------------------------------------------------------------------------


def test_a_signature_is_of_the_acta_that_stands() -> None:
    """No acta, another root, the acta not in the basis or an older draft of it: no signature."""
    sitting = held()
    story = sitting.story
    story.when(signed(sitting, SECRETARYS)).refused("acta-unknown")
    story.given(drafted(sitting))
    story.when(signed(sitting, SECRETARYS, OTHER)).refused("acta-root")
    story.when(replace(signed(sitting, SECRETARYS), basis={})).refused("acta-not-in-basis")
    stale = {f"acta/{sitting.path}": acta_of(sitting).statement}
    story.given(drafted(sitting, 2))
    story.when(replace(signed(sitting, SECRETARYS), basis=stale)).refused("acta-not-in-basis")


def test_who_was_not_there_does_not_sign() -> None:
    """Seats that were present sign, and the secretary's; an absent or unknown seat does not."""
    sitting = held(VOTING[:9])
    story = sitting.story.given(drafted(sitting), signed(sitting, "obrero-1"))
    story.when(signed(sitting, VOTING[10])).refused("not-a-signatory", seat=VOTING[10])
    story.when(signed(sitting, "nadie")).refused("not-a-signatory", seat="nadie")


def test_who_left_early_was_there() -> None:
    """Presence at any time of the session is presence."""
    sitting = Sitting().open()
    story = sitting.story.given(sitting.roll((), "obrero-4"), sitting.closed(), drafted(sitting))
    story.given(signed(sitting, "obrero-4"))


def test_of_one_draft_a_signature_stands_and_a_refusal_may_be_taken_back() -> None:
    """He who signed can neither sign again nor refuse; he who refused may still sign, but not refuse twice."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), refused(sitting, "estado-1"))
    story.when(attested(sitting, "estado-1")).refused("already-refused")
    story.when(refused(sitting, "estado-1")).refused("already-refused")
    story.given(signed(sitting, "estado-1"))
    for act in (signed(sitting, "estado-1"), refused(sitting, "estado-1"), attested(sitting, "estado-1")):
        story.when(act).refused("already-signed")
    story.given(drafted(sitting, 2), attested(sitting, "estado-1"))
    assert (signature_of(sitting, "estado-1").outcome, signature_of(sitting, "estado-1").attested) == ("refused", True)


def test_minimum_signatures_per_profile() -> None:
    """Secretary and chair here; both must have spoken, and a seal lists only what is there (L3)."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS))
    story.when(sealed(sitting, SECRETARYS)).refused("signature-missing", seat="estado-1")
    story.when(sealed(sitting, SECRETARYS, "estado-1")).refused("signature-missing", seat="estado-1")
    story.when(sealed(sitting, SECRETARYS, SECRETARYS)).refused("seat-repeated")
    story.given(signed(sitting, "estado-1"))
    story.when(sealed(sitting, "estado-1")).refused("secretary-signature-missing")
    story.when(sealed(sitting, SECRETARYS, refusals=("estado-1",))).refused("refusal-missing", seat="estado-1")
    story.when(sealed(sitting, SECRETARYS, refusals=("estado-2",))).refused("refusal-missing", seat="estado-2")


def test_a_draft_that_is_not_there_is_not_sealed() -> None:
    """A seal needs a draft."""
    sitting = held()
    sitting.story.when(sealed(sitting, SECRETARYS)).refused("acta-unknown")


def test_a_refusal_is_recorded_and_does_not_block_where_the_rules_allow() -> None:
    """The chair refuses, the acta is sealed and says so."""
    sitting = held()
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS), refused(sitting, "estado-1"))
    story.given(sealed(sitting, SECRETARYS, refusals=("estado-1",)))
    assert acta_of(sitting).refusals == ("estado-1",)


def test_a_refusal_blocks_where_the_rules_say_so() -> None:
    """Of a required seat a refusal then leaves the acta unsealed; of any other it does not."""
    sitting = held(refusal_blocks_sealing=True)
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS), refused(sitting, "estado-1"))
    story.when(sealed(sitting, SECRETARYS, refusals=("estado-1",))).refused("refusal-blocks", seat="estado-1")
    story.given(signed(sitting, "estado-1"), refused(sitting, "obrero-1"))
    story.given(sealed(sitting, SECRETARYS, "estado-1", refusals=("obrero-1",)))


def test_all_who_attended_sign_where_the_rules_say_so() -> None:
    """A profile of all members requires every seat that was present, and no absent one."""
    sitting = held(VOTING[:8], acta_signers=("secretary", "chair", "vice-chair", "member"))
    story = sitting.story.given(drafted(sitting), signed(sitting, SECRETARYS))
    for seat in VOTING[:7]:
        story.given(signed(sitting, seat))
    story.when(sealed(sitting, SECRETARYS, *VOTING[:7])).refused("signature-missing", seat=VOTING[7])
    story.given(signed(sitting, VOTING[7]), sealed(sitting, SECRETARYS, *VOTING[:8]))


def test_who_chaired_in_the_chairs_place_signs_in_his_place() -> None:
    """Required are those present of a role; where nobody of it was, those of its substitute's."""
    body = body_of(founded().world, "hcd")
    roles = ("secretary", "chair")
    assert required_signers(roles, VOTING, body) == ["estado-1"]
    assert required_signers(roles, VOTING[1:], body) == ["estado-2"]
    assert required_signers(roles, VOTING[2:], body) == []
    assert required_signers(roles, [*VOTING, SECRETARYS], body) == ["estado-1", SECRETARYS]
    assert required_signers(roles, ["nadie"], body) == []


# -- imported sessions -----------------------------------------------------------------------------------------


def old() -> tuple[Sitting, Story]:
    """Return an imported session of the council and its story."""
    story = founded()
    sitting = Sitting(story, year=2025)
    items = (AgendaEntry(item=1, item_kind="decision"),)
    source: dict[str, Any] = {"source_sha256": ZERO_HASH, "row": 1}
    story.given(SessionImported(**sitting.place, held_on="2025-06-04", items=items, **source))
    return sitting, story


def test_the_acta_of_an_imported_session_says_so_and_needs_the_secretary() -> None:
    """Nobody's presence is known for certain: the secretary's own signature is enough, and nothing less."""
    sitting, story = old()
    story.when(drafted(sitting)).refused("acta-provenance")
    story.given(drafted(sitting, imported=True), signed(sitting, "obrero-3"))
    story.when(signed(sitting, "nadie")).refused("not-a-signatory")
    story.when(sealed(sitting, "obrero-3")).refused("secretary-signature-missing")
    story.given(signed(sitting, SECRETARYS), sealed(sitting, SECRETARYS))
    assert acta_of(sitting).imported
    assert "acta-signers" in story.world.lacking


def test_nothing_is_added_to_an_imported_session_whose_acta_is_sealed() -> None:
    """An imported session has no close, so the seal is what ends it: no further vote or agreement of it."""
    sitting, story = old()
    source: dict[str, Any] = {"source_sha256": ZERO_HASH, "row": 2}
    counts: dict[str, Any] = {"favor": 1, "contra": 0, "abstencion": 0, "result": "approved"}
    marks = Marks(favor=("obrero-1/1",))

    def vote(number: int) -> VoteImported:
        place = sitting.place | {"vote": number, "item": 1, "held_on": "2025-06-04"}
        return VoteImported(**place, marks=marks, **counts, **source)

    story.given(vote(1), drafted(sitting, imported=True), signed(sitting, SECRETARYS), sealed(sitting, SECRETARYS))
    story.when(vote(2)).refused("acta-sealed")
    late = AgreementImported(
        body="hcd",
        year=2025,
        number=1,
        adopted_on="2025-06-04",
        identifier="1/2025",
        vote=f"vote/{sitting.path}/1",
        provenance="DATASET",
        **source,
    )
    story.when(late).refused("acta-sealed")


# -- shape -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", [acta, signature])
def test_acts_of_other_streams_are_a_programming_error(module: Any) -> None:
    """An aggregate takes only its own acts."""
    story = founded()
    foreign = story.signed(BodyRegistered(body="x", body_kind="board"))
    with pytest.raises(TypeError):
        module.check(None, foreign, story.world)
    with pytest.raises(TypeError):
        module.evolve(None, foreign)


def test_a_seal_cannot_be_the_first_act_of_an_acta() -> None:
    """Even unchecked, evolving a seal without a draft is refused."""
    sitting = held()
    act: OfActa = ActaSealed(**sitting.place, root=ROOT, signatures=(SECRETARYS,))
    with pytest.raises(RuleViolation):
        acta.evolve(None, sitting.story.signed(act))
