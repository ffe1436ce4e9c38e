"""Founding, keys, persons, rules editions (format.md §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    FOUNDER,
    OWN_KEY,
    REGISTRAR,
    Act,
    Base64,
    Code,
    Grant,
    Index,
    KeyId,
    Number,
    Part,
    SealedField,
    Sha256,
    Slug,
    Text,
    TypeName,
    Whose,
)
from ledger.errors import UntrustedInputError
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable


class Founder(Part):
    """A founding officer: a person and the key that he signs with (SPKI, base64)."""

    person: Slug
    spki: Base64


class OfLedger(Act):
    """An act on the ledger itself: all of them share one stream."""

    kind: ClassVar[str] = "ledger"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER,)

    def stream(self) -> str:
        """All of the ledger's own acts share one stream."""
        return "ledger"


class LedgerFounded(OfLedger):
    """Entry 0: names the origin, at least two founding officers and the offline recovery key."""

    type_name: ClassVar[str] = "LedgerFounded/1"
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("institution"),)
    origin: Annotated[str, Field(min_length=1, max_length=120)]
    officers: Annotated[tuple[Founder, ...], Field(min_length=2, max_length=20)]
    recovery_spki: Base64
    rules_edition: Annotated[int, Field(strict=True, ge=1, le=1)]
    clock: Literal["real", "simulated"] = "real"


class RulesAdopted(OfLedger):
    """A new edition of the published rules and schema catalogue, in force from the next index."""

    type_name: ClassVar[str] = "RulesAdopted/1"
    edition: Annotated[int, Field(strict=True, ge=2, le=9999)]
    sha256: Sha256


class LogKeyAnnounced(OfLedger):
    """A new checkpoint key; both sign for a year and the origin stays (format.md §7)."""

    type_name: ClassVar[str] = "LogKeyAnnounced/1"
    vkey: Annotated[str, Field(pattern=r"^[A-Za-z0-9./:_~-]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$", max_length=400)]


class EntryAcknowledged(Act):
    """A void entry is known: reports go on naming it, as known (format.md §6)."""

    type_name: ClassVar[str] = "EntryAcknowledged/1"
    kind: ClassVar[str] = "acknowledgement"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("reason", required=False),)
    index: Index
    leaf: Sha256

    def stream(self) -> str:
        """One stream an acknowledged index: a second acknowledgement collides by itself."""
        return stream_name("acknowledgement", self.index)


class PersonRegistered(Act):
    """A person with a random id; the name is sealed (format.md §8: ids never derive from CURP or the like)."""

    type_name: ClassVar[str] = "PersonRegistered/1"
    kind: ClassVar[str] = "person"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("name", Annotated[str, Field(min_length=1, max_length=200)], subject="person"),
    )
    person: Slug

    def stream(self) -> str:
        """One stream a person."""
        return stream_name("person", self.person)


class CertificateRef(Part):
    """What stays public of an X.509 certificate; the certificate itself is sealed (format.md §5).

    issuer_sha256: of the certificate of the authority that issued it.
    serial: e.firma's twenty digits, else lower-case hex.
    """

    issuer_sha256: Sha256
    serial: Code
    sha256: Sha256


class KeyEnrolled(Act):
    """A registrar enrols a key for a person, or for a service whose act types are listed."""

    type_name: ClassVar[str] = "KeyEnrolled/1"
    kind: ClassVar[str] = "key"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, OWN_KEY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("certificate_der", Text, required=False, subject="person"),
        SealedField("ocsp_der", Text, required=False, subject="person"),
    )
    keyid: KeyId
    spki: Base64
    person: Slug
    service_types: Annotated[tuple[TypeName, ...], Field(max_length=20)] = ()
    certificate: CertificateRef | None = None

    def sealed_required(self) -> Iterable[str]:
        """Return the certificate's name where the act says that there is one."""
        return () if self.certificate is None else ("certificate_der",)

    def check_sealed_names(self, names: Iterable[str]) -> None:
        """Refuse also a certificate, or an answer about one, of which the act says nothing in public.

        Raises:
            UntrustedInputError: "sealed-name" or "sealed-missing".
        """
        present = set(names)
        super().check_sealed_names(present)
        if self.certificate is None and present:
            raise UntrustedInputError("sealed-name", "a certificate of which the act says nothing")

    def stream(self) -> str:
        """A key lives in its own stream: enrolled once, for one person, for ever."""
        return stream_name("key", self.keyid)


class KeyAccepted(Act):
    """The holder accepts, signing with the key itself; from this index on it is usable."""

    type_name: ClassVar[str] = "KeyAccepted/1"
    kind: ClassVar[str] = "key"
    may_sign: ClassVar[tuple[Grant, ...]] = (OWN_KEY,)
    voice: ClassVar[Whose] = "own"
    keyid: KeyId

    def stream(self) -> str:
        """A key lives in its own stream."""
        return stream_name("key", self.keyid)


class KeyRevoked(Act):
    """The key signs nothing from the next index on; acts since `compromised_from` carry the mark."""

    type_name: ClassVar[str] = "KeyRevoked/1"
    kind: ClassVar[str] = "key"
    may_sign: ClassVar[tuple[Grant, ...]] = (FOUNDER, REGISTRAR, OWN_KEY)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("explanation", required=False),)
    keyid: KeyId
    reason: Literal["lost", "superseded", "cessation", "compromised"]
    compromised_from: Index | None = None

    def stream(self) -> str:
        """A key lives in its own stream."""
        return stream_name("key", self.keyid)


class SeriesOpened(Act):
    """Declares the first number of a series that does not begin at 1 (format.md §3)."""

    type_name: ClassVar[str] = "SeriesOpened/1"
    kind: ClassVar[str] = "series"
    may_sign: ClassVar[tuple[Grant, ...]] = (
        FOUNDER,
        REGISTRAR,
        Grant("role", frozenset({"secretary", "prosecretary"})),
    )
    body: Slug
    series: Slug
    first: Number

    def stream(self) -> str:
        """One stream a series of a body, e.g. `series/hcd/agreement.2026`."""
        return stream_name("series", self.body, self.series)
