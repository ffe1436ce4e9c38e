"""V11: opened texts, actas' blocks and documents against what was signed; a digest stands once."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.acta import ActaDrafted
from ledger.acts.trust import PersonRegistered
from ledger.crypto import disclosure
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.statement import Entry
from ledger.verify.bundle import Bundle, Opened
from ledger.verify.sealed import Digests
from ledger.verify.write import Extras, opened_of, write_bundle
from tests.kit.books import Book, found
from tests.kit.bundles import Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SALT = b"\5" * 16


def bundled(tmp_path: Path, book: Book, lines: Iterable[Opened]) -> Verdict:
    """Verify the ledger with these disclosures."""
    log = book.export(tmp_path / "log")
    write_bundle(tmp_path / "b", log, extras=Extras(disclosures=lines, schemas={}))
    return Verdict(tmp_path / "b")


def changed(lines: list[Opened], at: int, **how: Any) -> list[Opened]:
    """Return the lines with one changed."""
    line = lines[at]
    other = Opened(how.get("index", line.index), how.get("name", line.name), how.get("text", line.text))
    return [*lines[:at], other, *lines[at + 1 :]]


def test_a_text_that_was_not_signed(tmp_path: Path) -> None:
    """Another text under the same name does not match the digest."""
    council = lawful()
    lines = council.book.lines()
    text = disclosure.make(lines[0].name, "otro texto", SALT)
    verdict = bundled(tmp_path, council.book, changed(lines, 0, text=text))
    assert verdict.hits == {(11, "disclosure-digest", lines[0].index, "disclosures/0.jsonl")}


def test_texts_of_entries_that_are_missing(tmp_path: Path) -> None:
    """Where an entry bundle is gone its acts' texts are of no act; those of all others are checked still."""
    book = found(Book())
    while book.size < 260:
        book.say(PersonRegistered(person=f"p-{book.size}"), "ana", "ledger", sealed={"name": f"N {book.size}"})
    whole = bundled(tmp_path, book, book.lines()).report["steps"]["V11"]["counts"]["values"]
    log = tmp_path / "log"
    (log / "tile/entries/001.p/4").unlink()
    write_bundle(tmp_path / "cut", log, extras=Extras(disclosures=book.lines(), schemas={}))
    verdict = Verdict(tmp_path / "cut")
    unknown = {hit[2] for hit in verdict.hits if hit[:2] == (11, "disclosure-unknown")}
    assert unknown == {256, 257, 258, 259}
    assert verdict.report["steps"]["V11"]["counts"]["values"] == whole - len(unknown)


@pytest.mark.parametrize("how", [{"name": "nothing"}, {"index": 3}, {"index": 200}])
def test_a_text_that_no_act_commits_to(tmp_path: Path, how: dict[str, Any]) -> None:
    """A text for a name or an entry that has none is a finding."""
    council = lawful()
    verdict = bundled(tmp_path, council.book, changed(council.book.lines(), 0, **how))
    assert {hit[0] for hit in verdict.hits} == {11}
    assert verdict.hits


def test_a_text_whose_value_its_schema_refuses(tmp_path: Path) -> None:
    """What was sealed must fit its schema when it is opened."""
    book = found(Book())
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", sealed={"name": 5})
    verdict = bundled(tmp_path, book, book.lines())
    assert verdict.hits == {(11, "sealed-value", index, "disclosures/0.jsonl")}


def test_a_text_under_another_name(tmp_path: Path) -> None:
    """The name inside the disclosure is the one that the act gives it."""
    book = found(Book())
    text = disclosure.make("nombre", "x", SALT)
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", digests={"name": disclosure.digest(text)})
    line = Opened(index, "name", text)
    assert bundled(tmp_path, book, [line]).hits == {(11, "disclosure-name", index, "disclosures/0.jsonl")}


def test_a_digest_that_stands_twice(tmp_path: Path) -> None:
    """A commitment copied into another act is found at the second place, wherever the first one is."""
    book = lawful().book
    digests = {"name": disclosure.digest(next(iter(book.opened[1].values())))}
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", digests=digests)
    assert Verdict(book.bundle(tmp_path / "b")).hits == {(11, "digest-repeated", index, "")}


def test_fingerprints_of_many_digests() -> None:
    """Sorted in parts: the same answer, and no false alarm among many."""
    digests = Digests()
    for number in range(1000):
        digests.add({"x": f"{number}"})
    assert digests._suspects() == set()
    digests.add({"x": "7"})
    assert len(digests._suspects()) == 1
    assert len(digests) == 1001


