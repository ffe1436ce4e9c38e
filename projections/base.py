"""What a registry is: a name, tables, and what each act does to their rows (house.md §3).

A registry is derived from the entries of the ledger and nothing else, so that it can be thrown away and rebuilt with
identical rows. It reads no clock, no locale, no other registry's tables, and of sealed values only those that an act
opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ledger.acts.acta import ActaDrafted
from ledger.acts.base import voice_of as voice_of_act
from ledger.acts.transparency import PersonalDataErased, TextPublished
from ledger.ids import write_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.base import Voice
    from ledger.domain.world import Signed
    from projections.page import Page

Row: TypeAlias = dict[str, Any]

HEADING = (
    "created_index",
    "created",
    "modified_index",
    "modified",
    "version",
    "stream",
    "statement",
    "occurred_at",
    "signer",
    "office",
    "voice",
    "provenance",
    "sealed",
)
"""Columns that every public object has; see `heading`."""
_FIXED = frozenset({"created_index", "created", "stream", "signer", "office", "voice", "occurred_at"})
_PLACE = frozenset({"body", "year"})
"""Columns that are part of an object's natural key wherever it has them."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema `registry`.

    Attributes:
        name: Its name.
        columns: All its columns, in the order of the migration.
        key: Its primary key.
        json: Columns of type jsonb.
        fixed: Columns that are written once; an update leaves them alone.
        unkept: Columns of which no earlier value is kept, because an erasure takes it away for ever.
        born: The column that has the index of the act that made the row; None: `row_births` has it.
        by_effect: Whether its rows carry their own days of effect, so that what is recorded later still counts for the
            days of which it speaks; a question as of a day then takes all that is known and reads those days.
        since: The column (a date, or text that begins with one) from which on a row exists as of a day, even where the
            act that made it tells of a later one.
    """

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    json: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()
    unkept: frozenset[str] = frozenset()
    born: str | None = None
    by_effect: bool = False
    since: str | None = None


def object_table(
    name: str,
    *columns: str,
    json: tuple[str, ...] = (),
    fixed: tuple[str, ...] = (),
    by_effect: bool = False,
    since: str | None = None,
) -> Table:
    """Return a table of public objects: `id`, the heading, and its own columns."""
    return Table(
        name,
        ("id", *HEADING, *columns),
        ("id",),
        frozenset({"sealed", *json}),
        _FIXED | set(fixed) | (_PLACE & set(columns)),
        born="created_index",
        by_effect=by_effect,
        since=since,
    )


@cache
def changing(table: Table) -> tuple[str, ...]:
    """Return the columns that an update may change."""
    return tuple(column for column in table.columns if column not in table.key and column not in table.fixed)


def plain(value: Any) -> Any:
    """Return a column's value as JSON has it, the same whether a handler made it or the database gave it back."""
    match value:
        case datetime():
            return write_recorded(value)
        case date():
            return value.isoformat()
        case _:
            return value


@lru_cache(maxsize=16)
def recorded_text(instant: datetime) -> str:
    """Return a stamp as the entry has it; several rows of one act ask for the same."""
    return write_recorded(instant)


Handler: TypeAlias = Callable[["Page", "Signed"], None]


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry.

    Attributes:
        name: As tracked; never reused for another meaning.
        tables: Its tables; no other registry writes them.
        kinds: Kinds of streams whose acts concern it, each with the table of the objects whose id is the stream's path
            (None: it has none); of other kinds it is not asked.
        handle: What an act does to the rows.
    """

    name: str
    tables: tuple[Table, ...]
    kinds: Mapping[str, Table | None] = field(repr=False)
    handle: Handler = field(repr=False)

    def concerns(self, kind: str) -> bool:
        """Return whether acts of this kind of streams may change a row; openings and erasures reach every object."""
        return kind in self.kinds or kind in {TextPublished.kind, PersonalDataErased.kind}

    def apply(self, page: Page, signed: Signed) -> None:
        """Let an act do to the rows what it does; opening or erasing its text also counts as touching an object."""
        act = signed.act
        if act.kind in self.kinds:
            self.handle(page, signed)
        if isinstance(act, TextPublished):
            self._touch(page, signed, (act.index,))
        elif isinstance(act, PersonalDataErased):
            self._touch(page, signed, sorted({erased.index for erased in act.disclosures}))

    def _touch(self, page: Page, signed: Signed, indexes: Iterable[int]) -> None:
        for index in indexes:
            stream = page.entry(index).act.statement.stream
            kind, _, path = stream.partition("/")
            table = self.kinds.get(kind)
            if table is not None and page.find(table, path) is not None:
                touch(page.edit(table, path), signed)


def voice_of(signed: Signed) -> Voice:
    """Return whose voice it is (format.md §3)."""
    return voice_of_act(signed.act, signed.statement.office)


def provenance_of(signed: Signed) -> Literal["signed", "imported"]:
    """Return "imported" for what is proved since its import and not at origin."""
    if isinstance(signed.act, ActaDrafted):
        return "imported" if signed.act.imported else "signed"
    return "imported" if voice_of(signed) == "imported" else "signed"


def heading(signed: Signed) -> Row:
    """Return the heading of the object that an act makes.

    `created` and `modified` are the stamps of the first and the last act that touched it, `created_index` and
    `modified_index` their places; `version` and `statement` are its stream's last. `sealed` maps the names of its
    sealed texts to the index of the entry where they stand.
    """
    statement = signed.statement
    recorded = recorded_text(signed.recorded_at)
    return {
        "created_index": signed.index,
        "created": recorded,
        "modified_index": signed.index,
        "modified": recorded,
        "version": statement.version,
        "stream": statement.stream,
        "statement": statement.sha256,
        "occurred_at": statement.occurred_at,
        "signer": statement.signer,
        "office": statement.office,
        "voice": voice_of(signed),
        "provenance": provenance_of(signed),
        "sealed": dict.fromkeys(sorted(statement.sealed), signed.index),
    }


def touch(row: Row, signed: Signed) -> Row:
    """Note that an act changed the object; one of another stream (a ballot of a vote) leaves its version alone."""
    row["modified_index"] = signed.index
    row["modified"] = recorded_text(signed.recorded_at)
    if signed.statement.stream == row["stream"]:
        row["version"] = signed.statement.version
        row["statement"] = signed.statement.sha256
        new = dict.fromkeys(sorted(signed.statement.sealed), signed.index)
        if new:
            row["sealed"] = {**row["sealed"], **new}
    return row
