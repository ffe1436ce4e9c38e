"""Several processes, several machines: ranges and their merge; what is forgotten is read again."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.acts.trust import PersonRegistered
from ledger.crypto.merkle import leaf_hash
from ledger.errors import UntrustedInputError
from ledger.verify import checks, pool
from ledger.verify.bundle import Bundle
from ledger.verify.history import History
from ledger.verify.ranges import Part
from ledger.verify.recent import Recent
from ledger.verify.shard import Shard
from ledger.verify.tree import Tree
from ledger.verify.trust import Trust
from tests.kit.books import START, Book, found, persons
from tests.kit.bundles import lawful
from tests.kit.judges import ran

if TYPE_CHECKING:
    from pathlib import Path


def test_two_processes_and_a_merge_say_what_one_says(log: Path, tmp_path: Path) -> None:
    """V2–V7 of two ranges in two processes, V8–V10 at the merge: the same report, byte for byte."""

    def shard(i: int) -> Path:
        command = [sys.executable, "-m", "ledger.verify", str(log), "--shard", f"{i}/2", "--jobs", "0"]
        (tmp_path / f"{i}.json").write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        return tmp_path / f"{i}.json"

    with ThreadPoolExecutor(2) as both:
        files = list(both.map(shard, (1, 2)))
    merged = ran("merge", log, *files, "--self-contained", "--json")
    assert merged == ran(log, "--self-contained", "--json", "--jobs=0")
    assert merged[0] == 0
    assert ran("merge", log, *files[:1], "--self-contained")[0] == 2
    assert ran("merge", log, files[1], files[1], "--self-contained")[0] == 2


def test_workers_say_what_one_process_says(log: Path) -> None:
    """Two worker processes give the same report as none."""
    assert ran(log, "--json", "--jobs=2") == ran("verify", log, "--json", "--jobs=0")


def test_many_bundles_are_given_to_workers(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a word on processes, a large log is checked in as many as there are cores."""
    monkeypatch.setattr(pool, "MIN_BUNDLES_FOR_WORKERS", 2)
    assert ran(log, "--self-contained")[0] == 0


def test_a_shard_finds_what_is_in_its_range(log: Path, tmp_path: Path) -> None:
    """A flaw stands in the file of the range that it lies in, and in the merged report."""
    book = persons(600)
    book.entries[300] = book.entries[300].replace(b'"sig":"', b'"sig":"AAAA', 1)
    path = book.export(tmp_path / "bent")
    for i in (1, 2, 3):
        (tmp_path / f"{i}").write_text(ran(path, "--shard", f"{i}/3", "--jobs=0")[1])
    flaws = [[part["flaws"] for part in json.loads((tmp_path / f"{i}").read_text())["parts"]] for i in (1, 2, 3)]
    assert [len(parts[0]) for parts in flaws] == [0, 1, 0]
    files = [tmp_path / f"{i}" for i in (3, 1, 2)]
    code, text = ran("merge", path, *files, "--self-contained", "--json")
    assert code == 1
    assert [f["index"] for f in orjson.loads(text)["findings"]] == [300]
    assert "shard-of-another" in ran("merge", log, *files)[1]


@pytest.mark.parametrize("text", ["0/2", "3/2", "x", "1", "1/2/3", "1/9999"])
def test_malformed_shards(text: str) -> None:
    """Only i of n, from 1."""
    with pytest.raises(UntrustedInputError, match="shard-malformed"):
        Shard.parse(text)


def test_ranges_cover_everything_once() -> None:
    """However many shards, each entry bundle is in one."""
    for size in (0, 1, 256, 257, 2560, 10_000):
        for n in (1, 2, 3, 7):
            numbers = [number for i in range(1, n + 1) for number in Shard(i, n).numbers(size)]
            assert numbers == list(pool.bundles_of(size))


@pytest.mark.parametrize("value", [{}, {"n": "x"}, None, [], {"n": 0, "width": 2, "leaves": "AAAA"}])
def test_malformed_parts(value: object) -> None:
    """A shard's file is input from outside like any other."""
    with pytest.raises(UntrustedInputError, match="shard-malformed"):
        Part.from_json(value)


def test_a_shard_file_that_is_none(log: Path, tmp_path: Path) -> None:
    """Not JSON, not there, JSON of another form."""
    (tmp_path / "a").write_text("{")
    (tmp_path / "b").write_text('{"format":"x","parts":[],"shard":[1,1],"tree":{}}')
    for name in ("a", "b", "c"):
        assert ran("merge", log, tmp_path / name)[0] == 2


def test_an_excerpt_has_no_shards(tmp_path: Path) -> None:
    """Ranges are of a full history."""
    path = lawful().book.excerpt(tmp_path / "e", [0])
    assert "shard-of-excerpt" in ran(path, "--shard=1/1")[1]


def test_input_that_changes_while_it_is_read(log: Path) -> None:
    """The replay reads the bytes that the workers read, or stops: nobody is shown two histories."""
    with Bundle.open(log) as bundle:
        part = Part(0, 256, digest="00" * 32, leaves=bytes(256 * 32))
        with pytest.raises(UntrustedInputError, match="input-changed"):
            checks.verify(bundle, Trust(), given=lambda *_: [part])


def test_the_module_runs() -> None:
    """`python -m ledger.verify` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "ledger.verify", "absent"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "input-missing" in done.stdout


def test_forgotten_states_are_folded_again(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With next to no memory the verdict is the same: heads and states come back from the bytes."""
    from ledger.verify import history

    for name in ("MAX_HEADS", "MAX_STATES", "MAX_BUNDLES"):
        monkeypatch.setattr(history, name, 1)
    assert ran(log, "--self-contained")[0] == 0
    book = lawful().book
    kept = History(lambda _: b"", 0)
    assert kept.head("x") is history.ABSENT
    assert book.size == 34


def test_a_void_entry_that_is_forgotten_keeps_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its head is read again, leniently, from its bytes."""
    from ledger.verify import history

    monkeypatch.setattr(history, "MAX_HEADS", 1)
    book = found(Book())
    payload = b'{ "stream": "person/p-x", "version": 1 }'
    book.put(payload, "0" * 64, b"x")
    book.heads["person/p-x"] = (1, __import__("hashlib").sha256(payload).hexdigest())
    for name in ("p-a", "p-b", "p-c"):
        book.say(PersonRegistered(person=name), "ana", "ledger")
    book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    report = orjson.loads(ran(book.export(tmp_path / "log"), "--json")[1])
    assert [(f["step"], f["index"]) for f in report["findings"]] == [(6, 1)]


def test_recent_forgets_the_oldest() -> None:
    """At least `size` and at most twice as many are kept, the ones used last."""
    recent: Recent[int] = Recent(3)
    for number in range(100):
        recent.put(str(number), number)
        recent.get("0")
    assert recent.get("0") == 0
    assert recent.get("99") == 99
    assert recent.get("50") is None
    recent.drop("99")
    assert recent.get("99") is None


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 600])
def test_roots_of_all_older_sizes(size: int) -> None:
    """The tree rebuilt from tiles gives, for each older size, the root that the definition gives."""
    from ledger.crypto.merkle import root_of

    leaves = [leaf_hash(b"%d" % n) for n in range(600)]
    tree = Tree([size, 600])
    for n in range(3):
        tree.feed(b"".join(leaves[n * 256 : (n + 1) * 256]))
    assert tree.roots[size] == root_of(leaves[:size])
    assert tree.root() == root_of(leaves)


def test_start_of_the_kit() -> None:
    """The kit's clock is fixed, so that every run makes the same bundles."""
    assert START.year == 2026
