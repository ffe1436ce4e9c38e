"""Searching what is public: by words in Spanish or by an identifier as typed, newest first, with facets.

What is marked comes as segments, never as markup: whoever shows them escapes them as any other text.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from psycopg import sql

from ledger.ids import write_recorded
from ledger.texts import has, text
from projections.identifiers import Typed, read_typed
from projections.queries.base import API, Listing, Window, cut, rows_where
from projections.queries.facets import MAX_COUNTED, count, counted_with_first
from projections.queries.marking import Marker
from projections.search import EDITIONS, plain_text
from projections.texts import TEXTS
from projections.times import TIMES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.base import Row
    from projections.queries.base import Object, Reader

Reading = Literal["auto", "identifier", "words"]
FACETS = ("kind", "body", "year", "status")
TYPES = {"agreements": "agreement", "actas": "acta", "agenda-items": "agenda-item"}
_SHOWN = ("object", "kind", "body", "year", "identifier", "status", "texts", "truncated", "made_index", "created_index")
_MATCH = sql.SQL("live.lexemes @@ {}")


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked.

    Attributes:
        q: As typed.
        reading: "identifier" and "words" read it so; "auto" reads what looks like an identifier as one, unless no
            agreement has it.
        equal: Column of `FACETS` → value; None does not filter.
    """

    q: str
    reading: Reading = "auto"
    equal: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Matching:
    """What the index is asked for.

    Attributes:
        conditions: Of the hits.
        standing: Of the edition of an object that counts.
        hits: How many editions the planner expects to match the words.
        of: How many editions there are, as the planner knows it.
    """

    conditions: tuple[sql.Composable, ...]
    standing: tuple[sql.Composable, ...]
    hits: int
    of: int


def search(cursor: Reader, asked: Search, window: Window, *, counting: bool = True) -> Listing:
    """Return a part of what was found; with the first part, how much there is and the facets, if `counting`.

    Counts are exact up to MAX_COUNTED hits; beyond, they are of the newest MAX_COUNTED and say `more_than`.
    """
    read, query = _query(cursor, asked)
    about: Object = {"q": asked.q, "read_as": read}
    if not query:
        note = "search-common-words" if read == "words" else "search-no-identifier"
        about |= {"note": text(note), "note_en": text(note, "en")}
        return Listing(
            [], about={"search": about, "total": count(0, more=False), "facets": {name: [] for name in FACETS}}
        )
    matching = _matching(cursor, asked, query)
    more: Object = {"search": about}
    if counting and window.after is None:
        told, rows = _first_page(cursor, matching, window.limit)
        more |= told
    else:
        rows = _page(cursor, matching, window)
    rows, following = cut(rows, window.limit, "created_index", "object")
    return Listing(_show(cursor, rows, query if read == "words" else ""), following, about=more)


# -- what is asked of the index ------------------------------------------------------------------------------------


def _query(cursor: Reader, asked: Search) -> tuple[str, str]:
    """Return how the search is read, "identifier" or "words", and the tsquery; empty where nothing can match."""
    typed = None if asked.reading == "words" else read_typed(asked.q)
    if typed is not None:
        query = _of_signs(typed)
        if asked.reading == "identifier" or _any(cursor, query):
            return "identifier", query
    if asked.reading == "identifier":
        return "identifier", ""
    function = sql.SQL("SELECT {}(%s)::text").format(sql.Identifier("registry", "search_query"))
    row = cursor.execute(function, (asked.q,)).fetchone()
    return "words", "" if row is None else row[0]


def _of_signs(typed: Typed) -> str:
    return " & ".join(f"'{sign}'" for sign in typed.signs)


def _any(cursor: Reader, query: str) -> bool:
    return bool(_page(cursor, _matching(cursor, Search(""), query), Window(limit=1)))


def _matching(cursor: Reader, asked: Search, query: str) -> Matching:
    """Return what the index is asked for, and how many hits the planner expects of how many."""
    replaced = sql.SQL("{} IS NULL").format(cursor.column(EDITIONS, "replaced_index"))
    matched = _MATCH.format(sql.SQL("{}::tsquery").format(sql.Literal(query)))
    wanted = [(name, value) for name, value in asked.equal.items() if value is not None]
    equal = [sql.SQL("{} = {}").format(cursor.column(EDITIONS, name), sql.Literal(value)) for name, value in wanted]
    hits, of = _planned(cursor, matched), _planned(cursor, sql.SQL("true"))
    standing = (replaced, *cursor.existing(EDITIONS))
    return Matching((*standing, matched, *equal), standing, hits, of)


def _page(cursor: Reader, asked: Matching, window: Window) -> list[Row]:
    """Return one row more than the window has, so that one sees whether more follow."""
    if window.after is not None:
        behind = sql.SQL("(live.created_index, live.object) < ({}, {})").format(*map(sql.Literal, window.after))
        asked = replace(asked, conditions=(*asked.conditions, behind))
    statement = _newest(cursor, _SHOWN, asked, window.limit + 1)
    return [dict(zip(_SHOWN, row, strict=True)) for row in cursor.execute(statement).fetchall()]


