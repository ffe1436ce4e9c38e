"""The running system as routes and commands see it: one object, made by `api.wiring`, closed by whoever made it."""

from __future__ import annotations

import contextlib
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING, Any

from api.access.doorkeeper import Doorkeeper
from api.journal import Journal
from api.limits import Gate
from api.live import Feed
from api.nodes import RecentNodes
from api.problems import ApiError, not_found
from api.refusals import FILE_NAME, Refusals
from api.threads import Threads
from ledger.acts.transparency import PersonalDataErased
from ledger.clock import MEXICO_CITY, written_now
from ledger.crypto.merkle import cover, fold
from ledger.crypto.note import Checkpoint, Note
from ledger.domain.replay import signed_of
from ledger.errors import AcervoError, NotSealedError, RuleViolation
from ledger.ids import write_instant
from ledger.log.errors import LogDamagedError, SignerRefusedError
from ledger.log.reader import node_hashes
from ledger.log.tiles import build
from ledger.receipts import find_proofs, make_receipts
from ledger.statement import Entry
from ledger.store.papers import Papers
from ledger.store.pool import translated
from projections.hashes import index_of
from projections.tracking import Progress, read_parts, read_status

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from api.settings import Settings
    from api.supervisor import Kept
    from ledger.application import Ledger, Recorded
    from ledger.crypto.note import Verifier
    from ledger.domain.world import Signed
    from ledger.log.client import SignerClient
    from ledger.log.tiles import Tile
    from ledger.receipts import Proofs, Receipt
    from ledger.statement import SignedAct
    from ledger.store.documents import Documents
    from ledger.store.log_reader import LogPool
    from ledger.store.store import LedgerStore
    from ledger.store.vault import Vault
    from projections.tracking import Status

REFUSAL_RECHECK_S = 2.0
RECORDING_THREADS = 64
"""So many submissions are on their way at once: the ledger records them in groups of as many."""
READS_NAME = "reads.jsonl"
"""Who read which sealed text, and on which ground: an operational record, without the text."""


