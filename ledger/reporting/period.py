"""The span of days that the name of a period stands for."""

from __future__ import annotations

from datetime import date, timedelta

_MONTHS = {"c": 4, "t": 3, "s": 6, "m": 1}


def bounds(period: str) -> tuple[date, date]:
    """Return first and last day of a period: `2026`, `2026-c1`, `2026-t4`, `2026-s2`, `2026-m09`.

    Args:
        period: As `ledger.acts.report.Period` admits it.
    """
    year, _, part = period.partition("-")
    if not part:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    months = _MONTHS[part[0]]
    after = months * int(part[1:])
    first = date(int(year), after - months + 1, 1)
    following = date(int(year) + after // 12, after % 12 + 1, 1)
    return first, following - timedelta(days=1)
