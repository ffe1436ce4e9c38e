"""Votes, and how each seat voted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.ids import write_recorded
from projections.people import DESIGNATIONS
from projections.queries.base import API, Kind, Listing, cut, find_row, rows_where
from projections.queries.notes import notes_of
from projections.queries.positions import beside
from projections.votes import MARKS, VOTES

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader, Window


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the seats that may vote, the texts voted, and what members say beside a vote."""
    found |= beside(cursor, row["id"]) | {"voted_texts": row["texts"], "notes": notes_of(cursor, row["id"])}
    found["eligible"] = [{"seat": seat, "designation": n} for seat, n in sorted(row["eligible"].items())]
    return found


VOTE = Kind(
    "vote",
    "votes",
    VOTES,
    day="held_on",
    hidden=frozenset({"eligible", "texts"}),
    links={
        "marks": "votes/{id}/marks",
        "session": "sessions/{session}",
        "repeats": "votes/{session}/{repeats}",
        "of_general": "votes/{session}/{of_general}",
    },
    whole=_whole,
    adds=("objections", "dissents", "conflicts", "notes", "voted_texts", "eligible"),
)


def marks(cursor: Reader, key: str, window: Window) -> Listing | None:
    """Return how each seat voted, in the order of the acts that say so; None where there is no such vote.

    `voice` is "own" of a ballot that the member signed with his own key, "attested" of what the secretary records,
    "imported" of what another source says. Of a secret vote a mark says that it was cast, never how.
    """
    row = find_row(cursor, VOTE, key)
    if row is None:
        return None
    found = sorted(
        (_keyed(each) for each in _marks_of(cursor, row)), key=lambda each: (each["created_index"], each["key"])
    )
    behind = [each for each in found if window.after is None or (each["created_index"], each["key"]) > window.after]
    rows, following = cut(behind, window.limit, "created_index", "key")
    holders = _holders(cursor, row["body"], rows)
    return Listing([_mark(each, row, holders) for each in rows], following)


def marks_of(cursor: Reader, rows: list[Row]) -> list[Object]:
    """Return how every seat voted in some votes, vote by vote, in the order of the acts that say so."""
    marked = rows_where(cursor, MARKS, "vote_index", [row["created_index"] for row in rows])
    by_vote: dict[int, list[Row]] = {}
    for said in map(_keyed, marked):
        by_vote.setdefault(said["vote_index"], []).append(said)
    holders: dict[str, str] = {}
    for body in sorted({row["body"] for row in rows}):
        own = [said for row in rows if row["body"] == body for said in by_vote.get(row["created_index"], ())]
        holders |= _holders(cursor, body, own)
    return [
        _mark(said, row, holders)
        for row in rows
        for said in sorted(by_vote.get(row["created_index"], ()), key=lambda each: (each["created_index"], each["key"]))
    ]


def _marks_of(cursor: Reader, row: Row) -> list[Row]:
    return rows_where(cursor, MARKS, "vote_index", row["created_index"])


def _keyed(said: Row) -> Row:
    """Return a mark with its key: seat and designation, for a source may mark two holders of one seat."""
    return said | {"key": f"{said['seat']}/{said['designation']}"}


def mark(cursor: Reader, key: str, seat: str, designation: int) -> Object | None:
    """Return how the holder of a seat voted, None where nothing says so."""
    row = find_row(cursor, VOTE, key)
    if row is None:
        return None
    wanted = f"{seat}/{designation}"
    rows = [each for each in map(_keyed, _marks_of(cursor, row)) if each["key"] == wanted]
    return _mark(rows[0], row, _holders(cursor, row["body"], rows)) if rows else None


def _holders(cursor: Reader, body: str, rows: list[Row]) -> dict[str, str]:
    ids = [f"{body}/{row['key']}" for row in rows]
    return {row["id"]: row["person"] for row in rows_where(cursor, DESIGNATIONS, "id", ids)}


def _mark(said: Row, vote_row: Row, holders: dict[str, str]) -> Object:
    voice = "own" if said["own"] else vote_row["marks_voice"]
    designation = f"{vote_row['body']}/{said['key']}"
    shown: Object = {
        "id": f"{API}/votes/{vote_row['id']}/marks/{said['key']}",
        "type": "mark",
        "vote": vote_row["id"],
        "seat": said["seat"],
        "designation": f"{API}/designations/{designation}",
        "choice": said["choice"],
        "voice": voice,
        "provenance": vote_row["provenance"],
        "created": write_recorded(said["created"]),
        "modified": write_recorded(said["modified"]),
        "version": said["version"],
        "log": {"index": said["created_index"], "last_index": said["modified_index"]},
        "links": {
            "self": f"{API}/votes/{vote_row['id']}/marks/{said['key']}",
            "act": f"{API}/acts/{said['modified_index']}",
            "proof": f"{API}/acts/{said['modified_index']}/proof",
        },
    }
    if said["candidate"] is not None:
        shown["candidate"] = said["candidate"]
    if designation in holders:
        shown["person"] = holders[designation]
    return shown
