"""Every file of a bundle, every mutation: noticed, with the manifest as it was and with one that was made to fit."""

from __future__ import annotations

import random
import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ledger.errors import UntrustedInputError
from ledger.verify.archive import MAX_NAME_BYTES, ZipWriter, open_archive
from ledger.verify.bundle import Bundle, Opened, file_kind
from tests.kit.books import Book, enrol, found
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict
from tests.verify.test_tree import tampered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MUTATIONS: dict[str, Callable[[bytes], bytes | None]] = {
    "first byte": lambda raw: bytes([raw[0] ^ 1]) + raw[1:],
    "middle byte": lambda raw: raw[: len(raw) // 2] + bytes([raw[len(raw) // 2] ^ 4]) + raw[len(raw) // 2 + 1 :],
    "last byte": lambda raw: raw[:-1] + bytes([raw[-1] ^ 2]),
    "cut": lambda raw: raw[:-1],
    "grown": lambda raw: raw + b"\0",
    "emptied": lambda _: b"",
    "removed": lambda _: None,
}
NOT_GRANTED = {"removed": ("checkpoint.", "disclosures/", "documents/"), "emptied": ("disclosures/",)}
AUXILIARY = ("LEEME.txt", "standalone.py", "schemas/")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle with everything that a bundle may hold, unpacked."""
    folder = tmp_path_factory.mktemp("whole")
    document = folder / sha256(b"un documento").hexdigest()
    document.write_bytes(b"un documento")
    book = found(Book())
    for name in ("uno", "dos", "tres"):
        enrol(book, name)
    return book.bundle(folder / "b", older=[7], disclosed=True, unpacked=True, documents=[document])


def names(folder: Path) -> list[str]:
    """Return the bundle's files, one of the schemas standing for all."""
    files = sorted(f.relative_to(folder).as_posix() for f in folder.rglob("*") if f.is_file())
    schemas = [name for name in files if name.startswith("schemas/")]
    return [name for name in files if name not in schemas[1:]]


def test_the_untouched_bundle_has_no_finding(whole: Path) -> None:
    """Zero false alarms, and every step that can be checked was."""
    verdict = Verdict(whole)
    assert verdict.exit == 0
    assert verdict.report["steps"]["V11"]["counts"]["documents"] == 1


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutated_file_is_named_by_the_manifest(whole: Path, tmp_path: Path, mutation: str) -> None:
    """V1 names every file that is not as the manifest says."""
    for name in names(whole):
        folder = tmp_path / "copy"
        shutil.copytree(whole, folder)
        changed = MUTATIONS[mutation]((whole / name).read_bytes())
        if changed is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(changed)
        verdict = Verdict(folder)
        assert verdict.exit != 0, name
        if verdict.report and name != "MANIFEST.json":
            assert any(hit[0] == 1 and hit[3] == name for hit in verdict.hits), name
        shutil.rmtree(folder)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mutated_file_is_noticed_though_the_manifest_fits(whole: Path, tmp_path: Path, mutation: str) -> None:
    """What is signed or committed to is noticed by a later step; what is not is remarked as of another version."""
    for name in names(whole):
        if name == "MANIFEST.json":
            continue
        folder = tmp_path / "copy"
        shutil.copytree(whole, folder)
        tampered(folder, name, MUTATIONS[mutation]((whole / name).read_bytes()))
        verdict = Verdict(folder)
        if name.startswith(AUXILIARY):
            assert not verdict.hits, name
            remarked = [remark["detail"] for remark in verdict.report["remarks"]]
            assert mutation == "removed" or name in remarked
        elif name.startswith(NOT_GRANTED.get(mutation, ("-",))):
            assert not verdict.hits, "what was not granted is not evidence"
        else:
            assert verdict.exit != 0, name
            assert verdict.steps() - {1} or not verdict.report, name
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    "name", ["extra.txt", "tile/0/000", "tile/7/000", "documents/x", "entries/0.json", "checkpoint.x"]
)
def test_unknown_files_are_findings(whole: Path, tmp_path: Path, name: str) -> None:
    """Nothing unknown may travel with evidence, however well it is listed."""
    shutil.copytree(whole, tmp_path / "copy")
    tampered(tmp_path / "copy", name, b"x")
    verdict = Verdict(tmp_path / "copy")
    assert any(hit[3] == name for hit in verdict.hits)


@pytest.mark.parametrize("name", [".hidden", "a b", "á", "x" * (MAX_NAME_BYTES + 1), "-x"])
def test_names_that_are_not_allowed(whole: Path, tmp_path: Path, name: str) -> None:
    """A name that could mean something else to another program makes the input unusable."""
    shutil.copytree(whole, tmp_path / "copy")
    (tmp_path / "copy" / name).write_bytes(b"")
    assert Verdict(tmp_path / "copy").exit == 2


def test_symbolic_links_are_refused(whole: Path, tmp_path: Path) -> None:
    """No file of a directory may point elsewhere."""
    shutil.copytree(whole, tmp_path / "copy")
    (tmp_path / "copy/LEEME.txt").unlink()
    (tmp_path / "copy/LEEME.txt").symlink_to(whole / "LEEME.txt")
    assert Verdict(tmp_path / "copy").exit == 2


