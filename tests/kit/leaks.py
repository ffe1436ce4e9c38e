"""What must never stand in an entry: words of sealed texts, names, tokens that identify a person (format.md §3).

Entries are public for ever. What may stand in them is what the format itself says (names of types, fields, kinds and
choices) and the identifiers that bodies gave to seats, sectors and series; everything else of a sealed text is a leak.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

from ledger import profiles
from ledger.acts import act_types
from ledger.crypto import disclosure
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MIN_LETTERS = 4
_WORD = re.compile(rf"[^\W\d_]{{{MIN_LETTERS},}}")
_CAMEL = re.compile(r"[A-Z][a-z]+|[a-z]+")
TOKENS = {
    "CURP": re.compile(r"\b[A-Z][AEIOUX][A-Z]{2}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]\b", re.IGNORECASE),
    "RFC": re.compile(r"\b[A-ZÑ&]{3,4}[0-9]{6}[A-Z0-9]{3}\b", re.IGNORECASE),
    "e-mail": re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"),
    "telephone or social security number": re.compile(r"(?<![\w.-])[0-9]{10,11}(?![\w.-])"),
}
# Of identifiers that an act defines: body, seats, sectors; of the fields that refer to them nothing is exempt.
_DEFINING = {
    "BodyRegistered/1": ("body",),
    "SeatsDefined/1": ("body", "seat", "sector", "role"),
    "UnitCreated/1": ("unit", "code"),
    "UnitRenamed/1": ("unit", "code"),
}


def words(text: str) -> set[str]:
    """Return the words of four letters and more, in lower case, without accents."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return set(_WORD.findall(plain))


def strings(value: Any, *, keys: bool) -> Iterator[str]:
    """Give every string in a JSON value."""
    match value:
        case str():
            yield value
        case dict():
            for key, member in value.items():
                if keys:
                    yield key
                yield from strings(member, keys=keys)
        case list():
            for member in value:
                yield from strings(member, keys=keys)
        case _:
            return


def vocabulary() -> set[str]:
    """Return the words that the format itself puts into entries."""
    found: set[str] = {"none", "acervo", "ledger"}
    for name, cls in act_types().items():
        found |= {word.lower() for word in _CAMEL.findall(name)} | words(cls.kind)
        found |= words(" ".join(_said_by_schema(cls.model_json_schema())))
        found |= words(" ".join(field.name for field in cls.sealed_fields))
    for profile in profiles.names():
        found |= words(profile) | words(" ".join(strings(profiles.load(profile).model_dump(mode="json"), keys=True)))
    return found


def _said_by_schema(schema: Any) -> Iterator[str]:
    """Give names of fields and choices of a JSON schema, not its prose."""
    if isinstance(schema, dict):
        for key, member in schema.items():
            if key == "properties":
                yield from member
            if key in {"enum", "const", "default"}:
                yield from strings(member, keys=True)
            yield from _said_by_schema(member)
    elif isinstance(schema, list):
        for member in schema:
            yield from _said_by_schema(member)


def statement_of(raw: bytes) -> dict[str, Any]:
    """Return what an entry's officer signed."""
    statement: dict[str, Any] = json.loads(Entry.parse(raw).act.statement.raw)
    return statement


def defined(entries: Iterable[bytes]) -> set[str]:
    """Return the words of identifiers that acts define, and of the ledger's own name."""
    found: set[str] = set()
    for raw in entries:
        statement = statement_of(raw)
        found |= words(statement["ledger"])
        fields = _DEFINING.get(statement["type"], ())
        rows = [statement["data"], *statement["data"].get("seats", ())]
        found |= words(" ".join(str(row[field]) for row in rows for field in fields if field in row))
    return found


def sealed_words(texts: Iterable[str]) -> set[str]:
    """Return the words of disclosures' values."""
    found: set[str] = set()
    for text in texts:
        found |= words(" ".join(strings(disclosure.parse(text).value, keys=False)))
    return found


def leaks(entries: Iterable[bytes], secret: set[str]) -> list[tuple[int, str]]:
    """Return index and word of everything that stands in an entry and may not.

    Args:
        entries: Raw entries.
        secret: Words as `words` gives them.
    """
    found = []
    for index, raw in enumerate(entries):
        said = " ".join(strings(statement_of(raw), keys=True))
        # Keys, digests and signatures are drawn by lot: letters in a row mean nothing there.
        plain = re.sub(r"[A-Za-z0-9+/_=-]{40,}", " ", said)
        found += [(index, word) for word in sorted(words(plain) & secret)]
        for name, pattern in TOKENS.items():
            found += [(index, f"{name} {match}") for match in pattern.findall(plain)]
    return found
