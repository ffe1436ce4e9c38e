"""Folders of sessions, document by document, and recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.carpetas import CARPETAS, RECORDINGS
from projections.queries.base import API, Kind, Texts

if TYPE_CHECKING:
    from projections.base import Row
    from projections.queries.base import Object, Reader


def _whole(cursor: Reader, row: Row, found: Object) -> Object:
    """Tell the title of each document of a session's folder as far as it is open."""
    titles = Texts(cursor, (each["index"] for each in row["documents"]))
    return found | {"documents": [_document(each, row["sealed"], titles) for each in row["documents"]]}


def _document(document: Object, sealed: dict[str, int], titles: Texts) -> Object:
    name = f"document/{document['document']}/title"
    shown = {**document, "act": f"{API}/acts/{document['index']}"}
    return shown | {"title": titles.show(document["index"], name)} if name in sealed else shown


CARPETA = Kind(
    "carpeta",
    "carpetas",
    CARPETAS,
    links={"session": "sessions/{id}"},
    whole=_whole,
    adds=("documents",),
)
RECORDING = Kind("recording", "recordings", RECORDINGS)
