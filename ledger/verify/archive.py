"""Where evidence lies: a deterministic `*.evidencia.zip` or a directory, read without unpacking (format.md §9).

The zip is accepted only if it is byte for byte what `ZipWriter` would write for the same files: method 0, sorted
names, one fixed date, no extra fields, no comments. So there are no two readings of one file: no duplicate names, no
gaps, no path that leaves the archive, nothing that expands.
"""

from __future__ import annotations

import os
import re
import stat
import struct
import zlib
from hashlib import sha256
from typing import IO, TYPE_CHECKING, Protocol

from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAX_ZIP_BYTES = 2**32 - 2
"""Zip without the 64-bit extension, which needs extra fields; a larger ledger is handed over as a directory."""
MAX_ZIP_FILES = 65_534
MAX_DIRECTORY_FILES = 2_000_000
MAX_DIRECTORY_DEPTH = 8
MAX_NAME_BYTES = 120
CHUNK = 1 << 20

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Names of files: ASCII, no empty, hidden or upward segments."""
_DATE = 1 << 5 | 1  # 1980-01-01, the earliest that zip can say
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")


class Archive(Protocol):
    """Files by name; one archive is used by one process, several processes open it again."""

    path: Path

    @property
    def names(self) -> Sequence[str]:
        """All names, sorted by bytes."""

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes.

        Raises:
            UntrustedInputError: "file-missing", "file-too-large" or "file-unreadable".
        """

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file in hex, read in pieces.

        Raises:
            UntrustedInputError: as `read`; "zip-crc" where the container's own check sum differs.
        """

    def close(self) -> None:
        """Give back what is open."""


def open_archive(path: Path) -> Archive:
    """Open a zip file or a directory.

    Raises:
        UntrustedInputError: "input-missing", "zip-*" or "directory-*".
    """
    if path.is_dir():
        return DirectoryArchive(path)
    if path.is_file():
        return ZipArchive(path)
    raise UntrustedInputError("input-missing", path.name)


def check_name(name: str) -> None:
    """Refuse names that could mean another place.

    Raises:
        UntrustedInputError: "name-not-allowed".
    """
    if len(name) > MAX_NAME_BYTES or not NAME.fullmatch(name):
        raise UntrustedInputError("name-not-allowed", repr(name[:80]))


# -- zip -------------------------------------------------------------------------------------------------------


def _local_header(name: bytes, size: int, crc: int) -> bytes:
    return _LOCAL.pack(b"PK\3\4", 10, 0, 0, 0, _DATE, crc, size, size, len(name), 0) + name


def _central_header(name: bytes, size: int, crc: int, offset: int) -> bytes:
    fixed = _CENTRAL.pack(b"PK\1\2", 10, 10, 0, 0, 0, _DATE, crc, size, size, len(name), 0, 0, 0, 0, 0, offset)
    return fixed + name


def _end_record(count: int, length: int, offset: int) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, length, offset, 0)


class ZipArchive:
    """A strict, deterministic zip."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._total = path.stat().st_size
        if self._total > MAX_ZIP_BYTES:
            raise UntrustedInputError("zip-too-large", f"{self._total} bytes, at most {MAX_ZIP_BYTES}")
        self._file = path.open("rb")
        try:
            self._members = self._scan()
        except BaseException:
            self._file.close()
            raise

    @property
    def names(self) -> Sequence[str]:
        """All names; the scan has seen that they are sorted."""
        return list(self._members)

    def size(self, name: str) -> int:
        """Return a file's length in bytes."""
        return self._member(name)[1]

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes."""
        offset, size, _ = self._member(name)
        if size > limit:
            raise UntrustedInputError("file-too-large", f"{name}: {size} bytes, at most {limit}")
        return self._pread(offset, size)

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file in hex, having compared its CRC.

        Raises:
            UntrustedInputError: "zip-crc".
        """
        offset, size, crc = self._member(name)
        hashed, check = sha256(), 0
        for at in range(offset, offset + size, CHUNK):
            chunk = self._pread(at, min(CHUNK, offset + size - at))
            hashed.update(chunk)
            check = zlib.crc32(chunk, check)
        if check != crc:
            raise UntrustedInputError("zip-crc", name)
        return hashed.hexdigest()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _member(self, name: str) -> tuple[int, int, int]:
        try:
            return self._members[name]
        except KeyError:
            raise UntrustedInputError("file-missing", name) from None

    def _pread(self, offset: int, size: int) -> bytes:
        raw = os.pread(self._file.fileno(), size, offset)
        while len(raw) < size:  # the system may give less than asked for
            more = os.pread(self._file.fileno(), size - len(raw), offset + len(raw))
            if not more:
                raise UntrustedInputError("zip-malformed", f"cut off at {offset + len(raw)}")
            raw += more
        return raw

    def _scan(self) -> dict[str, tuple[int, int, int]]:
        """Walk the local headers; what follows them must be exactly the directory that belongs to them."""
        members: dict[str, tuple[int, int, int]] = {}
        central: list[bytes] = []
        at, before = 0, ""
        while True:
            if at + _LOCAL.size > self._total:
                raise UntrustedInputError("zip-malformed", f"cut off at {at}")
            header = self._pread(at, _LOCAL.size)
            if not header.startswith(b"PK\3\4"):
                break
            crc, size, length = struct.unpack_from("<I4xIH", header, 14)
            start = at + _LOCAL.size + length
            if length > MAX_NAME_BYTES or start + size > self._total or len(members) >= MAX_ZIP_FILES:
                raise UntrustedInputError("zip-malformed", f"at {at}")
            raw_name = self._pread(at + _LOCAL.size, length)
            name = raw_name.decode("latin-1")
            check_name(name)
            if header + raw_name != _local_header(raw_name, size, crc) or name <= before:
                raise UntrustedInputError("zip-malformed", f"header of {name[:80]}")
            members[name] = (start, size, crc)
            central.append(_central_header(raw_name, size, crc, at))
            at, before = start + size, name
        tail = b"".join(central)
        tail += _end_record(len(members), len(tail), at)
        if self._total - at != len(tail) or self._pread(at, len(tail)) != tail:
            raise UntrustedInputError("zip-malformed", "its directory is not that of its files")
        return members


