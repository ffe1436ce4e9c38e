"""Mutate and sign again, so that one property is wrong: each is noticed, by its step and index, by both verifiers."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.trust import PersonRegistered
from ledger.crypto.dsse import pae
from ledger.crypto.keys import PrivateKey
from tests.kit.books import Book, entry_of, found, key
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VICTIM = 20
EARLY = "2026-01-12T10:00:00-06:00"


def judged(tmp_path: Path, book: Book, **how: Any) -> Verdict:
    """Sign the tree over the entries as they stand, and ask both verifiers."""
    signers = how.pop("signers", ())
    return Verdict(book.bundle(tmp_path / "b.evidencia.zip", *signers, older=how.pop("own_older", ())), **how)


def parts(book: Book, index: int) -> tuple[bytes, str, bytes, str]:
    """Return payload, keyid, signature and stamp of an entry."""
    entry = json.loads(book.entries[index])
    signature = entry["act"]["signatures"][0]
    payload = base64.b64decode(entry["act"]["payload"])
    return payload, signature["keyid"], base64.b64decode(signature["sig"]), entry["recorded_at"]


def replaced(book: Book, index: int, **changes: Any) -> None:
    """Write an entry again with another payload, keyid, sig, stamp or place."""
    payload, keyid, signature, stamp = parts(book, index)
    book.entries[index] = entry_of(
        changes.get("payload", payload),
        changes.get("keyid", keyid),
        changes.get("sig", signature),
        changes.get("place", index),
        changes.get("stamp", stamp),
    )


def resigned(book: Book, index: int, who: str, **fields: Any) -> None:
    """Change fields of a statement and sign it again with somebody's key."""
    payload = parts(book, index)[0]
    statement = json.loads(payload) | fields
    text = json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    replaced(book, index, payload=text, keyid=statement["signer"], sig=key(who).sign(pae(text)))


# -- entries, with a tree and checkpoint that fit -----------------------------------------------------------------


def test_no_false_alarm(tmp_path: Path) -> None:
    """The untouched ledger has no finding."""
    verdict = judged(tmp_path, lawful().book)
    assert verdict.exit == 0
    assert not verdict.hits


@pytest.mark.parametrize("where", ["payload", "sig"])
def test_a_flipped_byte_of_what_was_signed(tmp_path: Path, where: str) -> None:
    """A changed statement or signature fails V7 at its index, though tree and checkpoint were made to fit."""
    book = lawful().book
    payload, _, signature, _ = parts(book, VICTIM)
    if where == "sig":
        replaced(book, VICTIM, sig=bytes([signature[0] ^ 1]) + signature[1:])
    else:
        replaced(book, VICTIM, payload=payload.replace(b'"cd"', b'"ce"', 1))
    verdict = judged(tmp_path, book)
    assert verdict.found(7, "signature-invalid", VICTIM)
    assert verdict.exit == 1


def test_another_entry_in_its_place(tmp_path: Path) -> None:
    """Two swapped entries are out of place, each named."""
    book = lawful().book
    book.entries[VICTIM], book.entries[VICTIM + 1] = book.entries[VICTIM + 1], book.entries[VICTIM]
    verdict = judged(tmp_path, book)
    assert verdict.found(6, "index-out-of-place", VICTIM)
    assert verdict.found(6, "index-out-of-place", VICTIM + 1)


def test_swapped_entries_whose_index_was_rewritten(tmp_path: Path) -> None:
    """Renumbered to fit, a swap still breaks the order of recording or the chain."""
    council = lawful()
    book = council.book
    first, second = parts(book, VICTIM), parts(book, VICTIM + 1)
    book.entries[VICTIM] = entry_of(*second[:3], VICTIM, second[3])
    book.entries[VICTIM + 1] = entry_of(*first[:3], VICTIM + 1, first[3])
    assert judged(tmp_path, book).found(6, "recorded-decreases", VICTIM + 1)


def test_a_deleted_middle(tmp_path: Path) -> None:
    """An act taken out, the rest renumbered: the stream's next act finds its predecessor missing."""
    book = lawful().book
    victim = 2  # the enrolment of a key
    del book.entries[victim]
    for index in range(victim, book.size):
        replaced(book, index, place=index)
    verdict = judged(tmp_path, book)
    assert verdict.found(9, "version-gap", victim)
    assert verdict.exit == 1


