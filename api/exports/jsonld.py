"""Agreements, sessions, bodies and actas as JSON-LD in the words of schema.org: what the interface shows, said again.

What a text says stands here only where the object shows it. What schema.org has no word for stands under `acervo:`.
Each thing's `@id` is its permanent identifier, the same wherever the ledger is served; `url` is where it was read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.addresses import permanent
from api.banner import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.queries.base import Object

MEDIA_TYPE = "application/ld+json"
_MODES = {"presencial": "Offline", "remota": "Online", "mixta": "Mixed"}
_HELD = {"cancelled": "EventCancelled", "not-held": "EventCancelled"}
_FORCE = {"in-force": "InForce", "modified": "PartiallyInForce"}


class _Said:
    """What is told of one object.

    Args:
        found: As the interface shows it.
        origin: The ledger's name.
        base: The address below which it is served.
    """

    def __init__(self, found: Object, origin: str, base: str) -> None:
        self.found, self.origin, self.base = found, origin, base

    def reference(self, path: str) -> dict[str, str]:
        """Return a reference to another thing of the ledger, by its path below /api/v1."""
        return {"@id": permanent(self.origin, path)}

    def text(self, name: str) -> Any:
        """Return a text, None where no act opened it."""
        return self.found.get("texts", {}).get(name, {}).get("value")

    def instant(self, name: str) -> Any:
        """Return a column's value, None where it is empty."""
        return self.found.get(name)


def represent(found: Object, origin: str, base: str, *, fictitious: bool) -> dict[str, Any] | None:
    """Return an object as JSON-LD, None where its kind has no such form."""
    tell = _KINDS.get(found.get("type", ""))
    if tell is None:
        return None
    said = _Said(found, origin, base)
    path = found["id"].removeprefix("/api/v1/")
    told = {
        "@context": ["https://schema.org", {"acervo": permanent(origin, "vocab#")}],
        "@id": permanent(origin, path),
        **tell(said),
        "url": base + found["id"],
        "identifier": found.get("identifier", found["key"]),
        "dateModified": found["modified"],
        "inLanguage": "es",
        "acervo:index": found["log"]["index"],
        "acervo:stream": found["log"]["stream"],
        "acervo:statement": found["log"]["statement"],
        "acervo:proof": base + found["links"]["proof"],
        "acervo:provenance": found["provenance"],
        "acervo:withheld": sorted(name for name, text in found["texts"].items() if "value" not in text),
        "disambiguatingDescription": NOTICE if fictitious else None,
    }
    return {name: value for name, value in told.items() if value not in (None, [])}


def _agreement(said: _Said) -> dict[str, Any]:
    found = said.found
    texts = [said.text(name) for name in sorted(found["texts"]) if name == "text" or name.startswith("resolution/")]
    return {
        "@type": "Legislation",
        "name": said.text("title") or found.get("identifier", found["key"]),
        "text": "\n\n".join(each for each in texts if isinstance(each, str)) or None,
        "legislationIdentifier": found.get("identifier"),
        "legislationType": found.get("agreement_kind"),
        "legislationDate": said.instant("adopted_on"),
        "legislationPassedBy": said.reference(f"bodies/{found['body']}"),
        "legislationLegalForce": "https://schema.org/" + _FORCE.get(found["validity"], "NotInForce"),
        "isPartOf": said.reference(f"sessions/{found['session']}") if "session" in found else None,
        "acervo:publicity": found.get("publicity"),
        "acervo:validity": found["validity"],
    }


def _session(said: _Said) -> dict[str, Any]:
    found = said.found
    mode = _MODES.get(found.get("modality", ""))
    items = [item["title"]["value"] for item in found.get("items", ()) if "value" in item.get("title", {})]
    place = said.text("venue")
    return {
        "@type": "Event",
        "name": f"{found['body']} {found['series']} {found['number']}/{found['year']}",
        "startDate": found.get("opened_at") or found.get("begins_at") or found.get("held_on"),
        "endDate": said.instant("closed_at"),
        "eventStatus": "https://schema.org/" + _HELD.get(found["phase"], "EventScheduled"),
        "eventAttendanceMode": None if mode is None else f"https://schema.org/{mode}EventAttendanceMode",
        "location": None if place is None else {"@type": "Place", "name": place},
        "organizer": said.reference(f"bodies/{found['body']}"),
        "about": items,
        "workPerformed": [said.reference(f"agreements/{found['body']}/{found['year']}/{n}") for n in _numbers(found)],
        "acervo:phase": found["phase"],
    }


def _numbers(found: Object) -> list[int]:
    return [each for each in found.get("agreements") or () if isinstance(each, int)]


def _body(said: _Said) -> dict[str, Any]:
    found = said.found
    return {
        "@type": "GovernmentOrganization",
        "name": said.text("name") or found["key"],
        "alternateName": found["key"],
        "additionalType": found.get("body_kind"),
        "parentOrganization": said.reference(f"bodies/{found['parent']}") if "parent" in found else None,
        "dissolutionDate": said.instant("extinct_on"),
    }


def _acta(said: _Said) -> dict[str, Any]:
    found = said.found
    return {
        "@type": "DigitalDocument",
        "name": f"{found.get('instrument', 'acta')} {found['key']}",
        "about": said.reference(f"sessions/{found['key']}"),
        "creator": said.reference(f"bodies/{found['body']}"),
        "creativeWorkStatus": found["phase"],
        "acervo:root": found.get("root"),
        "acervo:blocks": found.get("blocks"),
    }


_KINDS: dict[str, Callable[[_Said], dict[str, Any]]] = {
    "agreement": _agreement,
    "session": _session,
    "body": _body,
    "acta": _acta,
}
