"""`acervo export`: the log as files, evidence bundles, open data (format.md §7, §9; product.md §3.6)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import DataDir, fail, opened, progress, say

app = typer.Typer(
    no_args_is_help=True,
    help="Salidas: la bitácora, expedientes de evidencia, datos abiertos. / Exports.",
    rich_markup_mode=None,
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


@app.command("data")
def data(
    directory: Annotated[Path, typer.Argument(metavar="DIRECTORIO", help="Nuevo o vacío. / New or empty.")],
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="csv, jsonl, xlsx, sqlite, parquet; repetible; por omisión, todos. / Repeatable; all."
        ),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Escribe los registros como datos abiertos, con datapackage.json y sumas firmadas. / Open data of all registries.

    Nada se captura de nuevo y nada sellado sale: de lo que no se ha abierto consta que existe.

    Ejemplo:  acervo export data datos --format csv && (cd datos && sha256sum -c SHA256SUMS)
    """
    from api.exports.data import export_data
    from api.exports.formats import FORMATS

    chosen = None if formats is None else [each for each in FORMATS if each in formats]
    unknown = sorted(set(formats or ()) - set(FORMATS))
    if unknown:
        fail("export-format", said=unknown[0], known=", ".join(FORMATS))
    with opened(data_dir) as system, progress("datos") as move:
        done = export_data(system, directory, chosen, move)
    say("cli-exported-data", size=done.size, path=directory, rows=done.rows, files=done.files)