class ZipWriter:
    """Writes the one zip that `ZipArchive` accepts; files come in the order of their names."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._central: list[bytes] = []
        self._at = 0
        self._before = ""

    def add(self, name: str, size: int, chunks: Iterator[bytes], crc: int) -> None:
        """Write one file.

        Raises:
            ValueError: names out of order, or a file that is not as long as was said.
        """
        check_name(name)
        if name <= self._before:
            raise ValueError(name)
        raw_name = name.encode("ascii")
        header = _local_header(raw_name, size, crc)
        self._out.write(header)
        self._central.append(_central_header(raw_name, size, crc, self._at))
        written = 0
        for chunk in chunks:
            written += self._out.write(chunk)
        if written != size:
            raise ValueError(name)
        self._at += len(header) + size
        self._before = name
        if self._at > MAX_ZIP_BYTES or len(self._central) > MAX_ZIP_FILES:
            raise UntrustedInputError("zip-too-large", "hand it over as a directory")

    def finish(self) -> None:
        """Write the directory."""
        tail = b"".join(self._central)
        self._out.write(tail + _end_record(len(self._central), len(tail), self._at))


# -- directory -------------------------------------------------------------------------------------------------


class DirectoryArchive:
    """An unpacked bundle or an exported log; symbolic links and special files are refused."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._count = 0
        self._sizes = dict(sorted(self._walk(path, "", 0)))

    @property
    def names(self) -> Sequence[str]:
        """All names, sorted."""
        return list(self._sizes)

    def size(self, name: str) -> int:
        """Return a file's length in bytes, as it was when the directory was opened."""
        try:
            return self._sizes[name]
        except KeyError:
            raise UntrustedInputError("file-missing", name) from None

    def read(self, name: str, limit: int) -> bytes:
        """Return a file's bytes."""
        size = self.size(name)
        if size > limit:
            raise UntrustedInputError("file-too-large", f"{name}: {size} bytes, at most {limit}")
        raw = b"".join(self._chunks(name, limit + 1))
        if len(raw) != size:
            raise UntrustedInputError("input-changed", name)
        return raw

    def digest(self, name: str) -> str:
        """Return the SHA-256 of a file in hex."""
        hashed = sha256()
        for chunk in self._chunks(name, self.size(name) + 1):
            hashed.update(chunk)
        return hashed.hexdigest()

    def _chunks(self, name: str, limit: int) -> Iterator[bytes]:
        try:
            with os.fdopen(os.open(self.path / name, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                while limit > 0 and (chunk := file.read(min(CHUNK, limit))):
                    limit -= len(chunk)
                    yield chunk
        except OSError as error:
            raise UntrustedInputError("file-unreadable", f"{name}: {error.strerror}") from error

    def close(self) -> None:
        """Nothing stays open."""

    def _walk(self, folder: Path, prefix: str, depth: int) -> Iterator[tuple[str, int]]:
        if depth > MAX_DIRECTORY_DEPTH:
            raise UntrustedInputError("directory-too-deep", prefix[:80])
        with os.scandir(folder) as listing:
            for item in listing:
                name = prefix + item.name
                check_name(name)
                self._count += 1
                if self._count > MAX_DIRECTORY_FILES:
                    raise UntrustedInputError("directory-too-large", prefix[:80])
                mode = item.stat(follow_symlinks=False)
                if stat.S_ISDIR(mode.st_mode):
                    yield from self._walk(folder / item.name, f"{name}/", depth + 1)
                elif stat.S_ISREG(mode.st_mode):
                    yield name, mode.st_size
                else:
                    raise UntrustedInputError("directory-special-file", name)
