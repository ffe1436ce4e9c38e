"""Documents by content: PDF, images and what else acts refer to by SHA-256 (format.md §3, attachments).

A public document lies under its own hash, byte for byte. A sealed one is encrypted under a data key of its own, and
lies under a keyed hash: who sees the bucket can neither read it nor confirm a guess. Where they lie is a directory or
an S3-compatible bucket, by `obstore`.
"""

from __future__ import annotations

import hmac
import os
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from ledger.errors import StoreError, UntrustedInputError
from ledger.ids import SHA256_HEX
from ledger.store.document_cipher import MAX_HEADER_BYTES, close, key_of, open_, plain_size
from ledger.store.files import private_directory, sync_directory
from ledger.store.sniff import SNIFFED_BYTES, media_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from ledger.store.data_keys import DataKeys

MAX_DOCUMENT_BYTES = 256 * 1024 * 1024
READ_BYTES = 1024 * 1024
_PUBLIC, _SEALED = "public", "sealed"


@dataclass(frozen=True, slots=True)
class Document:
    """A stored document; its size is in bytes, of the document itself."""

    sha256: str
    size: int
    media_type: str
    sealed: bool


@dataclass(frozen=True, slots=True)
class Fixity:
    """What reading a stored document again showed; `problem` is empty when it is what its name says."""

    name: str
    sha256: str
    problem: str


def open_object_store(place: str | Path, options: Mapping[str, Any] | None = None) -> LocalStore | S3Store:
    """Open a directory (made when missing) or, by `s3://bucket/prefix`, an S3-compatible bucket.

    Args:
        place: A path, or a URL.
        options: For S3 as in `obstore.store.S3Store`: endpoint, region, access_key_id, secret_access_key …
    """
    if isinstance(place, str) and place.startswith("s3://"):
        return S3Store.from_url(place, **(options or {}))
    directory = private_directory(Path(place))
    return LocalStore(directory)


