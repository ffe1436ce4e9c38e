"""As of which day, as known on which position: the rows of registries at a moment (docs/time.md).

One cursor reads one moment, so that whatever is asked through it agrees, and no query has to think of it. Tables are
read as `live`; where the moment is not the present, `known` gives each row's version at that moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import Cursor, sql

from ledger.clock import MEXICO_CITY
from projections.history import BIRTHS, HISTORY, key_expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.base import Table

_LIVE: LiteralString = "live"
_POSITION: LiteralString = """
SELECT coalesce(min(position), 0), (SELECT size FROM ledger.head) FROM registry.tracking"""
_LAST: LiteralString = """
SELECT entry_index FROM registry.act_times WHERE recorded < %s ORDER BY recorded DESC, entry_index DESC LIMIT 1"""
_HISTORY = sql.Identifier("registry", HISTORY)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a question rests on.

    Attributes:
        as_of: The day of the question: what occurred or took effect by its end. None: whatever is known.
        known_at: Index of the last act that is taken as known. None: all.
        known_on: The day by whose end it must have been recorded, in central Mexico; instead of `known_at`.
    """

    as_of: date | None = None
    known_at: int | None = None
    known_on: date | None = None

    @property
    def present(self) -> bool:
        """Whether it asks for everything that is known now."""
        return self == Moment()


class Reading(Cursor[tuple[Any, ...]]):
    """A cursor that reads registries at one moment.

    Attributes:
        moment: Which.
        position: Entries that the answer rests on: all those below this index.
        lag: Entries that the ledger has and the registries do not show yet.
    """

    moment: Moment = Moment()
    position: int = 0
    lag: int = 0

    def settle(self, moment: Moment) -> None:
        """Set the moment, in the transaction in which everything is read."""
        self.moment = moment
        row = self.execute(_POSITION).fetchone()
        self.position, size = (0, 0) if row is None else row
        self.lag = max(0, size - self.position)
        if moment.known_at is not None:
            self.position = min(self.position, moment.known_at + 1)
        if moment.known_on is not None:
            ends = datetime.combine(moment.known_on + timedelta(days=1), time(), MEXICO_CITY)
            self.position = min(self.position, self.entries_before(ends))

    def entries_before(self, instant: datetime) -> int:
        """Return how many entries were recorded before an instant: the index of the first that was not."""
        last = self.execute(_LAST, (instant,)).fetchone()
        return 0 if last is None else last[0] + 1

    # -- statements ------------------------------------------------------------------------------------------------

    def column(self, table: Table, name: str) -> sql.Composable:
        """Return a column's value at the moment; of what never changes, the table's own, which has indexes."""
        if self.moment.present or name in table.key or name in table.fixed or name in table.unkept:
            return sql.Identifier(_LIVE, name)
        return sql.SQL("(known.r).{}").format(sql.Identifier(name))

    def columns(self, table: Table) -> sql.Composed:
        """Return all columns, in the table's order."""
        return sql.SQL(", ").join(self.column(table, name) for name in table.columns)

    def earlier(
        self, table: Table, since: int, conditions: Callable[[Callable[[str], sql.Composable]], sql.Composable]
    ) -> sql.Composable:
        """Return the condition that a version of a row that an act at `since` or later replaced fulfilled some others.

        Args:
            table: Whose `id` is its key.
            since: Index from which on acts count.
            conditions: Given how a column of the version is written, the conditions.
        """
        version = sql.SQL("(jsonb_populate_record(live, kept.row))")
        return sql.SQL(
            "EXISTS (SELECT FROM {} AS kept WHERE kept.table_name = {} AND kept.key = live.id "
            "AND kept.until_index >= {} AND kept.until_index < {} AND {})"
        ).format(
            _HISTORY,
            sql.Literal(table.name),
            sql.Literal(since),
            sql.Literal(self.position),
            conditions(lambda name: sql.SQL("{}.{}").format(version, sql.Identifier(name))),
        )

    def source(self, table: Table) -> sql.Composed:
        """Return what follows FROM: the table and, unless the moment is the present, each row's version then."""
        parts: list[sql.Composable] = [sql.SQL("{} AS live").format(sql.Identifier("registry", table.name))]
        if not self.moment.present:
            parts += self._known(table)
        return sql.SQL(" ").join(parts)

    def existing(self, table: Table) -> list[sql.Composable]:
        """Return the conditions under which a row exists at the moment."""
        if self.moment.present:
            return []
        found: list[sql.Composable] = [sql.SQL("{} < {}").format(_born(table), sql.Literal(self.position))]
        day = self.moment.as_of
        if day is None or (table.by_effect and table.since is None):
            return found
        told = sql.SQL("times.told_on <= {}").format(sql.Literal(day))
        if table.since is None:
            return [*found, told]
        since = sql.SQL("left({}::text, 10) <= {}").format(
            sql.Identifier(_LIVE, table.since), sql.Literal(day.isoformat())
        )
        return [*found, sql.SQL("({} OR {})").format(told, since)]

    def _known(self, table: Table) -> list[sql.Composable]:
        """Return the joins that give `known.r`, the row's version at the moment.

        That is its first earlier version which an act replaced that is not to be looked at, or the last one. OFFSET 0
        keeps the planner from making the composite anew for every column.
        """
        key, day = key_expression(table, _LIVE), self.moment.as_of
        unseen: sql.Composable = sql.SQL("until_index >= {}").format(sql.Literal(self.position))
        if day is not None and not table.by_effect:
            unseen = sql.SQL("({} OR until_on > {})").format(unseen, sql.Literal(day))
        joins: list[sql.Composable] = [
            sql.SQL(
                "LEFT JOIN LATERAL (SELECT row FROM {} WHERE table_name = {} AND key = {} AND {} "
                "ORDER BY until_index LIMIT 1) AS earlier ON true "
                "CROSS JOIN LATERAL (SELECT CASE WHEN earlier.row IS NULL THEN live "
                "ELSE jsonb_populate_record(live, earlier.row) END AS r OFFSET 0) AS known"
            ).format(_HISTORY, sql.Literal(table.name), key, unseen)
        ]
        if table.born is None:
            births = sql.SQL("JOIN {} AS births ON births.table_name = {} AND births.key = {}")
            joins.append(births.format(sql.Identifier("registry", BIRTHS), sql.Literal(table.name), key))
        if day is not None:
            joins.append(sql.SQL("JOIN registry.act_times AS times ON times.entry_index = {}").format(_born(table)))
        return joins


def _born(table: Table) -> sql.Composable:
    return sql.Identifier("births", "born_index") if table.born is None else sql.Identifier(_LIVE, table.born)
