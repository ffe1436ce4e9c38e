"""Calendars (RFC 5545): a VCALENDAR out of events, the same octets for the same events.

Instants are written as the ledger has them: local time with its offset, in a zone of that fixed offset which the
calendar itself defines. A zone by name would be a guess, and its rules change behind a signed convocation's back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//Acervo//Acervo 1//ES"
MAX_OCTETS = 75
"""Of a line, without its end (§3.1)."""
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT (§3.6.1).

    Attributes:
        uid: Its own for ever.
        sequence: Grows with every change of what it announces (§3.8.7.4).
        begins: The instant with its offset, or a day.
        ends: The instant at which it ends, where that was said beforehand.
        status: CONFIRMED or CANCELLED.
        created, modified: Instants.
    """

    uid: str
    sequence: int
    begins: datetime | date
    status: Literal["CONFIRMED", "CANCELLED"]
    summary: str
    description: str
    url: str
    created: datetime
    modified: datetime
    ends: datetime | None = None
    location: str | None = None
    categories: tuple[str, ...] = ()


def write(name: str, description: str, events: Iterable[Event]) -> bytes:
    """Return a calendar, UTF-8, lines folded and ended as the standard says."""
    listed = list(events)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN"]
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    lines += [f"DESCRIPTION:{escaped(description)}", f"X-WR-CALDESC:{escaped(description)}"]
    for zone in sorted({_zone(each) for event in listed for each in _instants(event)}):
        lines += _timezone(zone)
    for event in listed:
        lines += _event(event)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def escaped(value: str) -> str:
    """Return a TEXT value (§3.3.11)."""
    plain = _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def fold(line: str) -> str:
    """Return a line in pieces of at most 75 octets, no character cut in two (§3.1)."""
    pieces, piece, room = [], "", MAX_OCTETS
    for character in line:
        width = len(character.encode())
        if width > room:
            pieces.append(piece)
            piece, room = "", MAX_OCTETS - 1  # a continued line begins with a space
        piece += character
        room -= width
    return "\r\n ".join([*pieces, piece])


def _event(event: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{_utc(event.modified)}"
    yield f"DTSTART{_when(event.begins)}"
    if event.ends is not None:
        yield f"DTEND{_when(event.ends)}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"STATUS:{event.status}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    if event.location is not None:
        yield f"LOCATION:{escaped(event.location)}"
    if event.categories:
        yield f"CATEGORIES:{','.join(map(escaped, event.categories))}"
    yield f"URL:{event.url}"
    yield f"CREATED:{_utc(event.created)}"
    yield f"LAST-MODIFIED:{_utc(event.modified)}"
    yield "END:VEVENT"


def _instants(event: Event) -> Iterator[datetime]:
    yield from (each for each in (event.begins, event.ends) if isinstance(each, datetime))


def _zone(instant: datetime) -> str:
    """Return the offset of an instant: `-0600`."""
    return instant.strftime("%z")


def _timezone(offset: str) -> list[str]:
    """Return a zone that always has one offset (§3.6.5)."""
    return [
        "BEGIN:VTIMEZONE",
        f"TZID:UTC{offset}",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        f"TZOFFSETFROM:{offset}",
        f"TZOFFSETTO:{offset}",
        f"TZNAME:UTC{offset}",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def _when(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f";TZID=UTC{_zone(moment)}:{moment:%Y%m%dT%H%M%S}"
    return f";VALUE=DATE:{moment:%Y%m%d}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"
