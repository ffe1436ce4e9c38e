"""July 2026: somebody's term is over and her vote is refused; four in favour of eight present are not enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.course import Event, acta_of, course, informs, on
from api.demo.year.following import storied
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Vote, approves, instructs
from ledger.acts import received as received_acts
from ledger.acts import vote as vote_acts

if TYPE_CHECKING:
    from api.demo.year.sitting import Sitting
    from api.demo.year.teller import Teller

JGU3_ACTA: dict[str, Any] = {"body": "hcd", "number": 1}


def refused_votes(sitting: Sitting, item: int) -> None:
    """Who has no vote any more, and who never had one, try to vote; both are refused."""
    t, meeting = sitting.t, sitting.meeting
    place = {**meeting.place, "vote": sitting.votes[item], "choice": "favor"}
    basis = [f"vote/{meeting.path}/{sitting.votes[item]}"]
    for seat, office, code in (
        ("obrero-2", "hcd/obrero-2/1", "not-in-office"),
        ("comisario", "hcd/comisario", "not-eligible"),
    ):
        ballot = vote_acts.BallotCast.model_validate({**place, "seat": seat})
        t.refused(code, ballot, office, basis=basis)


ORD_7 = Meeting(
    "hcd/2026/ord/7",
    begins="2026-07-29 10:00",
    convened="2026-07-17 12:00",
    absent="estado-3 patronal-2 patronal-4 obrero-3",
    with_="comisario",
    acting={"obrero-2": 2},
    items=(
        acta_of("hcd/2026/ord/6", "6ª sesión ordinaria de 2026"),
        Item(
            "Cuota de recuperación de servicios no urgentes",
            vote=Vote("ballot", against="obrero-1 obrero-2 obrero-4", abstain="patronal-3"),
            motion="Se aprueba la cuota de recuperación.",
            meanwhile=refused_votes,
            adopt=(Adopt("DF", approves("Se aprueba la cuota.")),),
        ),
        informs("Primer informe cuatrimestral de los órganos colegiados", "SG"),
        routine("DIR", 7, 180, "2026-10-30"),
        routine("DPM", 6, 340, "2026-10-30"),
        routine("DPES", 6, 40, "2026-10-30"),
        Item(
            "Enajenación de un inmueble en Valle Norte",
            vote=Vote(against="obrero-1"),
            adopt=(
                Adopt(
                    "DA",
                    approves(
                        "Primero.- Se autoriza la enajenación del inmueble.",
                        instructs(
                            "Segundo.- La Dirección de Administración la llevará a cabo.",
                            "da",
                            "2026-09-30",
                            12_000_000_00,
                        ),
                    ),
                    number=112,
                ),
            ),
        ),
    ),
)
VETOED = "hcd/2026/112"


def received(t: Teller) -> None:
    """An acta of the Junta de Gobierno comes in; the checklist finds two points wanting."""
    document = t.document("acta-jgu3.txt", "Acta de la 5ª sesión ordinaria de la Junta de Gobierno de la UMAE Demo 3.")
    came = received_acts.ExternalActaReceived(
        **JGU3_ACTA,
        issuer="jgu3",
        reference="JGU3/ORD/5/2026",
        held_on="2026-07-08",
        received_on="2026-07-15",
        sheets=6,
    )
    t.sign(came, "hcd/secretario", sealed={"document": document})
    checked = received_acts.ExternalActaChecked(
        **JGU3_ACTA,
        fulfilled=("QUORUM", "COMPETENCE", "NUMBERING", "CLARITY"),
        unfulfilled=("CONVOCATION", "SIGNATURE"),
    )
    t.sign(checked, "hcd/secretario")
    for number, (code, text) in enumerate(
        (
            ("CONVOCATION", "No se acompaña constancia de que se convocó."),
            ("SIGNATURE", "Firman a la vez el propietario y su suplente."),
        ),
        1,
    ):
        raised = received_acts.ActaIncidentRaised.model_validate({**JGU3_ACTA, "incident": number, "code": code})
        t.sign(raised, "hcd/secretario", sealed={"description": text})
        told = received_acts.ActaIncidentNotified(
            **JGU3_ACTA, incident=number, oficio=f"SG-JG-{number:03}-2026", notified_on="2026-07-15"
        )
        t.sign(told, "hcd/secretario")


def cured(t: Teller) -> None:
    """One of the two incidents is cured."""
    proof = t.document("constancia-convocatoria.txt", "Acuse de la convocatoria del 29 de junio de 2026.")
    resolved = received_acts.ActaIncidentResolved(**JGU3_ACTA, incident=1, how="document")
    t.sign(resolved, "hcd/secretario", sealed={"explanation": "Se recibió el acuse.", "document": proof})


def events() -> list[Event]:
    """Return the month's events."""
    return [
        on("2026-07-15 12:00", received),
        *course(ORD_7),
        on("2026-07-29 17:00", storied, VETOED),
        on("2026-08-07 10:00", cured),
    ]
