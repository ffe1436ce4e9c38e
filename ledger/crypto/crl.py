"""An authority's list of revoked certificates (RFC 5280 §5): whole and direct lists only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ledger.crypto.ocsp import CLOCKS_DIFFER, MAX_AGE
from ledger.crypto.x509 import UNREADABLE
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.crypto.x509 import Certificate

MAX_LIST_BYTES = 10 * 1024
"""A longer one leaves no room for the signature in whose CMS it stands; while signing it is looked at, not stapled."""


def check_list(
    der: bytes, certificate: Certificate, issuer: Certificate, at: datetime, limit: int = MAX_LIST_BYTES
) -> datetime:
    """Check that the list of the authority, in force at `at`, does not name `certificate`.

    Args:
        der: CertificateList.
        certificate: Whose state it is.
        issuer: Who issued certificate and list.
        at: When the list must be in force, UTC.
        limit: How long it may be.

    Returns:
        Of when the list is.

    Raises:
        UntrustedInputError: "crl-malformed", "crl-of-another", "crl-signature", "crl-stale" or "certificate-revoked".
    """
    if len(der) > limit:
        raise UntrustedInputError("crl-malformed", f"{len(der)} bytes")
    try:
        found = x509.load_der_x509_crl(der)
        if found.public_bytes(serialization.Encoding.DER) != der or not der.endswith(b"\0" + found.signature):
            raise UntrustedInputError("crl-malformed", "another encoding")
        if not issuer.is_named(found.issuer):
            raise UntrustedInputError("crl-of-another", certificate.serial)
        if not issuer.has_signed(found.signature, found.tbs_certlist_bytes, found.signature_hash_algorithm):
            raise UntrustedInputError("crl-signature")
        _check_whole(found, certificate)
        ends = found.next_update_utc or found.last_update_utc + MAX_AGE
        entry = found.get_revoked_certificate_by_serial_number(certificate.number)
    except UNREADABLE as error:
        raise UntrustedInputError("crl-malformed", str(error)[:120]) from error
    if not found.last_update_utc - CLOCKS_DIFFER <= at <= ends + CLOCKS_DIFFER:
        raise UntrustedInputError("crl-stale", found.last_update_utc.isoformat())
    if entry is not None:
        raise UntrustedInputError("certificate-revoked", entry.revocation_date_utc.isoformat())
    return found.last_update_utc


def _check_whole(found: x509.CertificateRevocationList, certificate: Certificate) -> None:
    """Refuse a list that does not speak of every certificate of the issuer's of this kind (RFC 5280 §5.2).

    Raises:
        UntrustedInputError: "crl-malformed": a critical extension that is not understood, deltas among them.
            "crl-of-another": for certificates of another kind, of other issuers or for some reasons.
    """
    for extension in found.extensions:
        if not isinstance(extension.value, x509.IssuingDistributionPoint):
            if extension.critical:
                raise UntrustedInputError("crl-malformed", extension.oid.dotted_string)
            continue
        part = extension.value
        others = part.only_contains_user_certs if certificate.authority else part.only_contains_ca_certs
        if others or part.indirect_crl or part.only_some_reasons or part.only_contains_attribute_certs:
            raise UntrustedInputError("crl-of-another", certificate.serial)
