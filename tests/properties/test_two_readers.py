"""The verifier and the single file in each bundle accept the same entries: two programs, one format."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import UntrustedInputError
from ledger.ids import MAX_INTEGER
from ledger.statement import Entry, SignedAct
from ledger.verify import standalone
from tests.kit.jcs import reference
from tests.kit.signed import FORBIDDEN, RECORDED, a_key, fields, statements, tampered

if TYPE_CHECKING:
    from collections.abc import Callable

WHEN = "2026-01-28T16:00:02.000003Z"


def _wrapped(payload: bytes) -> bytes:
    """Return an entry around any payload."""
    signed = {"keyid": a_key().public.keyid, "sig": b64encode(bytes(64)).decode()}
    kind = "application/vnd.acervo.act.v1+json"
    envelope = {"payload": b64encode(payload).decode(), "payloadType": kind, "signatures": [signed]}
    return reference({"act": envelope, "index": 7, "recorded_at": WHEN})


def _accepts(read: Callable[[bytes], Any], raw: bytes, refusal: type[Exception] | tuple[type[Exception], ...]) -> bool:
    try:
        read(raw)
    except refusal:
        return False
    return True


def _agree(raw: bytes) -> bool:
    """Return whether both accept the entry, having seen that they agree."""
    full = _accepts(Entry.parse, raw, UntrustedInputError)
    assert _accepts(standalone.Entry, raw, standalone.BAD) == full
    return full


@given(statements(), st.integers(0, MAX_INTEGER), RECORDED)
def test_both_accept_what_is_well_formed(statement: Any, index: int, recorded_at: str) -> None:
    """Any entry that can be composed is read by both."""
    assert _agree(Entry.compose(SignedAct(statement, bytes(64)), index, recorded_at).raw)


@settings(max_examples=300)
@given(st.data())
def test_both_refuse_the_same(data: st.DataObject) -> None:
    """A tampered statement or entry is refused by both or by neither."""
    payload = data.draw(statements()).raw
    inside = tampered(payload).map(_wrapped)
    _agree(data.draw(inside | tampered(_wrapped(payload))))


@pytest.mark.parametrize(
    "changed",
    [
        {"version": MAX_INTEGER},
        {"version": MAX_INTEGER + 1},
        {"version": 10**9 + 1},
        {"version": 0},
        {"version": True},
        {"sealed": {"reason": "A" * 42 + "B"}},
        {"sealed": {"reason": "A" * 42 + "E"}},
        {"sealed": {f"text/{number}": "A" * 43 for number in range(65)}},
        {"basis": {f"vote/{number}": "b" * 64 for number in range(65)}},
        {"sealed": {"seat": "A" * 43}},
        {"data": {"a": "ñ" * 23_000}},
        {"data": {"a": "ñ" * 22_000}},
        {"data": {"a": [[[[[[1]]]]]]}},
        {"data": {"a": [[[[[[]]]]]]}},
        {"data": {"a": [[[[[]]]]]}},
        {"data": {"a": None}},
        {"data": {"a": 1.5}},
        {"data": {"a": float(2**53)}},
        {"data": {"A": 1}},
        {"data": {"a\n": 1}},
        {"data": {"a" * 65: 1}},
        {"data": []},
        {"data": {"a": '},"ledger":"x'}},
        {"basis": {"vote/" + "x" * 196: "b" * 64}},
        {"basis": {"vote/x\n": "b" * 64}},
        {"ledger": "a" * 121},
        {"ledger": "a" * 120},
        {"ledger": "a:٣"},
        {"occurred_at": "2026-02-30T10:00:00-06:00"},
        {"signed_at": "0000-01-01T10:00:00-06:00"},
        {"signed_at": "2026-01-01T10:00:00+14:59"},
        {"type": "V/1"},
        {"type": "VoteOpened/1000"},
        {"stream": "vote/x\n"},
        {"signer": "0" * 64},
        {"more": 1},
        *({"data": {"a": character}} for character in FORBIDDEN[::7]),
        *({"data": {"a": text}} for text in ("\n", "\\", '"', "\\u0000", "\\\\t", "ñ\\b", "\u00a0", "😀", "\ufeff")),
    ],
    ids=lambda changed: repr(changed)[:60],
)
def test_edges_are_judged_alike(changed: dict[str, Any]) -> None:
    """At every limit of the format both say the same."""
    _agree(_wrapped(reference(fields(**changed))))
