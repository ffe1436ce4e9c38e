"""What awaits an officer's signature, derived from acts: nobody sends anything to the porta-firmas (issue 5, 3).

drafts   actas of sessions at which his seat was present, not signed by it as they stand now: to be signed, or refused,
         by an act of the ledger
papers   every document with a place for his signature where no signed PDF of it has that
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import field_of
from api.documents.layout import layout_in
from ledger.domain.acta import SECRETARIES
from projections.queries.awaiting import DRAFT, Signatory, awaiting

if TYPE_CHECKING:
    from api.access.readers import Reader as Officer
    from api.documents.layout import Layout
    from api.system import System
    from projections.queries.base import Listing, Reader, Window


def waiting(system: System, officer: Officer, cursor: Reader, window: Window, kind: str | None) -> Listing:
    """Return a part of what awaits a reader's signature in his office, each with how people call it."""
    secretary = officer.role in SECRETARIES
    who = Signatory(officer.body, officer.seat, officer.person, field_of(officer.office), secretary)
    found = awaiting(cursor, who, window, kind)
    layout = layout_in(system.settings.templates)
    for each in found.data:
        each["title"] = title_of(each["instrument" if each["type"] == DRAFT else "kind"], each["key"], layout)
    return found


def title_of(kind: str, key: str, layout: Layout) -> str:
    """Return how people call a document."""
    parts = key.split("/")
    match kind:
        case "certificacion":
            return layout.say("certificate_number", number=parts[2], year=parts[1])
        case "informe":
            title = layout.name("report_titles", parts[1])
            return layout.say("report_number", title=title, number=parts[3], period=parts[2])
        case "acta" | "minuta" | "convocatoria":
            named = layout.session(key)
        case "acuerdo":
            return f"{layout.titles[kind]} {parts[2]}/{parts[1]}"
        case "oficio":
            named = f"{parts[2]}/{parts[1]}, {parts[3].upper()}"
        case "constancia":
            named = f"{parts[1]}, {parts[2]}"
        case _:
            named = key
    return f"{layout.titles[kind]}. {named}"
