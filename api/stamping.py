"""Asking authorities while a document is signed: for a time stamp (RFC 3161), and whether certificates are good."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from api.fetching import TIMEOUT_S, UnreachableError, exchange
from ledger.crypto import stamp
from ledger.crypto.crl import MAX_LIST_BYTES, check_list
from ledger.crypto.ocsp import MAX_ANSWER_BYTES, check_answer
from ledger.crypto.revocation import Stapled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ledger.crypto.x509 import Certificate

_NONCE_BITS = 63


@dataclass(frozen=True, slots=True)
class StampClient:
    """A time-stamp authority.

    Attributes:
        url: Where it answers.
        timeout_s: How long it may take, seconds.
    """

    url: str
    timeout_s: float = TIMEOUT_S

    def __call__(self, signature: bytes) -> bytes:
        """Return a token over a signature, in our one form.

        Raises:
            UnreachableError: "tsa-unreachable".
            UntrustedInputError: "stamp-refused", "stamp-malformed", "stamp-of-another" and the like of `stamp.accept`.
        """
        imprint, nonce = sha256(signature).digest(), secrets.randbits(_NONCE_BITS)
        reply = exchange(
            "tsa-unreachable",
            self.url,
            2 * stamp.MAX_TOKEN_BYTES,
            body=stamp.request(imprint, nonce),
            kind="application/timestamp-query",
            timeout_s=self.timeout_s,
        )
        return stamp.accept(reply, imprint, nonce)


def ask_authorities(
    certificates: Sequence[Certificate], at: datetime, *, timeout_s: float = TIMEOUT_S
) -> tuple[Stapled, list[str]]:
    """Ask the authorities of certificates whether they are good: by OCSP, else by the list of the revoked ones.

    Args:
        certificates: The signatory's, then those above it; of the last one nobody is asked.
        at: Now, UTC.
        timeout_s: How long each may take, seconds.

    Returns:
        What they answered, and the addresses that gave none.

    Raises:
        UntrustedInputError: "certificate-revoked", or an answer that does not hold.
    """
    stapled, silent = Stapled(), []
    for certificate, issuer in pairwise(certificates):
        try:
            stapled += _asked(certificate, issuer, at, timeout_s)
        except UnreachableError as error:
            silent.append(str(error.params["url"]))
    return stapled, silent


def _asked(certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float) -> Stapled:
    failed: UnreachableError | None = None
    asks: list[tuple[Sequence[str], Callable[[str], Stapled]]] = [
        (certificate.ocsp_urls, lambda url: _answer(url, certificate, issuer, at, timeout_s)),
        (certificate.crl_urls, lambda url: _list(url, certificate, issuer, at, timeout_s)),
    ]
    for urls, ask in asks:
        for url in urls:
            try:
                return ask(url)
            except UnreachableError as error:
                failed = error
    if failed is not None:
        raise failed
    return Stapled()


def _answer(url: str, certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float) -> Stapled:
    subject, authority = (x509.load_der_x509_certificate(each.der) for each in (certificate, issuer))
    # SHA-1 is what RFC 6960 §4.1.1 names an issuer by, and what every responder knows.
    asked = ocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1()).build()  # noqa: S303
    body, kind = asked.public_bytes(serialization.Encoding.DER), "application/ocsp-request"
    raw = exchange("ocsp-unreachable", url, MAX_ANSWER_BYTES, body=body, kind=kind, timeout_s=timeout_s)
    check_answer(raw, certificate, issuer, at)
    return Stapled(answers=(raw,))


def _list(url: str, certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float) -> Stapled:
    raw = exchange("crl-unreachable", url, MAX_LIST_BYTES, timeout_s=timeout_s)
    check_list(raw, certificate, issuer, at)
    return Stapled(lists=(raw,))
