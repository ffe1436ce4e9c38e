"""docs/plain-format.md says what the rows say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.importers.plain import PlainFolder
from api.importers.rows import ROWS
from ledger.profiles import names as profile_names
from tests.importers.kit import refused, taken_by

if TYPE_CHECKING:
    from api.importers.rows import Row
    from tests.kit.settled import Settled

DOCUMENT = (Path(__file__).parents[2] / "docs" / "plain-format.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### `(\w+)\.csv`\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
COLUMN = re.compile(r"^\| `(\w+)` \| (sí|no) \| (.*) \|$", re.MULTILINE)
EXAMPLE = re.compile(r"^`(\w+\.csv)`:\n\n```csv\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.file)
def test_each_file_and_column_is_documented(cls: type[Row]) -> None:
    """Every column stands in its file's table, in order, marked as required or not, and no other."""
    section = dict(SECTION.findall(DOCUMENT))[cls.file]
    columns = [(name, required == "sí") for name, required, _ in COLUMN.findall(section)]
    assert columns == [(name, field.is_required()) for name, field in cls.model_fields.items()]


@pytest.mark.parametrize("cls", ROWS, ids=lambda cls: cls.file)
def test_the_values_of_a_closed_list_are_documented(cls: type[Row]) -> None:
    """Where a column admits only certain words, the table names each of them."""
    section = dict(SECTION.findall(DOCUMENT))[cls.file]
    said = {name: text for name, _, text in COLUMN.findall(section)}
    for name, schema in cls.model_json_schema()["properties"].items():
        for word in schema.get("enum", ()):
            assert f"`{word}`" in said[name], f"{cls.file}.{name}: {word}"


def test_no_other_file_is_documented() -> None:
    """The document knows the files that the importer knows, in the order in which they are read."""
    assert [name for name, _ in SECTION.findall(DOCUMENT)] == [cls.file for cls in ROWS]


def test_the_shipped_profiles_are_documented() -> None:
    """Each profile that a body may name is named."""
    for name in profile_names():
        assert f"`{name}`" in DOCUMENT


def test_the_example_is_a_folder_that_imports(settled: Settled, tmp_path: Path) -> None:
    """The example of the document, written to files as it stands, is taken whole."""
    files = dict(EXAMPLE.findall(DOCUMENT))
    assert set(files) == {f"{cls.file}.csv" for cls in ROWS}
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    report = taken_by(settled, tmp_path)
    assert refused(report) == []
    assert sum(report.taken.values()) == PlainFolder(tmp_path).rows