def _newest(cursor: Reader, columns: tuple[str, ...], asked: Matching, limit: int) -> sql.Composed:
    """Return the query of the newest hits.

    Rare words are found through the index of words, all their hits, and put in order; common ones by going through
    the objects, the newest first, until enough are found. The planner, which knows nothing of rare words, would go
    through a million objects for fifty hits; MATERIALIZED leaves it no choice.
    """
    source, matching = cursor.source(EDITIONS), sql.SQL(" AND ").join(asked.conditions)
    shown = sql.SQL(", ").join(cursor.column(EDITIONS, name) for name in columns)
    if asked.hits * asked.hits >= limit * max(asked.of, 1):
        return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY live.created_index DESC, live.object DESC LIMIT {}").format(
            shown, source, matching, sql.Literal(limit)
        )
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL(
        "WITH found ({}, at_index, at_object) AS MATERIALIZED "
        "(SELECT {}, live.created_index, live.object FROM {} WHERE {}) "
        "SELECT {} FROM found ORDER BY at_index DESC, at_object DESC LIMIT {}"
    ).format(names, shown, source, matching, names, sql.Literal(limit))


def _planned(cursor: Reader, condition: sql.Composable) -> int:
    """Return how many rows the planner expects to fulfil a condition."""
    row = cursor.execute(
        sql.SQL("EXPLAIN (FORMAT JSON) SELECT FROM {} AS live WHERE {}").format(
            sql.Identifier("registry", EDITIONS.name), condition
        )
    ).fetchone()
    return 0 if row is None else int(row[0][0]["Plan"]["Plan Rows"])


# -- counts --------------------------------------------------------------------------------------------------------


def _first_page(cursor: Reader, asked: Matching, limit: int) -> tuple[Object, list[Row]]:
    """Return total and facets of the newest hits, and the first of them, one more than the page has.

    What has no value (an item's status) is of no facet.
    """
    hits = _newest(cursor, (*FACETS, "object", "created_index"), asked, MAX_COUNTED + 1)
    told, objects = counted_with_first(cursor, FACETS, hits, limit + 1, _named)
    statement = sql.SQL("SELECT {} FROM {} WHERE live.object = ANY(%s) AND {}").format(
        sql.SQL(", ").join(cursor.column(EDITIONS, name) for name in _SHOWN),
        cursor.source(EDITIONS),
        sql.SQL(" AND ").join(asked.standing),
    )
    rows = {row[0]: dict(zip(_SHOWN, row, strict=True)) for row in cursor.execute(statement, (objects,)).fetchall()}
    return told, [rows[each] for each in objects]


def _named(facet: str, value: Any) -> Object:
    code = {"kind": f"search-kind-{value}", "status": _status_code(value)}.get(facet)
    return {} if code is None else {"text": text(code), "text_en": text(code, "en")}


def _status_code(status: str) -> str:
    return f"validity-{status}" if has(f"validity-{status}") else f"acta-is-{status}"


# -- what was found ------------------------------------------------------------------------------------------------


def _show(cursor: Reader, rows: list[Row], query: str) -> list[Object]:
    texts = _texts(cursor, rows)
    parts = [
        [(index, name, texts[index, name]) for index, name in row["texts"] if (index, name) in texts] for row in rows
    ]
    marker = Marker(cursor, query, [said for part in parts for _, _, said in part])
    recorded = _recorded(cursor, rows)
    return [_one(row, part, marker, recorded) for row, part in zip(rows, parts, strict=True)]


def _one(row: Row, parts: list[tuple[int, str, str]], marker: Marker, recorded: Mapping[int, str]) -> Object:
    kind, _, path = row["object"].partition("/")
    address = f"{API}/{row['object']}"
    session = path
    found: Object = {"type": TYPES[kind], "key": path, "body": row["body"], "year": row["year"]}
    if kind == "agenda-items":
        session, _, item = path.rpartition("/")
        address = f"{API}/sessions/{session}"
        found |= {"session": session, "item": int(item)}
    if row["identifier"] is not None:
        found["identifier"] = row["identifier"]
    if row["status"] is not None:
        code = _status_code(row["status"])
        found |= {"status": row["status"], "status_text": text(code), "status_text_en": text(code, "en")}
    if row["truncated"]:
        found["truncated"] = True
    index = row["created_index"]
    return {
        "id": address,
        **found,
        "highlights": marker.highlights(parts),
        "created": recorded[index],
        "modified": recorded[row["made_index"]],
        "log": {"index": index, "last_index": row["made_index"]},
        "links": {"self": address, "act": f"{API}/acts/{index}", "proof": f"{API}/acts/{index}/proof"},
    }


def _texts(cursor: Reader, rows: list[Row]) -> dict[tuple[int, str], str]:
    """Return the open texts of the rows by entry and name."""
    indexes = sorted({index for row in rows for index, _ in row["texts"]})
    found = rows_where(cursor, TEXTS, "entry_index", indexes)
    return {(each["entry_index"], each["name"]): plain_text(each["value"]) for each in found if each["value"]}


def _recorded(cursor: Reader, rows: list[Row]) -> dict[int, str]:
    indexes = sorted({row[name] for row in rows for name in ("created_index", "made_index")})
    return {
        each["entry_index"]: write_recorded(each["recorded"])
        for each in rows_where(cursor, TIMES, "entry_index", indexes)
    }
