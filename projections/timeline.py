"""Which acts are about which object, and in which office each was signed: timelines, keys' histories.

An act is about the object of its own stream (`own`), about what that is a part of (`part`: a ballot of its vote and
session, a resolutivo's progress of its agreement), and about what its data, its basis or an index in them name
(`named`: a certificate names the agreements that it certifies, a book's folios the acta that they are).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from ledger.domain.registry import AGGREGATES
from ledger.errors import UntrustedInputError
from ledger.ids import STREAM
from projections.base import Registry, Table, recorded_text, voice_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.world import Signed
    from projections.page import Page

_ACT = ("entry_index", "recorded", "type", "stream", "version", "occurred_at", "signer", "office", "voice")
TOLD_ACTS = Table("told_acts", _ACT, ("entry_index",), fixed=frozenset(_ACT[1:]), born="entry_index")
ACT_OBJECTS = Table(
    "act_objects",
    ("kind", "path", "entry_index", "relation"),
    ("kind", "path", "entry_index"),
    fixed=frozenset({"relation"}),
    born="entry_index",
)
PART_OF: dict[str, tuple[tuple[str, int], ...]] = {
    **dict.fromkeys(
        ("capture", "citation", "communication", "filing", "fulfilment", "gazette", "interpretation", "veto"),
        (("agreement", 3),),
    ),
    **dict.fromkeys(("acta", "carpeta", "delivery", "note", "recording", "vote"), (("session", 4),)),
    **dict.fromkeys(("ballot", "conflict", "dissent", "objection"), (("vote", 5), ("session", 4))),
    **dict.fromkeys(("appendix", "circulation", "errata", "signature"), (("acta", 4), ("session", 4))),
    **dict.fromkeys(("custody", "fixity"), (("book", 3),)),
    **dict.fromkeys(("credential", "hearing", "notice"), (("designation", 3),)),
}
"""Kind of stream → of which objects what stands in it is a part, each with how many segments its path has."""
_SINGLE = {"person": "person", "unit": "unit", "from_unit": "unit", "to_unit": "unit"}
"""Member of an act's data → kind of the object that it names by its id."""
Place = tuple[str, str]


def handle(page: Page, signed: Signed) -> None:
    """Note an act, and every object that it is about, each once and by its nearest relation."""
    statement = signed.statement
    page.add(
        TOLD_ACTS,
        [
            (
                signed.index,
                recorded_text(signed.recorded_at),
                statement.type,
                statement.stream,
                statement.version,
                statement.occurred_at,
                statement.signer,
                statement.office,
                voice_of(signed),
            )
        ],
    )
    found: dict[Place, str] = {}
    for place, relation in _about(page, signed):
        found.setdefault(place, relation)
    page.add(ACT_OBJECTS, [(*place, signed.index, relation) for place, relation in found.items()])


def _about(page: Page, signed: Signed) -> Iterator[tuple[Place, str]]:
    own, *wholes = places_of(signed.statement.stream)
    yield own, "own"
    for place in wholes:
        yield place, "part"
    data = signed.statement.data
    index = data.get("index")
    if isinstance(index, int) and index < signed.index:
        with contextlib.suppress(UntrustedInputError):  # a void entry that an officer acknowledges may be unreadable
            for place in places_of(page.entry(index).act.statement.stream):
                yield place, "named"
    for member, kind in _SINGLE.items():
        if isinstance(data.get(member), str):
            yield (kind, data[member]), "named"
    for stream in (*signed.statement.basis, *streams_in(data)):
        for place in places_of(stream):
            yield place, "named"


def places_of(stream: str) -> list[Place]:
    """Return the object of a stream, then those that it is a part of."""
    kind, _, path = stream.partition("/")
    segments = path.split("/")
    return [(kind, path), *((whole, "/".join(segments[:count])) for whole, count in PART_OF.get(kind, ()))]


def streams_in(value: Any) -> Iterator[str]:
    """Yield the names of streams that stand in an act's data."""
    match value:
        case str():
            if "/" in value and value.partition("/")[0] in AGGREGATES and STREAM.fullmatch(value):
                yield value
        case dict():
            for each in value.values():
                yield from streams_in(each)
        case list() | tuple():
            for each in value:
                yield from streams_in(each)
        case _:
            pass


REGISTRY = Registry("timeline", (TOLD_ACTS, ACT_OBJECTS), dict.fromkeys(AGGREGATES), handle)
