"""Names, limits and instants of format 1 (format.md §2, §3).

Everything here is a pure function of text; nothing reads a clock or time-zone data.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ledger.errors import UntrustedInputError

MAX_STATEMENT_BYTES = 44 * 1024
MAX_ENTRY_BYTES = 65_535
MAX_STREAM_BYTES = 200
MAX_ORIGIN_BYTES = 120
MAX_DEPTH = 8
MAX_INTEGER = 2**53 - 1
MAX_SEALED = 64
MAX_BASIS = 64
MAX_BATCH_ACTS = 500
MAX_DISCLOSURE_BYTES = 256 * 1024
SIGNED_BEFORE_RECORDED = timedelta(hours=24)
SIGNED_AFTER_RECORDED = timedelta(minutes=5)

SHA256_HEX = re.compile(r"[0-9a-f]{64}")
BASE64URL_SHA256 = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")  # the last four of 258 bits are 0 or absent
ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*")
STREAM = re.compile(r"[a-z][a-z]*(?:/[a-z0-9][a-z0-9._-]*)*")
ACT_TYPE = re.compile(r"[A-Z][A-Za-z0-9]{1,63}/[1-9][0-9]{0,2}")
DATA_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
SEALED_NAME = re.compile(r"[a-z0-9_./-]{1,64}")
ZERO_HASH = "0" * 64

_WRITTEN = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-4]):[0-5][0-9]"
)
_RECORDED = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
)


@lru_cache(maxsize=4096)
def parse_written(text: str) -> datetime:
    """Return the aware instant of `YYYY-MM-DDThh:mm:ss±hh:mm` (occurred_at, signed_at, terms).

    Raises:
        UntrustedInputError: "bad-instant" for any other form or an impossible date.
    """
    if not _WRITTEN.fullmatch(text):
        raise UntrustedInputError("bad-instant", text[:40])
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UntrustedInputError("bad-instant", text[:40]) from error


def parse_recorded(text: str) -> datetime:
    """Return the UTC instant of `YYYY-MM-DDThh:mm:ss.ffffffZ` (recorded_at).

    Raises:
        UntrustedInputError: "bad-instant" for any other form or an impossible date.
    """
    if not _RECORDED.fullmatch(text):
        raise UntrustedInputError("bad-instant", text[:40])
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise UntrustedInputError("bad-instant", text[:40]) from error


def write_recorded(instant: datetime) -> str:
    """Return `instant` as the database stamps it: UTC, six decimals, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "Z"


def write_instant(instant: datetime) -> str:
    """Return `instant` (aware, no fractions kept) as signers write it: local time with its offset."""
    text = instant.replace(microsecond=0).isoformat()
    if not _WRITTEN.fullmatch(text):
        raise ValueError(text)
    return text


def legal_day(written: str) -> date:
    """Return the legal day of an instant: the date as written (format.md §2)."""
    parse_written(written)
    return date.fromisoformat(written[:10])


@lru_cache(maxsize=16_384, typed=True)  # the same few offices, seats and votes are asked for with every act
def stream_name(kind: str, *segments: str | int) -> str:
    """Join a kind and its segments; the caller's schema has checked the segments' characters.

    Raises:
        UntrustedInputError: "bad-stream" when the result is not a stream name or is too long.
    """
    name = "/".join((kind, *map(str, segments)))
    if len(name) > MAX_STREAM_BYTES or not STREAM.fullmatch(name):
        raise UntrustedInputError("bad-stream", name[:MAX_STREAM_BYTES])
    return name


def kind_of(stream: str) -> str:
    """Return the kind: the first segment of a stream name."""
    return stream.partition("/")[0]
