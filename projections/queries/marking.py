"""Where the words of a search stand in a text: short fragments in segments, what was found marked apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from psycopg import sql

from projections.identifiers import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.queries.base import Object, Reader

MAX_FRAGMENTS = 3
"""Of one object."""
FRAGMENT_CHARS = 240
BEFORE_CHARS = 80
MAX_CANDIDATES = 2_000
"""Different words of a page of results that are looked at."""
PREFIX_CHARS = 3
"""The stemmer takes endings away and changes no beginning: a word that is found begins as the word asked for."""
_LEXEME = re.compile(r"'((?:[^']|'')+)'")
_WORD = re.compile(r"\w+")
Span: TypeAlias = tuple[int, int]


class Marker:
    """Marks the words of a query in the texts of one page of results.

    Args:
        cursor: Asks the database for the stems of words that may be meant: the index and the marks agree.
        query: A tsquery as text; an empty one marks nothing.
        texts: All that will be marked.
    """

    def __init__(self, cursor: Reader, query: str, texts: Iterable[str]) -> None:
        lexemes = {found.replace("''", "'") for found in _LEXEME.findall(query)}
        self._begins = tuple({fold(lexeme)[:PREFIX_CHARS] for lexeme in lexemes})
        self._places: dict[str, list[Span]] = {}
        candidates: set[str] = set()
        for said in texts if self._begins else ():
            candidates.update(said[begin:end].lower() for begin, end in self._candidates(said))
            if len(candidates) > MAX_CANDIDATES:
                break
        self._words = _stemming_to(cursor, lexemes, sorted(candidates)[:MAX_CANDIDATES])

    def highlights(self, texts: Sequence[tuple[int, str, str]]) -> list[Object]:
        """Return fragments of an object's texts: where each stands, and its segments `{text, hit}`.

        Args:
            texts: Index of the entry, name and text of each, in reading order. Where nothing is marked, the
                beginning of the first text comes, so that one sees what it is.
        """
        found: list[Object] = []
        for index, name, said in texts:
            spans = self._spans(said)
            if spans:
                found.append({"index": index, "name": name, "segments": _fragment(said, spans)})
            if len(found) == MAX_FRAGMENTS:
                break
        if not found and texts:
            index, name, said = texts[0]
            found.append({"index": index, "name": name, "segments": _fragment(said, [])})
        return found

    def _candidates(self, said: str) -> list[Span]:
        if said not in self._places:
            words = _WORD.finditer(fold(said))
            self._places[said] = [word.span() for word in words if word[0].startswith(self._begins)]
        return self._places[said]

    def _spans(self, said: str) -> list[Span]:
        if not self._words:
            return []
        return [(begin, end) for begin, end in self._candidates(said) if said[begin:end].lower() in self._words]


def _stemming_to(cursor: Reader, lexemes: set[str], words: list[str]) -> frozenset[str]:
    """Return those words that the index has under one of the lexemes."""
    if not words:
        return frozenset()
    statement = sql.SQL(
        "SELECT word FROM unnest(%s::text[]) AS word WHERE tsvector_to_array({}(word)) && %s::text[]"
    ).format(sql.Identifier("registry", "search_vector"))
    return frozenset(word for (word,) in cursor.execute(statement, (words, sorted(lexemes))).fetchall())


def _fragment(said: str, spans: Sequence[Span]) -> list[Object]:
    """Return the part of a text around the first mark, cut between words, in segments."""
    begin, end = _bounds(said, spans[0][0] if spans else 0)
    segments: list[Object] = [{"text": "…", "hit": False}] if begin else []
    place = begin
    for start, stop in spans:
        if start < begin or stop > end:
            continue
        if start > place:
            segments.append({"text": said[place:start], "hit": False})
        segments.append({"text": said[start:stop], "hit": True})
        place = stop
    if place < end:
        segments.append({"text": said[place:end], "hit": False})
    return [*segments, {"text": "…", "hit": False}] if end < len(said) else segments


def _bounds(said: str, mark: int) -> Span:
    begin = max(mark - BEFORE_CHARS, 0)
    if begin:
        begin = max(said.rfind(" ", 0, begin) + 1, begin - BEFORE_CHARS)
    end = min(begin + FRAGMENT_CHARS, len(said))
    if end < len(said):
        cut = said.rfind(" ", begin, end)
        end = cut if cut > mark + PREFIX_CHARS else end
    return begin, end
