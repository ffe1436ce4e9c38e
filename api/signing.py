"""Signing a prepared PDF with an e.firma, on the officer's own machine: no ledger and no server.

No network either, but for what authorities are asked: `api.stamping`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.crypto import cms
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.signing import close, open_signature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ledger.crypto.keys import Secret
    from ledger.crypto.revocation import Stapled
    from ledger.pdf.signing import Parsed


def check_pair(certificate: Certificate, key: Secret, at: datetime) -> None:
    """Refuse to sign with a certificate that is not the key's, not for signing, or not valid.

    Raises:
        UntrustedInputError: "key-of-another", "certificate-use", "certificate-period".
    """
    if certificate.spki != key.public.spki:
        raise UntrustedInputError("key-of-another", certificate.serial)
    check_use(certificate, at)


def check_use(certificate: Certificate, at: datetime) -> None:
    """Refuse a certificate that is not for signing, or not valid.

    Raises:
        UntrustedInputError: "certificate-use", "certificate-period".
    """
    if certificate.authority or not certificate.signs:
        raise UntrustedInputError("certificate-use", certificate.serial)
    certificate.check_period(at)


def free_field(parsed: Parsed, wanted: str | None = None) -> str:
    """Return the place to be signed: the one named, or the only one that is free.

    Raises:
        UntrustedInputError: "field-unknown" with the names of the free ones, "field-signed".
    """
    signed = {signature.field for signature in parsed.signatures}
    free = [box.field for box in parsed.boxes if box.field not in signed]
    if wanted in signed:
        raise UntrustedInputError("field-signed", wanted or "")
    if wanted is None and len(free) == 1:
        return free[0]
    if wanted not in free:
        raise UntrustedInputError("field-unknown", ", ".join(free))
    return wanted or ""


def sign_pdf(
    pdf: bytes,
    field: str,
    key: Secret,
    certificates: Sequence[bytes],
    at: datetime,
    *,
    stapled: Stapled = cms.NOTHING,
    stamp: Callable[[bytes], bytes | None] | None = None,
) -> bytes:
    """Return the PDF with a signature in a field (PAdES B-B, or B-T with a time stamp).

    Args:
        pdf: Prepared, perhaps signed by others.
        field: The place.
        key: RSA or P-256.
        certificates: The signatory's, then the authorities above it; DER.
        at: When it is signed.
        stapled: What authorities said of the certificates.
        stamp: Gives a time stamp over a signature (`api.stamping.StampClient`), or None where it goes without.

    Raises:
        UntrustedInputError: As `check_pair`, `open_signature`, `close`; and what `stamp` raises.
    """
    check_pair(Certificate.parse(certificates[0]), key, at)
    opening = open_signature(pdf, field, at)
    signature = key.sign(cms.attributes_of(opening.digest, certificates[0], stapled))
    token = None if stamp is None else stamp(signature)
    return close(opening, cms.assemble(opening.digest, signature, certificates, token, stapled))
