"""`acervo demo`: a fictional institution's year, told by its officers' demo keys; its e.firma; a real day certified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.common import DataDir, fail, opened, progress, say, settings_of

if TYPE_CHECKING:
    from pathlib import Path


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    certify: Annotated[
        str | None,
        typer.Option(metavar="SESIÓN", help="Certifica el acta de una sesión que consta. / Certify an acta."),
    ] = None,
    efirma: Annotated[
        bool, typer.Option("--efirma", help="Da a la secretaria una e.firma ficticia. / Make an e.firma to sign with.")
    ] = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Tira la demostración y la cuenta de nuevo. / Throw it away, tell it anew.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Cuenta doce meses de un instituto ficticio: sesiones, votos, acuerdos, actas, vetos. / A fictional year.

    Funda un libro vacío con reloj simulado y llaves de demostración, y comprueba sus propios contadores. Con --reset
    tira antes la demostración que haya; un libro que no es una demostración no se toca. Con --efirma, quien certificó
    recibe .cer y .key ficticios, inscritos en el libro, y se dice cómo firmar con ellos. Con --certify, una secretaria
    con llave de demostración levanta, firma, sella y certifica el acta de una sesión importada.

    Ejemplo:  acervo demo --reset && acervo check
    Ejemplo:  acervo demo --efirma
    Ejemplo:  acervo demo --certify diputados/2009/pleno/1
    """
    if certify is not None:
        _certify(certify, data_dir)
        return
    if efirma:
        from api.cli.efirma import print_efirma

        print_efirma(data_dir)
        return
    if reset:
        from api.demo.reset import reset as throw_away

        throw_away(settings_of(data_dir))
    _tell(data_dir)


def _certify(session: str, data_dir: Path | None) -> None:
    from api.demo.real_day import certify_session
    from api.demo.seed import town_of

    with opened(data_dir) as system:
        made = certify_session(system, town_of(system), session)
        say("cli-demo-certified", certificate=made, session=session)


def _tell(data_dir: Path | None) -> None:
    from api.demo.telling import tell_year
    from api.kept import KeptWorker

    with opened(data_dir) as system:
        if system.size():
            fail("cli-demo-told")
        worker = KeptWorker(system)
        try:
            worker.revive()
            with progress("Demostración / Demo") as move:
                told = tell_year(system, move)
        finally:
            worker.stop()
    say("cli-demo", size=told.size, seconds=round(told.seconds))
    for name, count in told.counted.items():
        print(f"  {count:5}  {name}")
    say("demo-notice")
