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
import logging
import os
import secrets
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api import signer as signer_process
from api.demo_keys import DemoKeys
from api.embedded import EmbeddedPostgres
from api.processes import Child
from api.settings import shield
from api.system import System
from ledger.application import Ledger
from ledger.crypto.note import Verifier
from ledger.errors import StoreError
from ledger.log.client import SignerClient
from ledger.log.errors import SignerRefusedError
from ledger.store.documents import Documents, open_object_store
from ledger.store.log_reader import LogPool
from ledger.store.pool import translated
from ledger.store.store import LedgerStore
from ledger.store.vault import Vault
from ledger.texts import text
from migrations.runner import migrate, prepare_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.settings import Settings
    from api.supervisor import Kept

CONNECTIONS_OF_CHILDREN = 28
SIGNER_START_S = 30.0
VAULT = "vault"
_PASSWORD = "app-password"  # noqa: S105  a file name
_VKEY = "vkey"
_logger = logging.getLogger(__name__)


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
        client = SignerClient(_socket(settings, data_dir))
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


# -- 4: the signer


def _socket(settings: Settings, data_dir: Path) -> Path:
    return settings.signer_socket or signer_process.socket_of(data_dir)


class KeptSigner:
    """The signer's process: ours, or the one that runs already.

    Attributes:
        name: For messages.
        refusal: Why it does not sign, where it does not.
        keys: The log's public keys.
    """

    name = "signer"

    def __init__(self, settings: Settings, data_dir: Path, app_url: str, origin: str) -> None:
        self.refusal: SignerRefusedError | None = None
        self.keys: list[Verifier] = []
        self._settings, self._data_dir = settings, data_dir
        self._app_url, self._origin = app_url, origin
        self._socket = _socket(settings, data_dir)
        self._child: Child | None = None
        self._stopped = False

    def start(self) -> None:
        """Join the signer that runs, or start one.

        Raises:
            StoreError: "child-failed"; "production-log-key" where production has no key.
        """
        self.refusal = None
        if self._settings.signer_socket is None and not _answers(self._socket):
            self._launch()
        self.keys = _known_keys(self._data_dir)

    def join(self) -> None:
        """Know the keys of a signer that runs elsewhere, as its operator copied them here.

        Raises:
            StoreError: "read-only-vkey" where he did not.
        """
        self.keys = _known_keys(self._data_dir)
        if not self.keys:
            raise StoreError("read-only-vkey", str(self._data_dir / _VKEY), path=str(self._data_dir / _VKEY))

    def alive(self) -> bool:
        """Tell whether our process runs, if it is ours; one that refuses is left alone."""
        return self._stopped or self.refusal is not None or self._child is None or self._child.alive()

    def revive(self) -> None:
        """Start it again."""
        self.start()

    def stop(self) -> None:
        """End our process."""
        self._stopped = True
        if self._child is not None:
            self._child.stop()

    def _launch(self) -> None:
        key = self._settings.log_key or _demo_log_key(self._settings, self._data_dir, self._origin)
        signer = signer_process.config_of(
            self._data_dir, self._app_url, self._origin, key, self._settings.witness_policy
        )
        config = {"signer": asdict(signer), "data_dir": str(self._data_dir) if self._settings.embedded else ""}
        log = self._data_dir / "logs" / "signer.log"
        child = Child(self.name, "api.signer", config, log)
        try:
            said = child.hear()
            if "vkey" in said:
                (self._data_dir / _VKEY).write_text(f"{said['vkey']}\n")
                if _wait_for(self._socket, child.alive):
                    self._child = child
                    return
                said = child.hear()
            self._refused(**said)
            child.stop()
        except BaseException:
            child.stop()
            raise

    def _refused(self, code: str, detail: str) -> None:
        """Keep the refusal, unless somebody else's signer was quicker than ours."""
        if code != "signer-already-running" or not _wait_for(self._socket, lambda: True):
            self.refusal = SignerRefusedError(code, detail)


class KeptWorker:
    """The worker's process."""

    name = "worker"

    def __init__(self, system: System) -> None:
        data_dir = system.settings.data_dir.absolute()
        self._config: dict[str, Any] = {
            "app_url": system.app_url,
            "vault": str(data_dir / VAULT),
            "data_dir": str(data_dir) if system.settings.embedded else "",
        }
        self._log = data_dir / "logs" / "worker.log"
        self._child: Child | None = None

    def alive(self) -> bool:
        """Tell whether it runs."""
        return self._child is not None and self._child.alive()

    def revive(self) -> None:
        """Start it.

        Raises:
            StoreError: "child-failed".
        """
        self.stop()
        self._child = Child(self.name, "api.worker", self._config, self._log)
        self._child.hear()

    def stop(self) -> None:
        """End it."""
        if self._child is not None:
            self._child.stop()


class KeptJobs(KeptWorker):
    """The process that works on the queue (`api.jobs`); where it cannot, it says why and is left alone."""

    name = "jobs"

    def __init__(self, system: System) -> None:
        super().__init__(system)
        url = system.settings.database_url
        self._config = {
            "settings": system.settings.model_dump(mode="json", exclude={"database_url"}),
            "database_url": "" if url is None else url.get_secret_value(),
            "app_url": system.app_url,
        }
        self._log = system.settings.data_dir.absolute() / "logs" / "jobs.log"
        self.refusal: str | None = None

    def alive(self) -> bool:
        """Tell whether it runs, or has said why it cannot."""
        return self.refusal is not None or super().alive()

    def revive(self) -> None:
        """Start it, or learn why it cannot run.

        Raises:
            StoreError: "child-failed".
        """
        self.stop()
        child = Child(self.name, "api.jobs", self._config, self._log)
        self.refusal = child.hear().get("code")
        if self.refusal is None:
            self._child = child
            return
        child.stop()
        _logger.warning("%s", text(self.refusal, "en"))


class KeptPostgres:
    """The private PostgreSQL."""

    name = "postgres"

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def alive(self) -> bool:
        """Tell whether the server runs."""
        return self._server.pid() is not None

    def revive(self) -> None:
        """Start it again; it recovers from its own log."""
        self._server.start()


def _demo_log_key(settings: Settings, data_dir: Path, origin: str) -> Path:
    if settings.production:
        raise StoreError("production-log-key")
    return DemoKeys(data_dir).log_key(origin)


def _known_keys(data_dir: Path) -> list[Verifier]:
    try:
        return [Verifier.parse(line) for line in (data_dir / _VKEY).read_text().split()]
    except FileNotFoundError:
        return []


def _answers(socket: Path) -> bool:
    client = SignerClient(socket, timeout_s=2.0)
    try:
        client.status()
    except OSError:
        return False
    finally:
        client.close()
    return True


def _wait_for(socket: Path, worthwhile: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SIGNER_START_S
    while worthwhile() and time.monotonic() < deadline:
        if _answers(socket):
            return True
        time.sleep(0.02)
    return False
