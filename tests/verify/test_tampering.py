"""Mutate and sign again, so that one property is wrong: each is noticed, by its step and index, by both verifiers."""

from __future__ import annotations

import base64
import json
import shutil
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.trust import KeyAccepted, KeyEnrolled, PersonRegistered
from ledger.crypto.dsse import pae
from ledger.crypto.keys import PrivateKey
from tests.kit.bundles import (
    LOG_KEY,
    OTHER_LOG_KEY,
    WITNESS_KEY,
    Book,
    Council,
    enrol,
    entry_of,
    found,
    key,
    lawful,
    policy,
    spki64,
)
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


# -- the tree ----------------------------------------------------------------------------------------------------


def test_truncated_tail_against_an_older_checkpoint(tmp_path: Path) -> None:
    """Who kept a checkpoint notices that acts were taken away, and from which index on."""
    book = lawful().book
    (tmp_path / "older").write_bytes(book.checkpoint())
    del book.entries[-3:]
    verdict = judged(tmp_path, book, older=[tmp_path / "older"])
    assert verdict.found(5, "log-shrunk", book.size)


def test_truncated_tail_without_an_older_checkpoint_is_reported_as_unknown(tmp_path: Path) -> None:
    """Without one nothing can notice it, and the report says that completeness was not checked."""
    book = lawful().book
    del book.entries[-3:]
    verdict = judged(tmp_path, book)
    assert verdict.exit == 0
    assert ["no-older-checkpoint", ""] in verdict.report["steps"]["V5"]["not_checked"]


def test_a_fork(tmp_path: Path) -> None:
    """The same operator signs two histories: the older checkpoint of one does not fit the other."""
    book = lawful().book
    other = book.copy()
    other.say(PersonRegistered(person="p-x"), "ana", "ledger")
    (tmp_path / "older").write_bytes(other.checkpoint())
    for name in ("p-y", "p-z"):
        book.say(PersonRegistered(person=name), "ana", "ledger")
    assert judged(tmp_path, book, older=[tmp_path / "older"]).found(5, "log-rewritten")


def test_a_bundle_that_contradicts_its_own_older_checkpoint(tmp_path: Path) -> None:
    """An older checkpoint inside the bundle is compared as well."""
    path = lawful().book.bundle(tmp_path / "b", older=[5], unpacked=True)
    other = Council().constitute(simulated=True).book
    tampered(path, "checkpoint.5", other.checkpoint(5))
    assert Verdict(path).found(5, "log-rewritten")


def test_signed_by_another_log_key(tmp_path: Path) -> None:
    """A checkpoint by a key that no policy names is not signed."""
    assert judged(tmp_path, lawful().book, signers=(OTHER_LOG_KEY,)).found(2, "checkpoint-not-signed")


def test_a_witness_quorum(tmp_path: Path) -> None:
    """Where the policy requires a witness, a checkpoint without his cosignature is a finding; with it, it is not."""
    (tmp_path / "policy").write_text(policy(witness=True).format(), encoding="utf-8")
    book = lawful().book
    with_him = book.bundle(tmp_path / "1", LOG_KEY, WITNESS_KEY)
    assert not Verdict(with_him, policy=tmp_path / "policy").hits
    without = book.bundle(tmp_path / "2")
    assert Verdict(without, policy=tmp_path / "policy").found(5, "quorum-not-met")


def test_the_policy_from_outside_wins(tmp_path: Path) -> None:
    """An attacker who brings his own policy in the bundle is noticed by who has the right one."""
    book = lawful().book
    path = book.bundle(tmp_path / "b", OTHER_LOG_KEY, unpacked=True)
    tampered(path, "policy.txt", f"log {OTHER_LOG_KEY.verifier.vkey}\nquorum none\n".encode())
    assert not Verdict(path).hits
    (tmp_path / "policy").write_text(policy().format(), encoding="utf-8")
    assert Verdict(path, policy=tmp_path / "policy").found(2, "checkpoint-not-signed")


def tampered(folder: Path, name: str, raw: bytes | None) -> None:
    """Replace or remove a file of an unpacked bundle, and write the manifest that fits."""
    if raw is None:
        (folder / name).unlink()
    else:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    if (folder / "MANIFEST.json").exists():
        files = sorted(f for f in folder.rglob("*") if f.is_file() and f.name != "MANIFEST.json")
        listed = {f.relative_to(folder).as_posix(): sha256(f.read_bytes()).hexdigest() for f in files}
        text = json.dumps(listed, sort_keys=True, separators=(",", ":"))
        (folder / "MANIFEST.json").write_text(text, encoding="utf-8")


def large(size: int) -> Book:
    """Return a ledger of so many acts: a founding and persons."""
    book = found(Book())
    while book.size < size:
        book.say(PersonRegistered(person=f"p-{book.size}"), "ana", "ledger")
    return book


