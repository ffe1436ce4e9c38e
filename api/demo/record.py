"""From a closed session to a certificate: acta drafted, signed in turn, sealed; certified (domain.md §3.7, §3.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts import acta as acta_acts
from ledger.acts import certification as certification_acts
from ledger.acts.transparency import TextPublished

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.actas import ActaDesk
    from api.demo.town import Town
    from ledger.compose import Officer
    from ledger.domain.world import State

STATEMENT = "Certifico que el objeto descrito obra en el libro de esta Secretaría y es fiel a lo sellado."


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


def certify(town: Town, place: tuple[str, int, int], objects: Mapping[str, State], secretary: Officer) -> None:
    """Certify objects (stream → state as it stands) in the certificate `place`: body, year, number."""
    body, year, number = place
    certified = tuple(
        certification_acts.CertifiedObject(
            stream=stream, index=state.index, statement=state.statement, root=getattr(state, "root", None)
        )
        for stream, state in objects.items()
    )
    act = certification_acts.CertificationIssued(body=body, year=year, number=number, objects=certified)
    town.do(act, secretary, sealed={"statement": STATEMENT})
