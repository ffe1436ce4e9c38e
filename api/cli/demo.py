"""`acervo demo`: a first session of a fictional council, told by its officers' demo keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.common import DataDir, fail, opened, say

if TYPE_CHECKING:
    import typer


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo")(demo)


def demo(data_dir: DataDir = None) -> None:
    """Cuenta la primera sesión de un consejo ficticio: votos, acuerdos, acta, certificado. / A fictional session.

    Funda el libro con llaves de demostración donde no hay ninguno; solo se cuenta una vez.

    Ejemplo:  acervo demo && acervo check
    """
    from api.demo.seed import found_demo
    from api.demo.story import tell

    with opened(data_dir) as system:
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
