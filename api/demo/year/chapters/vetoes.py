"""Two vetoes: a consultative council's president's, confirmed by the council; the Director General's, overturned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.course import Event, on
from api.demo.year.following import key_of
from ledger.acts import validity
from ledger.acts import veto as veto_acts

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

EXCESS, SALE = "ccvn/2026/2", "hcd/2026/112"
DRAFTER = "hcd/prosecretario"


def exercise(t: Teller, agreement: str, president: str, power: Any, resolver: str, norm: str, grounds: str) -> None:
    """Let a president veto an agreement: it is suspended at once, and its stream says so."""
    stream = f"agreement/{agreement}"
    document = t.document("veto.txt", grounds, president)
    act = veto_acts.VetoExercised(**key_of(agreement), power=power, resolver=resolver, norms=(norm,))
    t.sign(act, president, sealed={"grounds": grounds, "document": document}, basis=[stream])
    suspended = validity.AgreementSuspended(**key_of(agreement), case=f"veto/{agreement}", cause="veto")
    registrar = f"{agreement.partition('/')[0]}/secretario"
    t.sign(suspended, registrar, basis=[f"veto/{agreement}"])


def integrate(t: Teller, agreement: str, secretary: str) -> None:
    """Admit the veto and put its file together."""
    place = key_of(agreement)
    t.sign(veto_acts.VetoAdmissionDecided(**place, outcome="admitted"), secretary)
    evidence = t.document("constancias.txt", f"Constancias del veto del acuerdo {agreement}.", secretary)
    t.sign(veto_acts.VetoCaseIntegrated(**place, sheets=14), secretary, sealed={"evidence/1": evidence})


def submit(t: Teller, agreement: str, sense: Any, drafter: str, submitter: str, session: str, item: int) -> None:
    """Draft the resolution, and let another person submit it to a session of who decides."""
    place = key_of(agreement)
    draft = t.document("proyecto.txt", f"Proyecto de resolución: {sense}.", drafter)
    t.sign(veto_acts.VetoResolutionDrafted(**place, sense=sense), drafter, sealed={"draft": draft})
    t.sign(veto_acts.VetoSubmitted(**place, session=f"session/{session}", item=item), submitter)


def resolve(t: Teller, agreement: str, outcome: Any, session: str, item: int, *, vetoer_sat: bool) -> None:
    """Register what the superior body decided, and what that does to the agreement."""
    place = key_of(agreement)
    vote = t.notes[f"sitting {session}"].vote_stream(item)
    secretary = f"{session.partition('/')[0]}/secretario"
    resolved = veto_acts.VetoResolved(**place, vote=vote, outcome=outcome, vetoer_sat=vetoer_sat)
    t.sign(resolved, secretary, basis=[vote])
    case = f"veto/{agreement}"
    kind = validity.AgreementAnnulled if outcome == "confirmed" else validity.AgreementReinstated
    t.sign(kind(**place, case=case), f"{agreement.partition('/')[0]}/secretario", basis=[case])


def events() -> list[Event]:
    """Return the chapter's events."""
    competence = "Condonar recargos no es facultad de un consejo consultivo."
    price = "El precio de la enajenación no se apoya en avalúo vigente."
    return [
        on("2026-05-14 12:00", exercise, EXCESS, "ccvn/estado-1", "president", "hcd", "LSS 264-XIV", competence),
        on("2026-05-18 12:00", integrate, EXCESS, DRAFTER),
        on("2026-06-15 12:00", submit, EXCESS, "confirm", DRAFTER, "hcd/secretario", "hcd/2026/ord/6", 2),
        on("2026-06-24 16:00", resolve, EXCESS, "confirmed", "hcd/2026/ord/6", 2, vetoer_sat=False),
        on("2026-08-12 09:00", exercise, SALE, "hcd/estado-1", "director-general", "agd", "LSS 269", price),
        on("2026-08-18 12:00", integrate, SALE, "agd/secretario"),
        on("2026-09-01 12:00", submit, SALE, "overturn", "agd/prosecretario", "agd/secretario", "agd/2026/ext/1", 1),
        on("2026-09-09 16:00", resolve, SALE, "overturned", "agd/2026/ext/1", 1, vetoer_sat=True),
    ]
