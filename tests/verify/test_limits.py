"""Limits by their names, and files that are not what they should be."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from ledger.errors import UntrustedInputError
from ledger.verify import archive, bundle, pool, shard
from ledger.verify.archive import ZipArchive, ZipWriter, open_archive
from ledger.verify.ranges import Part
from ledger.verify.write import Extras, write_bundle
from tests.kit.books import LOG_KEY, OTHER_LOG_KEY, WITNESS_KEY, Book, found
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict, ran
from tests.verify.test_tree import tampered

if TYPE_CHECKING:
    from pathlib import Path


# -- limits ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    """A small bundle as a zip."""
    return found(Book()).bundle(tmp_path / "b.zip")


@pytest.mark.parametrize(
    ("module", "name", "limit"),
    [(archive, "MAX_ZIP_BYTES", 10), (archive, "MAX_ZIP_FILES", 2), (bundle, "MAX_MANIFEST_BYTES", 10)],
)
def test_a_zip_beyond_a_limit(
    zipped: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, limit: int
) -> None:
    """Each limit is named and kept."""
    monkeypatch.setattr(module, name, limit)
    assert ran(zipped)[0] == 2


@pytest.mark.parametrize(("name", "limit"), [("MAX_DIRECTORY_FILES", 3), ("MAX_DIRECTORY_DEPTH", 1)])
def test_a_directory_beyond_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> None:
    """Neither too many files nor too deep."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    monkeypatch.setattr(archive, name, limit)
    assert ran(path)[0] == 2


