r"""Sealed documents as streams: AES-256-GCM in pieces of 64 KiB.

    ACVDOC1\n ‖ u8 length ‖ id of the data key ‖ prefix[7] ‖ pieces

Piece i is closed under the nonce prefix ‖ u32be i ‖ last, where `last` is 1 for the last piece and 0 for the others,
and bound to the header: pieces cannot be swapped, repeated or cut off (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag

from ledger.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from ledger.store.data_keys import DataKeys

PIECE_BYTES = 64 * 1024
MAX_HEADER_BYTES = 8 + 1 + 255 + 7
_MAGIC = b"ACVDOC1\n"
_PREFIX_BYTES = 7
_TAG_BYTES = 16


def close(keys: DataKeys, key_id: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Encrypt a stream of chunks of any size under a data key."""
    cipher = keys.open(key_id)
    prefix = secrets.token_bytes(_PREFIX_BYTES)
    header = _MAGIC + bytes([len(key_id)]) + key_id.encode() + prefix
    yield header
    for number, (piece, last) in enumerate(_pieces(chunks, PIECE_BYTES)):
        yield cipher.encrypt(_nonce(prefix, number, last=last), piece, header)


def key_of(beginning: bytes) -> str:
    """Return the id of the data key that a sealed document names in its header.

    Raises:
        StoreError: "document-damaged".
    """
    return _header(beginning)[1]


def plain_size(stored_bytes: int, beginning: bytes) -> int:
    """Return the size of a document from the size of its sealed form and its beginning.

    Raises:
        StoreError: "document-damaged".
    """
    body = stored_bytes - len(_header(beginning)[0])
    return body - _TAG_BYTES * -(-body // (PIECE_BYTES + _TAG_BYTES))


def open_(keys: DataKeys, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decrypt a sealed document piece by piece; nothing is given out that does not hold.

    Raises:
        StoreError: "data-key-destroyed" (erased), "document-damaged".
    """
    source = iter(chunks)
    buffer = b""
    while len(buffer) < MAX_HEADER_BYTES and (chunk := next(source, b"")):
        buffer += chunk
    header, key_id, prefix = _header(buffer)
    cipher = keys.open(key_id)

    def rest() -> Iterator[bytes]:
        yield buffer[len(header) :]
        yield from source

    for number, (piece, last) in enumerate(_pieces(rest(), PIECE_BYTES + _TAG_BYTES)):
        yield _open_piece(cipher, _nonce(prefix, number, last=last), piece, header)


def _open_piece(cipher: AESGCM, nonce: bytes, piece: bytes, header: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, piece, header)
    except (InvalidTag, ValueError) as error:
        raise StoreError("document-damaged", "a piece does not hold") from error


def _header(beginning: bytes) -> tuple[bytes, str, bytes]:
    """Return header, key id and prefix."""
    start = len(_MAGIC) + 1
    size = start + (beginning[start - 1] if len(beginning) >= start else 0) + _PREFIX_BYTES
    if not beginning.startswith(_MAGIC) or len(beginning) < size:
        raise StoreError("document-damaged", "no header")
    try:
        key_id = beginning[start : size - _PREFIX_BYTES].decode("ascii")
    except UnicodeDecodeError as error:
        raise StoreError("document-damaged", "no header") from error
    return beginning[:size], key_id, beginning[size - _PREFIX_BYTES : size]


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Cut a stream into pieces of `size` bytes, the last one shorter or as long, and say which is the last."""
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        while len(buffer) > size:  # not >=: the last piece is only known when nothing follows
            yield bytes(buffer[:size]), False
            del buffer[:size]
    yield bytes(buffer), True
