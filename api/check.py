"""`acervo check` composed: what is known from outside of the database, for `ledger.store.check`; documents; registries.

1  the signer's memory           a file of its own, readable also where the signer refuses to start
2  the published checkpoint      what everybody else has seen
3  the signer itself             asked for a checkpoint over everything: it compares the database with its memory
4  older checkpoints             those that a person kept and hands in
5  the stored documents          read again, each to its last byte (fixity)
6  the registries                rebuilt beside the live ones and compared row by row
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from api.exporting import policy_of
from api.signer import PUBLISHED, STATE
from api.system import checkpoint_size
from ledger.errors import NotSealedError
from ledger.log.errors import SignerRefusedError
from ledger.log.state import read_state
from ledger.store import check
from ledger.verify.outcome import Finding
from projections import REGISTRIES, tracking
from projections.rebuild import compare, row_count
from projections.replay import ProjectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from api.system import System
    from ledger.store.documents import Documents
    from ledger.verify.outcome import Outcome
    from projections.page import TextReader

STORED_WAIT_S = 5.0
_STEP_S = 0.05


def check_database(
    system: System,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    older: Sequence[Path] = (),
) -> Outcome:
    """Check the database of a ledger, sealed values included, against what stands outside of it; documents, registries.

    Args:
        system: Whose ledger.
        progress: Told how many entries of how many are read.
        older: Files of checkpoints that somebody kept.
    """
    outcome = check.check_database(system.app_url, outside_of(system, older), system.vault, progress=progress)
    check_documents(system.documents, outcome)
    check_registries(system.app_url, system.vault.disclosure, outcome)
    return outcome


def check_documents(documents: Documents, outcome: Outcome) -> None:
    """Add to the outcome every stored document that is not what its name says (V11); erased ones are counted apart."""
    step = outcome.steps[11]
    for each in documents.check_fixity():
        if each.problem == "data-key-destroyed":
            step.checked("erased-documents")
        elif each.problem:
            outcome.find(Finding(11, each.problem, file=each.name))
        else:
            step.checked("documents")


_PLACES = ("created_index", "entry_index", "until_index", "born_index")


def check_registries(app_url: str, reader: TextReader, outcome: Outcome) -> None:
    """Add to the outcome every row of a registry that is not what the acts say (V9, as other derived rows).

    Args:
        app_url: The application role's URL.
        reader: Gives opened texts out of the vault.
        outcome: Takes findings, with the index of the act that made the row's object where the row says it.
    """
    step = outcome.steps[9]
    with tracking.connect(app_url) as connection:
        try:
            differences = compare(connection, REGISTRIES, reader)
        except ProjectionError as error:
            step.not_checked("registries-not-compared", error.detail[:200])
            return
        with connection.cursor() as cursor:
            step.checked("registry_rows", row_count(cursor, REGISTRIES))
    for each in differences:
        row = each.rebuilt or each.live or {}
        code = "row-missing" if each.live is None else "row-stray" if each.rebuilt is None else "row-differs"
        key = ", ".join(str(value) for value in each.key.values())
        detail = f"registry.{each.table} {key}: {', '.join(each.columns)}".rstrip(": ")
        index = next((row[name] for name in _PLACES if name in row), None)
        outcome.find(Finding(9, code, index, detail=detail[:200]))


def outside_of(system: System, older: Sequence[Path] = ()) -> check.Outside:
    """Return what is known from outside of the system's database."""
    data_dir = system.settings.data_dir.absolute()
    refusal = system.refusal
    remembered = [(path.name, path.read_bytes()) for path in older]
    state = read_state(data_dir / STATE)
    if state is not None:
        remembered.append(("signer-state", state.note.encode()))
    published = data_dir / PUBLISHED / "checkpoint"
    note = published.read_bytes() if published.exists() else None
    if note is not None:
        remembered.append(("published", note))
    try:
        if refusal is None:
            remembered.append(("signer", system.signer.checkpoint(system.size()).encode()))
    except SignerRefusedError as error:
        refusal = error
    except NotSealedError:
        pass  # no signer runs; its memory was read above
    stored = [note] if note is not None and _is_stored(system, checkpoint_size(note.decode())) else []
    return check.Outside(system.ledger.origin, policy_of(system), remembered, stored, refusal=refusal)


def _is_stored(system: System, size: int) -> bool:
    """Ask the signer whether the database has the checkpoint of this size too; wait while it is on its way."""
    deadline = time.monotonic() + STORED_WAIT_S
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            status = system.signer.status()
            if status["published_size"] >= size and not status["publication_errors"]:
                return True
        time.sleep(_STEP_S)
    return False
