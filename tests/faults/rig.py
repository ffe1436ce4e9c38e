"""A ledger under load whose processes are killed: PostgreSQL, signer and server, brought back by the supervisor alone.

Several clients submit acts without pause. A client that gets no answer submits the same act again, as a real one
would, until it has the receipt in hand. Everything that was ever handed out is kept here and compared for ever: each
receipt's place, and each checkpoint's root.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from api.kept import KeptPostgres
from api.supervisor import Supervisor
from ledger.acts.trust import PersonRegistered
from ledger.clock import written_now
from ledger.compose import Desk
from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.crypto.note import Checkpoint, Note, Signer
from ledger.log.policy import Policy
from ledger.log.signer import found_state
from ledger.receipts import Receipt
from ledger.store.check import Outside, check_database
from ledger.store.log_reader import LogConnection
from ledger.store.signer_process import SignerConfig
from migrations.runner import migrate, prepare_roles
from tests.faults.kept import BACK_S, Kept, KeptServer, LostError
from tests.kit.settled import ORIGIN, Settled, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.embedded import EmbeddedPostgres
    from ledger.statement import SignedAct
    from ledger.verify.outcome import Outcome


LOG_KEY = Signer(ORIGIN, b"\1" * 32)

CLIENTS = 6

PAUSE_S = 0.02


@dataclass
class Seen:
    """Everything that was ever handed out.

    Attributes:
        entries: Index → SHA-256 of the entry in a receipt.
        places: Person → index; the same for each time that his act was acknowledged.
        roots: Size → root of every checkpoint that anybody has seen.
        wrong: What must not be; empty in the end.
        lost: Requests without an answer, by what was heard instead.
    """

    entries: dict[int, bytes] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    lost: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def receipt(self, person: str, text: str) -> None:
        """Take a receipt: verified, and against all that was seen before."""
        receipt = Receipt.parse(text)
        checkpoint, _ = receipt.verify([LOG_KEY.verifier])
        with self.lock:
            if self.places.setdefault(person, receipt.index) != receipt.index:
                self.wrong.append(f"{person} at {self.places[person]} and at {receipt.index}")
            digest = sha256(receipt.entry).digest()
            if self.entries.setdefault(receipt.index, digest) != digest:
                self.wrong.append(f"two entries at {receipt.index}")
        self.checkpoint(checkpoint)

    def checkpoint(self, checkpoint: Checkpoint) -> None:
        """Take a checkpoint: no other root of its size was ever seen."""
        with self.lock:
            if self.roots.setdefault(checkpoint.size, checkpoint.root) != checkpoint.root:
                self.wrong.append(f"two checkpoints of size {checkpoint.size}")


class Founding:
    """Heads for clients who only begin streams: each hangs on the founding."""

    origin = ORIGIN

    def __init__(self, digest: str) -> None:
        self._digest = digest

    def stream_head(self, _stream: str) -> tuple[int, str]:
        """Return the head of a stream that is not there yet."""
        return 0, self._digest


class Rig:
    """The whole of it.

    Args:
        server: A durable PostgreSQL of its own.
        directory: For signer, vault and logs.
    """

    def __init__(self, server: EmbeddedPostgres, directory: Path) -> None:
        self.postgres = server
        self.directory = directory
        self.seen = Seen()
        server.start()
        admin_url = server.url()
        migrate(admin_url)
        self.url = prepare_roles(admin_url, "prueba")
        self.plan_file = directory / "signer-plan"
        self._config(directory)
        self.town = self._settled(directory)
        self._tree, self._roots = Peaks(), [Peaks().root()]
        self._stored: list[bytes] = []
        self._numbers = iter(range(10**9))
        self._stopping = threading.Event()
        log = directory / "log"
        self.signer = Kept("signer", ["tests.faults.signer", str(directory / "signer.json"), str(self.plan_file)], log)
        self.server = KeptServer(["tests.faults.server", str(directory / "server.json")], log)
        self._supervisor = Supervisor((KeptPostgres(server), self.signer, self.server), 0.05)
        self._clients = [threading.Thread(target=self._client, args=(n,), daemon=True) for n in range(CLIENTS)]
        self.acknowledged: Counter[int] = Counter()

    def _config(self, directory: Path) -> None:
        key = directory / "log.skey"
        key.touch(mode=0o600)
        key.write_text(LOG_KEY.skey + "\n")
        self.published = directory / "published" / "checkpoint"
        SignerConfig(
            database_url=self.url,
            origin=ORIGIN,
            key_file=str(key),
            state_directory=str(directory / "state"),
            socket=str(directory / "signer.sock"),
            published=str(self.published),
            publish_interval_s=0.02,
        ).write(directory / "signer.json")
        server = {
            "url": self.url,
            "vault": str(directory / "vault"),
            "origin": ORIGIN,
            "socket": str(directory / "signer.sock"),
        }
        (directory / "server.json").write_text(json.dumps(server))

    def _settled(self, directory: Path) -> Settled:
        reader = LogConnection(self.url)
        found_state(directory / "state", LOG_KEY, reader)
        reader.close()
        return settle(self.url, directory / "vault")

    # -- life ----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def running(self) -> Iterator[Rig]:
        """Run everything while the block runs."""
        try:
            self._supervisor.start()
            for client in self._clients:
                client.start()
            self.progress()
            yield self
        finally:
            self._stopping.set()
            self._supervisor.stop()
            self.server.stop()
            self.signer.stop()
            for client in self._clients:
                client.join(BACK_S)
            self.town.store.close()

    def _client(self, number: int) -> None:
        founding = self.town.store.founding()
        assert founding is not None
        desk = Desk(Founding(founding.sha256), written_now)
        founder = self.town.town.founder
        while not self._stopping.is_set():
            person = f"p-{number}-{next(self._numbers)}"
            act = desk.sign(PersonRegistered(person=person), founder, sealed={"name": f"Persona {person}"})
            while not self._stopping.is_set() and not self._submit(person, act):
                time.sleep(PAUSE_S)
            self.acknowledged[number] += 1
            time.sleep(PAUSE_S)

    def _submit(self, person: str, act: SignedAct) -> bool:
        """Submit once; tell whether the receipt is in hand."""
        request = {"envelope": act.envelope().decode(), "disclosures": dict(act.disclosures)}
        try:
            answer = self.server.ask(next(self._numbers), request)
        except LostError:
            self.seen.lost["no answer"] += 1
            return False
        if "fatal" in answer:
            self.seen.wrong.append(answer["fatal"])
        if "receipt" not in answer:
            self.seen.lost[answer.get("again", "fatal")] += 1
            return False
        self.seen.receipt(person, answer["receipt"])
        return True

    # -- looking -------------------------------------------------------------------------------------------------

    def progress(self) -> None:
        """Wait until every client has had one more receipt."""
        before, deadline = dict(self.acknowledged), time.monotonic() + BACK_S
        while any(self.acknowledged[n] <= before.get(n, 0) for n in range(CLIENTS)):
            assert not self.seen.wrong, self.seen.wrong
            assert time.monotonic() < deadline, f"no progress: {self.seen.lost}, {self._tail()}"
            time.sleep(0.01)

    def _tail(self) -> str:
        return (self.directory / "log").read_text(errors="replace")[-2000:]

    def compare(self) -> None:
        """Compare the database with everything that was ever handed out, and every checkpoint with the entries."""
        with self.seen.lock:
            entries, roots = dict(self.seen.entries), dict(self.seen.roots)
        notes = [self.published.read_bytes()]
        with psycopg.connect(self.url) as connection:
            notes += [note for (note,) in connection.execute("SELECT note FROM ledger.checkpoints").fetchall()]
            # Last, so that everything seen so far must be in it.
            rows = connection.execute(
                "SELECT notification_id, state FROM ledger.entries WHERE notification_id > %s ORDER BY 1",
                (self._tree.size,),
            ).fetchall()
        for position, state in rows:
            assert position == self._tree.size + 1, "a gap"
            self._stored.append(sha256(state).digest())
            self._tree.append(leaf_hash(state))
            self._roots.append(self._tree.root())
        lost = [index for index, digest in entries.items() if self._stored[index : index + 1] != [digest]]
        assert lost == [], "acknowledged acts are lost or changed"
        for note in notes:
            checkpoint = Checkpoint.parse(Note.parse(note).text)
            self.seen.checkpoint(checkpoint)
            roots.setdefault(checkpoint.size, checkpoint.root)
        assert max(roots) < len(self._roots), "something was signed that is not there"
        assert [size for size, root in roots.items() if self._roots[size] != root] == []
        assert self.seen.wrong == []

    def check(self) -> Outcome:
        """Check the whole database, with the published checkpoint beside it."""
        outside = Outside(ORIGIN, Policy.of(LOG_KEY.verifier), [("published", self.published.read_bytes())])
        return check_database(self.url, outside, self.town.vault, jobs=0)

    # -- killing -------------------------------------------------------------------------------------------------

    def postgres_pids(self) -> dict[str, int]:
        """Return the postmaster and its children by what they do; one backend of the application stands for all.

        After a crash the children are there again a moment after the first connections.
        """
        deadline = time.monotonic() + BACK_S
        while True:
            found = self._postgres_pids()
            if {"postmaster", "backend", "walwriter", "checkpointer"} <= found.keys():
                return found
            assert time.monotonic() < deadline, found
            time.sleep(0.01)

    def _postgres_pids(self) -> dict[str, int]:
        postmaster = self.postgres.pid()
        if postmaster is None:
            return {}
        found = {"postmaster": postmaster}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with contextlib.suppress(OSError, IndexError, ValueError):
                    parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                    title = (entry / "cmdline").read_text()
                    if parent == postmaster and title.startswith("postgres: "):
                        word = title.removeprefix("postgres: ").split()[0].strip("\0")
                        found["backend" if word == "acervo_app" else word] = int(entry.name)
        return found

    def await_blow(self) -> None:
        """Wait until the server says that a plan was carried out."""
        deadline = time.monotonic() + BACK_S
        while not self.server.struck:
            assert time.monotonic() < deadline, "nobody was killed"
            time.sleep(0.005)

    def await_death(self, pids: list[int]) -> None:
        """Wait until processes are gone."""
        deadline = time.monotonic() + BACK_S
        while any(_lives(pid) for pid in pids):
            assert time.monotonic() < deadline, f"nobody was killed: {pids}"
            time.sleep(0.005)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
