"""Who may sign what, replayed from the ledger (format.md §5; domain.md Appendix B).

The key must be usable at the index, the office in force when the act is recorded; nothing is retroactive. Where the
body's rules let holders continue until replaced (D6), whoever keeps his seat keeps its signature.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from ledger.acts.trust import KeyEnrolled, KeyRevoked, LedgerFounded
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState, holds_over, successors
from ledger.domain.trust import KeyState, Signer, founding, public_key, signer_of
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import SIGNED_AFTER_RECORDED, SIGNED_BEFORE_RECORDED, parse_written

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.acts.base import Act, Grant

_RECOVERY_TYPES = (KeyEnrolled, KeyRevoked)


def check_authority(signed: Signed, world: World) -> None:
    """Check that the signer's office allows him this act now.

    Raises:
        RuleViolation: "key-*" when the key is not usable, "not-in-office" when the office is not his or not in
            force, "not-authorised" when the office does not allow the type.
    """
    act, statement = signed.act, signed.statement
    world.rule("authority")
    if isinstance(act, LedgerFounded):
        if statement.office != "ledger":
            raise RuleViolation("not-authorised", office=statement.office)
        return  # the founding names its own signer; check_ledger compares them
    office = statement.office
    kind, _, rest = office.partition("/")
    if kind == "key":
        _check_own_key(signed, rest, world)
        return
    signer = signer_of(statement.signer, world)
    if signer.service_types:
        raise RuleViolation("not-authorised", "a service credential acts under its own key's office")
    if kind == "ledger" and not rest:
        _check_founder(signed, signer)
    elif kind == "designation":
        _check_designation(signed, signer, world)
    else:
        raise RuleViolation("not-authorised", office=office)


def verification_key(signed_by: str, act: Act, world: World) -> bytes:
    """Return the SPKI with which the statement's signature is checked, usable or not.

    Raises:
        RuleViolation: "key-unknown".
    """
    if isinstance(act, LedgerFounded):
        for officer in act.officers:
            spki = base64.b64decode(officer.spki)
            if public_key(spki).keyid == signed_by:
                return spki
        raise RuleViolation("founding-signer")
    ledger = founding(world)
    if signed_by in ledger.keys:
        return ledger.keys[signed_by]
    state = read(world, KeyState, f"key/{signed_by}")
    if state is None or not state.spki:
        raise RuleViolation("key-unknown", keyid=signed_by)
    return state.spki


def _check_own_key(signed: Signed, keyid: str, world: World) -> None:
    """Office `key/<keyid>`: accepting or revoking one's own key, services, the recovery key."""
    act, statement = signed.act, signed.statement
    if keyid != statement.signer:
        raise RuleViolation("not-authorised", office=statement.office)
    allowed = {grant.way for grant in act.may_sign}
    if act.type_name == "KeyAccepted/1":
        if act.stream() != statement.office:
            raise RuleViolation("not-authorised", office=statement.office)
        return  # the key is not usable yet: this very act makes it so; check_key reads its state
    signer = signer_of(keyid, world)
    if signer.recovery:
        if not isinstance(act, _RECOVERY_TYPES):
            raise RuleViolation("recovery-key-scope", type=act.type_name)
        return
    if signer.service_types:
        if act.type_name not in signer.service_types:
            raise RuleViolation("not-authorised", type=act.type_name)
        return
    if "own-key" not in allowed or act.stream() != statement.office:
        raise RuleViolation("not-authorised", type=act.type_name)


def _check_founder(signed: Signed, signer: Signer) -> None:
    if not signer.founder:
        raise RuleViolation("not-in-office", office="ledger")
    if not any(grant.way == "founder" for grant in signed.act.may_sign):
        raise RuleViolation("not-authorised", office="ledger", type=signed.act.type_name)


def _check_designation(signed: Signed, signer: Signer, world: World) -> None:
    office = signed.statement.office
    state, role = held_office(office, signer.person, signed.recorded_at, world)
    _bound_by_term(state, signed, world)
    if not _granted(signed.act, signed.act.may_sign, state, role):
        raise RuleViolation("not-authorised", office=office, type=signed.act.type_name)


def held_office(office: str, person: str, instant: datetime, world: World) -> tuple[DesignationState, str]:
    """Return the designation that an office names and the role of its seat, which the person holds at the instant.

    Args:
        office: `designation/<body>/<seat>/<n>`.
        person: Who says that it is his.
        instant: Aware.
        world: States to read.

    Raises:
        RuleViolation: "not-in-office" where it is not his, grants nothing (an import) or is not in force.
    """
    state = read(world, DesignationState, office)
    if state is None or state.person != person or state.imported:
        raise RuleViolation("not-in-office", office=office)
    body = read(world, BodyState, f"body/{state.body}")
    seat = None if body is None else body.seat(state.seat)
    if body is None or seat is None:
        raise RuleViolation("not-in-office", office=office)
    if not state.in_force_at(instant) and not _holds_over(world, state, instant):
        raise RuleViolation("not-in-office", office=office, at=instant.isoformat())
    return state, seat.role


def _holds_over(world: World, state: DesignationState, instant: datetime) -> bool:
    """D6, on the legal day of the instant where the term was written."""
    return state.ends_at is not None and holds_over(world, state, instant.astimezone(state.ends_at.tzinfo))


def _bound_by_term(state: DesignationState, signed: Signed, world: World) -> None:
    """Tell the loader up to when this office stays in force, so that the stamp cannot fall after it."""
    if state.ends_at is not None and signed.recorded_at < state.ends_at:
        world.until(state.ends_at)
    elif state.ends_at is not None:  # he holds over, until who replaces him begins (D6)
        for other in successors(world, state):
            world.until(other.begins_at)
    for begins, _ends in state.leaves:
        if begins > signed.recorded_at:
            world.until(begins)


def _granted(act: Act, grants: Iterable[Grant], state: DesignationState, role: str) -> bool:
    body = getattr(act, "body", None)
    for grant in grants:
        if grant.way == "role" and role in grant.roles and (grant.anywhere or body is None or body == state.body):
            return True
        if grant.way == "seat" and body == state.body and getattr(act, "seat", None) == state.seat:
            return True
    return False


def check_window(signed: Signed, world: World) -> None:
    """Check occurred_at ≤ signed_at and −24 h ≤ signed_at − recorded_at ≤ +5 min (format.md §5, V6).

    Raises:
        RuleViolation: "occurred-after-signed", "signed-too-early", "signed-too-late".
    """
    world.rule("window")
    signed_at = parse_written(signed.statement.signed_at)
    if parse_written(signed.statement.occurred_at) > signed_at:
        raise RuleViolation("occurred-after-signed")
    if signed_at - signed.recorded_at > SIGNED_AFTER_RECORDED:
        raise RuleViolation("signed-in-future", signed_at=signed.statement.signed_at)
    if signed.recorded_at - signed_at > SIGNED_BEFORE_RECORDED:
        raise RuleViolation("signed-too-long-ago", signed_at=signed.statement.signed_at)
    world.until(signed_at + SIGNED_BEFORE_RECORDED)
