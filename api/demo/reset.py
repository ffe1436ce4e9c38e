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
from typing import TYPE_CHECKING, Any

import psycopg

from api import signer as signer_process
from api.demo.year.outside import KEPT
from api.demo_keys import DIRECTORY, DemoKeys
from api.embedded import EmbeddedPostgres
from api.exports.shelf import DIRECTORY as EXPORTS
from api.kept import VAULT
from api.refusals import FILE_NAME as REFUSALS_NAME
from api.system import READS_NAME
from ledger.errors import StoreError
from ledger.log.client import SignerClient
from ledger.store.pool import translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.settings import Settings

MARK = "demo-reset"
# Every schema of ours, by its owner: one that a later migration makes goes too.
_SCHEMAS = """
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT nspname FROM pg_namespace
      WHERE pg_get_userbyid(nspowner) IN ('acervo_owner', 'acervo_app') OR nspname = 'migrations' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', name);
  END LOOP;
END $$
"""
_FILES = (VAULT, "documents", "spool", signer_process.STATE, signer_process.PUBLISHED, DIRECTORY, KEPT, EXPORTS)


def reset(settings: Settings) -> None:
    """Throw the demo of a data directory away.

    Raises:
        StoreError: "demo-reset-refused": its ledger is no demo; "demo-in-use": something serves it.
    """
    data_dir = settings.data_dir.absolute()
    if settings.production:
        raise StoreError("demo-reset-refused")
    data_dir.mkdir(parents=True, exist_ok=True)
    _refuse_if_served(data_dir)
    with _owner(settings, data_dir) as connection:
        if not _is_demo(data_dir, simulated=_founded(connection)):
            raise StoreError("demo-reset-refused")
        (data_dir / MARK).touch()
        connection.execute(_SCHEMAS)
    for name in _FILES:
        shutil.rmtree(data_dir / name, ignore_errors=True)
    (data_dir / "vkey").unlink(missing_ok=True)
    for name in (REFUSALS_NAME, READS_NAME):
        for path in (data_dir / "logs").glob(f"{name}*"):
            path.unlink()
    (data_dir / MARK).unlink()


@contextlib.contextmanager
def _owner(settings: Settings, data_dir: Path) -> Iterator[psycopg.Connection[Any]]:
    """Give the owner's connection, whatever migrations say: a demo of yesterday's program is thrown away too."""
    with contextlib.ExitStack() as stack:
        if settings.database_url is not None:
            url = settings.database_url.get_secret_value()
        else:
            server = EmbeddedPostgres(data_dir)
            url = server.start()
            stack.callback(server.release)
        with translated():
            yield stack.enter_context(psycopg.connect(url, autocommit=True))


def _founded(connection: psycopg.Connection[Any]) -> bool | None:
    """Return whether the ledger was founded on a simulated clock; None where none was founded."""
    if connection.execute("SELECT to_regclass('ledger.founding')").fetchone() == (None,):
        return None
    found = connection.execute("SELECT simulated FROM ledger.founding").fetchone()
    return None if found is None else bool(found[0])


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
