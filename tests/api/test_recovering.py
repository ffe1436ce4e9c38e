"""A restored backup: writes are refused, and `recover` brings back the same root (format.md §12)."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import psycopg
import pytest
from psycopg import sql

from api.client import ApiProblem, Client
from api.demo.seed import town_of
from api.exporting import export_bundle, export_log_to
from api.main import create_app
from ledger.acts.trust import SeriesOpened
from ledger.errors import StoreError
from ledger.log.errors import SignerRefusedError
from tests.kit.commands import run, use
from tests.kit.postgres import Database
from tests.kit.served import served
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.settings import Settings
    from api.system import System

MORE = 7


def silent(_done: int, _all: int) -> None:
    """Show no progress."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A ledger whose database was set back to a backup, and what was published meanwhile.

    settings: Of the restored database.
    published: The exported log of the full ledger.
    bundle: The evidence bundle of the full ledger.
    short: An exported log of an earlier day.
    checkpoint: The last checkpoint that was given out.
    """

    settings: Settings
    published: Path
    bundle: Path
    short: Path
    checkpoint: str


def write_more(system: System, first: int, count: int) -> None:
    """Record some acts."""
    town = town_of(system)
    for year in range(first, first + count):
        town.do(SeriesOpened(body="hcd", series=f"agreement.{year}", first=5))


@pytest.fixture
def restored(database: Database, tmp_path: Path) -> Iterator[Restored]:
    """Back up at 64 acts, go on to 71, publish, and set the database back to the backup."""
    settings = settings_for(database, tmp_path / "var")
    backup = f"{database.name}_backup"
    with running(settings):
        pass
    server = database.admin_url.replace(f"/{database.name}?", "/postgres?")
    copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(backup), sql.Identifier(database.name))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(copy)
    with running(settings, settled=False) as system:
        write_more(system, 2050, 2)
        export_log_to(system, tmp_path / "antes", silent)
        write_more(system, 2052, MORE - 2)
        export_log_to(system, tmp_path / "publicado", silent)
        export_bundle(system, tmp_path / "libro.evidencia.zip", [], silent)
        checkpoint = system.checkpoint(system.size())
    named = Database(
        backup,
        *(url.replace(f"/{database.name}?", f"/{backup}?") for url in (database.admin_url, database.app_url, "")),
    )
    try:
        yield Restored(
            settings_for(named, tmp_path / "var"),
            tmp_path / "publicado",
            tmp_path / "libro.evidencia.zip",
            tmp_path / "antes",
            checkpoint,
        )
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(backup)))


def recover(restored: Restored, source: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run `acervo recover` and return its exit code."""
    use(restored.settings, monkeypatch)
    return run("recover", str(source), "--data-dir", str(restored.settings.data_dir))


def test_a_restored_backup_refuses_writes_and_says_what_to_do(restored: Restored) -> None:
    """Reading goes on; a write is a 503 problem that names `acervo recover`; nothing is recorded; health is unwell."""
    with running(restored.settings, settled=False) as system, served(create_app(system)) as url, Client(url) as client:
        with pytest.raises(SignerRefusedError) as stopped:
            write_more(system, 2070, 1)
        assert stopped.value.code == "log-rolled-back"
        act = client.desk.sign(SeriesOpened(body="hcd", series="agreement.2071", first=5), town_of(system).secretary)
        with pytest.raises(ApiProblem) as refused:
            client.submit([act])
        assert (refused.value.status, refused.value.code) == (503, "log-rolled-back")
        assert "acervo recover" in refused.value.body["detail"]
        assert refused.value.body["detail_en"]
        assert system.size() == 64
        assert httpx.get(f"{url}/api/v1/acts/3", timeout=30).status_code == 200
        assert httpx.get(f"{url}/api/v1/health", timeout=30).status_code == 503


@pytest.mark.parametrize("which", ["published", "bundle"])
def test_recover_brings_back_the_same_root(
    restored: Restored, which: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a published log or a bundle: all acts are back, the checkpoint is the old one, and writing goes on."""
    source: Path = getattr(restored, which)
    assert recover(restored, source, monkeypatch) == 0
    assert f"Recuperados {MORE} actos" in capsys.readouterr().out
    with running(restored.settings, settled=False) as system:
        assert system.size() == 64 + MORE
        assert system.signer.checkpoint(64 + MORE) == restored.checkpoint
        write_more(system, 2080, 1)
    assert recover(restored, source, monkeypatch) == 0
    assert "No falta ningún acto" in capsys.readouterr().out


def test_a_log_that_does_not_fit_changes_nothing(
    restored: Restored, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One older than what the signer remembers, and one with a byte changed: 2, and the database stays as it was."""
    assert recover(restored, restored.short, monkeypatch) == 2
    assert "busque uno más reciente" in capsys.readouterr().err
    file = next((restored.published / "tile" / "entries").rglob("000*/*"))
    raw = bytearray(file.read_bytes())
    raw[-40] ^= 1
    file.write_bytes(raw)
    assert recover(restored, restored.published, monkeypatch) == 2
    assert capsys.readouterr().err
    url = restored.settings.database_url
    assert url is not None
    with psycopg.connect(url.get_secret_value()) as connection:
        assert connection.execute("SELECT size FROM ledger.head").fetchone() == (64,)


def test_a_lost_signers_memory_is_not_made_again_by_itself(restored: Restored) -> None:
    """Without its memory the signer does not begin anew over a ledger that has entries: refused, with what to do."""
    shutil.rmtree(restored.settings.data_dir / "signer")
    with contextlib.suppress(StoreError), running(restored.settings, settled=False) as system:
        with pytest.raises(SignerRefusedError) as refused:
            write_more(system, 2070, 1)
        assert refused.value.code == "signer-state-lost"
