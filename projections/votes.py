"""Votes, and one row a mark: the member's own ballot, or what the secretary or an imported source says of him."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.vote import (
    HERE,
    SENSES,
    BallotCast,
    BallotCorrected,
    CastingVoteExercised,
    ConsensusDeclared,
    ElectionTallyRecorded,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteImported,
    VoteOpened,
)
from projections.base import Registry, Row, Table, heading, object_table, recorded_text, touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.world import Signed
    from projections.page import Page

VOTES = object_table(
    "votes",
    "session",
    "body",
    "year",
    "number",
    "item",
    "held_on",
    "method",
    "majority",
    "phase",
    "eligible",
    "eligible_count",
    "marks_voice",
    "ballots",
    "favor",
    "contra",
    "abstencion",
    "presente",
    "ausente",
    "casting",
    "casting_index",
    "tellers",
    "result",
    "result_index",
    "source",
    "motion_kind",
    "items",
    "scope",
    "of_general",
    "repeats",
    "candidates",
    "withdrawn",
    "elected",
    "cast_for",
    "texts",
    "licencia",
    "otro",
    "published_result",
    json=("eligible", "tellers", "source", "items", "candidates", "withdrawn", "texts"),
    fixed=(
        "session",
        "body",
        "year",
        "number",
        "item",
        "held_on",
        "method",
        "majority",
        "eligible",
        "eligible_count",
        "motion_kind",
        "items",
        "scope",
        "of_general",
        "repeats",
        "withdrawn",
        "texts",
    ),
)
MARKS = Table(
    "marks",
    (
        "vote_index",
        "seat",
        "designation",
        "choice",
        "own",
        "version",
        "created_index",
        "created",
        "modified_index",
        "modified",
        "candidate",
    ),
    ("vote_index", "seat", "designation"),
    fixed=frozenset({"own", "created_index", "created"}),
    born="created_index",
)
CAST = "emitido"
"""What a mark says of a secret vote, or of an election by show of hands: that it was cast, and nothing else (format.md
§8)."""
CHOICES = (*SENSES, CAST)

Tallied: TypeAlias = (
    RollCallRecorded | ShowOfHandsRecorded | SecretTallyRecorded | ElectionTallyRecorded | ConsensusDeclared
)
Pending: TypeAlias = Tallied | VoteClosed | CastingVoteExercised | VoteDeclared | VoteAnnulled


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a vote or of a ballot."""
    act = signed.act
    match act:
        case BallotCast() | BallotCorrected():
            _cast(page, signed, act)
        case VoteOpened():
            _open(page, signed, act)
        case VoteImported():
            _import(page, signed, act)
        case (
            RollCallRecorded()
            | ShowOfHandsRecorded()
            | SecretTallyRecorded()
            | ElectionTallyRecorded()
            | ConsensusDeclared()
            | VoteClosed()
            | CastingVoteExercised()
            | VoteDeclared()
            | VoteAnnulled()
        ):
            _go_on(page, signed, act)
        case _:
            pass


# -- making ----------------------------------------------------------------------------------------------------


def _vote(signed: Signed, act: VoteOpened | VoteImported) -> Row:
    return {
        "id": act.vote_path,
        **heading(signed),
        "session": act.session_path,
        "body": act.body,
        "year": act.year,
        "number": act.vote,
        "item": act.item,
        "majority": act.majority,
        "ballots": 0,
        "favor": None,
        "contra": None,
        "abstencion": None,
        "presente": None,
        "ausente": None,
        "licencia": None,
        "otro": None,
        "published_result": None,
        "casting": None,
        "casting_index": None,
        "tellers": [],
        "result": None,
        "result_index": None,
        "elected": None,
        "cast_for": None,
    }


def _open(page: Page, signed: Signed, act: VoteOpened) -> None:
    opened = {
        "held_on": date.fromisoformat(signed.statement.occurred_at[:10]),
        "method": act.method,
        "phase": "open",
        "eligible": {holder.seat: holder.designation for holder in act.eligible},
        "eligible_count": len(act.eligible),
        "marks_voice": "own" if act.method == "ballot" else "attested",
        "source": None,
        "motion_kind": act.motion_kind,
        "items": [act.item, *act.also_items],
        "scope": act.scope,
        "of_general": act.of_general,
        "repeats": act.repeats,
        "candidates": [{"person": person} for person in act.candidates],
        "withdrawn": list(act.withdrawn),
        "texts": [list(text.resolutions) for text in act.texts],
    }
    page.put(VOTES, _vote(signed, act) | opened)


