"""Rows of the registries as objects of OParl 1.1.

Nothing is typed anew: names, dates and figures are the registries'. One ledger is one institution, so it is the one
Body; its collegiate bodies are Organizations, seats with their holders Memberships, agreements Papers, and an
agreement's way through the item that decided it a Consultation. What the standard lacks begins with `acervo:`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.oparl.addresses import SCHEMA
from ledger.ids import write_recorded
from projections.bodies import SEATS
from projections.people import DESIGNATIONS
from projections.queries.actas import ACTA
from projections.queries.agreements import AGREEMENT
from projections.queries.base import plain, rows_where, texts_of
from projections.queries.bodies import BODY
from projections.queries.people import PERSON
from projections.queries.seating import DESIGNATION
from projections.queries.sessions import SESSION, items_of
from projections.votes import VOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from api.oparl.addresses import Addresses
    from projections.base import Row
    from projections.queries.base import Kind, Object, Reader, Texts

    Make = Callable[[Reader, list[Row], Addresses], list[Object]]

CANCELLED = ("cancelled", "not-held")
TYPES = {
    "organizations": "Organization",
    "persons": "Person",
    "memberships": "Membership",
    "meetings": "Meeting",
    "agenda-items": "AgendaItem",
    "papers": "Paper",
    "consultations": "Consultation",
    "files": "File",
    "locations": "Location",
}
"""List → the type of its objects."""


def _object(path: str, row: Row, to: Addresses, *, key: str | None = None, **own: Any) -> Object:
    """Return an object of a list with what all have; what is None is left out, as the standard wants it.

    Args:
        path: The list.
        row: What it is made of.
        to: Addresses.
        key: In the list, where it is not the row's.
        own: What is of its kind.
    """
    head = {"id": to.of(path, key or row["id"]), "type": f"{SCHEMA}{TYPES[path]}"}
    tail = {
        "created": write_recorded(row["created"]),
        "modified": write_recorded(row["modified"]),
        "acervo:act": to.native(f"acts/{row['created_index']}"),
        "acervo:provenance": row["provenance"],
    }
    return {name: value for name, value in (head | own | tail).items() if value is not None}


def _opened(texts: Texts, row: Row, name: str) -> str | None:
    """Return an opened text of a row, None where it is closed or there is none."""
    index = row["sealed"].get(name)
    value = None if index is None else texts.show(index, name).get("value")
    return value if isinstance(value, str) else None


def organizations(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return bodies as Organizations, with the addresses of their memberships."""
    texts = texts_of(cursor, rows)
    held = _grouped(rows_where(cursor, DESIGNATIONS, "body", [row["id"] for row in rows], ["created_index"]), "body")
    return [
        _object(
            "organizations",
            row,
            to,
            body=to.of("body"),
            name=_opened(texts, row, "name"),
            shortName=row["id"],
            membership=[to.of("memberships", each["id"]) for each in held.get(row["id"], ())],
            meeting=to.of("meetings") + f"?body={row['id']}",
            subOrganizationOf=None if row["parent"] is None else to.of("organizations", row["parent"]),
            classification=row["body_kind"],
            endDate=plain(row["extinct_on"]),
        )
        for row in rows
    ]


