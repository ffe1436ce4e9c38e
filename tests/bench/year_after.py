"""What follows a session of the told year: capture and review, oficios, fulfilment, the acta, in usual proportions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ledger.acts import acta as acta_acts
from ledger.acts import followup
from ledger.acts.transparency import TextPublished
from ledger.blocks import draft_blocks, gather, seal_blocks
from ledger.blocks.facts import Member
from ledger.blocks.gathering import Told
from ledger.crypto import disclosure
from ledger.reception import parse_submitted

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.blocks.facts import SessionFacts
    from tests.bench.year_told import Held

UNITS = ("dir", "df", "dpes", "dpm", "da", "daed", "dj", "sg")
SERIES_CODE = "2S.4"
PUBLISHED, CAPTURED, COMMUNICATED, FULFILLED, DRAFTED = 0.5, 0.8, 0.7, 0.7, 0.4
"""Shares: of agreements opened and captured; of the captured, communicated; of these, fulfilled; of actas, sealed."""
DAYS_TO_FULFIL = 60
WEEK = timedelta(days=7)
MONTH = 4 * WEEK


def plan(held: Held) -> None:
    """Plan what follows a session that has been closed: the same evening, and in the weeks after it."""
    year, chance = held.year, held.year.random
    evening = held.begins.replace(hour=19, minute=0)
    for number, index in held.adopted:
        adopted = Adopted(held, number, evening)
        if chance.random() < PUBLISHED:
            year.later(evening, lambda index=index: held.do(TextPublished(index=index)))  # type: ignore[misc]
        if chance.random() < CAPTURED:
            year.later(evening, adopted.capture)
    if chance.random() < DRAFTED:
        year.later(evening + WEEK, lambda: draft(held))
    else:
        held.acts.clear()


@dataclass(frozen=True, slots=True)
class Adopted:
    """An agreement of a session: its number, and the evening of the day on which it was adopted."""

    held: Held
    number: int
    evening: datetime

    @property
    def key(self) -> dict[str, Any]:
        """The fields that name it."""
        return {"body": self.held.body.slug, "year": self.evening.year, "number": self.number}

    @property
    def unit(self) -> str:
        """The unit that answers for it."""
        return UNITS[self.number % len(UNITS)]

    def capture(self) -> None:
        """Capture it; the chair reviews what the secretary captured."""
        held = self.held
        held.do(followup.AgreementCaptured(**self.key, resolutions=("instruct",), series_code=SERIES_CODE))
        held.do(followup.AgreementCaptureReviewed(**self.key, outcome="confirmed"), held.body.chair)
        if held.year.random.random() < COMMUNICATED:
            held.year.later(self.evening + WEEK, self.communicate)

    def communicate(self) -> None:
        """Send the oficio and say by when the unit is to fulfil."""
        held, oficio = self.held, f"SG-{self.held.body.slug.upper()}-{self.number:04}"
        due = (self.evening + timedelta(days=DAYS_TO_FULFIL)).date().isoformat()
        held.do(followup.CommunicationAuthorized(**self.key))
        held.do(followup.AgreementCommunicated(**self.key, unit=self.unit, oficio=oficio))
        held.do(followup.CommunicationAcknowledged(**self.key, unit=self.unit, oficio=oficio))
        held.do(followup.ResponsibilityAssigned(**self.key, resolution=1, units=(self.unit,), due_on=due))
        if held.year.random.random() < FULFILLED:
            held.year.later(self.evening + held.year.random.randint(1, 3) * MONTH, self.fulfil)

    def fulfil(self) -> None:
        """Record what the unit reports, in time or late; the chair verifies it."""
        held = self.held
        reported = followup.ProgressReported(**self.key, resolution=1, unit=self.unit, percent=100)
        held.do(reported, sealed={"narrative": "Se dio cumplimiento conforme al programa."})
        held.do(followup.FulfilmentVerified(**self.key, resolution=1, outcome="fulfilled"), held.body.chair)


def draft(held: Held) -> None:
    """Draft the acta out of the session's own acts; it is signed and sealed a week later."""
    sealed = seal_blocks(draft_blocks(_facts(held)), held.year.salt)
    held.acts.clear()
    place, path = held.sitting.place, held.sitting.path
    act = acta_acts.ActaDrafted(**place, draft=1, blocks=len(sealed.disclosures), root=sealed.root)
    held.do(act, basis=[f"session/{path}"], blocks=sealed.disclosures)
    index = held.year.size - 1
    held.year.later(held.begins.replace(hour=19, minute=30) + 2 * WEEK, lambda: seal(held, sealed.root, index))


def seal(held: Held, root: str, drafted: int) -> None:
    """Let secretary and chair sign, seal the acta, and open its text."""
    place, path, body = held.sitting.place, held.sitting.path, held.body
    signers = {"secretario": body.secretary, body.seats[0]: body.chair}
    for seat, officer in signers.items():
        held.do(acta_acts.ActaSigned(**place, seat=seat, root=root), officer, basis=[f"acta/{path}"])
    held.do(acta_acts.ActaSealed(**place, root=root, signatures=tuple(signers)))
    held.do(TextPublished(index=drafted))


def _facts(held: Held) -> SessionFacts:
    """Return what happened in the session, as the secretary's desk gathers it (`api.actas`)."""
    body = held.body

    def member(seat: str, _designation: int) -> Member:
        role = "chair" if seat == body.seats[0] else "member"
        return Member(f"Titular de {seat}, {body.slug}", role, "propietario", voting=True)

    told = [
        Told(
            parse_submitted(act),
            act.statement.occurred_at,
            {name: disclosure.parse(text).value for name, text in act.disclosures.items()},
        )
        for act in held.acts
        if not act.statement.stream.startswith("delivery/")
    ]
    return gather(told, member, body.name, "Instituto Demostrativo (ficticio)")
