"""The demo's fictional authorities, the same within a run of tests, and what they answer about their certificates."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from api.demo import pki
from api.demo.pki import AUTHORITY, subject, twenty_digits
from ledger.acts.ca import CertificateAuthorityDistrusted
from ledger.acts.trust import CertificateRef, KeyEnrolled
from ledger.crypto.x509 import Certificate
from ledger.ids import parse_written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

    from tests.kit.history import History

BEGINS = datetime(2025, 1, 1, tzinfo=UTC)
YEARS = 365 * timedelta(days=1)
__all__ = [
    "AUTHORITY",
    "BEGINS",
    "YEARS",
    "Issuer",
    "intermediate",
    "reference",
    "root",
    "subject",
    "tell_of_authorities",
    "twenty_digits",
]


@dataclass(frozen=True)
class Issuer(pki.Issuer):
    """The demo's authority, which also answers whether its certificates were revoked."""

    key: ec.EllipticCurvePrivateKey

    def issue(
        self,
        to: x509.Name,
        key: CertificatePublicKeyTypes,
        serial: int,
        uses: frozenset[str] = pki.SIGNATORY,
        *,
        begins: datetime = BEGINS,
        lasts: timedelta = 4 * YEARS,
        responder: bool = False,
        asked_at: str = "",
    ) -> bytes:
        """Return a certificate, DER; an authority's where `uses` has key_cert_sign.

        asked_at: Address below which its state is answered, at /ocsp and /crl.
        """
        more: list[x509.ExtensionType] = []
        if responder:
            more.append(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]))
        if asked_at:
            more += _addresses(asked_at)
        return self.certify(to, key, serial, uses, begins=begins, lasts=lasts, more=more)

    def answer(
        self,
        der: bytes,
        at: datetime,
        *,
        revoked: bool = False,
        unknown: bool = False,
        by: tuple[bytes, Issuer] | None = None,
        algorithm: hashes.HashAlgorithm | None = None,
    ) -> bytes:
        """Return the OCSPResponse about a certificate, signed by itself or by a responder (certificate, key)."""
        status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
        status = ocsp.OCSPCertStatus.UNKNOWN if unknown else status
        key, signer = (self.key, self.certificate)
        builder = ocsp.OCSPResponseBuilder()
        if by is not None:
            signer, key = x509.load_der_x509_certificate(by[0]), by[1].key
            builder = builder.certificates([signer])
        return (
            builder.add_response(
                cert=x509.load_der_x509_certificate(der),
                issuer=self.certificate,
                algorithm=hashes.SHA1(),  # noqa: S303  what RFC 6960 names an issuer by
                cert_status=status,
                this_update=at,
                next_update=at + timedelta(days=1),
                revocation_time=at if revoked else None,
                revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, signer)
            .sign(key, algorithm or hashes.SHA256())
            .public_bytes(serialization.Encoding.DER)
        )

    def list_revoked(
        self, serials: Sequence[int], at: datetime, *more: tuple[x509.ExtensionType, bool], by: Issuer | None = None
    ) -> bytes:
        """Return the CertificateList of one day; `more` are extensions, and whether critical; `by` forges it."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        builder = builder.last_update(at).next_update(at + timedelta(days=1))
        for serial in serials:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at).build()
            builder = builder.add_revoked_certificate(entry)
        for extension, critical in more:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign((by or self).key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def _addresses(base: str) -> tuple[x509.ExtensionType, ...]:
    ocsp_at, crl_at = (x509.UniformResourceIdentifier(f"{base}/{name}") for name in ("ocsp", "crl"))
    answers = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, ocsp_at)
    point = x509.DistributionPoint([crl_at], None, None, None)
    return x509.AuthorityInformationAccess([answers]), x509.CRLDistributionPoints([point])


@cache
def root(name: str = "AC RAIZ FICTICIA") -> Issuer:
    """Return a root; the same for one name within a run."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Issuer(key, pki.self_signed(subject(name), key, begins=BEGINS, lasts=20 * YEARS))


@cache
def intermediate(above: Issuer, name: str = "AC INTERMEDIA FICTICIA") -> Issuer:
    """Return an authority below another one."""
    key = ec.generate_private_key(ec.SECP256R1())
    der = above.issue(subject(name), key.public_key(), 2, AUTHORITY, lasts=10 * YEARS)
    return Issuer(key, x509.load_der_x509_certificate(der))


def reference(der: bytes, issuer: Issuer) -> CertificateRef:
    """Return what an enrolment says of a certificate in public."""
    certificate = Certificate.parse(der)
    return CertificateRef(issuer_sha256=issuer.sha256, serial=certificate.serial, sha256=certificate.sha256)


def tell_of_authorities(history: History) -> None:
    """Trust two authorities, enrol an e.firma with its certificate and the authority's answer, distrust one again."""
    above = root()
    below = intermediate(above)
    history.do(above.trusted())
    history.do(below.trusted(above))
    key = rsa.generate_private_key(65537, 2048).public_key()
    der = below.issue(subject("FUNDADORA", rfc="FUND800101AB1"), key, twenty_digits(30001000000500000009))
    spki = Certificate.parse(der).spki
    act = KeyEnrolled(
        keyid=sha256(spki).hexdigest(),
        spki=base64.b64encode(spki).decode(),
        person="p-founder-1",
        certificate=reference(der, below),
    )
    answer = below.answer(der, parse_written(history.instant).astimezone(UTC))
    sealed = {"certificate_der": base64.b64encode(der).decode(), "ocsp_der": base64.b64encode(answer).decode()}
    history.do(act, sealed=sealed)
    history.do(CertificateAuthorityDistrusted(sha256=below.sha256, reason="superseded"))
