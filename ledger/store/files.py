"""Files that must be there after a power cut, or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
from typing import TYPE_CHECKING

from ledger.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def private_directory(path: Path) -> Path:
    """Make a directory that only we may enter (0700), and return it.

    Raises:
        StoreError: "directory-open-to-others" when it exists and others may look into it.
    """
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_directory(path.parent)
    if path.stat().st_mode & 0o077:
        raise StoreError("directory-open-to-others", str(path))
    return path


def sync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> bool:
    """Write a file (0600) under a name that is free, whole and durable; return False when the name is taken.

    A kill in between leaves at most a file whose name begins with `.new-`, which nobody reads.
    """
    building = path.with_name(f".new-{secrets.token_hex(8)}")
    descriptor = os.open(building, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(building, path)
        except FileExistsError:
            return False
    finally:
        building.unlink()
    sync_directory(path.parent)
    return True


def append_line(path: Path, line: bytes) -> None:
    """Append a line (0600) and make it durable; a torn last line, left by a kill, stays a line of its own."""
    descriptor = os.open(path, os.O_CREAT | os.O_APPEND | os.O_RDWR, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (b"\n" if torn else b"") + line + b"\n")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    sync_directory(path.parent)


def destroy(path: Path) -> None:
    """Overwrite a small file, make that durable, and remove it; nothing happens when it is not there.

    Overwriting is for what it is worth: journals, flash and copies may keep the old bytes. What counts is that they
    expire, within the days that the vault states.
    """
    with contextlib.suppress(FileNotFoundError):
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_directory(path.parent)
