"""Reading the appointments that Columbus' council votes on: whom, to what, from when to when, out of their titles.

`Appointment of Aden Mohamed, 437 Trinity Marsh Avenue, …, to serve on the Greater Hilltop Area Commission with a new
term expiration date of December 31, 2023 (resume attached).` The name is what stands before the first comma, the body
what he is to serve on. A removal appoints nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.importers.writing import one_line

_WHO = re.compile(
    r"(?:re-?app?ointment|reppointment|appointment|appoint)(?:\s+of)?,?\s+(?P<name>.+?)"
    r"(?=,|\s+to\s+(?:serve|continue|replace|the)\b|\s+as\s+|\s+\d|\s+of\s+\d|$)",
    re.IGNORECASE,
)
_BODY = (
    r"(?P<body>(?:[A-Z]|\d+th).+?)"
    r"(?=,|\.|;|\s+\(|\s+with\s|\s+replac|\s+for\s|\s+to\s+(?:fill|represent|include)|\s+fulfill|\s+at\s|\s+fill"
    r"|\s+whose\s|\s+until\s|\s+as\s|\s+in\s|\s+effective|\s+and\s+will|\s+from\s|\s+beginning|\s+renewing|$)"
)
_TO = (
    re.compile(rf"\bserv(?:e|ing)\s+on\s+(?:the\s+)?{_BODY}"),
    re.compile(rf"\bserv(?:e|ing)\s+(?:as\b.*?\s+)?(?:on|to|of)\s+the\s+{_BODY}"),
    re.compile(rf"\b(?:to\s+replace\b.*?\bon|to)\s+the\s+{_BODY}"),
)
"""How titles name the body, the plainest way first."""
_DATE = r"(?P<day>[A-Z][a-z]+[.,]?\s+\d{1,2}(?:st|nd|rd|th)?[.,]?\s*\d{4}|\d{1,2}/\d{1,2}/\d{2,4})"
_FROM = re.compile(
    rf"(?:start(?:ing)?(?:\s+date)?(?:\s+of)?|beginning(?:\s+on)?|effective)\s+(?:on\s+)?{_DATE}", re.IGNORECASE
)
_UNTIL = re.compile(
    rf"(?:expir(?:ation|es|ing|e)(?:\s+date)?(?:\s+(?:of|on|is|date))*|end(?:ing)?(?:\s+date)?(?:\s+(?:of|on|at the"
    rf"\s+close\s+of\s+business))?|through)\s+{_DATE}",
    re.IGNORECASE,
)
_FORMS = ("%B %d %Y", "%b %d %Y", "%m/%d/%Y", "%m/%d/%y")
_REMOVES = re.compile(r"\bto remove\b", re.IGNORECASE)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Appointment:
    """What a title says.

    body: None where it cannot be read.
    begins, ends: half-open; `begins` None where the title names no first day, `ends` where it names no last one.
    derived: the title's own dates contradict one another, and its last day is left out.
    """

    person: str
    body: str | None
    begins: date | None
    ends: date | None
    derived: bool


def read_title(title: str, voted_on: date) -> Appointment | None:
    """Return what an appointment's title says, None where it appoints nobody.

    Args:
        title: The title.
        voted_on: The day of the vote, from which on the appointment counts where the title does not say.
    """
    text = one_line(title)
    who = _WHO.search(text)
    if who is None or _REMOVES.search(text):
        return None
    to = next(filter(None, (form.search(text, who.end()) for form in _TO)), None)
    begins, last = _day(_FROM.search(text)), _day(_UNTIL.search(text))
    ends = None if last is None else last + _ONE_DAY
    derived = ends is not None and ends <= (begins or voted_on)
    return Appointment(
        who.group("name").strip(),
        None if to is None else to.group("body").strip(),
        begins,
        None if derived else ends,
        derived,
    )


def _day(found: re.Match[str] | None) -> date | None:
    if found is None:
        return None
    said = re.sub(r"(?<=\d)(?:st|nd|rd|th)|[.,]", " ", found.group("day"))
    for form in _FORMS:
        try:
            return datetime.strptime(" ".join(said.split()), form).date()  # noqa: DTZ007  a day, not an instant
        except ValueError:
            continue
    return None
