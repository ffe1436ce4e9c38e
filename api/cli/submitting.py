"""Signing an act on the command line and handing it in."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli.common import opened, read_key, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.system import System
    from api.tokens import Place
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


@contextmanager
def officer_at(source: Path | Place, office: str) -> Iterator[Officer]:
    """Give the officer who signs with the key in a file or in a token.

    Raises:
        TokenError: The token cannot be used.
    """
    from api.cli.tokens import opened_key
    from ledger.compose import Officer

    if isinstance(source, Path):
        yield officer_of(source, office)
        return
    with opened_key(source) as secret:
        yield Officer(secret, office)


def record(data_dir: Path | None, act: Act, key: Path, office: str, *, sealed: Mapping[str, Any] | None = None) -> None:
    """Sign an act with the key in a file, record it in the ledger of a data directory, and say where it stands."""
    with opened(data_dir) as system:
        placed = submit_signed(system, act, officer_of(key, office), sealed=sealed)
    say("cli-recorded", index=placed.index, recorded_at=placed.recorded_at)


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
