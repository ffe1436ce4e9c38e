"""The chapter of a told history in which agreements are followed up, by units and their enlace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import followup, unit, validity
from ledger.compose import Batch

if TYPE_CHECKING:
    from tests.kit.history import History

FIRST: dict[str, Any] = {"body": "hcd", "year": 2026, "number": 1}
LEGACY: dict[str, Any] = {"body": "hcd", "year": 2021, "number": 1}
EVIDENCE: dict[str, Any] = {"name": "informe.pdf", "media_type": "application/pdf", "size": 9, "sha256": "cd" * 32}


def follow(history: History) -> None:
    """Tell units, capture, oficios, fulfilment, gazette, index and relations of the first agreement."""
    _organise(history)
    _capture(history)
    _fulfil(history)
    _relate(history)


def _organise(history: History) -> None:
    """Units over time, and a body in which the enlace of one of them sits."""
    do, town = history.do, history.town
    by_first = {"by": "agreement/hcd/2026/1", "effective_on": history.instant[:10]}
    for name, parent in (("dg", None), ("dir", "dg"), ("dpes", "dir"), ("daed", "dg")):
        created = unit.UnitCreated(unit=name, code=name.upper(), parent=parent, effective_on="2001-01-01")
        do(created, sealed={"name": f"Dirección {name}"})
    renamed = unit.UnitRenamed(unit="daed", code="DOE", **by_first)
    do(renamed, sealed={"name": "Dirección de Operación"}, basis=[by_first["by"]])
    do(unit.UnitReassigned(unit="dpes", parent="dg", effective_on="2022-05-04"))
    do(unit.UnitSuppressed(unit="daed", successor="dir", **by_first), basis=[by_first["by"]])
    do(body_acts.BodyRegistered(body="unidades", body_kind="other"), sealed={"name": "Enlaces"})
    seats = (body_acts.Seat(seat="dir", sector="ninguno", role="liaison", voting=False),)
    do(body_acts.SeatsDefined(body="unidades", seats=seats, valid_from="2020-01-01"))
    batch = Batch(town.desk)
    town.seat_person(batch, "dir", "Enlace de la Dirección", body="unidades")
    town.submit(batch.acts)


def _capture(history: History) -> None:
    """Two people capture it; two oficios, one of them acknowledged."""
    town = history.town
    town.do(followup.AgreementCaptured(**FIRST, resolutions=("authorise", "note"), series_code="1C.4"))
    town.do(followup.AgreementCaptureReviewed(**FIRST, outcome="confirmed"), town.chair)
    town.do(followup.CommunicationAuthorized(**FIRST))
    for name in ("dir", "dpes"):
        town.do(followup.AgreementCommunicated(**FIRST, unit=name, oficio=f"SG/{name}/2026"))
    received = followup.CommunicationAcknowledged(**FIRST, unit="dir", oficio="SG/dir/2026")
    town.do(received, town.officer("dir", "unidades"))


def _fulfil(history: History) -> None:
    """The enlace reports, the secretary verifies a part; a day is set and extended; it stays open."""
    town, enlace = history.town, history.town.officer("dir", "unidades")
    place: dict[str, Any] = FIRST | {"resolution": 1}
    town.do(followup.ResponsibilityAssigned(**place, units=("dpes",), authorized_amount=1_000_00))
    moved = followup.ResponsibilityTransferred(**place, from_unit="dpes", to_unit="dir")
    town.do(moved, sealed={"reason": "Por competencia"})
    town.do(followup.DueDateSet(**place, due_on="2026-03-31"))
    town.do(followup.DueDateExtended(**place, due_on="2026-04-30"), sealed={"reason": "Licitación desierta"})
    town.do(followup.ProgressReported(**place, unit="dir", percent=40), enlace, sealed={"narrative": "Va en curso."})
    town.do(followup.FulfilmentRejected(**place), sealed={"reason": "Falta evidencia"})
    town.do(followup.EvidenceSubmitted(**place, unit="dir"), enlace, sealed={"evidence": EVIDENCE})
    town.do(followup.AmountExercised(**place, unit="dir", amount=600_00), enlace)
    town.do(followup.FulfilmentVerified(**place, outcome="partial"))


def _relate(history: History) -> None:
    """Printed, filed, cited; corrected by the second session; it ends one of before the ledger."""
    town = history.town
    printed = followup.GazettePublicationRecorded(
        **FIRST, gazette="dof", published_on=history.instant[:10], effective_from="2026-04-01", notice="DOF-1"
    )
    town.do(printed)
    town.do(followup.AgreementFiled(**FIRST, series_code="1C.4"))
    town.do(followup.AgreementCited(**FIRST, identifier="667/2001"))
    vote = "vote/hcd/2026/ord/2/1"
    slip = validity.AgreementErrataIssued(**FIRST, vote=vote, corrects="unit")
    town.do(slip, sealed={"before": "DPM", "after": "DPES"}, basis=[vote])
    imported = agreement_acts.AgreementImported(
        **LEGACY,
        adopted_on="2021-06-02",
        identifier="ACDO.AS2.HCD.020621/1.P.DIR",
        provenance="LEGACY_SCAN",
        source_sha256="ab" * 32,
        row=1,
    )
    history.do(imported, sealed={"title": "Acuerdo de 2021"})
    by: dict[str, Any] = {"by": "agreement/hcd/2026/1", "by_resolution": 1, "effective_on": "2026-04-01"}
    town.do(validity.AgreementModified(**LEGACY, **by, resolutions=(2,)), basis=[by["by"]])
    town.do(validity.AgreementRevoked(**LEGACY, **by, effect="revoked"), basis=[by["by"]])
