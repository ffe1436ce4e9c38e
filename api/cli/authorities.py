"""`acervo ca`: authorities whose certificates are accepted for officers' keys (format.md §5)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.common import DataDir, read_bytes
from api.cli.submitting import Office, SigningKey, record

app = typer.Typer(
    no_args_is_help=True,
    help="Autoridades certificadoras: confiar, dejar de confiar. / Certification authorities.",
    rich_markup_mode=None,
)


@app.command("trust")
def trust(
    certificate: Annotated[Path, typer.Argument(help="Certificado de la autoridad (.cer, DER). / Its certificate.")],
    key: SigningKey,
    issuer: Annotated[
        str | None, typer.Option(help="SHA-256 del certificado de la autoridad superior; una raíz no la tiene.")
    ] = None,
    office: Office = "ledger",
    data_dir: DataDir = None,
) -> None:
    """Acepta desde ahora los certificados de una autoridad. / Trusts an authority.

    Ejemplo:  acervo ca trust AC-raiz.cer --key fundadora.pem
    """
    from ledger.acts.ca import CertificateAuthorityTrusted
    from ledger.crypto.b64 import encode_base64
    from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES, Certificate

    der = read_bytes(certificate, MAX_CERTIFICATE_BYTES)
    act = CertificateAuthorityTrusted(
        sha256=Certificate.parse(der).sha256, certificate=encode_base64(der), issuer_sha256=issuer
    )
    record(data_dir, act, key, office)


@app.command("distrust")
def distrust(
    sha256: Annotated[str, typer.Argument(help="SHA-256 del certificado de la autoridad. / Of its certificate.")],
    reason: Annotated[str, typer.Option(help="compromised, superseded o cessation.")],
    key: SigningKey,
    office: Office = "ledger",
    data_dir: DataDir = None,
) -> None:
    """Deja de aceptar los certificados de una autoridad; las llaves ya inscritas siguen. / Distrusts an authority.

    Ejemplo:  acervo ca distrust 3f…c1 --reason superseded --key fundadora.pem
    """
    from ledger.acts import parse_act

    act = parse_act("CertificateAuthorityDistrusted/1", {"sha256": sha256, "reason": reason})
    record(data_dir, act, key, office)
