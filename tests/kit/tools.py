"""Other people's programs that judge ours. A test skips where one is missing, naming its package; CI has them all."""

from __future__ import annotations

import shutil
from subprocess import CompletedProcess, run
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = {
    "chromium": "chromium",
    "openssl": "openssl",
    "pdfsig": "poppler-utils",
    "qpdf": "qpdf",
    "softhsm2-util": "softhsm2",
}


def program(name: str) -> str:
    """Return where a program is."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"no {name}: apt-get install {PACKAGES[name]}")
    return path


def ran(name: str, *arguments: str | Path, cwd: Path | None = None, given: bytes = b"") -> CompletedProcess[bytes]:
    """Run a program to its end."""
    return run([program(name), *map(str, arguments)], cwd=cwd, input=given, capture_output=True, check=False)


def pdfsig(pdf: bytes, folder: Path) -> bytes:
    """Return what Poppler's pdfsig says of the signatures in a PDF."""
    (folder / "judged.pdf").write_bytes(pdf)
    return ran("pdfsig", "judged.pdf", cwd=folder).stdout
