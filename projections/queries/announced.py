"""What feeds and calendars need of sessions beyond what lists show: where, announced how often, names of bodies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from projections.bodies import BODIES
from projections.convocations import CONVOCATIONS
from projections.queries.base import Texts, rows_where, select, texts_of
from projections.queries.sessions import SESSION

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Filters, Place, Reader, Window


@dataclass(frozen=True, slots=True)
class Announced:
    """A session as it stands.

    Attributes:
        row: Of the registry of sessions.
        times: How often it was convened or its convocation rectified; 0 of an imported one.
        venue: Where, as the last convocation says, if that is published.
        body: The body's name, or its slug where that is not published.
    """

    row: Row
    times: int
    venue: str | None
    body: str


def announced(cursor: Reader, filters: Filters, window: Window) -> tuple[list[Announced], Place | None]:
    """Return a part of the sessions with how they were announced, and the place of the last where more follow."""
    rows, following = select(cursor, SESSION, filters, window)
    convoked: dict[str, list[Row]] = {}
    for each in rows_where(cursor, CONVOCATIONS, "session", [row["id"] for row in rows], ["created_index"]):
        convoked.setdefault(each["session"], []).append(each)
    places = {key: found[-1]["sealed"]["venue"] for key, found in convoked.items() if "venue" in found[-1]["sealed"]}
    texts = Texts(cursor, places.values())
    names = names_of(cursor, {row["body"] for row in rows})
    venues = {key: texts.show(index, "venue").get("value") for key, index in places.items()}
    told = [
        Announced(row, len(convoked.get(row["id"], ())), venues.get(row["id"]), str(names.get(row["body"], "")))
        for row in rows
    ]
    return told, following


def names_of(cursor: Reader, bodies: set[str]) -> dict[str, str]:
    """Return the names of bodies that exist, as published; of one whose name is not, its slug."""
    rows = rows_where(cursor, BODIES, "id", sorted(bodies))
    texts = texts_of(cursor, rows)
    shown = {row["id"]: texts.show(row["sealed"]["name"], "name") for row in rows if "name" in row["sealed"]}
    return {row["id"]: str(shown.get(row["id"], {}).get("value", row["id"])) for row in rows}
