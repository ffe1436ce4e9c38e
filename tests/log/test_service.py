"""The signer's process as its clients see it: one signature for many, refusals, restarts, bad clients."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.note import open_checkpoint
from ledger.errors import NotSealedError, StoreError
from ledger.log import client as client_module
from ledger.log import service as service_module
from ledger.log.attestation import check_attestation
from ledger.log.client import SignerClient
from ledger.log.errors import SignerRefusedError
from ledger.log.publisher import Publisher
from ledger.log.service import SignerService
from ledger.log.signer import LogSigner, found_state
from tests.kit.log import LOG_KEY, ORIGIN, MemoryLog
from tests.kit.waiting import WAIT_S, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.log.reader import Head


class Running:
    """A signer that serves from a thread.

    Attributes:
        log: Its database.
        path: Its socket.
        client: A client of it.
        steps: Names of the steps that it did.
    """

    def __init__(self, directory: Path, log: MemoryLog, cadence_s: float) -> None:
        self.log = log
        self.path = directory / "signer.sock"
        self.published = directory / "checkpoint"
        self.steps: list[str] = []
        self.client = SignerClient(self.path, timeout_s=WAIT_S)
        self.signer = LogSigner.open(directory / "state", LOG_KEY, log, self.published)
        self.publisher = Publisher(self.published, log, interval_s=0.0)
        self.service = SignerService(self.signer, self.publisher, cadence_s=cadence_s, step=self.steps.append)

    @contextmanager
    def serving(self) -> Iterator[Running]:
        """Serve while the block runs."""
        self.publisher.start()
        thread = threading.Thread(target=self.service.run, args=(self.path,))
        thread.start()
        try:
            until(self.path.exists)  # it appears when it is listened on
            yield self
        finally:
            self.service.stop()
            thread.join()
            self.publisher.stop()
            self.signer.close()
            self.client.close()


@contextmanager
def running(directory: Path, log: MemoryLog, cadence_s: float = 1000) -> Iterator[Running]:
    """Found if need be, and serve."""
    if not (directory / "state").exists():
        found_state(directory / "state", LOG_KEY, MemoryLog())
    with Running(directory, log, cadence_s).serving() as server:
        yield server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """Give a signer over 10 entries."""
    with running(tmp_path, MemoryLog(b"entry %d" % i for i in range(10))) as server:
        yield server


def test_checkpoint_and_publication(server: Running) -> None:
    """A client gets a checkpoint of at least the size it asked for; it is published and stored without being asked."""
    server.log.extend([b"eleven"])
    note = server.client.checkpoint(11)
    assert note == server.log.checkpoint(11)
    assert server.client.checkpoint(3) == note
    until(lambda: server.publisher.published_size >= 11)
    assert server.published.read_text(encoding="utf-8") == note
    assert server.log.saved[11] == note
    assert server.path.stat().st_mode & 0o777 == 0o600


def test_many_requests_share_one_signature(server: Running) -> None:
    """Of many waiting requests one signature serves all that it covers, and each gets what it asked for."""
    real = server.log.head

    def slow(start: int, count: int) -> Head:
        time.sleep(0.05)
        return real(start, count)

    server.log.head = slow  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as pool:
        server.log.extend(b"more %d" % i for i in range(20))
        notes = list(pool.map(server.client.checkpoint, range(11, 31)))
    assert {open_checkpoint(n, [LOG_KEY.verifier])[0].size for n in notes} == {30}
    assert server.steps.count("persisted") == 1


def test_late(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """A size that is not committed yet is waited for; one that does not come in time is not sealed."""
    threading.Timer(0.1, lambda: server.log.extend([b"eleven"])).start()
    assert server.client.checkpoint(11) == server.log.checkpoint(11)
    monkeypatch.setattr(service_module, "MAX_WAIT_S", 0.05)
    with pytest.raises(NotSealedError) as caught:
        server.client.checkpoint(12)
    assert caught.value.index == 11
    with pytest.raises(NotSealedError):
        server.client.checkpoint(12, timeout_s=0.01)
    assert server.client.checkpoint(11) == server.log.checkpoint(11)


def test_refusal_is_for_good(server: Running) -> None:
    """Once it has seen a tampered database the signer refuses everything, even if it is mended meanwhile."""
    good = server.log.copy()
    server.log.extend([b"eleven"])
    server.log.rows[10] = b"changed"
    for _ in range(2):
        with pytest.raises(SignerRefusedError) as caught:
            server.client.checkpoint(11)
        assert caught.value.code == "log-tampered"
        assert "experts" in caught.value.detail
        server.log.rows[10] = b"eleven"
    assert server.client.status()["refused"]["code"] == "log-tampered"
    until(lambda: server.publisher.published_size >= 10)
    assert server.log.saved == {10: good.checkpoint(10)}


def test_files_are_attested_and_nothing_else(server: Running) -> None:
    """A hash of files gets a note that says so, any other text nothing; a signer that refuses, refuses this too."""
    note = server.client.attest("ab" * 32)
    assert check_attestation(note, [LOG_KEY.verifier], "ab" * 32) == LOG_KEY.verifier
    with pytest.raises(NotSealedError):
        server.client.attest(ORIGIN)
    server.log.extend([b"eleven"])
    server.log.rows[10] = b"changed"
    with pytest.raises(SignerRefusedError):
        server.client.checkpoint(11)
    with pytest.raises(SignerRefusedError):
        server.client.attest("ab" * 32)


def test_unknown_failure_stops(server: Running) -> None:
    """A failure that nobody thought of stops the signer too."""
    server.log.head = None  # type: ignore[method-assign, assignment]
    for _ in range(2):
        with pytest.raises(SignerRefusedError, match="signer-failed"):
            server.client.checkpoint(1)


def test_database_that_is_away(server: Running) -> None:
    """An unreachable database is no refusal: nothing is sealed until it is back."""
    real = server.log.head

    def away(*_: int) -> Head:
        raise StoreError("database-unreachable", "it is\naway")

    server.log.head = away  # type: ignore[method-assign, assignment]
    with pytest.raises(NotSealedError):
        server.client.checkpoint(1)
    server.log.head = real  # type: ignore[method-assign]
    assert server.client.checkpoint(10) == server.log.checkpoint(10)


def test_daily_cadence(tmp_path: Path) -> None:
    """Without any request what was committed is sealed and published in time, and published again if nothing came."""
    log = MemoryLog([b"zero"])
    with running(tmp_path, log, cadence_s=0.05) as server:
        log.extend([b"one"])
        until(lambda: server.publisher.published_size >= 2)
        server.published.unlink()
        until(server.published.exists)
        assert server.published.read_text(encoding="utf-8") == log.checkpoint(2)


def test_restart(tmp_path: Path) -> None:
    """After a restart the same checkpoint is given, and a client's kept connection is made anew by itself."""
    log = MemoryLog(b"entry %d" % i for i in range(5))
    client = SignerClient(tmp_path / "signer.sock", timeout_s=WAIT_S)
    with pytest.raises(NotSealedError):
        client.checkpoint(5)
    with running(tmp_path, log):
        first = client.checkpoint(5)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / "signer.sock"))  # as a killed process leaves it
    with running(tmp_path, log) as server:
        assert client.checkpoint(5) == first
        status = client.status()
        assert (status["origin"], status["size"], status["refused"]) == (ORIGIN, 5, None)
        assert status["rollback_detectable"] is True
        assert server.client.checkpoint(1) == first
    client.close()


