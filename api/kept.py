"""The processes that a server keeps alive: PostgreSQL, signer, worker, jobs; `api.supervisor` looks after them."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from api import signer as signer_process
from api.demo_keys import DemoKeys
from api.processes import Child
from ledger.crypto.note import Verifier
from ledger.errors import StoreError
from ledger.log.client import SignerClient
from ledger.log.errors import SignerRefusedError
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from api.embedded import EmbeddedPostgres
    from api.settings import Settings
    from api.system import System

SIGNER_START_S = 30.0
VAULT = "vault"
"""Where in the data directory the keys of the vault are, which the worker opens too."""
_VKEY = "vkey"
_logger = logging.getLogger(__name__)


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


class KeptSigner:
    """The signer's process: ours, or the one that runs already.

    Attributes:
        name: For messages.
        refusal: Why it does not sign, where it does not.
        keys: The log's public keys.
        socket: Where it is spoken to.
    """

    name = "signer"

    def __init__(self, settings: Settings, data_dir: Path, app_url: str, origin: str) -> None:
        self.refusal: SignerRefusedError | None = None
        self.keys: list[Verifier] = []
        self.socket = settings.signer_socket or signer_process.socket_of(data_dir)
        self._settings, self._data_dir = settings, data_dir
        self._app_url, self._origin = app_url, origin
        self._child: Child | None = None
        self._stopped = False

    def start(self) -> None:
        """Join the signer that runs, or start one.

        Raises:
            StoreError: "child-failed"; "production-log-key" where production has no key.
        """
        self.refusal = None
        if self._settings.signer_socket is None and not _answers(self.socket):
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
                if _wait_for(self.socket, child.alive):
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
        if code != "signer-already-running" or not _wait_for(self.socket, lambda: True):
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
