"""X.509 certificates of officers and of the authorities that issue them (RFC 5280; e.firma: LFEA 17–20).

The Mexican e.firma writes the RFC into x500UniqueIdentifier (2.5.4.45) and the CURP into serialNumber (2.5.4.5), both
as text, and its serial is twenty ASCII digits. Chains are explicit here: every certificate names its issuer by the
SHA-256 of the issuer's own certificate, so that nobody searches for a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

MAX_CERTIFICATE_BYTES = 8 * 1024
UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,  # of a serial below one, where warnings are errors; `_serial` refuses it anyhow
)
"""What the library raises of bytes that are no certificate, list or answer."""
_DIGITS = re.compile(rb"[0-9]{20}")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is read of one certificate.

    Attributes:
        der: Its bytes.
        sha256: Of `der`, in hex.
        serial: Twenty digits where it is written as e.firma does, else lower-case hex.
        spki: SubjectPublicKeyInfo, DER.
        starts, ends: Its validity, UTC, both included.
        name, rfc, curp: Of the subject; "" where absent. Personal data: never into an act's data.
        authority: It may issue certificates (basicConstraints and keyUsage say so).
        path_length: How many authorities may stand below it; None for any number.
        signs: It may sign documents (digitalSignature or contentCommitment).
    """

    der: bytes
    sha256: str
    serial: str
    spki: bytes
    starts: datetime
    ends: datetime
    name: str
    rfc: str
    curp: str
    authority: bool
    path_length: int | None
    signs: bool
    _parsed: x509.Certificate

    @classmethod
    def parse(cls, der: bytes) -> Certificate:
        """Read a certificate.

        Raises:
            UntrustedInputError: "bad-certificate".
        """
        if len(der) > MAX_CERTIFICATE_BYTES:
            raise UntrustedInputError("bad-certificate", f"{len(der)} bytes")
        try:
            return cls._read(der, x509.load_der_x509_certificate(der))
        except UNREADABLE as error:
            raise UntrustedInputError("bad-certificate", str(error)[:120]) from error

    @classmethod
    def _read(cls, der: bytes, parsed: x509.Certificate) -> Certificate:
        # The signature, without spare bits, ends a certificate: nothing is left that could be changed unseen.
        if parsed.public_bytes(serialization.Encoding.DER) != der or not der.endswith(b"\0" + parsed.signature):
            raise ValueError("another encoding")
        authority, path_length = _constraints(parsed)
        usage = _usage(parsed)
        public = parsed.public_key()
        return cls(
            der=der,
            sha256=sha256(der).hexdigest(),
            serial=_serial(parsed.serial_number),
            spki=public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo),
            starts=parsed.not_valid_before_utc.astimezone(UTC),
            ends=parsed.not_valid_after_utc.astimezone(UTC),
            name=_text(parsed, NameOID.COMMON_NAME),
            rfc=_text(parsed, NameOID.X500_UNIQUE_IDENTIFIER).partition("/")[0].strip(),
            curp=_text(parsed, NameOID.SERIAL_NUMBER).partition("/")[0].strip(),
            authority=authority and (usage is None or usage.key_cert_sign),
            path_length=path_length,
            signs=usage is None or usage.digital_signature or usage.content_commitment,
            _parsed=parsed,
        )

    @property
    def self_issued(self) -> bool:
        """Whether subject and issuer are one name: an anchor."""
        return self._parsed.subject == self._parsed.issuer

    @property
    def number(self) -> int:
        """The serial as a number."""
        return self._parsed.serial_number

    @property
    def ocsp_urls(self) -> list[str]:
        """Where its authority answers OCSP (authorityInfoAccess)."""
        try:
            found = self._parsed.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
        except x509.ExtensionNotFound:
            return []
        return _urls(each.access_location for each in found if each.access_method == AuthorityInformationAccessOID.OCSP)

    @property
    def crl_urls(self) -> list[str]:
        """Where its authority publishes what it revoked (cRLDistributionPoints)."""
        try:
            found = self._parsed.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
        except x509.ExtensionNotFound:
            return []
        return _urls(name for point in found for name in point.full_name or ())

    def is_named(self, name: x509.Name) -> bool:
        """Tell whether this is the subject's name."""
        return self._parsed.subject == name

    def public_key(self) -> CertificatePublicKeyTypes:
        """Return the key as the library knows it."""
        return self._parsed.public_key()

    def has_use(self, use: x509.ObjectIdentifier) -> bool:
        """Tell whether extendedKeyUsage names the use."""
        try:
            return use in self._parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except x509.ExtensionNotFound:
            return False

    def has_only_use(self, use: x509.ObjectIdentifier) -> bool:
        """Tell whether a critical extendedKeyUsage names the use and no other."""
        try:
            found = self._parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        except x509.ExtensionNotFound:
            return False
        return found.critical and list(found.value) == [use]

    def has_signed(self, signature: bytes, message: bytes, algorithm: HashAlgorithm | None) -> bool:
        """Tell whether `signature` is of this certificate's key, RSA (PKCS #1 v1.5) or ECDSA, over `message`."""
        key = self.public_key()
        try:
            match key:
                case rsa.RSAPublicKey() if algorithm is not None:
                    key.verify(signature, message, padding.PKCS1v15(), algorithm)
                case ec.EllipticCurvePublicKey() if algorithm is not None:
                    key.verify(signature, message, ec.ECDSA(algorithm))
                case _:
                    return False
        except InvalidSignature:
            return False
        return True

    def check_period(self, at: datetime) -> None:
        """Refuse an instant outside of the validity.

        Raises:
            UntrustedInputError: "certificate-period".
        """
        if not self.starts <= at <= self.ends:
            raise UntrustedInputError("certificate-period", f"{self.starts.isoformat()}/{self.ends.isoformat()}")

    def is_issued_by(self, issuer: Certificate) -> bool:
        """Tell whether `check_issued_by` passes."""
        try:
            self.check_issued_by(issuer)
        except UntrustedInputError:
            return False
        return True

    def check_issued_by(self, issuer: Certificate) -> None:
        """Check names and signature against the issuer, and that it may issue at all.

        Raises:
            UntrustedInputError: "certificate-issuer".
        """
        if not issuer.authority:
            raise UntrustedInputError("certificate-issuer", "not an authority")
        try:
            self._parsed.verify_directly_issued_by(issuer._parsed)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as error:
            raise UntrustedInputError("certificate-issuer", type(error).__name__) from error


def authorities_in(path: Path) -> list[Certificate]:
    """Return the certificates in a file, PEM one after the other.

    Raises:
        OSError: It cannot be read.
        ValueError: There is none in it, or something else.
        UntrustedInputError: "bad-certificate".
    """
    found = x509.load_pem_x509_certificates(path.read_bytes())
    return [Certificate.parse(each.public_bytes(serialization.Encoding.DER)) for each in found]


def _urls(names: Iterable[x509.GeneralName]) -> list[str]:
    return [each.value for each in names if isinstance(each, x509.UniformResourceIdentifier)]


def _serial(number: int) -> str:
    if number < 1:
        raise ValueError("serial")
    raw = number.to_bytes((number.bit_length() + 7) // 8 or 1, "big")
    return raw.decode("ascii") if _DIGITS.fullmatch(raw) else f"{number:x}"


def _text(parsed: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    for attribute in parsed.subject.get_attributes_for_oid(oid):
        value = attribute.value
        return value.decode("latin-1") if isinstance(value, bytes) else value
    return ""


def _constraints(parsed: x509.Certificate) -> tuple[bool, int | None]:
    try:
        found = parsed.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False, None
    return found.ca, found.path_length


def _usage(parsed: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