# -- blocks of an acta -----------------------------------------------------------------------------------------------


def drafted() -> tuple[Council, int, list[str]]:
    """Return a council that has drafted an acta of four blocks, the draft's index, and the blocks."""
    council = lawful()
    texts = [disclosure.make(f"block/{n}", f"párrafo {n}", bytes([n]) * 16) for n in range(1, 5)]
    root = root_of([leaf_hash(text.encode()) for text in texts]).hex()
    act = ActaDrafted(**council.place, draft=1, blocks=4, root=root)
    return council, council.by("secretaria", act, basis=[f"session/{council.path}"]), texts


def block_lines(index: int, texts: list[str], shown: Iterable[int], *, leaves: bool = True) -> list[Opened]:
    """Return lines that open some of the blocks."""
    all_leaves = tuple(leaf_hash(text.encode()).hex() for text in texts)
    first = [Opened(index, "", "", all_leaves)] if leaves else []
    return first + [Opened(index, f"block/{n}", texts[n - 1]) for n in shown]


def test_a_public_version_proves_the_same_acta(tmp_path: Path) -> None:
    """Some blocks withheld, the list of leaves given: what is shown is what was signed."""
    council, index, texts = drafted()
    verdict = bundled(tmp_path, council.book, block_lines(index, texts, [1, 3]))
    assert verdict.exit == 0
    assert verdict.report["steps"]["V11"]["counts"]["blocks"] == 2


def test_all_blocks_need_no_list(tmp_path: Path) -> None:
    """With every block shown the root follows from them; with some, nothing is proved and the report says so."""
    council, index, texts = drafted()
    assert not bundled(tmp_path, council.book, block_lines(index, texts, [1, 2, 3, 4], leaves=False)).hits
    (tmp_path / "2").mkdir()
    verdict = bundled(tmp_path / "2", council.book, block_lines(index, texts, [1, 3], leaves=False))
    assert not verdict.hits
    assert ["blocks-unproved", str(index)] in verdict.report["steps"]["V11"]["not_checked"]


def test_blocks_that_are_not_the_actas(tmp_path: Path) -> None:
    """A changed block, a changed list, a block too many, a block of another number."""
    council, index, texts = drafted()
    other = [*texts[:2], disclosure.make("block/3", "otro", SALT), texts[3]]
    wrong_leaves = block_lines(index, other, [1])
    changed_block = [*block_lines(index, texts, []), Opened(index, "block/3", other[2])]
    too_many = [*block_lines(index, texts, []), Opened(index, "block/5", disclosure.make("block/5", "x", SALT))]
    misnamed = [*block_lines(index, texts, []), Opened(index, "block/2", texts[0])]
    cases = (wrong_leaves, "blocks-root"), (changed_block, "block-differs"), (too_many, "disclosure-name")
    for number, (lines, code) in enumerate((*cases, (misnamed, "disclosure-name"))):
        (tmp_path / str(number)).mkdir()
        assert {hit[1] for hit in bundled(tmp_path / str(number), council.book, lines).hits} == {code}


def test_blocks_of_an_act_that_has_none(tmp_path: Path) -> None:
    """Only a draft of an acta has blocks."""
    book = found(Book())
    lines = [Opened(0, "block/1", disclosure.make("block/1", "x", SALT))]
    assert bundled(tmp_path, book, lines).found(11, "disclosure-unknown", 0)


# -- documents -----------------------------------------------------------------------------------------------------


def test_a_document_is_what_its_name_says(tmp_path: Path) -> None:
    """Documents travel under their hash; the writer refuses another name, the verifier another content."""
    book = found(Book())
    document = tmp_path / sha256(b"uno").hexdigest()
    document.write_bytes(b"uno")
    path = book.bundle(tmp_path / "b", unpacked=True, documents=[document])
    with Bundle.open(path) as bundle:
        assert list(bundle.files["document"]) == [document.name]
    (path / "documents" / document.name).write_bytes(b"dos")
    assert Verdict(path).found(11, "document-differs")


def test_disclosures_of_a_submitted_act() -> None:
    """What the server was given is what a bundle can open, in order of names."""
    act = replace(Entry.parse(lawful().book.entries[0]).act, disclosures={"b": "2", "a": "1"})
    assert [line.name for line in opened_of(3, act)] == ["a", "b"]
