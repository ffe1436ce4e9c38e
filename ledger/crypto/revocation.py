"""What authorities said of certificates when a document was signed, stapled to the signature."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ledger.crypto.crl import check_list
from ledger.crypto.ocsp import check_answer
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from ledger.crypto.x509 import Certificate

_OF_ANOTHER = {"ocsp-of-another", "crl-of-another"}


@dataclass(frozen=True, slots=True)
class Stapled:
    """Answers of authorities.

    Attributes:
        answers: OCSPResponses, DER. lists: CertificateLists, DER.
    """

    answers: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.answers or self.lists)

    def __add__(self, other: Stapled) -> Stapled:
        return Stapled(self.answers + other.answers, self.lists + other.lists)

    @property
    def size(self) -> int:
        """How many bytes the answers have."""
        return sum(map(len, self.answers + self.lists))

    def check(self, certificates: Sequence[Certificate], at: datetime) -> None:
        """Refuse an answer that is about none of the certificates.

        Args:
            certificates: The signatory's, then those above it.
            at: When the answers must be fresh, UTC.

        Raises:
            UntrustedInputError: "ocsp-of-another", "crl-of-another"; as `good_at`.
        """
        alone = [("ocsp-of-another", Stapled((der,))) for der in self.answers]
        alone += [("crl-of-another", Stapled((), (der,))) for der in self.lists]
        for code, each in alone:
            if all(each.good_at(below, above, at) is None for below, above in pairwise(certificates)):
                raise UntrustedInputError(code, certificates[0].serial)

    def good_at(self, certificate: Certificate, issuer: Certificate, at: datetime) -> datetime | None:
        """Return when the authority last said that a certificate was good; None where it said nothing of this one.

        Args:
            certificate: Whose state it is.
            issuer: Who issued it.
            at: When the answers must be fresh, UTC.

        Raises:
            UntrustedInputError: "certificate-revoked", or an answer about it that is stale or does not hold.
        """
        found: list[datetime] = []
        checks: list[tuple[Callable[[bytes, Certificate, Certificate, datetime], datetime], tuple[bytes, ...]]]
        checks = [(check_answer, self.answers), (check_list, self.lists)]
        for check, given in checks:
            for der in given:
                try:
                    found.append(check(der, certificate, issuer, at))
                except UntrustedInputError as error:
                    if error.code not in _OF_ANOTHER:
                        raise
        return max(found, default=None)
