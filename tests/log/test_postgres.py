"""Signer, receipts and export on a real PostgreSQL, through the append function and the application's role."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.crypto.merkle import cover
from ledger.crypto.note import Signer, open_checkpoint
from ledger.errors import AcervoError, StoreError
from ledger.log.client import SignerClient
from ledger.log.errors import LogDamagedError, SignerRefusedError
from ledger.log.export import export_log
from ledger.log.policy import Policy
from ledger.log.reader import Head
from ledger.log.signer import LogSigner
from ledger.receipts import Receipt, make_receipts
from ledger.statement import SignedAct, Statement
from ledger.store import signer_process
from ledger.store.log_reader import LogConnection, LogPool, _LogQueries
from ledger.store.signer_process import EXIT_REFUSED, SignerConfig, found, main, reset, run
from ledger.store.store import LedgerStore
from ledger.store.submission import Submission
from tests.kit.log import WITNESS_KEY
from tests.kit.waiting import WAIT_S, until
from tests.kit.witness import WitnessServer
from tests.store.hand import ORIGIN, Writer, founding, sha256

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.kit.postgres import Database

KEY = Signer(ORIGIN, b"\1" * 32)
EARLY, LATE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class Ledger:
    """A ledger on PostgreSQL that only the append function writes.

    Attributes:
        store: Its store.
        reader: A log reader with a connection of its own.
        config: How a signer for it is run.
    """

    def __init__(self, database: Database, directory: Path) -> None:
        self.database = database
        self.store = LedgerStore(database.app_url)
        self.reader = LogConnection(database.app_url)
        self.directory = directory
        key = directory / "key"
        key.touch(mode=0o600)
        key.write_text(KEY.skey, encoding="utf-8")
        self.config = SignerConfig(
            database_url=database.app_url,
            origin=ORIGIN,
            key_file=str(key),
            state_directory=str(directory / "state"),
            socket=str(directory / "signer.sock"),
            published=str(directory / "published" / "checkpoint"),
            publish_interval_s=0.0,
        )
        found(self.config)
        first = founding()
        self._writer = Writer(sha256(first))
        self.put([first])

    def put(self, statements: list[bytes]) -> dict[int, bytes]:
        """Append statements as one submission and return the entries by index."""
        acts = tuple(SignedAct(Statement.parse(raw), b"\0" * 64) for raw in statements)
        (outcome,) = self.store.append([Submission(acts, {}, EARLY, LATE)])
        assert outcome.result == "appended", outcome
        return {placed.index: placed.entry for placed in outcome.placed}

    def more(self, count: int) -> dict[int, bytes]:
        """Append so many acts."""
        return self.put([self._writer.next(f"thing/{i % 5}") for i in range(count)])

    def tamper(self, statement: str) -> None:
        """Change something as a superuser who disables the triggers."""
        with psycopg.connect(self.database.admin_url, autocommit=True) as connection:
            connection.execute("SET session_replication_role = replica")
            connection.execute(statement.encode())

    @contextmanager
    def signer(self) -> Iterator[SignerClient]:
        """Run the signer as a process of its own while the block runs."""
        file = self.directory / "signer.json"
        self.config.write(file)
        assert file.stat().st_mode & 0o777 == 0o600
        process = subprocess.Popen([sys.executable, "-m", "ledger.store.signer_process", str(file)])
        client = SignerClient(Path(self.config.socket), timeout_s=WAIT_S)
        try:
            until(lambda: Path(self.config.socket).exists() or process.poll() is not None)
            yield client
        finally:
            client.close()
            process.terminate()
            assert process.wait(WAIT_S) == 0


@pytest.fixture
def ledger(database: Database, tmp_path: Path) -> Iterator[Ledger]:
    """Give a founded ledger."""
    made = Ledger(database, tmp_path)
    yield made
    made.reader.close()
    made.store.close()


def test_receipts_from_a_signer_process(ledger: Ledger) -> None:
    """Acts are appended, sealed by the process, and their receipts verify; checkpoint published and stored."""
    with ledger.signer() as client:
        entries = ledger.more(300)
        note = client.checkpoint(301)
        receipts = make_receipts(entries, note, LogPool(ledger.store.pool))
        assert [Receipt.parse(r.format()).verify([KEY.verifier])[0].size for r in receipts] == [301] * 300
        entries = ledger.more(1)
        note = client.checkpoint(302)
        assert make_receipts(entries, note, LogPool(ledger.store.pool))[0].index == 301
    # An orderly end publishes what was signed.
    assert Path(ledger.config.published).read_text(encoding="utf-8") == note
    stored = ledger.store.latest_checkpoint()
    assert stored is not None
    assert (stored.size, stored.note) == (302, note)
    with ledger.signer() as client:
        assert client.checkpoint(302) == note
        assert client.status()["rollback_detectable"] is True


def test_reader_says_what_the_tables_say(ledger: Ledger) -> None:
    """Head, entries and nodes come as they are stored, whole pages and parts; what is missing is left out."""
    ledger.more(70)
    for reader in (ledger.reader, LogPool(ledger.store.pool)):
        head = reader.head(60, 5)
        assert (head.size, head.stray, len(head.entries)) == (71, False, 5)
        assert list(head.entries) == list(reader.entries(60, 5)) == list(ledger.store.entries(60, 5))
        nodes = reader.nodes([*cover(0, 71), (9, 9)])
        assert list(head.peaks) == [nodes[c] for c in cover(0, 71)]
        assert len(nodes) == 4
        assert reader.nodes([]) == {}
        assert list(reader.node_range(0, 68, 10)) == ledger.store.nodes([(0, 68), (0, 69), (0, 70)])
        assert reader.origin() == ORIGIN
        assert reader.head(0, 0) == Head(71, head.peaks, (), False)


@pytest.mark.parametrize("edge", [2**15, 2**31])
def test_ranges_across_the_bounds_of_small_integers(ledger: Ledger, edge: int) -> None:
    """Asking for what lies across 32,768 or 2^31 finds what is there, here nothing, and no integer overflows."""
    for reader in (ledger.reader, LogPool(ledger.store.pool)):
        assert list(reader.entries(edge - 100, 256)) == []
        assert list(reader.node_range(0, edge - 100, 256)) == []
        assert reader.head(edge - 100, 256).entries == ()


def test_empty_database(database: Database) -> None:
    """Before the founding there is no origin, and the head is empty."""
    reader = LogConnection(database.app_url)
    assert reader.origin() is None
    assert reader.head(0, 10) == Head(0, (), (), False)
    reader.close()
    reader.close()
    with pytest.raises(NotImplementedError):
        _LogQueries().origin()


def test_broken_connection(ledger: Ledger) -> None:
    """A connection that the server ended is an error once, and is made anew for the next question."""
    assert ledger.reader.head(0, 0).size == 1
    with psycopg.connect(ledger.database.admin_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'acervo-signer'"
            " AND datname = current_database()"
        )
    with pytest.raises(StoreError, match="database-unreachable"):
        ledger.reader.head(0, 0)
    assert ledger.reader.head(0, 0).size == 1


TAMPERINGS = {
    "log-tampered": [
        "UPDATE ledger.entries SET state = state || 'x' WHERE notification_id = 25",
        "UPDATE ledger.nodes SET hash = sha256('x') WHERE level = 0 AND idx = 24",
        "DELETE FROM ledger.nodes WHERE level = 0 AND idx = 24",
    ],
    "log-entries-missing": ["DELETE FROM ledger.entries WHERE notification_id = 23"],
    "log-stray-entries": ["INSERT INTO ledger.entries VALUES ('thing/99', 1, 'ThingNoted/1', 'x', 30)"],
    "log-forked": ["UPDATE ledger.nodes SET hash = sha256('x') WHERE level = 4 AND idx = 0"],
    "log-rolled-back": [
        "WITH e AS (DELETE FROM ledger.entries WHERE notification_id > 15) UPDATE ledger.head SET size = 15",
    ],
}


@pytest.mark.parametrize(("code", "statement"), [(code, s) for code, many in TAMPERINGS.items() for s in many])
def test_superuser_is_noticed(ledger: Ledger, code: str, statement: str) -> None:
    """What a superuser changes in the tables, old or new, stops the signer with the name of what it saw."""
    ledger.more(20)
    signer = LogSigner.open(Path(ledger.config.state_directory), KEY, ledger.reader, None)
    assert signer.state.peaks.size == 21
    ledger.more(4)
    ledger.tamper(statement)
    with pytest.raises(SignerRefusedError) as caught:
        signer.seal()
    assert caught.value.code == code
    signer.close()


def test_head_that_is_gone(ledger: Ledger) -> None:
    """A database without the head's row is damaged, and nothing is signed."""
    ledger.tamper("DELETE FROM ledger.head")
    with pytest.raises(LogDamagedError, match="head-missing"):
        ledger.reader.head(0, 1)


