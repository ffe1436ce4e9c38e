"""Mexico, Peru and Columbus in one ledger: what the sources publish is what the public interface says.

The excerpt is three days of Mexico (which the repository has), the first days of Peru and two meetings of Columbus,
read where they lie; the whole is under the mark slow. Peru's and Columbus' data have no licence and enter
no repository.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.demo.seed import town_of
from api.importers.command import import_columbus, import_mexico, import_peru
from api.main import create_app
from tests.importers import sources
from tests.importers.kit import refused
from tests.importers.test_mexico import EXCERPT
from tests.kit.served import served
from tests.kit.shared import shared
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from api.importers.report import Report
    from tests.importers.sources import Facts
    from tests.kit.postgres import Database

MEXICO, PERU, COLUMBUS = "mexico-diputados-LX-LXI", "peru-pleno-2021-2024", "columbus-council-2021-2025"
BODIES = {"mexico": "diputados", "peru": "congreso-pe", "columbus": "columbus"}
PERU_DAYS, COLUMBUS_DAYS = 21, 2
PAGE = {"sessions": 500, "popolo/vote_events": 100}
PROJECTION_S = 900


@dataclass
class Three:
    """The three in one ledger, served; published: what the files say; reports: what their imports said."""

    client: httpx.Client
    published: dict[str, Facts]
    reports: dict[str, Report]
    seconds: dict[str, float]

    def every(self, path: str, **asked: Any) -> Iterator[dict[str, Any]]:
        """Give every object of a list, page by page."""
        address = httpx.URL(f"/api/v1/{path}", params={"limit": PAGE.get(path, 500)} | asked)
        while True:
            answer = self.client.get(address)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            yield from page["data"]
            if "next" not in page["links"]:
                return
            address = httpx.URL(page["links"]["next"])


@pytest.fixture(scope="module")
def three(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Three]:
    """Give the excerpts of the three in one ledger."""
    yield from _told(make_database, tmp_path_factory.mktemp("three"), whole=False)


def _told(
    make_database: Callable[[], AbstractContextManager[Database]], directory: Path, *, whole: bool
) -> Iterator[Three]:
    peru, columbus = shared(f"data/{PERU}"), shared(f"data/{COLUMBUS}")
    mexico = shared(f"data/{MEXICO}") if whole else EXCERPT
    days = (None, None) if whole else (PERU_DAYS, COLUMBUS_DAYS)
    published = {
        "mexico": sources.mexico(mexico),
        "peru": sources.peru(peru, days[0]),
        "columbus": sources.columbus(columbus, days[1]),
    }
    with make_database() as database, running(settings_for(database, directory), with_worker=True) as system:
        founder = town_of(system).founder
        reports, seconds = {}, {}
        for name, work in (
            ("mexico", partial(import_mexico, system, mexico, founder)),
            ("peru", partial(import_peru, system, peru, founder, days=days[0])),
            ("columbus", partial(import_columbus, system, columbus, founder, days=days[1])),
        ):
            begun = time.monotonic()
            reports[name] = work()
            seconds[name] = time.monotonic() - begun
        begun = time.monotonic()
        assert system.progress.wait_until(system.size(), PROJECTION_S)
        seconds["registries"] = time.monotonic() - begun
        with served(create_app(system, limited=False)) as url, httpx.Client(base_url=url, timeout=120) as client:
            yield Three(client, published, reports, seconds)


def facts_of(three: Three, name: str) -> Facts:
    """Return what the public interface says of a body: the same facts, under the same names."""
    body = BODIES[name]
    held = list(three.every("sessions", body=body))
    days = [each["held_on"] for each in held]
    votes = list(three.every("votes", body=body))
    marks: Counter[str] = Counter()
    for event in three.every("popolo/vote_events", body=body):
        marks.update({count["option"]: count["value"] for count in event["counts"]})
    found: Facts = {
        "sessions": len(held),
        "first day": min(days),
        "last day": max(days),
        "votes": len(votes),
        "most votes in a day": max(Counter(each["session"] for each in votes).values()),
        "marks": sum(marks.values()),
        **{option: marks[option] for option in ("yes", "no", "abstain", "absent")},
    }
    match name:
        case "mexico":
            members = sum(1 for _ in three.every("popolo/memberships", body=body))
            return found | {"memberships": members, "present": marks["not voting"]}
        case "peru":
            return found | _peruvian(three, body, votes)
        case _:
            return found | _ohioan(three, held, votes)


def _peruvian(three: Three, body: str, votes: list[dict[str, Any]]) -> Facts:
    about = Counter(note["about"] for note in three.every("notes", body=body))
    return {
        "memberships": sum(1 for _ in three.every("popolo/memberships", body=body)),
        "leave": sum(vote.get("licencia", 0) for vote in votes),
        "other": sum(vote.get("otro", 0) for vote in votes),
        "notes on votes": about["vote"],
        "notes on attendance": about["attendance"],
    }


def _ohioan(three: Three, held: list[dict[str, Any]], votes: list[dict[str, Any]]) -> Facts:
    items = [item for each in held for item in three.client.get(each["id"]).json()["items"]]
    published = Counter(vote["published_result"] for vote in votes)
    return {
        "passed": published["approved"],
        "failed": published["rejected"],
        "items": len(items),
        "consent": sum(item["consent"] for item in items),
        "appointments": sum("vote" in each for each in three.every("designations")),
    }


def rolls_equal(three: Three) -> int:
    """Count the votes whose counts are those of their roll; one with fewer is an error."""
    equal = 0
    for event in three.every("popolo/vote_events"):
        roll = Counter(vote["option"] for vote in event["votes"])
        assert {count["option"]: count["value"] for count in event["counts"]} == dict(roll), event["id"]
        equal += 1
    return equal


@pytest.mark.realdata
@pytest.mark.parametrize("name", BODIES)
def test_what_the_excerpts_publish_is_what_the_interface_says(three: Three, name: str) -> None:
    """More than ten facts each, counted in the files by csv alone; nothing refused."""
    assert refused(three.reports[name]) == []
    assert len(three.published[name]) >= 10
    assert facts_of(three, name) == three.published[name]


@pytest.mark.realdata
def test_counts_are_the_rolls_of_the_excerpts(three: Three) -> None:
    """In Popolo every vote's counts are its roll."""
    assert rolls_equal(three) == sum(facts["votes"] for facts in three.published.values())


