"""The acta: drafted after the session, signed in turn, sealed (domain.md §3.7, L2, L3; format.md §3, §4).

A signature binds the acta's last statement, so a new draft makes every earlier signature void by itself.
What the drafts say is committed by one root; that the blocks agree with the session's acts (L1) is proved
where they are opened (`ledger.blocks`), for no rule reads sealed values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.acta import ActaDrafted, ActaSealed
from ledger.domain.body import BodyState, body_of, rules_of
from ledger.domain.states import CirculationState, SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.base import Act

ActaAct: TypeAlias = ActaDrafted | ActaSealed
SECRETARIES = frozenset({"secretary", "prosecretary"})
SUBSTITUTE_ROLES = {"chair": "vice-chair", "secretary": "prosecretary"}
"""Who signs for a role of which nobody was present."""


@dataclass(frozen=True, slots=True)
class ActaState(State):
    """A session's acta as it stands.

    session: the session's path, `hcd/2026/ord/3`.
    root: RFC 9162 root over the disclosures of its blocks, in hex; blocks: how many.
    imported: of an imported session: proved since its import, not at origin.
    instrument: acta, or minuta: the lighter record.
    signatures, refusals: the seats, once sealed.
    drafted_index: the place of the act with the present draft, where its blocks are.
    """

    session: str
    draft: int
    root: str
    blocks: int
    imported: bool
    instrument: Literal["acta", "minuta"] = "acta"
    phase: Literal["drafted", "sealed"] = "drafted"
    signatures: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    drafted_index: int = -1


@dataclass(frozen=True, slots=True)
class SignatureState(State):
    """What a seat's holder did with the acta as it stood (stream `signature/<acta>/<seat>`).

    acta_statement: SHA-256 of the acta's statement that he saw; a later draft makes the signature void.
    attested: the secretary attests the refusal; otherwise the holder himself signed.
    """

    seat: str
    root: str
    acta_statement: str
    outcome: Literal["signed", "refused"]
    attested: bool = False

    def holds_for(self, acta: State) -> bool:
        """Return whether it speaks of the acta as it stands now."""
        return self.acta_statement == acta.statement


def check(state: ActaState | None, signed: Signed, world: World) -> None:
    """Check a draft, or that the acta may be sealed.

    Raises:
        RuleViolation: "acta-sealed", "acta-unknown", "session-unknown", "session-not-closed",
            "session-not-in-basis", "draft-gap", "instrument-changed", "minuta-with-agreements", "acta-provenance",
            "acta-root", "acta-not-approved", "seat-repeated", "signature-missing", "refusal-missing",
            "refusal-blocks", "secretary-signature-missing", "body-unknown",
            "no-rules-in-force", "body-extinct".
    """
    act = _narrow(signed.act)
    if state is not None and state.phase == "sealed":
        raise RuleViolation("acta-sealed", acta=act.stream())
    session = session_of(act.session_path, world)
    match act:
        case ActaDrafted():
            _check_drafted(state, act, session, signed, world)
        case ActaSealed():
            if state is None:
                raise RuleViolation("acta-unknown", acta=act.stream())
            _check_sealed(state, act, session, world)
        case _:
            assert_never(act)


def session_of(path: str, world: World) -> SessionState:
    """Return the session's state.

    Raises:
        RuleViolation: "session-unknown".
    """
    session = read(world, SessionState, stream_name("session", path))
    if session is None:
        raise RuleViolation("session-unknown", session=path)
    return session


def refuse_if_sealed(path: str, world: World) -> None:
    """Refuse to add to a session whose acta is sealed; an imported session has no close that would.

    Raises:
        RuleViolation: "acta-sealed".
    """
    stream = stream_name("acta", path)
    acta = read(world, ActaState, stream)
    if acta is not None and acta.phase == "sealed":
        raise RuleViolation("acta-sealed", acta=stream)


def _check_drafted(
    state: ActaState | None, act: ActaDrafted, session: SessionState, signed: Signed, world: World
) -> None:
    world.rule("acta-draft")
    if session.phase not in {"closed", "imported"}:
        raise RuleViolation("session-not-closed", session=act.session_path)
    stream = stream_name("session", act.session_path)
    if signed.statement.basis.get(stream) != session.statement:
        raise RuleViolation("session-not-in-basis", session=act.session_path)
    if act.imported != session.imported:
        raise RuleViolation("acta-provenance", imported=act.imported)
    expected = 1 if state is None else state.draft + 1
    if act.draft != expected:
        raise RuleViolation("draft-gap", draft=act.draft, expected=expected)
    if state is not None and act.instrument != state.instrument:
        raise RuleViolation("instrument-changed", instrument=state.instrument)
    if act.instrument == "minuta" and session.agreements:
        raise RuleViolation("minuta-with-agreements", session=act.session_path)


def _check_sealed(state: ActaState, act: ActaSealed, session: SessionState, world: World) -> None:
    """L3: whom the rules of the session's day require has signed this very draft, or refused where they allow."""
    world.rule("acta-signatures")
    if act.root != state.root:
        raise RuleViolation("acta-root", acta=act.stream())
    _check_circulation(state, world)
    listed = (*act.signatures, *act.refusals)
    if len(set(listed)) != len(listed):
        raise RuleViolation("seat-repeated", acta=act.stream())
    for seat in act.signatures:
        if _outcome(seat, state, world) != "signed":
            raise RuleViolation("signature-missing", seat=seat)
    for seat in act.refusals:
        if _outcome(seat, state, world) != "refused":
            raise RuleViolation("refusal-missing", seat=seat)
    body = body_of(world, act.body)
    if not any(_role(seat, body) in SECRETARIES for seat in act.signatures):
        raise RuleViolation("secretary-signature-missing", acta=act.stream())
    if state.imported:
        world.lacks("acta-signers")
        return
    _check_required(act, session, body, world)


