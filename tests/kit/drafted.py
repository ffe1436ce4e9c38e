"""A session of a small body told in acts, the facts that an acta is drafted from, and its blocks."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from ledger.acts.agreement import AgreementAdopted
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    AttendanceRecorded,
    ItemConcluded,
    ItemOpened,
    QuorumDeclared,
    SessionClosed,
    SessionConvened,
    SessionOpened,
)
from ledger.acts.vote import (
    Holder,
    RollCallRecorded,
    VoteDeclared,
    VoteOpened,
)
from ledger.blocks import (
    Member,
    SessionFacts,
    Told,
    draft_blocks,
    gather,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.acts.base import Act
    from ledger.acts.vote import Result


S: dict[str, Any] = {"body": "hcd", "year": 2026, "series": "ord", "session": 1}

SEATS = ("estado-1", "obrero-1", "obrero-2", "patronal-1", "secretaria-1")

ELIGIBLE = tuple(Holder(seat=seat, designation=1) for seat in SEATS[:4])

NAMES = dict(zip(SEATS, ("Ana Ruiz", "Blas Soto", "Carmen Gil", "Darío Paz", "Eva Mora"), strict=True))


def who(seat: str, designation: int) -> Member:
    """Give the demo's holders: one chair, three members, a secretary without a vote."""
    name = NAMES.get(seat, "Fe Luna")
    role = {"estado-1": "chair", "secretaria-1": "secretary"}.get(seat, "member")
    capacity = "propietario" if designation == 1 else "suplente"
    return Member(name, role, capacity, voting=role != "secretary")


def tell(acts: Iterable[Act | tuple[Act, dict[str, Any]]]) -> list[Told]:
    """Give acts an hour each, a minute apart, and their texts where there are any."""
    told = []
    for minute, each in enumerate(acts):
        act, texts = each if isinstance(each, tuple) else (each, {})
        told.append(Told(act, f"2026-01-28T10:{minute:02d}:00-06:00", texts))
    return told


def roll_call(vote: int, favor: tuple[str, ...], contra: tuple[str, ...], result: Result) -> list[Any]:
    """Return the acts of one roll call on item 1."""
    declared = VoteDeclared(**S, vote=vote, favor=len(favor), contra=len(contra), abstencion=0, result=result)
    return [
        (
            VoteOpened(**S, vote=vote, item=1, method="roll-call", eligible=ELIGIBLE),
            {"motion": "Aprobar el calendario."},
        ),
        RollCallRecorded(**S, vote=vote, favor=favor, contra=contra),
        declared,
    ]


def start() -> list[Any]:
    """Return a session's acts up to its first item."""
    items = (AgendaEntry(item=1, item_kind="decision"), AgendaEntry(item=2, item_kind="information"))
    titles = {"item/1/title": "Calendario de 2026", "item/2/title": "Informe", "venue": "Reforma 1"}
    return [
        (SessionConvened(**S, begins_at="2026-01-28T10:00:00-06:00", modality="mixta", items=items), titles),
        AttendanceRecorded(**S, arrivals=tuple(Arrival(seat=seat, designation=1) for seat in SEATS)),
        QuorumDeclared(**S, present=4, base=4, required=3),
        SessionOpened(**S),
        ItemOpened(**S, item=1),
    ]


def adopted(number: int, vote: int = 1) -> tuple[Act, dict[str, Any]]:
    """Return an agreement by a vote of the session."""
    act = AgreementAdopted(
        body="hcd",
        year=2026,
        number=number,
        vote=f"vote/hcd/2026/ord/1/{vote}",
        ordinal=1,
        identifier=f"ACDO.AS2.HCD.280126/{number}.P.DIR",
        resolutions=2,
    )
    return act, {"title": "Calendario", "resolution/1": "Se aprueba.", "resolution/2": "Publíquese."}


def plain() -> SessionFacts:
    """Return a short session: one roll call, one agreement."""
    votes = roll_call(1, ("estado-1", "obrero-1", "obrero-2"), ("patronal-1",), "approved")
    end = [ItemConcluded(**S, item=1, outcome="resolved"), SessionClosed(**S, votes=1, agreements=(1,))]
    return gather(tell([*start(), *votes, adopted(1), *end]), who, "Consejo Demo", "Instituto Demo")


def of_kind(facts: SessionFacts, kind: str, language: str = "es") -> list[dict[str, Any]]:
    """Return the drafted blocks of one kind."""
    return [block for block in draft_blocks(facts, language) if block["kind"] == kind]


def changed(blocks: list[dict[str, Any]], kind: str, **data: Any) -> list[dict[str, Any]]:
    """Return the blocks with the data of the first one of a kind altered."""
    at = next(n for n, block in enumerate(blocks) if block["kind"] == kind)
    altered = {**blocks[at], "data": {**blocks[at]["data"], **data}}
    return [*blocks[:at], altered, *blocks[at + 1 :]]


def salts() -> Callable[[], bytes]:
    """Give 16 bytes at each call, never the same."""
    counter = itertools.count(1)
    return lambda: next(counter).to_bytes(16, "big")
