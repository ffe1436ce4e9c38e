"""Partial identifiers of agreements as people type them: "107/2022", "acuerdo 107", "ACDO 107 DIR" (pure).

An identifier becomes signs, short words that stand in the index beside the words of the text; what somebody types
becomes the signs that must all be there. A sign begins with `#`, which no word of a text does.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_TYPED = 200
"""Characters of a search."""
_PIECE = re.compile(r"[a-z0-9]+")
_INTRODUCTIONS = frozenset({"acdo", "acdos", "acuerdo", "acuerdos", "directriz", "accion", "opinion"})
_FILLING = frozenset({"num", "numero", "no", "nro", "n", "de", "del", "ano"})
_YEARLY = re.compile(r"[0-9]{1,6}\s*/\s*(?:18|19|20)[0-9]{2}")
_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_SERIES = re.compile(r"[A-Z]{2}[0-9]")
_UNIT = re.compile(r"[A-Z]{1,8}")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a search asks of identifiers.

    Attributes:
        signs: All of them must be there.
        number: The agreement's number, where one was typed.
        year: Its year, where one was typed.
    """

    signs: tuple[str, ...]
    number: int | None = None
    year: int | None = None


class _Folding(dict[int, str]):
    """Each character without its accent in lower case, worked out when it first comes."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        bare = "ñ" if character in "ñÑ" else unicodedata.normalize("NFD", character)[0].lower()
        folded = bare if len(bare) == 1 else character
        if code < _KEPT_CODES:
            self[code] = folded
        return folded


_KEPT_CODES = 0x2100
_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return text in lower case without accents, character for character, so that places in it stay the same."""
    return text.translate(_FOLDING)


def signs_of(identifier: str, number: int, year: int) -> tuple[str, ...]:
    """Return the signs under which an agreement is found.

    Args:
        identifier: As printed, e.g. `ACDO.AS2.HCD.280126/12.P.DIR` or `12/2026`.
        number: In the body's year.
        year: Of adoption.
    """
    pieces = {f"#{piece}" for piece in _PIECE.findall(fold(identifier))}
    return tuple(sorted(pieces | {f"#n{number}", f"#y{year}"}))


def read_typed(text: str) -> Typed | None:
    """Return what the typed text asks of identifiers, None where it is a search for words.

    It is an identifier when it is `n/yyyy`, or when it begins with "acuerdo" or "ACDO", has a number and otherwise
    only what identifiers have: series (`AS2`), date, year, and units or bodies written in capitals.
    """
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").strip()
    if len(plain) > MAX_TYPED or '"' in plain:
        return None
    words = [word for word in re.split(r"[^0-9A-Za-zÀ-ÿ]+", plain) if word]
    introduced = bool(words) and fold(words[0]) in _INTRODUCTIONS
    rest = [word for word in (words[1:] if introduced else words) if fold(word) not in _FILLING]
    if not introduced and not _YEARLY.fullmatch(plain.strip("'. ")) and not _whole(words):
        return None
    return _typed(rest)


def _whole(words: list[str]) -> bool:
    """Whether this is an identifier without its first word: `AS2.HCT.270422/107.P.DIR`."""
    return len(words) > 1 and _SERIES.fullmatch(words[0].upper()) is not None


def _typed(words: list[str]) -> Typed | None:
    """Sort words into number, year and pieces; None where one fits nothing or there is no number."""
    number: int | None = None
    year: int | None = None
    signs: set[str] = set()
    for word in words:
        if _NUMBER.fullmatch(word):
            is_date = len(word) == 6 and number is None  # ddmmaa stands before the number
            if is_date:
                signs.add(f"#{word}")
            elif number is None and (not _YEAR.fullmatch(word) or word == words[-1]):
                number = int(word)
            elif year is None and _YEAR.fullmatch(word):
                year = int(word)
            else:
                return None
        elif _SERIES.fullmatch(word.upper()) or _UNIT.fullmatch(word):
            signs.add(f"#{fold(word)}")
        else:
            return None
    if number is not None:
        signs.add(f"#n{number}")
    if year is not None:
        signs.add(f"#y{year}")
    if number is None and not any(sign[1:].isdigit() for sign in signs):
        return None
    return Typed(tuple(sorted(signs)), number, year)
