"""The chapter of a told history in which seats are filled: proposed, voted, ratified, accredited, removed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import credential as credential_acts
from ledger.acts import designation as designation_acts
from ledger.acts import nomination, trust
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.compose import Batch
from ledger.ids import parse_written, write_instant

if TYPE_CHECKING:
    from ledger.compose import Officer
    from tests.kit.history import History

PAPER: dict[str, Any] = {"name": "oficio.pdf", "media_type": "application/pdf", "size": 9, "sha256": "ef" * 32}
OF: dict[str, Any] = {"body": "asamblea", "year": 2026, "series": "ord", "session": 1}
REMOVAL: dict[str, Any] = {"body": "consultivo", "seat": "vocal-3", "designation": 1}
BEGINS = "2026-03-04T00:00:00-06:00"
ENDS = "2029-01-01T00:00:00-06:00"
SOON = "2026-05-01T00:00:00-06:00"
INSCRIBED = "RPOD-20/2024"
# No word of a name may stand in an identifier: what is sealed would be told by the entry.
NAMES = {
    "ana": "Leocadia Cordero Vela",
    "sec": "Secundino Rivas Toral",
    "dora": "Hilaria Lucio Prado",
    "beto": "Norberto Gil Casas",
}


def nominate(history: History) -> None:
    """Tell who is proposed for the seats of a consultative body, and whose removal is asked for."""
    _organise(history)
    _propose(history)
    asked = nomination.RemovalRequested(**REMOVAL, by="sector", organization="ctd")
    history.town.do(asked, history.town.officer("ctd", "organizaciones"), sealed={"grounds": "Inasistencias"})


def appoint(history: History) -> None:
    """Tell, some days later, how these seats are filled by the vote of an assembly."""
    asked: Any = history.state("hearing/consultivo/vocal-3/1")
    heard = nomination.HearingHeld(**REMOVAL, summoned_on=asked.requested_at.date().isoformat(), appeared=True)
    history.town.do(heard, _clerk(history), sealed={"record": "Dijo que estuvo enfermo"})
    _vote(history)
    _designate(history)
    _accredit(history)
    _leave(history)


def _clerk(history: History) -> Officer:
    """The assembly's secretary."""
    return history.town.officer("secretaria", "asamblea")


def _organise(history: History) -> None:
    """An assembly, a body below it, an organisation; who sits there on paper, one of them provisionally."""
    do, town = history.do, history.town
    sectors = (
        body_acts.SectorRule(sector="obrero", proposers=("ctd",), competent="asamblea"),
        body_acts.SectorRule(sector="secretaria", way="oficio", competent="asamblea"),
    )
    bodies: dict[str, tuple[Any, dict[str, tuple[str, Any, bool]], dict[str, Any]]] = {
        "asamblea": (
            "assembly",
            {f"vocal-{x}": ("x", "chair" if x == "a" else "member", True) for x in "abc"}
            | {"secretaria": ("x", "secretary", False)},
            {},
        ),
        "consultivo": (
            "consultative",
            {f"vocal-{n}": ("obrero", "member", True) for n in (1, 2, 3)}
            | {"secretario": ("secretaria", "secretary", False)},
            {"sectors": sectors, "expiry_notice_days": 90},
        ),
        "organizaciones": ("other", {"ctd": ("x", "liaison", False)}, {}),
    }
    for name, (kind, seats, more) in bodies.items():
        do(body_acts.BodyRegistered(body=name, body_kind=kind), sealed={"name": name.capitalize()})
        rules = body_acts.Rules(majorities={"simple": body_acts.MajorityRule()}, **more)
        do(body_acts.BodyRulesAdopted(body=name, profile="GENERIC", rules=rules, valid_from="2020-01-01"))
        defined = tuple(
            body_acts.Seat(seat=seat, sector=sector, role=role, voting=voting)
            for seat, (sector, role, voting) in seats.items()
        )
        do(body_acts.SeatsDefined(body=name, seats=defined, valid_from="2020-01-01"))
    batch = Batch(town.desk)
    town.seat_person(batch, "secretaria", "Secretaria de la asamblea", body="asamblea")
    town.seat_person(batch, "ctd", "Enlace de la confederación", body="organizaciones")
    for person, name in (("ana", "vocal-1"), ("sec", "secretario"), ("dora", "vocal-2")):
        town.enrol(batch, person, NAMES[person], town.keys(f"consultivo.{name}"))
    town.submit(batch.acts)
    held: tuple[tuple[str, str, str, Any], ...] = (
        *(("asamblea", f"vocal-{x}", f"a-{x}", None) for x in "abc"),
        ("consultivo", "vocal-2", "dora", "provisional"),
        ("consultivo", "vocal-3", "beto", None),
    )
    for body, seat, person, effect in held:
        if person != "dora":
            do(trust.PersonRegistered(person=person), sealed={"name": NAMES.get(person, "Votante")})
        made: dict[str, Any] = {"body": body, "seat": seat, "number": 1, "person": person, "effect": effect}
        span: dict[str, Any] = {
            "begins_at": "2024-01-01T00:00:00-06:00",
            "ends_at": SOON if body == "consultivo" else None,
        }
        do(designation_acts.DesignationRegistered(capacity="propietario", inscription=INSCRIBED, **made, **span))


