"""Options of commands that sign: with a key in a file, or with one in a token whose PIN is asked for."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import fail, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.tokens import Place, TokenKey

Module = Annotated[
    Path | None,
    typer.Option("--pkcs11", metavar="MÓDULO", help="Biblioteca PKCS#11 del dispositivo. / The token's module."),
]
TokenLabel = Annotated[str | None, typer.Option(help="Etiqueta del dispositivo. / The token's label.")]
KeyLabel = Annotated[str | None, typer.Option(help="Etiqueta de la llave en él. / The key's label in it.")]


def source_of(key: Path | None, module: Path | None, token_label: str | None, key_label: str | None) -> Path | Place:
    """Return where the key lies that was meant: a file, or a place in a token; fail where both or none are named."""
    if key is not None and module is None:
        return key
    if module is None or key is not None:
        fail("cli-key-which")
    if token_label is None or key_label is None:
        fail("cli-token-labels")
    from api.tokens import Place

    return Place(module, token_label, key_label)


@contextmanager
def opened_key(place: Place, spki: bytes | None = None) -> Iterator[TokenKey]:
    """Give the key of a token, with the PIN that ACERVO_PKCS11_PIN holds or a terminal is asked for.

    Raises:
        TokenError: It cannot be used.
    """
    from api.tokens import key_in

    kept = settings_of(None).pkcs11_pin
    if kept is not None:
        pin = kept.get_secret_value()
    elif sys.stdin.isatty():
        pin = typer.prompt("PIN", hide_input=True)
    else:
        fail("cli-pin-missing")
    with key_in(place, pin, spki) as key:
        yield key
