"""Disclosures: one spelling, nothing outside the value model, no other error whatever comes."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.crypto import canonical, disclosure
from ledger.errors import UntrustedInputError
from ledger.ids import BASE64URL_SHA256, MAX_DISCLOSURE_BYTES, SEALED_NAME
from tests.kit.jcs import reference
from tests.kit.signed import SEALED_NAMES, TEXT, VALUES, tampered

SALT = bytes(range(16))
SALTS = st.binary(min_size=16, max_size=16)


def _encode(value: Any) -> str:
    return disclosure.encode_base64url(reference(value))


def _refused(text: str) -> str:
    with pytest.raises(UntrustedInputError) as refusal:
        disclosure.parse(text)
    return refusal.value.code


@given(SEALED_NAMES, VALUES, SALTS)
def test_disclosures_come_back(name: str, value: Any, salt: bytes) -> None:
    """A disclosure is base64url of `[salt, name, value]` and is read back as what was put in, in NFC."""
    text = disclosure.make(name, value, salt)
    assert disclosure.parse(text) == disclosure.Disclosure(salt, name, canonical.nfc(value))
    encoded_salt = base64.urlsafe_b64encode(salt).decode().rstrip("=")
    assert len(encoded_salt) == 22
    assert text == _encode([encoded_salt, name, canonical.nfc(value)])


@given(st.data())
def test_what_is_read_would_be_written(data: st.DataObject) -> None:
    """A tampered disclosure, or tampered JSON inside one, is refused or stands exactly as it would be written."""
    valid = disclosure.make(data.draw(SEALED_NAMES), data.draw(VALUES), SALT)
    outside = tampered(valid.encode()).map(lambda raw: raw.decode("utf-8", "replace"))
    inside = tampered(disclosure.decode_base64url(valid)).map(disclosure.encode_base64url)
    text = data.draw(outside | inside | TEXT)
    try:
        found = disclosure.parse(text)
    except UntrustedInputError:
        return
    assert _encode([disclosure.encode_base64url(found.salt), found.name, found.value]) == text
    assert SEALED_NAME.fullmatch(found.name)
    assert len(found.salt) == 16


@given(SEALED_NAMES, VALUES, SALTS, SALTS)
def test_the_salt_hides_the_value(name: str, value: Any, salt: bytes, other: bytes) -> None:
    """Two disclosures of one value have the same digest only under the same salt, and any digest is well-formed."""
    first, second = (disclosure.digest(disclosure.make(name, value, each)) for each in (salt, other))
    assert (first == second) == (salt == other)
    assert BASE64URL_SHA256.fullmatch(first)


def test_the_digest_is_over_the_ascii_text() -> None:
    """`sealed` commits to SHA-256 of the base64url text, as RFC 9901 does, not of what it encodes."""
    text = disclosure.make("reason", "motivo", SALT)
    wanted = base64.urlsafe_b64encode(hashlib.sha256(text.encode("ascii")).digest()).decode().rstrip("=")
    assert disclosure.digest(text) == wanted


def test_rfc_9901_example() -> None:
    """The digest of a disclosure printed in RFC 9901 §4.2.3 is the one printed there."""
    printed = "WyI2cU1RdlJMNWhhaiIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosure.digest(printed) == "uutlBuYeMDyjLLTpf6Jxi7yNkEF35jdyWMn9U7b_RYY"
    assert _refused(printed) == "not-canonical"  # it has spaces: ours are written in one way only


@pytest.mark.parametrize(
    "parts",
    [
        {},
        "x",
        ["A" * 22],
        ["A" * 22, "name"],
        ["A" * 22, "name", 1, 2],
        ["A" * 21, "name", 1],
        ["A" * 24, "name", 1],
        ["A" * 21 + "B", "name", 1],
        [1, "name", 1],
        ["A" * 22, 1, 1],
        ["A" * 22, "Name", 1],
        ["A" * 22, "", 1],
        ["A" * 22, "n" * 65, 1],
        ["A" * 22, "name", None],
        ["A" * 22, "name", 1.5],
        ["A" * 22, "name", {"K": 1}],
        ["A" * 22, "name", "\u202e"],
    ],
    ids=repr,
)
def test_malformed_disclosures(parts: Any) -> None:
    """Another number of members, another salt, a name or value that the format lacks: each is refused."""
    assert _refused(_encode(parts))


@pytest.mark.parametrize("text", ["=", "AA==", "A", "A+/A", "AA\n", "ñ", "\ud800", "AB"])
def test_other_base64url_is_refused(text: str) -> None:
    """Padding, the other alphabet, stray bits and anything that is not ASCII are refused."""
    with pytest.raises(UntrustedInputError) as refusal:
        disclosure.decode_base64url(text)
    assert refusal.value.code == "bad-base64url"


@pytest.mark.parametrize(
    ("name", "value", "salt"),
    [("Name", "x", SALT), ("", "x", SALT), ("n" * 65, "x", SALT), ("name", "x", b"short"), ("name", 1.5, SALT)],
)
def test_writers_are_checked_too(name: str, value: Any, salt: bytes) -> None:
    """What could not be read is not written either."""
    with pytest.raises(UntrustedInputError):
        disclosure.make(name, value, salt)


def test_size_limit() -> None:
    """The largest disclosure is written and read; one character more is neither."""
    most = (MAX_DISCLOSURE_BYTES * 3 // 4) - len('["' + "A" * 22 + '","name",""]')
    text = disclosure.make("name", "x" * most, SALT)
    assert len(text) == MAX_DISCLOSURE_BYTES
    assert disclosure.parse(text).value == "x" * most
    with pytest.raises(UntrustedInputError):
        disclosure.make("name", "x" * (most + 1), SALT)
    assert _refused(text + "A") == "bad-disclosure"


def test_a_digest_is_of_ascii() -> None:
    """Text that cannot be a disclosure has no digest."""
    with pytest.raises(UntrustedInputError):
        disclosure.digest("ñ")


def test_the_root_over_blocks() -> None:
    """A draft's root is RFC 9162's over the texts: of two blocks, the hash of a node over two leaves."""
    texts = [disclosure.make(disclosure.block_name(number), "x", SALT) for number in (1, 2)]
    first, second = (hashlib.sha256(b"\0" + text.encode()).digest() for text in texts)
    assert disclosure.block_root(texts[:1]) == first.hex()
    assert disclosure.block_root(texts) == hashlib.sha256(b"\1" + first + second).hexdigest()
    assert [disclosure.parse(text).name for text in texts] == ["block/1", "block/2"]