def _propose(history: History) -> None:
    """The enlace proposes Ana twice: once it comes back, once it is validated."""
    town, enlace, clerk = history.town, history.town.officer("ctd", "organizaciones"), _clerk(history)
    place: dict[str, Any] = {"body": "consultivo", "seat": "vocal-1"}
    for number in (1, 2):
        term: dict[str, Any] = {"begins_at": BEGINS, "ends_at": ENDS}
        who: dict[str, Any] = {"organization": "ctd", "person": "ana", "capacity": "propietario"}
        proposed = nomination.DesignationProposed(**place, proposal=number, **who, **term)
        town.do(proposed, enlace, sealed={"document": PAPER})
        if number == 1:
            back = nomination.DesignationProposalReturned(**place, proposal=1, grounds=("DOCUMENTS",))
            town.do(back, clerk, sealed={"reason": "Falta la constancia"})
    answers = tuple(nomination.Declared(impediment=each, answer="none") for each in get_args(nomination.Impediment))
    checked = nomination.DesignationValidated(
        **place, proposal=2, checklist=get_args(nomination.Point), impediments=answers
    )
    town.do(checked, clerk, sealed={"declaration": PAPER})


def _vote(history: History) -> None:
    """The assembly votes twice: who is designated and ratified, and who is removed."""
    clerk, seats = _clerk(history), tuple(f"vocal-{x}" for x in "abc")

    def do(act: Any, **how: Any) -> None:
        history.town.do(act, clerk, **how)

    begins_at = write_instant(parse_written(history.instant) + timedelta(hours=1))
    items = tuple(session_acts.AgendaEntry(item=n, item_kind="decision") for n in (1, 2))
    convened = session_acts.SessionConvened(**OF, begins_at=begins_at, modality="presencial", items=items)
    do(convened, sealed={"item/1/title": "Elección", "item/2/title": "Remoción"})
    history.tick(hours=1)
    arrivals = tuple(session_acts.Arrival(seat=seat, designation=1) for seat in seats)
    do(session_acts.AttendanceRecorded(**OF, arrivals=arrivals))
    do(session_acts.QuorumDeclared(**OF, present=3, base=3, required=2))
    do(session_acts.SessionOpened(**OF))
    eligible = tuple(vote_acts.Holder(seat=seat, designation=1) for seat in seats)
    for n in (1, 2):
        do(session_acts.ItemOpened(**OF, item=n))
        opened = vote_acts.VoteOpened(**OF, vote=n, item=n, method="roll-call", eligible=eligible)
        do(opened, sealed={"motion": "Se aprueba"}, basis=["session/asamblea/2026/ord/1"])
        do(vote_acts.RollCallRecorded(**OF, vote=n, favor=seats))
        do(vote_acts.VoteDeclared(**OF, vote=n, favor=3, contra=0, abstencion=0, result="approved"))
        stream = f"vote/asamblea/2026/ord/1/{n}"
        adopted = agreement_acts.AgreementAdopted(
            body="asamblea", year=2026, number=n, vote=stream, ordinal=1, identifier=f"{n}/2026", resolutions=1
        )
        do(adopted, sealed={"title": f"Acuerdo {n}", "resolution/1": "Se aprueba."}, basis=[stream])
        do(session_acts.ItemConcluded(**OF, item=n, outcome="resolved"))
    do(session_acts.SessionClosed(**OF, votes=2, agreements=(1, 2)))