def test_an_inserted_row(tmp_path: Path) -> None:
    """A row put in by a database administrator has no officer's signature."""
    book = lawful().book
    act = PersonRegistered(person="p-intruder")
    index = book.say(act, "ana", "ledger", signed_with=PrivateKey.from_seed(b"\3" * 32))
    assert judged(tmp_path, book).found(7, "signature-invalid", index)


def test_an_unknown_signer(tmp_path: Path) -> None:
    """A key that the ledger does not know signs nothing."""
    book = lawful().book
    index = book.say(PersonRegistered(person="p-x"), "nobody", "ledger")
    assert judged(tmp_path, book).found(7, "key-not-in-ledger", index)


def test_signed_again_with_another_officers_key(tmp_path: Path) -> None:
    """The statement names its signer: another key's signature under that name fails."""
    book = lawful().book
    resigned(book, book.size - 1, "vocal-1")
    assert judged(tmp_path, book).found(7, "signature-invalid", book.size - 1)


def test_another_officers_key_and_name(tmp_path: Path) -> None:
    """With his own name under it, the office is not his: V10."""
    book = lawful().book
    resigned(book, book.size - 1, "vocal-1", signer=key("vocal-1").public.keyid)
    assert judged(tmp_path, book).found(10, "not-in-office", book.size - 1)


@pytest.mark.parametrize(
    ("changes", "step", "code"),
    [
        ({"version": 9}, 9, "version-gap"),
        ({"version": 1}, 9, "version-taken"),
        ({"prev": "a" * 64}, 9, "prev-differs"),
        ({"basis": {"session/cd/2026/ord/1": "b" * 64}}, 9, "basis-not-last"),
        ({"basis": {"session/cd/2026/ord/9": "b" * 64}}, 9, "basis-not-last"),
        ({"stream": "session/cd/2026/ord/2", "version": 1}, 9, "stream-differs"),
        ({"ledger": "other.example/acervo"}, 6, "other-ledger"),
        (
            {"signed_at": "2026-01-12T10:00:00-06:00", "occurred_at": "2026-01-12T10:00:00-06:00"},
            6,
            "signed-too-long-ago",
        ),
        ({"signed_at": "2026-02-12T10:00:00-06:00"}, 6, "signed-in-future"),
        ({"occurred_at": "2026-02-12T10:00:00-06:00"}, 6, "occurred-after-signed"),
        ({"signed_at": "2026-02-30T10:00:00-06:00"}, 6, "bad-instant"),
        ({"type": "SessionExploded"}, 6, "bad-statement"),
        ({"extra": 1}, 6, "bad-statement"),
        ({"version": 0}, 6, "bad-statement"),
        ({"version": 1.5}, 6, "bad-statement"),
        ({"data": {"x": None}}, 6, "not-canonical"),
        ({"data": {"x": 2**53}}, 6, "not-canonical"),
        ({"data": {"X": 1}}, 6, "not-canonical"),
        ({"data": {"x": "a\u202eb"}}, 6, "forbidden-character"),
        ({"data": {"x": "a\tb"}}, 6, "forbidden-character"),
        ({"data": {"x": [[[[[[[[1]]]]]]]]}}, 6, "not-canonical"),
        ({"sealed": {"Motion": "A" * 43}}, 6, "bad-statement"),
        ({"office": "Ledger"}, 6, "bad-statement"),
        ({"data": {"body": "cd"}}, 9, "stream-differs"),
        ({"sealed": {"motion": "A" * 43}}, 10, "sealed-name"),
    ],
)
def test_a_statement_signed_by_its_officer_that_breaks_the_format(
    tmp_path: Path, changes: dict[str, Any], step: int, code: str
) -> None:
    """What the officer himself signs wrongly (the close of the session) is found at its step."""
    book = lawful().book
    last = book.size - 1
    resigned(book, last, "presidencia", **changes)
    assert judged(tmp_path, book).found(step, code, last), code


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.replace(b'{"basis"', b'{ "basis"'),
        lambda text: text.replace(b'"type":', b'"type":"x","type":'),
        lambda text: text.replace(b'"cd"', b'"\\u0063d"'),
        lambda text: text + b"\n",
        lambda text: text[:-1],
        lambda text: b"\xff" + text,
        lambda text: b"[" * 100_000 if len(text) > 5 else text,
        lambda _: b"",
        lambda _: b"null",
        lambda _: b'"basis"',
    ],
)
def test_a_statement_that_is_not_canonical(tmp_path: Path, write: Callable[[bytes], bytes]) -> None:
    """Signed by its officer or not: bytes that would be written otherwise are no statement."""
    book = lawful().book
    last = book.size - 1
    payload, keyid, _, _ = parts(book, last)
    text = write(payload)[:40_000]
    replaced(book, last, payload=text, sig=key("presidencia").sign(pae(text)), keyid=keyid)
    verdict = judged(tmp_path, book)
    assert verdict.steps() == {6}
    assert verdict.indexes() == {last}


