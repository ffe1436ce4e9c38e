"""Votes of a session: opened, taken in one of six ways, declared as the rules of the body decide (domain.md §3.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts import position
from ledger.acts import vote as vote_acts
from ledger.crypto import disclosure
from ledger.domain.rules import majority
from ledger.profiles import load

if TYPE_CHECKING:
    from api.demo.year.meeting import Adopt, Item, Vote
    from api.demo.year.sitting import Sitting

Counts = tuple[int, int, int]


def hold_vote(sitting: Sitting, number: int, item: Item, vote: Vote) -> str:
    """Hold a vote on an item and declare its result; return it."""
    t, meeting = sitting.t, sitting.meeting
    sitting.held += 1
    sitting.votes[number] = sitting.held
    place = {**sitting.place, "vote": sitting.held}
    seats = [seat for seat in sitting.voting() if seat not in item.recuse.split()]
    opened = vote_acts.VoteOpened(
        **place,
        item=number,
        method=vote.method,
        majority=vote.majority,
        eligible=tuple(vote_acts.Holder(seat=seat, designation=sitting.present[seat]) for seat in sorted(seats)),
        motion_kind=_motion_kind(item, vote),
        candidates=tuple(t.person_id(key) for key in vote.election or ()),
        texts=_committed(sitting, item),
    )
    motion = item.motion or f"Se somete a votación: {item.title}."
    basis = [f"session/{meeting.path}"]
    t.sign(opened, meeting.secretary, sealed={"motion": motion}, basis=basis, public=item.public)
    if item.meanwhile is not None:
        item.meanwhile(sitting, number)
    counts = _cast(sitting, place, vote, seats)
    if vote.casting is not None:
        t.sign(vote_acts.CastingVoteExercised(**place, choice=vote.casting), sitting.chair_office())
    favor, contra, abstencion = counts
    declared = vote_acts.VoteDeclared(
        **place,
        favor=favor,
        contra=contra,
        abstencion=abstencion,
        result=_result(sitting, item, vote, counts, len(seats)),
        elected=None if vote.election is None else t.person_id(next(iter(vote.election))),
    )
    t.sign(declared, meeting.presides)
    said = declared.model_dump(include={"vote", "favor", "contra", "abstencion", "result"})
    sitting.results.append(said)
    return declared.result


def _motion_kind(item: Item, vote: Vote) -> Any:
    if vote.election is not None:
        return "election"
    if item.acta:
        return "acta"
    return "veto" if item.kind == "case" and item.title.startswith("Veto") else "substantive"


def _result(sitting: Sitting, item: Item, vote: Vote, counts: Counts, present: int) -> Any:
    if vote.method == "consensus":
        return "approved"
    body = sitting.meeting.body
    rules = load(body.profile)
    seats = len([seat for seat in body.voting if seat not in item.recuse.split()])
    decided = majority.decide(majority.named(rules, vote.majority), *counts, present, seats)
    return majority.declared(rules, decided, vote.casting)


def resolutions_of(adopt: Adopt) -> dict[str, str]:
    """Return an agreement's resolutivos by their sealed names."""
    return {f"resolution/{n}": each.text for n, each in enumerate(adopt.resolutions, 1)}


def _committed(sitting: Sitting, item: Item) -> tuple[vote_acts.VotedText, ...]:
    """Return what the vote commits to: the digests under which the resolutivos will be sealed (I3)."""
    if not load(sitting.meeting.body.profile).text_before_vote:
        return ()
    texts = []
    for ordinal, adopt in enumerate(item.adopt, 1):
        made = {name: disclosure.make(name, text, sitting.t.salt()) for name, text in resolutions_of(adopt).items()}
        sitting.read_out[sitting.held, ordinal] = made
        texts.append(vote_acts.VotedText(resolutions=tuple(map(disclosure.digest, made.values()))))
    return tuple(texts)


# -- how it is taken -----------------------------------------------------------------------------------------------


def _cast(sitting: Sitting, place: dict[str, Any], vote: Vote, seats: list[str]) -> Counts:
    if vote.election is not None:
        return _elect(sitting, place, vote.election, vote.tellers, seats)
    if vote.method == "consensus":
        return _agree(sitting, place, vote, seats)
    t, secretary = sitting.t, sitting.meeting.secretary
    against, abstain = tuple(vote.against.split()), tuple(vote.abstain.split())
    inclined = tuple(seat for seat in seats if seat not in {*against, *abstain})
    if vote.method == "roll-call":
        t.sign(vote_acts.RollCallRecorded(**place, favor=inclined, contra=against, abstencion=abstain), secretary)
    elif vote.method == "show-of-hands":
        shown = vote_acts.ShowOfHandsRecorded(
            **place, favor=len(inclined), contra=len(against), abstencion=len(abstain), dissenters=against
        )
        t.sign(shown, secretary)
    else:
        for choice, those in (("favor", inclined), ("contra", against), ("abstencion", abstain)):
            for seat in those:
                cast_ballot(sitting, place, seat, choice)
        t.sign(vote_acts.VoteClosed(**place, ballots=len(seats)), secretary)
    return len(inclined), len(against), len(abstain)


def cast_ballot(sitting: Sitting, place: dict[str, Any], seat: str, choice: str) -> None:
    """Cast a member's ballot with his own key."""
    act = vote_acts.BallotCast.model_validate({**place, "seat": seat, "choice": choice})
    sitting.t.sign(act, sitting.office(seat), basis=[f"vote/{sitting.meeting.path}/{place['vote']}"])


def _elect(sitting: Sitting, place: dict[str, Any], election: Any, tellers: str, seats: list[str]) -> Counts:
    """Count a secret election: who voted, and how many for each; nobody's choice stands anywhere."""
    counts = tuple(
        vote_acts.CandidateCount(person=sitting.t.person_id(key), votes=votes) for key, votes in election.items()
    )
    counted = vote_acts.ElectionTallyRecorded(
        **place, voters=tuple(seats), tellers=tuple(tellers.split()), counts=counts, blank=0
    )
    sitting.t.sign(counted, sitting.meeting.secretary)
    most = max(election.values())
    return most, sum(election.values()) - most, 0


def _agree(sitting: Sitting, place: dict[str, Any], vote: Vote, seats: list[str]) -> Counts:
    """Come to a consensus: there is none while somebody objects, and to declare it all the same is refused."""
    t, secretary = sitting.t, sitting.meeting.secretary
    agreed = vote_acts.ConsensusDeclared(**place, consenting=tuple(seats))
    basis = [f"vote/{sitting.meeting.path}/{place['vote']}"]
    for seat, grounds in (vote.objects or {}).items():
        raised = position.ObjectionRaised(**place, seat=seat)
        t.sign(raised, sitting.office(seat), sealed={"grounds": grounds}, basis=basis)
        t.refused("objections-differ", agreed, secretary)
        withdrawn = position.ObjectionWithdrawn(**place, seat=seat)
        told = {"explanation": "Se atendió lo observado."}
        t.sign(withdrawn, sitting.office(seat), sealed=told, basis=basis)
    t.sign(agreed, secretary)
    return len(seats), 0, 0
