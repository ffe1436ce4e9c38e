"""What every document has around its blocks: whose it is, where its act stands, when and where, for machines too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.addresses import permanent
from api.documents.codes import code_of
from api.documents.model import Document, Seal, Signatory
from api.problems import ApiError
from ledger.acts.body import BodyRegistered
from ledger.domain.certified import folios_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.documents.model import Block
    from api.documents.reading import Reading
    from ledger.acts.certification import Folios
    from ledger.domain.world import Signed

SCHEMA = "https://schema.org"
CODE_PATH = "/v/"


def parts_of(key: str, count: int) -> list[str]:
    """Return the segments of a key that must have so many.

    Raises:
        ApiError: "nothing-to-print".
    """
    parts = key.split("/")
    if len(parts) != count or not all(parts):
        raise ApiError(404, "nothing-to-print", stream=key)
    return parts


def framed(
    reading: Reading,
    kind: str,
    signed: Signed,
    body: str,
    blocks: list[Block],
    *,
    title: str = "",
    json_ld: Mapping[str, Any] | None = None,
    name: str = "",
    **changes: Any,
) -> Document:
    """Return a document that tells an act.

    Args:
        reading: Of the ledger.
        kind: Of the document.
        signed: The act; the document is dated as it was signed.
        body: Whose it is.
        blocks: What it says.
        title: Its title, the kind's own where there is none.
        json_ld: What machines are told of it beside its name, date and publisher.
        name: What its file is called after its kind; the act's stream where there is none.
        changes: Other fields of `Document`.
    """
    layout, said = reading.layout, signed.statement
    seal = seal_of(reading, signed)
    reading.rests.add(signed.index)
    by_body = {f"body/{body}"} if body else set()
    for stream in by_body:
        reading.rests.update(each.index for each in reading.acts(stream) if isinstance(each.act, BodyRegistered))
    for source in ("ledger", *by_body):  # the names of institution and body are shown, so they are evidence
        first = next(iter(reading.acts(source)), None)
        if first is not None:
            reading.value(first.index, "institution" if source == "ledger" else "name")
    named = title or layout.titles[kind]
    closing = layout.say("dated", city=layout.city, **reading.when(said.signed_at))
    of_body = reading.body(body) if body else ""
    publisher = of_body if body else reading.institution
    described = _described(permanent(reading.origin, f"{said.stream}#{kind}"), seal, said.signed_at, named, publisher)
    stem = (name or said.stream.partition("/")[2]).replace("/", "-")
    fields: dict[str, Any] = {
        "title": named,
        "folio": "",
        "closing": closing,
        "json_ld": described | dict(json_ld or {}),
        "institution": reading.institution,
        "body": of_body,
        "fictitious": reading.fictitious,
        "public": reading.public,
    }
    return Document(
        kind=kind, name=f"{kind}-{stem}", at=said.signed_at, seal=seal, blocks=tuple(blocks), **(fields | changes)
    )


def _described(address: str, seal: Seal, at: str, named: str, publisher: str) -> dict[str, Any]:
    """Return what machines are told of any document."""
    return {
        "@context": SCHEMA,
        "@type": "DigitalDocument",
        "@id": address,
        "name": named,
        "inLanguage": "es-MX",
        "datePublished": at,
        "publisher": {"@type": "GovernmentOrganization", "name": publisher},
        "identifier": seal.code,
        "sha256": seal.statement,
    }


def seal_of(reading: Reading, signed: Signed) -> Seal:
    """Return how the act is found again."""
    raw = reading.store.entry(signed.index)
    if raw is None:
        raise ApiError(404, "nothing-to-print", stream=signed.statement.stream)
    code = code_of(signed.index, raw)
    address = f"{reading.address}{CODE_PATH}{code}"
    return Seal(signed.index, signed.statement.stream, signed.statement.sha256, code, address)


def signatory(reading: Reading, signed: Signed, note: str = "") -> Signatory:
    """Return the place where whoever signed an act signs the paper."""
    office = signed.statement.office
    name, role = reading.officer(office)
    if not note:
        note = reading.layout.say("signed", **reading.when(signed.statement.signed_at))
    return Signatory(field_of(office), name, role, note, office)


def field_of(office: str) -> str:
    """Return the place in papers of whoever acts in an office: the seat's, whoever holds it."""
    return "firma-" + "-".join(office.split("/")[1:-1] or [office])


def bound(reading: Reading, folios: Folios | None) -> str:
    """Return where something is bound, as people say it."""
    if folios is None:
        return reading.layout.say("unbound")
    _, _, year, volume = folios.book.split("/")
    phrase = "bound" if folios.last > folios.first else "bound_one"
    return reading.layout.say(phrase, volume=volume, year=year, first=folios.first, last=folios.last)


def folios_at(reading: Reading, stream: str) -> str:
    """Return where an object is bound; empty where it is not bound anywhere."""
    found = folios_of(reading.world, stream)
    return "" if found is None else bound(reading, found)
