"""OParl 1.1 and Popolo over the demo's year: what the standards' schemas want, and no address leads nowhere."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from api.main import create_app
from tests.kit.served import served
from tests.kit.shared import shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.system import System

pytestmark = pytest.mark.xdist_group("standards")
SCHEMA = "https://schema.oparl.org/1.1/"
KINDS = {
    "System",
    "Body",
    "Organization",
    "Person",
    "Membership",
    "Meeting",
    "AgendaItem",
    "Paper",
    "Consultation",
    "File",
    "LegislativeTerm",
    "Location",
}
LISTS = ("organizations", "persons", "memberships", "meetings", "papers", "consultations", "files", "locations")


@pytest.fixture(scope="module")
def client(year: tuple[System, str]) -> Iterator[httpx.Client]:
    """Give a client of the demo's year, which nothing holds to a rate."""
    with served(create_app(year[0], limited=False)) as url, httpx.Client(base_url=url, timeout=60) as made:
        yield made


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """Give the standard's schemas by type, formats checked."""
    directory: Path = shared("data/conformance/oparl-1.1/schema")
    return {
        f"{SCHEMA}{file.stem}": jsonschema_rs.Draft7Validator(json.loads(file.read_text()), validate_formats=True)
        for file in directory.glob("*.json")
    }


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Give an object and those inside it."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _addresses(value: Any, base: str) -> Iterator[str]:
    """Give every address of this service in an answer."""
    if isinstance(value, str) and value.startswith(f"{base}/"):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _addresses(each, base)
    elif isinstance(value, list):
        for each in value:
            yield from _addresses(each, base)


@pytest.mark.realdata
@pytest.mark.timeout(600)
def test_a_crawl_from_the_system_finds_valid_objects_only(client: httpx.Client, schemas: dict[str, Any]) -> None:
    """From System on, every address resolves, every object is what its schema wants and what its own address says."""
    base = str(client.base_url).rstrip("/")
    todo, seen = [f"{base}/oparl/v1/system"], set()
    kinds: Counter[str] = Counter()
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.text)
        if "/oparl/v1/" not in address:
            continue  # the native interface: it is there, and has tests of its own
        told = answer.json()
        for each in _objects(told):
            if str(each.get("type", "")).startswith(SCHEMA):
                assert [error.message for error in schemas[each["type"]].iter_errors(each)] == [], each
                kinds[each["type"].removeprefix(SCHEMA)] += 1
        if "id" in told:
            assert told["id"] == address
        todo += _addresses(told, base)
    assert set(kinds) == KINDS


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_paged_and_filtered_as_the_standard_says(client: httpx.Client, name: str) -> None:
    """Pages of two give the same objects as one page, with `next` until the last; filters stay in the links."""
    whole = client.get(f"/oparl/v1/{name}", params={"limit": 500}).json()["data"]
    assert whole
    found, pages = [], 0
    address = f"/oparl/v1/{name}?limit=40"
    while address:
        page = client.get(address).json()
        assert len(page["data"]) <= page["pagination"]["elementsPerPage"] == 40
        found += page["data"]
        pages += 1
        address = page["links"].get("next", "")
    assert found == whole
    latest = max(each["modified"] for each in whole)
    since = client.get(f"/oparl/v1/{name}", params={"modified_since": latest, "limit": 1}).json()
    assert [each["modified"] for each in since["data"]] == [latest]
    assert "modified_since=" in since["links"]["self"]
    before = min(each["created"] for each in whole)
    old = client.get(f"/oparl/v1/{name}", params={"created_until": before, "limit": 500}).json()["data"]
    assert {each["created"] for each in old} == {before}


def test_objects_inside_others_are_left_out_on_request(client: httpx.Client) -> None:
    """`omit_internal` gives meetings without their items, persons without their memberships."""
    for name, member in (("meetings", "agendaItem"), ("persons", "membership"), ("papers", "consultation")):
        there = client.get(f"/oparl/v1/{name}").json()["data"]
        gone = client.get(f"/oparl/v1/{name}", params={"omit_internal": True}).json()["data"]
        assert any(each[member] for each in there)
        assert not any(member in each for each in gone)


@pytest.mark.parametrize(
    "path", ["nothing", "papers/none/2026/1", "agenda-items/hcd/2026/ord/1/99", "legislative-terms/1999"]
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str) -> None:
    """An unknown list or object is 404, as a problem."""
    answer = client.get(f"/oparl/v1/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_list_of_one_organization(client: httpx.Client) -> None:
    """Meetings can be asked for by organization; persons are of none, so that is an error and no silent whole."""
    found = client.get("/oparl/v1/meetings", params={"body": "hcd"}).json()["data"]
    assert found
    assert {each["organization"][0].rpartition("/")[2] for each in found} == {"hcd"}
    assert client.get("/oparl/v1/persons", params={"body": "hcd"}).status_code == 404


def _every(client: httpx.Client, name: str) -> list[dict[str, Any]]:
    found, address = [], f"/api/v1/popolo/{name}?limit=500"
    while address:
        page = client.get(address).json()
        found += page["data"]
        address = page["links"].get("next", "")
    return found


def test_popolo_hangs_together(client: httpx.Client) -> None:
    """Memberships name persons, posts and organizations that are there; each motion has its vote event, and back."""
    ids = {name: {each["id"] for each in _every(client, name)} for name in ("persons", "organizations", "posts")}
    for each in _every(client, "memberships"):
        assert each["person_id"] in ids["persons"]
        assert each["organization_id"] in ids["organizations"]
        assert each["post_id"] in ids["posts"]
    events = {each["id"]: each for each in _every(client, "vote_events")}
    motions = {each["id"]: each for each in _every(client, "motions")}
    assert {event["motion_id"] for event in events.values()} == motions.keys()
    assert {event for motion in motions.values() for event in motion["vote_events"]} == events.keys()


def test_popolos_counts_are_its_rolls(client: httpx.Client) -> None:
    """Where a vote has a roll its counts are that roll; who voted how in secret stands nowhere."""
    methods: Counter[str] = Counter()
    for event in _every(client, "vote_events"):
        if event["acervo:method"] == "secret":
            assert event["votes"] == []
        elif "acervo:roll" in event:
            assert len(event["votes"]) < sum(each["value"] for each in event["counts"])
        elif event["votes"] and event["acervo:phase"] in {"declared", "imported"}:
            roll = Counter(vote["option"] for vote in event["votes"])
            assert {each["option"]: each["value"] for each in event["counts"]} == dict(roll), event["id"]
            methods[event["acervo:method"]] += 1
    assert {"roll-call", "ballot"} <= methods.keys()
