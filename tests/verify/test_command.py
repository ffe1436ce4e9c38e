"""The command line: diff, sample, trust inputs, ages, languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.acts.trust import PersonRegistered
from ledger.crypto.merkle import leaf_hash
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.log.proof import Proof
from ledger.texts import text
from ledger.verify.sample import drawn
from ledger.verify.texts import catalogue
from ledger.verify.trust import load_trust
from tests.kit.books import LOG_KEY, WITNESS_KEY, Book, found, policy
from tests.kit.bundles import Council, lawful
from tests.kit.judges import ran
from tests.kit.log import MemoryLog

if TYPE_CHECKING:
    from pathlib import Path


def test_diff_tells_what_came_between(tmp_path: Path) -> None:
    """An older checkpoint or bundle is the beginning of the newer, and these are the acts since."""
    book = lawful().book
    new = book.export(tmp_path / "new")
    (tmp_path / "old").write_bytes(book.checkpoint(30))
    code, text = ran("diff", tmp_path / "old", new, "--json")
    lines = [json.loads(line) for line in text.splitlines()]
    assert code == 0
    assert lines[0] == {"code": "", "consistent": True, "first_difference": None, "new": 34, "old": 30}
    assert [line["index"] for line in lines[1:]] == [30, 31, 32, 33]
    older = book.copy()
    del older.entries[30:]
    assert ran("diff", older.bundle(tmp_path / "b.zip"), new, "--json") == (code, text)
    assert "VoteDeclared/1" in ran("diff", tmp_path / "old", new)[1]


def test_diff_names_where_two_histories_part(tmp_path: Path) -> None:
    """Given both histories, the first entry that differs; given a checkpoint, only that they do."""
    book = lawful().book
    other = book.copy()
    for each, name in ((book, "p-x"), (other, "p-y"), (book, "p-z")):
        each.say(PersonRegistered(person=name), "ana", "ledger")
    new, old = book.export(tmp_path / "new"), other.export(tmp_path / "old")
    code, text = ran("diff", old, new, "--json")
    assert code == 1
    assert json.loads(text)["first_difference"] == 34
    assert json.loads(ran("diff", old / "checkpoint", new, "--json")[1])["first_difference"] is None
    assert json.loads(ran("diff", new, old, "--json")[1])["code"] == "log-shrunk"


def test_diff_of_another_log_or_of_nothing(tmp_path: Path) -> None:
    """Somebody else's checkpoint is not signed by a trusted key; an absent file is no input."""
    new = lawful().book.export(tmp_path / "new")
    (tmp_path / "alien").write_text(MemoryLog([b"x"]).checkpoint())
    assert ran("diff", tmp_path / "alien", new)[0] == 2
    assert ran("diff", tmp_path / "absent", new)[0] == 2


def test_a_sample_can_be_drawn_again(log: Path) -> None:
    """The same seed draws the same acts, and each comes with a proof that holds by itself."""
    code, text = ran("sample", log, "--seed=7", "-n5")
    assert code == 0
    assert ran("sample", log, "--seed=7", "-n5") == (code, text)
    assert ran("sample", log, "--seed=8", "-n5")[1] != text
    for line in map(json.loads, text.splitlines()):
        proof = Proof.parse(line["proof"])
        assert proof.extra is not None
        proof.verify(leaf_hash(proof.extra), [LOG_KEY.verifier])
        assert proof.index == line["index"]


def test_a_sample_of_a_damaged_log(tmp_path: Path) -> None:
    """A proof that does not lead to the root is not handed out."""
    path = lawful().book.export(tmp_path / "log")
    tile = path / "tile/0/000.p/34"
    tile.write_bytes(bytes(34 * 32))
    assert ran("sample", path, "--seed=1", "-n1")[0] == 1
    tile.unlink()
    assert "tile-missing" in ran("sample", path, "--seed=1", "-n1")[1]
    assert ran("sample", path, "--seed=1", "-n0")[0] == 2
    assert drawn(1, 3, 10) == [0, 1, 2]


def test_the_age_of_a_checkpoint(tmp_path: Path) -> None:
    """By the newest witness' time: too old is a finding, unknown is not checkable."""
    book = lawful().book
    (tmp_path / "policy").write_text(policy(witness=True).format())
    note = Note.parse(book.checkpoint())
    checkpoint = Checkpoint.parse(note.text)
    now = int(datetime.now(UTC).timestamp())
    for age, code, verdict in ((10, 0, "libro entero: VALID"), (3 * 3600, 1, "libro entero: ninguno")):
        signatures = (*note.signatures, WITNESS_KEY.sign(checkpoint.text, now - age))
        path = book.export(tmp_path / f"log{age}")
        (path / "checkpoint").write_text(Note(note.text, signatures).format())
        options = (path, "--self-contained", f"--policy={tmp_path / 'policy'}")
        ended, text = ran(*options, "--max-age=2h")
        assert ended == code
        assert verdict in text
        assert ran(*options)[0] == 0
    plain = book.export(tmp_path / "plain")
    assert ran(plain, "--self-contained", "--max-age=2h")[0] == 2
    assert ran(plain, "--max-age=soon")[0] == 2


