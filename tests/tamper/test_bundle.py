"""The tamper matrix of the evidence bundle: every file × every mutation, as a directory and as a zip.

`verify` judges with what an auditor has in his pocket: the policy, the founding's hash, an older checkpoint. *Covered
up* means that the manifest was written anew to fit. Leaving out optional files (opened texts, documents, schemas) and
fitting the manifest gives another honest bundle, which says what it does not check; that is no tampering.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

import orjson
import pytest

from ledger.acts.trust import PersonRegistered
from ledger.crypto.dsse import pae
from ledger.errors import UntrustedInputError
from ledger.log.tiles import parse_bundle
from ledger.statement import Entry
from ledger.verify.archive import ZipWriter
from ledger.verify.bundle import Bundle, file_kind
from ledger.verify.checks import verify
from ledger.verify.trust import Trust
from tests.kit.books import OTHER_LOG_KEY, Book, entry_of, found, key, policy
from tests.kit.bundles import lawful

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ledger.verify.outcome import Outcome

TITLE = "tamper matrix of the bundle: cases noticed, per kind of file and mutation"
KINDS = ("change", "swap", "delete", "truncate", "insert", "re-sign")
FORMS = ("directory", "zip")
SIZE = 300
OLD = 100
_NEW_FILES = ("extra.txt", "tile/entries/009", "tile/8/000", "checkpoint.9999999", "entries/0.json", "schemas/x.json")
_AUXILIARY = ("LEEME.txt", "standalone.py", "schemas/")

_REMARKS = {"file-of-another-version", "policy-differs"}

Files = dict[str, bytes]


@dataclass
class Evidence:
    """A bundle's files, and what the auditor knows.

    Attributes:
        files: Name → content.
        trust: From outside.
        entries: As in the bundle.
    """

    files: Files
    trust: Trust
    entries: list[bytes] = field(default_factory=list)

    def write(self, files: Mapping[str, bytes], path: Path, form: str) -> Path:
        """Write files as a directory or a strict zip, whatever they hold."""
        if form == "directory":
            for name, content in files.items():
                target = path / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            return path
        with path.open("xb") as out:
            writer = ZipWriter(out)
            for name in sorted(files):
                writer.add(name, len(files[name]), iter([files[name]]), crc32(files[name]))
            writer.finish()
        return path


def evidence(book: Book, tmp_path: Path, old: int) -> Evidence:
    """Make the evidence of a book."""
    document = b"acta escaneada"
    scan = tmp_path / sha256(document).hexdigest()
    scan.write_bytes(document)
    path = book.bundle(tmp_path / "bundle", older=[old], disclosed=True, unpacked=True, documents=[scan])
    files = {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}
    founding = Entry.parse(book.entries[0]).act.statement.sha256
    trust = Trust(policy(), founding, [("pocket", book.checkpoint(old))])
    return Evidence(files, trust, book.entries)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give a bundle with whole and partial tiles of two levels."""
    book = lawful().book
    while book.size < SIZE:
        book.say(PersonRegistered(person=f"p-{book.size}"), "ana", "ledger")
    return evidence(book, tmp_path_factory.mktemp("whole"), OLD)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Give a bundle of one act, for files that have nothing to do with acts."""
    return evidence(found(Book()), tmp_path_factory.mktemp("small"), 1)


# -- judging -----------------------------------------------------------------------------------------------------


def judge(evidence: Evidence, path: Path) -> Outcome | str:
    """Return the outcome, or the words of a refusal to read at all."""
    try:
        with Bundle.open(path) as bundle:
            return verify(bundle, evidence.trust, jobs=0)
    except UntrustedInputError as error:
        return str(error)


def names(outcome: Outcome | str, wanted: str, indexes: range) -> bool:
    """Tell whether the file, or an index that it holds, is named; of an auxiliary file, a remark does too."""
    if isinstance(outcome, str):
        return wanted in outcome or (wanted == "MANIFEST.json" and outcome.startswith("manifest-malformed"))
    named = {finding.file for finding in outcome.findings} | {f.detail.split(" ")[0] for f in outcome.findings}
    named |= {remark.detail for remark in outcome.remarks if remark.code in _REMARKS}
    if wanted == "MANIFEST.json":  # what it says of a file, or that file without it, is what is named
        named |= {wanted for finding in outcome.findings if finding.step == 1}
    sizes = {f"< {size}" for size in range(indexes.start + 1, SIZE + 1)} if indexes else set()
    named_size = any(f.detail in sizes for f in outcome.findings)
    return wanted in named or named_size or any(f.index in indexes for f in outcome.findings if f.index is not None)


def held(name: str) -> range:
    """Return the indexes of the entries that a file of the tree speaks of."""
    if name.startswith("tile/entries/000") or name == "tile/0/000":
        return range(256)
    if name.startswith("tile/"):
        return range(SIZE)
    return range(0)


# -- the mutations -----------------------------------------------------------------------------------------------


def changed(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Give every change of one file's content: its kind, a word for it, the new content."""
    for word, at in (("first", 0), ("middle", len(content) // 2), ("last", len(content) - 1)):
        yield "change", f"{word} byte", content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    yield "truncate", "last byte", content[:-1]
    yield "truncate", "half", content[: len(content) // 2]
    yield "truncate", "all", b""
    yield "insert", "a byte at the end", content + b"\n"


def mutations(files: Files, name: str) -> Iterator[tuple[str, str, Files, bool]]:
    """Give kind, label, files and whether a fitting manifest can cover it up."""
    for kind, word, content in changed(files[name]):
        # Fewer opened texts and a manifest that fits: an honest bundle that opens less.
        withheld = kind == "truncate" and name.startswith("disclosures/")
        yield kind, word, files | {name: content}, not withheld
    yield "delete", "gone", {each: content for each, content in files.items() if each != name}, False
    other = next((each for each in sorted(files) if each != name and _alike(each, name)), "LEEME.txt")
    if other == name:
        other = "policy.txt"
    yield "swap", f"with {other}", files | {name: files[other], other: files[name]}, _alike(other, name)


def _alike(one: str, other: str) -> bool:
    return file_kind(one)[0] == file_kind(other)[0] and one.count("/") == other.count("/")


def covered(files: Files) -> Files:
    """Write the manifest anew."""
    listed = {name: sha256(content).hexdigest() for name, content in files.items() if name != "MANIFEST.json"}
    return files | {"MANIFEST.json": orjson.dumps(listed, option=orjson.OPT_SORT_KEYS)}


CHOSEN = (
    "MANIFEST.json",
    "policy.txt",
    "checkpoint",
    f"checkpoint.{OLD}",
    "disclosures/0.jsonl",
    "disclosures/1.jsonl",
)
TILES = ("tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1")


def test_every_file_has_its_cases(whole: Evidence) -> None:
    """The files of a bundle are those that these tests walk: a new one without cases fails here."""
    others = {name for name in whole.files if not name.startswith(("documents/", *_AUXILIARY))}
    assert others == {*CHOSEN, *TILES}


@pytest.mark.parametrize("form", FORMS)
def test_what_nobody_touched_is_clean(whole: Evidence, small: Evidence, tmp_path: Path, form: str) -> None:
    """No false alarm, in either form."""
    for number, each in enumerate((whole, small)):
        outcome = judge(each, each.write(each.files, tmp_path / f"{number}", form))
        assert not isinstance(outcome, str)
        assert (outcome.findings, outcome.remarked["file-of-another-version"]) == ([], 0)


def run(
    evidence: Evidence, name: str, form: str, tmp_path: Path, *, lightly: bool = False
) -> tuple[Counter[str], list[str]]:
    """Do all mutations of a file; return how many were noticed by kind, and what was missed."""
    counts: Counter[str] = Counter()
    missed: list[str] = []
    for number, (kind, word, files, coverable) in enumerate(mutations(evidence.files, name)):
        if lightly and number > 0 and kind != "delete":
            continue
        for cover in (False, True):
            if cover and (not coverable or name == "MANIFEST.json"):
                continue
            path = evidence.write(covered(files) if cover else files, tmp_path / f"{number}-{cover}", form)
            outcome = judge(evidence, path)
            counts[kind] += 1
            if not names(outcome, name, held(name)):
                missed.append(f"{form} {name}: {kind} {word}{', covered up' if cover else ''}: {_short(outcome)}")
    return counts, missed


def _short(outcome: Outcome | str) -> str:
    return outcome if isinstance(outcome, str) else str([(f.code, f.index, f.file) for f in outcome.findings[:3]])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [*CHOSEN, *TILES, "documents", "LEEME.txt", "standalone.py"])
def test_each_mutation_of_a_file_is_noticed(
    whole: Evidence, tmp_path: Path, form: str, name: str, shown: Callable[[str, str, int], None]
) -> None:
    """Each mutation of a file is a finding that names the file, or the indexes of the acts that it holds."""
    target = next(each for each in sorted(whole.files) if each == name or each.startswith(f"{name}/"))
    counts, missed = run(whole, target, form, tmp_path)
    assert missed == []
    cells = "  ".join(f"{kind} {counts[kind] or '–':>2}" for kind in KINDS[:5])
    shown(TITLE, f"{form:<10} {name:<24} {cells}", sum(counts.values()))


@pytest.mark.parametrize("form", FORMS)
def test_each_schema_is_watched(
    small: Evidence, tmp_path: Path, form: str, shown: Callable[[str, str, int], None]
) -> None:
    """A schema that was changed or taken away is named, all of them."""
    schemas = [name for name in small.files if name.startswith("schemas/")]
    counts: Counter[str] = Counter()
    for name in schemas:
        found_here, missed = run(small, name, form, _fresh(tmp_path, name), lightly=True)
        assert missed == []
        counts += found_here
    cells = "  ".join(f"{kind} {counts[kind] or '–':>2}" for kind in KINDS[:5])
    shown(TITLE, f"{form:<10} {'schemas/*':<24} {cells}", sum(counts.values()))


def _fresh(tmp_path: Path, name: str) -> Path:
    directory = tmp_path / name.rpartition("/")[2]
    directory.mkdir()
    return directory


@pytest.mark.parametrize("form", FORMS)
def test_files_that_do_not_belong_are_named(
    whole: Evidence, tmp_path: Path, form: str, shown: Callable[[str, str, int], None]
) -> None:
    """A file more, of whatever name, is named, also where the manifest lists it."""
    for number, name in enumerate(_NEW_FILES):
        for cover in (False, True):
            files = whole.files | {name: b"x" * 32}
            path = whole.write(covered(files) if cover else files, tmp_path / f"{number}-{cover}", form)
            assert names(judge(whole, path), name, range(0)), name
    shown(TITLE, f"{form:<10} {'(a file more)':<24} insert {2 * len(_NEW_FILES):>2}", 2 * len(_NEW_FILES))


# -- re-signed ---------------------------------------------------------------------------------------------------


def _resigned_entry(raw: bytes, who: str) -> bytes:
    entry = Entry.parse(raw)
    statement = orjson.loads(entry.act.statement.raw) | {"signer": key(who).public.keyid}
    payload = orjson.dumps(statement, option=orjson.OPT_SORT_KEYS)
    signed = entry_of(payload, statement["signer"], key(who).sign(pae(payload)), entry.index, entry.recorded_at)
    assert b64encode(payload) in signed
    return signed


@pytest.mark.parametrize("form", FORMS)
def test_what_is_signed_with_another_key_is_noticed(
    whole: Evidence, tmp_path: Path, form: str, shown: Callable[[str, str, int], None]
) -> None:
    """A whole bundle made anew around one re-signed act, or one checkpoint of another key, gives itself away."""
    own = [whole.files["checkpoint"], None]
    cases: list[tuple[str, list[bytes], bytes | None, range]] = [("no entry", whole.entries, None, range(0))]
    for index in (0, 60, SIZE - 1):
        for who in ("luis", "secretaria", "nobody"):
            entries = [*whole.entries[:index], _resigned_entry(whole.entries[index], who), *whole.entries[index + 1 :]]
            cases += [(f"entry {index} by {who}", entries, note, range(index, index + 1)) for note in own]
    for number, (label, entries, note, indexes) in enumerate(cases):
        # Tiles and manifest are made anew; the checkpoint is the true one, or one that another key signed.
        forged = Book(entries=list(entries)).bundle(tmp_path / f"{number}-made", OTHER_LOG_KEY, unpacked=True)
        files = {each.relative_to(forged).as_posix(): each.read_bytes() for each in forged.rglob("*") if each.is_file()}
        if note is not None:
            files = covered(files | {"checkpoint": note})
        outcome = judge(whole, whole.write(files, tmp_path / f"{number}", form))
        assert not isinstance(outcome, str)
        root = any(finding.code == "root-differs" for finding in outcome.findings)  # of the checkpoint's size
        assert names(outcome, "checkpoint", indexes) or (note is not None and root), (label, outcome.findings)
    shown(TITLE, f"{form:<10} {'(made anew)':<24} re-sign {len(cases):>2}", len(cases))


# -- the container -----------------------------------------------------------------------------------------------


def test_every_byte_of_the_zip_itself_counts(
    small: Evidence, tmp_path: Path, shown: Callable[[str, str, int], None]
) -> None:
    """A bit flipped anywhere in the container, headers and directory included, a cut or an addition is noticed."""
    path = small.write(small.files, tmp_path / "small.zip", "zip")
    raw = path.read_bytes()
    with Bundle.open(path) as bundle:
        directory = raw.index(b"PK\x01\x02")
        assert len(bundle.archive.names) == len(small.files)
    places = sorted({*range(0, len(raw), max(1, len(raw) // 400)), *range(80), *range(directory, len(raw), 37)})
    for at in places:
        path.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
        outcome = judge(small, path)
        assert isinstance(outcome, str) or outcome.findings, at
    cuts = [1, 30, directory, directory + 50, len(raw) - 22, len(raw) - 1]
    for at in cuts:
        path.write_bytes(raw[:at])
        assert isinstance(judge(small, path), str), at
    for content in (raw + b"\0", b"\0" + raw, raw + raw):
        path.write_bytes(content)
        assert isinstance(judge(small, path), str)
    count = len(places) + len(cuts) + 3
    shown(TITLE, f"{'zip':<10} {'(the container)':<24} change {len(places)}  truncate {len(cuts)}  insert 3", count)


def test_links_and_strange_names_are_refused(whole: Evidence, tmp_path: Path) -> None:
    """A directory with a link in it, a hidden file or a name that leads elsewhere is not read at all."""
    path = whole.write(whole.files, tmp_path / "bundle", "directory")
    (path / "documents" / "link").symlink_to(path / "policy.txt")
    assert "documents/link" in str(judge(whole, path))
    (path / "documents" / "link").unlink()
    (path / ".hidden").write_bytes(b"x")
    assert ".hidden" in str(judge(whole, path))


def test_the_matrix_speaks_of_real_files(whole: Evidence) -> None:
    """The entries of the forged bundles are those of the true one: nothing is compared with itself."""
    stored = parse_bundle(whole.files["tile/entries/000"], 256) + parse_bundle(
        whole.files["tile/entries/001.p/44"], SIZE - 256
    )
    assert stored == whole.entries
