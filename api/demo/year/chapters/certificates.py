"""Certificates 7 to 11 of 2026, and the auditor who asks for most of them (domain.md §7.3).

Three hands each: the prosecretary compiles, the archive's custodian reviews, the secretary issues.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.demo.year.course import Event, on
from ledger.acts import certification as certification_acts
from ledger.acts import oversight, petition
from ledger.domain.certified import describe, sheets_of
from ledger.domain.negative import matching

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

SECRETARY, COMPILER, REVIEWER = "hcd/secretario", "hcd/prosecretario", "hcd/custodio"
STATEMENT = "Certifico que lo descrito obra en los libros de esta Secretaría y es fiel a lo asentado."
NOTHING = "Ninguno de los acuerdos listados autoriza contratación alguna con el proveedor Z (ficticio)."
PAYMENTS, RENAMING, SALE = "agreement/hcd/2026/19", "agreement/hcd/2026/31", "agreement/hcd/2026/112"
ACTA = "acta/hcd/2026/ord/3"
AUDIT = "requirement/hcd/2026/1"
RQ: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
EXTRA_SHEETS = 2
"""Sheets that a certificate has besides those of books: agreements are not bound by themselves."""


def certificate(number: int) -> dict[str, Any]:
    """Return the fields that name a certificate."""
    return {"body": "hcd", "year": 2026, "number": number}


def issue(t: Teller, number: int, content: dict[str, Any], *, petitioner: Any, matter: str | None = None) -> None:
    """Request, admit, compile, review, issue and deliver the n-th certificate."""
    asked: dict[str, Any] = {"body": "hcd", "year": 2026, "number": t.next_number("request/hcd/2026")}
    requested = petition.CertificationRequested(
        **asked,
        petitioner=petitioner,
        received_on=t.today,
        objects=tuple(each.stream for each in content.get("objects", ())),
        asks_negative=bool(content.get("negatives")),
        matter=matter,
    )
    asking = {"purpose": "Los que convengan a una persona titular (ficticia)."}
    signed = t.sign(requested, SECRETARY, sealed=asking, basis=[matter] if matter else [])
    t.notes[f"purpose {number}"] = signed.statement.sealed["purpose"]
    t.sign(petition.CertificationRequestResolved(**asked, outcome="admitted"), SECRETARY)
    t.sign(petition.CertificationCompiled(**asked, draft=1, **content), COMPILER)
    t.sign(petition.CertificationReviewed(**asked, draft=1, outcome="approved"), REVIEWER)
    if t.next_number("certification/hcd/2026") != number:
        raise ValueError(number)
    stream = requested.stream()
    issued = certification_acts.CertificationIssued(**certificate(number), **content, request=stream)
    sealed = {"statement": STATEMENT}
    if issued.negatives:
        sealed["negative/1"] = NOTHING
    t.sign(issued, SECRETARY, sealed=sealed, basis=[stream], public=True)
    handed = certification_acts.CertificationDelivered(**certificate(number), delivered_on=t.today, channel="platform")
    t.sign(handed, SECRETARY)
    t.send()


def of(t: Teller, *streams: str) -> dict[str, Any]:
    """Return what a certificate of these objects says, as they stand now."""
    t.send()
    objects = tuple(describe(t.world, stream, t.clock) for stream in streams)
    counts = list(sheets_of(objects, t.world))
    unbound = EXTRA_SHEETS * counts.count(None)
    return {"objects": objects, "sheets": sum(count or 0 for count in counts) + unbound}


def certify(t: Teller, number: int, *streams: str, petitioner: Any = "external", matter: str | None = None) -> None:
    """Certify objects as they stand."""
    issue(t, number, of(t, *streams), petitioner=petitioner, matter=matter)


def nothing_on_record(t: Teller) -> None:
    """Certify which agreements of 2026 the Dirección de Administración answers for: supplier Z is in none of them."""
    t.send()
    size, root = t.outside.checkpoint()
    negative = certification_acts.Negative(
        object_kind="agreement",
        year=2026,
        last=t.numbers["agreement/hcd/2026"],
        from_on="2026-01-01",
        to_on=t.today,
        unit="da",
        tree_size=size,
        root=root,
    )
    listed = matching(negative, "hcd", t.clock, t.world)
    negative = negative.model_copy(update={"listed": listed})
    issue(t, 10, {"negatives": (negative,)}, petitioner="oversight", matter=AUDIT)


def anchored(t: Teller) -> None:
    """The head of the tree goes to the auditor by e-mail: whoever kept it notices if what was before is rewritten."""
    t.send()
    t.outside.keep_checkpoint(t.today)


def required(t: Teller) -> None:
    """The auditor requires certificates, a negative one and the whole book, within ten business days (LFRCF 9)."""
    act = oversight.OversightRequirementReceived(
        **RQ,
        authority="asf",
        reference="RQ-2026-014",
        asks=("certificates", "negative", "bundle"),
        from_on="2025-11-01",
        to_on="2026-09-14",
        received_on="2026-09-14",
        business_days=10,
        due_on="2026-09-29",
    )
    scope = "Acuerdos 19, 31 y 112 de 2026; que no consta contratación con el proveedor Z; el libro completo."
    t.sign(act, SECRETARY, sealed={"scope": scope})


def answered(t: Teller) -> None:
    """The whole book goes to the auditor, with the head of the tree that he had got by e-mail in June as anchor."""
    t.send()
    made = t.outside.hand_over("RQ-2026-014")
    bundle = oversight.EvidenceBundleExported(
        **RQ,
        bundle=1,
        manifest_sha256=made.manifest_sha256,
        tree_size=made.size,
        root=made.root,
        first_index=0,
        last_index=made.size - 1,
    )
    t.sign(bundle, SECRETARY)
    certificates = tuple(f"certification/hcd/2026/{number}" for number in (8, 9, 10))
    answer = oversight.OversightRequirementAnswered(
        **RQ, oficio="SG-ASF-0031-2026", answered_on=t.today, certificates=certificates, bundles=(1,)
    )
    t.sign(answer, SECRETARY, basis=certificates, sealed={"answer": "Se remite lo requerido."})


def issued_anew(t: Teller) -> None:
    """The ninth names a wrong folio and is revoked; agreement 19 was modified and the eighth is superseded.

    The eleventh takes the place of both. The seventh stays as it is: whoever checks it learns that 19 was modified.
    """
    t.sign(certification_acts.CertificationRevoked(**certificate(9), reason="wrong-folio"), SECRETARY)
    certify(t, 11, ACTA, PAYMENTS, RENAMING, SALE, petitioner="oversight")
    t.sign(certification_acts.CertificationSuperseded(**certificate(8), by_year=2026, by_number=11), SECRETARY)


def finding(t: Teller) -> None:
    """The auditor finds that more was spent on vaccines than authorised; it is explained, and the audit closed."""
    spent = t.notes["overspent"]
    linked = oversight.AuditFindingLinked(**RQ, finding=1, reference="26-1-0001-F-01", acts=(spent,))
    t.sign(linked, SECRETARY, sealed={"finding_text": "Lo ejercido excede en 12,500 pesos lo autorizado."})
    cleared = oversight.AuditFindingClarified(**RQ, finding=1, outcome="clarified")
    t.sign(cleared, SECRETARY, sealed={"explanation": "La diferencia es el impuesto, que se reintegró."})
    t.sign(oversight.OversightRequirementClosed(**RQ, closed_on=t.today, oficio="ASF-0912-2026"), SECRETARY)


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2026-04-01 12:00", certify, 7, PAYMENTS),
        on("2026-06-30 18:00", anchored),
        on("2026-09-14 12:00", required),
        on("2026-09-23 12:00", certify, 8, PAYMENTS, RENAMING, SALE, petitioner="oversight", matter=AUDIT),
        on("2026-09-23 13:00", certify, 9, ACTA, petitioner="oversight", matter=AUDIT),
        on("2026-09-24 12:00", nothing_on_record),
        on("2026-09-28 12:00", answered),
        on("2026-10-05 12:00", issued_anew),
        on("2026-10-20 12:00", finding),
    ]
