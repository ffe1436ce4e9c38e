"""Who may vote, what was cast, and what follows from it (domain.md §3.5 V1–V5; the tally is always recomputed)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.domain import election
from ledger.domain.attendance import holder_in_session, seat_of_office, voting_present
from ledger.domain.body import rules_of
from ledger.domain.rules import majority
from ledger.domain.states import BallotState, ObjectionState, SessionState, VoteState
from ledger.domain.world import World, read
from ledger.errors import RuleViolation
from ledger.ids import stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ledger.acts.body import Rules
    from ledger.acts.vote import ConsensusDeclared, Holder, RollCallRecorded, SecretTallyRecorded, ShowOfHandsRecorded
    from ledger.domain.body import BodyState
    from ledger.domain.world import Signed


class Tally(NamedTuple):
    """Counts of a vote."""

    favor: int
    contra: int
    abstencion: int

    @property
    def voters(self) -> int:
        """How many voted, abstentions included."""
        return self.favor + self.contra + self.abstencion


# -- who may vote ----------------------------------------------------------------------------------------------


def check_eligible(
    listed: Iterable[Holder],
    session: SessionState,
    items: tuple[int, ...],
    body: BodyState,
    *,
    world: World,
    at: datetime,
) -> None:
    """Check that those named are exactly the voting seats present and not recused, by holders in office (V1, V2).

    Raises:
        RuleViolation: "seat-twice", "not-present", "recused", "no-vote", "other-holder", "eligible-omitted",
            "not-in-office", "seat-unknown", "designation-imported".
    """
    world.rule("eligibility")
    able = voting_present(session, items, body)
    named: set[str] = set()
    for holder in listed:
        if holder.seat in named:
            raise RuleViolation("seat-twice", seat=holder.seat)
        named.add(holder.seat)
        _check_able(holder, able, session, items)
        holder_in_session(session, holder.seat, holder.designation, world, at)
    omitted = able.keys() - named
    if omitted:
        raise RuleViolation("eligible-omitted", seat=min(omitted))


def _check_able(holder: Holder, able: Mapping[str, int], session: SessionState, items: tuple[int, ...]) -> None:
    there = session.present.get(holder.seat)
    if there is None:
        raise RuleViolation("not-present", seat=holder.seat)
    if there.designation != holder.designation:
        raise RuleViolation("other-holder", seat=holder.seat, designation=there.designation)
    if holder.seat not in able:
        code = "recused" if holder.seat in session.recused_from(items) else "no-vote"
        raise RuleViolation(code, seat=holder.seat)


# -- what was cast ---------------------------------------------------------------------------------------------


def check_roll_call(vote: VoteState, act: RollCallRecorded, session: SessionState, rules: Rules) -> None:
    """Check the marks: of eligible seats still present, each at most once.

    Raises:
        RuleViolation: "seat-twice", "not-eligible", "not-present", "abstention-not-allowed".
    """
    check_seats((*act.favor, *act.contra, *act.abstencion), vote, session)
    check_abstention(rules, len(act.abstencion))


def check_show_of_hands(vote: VoteState, act: ShowOfHandsRecorded, session: SessionState, rules: Rules) -> None:
    """Check the counts and the named dissenters, who are among those not in favour; by acclamation there are none.

    Raises:
        RuleViolation: "not-unanimous", "too-many-votes", "too-many-dissenters", "seat-twice", "not-eligible",
            "not-present", "abstention-not-allowed".
    """
    voters = act.favor + act.contra + act.abstencion
    if vote.method == "acclamation" and act.favor != vote.eligible_count:
        raise RuleViolation("not-unanimous", favor=act.favor, eligible=vote.eligible_count)
    if voters > vote.eligible_count:
        raise RuleViolation("too-many-votes", votes=voters, eligible=vote.eligible_count)
    if len(act.dissenters) > act.contra + act.abstencion:
        raise RuleViolation("too-many-dissenters", dissenters=len(act.dissenters))
    check_seats(act.dissenters, vote, session)
    check_abstention(rules, act.abstencion)


def check_secret(vote: VoteState, act: SecretTallyRecorded, session: SessionState, rules: Rules) -> None:
    """Check that who voted was eligible and that the counts add up to them; no choice stands anywhere (V5).

    Raises:
        RuleViolation: "seat-twice", "not-eligible", "not-present", "secret-count", "teller-not-present",
            "abstention-not-allowed".
    """
    check_seats(act.voters, vote, session)
    counted = act.favor + act.contra + act.abstencion
    if counted != len(act.voters):
        raise RuleViolation("secret-count", votes=counted, voters=len(act.voters))
    check_tellers(act.tellers, session)
    check_abstention(rules, act.abstencion)


def check_tellers(tellers: Iterable[str], session: SessionState) -> None:
    """Check that who counted was there, member or not.

    Raises:
        RuleViolation: "teller-not-present".
    """
    for seat in tellers:
        if seat not in session.present:
            raise RuleViolation("teller-not-present", seat=seat)


def check_consensus(vote: VoteState, act: ConsensusDeclared, session: SessionState, world: World) -> None:
    """Check that the objections told are those that stand, and that all others still present consent.

    Raises:
        RuleViolation: "objections-differ", "seat-twice", "not-eligible", "not-present".
    """
    world.rule("consensus")
    here = [seat for seat in vote.eligible if seat in session.present]
    stand = {seat for seat in here if _objects(vote, seat, world)}
    check_seats((*act.consenting, *act.objecting), vote, session)
    if set(act.objecting) != stand or len(act.consenting) + len(stand) != len(here):
        raise RuleViolation("objections-differ", objecting=len(stand), consenting=len(here) - len(stand))


def _objects(vote: VoteState, seat: str, world: World) -> bool:
    state = read(world, ObjectionState, stream_name("objection", vote.session, vote.number, seat))
    return state is not None and state.stands


def check_own_seat(vote: VoteState, seat: str, signed: Signed) -> int:
    """Check that a seat could vote, and that a member who speaks for it is the one who could; return his designation.

    Raises:
        RuleViolation: "not-eligible", "other-holder".
    """
    designation = vote.eligible.get(seat)
    if designation is None:
        raise RuleViolation("not-eligible", seat=seat)
    office = signed.statement.office
    if seat_of_office(office, vote.body) == seat and office != f"designation/{vote.body}/{seat}/{designation}":
        raise RuleViolation("other-holder", seat=seat, designation=designation)
    return designation


def check_abstention(rules: Rules, abstentions: int) -> None:
    """Check that nobody abstained where the body's rules do not let him.

    Raises:
        RuleViolation: "abstention-not-allowed".
    """
    if abstentions and not rules.abstention_allowed:
        raise RuleViolation("abstention-not-allowed", abstentions=abstentions)


def check_seats(seats: tuple[str, ...], vote: VoteState, session: SessionState) -> None:
    """S5: attendance covers every vote cast; who leaves before the record is made leaves after his vote in it.

    Raises:
        RuleViolation: "seat-twice", "not-eligible", "not-present".
    """
    if len(set(seats)) != len(seats):
        raise RuleViolation("seat-twice", seat=min(seat for seat in seats if seats.count(seat) > 1))
    for seat in seats:
        if seat not in vote.eligible:
            raise RuleViolation("not-eligible", seat=seat)
        if seat not in session.present:
            raise RuleViolation("not-present", seat=seat)


def count_ballots(vote: VoteState, world: World) -> Tally:
    """Count the ballots as each last stood, one stream an eligible seat."""
    counts = {"favor": 0, "contra": 0, "abstencion": 0}
    path = f"{vote.session}/{vote.number}"
    for seat in vote.eligible:
        ballot = read(world, BallotState, stream_name("ballot", path, seat))
        if ballot is not None:
            counts[ballot.choice] += 1
    return Tally(**counts)


# -- what follows ----------------------------------------------------------------------------------------------


def tally_of(vote: VoteState, world: World) -> Tally:
    """Return what was cast: as recorded by the secretary, or as the members' own ballots say."""
    if vote.method == "ballot":
        return count_ballots(vote, world)
    return Tally(vote.favor, vote.contra, vote.abstencion)


