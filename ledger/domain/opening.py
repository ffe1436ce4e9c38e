"""How a vote begins: on what, by whom, in which way, after which other vote (domain.md §3.4 I1–I4, §3.5).

general approved → particular …          a text voted as a whole, then in its parts
tied → repeated once → put off           tie rule REPEAT (Reglamento del Senado 102); DEFER: put off at once
round without election → next round      elections
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.attendance import check_actor, session_open_at
from ledger.domain.body import body_of, rules_of
from ledger.domain.completeness import vote_of
from ledger.domain.election import check_candidates
from ledger.domain.recusal import check_no_challenge, pending_item
from ledger.domain.rules import majority
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.states import SETTLED, SessionState, VoteState
from ledger.domain.tally import check_eligible
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from ledger.acts.body import Rules
    from ledger.acts.vote import VoteOpened

_TOLD_BY_SEAT = frozenset({"roll-call", "ballot"})


def check_opened(state: VoteState | None, act: VoteOpened, signed: Signed, world: World) -> None:
    """Check that a vote may begin.

    Raises:
        RuleViolation: "vote-already-opened", "number-used", "number-gap", "vote-pending"; those of the session's state
            (`session_open_at`, `check_actor`), of its items, its rules, the vote that it follows, its candidates
            (`check_candidates`), and who may vote (`check_eligible`).
    """
    if state is not None:
        raise RuleViolation("vote-already-opened", vote=act.vote_path)
    at = parse_written(signed.statement.occurred_at)
    session = read(world, SessionState, stream_name("session", act.session_path))
    session = session_open_at(session, act.session_path, world, at)
    if f"session/{session.path}" not in signed.statement.basis:
        raise RuleViolation("session-not-in-basis", session=session.path)
    if session.current_item != act.item:
        raise RuleViolation("item-not-open", item=act.item, current=session.current_item)
    check_actor(session, signed, world, act.item)
    check_unused(signed)
    _check_number(act, world)
    body = body_of(world, session.body)
    rules = rules_of(body, session.day)
    _check_items(session, act, rules)
    _check_way(session, act, rules)
    before = _check_follows(session, act, rules, world)
    check_candidates(act, before, world)
    check_eligible(act.eligible, session, items_of(act), body, world=world, at=at)


def items_of(act: VoteOpened) -> tuple[int, ...]:
    """Return the items that a vote decides: the one taken up, and those named besides."""
    return (act.item, *act.also_items)


def _check_number(act: VoteOpened, world: World) -> None:
    """Votes of a session are numbered from 1 without gaps, and one waits for the other."""
    check_predecessor(world, act.stream())
    before = vote_of(world, act.session_path, act.vote - 1) if act.vote > 1 else None
    if before is not None and before.phase not in SETTLED:
        raise RuleViolation("vote-pending", vote=f"{act.session_path}/{act.vote - 1}", phase=before.phase)


def _check_items(session: SessionState, act: VoteOpened, rules: Rules) -> None:
    """I1, I4: items listed or approved, each once, not of mere information; nobody's place in them in dispute."""
    items = items_of(act)
    if len(set(items)) != len(items):
        raise RuleViolation("item-twice", item=act.item)
    for number in items:
        item = pending_item(session, number)
        if not item.approved:
            raise RuleViolation("item-not-approved", item=number)
        if item.kind == "information" and not rules.information_voted:
            raise RuleViolation("item-of-information", item=number)
        check_no_challenge(session, number)


def _check_way(session: SessionState, act: VoteOpened, rules: Rules) -> None:
    """A method and a majority that the body has; in a permanent session every position is told by seat (S6)."""
    if act.method not in rules.methods:
        raise RuleViolation("method-not-allowed", method=act.method)
    if session.session_kind == "permanent" and act.method not in _TOLD_BY_SEAT:
        raise RuleViolation("positions-required", method=act.method)
    majority.named(rules, act.majority)
    needed = (rules.majority_for or {}).get(act.motion_kind)
    if needed is not None and act.majority != needed:
        raise RuleViolation("majority-required", motion_kind=act.motion_kind, majority=needed)


# -- the vote before it ----------------------------------------------------------------------------------------


def _check_follows(session: SessionState, act: VoteOpened, rules: Rules, world: World) -> VoteState | None:
    """Check what the vote has to do with an earlier one; return the one that it repeats, if any."""
    _check_scope(session, act, world)
    last = _last_declared(session, act, world)
    if act.repeats is None:
        if last is not None and not last.decides and act.motion_kind != "procedural":
            raise RuleViolation("tie-pending", vote=f"{session.path}/{last.number}")
        return None
    if last is None or last.number != act.repeats or last.decides or last.motion_kind != act.motion_kind:
        raise RuleViolation("repeats-nothing", vote=f"{session.path}/{act.repeats}")
    if not last.candidates:
        _check_tie_rule(last, rules)
    return last


def _check_tie_rule(tied: VoteState, rules: Rules) -> None:
    """Reglamento del Senado 102: a tie is voted once more, then put off to the next session; under DEFER at once."""
    if rules.tie_rule == "DEFER":
        raise RuleViolation("tie-deferred", vote=f"{tied.session}/{tied.number}")
    if tied.repeats is not None:
        raise RuleViolation("tie-repeated", vote=f"{tied.session}/{tied.number}")


def _last_declared(session: SessionState, act: VoteOpened, world: World) -> VoteState | None:
    """Return the last vote on the item that was declared, motions of procedure apart.

    An item is taken up once, so its votes stand one after the other.
    """
    for number in range(act.vote - 1, 0, -1):
        vote = vote_of(world, session.path, number)
        if vote is not None and act.item not in vote.items:
            break
        if vote is not None and vote.phase == "declared" and vote.motion_kind != "procedural":
            return vote
    return None


def _check_scope(session: SessionState, act: VoteOpened, world: World) -> None:
    """What is voted in particular was approved in general, in this session and on this item."""
    if (act.scope == "particular") != (act.of_general is not None):
        raise RuleViolation("general-not-approved", vote=f"{session.path}/{act.of_general}")
    if act.of_general is None:
        return
    general = vote_of(world, session.path, act.of_general)
    approved = general is not None and general.phase == "declared" and general.result == "approved"
    if general is None or not approved or general.scope != "general" or act.item not in general.items:
        raise RuleViolation("general-not-approved", vote=f"{session.path}/{act.of_general}")


def opened(act: VoteOpened, signed: Signed) -> VoteState:
    """Return the state of a vote that begins."""
    return VoteState(
        *signed.heading(),
        session=act.session_path,
        body=act.body,
        number=act.vote,
        item=act.item,
        method=act.method,
        majority=act.majority,
        phase="open",
        last_at=parse_written(signed.statement.occurred_at),
        eligible={holder.seat: holder.designation for holder in act.eligible},
        eligible_count=len(act.eligible),
        items=items_of(act),
        motion_kind=act.motion_kind,
        scope=act.scope,
        repeats=act.repeats,
        texts=tuple(text.resolutions for text in act.texts),
        candidates=act.candidates,
    )
