"""Identifiers of agreements: their grammar, and nothing that guesses (domain.md §4.2, §4.3).

    identifier = modern | yearly | cumulative ;
    modern     = "ACDO" "." series level "." body "." date "/" seq "." kind "." unit ;
    yearly     = seq "/" YYYY ;                    177/2001
    cumulative = digits, grouped by space or dot ; 167 717

What the series, the level and the kind mean could not be established: they are stored and never interpreted.
Equality is on the canonical form: NFKC, upper case, no spaces, no trailing dot, no parentheses around the unit.
Whatever does not fit, `ACDO.AS2.HCT.3000419/150.P.DIR` of a printed statute for one, is quarantined with the
reason and with what it may have meant; the secretary resolves it by an act, the original stays.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias, assert_never

from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.acts.body import NumberingRule

MAX_CHARS = 200
MAX_CANDIDATES = 8
CENTURY_PIVOT = 50  # YY from 50 on is 19YY: the council dates from 1943, the form with YY from about 2010

_INTRODUCTION = re.compile(r"^ACUERDOS?\s*:?\s*(?:N(?:[UÚ]M(?:ERO)?)?\.?O?\.?\s*)?(?=ACDO|'?[0-9])")
_MODERN = re.compile(
    r"(?:ACDO|ACUERDO)\.(?P<series>[A-Z]{2})(?P<level>[1-9])\.(?P<body>[A-Z]{2,6})\.(?P<date>[0-9]+)"
    r"(?:/(?P<number>[0-9]+)\.(?P<kind>[A-Z])\.(?:\((?P<bracketed>[A-Z]{2,8})\)|(?P<unit>[A-Z]{2,8})))?"
)
_YEARLY = re.compile(r"'?(?P<number>[0-9]+)/(?P<year>[0-9]{4})")
_CUMULATIVE = re.compile(r"[1-9][0-9]{0,2}(?:[ .][0-9]{3})|[1-9][0-9]{3,5}")
_SEQ = re.compile(r"[1-9][0-9]{0,3}")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

Reason: TypeAlias = Literal[
    "too-long", "foreign-characters", "unknown-form", "missing-number", "date-digits", "impossible-date", "bad-number"
]


@dataclass(frozen=True, slots=True)
class Modern:
    """`ACDO.AS2.HCT.280421/99.P.DA`: date of the session, number in the body's year, proposing unit."""

    series: str
    level: int
    body: str
    session_on: date
    number: int
    kind: str
    unit: str

    def __str__(self) -> str:
        head = f"ACDO.{self.series}{self.level}.{self.body}"
        return f"{head}.{self.session_on:%d%m%y}/{self.number}.{self.kind}.{self.unit}"


@dataclass(frozen=True, slots=True)
class Yearly:
    """`177/2001`: number in the body's year."""

    number: int
    year: int

    def __str__(self) -> str:
        return f"{self.number}/{self.year}"


@dataclass(frozen=True, slots=True)
class Cumulative:
    """`167 717`: number since the body's beginning."""

    number: int

    def __str__(self) -> str:
        return str(self.number)


Identifier: TypeAlias = Modern | Yearly | Cumulative


