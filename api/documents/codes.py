"""Short codes, as printed on every page and held by the QR: an act's place and a piece of its leaf hash.

`33J-8K2MQ4TZ`: the index in Crockford's base 32, then 40 bits of the entry's RFC 9162 leaf hash. The index finds the
act, the rest tells that it is the one that was printed: a service that shows another act there does not match it.
It is an address, no proof; the proof lies in the document's attachment.
"""

from __future__ import annotations

import re

from ledger.crypto.merkle import leaf_hash
from ledger.errors import UntrustedInputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HASH_CHARS = 8
_BITS = 5
_CODE = re.compile(rf"([1-9A-HJKMNP-TV-Z][{ALPHABET}]{{0,10}}|0)-([{ALPHABET}]{{{HASH_CHARS}}})")
_READ_AS = str.maketrans("OILoil", "011011")


def code_of(index: int, entry: bytes) -> str:
    """Return the short code of the entry at an index."""
    return f"{_written(index)}-{_tail(entry)}"


def parse_code(code: str) -> tuple[int, str]:
    """Return the index of a code and its piece of the hash, as typed by people: any case, O for 0, I and L for 1.

    Raises:
        UntrustedInputError: "bad-short-code".
    """
    found = _CODE.fullmatch(code.strip().translate(_READ_AS).upper())
    if found is None:
        raise UntrustedInputError("bad-short-code", code[:32])
    index = 0
    for char in found[1]:
        index = index * 32 + ALPHABET.index(char)
    return index, found[2]


def names(code: str, index: int, entry: bytes) -> bool:
    """Tell whether a code is that of the entry at an index."""
    return parse_code(code) == (index, _tail(entry))


def _tail(entry: bytes) -> str:
    number = int.from_bytes(leaf_hash(entry)[: HASH_CHARS * _BITS // 8], "big")
    return _written(number).rjust(HASH_CHARS, "0")


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits or "0"