@pytest.mark.realdata
def test_a_late_vote_stands_beside_the_roll(three: Three) -> None:
    """The note corrects a mark; the mark, and the vote's figures, stay as published."""
    note = next(
        note
        for note in three.every("notes", body="congreso-pe", about="vote")
        if any(each["was"] == "ausente" for each in note["corrections"])
    )
    late = next(each for each in note["corrections"] if each["was"] == "ausente")
    assert "text" in note["texts"]
    vote = three.client.get(note["links"]["vote"]).json()
    assert note["id"] in {each["id"] for each in vote["notes"]}
    mark = three.client.get(f"{note['links']['vote']}/marks/{late['seat']}/{late['designation']}").json()
    assert (mark["choice"], late["now"] != "ausente") == ("ausente", True)


@pytest.mark.realdata
def test_a_voted_appointment_rests_on_its_vote(three: Three) -> None:
    """A designation names the vote, and the vote's item the file after which the seat is called."""
    made = next(each for each in three.every("designations") if "vote" in each)
    vote = three.client.get(f"/api/v1/votes/{made['vote']}").json()
    assert vote["result"] == "approved"
    items = three.client.get(f"/api/v1/sessions/{vote['session']}").json()["items"]
    item = next(each for each in items if each["item"] == vote["item"])
    assert item["reference"].lower() == made["seat"]
    assert item["item_kind"] == "election"


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.timeout(2400)
def test_three_parliaments_whole(
    make_database: Callable[[], AbstractContextManager[Database]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """17,588 votes of 624 sessions of three countries: none refused, published facts equal, counts equal rolls."""
    for told in _told(make_database, tmp_path / "data", whole=True):
        for name, report in told.reports.items():
            assert refused(report) == []
            assert len(told.published[name]) >= 10
            assert facts_of(told, name) == told.published[name]
        assert {name: facts["votes"] for name, facts in told.published.items()} == {
            "mexico": 1_328,
            "peru": 2_226,
            "columbus": 14_034,
        }
        assert rolls_equal(told) == 17_588
        taken = {name: report.taken.total() for name, report in told.reports.items()}
        with capsys.disabled():
            print(f"\n{taken} rows; seconds: {told.seconds}")  # noqa: T201
