"""Examples and links of the OpenAPI document: addresses of the demo year, which a test sends to it one by one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from api.routes.registries import RESOURCES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.routes.resources import Resource

API = "/api/v1"
_DEEP = frozenset({"path", "number", "stream", "key"})
"""Parameters that may have slashes; where others follow, no address fits."""
EXAMPLES = (
    "/access-requests/ctd/2026/41",
    "/actas/hcd/2025/ord/11",
    "/actas/hcd/2025/ord/11/blocks",
    "/actas/hcd/2025/ord/11/signatures/secretario",
    "/agreements/hcd/2026/19",
    "/appendices/hcd/2026/ord/2/1",
    "/asuntos/hcd/2026/1",
    "/bodies/agd",
    "/bodies/hcd/composition",
    "/bodies/hcd/ordinary-sessions/2026",
    "/books/hcd/2025/1",
    "/calendars/hcd/2026",
    "/captures/hcd/2025/201",
    "/carpetas/hcd/2025/ord/11",
    "/certification-requests/hcd/2026/1",
    "/certifications/hcd/2026/7",
    "/certifications/hcd/2026/7/verification",
    "/chronological-index/hcd/2025/201",
    "/circulations/hcd/2025/ord/11",
    "/circulations/hcd/2026/ord/1/observations/1",
    "/communications/hcd/2025/201",
    "/conflicts/hcd/2026/ord/4/3/patronal-2",
    "/credentials/hcd/obrero-2/1/1",
    "/credentials/hcd/obrero-2/1/1/qr.svg",
    "/credentials/hcd/obrero-2/1/1/verification",
    "/designation-proposals/hcd/obrero-2/1",
    "/designations/hcd/registrador/1",
    "/documents-of/certificacion/hcd/2026/7.html",
    "/dictamens/cpd/2026/1",
    "/dissents/hcd/2026/ord/2/4/patronal-3",
    "/erratas/hcd/2026/ord/3/1",
    "/expiry-notices/hcd/obrero-2/1",
    "/follow-up/hcd/2025/201/2",
    "/gazette-prints/hcd/2025/201",
    "/holidays/mx-federal",
    "/holidays/mx-federal/deadline?since=2026-03-02&business_days=10",
    "/interpretations/hcd/2026/19/1",
    "/log/consistency?old=100",
    "/objections/gsp/2026/ord/1/1/economia",
    "/quarantined-identifiers/hcd/1",
    "/received-actas/hcd/1",
    "/received-actas/hcd/1/incidents/1",
    "/recommendation-balances/cvd/2026",
    "/recommendations/cvd/12/1",
    "/recordings/hcd/2025/ord/11/1",
    "/report-contents/hcd/activity/2026-c1/100",
    "/reports/hcd/activity/2026-c1/1",
    "/reports/hcd/activity/2026-c1/1/content",
    "/requirements/hcd/2026/1",
    "/requirements/hcd/2026/1/findings/1",
    "/reserved-indexes/ctd/2026/1",
    "/sessions/hcd/2025/ord/11",
    "/sessions/hcd/2025/ord/11/attendance",
    "/sessions/hcd/2025/ord/11/convocations",
    "/sessions/hcd/2025/ord/11/interventions",
    "/streams/session/hcd/2025/ord/11",
    "/timeline/agreement/hcd/2026/19",
    "/units/dir",
    "/vetoes/ccvn/2026/2",
    "/votes/hcd/2025/ord/11/1",
    "/votes/hcd/2025/ord/11/1/marks",
    "/votes/hcd/2025/ord/11/1/marks/estado-1/1",
)
"""Addresses below /api/v1 that the demo year has; other parameters keep the examples of their own."""


def complete(document: dict[str, Any]) -> None:
    """Give the document's operations their examples, and lists the links to their objects and next pages."""
    for template, item in document["paths"].items():
        told = _example(template)
        for parameter in item.get("get", {}).get("parameters", ()):
            if parameter["name"] in told:
                typed = int if parameter["schema"].get("type") == "integer" else str
                parameter["example"] = typed(told[parameter["name"]])
    ids = {template: item["get"]["operationId"] for template, item in document["paths"].items() if "get" in item}
    for template, links in _links(ids):
        document["paths"][template]["get"]["responses"]["200"]["links"] = links


def _example(template: str) -> dict[str, str]:
    """Return the values of an address' parameters in the example of it, none where it has no example."""
    pattern = re.compile(re.sub(r"\\{(\w+)\\}", _part, re.escape(template)))
    for address in EXAMPLES:
        path, _, query = f"{API}{address}".partition("?")
        match = pattern.fullmatch(path)
        if match is not None:
            return match.groupdict() | dict(parse_qsl(query))
    return {}


def _part(name: re.Match[str]) -> str:
    return f"(?P<{name[1]}>{'.+' if name[1] in _DEEP else '[^/]+'})"


def _links(ids: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each list with where its answer leads (OpenAPI 3.1 §4.8.20)."""
    for resource in RESOURCES:
        if resource.listed is not None:
            own = f"{API}/{resource.kind.path}"
            links = {"next": _link(ids[own], {"cursor": "$response.body#/pagination/next_cursor"})}
            places = _columns(resource)
            if places and f"{API}{resource.path}" in ids:
                links["one"] = _link(ids[f"{API}{resource.path}"], places)
            yield own, links


def _link(operation: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {"operationId": operation, "parameters": parameters}


def _columns(resource: Resource) -> dict[str, str]:
    """Return where each part of an object's address stands in its list, nothing where one stands nowhere by itself."""
    table, found = resource.kind.table, {}
    for place in resource.places:
        column = "key" if len(resource.places) == 1 else place
        if column != "key" and column not in table.columns:
            return {}
        found[place] = f"$response.body#/data/0/{column}"
    return found
