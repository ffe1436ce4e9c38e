"""The numbers that must come out (domain.md §7.5): stated here, counted through the registries' own addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from api.demo.year.script import ENDS
from api.demo.year.teller import ToldWrongError, moment
from ledger.ids import parse_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from api.client import Client

ON = ENDS[:10]
PAGE = 200
SOON = timedelta(days=90)


def rows(client: Client, path: str, **query: str) -> Iterator[dict[str, Any]]:
    """Yield all objects of a list of the API, page by page."""
    asked: dict[str, str] | None = {**query, "limit": str(PAGE)}
    while asked is not None:
        page = client.get(f"/api/v1/{path}", **asked)
        yield from page["data"]
        following = page["links"].get("next")
        asked = None if following is None else dict(parse_qsl(urlsplit(following).query))


def _count(path: str, **query: str) -> Callable[[Client], int]:
    return lambda client: sum(1 for _ in rows(client, path, **query))


def _agreements(validity: str) -> Callable[[Client], int]:
    return lambda client: sum(each["validity"] == validity for each in rows(client, "agreements"))


def _not_held(client: Client) -> int:
    """A session that was called a second time was not held at the first."""
    return sum(each["call"] - 1 for each in rows(client, "sessions"))


def _term(fits: Callable[[datetime, datetime, datetime | None], bool]) -> Callable[[Client], int]:
    """Count designations by (the clock, beginning, end)."""

    def count(client: Client) -> int:
        now = moment(ENDS)
        return sum(
            fits(now, parse_written(each["begins_at"]), _instant(each.get("ends_at")))
            for each in rows(client, "designations")
        )

    return count


def _instant(text: str | None) -> datetime | None:
    return None if text is None else parse_written(text)


def _incidents(field: str) -> Callable[[Client], int]:
    return lambda client: sum(each[field] for each in rows(client, "received-actas"))


def _refused(client: Client) -> int:
    return int(client.get("/api/v1/health")["refusals"]["votes"])


COUNTERS: Mapping[str, tuple[int, Callable[[Client], int]]] = {
    "sesiones celebradas / sessions held": (25, _count("sessions", status="closed")),
    "sesiones sin quórum / not held": (1, _not_held),
    "votaciones / votes": (81, _count("votes")),
    "votaciones no aprobadas / rejected": (1, _count("votes", result="rejected")),
    "acuerdos / agreements": (193, _count("agreements")),
    "acuerdos vigentes / in force": (191, _agreements("in-force")),
    "resolutivos modificados / modified": (1, _count("follow-up", on=ON, status="modified")),
    "acuerdos sin efectos / without effect": (1, _agreements("revoked")),
    "acuerdos anulados por veto / annulled": (1, _agreements("annulled")),
    "resolutivos en seguimiento / followed": (71, _count("follow-up", on=ON)),
    "resolutivos vencidos / overdue": (3, _count("follow-up", on=ON, status="overdue")),
    "actas selladas / sealed actas": (23, _count("actas", status="sealed")),
    "fe de erratas": (1, _count("erratas")),
    "certificaciones / certificates": (5, _count("certifications")),
    "certificaciones sustituidas / superseded": (1, _count("certifications", status="superseded")),
    "certificaciones revocadas / revoked": (1, _count("certifications", status="revoked")),
    "designaciones en vigor / in force": (
        110,
        _term(lambda now, begins, ends: begins <= now and (ends is None or now < ends)),
    ),
    "designaciones por vencer (90 días) / expiring": (
        2,
        _term(lambda now, _begins, ends: ends is not None and now < ends <= now + SOON),
    ),
    "designaciones vencidas / expired": (2, _term(lambda now, _begins, ends: ends is not None and ends <= now)),
    "recomendaciones de vigilancia / recommendations": (3, _count("recommendations")),
    "recomendaciones atendidas / attended": (1, _count("recommendations", status="attended")),
    "vetos resueltos / vetoes resolved": (2, _count("vetoes", status="resolved")),
    "votos particulares / dissents": (1, _count("dissents")),
    "dictámenes de comités / dictamens": (2, _count("dictamens")),
    "incidencias de actas recibidas / incidents": (2, _incidents("incidents")),
    "incidencias sin resolver / open": (1, _incidents("open_incidents")),
    "reservas en vigor / reserved": (1, _count("classifications", on=ON, status="in-force")),
    "versiones públicas / public versions": (1, _count("public-versions", status="approved")),
    "solicitudes de acceso y ARCO / requests": (2, _count("access-requests", on=ON, status="answered")),
    "votos rehusados / refused votes": (3, _refused),
    "identificadores en cuarentena / quarantined": (1, _count("quarantined-identifiers")),
}
"""What is counted: the number that must come out, and how it is read."""


INDEX = "/api/v1/reserved-indexes/ctd/2026/1"
VERDICTS: Mapping[int, str] = {
    7: "VALID_BUT_ACT_MODIFIED",
    8: "VALID_BUT_SUPERSEDED",
    9: "REVOKED",
    10: "VALID",
    11: "VALID",
}
"""Certificate of the council in 2026 → what whoever scans it is told at the end (§7.3)."""


def _verdict(client: Client, number: int) -> str:
    return str(client.get(f"/api/v1/certifications/hcd/2026/{number}/verification")["headline"])


def check(client: Client, size: int) -> dict[str, int]:
    """Count everything through the API, and ask after each certificate, once the registries show `size` acts.

    Raises:
        ToldWrongError: "told-miscounted", naming everything that is not what it must be.
    """
    client.get("/api/v1/bodies", wait_until=str(size - 1))
    counted = {name: count(client) for name, (_, count) in COUNTERS.items()}
    wrong = [
        f"{name}: {counted[name]}, not {wanted}" for name, (wanted, _) in COUNTERS.items() if counted[name] != wanted
    ]
    said = {number: _verdict(client, number) for number in VERDICTS}
    wrong += [
        f"certificate {number}: {said[number]}, not {wanted}"
        for number, wanted in VERDICTS.items()
        if said[number] != wanted
    ]
    if not client.get(INDEX)["matches"]:
        wrong.append("the published index of what is reserved, computed again, has another hash")
    if wrong:
        raise ToldWrongError("told-miscounted", "; ".join(wrong))
    return counted
