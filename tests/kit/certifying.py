"""A chapter for a told history: certificates asked for, refused, negative and delivered; an oversight requirement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from api.demo.record import certify, looking
from ledger.acts import oversight, petition
from ledger.acts.certification import CertificationDelivered, Negative
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.domain.body import body_of, rules_of
from ledger.domain.holidays import business_deadline
from ledger.domain.negative import matching
from ledger.ids import parse_written

if TYPE_CHECKING:
    from tests.kit.history import History

REQUIREMENT: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
MANIFEST = "cd" * 32


def tell_of_certificates(history: History) -> None:
    """Tell of a requirement, of requests that came to nothing, and of a negative certificate that was delivered."""
    _require(history)
    _turn_away(history)
    number = 3
    certify(
        history.town,
        ("hcd", 2026, number),
        (),
        history.town.secretary,
        petitioner="oversight",
        negatives=(nothing_in(history, "2026-01-01", "2026-01-31"),),
    )
    delivered = CertificationDelivered(
        body="hcd", year=2026, number=number, delivered_on=history.instant[:10], channel="counter"
    )
    history.town.do(delivered, sealed={"receipt": "Recibí el original."})
    _answer(history, f"certification/hcd/2026/{number}")


def nothing_in(history: History, from_on: str, to_on: str) -> Negative:
    """Return that the agreements of 2026 have nothing in a period, as of all that stands now."""
    last, size = 0, history.store.head().size
    while history.ledger.state(f"agreement/hcd/2026/{last + 1}") is not None:
        last += 1
    root = root_of([leaf_hash(raw) for raw in history.store.entries(0, size)]).hex()
    place: dict[str, Any] = {"object_kind": "agreement", "year": 2026, "last": last, "tree_size": size, "root": root}
    said = Negative(**place, from_on=from_on, to_on=to_on)
    world = looking(history.town)
    return said.model_copy(update={"listed": matching(said, "hcd", parse_written(history.instant), world)})


def _require(history: History) -> None:
    """The Auditoría requires; a request of the same matter; a bundle."""
    world, today = looking(history.town), date.fromisoformat(history.instant[:10])
    due = business_deadline(world, rules_of(body_of(world, "hcd"), today), today, 10)
    received = oversight.OversightRequirementReceived(
        **REQUIREMENT,
        authority="asf",
        reference="RQ-2026-014",
        asks=("certificates", "negative", "bundle"),
        from_on="2026-01-01",
        to_on=today.isoformat(),
        received_on=today.isoformat(),
        business_days=10,
        due_on=due.isoformat(),
    )
    history.town.do(received, sealed={"scope": "Acuerdos 1 a 3 con sus anexos."})
    size = history.store.head().size
    root = root_of([leaf_hash(raw) for raw in history.store.entries(0, size)]).hex()
    span: dict[str, Any] = {"tree_size": size, "root": root, "first_index": 0, "last_index": size - 1}
    exported = oversight.EvidenceBundleExported(**REQUIREMENT, bundle=1, manifest_sha256=MANIFEST, grants=1, **span)
    history.town.do(exported, history.town.officer("custodio"), sealed={"granted": "El dictamen, a la auditora."})


def _turn_away(history: History) -> None:
    """Two requests: one rejected, one admitted, compiled, returned and denied."""
    town, today = history.town, history.instant[:10]
    number, place = 1, dict[str, Any]()
    while history.ledger.state(f"request/hcd/2026/{number}") is not None:
        number += 1
    for outcome in ("rejected", "admitted"):
        place = {"body": "hcd", "year": 2026, "number": number}
        matter = "requirement/hcd/2026/1"
        asked = petition.CertificationRequested(
            **place, petitioner="oversight", received_on=today, objects=("agreement/hcd/2026/1",), matter=matter
        )
        sealed = {"petitioner_name": "Auditora (ficticia)", "purpose": "Fiscalización"}
        town.do(asked, sealed=sealed, basis=[matter])
        resolved = petition.CertificationRequestResolved.model_validate({**place, "outcome": outcome})
        town.do(resolved, sealed={"reason": "No acredita su cargo."} if outcome == "rejected" else None)
        number += 1
    said = nothing_in(history, "2026-01-01", "2026-01-31")
    town.do(petition.CertificationCompiled(**place, draft=1, negatives=(said,)), town.officer("custodio"))
    returned = petition.CertificationReviewed(**place, draft=1, outcome="returned")
    town.do(returned, sealed={"remarks": "Falta un anexo."})
    denied = petition.CertificationRequestResolved(**place, outcome="denied")
    town.do(denied, sealed={"reason": "Lo pedido no es de este órgano."})


def _answer(history: History, certificate: str) -> None:
    """Answer with the bundle and the certificate; two findings, one of them clarified."""
    town, today = history.town, history.instant[:10]
    answered = oversight.OversightRequirementAnswered(
        **REQUIREMENT, oficio="SG/881/2026", answered_on=today, certificates=(certificate,), bundles=(1,)
    )
    town.do(answered, basis=[certificate], sealed={"answer": "Se remite lo solicitado."})
    for number in (1, 2):
        linked = oversight.AuditFindingLinked(**REQUIREMENT, finding=number, reference=f"2026-0-{number}", acts=(0, 5))
        town.do(linked, sealed={"finding_text": "Falta un anexo."})
    clarified = oversight.AuditFindingClarified(**REQUIREMENT, finding=1, outcome="clarified")
    town.do(clarified, sealed={"explanation": "El anexo obra a folio 7."})
