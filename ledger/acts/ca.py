"""Authorities whose certificates are accepted for officers' keys: trusted by an act, distrusted by another."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import FOUNDER, Act, Grant, SealedField, Sha256
from ledger.ids import stream_name

CertificateDer = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=11_000)]
"""A certificate in base64: it is public, as the authority publishes it."""


class CertificateAuthorityTrusted(Act):
    """The certificates of an authority are accepted from here on (LFEA 23–25: the SAT and the other authorities).

    sha256: of the certificate. issuer_sha256: of the certificate of the authority above it; none for a root.
    """

    type_name: ClassVar[str] = "CertificateAuthorityTrusted/1"
    kind: ClassVar[str] = "ca"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER,)
    sha256: Sha256
    certificate: CertificateDer
    issuer_sha256: Sha256 | None = None

    def stream(self) -> str:
        """One stream a certificate of an authority."""
        return stream_name("ca", self.sha256)


class CertificateAuthorityDistrusted(Act):
    """No certificate of the authority is accepted from here on; keys enrolled before stay what they are."""

    type_name: ClassVar[str] = "CertificateAuthorityDistrusted/1"
    kind: ClassVar[str] = "ca"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    sha256: Sha256
    reason: Literal["compromised", "superseded", "cessation"]

    def stream(self) -> str:
        """One stream a certificate of an authority."""
        return stream_name("ca", self.sha256)
