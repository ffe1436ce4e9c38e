"""Check and evolve by kind of stream: the one place where server and verifier ask the rules (house.md §1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ledger.domain import (
    access,
    acta,
    agreement,
    appendix,
    appointment,
    asunto,
    ballot,
    book,
    ca,
    calendar,
    capture,
    carpeta,
    certification,
    circulation,
    citation,
    classification,
    communication,
    conflict,
    consultation,
    credential,
    custody,
    delivery,
    dictamen,
    dissent,
    erasure,
    errata,
    establishment,
    filing,
    fixity,
    fulfilment,
    gazette,
    hearing,
    holidays,
    interpretation,
    note,
    notice,
    objection,
    person,
    proposal,
    publication,
    quarantine,
    received,
    recommendation,
    recording,
    report,
    request,
    requirement,
    reservedindex,
    series,
    session,
    signature,
    sipot,
    trust,
    unit,
    version,
    veto,
    vote,
)
from ledger.domain.rules.authority import check_authority, check_window
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.domain.world import Signed, State, World

Check: TypeAlias = Callable[[Any, "Signed", "World"], None]
Evolve: TypeAlias = Callable[[Any, "Signed"], "State"]


class Aggregate(NamedTuple):
    """The rules of one kind of stream and how many segments its names have."""

    check: Check
    evolve: Evolve
    segments: int


AGGREGATES: dict[str, Aggregate] = {
    "ledger": Aggregate(trust.check_ledger, trust.evolve_ledger, 0),
    "key": Aggregate(trust.check_key, trust.evolve_key, 1),
    "person": Aggregate(person.check_person, person.evolve_person, 1),
    "ca": Aggregate(ca.check, ca.evolve, 1),
    "acknowledgement": Aggregate(person.check_acknowledgement, person.evolve_acknowledgement, 1),
    "body": Aggregate(establishment.check, establishment.evolve, 1),
    "designation": Aggregate(appointment.check, appointment.evolve, 3),
    "proposal": Aggregate(proposal.check, proposal.evolve, 3),
    "hearing": Aggregate(hearing.check, hearing.evolve, 3),
    "notice": Aggregate(notice.check, notice.evolve, 3),
    "credential": Aggregate(credential.check, credential.evolve, 4),
    "series": Aggregate(series.check, series.evolve, 2),
    "holidays": Aggregate(holidays.check, holidays.evolve, 1),
    "session": Aggregate(session.check, session.evolve, 4),
    "calendar": Aggregate(calendar.check, calendar.evolve, 2),
    "asunto": Aggregate(asunto.check, asunto.evolve, 3),
    "dictamen": Aggregate(dictamen.check, dictamen.evolve, 3),
    "carpeta": Aggregate(carpeta.check, carpeta.evolve, 4),
    "recording": Aggregate(recording.check, recording.evolve, 5),
    "delivery": Aggregate(delivery.check, delivery.evolve, 4),
    "vote": Aggregate(vote.check, vote.evolve, 5),
    "ballot": Aggregate(ballot.check, ballot.evolve, 6),
    "objection": Aggregate(objection.check, objection.evolve, 6),
    "note": Aggregate(note.check, note.evolve, 5),
    "dissent": Aggregate(dissent.check, dissent.evolve, 6),
    "conflict": Aggregate(conflict.check, conflict.evolve, 6),
    "agreement": Aggregate(agreement.check, agreement.evolve, 3),
    "capture": Aggregate(capture.check, capture.evolve, 3),
    "communication": Aggregate(communication.check, communication.evolve, 3),
    "fulfilment": Aggregate(fulfilment.check, fulfilment.evolve, 4),
    "gazette": Aggregate(gazette.check, gazette.evolve, 3),
    "filing": Aggregate(filing.check, filing.evolve, 3),
    "citation": Aggregate(citation.check, citation.evolve, 3),
    "unit": Aggregate(unit.check, unit.evolve, 1),
    "quarantine": Aggregate(quarantine.check, quarantine.evolve, 2),
    "interpretation": Aggregate(interpretation.check, interpretation.evolve, 4),
    "recommendation": Aggregate(recommendation.check, recommendation.evolve, 3),
    "report": Aggregate(report.check, report.evolve, 4),
    "veto": Aggregate(veto.check, veto.evolve, 3),
    "acta": Aggregate(acta.check, acta.evolve, 4),
    "signature": Aggregate(signature.check, signature.evolve, 5),
    "circulation": Aggregate(circulation.check, circulation.evolve, 4),
    "appendix": Aggregate(appendix.check, appendix.evolve, 5),
    "errata": Aggregate(errata.check, errata.evolve, 5),
    "book": Aggregate(book.check, book.evolve, 3),
    "custody": Aggregate(custody.check, custody.evolve, 3),
    "fixity": Aggregate(fixity.check, fixity.evolve, 4),
    "received": Aggregate(received.check, received.evolve, 2),
    "request": Aggregate(request.check, request.evolve, 3),
    "requirement": Aggregate(requirement.check, requirement.evolve, 3),
    "certification": Aggregate(certification.check, certification.evolve, 3),
    "publication": Aggregate(publication.check, publication.evolve, 1),
    "access": Aggregate(access.check, access.evolve, 3),
    "classification": Aggregate(classification.check, classification.evolve, 1),
    "version": Aggregate(version.check, version.evolve, 2),
    "reservedindex": Aggregate(reservedindex.check, reservedindex.evolve, 3),
    "sipot": Aggregate(sipot.check, sipot.evolve, 5),
    "consultation": Aggregate(consultation.check, consultation.evolve, 2),
    "erasure": Aggregate(erasure.check, erasure.evolve, 2),
}


def check(state: State | None, signed: Signed, world: World) -> None:
    """Check an act against every rule that holds for it (V8, V10).

    Raises:
        RuleViolation: with the code of the first rule that refuses it.
    """
    check_window(signed, world)
    check_authority(signed, world)
    check_basis_kinds(signed)
    AGGREGATES[signed.act.kind].check(state, signed, world)


def evolve(state: State | None, signed: Signed) -> State:
    """Return the state of the act's stream after the act; the act has passed `check`."""
    return AGGREGATES[signed.act.kind].evolve(state, signed)


def check_basis_kinds(signed: Signed) -> None:
    """Check that `basis` names a stream of each kind that the type requires (format.md §3).

    Raises:
        RuleViolation: "basis-missing".
    """
    if not signed.act.basis_kinds:
        return
    for kind in signed.act.basis_kinds:
        if not any(stream.partition("/")[0] == kind for stream in signed.statement.basis):
            raise RuleViolation("basis-missing", kind=kind, type=signed.act.type_name)
