"""`acervo serve`, `migrate`, `found`: bringing a ledger to life."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import DataDir, fail, opened, read_bytes, read_key, say, settings_of

if TYPE_CHECKING:
    from ledger.statement import SignedAct


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command("serve")(serve)
    app.command("migrate")(migrate)
    app.command("found")(found)


def serve(
    port: Annotated[int | None, typer.Option(help="Puerto; por omisión ACERVO_PORT u 8000. / Port.")] = None,
    host: Annotated[str | None, typer.Option(help="Dirección; por omisión 127.0.0.1. / Address.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Arranca todo: base, firmante, interfaz y trabajador; Ctrl-C lo detiene. / Starts everything.

    La primera vez funda un libro de demostración con llaves de demostración; después sigue con el mismo.

    Ejemplo:  acervo serve --port 8080
    """
    from api.serving import run

    run(settings_of(data_dir, port=port, host=host))


def migrate(data_dir: DataDir = None) -> None:
    """Pone la base de datos al día. / Brings the database up to date.

    Ejemplo:  DATABASE_URL=postgresql://… acervo migrate
    """
    with opened(data_dir) as system:
        say("cli-migrated", size=system.size())


def found(
    officer: Annotated[
        list[str] | None,
        typer.Option(help="persona=archivo.spki; al menos dos. / person=file.spki, two or more."),
    ] = None,
    recovery: Annotated[
        Path | None, typer.Option(help="Llave pública de recuperación, que se guarda fuera de línea (.spki).")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Llave privada de quien firma la fundación (PEM).")] = None,
    institution: Annotated[str, typer.Option(help="Nombre de la institución. / Its name.")] = "",
    origin: Annotated[str | None, typer.Option(help="Nombre del libro, p. ej. actas.imss.gob.mx/hct.")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="Con llaves de demostración. / With demo keys.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Funda el libro: el acto 0, para siempre. / Founds the ledger: act 0, for ever.

    Ejemplo:  acervo found --institution "Instituto …" --origin actas.ejemplo.mx/acervo
    --officer p-1=uno.pem.spki --officer p-2=dos.pem.spki --recovery frio.pem.spki --key uno.pem
    """
    from api.demo.seed import found_demo

    settings = settings_of(data_dir, origin=origin)
    signed = None if demo else _founding(settings.origin, officer or [], recovery, key, institution)
    with opened(data_dir, origin=origin) as system:
        if system.size():
            fail("already-founded")
        if signed is None:
            found_demo(system)
        else:
            system.submit([signed])
        say("cli-founded", origin=system.ledger.origin)


class _Nothing:
    """The heads of a ledger that is to be founded."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def stream_head(self, _stream: str) -> tuple[int, str]:
        """Return that nothing stands anywhere."""
        from ledger.ids import ZERO_HASH

        return 0, ZERO_HASH


def _founding(origin: str, officers: list[str], recovery: Path | None, key: Path | None, institution: str) -> SignedAct:
    """Return the signed founding; everything that can be wrong with it is wrong before any ledger is touched."""
    from ledger.acts import parse_act
    from ledger.clock import written_now
    from ledger.compose import Desk, Officer

    if recovery is None or key is None or not institution:
        fail("cli-founding-incomplete")
    data = {
        "origin": origin,
        "officers": [_founder(each) for each in officers],
        "recovery_spki": _spki(recovery),
        "rules_edition": 1,
    }
    act = parse_act("LedgerFounded/1", data)
    officer = Officer(read_key(key), "ledger")
    return Desk(_Nothing(origin), written_now).sign(act, officer, sealed={"institution": institution})


def _spki(path: Path) -> str:
    text = read_bytes(path, 16 * 1024).decode("ascii", "replace").strip()
    try:
        base64.b64decode(text, validate=True)
    except ValueError:
        fail("bad-spki")
    return text


def _founder(said: str) -> dict[str, str]:
    person, equals, path = said.partition("=")
    if not equals:
        fail("cli-officer", said=said)
    return {"person": person, "spki": _spki(Path(path))}
