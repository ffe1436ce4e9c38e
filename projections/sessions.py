"""Sessions: their phases, attendance from item to item, quorum, interventions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from ledger.acts.convocation import ConvocationRectified
from ledger.acts.imported import AgendaImported
from ledger.acts.session import (
    AgendaApproved,
    AttendanceRecorded,
    InterventionRecorded,
    ItemAdded,
    ItemAmended,
    ItemConcluded,
    ItemOpened,
    MemberRecused,
    OfSession,
    QuorumDeclared,
    QuorumLost,
    QuorumNotReached,
    QuorumRestored,
    RecusalChallenged,
    RecusalResolved,
    SessionCancelled,
    SessionClosed,
    SessionConvened,
    SessionImported,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from projections.agenda import AGENDA_ITEMS, change_item, list_item
from projections.base import HEADING, Registry, Row, Table, heading, object_table, touch, voice_of

if TYPE_CHECKING:
    from ledger.acts.session import Arrival
    from ledger.domain.world import Signed
    from projections.page import Page

SESSIONS = object_table(
    "sessions",
    "body",
    "year",
    "series",
    "number",
    "begins_at",
    "held_on",
    "modality",
    "call",
    "phase",
    "current_item",
    "quorum",
    "opened_at",
    "closed_at",
    "votes",
    "agreements",
    "present",
    "has_attendance",
    "source",
    "session_kind",
    "until_at",
    "agenda",
    "agenda_vote",
    "agenda_index",
    "decided_by",
    json=("quorum", "agreements", "present", "source", "agenda"),
    fixed=("body", "year", "series", "number"),
)
ATTENDANCE = Table(
    "attendance",
    (
        "session",
        "seat",
        "arrived_index",
        "call",
        "designation",
        "modality",
        "from_item",
        "left_index",
        "until_item",
        "voice",
        "evidence",
    ),
    ("session", "seat", "arrived_index"),
    born="arrived_index",
)
INTERVENTIONS = Table(
    "interventions",
    ("entry_index", "session", "item", "seat"),
    ("entry_index",),
    fixed=frozenset({"session"}),
    born="entry_index",
)

_QUORUM_PHASES: dict[type[OfSession], str] = {
    QuorumNotReached: "not-held",
    QuorumLost: "quorum-lost",
    QuorumRestored: "open",
}
_PHASES: dict[type[OfSession], str] = {
    SessionRecessed: "recess",
    SessionResumed: "open",
    SessionCancelled: "cancelled",
}

HeldAct: TypeAlias = (
    QuorumDeclared
    | QuorumNotReached
    | QuorumLost
    | QuorumRestored
    | SessionOpened
    | SessionRecessed
    | SessionResumed
    | SessionClosed
    | SessionCancelled
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of a session."""
    act = signed.act
    match act:
        case SessionConvened() | SessionImported():
            _make(page, signed, act)
        case AgendaImported():
            _go_on_listing(page, signed, act)
        case OfSession():
            _go_on(page, signed, act)
        case _:
            pass


# -- the convocation -------------------------------------------------------------------------------------------


def _make(page: Page, signed: Signed, act: SessionConvened | SessionImported) -> None:
    row: Row = {
        "id": act.session_path,
        **heading(signed),
        "body": act.body,
        "year": act.year,
        "series": act.series,
        "number": act.session,
        "current_item": None,
        "quorum": None,
        "opened_at": None,
        "closed_at": None,
        "votes": None,
        "agreements": None,
        "present": {},
        "agenda": None,
        "agenda_vote": None,
        "agenda_index": None,
    }
    row |= _convened(act) if isinstance(act, SessionConvened) else _imported(act)
    _put(page, signed, row)
    for entry in act.items:
        list_item(page, signed, act, entry, row["call"])
    if isinstance(act, SessionImported):
        _arrive(page, signed, act.attendance or (), row, None)


def _put(page: Page, signed: Signed, row: Row) -> None:
    """A second call begins anew under the same number; what the first one was stays in its own rows."""
    if page.find(SESSIONS, row["id"]) is None:
        page.put(SESSIONS, row)
        return
    session = touch(page.edit(SESSIONS, row["id"]), signed)
    session.update({column: value for column, value in row.items() if column not in HEADING})


def _convened(act: SessionConvened) -> Row:
    return {
        "begins_at": act.begins_at,
        "held_on": date.fromisoformat(act.begins_at[:10]),
        "modality": act.modality,
        "call": act.call,
        "phase": "convened",
        "has_attendance": True,
        "source": None,
        "session_kind": act.session_kind,
        "until_at": act.until_at,
        "decided_by": act.decided_by,
    }


def _imported(act: SessionImported) -> Row:
    return {
        "begins_at": None,
        "held_on": date.fromisoformat(act.held_on),
        "modality": None,
        "call": 1,
        "phase": "imported",
        "has_attendance": act.attendance is not None,
        "source": {"sha256": act.source_sha256, "row": act.row},
        "session_kind": None,
        "until_at": None,
        "decided_by": None,
    }


def _go_on_listing(page: Page, signed: Signed, act: AgendaImported) -> None:
    """More items of an imported session; their titles are theirs, not the session's."""
    session = page.edit(SESSIONS, act.session_path)
    own_texts = session["sealed"]
    touch(session, signed)["sealed"] = own_texts
    for entry in act.items:
        list_item(page, signed, act, entry, session["call"])


