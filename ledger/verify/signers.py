"""Who signed a PDF: whose the certificate is, when by whose word, and what its authority said of it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

from ledger.crypto import cms, stamp
from ledger.crypto.ocsp import CLOCKS_DIFFER
from ledger.domain.ca import MAX_CHAIN, check_chain
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ledger.crypto.stamp import Stamp
    from ledger.crypto.x509 import Certificate
    from ledger.pdf.signing import Signature
    from ledger.verify.trust import Trust

TimeProof: TypeAlias = Literal["claimed", "stamped", "proved"]
"""Only the signatory's word; a time stamp of whom nobody vouches for; one whose chain ends at a TSA root given."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an authority said of a certificate when it was used.

    good_at: Of when that is, ISO 8601; None where nothing of it is stapled.
    """

    name: str
    serial: str
    good_at: str | None


@dataclass(frozen=True, slots=True)
class Signer:
    """One signature.

    Attributes:
        field: Its place. name, serial: Of the certificate. keyid: Of its key, as the ledger names keys.
        at: When he says he signed.
        chained: Whether the chain ends at a root that was given; None where none was given.
        time: By whose word it was signed by `stamped_at`.
        stamped_at, tsa: Of the time stamp; None and "" where there is none.
        standings: Of the certificate and those above it but the root; empty where the chain is not known.
        code, detail: What is wrong; "" if nothing.
    """

    field: str
    name: str
    serial: str
    keyid: str
    at: str
    chained: bool | None
    time: TimeProof
    stamped_at: str | None = None
    tsa: str = ""
    standings: tuple[Standing, ...] = ()
    code: str = ""
    detail: str = ""

    @property
    def unrevoked(self) -> bool:
        """Whether an answer is stapled for every certificate."""
        return bool(self.standings) and all(each.good_at is not None for each in self.standings)


def signer_of(signature: Signature, trust: Trust) -> Signer:
    """Check one signature of a PDF.

    Raises:
        UntrustedInputError: It is none over this document, or its time stamp is none over it: `cms.read`, `stamp.read`.
    """
    found = cms.read(signature.cms, signature.digest)
    shown = None if found.token is None else stamp.read(found.token, sha256(found.signature).digest())
    chained: bool | None = None
    time: TimeProof = "claimed" if shown is None else "stamped"
    standings: tuple[Standing, ...] = ()
    code = detail = ""
    try:
        if shown is not None and trust.tsa_roots is not None:
            _check_stamp(shown, signature.at, trust.tsa_roots)
            time = "proved"
        if trust.roots is not None:
            standings = _check_signatory(found, signature, shown if time == "proved" else None, trust.roots)
            chained = True
    except UntrustedInputError as error:
        code, detail = error.code, error.detail
        chained = None if trust.roots is None else False
    return Signer(
        field=signature.field,
        name=found.certificate.name,
        serial=found.certificate.serial,
        keyid=sha256(found.certificate.spki).hexdigest(),
        at=signature.at.isoformat(),
        chained=chained,
        time=time,
        stamped_at=None if shown is None else shown.at.isoformat(),
        tsa="" if shown is None else shown.authority.name,
        standings=standings,
        code=code,
        detail=detail,
    )


def _check_stamp(shown: Stamp, at: datetime, roots: Sequence[Certificate]) -> None:
    """Check that a TSA is trusted, and that the signatory does not say to have signed after it stamped.

    Raises:
        UntrustedInputError: "stamp-authority", "stamp-before-signing".
    """
    try:
        check_chain(shown.authority, chain_to(shown.authority, shown.chain, roots), shown.at)
    except UntrustedInputError as error:
        raise UntrustedInputError("stamp-authority", f"{error.code} {error.detail}".strip()) from error
    if at > shown.at + CLOCKS_DIFFER:
        raise UntrustedInputError("stamp-before-signing", shown.at.isoformat())


def _check_signatory(
    found: cms.Cms, signature: Signature, proved: Stamp | None, roots: Sequence[Certificate]
) -> tuple[Standing, ...]:
    """Check chain, use and state of the signatory's certificate, when he says he signed and when a TSA says.

    Raises:
        UntrustedInputError: "certificate-root" and the other codes of a chain, "certificate-use",
            "certificate-revoked", or what an answer that is stapled lacks.
    """
    certificate = found.certificate
    chain = chain_to(certificate, found.chain, roots)
    moments = [signature.at] if proved is None else [signature.at, proved.at]
    for moment in moments:
        check_chain(certificate, chain, moment)
    if not certificate.signs or certificate.authority:
        raise UntrustedInputError("certificate-use", certificate.serial)
    standings = []
    for below, above in pairwise([certificate, *chain]):
        good = found.stapled.good_at(below, above, moments[-1])
        standings.append(Standing(below.name, below.serial, None if good is None else good.isoformat()))
    return tuple(standings)


def chain_to(certificate: Certificate, along: Sequence[Certificate], roots: Sequence[Certificate]) -> list[Certificate]:
    """Return the authorities above a certificate up to a trusted root; those that came along only lead there.

    Raises:
        UntrustedInputError: "certificate-root".
    """
    chain: list[Certificate] = []
    below = certificate
    while len(chain) < MAX_CHAIN:
        anchor = next((root for root in roots if below.is_issued_by(root)), None)
        if anchor is not None:
            return [*chain, anchor]
        above = next((each for each in along if each not in chain and below.is_issued_by(each)), None)
        if above is None:
            break
        chain.append(above)
        below = above
    raise UntrustedInputError("certificate-root", certificate.serial)
