"""Strategies for what the format admits, for what it forbids, and for bytes that have been tampered with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from ledger.crypto import disclosure
from ledger.crypto.keys import PrivateKey
from ledger.ids import MAX_INTEGER
from ledger.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.crypto.keys import Algorithm

FORBIDDEN = [
    *map(chr, (*range(10), *range(11, 32), *range(0x7F, 0xA0))),
    *map(chr, (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A))),
    *map(chr, (*range(0xFDD0, 0xFDF0), *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF)))),
]
"""Every character that format.md §2 forbids in strings, surrogates apart."""
CHARACTERS = st.characters(codec="utf-8", exclude_characters="".join(FORBIDDEN))
TEXT = st.text(CHARACTERS, max_size=12)
KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True)
INTEGERS = st.integers(-MAX_INTEGER, MAX_INTEGER)
SCALARS = TEXT | INTEGERS | st.booleans()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
).filter(lambda value: depth(value) <= 6)
SHA256 = st.binary(min_size=32, max_size=32).map(bytes.hex)
DIGESTS = st.binary(min_size=32, max_size=32).map(disclosure.encode_base64url)
STREAMS = st.from_regex(r"[a-z]{1,8}(/[a-z0-9][a-z0-9._-]{0,6}){0,4}", fullmatch=True)
SEALED_NAMES = st.from_regex(r"[a-z0-9_./-]{1,12}", fullmatch=True)
INSTANTS = st.builds(
    "{:%Y-%m-%dT%H:%M:%S}{}".format, st.datetimes(), st.sampled_from(["-06:00", "+00:00", "-05:00", "+05:30"])
).map(lambda text: text.zfill(25))
RECORDED = st.datetimes().map(lambda instant: f"{instant:%Y-%m-%dT%H:%M:%S.%f}Z".zfill(27))


def depth(value: Any) -> int:
    """Return how many levels of objects and arrays a value has."""
    match value:
        case dict():
            return 1 + max(map(depth, value.values()), default=0)
        case list():
            return 1 + max(map(depth, value), default=0)
        case _:
            return 0


@cache
def a_key(algorithm: Algorithm = "ed25519") -> PrivateKey:
    """Return one key for all tests; making one of RSA takes long."""
    return PrivateKey.generate(algorithm)


def fields(**changed: Any) -> dict[str, Any]:
    """Return the twelve fields of a small valid statement, some of them changed."""
    return {
        "basis": {"vote/hcd/2026/ord/3/2": "b" * 64},
        "data": {"choice": "for", "seat": "obrero-2", "vote": 2},
        "ledger": "actas.idss.example/acervo",
        "occurred_at": "2026-01-28T10:00:00-06:00",
        "office": "designation/hcd/obrero-2/4",
        "prev": "a" * 64,
        "sealed": {"reason": "A" * 43},
        "signed_at": "2026-01-28T10:00:01-06:00",
        "signer": a_key().public.keyid,
        "stream": "ballot/hcd/2026/ord/3/2/obrero-2",
        "type": "BallotCast/1",
        "version": 1,
    } | changed


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    """Give any statement that the format admits, signed by nobody yet."""
    data = draw(st.dictionaries(KEYS, VALUES, max_size=4))
    sealed = draw(st.dictionaries(SEALED_NAMES, DIGESTS, max_size=3))
    return Statement.compose(
        **fields(
            basis=draw(st.dictionaries(STREAMS, SHA256, max_size=3)),
            data=data,
            occurred_at=draw(INSTANTS),
            office=draw(STREAMS),
            prev=draw(SHA256),
            sealed={name: digest for name, digest in sealed.items() if name not in data},
            signed_at=draw(INSTANTS),
            stream=draw(STREAMS),
            version=draw(st.integers(1, MAX_INTEGER)),
        )
    )


_PIECES = [
    b'"',
    b"\\",
    b",",
    b":",
    b"{}",
    b"[]",
    b"null",
    b"1.0",
    b"-0",
    b"1e3",
    b" ",
    b"\n",
    b"\\u0041",
    b"\xff",
    b"\0",
]


def tampered(valid: bytes) -> st.SearchStrategy[bytes]:
    """Give the bytes with one thing done to them; now and then it changes nothing."""
    places = st.integers(0, max(len(valid) - 1, 0))
    edits: list[Callable[[int, int, bytes], bytes]] = [
        lambda i, _, piece: valid[:i] + piece + valid[i:],
        lambda i, j, _: valid[: min(i, j)] + valid[max(i, j) :],
        lambda i, _, piece: valid[:i] + piece + valid[i + len(piece) :],
        lambda i, j, _: valid[: max(i, j)] + valid[min(i, j) :],
        lambda i, j, _: valid[:i] + bytes(byte ^ 1 << j % 8 for byte in valid[i : i + 1]) + valid[i + 1 :],
    ]
    piece = st.sampled_from(_PIECES) | st.binary(min_size=1, max_size=4)
    return st.builds(lambda edit, i, j, put: edit(i, j, put), st.sampled_from(edits), places, places, piece)
