"""FORMAT.md and the code say the same."""

from __future__ import annotations

from pathlib import Path

from ledger import ids
from ledger.acts.acta import MAX_BLOCKS
from ledger.describe import tables

FORMAT = Path(__file__).parents[2] / "ledger" / "FORMAT.md"


def test_tables_are_those_of_the_registry() -> None:
    """Kinds, types, signers, bases and sealed names in FORMAT.md are those that the code enforces."""
    text = FORMAT.read_text(encoding="utf-8")
    written = text.split("<!-- tables -->\n", 1)[1].split("<!-- /tables -->", 1)[0]
    assert written == tables()


def test_limits_are_those_of_the_code() -> None:
    """The limits that FORMAT.md names are those that parsers apply."""
    text = FORMAT.read_text(encoding="utf-8")
    for label, value in {
        "statement": ids.MAX_STATEMENT_BYTES,
        "entry": ids.MAX_ENTRY_BYTES,
        "sealed values of an act": ids.MAX_SEALED,
        "streams in a basis": ids.MAX_BASIS,
        "a disclosure": ids.MAX_DISCLOSURE_BYTES,
        "acts in a batch": ids.MAX_BATCH_ACTS,
        "blocks of an acta": MAX_BLOCKS,
        "stream name": ids.MAX_STREAM_BYTES,
    }.items():
        assert f"| {label} | {value:,}" in text, label
