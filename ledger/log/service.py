r"""The signer as a process: a Unix socket, one loop, requests grouped under one signature (format §7).

Requests and answers are lines; an answer that carries text says its length in bytes first.

=====================  ==============================================================================================
``sign <min_size>\n``  ``checkpoint <length>\n<note>`` of at least that size; ``late <size>\n`` if the ledger is not
                       that large after `MAX_WAIT_S`; ``unavailable <why>\n`` if the database cannot be read now;
                       ``refused <code> <why>\n`` when the signer has stopped for good
``attest <sha256>\n``  ``note <length>\n<note>``: that files of this hash were exported (`ledger.log.attestation`), or
                       ``refused …`` as above
``status\n``           ``status <length>\n<json>``
=====================  ==============================================================================================

Everything happens in one thread, so nothing is locked: while one signature is made, further requests gather in their
sockets, and the next round serves all of them with one read, one fsync and one signature.
"""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.crypto.note import parse_size
from ledger.errors import StoreError, UntrustedInputError
from ledger.log.errors import SignerRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.log.publisher import Publisher
    from ledger.log.signer import LogSigner

MAX_CONNECTIONS = 512
MAX_LINE_BYTES = 96
MAX_WAIT_S = 5.0
"""How long a request for a size that is not committed yet is held."""
RETRY_S = 0.005
CADENCE_S = 86_400.0
"""A checkpoint is published at least this often (format §7: daily)."""
_RECEIVE_BYTES = 4096
_log = logging.getLogger(__name__)


class _Connection:
    """A client: what it has sent of a line, and what it waits for."""

    __slots__ = ("buffer", "sock")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = b""


