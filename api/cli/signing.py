"""What `acervo document sign` does: the officer's key and certificate, what authorities say, then file after file."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import typer

from api.cli.common import complain, fail, read_bytes, say
from api.cli.tokens import opened_key
from api.documents.certificates import write_whole
from api.signing import check_pair, free_field, sign_pdf
from api.stamping import StampClient, ask_authorities, room_beside, stapled_in
from api.tokens import Place
from ledger.crypto import stamp
from ledger.crypto.crl import MAX_LIST_BYTES
from ledger.crypto.keys import PrivateKey
from ledger.crypto.ocsp import MAX_ANSWER_BYTES
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES, Certificate
from ledger.errors import AcervoError
from ledger.pdf.signing import parse
from ledger.verify.paper import MAX_PDF_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from api.stamping import Heard
    from ledger.crypto.keys import Secret

_MAX_KEY_BYTES = 16 * 1024


class Signatory(NamedTuple):
    """A key, and its certificate with those of the authorities above it, DER."""

    key: Secret
    certificates: list[bytes]


@contextmanager
def signatory_of(
    certificate: Path, chain: Sequence[Path], source: Path | Place, password_file: Path | None
) -> Iterator[Signatory]:
    """Give an e.firma, whose key lies in a file or in a token, and say whose it is.

    Raises:
        UntrustedInputError: A wrong password, a key of another certificate, one that is not valid now.
        TokenError: The token cannot be used.
    """
    certificates = [read_bytes(path, MAX_CERTIFICATE_BYTES) for path in (certificate, *chain)]
    signer = Certificate.parse(certificates[0])
    if isinstance(source, Place):
        opened: AbstractContextManager[Secret] = opened_key(source, signer.spki)
    else:
        opened = nullcontext(_private_key(source, password_file))
    with opened as secret:
        check_pair(signer, secret, datetime.now(UTC))
        say("cli-signing-certificate", name=signer.name, serial=signer.serial, until=signer.ends.date().isoformat())
        yield Signatory(secret, certificates)


def stapled_of(
    signatory: Signatory, answers: Sequence[Path], lists: Sequence[Path], *, online: bool, stamped: bool
) -> Stapled:
    """Return what authorities say of the signatory's certificates, out of files or by asking them, and say it.

    Args:
        signatory: Whose certificates.
        answers: Files with OCSPResponses.
        lists: Files with CertificateLists.
        online: Whether to ask.
        stamped: Whether a time stamp will need room.

    Raises:
        UntrustedInputError: "certificate-revoked"; an answer that is stale, of another certificate, or does not hold.
    """
    now, chain = datetime.now(UTC), [Certificate.parse(each) for each in signatory.certificates]
    given = Stapled(
        tuple(read_bytes(path, MAX_ANSWER_BYTES) for path in answers),
        tuple(read_bytes(path, MAX_LIST_BYTES) for path in lists),
    )
    if (given or online) and len(chain) == 1:
        fail("cli-chain-missing")
    given.check(chain, now)
    looked_at: set[str] = set()
    if online:
        room = room_beside(signatory.certificates, stamped=stamped) - given.size
        heard = ask_authorities(chain, now, room=room)
        given += stapled_in(heard)
        for each in heard:
            _tell(each)
            if each.too_long:
                looked_at.add(each.certificate.sha256)
    for below, above in pairwise(chain):
        good = given.good_at(below, above, now)
        if good is not None:
            say("cli-stapled", name=below.name, serial=below.serial, at=good.isoformat())
        elif (given or online) and below.sha256 not in looked_at:
            say("cli-not-stapled", name=below.name, serial=below.serial)
    return given


def _tell(heard: Heard) -> None:
    """Say which addresses were silent, and which answer has no room."""
    for url in heard.silent:
        say("cli-authority-silent", url=url)
    if heard.too_long and heard.good_at is not None:
        name, serial = heard.certificate.name, heard.certificate.serial
        say("cli-answer-too-long", name=name, serial=serial, at=heard.good_at.isoformat(), bytes=heard.too_long)


def stamping(url: str | None, *, optional: bool) -> Callable[[bytes], bytes | None] | None:
    """Return what asks a time-stamp authority for its stamp and says what came; None where there is none.

    Args:
        url: Where it answers.
        optional: Whether to go on without a stamp where it does not.
    """
    if url is None:
        return None
    client = StampClient(url)

    def ask(signature: bytes) -> bytes | None:
        try:
            token = client(signature)
        except AcervoError as error:
            if not optional:
                raise
            complain(error)
            say("cli-not-stamped")
            return None
        shown = stamp.read(token, sha256(signature).digest())
        say("cli-stamped", tsa=shown.authority.name, at=shown.at.isoformat())
        return token

    return ask


def sign_files(
    paths: Sequence[Path],
    signatory: Signatory,
    field: str | None,
    *,
    ask: bool,
    stapled: Stapled,
    stamper: Callable[[bytes], bytes | None] | None,
) -> None:
    """Sign each file in its place; what cannot be signed ends the run, and the files before it stay signed.

    Raises:
        AcervoError: A file is not prepared, its place is signed, or the time-stamp authority does not answer.
    """
    for path in paths:
        pdf = read_bytes(path, MAX_PDF_BYTES)
        parsed = parse(pdf)
        place, printed = free_field(parsed, field), sha256(parsed.base).hexdigest()
        say("cli-to-be-signed", path=path, sha256=printed, field=place)
        if ask and not typer.confirm("¿Firmar? / Sign?", default=False):
            say("cli-not-signed", path=path)
            continue
        signed = sign_pdf(
            pdf, place, signatory.key, signatory.certificates, datetime.now(UTC), stapled=stapled, stamp=stamper
        )
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
