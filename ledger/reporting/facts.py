"""What single acts tell for reports: a body, a day, a word, the natural key of what it is about, and details.

Only what stands open in `data` and in `occurred_at`: no text, no name of a person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, assert_never

from ledger.acts.acta import ActaSealed
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.body import BodyRegistered
from ledger.acts.followup import (
    AmountExercised,
    DueDateExtended,
    DueDateSet,
    EvidenceSubmitted,
    FulfilmentRejected,
    FulfilmentVerified,
    OfResolution,
    ProgressReported,
    ResolutionDeclaredUnfulfillable,
    ResponsibilityAssigned,
    ResponsibilityTransferred,
)
from ledger.acts.received import (
    ActaIncidentRaised,
    ActaIncidentResolved,
    ExternalActaReceived,
    ExternalActaValidated,
)
from ledger.acts.session import QuorumNotReached, SessionCancelled, SessionConvened, SessionImported, SessionOpened
from ledger.acts.validity import AgreementAnnulled, AgreementReinstated, AgreementRevoked, AgreementSuspended
from ledger.acts.veto import VetoExercised, VetoResolved
from ledger.acts.vote import VoteDeclared

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.acts.agreement import OfAgreement
    from ledger.acts.base import Act

KINDS = (
    "acta",
    "agreement",
    "body",
    "fulfilment",
    "received",
    "session",
    "veto",
    "vote",
)
"""Kinds of streams whose acts tell facts."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact.

    index: of its entry. body: whom it is of. day: its legal day, `YYYY-MM-DD`. what: the word.
    key: natural key of what it is about, e.g. `hcd/2026/19/2`. said: strings, integers and booleans.
    """

    index: int
    body: str
    day: str
    what: str
    key: str
    said: Mapping[str, Any]


def fact_of(act: Act, index: int, occurred_at: str) -> Fact | None:  # noqa: PLR0911  one return a case
    """Return what an act tells for reports; None of most.

    Args:
        act: The act.
        index: Of its entry.
        occurred_at: Of its statement.
    """
    day = occurred_at[:10]
    match act:
        case BodyRegistered():
            said = {} if act.parent is None else {"parent": act.parent}
            return Fact(index, act.body, day, "body", act.body, said)
        case SessionConvened() | SessionImported() | SessionOpened() | QuorumNotReached() | SessionCancelled():
            return _of_session(act, index, day)
        case VoteDeclared():
            return Fact(index, act.body, day, "vote", act.vote_path, {"result": act.result})
        case ActaSealed():
            return Fact(index, act.body, day, "acta", act.session_path, {})
        case VetoExercised() | VetoResolved():
            return _of_veto(act, index, day)
        case OfResolution():
            return _of_resolution(act, index, day)
        case ExternalActaReceived():
            return Fact(index, act.body, day, "received", f"{act.body}/{act.number}", {"issuer": act.issuer})
        case ExternalActaValidated():
            return Fact(index, act.body, day, "validated", f"{act.body}/{act.number}", {})
        case ActaIncidentRaised() | ActaIncidentResolved():
            what = "incident" if isinstance(act, ActaIncidentRaised) else "cured"
            return Fact(index, act.body, day, what, f"{act.body}/{act.number}", {"incident": act.incident})
        case _:
            return _of_agreement(act, index, day)


def _of_session(
    act: SessionConvened | SessionImported | SessionOpened | QuorumNotReached | SessionCancelled, index: int, day: str
) -> Fact:
    match act:
        case SessionConvened():
            what, day = "convened", act.begins_at[:10]
        case SessionImported():
            what, day = "held", act.held_on
        case SessionOpened():
            what = "held"
        case QuorumNotReached():
            what = "no-quorum"
        case SessionCancelled():
            what = "cancelled"
        case _:
            assert_never(act)
    return Fact(index, act.body, day, "session", act.session_path, {"phase": what})


def _key(act: OfAgreement) -> str:
    return f"{act.body}/{act.year}/{act.number}"


def _of_veto(act: VetoExercised | VetoResolved, index: int, day: str) -> Fact:
    if isinstance(act, VetoExercised):
        return Fact(index, act.body, day, "suspended", _key(act), {"case": act.stream(), "veto": True})
    return Fact(index, act.body, day, "veto-resolved", _key(act), {"outcome": act.outcome})


def _of_agreement(act: Act, index: int, day: str) -> Fact | None:  # noqa: PLR0911  one return a case
    match act:
        case AgreementAdopted():
            said: dict[str, Any] = {"identifier": act.identifier, "agreement_kind": act.agreement_kind}
            return Fact(index, act.body, day, "adopted", _key(act), said)
        case AgreementImported():
            said = {"identifier": act.identifier, "agreement_kind": "agreement"}
            return Fact(index, act.body, act.adopted_on, "adopted", _key(act), said)
        case AgreementRevoked():
            return Fact(index, act.body, act.effective_on, "ended", _key(act), {"validity": act.effect})
        case AgreementAnnulled():
            return Fact(index, act.body, day, "ended", _key(act), {"validity": "annulled"})
        case AgreementSuspended():
            return Fact(index, act.body, day, "suspended", _key(act), {"case": act.case})
        case AgreementReinstated():
            return Fact(index, act.body, day, "reinstated", _key(act), {"case": act.case})
        case _:
            return None


def _of_resolution(act: OfResolution, index: int, day: str) -> Fact | None:
    key = f"{_key(act)}/{act.resolution}"
    said: dict[str, Any]
    match act:
        case ResponsibilityAssigned():
            said = {"phase": "assigned", "units": list(act.units)}
            if act.due_on is not None:
                said["due_on"] = act.due_on
            if act.authorized_amount is not None:
                said["authorized"] = act.authorized_amount
        case ResponsibilityTransferred():
            said = {"from_unit": act.from_unit, "to_unit": act.to_unit}
        case DueDateSet() | DueDateExtended():
            said = {"due_on": act.due_on}
        case ProgressReported() | EvidenceSubmitted():
            said = {"phase": "reported"}
        case AmountExercised():
            said = {"phase": "reported", "exercised": act.amount}
        case FulfilmentVerified():
            said = {"phase": act.outcome}
        case FulfilmentRejected():
            said = {"phase": "rejected"}
        case ResolutionDeclaredUnfulfillable():
            said = {"phase": "unfulfillable"}
        case _:
            return None
    return Fact(index, act.body, day, "resolution", key, said)
