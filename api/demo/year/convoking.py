"""Calling a session: the convocation, the proof that everybody received it, and what all present waive (§3.3, S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.teller import moment
from ledger.acts import convocation as convocation_acts
from ledger.acts import session as session_acts
from ledger.ids import write_instant

if TYPE_CHECKING:
    from api.demo.year.meeting import Meeting
    from api.demo.year.sitting import Sitting
    from api.demo.year.teller import Teller

MINUTES_TO_RECEIVE = 25


def convene(t: Teller, meeting: Meeting) -> None:
    """Send the convocation with its orden del día."""
    entries = tuple(
        session_acts.AgendaEntry(item=n, item_kind=item.kind)
        for n, item in enumerate(meeting.items, 1)
        if not item.added
    )
    act = session_acts.SessionConvened(
        **meeting.place,
        begins_at=write_instant(moment(meeting.begins)),
        modality=meeting.modality,
        session_kind=meeting.kind,
        call=meeting.call,
        items=entries,
    )
    titles = {f"item/{n}/title": item.title for n, item in enumerate(meeting.items, 1) if not item.added}
    t.do(act, meeting.secretary, sealed={"venue": meeting.venue, **titles})
    t.wait(MINUTES_TO_RECEIVE)
    deliver(t, meeting)


def deliver(t: Teller, meeting: Meeting) -> None:
    """Prove that everybody received the convocation: two say so themselves, of the others it is attested."""
    convocation = t.notes[f"convocation {meeting.path}"] = t.statement_of(f"session/{meeting.path}")
    basis, received = [f"session/{meeting.path}"], t.written()
    must = [place.seat for place in meeting.body.places() if place.voting or place.role == "comisario"]
    filled = [seat for seat in must if f"{meeting.code}/{seat}" in t.holders or seat in (meeting.acting or {})]
    own, attested = filled[1:3], [filled[0], *filled[3:]]
    t.wait(1)
    for seat in own:
        number = (meeting.acting or {}).get(seat) or t.holders[f"{meeting.code}/{seat}"][1]
        seen = convocation_acts.ConvocationAcknowledged(
            **meeting.place, convocation=convocation, seat=seat, received_at=received
        )
        t.sign(seen, f"{meeting.code}/{seat}/{number}", basis=basis)
    receipts = tuple(
        convocation_acts.Receipt(
            seat=seat,
            designation=(meeting.acting or {}).get(seat) or t.holders[f"{meeting.code}/{seat}"][1],
            received_at=received,
            channel="in-person" if place % 2 else "portal",
        )
        for place, seat in enumerate(attested)
    )
    told = convocation_acts.ConvocationDelivered(**meeting.place, convocation=convocation, receipts=receipts)
    t.do(told, meeting.secretary, basis=basis)


def waive(sitting: Sitting) -> None:
    """Let all who are present waive that they were told too late (S3)."""
    meeting = sitting.meeting
    act = convocation_acts.DefectAcknowledged(
        **meeting.place,
        convocation=sitting.t.notes[f"convocation {meeting.path}"],
        defect="notice",
        waived_by=tuple(sitting.voting()),
    )
    basis = "Por unanimidad de las personas presentes se dispensa el plazo; artículo 3 de la ley, por analogía."
    sitting.t.sign(act, meeting.secretary, sealed={"legal_basis": basis}, basis=[f"session/{meeting.path}"])
