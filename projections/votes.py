"""Votes, and one row a mark: the member's own ballot, or what the secretary or an imported source says of him."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.vote import (
    BallotCast,
    BallotCorrected,
    CastingVoteExercised,
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
    json=("eligible", "tellers", "source"),
    fixed=("session", "body", "year", "number", "item", "held_on", "method", "majority", "eligible", "eligible_count"),
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
    ),
    ("vote_index", "seat", "designation"),
    fixed=frozenset({"own", "created_index", "created"}),
    born="created_index",
)
CAST = "emitido"
"""What a mark says of a secret vote: that it was cast, and nothing else (format.md §8)."""
CHOICES = ("favor", "contra", "abstencion", "presente", "ausente", CAST)

Tallied: TypeAlias = RollCallRecorded | ShowOfHandsRecorded | SecretTallyRecorded
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
        "casting": None,
        "casting_index": None,
        "tellers": [],
        "result": None,
        "result_index": None,
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
    }
    page.put(VOTES, _vote(signed, act) | opened)


def _import(page: Page, signed: Signed, act: VoteImported) -> None:
    marks = act.marks
    by_choice = {choice: getattr(marks, choice) for choice in ("favor", "contra", "abstencion", "presente", "ausente")}
    counts = {choice: len(named) for choice, named in by_choice.items()}
    present = sum(counts.values()) - counts["ausente"]
    imported = {
        "held_on": date.fromisoformat(act.held_on),
        "method": "roll-call",
        "phase": "imported",
        "eligible": {},
        "eligible_count": present,
        "marks_voice": "imported",
        **counts,
        "result": act.result,
        "result_index": signed.index,
        "source": {"sha256": act.source_sha256, "row": act.row},
    }
    page.put(VOTES, _vote(signed, act) | imported)
    heads = _mark_heads(signed)
    for choice, named in by_choice.items():
        split = (mark.partition("/") for mark in named)
        page.add(MARKS, [(signed.index, seat, int(number), choice, *heads) for seat, _, number in split])


def _mark_heads(signed: Signed) -> tuple[object, ...]:
    """Return own … modified of marks that one act of somebody else states."""
    recorded = recorded_text(signed.recorded_at)
    return False, signed.statement.version, signed.index, recorded, signed.index, recorded


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
        case VoteClosed():
            vote["phase"] = "closed"
        case CastingVoteExercised():
            vote.update(casting=act.choice, casting_index=signed.index)
        case VoteDeclared():
            vote.update(favor=act.favor, contra=act.contra, abstencion=act.abstencion, phase="declared")
            vote.update(result=act.result, result_index=signed.index)
        case VoteAnnulled():
            vote["phase"] = "annulled"


def _mark(page: Page, signed: Signed, vote: Row, by_choice: Mapping[str, Iterable[str]]) -> None:
    eligible, place, heads = vote["eligible"], vote["created_index"], _mark_heads(signed)
    for choice, seats in by_choice.items():
        page.add(MARKS, [(place, seat, eligible[seat], choice, *heads) for seat in seats])


REGISTRY = Registry("votes", (VOTES, MARKS), {"vote": VOTES, "ballot": None}, handle)