def outcome(vote: VoteState, tally: Tally, session: SessionState, body: BodyState) -> majority.Result:
    """Return what the tally decides by the majority that the vote needs, before any casting vote.

    By consensus and by acclamation: approved if nobody objects.
    """
    if vote.method in {"consensus", "acclamation"}:
        return "approved" if tally.favor and not tally.contra else "rejected"
    rule = majority.named(rules_of(body, session.day), vote.majority)
    return majority.decide(rule, *tally, vote.eligible_count, _seats(vote, session, body))


def _seats(vote: VoteState, session: SessionState, body: BodyState) -> int:
    """Return how many voting seats the body has that day, vacant ones too, without those recused."""
    recused = session.recused_from(vote.items)
    return sum(1 for seat in body.voting_seats_on(session.day) if seat.seat not in recused)


def declared_result(
    vote: VoteState, tally: Tally, session: SessionState, body: BodyState
) -> tuple[majority.Result, str | None]:
    """Return the result to declare and, of an election, who is elected (V3)."""
    rules = rules_of(body, session.day)
    if not vote.candidates:
        return majority.declared(rules, outcome(vote, tally, session, body), vote.casting), None
    if vote.cast_for is not None:
        return "approved", vote.cast_for
    rule = majority.named(rules, vote.majority)
    seats = _seats(vote, session, body)
    return election.outcome(rule, vote.counts, tally.abstencion, vote.eligible_count, seats)
