"""Sessions as acts tell them: who came, how long it took until the acta was sealed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.acts.acta import ActaDrafted, ActaSealed
from ledger.acts.session import (
    AttendanceRecorded,
    OfSession,
    QuorumDeclared,
    QuorumNotReached,
    SessionCancelled,
    SessionClosed,
    SessionConvened,
    SessionImported,
    SessionOpened,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.session import Arrival
    from ledger.domain.world import Signed


@dataclass(slots=True)
class Told:
    """When something occurred, as written, and the index of the act that says so."""

    at: str
    index: int


@dataclass(slots=True)
class SessionTold:
    """A session.

    day: the legal day of its beginning. outcome: `convened`, `held`, `not-held`, `cancelled` or `imported`.
    counted: whether somebody says who was present. quorum: present, base and required, as last declared.
    seats: seat → numbers of the designations in virtue of which somebody sat there.
    attendance: indexes of the acts that say so. drafts: how many drafts its acta had.
    """

    path: str
    body: str
    day: str = ""
    session_kind: str = ""
    modality: str = ""
    call: int = 1
    outcome: str = "convened"
    counted: bool = False
    quorum: tuple[int, int, int] | None = None
    convened: Told | None = None
    opened: Told | None = None
    closed: Told | None = None
    drafted: Told | None = None
    sealed: Told | None = None
    votes: int | None = None
    agreements: int | None = None
    drafts: int = 0
    instrument: str = ""
    seats: dict[str, set[int]] = field(default_factory=dict)
    attendance: list[int] = field(default_factory=list)

    def sit(self, arrivals: Iterable[Arrival], index: int) -> None:
        """Note who came."""
        self.counted = True
        self.attendance.append(index)
        for arrival in arrivals:
            self.seats.setdefault(arrival.seat, set()).add(arrival.designation)


@dataclass(slots=True)
class Sessions:
    """All sessions by their paths."""

    told: dict[str, SessionTold] = field(default_factory=dict)

    def take(self, signed: Signed) -> None:
        """Take an act; of those about a session, each says one thing of it."""
        act = signed.act
        if not isinstance(act, OfSession) or act.kind not in {"session", "acta"}:
            return
        found = self.told.get(act.session_path)
        if found is None:
            found = self.told[act.session_path] = SessionTold(act.session_path, act.body)
        told = Told(signed.statement.occurred_at, signed.index)
        if act.kind == "acta":
            _take_acta(found, act, told)
        else:
            _take(found, act, told)


def _take(found: SessionTold, act: OfSession, told: Told) -> None:
    match act:
        case SessionConvened():
            found.convened, found.outcome, found.day = told, "convened", act.begins_at[:10]
            found.session_kind, found.modality, found.call = act.session_kind, act.modality, act.call
        case AttendanceRecorded():
            found.sit(act.arrivals, told.index)
        case QuorumDeclared():
            found.quorum = act.present, act.base, act.required
        case QuorumNotReached():
            found.quorum, found.outcome = (act.present, act.base, act.required), "not-held"
        case SessionCancelled():
            found.outcome = "cancelled"
        case SessionOpened():
            found.opened, found.outcome = told, "held"
        case SessionClosed():
            found.closed, found.votes, found.agreements = told, act.votes, len(act.agreements)
        case SessionImported():
            found.opened, found.outcome, found.day = told, "imported", act.held_on
            if act.attendance is not None:
                found.sit(act.attendance, told.index)
        case _:
            pass


def _take_acta(found: SessionTold, act: OfSession, told: Told) -> None:
    match act:
        case ActaDrafted():
            found.drafted = found.drafted or told
            found.drafts, found.instrument = found.drafts + 1, act.instrument
        case ActaSealed():
            found.sealed = told
        case _:
            pass
