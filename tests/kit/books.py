"""Small ledgers in pure Python: entries as the append function would write them, tiles, checkpoints, bundles.

`Book` appends whatever it is given, lawful or not; `tests.kit.bundles` tells a lawful story with it. Everything is the
same on every run: keys, salts and instants come from counters.
"""

from __future__ import annotations

import base64
import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from ledger.acts.trust import Founder, KeyAccepted, KeyEnrolled, LedgerFounded, PersonRegistered
from ledger.crypto import disclosure
from ledger.crypto.dsse import PAYLOAD_TYPE, pae
from ledger.crypto.keys import PrivateKey
from ledger.crypto.note import COSIGNATURE, Signer
from ledger.ids import ZERO_HASH, write_instant, write_recorded
from ledger.log.policy import Policy
from ledger.log.tiles import build, tiles_of
from ledger.receipts import make_receipts
from ledger.verify.bundle import Opened
from ledger.verify.write import Extras, write_bundle, write_excerpt
from tests.kit.log import MemoryLog

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ledger.acts.base import Act


ORIGIN = "actas.idss.example/acervo"

LOG_KEY = Signer(ORIGIN, b"\7" * 32)

OTHER_LOG_KEY = Signer(ORIGIN, b"\x08" * 32)

WITNESS_KEY = Signer("testigo.example/w1", b"\x09" * 32, COSIGNATURE)

START = datetime(2026, 1, 14, 15, 0, 0, tzinfo=UTC)

MEXICO = timezone(timedelta(hours=-6))


@cache
def key(name: str) -> PrivateKey:
    """Return a person's key, always the same."""
    return PrivateKey.from_seed(sha256(name.encode()).digest())


def spki64(name: str) -> str:
    """Return a person's SPKI in base64."""
    return base64.b64encode(key(name).public.spki).decode()


def policy(*, witness: bool = False) -> Policy:
    """Return the log's policy, with a witness whose cosignature is required where wanted."""
    text = f"log {LOG_KEY.verifier.vkey}\n"
    if witness:
        text += f"witness w1 {WITNESS_KEY.verifier.vkey}\nquorum w1\n"
    else:
        text += "quorum none\n"
    return Policy.parse(text)


