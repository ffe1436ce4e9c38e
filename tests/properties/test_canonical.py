"""Canonical JSON: one spelling a value, nothing outside the model, no other error whatever comes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.crypto import canonical
from ledger.crypto.b64 import decode_base64, encode_base64
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_DEPTH, MAX_INTEGER
from tests.kit.jcs import reference
from tests.kit.signed import FORBIDDEN, TEXT, VALUES, tampered

LIMIT = 1 << 16


def _refused(value: Any) -> str:
    with pytest.raises(UntrustedInputError) as refusal:
        canonical.dumps(value)
    return refusal.value.code


@given(VALUES)
def test_ours_is_the_reference(value: Any) -> None:
    """Any value of the model is written as RFC 8785 writes it, and read back the same."""
    raw = canonical.dumps(value)
    assert raw == reference(value)
    assert canonical.loads(raw, len(raw)) == value


@given(st.data())
def test_what_is_read_would_be_written(data: st.DataObject) -> None:
    """Tampered JSON is refused or is exactly what its value is written as."""
    raw = data.draw(tampered(canonical.dumps(data.draw(VALUES))))
    try:
        value = canonical.loads(raw, LIMIT)
    except UntrustedInputError:
        return
    assert canonical.dumps(value) == reference(value) == raw


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_one_family_of_errors(raw: bytes) -> None:
    """Random bytes are refused as untrusted input, never with another exception."""
    try:
        value = canonical.loads(raw, LIMIT)
    except UntrustedInputError:
        return
    assert canonical.dumps(value) == raw


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'[{"a":'])
@pytest.mark.parametrize("levels", [MAX_DEPTH, 100, 300, 20_000])
def test_deep_nesting_is_refused(opened: bytes, levels: int) -> None:
    """Whatever the depth, too much of it is a refusal and no exhausted stack."""
    closed = {b"[": b"]", b'{"a":': b"}", b'[{"a":': b"}]"}[opened]
    with pytest.raises(UntrustedInputError):
        canonical.loads(opened * levels + b"[]" + closed * levels, 1 << 20)


@pytest.mark.parametrize("closed", [True, False])
def test_depth_counts_objects_and_arrays(closed: bool) -> None:
    """Eight levels are admitted, the ninth is not, whatever stands in it."""
    value: Any = {} if closed else ["x"]
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    assert canonical.loads(canonical.dumps(value), LIMIT) == value
    assert _refused([value]) == "not-canonical"
    assert _refused({"a": value}) == "not-canonical"


@pytest.mark.parametrize("character", FORBIDDEN, ids=lambda c: f"U+{ord(c):04X}")
def test_forbidden_characters(character: str) -> None:
    """Each forbidden character is refused in writing and in reading, after a backslash too."""
    for text in (character, f"\\{character}", f'"\\\\{character}ñ'):
        assert _refused({"a": [text]}) == "forbidden-character"
        with pytest.raises(UntrustedInputError):
            canonical.loads(reference([text]), LIMIT)


@pytest.mark.parametrize(
    "text", ["\n", "\\", '"', "\\n\\", "\\u0000", "\\\\t", "ñ\\b", "/", "\u00a0", "😀", "a\u0301", "\ufeff"]
)
def test_allowed_characters(text: str) -> None:
    """Line breaks, quotes and backslashes are written escaped and come back; what looks like an escape is none."""
    raw = canonical.dumps([text])
    assert raw == reference([text])
    assert canonical.loads(raw, LIMIT) == [text]


@pytest.mark.parametrize(
    "value",
    [
        None,
        1.0,
        float("nan"),
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        2**70,
        ("a",),
        b"a",
        datetime(2026, 1, 1, tzinfo=UTC),
        {"A": 1},
        {"": 1},
        {"1a": 1},
        {"a-b": 1},
        {"a" * 65: 1},
        {"ñ": 1},
        {"a\n": 1},
        {1: 1},
        {f"k{i}": 1 for i in range(20)} | {"K": 1},
    ],
    ids=repr,
)
def test_outside_the_model(value: Any) -> None:
    """What the format's value model lacks is refused, at the top and within."""
    assert _refused(value) == "not-canonical"
    assert _refused([{"a": value}]) == "not-canonical"


def test_lone_surrogates_are_refused() -> None:
    """A string that is no well-formed Unicode cannot be written."""
    assert _refused(["\ud800"]) == "not-canonical"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" 1",
        b"1 ",
        b"-0",
        b"01",
        b"1.0",
        b"1e2",
        b"9007199254740992",
        b"null",
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud83d\\ude00"',
        b'"\\u000a"',
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b"\xef\xbb\xbf1",
        b"[1,]",
        b"NaN",
        b'"a\nb"',
    ],
)
def test_other_spellings_are_refused(raw: bytes) -> None:
    """Every second spelling of a value, and what is no value, is refused."""
    with pytest.raises(UntrustedInputError):
        canonical.loads(raw, LIMIT)


def test_the_limit_is_of_bytes() -> None:
    """One byte more than the limit is refused before anything is parsed."""
    assert canonical.loads(b'"\xc3\xb1"', 4) == "ñ"
    with pytest.raises(UntrustedInputError) as refusal:
        canonical.loads(b"\xff" * 5, 4)
    assert refusal.value.code == "too-large"


def test_writers_compose_characters() -> None:
    """Strings that a person typed are put into NFC at every level; keys and other values stay."""
    assert canonical.nfc({"a": ["n\u0303", 1, True, ("e\u0301",)]}) == {"a": ["ñ", 1, True, ["é"]]}


@given(st.binary(max_size=60))
def test_base64_comes_back(raw: bytes) -> None:
    """What is written as base64 is read back the same."""
    assert decode_base64(encode_base64(raw)) == raw


@given(st.data())
def test_base64_has_one_spelling(data: st.DataObject) -> None:
    """Tampered base64 is refused or is what its bytes are written as."""
    valid = encode_base64(data.draw(st.binary(max_size=20))).encode()
    text = data.draw(tampered(valid).map(lambda raw: raw.decode("utf-8", "replace")) | TEXT)
    try:
        raw = decode_base64(text)
    except UntrustedInputError:
        return
    assert encode_base64(raw) == text
