"""`acervo import`: exit codes, what is told, a ledger founded where there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from api.importers import columbus, peru
from ledger.errors import UntrustedInputError
from ledger.store.store import LedgerStore
from tests.importers.kit import council
from tests.kit import commands
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from api.settings import Settings
    from tests.kit.postgres import Database


@pytest.fixture
def environment(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Let commands find an empty ledger by the environment, its signer running."""
    settings = settings_for(database, tmp_path / "data")
    commands.use(settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    with running(settings, settled=False):
        yield settings


def run(*arguments: str) -> int:
    """Run `acervo import` and return its exit code."""
    return commands.run("import", *arguments)


@pytest.mark.usefixtures("environment")
def test_a_rehearsal_founds_nothing_and_an_import_founds(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On an empty ledger a dry run tells everything and records nothing; the import founds with demo keys, once."""
    folder = str(council().write(tmp_path / "f"))
    with LedgerStore(database.app_url) as store:
        assert run("plain", folder, "--dry-run", "--report", "r.json") == 0
        rehearsed = json.loads((tmp_path / "r.json").read_text())
        assert (store.size(), rehearsed["dry_run"], rehearsed["taken"]["marks"]) == (0, True, 20)
        assert "Ensayo, nada se asentó" in capsys.readouterr().out
        assert run("plain", folder, "--report", "r.json") == 0
        assert json.loads((tmp_path / "r.json").read_text()) == rehearsed | {"dry_run": False}
        size = store.size()
        assert run("plain", folder) == 0
        assert store.size() == size
    assert "62 ya constaban" in capsys.readouterr().out


@pytest.mark.usefixtures("environment")
def test_a_refused_row_is_told_with_its_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A refusal is one line: file, line, code, the rule's sentence, its particulars; the exit code is 1."""
    folder = council()
    folder.change("votes", 1, contra=4)
    assert run("plain", str(folder.write(tmp_path / "f"))) == 1
    said = capsys.readouterr().out
    assert (
        "  votes.csv:3  published-tally-differs: Las cuentas publicadas no son las que dan las marcas. "
        "contra: 4 published, 3 marks" in said
    )


@pytest.mark.usefixtures("environment")
def test_what_is_no_folder_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a missing folder nor a wrong source is a trace: a sentence, and exit code 2."""
    assert run("plain", str(tmp_path / "no-hay")) == 2
    assert run("mexico-diputados", str(tmp_path)) == 2
    assert run("peru", str(tmp_path)) == 2
    said = capsys.readouterr().err
    assert "No es un directorio." in said
    assert "no es el conjunto de datos" in said
    assert "mexico-diputados" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("importer", [columbus, peru])
def test_another_folder_is_not_taken_for_the_data_set(importer: ModuleType, tmp_path: Path) -> None:
    """A folder without the files is refused in one sentence."""
    with pytest.raises(UntrustedInputError) as error:
        importer.convert(tmp_path, tmp_path / "out")
    assert error.value.code == "source-unknown"
