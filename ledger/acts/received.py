"""Actas received from other bodies: checklist, incidents, their cure (domain.md §1 D5, Appendix A)."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import SECRETARY, Act, Attachment, Code, Day, Grant, Number, SealedField, Slug
from ledger.ids import stream_name

IncidentCode = Literal["QUORUM", "CONVOCATION", "SIGNATURE", "COMPETENCE", "NUMBERING", "CLARITY"]
Codes = Annotated[tuple[IncidentCode, ...], Field(max_length=6)]


class OfReceived(Act):
    """An act about the n-th acta that a body's secretariat received."""

    body: Slug
    number: Number

    def stream(self) -> str:
        """One stream a received acta, numbered by the body that receives."""
        return stream_name("received", self.body, self.number)


class ExternalActaReceived(OfReceived):
    """An acta of another body comes in, as it is; the document is sealed by its hash.

    issuer: the body whose acta it is.
    reference: of its session, as its own secretariat writes it.
    """

    type_name: ClassVar[str] = "ExternalActaReceived/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("document", Attachment),
        SealedField("sender", required=False),
    )
    issuer: Slug
    reference: Code
    held_on: Day
    received_on: Day
    sheets: Number


class ExternalActaChecked(OfReceived):
    """The checklist: each of the six points is either fulfilled or not."""

    type_name: ClassVar[str] = "ExternalActaChecked/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    fulfilled: Codes = ()
    unfulfilled: Codes = ()


class ActaIncidentRaised(OfReceived):
    """An incident under a point that the checklist found unfulfilled; what it is is sealed."""

    type_name: ClassVar[str] = "ActaIncidentRaised/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (SealedField("description"),)
    incident: Number
    code: IncidentCode


class ActaIncidentNotified(OfReceived):
    """The issuing body is told of an incident by oficio."""

    type_name: ClassVar[str] = "ActaIncidentNotified/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    incident: Number
    oficio: Code
    notified_on: Day


class ActaIncidentResolved(OfReceived):
    """An incident that had been notified is cured, and how."""

    type_name: ClassVar[str] = "ActaIncidentResolved/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("explanation"),
        SealedField("document", Attachment, required=False),
    )
    incident: Number
    how: Literal["document", "clarification", "corrected-acta", "unfounded"]


class ExternalActaValidated(OfReceived):
    """The acta is kept as valid: checked, and no incident is open."""

    type_name: ClassVar[str] = "ExternalActaValidated/1"
    kind: ClassVar[str] = "received"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
