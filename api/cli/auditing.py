"""`acervo verify`, `check`, `diff`, `sample`, `rebuild`, `recover`: trusting nobody, and mending."""

from __future__ import annotations

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
    app.command("rebuild")(rebuild_registries)
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
    from ledger.verify.pool import calm_collector

    calm_collector()
    raise typer.Exit(run([*command, *context.args]))


def check(
    as_json: Annotated[bool, typer.Option("--json", help="Informe en JSON. / As JSON.")] = False,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="Punto de control guardado; se puede repetir. / One that was kept."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Recalcula la base entera y la compara: actos, árbol, firmas, cargos, reglas, textos reservados, documentos.

    También con lo que recuerda el firmante, fuera de la base. Salida 1 si algo no concuerda, 2 si no se pudo comprobar.
    Recomputes the whole database from the entries' bytes and compares it with them and with the signer's memory.

    Ejemplo:  acervo check --checkpoint control-de-enero
    """
    from api.check import check_database
    from ledger.verify import report

    with opened(data_dir) as system, progress("check") as move:
        outcome = check_database(system, move, checkpoint or ())
    if as_json:
        print(report.as_json(outcome, self_contained=True).decode(), end="")
    else:
        print(report.as_text(outcome, "es", self_contained=True), end="")
    status = report.exit_code(outcome, self_contained=True)
    if status == report.VERIFIED and not as_json:
        say("cli-check-ok", size=outcome.facts["size"])
    raise typer.Exit(status)


def rebuild_registries(
    compare: Annotated[
        bool, typer.Option("--compare", help="Solo compara con lo que hay; no cambia nada. / Only compares.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Rehace los registros desde el acto 0; se pueden tirar y rehacer cuando se quiera. / Rebuilds the registries.

    Con --compare dice qué filas no son las que el libro da, y sale con 1 si hay alguna.

    Ejemplo:  acervo rebuild --compare
    """
    from projections import REGISTRIES, tracking
    from projections.rebuild import compare as compare_rows
    from projections.rebuild import rebuild

    with opened(data_dir) as system, progress("registros") as move, tracking.connect(system.app_url) as connection:
        if not compare:
            size = rebuild(connection, REGISTRIES, system.vault.disclosure, move)
            say("cli-rebuilt", size=size)
            return
        differences = compare_rows(connection, REGISTRIES, system.vault.disclosure, move)
    for each in differences:
        where = ", ".join(f"{name}={value}" for name, value in each.key.items())
        print(f"  {each.registry}.{each.table} ({where}): {', '.join(each.columns) or 'fila'}")
    if differences:
        raise typer.Exit(FINDINGS)
    say("cli-rebuilt-same")


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
