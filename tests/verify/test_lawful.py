"""A lawful ledger verifies, from a zip, a directory, an exported log and an excerpt; reports are the same each time."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.verify.command import run
from tests.kit.books import policy
from tests.kit.bundles import Council, lawful

if TYPE_CHECKING:
    from pathlib import Path


def verified(*arguments: str) -> tuple[int, str]:
    """Run the verifier; return its exit code and what it wrote."""
    out = io.StringIO()
    return run(arguments, out), out.getvalue()


def outside(tmp_path: Path, council: Council) -> list[str]:
    """Return the trust inputs as somebody has them who got them another way."""
    (tmp_path / "policy.txt").write_text(policy().format(), encoding="utf-8")
    (tmp_path / "older").write_bytes(council.book.checkpoint(5))
    return [
        f"--policy={tmp_path / 'policy.txt'}",
        f"--founding={council.book.founding}",
        f"--checkpoint={tmp_path / 'older'}",
    ]


@pytest.mark.parametrize("unpacked", [False, True])
def test_a_lawful_bundle_verifies(tmp_path: Path, *, unpacked: bool) -> None:
    """Every step passes, packed or not, and with trust inputs from outside the exit is 0."""
    council = lawful()
    path = council.book.bundle(tmp_path / "b.evidencia.zip", older=[3, 9], disclosed=True, unpacked=unpacked)
    code, text = verified(str(path), *outside(tmp_path, council))
    assert code == 0, text
    assert "NO INDEPENDIENTE" not in text
    report = orjson.loads(verified(str(path), *outside(tmp_path, council), "--json")[1])
    assert report["findings"] == []
    assert report["steps"]["V10"]["counts"]["entries"] == council.book.size
    assert report["steps"]["V11"]["counts"]["values"] == sum(map(len, council.book.opened.values()))


def test_the_bundles_own_trust_inputs_are_not_enough(tmp_path: Path) -> None:
    """Without inputs from outside the steps say *not independent* and the exit is 2 unless that is accepted."""
    path = lawful().book.bundle(tmp_path / "b.evidencia.zip")
    code, text = verified(str(path))
    assert code == 2
    assert "NO INDEPENDIENTE" in text
    assert verified(str(path), "--self-contained")[0] == 0


def test_a_bare_exported_log_verifies(tmp_path: Path) -> None:
    """The directory that `acervo export log` writes is evidence by itself."""
    assert verified(str(lawful().book.export(tmp_path / "log")), "--self-contained")[0] == 0


def test_an_excerpt_verifies_and_says_what_it_does_not_prove(tmp_path: Path) -> None:
    """Single acts with their proofs: signatures, inclusion, texts; a later revocation is named as not proved."""
    council = lawful()
    path = council.book.excerpt(tmp_path / "e.evidencia.zip", range(0, council.book.size, 1), disclosed=True)
    code, text = verified(str(path), "--self-contained")
    assert code == 0, text
    assert "revocado después" in text


def test_reports_are_deterministic(tmp_path: Path) -> None:
    """The same bundle gives the same bytes of bundle, text and JSON; two languages give two texts."""
    first = lawful().book.bundle(tmp_path / "1.evidencia.zip", disclosed=True)
    second = lawful().book.bundle(tmp_path / "2.evidencia.zip", disclosed=True)
    assert first.read_bytes() == second.read_bytes()
    for options in (("--lang=es",), ("--lang=en",), ("--json",)):
        assert verified(str(first), *options) == verified(str(second), *options)
    assert verified(str(first), "--lang=en") != verified(str(first))
