"""`acervo`: the command line. One file a group of commands; heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from api.cli import (
    access,
    acts,
    auditing,
    authorities,
    demo,
    documents,
    exporting,
    importing,
    keys,
    log,
    reporting,
    running,
)
from api.cli.common import FINDINGS, UNUSABLE, complain
from ledger.errors import AcervoError, RuleViolation

HELP = """\
Acervo: el libro de los actos de los órganos colegiados, firmados, ordenados y comprobables.

Para empezar:  acervo serve

Códigos de salida: 0 bien, 1 hay hallazgos o algo fue rechazado, 2 no se pudo hacer.

The ledger of the acts of collegiate bodies: signed, ordered, verifiable. Start with: acervo serve.
Exit codes: 0 well, 1 findings or something was refused, 2 it could not be done.
"""

app = typer.Typer(
    name="acervo",
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
running.register(app)
access.register(app)
app.add_typer(keys.app, name="key")
app.add_typer(authorities.app, name="ca")
app.add_typer(acts.app, name="act")
app.add_typer(exporting.app, name="export")
app.add_typer(log.app, name="log")
auditing.register(app)
reporting.register(app)
importing.register(app)
demo.register(app)
app.add_typer(documents.app, name="document")
app.add_typer(documents.certificates, name="certificate")


def _version(value: bool) -> None:
    if value:
        from importlib.metadata import version

        print(version("acervo"))
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Versión. / Version.")] = False,
) -> None:
    """Nothing happens before a command."""


def main(argv: list[str] | None = None) -> None:
    """Run a command and end with its exit code; our own errors become a sentence, never a trace."""
    arguments = sys.argv[1:] if argv is None else argv
    try:
        app(args=arguments, standalone_mode=True)
    except RuleViolation as error:
        complain(error)
        sys.exit(FINDINGS)
    except AcervoError as error:
        complain(error)
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(UNUSABLE)


if __name__ == "__main__":
    main()
