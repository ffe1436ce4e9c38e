"""Signing a paper where the key is not: what is to be signed goes out, a signature comes in (PAdES, deferred).

    1  opening    certificate in, SHA-256 of the PDF shown: time and signed attributes out; nothing is kept
    2  closing    the same and the signature in: the PDF is made again, opened again, checked, closed and kept

Whoever signs makes the attributes himself out of the bytes that he was shown, and compares: `signing-paper.mjs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from api.desk.papers import keep, paper_of
from api.enrolment import reference_of
from api.problems import ApiError
from api.signatures import fresh
from api.signing import check_use
from api.stamping import StampClient, ask_authorities
from ledger.clock import utc_now
from ledger.crypto import cms
from ledger.crypto.keys import PublicKey
from ledger.crypto.x509 import Certificate
from ledger.domain.ca import chain_of, check_chain
from ledger.errors import UntrustedInputError
from ledger.ids import parse_written
from ledger.pdf.signing import close, open_signature

if TYPE_CHECKING:
    from datetime import datetime

    from api.desk.papers import Paper
    from api.routes.restricted import AskedBy
    from api.system import System
    from ledger.pdf.signing import Opening

MAX_DRIFT = timedelta(minutes=5)
"""Between the time of a signature and the ledger's own clock."""
AUTHORITY_TIMEOUT_S = 3.0
"""How long an authority may take to say whether a certificate is revoked; one that is silent does not stop anybody."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to sign.

    Attributes:
        kind, key: The paper. shown: SHA-256 of the PDF that he was shown.
        certificate: His, DER.
        at: When he signs, as written, to the second.
    """

    kind: str
    key: str
    shown: str
    certificate: bytes
    at: str


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """A paper with room for a signature, and what is to be signed.

    Attributes:
        paper: As it was shown. opening: With the room.
        attributes: DER of the signed attributes.
        certificates: The signatory's, then the authorities above it without the root.
    """

    paper: Paper
    opening: Opening
    attributes: bytes
    certificates: tuple[Certificate, ...]


def prepare_signature(asked: AskedBy, wish: Wish) -> ToBeSigned:
    """Return what is to be signed, or why it may not be.

    Raises:
        ApiError: as `paper_of`; 409 "paper-moved", "paper-signed"; 403 "certificate-of-another"; 422 "paper-clock".
        UntrustedInputError: "certificate-use", "certificate-period", "certificate-issuer", "certificate-path",
            "certificate-revoked".
        RuleViolation: "ca-unknown", "ca-distrusted".
    """
    at = parse_written(wish.at)
    if abs(at - asked.system.store.now()) > MAX_DRIFT:
        raise ApiError(422, "paper-clock", wish.at)
    certificate = Certificate.parse(wish.certificate)
    if PublicKey.from_spki(certificate.spki).keyid != asked.reader.keyid:
        raise ApiError(403, "certificate-of-another", certificate.serial)
    check_use(certificate, at)
    chain = chain_above(asked.system, certificate, at)
    if not asked.system.fictitious:  # asked once the chain holds: a certificate of anybody's making is not followed
        ask_authorities([certificate, *chain], utc_now(), timeout_s=AUTHORITY_TIMEOUT_S)
    paper = paper_of(asked, wish.kind, wish.key)
    if paper.field in paper.signed:
        raise ApiError(409, "paper-signed", document=f"{wish.kind}/{wish.key}")
    if paper.sha256 != wish.shown:
        raise ApiError(409, "paper-moved", document=f"{wish.kind}/{wish.key}")
    opening = open_signature(paper.pdf, paper.field, at)
    attributes = cms.attributes_of(opening.digest, certificate.der)
    return ToBeSigned(paper, opening, attributes, (certificate, *chain[:-1]))


def take_signature(asked: AskedBy, wish: Wish, signature: bytes) -> bytes:
    """Return the signed PDF, with a time stamp where an authority is configured; it is kept for whoever signs next.

    Raises:
        UntrustedInputError: "bad-signature"; as `prepare_signature` and `StampClient`.
        UnreachableError: "tsa-unreachable": nothing is kept.
        ApiError: as `prepare_signature` and `keep`.
    """
    wanted = prepare_signature(asked, wish)
    if not PublicKey.from_spki(wanted.certificates[0].spki).verify(signature, wanted.attributes):
        raise UntrustedInputError("bad-signature", "of other bytes than those shown")
    url = asked.system.settings.tsa_url
    token = None if url is None else StampClient(url)(signature)
    certificates = [each.der for each in wanted.certificates]
    signed = close(wanted.opening, cms.assemble(wanted.opening.digest, signature, certificates, token))
    paper = wanted.paper
    fields = (*paper.signed, paper.field)
    keep(asked.system, paper.kind, paper.key, signed, base=paper.base, after=paper.sha256, fields=fields)
    return signed


def chain_above(system: System, certificate: Certificate, at: datetime) -> list[Certificate]:
    """Return the authorities above a certificate, all of whom the ledger trusts now, the root last.

    Raises:
        UntrustedInputError: "certificate-period", "certificate-issuer", "certificate-path".
        RuleViolation: "ca-unknown", "ca-distrusted".
    """
    chain = chain_of(reference_of(system, certificate).issuer_sha256, system.size(), fresh(system.ledger))
    check_chain(certificate, chain, at)
    return chain
