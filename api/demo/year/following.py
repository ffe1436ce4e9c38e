"""After the adoption: capture and review, oficios, who answers for what, progress, verification (domain.md §3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.bodies import body_of
from api.demo.year.teller import REGISTRAR
from ledger.acts import followup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api.demo.year.meeting import Adopt, Meeting
    from api.demo.year.teller import Teller

SERIES_CODE = "2S.4"


def key_of(agreement: str) -> dict[str, Any]:
    """Return the fields that name an agreement, from `hcd/2026/19`."""
    body, year, number = agreement.split("/")
    return {"body": body, "year": int(year), "number": int(number)}


def secretary_of(agreement: str) -> str:
    """Return the seat of the secretary of the agreement's body."""
    body = body_of(agreement)
    return f"{body.body}/{body.of_role('secretary')}"


def follow(t: Teller, meeting: Meeting) -> None:
    """Capture a session's agreements, review, file them; tell the units that answer for their resolutivos."""
    for number in t.notes[f"sitting {meeting.path}"].agreements:
        agreement = f"{meeting.code}/{meeting.year}/{number}"
        adopted: Adopt = t.notes[f"adopted {agreement}"]
        place = key_of(agreement)
        kinds = tuple(each.kind for each in adopted.resolutions)
        t.sign(followup.AgreementCaptured(**place, resolutions=kinds, series_code=SERIES_CODE), REGISTRAR)
        t.sign(followup.AgreementCaptureReviewed(**place, outcome="confirmed"), secretary_of(agreement))
        t.sign(followup.AgreementFiled(**place, series_code=SERIES_CODE), REGISTRAR)
        units = list(dict.fromkeys(unit for each in adopted.resolutions for unit in each.units.split()))
        if units:
            communicate(t, agreement, units)
        for ordinal, each in enumerate(adopted.resolutions, 1):
            if each.units:
                assigned = followup.ResponsibilityAssigned(
                    **place,
                    resolution=ordinal,
                    units=tuple(each.units.split()),
                    due_on=each.due,
                    authorized_amount=each.amount,
                )
                t.sign(assigned, REGISTRAR)
                t.notes.setdefault("open", {})[agreement, ordinal] = each
    t.send()


def communicate(t: Teller, agreement: str, units: Iterable[str]) -> None:
    """Authorise the communication, send an oficio to each unit, let its enlace acknowledge it."""
    place, secretary = key_of(agreement), secretary_of(agreement)
    t.sign(followup.CommunicationAuthorized(**place), secretary)
    for unit in units:
        number = t.next_number(f"oficio {t.today[:4]}")
        oficio = f"SG-OG-{number:04}-{t.today[:4]}"
        t.sign(followup.AgreementCommunicated(**place, unit=unit, oficio=oficio), secretary)
        t.sign(followup.CommunicationAcknowledged(**place, unit=unit, oficio=oficio), f"hcd/{unit}")


def report(t: Teller, agreement: str, resolution: int, unit: str, narrative: str, percent: int) -> None:
    """Let a unit report progress."""
    act = followup.ProgressReported(**key_of(agreement), resolution=resolution, unit=unit, percent=percent)
    t.sign(act, f"hcd/{unit}", sealed={"narrative": narrative})


def hand_in(t: Teller, agreement: str, resolution: int, unit: str, name: str, text: str) -> None:
    """Let a unit hand in a document as evidence."""
    document = t.document(name, text, f"hcd/{unit}")
    act = followup.EvidenceSubmitted(**key_of(agreement), resolution=resolution, unit=unit)
    t.sign(act, f"hcd/{unit}", sealed={"evidence": document})


def spend(t: Teller, agreement: str, resolution: int, unit: str, pesos: int, concept: str) -> None:
    """Let a unit say what it spent of the authorised amount."""
    act = followup.AmountExercised(**key_of(agreement), resolution=resolution, unit=unit, amount=pesos * 100)
    t.sign(act, f"hcd/{unit}", sealed={"concept": concept})


def verify(t: Teller, agreement: str, resolution: int, outcome: Any = "fulfilled") -> None:
    """Let the secretary verify what a unit reported."""
    t.sign(
        followup.FulfilmentVerified(**key_of(agreement), resolution=resolution, outcome=outcome),
        secretary_of(agreement),
    )
    if outcome == "fulfilled":
        t.notes["open"].pop(_task(agreement, resolution), None)


def reject(t: Teller, agreement: str, resolution: int, reason: str) -> None:
    """Let the secretary reject what a unit reported."""
    rejected = followup.FulfilmentRejected(**key_of(agreement), resolution=resolution)
    t.sign(rejected, secretary_of(agreement), sealed={"reason": reason})


def fulfil(t: Teller, agreement: str, resolution: int, narrative: str, document: str) -> None:
    """Let a unit report, hand in its evidence, and have it verified."""
    unit = t.notes["open"][_task(agreement, resolution)].units.split()[0]
    report(t, agreement, resolution, unit, narrative, 100)
    hand_in(t, agreement, resolution, unit, document, f"{narrative} Acuerdo {agreement}, resolutivo {resolution}.")
    verify(t, agreement, resolution)


def settle_routine(t: Teller, keep: Iterable[str] = ()) -> None:
    """Fulfil what is due within a month and is no chapter's own; agreements in `keep` stay as they are."""
    kept = {*keep, *t.notes.get("storied", ())}
    horizon = f"{t.clock.replace(day=1):%Y-%m}-31"
    for (agreement, resolution), task in sorted(t.notes.get("open", {}).items()):
        if agreement not in kept and task.due is not None and task.due <= horizon:
            fulfil(t, agreement, resolution, "Se dio cumplimiento conforme al programa.", "constancia.txt")
    t.send()


def storied(t: Teller, *agreements: str) -> None:
    """Keep agreements out of `settle_routine`: a chapter tells what becomes of them."""
    t.notes.setdefault("storied", set()).update(agreements)


def _task(agreement: str, resolution: int) -> tuple[str, int]:
    return agreement, resolution