def persons(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return Persons, with their Memberships in them."""
    texts = texts_of(cursor, rows)
    held = rows_where(cursor, DESIGNATIONS, "person", [row["id"] for row in rows], ["created_index"])
    made = _grouped(
        [{"of": row["person"], "made": each} for row, each in zip(held, memberships(cursor, held, to), strict=True)],
        "of",
    )
    return [
        _object(
            "persons",
            row,
            to,
            body=to.of("body"),
            name=_opened(texts, row, "name"),
            membership=[each["made"] for each in made.get(row["id"], ())],
        )
        for row in rows
    ]


def memberships(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return designations as Memberships."""
    bodies = sorted({row["body"] for row in rows})
    seats = {(seat["body"], seat["seat"]): seat for seat in rows_where(cursor, SEATS, "body", bodies)}
    return [
        _object(
            "memberships",
            row,
            to,
            person=to.of("persons", row["person"]),
            organization=to.of("organizations", row["body"]),
            role=seats[row["body"], row["seat"]]["role"],
            votingRight=seats[row["body"], row["seat"]]["voting"],
            startDate=row["begins_at"][:10],
            endDate=None if row["ends_at"] is None else row["ends_at"][:10],
            **{"acervo:seat": row["seat"], "acervo:capacity": row["capacity"]},
        )
        for row in rows
    ]


def meetings(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return sessions as Meetings, with their AgendaItems; an imported one has a day and no hour."""
    items = _grouped(items_of(cursor, rows), "session")
    votes = _votes(cursor, rows)
    decided = _decided(cursor, rows)
    people = _present(cursor, rows)
    places = {each["id"].partition("/locations/")[2]: each for each in locations(cursor, rows, to)}
    actas = {each["id"]: each for each in rows_where(cursor, ACTA.table, "id", [row["id"] for row in rows])}
    files_of = {key: files(cursor, [row], to)[0] for key, row in actas.items()}
    return [
        _object(
            "meetings",
            row,
            to,
            name=row["id"],
            meetingState=row["phase"],
            cancelled=row["phase"] in CANCELLED,
            start=row["begins_at"],
            end=row["closed_at"],
            location=places.get(row["id"]),
            organization=[to.of("organizations", row["body"])],
            participant=[to.of("persons", person) for person in people[row["id"]]],
            resultsProtocol=files_of.get(row["id"]),
            agendaItem=[
                _agenda_item(row, item, votes.get((row["id"], item["item"]), []), decided, to)
                for item in items.get(row["id"], ())
            ],
            **{"acervo:heldOn": plain(row["held_on"])},
        )
        for row in rows
    ]


def _agenda_item(session: Row, item: Object, votes: list[Row], decided: Mapping[str, Row], to: Addresses) -> Object:
    """Return an item; `acervo:voteEvent` are its votes, for which the standard has no object."""
    agreement = next((decided[vote["stream"]] for vote in votes if vote["stream"] in decided), None)
    title = item.get("title", {}).get("value")
    return _object(
        "agenda-items",
        session,
        to,
        key=f"{session['id']}/{item['item']}",
        meeting=to.of("meetings", session["id"]),
        number=str(item["item"]),
        order=item["item"],
        name=title if isinstance(title, str) else None,
        consultation=None if agreement is None else to.of("consultations", agreement["id"]),
        result=item.get("outcome"),
        **{"acervo:voteEvent": [to.native(f"votes/{vote['id']}") for vote in votes]},
    )


def papers(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return agreements as Papers, with the Consultation that decided each where its vote is known."""
    texts = texts_of(cursor, rows)
    made = {each["paper"]: each for each in consultations(cursor, rows, to)}
    return [
        _object(
            "papers",
            row,
            to,
            body=to.of("body"),
            name=_opened(texts, row, "title"),
            reference=row["identifier"],
            date=plain(row["adopted_on"]),
            paperType=row["agreement_kind"],
            originatorOrganization=[to.of("organizations", row["body"])],
            consultation=[made[to.of("papers", row["id"])]] if to.of("papers", row["id"]) in made else [],
            **{"acervo:validity": row["validity"]},
        )
        for row in rows
    ]


def consultations(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return how agreements were decided: those whose vote is known."""
    known = [row for row in rows if row["vote"] is not None]
    votes = {each["id"]: each for each in rows_where(cursor, VOTES, "id", [_path(row["vote"]) for row in known])}
    return [
        _object(
            "consultations",
            row,
            to,
            paper=to.of("papers", row["id"]),
            agendaItem=to.of("agenda-items", f"{vote['session']}/{vote['item']}"),
            meeting=to.of("meetings", vote["session"]),
            organization=[to.of("organizations", row["body"])],
            authoritative=True,
            role=row["agreement_kind"],
        )
        for row in known
        if (vote := votes.get(_path(row["vote"]))) is not None
    ]


def files(_cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return actas as Files: what is public of them, as the native interface gives it."""
    return [
        _object(
            "files",
            row,
            to,
            name=row["id"],
            mimeType="application/json",
            accessUrl=to.native(f"actas/{row['id']}"),
            meeting=[to.of("meetings", row["id"])],
            **{"acervo:phase": row["phase"], "acervo:root": row["root"]},
        )
        for row in rows
    ]


def locations(cursor: Reader, rows: list[Row], to: Addresses) -> list[Object]:
    """Return the venues of sessions, of those whose venue an act opened."""
    texts = texts_of(cursor, rows)
    named = [(row, _opened(texts, row, "venue")) for row in rows]
    return [
        _object(
            "locations",
            row,
            to,
            description=venue,
            bodies=[to.of("body")],
            meetings=[to.of("meetings", row["id"])],
        )
        for row, venue in named
        if venue is not None
    ]


LISTS: dict[str, tuple[Kind, Make]] = {
    "organizations": (BODY, organizations),
    "persons": (PERSON, persons),
    "memberships": (DESIGNATION, memberships),
    "meetings": (SESSION, meetings),
    "papers": (AGREEMENT, papers),
    "consultations": (AGREEMENT, consultations),
    "files": (ACTA, files),
    "locations": (SESSION, locations),
}
"""The external lists: which registry each is of, and what becomes of its rows."""


# -- what belongs together -------------------------------------------------------------------------------------------


def _grouped(rows: Iterable[Row], column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found


def _path(stream: str) -> str:
    """`vote/hcd/2026/ord/3/1` → `hcd/2026/ord/3/1`; a path stays one."""
    return stream.removeprefix("vote/")


def _votes(cursor: Reader, rows: list[Row]) -> dict[tuple[str, int], list[Row]]:
    found: dict[tuple[str, int], list[Row]] = {}
    for vote in rows_where(cursor, VOTES, "session", [row["id"] for row in rows], ["session", "number"]):
        for item in vote["items"] or [vote["item"]]:
            found.setdefault((vote["session"], item), []).append(vote)
    return found


def _decided(cursor: Reader, rows: list[Row]) -> dict[str, Row]:
    """Return the agreements that votes of the sessions made, by the vote's stream."""
    made = rows_where(cursor, AGREEMENT.table, "session", [row["id"] for row in rows], ["created_index"])
    found: dict[str, Row] = {}
    for row in made:
        if row["vote"] is not None:
            found.setdefault(f"vote/{_path(row['vote'])}", row)
    return found


def _present(cursor: Reader, rows: list[Row]) -> dict[str, list[str]]:
    """Return who sits, or sat at the close, in each session: persons in order of their seats."""
    named = {
        row["id"]: [f"{row['body']}/{seat}/{n}" for seat, (n, _) in sorted(row["present"].items())] for row in rows
    }
    wanted = sorted({key for keys in named.values() for key in keys})
    person = {each["id"]: each["person"] for each in rows_where(cursor, DESIGNATIONS, "id", wanted)}
    return {key: [person[each] for each in keys if each in person] for key, keys in named.items()}
