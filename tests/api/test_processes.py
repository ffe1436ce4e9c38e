"""Children that cannot outlive us, and the supervisor that brings parts back."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from api import processes
from api.processes import Child
from api.supervisor import Supervisor
from ledger.errors import StoreError
from tests.kit.waiting import until

ROOT = Path(__file__).parents[2]
ECHO = """
from api.processes import run_child
import time
def main(config, say):
    say({"got": config})
    say({"second": True})
    time.sleep(60)
run_child(main)
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the name of a child's module that says back what it was given."""
    (tmp_path / "echo_child.py").write_text(ECHO)
    monkeypatch.chdir(tmp_path)
    return "echo_child"


def test_a_child_hears_and_is_heard(module: str, tmp_path: Path) -> None:
    """Its configuration goes over the pipe, its words come back one by one, and closing the pipe ends it."""
    child = Child("echo", module, {"secret": "sésamo"}, tmp_path / "logs" / "echo.log")
    assert child.hear() == {"got": {"secret": "sésamo"}}
    assert child.hear() == {"second": True}
    command = Path(f"/proc/{child.pid}/cmdline").read_bytes() + Path(f"/proc/{child.pid}/environ").read_bytes()
    assert "sésamo".encode() not in command
    assert child.alive()
    child.stop()
    assert not child.alive()


def test_a_child_that_fails_says_where_to_look(tmp_path: Path) -> None:
    """A child that ends without a word is a StoreError that names its log."""
    child = Child("broken", "no_such_module_at_all", {}, tmp_path / "broken.log")
    with pytest.raises(StoreError) as failed:
        child.hear()
    assert failed.value.params["log"] == str(tmp_path / "broken.log")
    assert "no_such_module_at_all" in (tmp_path / "broken.log").read_text()


def test_a_child_that_does_not_listen_is_killed(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that ignores the closed pipe and SIGTERM is ended by force when its time is up."""
    ignoring = ECHO.replace("    say({", "    import signal; signal.signal(15, signal.SIG_IGN); say({", 1)
    Path("echo_child.py").write_text(ignoring)
    child = Child("deaf", module, {}, tmp_path / "deaf.log")
    child.hear()
    started = time.monotonic()
    child.stop(timeout_s=0.5)
    assert not child.alive()
    assert time.monotonic() - started < processes.ORPHAN_GRACE_S
    monkeypatch.undo()


def test_orphans_end_themselves(module: str, tmp_path: Path) -> None:
    """A parent that is killed −9 takes its children along."""
    script = textwrap.dedent(
        f"""
        import os, sys
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from api.processes import Child
        child = Child("echo", {module!r}, {{}}, Path("x.log"))
        child.hear()
        print(child.pid, flush=True)
        os.kill(os.getpid(), 9)
        """
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == -9
    pid = int(done.stdout)
    command = Path(f"/proc/{pid}/cmdline")
    until(lambda: not command.exists() or not command.read_bytes())  # empty: a zombie of the init process


class _Part:
    """A part that dies on demand and comes back unless told not to."""

    name = "part"

    def __init__(self) -> None:
        self.well, self.tries, self.refuses = True, 0, False

    def alive(self) -> bool:
        return self.well

    def revive(self) -> None:
        self.tries += 1
        if self.refuses:
            raise StoreError("child-failed", "part")
        self.well = True


def test_the_supervisor_brings_back_what_is_gone() -> None:
    """A part that died is revived once; one that is well is left alone."""
    part = _Part()
    supervisor = Supervisor([part], interval_s=0.01)
    supervisor.start()
    time.sleep(0.1)
    assert part.tries == 0
    part.well = False
    until(lambda: part.well)
    supervisor.stop()
    assert (part.well, part.tries) == (True, 1)
    part.well = False
    time.sleep(0.1)
    assert part.tries == 1


def test_the_supervisor_tries_less_and_less_often() -> None:
    """A part that does not come back is tried again after longer and longer pauses, and never given up."""
    part = _Part()
    part.well, part.refuses = False, True
    supervisor = Supervisor([part], interval_s=0.01)
    supervisor.start()
    until(lambda: part.tries >= 5)
    supervisor.stop()
    assert supervisor._pauses == {"part": pytest.approx(0.01 * 2**part.tries)}
    part.refuses = False
    supervisor._not_before.clear()
    supervisor.look_after(part)
    assert part.well
