"""Builds and runs `checklog.go` with Debian's Go and no network: the packages lie in the GOPATH that Debian fills."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

GOPATH = Path("/usr/share/gocode")
SOURCE = Path(__file__).with_name("checklog.go")
_BUILD_TIMEOUT_S = 240
_RUN_TIMEOUT_S = 240


def require_go() -> str:
    """Return the path of Go, or skip loudly, naming the Debian packages that are missing."""
    go = shutil.which("go")
    if go is None or not (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("no Go: apt-get install golang-go golang-golang-x-mod-dev")
    return go


def build_checklog(directory: Path) -> Path:
    """Build the program into a directory and return its path."""
    go = require_go()
    program = directory / "checklog"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "GOCACHE": str(directory / "cache"),
        "GOPATH": str(GOPATH),
        "GO111MODULE": "off",
        "GOPROXY": "off",
        "GOFLAGS": "-p=1",
    }
    # -p=1 and no -race: a test run shares its cores with others.
    subprocess.run(
        [go, "build", "-o", str(program), str(SOURCE)], env=environment, check=True, timeout=_BUILD_TIMEOUT_S
    )
    return program


def run_checklog(program: Path, directory: Path, vkey: str, old: Path) -> subprocess.CompletedProcess[str]:
    """Judge an exported log."""
    return subprocess.run(
        [str(program), str(directory), vkey, str(old)],
        check=False,
        capture_output=True,
        text=True,
        timeout=_RUN_TIMEOUT_S,
    )