@dataclass
class Book:
    """A ledger in memory. `now` moves by a second an act.

    entries: as stored. opened: the disclosures of each entry. heads: stream → (version, statement).
    """

    now: datetime = START
    entries: list[bytes] = field(default_factory=list)
    opened: dict[int, dict[str, str]] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    founding: str = ZERO_HASH
    salts: int = 0

    @property
    def size(self) -> int:
        """How many entries there are."""
        return len(self.entries)

    def copy(self) -> Book:
        """Return an independent copy."""
        opened = {index: dict(each) for index, each in self.opened.items()}
        return Book(self.now, list(self.entries), opened, dict(self.heads), self.founding, self.salts)

    def head(self, stream: str) -> tuple[int, str]:
        """Return the stream's last version and statement."""
        return self.heads.get(stream, (0, self.founding))

    def say(
        self,
        act: Act,
        who: str,
        office: str,
        *,
        sealed: dict[str, Any] | None = None,
        digests: dict[str, str] | None = None,
        basis: Iterable[str] = (),
        signed_with: PrivateKey | None = None,
        recorded_at: datetime | None = None,
        **changed: Any,
    ) -> int:
        """Append an act; `changed` replaces fields of its statement before it is signed."""
        written = write_instant((recorded_at or self.now).astimezone(MEXICO))
        stream = act.stream()
        version, prev = self.head(stream)
        texts = {name: self._seal(name, value) for name, value in ({**default_sealed(act), **(sealed or {})}).items()}
        fields: dict[str, Any] = {
            "basis": {name: self.head(name)[1] for name in basis},
            "data": act.model_dump(mode="json", exclude_none=True),
            "ledger": ORIGIN,
            "occurred_at": written,
            "office": office,
            "prev": prev,
            "sealed": digests or {name: disclosure.digest(text) for name, text in texts.items()},
            "signed_at": written,
            "signer": key(who).public.keyid,
            "stream": stream,
            "type": act.type_name,
            "version": version + 1,
        } | changed
        payload = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
        signature = (signed_with or key(who)).sign(pae(payload))
        index = self.put(payload, fields["signer"], signature, recorded_at)
        self.opened[index] = texts
        if fields["version"] == self.head(fields["stream"])[0] + 1:
            self.heads[fields["stream"]] = (fields["version"], sha256(payload).hexdigest())
        if index == 0:
            self.founding = sha256(payload).hexdigest()
        return index

    def put(self, payload: bytes, keyid: str, signature: bytes, recorded_at: datetime | None = None) -> int:
        """Append an entry around any payload; return its index."""
        index = self.size
        stamp = write_recorded(recorded_at or self.now)
        self.now += timedelta(seconds=1)
        self.entries.append(entry_of(payload, keyid, signature, index, stamp))
        return index

    def _seal(self, name: str, value: Any) -> str:
        self.salts += 1
        return disclosure.make(name, value, self.salts.to_bytes(16, "big"))

    # -- what is handed over -----------------------------------------------------------------------------------

    def log(self) -> MemoryLog:
        """Return the tree over the entries as they stand."""
        return MemoryLog(self.entries, ORIGIN)

    def checkpoint(self, size: int | None = None, *signers: Signer) -> bytes:
        """Return a signed checkpoint."""
        return self.log().checkpoint(size, *(signers or (LOG_KEY,))).encode()

    def export(self, folder: Path, *signers: Signer, witness: bool = False) -> Path:
        """Write the log as a directory."""
        write_log(folder, self.log(), self.checkpoint(None, *signers), policy(witness=witness))
        return folder

    def bundle(
        self,
        path: Path,
        *signers: Signer,
        older: Iterable[int] = (),
        disclosed: bool = False,
        unpacked: bool = False,
        witness: bool = False,
        documents: Iterable[Path] = (),
    ) -> Path:
        """Write the full history as a bundle."""
        folder = path.with_name(path.name + ".log")
        self.export(folder, *signers, witness=witness)
        extras = Extras(disclosures=self.lines() if disclosed else (), documents=documents)
        notes = [(size, self.checkpoint(size, *signers)) for size in older]
        write_bundle(path, folder, older=notes, extras=extras, unpacked=unpacked)
        shutil.rmtree(folder)
        return path

    def excerpt(self, path: Path, indexes: Iterable[int], *, disclosed: bool = False, unpacked: bool = False) -> Path:
        """Write an excerpt of these entries."""
        note, log = self.checkpoint().decode(), self.log()
        entries = {index: self.entries[index] for index in indexes}
        proofs = {r.index: r.format() for r in make_receipts(entries, note, log)}
        lines = [line for line in self.lines() if line.index in entries] if disclosed else ()
        write_excerpt(
            path,
            policy=policy().format().encode(),
            checkpoint=note.encode(),
            entries=entries,
            proofs=proofs,
            extras=Extras(disclosures=lines),
            unpacked=unpacked,
        )
        return path

    def lines(self) -> list[Opened]:
        """Return every disclosure as a line of a bundle."""
        return [Opened(index, name, text) for index, each in self.opened.items() for name, text in each.items()]


def entry_of(payload: bytes, keyid: str, signature: bytes, index: int, recorded_at: str) -> bytes:
    """Return an entry, whatever the payload is."""
    act = {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": keyid, "sig": base64.b64encode(signature).decode()}],
    }
    return orjson.dumps({"act": act, "index": index, "recorded_at": recorded_at})


def write_log(folder: Path, log: MemoryLog, checkpoint: bytes, trusted: Policy) -> None:
    """Write a log as static files."""
    for tile in tiles_of(log.size):
        target = folder / tile.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(build(tile, log))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_bytes(checkpoint)
    (folder / "policy.txt").write_text(trusted.format(), encoding="utf-8")


def default_sealed(act: Act) -> dict[str, Any]:
    """Return a text for each sealed value that the act requires."""
    return {name: f"texto de {name}" for name in act.sealed_required()}


# -- a lawful story ----------------------------------------------------------------------------------------------


def found(book: Book, *, simulated: bool = False) -> Book:
    """Append the founding by Ana and Luis."""
    act = LedgerFounded(
        origin=ORIGIN,
        officers=(Founder(person="p-ana", spki=spki64("ana")), Founder(person="p-luis", spki=spki64("luis"))),
        recovery_spki=spki64("recovery"),
        rules_edition=1,
        clock="simulated" if simulated else "real",
    )
    book.say(act, "ana", "ledger")
    return book


def persons(size: int) -> Book:
    """Return a ledger of so many acts."""
    book = found(Book())
    while book.size < size:
        book.say(PersonRegistered(person=f"p-{book.size}"), "ana", "ledger")
    return book


def enrol(book: Book, name: str, *, accept: bool = True) -> int:
    """Register a person `p-<name>` and enrol and accept his key; return the enrolment's index."""
    keyid = key(name).public.keyid
    book.say(PersonRegistered(person=f"p-{name}"), "ana", "ledger")
    index = book.say(KeyEnrolled(keyid=keyid, spki=spki64(name), person=f"p-{name}"), "luis", "ledger")
    if accept:
        book.say(KeyAccepted(keyid=keyid), name, f"key/{keyid}")
    return index
