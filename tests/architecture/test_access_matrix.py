"""Every route says who may read it: a new one without a line in the access matrix is found here."""

from __future__ import annotations

from tests.kit.readers import MATRIX, lines
from tests.kit.routes import operations


def test_every_operation_has_a_line_in_the_access_matrix() -> None:
    """tests/data/access_matrix.txt names each operation once, as public, signed, mixed or restricted, and no other."""
    told = lines()
    assert len(told) == len(MATRIX.read_text().splitlines())
    assert set(told) == set(operations())
    assert set(told.values()) == {"public", "signed", "mixed", "restricted"}
