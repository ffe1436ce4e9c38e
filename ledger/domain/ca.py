"""Authorities that issue officers' certificates: whom the ledger trusts, since when and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ledger.acts.ca import CertificateAuthorityDistrusted, CertificateAuthorityTrusted
from ledger.crypto.b64 import decode_base64
from ledger.crypto.x509 import Certificate
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

MAX_CHAIN = 5


@dataclass(frozen=True, slots=True)
class CaState(State):
    """An authority's certificate.

    issuer: SHA-256 of the certificate above it, None for a root. trusted, distrusted: indexes.
    """

    der: bytes
    issuer: str | None
    trusted: int
    distrusted: int | None = None

    def trusted_at(self, index: int) -> bool:
        """Tell whether it was trusted for the entry at `index`."""
        return self.trusted < index and (self.distrusted is None or index <= self.distrusted)


@lru_cache(maxsize=64)
def parsed(der: bytes) -> Certificate:
    """Return the certificate, parsed once: a ledger has few authorities."""
    return Certificate.parse(der)


def chain_of(issuer: str, index: int, world: World) -> list[Certificate]:
    """Return the authorities from the one that is named up to its root.

    Args:
        issuer: SHA-256 of the certificate of the lowest one.
        index: Of the entry for which they must be trusted.
        world: States to read.

    Raises:
        RuleViolation: "ca-unknown", "ca-distrusted", "ca-chain-too-long".
    """
    chain: list[Certificate] = []
    above: str | None = issuer
    while above is not None:
        state = read(world, CaState, stream_name("ca", above))
        if state is None:
            raise RuleViolation("ca-unknown", sha256=above)
        if not state.trusted_at(index):
            raise RuleViolation("ca-distrusted", sha256=above)
        if len(chain) == MAX_CHAIN:
            raise RuleViolation("ca-chain-too-long", sha256=issuer)
        chain.append(parsed(state.der))
        above = state.issuer
    return chain


def check_chain(certificate: Certificate, chain: list[Certificate], at: datetime) -> None:
    """Check signatures, validity and path lengths from a certificate up to its root (RFC 5280 §6.1).

    Raises:
        UntrustedInputError: "certificate-issuer", "certificate-period", "certificate-path".
    """
    certificate.check_period(at)
    below = certificate
    for depth, authority in enumerate(chain):
        below.check_issued_by(authority)
        authority.check_period(at)
        if authority.path_length is not None and depth > authority.path_length:
            raise UntrustedInputError("certificate-path", authority.sha256)
        below = authority
    below.check_issued_by(below)


def check(state: CaState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `ca/<sha256>`.

    Raises:
        RuleViolation: "ca-already-trusted", "ca-not-trusted", "ca-certificate" (with what is wrong with it), and those
            of `chain_of`.
    """
    world.rule("certificates")
    match signed.act:
        case CertificateAuthorityTrusted() as act:
            if state is not None:
                raise RuleViolation("ca-already-trusted", sha256=act.sha256)
            _check_trusted(act, signed, world)
        case CertificateAuthorityDistrusted() as act:
            if state is None or state.distrusted is not None:
                raise RuleViolation("ca-not-trusted", sha256=act.sha256)
        case other:
            raise RuleViolation("wrong-kind", type(other).__name__)


def _check_trusted(act: CertificateAuthorityTrusted, signed: Signed, world: World) -> None:
    chain = [] if act.issuer_sha256 is None else chain_of(act.issuer_sha256, signed.index, world)
    try:
        certificate = Certificate.parse(decode_base64(act.certificate))
        if certificate.sha256 != act.sha256 or not certificate.authority:
            raise UntrustedInputError("certificate-use", certificate.sha256)  # noqa: TRY301  one place to wrap
        check_chain(certificate, chain, parse_written(signed.statement.occurred_at))
    except UntrustedInputError as error:
        raise RuleViolation("ca-certificate", f"{error.code} {error.detail}", sha256=act.sha256) from error


def evolve(state: CaState | None, signed: Signed) -> CaState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    match signed.act:
        case CertificateAuthorityTrusted() as act:
            der = decode_base64(act.certificate)
            return CaState(version, index, statement, der, act.issuer_sha256, trusted=index)
        case CertificateAuthorityDistrusted() if state is not None:
            return replace(state, version=version, index=index, statement=statement, distrusted=index)
        case other:
            raise TypeError(type(other).__name__)
