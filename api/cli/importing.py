"""`acervo import`: what was decided before the ledger, by the ledger's own rules."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import FINDINGS, OK, DataDir, fail, opened, progress, read_key, say
from ledger.texts import has, text

if TYPE_CHECKING:
    from api.importers.report import Report
    from api.system import System
    from ledger.compose import Officer

SOURCES = ("plain", "mexico-diputados")
MAX_SHOWN = 50


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import")(import_)


def import_(
    source: Annotated[str, typer.Argument(metavar="ORIGEN", help="plain, mexico-diputados, … / The source's form.")],
    path: Annotated[Path, typer.Argument(metavar="DIRECTORIO", help="Donde están los archivos. / The folder.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Ensaya y no asienta nada. / Records nothing.")] = False,
    publish: Annotated[
        bool, typer.Option(help="Publica los textos importados, que ya eran públicos. / Opens the texts.")
    ] = True,
    key: Annotated[Path | None, typer.Option(help="Llave de quien importa; por omisión, la de demostración.")] = None,
    office: Annotated[str, typer.Option(help="Cargo con que importa. / The importer's office.")] = "ledger",
    report: Annotated[Path | None, typer.Option(help="Archivo JSON con el informe. / Report as JSON.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Importa lo anterior al libro; los resultados se calculan de las marcas. / Imports what came before.

    Toda fila rechazada se nombra con su archivo, su renglón y la regla. Sale con 1 si se rechazó alguna.

    Ejemplo:  acervo import plain ./actas-2020 --dry-run
    """
    with opened(data_dir) as system, tempfile.TemporaryDirectory(prefix="acervo-") as scratch:
        folder = _folder(source, path, Path(scratch))
        officer = _officer(system, key, office)
        done = _run(system, folder, officer, dry_run=dry_run, publish=publish)
    if report is not None:
        report.write_text(json.dumps(done.as_json(), indent=1, ensure_ascii=False))
    raise typer.Exit(_tell(done))


def _folder(source: str, path: Path, scratch: Path) -> Path:
    """Return the plain folder, converted from the source's own form where it has one.

    Raises:
        typer.Exit: the source is not known.
    """
    from api.importers import mexico

    if source not in SOURCES:
        fail("cli-import-source", source=source, known=", ".join(SOURCES))
    if source == "plain":
        return path
    mexico.convert(path, scratch)
    return scratch


def _officer(system: System, key: Path | None, office: str) -> Officer:
    """Return who imports; without a key the demo's founder, whose ledger is founded where there is none."""
    from ledger.compose import Officer

    if key is not None:
        return Officer(read_key(key), office)
    from api.demo.seed import found_only

    return found_only(system).founder


def _run(system: System, folder: Path, officer: Officer, *, dry_run: bool, publish: bool) -> Report:
    from api.importers.dry import DryRun
    from api.importers.engine import Importer
    from api.importers.plain import PlainFolder
    from ledger.clock import written_now

    rehearsal = DryRun(system.store, system.ledger.origin, system.size()) if dry_run else None
    with progress(folder.name) as move:
        importer = Importer(
            PlainFolder(folder),
            rehearsal or system,
            rehearsal or system.ledger,
            officer,
            written_now,
            dry_run=dry_run,
            publish=publish,
            step=lambda _file, rows: move(rows),
        )
        return importer.run()


def _tell(done: Report) -> int:
    taken, refused = sum(done.taken.values()), len(done.refusals)
    for each in done.refusals[:MAX_SHOWN]:
        params = {"file": each.file, "line": each.line, "code": each.code, "detail": each.detail}
        sentence = text(each.code) if has(each.code) else ""
        print(text("cli-refused-row", "es", sentence=sentence, **params).rstrip())
    say("cli-imported-dry" if done.dry_run else "cli-imported", taken=taken, refused=refused)
    return OK if done.clean else FINDINGS
