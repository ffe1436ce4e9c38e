"""Fictional certificates in the shape of the SAT's: a root, an authority below it, e.firmas. No real material."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from ledger.acts.ca import CertificateAuthorityTrusted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

AUTHORITY = frozenset({"key_cert_sign", "crl_sign"})
SIGNATORY = frozenset({"digital_signature", "content_commitment"})
_NO_USE = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


def twenty_digits(number: int) -> int:
    """Return the serial that is written with the ASCII digits of a number, as e.firma's are."""
    return int.from_bytes(f"{number:020d}".encode(), "big")


def subject(name: str, rfc: str = "", curp: str = "", organization: str = "") -> x509.Name:
    """Return a subject; RFC and CURP stand where the SAT writes them."""
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.COUNTRY_NAME, "MX")]
    if organization:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    if rfc:
        # Text, as the SAT has it, where X.520 has bits: the library writes PrintableString there only when told so.
        parts.append(x509.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, rfc, _ASN1Type.PrintableString))
    if curp:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, curp))
    return x509.Name(parts)


@dataclass(frozen=True)
class Issuer:
    """An authority: its key and its certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """Return the certificate's bytes."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def sha256(self) -> str:
        """Return the certificate's hash, in hex."""
        return sha256(self.der).hexdigest()

    def trusted(self, above: Issuer | None = None) -> CertificateAuthorityTrusted:
        """Return the act that trusts it."""
        return CertificateAuthorityTrusted(
            sha256=self.sha256,
            certificate=base64.b64encode(self.der).decode(),
            issuer_sha256=None if above is None else above.sha256,
        )

    def certify(
        self,
        to: x509.Name,
        key: CertificatePublicKeyTypes,
        serial: int,
        uses: frozenset[str] = SIGNATORY,
        *,
        begins: datetime,
        lasts: timedelta,
        more: Iterable[x509.ExtensionType] = (),
    ) -> bytes:
        """Return a certificate, DER; an authority's where `uses` has key_cert_sign. `more`: further extensions."""
        builder = _builder(to, key, serial, uses, (begins, begins + lasts)).issuer_name(self.certificate.subject)
        for extension in more:
            builder = builder.add_extension(extension, critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def self_signed(
    name: x509.Name, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, *, begins: datetime, lasts: timedelta
) -> x509.Certificate:
    """Return a root's certificate."""
    builder = _builder(name, key.public_key(), 1, AUTHORITY, (begins, begins + lasts))
    return builder.issuer_name(name).sign(key, hashes.SHA256())


def _builder(
    to: x509.Name, key: CertificatePublicKeyTypes, serial: int, uses: frozenset[str], valid: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(to)
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.BasicConstraints(ca="key_cert_sign" in uses, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**_NO_USE | dict.fromkeys(uses, True)), critical=True)
    )
