"""`acervo token`: a signed statement that its holder asks to read, made on his own machine (docs/api.md)."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.common import read_key, settings_of
from api.cli.submitting import SigningKey, officer_of


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("token")(token)


def token(
    scope: Annotated[str, typer.Argument(metavar="RUTA", help="Dirección, p. ej. /api/v1/acts/57/disclosures.")],
    key: SigningKey,
    office: Annotated[
        str | None, typer.Option(help="Cargo con que se lee; sin él, a título personal. / Office, if any.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(help="Nombre del libro; por omisión ACERVO_ORIGIN. / The ledger's origin.")
    ] = None,
    challenge: Annotated[str | None, typer.Option(help="Reto, para abrir una sesión. / To open a session.")] = None,
) -> None:
    """Firma una ficha para leer una dirección, una vez, en los cinco minutos siguientes. / Signs an access token.

    Ejemplo:  curl -H "Authorization: Bearer $(acervo token /api/v1/acts/57/disclosures --key secretaria.pem
    --office designation/hcd/secretario/1)" http://127.0.0.1:8000/api/v1/acts/57/disclosures
    """
    from api.access.tokens import compose, parse

    reader = officer_of(key, office or f"key/{read_key(key).public.keyid}")
    made = compose(reader, audience or settings_of(None).origin, scope, jti=challenge)
    parse(made)  # what the service would not read is not handed out
    print(made)
