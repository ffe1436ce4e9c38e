"""Client of the signer's socket: what API workers wait on after a commit (format §7)."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import TYPE_CHECKING, Any

from ledger.errors import NotSealedError
from ledger.log.errors import SignerRefusedError
from ledger.log.service import socket_address

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MAX_ANSWER_BYTES = 1024 * 1024
MAX_HEADER_BYTES = 4096
MAX_IDLE = 64
TIMEOUT_S = 2.0
PATIENCE_S = 0.5
"""How long a signer that does not listen is waited for; a request costs no more than this where there is none."""
RETRY_S = 0.01


class SignerClient:
    """Asks a signer for checkpoints. Thread-safe: each request has a connection of its own, kept for the next."""

    def __init__(self, path: Path, *, timeout_s: float = TIMEOUT_S) -> None:
        self._path = path
        self._timeout_s = timeout_s
        self._idle: list[socket.socket] = []
        self._lock = threading.Lock()

    def checkpoint(
        self, min_size: int, timeout_s: float | None = None, meanwhile: Callable[[], object] = lambda: None
    ) -> str:
        """Return a signed checkpoint whose tree has at least ``min_size`` entries, all of them committed.

        Args:
            min_size: Index of the last entry that it must cover, plus 1.
            timeout_s: How long to wait, seconds.
            meanwhile: Done while the signer works; twice, where a connection that was kept turns out to be dead.

        Raises:
            NotSealedError: None came in time, or the signer cannot be reached; the entries stay recorded.
            SignerRefusedError: The signer has stopped for good; writing must stop too.
        """
        limit = self._timeout_s if timeout_s is None else timeout_s
        try:
            header, body = self._ask(f"sign {min_size}\n", limit, meanwhile)
        except (OSError, ValueError) as error:
            raise NotSealedError(min_size - 1) from error
        verb, _, rest = header.partition(" ")
        if verb == "checkpoint":
            return body
        if verb == "refused":
            code, _, detail = rest.partition(" ")
            raise SignerRefusedError(code, detail)
        raise NotSealedError(min_size - 1, header)

    def attest(self, digest: str) -> str:
        """Return a note by the log's key over the hash of files that were exported (`ledger.log.attestation`).

        Raises:
            NotSealedError: the signer cannot be reached, or is one that does not know how.
            SignerRefusedError: it has stopped for good.
        """
        try:
            header, body = self._ask(f"attest {digest}\n", self._timeout_s)
        except (OSError, ValueError) as error:
            raise NotSealedError(0, str(error)) from error
        if header.startswith("refused "):
            _, code, detail = header.split(" ", 2)
            raise SignerRefusedError(code, detail)
        return body

    def status(self, timeout_s: float | None = None) -> dict[str, Any]:
        """Return what the signer says of itself.

        Raises:
            OSError: It cannot be reached.
        """
        _, body = self._ask("status\n", self._timeout_s if timeout_s is None else timeout_s)
        status: dict[str, Any] = json.loads(body)
        return status

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            idle, self._idle = self._idle, []
        for sock in idle:
            sock.close()

    def _ask(self, line: str, timeout_s: float, meanwhile: Callable[[], object] = lambda: None) -> tuple[str, str]:
        """Send a line and read the answer, once more on a new connection if a kept one turns out to be dead."""
        deadline = time.monotonic() + timeout_s
        sock = self._take()
        if sock is not None:
            try:
                return self._exchange(sock, line, deadline, meanwhile)
            except TimeoutError:
                raise
            except OSError:
                pass  # the signer was restarted since
        return self._exchange(self._connect(deadline), line, deadline, meanwhile)

    def _take(self) -> socket.socket | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _connect(self, deadline: float) -> socket.socket:
        """Connect; a signer that is just being restarted is waited for, shortly."""
        patience = min(deadline, time.monotonic() + PATIENCE_S)
        while True:
            try:
                return self._connect_once(deadline)
            except (ConnectionRefusedError, FileNotFoundError):
                if time.monotonic() >= patience:
                    raise
                time.sleep(RETRY_S)

    def _connect_once(self, deadline: float) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.settimeout(max(0.001, deadline - time.monotonic()))
            with socket_address(self._path) as address:
                sock.connect(address)
        except BaseException:
            sock.close()
            raise
        return sock

    def _exchange(
        self, sock: socket.socket, line: str, deadline: float, meanwhile: Callable[[], object]
    ) -> tuple[str, str]:
        try:
            sock.settimeout(max(0.001, deadline - time.monotonic()))
            sock.sendall(line.encode())
            meanwhile()
            answer = _read_answer(sock, deadline)
        except BaseException:
            sock.close()  # whatever is still under way must not answer the next request
            raise
        with self._lock:
            if len(self._idle) < MAX_IDLE:
                self._idle.append(sock)
                return answer
        sock.close()
        return answer


def _read_answer(sock: socket.socket, deadline: float) -> tuple[str, str]:
    """Read one answer: its header line, and its text if the header says a length."""
    raw = b""
    while b"\n" not in raw:
        raw += _more(sock, deadline)
        if len(raw) > MAX_HEADER_BYTES and b"\n" not in raw[:MAX_HEADER_BYTES]:
            raise ConnectionError("the answer has no end of line")
    header, _, body = raw.partition(b"\n")
    verb, _, length = header.decode().partition(" ")
    if verb in ("checkpoint", "note", "status"):
        wanted = int(length)
        if not 0 <= wanted <= MAX_ANSWER_BYTES:
            raise ConnectionError("the answer is too long")
        while len(body) < wanted:
            body += _more(sock, deadline)
    return header.decode(), body.decode()


def _more(sock: socket.socket, deadline: float) -> bytes:
    sock.settimeout(max(0.001, deadline - time.monotonic()))
    data = sock.recv(65536)
    if not data:
        raise ConnectionResetError("the signer closed the connection")
    return data
