"""What feeds and calendars say of agreements, sessions and checkpoints: from the registries to Atom and iCalendar."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from api.addresses import permanent
from api.exports.atom import Entry, Link
from api.exports.ical import Event
from ledger.errors import UntrustedInputError
from ledger.ids import parse_written, write_recorded
from ledger.statement import Entry as Asiento
from ledger.texts import text
from projections.queries.base import API

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.store.log_reader import PublishedHead
    from projections.base import Row
    from projections.queries.announced import Announced

MAX_SUMMARY = 1_000
"""Characters of an entry's summary; the whole text stands at its address."""
JSON = "application/json"
_FALLEN = frozenset({"cancelled", "not-held"})


def agreement_entry(agreement: Mapping[str, Any], origin: str, base: str) -> Entry:
    """Return the entry of an agreement, as the API shows it; what is not published is not in it."""
    texts: dict[str, Any] = agreement["texts"]
    title = texts.get("title", {}).get("value")
    code = "feed-agreement" if title is None else "feed-agreement-titled"
    names = [name for name in texts if name.startswith("resolution/")]
    names.sort(key=lambda name: int(name.partition("/")[2]))
    said = [texts[name].get("value") for name in (*names, "text") if name in texts]
    opened = "\n".join(value for value in said if value is not None)
    return Entry(
        permanent(origin, f"agreements/{agreement['key']}"),
        text(code, identifier=agreement["identifier"], title=title),
        agreement["modified"],
        _links(base, agreement["id"], agreement["log"]["index"]),
        published=agreement["created"],
        summary=_cut(opened) if opened else text("feed-text-closed"),
        categories=(agreement["body"],),
    )


def session_entry(announced: Announced, origin: str, base: str) -> Entry:
    """Return the entry of a session."""
    row = announced.row
    when = row["begins_at"] or row["held_on"].isoformat()
    return Entry(
        permanent(origin, f"sessions/{row['id']}"),
        _title(announced),
        write_recorded(row["modified"]),
        _links(base, f"{API}/sessions/{row['id']}", row["created_index"]),
        published=write_recorded(row["created"]),
        summary=f"{when}. {_description(row)}",
        categories=(row["body"],),
    )


def found_entry(found: Mapping[str, Any], body: str, origin: str, base: str) -> Entry:
    """Return the entry of something that a search found: the fragments that hit as its summary."""
    code = f"feed-found-{found['type']}"
    said = [" ".join("".join(part["text"] for part in each["segments"]).split()) for each in found["highlights"]]
    key = found.get("session", found["key"])
    return Entry(
        permanent(origin, found["id"].removeprefix(f"{API}/") + (f"#{found['item']}" if "item" in found else "")),
        text(code, named=found.get("identifier", key), item=found.get("item", ""), body=body),
        found["modified"],
        _links(base, found["id"], found["log"]["index"]),
        published=found["created"],
        summary=_cut("\n".join(said)) if said else text("feed-text-closed"),
        categories=(found["body"], found["type"]),
    )


def head_entry(head: PublishedHead, origin: str, base: str, otherwise: str) -> Entry:
    """Return the entry of a checkpoint, the note as its content.

    Args:
        head: As published; its instant is the one at which its last entry was recorded.
        origin: The ledger's.
        base: The address below which it is served.
        otherwise: The instant to be given where the last entry is not readable.
    """
    try:
        recorded_at = Asiento.parse(head.last_entry).recorded_at
    except UntrustedInputError:
        recorded_at = otherwise
    return Entry(
        permanent(origin, f"log/heads/{sha256(head.note.encode()).hexdigest()}"),
        text("feed-head", size=head.size),
        recorded_at,
        (Link("alternate", f"{base}{API}/log", JSON), Link("related", f"{base}{API}/acts/{head.size - 1}", JSON)),
        content=head.note,
    )


def session_event(announced: Announced, origin: str, base: str) -> Event:
    """Return the calendar's event of a session.

    `sequence` grows by two with every convocation or rectification and stands one higher while the session is fallen,
    so that it never goes back and never stays where what is announced changes.
    """
    row = announced.row
    fallen = row["phase"] in _FALLEN
    return Event(
        uid=f"{row['stream']}@{origin}",
        sequence=2 * max(announced.times - 1, 0) + fallen,
        begins=row["held_on"] if row["begins_at"] is None else parse_written(row["begins_at"]),
        ends=None if row["until_at"] is None else parse_written(row["until_at"]),
        status="CANCELLED" if fallen else "CONFIRMED",
        summary=_title(announced),
        description=_description(row),
        location=announced.venue,
        categories=(row["body"], row["series"]),
        url=f"{base}{API}/sessions/{row['id']}",
        created=row["created"],
        modified=row["modified"],
    )


def _title(announced: Announced) -> str:
    row = announced.row
    kind = row["session_kind"]
    code = "feed-session" if kind is None else f"feed-session-{kind}"
    return text(code, series=row["series"], number=row["number"], year=row["year"], body=announced.body)


def _description(row: Row) -> str:
    parts = [text(f"session-is-{row['phase']}")]
    if row["modality"] is not None:
        parts += [text(f"feed-modality-{row['modality']}"), text("feed-call", call=row["call"])]
    return " ".join(parts)


def _links(base: str, path: str, index: int) -> tuple[Link, ...]:
    proof = f"{base}{API}/acts/{index}/proof"
    return Link("alternate", f"{base}{path}", JSON), Link("related", proof, "text/plain")


def _cut(whole: str) -> str:
    return whole if len(whole) <= MAX_SUMMARY else f"{whole[: MAX_SUMMARY - 1]}…"
