"""`acervo export`: the log as files, and evidence bundles (format.md §7, §9)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import DataDir, fail, opened, progress, say

app = typer.Typer(
    no_args_is_help=True, help="Salidas: la bitácora, expedientes de evidencia. / Exports.", rich_markup_mode=None
)


@app.command("log")
def log(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORIO", help="Nuevo, o de una exportación anterior.")],
    data_dir: DataDir = None,
) -> None:
    """Escribe el libro entero como teselas y policy.txt, o pone al día una exportación. / The log as tiles.

    Lo leen también programas de otros (C2SP tlog-tiles). Puede publicarse tal cual en cualquier servidor de archivos.

    Ejemplo:  acervo export log publicado && acervo verify publicado --self-contained
    """
    from api.exporting import export_log_to

    with opened(data_dir) as system, progress("tile/") as move:
        done = export_log_to(system, directory, move)
    say("cli-exported", size=done.size, path=directory, written=done.written)


@app.command("bundle")
def bundle(
    path: Annotated[Path, typer.Argument(metavar="ARCHIVO", help="Nuevo *.evidencia.zip. / New file.")],
    older: Annotated[
        list[Path] | None, typer.Option("--checkpoint", help="Punto de control anterior que se incluye. / Older one.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Escribe el expediente para un auditor: todo el libro, con lo publicado y el verificador. / An evidence bundle.

    De lo sellado van solo los valores que un acto publicó.

    Ejemplo:  acervo export bundle libro.evidencia.zip && acervo verify libro.evidencia.zip --self-contained
    """
    from api.exporting import export_bundle

    if path.exists():
        fail("file-exists", path=str(path))
    with opened(data_dir) as system, progress("evidencia") as move:
        export_bundle(system, path, [each.read_bytes() for each in older or ()], move)
    say("cli-bundle", path=path)
