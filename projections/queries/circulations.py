"""How an acta became the body's own: circulation with observations, appendices, fe de erratas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.circulations import APPENDICES, CIRCULATIONS, ERRATAS, OBSERVATIONS
from projections.queries.base import API, Kind, Listing, find, find_row, listing, rows_where, show, texts_of

if TYPE_CHECKING:
    from projections.queries.base import Filters, Object, Reader, Window

CIRCULATION = Kind("acta-circulation", "circulations", CIRCULATIONS)
OBSERVATION = Kind("acta-observation", "circulations", OBSERVATIONS)  # addressed below their circulation
APPENDIX = Kind("appendix", "appendices", APPENDICES)
ERRATA = Kind("acta-errata", "erratas", ERRATAS)


def circulation(cursor: Reader, key: str) -> Object | None:
    """Return the circulation of a session's acta with its observations in order, None where there is none."""
    row = find_row(cursor, CIRCULATION, key)
    if row is None:
        return None
    found = show(CIRCULATION, row, texts_of(cursor, [row]))
    found["observations"] = _observations(cursor, "circulation", key)
    found["links"] |= {"acta": f"{API}/actas/{key}"}
    if row["vote"] is not None:
        found["links"]["vote"] = f"{API}/{_path(row['vote'])}"
    return found


def observation(cursor: Reader, key: str) -> Object | None:
    """Return an observation, `<session path>/<n>`, None where there is none."""
    found = _observations(cursor, "id", key)
    return found[0] if found else None


def _observations(cursor: Reader, column: str, value: str) -> list[Object]:
    rows = rows_where(cursor, OBSERVATIONS, column, value, ["observation"])
    texts = texts_of(cursor, rows)
    return [
        show(OBSERVATION, row, texts, f"circulations/{row['circulation']}/observations/{row['observation']}")
        for row in rows
    ]


def errata(cursor: Reader, key: str) -> Object | None:
    """Return a fe de erratas, `<session path>/<n>`, with the way to its acta and to the vote that approved it."""
    found = find(cursor, ERRATA, key)
    return None if found is None else _linked(found)


def erratas(cursor: Reader, filters: Filters, window: Window) -> Listing:
    """Return a part of the list of fe de erratas."""
    found = listing(cursor, ERRATA, filters, window)
    return Listing([_linked(each) for each in found.data], found.following)


def life_of(cursor: Reader, key: str) -> Object:
    """Return what an acta's own page tells of its life: circulation, appendices, and what corrects it."""
    erratas_found = rows_where(cursor, ERRATAS, "acta", key, ["errata"])
    attached = rows_where(cursor, APPENDICES, "acta", key, ["appendix"])
    life: Object = {
        "erratas": [f"{API}/erratas/{row['id']}" for row in erratas_found],
        "appendices": [f"{API}/appendices/{row['id']}" for row in attached],
    }
    row = find_row(cursor, CIRCULATION, key)
    if row is not None:
        life["circulation"] = {
            "phase": row["phase"],
            "round": row["round"],
            "due_at": row["due_at"],
            "pending": row["pending"],
            "id": f"{API}/circulations/{key}",
        }
    return life


def _linked(found: Object) -> Object:
    found["links"] |= {"acta": f"{API}/actas/{found['acta']}", "vote": f"{API}/{_path(found['approved_by'])}"}
    return found


def _path(vote: str) -> str:
    """`vote/hcd/2026/ord/3/1` → `votes/hcd/2026/ord/3/1`."""
    return "votes/" + vote.partition("/")[2]