def _check_circulation(state: ActaState, world: World) -> None:
    """An acta that was circulated is sealed only as it was approved."""
    circulation = read(world, CirculationState, stream_name("circulation", state.session))
    if circulation is not None and circulation.approved_root != state.root:
        raise RuleViolation("acta-not-approved", acta=stream_name("acta", state.session))


def _check_required(act: ActaSealed, session: SessionState, body: BodyState, world: World) -> None:
    world.rule("acta-signers")
    rules = rules_of(body, session.day)
    required = required_signers(rules.acta_signers, session.attended, body)
    for seat in required:
        if seat in act.refusals:
            if rules.refusal_blocks_sealing:
                raise RuleViolation("refusal-blocks", seat=seat)
        elif seat not in act.signatures:
            raise RuleViolation("signature-missing", seat=seat)


def required_signers(roles: Iterable[str], attended: Iterable[str], body: BodyState) -> list[str]:
    """Return the seats whose word on the acta is required, in order of their names.

    Of each role all seats that were present; where none of a role was, those of its substitute's (who chaired
    in the chair's place signs in his place).

    Args:
        roles: The profile's `acta_signers`.
        attended: Seats that were present at any time of the session.
        body: The body whose seats they are.
    """
    by_role: dict[str, set[str]] = {}
    for seat in attended:
        by_role.setdefault(_role(seat, body), set()).add(seat)
    required: set[str] = set()
    for role in roles:
        required |= by_role.get(role) or by_role.get(SUBSTITUTE_ROLES.get(role, ""), set())
    return sorted(required)


def is_signatory(seat: str, acta: ActaState, world: World) -> bool:
    """Return whether the seat may sign the acta: it was present, or is the secretary's.

    Of an imported session nobody's presence is known for certain; any seat of the body may.
    """
    body = body_of(world, acta.session.partition("/")[0])
    if body.seat(seat) is None:
        return False
    if acta.imported or _role(seat, body) in SECRETARIES:
        return True
    return seat in session_of(acta.session, world).attended


def _role(seat: str, body: BodyState) -> str:
    found = body.seat(seat)
    return "" if found is None else found.role


def _outcome(seat: str, acta: ActaState, world: World) -> str | None:
    """Return what the seat's holder did with the acta as it stands, or None."""
    state = read(world, SignatureState, stream_name("signature", acta.session, seat))
    return None if state is None or not state.holds_for(acta) else state.outcome


def evolve(state: ActaState | None, signed: Signed) -> ActaState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    match act:
        case ActaDrafted():
            return ActaState(
                version,
                index,
                statement,
                act.session_path,
                act.draft,
                act.root,
                act.blocks,
                imported=act.imported,
                instrument=act.instrument,
                drafted_index=index,
            )
        case ActaSealed():
            if state is None:
                raise RuleViolation("acta-unknown", acta=act.stream())
            moved = replace(state, version=version, index=index, statement=statement)
            return replace(moved, phase="sealed", signatures=act.signatures, refusals=act.refusals)
        case _:
            assert_never(act)


def _narrow(act: Act) -> ActaAct:
    if not isinstance(act, ActaDrafted | ActaSealed):
        raise TypeError(type(act).__name__)
    return act
