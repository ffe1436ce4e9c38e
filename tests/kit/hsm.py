"""A software HSM (Debian's softhsm2) with a token of our own, for keys that never leave it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from api.tokens import Place
from tests.kit.tools import ran

if TYPE_CHECKING:
    from ledger.crypto.keys import PrivateKey

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, PIN = "actas", "4711"


@dataclass(frozen=True)
class Hsm:
    """A token.

    folder: Where it keeps what it holds.
    """

    folder: Path
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def hold(self, key: PrivateKey, label: str) -> Place:
        """Put a key into the token, and return where it lies."""
        file = self.folder / "key.pem"
        file.write_bytes(key.to_pem())
        number = f"{next(self._numbers):04x}"
        _util("--import", str(file), "--token", TOKEN, "--label", label, "--id", number, "--pin", PIN)
        file.unlink()
        return Place(MODULE, TOKEN, label)


@cache
def softhsm() -> Hsm:
    """Return the one token of this process; its library reads where it lies once."""
    folder = Path(tempfile.mkdtemp(prefix="acervo-hsm-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    _util("--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", "0" + PIN)
    return Hsm(folder)


def _util(*arguments: str) -> None:
    done = ran("softhsm2-util", *arguments)
    assert done.returncode == 0, done.stderr
