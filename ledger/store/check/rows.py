"""The small tables against what the entries and the signer say: founding, head, streams, checkpoints, clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.crypto.note import Checkpoint, Note
from ledger.errors import UntrustedInputError
from ledger.verify.outcome import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.check.spool import Spooled
    from ledger.store.check.tables import Tables


def check_founding(tables: Tables, spooled: Spooled, outcome: Outcome) -> None:
    """Compare the founding's row with entry 0."""
    expected = spooled.founding
    rows = [(one, origin, bytes(digest).hex(), simulated) for one, origin, digest, simulated in tables.founding()]
    wanted = [] if expected is None else [(True, expected[1], expected[0], expected[2])]
    if rows != wanted:
        outcome.find(Finding(9, "row-differs", 0, detail="ledger.founding"))
    outcome.steps[9].checked("rows", len(rows))


def check_head(tables: Tables, spooled: Spooled, outcome: Outcome) -> None:
    """Compare the head with the last entry."""
    rows = tables.head()
    if rows != [(True, spooled.size, spooled.recorded_at)]:
        said = ", ".join(f"{size} {stamp}" for _, size, stamp in rows)
        outcome.find(Finding(3, "row-differs", max(0, spooled.size - 1), detail=f"ledger.head: {said}"))
    outcome.steps[3].checked("rows", len(rows))


def check_streams(tables: Tables, spooled: Spooled, outcome: Outcome) -> None:
    """Compare each stream's head with its entries."""
    wanted = dict(spooled.streams)
    for stream, version, statement, last_index in tables.streams():
        expected = wanted.pop(stream, None)
        outcome.steps[9].checked("rows")
        if expected is None:
            outcome.find(Finding(9, "row-stray", last_index, detail=f"ledger.streams {stream}"[:200]))
        elif (version, bytes(statement).hex(), last_index) != expected:
            outcome.find(Finding(9, "row-differs", expected[2], detail=f"ledger.streams {stream}"[:200]))
    for stream, (_, _, last_index) in wanted.items():
        outcome.find(Finding(9, "row-missing", last_index, detail=f"ledger.streams {stream}"[:200]))


def check_checkpoints(
    rows: Sequence[tuple[int, int, bytes]], stored: Sequence[bytes], outcome: Outcome
) -> list[tuple[str, bytes]]:
    """Check that the checkpoints' rows are in order and complete.

    Args:
        rows: Number, size and note of each, by number.
        stored: Notes that must be among them, by the signer's own word.
        outcome: Gets counts and findings.

    Returns:
        Name and note of each, for V5.
    """
    named: list[tuple[str, bytes]] = []
    size, lines = 0, frozenset[str]()
    for expected, (number, row_size, note) in enumerate(rows, start=1):
        name = f"ledger.checkpoints {number}"
        outcome.steps[5].checked("rows")
        if number != (rows[expected - 2][0] + 1 if expected > 1 else 1):
            outcome.find(Finding(5, "row-missing", None, name, f"after size {size}"))
        try:
            parsed = Note.parse(note)
            said = Checkpoint.parse(parsed.text).size
        except UntrustedInputError as error:
            outcome.find(Finding(5, error.code, row_size, name, error.detail[:200]))
            continue
        found = frozenset(signature.line() for signature in parsed.signatures)
        # Of one size, a later note carries more signatures: a witness has cosigned it.
        if said != row_size or row_size < size or (row_size == size and named and not lines < found):
            outcome.find(Finding(5, "row-differs", row_size, name, f"size {row_size}"))
        named.append((name, note))
        size, lines = row_size, found
    missing = [note for note in stored if note not in {row[2] for row in rows}]
    for note in missing:
        said = Checkpoint.parse(Note.parse(note).text).size
        outcome.find(Finding(5, "row-missing", said, detail=f"ledger.checkpoints of size {said}"))
    return named


def check_clock(tables: Tables, spooled: Spooled, outcome: Outcome) -> None:
    """Check that only a simulated ledger has a clock in a table, and that it is not behind the last entry."""
    rows = tables.clock()
    simulated = spooled.founding is not None and spooled.founding[2]
    fits = [one for one, _ in rows] == ([True] if simulated else [])
    if not fits or any(stamp < spooled.recorded_at for _, stamp in rows):
        outcome.find(Finding(12, "row-differs", max(0, spooled.size - 1), detail="ledger.simulated_clock"))
    outcome.steps[12].counts["rows"] += len(rows)


def check_guards(tables: Tables, outcome: Outcome) -> None:
    """Check that every table still refuses writes that come another way than by the ledger's functions."""
    for table, guarded in tables.guards():
        if not guarded:
            outcome.find(Finding(1, "table-unguarded", None, f"ledger.{table}"))
        outcome.steps[1].checked("tables")
