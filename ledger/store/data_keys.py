"""Data keys: 32 random bytes a subject, wrapped under a master key, in files of their own (format.md §8).

They are neither in the database nor in its dumps: who has a dump has ciphertexts that nobody can open once the file
here is gone.

    <directory>/master.key            32 bytes, 0600
    <directory>/keys/<ab>/<id>.key    nonce ‖ AES-256-GCM(master, data key), bound to the id
    <directory>/erasures.log          one line an erasure, JSON; written before anything is destroyed
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import secrets
import threading
from base64 import b64decode, b64encode
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TYPE_CHECKING, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ledger.errors import StoreError
from ledger.store.files import append_line, destroy, private_directory, write_new
from ledger.store.submission import SealedRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
MAX_CACHED_KEYS = 4_096
WRITERS = 8
"""How many new keys are written at a time; the disk brings their writes together."""

MIN_TOGETHER = 2
"""Fewer are not worth threads."""

_T = TypeVar("_T")


class DataKeys:
    """The store of wrapped data keys; thread-safe, and several processes may share it."""

    def __init__(self, directory: Path) -> None:
        self.directory = private_directory(directory)
        self._keys = private_directory(directory / "keys")
        self._log = directory / "erasures.log"
        self._master = AESGCM(self._master_key())
        self._lock = threading.Lock()
        self._opened: OrderedDict[str, bytes] = OrderedDict()
        self._current: OrderedDict[str, str] = OrderedDict()

    def _master_key(self) -> bytes:
        path = self.directory / "master.key"
        if not path.exists():
            write_new(path, secrets.token_bytes(KEY_BYTES))
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise StoreError("vault-master-key", str(path))
        return key

    def derive(self, purpose: bytes) -> bytes:
        """Return 32 bytes for another purpose, which say nothing about the master key."""
        return hmac.digest(self._master_key(), b"acervo/vault/1\n" + purpose, "sha256")

    def current(self, subject: str) -> str:
        """Return the id of the subject's data key; makes one, durably, when he has none."""
        with self._lock:
            known = self._current.get(subject)
            if known is not None and self._path(known).exists():
                return known
            found = self.of_subject(subject)
            key_id = found[0] if found else self._make(subject)
            _remember(self._current, subject, key_id)
            return key_id

    def prepare(self, subjects: Iterable[str]) -> None:
        """Make data keys for those of many subjects that have none, several at a time: each waits for the disk."""
        with self._lock:
            missing = [
                each for each in dict.fromkeys(subjects) if each not in self._current and not self.of_subject(each)
            ]
            if len(missing) < MIN_TOGETHER:
                return  # `current` makes it where it stands
            with ThreadPoolExecutor(min(WRITERS, len(missing))) as writers:
                for subject, key_id in zip(missing, writers.map(self._make, missing), strict=True):
                    _remember(self._current, subject, key_id)

    def fresh(self, subject: str) -> str:
        """Make a further data key for the subject and return its id."""
        with self._lock:
            key_id = self._make(subject)
            _remember(self._current, subject, key_id)
            return key_id

    def of_subject(self, subject: str) -> list[str]:
        """Return the ids of the subject's data keys that exist."""
        prefix = f"{_prefix(subject)}-"
        directory = self._keys / prefix[:2]
        found = os.listdir(directory) if directory.exists() else ()  # noqa: PTH208  hundreds of names, no paths of them
        return sorted(name.removesuffix(".key") for name in found if name.startswith(prefix) and name.endswith(".key"))

    def exists(self, key_id: str) -> bool:
        """Say whether the data key has not been destroyed."""
        return self._path(key_id).exists()

    def open(self, key_id: str) -> AESGCM:
        """Return the cipher of a data key.

        Raises:
            StoreError: "data-key-destroyed", or "data-key-unreadable" when master key and file do not belong together.
        """
        with self._lock:
            try:
                wrapped = self._path(key_id).read_bytes()
            except FileNotFoundError as error:  # another process may have destroyed it: the file decides
                self._opened.pop(key_id, None)
                raise StoreError("data-key-destroyed", key_id) from error
            key = self._opened.get(key_id)
            if key is None:
                key = self._unwrap(key_id, wrapped)
                _remember(self._opened, key_id, key)
            return AESGCM(key)

    def announce(self, key_id: str, kept: Iterable[SealedRow], erased: Iterable[str] = ()) -> None:
        """Note, before it happens, that a key is to be destroyed, and what it closed is to stay, closed anew.

        The kept ciphertexts are in the note, so that a dump from before can be brought up to it. So are the digests
        of what is erased, for `acervo check`.
        """
        rows = [
            [row.name, row.digest, row.data_key, row.nonce.hex(), b64encode(row.ciphertext).decode()] for row in kept
        ]
        note = {"data_key": key_id, "erased": sorted(erased), "kept": rows}
        append_line(self._log, json.dumps(note, separators=(",", ":")).encode())

    def announced(self) -> list[tuple[str, list[SealedRow]]]:
        """Return the announced erasures in order: key id and what stays."""
        if not self._log.exists():
            return []
        return [entry for line in self._log.read_bytes().split(b"\n") if (entry := _announcement(line)) is not None]

    def erased(self) -> dict[str, str]:
        """Return the data key that closed each erased digest, by the announcements."""
        found: dict[str, str] = {}
        for line in self._log.read_bytes().split(b"\n") if self._log.exists() else ():
            with contextlib.suppress(ValueError):
                entry = json.loads(line)
                found |= dict.fromkeys(entry["erased"], entry["data_key"])
        return found

    def destroy(self, key_id: str) -> None:
        """Destroy a data key: what it closes is closed for ever."""
        with self._lock:
            self._opened.pop(key_id, None)
            destroy(self._path(key_id))

    def _make(self, subject: str) -> str:
        key_id = f"{_prefix(subject)}-{secrets.token_hex(6)}"
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._master.encrypt(nonce, secrets.token_bytes(KEY_BYTES), key_id.encode())
        private_directory(self._path(key_id).parent)
        write_new(self._path(key_id), wrapped)
        return key_id

    def _unwrap(self, key_id: str, wrapped: bytes) -> bytes:
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], key_id.encode())
        except (InvalidTag, ValueError) as error:
            raise StoreError("data-key-unreadable", key_id) from error

    def _path(self, key_id: str) -> Path:
        if "/" in key_id or len(key_id) < 2:  # it comes out of the database
            raise StoreError("data-key-unreadable", key_id[:80])
        return self._keys / key_id[:2] / f"{key_id}.key"


def _announcement(line: bytes) -> tuple[str, list[SealedRow]] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None  # empty, or torn by a kill: it was not announced, so nothing was destroyed
    return entry["data_key"], [
        SealedRow(name, digest, data_key, bytes.fromhex(nonce), b64decode(ciphertext))
        for name, digest, data_key, nonce, ciphertext in entry["kept"]
    ]


def _prefix(subject: str) -> str:
    return sha256(subject.encode()).hexdigest()[:32]


def _remember(cache: OrderedDict[str, _T], key: str, value: _T) -> None:
    cache[key] = value
    cache.move_to_end(key)
    if len(cache) > MAX_CACHED_KEYS:
        cache.popitem(last=False)
