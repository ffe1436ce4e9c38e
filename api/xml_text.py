"""Text as XML can hold it."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(value: str) -> str:
    """Return the text without what XML 1.0 cannot hold (§2.2 there)."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
