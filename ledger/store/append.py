"""Submissions as the flat arrays that `ledger.append` takes, and its rows as outcomes (format.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ledger.errors import StoreError
from ledger.store.submission import Outcome, Placed, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from psycopg import Cursor

    from ledger.store.submission import Submission

MAX_CALL_ACTS = 5_000

_ACTS = "%b::bytea[], %b::bytea[], %b::text[], %t::int[]"
_GUARDS = "%b::text[], %t::bigint[], %t::int[]"
_SEALED = "%t::int[], %b::text[], %b::text[], %b::text[], %b::bytea[], %b::bytea[]"
_WINDOWS = "%t::timestamptz[], %t::timestamptz[]"
_NO_GUARDS = "'{}', '{}', '{}'"
_NO_SEALED = "'{}', '{}', '{}', '{}', '{}', '{}'"
_COLUMNS = "submission, outcome, about, detail, entry_index, stamp, entry"


class _Row(NamedTuple):
    submission: int
    outcome: Result
    about: str | None
    detail: str | None
    entry_index: int | None
    stamp: str | None
    entry: bytes | None


def _array(values: Iterable[object]) -> str:
    """Return PostgreSQL's text form of an array of numbers or instants: cheaper to send than a binary one."""
    return "{" + ",".join(map(str, values)) + "}"


def _instants(values: Iterable[datetime]) -> str:
    return _array(value.isoformat() for value in values)


def append(cursor: Cursor[Any], submissions: Sequence[Submission]) -> list[Outcome]:
    """Call the append function with all `submissions` in the cursor's transaction.

    Returns:
        One outcome a submission, in their order.

    Raises:
        StoreError: "call-too-large" when there are more than MAX_CALL_ACTS acts.
    """
    if not submissions:
        return []
    query, parameters = _call(submissions)
    cursor.execute(cast("Any", query), parameters, prepare=True, binary=True)
    return _outcomes(cursor.fetchall(), len(submissions))


def _call(submissions: Sequence[Submission]) -> tuple[str, list[object]]:
    acts = [(number, act) for number, submission in enumerate(submissions) for act in submission.acts]
    if len(acts) > MAX_CALL_ACTS:
        raise StoreError("call-too-large", f"{len(acts)} acts, at most {MAX_CALL_ACTS}")
    parameters: list[object] = [
        [act.statement.raw for _, act in acts],
        [act.signature for _, act in acts],
        [act.statement.signer for _, act in acts],
        _array(number for number, _ in acts),
    ]
    guards = [
        (stream, version, number)
        for number, submission in enumerate(submissions)
        for stream, version in submission.guards.items()
    ]
    if guards:
        streams, versions, numbers = zip(*guards, strict=True)
        parameters += [list(streams), _array(versions), _array(numbers)]
    sealed = _sealed(submissions)
    if sealed:
        parameters += [_array(row[0] for row in sealed)]
        parameters += [list(column) for column in list(zip(*sealed, strict=True))[1:]]
    parameters += [
        _instants(submission.not_before for submission in submissions),
        _instants(submission.not_after for submission in submissions),
    ]
    arguments = (_ACTS, _GUARDS if guards else _NO_GUARDS, _SEALED if sealed else _NO_SEALED, _WINDOWS)
    return f"SELECT {_COLUMNS} FROM ledger.append({', '.join(arguments)})", parameters  # noqa: S608  constants


def _sealed(submissions: Sequence[Submission]) -> list[tuple[int, str, str, str, bytes, bytes]]:
    """Return the vault rows of all acts, each with its act's place in the call."""
    by_act = [
        submission.sealed[place] if submission.sealed else ()
        for submission in submissions
        for place in range(len(submission.acts))
    ]
    return [
        (ordinal, row.name, row.digest, row.data_key, row.nonce, row.ciphertext)
        for ordinal, rows in enumerate(by_act)
        for row in rows
    ]


def _outcomes(rows: Sequence[Any], count: int) -> list[Outcome]:
    placed: list[list[Placed]] = [[] for _ in range(count)]
    refused: dict[int, Outcome] = {}
    results: dict[int, Result] = {}
    for row in map(_Row._make, rows):
        results[row.submission] = row.outcome
        if row.entry_index is None or row.stamp is None or row.entry is None:
            refused[row.submission] = Outcome(row.outcome, row.about or "", row.detail or "")
        else:
            placed[row.submission].append(Placed(row.entry_index, row.stamp, bytes(row.entry)))
    return [refused.get(number) or Outcome(results[number], placed=tuple(placed[number])) for number in range(count)]
