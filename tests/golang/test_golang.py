"""Exports judged by Go's sumdb/note and sumdb/tlog: right ones pass, each changed one is refused."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import Peaks, leaf_hash
from ledger.crypto.note import Signer
from ledger.log.export import export_log
from ledger.log.policy import Policy
from tests.golang.build import build_checklog, run_checklog
from tests.kit.log import LOG_KEY, ORIGIN, MemoryLog

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.golang
VKEY = LOG_KEY.verifier.vkey
BORDERS = 65_537


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the Go program once."""
    return build_checklog(tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    """Give a log of 65,537 synthetic entries, of lengths from 0 to the largest."""
    odd = {0: b"", 5: b"x" * 65_535, 255: b"\0" * 3}
    return MemoryLog(odd.get(i, b'{"index":%d}' % i) for i in range(BORDERS))


def judge(program: Path, log: MemoryLog, directory: Path, size: int, old: int) -> subprocess.CompletedProcess[str]:
    """Export a log up to a size and have it judged with an older checkpoint."""
    part = log if size == log.size else MemoryLog(log.rows[:size])
    export_log(part, directory, part.checkpoint(), Policy.of(LOG_KEY.verifier))
    (directory.parent / "old").write_text(log.checkpoint(old), encoding="utf-8")
    return run_checklog(program, directory, VKEY, directory.parent / "old")


def test_every_root_up_to_two_thousand(program: Path, tmp_path: Path) -> None:
    """At every size up to 2,000 our root is Go's."""
    peaks, roots = Peaks(), []
    for i in range(2000):
        peaks.append(leaf_hash(b"%d" % i))
        roots.append(encode_base64(peaks.root()))
    path = tmp_path / "roots"
    path.write_text("\n".join(roots) + "\n", encoding="utf-8")
    result = subprocess.run([str(program), "roots", str(path)], check=False, capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "roots=2000\n")
    path.write_text("\n".join([*roots[:1500], *roots[1501:]]) + "\n", encoding="utf-8")
    result = subprocess.run([str(program), "roots", str(path)], check=False, capture_output=True, text=True)
    assert (result.returncode, result.stderr[:21]) == (1, "DIFFERS: size 1501 ha")


@pytest.mark.parametrize(
    ("size", "old"),
    [(1, 1), (2, 1), (3, 2), (255, 254), (256, 255), (257, 256), (511, 300), (512, 256), (513, 1), (1000, 999)],
)
def test_small_logs(program: Path, log: MemoryLog, tmp_path: Path, size: int, old: int) -> None:
    """Around the border of one tile Go finds the same root, the same tiles, all entries, and consistency."""
    result = judge(program, log, tmp_path / "log", size, old)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"size={size} ")
    assert f" inclusions={size} consistency={old}->{size} " in result.stdout


@pytest.mark.parametrize(("size", "old"), [(65_535, 256), (65_536, 65_535), (65_537, 65_536)])
def test_large_logs(program: Path, log: MemoryLog, tmp_path: Path, size: int, old: int) -> None:
    """Around the border of the second level of tiles it is the same; the export is brought up from an older one."""
    first = MemoryLog(log.rows[:old])
    export_log(first, tmp_path / "log", first.checkpoint(), Policy.of(LOG_KEY.verifier))
    result = judge(program, log, tmp_path / "log", size, old)
    assert (result.returncode, result.stderr) == (0, "")
    assert f"size={size} bundles_and_tiles={_files(size)} inclusions={size} " in result.stdout


def _files(size: int) -> int:
    """Count bundles and tiles independently of the code under test."""
    count, width = -(-size // 256), size
    while width:
        count += -(-width // 256)
        width //= 256
    return count


def _flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


MUTATIONS: dict[str, Callable[[Path], object]] = {
    "a bit of an entry": lambda d: _flip(d / "tile/entries/001", 7),
    "a bit of the length of an entry": lambda d: _flip(d / "tile/entries/000", 1),
    "the last bit of the last entry": lambda d: _flip(d / "tile/entries/003.p/232", -1),
    "a bit of a leaf's hash": lambda d: _flip(d / "tile/0/002", 100),
    "a bit of a hash above": lambda d: _flip(d / "tile/1/000.p/3", 0),
    "a bit of the partial tile": lambda d: _flip(d / "tile/0/003.p/232", -1),
    "a bit of the root": lambda d: _flip(d / "checkpoint", len(ORIGIN) + 7),
    "a bit of the signature": lambda d: _flip(d / "checkpoint", -10),
    "a missing tile": lambda d: (d / "tile/0/001").unlink(),
    "a missing bundle": lambda d: (d / "tile/entries/001").unlink(),
    "a bundle cut off": lambda d: _append(d / "tile/entries/001", -1),
    "a bundle with a byte more": lambda d: _append(d / "tile/entries/001", 1),
    "a tile with a hash more": lambda d: _append(d / "tile/1/000.p/3", 32),
    "a tile that no tree has": lambda d: (d / "tile/0/004").write_bytes(b"x" * 8192),
    "a leftover partial tile": lambda d: (d / "tile/0/003.p/1").write_bytes(b"x" * 32),
    "two bundles swapped": lambda d: _swap(d / "tile/entries/001", d / "tile/entries/002"),
    "a checkpoint of another key": lambda d: (d / "checkpoint").write_text(
        MemoryLog([b"x"]).checkpoint(1, Signer(ORIGIN, b"\7" * 32)), encoding="utf-8"
    ),
    "a smaller checkpoint": lambda d: (d / "checkpoint").write_text(
        MemoryLog(b'{"index":%d}' % i for i in range(500)).checkpoint(), encoding="utf-8"
    ),
}


def _append(path: Path, count: int) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw + b"\0" * count if count > 0 else raw[:count])


def _swap(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


@pytest.fixture(scope="module")
def exported(log: MemoryLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Export 1,000 entries once, to be copied and changed."""
    part = MemoryLog(log.rows[:1000])
    directory = tmp_path_factory.mktemp("exported")
    export_log(part, directory / "log", part.checkpoint(), Policy.of(LOG_KEY.verifier))
    (directory / "old").write_text(log.checkpoint(700), encoding="utf-8")
    return directory


@pytest.mark.parametrize("name", MUTATIONS)
def test_changed_exports_are_refused(program: Path, exported: Path, tmp_path: Path, name: str) -> None:
    """Go refuses an export in which one single thing was changed."""
    shutil.copytree(exported / "log", tmp_path / "log")
    MUTATIONS[name](tmp_path / "log")
    result = run_checklog(program, tmp_path / "log", VKEY, exported / "old")
    assert result.returncode == 1
    assert result.stderr.startswith("DIFFERS: ")


def test_forks_and_strangers_are_refused(program: Path, log: MemoryLog, exported: Path, tmp_path: Path) -> None:
    """Go refuses an old checkpoint of a fork, one larger than the tree, and another log's key."""
    assert run_checklog(program, exported / "log", VKEY, exported / "old").returncode == 0
    fork = MemoryLog([b"other", *log.rows[1:700]])
    (tmp_path / "fork").write_text(fork.checkpoint(), encoding="utf-8")
    assert "consistency" in run_checklog(program, exported / "log", VKEY, tmp_path / "fork").stderr
    (tmp_path / "larger").write_text(log.checkpoint(1001), encoding="utf-8")
    assert run_checklog(program, exported / "log", VKEY, tmp_path / "larger").returncode == 1
    other = Signer(ORIGIN, b"\7" * 32).verifier.vkey
    assert run_checklog(program, exported / "log", other, exported / "old").returncode == 1
