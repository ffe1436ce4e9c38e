"""standalone.py: alone, short, and of one mind with the full verifier."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ledger.acts import act_types
from ledger.acts.trust import PersonRegistered
from ledger.verify import standalone
from ledger.verify.bundle import Bundle
from tests.kit.books import Book, found, policy
from tests.kit.bundles import lawful
from tests.kit.streams import segments_of, table


def test_the_single_file_runs_alone_out_of_the_bundle(tmp_path: Path) -> None:
    """Isolated, with the standard library only, it verifies the very bundle that it came in."""
    council = lawful()
    path = council.book.bundle(tmp_path / "b.evidencia.zip", disclosed=True)
    with Bundle.open(path) as bundle:
        (tmp_path / "standalone.py").write_bytes(bundle.archive.read("standalone.py", 2**20))
    (tmp_path / "policy").write_text(policy().format())
    (tmp_path / "older").write_bytes(council.book.checkpoint(9))
    command = [sys.executable, "-I", "-S", str(tmp_path / "standalone.py"), str(path)]
    trust = [
        f"--policy={tmp_path / 'policy'}",
        f"--founding={council.book.founding}",
        f"--checkpoint={tmp_path / 'older'}",
    ]
    done = subprocess.run([*command, *trust], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "V10" in done.stdout, "it says what it leaves to the full verifier"
    alone = subprocess.run(command, check=False, capture_output=True, text=True)
    assert alone.returncode == 2


def test_the_single_file_has_at_most_400_lines_of_the_standard_library() -> None:
    """Short enough to be read before it is run, and it imports nothing that has to be installed."""
    lines = Path(standalone.__file__).read_text("utf-8").splitlines()
    assert len(lines) <= 400
    table_lines = set(table().split("\n"))
    assert max(len(line) for line in lines if line not in table_lines) <= 120
    imported = {word.strip(",") for line in lines if line.startswith("import ") for word in line.split()[1:]}
    imported |= {line.split()[1] for line in lines if line.startswith("from ")}
    assert imported <= sys.stdlib_module_names | {"__future__"}


@pytest.mark.parametrize("arguments", [["absent"], ["."]])
def test_the_single_file_on_what_is_no_evidence(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Unusable input is exit 2, not a traceback."""
    monkeypatch.setattr(sys, "argv", ["standalone.py", *arguments])
    assert standalone.main() == 2


def test_the_single_file_tells_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A finding names its step and its index; an unknown type is told as such."""
    book = found(Book())
    book.say(PersonRegistered(person="p-x"), "nobody", "ledger")
    monkeypatch.setattr(sys, "argv", ["standalone.py", str(book.export(tmp_path / "1")), "--self-contained"])
    assert standalone.main() == 1
    assert "V7 key-not-in-ledger, acto 1" in capsys.readouterr().out
    book = found(Book())
    book.say(PersonRegistered(person="p-x"), "ana", "ledger", type="Later/1")
    monkeypatch.setattr(sys, "argv", ["standalone.py", str(book.export(tmp_path / "2")), "--self-contained"])
    assert standalone.main() == 2


def test_its_table_of_streams_is_the_registrys() -> None:
    """Every act type has the same kind and segments in both verifiers."""
    again = "run `make tables`"
    ours = {name: cls.kind for name, cls in act_types().items() if cls.kind != "erasure"}
    assert {name: parts[0] for name, parts in standalone.TYPES.items()} == ours, again
    for parts in standalone.TYPES.values():
        assert tuple(parts[1:]) == (segments_of(parts[0]) if parts[0] != "ledger" else ()), again
    assert table() in Path(standalone.__file__).read_text("utf-8"), again