def _talk(server: Running, data: bytes) -> bytes:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(WAIT_S)
        sock.connect(str(server.path))
        sock.sendall(data)
        try:
            return sock.recv(65536)
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize(
    "data", [b"x" * 100, b"hello\n", b"sign\n", b"sign -1\n", b"sign 1 \n", b"sign " + b"9" * 60 + b"\n", b"\xff\n\n"]
)
def test_bad_clients_are_let_go(server: Running, data: bytes) -> None:
    """Whoever speaks another language is disconnected, and others are served."""
    assert _talk(server, data) == b""
    assert server.client.checkpoint(10) == server.log.checkpoint(10)


def test_requests_in_one_packet(server: Running) -> None:
    """Several requests in one packet, or one in several, are all answered."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(WAIT_S)
        sock.connect(str(server.path))
        sock.sendall(b"status\nsign 1")
        time.sleep(0.05)
        sock.sendall(b"0\nsign 2\n")
        raw = b""
        while raw.count(b"checkpoint ") < 2:
            raw += sock.recv(65536)
    assert raw.startswith(b"status ")


def test_too_many_clients(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit of connections new ones are closed, those that are open go on."""
    assert server.client.checkpoint(10)
    monkeypatch.setattr(service_module, "MAX_CONNECTIONS", 1)
    with pytest.raises(NotSealedError):
        SignerClient(server.path, timeout_s=WAIT_S).checkpoint(10)
    assert server.client.checkpoint(10)


