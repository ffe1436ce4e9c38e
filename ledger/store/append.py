"""Submissions as the flat arrays that `ledger.append` takes, and its rows as outcomes (format.md §6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from ledger.errors import StoreError
from ledger.store.prepared import BYTEA, TEXT, Prepared, array, number
from ledger.store.submission import Outcome, Placed, Result

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import Connection

    from ledger.store.submission import Submission

MAX_CALL_ACTS = 5_000

_APPEND = Prepared(
    "acervo_append",
    "SELECT submission, outcome, about, detail, entry_index, stamp, entry FROM ledger.append("
    "$1::bytea[], $2::bytea[], $3::text[], $4::int[], $5::text[], $6::bigint[], $7::int[], $8::int[], $9::text[], "
    "$10::text[], $11::text[], $12::bytea[], $13::bytea[], $14::timestamptz[], $15::timestamptz[])",
)


def append(connection: Connection[Any], submissions: Sequence[Submission]) -> list[Outcome]:
    """Call the append function with all `submissions`, in the connection's transaction.

    Returns:
        One outcome a submission, in their order.

    Raises:
        StoreError: "call-too-large" when there are more than MAX_CALL_ACTS acts.
    """
    if not submissions:
        return []
    return _outcomes(_APPEND.run(connection, _arguments(submissions)), len(submissions))


def _arguments(submissions: Sequence[Submission]) -> list[bytes | str]:
    acts = [(place, act) for place, submission in enumerate(submissions) for act in submission.acts]
    if len(acts) > MAX_CALL_ACTS:
        raise StoreError("call-too-large", f"{len(acts)} acts, at most {MAX_CALL_ACTS}")
    guards = [
        (stream, version, place)
        for place, submission in enumerate(submissions)
        for stream, version in submission.guards.items()
    ]
    sealed = _sealed(submissions)
    return [
        array(BYTEA, [act.statement.raw for _, act in acts]),
        array(BYTEA, [act.signature for _, act in acts]),
        _texts(act.statement.signer for _, act in acts),
        _plain(place for place, _ in acts),
        _texts(stream for stream, _, _ in guards),
        _plain(version for _, version, _ in guards),
        _plain(place for _, _, place in guards),
        _plain(row[0] for row in sealed),
        *(_texts(str(row[column]) for row in sealed) for column in (1, 2, 3)),
        array(BYTEA, [row[4] for row in sealed]),
        array(BYTEA, [row[5] for row in sealed]),
        _plain(submission.not_before.isoformat() for submission in submissions),
        _plain(submission.not_after.isoformat() for submission in submissions),
    ]


def _texts(values: Iterable[str]) -> bytes:
    return array(TEXT, [value.encode() for value in values])


def _plain(values: Iterable[object]) -> str:
    """Return PostgreSQL's text form of an array of numbers or instants."""
    return "{" + ",".join(map(str, values)) + "}"


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


def _outcomes(rows: Sequence[tuple[bytes | None, ...]], count: int) -> list[Outcome]:
    placed: list[list[Placed]] = [[] for _ in range(count)]
    refused: dict[int, Outcome] = {}
    results: dict[int, Result] = {}
    for raw, outcome, about, detail, index, stamp, entry in rows:
        submission, result = number(raw), cast("Result", _said(outcome))
        results[submission] = result
        if index is None or stamp is None or entry is None:
            refused[submission] = Outcome(result, _said(about), _said(detail))
        else:
            placed[submission].append(Placed(number(index), stamp.decode(), entry))
    return [refused.get(each) or Outcome(results[each], placed=tuple(placed[each])) for each in range(count)]


def _said(text: bytes | None) -> str:
    return "" if text is None else text.decode()
