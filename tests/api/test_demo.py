"""The demo from the command line: a fictional session, and a real day certified."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.cli.main import main
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from tests.kit.postgres import Database

EXCERPT = Path(__file__).parents[1] / "data" / "mexico-excerpt"


def run(*arguments: str) -> int:
    """Run a command in this process and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return code or 0


def test_a_session_is_told_once_and_a_real_day_is_certified(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The story ends in a certificate, once; an imported day is certified; the database agrees."""
    settings = settings_for(database, tmp_path)
    with running(settings):
        monkeypatch.setenv("ACERVO_DATA_DIR", str(settings.data_dir))
        assert settings.database_url is not None
        monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
        assert run("demo") == 0
        assert "certification/hcd/" in capsys.readouterr().out
        assert run("demo") == 2
        assert "ya está contada" in capsys.readouterr().err
        assert run("import", "mexico-diputados", str(EXCERPT)) == 0
        assert run("demo", "--certify", "diputados/2006/pleno/1") == 0
        assert "certification/diputados/" in capsys.readouterr().out
        assert run("demo", "--certify", "diputados/2006/pleno/1") == 1
        assert run("check") == 0
