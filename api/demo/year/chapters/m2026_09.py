"""September 2026: the assembly overturns the veto; an agreement is modified, another left without effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.demo.year.chapters.paper import DELEGATION
from api.demo.year.course import Event, acta_of, course, on, signed_at_once
from api.demo.year.following import key_of
from api.demo.year.matters import routine
from api.demo.year.meeting import Adopt, Item, Meeting, Resolution, Vote, approves
from api.demo.year.sitting import admit
from ledger.acts.validity import AgreementModified, AgreementRevoked

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

PAYMENTS = "hcd/2026/19"

AGD_EXT = Meeting(
    "agd/2026/ext/1",
    begins="2026-09-09 10:00",
    convened="2026-08-31 12:00",
    venue="Auditorio del IDSS, Ciudad Demostrativa",
    items=(
        Item(
            "Veto de la Dirección General sobre el acuerdo 112 de 2026 del Consejo Técnico",
            kind="case",
            motion="Se revoca el veto; el acuerdo del Consejo Técnico vuelve a aplicarse.",
            vote=Vote(
                against=" ".join([*(f"ejecutivo-{n}" for n in range(1, 10)), "patronal-1", "patronal-2", "patronal-3"]),
                abstain="ejecutivo-10 patronal-4",
            ),
            adopt=(Adopt("SG", approves("Se revoca el veto."), number=1),),
        ),
        Item(
            "Ratificación de la Consejera Obrera 2, designada provisionalmente el 26 de agosto",
            kind="election",
            adopt=(
                Adopt("SG", approves("Se ratifica a la Consejera Obrera 2 hasta el 30 de junio de 2032."), number=2),
            ),
        ),
    ),
)

ORD_9 = Meeting(
    "hcd/2026/ord/9",
    begins="2026-09-30 10:00",
    convened="2026-09-18 12:00",
    absent="estado-2 estado-3",
    items=(
        Item(
            "Orden del día, con un asunto que se propone añadir",
            kind="protocol",
            vote=Vote("show-of-hands"),
            motion="Se aprueba el orden del día con el asunto que se añade.",
            after=admit,
        ),
        acta_of("hcd/2026/ord/8", "8ª sesión ordinaria de 2026"),
        Item(
            "Modificación del acuerdo 19 de 2026",
            adopt=(
                Adopt(
                    "DIR",
                    (
                        Resolution(
                            "modify",
                            "Único.- El resolutivo Segundo del acuerdo 19 queda: se exigirá garantía desde 36 meses.",
                        ),
                    ),
                    number=126,
                    cites="ACDO.AS2.HCD.250226/19.P.DIR",
                ),
            ),
        ),
        Item(
            "Delegación de facultades en materia de arrendamientos",
            adopt=(
                Adopt(
                    "DA",
                    (Resolution("revoke", f"Único.- Se deja sin efectos el acuerdo {DELEGATION[0]}."),),
                    number=127,
                    cites=DELEGATION[0],
                ),
            ),
        ),
        routine("DPM", 6, 350, "2026-12-18"),
        routine("DIR", 7, 200, "2026-12-18", last=140),
        Item("Agradecimiento a la Suplencia Obrera 2, que termina hoy", kind="information", vote=None, added=True),
    ),
)


def effects(t: Teller) -> None:
    """Register what the session did to earlier agreements."""
    modifying, revoking = "agreement/hcd/2026/126", "agreement/hcd/2026/127"
    modified = AgreementModified(
        **key_of(PAYMENTS), by=modifying, by_resolution=1, resolutions=(2,), effective_on="2026-10-01"
    )
    t.sign(modified, "hcd/secretario", basis=[modifying])
    revoked = AgreementRevoked(
        **key_of("hcd/2021/99"), by=revoking, by_resolution=1, effect="revoked", effective_on="2026-09-30"
    )
    t.sign(revoked, "hcd/secretario", basis=[revoking])


def events() -> list[Event]:
    """Return the month's events."""
    return [
        *signed_at_once(AGD_EXT),
        *course(ORD_9),
        on("2026-09-30 16:00", effects),
    ]
