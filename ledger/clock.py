"""The one place where the core asks for the time; everybody else is given it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from ledger.ids import write_instant

MEXICO_CITY = timezone(timedelta(hours=-6))
"""Central Mexico keeps UTC−6 all year since the Ley de los Husos Horarios of 2022; no zone data is read."""


def utc_now() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


def written_now() -> str:
    """Return the current instant as a signer in central Mexico writes it."""
    return write_instant(datetime.now(MEXICO_CITY))
