"""`acervo verify`, `check`, `diff`, `sample`, `rebuild`, `recover`: trusting nobody, and mending."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import FINDINGS, DataDir, fail, opened, progress, say

FORWARD = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("verify", context_settings=FORWARD, add_help_option=False)(verify)
    app.command("diff", context_settings=FORWARD, add_help_option=False)(diff)
    app.command("sample", context_settings=FORWARD, add_help_option=False)(sample)
    app.command("check")(check)
    app.command("recover")(recover)


def verify(context: typer.Context) -> None:
    """Comprueba un expediente o un libro exportado, sin base ni red. / Verifies evidence offline.

    Ejemplo:  acervo verify libro.evidencia.zip --checkpoint mio-de-enero --policy mia.txt
    """
    _forward([], context)


def diff(context: typer.Context) -> None:
    """Dice si NUEVO continúa a VIEJO y qué actos hubo entre los dos. / What came between two.

    Ejemplo:  acervo diff control-de-enero publicado/
    """
    _forward(["diff"], context)


def sample(context: typer.Context) -> None:
    """Saca actos al azar con su prueba, por una semilla pública. / Random acts by a public seed.

    Ejemplo:  acervo sample publicado/ --seed 20260131 -n 10
    """
    _forward(["sample"], context)


def _forward(command: list[str], context: typer.Context) -> None:
    """Let the offline verifier do it, which knows no database: it is the same as `python -m ledger.verify`."""
    from ledger.verify.command import run

    raise typer.Exit(run([*command, *context.args]))


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Informe en JSON. / As JSON.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Recalcula la base entera y la compara: actos, árbol, firmas, cargos, reglas, valores sellados.

    Recomputes the whole database from the entries' bytes and compares. Exit 1 where something does not agree.

    Ejemplo:  acervo check
    """
    from api.check import as_json as to_json
    from api.check import check_database, lines

    with opened(data_dir) as system, progress("check") as move:
        found = check_database(system, move)
    if as_json:
        print(json.dumps(to_json(found), indent=1, ensure_ascii=False))
    else:
        for line in lines(found):
            print(line)
        if found.clean:
            say("cli-check-ok", size=found.size)
        else:
            say("cli-check-findings", size=found.size, count=sum(found.counts.values()))
    if not found.clean:
        raise typer.Exit(FINDINGS)


def recover(
    source: Annotated[Path, typer.Argument(metavar="ORIGEN", help="Libro exportado o expediente. / Log or bundle.")],
    data_dir: DataDir = None,
) -> None:
    """Repone en una base restaurada los actos que le faltan, de un libro publicado. / Puts back missing acts.

    Solo si el árbol que resulta es el que el firmante recuerda; si no, no cambia nada.

    Ejemplo:  acervo recover publicado/
    """
    from api.recovering import recover_from

    with opened(data_dir) as system:
        if not system.keys:
            fail("recover-no-key")
        with progress("recover") as move:
            done = recover_from(system, system.admin_url, source, move)
    if done.count:
        say("cli-recovered", count=done.count, size=done.size)
    else:
        say("cli-nothing-to-recover", size=done.size)