def _import(page: Page, signed: Signed, act: VoteImported) -> None:
    by_choice: dict[str, tuple[str, ...]] = dict(act.marks.by_sense())
    counts = {choice: len(named) for choice, named in by_choice.items() if getattr(act.marks, choice) is not None}
    present = sum(counts[choice] for choice in HERE)
    imported = {
        "held_on": date.fromisoformat(act.held_on),
        "method": "roll-call",
        "phase": "imported",
        "eligible": {},
        "eligible_count": present,
        "marks_voice": "imported",
        **counts,
        "result": act.result,
        "published_result": act.published_result,
        "result_index": signed.index,
        "source": {"sha256": act.source_sha256, "row": act.row},
        "motion_kind": "substantive",
        "items": [act.item],
        "scope": None,
        "of_general": None,
        "repeats": None,
        "candidates": [],
        "withdrawn": [],
        "texts": [],
    }
    page.put(VOTES, _vote(signed, act) | imported)
    heads = _mark_heads(signed)
    for choice, named in by_choice.items():
        split = (mark.partition("/") for mark in named)
        page.add(MARKS, [(signed.index, seat, int(number), choice, *heads) for seat, _, number in split])


def _mark_heads(signed: Signed) -> tuple[object, ...]:
    """Return own … modified, and no candidate, of marks that one act of somebody else states."""
    recorded = recorded_text(signed.recorded_at)
    return False, signed.statement.version, signed.index, recorded, signed.index, recorded, None


# -- ballots ---------------------------------------------------------------------------------------------------


def _cast(page: Page, signed: Signed, act: BallotCast | BallotCorrected) -> None:
    vote = touch(page.edit(VOTES, act.vote_path), signed)
    recorded = recorded_text(signed.recorded_at)
    designation = int(signed.statement.office.rpartition("/")[2])
    if isinstance(act, BallotCorrected):
        mark = page.edit(MARKS, vote["created_index"], act.seat, designation)
        mark["choice"] = act.choice
        mark["version"] = signed.statement.version
        mark["modified_index"] = signed.index
        mark["modified"] = recorded
        return
    vote["ballots"] += 1
    page.put(
        MARKS,
        {
            "vote_index": vote["created_index"],
            "seat": act.seat,
            "designation": designation,
            "choice": act.choice,
            "own": True,
            "version": signed.statement.version,
            "created_index": signed.index,
            "created": recorded,
            "modified_index": signed.index,
            "modified": recorded,
            "candidate": None,
        },
    )


# -- what follows ----------------------------------------------------------------------------------------------


def _go_on(page: Page, signed: Signed, act: Pending) -> None:
    vote = touch(page.edit(VOTES, act.vote_path), signed)
    match act:
        case RollCallRecorded():
            by_choice = {"favor": act.favor, "contra": act.contra, "abstencion": act.abstencion}
            vote.update({choice: len(seats) for choice, seats in by_choice.items()}, phase="recorded")
            _mark(page, signed, vote, by_choice)
        case ShowOfHandsRecorded():
            vote.update(favor=act.favor, contra=act.contra, abstencion=act.abstencion, phase="recorded")
            _mark(page, signed, vote, {"contra": act.dissenters})
        case SecretTallyRecorded():
            vote.update(favor=act.favor, contra=act.contra, abstencion=act.abstencion, phase="recorded")
            vote["tellers"] = list(act.tellers)
            _mark(page, signed, vote, {CAST: act.voters})
        case ElectionTallyRecorded():
            _elect(page, signed, vote, act)
        case ConsensusDeclared():
            vote.update(favor=len(act.consenting), contra=len(act.objecting), abstencion=0, phase="recorded")
            _mark(page, signed, vote, {"favor": act.consenting, "contra": act.objecting})
        case VoteClosed():
            vote["phase"] = "closed"
        case CastingVoteExercised():
            vote.update(casting=act.choice, casting_index=signed.index, cast_for=act.candidate)
        case VoteDeclared():
            vote.update(favor=act.favor, contra=act.contra, abstencion=act.abstencion, phase="declared")
            vote.update(result=act.result, result_index=signed.index, elected=act.elected)
        case VoteAnnulled():
            vote["phase"] = "annulled"


def _elect(page: Page, signed: Signed, vote: Row, act: ElectionTallyRecorded) -> None:
    """How many voted for whom; who did, only where the roll was called."""
    counts = {count.person: count.votes for count in act.counts}
    lead = max(counts.values())
    vote.update(favor=lead, contra=sum(counts.values()) - lead, abstencion=act.blank, phase="recorded")
    vote["tellers"] = list(act.tellers)
    vote["candidates"] = [each | {"votes": counts[each["person"]]} for each in vote["candidates"]]
    if vote["method"] != "roll-call":
        _mark(page, signed, vote, {CAST: act.voters})
        return
    eligible, place, heads = vote["eligible"], vote["created_index"], _mark_heads(signed)[:-1]
    chosen = {seat: count.person for count in act.counts for seat in count.seats}
    rows = [
        (place, seat, eligible[seat], "favor" if seat in chosen else "abstencion", *heads, chosen.get(seat))
        for seat in act.voters
    ]
    page.add(MARKS, rows)


def _mark(page: Page, signed: Signed, vote: Row, by_choice: Mapping[str, Iterable[str]]) -> None:
    eligible, place, heads = vote["eligible"], vote["created_index"], _mark_heads(signed)
    for choice, seats in by_choice.items():
        page.add(MARKS, [(place, seat, eligible[seat], choice, *heads) for seat in seats])


REGISTRY = Registry("votes", (VOTES, MARKS), {"vote": VOTES, "ballot": None}, handle)
