"""From a closed session to a certificate: acta drafted, signed in turn, sealed; certified (domain.md §3.7, §3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ledger.acts import acta as acta_acts
from ledger.acts import certification as certification_acts
from ledger.acts import petition
from ledger.acts.transparency import TextPublished
from ledger.domain.body import body_of, rules_of
from ledger.domain.certified import describe, sheets_of
from ledger.domain.world import View
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.actas import ActaDesk
    from api.demo.town import Town
    from ledger.acts.petition import Petitioner
    from ledger.compose import Officer
    from ledger.domain.world import State

STATEMENT = "Certifico que el objeto descrito obra en el libro de esta Secretaría y es fiel a lo sellado."
PURPOSE = "Los fines que a la persona solicitante convengan."


def place_of(path: str) -> dict[str, str | int]:
    """Return the fields that name a session, from its path `hcd/2026/ord/3`."""
    body, year, series, number = path.split("/")
    return {"body": body, "year": int(year), "series": series, "session": int(number)}


def record(town: Town, desk: ActaDesk, path: str, signers: Mapping[str, Officer]) -> None:
    """Draft the acta of a session, let each of `signers` (seat → officer) sign it, and seal it."""
    place = place_of(path)
    secretary = signers[next(iter(signers))]
    act, blocks = desk.draft(path)
    drafted = town.do(act, secretary, basis=[f"session/{path}"], blocks=blocks.disclosures)
    for seat, officer in signers.items():
        signature = acta_acts.ActaSigned.model_validate({**place, "seat": seat, "root": blocks.root})
        town.do(signature, officer, basis=[f"acta/{path}"])
    sealed = acta_acts.ActaSealed.model_validate({**place, "root": blocks.root, "signatures": tuple(signers)})
    town.do(sealed, secretary)
    town.do(TextPublished(index=drafted[0].index), secretary)


@runtime_checkable
class Known(Protocol):
    """A ledger whose states can be looked at."""

    def state(self, stream: str) -> State | None:
        """Return a stream's state."""


def certify(
    town: Town,
    place: tuple[str, int, int],
    objects: Iterable[str],
    secretary: Officer,
    *,
    petitioner: Petitioner = "external",
    **said: Any,
) -> int:
    """Certify objects (their streams) in the certificate `place`: body, year, number; return its index.

    Where the body's profile wants three hands, it is requested, compiled by the archive's custodian, reviewed and
    issued by the secretary; otherwise the secretary certifies of himself.

    Args:
        town: Who signs.
        place: Body, year and number of the certificate.
        objects: Streams of what is certified.
        secretary: Who issues it.
        petitioner: Who asked.
        said: Further fields of what it says: negatives, copy_kind, sheets.
    """
    body, year, number = place
    world = looking(town)
    day = parse_written(town.now())
    content = {"objects": tuple(describe(world, stream, day) for stream in objects)} | said
    content.setdefault("sheets", sum(count or 0 for count in sheets_of(content["objects"], world)))
    act = certification_acts.CertificationIssued(body=body, year=year, number=number, **content)
    basis: list[str] = []
    if rules_of(body_of(world, body), day.date()).certification == "reviewed":
        act = act.model_copy(update={"request": request(town, act, secretary, petitioner)})
        basis = [str(act.request)]
    index: int = town.do(act, secretary, sealed={"statement": STATEMENT}, basis=basis)[0].index
    return index


def looking(town: Town) -> View:
    """Return the world as the town's ledger knows it."""
    if not isinstance(town.heads, Known):
        raise TypeError(type(town.heads).__name__)
    return View(town.heads.state, town.heads.origin)


def request(
    town: Town, act: certification_acts.CertificationIssued, secretary: Officer, petitioner: Petitioner = "external"
) -> str:
    """Request, admit, compile and review what a certificate is to say; return the request's stream."""
    world, today = looking(town), town.now()[:10]
    place: dict[str, Any] = {"body": act.body, "year": int(today[:4]), "number": 1}
    while world.begun(stream_name("request", act.body, place["year"], place["number"])):
        place["number"] += 1
    asked = petition.CertificationRequested(**place, petitioner=petitioner, received_on=today)
    town.do(asked, secretary, sealed={"purpose": PURPOSE})
    town.do(petition.CertificationRequestResolved(**place, outcome="admitted"), secretary)
    said = act.model_dump(include={"objects", "negatives", "copy_kind", "sheets"})
    town.do(petition.CertificationCompiled.model_validate({**place, "draft": 1, **said}), town.officer("custodio"))
    town.do(petition.CertificationReviewed(**place, draft=1, outcome="approved"), secretary)
    return asked.stream()
