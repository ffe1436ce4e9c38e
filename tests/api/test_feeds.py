"""Atom and iCalendar: as the standards say, stable identifiers, nothing cut, nothing that is not published."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api import notices
from api.exports import atom, ical
from api.routes import feeds
from ledger.crypto.note import Checkpoint, Note
from ledger.ids import parse_written
from projections.queries.announced import announced
from projections.queries.base import Filters, Window, reading
from tests.api.test_live import register
from tests.api.test_problems import check_problem
from tests.kit.served import get
from tests.kit.waiting import until

if TYPE_CHECKING:
    import httpx

    from api.demo.town import Town
    from api.system import System
    from tests.kit.history import History

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
ONCE = ("id", "title", "updated")
FEEDS = ("feeds/acuerdos.atom", "feeds/sesiones.atom", "feeds/hcd/acuerdos.atom", "feeds/hcd/sesiones.atom")
RECTIFIED = "session/hcd/2026/ext/1"


def parsed(answer: httpx.Response) -> ET.Element:
    """Return a feed, having checked what RFC 4287 §4.1 asks of it and of its entries."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314  our own octets
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    relations = [link.get("rel") for link in root.findall(f"{ATOM}link")]
    assert relations.count("self") == 1
    for element in (root, *root.findall(f"{ATOM}entry")):
        for name in ONCE:
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert INSTANT.fullmatch(text_of(element, "updated"))
        assert text_of(element, "id").startswith("https://")
    for entry in root.findall(f"{ATOM}entry"):
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")].count("alternate") == 1
        assert len(entry.findall(f"{ATOM}summary") + entry.findall(f"{ATOM}content")) == 1
    return root


def text_of(element: ET.Element, name: str) -> str:
    """Return the text of a child."""
    return element.findtext(f"{ATOM}{name}") or ""


def link_of(element: ET.Element, rel: str) -> str | None:
    """Return where a link of a relation leads."""
    return next((link.get("href") for link in element.findall(f"{ATOM}link") if link.get("rel") == rel), None)


def entries(root: ET.Element) -> list[ET.Element]:
    """Return the entries of a feed."""
    return root.findall(f"{ATOM}entry")


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_in_pages_is_the_list_the_other_way_round(client: httpx.Client, path: str) -> None:
    """Following `next` gives every object of the list once, the last recorded first; all pages are one feed."""
    kind = "agreements" if "acuerdos" in path else "sessions"
    body = {"body": "hcd"} if "hcd" in path else {}
    listed = [each["id"] for each in get(client, kind, limit=500, **body)["data"]]
    found: list[str] = []
    ids, url, pages = set(), f"/{path}?limit=2", 0
    while url:
        root = parsed(client.get(url))
        ids.add(text_of(root, "id"))
        found += [str(link_of(entry, "alternate")) for entry in entries(root)]
        url, pages = link_of(root, "next") or "", pages + 1
    assert [link.removeprefix(str(client.base_url)) for link in found] == listed[::-1]
    assert len(ids) == 1
    assert pages == (len(listed) + 1) // 2


def test_links_lead_somewhere_and_updated_is_the_last_act(client: httpx.Client) -> None:
    """An entry's object and its proof's act answer; its instants are the object's; the feed's is the newest of them."""
    root = parsed(client.get("/feeds/acuerdos.atom"))
    for entry in entries(root):
        shown = client.get(str(link_of(entry, "alternate"))).json()
        assert (text_of(entry, "published"), text_of(entry, "updated")) == (shown["created"], shown["modified"])
        assert shown["identifier"] in text_of(entry, "title")
        assert str(link_of(entry, "related")).endswith(shown["links"]["proof"])
    assert text_of(root, "updated") == max(text_of(entry, "updated") for entry in entries(root))