def test_client_that_goes_away(server: Running) -> None:
    """A client that is gone before its answer disturbs nobody."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(server.path))
        sock.sendall(b"sign 11\n")
    server.log.extend([b"eleven"])
    assert server.client.checkpoint(11) == server.log.checkpoint(11)


def test_client_that_goes_away_meanwhile(server: Running) -> None:
    """A client that closes while its signature is made, or leaves answers unread, disturbs nobody."""
    real = server.log.head

    def slow(start: int, count: int) -> Head:
        time.sleep(0.1)
        return real(start, count)

    server.log.head = slow  # type: ignore[method-assign]
    for line in (b"sign 10\n", b"status\n"):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(server.path))
            sock.sendall(line)
            time.sleep(0.05)
        assert server.client.checkpoint(10) == server.log.checkpoint(10)


def test_long_paths(tmp_path: Path) -> None:
    """A socket below a directory whose name is longer than the kernel's limit is served and found."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with running(deep, MemoryLog([b"zero"])) as server:
        assert server.client.checkpoint(1) == server.log.checkpoint(1)


@pytest.mark.parametrize(
    "answer", [b"", b"checkpoint 99999999\n", b"checkpoint 5\nabc", b"x" * 9000, b"checkpoint x\n", b"sorry\n"]
)
def test_answers_that_are_none(tmp_path: Path, answer: bytes) -> None:
    """Whatever answers on the socket, the client says «not sealed» and nothing else."""
    path = tmp_path / "sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def reply() -> None:
            sock, _ = listener.accept()
            with sock:
                sock.recv(100)
                sock.sendall(answer)

        thread = threading.Thread(target=reply)
        thread.start()
        client = SignerClient(path, timeout_s=WAIT_S)
        with pytest.raises(NotSealedError):
            client.checkpoint(1)
        thread.join()
        client.close()


def test_connections_are_kept_up_to_a_number(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are used again; those beyond the limit are closed."""
    monkeypatch.setattr(client_module, "MAX_IDLE", 1)
    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(server.client.checkpoint, [10] * 50))) == 1
    assert len(server.client._idle) <= 1


def test_stopping_twice(tmp_path: Path) -> None:
    """A second request to stop, as from an impatient person at the keyboard, does nothing."""
    with running(tmp_path, MemoryLog([b"zero"])) as server:
        server.service.stop()


def test_client_that_does_not_read(server: Running) -> None:
    """A client that asks and asks without reading is let go when its answers do not fit any more."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(server.path))
        sock.settimeout(WAIT_S)
        with pytest.raises(OSError, match=r"pipe|reset"):  # noqa: PT012  which of them is told is a matter of time
            for _ in range(100_000):
                sock.sendall(b"status\n")
    assert server.client.checkpoint(10) == server.log.checkpoint(10)
