"""Credentials: asked for, validated by another person, issued, revoked; and whether one is valid (§3.8 D5, row C6).

    requested → validated → issued → revoked | replaced

A credential never outlives its designation: nothing is recorded when that ends, the standing is computed as of an
instant, and says since when it is not valid.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.credential import (
    AccreditationRequested,
    AccreditationValidated,
    CredentialIssued,
    CredentialRevoked,
)
from ledger.domain.designation import DesignationState
from ledger.domain.rules.four_eyes import check_another_person
from ledger.domain.rules.numbering import check_predecessor
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.acts.base import Act
    from ledger.acts.credential import OfCredential

CredentialAct: TypeAlias = AccreditationRequested | AccreditationValidated | CredentialIssued | CredentialRevoked
Invalidity: TypeAlias = Literal[
    "not-issued", "revoked", "replaced", "designation-ended", "designation-expired", "expired"
]


@dataclass(frozen=True, slots=True)
class CredentialState(State):
    """A credential of a designation.

    office: in virtue of which it was asked for.
    issued_index: place of its issue; None before it.
    """

    office: str
    last_at: datetime
    phase: Literal["requested", "validated", "issued", "revoked"] = "requested"
    issued_at: datetime | None = None
    issued_index: int | None = None
    valid_to: datetime | None = None
    revoked_at: datetime | None = None
    replaced_by: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a credential is valid at an instant; where it is not, why and since when (None: it never was)."""

    valid: bool
    reason: Invalidity | None = None
    since: datetime | None = None


def standing(state: CredentialState, held: DesignationState, at: datetime) -> Standing:
    """Return whether a credential is valid at an instant.

    Of several reasons the one that came first counts: since then it has not been valid.

    Args:
        state: The credential.
        held: The designation that it accredits.
        at: The instant.
    """
    if state.issued_at is None or state.valid_to is None or at < state.issued_at:
        return Standing(valid=False, reason="not-issued")
    ends: list[tuple[datetime, Invalidity]] = [(state.valid_to, "expired")]
    if state.revoked_at is not None:
        ends.append((state.revoked_at, "revoked" if state.replaced_by is None else "replaced"))
    if held.ends_at is not None:
        ends.append((held.ends_at, "designation-expired" if held.cause is None else "designation-ended"))
    since, reason = min(ends[::-1], key=lambda end: end[0])  # of equal instants, what says more
    return Standing(valid=False, reason=reason, since=since) if since <= at else Standing(valid=True)


def check(state: CredentialState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `credential/<body>/<seat>/<designation>/<n>`.

    Raises:
        RuleViolation: "designation-unknown", "not-in-office", "not-the-holder", "already-requested", "number-gap",
            "credential-in-force", "credential-unknown", "credential-phase", "back-dated", "same-person",
            "designation-not-in-basis", "credential-beyond-term", "dates-out-of-order", "replacement-gap".
    """
    act = _narrow(signed.act)
    world.rule("credentials")
    held = read(world, DesignationState, stream_name("designation", act.body, act.seat, act.designation))
    if held is None:
        raise RuleViolation("designation-unknown", body=act.body, seat=act.seat, number=act.designation)
    if isinstance(act, AccreditationRequested):
        if state is not None:
            raise RuleViolation("already-requested", credential=act.stream())
        _check_requested(act, held, signed, world)
        return
    if state is None:
        raise RuleViolation("credential-unknown", credential=act.stream())
    check_not_before(signed, state.last_at)
    match act:
        case AccreditationValidated():
            _check_phase(state, act, "requested")
            _check_title(held, act, signed)
            check_another_person(signed, {state.office}, world)
        case CredentialIssued():
            _check_phase(state, act, "validated")
            _check_title(held, act, signed)
            _check_validity(act, held, signed)
        case CredentialRevoked():
            _check_phase(state, act, "issued")
            if act.replaced_by is not None and act.replaced_by != act.credential + 1:
                raise RuleViolation("replacement-gap", replaced_by=act.replaced_by, expected=act.credential + 1)
        case _:
            assert_never(act)


def _check_requested(act: AccreditationRequested, held: DesignationState, signed: Signed, world: World) -> None:
    """For a seat that is held; by himself, or by the secretary; no other credential of the designation is valid."""
    at = parse_written(signed.statement.occurred_at)
    if not held.holds_title_at(at):
        raise RuleViolation("not-in-office", office=held.stream)
    office = signed.statement.office
    if office.startswith(f"designation/{act.body}/{act.seat}/") and office != held.stream:
        raise RuleViolation("not-the-holder", seat=act.seat, designation=act.designation)
    check_predecessor(world, act.stream())
    if act.credential == 1:
        return
    before = read(world, CredentialState, f"credential/{held.stream.partition('/')[2]}/{act.credential - 1}")
    if before is not None and before.phase != "revoked" and not _ran_out(before, at):
        raise RuleViolation("credential-in-force", credential=act.credential - 1)


def _ran_out(before: CredentialState, at: datetime) -> bool:
    return before.valid_to is not None and before.valid_to <= at


def _check_phase(state: CredentialState, act: OfCredential, phase: str) -> None:
    if state.phase != phase:
        raise RuleViolation("credential-phase", credential=act.stream(), phase=state.phase)


def _check_title(held: DesignationState, act: OfCredential, signed: Signed) -> None:
    if held.stream not in signed.statement.basis:
        raise RuleViolation("designation-not-in-basis", designation=held.stream)
    if not held.holds_title_at(parse_written(signed.statement.occurred_at)):
        raise RuleViolation("not-in-office", office=held.stream, credential=act.credential)


def _check_validity(act: CredentialIssued, held: DesignationState, signed: Signed) -> None:
    """D5: not beyond the term of the designation."""
    valid_to = parse_written(act.valid_to)
    if valid_to <= parse_written(signed.statement.occurred_at):
        raise RuleViolation("dates-out-of-order", valid_to=act.valid_to)
    if held.ends_at is not None and valid_to > held.ends_at:
        raise RuleViolation("credential-beyond-term", valid_to=act.valid_to, ends_at=held.ends_at.isoformat())


def evolve(state: CredentialState | None, signed: Signed) -> CredentialState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, AccreditationRequested):
        return CredentialState(version, index, statement, office=signed.statement.office, last_at=at)
    if state is None:
        raise RuleViolation("credential-unknown", credential=act.stream())
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    match act:
        case AccreditationValidated():
            return replace(moved, phase="validated")
        case CredentialIssued():
            valid_to = parse_written(act.valid_to)
            return replace(moved, phase="issued", issued_at=at, issued_index=index, valid_to=valid_to)
        case CredentialRevoked():
            return replace(moved, phase="revoked", revoked_at=at, replaced_by=act.replaced_by)
        case _:
            assert_never(act)


def _narrow(act: Act) -> CredentialAct:
    if not isinstance(act, CredentialAct):
        raise TypeError(type(act).__name__)
    return act
