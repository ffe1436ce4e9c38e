"""Commands of `acervo`, run in the test's own process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.cli.main import main

if TYPE_CHECKING:
    from api.settings import Settings


def run(*arguments: str) -> int:
    """Run a command and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    code = ended.value.code
    assert code is None or isinstance(code, int)
    return code or 0


def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands find the settings' ledger by the environment."""
    assert settings.database_url is not None
    monkeypatch.setenv("ACERVO_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url.get_secret_value())
