"""Signing a paper where the key is not: what is to be signed goes out, a signature comes in (PAdES, deferred).

    1  opening    certificate in, SHA-256 of the PDF shown: attributes out, with what authorities say; nothing is kept
    2  closing    the same, their answers and the signature in: the PDF is made again, checked, closed and kept

Whoever signs makes the attributes himself out of the bytes that he was shown, and compares: `signing-paper.mjs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from api.desk.papers import keep, paper_of
from api.enrolment import reference_of
from api.problems import ApiError
from api.signatures import fresh
from api.signing import check_use
from api.stamping import Heard, StampClient, ask_authorities, room_beside, stapled_in
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
    from ledger.crypto.revocation import Stapled
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
        stapled: The answers of authorities that he signs along; None where he has not been told them yet.
    """

    kind: str
    key: str
    shown: str
    certificate: bytes
    at: str
    stapled: Stapled | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A certificate of who asks, and what is known of it.

    Attributes:
        certificates: His, then the authorities above it, all of whom the ledger trusts now, the root last.
        heard: What was heard of each but the root.
    """

    certificates: tuple[Certificate, ...]
    heard: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class ToBeSigned:
    """A paper with room for a signature, and what is to be signed.

    Attributes:
        paper: As it was shown. opening: With the room.
        attributes: DER of the signed attributes.
        standing: Of the signatory's certificate. stapled: The answers that are part of the attributes.
    """

    paper: Paper
    opening: Opening
    attributes: bytes
    standing: Standing
    stapled: Stapled


class Signed(NamedTuple):
    """A signed PDF, and the serials of the certificates below the root of which no answer is stapled."""

    pdf: bytes
    unanswered: list[str]


def standing_of(asked: AskedBy, der: bytes, at: datetime) -> Standing:
    """Return what is known of a certificate with which somebody is about to sign.

    Its authorities are asked once the chain holds: addresses in a certificate of anybody's making are not followed. Of
    a demo's nobody is asked.

    Raises:
        ApiError: 403 "certificate-of-another".
        UntrustedInputError: "bad-certificate", "certificate-use", "certificate-period", "certificate-issuer",
            "certificate-path", "certificate-revoked", or an answer that does not hold.
        RuleViolation: "ca-unknown", "ca-distrusted".
    """
    certificate = Certificate.parse(der)
    if PublicKey.from_spki(certificate.spki).keyid != asked.reader.keyid:
        raise ApiError(403, "certificate-of-another", certificate.serial)
    check_use(certificate, at)
    chain = (certificate, *chain_above(asked.system, certificate, at))
    if asked.system.fictitious:
        return Standing(chain, tuple(map(Heard, chain[:-1])))
    room = room_beside([each.der for each in chain[:-1]], stamped=asked.system.settings.tsa_url is not None)
    return Standing(chain, tuple(ask_authorities(chain, utc_now(), room=room, timeout_s=AUTHORITY_TIMEOUT_S)))


def prepare_signature(asked: AskedBy, wish: Wish) -> ToBeSigned:
    """Return what is to be signed, or why it may not be.

    Raises:
        ApiError: as `paper_of` and `standing_of`; 409 "paper-moved", "paper-signed"; 422 "paper-clock".
        UntrustedInputError, RuleViolation: as `standing_of`; an answer to be signed along that does not hold.
    """
    at = parse_written(wish.at)
    if abs(at - asked.system.store.now()) > MAX_DRIFT:
        raise ApiError(422, "paper-clock", wish.at)
    standing = standing_of(asked, wish.certificate, at)
    if wish.stapled is None:
        stapled = stapled_in(standing.heard)
    else:
        stapled = wish.stapled
        stapled.check(standing.certificates, at)
    paper = paper_of(asked, wish.kind, wish.key)
    if paper.field in paper.signed:
        raise ApiError(409, "paper-signed", document=f"{wish.kind}/{wish.key}")
    if paper.sha256 != wish.shown:
        raise ApiError(409, "paper-moved", document=f"{wish.kind}/{wish.key}")
    opening = open_signature(paper.pdf, paper.field, at)
    attributes = cms.attributes_of(opening.digest, wish.certificate, stapled)
    return ToBeSigned(paper, opening, attributes, standing, stapled)


def take_signature(asked: AskedBy, wish: Wish, signature: bytes) -> Signed:
    """Return the signed PDF, with a time stamp where an authority is configured; it is kept for whoever signs next.

    Raises:
        UntrustedInputError: "bad-signature", "signature-too-long"; as `prepare_signature` and `StampClient`.
        UnreachableError: "tsa-unreachable": nothing is kept.
        ApiError: as `prepare_signature` and `keep`.
    """
    wanted = prepare_signature(asked, wish)
    own = wanted.standing.certificates
    if not PublicKey.from_spki(own[0].spki).verify(signature, wanted.attributes):
        raise UntrustedInputError("bad-signature", "of other bytes than those shown")
    url = asked.system.settings.tsa_url
    token = None if url is None else StampClient(url)(signature)
    certificates = [each.der for each in own[:-1]]
    made = cms.assemble(wanted.opening.digest, signature, certificates, token, wanted.stapled)
    signed = close(wanted.opening, made)
    paper = wanted.paper
    fields = (*paper.signed, paper.field)
    named = {"base": paper.base, "after": paper.sha256}
    keep(asked.system, paper.kind, paper.key, signed, **named, fields=fields, seen=paper.seen)
    at = parse_written(wish.at)
    unanswered = [one.serial for one, above in pairwise(own) if wanted.stapled.good_at(one, above, at) is None]
    return Signed(signed, unanswered)


def chain_above(system: System, certificate: Certificate, at: datetime) -> list[Certificate]:
    """Return the authorities above a certificate, all of whom the ledger trusts now, the root last.

    Raises:
        UntrustedInputError: "certificate-period", "certificate-issuer", "certificate-path".
        RuleViolation: "ca-unknown", "ca-distrusted".
    """
    chain = chain_of(reference_of(system, certificate).issuer_sha256, system.size(), fresh(system.ledger))
    check_chain(certificate, chain, at)
    return chain
