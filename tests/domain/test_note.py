"""Notes beside imported rolls, long agendas, published results, voted appointments (product.md §2; format.md §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.designation import DesignationImported
from ledger.acts.imported import AgendaImported, Correction, ImportedEntry, NoteImported
from ledger.acts.trust import PersonRegistered
from tests.domain.test_vote_import import imported, imported_session
from tests.kit.council import VOTING, Sitting
from tests.kit.story import say

if TYPE_CHECKING:
    from ledger.acts.base import Act
    from ledger.acts.vote import VoteImported
    from tests.kit.story import Said

SOURCE: dict[str, Any] = {"source_sha256": "0" * 64, "row": 3}
ABSENT = VOTING[11]


def voted(**changes: Any) -> Sitting:
    """Return an imported session with one vote, in which the last seat was absent."""
    sitting = imported_session()
    sitting.story.given(imported(sitting, **changes))
    return sitting


def resting(sitting: Sitting, act: Act, *streams: str) -> Said:
    """Return the act with those of the streams in its basis that stand."""
    stand = sitting.story.world.states
    return say(act, basis={stream: stand[stream].statement for stream in streams if stream in stand})


def note(sitting: Sitting, *corrections: Correction, vote: int | None = 1, **changes: Any) -> Said:
    """Return a note on the session's first vote, or (None) on its attendance."""
    data: dict[str, Any] = {"note": 1, "vote": vote, "corrections": corrections} | SOURCE
    act = NoteImported(**sitting.place, **(data | changes))
    return resting(sitting, act, f"session/{sitting.path}", f"vote/{sitting.path}/{vote}")


def correction(seat: str = ABSENT, was: str | None = "ausente", now: str = "favor", number: int = 1) -> Correction:
    """Return a correction, of a late vote unless told otherwise."""
    return Correction.model_validate({"seat": seat, "designation": number, "was": was, "now": now})


def test_a_late_vote_stands_beside_the_untouched_tally() -> None:
    """The note is its own act; marks and tally of the vote are what they were."""
    sitting = voted()
    before = sitting.vote_state()
    sitting.story.when(note(sitting, correction(), correction("estado-1", "favor", "contra"))).accepted()
    assert sitting.vote_state() == before
    assert sitting.story.world.remarks == []
    assert sitting.story.world.rules["notes"] == 1
    sitting.story.when(note(sitting)).refused("note-already-made")


def test_what_a_note_says_of_the_roll_must_stand_in_it() -> None:
    """A mark that the roll does not have is refused; a correction that changes nothing is remarked."""
    sitting = voted()
    sitting.story.when(note(sitting, correction(was="contra"))).refused("mark-differs", marked="ausente")
    sitting.story.when(note(sitting, correction(was=None))).refused("mark-differs")
    sitting.story.when(note(sitting, correction(), correction())).refused("seat-twice")
    sitting.story.when(note(sitting, correction(now="presente"))).refused("correction-unfit")
    sitting.story.when(note(sitting, correction(number=9))).refused("designation-unknown")
    sitting.story.when(note(sitting, correction("estado-1", "favor", "favor"), unread=2)).accepted()
    assert [code for code, _ in sitting.story.world.remarks] == ["note-not-read", "correction-of-nothing"]


def test_a_note_on_attendance_says_who_was_there() -> None:
    """Without a vote it corrects presence and no mark."""
    sitting = imported_session()
    sitting.story.when(note(sitting, correction(was=None), vote=None)).refused("correction-unfit")
    sitting.story.when(note(sitting, correction(now="presente"), vote=None)).refused("correction-unfit")
    sitting.story.when(note(sitting, correction(was=None, now="presente"), vote=None)).accepted()


def test_a_note_rests_on_what_it_speaks_of() -> None:
    """Session and vote exist, are imported, and stand in the basis as they are; a mandate is in force that day."""
    sitting = voted()
    sitting.story.when(note(sitting, vote=2)).refused("vote-unknown")
    act = note(sitting).act
    sitting.story.when(resting(sitting, act)).refused("session-not-in-basis")
    sitting.story.when(resting(sitting, act, f"session/{sitting.path}")).refused("vote-not-in-basis")
    later = DesignationImported(
        body="hcd",
        seat="estado-1",
        number=2,
        person="p-despues",
        capacity="suplente",
        begins_at="2026-01-01T00:00:00-06:00",
        **SOURCE,
    )
    sitting.story.given(PersonRegistered(person="p-despues"), later)
    sitting.story.when(note(sitting, correction("estado-1", None, number=2))).refused("no-mandate")
    held = Sitting().convene()
    held.story.when(note(held, vote=None)).refused("session-not-imported")
    held.story.when(NoteImported(**(held.place | {"session": 9}), note=1, **SOURCE)).refused("session-unknown")


