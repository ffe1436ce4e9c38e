"""The timeline: dated events, and the usual course of a session through the weeks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from api.demo.year import actas, folder, following
from api.demo.year.convoking import convene
from api.demo.year.meeting import Item, Vote
from api.demo.year.sitting import hold
from api.demo.year.teller import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api.demo.year.meeting import Meeting
    from api.demo.year.teller import Teller

_WORKING = 5


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at an instant, `2026-02-25 10:00`."""

    at: str
    do: Callable[[Teller], Any]


def on(at: str, do: Callable[..., Any], *args: Any, **kwargs: Any) -> Event:
    """Return the event that `do` is called with the teller and these arguments at an instant."""
    moment(at)

    def tell(t: Teller) -> None:
        do(t, *args, **kwargs)
        t.send()

    return Event(at, tell)


def working_day(day: date, after: int, hour: str) -> str:
    """Return the hour of the n-th day from Monday to Friday after a day."""
    left = after
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _WORKING
    return f"{day} {hour}"


def course(
    meeting: Meeting, *, follow: bool = True, drafted: bool = True, seals: bool = True, instrument: str = "acta"
) -> Iterator[Event]:
    """Yield what happens around a session: convocation, session, follow-up, draft; the seal of actas it approved."""
    yield on(meeting.convened, convene, meeting)
    if meeting.code == "hcd" and meeting.call == 1:
        yield on(meeting.convened, folder.freeze, meeting)
    yield on(meeting.begins, hold, meeting)
    if follow:
        yield on(working_day(meeting.day, 1, "12:00"), following.follow, meeting)
    if meeting.code == "hcd" and drafted:
        yield on(working_day(meeting.day, 1, "10:00"), folder.record, meeting)
    if drafted:
        yield on(working_day(meeting.day, 2, "10:00"), actas.draft, meeting.path, instrument)
        yield on(working_day(meeting.day, 2, "13:00"), actas.circulate, meeting.path)
    for item in meeting.items:
        if item.acta and seals:
            yield on(working_day(meeting.day, 3, "11:00"), actas.seal, item.acta)


def signed_at_once(meeting: Meeting, **options: Any) -> Iterator[Event]:
    """Yield the course of a session whose acta all who attended approve by signing it."""
    yield from course(meeting, **options)

    def settle(t: Teller) -> None:
        path = meeting.path
        attended = list(t.notes[f"sitting {path}"].present)
        own = {meeting.secretary.partition("/")[2], meeting.presides.partition("/")[2]}
        actas.sign_acta(t, path, [seat for seat in attended if seat not in own])
        actas.sign_acta(t, path, sorted(own))
        actas.approve(t, path, None)
        actas.seal(t, path, signed=True)

    yield on(working_day(meeting.day, 5, "11:00"), settle)


def acta_of(path: str, which: str, vote: Vote | None = None) -> Item:
    """Return the item that approves the acta of an earlier session."""
    title = f"Lectura y, en su caso, aprobación del acta de la {which}"
    return Item(title, kind="protocol", vote=vote or Vote("show-of-hands"), acta=path)


def informs(title: str, unit: str) -> Item:
    """Return an item that the body takes note of."""
    return Item(f"{title} ({unit})", kind="information", vote=None)