@dataclass(frozen=True, slots=True)
class Parsed:
    """An identifier of a known form, with the text as printed."""

    as_printed: str
    value: Identifier

    @property
    def canonical(self) -> str:
        """The form on which identifiers are compared."""
        return str(self.value)

    @property
    def form(self) -> Literal["MODERN", "YEARLY", "CUMULATIVE"]:
        """Which of the three forms it has."""
        match self.value:
            case Modern():
                return "MODERN"
            case Yearly():
                return "YEARLY"
            case Cumulative():
                return "CUMULATIVE"
            case _:
                assert_never(self.value)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Text that no form admits: why, and canonical identifiers that it may have meant (never applied)."""

    as_printed: str
    reason: Reason
    candidates: tuple[str, ...] = ()


def parse(text: str) -> Parsed | Quarantine:
    """Return the identifier that the text says, or why it is none; never guesses and never raises.

    Args:
        text: As printed, possibly introduced by "Acuerdo" or "Acuerdo número".
    """
    if len(text) > MAX_CHARS:
        return Quarantine(text, "too-long")
    # A soft hyphen is a line break of the printer's and the apostrophe his sign for a number; any other foreign
    # sign may be a homoglyph and stays foreign: it is looked for before upper() makes an I of a dotless one.
    plain = unicodedata.normalize("NFKC", text).replace("\u00ad", "").replace("\u2019", "'")
    if not plain.replace("ú", "u").replace("Ú", "U").isascii():
        return Quarantine(text, "foreign-characters")
    spaced = _INTRODUCTION.sub("", " ".join(plain.upper().split())).rstrip(". ")
    bare = spaced.replace(" ", "")
    if found := _MODERN.fullmatch(bare):
        return _modern(text, found)
    if found := _YEARLY.fullmatch(bare):
        return _yearly(text, found)
    if _CUMULATIVE.fullmatch(spaced):
        return Parsed(text, Cumulative(int(re.sub(r"[ .]", "", spaced))))
    return Quarantine(text, "unknown-form")


def format(parsed: Parsed) -> str:  # noqa: A001  the pair of `parse`, used qualified
    """Return the canonical form; `parse(format(p))` has the same value as `p`."""
    return parsed.canonical


def _yearly(text: str, found: re.Match[str]) -> Parsed | Quarantine:
    if not _SEQ.fullmatch(found["number"]) or not _YEAR.fullmatch(found["year"]):
        return Quarantine(text, "bad-number")
    return Parsed(text, Yearly(int(found["number"]), int(found["year"])))


def _modern(text: str, found: re.Match[str]) -> Parsed | Quarantine:
    if found["number"] is None:
        return Quarantine(text, "missing-number")
    if not _SEQ.fullmatch(found["number"]):
        return Quarantine(text, "bad-number")
    if len(found["date"]) != 6:
        return Quarantine(text, "date-digits", _candidates(found))
    session_on = _date(found["date"])
    if session_on is None:
        return Quarantine(text, "impossible-date", _candidates(found))
    return Parsed(text, _built(found, session_on))


def _built(found: re.Match[str], session_on: date) -> Modern:
    return Modern(
        series=found["series"],
        level=int(found["level"]),
        body=found["body"],
        session_on=session_on,
        number=int(found["number"]),
        kind=found["kind"],
        unit=found["bracketed"] or found["unit"],
    )


def _date(digits: str) -> date | None:
    """Return the date that `ddmmyy` says, or None where the calendar has none."""
    year = int(digits[4:])
    try:
        return date(year + (1900 if year >= CENTURY_PIVOT else 2000), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return None


def _candidates(found: re.Match[str]) -> tuple[str, ...]:
    """Return what one slip of the hand explains: a digit too many, day and month swapped, two digits swapped."""
    digits = found["date"]
    if len(digits) == 7:
        tries = [digits[:i] + digits[i + 1 :] for i in range(7)]
    elif len(digits) == 6:
        tries = [digits[2:4] + digits[:2] + digits[4:]]
        tries += [digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in range(5)]
    else:
        return ()
    dates = dict.fromkeys(day for each in tries if (day := _date(each)) is not None)
    return tuple(str(_built(found, day)) for day in dates)[:MAX_CANDIDATES]


def check_identifier(
    rule: NumberingRule, body_code: str | None, session_day: date, number: int, identifier: str
) -> Identifier:
    """Check that an agreement's printed identifier says what the act says, in the body's scheme.

    Args:
        rule: The body's numbering.
        body_code: Its short code in identifiers (ACDO only), e.g. `HCD`.
        session_day: Legal day of the session that adopted it.
        number: The agreement's number in the body's year.
        identifier: As signed; must be canonical.

    Raises:
        RuleViolation: "identifier-mismatch", naming the first thing that differs.
    """
    parsed = parse(identifier)
    if isinstance(parsed, Quarantine):
        raise RuleViolation("identifier-mismatch", what=parsed.reason, identifier=identifier)
    value = parsed.value
    said: dict[str, object] = {"form": parsed.form, "canonical": parsed.canonical}
    expected: dict[str, object] = {"form": "MODERN" if rule.scheme == "ACDO" else "YEARLY", "canonical": identifier}
    match value:
        case Modern():
            said |= {"body": value.body, "date": value.session_on, "number": value.number}
            expected |= {"body": body_code, "date": session_day, "number": number}
        case Yearly():
            said |= {"year": value.year, "number": value.number}
            expected |= {"year": session_day.year, "number": number}
        case Cumulative():
            pass  # no scheme of a living body: the form will decide
        case _:
            assert_never(value)
    for what, value_said in said.items():
        if value_said != expected[what]:
            raise RuleViolation("identifier-mismatch", what=what, identifier=identifier, expected=str(expected[what]))
    return value


# -- schemes that are data --------------------------------------------------------------------------------------

TEMPLATE_FIELDS = frozenset({"number", "year", "code", "series", "session", "item", "dd", "mm", "yy", "yyyy"})
_FIELD = re.compile(r"\{([a-z]+)\}")


def template_fields(template: str) -> frozenset[str]:
    """Return the names of the fields that a numbering template has."""
    return frozenset(_FIELD.findall(template))


@dataclass(frozen=True, slots=True)
class Adopted:
    """Where an agreement was adopted: day, series and number of the session, the item, its number in the year."""

    day: date
    series: str
    session: int
    item: int
    number: int


def templated(rule: NumberingRule, adopted: Adopted) -> str:
    """Return the identifier that a body's template gives; its rules have been found sound."""
    values = {
        "number": adopted.number,
        "year": adopted.day.year,
        "code": rule.body_code,
        "series": adopted.series.upper(),
        "session": adopted.session,
        "item": adopted.item,
        "dd": f"{adopted.day:%d}",
        "mm": f"{adopted.day:%m}",
        "yy": f"{adopted.day:%y}",
        "yyyy": adopted.day.year,
    }
    return _FIELD.sub(lambda field: str(values[field[1]]), rule.template or "")


def check_adopted(rule: NumberingRule, adopted: Adopted, identifier: str) -> None:
    """Check the identifier of an agreement adopted in this ledger, in the body's scheme.

    Raises:
        RuleViolation: "identifier-mismatch", naming the first thing that differs.
    """
    if rule.scheme != "TEMPLATE":
        check_identifier(rule, rule.body_code, adopted.day, adopted.number, identifier)
        return
    expected = templated(rule, adopted)
    if identifier != expected:
        raise RuleViolation("identifier-mismatch", what="template", identifier=identifier, expected=expected)
