"""Registries as Popolo (popoloproject.com): persons, organizations, posts, memberships, motions, vote events.

Nothing is typed anew: each object is a registry's row under the standard's names, and `id` is the one of the native
interface. What the standard has no word for begins with `acervo:`. Counts are those of the act; where the act names who
voted how, `votes` is the roll, and both agree.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from projections.bodies import SEATS
from projections.queries.base import API, Listing, plain, rows_where, select, shown
from projections.queries.bodies import BODY
from projections.queries.people import PERSON
from projections.queries.seating import DESIGNATION
from projections.queries.votes import VOTE, marks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from projections.base import Row
    from projections.queries.base import Filters, Kind, Object, Reader, Window

OPTIONS = {
    "favor": "yes",
    "contra": "no",
    "abstencion": "abstain",
    "presente": "not voting",
    "ausente": "absent",
    "licencia": "absent",
    "otro": "absent",
}
"""How a mark is said there; who was on leave is `absent`, with a reason."""
REASONS = {"licencia": "leave", "otro": "other"}
BY_HAND = ("show-of-hands", "acclamation")
"""Of such a vote only those stand by name who asked for it."""
RESULTS = {"approved": "pass", "rejected": "fail", "tied": "tie"}


def _person(found: Object) -> Object:
    return {"name": _text(found, "name")}


def _organization(found: Object) -> Object:
    return {
        "name": _text(found, "name"),
        "classification": found["body_kind"],
        "parent_id": _address("bodies", found.get("parent")),
        "dissolution_date": found.get("extinct_on"),
    }


def _membership(found: Object) -> Object:
    return {
        "person_id": _address("persons", found["person"]),
        "organization_id": _address("bodies", found["body"]),
        "post_id": _post_id(found["body"], found["seat"]),
        "role": found["capacity"],
        "start_date": found["begins_at"][:10],
        "end_date": None if "ends_at" not in found else found["ends_at"][:10],
    }


def _motion(found: Object) -> Object:
    return {
        "id": f"{found['id']}#motion",
        "organization_id": _address("bodies", found["body"]),
        "legislative_session_id": _address("sessions", found["session"]),
        "text": _text(found, "motion"),
        "classification": found["motion_kind"],
        "date": found["held_on"],
        "requirement": found["majority"],
        "result": RESULTS.get(found.get("result", "")),
        "vote_events": [found["id"]],
    }


def posts(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return the seats of a page of bodies: a page holds all seats of each of its bodies."""
    rows, following = select(cursor, BODY, filters, window)
    seats = rows_where(cursor, SEATS, "body", [row["id"] for row in rows], ["body", "ordinal"])
    return Listing([_post(seat) for seat in seats], following)


def _post(seat: Row) -> Object:
    return _without_none(
        {
            "id": _post_id(seat["body"], seat["seat"]),
            "label": seat["seat"],
            "role": seat["role"],
            "organization_id": _address("bodies", seat["body"]),
            "start_date": plain(seat["valid_from"]),
            "end_date": plain(seat["valid_to"]),
            "acervo:sector": seat["sector"],
            "acervo:voting": seat["voting"],
            "sources": [{"url": f"{API}/acts/{seat['defined_index']}"}],
        }
    )


def vote_events(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return votes with their counts and, where an act names who voted how, their rolls."""
    rows, following = select(cursor, VOTE, filters, window)
    rolls: dict[str, list[Object]] = {row["id"]: [] for row in rows}
    for mark in marks_of(cursor, rows):
        rolls[mark["vote"]].append(mark)
    return Listing([_vote_event(found, rolls[found["key"]]) for found in shown(cursor, VOTE, rows)], following)


def _vote_event(found: Object, marks: Iterable[Object]) -> Object:
    """Return a vote; of a secret one the marks say that they were cast and no more, so it has no roll."""
    votes = [_vote(mark) for mark in marks if mark["choice"] in OPTIONS]
    counts: Counter[str] = Counter()
    if found["candidates"]:  # of an election the act counts by candidate, which no option is
        counts.update(vote["option"] for vote in votes)
    else:
        for choice, option in OPTIONS.items():
            counts[option] += found.get(choice, 0)
    own = {
        "identifier": found["key"],
        "motion_id": f"{found['id']}#motion",
        "organization_id": _address("bodies", found["body"]),
        "legislative_session_id": _address("sessions", found["session"]),
        "start_date": found["held_on"],
        "result": RESULTS.get(found.get("result", "")),
        "counts": [{"option": option, "value": value} for option, value in counts.items() if value],
        "votes": votes,
        "acervo:method": found["method"],
        "acervo:phase": found["phase"],
        "acervo:roll": "dissenters" if votes and found["method"] in BY_HAND else None,
        "acervo:published_result": RESULTS.get(found.get("published_result", "")),
    }
    return _headed(found, own)


def _vote(mark: Object) -> Object:
    person = mark.get("person")
    vote: Object = {
        "option": OPTIONS[mark["choice"]],
        "voter_id": _address("persons", person) if person else None,
        "post_id": _post_id(mark["designation"].rsplit("/", 3)[1], mark["seat"]),
        "acervo:designation": mark["designation"],
        "acervo:reason": REASONS.get(mark["choice"]),
    }
    return _without_none(vote)


# -- what all of them have -------------------------------------------------------------------------------------------


def _headed(found: Object, own: Object) -> Object:
    head = {
        "id": found["id"],
        "created_at": found["created"],
        "updated_at": found["modified"],
        "sources": [{"url": found["links"]["act"]}],
        "provenance": found["provenance"],
    }
    return _without_none(head | own)


def _without_none(found: Object) -> Object:
    return {name: value for name, value in found.items() if value is not None}


def _text(found: Object, name: str) -> str | None:
    """Return an opened text, None where it is closed."""
    value = found["texts"].get(name, {}).get("value")
    return value if isinstance(value, str) else None


def _address(path: str, key: str | None) -> str | None:
    return None if key is None else f"{API}/{path}/{key}"


def _post_id(body: str, seat: str) -> str:
    """Return the id of a seat: it has no address of its own, its body's composition lists it."""
    return f"{API}/bodies/{body}/composition#{seat}"


def _list_of(kind: Kind, own: Callable[[Object], Object]) -> Callable[[Reader, Filters, Window], Listing]:
    def read(cursor: Reader, filters: Filters, window: Window) -> Listing:
        rows, following = select(cursor, kind, filters, window)
        return Listing([_headed(found, own(found)) for found in shown(cursor, kind, rows)], following)

    return read


persons = _list_of(PERSON, _person)
"""Read persons by their random ids, with their names as far as an act opened them."""
organizations = _list_of(BODY, _organization)
"""Read bodies."""
memberships = _list_of(DESIGNATION, _membership)
"""Read designations."""
motions = _list_of(VOTE, _motion)
"""Read what was voted on; each motion has its one vote event."""
