"""A stapled answer of an authority about one certificate: good at a time, or revoked (RFC 6960)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from ledger.crypto.x509 import UNREADABLE, Certificate
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from datetime import datetime

MAX_ANSWER_BYTES = 16 * 1024
CLOCKS_DIFFER = timedelta(minutes=5)
MAX_AGE = timedelta(days=7)
"""How long an answer that names no next update is taken for fresh."""


def check_answer(der: bytes, certificate: Certificate, issuer: Certificate, at: datetime) -> datetime:
    """Check that the authority says `certificate` was good at `at`.

    Args:
        der: OCSPResponse.
        certificate: Whose state it is.
        issuer: Who issued it; signs the answer itself or by a responder of its own.
        at: When the answer must be fresh, UTC.

    Returns:
        Of when the answer is.

    Raises:
        UntrustedInputError: "ocsp-malformed", "ocsp-signature", "ocsp-of-another", "ocsp-stale",
            "ocsp-unknown" or "certificate-revoked".
    """
    if len(der) > MAX_ANSWER_BYTES:
        raise UntrustedInputError("ocsp-malformed", f"{len(der)} bytes")
    try:
        answer = ocsp.load_der_ocsp_response(der)
        if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            raise UntrustedInputError("ocsp-malformed", answer.response_status.name)
        if b"\0" + answer.signature not in der:
            raise UntrustedInputError("ocsp-malformed", "spare bits")
        if answer.serial_number != certificate.number or not _names(answer, issuer):
            raise UntrustedInputError("ocsp-of-another", certificate.serial)
        _check_signature(answer, issuer, at)
    except UNREADABLE as error:
        raise UntrustedInputError("ocsp-malformed", str(error)[:120]) from error
    ends = answer.next_update_utc or answer.this_update_utc + MAX_AGE
    if not answer.this_update_utc - CLOCKS_DIFFER <= at <= ends + CLOCKS_DIFFER:
        raise UntrustedInputError("ocsp-stale", answer.this_update_utc.isoformat())
    match answer.certificate_status:
        case ocsp.OCSPCertStatus.GOOD:
            return answer.this_update_utc
        case ocsp.OCSPCertStatus.REVOKED:
            when = answer.revocation_time_utc
            raise UntrustedInputError("certificate-revoked", "" if when is None else when.isoformat())
        case _:
            raise UntrustedInputError("ocsp-unknown", certificate.serial)


def _names(answer: ocsp.OCSPResponse, issuer: Certificate) -> bool:
    """Tell whether the answer speaks of a certificate of this issuer: by the hash of its key (RFC 6960 §4.1.1)."""
    key = x509.SubjectKeyIdentifier.from_public_key(issuer.public_key()).digest  # SHA-1 of the key's bits
    return answer.hash_algorithm.name == "sha1" and answer.issuer_key_hash == key


def _check_signature(answer: ocsp.OCSPResponse, issuer: Certificate, at: datetime) -> None:
    signer = issuer
    along = [each.public_bytes(serialization.Encoding.DER) for each in answer.certificates[:1]]
    if along and along[0] != issuer.der:
        signer = Certificate.parse(along[0])
        signer.check_issued_by(issuer)
        signer.check_period(at)
        if not signer.has_use(ExtendedKeyUsageOID.OCSP_SIGNING):
            raise UntrustedInputError("ocsp-signature", "not a responder of the issuer")
    if not signer.has_signed(answer.signature, answer.tbs_response_bytes, answer.signature_hash_algorithm):
        raise UntrustedInputError("ocsp-signature")
