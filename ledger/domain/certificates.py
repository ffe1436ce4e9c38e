"""An officer's certificate against what his key's enrolment says of it: checked by whoever may see it (V13).

The certificate carries RFC and CURP and is sealed; the ledger's own rules see only issuer, serial and hash. The server
sees it when the key is enrolled, an auditor when it is disclosed to him: both ask this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.acts.trust import KeyEnrolled
from ledger.crypto import disclosure
from ledger.crypto.b64 import decode_base64
from ledger.crypto.ocsp import check_answer
from ledger.crypto.x509 import Certificate
from ledger.domain.ca import chain_of, check_chain
from ledger.errors import UntrustedInputError
from ledger.ids import parse_written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ledger.domain.world import Signed, World

CERTIFICATE = "certificate_der"
ANSWER = "ocsp_der"
"""Names of the sealed values of `KeyEnrolled/1`."""


class Shown(NamedTuple):
    """What was sealed with an enrolment, in DER: the certificate, and the OCSPResponse where one was stapled."""

    der: bytes
    answer: bytes | None


def check_opened(signed: Signed, disclosures: Mapping[str, str], world: World) -> None:
    """Check, where a key is enrolled with a certificate, the certificate that came sealed along with the act.

    Raises:
        UntrustedInputError: What `check_certificate` raises.
    """
    act = signed.act
    if not isinstance(act, KeyEnrolled) or act.certificate is None:
        return
    opened = {name: decode_base64(disclosure.parse(text).value) for name, text in disclosures.items()}
    shown = Shown(opened[CERTIFICATE], opened.get(ANSWER))
    at = parse_written(signed.statement.occurred_at)
    check_certificate(act, shown, at, signed.index, world)


def check_certificate(act: KeyEnrolled, shown: Shown, at: datetime, index: int, world: World) -> list[Certificate]:
    """Check a certificate and the authority's stapled answer about it.

    Args:
        act: The enrolment; it has a `certificate`.
        shown: What was sealed with it.
        at: When the key was enrolled, UTC.
        index: Of the enrolment.
        world: States of the authorities.

    Returns:
        The authorities of its chain; the last is the root.

    Raises:
        UntrustedInputError: "certificate-differs", "certificate-use" or what the chain or the answer lack.
        RuleViolation: An authority is not trusted.
    """
    said = act.certificate
    certificate = Certificate.parse(shown.der)
    if said is None or (certificate.sha256, certificate.serial) != (said.sha256, said.serial):
        raise UntrustedInputError("certificate-differs", certificate.sha256)
    if certificate.spki != decode_base64(act.spki):
        raise UntrustedInputError("certificate-differs", "of another key")
    if certificate.authority or not certificate.signs:
        raise UntrustedInputError("certificate-use", certificate.serial)
    chain = chain_of(said.issuer_sha256, index, world)
    check_chain(certificate, chain, at)
    if shown.answer is not None:
        check_answer(shown.answer, certificate, chain[0], at)
    return chain
