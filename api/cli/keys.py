"""`acervo key`: keys of officers, on their own machine and in the ledger (format.md §5)."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli.common import DataDir, fail, opened, read_bytes, read_key, say
from api.cli.submitting import Office, SigningKey, officer_of, record, submit_signed

app = typer.Typer(
    no_args_is_help=True, help="Llaves: hacer, inscribir, aceptar, revocar. / Keys.", rich_markup_mode=None
)


@app.command("new")
def new(
    out: Annotated[Path, typer.Argument(help="Archivo nuevo para la llave privada (PEM, 0600). / New file.")],
    algorithm: Annotated[str, typer.Option(help="ed25519, p256 o rsa.")] = "ed25519",
) -> None:
    """Hace una llave en esta máquina; la privada no sale de ella. / Makes a key pair on this machine.

    Escribe también la pública (OUT.spki, base64), que es lo que se entrega a quien inscribe.

    Ejemplo:  acervo key new secretaria.pem
    """
    from ledger.crypto.keys import PrivateKey

    if algorithm not in {"ed25519", "p256", "rsa"}:
        fail("key-algorithm", algorithm=algorithm)
    key = PrivateKey.generate(algorithm)  # type: ignore[arg-type]  # compared just above
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail("file-unwritable", path=str(out), why=error.strerror or "")
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.to_pem())
    spki = base64.b64encode(key.public.spki).decode()
    out.with_name(f"{out.name}.spki").write_text(f"{spki}\n")
    print(key.public.keyid)


@app.command("enroll")
def enroll(
    public: Annotated[
        Path, typer.Argument(help="Llave pública (.spki, base64) o certificado (.cer, DER). / Key or certificate.")
    ],
    person: Annotated[str, typer.Option(help="Identificador de la persona, ya registrada. / Person id.")],
    key: SigningKey,
    office: Office = "ledger",
    service_type: Annotated[
        list[str] | None, typer.Option(help="Tipo de acto que un servicio podrá firmar. / For services.")
    ] = None,
    ocsp: Annotated[
        Path | None, typer.Option(help="Respuesta OCSP (DER) sobre el certificado. / Stapled OCSP answer.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Inscribe la llave pública de una persona, o la de su e.firma con su certificado. / Enrols a public key.

    El certificado queda reservado: lleva RFC y CURP. Su autoridad debe ser de confianza (acervo ca trust).

    Ejemplo:  acervo key enroll secretaria.pem.spki --person p-1f0c --key fundadora.pem
              acervo key enroll secretaria.cer --person p-1f0c --key fundadora.pem
    """
    from api.enrolment import enrolment_of

    brought, answer = read_bytes(public, 16 * 1024), None if ocsp is None else read_bytes(ocsp, 16 * 1024)
    with opened(data_dir) as system:
        act, sealed = enrolment_of(system, brought, person, tuple(service_type or ()), answer)
        placed = submit_signed(system, act, officer_of(key, office), sealed=sealed)
    say("cli-recorded", index=placed.index, recorded_at=placed.recorded_at)


@app.command("accept")
def accept(key: SigningKey, data_dir: DataDir = None) -> None:
    """El titular acepta su llave, firmando con ella; desde entonces sirve. / The holder accepts.

    Ejemplo:  acervo key accept --key secretaria.pem
    """
    from ledger.acts.trust import KeyAccepted

    keyid = read_key(key).public.keyid
    record(data_dir, KeyAccepted(keyid=keyid), key, f"key/{keyid}")


@app.command("revoke")
def revoke(
    keyid: Annotated[str, typer.Argument(help="Llave que se revoca (64 hexadecimales). / The key.")],
    reason: Annotated[str, typer.Option(help="lost, superseded, cessation o compromised.")],
    key: SigningKey,
    office: Office = "ledger",
    compromised_from: Annotated[
        int | None, typer.Option(help="Índice desde el que se sabe comprometida. / From which index.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Revoca una llave: nada firma desde el índice siguiente. / Revokes a key.

    Ejemplo:  acervo key revoke 3f…c1 --reason lost --key fundadora.pem
    """
    from ledger.acts import parse_act

    data: dict[str, Any] = {"keyid": keyid, "reason": reason}
    if compromised_from is not None:
        data["compromised_from"] = compromised_from
    record(data_dir, parse_act("KeyRevoked/1", data), key, office)
