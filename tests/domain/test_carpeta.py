"""The session's folder, frozen by its hashes, its addenda, and recordings (domain.md §1 A6, A10, §3.3)."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from ledger.acts.body import BodyRegistered
from ledger.acts.carpeta import CarpetaAddendumIssued, CarpetaDocument, CarpetaFrozen, RecordingSealed
from ledger.acts.convocation import ConvocationDelivered, Receipt
from ledger.domain import carpeta, recording
from ledger.domain.carpeta import CarpetaState, manifest_of
from ledger.errors import RuleViolation
from tests.kit.council import BEGINS, DAY, Sitting

NOON = "2026-01-14T12:00:00-06:00"


def documents(first: int, last: int, **changes: Any) -> tuple[CarpetaDocument, ...]:
    """Return documents with hashes of their own."""
    made = ({"document": n, "sha256": f"{n:064x}", "item": 1, "pages": 3} | changes for n in range(first, last + 1))
    return tuple(CarpetaDocument.model_validate(each) for each in made)


def frozen(sitting: Sitting, held: tuple[CarpetaDocument, ...] = documents(1, 2), **changes: Any) -> CarpetaFrozen:
    """Return the freezing of a folder."""
    return CarpetaFrozen(**sitting.place, **({"documents": held, "manifest": manifest_of(held)} | changes))


def added(sitting: Sitting, addendum: int = 1, first: int = 3, **changes: Any) -> CarpetaAddendumIssued:
    """Return an addendum of one document to a folder of two."""
    new = documents(first, first)
    made: dict[str, Any] = {
        "addendum": addendum,
        "documents": new,
        "manifest": manifest_of((*documents(1, first - 1), *new)),
        "receipts": (Receipt(seat="obrero-1", designation=1, received_at=NOON, channel="portal"),),
    }
    return CarpetaAddendumIssued(**sitting.place, **(made | changes))


def convened() -> Sitting:
    """Return a session convened, at noon of that day."""
    sitting = Sitting()
    sitting.story.given(sitting.convened()).at(NOON)
    return sitting


def state_of(sitting: Sitting) -> CarpetaState:
    """Return the folder as it stands."""
    state = sitting.story.state(f"carpeta/{sitting.path}")
    assert isinstance(state, CarpetaState)
    return state


def test_the_manifest_is_a_hash_of_all_documents_in_order() -> None:
    """Written out by hand: canonical JSON without what is absent."""
    told = manifest_of(documents(1, 1, item=None))
    by_hand = b'[{"document":1,"pages":3,"sha256":"' + b"0" * 63 + b'1"}]'
    assert told == hashlib.sha256(by_hand).hexdigest()
    assert manifest_of(reversed(documents(1, 2))) != manifest_of(documents(1, 2))


def test_a_folder_is_frozen_once() -> None:
    """After it nothing changes but by addenda, which go on from it."""
    sitting = convened()
    story = sitting.story.given(frozen(sitting))
    story.when(frozen(sitting)).refused("carpeta-frozen")
    story.given(added(sitting), added(sitting, 2, 4))
    state = state_of(sitting)
    assert ([each.document for each in state.documents], state.addenda) == ([1, 2, 3, 4], 2)
    assert state.manifest == manifest_of(documents(1, 4))


def test_unfit_folders_are_refused() -> None:
    """A manifest that is not theirs, a gap, a document twice, an item that is not listed, no session, too late."""
    sitting = Sitting()
    story = sitting.story
    story.when(frozen(sitting)).refused("session-unknown")
    story.when(added(sitting)).refused("session-unknown")
    story.at("2026-01-14T09:30:00-06:00").given(sitting.convened())
    story.when(frozen(sitting), at="2026-01-14T09:29:00-06:00").refused("back-dated")
    story.at(NOON)
    story.when(frozen(sitting, manifest="ab" * 32)).refused("carpeta-manifest")
    story.when(frozen(sitting, documents(2, 3))).refused("document-gap", expected=1)
    story.when(frozen(sitting, documents(1, 2, sha256="ab" * 32))).refused("document-repeated", document=2)
    story.when(frozen(sitting, documents(1, 1, item=4))).refused("item-unknown", item=4)
    story.when(added(sitting)).refused("carpeta-unknown")
    opened = Sitting().open()
    opened.story.when(frozen(opened)).refused("session-phase")


def test_an_addendum_says_who_got_it_and_when() -> None:
    """Numbered without gaps, while the session lasts, received by who held the seat, after the convocation."""
    sitting = convened()
    story = sitting.story.given(frozen(sitting))
    story.when(added(sitting, 2)).refused("addendum-gap", expected=1)
    story.when(added(sitting, documents=documents(1, 1))).refused("document-gap", expected=3)
    early = (Receipt(seat="obrero-1", designation=1, received_at="2026-01-14T08:00:00-06:00", channel="portal"),)
    story.when(added(sitting, receipts=early)).refused("received-before-sent")
    story.when(added(sitting), at="2026-01-14T11:00:00-06:00").refused("back-dated")
    story.at(BEGINS).given(sitting.roll(), sitting.quorum(), sitting.opened(), added(sitting))
    for item in (1, 2, 3):
        story.given(sitting.concluded(item, "deferred"))
    story.given(sitting.closed()).when(added(sitting, 2, 4)).refused("session-phase")


def test_a_convocation_is_received_with_the_folder_that_was_frozen() -> None:
    """A receipt names the manifest, and another than the frozen one is refused (LFEP 9: agenda and documents)."""
    sitting = convened()
    receipts = (Receipt(seat="obrero-1", designation=1, received_at=NOON, channel="portal"),)
    told: dict[str, Any] = {"convocation": sitting.state.convocation, "receipts": receipts}
    act = ConvocationDelivered(**sitting.place, **told, carpeta=manifest_of(documents(1, 2)))
    sitting.story.when(act).refused("carpeta-manifest")
    sitting.story.given(frozen(sitting)).when(act).accepted()
    sitting.story.when(act.model_copy(update={"carpeta": "ab" * 32})).refused("carpeta-manifest")


# -- recordings ------------------------------------------------------------------------------------------------


def recorded(sitting: Sitting, number: int = 1, **changes: Any) -> RecordingSealed:
    """Return the sealing of a recording of ten minutes."""
    made: dict[str, Any] = {
        "recording": number,
        "medium": "audio",
        "sha256": "ab" * 32,
        "begins_at": BEGINS,
        "duration_s": 600,
        "custody": "AV-2026/01",
    }
    return RecordingSealed(**sitting.place, **(made | changes))


def test_recordings_are_sealed_by_hash() -> None:
    """Numbered by session, each once, of a session that was opened, once it has ended (A10)."""
    sitting = Sitting()
    story = sitting.story
    story.when(recorded(sitting)).refused("session-unknown")
    sitting.convene()
    story.when(recorded(sitting)).refused("session-not-opened")
    story.given(sitting.roll(), sitting.quorum(), sitting.opened()).at(f"{DAY}T10:05:00-06:00")
    story.when(recorded(sitting)).refused("recording-in-future")
    story.at(f"{DAY}T10:10:00-06:00")
    story.when(recorded(sitting, 2)).refused("number-gap")
    story.when(recorded(sitting, begins_at="2026-01-27T10:00:00-06:00")).refused("recording-before-session")
    story.given(recorded(sitting)).when(recorded(sitting)).refused("recording-sealed")
    story.when(recorded(sitting, 2, sha256="cd" * 32)).accepted()


def test_the_aggregates_take_only_their_own_acts() -> None:
    """An act of another kind is a programming error; an addendum to nothing is refused."""
    sitting = convened()
    other = sitting.story.when(BodyRegistered(body="x", body_kind="council")).signed
    for module in (carpeta, recording):
        with pytest.raises(TypeError, match="BodyRegistered"):
            module.check(None, other, sitting.story.world)
    with pytest.raises(RuleViolation, match="carpeta-unknown"):
        carpeta.evolve(None, sitting.story.when(added(sitting)).signed)
