"""`acervo demo`: a first session of a fictional council, told by its officers' demo keys."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.common import DataDir, fail, opened, say


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(
    certify: Annotated[
        str | None,
        typer.Option(metavar="SESIÓN", help="Certifica el acta de una sesión que consta. / Certify an acta."),
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Cuenta la primera sesión de un consejo ficticio: votos, acuerdos, acta, certificado. / A fictional session.

    Funda el libro con llaves de demostración donde no hay ninguno; solo se cuenta una vez. Con --certify, una
    secretaria con llave de demostración levanta, firma, sella y certifica el acta de una sesión importada.

    Ejemplo:  acervo demo && acervo check
    Ejemplo:  acervo demo --certify diputados/2009/pleno/1
    """
    from api.demo.real_day import certify_session
    from api.demo.seed import found_demo, town_of
    from api.demo.story import tell

    with opened(data_dir) as system:
        if certify is not None:
            made = certify_session(system, town_of(system), certify)
            say("cli-demo-certified", certificate=made, session=certify)
            return
        town = found_demo(system)
        if system.store.streams_below("session/hcd/"):
            fail("cli-demo-told")
        told = tell(system, town)
        say(
            "cli-demo",
            size=system.size(),
            session=told.session,
            agreements=told.agreements,
            certificate=told.certificate,
        )