def _designate(history: History) -> None:
    """By vote, by oficio; what was provisional is ratified; who was heard is removed."""
    town, clerk, by = history.town, _clerk(history), "agreement/asamblea/2026/1"
    approved = designation_acts.DesignationApproved(
        body="consultivo",
        seat="vocal-1",
        number=1,
        person="ana",
        capacity="propietario",
        begins_at=BEGINS,
        ends_at=ENDS,
        effect="definitive",
        proposal=2,
        agreement=by,
    )
    town.do(approved, clerk, basis=["proposal/consultivo/vocal-1/2", by])
    named = designation_acts.DesignationAppointed(
        body="consultivo",
        seat="secretario",
        number=1,
        person="sec",
        capacity="propietario",
        begins_at=history.instant,
        oficio="SG/15/2026",
    )
    town.do(named, clerk, sealed={"document": PAPER})
    ratified = designation_acts.DesignationRatified(body="consultivo", seat="vocal-2", number=1, agreement=by)
    town.do(ratified, clerk, basis=[by])
    vote, hearing = "vote/asamblea/2026/ord/1/2", "hearing/consultivo/vocal-3/1"
    decided = nomination.RemovalDecided(body="consultivo", seat="vocal-3", designation=1, outcome="removed", vote=vote)
    town.do(decided, clerk, basis=[vote])
    removed = designation_acts.DesignationEnded(
        body="consultivo", seat="vocal-3", number=1, ended_at=history.instant, cause="removed", evidence=hearing
    )
    town.do(removed, town.officer("secretario", "consultivo"), basis=[hearing])


def _accredit(history: History) -> None:
    """Ana asks for a credential, loses it, and is given another one."""
    town = history.town
    clerk, ana = town.officer("secretario", "consultivo"), town.officer("vocal-1", "consultivo")
    place: dict[str, Any] = {"body": "consultivo", "seat": "vocal-1", "designation": 1}
    basis = ["designation/consultivo/vocal-1/1"]
    for number in (1, 2):
        of = place | {"credential": number}
        town.do(credential_acts.AccreditationRequested(**of), ana, sealed={"photograph": PAPER})
        town.do(credential_acts.AccreditationValidated(**of), clerk, basis=basis)
        town.do(credential_acts.CredentialIssued(**of, valid_to=ENDS), clerk, basis=basis)
        if number == 1:
            lost = credential_acts.CredentialRevoked(**of, reason="lost", replaced_by=2)
            town.do(lost, clerk, sealed={"explanation": "La perdió"})


def _leave(history: History) -> None:
    """Dora's term is announced to who proposes; she resigns before it ends."""
    town = history.town
    clerk, dora = town.officer("secretario", "consultivo"), town.officer("vocal-2", "consultivo")
    place: dict[str, Any] = {"body": "consultivo", "seat": "vocal-2", "designation": 1}
    left = (parse_written(SOON).date() - parse_written(history.instant).date()).days
    notice = nomination.ExpiryNoticeIssued(**place, organization="ctd", oficio="CC/3/2026", days_left=left)
    town.do(notice, clerk)
    enlace = town.officer("ctd", "organizaciones")
    town.do(nomination.ExpiryNoticeAcknowledged(**place, answer="will-substitute"), enlace, sealed={"receipt": PAPER})
    last = write_instant(parse_written(history.instant) + timedelta(days=20))
    of: dict[str, Any] = {"body": "consultivo", "seat": "vocal-2", "number": 1}
    town.do(designation_acts.ResignationFiled(**of, effective_at=last), dora, sealed={"reason": "Motivos propios"})