@pytest.mark.parametrize(
    "write",
    [
        lambda raw: raw.replace(b'"index":', b'"index":0'),
        lambda raw: raw.replace(b'"act"', b'"acta"'),
        lambda raw: raw.replace(b'"recorded_at":"2026', b'"recorded_at":"9999'),
        lambda raw: raw.replace(b".000000Z", b"Z"),
        lambda raw: raw.replace(b"acervo.act", b"otherx.act"),
        lambda raw: raw.replace(b'"}]}', b'"},{"keyid":"","sig":""}]}'),
        lambda raw: raw[:-1],
        lambda raw: raw + b" ",
        lambda _: b"",
        lambda _: b"{}",
    ],
)
def test_an_entry_that_breaks_the_format(tmp_path: Path, write: Callable[[bytes], bytes]) -> None:
    """The database's own two additions and the envelope are as strict as the statement."""
    book = lawful().book
    last = book.size - 1
    book.entries[last] = write(book.entries[last])
    verdict = judged(tmp_path, book)
    assert verdict.indexes() == {last}
    assert 6 in verdict.steps()


def test_back_dated_recording(tmp_path: Path) -> None:
    """A `recorded_at` before that of the preceding entry is found."""
    book = lawful().book
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", recorded_at=book.now - timedelta(minutes=20))
    assert judged(tmp_path, book).found(6, "recorded-decreases", index)


def test_a_void_entry_keeps_its_place(tmp_path: Path) -> None:
    """The next act of the stream builds on the void one, and is itself in order; the void one had no effect."""
    book = found(Book())
    void = book.say(PersonRegistered(person="p-x"), "nobody", "ledger")
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    verdict = judged(tmp_path, book)
    assert verdict.hits == {(7, "key-not-in-ledger", void, "")}, "the second act is version 2 and lawful"
    assert index == void + 1


def test_a_bad_insert_cannot_push_a_stream_ahead(tmp_path: Path) -> None:
    """Version 7 after 1 is void and takes no place: the stream goes on at 2."""
    book = found(Book())
    book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    bad = book.say(PersonRegistered(person="p-x"), "ana", "ledger", version=7)
    good = book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    verdict = judged(tmp_path, book)
    assert verdict.hits == {(9, "version-gap", bad, ""), (10, "person-already-registered", good, "")}


def test_an_act_cannot_be_moved_into_another_ledger(tmp_path: Path) -> None:
    """Every chain hangs on one founding: an act of a second founding fails V9."""
    one, other = found(Book()), Book(now=found(Book()).now)
    found(other, simulated=True)
    other.say(PersonRegistered(person="p-x"), "ana", "ledger")
    one.entries.append(other.entries[1])
    assert judged(tmp_path, one).found(9, "prev-differs", 1)


def test_a_ledger_that_does_not_begin_with_its_founding(tmp_path: Path) -> None:
    """Entry 0 must be the founding."""
    book = Book()
    book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    found(book)
    assert judged(tmp_path, book).found(9, "not-founded", 0)


def test_the_founding_expected_is_another(tmp_path: Path) -> None:
    """Somebody who knows the founding from elsewhere notices another one."""
    verdict = judged(tmp_path, lawful().book, founding="ab" * 32)
    assert verdict.hits == {(9, "founding-differs", 0, "")}