class SignerService:
    """Serves one ledger's signer on a socket until it is told to stop."""

    def __init__(
        self,
        signer: LogSigner,
        publisher: Publisher,
        *,
        cadence_s: float = CADENCE_S,
        step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._signer = signer
        self._publisher = publisher
        self._cadence_s = cadence_s
        self._step = step
        self._refusal: SignerRefusedError | None = None
        self._waiting: list[tuple[_Connection, int, float]] = []
        self._connections: set[_Connection] = set()
        self._selector = selectors.DefaultSelector()
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._stopped = False
        self._last_publication = time.monotonic()

    def stop(self) -> None:
        """Ask the loop to end; may be called from another thread or a signal handler."""
        if not self._stopped:
            # In this order: once the flag is set the loop may end and close the pipe.
            os.write(self._wake_write, b"x")
            self._stopped = True

    def run(self, path: Path) -> None:
        """Serve on the socket ``path`` until :meth:`stop`."""
        # A socket left by a killed process is nobody's: the state's lock says that we are the only one. The name
        # appears when somebody listens behind it, and never before.
        aside = path.with_name(f"{path.name}.new")
        aside.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        try:
            with socket_address(aside) as address:
                listener.bind(address)
            aside.chmod(0o600)
            listener.listen(MAX_CONNECTIONS)
            aside.replace(path)
            self._selector.register(listener, selectors.EVENT_READ)
            self._selector.register(self._wake_read, selectors.EVENT_READ)
            self._publisher.offer(self._signer.state.note)
            while not self._stopped:
                self._round(listener)
        finally:
            listener.close()
            path.unlink(missing_ok=True)
            for connection in list(self._connections):
                self._drop(connection)
            self._selector.close()
            os.close(self._wake_read)
            os.close(self._wake_write)

    def _round(self, listener: socket.socket) -> None:
        timeout = RETRY_S if self._waiting else self._until_cadence()
        for key, _ in self._selector.select(timeout):
            if key.fileobj is listener:
                self._accept(listener)
            elif isinstance(key.data, _Connection):
                self._receive(key.data)
        if self._waiting:
            self._answer()
        elif self._until_cadence() <= 0:
            self._daily()

    def _until_cadence(self) -> float:
        return max(0.0, self._last_publication + self._cadence_s - time.monotonic())

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setblocking(False)
            if len(self._connections) >= MAX_CONNECTIONS:
                sock.close()
                continue
            connection = _Connection(sock)
            self._connections.add(connection)
            self._selector.register(sock, selectors.EVENT_READ, connection)

    def _drop(self, connection: _Connection) -> None:
        if connection not in self._connections:
            return
        self._connections.remove(connection)
        self._waiting = [w for w in self._waiting if w[0] is not connection]
        self._selector.unregister(connection.sock)
        connection.sock.close()

    def _receive(self, connection: _Connection) -> None:
        try:
            data = connection.sock.recv(_RECEIVE_BYTES)
        except OSError:
            data = b""
        *lines, connection.buffer = (connection.buffer + data).split(b"\n")
        if not data or len(connection.buffer) > MAX_LINE_BYTES:
            self._drop(connection)
            return
        for line in lines:
            self._request(connection, line.decode("latin-1"))

    def _request(self, connection: _Connection, line: str) -> None:
        verb, _, argument = line.partition(" ")
        try:
            if line == "status":
                self._send(connection, _framed("status", json.dumps(self.status())))
            elif verb == "attest":
                self._send(connection, self._refused() or _framed("note", self._signer.attest(argument)))
            elif verb == "sign" and len(argument) <= MAX_LINE_BYTES:
                self._waiting.append((connection, parse_size(argument), time.monotonic() + MAX_WAIT_S))
            else:
                self._drop(connection)
        except UntrustedInputError:
            self._drop(connection)

    def status(self) -> dict[str, object]:
        """Say how the signer does: for health checks."""
        refusal = self._refusal
        return {
            "notices": self._signer.notices,
            "origin": self._signer.state.origin,
            "publication_errors": dict(self._publisher.errors),
            "published_size": self._publisher.published_size,
            "refused": {"code": refusal.code, "detail": refusal.detail} if refusal else None,
            "rollback_detectable": self._signer.rollback_detectable,
            "size": self._signer.state.peaks.size,
        }

    def _answer(self) -> None:
        """Make one signature and answer all requests that it satisfies."""
        failure = self._seal()
        size, note, now = self._signer.state.peaks.size, self._signer.state.note, time.monotonic()
        sealed = _framed("checkpoint", note)
        waiting, self._waiting = self._waiting, []
        for connection, wanted, deadline in waiting:
            if failure:
                self._send(connection, failure)
            elif wanted <= size:
                self._send(connection, sealed)
            elif deadline <= now:
                self._send(connection, f"late {size}\n".encode())
            else:
                self._waiting.append((connection, wanted, deadline))
        self._step("answered")

    def _seal(self) -> bytes | None:
        """Seal what is committed; return the line to answer with if that did not work."""
        if self._refusal is None:
            before = self._signer.state.note
            try:
                note = self._signer.seal(self._step)
            except SignerRefusedError as error:
                self._refuse(error)
            except StoreError as error:
                return f"unavailable {_one_line(str(error))}\n".encode()
            except Exception as error:  # noqa: BLE001  see below
                # Fail stop: what nobody thought of is not something to sign over.
                _log.exception("the signer failed")
                self._refuse(SignerRefusedError("signer-failed", f"{type(error).__name__}: {error}"))
            else:
                if note is not before:
                    self._publish(note)
                return None
        return self._refused()

    def _refused(self) -> bytes | None:
        """Return the line that says why the signer has stopped, if it has."""
        if self._refusal is None:
            return None
        return f"refused {self._refusal.code} {_one_line(self._refusal.detail)}\n".encode()

    def _refuse(self, error: SignerRefusedError) -> None:
        _log.critical("the signer refuses to sign: %s", error)
        self._refusal = error

    def _publish(self, note: str) -> None:
        self._last_publication = time.monotonic()
        self._publisher.offer(note)

    def _daily(self) -> None:
        """Seal what came without anybody asking, and publish again even if nothing came."""
        self._seal()
        self._publish(self._signer.state.note)

    def _send(self, connection: _Connection, data: bytes) -> None:
        # Answers are small; a client whose buffer is full does not read, and is let go.
        try:
            whole = connection not in self._connections or connection.sock.send(data) == len(data)
        except OSError:
            whole = False
        if not whole:
            self._drop(connection)


def serve(service: SignerService, publisher: Publisher, signer: LogSigner, path: Path) -> None:
    """Serve in this process until SIGTERM or SIGINT; then publish what is waiting and give up the lock."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: service.stop())
    publisher.start()
    try:
        service.run(path)
    finally:
        publisher.stop()
        signer.close()


@contextmanager
def socket_address(path: Path) -> Iterator[str]:
    """Give the address of a Unix socket; by way of its directory where the path is too long for the kernel."""
    if len(os.fsencode(path)) <= 100:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def _framed(verb: str, text: str) -> bytes:
    raw = text.encode()
    return f"{verb} {len(raw)}\n".encode() + raw


def _one_line(text: str) -> str:
    return " ".join(text.split())[:2000]
