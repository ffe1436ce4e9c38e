"""Terms: a provisional councillor is ratified; Obrera 2 is told that hers ends, is proposed, voted, accredited anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.course import Event, on
from api.demo.year.settle import ORGANISATIONS
from api.demo.year.teller import moment
from ledger.acts import credential as credential_acts
from ledger.acts import designation as designation_acts
from ledger.acts import nomination
from ledger.domain.notice import days_left
from ledger.domain.proposal import IMPEDIMENTS, POINTS
from ledger.ids import write_instant

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

SECRETARY, VALIDATOR = "hcd/secretario", "hcd/prosecretario"
OBRERA_2: dict[str, Any] = {"body": "hcd", "seat": "obrero-2"}
ENDS, BEGINS_ANEW, ENDS_ANEW = "2026-07-01 00:00", "2026-08-27 00:00", "2032-07-01 00:00"
RATIFYING, PROVISIONAL, DEFINITIVE = "agreement/agd/2025/2", "agreement/hcd/2026/114", "agreement/agd/2026/2"


def ratify(t: Teller, seat: str, number: int, agreement: str) -> None:
    """The assembly's agreement makes a provisional designation definitive."""
    act = designation_acts.DesignationRatified(body="hcd", seat=seat, number=number, agreement=agreement)
    t.sign(act, "agd/secretario", basis=[agreement])


def accredit(t: Teller, number: int, valid_to: str) -> None:
    """Obrera 2 asks for her credential; one person validates, another issues it."""
    place = {**OBRERA_2, "designation": number, "credential": 1}
    held = f"designation/hcd/obrero-2/{number}"
    t.sign(credential_acts.AccreditationRequested(**place), f"hcd/obrero-2/{number}")
    t.sign(credential_acts.AccreditationValidated(**place), VALIDATOR, basis=[held])
    issued = credential_acts.CredentialIssued(**place, valid_to=write_instant(moment(valid_to)))
    t.sign(issued, SECRETARY, basis=[held])


def notify(t: Teller) -> None:
    """Her organisation is told by oficio that the term ends on the last of June, and means to ratify her."""
    left = days_left(moment(ENDS), t.clock.date())
    issued = nomination.ExpiryNoticeIssued(
        **OBRERA_2, designation=1, organization=ORGANISATIONS["obrero"], oficio="SG-D-0044-2026", days_left=left
    )
    t.sign(issued, SECRETARY)
    t.refused("already-notified", issued, SECRETARY)
    t.sign(nomination.ExpiryNoticeAcknowledged(**OBRERA_2, designation=1, answer="will-ratify"), SECRETARY)


def propose(t: Teller) -> None:
    """Her confederation proposes her again; another person finds every point fulfilled and no impediment declared."""
    proposal = {**OBRERA_2, "proposal": 1}
    filed = nomination.DesignationProposed(
        **proposal,
        organization=ORGANISATIONS["obrero"],
        person=t.person_id("hcd.obrero-2"),
        capacity="propietario",
        begins_at=write_instant(moment(BEGINS_ANEW)),
        ends_at=write_instant(moment(ENDS_ANEW)),
        renews=1,
    )
    letter = t.document("propuesta.txt", "Oficio de la Confederación Demo del Trabajo Norte.", SECRETARY)
    t.sign(filed, SECRETARY, sealed={"document": letter})
    declaration = t.document("declaracion.txt", "Declaro no estar en ninguno de los impedimentos.", VALIDATOR)
    declared = [{"impediment": each, "answer": "none"} for each in sorted(IMPEDIMENTS)]
    validated = nomination.DesignationValidated.model_validate(
        {**proposal, "checklist": sorted(POINTS), "impediments": declared}
    )
    t.sign(validated, VALIDATOR, sealed={"declaration": declaration})


def designate_anew(t: Teller) -> None:
    """The council's vote lets her take office, provisionally; the old credential is revoked and a new one issued."""
    number = t.next_number("designation/hcd/obrero-2")
    approved = designation_acts.DesignationApproved(
        **OBRERA_2,
        number=number,
        person=t.person_id("hcd.obrero-2"),
        capacity="propietario",
        begins_at=write_instant(moment(BEGINS_ANEW)),
        ends_at=write_instant(moment(ENDS_ANEW)),
        effect="provisional",
        proposal=1,
        agreement=PROVISIONAL,
    )
    t.sign(approved, SECRETARY, basis=["proposal/hcd/obrero-2/1", PROVISIONAL])
    t.seated("hcd/obrero-2", "hcd.obrero-2", number)
    revoked = credential_acts.CredentialRevoked(**OBRERA_2, designation=1, credential=1, reason="designation-ended")
    t.sign(revoked, SECRETARY)
    accredit(t, number, ENDS_ANEW)


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2025-12-03 16:00", ratify, "obrero-3", 1, RATIFYING),
        on("2026-01-12 10:00", accredit, 1, ENDS),
        on("2026-05-27 16:00", notify),
        on("2026-08-10 10:00", propose),
        on("2026-08-27 10:00", designate_anew),
        on("2026-09-09 17:00", ratify, "obrero-2", 3, DEFINITIVE),
    ]
