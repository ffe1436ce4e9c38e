"""The composition root: from settings to a running system. Commands, the server and the tests all come through here.

1  the data directory            nothing is left half made: everything below makes its own files whole
2  PostgreSQL, started or joined, and migrated
3  the application's role
4  the signer's process, or the one that runs already
5  store, vault, documents, ledger

A read-only server has a standby for 2, and neither 3 nor 4: it changes nothing, and starts nothing that would.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from typing import TYPE_CHECKING

from api.demo_keys import DemoKeys
from api.embedded import EmbeddedPostgres
from api.kept import VAULT, KeptPostgres, KeptSigner
from api.settings import shield
from api.system import System
from ledger.application import Ledger
from ledger.errors import StoreError
from ledger.log.client import SignerClient
from ledger.store.documents import Documents, open_object_store
from ledger.store.log_reader import LogPool
from ledger.store.pool import translated
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from migrations.runner import migrate, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.settings import Settings
    from api.supervisor import Kept

CONNECTIONS_OF_CHILDREN = 28
_PASSWORD = "app-password"  # noqa: S105  a file name


def build(settings: Settings, *, signer: bool = True) -> System:
    """Make the system of these settings; `close` it when done.

    Args:
        settings: As chosen.
        signer: Start the signer where none runs; without, receipts wait in vain and reading works.

    Raises:
        StoreError: the data directory, the database or a child process cannot be used.
    """
    shield()
    with contextlib.ExitStack() as stack:
        data_dir = prepare_data_dir(settings)
        _refuse_in_production(settings, data_dir)
        kept: list[Kept] = []
        app_url = database(settings, data_dir, stack, kept)
        store = stack.enter_context(LedgerStore(app_url, pool_size=settings.database_connections))
        founding = store.founding()
        if settings.production and founding is not None and founding.simulated:
            raise StoreError("production-simulated-clock")
        origin = settings.origin if founding is None else founding.origin
        keeper = KeptSigner(settings, data_dir, app_url, origin)
        if settings.read_only:
            keeper.join()
        elif signer:
            stack.callback(keeper.stop)
            keeper.start()
            kept.append(keeper)
        client = SignerClient(keeper.socket)
        stack.callback(client.close)
        vault = Vault(store, data_dir / VAULT)
        system = System(
            settings,
            store=store,
            vault=vault,
            documents=_documents(settings, data_dir, vault),
            ledger=Ledger(store, vault, origin),
            log=LogPool(store.pool),
            signer=client,
            keys=keeper.keys,
        )
        if keeper.refusal is not None:
            system.refuse(keeper.refusal)
        if not settings.read_only:
            system.erase_again()
        system.app_url, system.admin_url = app_url, _admin_url(settings, data_dir)
        system.kept = tuple(kept)
        system.on_close(stack.pop_all().close)
        return system


# -- 1: the data directory


def prepare_data_dir(settings: Settings) -> Path:
    """Make the data directory and check that it can be written.

    Raises:
        StoreError: "data-dir-unusable".
    """
    data_dir = settings.data_dir.absolute()
    try:
        data_dir.mkdir(mode=0o755, parents=True, exist_ok=True)
        probe = data_dir / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StoreError("data-dir-unusable", f"{data_dir}: {error.strerror}", path=str(data_dir)) from error
    return data_dir


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _refuse_in_production(settings: Settings, data_dir: Path) -> None:
    if not settings.production:
        return
    if settings.embedded:
        raise StoreError("production-embedded")
    if DemoKeys(data_dir).exist():
        raise StoreError("production-demo-keys", str(data_dir))


# -- 2 and 3: the database


def database(settings: Settings, data_dir: Path, stack: contextlib.ExitStack, kept: list[Kept]) -> str:
    """Start or join PostgreSQL, bring it up to date and return the application role's URL.

    Args:
        settings: As chosen.
        data_dir: Where the private server and the role's password are.
        stack: Takes what to do at the end.
        kept: Takes the server, if it is ours to keep alive.
    """
    if settings.read_only:
        return _admin_url(settings, data_dir)
    if settings.embedded:
        server = EmbeddedPostgres(data_dir, connections=settings.database_connections + CONNECTIONS_OF_CHILDREN)
        server.start()
        stack.callback(server.release)
        kept.append(KeptPostgres(server))
    admin_url = _admin_url(settings, data_dir)
    with _locked(data_dir / "migrate.lock"), translated():  # one at a time: roles belong to the whole server
        migrate(admin_url)
        return prepare_roles(admin_url, _password(data_dir))


def _admin_url(settings: Settings, data_dir: Path) -> str:
    if settings.database_url is not None:
        return settings.database_url.get_secret_value()
    return EmbeddedPostgres(data_dir).url()


def _password(data_dir: Path) -> str:
    """Return the application role's password: the same for every process of this data directory."""
    path = data_dir / _PASSWORD
    with contextlib.suppress(FileNotFoundError):
        return path.read_text()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    password = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w") as file:
        file.write(password)
    return password


def _documents(settings: Settings, data_dir: Path, vault: Vault) -> Documents:
    objects = open_object_store(settings.documents_url or data_dir / "documents")
    return Documents(objects, vault.keys, data_dir / "spool", max_bytes=settings.max_document_bytes)
