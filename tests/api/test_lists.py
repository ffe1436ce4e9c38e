"""Pages, cursors, validators and limits: small pieces that every route leans on."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.etags import etag, matches
from api.limits import Gate
from api.pagination import page_of, read_cursor, write_cursor
from api.problems import ApiError, dumps
from ledger.texts import text


@given(st.lists(st.integers(-(2**62), 2**62) | st.text("abc/ñ-", max_size=8), min_size=1, max_size=4))
def test_a_cursor_is_read_as_it_was_written(position: list[int | str]) -> None:
    """Any place in any order of numbers and texts comes back."""
    assert read_cursor(write_cursor(position)) == tuple(position)


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "eyJhIjoxfQ", "WzEuNV0", "W251bGxd", "WyJcdTAwMDAiXQ", "ñ", "W" * 500]
)
def test_a_cursor_that_nobody_wrote_is_refused(cursor: str) -> None:
    """Empty, foreign, with fractions, nulls or zero bytes, too long: "bad-cursor"."""
    with pytest.raises(ApiError) as refused:
        read_cursor(cursor)
    assert refused.value.code == "bad-cursor"


@given(st.text(max_size=40))
def test_no_cursor_is_a_failure(cursor: str) -> None:
    """Whatever stands in a cursor is read or refused, never a failure."""
    with contextlib.suppress(ApiError):
        assert write_cursor(read_cursor(cursor)) == cursor


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_a_size(limit: int) -> None:
    """1 to 500 rows."""
    with pytest.raises(ApiError):
        page_of(None, limit)


@pytest.mark.parametrize(
    ("header", "same"),
    [(None, False), ("*", True), ('"{}"', True), ('W/"{}"', True), ('"x", "{}"', True), ('"x"', False), ("{}", False)],
)
def test_validators_compare_weakly(header: str | None, *, same: bool) -> None:
    """If-None-Match: `*`, lists, weak tags (RFC 9110 §13.1.2)."""
    tag = etag(b"cuerpo")
    said = None if header is None else header.replace("{}", tag.strip('"'))
    assert matches(said, tag) is same


def test_a_gate_turns_away_and_lets_in_again() -> None:
    """Beyond its places 429; a place given back is free."""
    gate = Gate(1)
    with gate.enter(), pytest.raises(ApiError) as refused, gate.enter():
        pass
    assert refused.value.status == 429
    with gate.enter():
        pass


def test_an_answer_never_fails_for_its_text() -> None:
    """A lone surrogate in an error's detail is replaced, not a failure of the answer."""
    assert dumps({"detail": ["\ud800", {"\ud800": 1}]}).startswith(b'{"detail":')
    assert text("port-in-use", "en", port=3) != text("port-in-use", "es", port=3)