def test_a_tree_of_several_tiles(tmp_path: Path) -> None:
    """Whole and partial tiles at two levels: verified, and each byte of each tile is compared."""
    book = large(300)
    path = book.export(tmp_path / "log")
    assert not Verdict(path).hits
    for name, at, index in (
        ("tile/0/000", 40, 1),
        ("tile/0/001.p/44", 32 * 43, 299),
        ("tile/1/000.p/1", 3, 0),
    ):
        raw = bytearray((path / name).read_bytes())
        raw[at] ^= 1
        copy = tmp_path / name.replace("/", "_")
        shutil.copytree(path, copy)
        (copy / name).write_bytes(raw)
        verdict = Verdict(copy)
        assert verdict.hits == {(4, "tile-differs", index, name)}
        (copy / name).unlink()
        assert Verdict(copy).hits == {(4, "tile-missing", index // 256 * 256 if name < "tile/1" else 0, name)}


def test_missing_entries_are_named(tmp_path: Path) -> None:
    """An entry bundle that is gone: which acts, and that nothing after them has a place that could be checked."""
    book = large(300)
    path = book.export(tmp_path / "log")
    (path / "tile/entries/000").unlink()
    verdict = Verdict(path)
    assert verdict.hits == {(3, "entries-missing", 0, "")}
    assert ["entries-missing", "0"] in verdict.report["steps"]["V10"]["not_checked"]
    path = book.export(tmp_path / "again")
    (path / "tile/entries/001.p/44").unlink()
    assert Verdict(path).hits == {(3, "entries-missing", 256, "")}


def test_a_cut_entry_bundle(tmp_path: Path) -> None:
    """An entry bundle cut short or grown is named by its first index."""
    path = lawful().book.export(tmp_path / "log")
    name = next(p for p in (path / "tile/entries").rglob("*") if p.is_file())
    raw = name.read_bytes()
    for wrong in (raw[:-1], raw + b"\0", b""):
        name.write_bytes(wrong)
        assert {hit[:1] + hit[2:3] for hit in Verdict(path).hits} == {(3, 0)}


def test_a_flipped_byte_in_the_entries_alone(tmp_path: Path) -> None:
    """Tiles and checkpoint untouched: the root differs, and the tile names the index."""
    book = lawful().book
    path = book.export(tmp_path / "log")
    replaced(book, VICTIM, stamp="2026-01-14T15:00:20.000001Z")
    other = book.export(tmp_path / "other")
    name = next(p for p in (other / "tile/entries").rglob("*") if p.is_file()).relative_to(other)
    (path / name).write_bytes((other / name).read_bytes())
    verdict = Verdict(path)
    assert verdict.found(3, "root-differs")
    assert verdict.found(4, "tile-differs", VICTIM)


def test_tiles_of_a_larger_tree_are_refused(tmp_path: Path) -> None:
    """A tile that the signed tree does not have is no part of it; an older partial one that fits is tolerated."""
    book = lawful().book
    path = book.export(tmp_path / "log")
    shutil.copy(path / f"tile/0/000.p/{book.size}", path / "tile/0/001.p")
    (path / "tile/0/001.p").unlink()
    (path / "tile/0/000.p/5").write_bytes((path / f"tile/0/000.p/{book.size}").read_bytes()[:160])
    assert not Verdict(path).hits
    (path / "tile/0/000.p/200").write_bytes(bytes(6400))
    assert 4 in Verdict(path).steps()


def test_an_empty_ledger_is_not_checkable(tmp_path: Path) -> None:
    """Nothing was recorded: no finding, and no proof either."""
    verdict = judged(tmp_path, Book())
    assert verdict.exit == 2


def test_an_enrolled_p256_or_rsa_key_signs(tmp_path: Path) -> None:
    """Both verifiers check all three algorithms, and notice a flipped bit in each."""
    book = found(Book())
    last = []
    for algorithm in ("p256", "rsa"):
        private = PrivateKey.generate(algorithm)
        keyid = private.public.keyid
        book.say(PersonRegistered(person=f"p-{algorithm}"), "ana", "ledger")
        spki = base64.b64encode(private.public.spki).decode()
        book.say(KeyEnrolled(keyid=keyid, spki=spki, person=f"p-{algorithm}"), "ana", "ledger")
        accepted = KeyAccepted(keyid=keyid)
        last.append(book.say(accepted, "ana", f"key/{keyid}", signed_with=private, signer=keyid))
    assert not judged(tmp_path, book).hits
    for number, index in enumerate(last):
        payload, keyid, signature, _ = parts(book, index)
        bent = book.copy()
        replaced(bent, index, sig=signature[:-1] + bytes([signature[-1] ^ 1]))
        folder = tmp_path / str(number)
        folder.mkdir()
        assert judged(folder, bent).found(7, "signature-invalid", index)
        assert payload
        assert keyid


def test_keys_of_the_kit_are_what_the_ledger_names() -> None:
    """The kit's founding key is the one whose hash signs."""
    assert sha256(base64.b64decode(spki64("ana"))).hexdigest() == key("ana").public.keyid
    assert enrol(found(Book()), "x") == 2
