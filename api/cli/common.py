"""What the commands share: sentences, exit codes, an opened system, progress bars."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ledger.errors import AcervoError
from ledger.texts import has, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.settings import Settings
    from api.system import System

OK = 0
FINDINGS = 1
UNUSABLE = 2

DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", help="Directorio de datos; por omisión ACERVO_DATA_DIR, o ./var. / Data directory."),
]


def say(code: str, **params: Any) -> None:
    """Print a sentence of the catalogue in Spanish, and in English below it."""
    print(text(code, "es", **params))
    print(text(code, "en", **params))


def complain(error: AcervoError) -> None:
    """Print what went wrong on standard error: one sentence in Spanish, one in English, and what is technical."""
    spanish, english = getattr(error, "spanish", None), getattr(error, "english", None)
    if spanish is None and has(error.code):
        spanish, english = text(error.code, "es", **error.params), text(error.code, "en", **error.params)
    detail = f" ({error.detail})" if error.detail else ""
    if spanish is None:
        print(f"{error.code}{detail}", file=sys.stderr)
        return
    print(f"{spanish}{detail}", file=sys.stderr)
    print(english, file=sys.stderr)


def fail(code: str, status: int = UNUSABLE, **params: Any) -> NoReturn:
    """Print a sentence on standard error and end the command."""
    complain(AcervoError(code, **params))
    raise typer.Exit(status)


def settings_of(data_dir: Path | None, **changes: object) -> Settings:
    """Return the settings, with what the command line says."""
    from api.settings import load

    return load(data_dir=data_dir, **changes)


@contextmanager
def opened(data_dir: Path | None, **changes: object) -> Iterator[System]:
    """Give the system for a command, starting or joining the private server, and close it again.

    Raises:
        AcervoError: it cannot be opened; `api.cli.main` says so and ends with 2.
    """
    from api.wiring import build

    system = build(settings_of(data_dir, **changes))
    try:
        yield system
    finally:
        system.close()


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Any]:
    """Show a bar on standard error where that is a terminal; give a function that says how far we are."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(title, total=total)

        def move(done: int, of: int | None = None) -> None:
            bar.update(task, completed=done, total=of if of is not None else total)

        yield move


def read_key(path: Path) -> Any:
    """Return the private key in a PEM file.

    Raises:
        UntrustedInputError: it is none.
    """
    from ledger.crypto.keys import PrivateKey

    return PrivateKey.from_pem(read_bytes(path))


def read_bytes(path: Path, limit: int = 64 * 1024 * 1024) -> bytes:
    """Return a file's content; `-` is standard input.

    Raises:
        UntrustedInputError: "file-unreadable" or "too-large".
    """
    from ledger.errors import UntrustedInputError

    try:
        raw = sys.stdin.buffer.read(limit + 1) if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise UntrustedInputError("file-unreadable", str(error)) from error
    if len(raw) > limit:
        raise UntrustedInputError("too-large", f"{path}: more than {limit} bytes")
    return raw
