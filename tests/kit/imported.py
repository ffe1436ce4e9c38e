"""A chapter of a told history: what another source says of a body of before the ledger (format.md §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts import imported as imported_acts
from ledger.acts import session as session_acts
from ledger.acts import trust
from ledger.acts import vote as vote_acts

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.kit.history import History


SOURCE: dict[str, Any] = {"source_sha256": "ab" * 32, "row": 1}
PLACE: dict[str, Any] = {"body": "viejo", "year": 2006, "series": "ord", "session": 1}


def bring_in(history: History) -> None:
    """Import a mandate, a session, a vote and an agreement of before the ledger, and put an identifier aside."""
    _people(history.do)
    _session(history.do)
    _notes(history.do)
    _agreement(history.do)


def _people(do: Callable[..., int]) -> None:
    do(body_acts.BodyRegistered(body="viejo", body_kind="parliament"), sealed={"name": "Cámara vieja"})
    rules = body_acts.Rules(majorities={"simple": body_acts.MajorityRule()})
    adopted = body_acts.BodyRulesAdopted(body="viejo", profile="GENERIC", rules=rules, valid_from="2006-01-01")
    do(adopted)
    seats = tuple(body_acts.Seat(seat=f"d{n}", sector="pueblo", role="member", voting=True) for n in range(1, 6))
    do(body_acts.SeatsDefined(body="viejo", seats=seats, valid_from="2006-01-01"))
    begins, changes, ends = (f"{day}:00:00-06:00" for day in ("2006-01-01T00", "2006-09-07T12", "2009-01-01T00"))
    terms = [(seat.seat, 1, begins, changes if seat.seat == "d1" else ends) for seat in seats]
    for seat, number, begins_at, ends_at in (*terms, ("d1", 2, changes, ends)):
        person = f"x-{seat}-{number}"
        do(trust.PersonRegistered(person=person), sealed={"name": f"Persona de {seat}"})
        mandate = designation_acts.DesignationImported(
            body="viejo",
            seat=seat,
            number=number,
            person=person,
            capacity="propietario" if number == 1 else "suplente",
            begins_at=begins_at,
            ends_at=ends_at,
            **SOURCE,
        )
        do(mandate)


def _session(do: Callable[..., int]) -> None:
    arrivals = tuple(session_acts.Arrival(seat=f"d{n}", designation=1) for n in range(1, 5))
    items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
    do(
        session_acts.SessionImported(**PLACE, held_on="2006-09-07", items=items, attendance=arrivals, **SOURCE),
        sealed={"item/1/title": "Dictamen"},
    )
    marks = vote_acts.Marks(favor=("d1/1", "d2/1"), contra=("d3/1",), presente=("d4/1",), ausente=("d1/2", "d5/1"))
    imported = vote_acts.VoteImported(
        **PLACE,
        vote=1,
        item=1,
        held_on="2006-09-07",
        marks=marks,
        favor=2,
        contra=1,
        abstencion=0,
        result="rejected",
        **SOURCE,
    )
    do(imported, sealed={"motion": "En lo general"}, basis=["session/viejo/2006/ord/1"])


def _notes(do: Callable[..., int]) -> None:
    entry = imported_acts.ImportedEntry(item=2, item_kind="election", consent=True, reference="A0001-2006")
    listed = imported_acts.AgendaImported(**PLACE, items=(entry,), **SOURCE)
    do(listed, sealed={"item/2/title": "Nombramiento"})
    late = imported_acts.Correction(seat="d5", designation=1, was="ausente", now="favor")
    vote, session = "vote/viejo/2006/ord/1/1", "session/viejo/2006/ord/1"
    noted = imported_acts.NoteImported(**PLACE, note=1, vote=1, corrections=(late,), **SOURCE)
    do(noted, sealed={"text": "Llegó tarde y votó a favor"}, basis=[session, vote])
    came = imported_acts.NoteImported(**PLACE, note=2, unread=1, **SOURCE)
    do(came, sealed={"text": "Se incorporó alguien"}, basis=[session])


def _agreement(do: Callable[..., int]) -> None:
    agreement = agreement_acts.AgreementImported(
        body="viejo",
        year=2006,
        number=1,
        adopted_on="2006-09-07",
        identifier="1/2006",
        provenance="DATASET",
        **SOURCE,
    )
    do(agreement, sealed={"title": "Acuerdo viejo"})
    quarantined = agreement_acts.IdentifierQuarantined(body="viejo", number=1, reason="seven-digits")
    do(quarantined, sealed={"as_printed": "ACDO.AS2.HCT.3000419/150.P.DIR"})
    corrected = agreement_acts.IdentifierCorrected(body="viejo", number=1, identifier="ACDO.AS2.HCT.300419/150.P.DIR")
    do(corrected, sealed={"reason": "Sobra un cero"})
