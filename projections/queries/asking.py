"""What is asked of registries: kinds of public objects, which of them, which part of their list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from projections.queries.moment import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from psycopg import sql

    from projections.base import Row, Table

API = "/api/v1"
Object: TypeAlias = dict[str, Any]
Reader: TypeAlias = Reading
Place: TypeAlias = tuple[int, str]
"""Where an object stands in its list: index of the act that made it, and its id."""
_UNSAID = frozenset({"sealed", "signer", "office", "stream", "statement", "created_index", "modified_index"})
_SAID = frozenset(
    {"id", "type", "key", "texts", "log", "links", "withheld", "deleted", "provenance_text", "provenance_text_en"}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of public object.

    What depends on the day or the instant of the question gets it by name (`on`, `at`), as the question gives it.

    Attributes:
        name: What `type` says.
        path: Its collection's path below /api/v1.
        table: Where its rows are.
        day: The column that date_from and date_to look at, if any.
        hidden: Columns that are not shown as they are.
        address: Template of its path, out of its columns, where that is not its collection's path and its id.
        links: Name → template of a path out of its columns; left out where one of these is empty. `{vote.path}` is the
            path of the stream that the column names.
        begun: The condition under which there is such an object on the day of the question; None: whenever it is known.
        computed: Filters by what is computed: (cursor, rows, value, …) → the rows that are wanted.
        tell: (cursor, rows, …) → the objects of some rows, all at once; None: they are shown as they stand.
        whole: (cursor, row, object, …) → the object with what only its own page tells.
        asks: What of the question it depends on: `on`, `at`.
        adds: Names of what `tell` and `whole` add to the columns.
    """

    name: str
    path: str
    table: Table
    day: str | None = None
    hidden: frozenset[str] = frozenset()
    address: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    begun: Callable[[Reader, date], sql.Composable] | None = None
    computed: Mapping[str, Callable[..., list[Row]]] = field(default_factory=dict)
    tell: Callable[..., list[Object]] | None = None
    whole: Callable[..., Object] | None = None
    asks: tuple[str, ...] = ()
    adds: tuple[str, ...] = ()

    @property
    def fields(self) -> frozenset[str]:
        """All that an object of the kind may say, by name."""
        own = {column for column in self.table.columns if column not in self.hidden and column != "id"}
        return frozenset(own - _UNSAID | _SAID | {*self.adds})


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list: at most `limit` objects behind `after` (None: from the first on).

    newest_first: the list the other way round; `after` is then what came later.
    """

    after: Place | None = None
    limit: int = 50
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """Which objects of a list.

    Attributes:
        equal: Column → value; a None value does not filter.
        created_since, created_until, modified_since, modified_until: Bounds of the stamps, both included.
        modified_since_index: Only what an act at this index or later changed.
        date_from, date_to: Bounds of the kind's day, both included.
        computed: Name of one of the kind's computed filters → value; None does not filter.
    """

    equal: Mapping[str, str | int | None] = field(default_factory=dict)
    created_since: datetime | None = None
    created_until: datetime | None = None
    modified_since: datetime | None = None
    modified_until: datetime | None = None
    modified_since_index: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    computed: Mapping[str, object] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether what changed is asked for, so that what left the list must be told too."""
        return self.modified_since is not None or self.modified_since_index is not None
