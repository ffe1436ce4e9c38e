"""The veto of an agreement and who decides on it (domain.md §3.10, Y1–Y4; LSS 269; RIIMSS 68.IV–V).

    exercised → admitted → integrated → drafted → submitted → resolved
              → inadmissible           a new draft, another session: drafted, submitted again

From its exercise on the agreement is suspended, whatever its own stream says yet (`agreement_state.applicable`). A
term that passes changes nothing: there is no act by which a veto lapses (Y4).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.acts.veto import (
    VetoAdmissionDecided,
    VetoCaseIntegrated,
    VetoExercised,
    VetoResolutionDrafted,
    VetoResolved,
    VetoSubmitted,
)
from ledger.domain.agreement_state import AgreementState, agreement_of, refuse_if_ended
from ledger.domain.body import body_of, rules_of
from ledger.domain.designation import designations_of, holder_at
from ledger.domain.holidays import business_deadline
from ledger.domain.rules.approval import carried_vote
from ledger.domain.rules.days import calendar_day
from ledger.domain.rules.four_eyes import check_another_person, check_office_in, person_of
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import ALIVE, SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, legal_day, parse_written, stream_name

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.base import Act
    from ledger.acts.body import VetoRule
    from ledger.acts.veto import Sense, VetoOutcome
    from ledger.domain.states import VoteState

LaterAct: TypeAlias = VetoAdmissionDecided | VetoCaseIntegrated | VetoResolutionDrafted | VetoSubmitted | VetoResolved
VetoAct: TypeAlias = VetoExercised | LaterAct
Phase: TypeAlias = Literal["exercised", "inadmissible", "admitted", "integrated", "drafted", "submitted", "resolved"]
_BEFORE: dict[type[Act], tuple[Phase, ...]] = {
    VetoAdmissionDecided: ("exercised",),
    VetoCaseIntegrated: ("admitted",),
    VetoResolutionDrafted: ("integrated", "drafted", "submitted"),
    VetoSubmitted: ("drafted", "submitted"),
    VetoResolved: ("submitted",),
}
_SENSES: dict[VetoOutcome, Sense] = {"confirmed": "confirm", "overturned": "overturn", "modified": "modify"}


@dataclass(frozen=True, slots=True)
class VetoState(State):
    """A veto; it is a `Case` to the agreement that it is about.

    agreement: the agreement's stream. holder: the office that exercised it. resolver: the body that decides.
    exercised_on: legal day from which the agreement is suspended. due_on: by when it is to be decided, if there is
    a term.
    drafter, sense: of the last project. session, item: where it was submitted last.
    """

    agreement: str
    holder: str
    resolver: str
    exercised_on: date
    last_at: datetime
    phase: Phase = "exercised"
    due_on: date | None = None
    drafter: str | None = None
    sense: Sense | None = None
    session: str | None = None
    item: int | None = None
    outcome: VetoOutcome | None = None

    @property
    def effect(self) -> Literal["none", "suspended", "reinstated", "annulled"]:
        """What the veto does to the agreement as it stands."""
        if self.phase == "inadmissible":
            return "reinstated"
        if self.phase != "resolved":
            return "suspended"
        return "annulled" if self.outcome == "confirmed" else "reinstated"


def check(state: VetoState | None, signed: Signed, world: World) -> None:
    """Check an act of a stream `veto/<body>/<year>/<number>`.

    Raises:
        RuleViolation: "agreement-unknown", "agreement-without-effect", "agreement-not-in-basis", "already-vetoed",
            "no-veto-right", "not-the-president", "not-in-office", "veto-too-late", "resolver-unknown",
            "veto-unknown", "veto-phase", "back-dated", "officer-of-other-body", "agreement-not-suspended",
            "deadline-mismatch", "same-person", "session-unknown", "session-of-other-body", "session-not-open",
            "item-unknown", "item-not-a-case", "item-concluded", and those of `_check_resolved`.
    """
    act = _narrow(signed.act)
    world.rule("veto")
    agreement = agreement_of(world, stream_name("agreement", act.body, act.year, act.number))
    if isinstance(act, VetoExercised):
        _check_exercised(state, act, agreement, signed, world)
        return
    if state is None:
        raise RuleViolation("veto-unknown", veto=act.stream())
    check_not_before(signed, state.last_at)
    if state.phase not in _BEFORE[type(act)]:
        raise RuleViolation("veto-phase", veto=act.stream(), phase=state.phase)
    check_office_in(signed, (state.resolver,))
    _check_later(state, act, agreement, signed, world)


def _check_exercised(
    state: VetoState | None, act: VetoExercised, agreement: AgreementState, signed: Signed, world: World
) -> None:
    """Y1: by the president of the body on that date, within the window, once."""
    refuse_if_ended(agreement)
    if agreement.stream not in signed.statement.basis:
        raise RuleViolation("agreement-not-in-basis", agreement=agreement.stream)
    if state is not None:
        raise RuleViolation("already-vetoed", agreement=agreement.stream)
    at, today = parse_written(signed.statement.occurred_at), legal_day(signed.statement.occurred_at)
    rule = _rule_of(agreement.body, today, world)
    _check_president(agreement.body, signed.statement.office, at, world)
    resolver = resolver_of(agreement.body, rule, world)
    if (act.power, act.resolver) != (rule.power, resolver):
        raise RuleViolation("not-the-resolver", resolver=resolver, power=rule.power)
    if today < agreement.adopted_on:
        raise RuleViolation("back-dated", occurred_at=signed.statement.occurred_at, last=str(agreement.adopted_on))
    if rule.window_business_days is not None:
        rules = rules_of(body_of(world, agreement.body), today)
        until = business_deadline(world, rules, agreement.adopted_on, rule.window_business_days)
        if until < today:
            raise RuleViolation("veto-too-late", agreement=agreement.stream, until=until.isoformat())


def _rule_of(body: str, day: date, world: World) -> VetoRule:
    rule = rules_of(body_of(world, body), day).veto
    if rule is None:
        raise RuleViolation("no-veto-right", body=body)
    return rule


def _check_president(body: str, office: str, at: datetime, world: World) -> None:
    kind, *path = office.split("/")
    seat = body_of(world, body).seat(path[1]) if kind == "designation" and path[:1] == [body] else None
    if seat is None or seat.role != "chair":
        raise RuleViolation("not-the-president", office=office, body=body)
    holder_at(world, body, seat.seat, int(path[2]), at)


def resolver_of(body: str, rule: VetoRule, world: World) -> str:
    """Return the body that decides: the one that the rules name, else the one above (Y3).

    Raises:
        RuleViolation: "resolver-unknown", "body-unknown".
    """
    found = rule.resolver or body_of(world, body).parent
    if found is None or found == body:
        raise RuleViolation("resolver-unknown", body=body)
    return body_of(world, found).body


def _check_later(state: VetoState, act: LaterAct, agreement: AgreementState, signed: Signed, world: World) -> None:
    match act:
        case VetoAdmissionDecided():
            _check_admission(act, agreement, signed, world)
        case VetoCaseIntegrated() | VetoResolutionDrafted():
            pass
        case VetoSubmitted():
            check_another_person(signed, () if state.drafter is None else (state.drafter,), world)
            _check_submitted(state, act, world)
        case VetoResolved():
            _check_resolved(state, act, agreement, signed, world)
        case _:
            assert_never(act)


def _check_admission(act: VetoAdmissionDecided, agreement: AgreementState, signed: Signed, world: World) -> None:
    """Y2: nothing goes on before the agreement's own stream says that it is suspended; the term is the rules'."""
    if act.stream() not in agreement.cases:
        raise RuleViolation("agreement-not-suspended", agreement=agreement.stream)
    today = legal_day(signed.statement.occurred_at)
    rules = rules_of(body_of(world, act.body), today)
    term = None if rules.veto is None else rules.veto.resolve_business_days
    due = None if act.due_on is None else calendar_day(act.due_on)
    if act.outcome == "inadmissible":
        expected = None
    elif term is not None:
        expected = business_deadline(world, rules, today, term)
    else:
        expected = due
    if due != expected or (due is not None and due < today):
        raise RuleViolation("deadline-mismatch", due_on=act.due_on, expected=str(expected))


def _check_submitted(state: VetoState, act: VetoSubmitted, world: World) -> None:
    session = read(world, SessionState, act.session) if kind_of(act.session) == "session" else None
    if session is None:
        raise RuleViolation("session-unknown", session=act.session)
    if session.body != state.resolver:
        raise RuleViolation("session-of-other-body", session=act.session, resolver=state.resolver)
    if session.phase not in ALIVE:
        raise RuleViolation("session-not-open", session=act.session)
    item = session.items.get(act.item)
    if item is None:
        raise RuleViolation("item-unknown", item=act.item)
    if item.kind != "case":
        raise RuleViolation("item-not-a-case", item=act.item)
    if item.outcome is not None:
        raise RuleViolation("item-concluded", item=act.item)


def _check_resolved(
    state: VetoState, act: VetoResolved, agreement: AgreementState, signed: Signed, world: World
) -> None:
    """Y3: by an approved vote of the resolver, on the item submitted and in the sense of the project."""
    world.rule("veto-resolver")
    vote = carried_vote(act.vote, signed, world)
    if vote.body != state.resolver:
        raise RuleViolation("not-the-resolver", vote=act.vote, resolver=state.resolver)
    if (f"session/{vote.session}", vote.item) != (state.session, state.item):
        raise RuleViolation("vote-of-other-item", vote=act.vote, session=state.session, item=state.item)
    if state.sense != _SENSES[act.outcome]:
        raise RuleViolation("sense-mismatch", outcome=act.outcome, sense=state.sense)
    _check_modification(act, agreement, world)
    _check_vetoer(state, act, vote, world)


def _check_modification(act: VetoResolved, agreement: AgreementState, world: World) -> None:
    """A modification is an agreement of the resolver by the same vote, and it has been registered."""
    if act.outcome != "modified":
        if act.by is not None:
            raise RuleViolation("not-a-modification", outcome=act.outcome)
        return
    if act.by is None or act.by not in agreement.modified_by or agreement_of(world, act.by).vote != act.vote:
        raise RuleViolation("modification-missing", agreement=agreement.stream, by=act.by)


def _check_vetoer(state: VetoState, act: VetoResolved, vote: VoteState, world: World) -> None:
    """Y3: that the vetoer sat in the resolver is said; where the rules want it, he excused himself from the item."""
    session = read(world, SessionState, stream_name("session", vote.session))
    if session is None:
        raise RuleViolation("session-unknown", session=vote.session)
    seats = _seats_of(person_of(state.holder, world), session, vote.last_at, world)
    if act.vetoer_sat != bool(seats):
        raise RuleViolation("vetoer-sat", vetoer_sat=bool(seats))
    if not seats:
        return
    world.remark("vetoer-in-resolver", veto=act.stream(), seats=", ".join(sorted(seats)))
    rule = rules_of(body_of(world, act.body), session.day).veto
    if rule is not None and rule.vetoer_recused and not seats <= session.items[vote.item].recused:
        raise RuleViolation("vetoer-not-recused", seats=", ".join(sorted(seats)))


def _seats_of(person: str, session: SessionState, at: datetime, world: World) -> set[str]:
    """Return the seats taken in the session that were the person's when the vote was declared."""
    return {
        seat
        for seat in session.attended
        for held in designations_of(world, session.body, seat)
        if held.person == person and held.in_force_at(at)
    }