def test_a_feed_that_stands_is_not_sent_again(client: httpx.Client) -> None:
    """The same octets for the same acts: 304 with the validator, of feeds and calendars."""
    for path in (*FEEDS, "log/heads.atom", "feeds/sesiones.ics", "feeds/hcd/sesiones.ics"):
        first = client.get(f"/{path}")
        again = client.get(f"/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path


def test_nothing_is_in_a_feed_that_is_not_published(client: httpx.Client) -> None:
    """Each summary is the published text of its agreement, or says that there is none."""
    open_ones = 0
    for entry in entries(parsed(client.get("/feeds/acuerdos.atom?limit=500"))):
        texts = client.get(str(link_of(entry, "alternate"))).json()["texts"]
        opened = [each["value"] for each in texts.values() if each["published"] and "value" in each]
        open_ones += bool(opened)
        if not opened:
            assert text_of(entry, "summary") == "El texto no está publicado."
            assert ":" not in text_of(entry, "title")
    assert open_ones


def test_a_body_or_a_place_that_is_not_there(client: httpx.Client) -> None:
    """404 for a body that nobody registered, 400 for a cursor of another list."""
    for path in ("acuerdos.atom", "sesiones.atom", "sesiones.ics"):
        assert check_problem(client.get(f"/feeds/nadie/{path}"))["status"] == 404
    cursor = client.get("/api/v1/acts?limit=1").json()["links"]["next"].partition("cursor=")[2]
    assert check_problem(client.get(f"/feeds/acuerdos.atom?cursor={cursor}"))["code"] == "bad-cursor"
    cursor = client.get("/api/v1/sessions?limit=1").json()["links"]["next"].partition("cursor=")[2]
    assert check_problem(client.get(f"/log/heads.atom?cursor={cursor}"))["code"] == "bad-cursor"


def test_heads_in_a_feed_are_the_signed_notes(http: httpx.Client, system: System, town: Town) -> None:
    """Each entry brings a checkpoint as it was signed, under one of the log's keys; paged, none is left out."""
    for number in range(5):
        index = register(town, f"p-cabeza-{number}")
        system.checkpoint(index + 1)
        until(lambda size=index + 1: any(each.size >= size for each in system.store.checkpoints(1)))  # type: ignore[misc]
    sizes, url = [], "/log/heads.atom?limit=3"
    while url:
        root = parsed(http.get(url))
        for entry in entries(root):
            note = Note.parse(text_of(entry, "content"))
            assert note.verify(system.keys)
            size = Checkpoint.parse(note.text).size
            assert text_of(entry, "title") == f"{size} actos"
            last = http.get(str(link_of(entry, "related"))).json()
            assert (last["index"], last["recorded_at"]) == (size - 1, text_of(entry, "updated"))
            sizes.append(size)
        url = link_of(root, "next") or ""
    assert sizes == [each.size for each in system.store.checkpoints(limit=1000) if each.size]
    assert len(sizes) >= 5


@given(st.text(max_size=30))
def test_no_text_breaks_a_feed(text: str) -> None:
    """Whatever stands in a text, the document can be read, and says it without what XML cannot hold."""
    text = text.encode("utf-8", "replace").decode()
    entry = atom.Entry("https://x.example/1", text or "-", "2026-01-01T00:00:00Z", ())
    root = ET.fromstring(  # noqa: S314  our own octets
        atom.write(atom.Feed("https://x.example/", "t", "a", "2026-01-01T00:00:00Z", (), (entry,)))
    )
    assert len(text_of(entries(root)[0], "title").replace("\r\n", "\n")) == len((text or "-").replace("\r\n", "\n"))


def test_a_long_text_is_cut_in_sight() -> None:
    """A summary has a named size; what is cut ends with an ellipsis, the whole stands at the address."""
    cut = notices._cut("x" * 5_000)
    assert (len(cut), cut[-1]) == (notices.MAX_SUMMARY, "…")


# -- calendars -----------------------------------------------------------------------------------------------------


def unfolded(raw: bytes) -> list[tuple[str, str]]:
    """Return the lines of a calendar as (name with parameters, value), having checked their form (RFC 5545 §3.1)."""
    assert raw.endswith(b"\r\n")
    lines = raw.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(line) <= ical.MAX_OCTETS and b"\n" not in line and b"\r" not in line for line in lines)
    assert all(line.decode() for line in lines)
    whole = re.sub(r"\r\n ", "", raw.decode()).removesuffix("\r\n").split("\r\n")
    return [(name, value) for name, _, value in (line.partition(":") for line in whole)]


def events_of(raw: bytes) -> dict[str, dict[str, str]]:
    """Return the events of a calendar by UID, having checked what §3.6 asks of it."""
    lines = unfolded(raw)
    assert (lines[0], lines[-1]) == (("BEGIN", "VCALENDAR"), ("END", "VCALENDAR"))
    assert [value for name, value in lines if name == "VERSION"] == ["2.0"]
    assert len([value for name, value in lines if name == "PRODID"]) == 1
    zones = {value for name, value in lines if name == "TZID"}
    found: dict[str, dict[str, str]] = {}
    event: dict[str, str] | None = None
    for name, value in lines:
        if (name, value) == ("BEGIN", "VEVENT"):
            event = {}
        elif (name, value) == ("END", "VEVENT"):
            assert event is not None
            assert event.keys() >= {"UID", "DTSTAMP", "DTSTART", "SEQUENCE", "STATUS", "SUMMARY"}
            assert event["UID"] not in found
            found[event["UID"]], event = event, None
        elif event is not None:
            key, _, parameters = name.partition(";")
            assert key not in event
            assert not parameters.startswith("TZID=") or parameters.removeprefix("TZID=") in zones
            event |= {key: value, f"{key};": parameters}
    return found


