"""Open data: every format read back by somebody else's reader and compared with what the interface's lists say."""

from __future__ import annotations

import csv
import subprocess
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from api.exports import data, parquet, sources
from api.exports.catalogue import TEXTS, datasets
from api.exports.data import export_data
from api.exports.formats import FORMATS
from ledger.crypto import disclosure
from ledger.crypto.b64 import encode_base64
from ledger.crypto.note import Checkpoint, Note, Signer
from ledger.errors import NotSealedError, StoreError, UntrustedInputError
from ledger.log.attestation import attestation_text, check_attestation
from tests.api.test_problems import check_problem
from tests.kit.commands import run, use
from tests.kit.exported import READERS, Export, of_jsonl, package, rows_of, told_of, unpacked
from tests.kit.leaks import strings

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.xdist_group("exports")
DATASETS = datasets()
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "date": str,
    "datetime": str,
    "array": list,
    "object": dict,
    "any": (str, dict, list),
}


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("name", [name for name in DATASETS if name in sources.LISTED])
def test_every_format_says_what_the_list_says(exported: Export, name: str, format_: str) -> None:
    """Row by row and value by value, in the list's order; nothing is missing and nothing is added."""
    dataset = DATASETS[name]
    wanted = [dataset.row(each) for each in exported.listed(dataset)]
    found = READERS[format_](exported, dataset)
    blank = [[None if value == "" else value for value in row] for row in wanted]  # CSV knows no other nothing
    assert [[None if value == "" else value for value in row] for row in found] == blank


@pytest.mark.parametrize("name", [name for name in DATASETS if name not in sources.LISTED])
def test_all_formats_say_the_same(exported: Export, name: str) -> None:
    """Tables that belong to other registries' objects: one content in four forms, and there is some."""
    dataset = DATASETS[name]
    first, *others = [READERS[format_](exported, dataset) for format_ in FORMATS]
    assert first
    for other in others:
        assert [[None if value == "" else value for value in row] for row in other] == first


# -- what the description says ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_values_are_of_the_types_that_are_declared(exported: Export, name: str) -> None:
    """Every value of every column is of its type, dates and instants in their forms."""
    dataset = DATASETS[name]
    for row in of_jsonl(exported, dataset):
        for field, value in zip(dataset.fields, row, strict=True):
            if value is None:
                continue
            assert isinstance(value, TYPES[field.type]), (name, field.name, value)
            assert isinstance(value, bool) == (field.type == "boolean"), (name, field.name, value)
            if field.type == "date":
                date.fromisoformat(str(value))
            if field.type == "datetime":
                assert datetime.fromisoformat(str(value)).utcoffset() is not None


