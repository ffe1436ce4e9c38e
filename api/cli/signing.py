"""What `acervo document sign` does: the officer's key and certificate, then one file after the other."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import typer

from api.cli.common import fail, read_bytes, say
from api.documents.certificates import write_whole
from api.signing import check_pair, free_field, sign_pdf
from ledger.crypto.keys import PrivateKey
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES, Certificate
from ledger.pdf.signing import parse
from ledger.verify.paper import MAX_PDF_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MAX_KEY_BYTES = 16 * 1024


class Signatory(NamedTuple):
    """A key, and its certificate with those of the authorities above it, DER."""

    key: PrivateKey
    certificates: list[bytes]


def signatory_of(certificate: Path, key: Path, chain: Sequence[Path], password_file: Path | None) -> Signatory:
    """Read an e.firma and say whose it is.

    Raises:
        UntrustedInputError: A wrong password, a key of another certificate, one that is not valid now.
    """
    certificates = [read_bytes(path, MAX_CERTIFICATE_BYTES) for path in (certificate, *chain)]
    signer, private = Certificate.parse(certificates[0]), _private_key(key, password_file)
    check_pair(signer, private, datetime.now(UTC))
    say("cli-signing-certificate", name=signer.name, serial=signer.serial, until=signer.ends.date().isoformat())
    return Signatory(private, certificates)


def sign_files(paths: Sequence[Path], signatory: Signatory, field: str | None, *, ask: bool) -> None:
    """Sign each file in its place; what cannot be signed ends the run, and the files before it stay signed.

    Raises:
        UntrustedInputError: A file is not prepared, or its place is signed.
    """
    for path in paths:
        pdf = read_bytes(path, MAX_PDF_BYTES)
        parsed = parse(pdf)
        place, printed = free_field(parsed, field), sha256(parsed.base).hexdigest()
        say("cli-to-be-signed", path=path, sha256=printed, field=place)
        if ask and not typer.confirm("¿Firmar? / Sign?", default=False):
            say("cli-not-signed", path=path)
            continue
        signed = sign_pdf(pdf, place, signatory.key, signatory.certificates, datetime.now(UTC))
        write_whole(path, signed)
        say("cli-signed", path=path, sha256=sha256(signed).hexdigest())


def _private_key(path: Path, password_file: Path | None) -> PrivateKey:
    raw = read_bytes(path, _MAX_KEY_BYTES)
    if password_file is not None:
        password = read_bytes(password_file, 1024).rstrip(b"\r\n")
    elif sys.stdin.isatty():
        password = typer.prompt("Contraseña de la llave / Key's password", hide_input=True).encode()
    else:
        fail("cli-password-missing")
    return PrivateKey.from_pem(raw, password) if raw.startswith(b"-----") else PrivateKey.from_der(raw, password)
