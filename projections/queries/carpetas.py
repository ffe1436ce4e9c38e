"""Folders of sessions, document by document, and recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.carpetas import CARPETAS, RECORDINGS
from projections.queries.base import API, Kind, Texts, find_row, show, texts_of

if TYPE_CHECKING:
    from projections.queries.base import Object, Reader

CARPETA = Kind("carpeta", "carpetas", CARPETAS)
RECORDING = Kind("recording", "recordings", RECORDINGS)


def carpeta(cursor: Reader, key: str) -> Object | None:
    """Return a session's folder with the title of each document as far as it is open, None where there is none."""
    row = find_row(cursor, CARPETA, key)
    if row is None:
        return None
    titles = Texts(cursor, (each["index"] for each in row["documents"]))
    found = show(CARPETA, row, texts_of(cursor, [row]))
    found["documents"] = [_document(each, row["sealed"], titles) for each in row["documents"]]
    found["links"]["session"] = f"{API}/sessions/{key}"
    return found


def _document(document: Object, sealed: dict[str, int], titles: Texts) -> Object:
    name = f"document/{document['document']}/title"
    shown = {**document, "act": f"{API}/acts/{document['index']}"}
    return shown | {"title": titles.show(document["index"], name)} if name in sealed else shown