def test_the_package_describes_every_file(exported: Export) -> None:
    """`datapackage.json`: each resource with its hash and size; each column in two languages; what it stands for."""
    said = package(exported.directory)
    signed = Checkpoint.parse(Note.parse((exported.directory / "checkpoint").read_bytes()).text)
    assert said["acervo"]["tree_head"] == {"size": signed.size, "root": encode_base64(signed.root)}
    assert said["acervo"]["origin"] == exported.system.ledger.origin
    assert said["licenses"][0]["name"] == "CC-BY-4.0"
    assert said["acervo"]["notice"] == "Datos ficticios"
    assert said["description"].startswith("Datos ficticios")
    names = {each.name for each in exported.directory.iterdir()}
    assert {each["path"] for each in said["resources"]} == names - {
        "datapackage.json",
        "checkpoint",
        "SHA256SUMS",
        "SHA256SUMS.note",
    }
    assert len({each["name"] for each in said["resources"]}) == len(said["resources"])
    for each in said["resources"]:
        content = (exported.directory / each["path"]).read_bytes()
        assert (each["bytes"], each["hash"]) == (len(content), f"sha256:{sha256(content).hexdigest()}")
    [table] = [each for each in said["resources"] if each["path"] == "agreements.csv"]
    with (exported.directory / "agreements.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert [each["name"] for each in table["schema"]["fields"]] == heading
    assert all(each["description"] and each["description_en"] for each in table["schema"]["fields"])
    assert table["acervo"]["rows"] == len(rows)


def test_checksums_are_signed_by_the_logs_key(exported: Export) -> None:
    """`sha256sum -c` finds every file whole; the note over SHA256SUMS is by the log's key and by nobody else's."""
    checked = subprocess.run(
        ["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=exported.directory, capture_output=True, check=False
    )
    assert checked.returncode == 0, checked.stderr
    sums = (exported.directory / "SHA256SUMS").read_bytes()
    listed = {line.split("  ")[1] for line in sums.decode().splitlines()}
    assert listed == {each.name for each in exported.directory.iterdir()} - {"SHA256SUMS", "SHA256SUMS.note"}
    note, digest = (exported.directory / "SHA256SUMS.note").read_bytes(), sha256(sums).hexdigest()
    key = check_attestation(note, exported.system.keys, digest)
    assert key in exported.system.keys
    for other, wanted in ((exported.system.keys, "ab" * 32), ([Signer.generate(key.name).verifier], digest)):
        with pytest.raises(UntrustedInputError, match="attestation-differs"):
            check_attestation(note, other, wanted)
    forged = note.replace(digest.encode(), b"ab" * 32)
    with pytest.raises(UntrustedInputError, match="note-signature-invalid"):
        check_attestation(forged, exported.system.keys, "ab" * 32)


def test_the_logs_key_signs_no_text_of_others(exported: Export) -> None:
    """What is asked to be attested is a hash; anything else gets no signature, and no attestation is a checkpoint."""
    with pytest.raises(NotSealedError):
        exported.system.signer.attest("actas.ejemplo/acervo")
    with pytest.raises(UntrustedInputError):
        Checkpoint.parse(attestation_text("7", "ab" * 32))


# -- what does not go out --------------------------------------------------------------------------------------------


def test_nothing_sealed_is_in_any_file(exported: Export) -> None:
    """Of all texts of the ledger, none that no act opened is in any byte of the export, workbooks unpacked."""
    system = exported.system
    opened = {(row["key"], row["index"], row["name"]) for row in rows_of(exported, TEXTS) if "value" in row}
    public = {(index, name) for _, index, name in opened}
    blocks = {(row["acta"], row["block"]) for row in rows_of(exported, "acta-blocks") if "value" in row}
    drafts = {row["draft_index"]: row["key"] for row in rows_of(exported, "actas")}
    titles = {row["title"] for row in rows_of(exported, "agenda-items") if "title" in row}
    shown = [
        told_of(row["value"])
        for row in [*rows_of(exported, TEXTS), *rows_of(exported, "acta-blocks")]
        if "value" in row
    ]
    described = [f"{field.es} {field.en}" for each in DATASETS.values() for field in each.fields]
    said = " ".join([*(word for each in shown for word in each), *titles, *described])
    closed: set[str] = set()
    for index in range(system.size()):
        for name, text in system.vault.disclosures(index).items():
            block = int(name.removeprefix("block/")) if name.startswith("block/") else None
            if (index, name) in public or (block is not None and (drafts.get(index), block) in blocks):
                continue
            closed |= {each for each in strings(disclosure.parse(text).value, keys=False) if " " in each.strip()}
    closed = {each for each in closed if each not in said}
    assert len(closed) > 50
    content = b"".join(unpacked(each) for each in exported.directory.iterdir())
    assert [each for each in closed if each.encode() in content] == []
    [title] = [each["text_title"] for each in rows_of(exported, "agreements") if each["key"] == "hcd/2026/1"]
    assert title.encode() in content  # the search would find what is there


def test_what_is_closed_is_said_by_name(exported: Export) -> None:
    """A row names the texts that it has and nobody opened; the table of texts has a line for each, without a value."""
    [agreement] = [each for each in rows_of(exported, "agreements") if each["key"] == "hcd/2026/1"]
    assert "resolution/2" in agreement["texts_closed"]
    assert "resolution/2" not in agreement["texts"]
    [line] = [
        each
        for each in rows_of(exported, TEXTS)
        if (each["registry"], each["key"], each["name"]) == ("agreements", "hcd/2026/1", "resolution/2")
    ]
    assert not line["published"]
    assert "value" not in line


# -- the command -----------------------------------------------------------------------------------------------------


def test_the_same_head_gives_the_same_bytes(exported: Export, tmp_path: Path) -> None:
    """Exported again at the same checkpoint, every file is the same octet by octet."""
    again = tmp_path / "otra"
    done = export_data(exported.system, again)
    assert done.rows == sum(len(rows_of(exported, name)) for name in DATASETS)
    names = sorted(each.name for each in exported.directory.iterdir())
    assert sorted(each.name for each in again.iterdir()) == names
    assert [name for name in names if (again / name).read_bytes() != (exported.directory / name).read_bytes()] == []


def test_an_export_stands_for_its_checkpoint(exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Registries that are ahead of the checkpoint are read as known then: the last acts' rows are not there."""
    size = exported.system.size() - 40
    note = Note.parse(exported.system.checkpoint())
    root = exported.system.tree_root(size)
    older = Note(Checkpoint(exported.system.ledger.origin, size, root).text, note.signatures).format()
    monkeypatch.setattr(exported.system, "checkpoint", lambda _=0: older)
    done = export_data(exported.system, tmp_path / "antes", ["jsonl"])
    assert done.size == size
    before = Export(exported.system, exported.address, tmp_path / "antes", exported.http)
    indexes = [row["index"] for name in sources.LISTED for row in rows_of(before, name)]
    assert max(row["last_index"] for name in sources.LISTED for row in rows_of(before, name)) < size
    assert set(indexes) <= {row["index"] for name in sources.LISTED for row in rows_of(exported, name)}


def test_export_data_from_the_command_line(
    exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`acervo export data DIR --format csv`; a directory in use and an unknown format are one sentence and exit 2."""
    use(exported.system.settings, monkeypatch)
    target = str(tmp_path / "csv")
    for words, status, said in (
        (["export", "data", target, "--format", "csv"], 0, "Datos abiertos de"),
        (["export", "data", target], 2, "Ese directorio ya tiene algo"),
        (["export", "data", target, "--format", "dbf"], 2, "No se conoce el formato «dbf»"),
    ):
        assert run(*words) == status
        captured = capsys.readouterr()
        assert said in captured.out + captured.err
    assert {each.suffix for each in (tmp_path / "csv").iterdir()} == {".csv", ".json", ".note", ""}


def test_without_its_extra_there_is_no_parquet(
    exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asked for by name it is one sentence and exit 2, or a problem; not asked for, the other formats are written."""
    monkeypatch.setattr(parquet, "available", lambda: False)
    assert data.formats_here() == [each for each in FORMATS if each != "parquet"]
    use(exported.system.settings, monkeypatch)
    assert run("export", "data", str(tmp_path / "x"), "--format", "parquet") == 2
    assert "acervo[parquet]" in capsys.readouterr().err
    for asked in ({"params": {"format": "parquet"}}, {"headers": {"Accept": "application/vnd.apache.parquet"}}):
        problem = check_problem(exported.http.get("/api/v1/agreements", **asked))  # type: ignore[arg-type]
        assert (problem["status"], problem["code"]) == (406, "parquet-missing")
    assert list(tmp_path.iterdir()) == []


def test_nothing_half_written_is_left(exported: Export, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the signer does not sign, or registries do not come, nothing stands at the name that was asked for."""

    def silent(_digest: str) -> str:
        raise NotSealedError(0)

    with monkeypatch.context() as patch:
        patch.setattr(exported.system.signer, "attest", silent)
        with pytest.raises(NotSealedError):
            export_data(exported.system, tmp_path / "x", ["csv"])
    with monkeypatch.context() as patch:
        patch.setattr(data, "_catch_up", lambda *_: None)
        patch.setattr(data, "checkpoint_size", lambda _: exported.system.size() + 5)
        with pytest.raises(StoreError):
            export_data(exported.system, tmp_path / "x", ["csv"])
    assert list(tmp_path.iterdir()) == []
