"""Public versions of actas and agreements (domain.md §3.17 T2, T6; §6.3; LGTAIP 2025 arts. 120–122).

    generated → approved      the last one approved holds, the earlier ones stay readable

A version is no other text: it says which names of one entry are open and which stay closed, and why. That the open
ones are what was sealed is proved by the root or by the digests (ledger.blocks.public); here it is checked that what
is taken out may be, and that nothing classified is left in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.disclosure import PublicVersionApproved, PublicVersionGenerated
from ledger.domain.acta import ActaState
from ledger.domain.agreement_state import AgreementState
from ledger.domain.classification_state import classification_of
from ledger.domain.rules.committee import check_committee_vote
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.transparency_states import VersionState
from ledger.errors import RuleViolation
from ledger.ids import legal_day

if TYPE_CHECKING:
    from ledger.acts.acta import BlockKind
    from ledger.acts.base import Act
    from ledger.acts.disclosure import Redaction
    from ledger.domain.world import Signed, World

VersionAct: TypeAlias = PublicVersionGenerated | PublicVersionApproved
MAY_BE_CLOSED: frozenset[BlockKind] = frozenset({"item", "intervention", "vote", "agreement", "narrative"})
"""Blocks in which a matter's text stands. Who was there, who voted how, what was closed and when is an obligation of
transparency: members act as public servants (T6, LGTAIP 122)."""
_BLOCK = re.compile(r"block/([1-9][0-9]{0,3})")


def check(state: VersionState | None, signed: Signed, world: World) -> None:
    """Check a public version, or its approval.

    Raises:
        RuleViolation: "number-used", "number-gap", "object-unknown", "object-not-in-basis", "not-sealed",
            "version-object", "name-repeated", "redaction-unknown", "redaction-obligatory", "redaction-ground",
            "version-incomplete", "version-unknown", "version-approved", "redaction-not-classified",
            "text-classified", and those of `check_committee_vote`.
    """
    act = _narrow(signed.act)
    world.rule("public-version")
    if isinstance(act, PublicVersionGenerated):
        check_unused(signed)
        check_predecessor(world, act.stream())
        _check_object(act, signed, world)
        return
    if state is None:
        raise RuleViolation("version-unknown", version=act.stream())
    if state.phase != "generated":
        raise RuleViolation("version-approved", version=act.stream())
    _check_approved(state, act, signed, world)


def _check_object(act: PublicVersionGenerated, signed: Signed, world: World) -> None:
    found = world.state(act.object)
    if found is None:
        raise RuleViolation("object-unknown", object=act.object)
    if signed.statement.basis.get(act.object) != found.statement:
        raise RuleViolation("object-not-in-basis", object=act.object)
    names = [each.name for each in act.redactions]
    if len({*names, *act.open}) != len(names) + len(act.open):
        raise RuleViolation("name-repeated", index=act.index)
    match found:
        case ActaState():
            _check_acta(act, found)
        case AgreementState():
            _check_agreement(act, found)
        case _:
            raise RuleViolation("version-object", object=act.object)
    for each in act.redactions:
        given = each.fraction if each.character == "reserved" else each.ground
        if given is None or (each.fraction is not None and each.ground is not None):
            raise RuleViolation("redaction-ground", name=each.name)


def _check_acta(act: PublicVersionGenerated, acta: ActaState) -> None:
    """Of the sealed acta itself: its root and blocks; taken out is what stands there and may be closed (T6)."""
    if acta.phase != "sealed":
        raise RuleViolation("not-sealed", stream=act.object)
    if (act.index, act.root, act.blocks, act.open) != (acta.drafted_index, acta.root, acta.blocks, ()):
        raise RuleViolation("version-object", object=act.object)
    for each in act.redactions:
        match = _BLOCK.fullmatch(each.name)
        if match is None or int(match[1]) > acta.blocks:
            raise RuleViolation("redaction-unknown", name=each.name)
        if each.block_kind not in MAY_BE_CLOSED:
            raise RuleViolation("redaction-obligatory", name=each.name, block_kind=each.block_kind or "")
    if len(act.redactions) >= acta.blocks:
        raise RuleViolation("version-incomplete", object=act.object)


def _check_agreement(act: PublicVersionGenerated, agreement: AgreementState) -> None:
    """Of the agreement as adopted: each text that it must have is open or taken out, and one is open."""
    if act.index != agreement.adopted_index or act.root is not None or act.blocks is not None:
        raise RuleViolation("version-object", object=act.object)
    if any(each.block_kind is not None for each in act.redactions):
        raise RuleViolation("redaction-unknown", name=act.object)
    wanted = {"title", *(f"resolution/{n}" for n in range(1, (agreement.resolutions or 0) + 1))}
    if not act.open or not wanted <= {*act.open, *(each.name for each in act.redactions)}:
        raise RuleViolation("version-incomplete", object=act.object)


def _check_approved(state: VersionState, act: PublicVersionApproved, signed: Signed, world: World) -> None:
    """What is taken out is classified by the Comité, and nothing that is classified is left open (T2, T6)."""
    world.rule("public-version-approval")
    today = legal_day(signed.statement.occurred_at)
    classified = classification_of(world, state.index_of)
    for name, character in state.redactions:
        part = None if classified is None else classified.standing(name, today, world)
        if part is None or part.character != character:
            raise RuleViolation("redaction-not-classified", name=name, character=character)
    if state.redactions:
        check_committee_vote(signed, act.body, act.vote, world)
    if classified is None:
        return
    closed = {name for name, _ in state.redactions}
    for name in sorted({each for part in classified.parts.values() for each in part.names} - closed):
        if classified.withholding(name, today, world) is not None and (name in state.open or not state.open):
            raise RuleViolation("text-classified", index=state.index_of, name=name)


def evolve(state: VersionState | None, signed: Signed) -> VersionState:
    """Return the state after the act."""
    version, index, statement = signed.heading()
    act = _narrow(signed.act)
    if isinstance(act, PublicVersionGenerated):
        redactions = tuple(map(_closed, act.redactions))
        return VersionState(version, index, statement, act.index, act.object, redactions, act.open)
    if state is None:
        raise RuleViolation("version-unknown", version=act.stream())
    return replace(state, version=version, index=index, statement=statement, phase="approved")


def _closed(redaction: Redaction) -> tuple[str, str]:
    return redaction.name, redaction.character


def _narrow(act: Act) -> VersionAct:
    if not isinstance(act, VersionAct):
        raise TypeError(type(act).__name__)
    return act
