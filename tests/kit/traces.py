"""Traces of withheld text in a PDF: looked for in every stream, decompressed, and in what is encoded inside of them."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING

from api.documents.layout import layout_in
from ledger.crypto import disclosure
from ledger.verify.texts import readme
from tests.kit.leaks import strings, vocabulary, words
from tests.kit.pages import glyphs, text_of
from tests.kit.pdfa import streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PHRASES = (
    *layout_in().phrases.values(),
    *layout_in().words.names["ordinals"].values(),
    readme().decode(),
)
"""What the layout and the reader's guide in the evidence say by themselves."""
_ENCODED = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")


def split(held: Mapping[str, str], names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the disclosures of these names, and the texts of the others."""
    chosen = set(names)
    values = [disclosure.parse(text).value for name, text in held.items() if name not in chosen]
    return [held[name] for name in sorted(chosen)], [" ".join(strings(value, keys=False)) for value in values]


def traces(raw: bytes, withheld: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return what of withheld disclosures is found in a PDF.

    Looked for are every word of four letters that neither a known text nor the format itself has, the disclosures
    themselves and their salts: in the file as it is, in every stream and string decompressed (metadata, fonts,
    attachments), in whatever is base64 in those, in the text as a reader would copy it.

    Args:
        raw: The PDF.
        withheld: Disclosures that must not be in it.
        known: Texts whose words may stand in it.
    """
    found = []
    held = [*streams(raw), text_of(raw).encode()]
    held += [decoded for each in held for decoded in _decoded(each)]
    readable = [words(each.decode("utf-8", "replace")) | words(each.decode("utf-16-be", "replace")) for each in held]
    allowed = vocabulary() | {word for text in known for word in words(text)}
    for text in withheld:
        parsed = disclosure.parse(text)
        secret = words(" ".join(strings(parsed.value, keys=False))) - allowed
        assert secret, f"nothing of {parsed.name} is its own: the search would find nothing"
        found += [f"word {word}" for word in sorted(secret) if any(word in each for each in readable)]
        salt = disclosure.encode_base64url(parsed.salt).encode()
        for piece in (text.encode(), text.encode()[:60], salt, parsed.salt, parsed.salt.hex().encode()):
            found += [f"{parsed.name}: {piece[:20]!r}"] if any(piece in each for each in held) else []
    return found


def foreign_glyphs(raw: bytes) -> set[str]:
    """Return the characters that a font of the file has and its text has not."""
    return glyphs(raw) - set(text_of(raw)) - {"\u00ad", "\u200b"}


def _decoded(raw: bytes) -> Iterator[bytes]:
    """Yield what is base64, of either alphabet, in a stream."""
    for match in _ENCODED.findall(raw):
        text = match.rstrip(b"=")
        for alternative in (b"+/", b"-_"):
            try:
                yield base64.b64decode(text + b"=" * (-len(text) % 4), altchars=alternative, validate=True)
            except (binascii.Error, ValueError):
                continue
