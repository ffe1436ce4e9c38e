"""`acervo report`: the auditor's sheets, from the database or from a bundle, the same octets either way."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import DataDir, fail, opened, progress, say

ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("report")(report)


def report(
    name: Annotated[str, typer.Argument(metavar="CÉDULA", help="Nombre, o all para todas. / Name, or all.")],
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORIO", help="Nuevo o vacío. / New or empty.")],
    size: Annotated[
        int | None, typer.Option(min=0, help="Solo los primeros N actos del libro. / Only the first N acts.")
    ] = None,
    bundle: Annotated[
        Path | None,
        typer.Option(help="De un expediente o libro exportado, sin base de datos. / From a bundle, without database."),
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(help="Con --bundle: política de firmas obtenida por otra vía. / Policy.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Escribe las cédulas del auditor en CSV y HTML, e imprime el SHA-256 de cada CSV. / The auditor's sheets.

    amounts montos · delays demoras · late tardíos · numbers números · folios · sectors votos por sector ·
    terms fuera de periodo · attendance asistencia · actas tiempos. Los mismos actos dan los mismos octetos, de la base
    o de un expediente.

    Ejemplo:  acervo report all cedulas --size 3000 --bundle libro.evidencia.zip
    """
    from api.sheets import told_by_bundle, told_by_database, write_sheets
    from ledger.auditing import SHEETS
    from ledger.crypto.b64 import encode_base64

    if name not in {ALL, *SHEETS}:
        fail("sheet-unknown", name=name, known=", ".join((ALL, *SHEETS)))
    names = tuple(SHEETS) if name == ALL else (name,)
    with progress("report") as move:
        if bundle is not None:
            told = told_by_bundle(bundle, policy, size, names, move)
        else:
            with opened(data_dir) as system:
                told = told_by_database(system, size, names, move)
    sums = write_sheets(told, directory)
    say("cli-report", origin=told.origin, size=told.size, root=encode_base64(told.root), path=directory)
    for digest, file in sums:
        print(f"{digest}  {file}")
    if told.unreadable:
        say("cli-report-unreadable", count=len(told.unreadable))
