"""What becomes of an agreement after its adoption: its validity, never its text (domain.md §3.6, A3, A7).

Every act names the act of a body, or the case, that it rests on, and has it in `basis`: the secretary registers an
effect that others decided. The text that was adopted stays as it was (G4).
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.agreement import OfAgreement
from ledger.acts.base import CHAIR, FOUNDER, REGISTRAR, SECRETARY, Day, Grant, Number, SealedField, StreamName

_MAX_RESOLUTIONS = 40
_REGISTERED_BY: tuple[Grant, ...] = (SECRETARY, CHAIR, REGISTRAR)
Resolutions = Annotated[tuple[Number, ...], Field(min_length=1, max_length=_MAX_RESOLUTIONS)]
Corrected = Literal["title", "grounds", "resolution", "annex", "unit", "identifier", "amount", "tally", "result"]
Cause = Literal["veto", "court"]


class AgreementModified(OfAgreement):
    """Resolutivos of the agreement read otherwise from a day on, by a later agreement of the same or a superior body.

    by: stream of the modifying agreement, in `basis`; by_resolution: which of its resolutivos says so.
    resolutions: ordinals of the modified resolutivos.
    """

    type_name: ClassVar[str] = "AgreementModified/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = (*_REGISTERED_BY, FOUNDER)
    basis_kinds: ClassVar[tuple[str, ...]] = ("agreement",)
    by: StreamName
    by_resolution: Number
    resolutions: Resolutions
    effective_on: Day


class AgreementRevoked(OfAgreement):
    """A later agreement leaves this one without effect (*deja sin efectos*) or takes its place (*abroga*)."""

    type_name: ClassVar[str] = "AgreementRevoked/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = (*_REGISTERED_BY, FOUNDER)
    basis_kinds: ClassVar[tuple[str, ...]] = ("agreement",)
    by: StreamName
    by_resolution: Number
    effect: Literal["revoked", "superseded"]
    effective_on: Day


class AgreementErrataIssued(OfAgreement):
    """*Fe de erratas*: a later session of the body approved that the printed text carries a slip.

    vote: the later session's vote, in `basis`. corrects: what was misprinted; what changes outcome, number or money
    is no slip and is refused. The two texts are sealed, side by side.
    """

    type_name: ClassVar[str] = "AgreementErrataIssued/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR)
    basis_kinds: ClassVar[tuple[str, ...]] = ("vote",)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("before"), SealedField("after"))
    vote: StreamName
    corrects: Corrected
    resolution: Number | None = None


class AgreementSuspended(OfAgreement):
    """A veto or a court suspends the application of the agreement until the case is decided (LSS 269).

    case: stream of the case, in `basis`; its state says which agreement it is about and what it does to it.
    """

    type_name: ClassVar[str] = "AgreementSuspended/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = _REGISTERED_BY
    case: StreamName
    cause: Cause


class AgreementReinstated(OfAgreement):
    """The case is decided in favour of the agreement: it applies again and its overdue clock resumes."""

    type_name: ClassVar[str] = "AgreementReinstated/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = _REGISTERED_BY
    case: StreamName


class AgreementAnnulled(OfAgreement):
    """The case is decided against the agreement: it is without effect for good; its number stays used."""

    type_name: ClassVar[str] = "AgreementAnnulled/1"
    kind: ClassVar[str] = "agreement"
    may_sign: ClassVar[tuple[Grant, ...]] = _REGISTERED_BY
    case: StreamName