def _rectify(page: Page, signed: Signed, act: ConvocationRectified, session: Row) -> None:
    """The session is as its convocation was last put right; what the earlier ones said stands with the convocations."""
    held_on = date.fromisoformat(act.begins_at[:10])
    session.update(begins_at=act.begins_at, held_on=held_on, modality=act.modality)
    for entry in act.items:
        if page.find(AGENDA_ITEMS, act.session_path, session["call"], entry.item) is None:
            list_item(page, signed, act, entry, session["call"])
            continue
        name = f"item/{entry.item}/title"
        item = page.edit(AGENDA_ITEMS, act.session_path, session["call"], entry.item)
        item.update(item_kind=entry.item_kind, text_index=signed.index, text_name=name)


# -- the session itself ----------------------------------------------------------------------------------------


def _go_on(page: Page, signed: Signed, act: OfSession) -> None:
    session = page.edit(SESSIONS, act.session_path)
    own_texts = session["sealed"]
    touch(session, signed)
    match act:
        case ConvocationRectified():
            _rectify(page, signed, act, session)
        case ItemAdded():
            session["sealed"] = own_texts  # the title is the item's
            list_item(page, signed, act, act, session["call"])
        case AttendanceRecorded():
            _attend(page, signed, act, session)
        case ItemOpened():
            session["current_item"] = act.item
            page.edit(AGENDA_ITEMS, act.session_path, session["call"], act.item)["opened_index"] = signed.index
        case ItemConcluded():
            if session["current_item"] == act.item:
                session["current_item"] = None
            item = page.edit(AGENDA_ITEMS, act.session_path, session["call"], act.item)
            item["outcome"] = act.outcome
            item["outcome_index"] = signed.index
            item.update(resolved_by=act.vote, committee=act.committee)
        case AgendaApproved():
            session.update(agenda=list(act.items), agenda_vote=act.vote, agenda_index=signed.index)
            for number in act.items:
                page.edit(AGENDA_ITEMS, act.session_path, session["call"], number)["approved"] = True
        case MemberRecused() | RecusalChallenged() | RecusalResolved() | ItemAmended():
            session["sealed"] = own_texts
            change_item(page.edit(AGENDA_ITEMS, act.session_path, session["call"], act.item), signed, act)
        case InterventionRecorded():
            session["sealed"] = own_texts
            page.add(INTERVENTIONS, [(signed.index, act.session_path, act.item, act.seat)])
        case (
            QuorumDeclared()
            | QuorumNotReached()
            | QuorumLost()
            | QuorumRestored()
            | SessionOpened()
            | SessionRecessed()
            | SessionResumed()
            | SessionClosed()
            | SessionCancelled()
        ):
            session.update(_phase(signed, act, session))
        case _:
            pass


def _phase(signed: Signed, act: HeldAct, session: Row) -> dict[str, Any]:
    """Return what changes in the session's own row."""
    occurred_at = signed.statement.occurred_at
    match act:
        case QuorumDeclared() | QuorumNotReached() | QuorumLost() | QuorumRestored():
            quorum: Row = {"present": act.present, "base": act.base, "required": act.required, "index": signed.index}
            if isinstance(act, QuorumDeclared):
                phase = session["phase"]
                return {"quorum": quorum, "phase": "quorate" if phase == "convened" else phase}
            if isinstance(act, QuorumLost):
                quorum["lost"] = True
            return {"quorum": quorum, "phase": _QUORUM_PHASES[type(act)]}
        case SessionClosed():
            told = {"votes": act.votes, "agreements": list(act.agreements)}
            return {"closed_at": occurred_at, "phase": "closed", **told}
        case SessionOpened():
            return {"opened_at": occurred_at, "phase": "open"}
        case SessionResumed() if session["quorum"].get("lost"):
            return {"phase": "quorum-lost"}
        case SessionRecessed() | SessionResumed() | SessionCancelled():
            return {"phase": _PHASES[type(act)]}


def _attend(page: Page, signed: Signed, act: AttendanceRecorded, session: Row) -> None:
    present = dict(session["present"])
    for seat in act.departures:
        _, arrived = present.pop(seat)
        stay = page.edit(ATTENDANCE, act.session_path, seat, arrived)
        stay["left_index"] = signed.index
        stay["until_item"] = act.item
    _arrive(page, signed, act.arrivals, session, act.item)
    present |= {arrival.seat: [arrival.designation, signed.index] for arrival in act.arrivals}
    session["present"] = present


def _arrive(page: Page, signed: Signed, arrivals: tuple[Arrival, ...], session: Row, item: int | None) -> None:
    voice = voice_of(signed)
    for arrival in arrivals:
        page.put(
            ATTENDANCE,
            {
                "session": session["id"],
                "seat": arrival.seat,
                "arrived_index": signed.index,
                "call": session["call"],
                "designation": arrival.designation,
                "modality": arrival.modality,
                "from_item": item,
                "left_index": None,
                "until_item": None,
                "voice": voice,
                "evidence": arrival.evidence,
            },
        )


REGISTRY = Registry("sessions", (SESSIONS, AGENDA_ITEMS, ATTENDANCE, INTERVENTIONS), {"session": SESSIONS}, handle)
