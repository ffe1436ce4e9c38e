"""Throwing a demo away, and nothing but a demo: tables, vault, documents, the signer's memory, demo keys.

A ledger is a demo when it was founded on a simulated clock and its keys lie here as demo keys. An empty database beside
a signer that remembers something may be a real ledger whose database was lost: that is never touched, unless a reset
that was interrupted has left its mark.

    1  is it a demo, and does nobody use it        nothing has happened yet
    2  the mark                                    the next reset goes on from here
    3  the schemas are dropped                     the same
    4  the files go, the mark last                 done
"""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import psycopg

from api import signer as signer_process
from api.demo_keys import DIRECTORY, DemoKeys
from api.refusals import FILE_NAME
from api.wiring import VAULT, database
from ledger.errors import StoreError
from ledger.log.client import SignerClient
from ledger.store.store import LedgerStore

if TYPE_CHECKING:
    from pathlib import Path

    from api.settings import Settings

MARK = "demo-reset"
_SCHEMAS = "DROP SCHEMA IF EXISTS registry, ledger, migrations CASCADE"
_FILES = (VAULT, "documents", "spool", signer_process.STATE, signer_process.PUBLISHED, DIRECTORY)


def reset(settings: Settings) -> None:
    """Throw the demo of a data directory away.

    Raises:
        StoreError: "demo-reset-refused": its ledger is no demo; "demo-in-use": something serves it.
    """
    data_dir = settings.data_dir.absolute()
    if settings.production:
        raise StoreError("demo-reset-refused")
    data_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        app_url = database(settings, data_dir, stack, [])
        with LedgerStore(app_url, pool_size=2) as store:
            founding = store.founding()
        _refuse_if_served(data_dir)
        if not _is_demo(data_dir, simulated=None if founding is None else founding.simulated):
            raise StoreError("demo-reset-refused")
        (data_dir / MARK).touch()
        admin = settings.database_url.get_secret_value() if settings.database_url else _private(data_dir)
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(_SCHEMAS)
    for name in _FILES:
        shutil.rmtree(data_dir / name, ignore_errors=True)
    for path in (data_dir / "vkey", data_dir / "logs" / FILE_NAME, data_dir / "logs" / f"{FILE_NAME}.1"):
        path.unlink(missing_ok=True)
    (data_dir / MARK).unlink()


def _private(data_dir: Path) -> str:
    from api.embedded import EmbeddedPostgres

    return EmbeddedPostgres(data_dir).url()


def _is_demo(data_dir: Path, *, simulated: bool | None) -> bool:
    """Tell whether what is here may go; `simulated`: what the founding says, None where there is none."""
    if simulated is None:
        return (data_dir / MARK).exists() or not (data_dir / signer_process.STATE).exists()
    return simulated and DemoKeys(data_dir).exist()


def _refuse_if_served(data_dir: Path) -> None:
    client = SignerClient(signer_process.socket_of(data_dir), timeout_s=2.0)
    try:
        client.status()
    except OSError:
        return
    finally:
        client.close()
    raise StoreError("demo-in-use")