def test_reading_a_zip(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An absent member, one longer than asked for, and a system that gives bytes in small pieces."""
    opened = open_archive(zipped)
    with pytest.raises(UntrustedInputError, match="file-missing"):
        opened.read("absent", 1)
    with pytest.raises(UntrustedInputError, match="file-too-large"):
        opened.read("MANIFEST.json", 1)
    whole, real = opened.read("checkpoint", 4096), os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, at: real(fd, min(size, 7), at))
    assert opened.read("checkpoint", 4096) == whole
    monkeypatch.setattr(os, "pread", lambda *_: b"")
    with pytest.raises(UntrustedInputError, match="zip-malformed"):
        opened.read("checkpoint", 4096)
    opened.close()


def test_a_file_that_is_gone_when_it_is_read(tmp_path: Path) -> None:
    """A directory may change under the reader: that is an error of the input."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    opened = open_archive(path)
    (path / "checkpoint").unlink()
    with pytest.raises(UntrustedInputError, match="file-unreadable"):
        opened.read("checkpoint", 4096)


def test_a_bundle_too_large_for_a_zip(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer says to hand it over as a directory."""
    monkeypatch.setattr(archive, "MAX_ZIP_BYTES", 10)
    with pytest.raises(UntrustedInputError, match="zip-too-large"):
        ZipWriter(io.BytesIO()).add("a", 1, iter([b"x"]), 0)
    assert issubclass(ZipArchive, object)


@pytest.mark.parametrize(
    ("name", "limit"), [("MAX_OLDER_CHECKPOINTS", 1), ("MAX_DISCLOSURE_LINE_BYTES", 5), ("MAX_TILE_BYTES", 31)]
)
def test_more_than_a_bundle_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: int) -> None:
    """Too many checkpoints, too long a line, too long a tile: findings."""
    path = lawful().book.bundle(tmp_path / "b", older=[3, 4], disclosed=True, unpacked=True)
    monkeypatch.setattr(bundle, name, limit)
    assert ran(path, "--self-contained")[0] == 1


def test_more_entries_than_an_excerpt_may_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An excerpt is held in memory, so it is bounded."""
    path = lawful().book.excerpt(tmp_path / "e", (0, 1, 2))
    monkeypatch.setattr(bundle, "MAX_EXCERPT_ENTRIES", 2)
    assert "too-many-entries" in ran(path)[1]


def test_a_shard_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shards are read whole, so they are bounded; without a checkpoint there are none."""
    path = found(Book()).export(tmp_path / "log")
    (tmp_path / "1").write_text(ran(path, "--shard=1/1")[1])
    monkeypatch.setattr(shard, "MAX_SHARD_BYTES", 1)
    assert ran("merge", path, tmp_path / "1")[0] == 2
    (path / "checkpoint").write_text("x")
    assert "no-checkpoint" in ran(path, "--shard=1/1")[1]
    with pytest.raises(UntrustedInputError, match="leaves"):
        Part.from_json(Part(0, 2, leaves=bytes(32)).to_json())


def test_a_worker_without_its_bundle() -> None:
    """A worker works only after it was started."""
    with pytest.raises(RuntimeError, match="not started"):
        pool._work(0)


# -- manifests, policies, files ---------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ['{"a":1}', '{"a":"zz"}', "[]", "{", '{"b":"x","a":"x"}'])
def test_manifests_that_are_none(tmp_path: Path, text: str) -> None:
    """A manifest maps names to hashes, in canonical form."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    (path / "MANIFEST.json").write_text(text)
    assert ran(path)[0] == 2


def test_files_that_the_manifest_does_not_name(tmp_path: Path) -> None:
    """A file that is there and not listed is a finding, one listed and not there another."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    listed = json.loads((path / "MANIFEST.json").read_text())
    listed["checkpoint.9"] = listed.pop("LEEME.txt")
    (path / "MANIFEST.json").write_text(json.dumps(listed, sort_keys=True, separators=(",", ":")))
    verdict = Verdict(path)
    assert {(1, "file-not-listed", None, "LEEME.txt"), (1, "file-missing", None, "checkpoint.9")} == verdict.hits


@pytest.mark.parametrize(
    "text",
    [
        f"witness w1 {WITNESS_KEY.verifier.vkey}\nquorum w1\n",
        f"log {LOG_KEY.verifier.vkey}\n",
        f"log {LOG_KEY.verifier.vkey}\nquorum nobody\n",
        f"log {LOG_KEY.verifier.vkey}\nquorum none",
        f"log {LOG_KEY.verifier.vkey}x\nquorum none\n",
        "log x\nquorum none\n",
        "trust me\n",
        "",
    ],
)
def test_policies_that_are_none(tmp_path: Path, text: str) -> None:
    """A policy names a log and a quorum, in the one form that policies have."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    tampered(path, "policy.txt", text.encode())
    assert 2 in Verdict(path).steps()


def test_a_quorum_of_groups(tmp_path: Path) -> None:
    """Groups of witnesses count as C2SP's policies say, in both verifiers."""
    base = f"log {LOG_KEY.verifier.vkey}\nlog {OTHER_LOG_KEY.verifier.vkey}\nwitness w1 {WITNESS_KEY.verifier.vkey}\n"
    for number, (rest, met) in enumerate((("group g any w1\nquorum g\n", True), ("group g 1 w1\nquorum none\n", True))):
        (tmp_path / "policy").write_text(base + rest)
        with_him = found(Book()).bundle(tmp_path / f"{number}a", LOG_KEY, WITNESS_KEY)
        assert not Verdict(with_him, policy=tmp_path / "policy").hits
        without = found(Book()).bundle(tmp_path / f"{number}b")
        assert Verdict(without, policy=tmp_path / "policy").found(5, "quorum-not-met") == (rest.endswith("g\n") and met)


def test_disclosures_in_the_wrong_file(tmp_path: Path) -> None:
    """A line stands in the file of its entry's bundle."""
    path = found(Book()).bundle(tmp_path / "b", disclosed=True, unpacked=True)
    tampered(path, "disclosures/1.jsonl", (path / "disclosures/0.jsonl").read_bytes())
    assert Verdict(path).found(11, "disclosures-malformed")


def test_tokens_and_unrelated_certificates_are_not_read(tmp_path: Path) -> None:
    """Both may be in a bundle; the report says that this edition reads no tokens, and certificates only of its keys."""
    path = found(Book()).bundle(tmp_path / "b", unpacked=True)
    tampered(path, "timestamps/1.tsr", b"x")
    tampered(path, f"certificates/{'a' * 64}.der", b"x")
    verdict = Verdict(path)
    assert not verdict.hits
    assert ["tokens-not-read", "1"] in verdict.report["steps"]["V12"]["not_checked"]
    assert ["certificates-unrelated", "1"] in verdict.report["steps"]["V13"]["not_checked"]


def test_the_writer_refuses_a_document_of_another_name(tmp_path: Path) -> None:
    """A document travels under its own hash or not at all."""
    log = found(Book()).export(tmp_path / "log")
    (tmp_path / ("a" * 64)).write_bytes(b"x")
    with pytest.raises(UntrustedInputError, match="document-digest"):
        write_bundle(tmp_path / "b", log, extras=Extras(documents=[tmp_path / ("a" * 64)]))
