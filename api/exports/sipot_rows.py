"""What rows the formats of transparency obligations have: by the name that a template gives as `rows`.

Each gives a row as text by `source`. What no act opened is counted in the note and stands in no cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from ledger.blocks.wording import wording
from ledger.texts import text
from projections.actas import ACTAS
from projections.calendars import CALENDARS, ENTRIES
from projections.people import PERSONS
from projections.queries.agreements import AGREEMENT
from projections.queries.announced import names_of
from projections.queries.base import Filters, Texts, Window, listing, rows_where
from projections.queries.bodies import BODY, composition
from projections.queries.calendars import status_of
from projections.queries.cases import RECOMMENDATION
from projections.queries.sessions import SESSION, items_of
from projections.queries.transparency import reserved_index
from projections.sessions import SESSIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from api.exports.sipot import Template
    from projections.base import Row
    from projections.queries.base import Kind, Object, Reader

    Period: TypeAlias = tuple[date, date]

PAGE = 500
_HELD = frozenset({"closed", "imported"})


def _between(cursor: Reader, kind: Kind, period: Period, **equal: str) -> Iterator[list[Object]]:
    """Yield the objects of a kind whose day is in a quarter, a page at a time."""
    yield from _pages(cursor, kind, Filters(equal, date_from=period[0], date_to=period[1]))


def _pages(cursor: Reader, kind: Kind, filters: Filters) -> Iterator[list[Object]]:
    after = None
    while True:
        part = listing(cursor, kind, filters, Window(after, PAGE))
        yield part.data
        if part.following is None:
            return
        after = part.following


def _sessions(cursor: Reader, template: Template, period: Period) -> Iterator[dict[str, str]]:
    for part in _between(cursor, SESSION, period):
        held = [each for each in part if each["phase"] in _HELD]
        keys = [each["key"] for each in held]
        items: dict[str, list[Object]] = {}
        for item in items_of(cursor, [{"id": each["key"], "call": each["call"]} for each in held]):
            items.setdefault(item["session"], []).append(item)
        actas = {row["id"]: row for row in rows_where(cursor, ACTAS, "id", keys)}
        names = names_of(cursor, {each["body"] for each in held})
        for each in held:
            yield _session(template, each, items.get(each["key"], []), actas.get(each["key"]), names)


def _session(
    template: Template, session: Object, items: list[Object], acta: Object | None, names: Mapping[str, str]
) -> dict[str, str]:
    opened = [item for item in items if "value" in item.get("title", {})]
    notes = [names.get(session["body"], session["body"])]
    if len(opened) < len(items):
        notes.append(text("sipot-withheld", count=len(items) - len(opened)))
    sealed = acta is not None and acta["phase"] == "sealed"
    if not sealed:
        notes.append(text("sipot-no-acta"))
    return {
        "held_on": session["held_on"],
        "type": template.types.get(session.get("session_kind", "ordinary"), session.get("session_kind", "")),
        "session": f"{session['number']}/{session['year']}",
        "acta": session["key"] if sealed else "",
        "topics": "; ".join(f"{item['item']}. {item['title']['value']}" for item in opened),
        "link": f"/api/v1/actas/{session['key']}" if sealed else "",
        "area": text("sipot-area-of", body=notes[0]),
        "note": ". ".join(notes),
    }


def _opinions(cursor: Reader, template: Template, period: Period) -> Iterator[dict[str, str]]:
    for part in _between(cursor, RECOMMENDATION, period):
        names = names_of(cursor, {each["body"] for each in part})
        for each in part:
            yield _opinion(names, template.types["recommendation"], each, each["issued_on"], "text")
    for part in _between(cursor, AGREEMENT, period, agreement_kind="opinion"):
        names = names_of(cursor, {each["body"] for each in part})
        for each in part:
            yield _opinion(names, template.types["opinion"], each, each["adopted_on"], "title")


def _opinion(names: Mapping[str, str], kind: str, found: Object, day: str, name: str) -> dict[str, str]:
    said = found["texts"].get(name, {}).get("value")
    body = names.get(found["body"], found["body"])
    notes = [body, found["identifier"], *([] if said else [text("sipot-withheld", count=1)])]
    return {
        "held_on": day,
        "type": kind,
        "topics": said or found["identifier"],
        "link": found["id"],
        "area": text("sipot-area-of", body=body),
        "note": ". ".join(notes),
    }


def _agreements(cursor: Reader, _template: Template, period: Period) -> Iterator[dict[str, str]]:
    for part in _between(cursor, AGREEMENT, period):
        names = names_of(cursor, {each["body"] for each in part})
        for each in part:
            title = each["texts"].get("title", {}).get("value")
            name = str(names.get(each["body"], ""))
            yield {
                "body": name,
                "held_on": each["adopted_on"],
                "identifier": each["identifier"],
                "topics": title or "",
                "session": each.get("session", ""),
                "status": each["validity_text"],
                "publicity": each["publicity_text"],
                "link": each["id"],
                "area": text("sipot-area-of", body=name),
                "note": "" if title else text("sipot-withheld", count=1),
            }


def _calendar(cursor: Reader, template: Template, period: Period) -> Iterator[dict[str, str]]:
    """The sessions that calendars plan in the quarter, and what became of each by its last day."""
    calendars = rows_where(cursor, CALENDARS, "year", period[0].year, ["body"])
    names = names_of(cursor, {row["body"] for row in calendars})
    for calendar in calendars:
        entries = rows_where(cursor, ENTRIES, "calendar", calendar["id"], ["day", "entry"])
        planned = [each for each in entries if period[0] <= each["day"] <= period[1]]
        held = {row["id"]: row for row in rows_where(cursor, SESSIONS, "id", [each["session"] for each in planned])}
        name = str(names.get(calendar["body"], ""))
        for each in planned:
            yield _planned(template, each, held.get(each["session"]), name, period[1])


def _planned(template: Template, entry: Row, session: Row | None, body: str, until: date) -> dict[str, str]:
    _, year, series, number = entry["session"].split("/")
    status = status_of(entry, session, until)
    moved = text("sipot-moved", first=entry["first_day"]) if entry["moved"] else ""
    return {
        "body": body,
        "held_on": entry["day"].isoformat(),
        "type": wording("es").name("series", series).capitalize(),
        "session": f"{number}/{year}",
        "status": template.types[status],
        "happened_on": session["held_on"].isoformat() if session is not None and status == "held" else "",
        "area": text("sipot-area-of", body=body),
        "note": moved,
    }


def _members(cursor: Reader, template: Template, period: Period) -> Iterator[dict[str, str]]:
    """Who holds each seat of each body on the quarter's last day; a seat that nobody holds says so."""
    for part in _pages(cursor, BODY, Filters()):
        names = names_of(cursor, {each["key"] for each in part})
        for each in part:
            found = composition(cursor, each["key"], period[1]) or {"seats": []}
            people = _people(cursor, {one["person"] for seat in found["seats"] for one in seat["holders"]})
            for seat in found["seats"]:
                for holder in seat["holders"] or [{}]:
                    yield _member(template, seat, holder, people, str(names.get(each["key"], "")))


