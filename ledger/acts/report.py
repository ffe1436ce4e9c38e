"""Periodic reports that anybody can compute again (domain.md §1 B5, B6, E7; S4 7.1.1(12), 7.1(13)).

A report is no text of its own: what it says is computed from the entries up to an index by `ledger.reporting`, and the
acts bind kind, period, that index and the SHA-256 of what came out. So the verifier, the API and any reader find out
whether it says what the ledger says.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ledger.acts.base import (
    CHAIR,
    REGISTRAR,
    SECRETARY,
    Act,
    Attachment,
    Grant,
    Index,
    Number,
    SealedField,
    Sha256,
    Slug,
    StreamName,
)
from ledger.ids import stream_name

ReportKind = Literal["follow-up", "activity", "functioning"]
"""Of the body's own agreements (B5, B6); of the bodies below it, their sessions and agreements (B5), and their
functioning: actas, incidents, vetoes (E7)."""
Period = Annotated[str, Field(pattern=r"^(1[89]|2[0-9])[0-9]{2}(-(c[1-3]|t[1-4]|s[12]|m(0[1-9]|1[0-2])))?$")]
"""A year, or its n-th cuatrimestre, trimestre, semestre or month: `2026-c1`."""


class OfReport(Act):
    """An act of a body's report of a kind on a period."""

    body: Slug
    report_kind: ReportKind
    period: Period
    number: Number

    def stream(self) -> str:
        """One stream a report; a second one on the same period has the next number."""
        return stream_name("report", self.body, self.report_kind, self.period, self.number)


class _Bound(OfReport):
    """What every level of the chain signs again: as of which index, and the hash of what was computed."""

    as_of: Index
    content_sha256: Sha256


class PeriodicReportPrepared(_Bound):
    """Somebody computed the report.

    as_of: index of the last entry that it takes into account. levels: how many others must authorise it.
    """

    type_name: ClassVar[str] = "PeriodicReportPrepared/1"
    kind: ClassVar[str] = "report"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, REGISTRAR)
    sealed_fields: ClassVar[tuple[SealedField, ...]] = (
        SealedField("analysis", required=False),
        SealedField("document", Attachment, required=False),
    )
    levels: Annotated[int, Field(strict=True, ge=1, le=5)] = 1


class PeriodicReportAuthorized(_Bound):
    """The next level of the chain authorises what was prepared; every level is another person (E7)."""

    type_name: ClassVar[str] = "PeriodicReportAuthorized/1"
    kind: ClassVar[str] = "report"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY, CHAIR, REGISTRAR)
    level: Annotated[int, Field(strict=True, ge=1, le=5)]


class ReportPresented(OfReport):
    """The body took note of it in a session: an item that ended as noted; there is no vote (domain.md I4).

    session: its stream, in `basis`.
    """

    type_name: ClassVar[str] = "ReportPresented/1"
    kind: ClassVar[str] = "report"
    may_sign: ClassVar[tuple[Grant, ...]] = (SECRETARY,)
    basis_kinds: ClassVar[tuple[str, ...]] = ("session",)
    session: StreamName
    item: Number