class Documents:
    """The documents of one ledger; thread-safe.

    Args:
        objects: Where they lie (open_object_store).
        keys: The vault's data keys, for sealed ones.
        spool: A directory for documents under way; only ciphertext of sealed ones ever lies there.
        max_bytes: A larger document is refused.
    """

    def __init__(
        self, objects: LocalStore | S3Store, keys: DataKeys, spool: Path, *, max_bytes: int = MAX_DOCUMENT_BYTES
    ) -> None:
        self._objects = objects
        self._keys = keys
        self._spool = private_directory(spool)
        self._names = keys.derive(b"document-names")
        self.max_bytes = max_bytes

    def put(self, chunks: Iterable[bytes], *, sealed: bool = False, expected: str | None = None) -> Document:
        """Store a document as it streams in; it is durable when this returns. Storing it again is harmless.

        Args:
            chunks: Its bytes.
            sealed: Encrypt it.
            expected: Its SHA-256 in hex, where the client said it before.

        Raises:
            UntrustedInputError: "document-too-large", "document-empty", "document-hash" when it is not the expected.
            StoreError: "documents-unreachable".
        """
        reading = _Reading(chunks, self.max_bytes)
        # The name is known only at the end; so each upload has a key of its own.
        key_id = self._keys.fresh(f"document/{os.urandom(16).hex()}") if sealed else ""
        stored = False
        try:
            with tempfile.TemporaryFile(dir=self._spool) as spooled:
                for part in close(self._keys, key_id, reading) if sealed else reading:
                    spooled.write(part)
                reading.require(expected)
                name = self._name(reading.sha256, sealed=sealed)
                if not self._stands(name, sealed=sealed):
                    self._store(name, spooled)
                    stored = True
        finally:
            if sealed and not stored:  # refused; or it lies there already, under its own key
                self._keys.destroy(key_id)
        kind = media_type(reading.beginning, whole=reading.size <= SNIFFED_BYTES)
        return Document(reading.sha256, reading.size, kind, sealed)

    def find(self, digest: str) -> Document | None:
        """Return what is known of the document with this SHA-256, the public copy first; None when there is none.

        Raises:
            UntrustedInputError: "document-name" for what is no SHA-256.
            StoreError: "documents-unreachable", "document-damaged".
        """
        for sealed in (False, True):
            size = self._size(self._name(digest, sealed=sealed))
            if size is not None:
                beginning = b""
                for chunk in self._read(digest, sealed=sealed):
                    beginning += chunk
                    if len(beginning) >= SNIFFED_BYTES:
                        break
                kind = media_type(beginning[:SNIFFED_BYTES], whole=len(beginning) <= SNIFFED_BYTES)
                if sealed:
                    size = plain_size(size, self._beginning(self._name(digest, sealed=True)))
                return Document(digest, size, kind, sealed)
        return None

    def get(self, digest: str, *, sealed: bool = False) -> Iterator[bytes]:
        """Give a document's bytes; the last chunk is held back until the hash is known to be right.

        Raises:
            UntrustedInputError: "document-name".
            StoreError: "document-unknown", "document-damaged", "data-key-destroyed" (erased).
        """
        seen = sha256()
        held = b""
        for chunk in self._read(digest, sealed=sealed):
            seen.update(chunk)
            if held:
                yield held
            held = chunk
        if seen.hexdigest() != digest:
            raise StoreError("document-damaged", digest)
        yield held

    def erase(self, digest: str) -> bool:
        """Destroy a sealed document: its data key, then the object. Return False when there is none."""
        name = self._name(digest, sealed=True)
        if self._size(name) is None:
            return False
        self._keys.destroy(key_of(self._beginning(name)))
        _reached(lambda: obstore.delete(self._objects, name))
        return True

    def check_fixity(self) -> Iterator[Fixity]:
        """Read every stored document again and say of each whether it is what its name says."""
        for area, sealed in ((_PUBLIC, False), (_SEALED, True)):
            for batch in obstore.list(self._objects, prefix=area):
                for meta in batch:
                    yield self._check(str(meta["path"]), sealed=sealed)

    def _check(self, name: str, *, sealed: bool) -> Fixity:
        seen = sha256()
        try:
            for chunk in self._open(name, sealed=sealed):
                seen.update(chunk)
        except StoreError as error:
            return Fixity(name, "", error.code)
        digest = seen.hexdigest()
        return Fixity(name, digest, "" if self._name(digest, sealed=sealed) == name else "document-damaged")

    def _name(self, digest: str, *, sealed: bool) -> str:
        if not SHA256_HEX.fullmatch(digest):
            raise UntrustedInputError("document-name", digest[:80])
        area, name = (
            (_SEALED, hmac.digest(self._names, digest.encode(), "sha256").hex()) if sealed else (_PUBLIC, digest)
        )
        return f"{area}/{name[:2]}/{name}"

    def _stands(self, name: str, *, sealed: bool) -> bool:
        """Say whether the object is there, and of a sealed one its key too (an erasure may have been cut short)."""
        return self._size(name) is not None and not (sealed and not self._keys.exists(key_of(self._beginning(name))))

    def _store(self, name: str, spooled: BinaryIO) -> None:
        spooled.seek(0)
        _reached(lambda: obstore.put(self._objects, name, spooled))
        if isinstance(self._objects, LocalStore):
            _sync(Path(str(self._objects.prefix)) / name)

    def _size(self, name: str) -> int | None:
        try:
            return int(_reached(lambda: obstore.head(self._objects, name))["size"])
        except FileNotFoundError:
            return None

    def _beginning(self, name: str) -> bytes:
        return bytes(_reached(lambda: obstore.get_range(self._objects, name, start=0, length=MAX_HEADER_BYTES)))

    def _read(self, digest: str, *, sealed: bool) -> Iterator[bytes]:
        return self._open(self._name(digest, sealed=sealed), sealed=sealed)

    def _open(self, name: str, *, sealed: bool) -> Iterator[bytes]:
        raw = self._raw(name)
        return open_(self._keys, raw) if sealed else raw

    def _raw(self, name: str) -> Iterator[bytes]:
        try:
            found = _reached(lambda: obstore.get(self._objects, name))
        except FileNotFoundError as error:
            raise StoreError("document-unknown", name) from error
        stream = iter(found.stream(min_chunk_size=READ_BYTES))
        while (chunk := _reached(lambda: next(stream, None))) is not None:
            yield bytes(chunk)


class _Reading:
    """Passes chunks on, counts and hashes them, and keeps the beginning."""

    def __init__(self, chunks: Iterable[bytes], max_bytes: int) -> None:
        self._chunks = chunks
        self._max = max_bytes
        self._hash = sha256()
        self.size = 0
        self.beginning = b""

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def require(self, expected: str | None) -> None:
        """Refuse when all was read and it is not what was announced."""
        if expected is not None and self.sha256 != expected:
            raise UntrustedInputError("document-hash", f"{self.sha256} is not {expected[:80]}")

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            if self.size > self._max:
                raise UntrustedInputError("document-too-large", f"more than {self._max} bytes")
            self._hash.update(chunk)
            if len(self.beginning) < SNIFFED_BYTES:
                self.beginning = (self.beginning + chunk)[:SNIFFED_BYTES]
            yield chunk
        if not self.size:
            raise UntrustedInputError("document-empty")


def _reached(call: Callable[[], Any]) -> Any:
    """Do something with the object store; FileNotFoundError passes."""
    try:
        return call()
    except (FileNotFoundError, NotFoundError) as error:
        raise FileNotFoundError(str(error)) from error
    except (BaseError, OSError) as error:
        raise StoreError("documents-unreachable", str(error).split("\n", 1)[0]) from error


def _sync(path: Path) -> None:
    """`obstore` does not sync: a document that an act names must be there after a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
    for directory in (path.parent, path.parent.parent, path.parent.parent.parent):
        sync_directory(directory)
