"""Demo keys: officers' private keys that lie on the server, which only a demonstration may do (format.md §4).

One directory, `<data>/demo-keys`, of mode 0700, files of mode 0600; whoever runs the demo may sign as anybody in it.
Production refuses to start while the directory is there.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import threading
from hashlib import sha256
from typing import TYPE_CHECKING

from ledger.crypto.keys import PrivateKey
from ledger.crypto.note import Signer
from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIRECTORY = "demo-keys"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,100}")
_PERSONS = "persons.json"


class DemoKeys:
    """Keys by name, made the first time that one is asked for; and ids of persons, random and kept.

    Args:
        data_dir: The directory of all state.
    """

    def __init__(self, data_dir: Path) -> None:
        self.directory = data_dir / DIRECTORY
        self._lock = threading.Lock()
        self._keys: dict[str, PrivateKey] = {}

    def exist(self) -> bool:
        """Tell whether there are demo keys here."""
        return self.directory.is_dir()

    def __call__(self, name: str) -> PrivateKey:
        """Return the key of that name.

        Raises:
            StoreError: "demo-keys-unsafe" for a name that is none.
        """
        if not _NAME.fullmatch(name):
            raise StoreError("demo-keys-unsafe", name[:100])
        with self._lock:
            if name not in self._keys:
                pem = self.kept(f"{name}.pem", lambda: PrivateKey.generate().to_pem())
                self._keys[name] = PrivateKey.from_pem(pem)
            return self._keys[name]

    def names(self) -> list[str]:
        """Return the names of the keys that were made, in alphabetical order."""
        return sorted(path.name.removesuffix(".pem") for path in self.directory.glob("*.pem"))

    def log_key(self, origin: str) -> Path:
        """Return the file with the log's private key of an origin, making it the first time."""
        name = f"log-{sha256(origin.encode()).hexdigest()[:16]}.skey"
        with self._lock:
            self.kept(name, lambda: _log_key(origin))
        return self.directory / name

    def person_id(self, name: str) -> str:
        """Return the random id of the person who bears a name in the demo; never derived from anything."""
        with self._lock:
            known: dict[str, str] = json.loads(self.kept(_PERSONS, lambda: b"{}"))
            if name not in known:
                known[name] = f"p-{secrets.token_hex(8)}"
                self._write(_PERSONS, json.dumps(known, indent=1, sort_keys=True).encode(), replace=True)
            return known[name]

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return what a file holds, made the first time; `name` is ours and may be in a directory below."""
        try:
            return (self.directory / name).read_bytes()
        except FileNotFoundError:
            self._write(name, make(), replace=False)
            return (self.directory / name).read_bytes()

    def _write(self, name: str, content: bytes, *, replace: bool) -> None:
        """Write a file whole or not at all, its owner's alone; of two who make a key, the first one's stays."""
        path = self.directory / name
        for directory in (self.directory, path.parent):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if not replace:
            with contextlib.suppress(FileExistsError):
                os.link(aside, path)
            aside.unlink()
            return
        aside.replace(path)


def _log_key(origin: str) -> bytes:
    return f"{Signer.generate(origin).skey}\n".encode()