# -- agendas, results, appointments ------------------------------------------------------------------------------


def agenda(sitting: Sitting, *items: int, **changes: Any) -> AgendaImported:
    """Return an agenda of items on the consent agenda."""
    entries = tuple(
        ImportedEntry(item=item, item_kind="decision", consent=True, reference=f"A000{item}-2025") for item in items
    )
    return AgendaImported(**(sitting.place | {"items": entries} | SOURCE | changes))


def test_a_long_agenda_goes_on_act_by_act() -> None:
    """Items follow those that stand, without a gap; a vote finds them."""
    sitting = imported_session()
    sitting.story.when(agenda(sitting, 1, 2)).accepted()
    sitting.story.when(agenda(sitting, 4)).refused("item-gap", expected=3)
    sitting.story.when(agenda(sitting, 3)).accepted()
    assert sorted(sitting.state.items) == [1, 2, 3]
    sitting.story.when(imported(sitting, item=4)).refused("item-unknown")
    sitting.story.when(imported(sitting, item=3)).accepted()


def test_an_agenda_is_of_an_imported_session() -> None:
    """There is none of a session that is not there, or that was convened in the ledger."""
    held = Sitting().convene()
    held.story.when(agenda(held, 4)).refused("session-not-imported")
    held.story.when(agenda(held, 1, session=9)).refused("session-unknown")


@pytest.mark.parametrize(("published", "remarked"), [("approved", []), ("rejected", ["published-result-differs"])])
def test_a_published_result_is_compared(published: str, remarked: list[str]) -> None:
    """The result follows from the marks; that the source publishes another is remarked, not mended."""
    sitting = imported_session()
    sitting.story.when(imported(sitting, published_result=published)).accepted()
    assert sitting.vote_state().result == "approved"
    assert [code for code, _ in sitting.story.world.remarks] == remarked


def without_marks(sitting: Sitting, **changes: Any) -> VoteImported:
    """Return a vote of which the source has no roll."""
    marks: dict[str, Any] = {"favor": (), "contra": (), "abstencion": (), "ausente": ()}
    return imported(sitting, marks=marks, favor=0, contra=0, abstencion=0, **changes)


def test_of_a_vote_without_marks_the_result_is_the_sources() -> None:
    """Nothing follows from no marks: the source's word stands, and that they lack is said."""
    sitting = imported_session()
    sitting.story.when(without_marks(sitting)).refused("no-marks")
    sitting.story.when(without_marks(sitting, published_result="rejected")).refused("result-mismatch")
    sitting.story.when(without_marks(sitting, published_result="approved")).accepted()
    assert "marks" in sitting.story.world.lacking


def test_leave_and_others_are_marks_that_count_for_nothing() -> None:
    """A source that keeps leave apart from absence is not made to say absent; such marks need a mandate too."""
    sitting = imported_session()
    marks = {"ausente": (), "licencia": [f"{ABSENT}/1"]}
    sitting.story.when(imported(sitting, marks=marks | {"otro": [f"{ABSENT}/1"]})).refused("seat-twice")
    sitting.story.when(imported(sitting, marks=marks)).accepted()
    assert sitting.vote_state().sense_of(f"{ABSENT}/1") == "licencia"
    assert sitting.vote_state().sense_of("estado-9/1") is None


def test_an_appointment_rests_on_the_vote_that_approved_it() -> None:
    """A vote that rejected it, or that is not there, appoints nobody."""
    sitting = voted()
    sitting.story.given(
        imported(sitting, 2, marks={"favor": [], "contra": [], "ausente": []} | against(), **against_counts())
    )
    sitting.story.given(PersonRegistered(person="p-nombrada"))
    for vote, code in ((2, "vote-not-approved"), (3, "vote-unknown")):
        sitting.story.when(appointed(sitting, vote)).refused(code)
    sitting.story.when(appointed(sitting, 1)).accepted()


def appointed(sitting: Sitting, vote: int) -> Said:
    """Return a designation that rests on a vote."""
    act = DesignationImported(
        body="hcd",
        seat="estado-2",
        number=2,
        person="p-nombrada",
        capacity="suplente",
        begins_at="2025-06-05T00:00:00-06:00",
        vote=f"vote/{sitting.path}/{vote}",
        **SOURCE,
    )
    return resting(sitting, act, f"vote/{sitting.path}/{vote}")


def against() -> dict[str, Any]:
    """Return marks that reject: one for, three against."""
    return {"favor": [f"{VOTING[0]}/1"], "contra": [f"{seat}/1" for seat in VOTING[1:4]], "abstencion": []}


def against_counts() -> dict[str, Any]:
    """Return their tally and result."""
    return {"favor": 1, "contra": 3, "abstencion": 0, "result": "rejected"}