def test_each_session_is_an_event(client: httpx.Client) -> None:
    """One VEVENT a session, at the hour and offset that was convoked, with its state; UIDs name stream and ledger."""
    answer = client.get("/feeds/hcd/sesiones.ics?date_from=2000-01-01")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = events_of(answer.content)
    listed = get(client, "sessions", limit=500, body="hcd")["data"]
    origin = client.get("/.well-known/acervo").json()["origin"]
    assert events.keys() == {f"{each['log']['stream']}@{origin}" for each in listed}
    statuses = set()
    for session in listed:
        event = events[f"{session['log']['stream']}@{origin}"]
        if "begins_at" in session:
            begins = parse_written(session["begins_at"])
            assert event["DTSTART"] == begins.strftime("%Y%m%dT%H%M%S")
            assert event["DTSTART;"] == f"TZID=UTC{begins:%z}"
        else:
            assert event["DTSTART;"] == "VALUE=DATE"
        assert event["URL"].endswith(session["id"])
        fallen = session["phase"] in {"cancelled", "not-held"}
        assert event["STATUS"] == ("CANCELLED" if fallen else "CONFIRMED")
        assert int(event["SEQUENCE"]) % 2 == fallen
        statuses.add(event["STATUS"])
    assert statuses == {"CONFIRMED", "CANCELLED"}
    assert events[f"{RECTIFIED}@{origin}"]["SEQUENCE"] == "2"


def test_a_calendar_of_some_dates(client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only these days; too many sessions are a problem that says how to ask, never a calendar cut short."""
    listed = get(client, "sessions", limit=500)["data"]
    day = listed[0]["held_on"]
    some = events_of(client.get(f"/feeds/sesiones.ics?date_from={day}&date_to={day}").content)
    assert len(some) == len([each for each in listed if each["held_on"] == day])
    assert not events_of(client.get("/feeds/sesiones.ics?date_to=1900-01-01").content)
    monkeypatch.setattr(feeds, "MAX_EVENTS", 1)
    assert check_problem(client.get("/feeds/sesiones.ics?date_from=2000-01-01"))["code"] == "too-many-events"


def test_what_is_announced_anew_has_a_higher_sequence(told: History) -> None:
    """Convened, cancelled, convened again, rectified, not held: each greater than the one before."""
    with reading(told.store.pool) as cursor:
        found, _ = announced(cursor, Filters(), Window(limit=500))
    one = next(each for each in found if each.row["stream"] == RECTIFIED)
    assert one.times == 2
    course = [(1, "convened"), (1, "cancelled"), (2, "convened"), (3, "closed"), (3, "not-held")]
    sequences = [
        notices.session_event(replace(one, times=times, row=one.row | {"phase": phase}), "x.example", "").sequence
        for times, phase in course
    ]
    assert sequences == sorted(set(sequences))


def test_a_permanent_session_ends_and_an_imported_one_has_a_day(told: History) -> None:
    """DTEND where an end was convoked, VALUE=DATE where no hour is known."""
    with reading(told.store.pool) as cursor:
        found, _ = announced(cursor, Filters(), Window(limit=1))
    row: dict[str, Any] = found[0].row | {"begins_at": "2026-03-01T09:00:00-05:00"}
    row |= {"until_at": "2026-03-05T18:00:00-06:00", "session_kind": "permanent"}
    event = notices.session_event(replace(found[0], row=row, venue="Sala 1, planta baja; ala B"), "x.example", "")
    raw = ical.write("n", "d", [event])
    (shown,) = events_of(raw).values()
    assert (shown["DTSTART;"], shown["DTEND;"]) == ("TZID=UTC-0500", "TZID=UTC-0600")
    assert shown["LOCATION"] == r"Sala 1\, planta baja\; ala B"
    assert raw.count(b"BEGIN:VTIMEZONE") == 2
    imported = row | {"begins_at": None, "until_at": None, "session_kind": None, "phase": "imported", "modality": None}
    event = notices.session_event(replace(found[0], row=imported, times=0), "x.example", "")
    assert (type(event.begins), event.sequence) == (date, 0)
    (shown,) = events_of(ical.write("n", "d", [event])).values()
    assert shown["DTSTART"] == row["held_on"].strftime("%Y%m%d")


@given(st.text(max_size=200))
def test_lines_fold_and_values_come_back(text: str) -> None:
    """Whatever stands in a text: no line is too long, no character is cut in two, and unescaping gives it back."""
    text = text.encode("utf-8", "replace").decode()
    instant = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    event = ical.Event("u", 0, instant, "CONFIRMED", text, text, "", instant, instant)
    (shown,) = events_of(ical.write("n", "d", [event])).values()
    read = re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], shown["SUMMARY"])
    assert read == re.sub("[\x00-\x08\x0b-\x1f\x7f]", "", re.sub("\r\n?", "\n", text))
