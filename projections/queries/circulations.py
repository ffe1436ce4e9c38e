"""How an acta became the body's own: circulation with observations, appendices, fe de erratas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.circulations import APPENDICES, CIRCULATIONS, ERRATAS, OBSERVATIONS
from projections.queries.base import API, Kind, below, find_row, rows_where

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the observations on a circulated acta in order."""
    return found | {"observations": below(cursor, OBSERVATION, "circulation", row["id"], ["observation"])}


CIRCULATION = Kind(
    "acta-circulation",
    "circulations",
    CIRCULATIONS,
    links={"acta": "actas/{id}", "vote": "votes/{vote.path}"},
    whole=_whole,
    adds=("observations",),
)
OBSERVATION = Kind(
    "acta-observation", "circulations", OBSERVATIONS, address="circulations/{circulation}/observations/{observation}"
)
APPENDIX = Kind("appendix", "appendices", APPENDICES)
ERRATA = Kind("acta-errata", "erratas", ERRATAS, links={"acta": "actas/{acta}", "vote": "votes/{approved_by.path}"})


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