def test_a_directory_that_is_no_evidence(tmp_path: Path) -> None:
    """Neither a manifest nor a log, nothing at all, an empty file: unusable, not verified."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d/x").write_bytes(b"x")
    (tmp_path / "empty").write_bytes(b"")
    for path in (tmp_path / "d", tmp_path / "absent", tmp_path / "empty"):
        assert Verdict(path).exit == 2


# -- the zip -------------------------------------------------------------------------------------------------------


def test_any_flipped_byte_of_a_zip_is_noticed(tmp_path: Path) -> None:
    """Headers, names, dates, contents, directory: there is no byte that may be otherwise."""
    path = lawful().book.bundle(tmp_path / "b.evidencia.zip", disclosed=True)
    raw = path.read_bytes()
    headers = [at for at in range(len(raw) - 4) if raw[at : at + 2] == b"PK"]
    places = random.Random(1)
    tried = [places.randrange(len(raw)) for _ in range(40)]
    tried += [at + offset for at in headers[::25] for offset in (4, 6, 8, 10, 12, 14, 18, 22, 26, 28)]
    for at in tried:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :])
        assert Verdict(path).exit != 0, at


@pytest.mark.parametrize("cut", [1, 22, 23, 100, 5000])
def test_a_zip_that_was_cut_or_grown(tmp_path: Path, cut: int) -> None:
    """Cut at the end, or with something after or before it: no zip of ours."""
    path = lawful().book.bundle(tmp_path / "b.evidencia.zip")
    raw = path.read_bytes()
    for wrong in (raw[:-cut], raw + b"\0" * cut, b"\0" * cut + raw):
        path.write_bytes(wrong)
        assert Verdict(path).exit == 2


def test_a_zip_is_read_by_others(tmp_path: Path) -> None:
    """The standard library's reader finds the same files with the same contents."""
    import zipfile

    path = lawful().book.bundle(tmp_path / "b.evidencia.zip", disclosed=True)
    with zipfile.ZipFile(path) as theirs, Bundle.open(path) as ours:
        assert theirs.testzip() is None
        assert theirs.namelist() == list(ours.archive.names)
        for name in theirs.namelist():
            assert theirs.read(name) == ours.archive.read(name, 2**20)


def test_a_zip_of_another_program_is_refused(tmp_path: Path) -> None:
    """The same files in another container are not the same evidence: one content, one sequence of bytes."""
    import zipfile

    path = lawful().book.bundle(tmp_path / "b.evidencia.zip")
    with zipfile.ZipFile(path) as theirs, zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        for name in theirs.namelist():
            other.writestr(name, theirs.read(name))
    assert Verdict(tmp_path / "other.zip").exit == 2


def test_the_writer_refuses_what_the_reader_would(tmp_path: Path) -> None:
    """Names out of order, names that leave the archive, a size that is not kept."""
    with (tmp_path / "z").open("wb") as out:
        writer = ZipWriter(out)
        writer.add("b", 1, iter([b"x"]), 0)
        with pytest.raises(ValueError, match="a"):
            writer.add("a", 0, iter([]), 0)
        with pytest.raises(ValueError, match="c"):
            writer.add("c", 5, iter([b"x"]), 0)
        for name in ("../x", "/x", "x/../y", "", "x//y", "x\\y"):
            with pytest.raises(UntrustedInputError, match="name-not-allowed"):
                writer.add(name, 0, iter([]), 0)


def test_limits_are_named(tmp_path: Path) -> None:
    """A file longer than its kind may be is refused before it is read."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d/x").write_bytes(b"12345")
    archive = open_archive(tmp_path / "d")
    assert archive.read("x", 5) == b"12345"
    with pytest.raises(UntrustedInputError, match="file-too-large"):
        archive.read("x", 4)
    with pytest.raises(UntrustedInputError, match="file-missing"):
        archive.read("y", 4)
    (tmp_path / "d/x").write_bytes(b"123456")
    with pytest.raises(UntrustedInputError, match="input-changed"):
        archive.read("x", 10)


def test_kinds_of_files() -> None:
    """Each name that a bundle may hold says which of its kind it is."""
    assert file_kind("checkpoint.12") == ("older", "12")
    assert file_kind("tile/entries/x001/067.p/3") == ("tile", "")
    for name in ("checkpoint.012", "tile/0/x000/001", "tile/0/000.p/256", "entries/01.json", "MANIFEST.JSON"):
        with pytest.raises(UntrustedInputError):
            file_kind(name)


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b'{"index":1,"name":"x","text":"y"}',
        b'{"index":1, "name":"x","text":"y"}\n',
        b'{"index":1,"leaves":[]}\n',
        b'{"index":1,"leaves":["zz"]}\n',
        b'{"index":"1","name":"x","text":"y"}\n',
        b'{"index":1,"name":"x","text":"y","z":1}\n',
        b"\xff\n",
    ],
)
def test_lines_of_disclosures_are_strict(line: bytes) -> None:
    """A line that would be written otherwise is malformed."""
    with pytest.raises(UntrustedInputError, match="disclosures-malformed"):
        Opened.parse(line)
