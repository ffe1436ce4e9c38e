"""Whether signers were allowed their acts, by the acts of an excerpt alone: allowed, refused, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.acts.body import BodyRenamed
from ledger.acts.trust import KeyAccepted, KeyEnrolled
from ledger.statement import Entry
from ledger.verify.authority_of import Judged, judge
from tests.kit.books import ORIGIN, Book, enrol, found, key, spki64
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict
from tests.kit.unauthorised import SECRETARY, stories

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

STORIES = stories()
WHOLE = [name for name, story in STORIES.items() if not story().left_out]


def judged(book: Book, shown: Iterable[int], void: Collection[int] = ()) -> dict[int, Judged]:
    """Return what is said of each act shown."""
    entries = {index: Entry.parse(book.entries[index]) for index in shown}
    return {each.index: each for each in judge(entries, void, ORIGIN)}


@pytest.mark.parametrize("name", STORIES)
def test_each_story_is_judged_as_it_is_told(name: str, tmp_path: Path) -> None:
    """Terms, leaves, holdover, roles, keys, services, founders; what is left out is not known. So is the verdict."""
    told = STORIES[name]()
    found = judged(told.book, told.shown)[told.index]
    assert (found.authorised, found.why) == (told.authorised, told.why)
    verdict = Verdict(told.book.excerpt(tmp_path / "e.evidencia.zip", told.shown))
    assert (verdict.headline, verdict.exit) == (told.headline, int(told.authorised is False))
    refused = [(each["index"], each["why"]) for each in verdict.report["authority"] if each["authorised"] is False]
    assert refused == ([(told.index, told.why)] if told.authorised is False else [])
    unchecked = {step for step, value in verdict.report["steps"].items() if ["excerpt", ""] in value["not_checked"]}
    assert {"V8", "V9", "V10"} <= unchecked, "whatever an excerpt says of authority, it is no step's"


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_history_says_the_same(name: str, tmp_path: Path) -> None:
    """V8 and V10 over all entries refuse the act that is refused by the acts at hand, and none that is allowed."""
    told = STORIES[name]()
    verdict = Verdict(told.book.bundle(tmp_path / "b.evidencia.zip"))
    assert (told.index in verdict.indexes()) == (told.authorised is False)
    assert verdict.headline == told.headline


def test_every_act_left_out_leaves_something_unknown_or_refused() -> None:
    """Of a council's story no act that gives authority can be left out with the verdict still being VALID."""
    book = lawful().book
    for left_out in range(book.size):
        kind = Entry.parse(book.entries[left_out]).act.statement.stream.partition("/")[0]
        said = judged(book, [index for index in range(book.size) if index != left_out]).values()
        assert all(each.authorised for each in said) == (kind not in {"ledger", "key", "designation", "body"}), left_out


def test_a_flawed_act_gives_no_authority() -> None:
    """What V6 or V7 refused has no effect: the designation whose signature is false designates nobody."""
    book = lawful().book
    statements = [Entry.parse(raw).act.statement for raw in book.entries]
    made = next(index for index, each in enumerate(statements) if each.stream == SECRETARY)
    of_secretary = {index for index, each in enumerate(statements) if each.office == SECRETARY}
    said = judged(book, range(book.size), {made})
    assert {index for index, each in said.items() if each.why == "not-in-office"} == of_secretary


def test_an_act_out_of_its_stream_is_not_judged() -> None:
    """Where the data say another stream, nobody knows what the act would do there."""
    council = lawful()
    renamed = BodyRenamed(body="cd", effective_on="2026-02-01")
    index = council.book.say(renamed, "ana", "ledger", stream="body/otro", version=1, prev=council.book.founding)
    said = judged(council.book, range(council.book.size))[index]
    assert (said.authorised, said.why) == (None, "stream-differs")


def test_an_act_of_another_edition_is_not_judged() -> None:
    """A type that this edition does not know is not known to be allowed; streams that it moves are not known either."""
    council = lawful()
    book, renamed = council.book, BodyRenamed(body="cd", effective_on="2026-02-01")
    unknown = book.say(renamed, "ana", "ledger", type="BodyMerged/1")
    later = council.by("presidencia", renamed)
    said = judged(book, range(book.size))
    assert (said[unknown].authorised, said[unknown].why) == (None, "unknown-type")
    assert (said[later].authorised, said[later].why) == (None, "body/cd")


def test_a_stream_that_hangs_on_nothing_is_not_believed() -> None:
    """Each stream begins after the founding: one that begins after something else gives no authority."""
    book = found(Book())
    enrol(book, "x", accept=False)
    keyid = key("x").public.keyid
    book.heads.pop(f"key/{keyid}")
    again = KeyEnrolled(keyid=keyid, spki=spki64("x"), person="p-x")
    elsewhere = Book(book.now, book.entries[:2], {}, {"ledger": book.heads["ledger"]}, book.founding)
    elsewhere.say(again, "luis", "ledger", prev="d" * 64)
    index = elsewhere.say(KeyAccepted(keyid=keyid), "x", f"key/{keyid}")
    said = judged(elsewhere, range(elsewhere.size))
    assert (said[index - 1].authorised, said[index].authorised, said[index].why) == (True, None, f"key/{keyid}")