def _people(cursor: Reader, persons: set[str]) -> dict[str, str]:
    """Return the names of persons, as far as they are open."""
    rows = rows_where(cursor, PERSONS, "id", sorted(persons))
    places = {row["id"]: row["sealed"]["name"] for row in rows if "name" in row["sealed"]}
    texts = Texts(cursor, places.values())
    return {person: str(texts.show(index, "name").get("value", "")) for person, index in places.items()}


def _member(template: Template, seat: Object, holder: Object, people: Mapping[str, str], body: str) -> dict[str, str]:
    name = people.get(holder.get("person", ""), "")
    note = "" if name or not holder else text("sipot-withheld", count=1)
    return {
        "body": body,
        "seat": seat["seat"],
        "sector": seat.get("sector") or "",
        "role": wording("es").name("roles", seat["role"]),
        "name": name,
        "type": template.types[holder.get("capacity", "vacant")],
        "begins_on": holder.get("begins_at", "")[:10],
        "ends_on": holder.get("ends_at", "")[:10],
        "link": holder.get("designation", ""),
        "area": text("sipot-area-of", body=body),
        "note": note,
    }


def _reserved(cursor: Reader, template: Template, period: Period) -> Iterator[dict[str, str]]:
    """What is reserved on the quarter's last day (LGTAIP 105): never itself reserved, and it names texts, not words."""
    until = period[1].isoformat()
    for each in (row for row in reserved_index(cursor, period[1])["rows"] if row["from_on"] <= until):
        yield {
            "area": each["area"],
            "document": each["object"],
            "type": template.types[each["part"]],
            "reserved_from": each["from_on"],
            "reserved_until": each["until_on"],
            "ground": text("sipot-ground", fraction=each["ground"].partition(".")[2]),
            "parts": ", ".join(each["names"]),
            "extended": template.types["extended" if each["extended"] else "not-extended"],
        }


ROWS: Mapping[str, Callable[[Reader, Template, Period], Iterator[dict[str, str]]]] = {
    "sessions": _sessions,
    "opinions": _opinions,
    "agreements": _agreements,
    "calendar": _calendar,
    "members": _members,
    "reserved": _reserved,
}
