"""A key's enrolment made out of what its holder brings: a public key, or the certificate of his e.firma."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.trust import CertificateRef, KeyEnrolled
from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.crypto.keys import PublicKey
from ledger.crypto.x509 import Certificate
from ledger.domain.ca import CaState, parsed
from ledger.domain.certificates import ANSWER, CERTIFICATE
from ledger.errors import RuleViolation, UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System

_DER_SEQUENCE = 0x30


def enrolment_of(
    system: System, public: bytes, person: str, service_types: tuple[str, ...] = (), answer: bytes | None = None
) -> tuple[KeyEnrolled, dict[str, str]]:
    """Return the act and its sealed values.

    Args:
        system: Whose ledger; it must trust the certificate's authority.
        public: SPKI in base64, or a certificate in DER.
        person: Whose key it is.
        service_types: What a service may sign.
        answer: OCSPResponse about the certificate, DER.

    Raises:
        UntrustedInputError: "bad-spki", "base64-malformed", "bad-certificate".
        RuleViolation: "ca-unknown" where no trusted authority signed the certificate.
    """
    if public[:1] != bytes([_DER_SEQUENCE]):
        spki, reference, sealed = decode_base64(public.decode("ascii", "replace").strip()), None, {}
    else:
        certificate = Certificate.parse(public)
        spki, reference = certificate.spki, reference_of(system, certificate)
        sealed = {CERTIFICATE: encode_base64(public)}
        if answer is not None:
            sealed[ANSWER] = encode_base64(answer)
    act = KeyEnrolled(
        keyid=PublicKey.from_spki(spki).keyid,
        spki=encode_base64(spki),
        person=person,
        service_types=service_types,
        certificate=reference,
    )
    return act, sealed


def trusted_authorities(system: System) -> Iterator[CaState]:
    """Yield the certificate authorities that the ledger's acts trust now."""
    for stream in system.store.streams_below("ca/"):
        state = system.ledger.state(stream)
        if isinstance(state, CaState) and state.distrusted is None:
            yield state


def reference_of(system: System, certificate: Certificate) -> CertificateRef:
    """Return what is said of a certificate in public, with the authority that issued it.

    Raises:
        RuleViolation: "ca-unknown" where no trusted authority signed it.
    """
    for state in trusted_authorities(system):
        authority = parsed(state.der)
        try:
            certificate.check_issued_by(authority)
        except UntrustedInputError:
            continue
        return CertificateRef(issuer_sha256=authority.sha256, serial=certificate.serial, sha256=certificate.sha256)
    raise RuleViolation("ca-unknown", sha256=certificate.sha256)