def test_export_and_reset(ledger: Ledger) -> None:
    """The log is exported from the tables; a lost state is made again from the published checkpoint."""
    ledger.more(299)
    with ledger.signer() as client:
        note = client.checkpoint(300)
    report = export_log(ledger.reader, ledger.directory / "log", note, Policy.of(KEY.verifier))
    assert (report.size, report.written) == (300, 5)
    (Path(ledger.config.state_directory) / "signer-state").unlink()
    with pytest.raises(SignerRefusedError, match="signer-state-lost"):
        run(ledger.config)
    with pytest.raises(SignerRefusedError, match="signer-state-lost"):
        found(ledger.config)
    assert reset(ledger.config, Path(ledger.config.published).read_bytes()).size == 300
    with ledger.signer() as client:
        assert open_checkpoint(client.checkpoint(300), [KEY.verifier])[0].size == 300


def test_saving_a_checkpoint_again(ledger: Ledger) -> None:
    """The same checkpoint is stored once, a cosigned one beside it."""
    for note in ("one", "one", "two"):
        ledger.reader.save_checkpoint(1, note)
    assert [c.note for c in ledger.store.checkpoints()] == ["two", "one"]
    with pytest.raises(StoreError):
        ledger.reader.save_checkpoint(2, "beyond")


def test_wrong_calls(ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The process ends with a sentence and its exit status: wrong call, wrong configuration, refusal, no database."""
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
    bad = tmp_path / "bad.json"
    bad.write_text('{"origin": 1}', encoding="utf-8")
    assert main([str(bad)]) == EXIT_REFUSED
    assert "signer-config-invalid" in capsys.readouterr().err
    with pytest.raises(AcervoError, match="signer-config-invalid"):
        SignerConfig.read(tmp_path / "none.json")
    ledger.tamper("UPDATE ledger.founding SET origin = 'other.example/log'")
    ledger.config.write(tmp_path / "good.json")
    assert main([str(tmp_path / "good.json")]) == EXIT_REFUSED
    assert "log-other-origin" in capsys.readouterr().err


@pytest.fixture
def signals() -> Iterator[None]:
    """Put the signal handlers back that `serve` takes over."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_orderly_end(ledger: Ledger) -> None:
    """On SIGTERM the process publishes what it has signed and ends with 0."""
    file = ledger.directory / "signer.json"
    ledger.config.write(file)
    notes = []

    def ask_and_end() -> None:
        client = SignerClient(Path(ledger.config.socket), timeout_s=WAIT_S)
        until(Path(ledger.config.socket).exists)
        notes.append(client.checkpoint(1))
        client.close()
        os.kill(os.getpid(), signal.SIGTERM)

    asking = threading.Thread(target=ask_and_end)
    asking.start()
    assert main([str(file)]) == 0
    asking.join()
    assert notes == [Path(ledger.config.published).read_text(encoding="utf-8")]
    assert not Path(ledger.config.socket).exists()


def test_witnesses_of_the_policy(ledger: Ledger, tmp_path: Path) -> None:
    """Witnesses with a URL in the policy's file are asked; those without are not."""
    with WitnessServer(WITNESS_KEY, [KEY.verifier]).serving() as server:
        policy = tmp_path / "policy.txt"
        other = Signer("w2.example", b"\3" * 32, 4).verifier.vkey
        policy.write_text(
            f"log {KEY.verifier.vkey}\nwitness w1 {WITNESS_KEY.verifier.vkey} {server.url}\nwitness w2 {other}\n"
            "quorum w1\n",
            encoding="utf-8",
        )
        ledger.config = replace(ledger.config, policy=str(policy))
        assert [(w.name, w.url) for w in signer_process._witnesses(ledger.config)] == [
            (WITNESS_KEY.verifier.name, server.url)
        ]
        with ledger.signer() as client:
            client.checkpoint(1)
        raw = Path(ledger.config.published).read_bytes()
        checkpoint, signed = Policy.parse(policy.read_bytes()).open(raw)
        assert checkpoint.size == 1
        assert Policy.parse(policy.read_bytes()).satisfied(signed)
