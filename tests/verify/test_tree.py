"""The tree, its tiles, its checkpoints and those who keep them: mutated, and noticed by both verifiers."""

from __future__ import annotations

import base64
import json
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.acts.trust import KeyAccepted, KeyEnrolled, PersonRegistered
from ledger.crypto.keys import PrivateKey
from tests.kit.books import LOG_KEY, OTHER_LOG_KEY, WITNESS_KEY, Book, enrol, found, key, policy, spki64
from tests.kit.bundles import Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path

from tests.verify.test_tampering import VICTIM, judged, parts, replaced


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