class System:
    """Everything that serves one ledger in this process.

    Args:
        settings: As chosen.
        store: The ledger's tables.
        vault: Closes and opens sealed values.
        documents: What acts name by hash.
        ledger: Takes acts.
        log: Gives entries and nodes.
        signer: Gives checkpoints.
        keys: The log's public keys, the present one first.

    Attributes:
        app_url: The application role's URL, for child processes.
        admin_url: The owner's URL, for recovery alone.
        kept: What a supervisor is to keep alive, in the order in which they need one another.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: LedgerStore,
        vault: Vault,
        documents: Documents,
        ledger: Ledger,
        log: LogPool,
        signer: SignerClient,
        keys: Sequence[Verifier],
    ) -> None:
        self.settings = settings
        self.store = store
        self.vault = vault
        self.documents = documents
        self.papers = Papers(store)
        self.ledger = ledger
        self.log = log
        self._nodes = RecentNodes(log)
        self.signer = signer
        self.keys = tuple(keys)
        self.app_url = ""
        self.admin_url = ""
        self.kept: tuple[Kept, ...] = ()
        self.refusals = Refusals(settings.data_dir / "logs" / FILE_NAME)
        self.reads = Journal(settings.data_dir / "logs" / READS_NAME)
        self.doorkeeper = Doorkeeper(self)
        self._founded: bool | None = None  # of a simulated clock; None while nothing is founded
        self.gate = Gate(settings.max_waiting_requests)
        self.recording = Threads(RECORDING_THREADS, "recording")
        self._refusal: SignerRefusedError | None = None
        self._asked_at = 0.0
        self._lock = threading.Lock()
        self._closers: list[Callable[[], object]] = []

    # -- life

    def on_close(self, action: Callable[[], object]) -> None:
        """Do `action` when the system is closed; the last one given first."""
        self._closers.append(action)

    def close(self) -> None:
        """Give everything back; safe to call twice."""
        while self._closers:
            self._closers.pop()()

    # -- whose clock

    @property
    def fictitious(self) -> bool:
        """Whether the ledger goes by a simulated clock: a demo, whose data are invented."""
        if self._founded is None:
            founding = self.store.founding()
            self._founded = None if founding is None else founding.simulated
        return bool(self._founded)

    def written_now(self) -> str:
        """Return the present instant as signers write it: by the ledger's clock where that is simulated."""
        return write_instant(self.store.now().astimezone(MEXICO_CITY)) if self.fictitious else written_now()

    # -- writing

    def check_writable(self) -> None:
        """Refuse to write on a server that only reads.

        Raises:
            ApiError: 405 "read-only", which says where the primary is, if that is known.
        """
        if self.settings.read_only:
            raise self._elsewhere(405)

    def _elsewhere(self, status: int) -> ApiError:
        return ApiError(status, "read-only", primary=self.settings.primary_url or "–")

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Record acts unless the signer has stopped for good: then nothing may be written (format.md §12).

        Raises:
            SignerRefusedError: what the signer found and what to do.
            AcervoError: as `check_writable`, `Ledger.submit`.
        """
        self.check_writable()
        self._check_signer()
        try:
            recorded = self.ledger.submit(acts)
        except RuleViolation as error:
            self.refusals.note(acts, error.code, self.store.now())
            raise
        if any(act.statement.type.startswith("PersonalDataErased/") for act in acts):
            self._erase([signed_of(Entry.parse(item.entry)) for item in recorded])
        return recorded

    def erase_again(self) -> None:
        """Erase what a restored copy or a kill between record and erasure left; before anything is served."""
        streams = self.store.streams_below("erasure/")
        self._erase([signed_of(Entry.parse(raw)) for stream in streams for raw in self.store.stream(stream)])

    def _erase(self, acts: Sequence[Signed]) -> None:
        erased = [
            each.digest
            for signed in acts
            if isinstance(signed.act, PersonalDataErased)
            for each in signed.act.disclosures
        ]
        if erased:
            self.vault.erase(erased)

    def receipts(self, recorded: Sequence[Recorded], timeout_s: float) -> list[Receipt]:
        """Return the receipts of recorded acts, waiting for a checkpoint that covers them.

        Raises:
            NotSealedError: none came in time; the acts stay recorded.
            SignerRefusedError: the signer has stopped for good.
        """
        entries = {item.index: item.entry for item in recorded}
        size = max(entries) + 1
        proofs: Proofs | None = None

        def prepare() -> None:  # while the signer signs
            nonlocal proofs
            for index, entry in entries.items():
                self._nodes.learn(index, entry)
            with contextlib.suppress(AcervoError):  # a node is missing, or PostgreSQL: tried again below, and then told
                proofs = find_proofs(entries, size, self._nodes)

        try:
            note = self.signer.checkpoint(size, timeout_s, prepare)
        except SignerRefusedError as error:
            self.refuse(error)
            raise
        try:
            return make_receipts(entries, note, self._nodes, proofs)
        except LogDamagedError:
            self._nodes.forget()
            return make_receipts(entries, note, self.log)

    def refuse(self, error: SignerRefusedError) -> None:
        """Stop writing until the signer says otherwise."""
        with self._lock:
            self._refusal = error
            self._asked_at = time.monotonic()

    @property
    def refusal(self) -> SignerRefusedError | None:
        """Why the signer has stopped, if it has and nothing else is known."""
        return self._refusal

    def _check_signer(self) -> None:
        """Ask a signer that refused again, now and then: a person may have put things right."""
        if self._refusal is None:
            return
        with self._lock:
            if self._refusal is None:
                return
            if time.monotonic() - self._asked_at < REFUSAL_RECHECK_S:
                raise self._refusal
            self._asked_at = time.monotonic()
            self._refusal = self._said()
            if self._refusal is not None:
                raise self._refusal

    def _said(self) -> SignerRefusedError | None:
        try:
            refused: dict[str, str] | None = self.signer.status()["refused"]
        except OSError:
            return self._refusal
        return None if refused is None else SignerRefusedError(refused["code"], refused["detail"])

    # -- reading

    def size(self) -> int:
        """Return how many entries there are."""
        return self.store.head().size

    def entries(self, start: int, count: int) -> Sequence[bytes]:
        """Return the entries `start … start + count - 1` that exist, in order."""
        return self.log.entries(start, count)

    def disclosures(self, index: int) -> dict[str, str]:
        """Return the disclosures of an act by name, those left out that were erased.

        Raises:
            ApiError: 503 "read-only" on a server to which the vault's keys were not given: the primary has them.
        """
        texts = self.vault.disclosures(index)
        if self.settings.read_only and len(texts) < sum(
            row.ciphertext is not None for row in self.store.sealed_of(index)
        ):
            raise self._elsewhere(503)
        return texts

    def last_index(self, stream: str) -> int | None:
        """Return the index of a stream's last act, None while there is none."""
        head = self.store.stream_head(stream)
        return None if head is None else head.last_index

    @cached_property
    def progress(self) -> Progress:
        """Waits for the registries."""
        made = Progress(self.store.url, lambda: self.worker_status().position)
        self.on_close(made.close)
        return made

    @cached_property
    def feed(self) -> Feed:
        """All who follow the ledger as it grows; asked for in the event loop only."""
        made = Feed(self.store.url, self.size, self.entries, self.settings.max_streams)
        self.on_close(made.close)
        return made

    def index_of_hash(self, digest: str) -> int | None:
        """Return the index of the act that has a statement, or names a published document, of this SHA-256 (hex)."""
        with translated(), self.store.pool.connection() as connection:
            return index_of(connection, digest)

    def worker_status(self) -> Status:
        """Return how the worker is and how far the registries have come."""
        with translated(), self.store.pool.connection() as connection:
            return read_status(connection)

    def worker_parts(self) -> tuple[bool, dict[str, int]]:
        """Return whether a worker is connected, and how many entries each registry has seen."""
        with translated(), self.store.pool.connection() as connection:
            return read_parts(connection)

    def checkpoint(self, min_size: int = 0) -> str:
        """Return the newest published checkpoint; a fresh one where that does not cover `min_size` entries.

        Raises:
            NotSealedError: there is none and the signer gives none, or is elsewhere.
        """
        stored = self.store.latest_checkpoint()
        if stored is not None and stored.size >= max(min_size, 1):
            return stored.note
        if self.settings.read_only:
            raise NotSealedError(min_size - 1)
        return self.signer.checkpoint(min_size)

    def proof(self, index: int) -> str:
        """Return an act's receipt against the newest checkpoint, as .tlog-proof.

        Raises:
            ApiError: 404 for an index that does not exist.
            NotSealedError: no checkpoint covers it yet.
        """
        raws = self.entries(index, 1)
        if not raws:
            raise not_found(f"acts/{index}")
        note = self.checkpoint(index + 1)
        return make_receipts({index: raws[0]}, note, self.log)[0].format()

    def tree_root(self, size: int) -> bytes:
        """Return the root of the tree of the first `size` entries, as the database stores its nodes.

        It says which entries an answer rests on; evidence is a checkpoint, which is signed.
        """
        coords = cover(0, size)
        nodes = node_hashes(self.log, coords)
        return fold([nodes[coord] for coord in coords])

    def tile(self, tile: Tile) -> bytes:
        """Return a tile or bundle of the published tree.

        Raises:
            ApiError: 404 for a tile that the published tree does not have.
        """
        size = checkpoint_size(self.checkpoint())
        if not tile.exists(size) and tile.exists(self.size()):
            try:  # a receipt may be a moment ahead of the published place
                size = checkpoint_size(self.checkpoint(size + 1))
            except NotSealedError:
                raise not_found(tile.path) from None
        if not tile.exists(size):
            raise not_found(tile.path)
        return build(tile, self.log)

    def health(self) -> dict[str, Any]:
        """Return what the signer says of itself, or why it cannot be reached."""
        try:
            return {"reachable": True, **self.signer.status(1.0)}
        except OSError as error:
            return {"reachable": False, "detail": str(error)}


def checkpoint_size(note: str) -> int:
    """Return the tree size that a checkpoint speaks of."""
    return Checkpoint.parse(Note.parse(note).text).size


def system_of(request: Request) -> System:
    """Return the system that the application was made for."""
    system: System = request.app.state.system
    return system
