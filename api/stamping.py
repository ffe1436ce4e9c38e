"""Asking authorities while a document is signed: for a time stamp (RFC 3161), and whether certificates are good."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from api.fetching import TIMEOUT_S, UnreachableError, exchange
from ledger.crypto import stamp
from ledger.crypto.cms import NOTHING
from ledger.crypto.crl import MAX_LIST_BYTES, check_list
from ledger.crypto.ocsp import MAX_ANSWER_BYTES, check_answer
from ledger.crypto.revocation import Stapled
from ledger.pdf.signing import RESERVED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from ledger.crypto.x509 import Certificate

_NONCE_BITS = 63
_REST_S = 60.0
"""How long an address that did not answer in time counts as silent without being waited for again."""
_MAX_SLOW = 1_000
_SLOW: dict[str, float] = {}
_AROUND_BYTES = 2 * 1024
"""Of a CMS: a signature of RSA-4096, attributes, names."""
_STAMP_BYTES = 6 * 1024
"""Of a time stamp whose authority brings two certificates of RSA-4096."""
_MAX_ASKED_BYTES = 8 * 1024 * 1024
"""Of a list that is looked at, as large authorities have them."""


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


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard of one certificate.

    Attributes:
        certificate: Whose state it is.
        good_at: As of when its authority had it for good; None where nobody said anything.
        stapled: The answer, where there is room for it beside the signature.
        too_long: How many bytes an answer has for which there is none; else 0.
        silent: Addresses that gave no answer, where no other gave one.
    """

    certificate: Certificate
    good_at: datetime | None = None
    stapled: Stapled = NOTHING
    too_long: int = 0
    silent: tuple[str, ...] = ()


def room_beside(certificates: Sequence[bytes], *, stamped: bool) -> int:
    """Return how many bytes of answers fit into a signature.

    Args:
        certificates: Those that go into it, DER.
        stamped: Whether a time stamp will follow.
    """
    return RESERVED - sum(map(len, certificates)) - _AROUND_BYTES - (_STAMP_BYTES if stamped else 0)


def ask_authorities(
    certificates: Sequence[Certificate], at: datetime, *, room: int, timeout_s: float = TIMEOUT_S
) -> list[Heard]:
    """Ask the authorities of certificates whether they are good: by OCSP, else by the list of the revoked ones.

    Args:
        certificates: The signatory's, then those above it; of the last one nobody is asked.
        at: Now, UTC.
        room: How many bytes may be stapled; what is longer is looked at and left out.
        timeout_s: How long each address may take, seconds.

    Raises:
        UntrustedInputError: "certificate-revoked", or an answer that does not hold.
    """
    heard: list[Heard] = []
    for certificate, issuer in pairwise(certificates):
        found = _asked(certificate, issuer, at, timeout_s)
        if found.stapled.size > min(room, MAX_LIST_BYTES):
            found = replace(found, stapled=NOTHING, too_long=found.stapled.size)
        room -= found.stapled.size
        heard.append(found)
    return heard


def stapled_in(heard: Iterable[Heard]) -> Stapled:
    """Return the answers for which there is room."""
    return sum((each.stapled for each in heard), NOTHING)


def _asked(certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float) -> Heard:
    silent: list[str] = []
    asks: list[tuple[Sequence[str], Callable[[str], tuple[datetime, Stapled]]]] = [
        (certificate.ocsp_urls, lambda url: _answer(url, certificate, issuer, at, timeout_s)),
        (certificate.crl_urls, lambda url: _list(url, certificate, issuer, at, timeout_s)),
    ]
    for urls, ask in asks:
        for url in urls:
            began = time.monotonic()
            if began - _SLOW.get(url, -_REST_S) < _REST_S:
                silent.append(url)
                continue
            try:
                good_at, stapled = ask(url)
            except UnreachableError as error:
                silent.append(str(error.params["url"]))
                _note_slow(url, began, timeout_s)
            else:
                return Heard(certificate, good_at, stapled)
    return Heard(certificate, silent=tuple(silent))


def _note_slow(url: str, began: float, timeout_s: float) -> None:
    """Remember an address that let us wait to the end; one that refused at once costs nothing to ask again."""
    now = time.monotonic()
    if now - began >= timeout_s:
        if len(_SLOW) >= _MAX_SLOW:
            _SLOW.clear()
        _SLOW[url] = now


def _answer(
    url: str, certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float
) -> tuple[datetime, Stapled]:
    subject, authority = (x509.load_der_x509_certificate(each.der) for each in (certificate, issuer))
    # SHA-1 is what RFC 6960 §4.1.1 names an issuer by, and what every responder knows.
    asked = ocsp.OCSPRequestBuilder().add_certificate(subject, authority, hashes.SHA1()).build()  # noqa: S303
    body, kind = asked.public_bytes(serialization.Encoding.DER), "application/ocsp-request"
    raw = exchange("ocsp-unreachable", url, MAX_ANSWER_BYTES, body=body, kind=kind, timeout_s=timeout_s)
    return check_answer(raw, certificate, issuer, at), Stapled(answers=(raw,))


def _list(
    url: str, certificate: Certificate, issuer: Certificate, at: datetime, timeout_s: float
) -> tuple[datetime, Stapled]:
    raw = exchange("crl-unreachable", url, _MAX_ASKED_BYTES, timeout_s=timeout_s)
    return check_list(raw, certificate, issuer, at, _MAX_ASKED_BYTES), Stapled(lists=(raw,))
