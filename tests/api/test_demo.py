"""The demo from the command line: only to an empty ledger, thrown away only where it is one; a real day certified."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api import serving
from api.demo.reset import MARK, reset
from api.demo.seed import town_of
from api.demo.telling import unfinished
from ledger.errors import StoreError
from tests.kit.commands import run, use
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from tests.kit.postgres import Database

EXCERPT = Path(__file__).parents[1] / "data" / "mexico-excerpt"


def test_a_ledger_with_acts_is_left_alone_and_a_real_day_is_certified(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`demo`, `--reset` and `--efirma` refuse a ledger on the real clock; a day is certified; the database agrees."""
    settings = settings_for(database, tmp_path)
    use(settings, monkeypatch)
    with running(settings) as system:
        size = system.size()
        assert run("demo") == 2
        assert "se cuenta en uno vacío" in capsys.readouterr().err
        assert run("demo", "--reset") == 2
        assert "está en uso" in capsys.readouterr().err
        assert run("demo", "--efirma") == 2
        assert "se da solo en una demostración" in capsys.readouterr().err
        assert not (tmp_path / "demo-keys" / "efirma").exists()
        assert system.size() == size
    assert run("demo", "--reset") == 2
    assert "no es una demostración" in capsys.readouterr().err
    with running(settings, settled=False) as system:
        assert system.size() == size
        assert not unfinished(system)
        assert run("import", "mexico-diputados", str(EXCERPT)) == 0
        assert run("demo", "--certify", "diputados/2006/pleno/1") == 0
        assert "certification/diputados/" in capsys.readouterr().out
        assert run("demo", "--certify", "diputados/2006/pleno/1") == 1
        assert run("check") == 0


def test_a_demo_is_thrown_away_whole(database: Database, tmp_path: Path) -> None:
    """Tables, vault, signer's memory and keys go; what is founded next is another ledger; the mark does not stay."""
    settings = settings_for(database, tmp_path)
    with running(settings, settled=False) as system:
        replace(town_of(system), now=lambda: "2025-11-03T09:00:00-06:00").found("simulated")
        assert system.fictitious
        assert unfinished(system)
        keys = system.keys
    reset(settings)
    assert not (tmp_path / MARK).exists()
    assert not (tmp_path / "demo-keys").exists()
    with running(settings, settled=False) as system:
        assert system.size() == 0
        assert not system.fictitious
        assert system.keys != keys


def test_an_empty_database_beside_a_signers_memory_is_no_demo(database: Database, tmp_path: Path) -> None:
    """It may be a real ledger whose database was lost: refused, unless an interrupted reset left its mark."""
    settings = settings_for(database, tmp_path)
    with running(settings, settled=False):
        pass
    with pytest.raises(StoreError) as refused:
        reset(settings)
    assert refused.value.code == "demo-reset-refused"
    (tmp_path / MARK).touch()
    reset(settings)
    assert not (tmp_path / "signer").exists()


def test_a_demo_that_was_left_half_told_is_begun_anew(database: Database, tmp_path: Path) -> None:
    """What a kill left of a demo year is thrown away at the next start; an empty ledger is given to tell it to."""
    settings = settings_for(database, tmp_path)
    with running(settings, settled=False) as system:
        replace(town_of(system), now=lambda: "2025-11-03T09:00:00-06:00").found("simulated")
    with contextlib.closing(serving.built(settings)) as system:
        assert system.size() == 0
    with contextlib.closing(serving.built(settings)) as system:
        assert system.size() == 0


def test_production_throws_nothing_away(database: Database, tmp_path: Path) -> None:
    """With the production setting `--reset` is refused before anything is looked at."""
    settings = settings_for(database, tmp_path, production=True)
    with pytest.raises(StoreError) as refused:
        reset(settings)
    assert refused.value.code == "demo-reset-refused"
