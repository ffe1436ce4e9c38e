"""`acervo import`: what was decided before the ledger, by the ledger's own rules."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import FINDINGS, OK, DataDir, fail, opened, progress, read_key, say
from ledger.texts import text
from ledger.verify.texts import say as remark

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.importers.report import Report
    from api.importers.targets import DryRun
    from api.system import System
    from ledger.compose import Officer

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
    importing = _source(source)
    with opened(data_dir) as system, progress(path.name) as move:
        if system.fictitious:  # every answer of it says that its data are invented, and its clock stands still
            fail("cli-import-demo")
        officer, founding = _officer(system, key, office, dry_run=dry_run)
        done = importing(system, path, officer, dry_run=dry_run, publish=publish, progress=move, founding=founding)
    if report is not None:
        report.write_text(json.dumps(done.as_json(), indent=1, ensure_ascii=False))
    raise typer.Exit(_tell(done))


def _source(source: str) -> Callable[..., Report]:
    """Return what imports that form.

    Raises:
        typer.Exit: the source is not known.
    """
    from api.importers.command import SOURCES

    if source not in SOURCES:
        fail("cli-import-source", source=source, known=", ".join(SOURCES))
    return SOURCES[source]


def _officer(
    system: System, key: Path | None, office: str, *, dry_run: bool
) -> tuple[Officer, Callable[[DryRun], object]]:
    """Return who imports, and what founds an empty ledger in a dry run.

    Without a key it is the demo's founder; a ledger is founded where there is none, in a dry run only in memory.
    """
    from api.demo.seed import found_only, town_of
    from ledger.compose import Officer

    if key is not None:
        return Officer(read_key(key), office), lambda _rehearsal: None
    if dry_run and not system.size():
        town = town_of(system)
        return town.founder, lambda rehearsal: replace(town, heads=rehearsal, submit=rehearsal.submit).found()
    return found_only(system).founder, lambda _rehearsal: None


def _tell(done: Report) -> int:
    for each in done.refusals[:MAX_SHOWN]:
        print(f"  {each.file}:{each.line}  {each.code}: {text(each.code)} {each.detail}".rstrip())
    if len(done.refusals) > MAX_SHOWN:
        say("cli-refused-more", count=len(done.refusals) - MAX_SHOWN)
    for code, count in sorted(done.remarks.items()):
        print(text("cli-remarked", "es", count=count, what=remark("es", "remarks", code)))
    counts = {"taken": done.taken.total(), "stood": done.standing.total(), "refused": len(done.refusals)}
    say("cli-imported-dry" if done.dry_run else "cli-imported", **counts)
    return OK if done.clean else FINDINGS