def evolve(state: VetoState | None, signed: Signed) -> VetoState:
    """Return the state after the act."""
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, VetoExercised):
        return VetoState(
            *signed.heading(),
            agreement=stream_name("agreement", act.body, act.year, act.number),
            holder=signed.statement.office,
            resolver=act.resolver,
            exercised_on=legal_day(signed.statement.occurred_at),
            last_at=at,
        )
    if state is None:
        raise RuleViolation("veto-unknown", veto=act.stream())
    version, index, statement = signed.heading()
    return _moved(replace(state, version=version, index=index, statement=statement, last_at=at), act, signed)


def _moved(state: VetoState, act: LaterAct, signed: Signed) -> VetoState:
    match act:
        case VetoAdmissionDecided():
            due = None if act.due_on is None else calendar_day(act.due_on)
            return replace(state, phase=act.outcome, due_on=due)
        case VetoCaseIntegrated():
            return replace(state, phase="integrated")
        case VetoResolutionDrafted():
            return replace(state, phase="drafted", drafter=signed.statement.office, sense=act.sense)
        case VetoSubmitted():
            return replace(state, phase="submitted", session=act.session, item=act.item)
        case VetoResolved():
            return replace(state, phase="resolved", outcome=act.outcome)
        case _:
            assert_never(act)


def _narrow(act: Act) -> VetoAct:
    if not isinstance(act, VetoAct):
        raise TypeError(type(act).__name__)
    return act