def test_an_entry_recorded_before_a_witness_saw_the_log_without_it(tmp_path: Path) -> None:
    """A witness' time bounds later entries from below; more than five minutes before it is a remark, no failure."""
    (tmp_path / "policy").write_text(policy(witness=True).format())
    for ahead, remarked in ((4, False), (6, True)):
        book = lawful().book
        note = Note.parse(book.checkpoint())
        seen = int((book.now + timedelta(minutes=ahead)).timestamp())
        older = Note(note.text, (*note.signatures, WITNESS_KEY.sign(note.text, seen))).format()
        book.say(PersonRegistered(person="p-x"), "ana", "ledger")
        path = book.export(tmp_path / f"log{ahead}", LOG_KEY, WITNESS_KEY)
        (path / "checkpoint.34").write_text(older)
        code, text = ran(path, "--self-contained", f"--policy={tmp_path / 'policy'}", "--json")
        report = orjson.loads(text)
        assert code == 0
        assert ("recorded-before-witness" in report["remarked"]) == remarked
        assert report["steps"]["V12"]["counts"]["witness-times"] >= 1


def test_a_simulated_clock_is_said_in_every_report(tmp_path: Path) -> None:
    """V12 is not checked, and each language's report says that the dates prove nothing."""
    path = Council().constitute(simulated=True).book.bundle(tmp_path / "b")
    report = orjson.loads(ran(path, "--self-contained", "--json")[1])
    assert report["facts"]["simulated"]
    assert report["steps"]["V12"]["not_checked"] == [["clock-simulated", ""]]
    assert "RELOJ SIMULADO" in ran(path)[1]
    assert "SIMULATED CLOCK" in ran(path, "--lang=en")[1]


def test_trust_inputs_that_cannot_be_read(tmp_path: Path) -> None:
    """A trust input is never silently left out."""
    (tmp_path / "big").write_bytes(b"x" * 2**20)
    for policy_file, founding, older in (
        (tmp_path / "absent", None, ()),
        (tmp_path / "big", None, ()),
        (None, "xyz", ()),
        (None, None, (tmp_path / "absent",)),
    ):
        with pytest.raises(UntrustedInputError):
            load_trust(policy_file, founding, older)


def test_an_older_checkpoint_that_is_damaged(tmp_path: Path) -> None:
    """Given from outside and unreadable, or of another log: a finding, not nothing."""
    path = lawful().book.export(tmp_path / "log")
    (tmp_path / "older").write_text("nothing\n")
    assert ran(path, "--self-contained", f"--checkpoint={tmp_path / 'older'}")[0] == 1
    (path / "checkpoint.3").write_bytes(lawful().book.checkpoint(4))
    assert "checkpoint-misnamed" in ran(path, "--self-contained")[1]


def test_both_languages_say_the_same_things() -> None:
    """The catalogues have the same sections and keys, and the sentences the same blanks."""
    spanish, english = catalogue("es"), catalogue("en")
    assert {k: set(v) for k, v in spanish.items()} == {k: set(v) for k, v in english.items()}


def test_a_rules_code_is_told_in_its_own_words(tmp_path: Path) -> None:
    """What a rule refuses is said with the sentence that the rules' catalogue has for it, in both languages."""
    council = lawful()
    index = council.adopt(7)
    path = council.book.export(tmp_path / "log")
    for language in ("es", "en"):
        sentence = text("number-gap", language).rstrip(".")
        assert f"V10 {'acto' if language == 'es' else 'act'} {index}: {sentence}" in ran(path, f"--lang={language}")[1]


def test_a_report_lists_the_first_findings_and_counts_all(tmp_path: Path) -> None:
    """A flood of findings neither fills the report nor hides how many there are; nothing unprintable gets out."""
    book = found(Book())
    for number in range(1100):
        payload = b"\x1b[31m" if number else '{"type":"\u202e"}'.encode()
        book.put(payload, "0" * 64, b"x" * 64)
    path = book.export(tmp_path / "log")
    code, text = ran(path, "--lang=en", "--jobs=0")
    assert code == 1
    assert "FINDINGS (1100)" in text
    assert "100 more of the same kind" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
