"""Printed documents with places for signatures, e.firmas that sign them, and other people's judgement of the result."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import typst
from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from api.signing import sign_pdf
from ledger.crypto.keys import PrivateKey
from ledger.pdf.signing import Box, prepare
from tests.kit.bundles import lawful
from tests.kit.pki import Issuer, intermediate, root, subject, twenty_digits
from tests.kit.tools import pdfsig

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyhanko.sign.validation import PdfSignatureStatus

    from tests.kit.books import Book

NOW = datetime(2026, 1, 28, 16, 0, tzinfo=UTC)
BOXES = (Box("firma-secretaria", 1, 65.5, 80, 300, 130), Box("firma-presidencia", 2, 310, 80.25, 540, 130))
_SOURCE = """
#set document(title: "Certificación", date: datetime(year: 2026, month: 1, day: 28))
#set text(lang: "es")
#set page(paper: "us-letter")
#pdf.attach("adjunto.evidencia.zip", relationship: "data", mime-type: "application/zip", description: "Evidencia")
= Certificación
Lo que se certifica. #link("https://example.org/v/1")[Compruébelo.]
#pagebreak()
Segunda página.
"""


class _TextOrBits(core.Choice):  # type: ignore[misc]
    """What 2.5.4.45 holds: the SAT writes text where asn1crypto wants bits, and crashes (wbond/asn1crypto#228)."""

    _alternatives = [  # noqa: RUF012  the library's own way
        ("printable_string", core.PrintableString),
        ("utf8_string", core.UTF8String),
        ("bit_string", core.OctetBitString),
    ]

    @property
    def native(self) -> Any:
        """Return the value."""
        return self.chosen.native


asn1.NameTypeAndValue._oid_specs["unique_identifier"] = _TextOrBits


@cache
def printed(folder: Path) -> bytes:
    """Return a document of two pages with evidence of a lawful history attached; files are left in `folder`."""
    book = lawful().book
    return carrying(folder, book, range(book.size))


def carrying(folder: Path, book: Book, shown: Iterable[int]) -> bytes:
    """Return a document that carries an excerpt of some acts; files are left in `folder`."""
    book.excerpt(folder / "adjunto.evidencia.zip", shown)
    (folder / "main.typ").write_text(_SOURCE, encoding="utf-8")
    raw = typst.compile(
        folder / "main.typ", format="pdf", pdf_standards=["a-3b"], ignore_system_fonts=True, timestamp=NOW
    )
    assert isinstance(raw, bytes)
    return raw


def prepared(folder: Path) -> bytes:
    """Return it with two places for signatures."""
    return prepare(printed(folder), BOXES)


class Efirma(NamedTuple):
    """A key with its certificate, DER."""

    key: PrivateKey
    certificate: bytes


@dataclass(frozen=True)
class Authority:
    """A root and the authority below it, which issues."""

    root: Issuer
    issuer: Issuer

    def issue(self, name: str, algorithm: str = "rsa", serial: int = 30001000000500000001, **how: Any) -> Efirma:
        """Return a new e.firma."""
        secret = (
            rsa.generate_private_key(65537, 2048) if algorithm == "rsa" else ec.generate_private_key(ec.SECP256R1())
        )
        to = subject(name, rfc="NUIM800101AB1", curp="NUIM800101MJCXBD09")
        der = self.issuer.issue(to, secret.public_key(), twenty_digits(serial), **how)
        return Efirma(PrivateKey(secret), der)

    def sign(self, pdf: bytes, field: str, who: Efirma, **how: Any) -> bytes:
        """Return the PDF signed in a field, with the issuer's certificate along."""
        return sign_pdf(pdf, field, who.key, [who.certificate, self.issuer.der], NOW, **how)


@cache
def authority() -> Authority:
    """Return the same authority for a whole run."""
    return Authority(root(), intermediate(root()))


def judged(pdf: bytes, trusted: Issuer) -> list[tuple[bool, bool]]:
    """Return what pyHanko says of each signature: whether it holds, and whether it covers the whole file."""
    return [
        (bool(status.bottom_line), status.coverage is SignatureCoverageLevel.ENTIRE_FILE)
        for status in statuses(pdf, trusted)
    ]


def pdfsig_accepts(pdf: bytes, folder: Path) -> bool:
    """Tell whether Poppler's pdfsig says *valid* of both signatures, and that the last covers the whole file."""
    said = pdfsig(pdf, folder)
    return said.count(b"Signature is Valid") == len(BOXES) and b"Total document signed" in said


def signed_by_two(folder: Path) -> bytes:
    """Give a document that two signed, one with RSA and one with P-256."""
    issuing = authority()
    pdf = issuing.sign(prepared(folder), BOXES[0].field, issuing.issue("MARÍA NÚÑEZ"))
    return issuing.sign(pdf, BOXES[1].field, issuing.issue("JOSÉ PEÑA", "p256"))


def statuses(pdf: bytes, trusted: Issuer, stamping: Issuer | None = None) -> list[PdfSignatureStatus]:
    """Return pyHanko's judgement of each signature; of time stamps, where their root is given."""

    def context(anchor: Issuer) -> ValidationContext:
        anchors = [asn1.Certificate.load(anchor.der)]
        return ValidationContext(trust_roots=anchors, allow_fetching=False, moment=NOW, revocation_mode="soft-fail")

    return [
        validate_pdf_signature(each, context(trusted), context(stamping or trusted))
        for each in PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    ]
