"""What makes a whole folder unreadable is said before anything is taken from it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from api.importers import plain
from api.importers.plain import PlainFolder
from api.importers.rolls import Rolls
from api.importers.rows import AgreementRow, MarkRow, PersonRow, VoteRow
from ledger.errors import UntrustedInputError
from tests.importers.kit import council, taken_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.kit.settled import Settled

PERSONS = "person,name\np-1,Uno\n"


def _write(path: Path, name: str, content: str | bytes) -> None:
    raw = content.encode() if isinstance(content, str) else content
    (path / name).write_bytes(raw)


def _packed(content: bytes) -> bytes:
    return gzip.compress(content)


def _twice(path: Path) -> None:
    _write(path, "persons.csv", PERSONS)
    _write(path, "persons.csv.gz", _packed(PERSONS.encode()))


FOLDERS: list[tuple[str, Callable[[Path], object], str]] = [
    ("no folder", lambda path: path.rmdir(), "plain-no-folder"),
    ("nothing of the format", lambda path: _write(path, "LEEME.txt", "hola"), "plain-empty"),
    ("an unknown file", lambda path: _write(path, "votos.csv", "a,b\n"), "plain-unknown-file"),
    ("a folder of a file's name", lambda path: (path / "votes.csv").mkdir(), "plain-unknown-file"),
    ("a file twice", _twice, "plain-file-twice"),
    ("an unknown column", lambda path: _write(path, "persons.csv", "person,name,curp\n"), "plain-bad-header"),
    ("a missing column", lambda path: _write(path, "persons.csv", "person\n"), "plain-bad-header"),
    ("a column twice", lambda path: _write(path, "persons.csv", "person,name,name\n"), "plain-bad-header"),
    ("an empty file", lambda path: _write(path, "persons.csv", ""), "plain-bad-header"),
    ("semicolons", lambda path: _write(path, "persons.csv", "person;name\np-1;Uno\n"), "plain-bad-header"),
    ("a torn header", lambda path: _write(path, "persons.csv", '"person,name\n'), "plain-bad-header"),
    ("latin-1", lambda path: _write(path, "persons.csv", "person,name\nñ,ü\n".encode("latin-1")), "plain-not-utf8"),
    ("a torn character", lambda path: _write(path, "persons.csv", PERSONS.encode() + b"p-2,\xc3"), "plain-not-utf8"),
    ("no gzip", lambda path: _write(path, "persons.csv.gz", PERSONS), "plain-bad-gzip"),
    ("a torn gzip", lambda path: _write(path, "persons.csv.gz", _packed(PERSONS.encode())[:-9]), "plain-bad-gzip"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "code"), [each[1:] for each in FOLDERS], ids=[each[0] for each in FOLDERS])
def test_a_folder_that_cannot_be_read(tmp_path: Path, make: Callable[[Path], object], code: str) -> None:
    """Each is refused as a whole, by its own code."""
    path = tmp_path / "f"
    path.mkdir()
    make(path)
    with pytest.raises(UntrustedInputError) as error:
        PlainFolder(path)
    assert error.value.code == code


def test_the_last_file_is_looked_at_before_the_first_row_is_taken(settled: Settled, tmp_path: Path) -> None:
    """A broken header of a late file leaves the ledger as it was."""
    path = council().write(tmp_path / "f")
    agreements = path / "agreements.csv"
    agreements.write_text(agreements.read_text().replace("adopted_on", "fecha", 1))
    size = settled.store.size()
    with pytest.raises(UntrustedInputError) as error:
        taken_by(settled, path)
    assert error.value.code == "plain-bad-header"
    assert error.value.detail == "agreements.csv: unknown 'fecha'"
    assert settled.store.size() == size


def test_files_have_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many bytes, too many rows, too many rows that cannot be read: each ends the reading by its code."""
    path = tmp_path / "f"
    path.mkdir()
    _write(path, "persons.csv", "person,name\n" + "".join(f"p-{n},\n" for n in range(50)))
    monkeypatch.setattr(plain, "MAX_MALFORMED", 20)
    with pytest.raises(UntrustedInputError, match="plain-too-many-bad-rows"):
        list(PlainFolder(path).lines(PersonRow))
    monkeypatch.setattr(plain, "MAX_ROWS", 10)
    with pytest.raises(UntrustedInputError, match="plain-too-long"):
        list(PlainFolder(path).cells(PersonRow))
    monkeypatch.setattr(plain, "MAX_FILE_BYTES", 100)
    with pytest.raises(UntrustedInputError, match="plain-too-long"):
        PlainFolder(path)


def test_a_line_is_where_its_row_begins(tmp_path: Path) -> None:
    """Line breaks within quotes and empty lines do not shift the numbers that a report names."""
    path = tmp_path / "f"
    path.mkdir()
    _write(path, "persons.csv", 'person,name\np-1,"Uno\ny más"\n\np-2,Dos\np 3,Tres\np-4,Cuatro\n')
    folder = PlainFolder(path)
    lines = [(line.number, line.row.person) for line in folder.lines(PersonRow)]
    assert lines == [(2, "p-1"), (5, "p-2"), (7, "p-4")]
    assert [(row.file, row.line) for row in folder.malformed] == [("persons.csv", 6)]
    assert folder.rows == 6


def test_what_is_not_there_has_no_rows(tmp_path: Path) -> None:
    """A file that is not there gives no rows, no columns and no hash."""
    path = tmp_path / "f"
    path.mkdir()
    _write(path, "persons.csv", PERSONS)
    folder = PlainFolder(path)
    assert list(folder.lines(VoteRow)) == []
    assert (folder.header(VoteRow), folder.digest(VoteRow), folder.name(VoteRow)) == ((), "", "votes.csv")
    assert list(Rolls(folder).left()) == []


def test_a_roll_names_the_lines_of_its_marks(tmp_path: Path) -> None:
    """A holder's mark is found by seat and designation, or by the seat alone; its line is the file's."""
    folder = PlainFolder(council().write(tmp_path / "f"))
    roll = Rolls(folder).take(("cabildo", 2016, "ord", 3, 1))
    assert roll is not None
    assert roll.by_sense()["favor"][2] == "regiduria-1/2"
    assert roll.line_of("regiduria-1", 2) == roll.line_of("regiduria-1") == 19
    assert roll.line_of("regiduria-1", 1) is None
    assert folder.name(MarkRow) == "marks.csv"


def test_a_vote_is_named_whole_or_not_at_all() -> None:
    """An agreement's series, session and vote go together and give the vote's stream."""
    row = {"body": "b", "year": "2016", "number": "1", "identifier": "1/2016", "adopted_on": "2016-01-01", "title": "x"}
    assert AgreementRow.model_validate(row).vote_stream is None
    whole = AgreementRow.model_validate(row | {"series": "ord", "session": "2", "vote": "3"})
    assert whole.vote_stream == "vote/b/2016/ord/2/3"
    with pytest.raises(ValueError, match="go together"):
        AgreementRow.model_validate(row | {"session": "2", "vote": "3"})
