"""How long after it occurred an act was recorded: by body and type, and each that was late (domain.md §5.2, 4)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, ClassVar

from ledger.acts.base import voice_of
from ledger.auditing.base import acts
from ledger.ids import parse_written, write_recorded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.auditing.base import Row, Standing
    from ledger.domain.world import Signed

DAY_S = 24 * 60 * 60
"""An act recorded later than this after it occurred is late."""


def delay_s(signed: Signed) -> int:
    """Return the whole seconds between what an act says of when it occurred and its stamp."""
    return int((signed.recorded_at - parse_written(signed.statement.occurred_at)).total_seconds() // 1)


def rank(values: Sequence[int], percent: int) -> int:
    """Return the value that `percent` of a hundred do not exceed (nearest rank); `values` rise."""
    return values[max(0, -(-len(values) * percent // 100) - 1)]


class Delays:
    """One row a body, act type and voice: the distribution of the delay."""

    name: ClassVar[str] = "delays"
    columns: ClassVar[tuple[str, ...]] = (
        "body",
        "type",
        "voice",
        "count",
        "median_s",
        "p95_s",
        "longest_s",
        "over_1_day",
        "over_30_days",
        "acts",
    )

    def __init__(self) -> None:
        self._delays: dict[tuple[str, str, str], list[tuple[int, int]]] = defaultdict(list)

    def take(self, signed: Signed) -> None:
        """Take any act."""
        act = signed.act
        key = getattr(act, "body", None) or "", act.type_name, voice_of(act, signed.statement.office)
        self._delays[key].append((delay_s(signed), signed.index))

    def rows(self, _standing: Standing) -> Iterable[Row]:
        """Return the rows, by body and type."""
        for (body, type_name, voice), told in sorted(self._delays.items()):
            values = sorted(delay for delay, _ in told)
            longest, index = max(told, key=lambda each: (each[0], -each[1]))
            yield (
                body,
                type_name,
                voice,
                len(values),
                rank(values, 50),
                rank(values, 95),
                longest,
                sum(value > DAY_S for value in values),
                sum(value > 30 * DAY_S for value in values),
                acts(told[0][1], told[-1][1], index),
            )


class Late:
    """One row an act that was recorded more than a day after it occurred; what is imported says so itself."""

    name: ClassVar[str] = "late"
    columns: ClassVar[tuple[str, ...]] = (
        "stream",
        "type",
        "body",
        "occurred_at",
        "recorded_at",
        "delay_days",
        "delay_s",
        "office",
        "voice",
        "acts",
    )

    def __init__(self) -> None:
        self._rows: list[Row] = []

    def take(self, signed: Signed) -> None:
        """Take any act."""
        act, statement, delay = signed.act, signed.statement, delay_s(signed)
        voice = voice_of(act, statement.office)
        if delay <= DAY_S or voice == "imported":
            return
        self._rows.append(
            (
                statement.stream,
                act.type_name,
                getattr(act, "body", None) or "",
                statement.occurred_at,
                write_recorded(signed.recorded_at),
                delay // DAY_S,
                delay,
                statement.office,
                voice,
                acts(signed.index),
            )
        )

    def rows(self, _standing: Standing) -> Iterable[Row]:
        """Return the rows, in the order of the log."""
        return self._rows
