"""Signing an act on the command line and handing it in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import read_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.system import System
    from ledger.acts import Act
    from ledger.application import Recorded
    from ledger.compose import Officer

SigningKey = Annotated[Path, typer.Option("--key", help="Llave privada con que se firma (PEM). / Private key.")]
Office = Annotated[
    str,
    typer.Option(
        "--office", help="Cargo en cuya virtud se firma: ledger, key/…, designation/… / The office that signs."
    ),
]


def officer_of(key: Path, office: str) -> Officer:
    """Return the officer who signs with the key in a file."""
    from ledger.compose import Officer

    return Officer(read_key(key), office)


def submit_signed(
    system: System,
    act: Act,
    officer: Officer,
    *,
    sealed: Mapping[str, Any] | None = None,
    basis: Iterable[str] = (),
    occurred_at: str | None = None,
) -> Recorded:
    """Sign an act and record it."""
    from ledger.compose import Desk

    desk = Desk(system.ledger, system.written_now)
    signed = desk.sign(act, officer, sealed=sealed, basis=basis, occurred_at=occurred_at)
    return system.submit([signed])[0]
