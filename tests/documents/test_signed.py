"""Documents of every kind as they are signed: still PDF/A, still nothing that qpdf complains of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from ledger.pdf.signing import parse, prepare
from tests.kit.paper import Efirma, authority
from tests.kit.pdfa import complaints, findings
from tests.kit.printed import YEAR, year_document, year_press
from tests.kit.tools import ran

if TYPE_CHECKING:
    from pathlib import Path

UNSIGNED = {"credencial", "guion"}
"""What nobody signs on paper: a card, and notes for who presides."""


@cache
def officer() -> Efirma:
    """Return one e.firma for all of them."""
    return authority().issue("MARÍA NÚÑEZ")


@pytest.mark.parametrize("name", sorted(YEAR))
def test_each_kind_stays_pdf_a_when_it_is_signed(name: str, tmp_path: Path) -> None:
    """Printed, prepared, and with every signature: PDF/A's structure, and `qpdf --check` clean."""
    press = year_press()
    document = year_document(name)
    printed, boxes = press.print(document), press.boxes(document)
    assert bool(boxes) == (name not in UNSIGNED)
    states = [printed]
    if boxes:
        states.append(prepare(printed, boxes))
    for box in boxes:
        states.append(authority().sign(states[-1], box.field, officer()))
    for number, raw in enumerate(states):
        assert parse(raw).base == printed
        assert (findings(raw), complaints(raw)) == ([], [])
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(raw)
        judged = ran("qpdf", "--check", path)
        assert (judged.returncode, judged.stderr) == (0, b"")
        assert b"No syntax or stream encoding errors found" in judged.stdout
