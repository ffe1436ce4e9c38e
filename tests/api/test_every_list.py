"""What holds of every list and every object of the registries, whichever: one walk over all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.routes.registries import RESOURCES
from ledger.acts.unit import UnitCreated
from projections.queries.kinds import KINDS, leading
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

    from api.routes.resources import Resource
    from tests.kit.history import History

LISTED = [each for each in RESOURCES if each.listed is not None]
NAMED = [pytest.param(each, id=each.kind.name) for each in LISTED]
REASONS = {"classified", "erased", "not-opened"}


def pages(client: httpx.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    """Return all objects of a list."""
    found, link = [], get(client, path, **params)
    while True:
        found += link["data"]
        if "next" not in link["links"]:
            assert link["pagination"]["more"] is False
            return found
        assert link["pagination"]["more"] is True
        link = client.get(link["links"]["next"]).json()


@pytest.mark.parametrize("resource", NAMED)
def test_every_object_says_where_its_evidence_is_and_what_is_withheld(client: httpx.Client, resource: Resource) -> None:
    """Permanent id, leaf hashes of its acts, a proof, what is withheld and why; no field that it does not declare."""
    for one in pages(client, resource.kind.path):
        own = one if resource.one is None else client.get(one["id"]).json()
        assert own["id"] == one["id"] == one["links"]["self"]
        for each in (one, own):
            assert {*each} - {"moment"} <= resource.kind.fields
            first = client.get(f"/api/v1/acts/{each['log']['index']}").json()
            assert each["log"]["leaf_hash"] == first["leaf_hash"]
            assert {each["log"]["index"], each["log"]["last_index"]} <= {act["index"] for act in each["log"]["acts"]}
            last = each["log"]["acts"][-1]
            assert last["leaf_hash"] == client.get(f"/api/v1/acts/{last['index']}").json()["leaf_hash"]
            assert each["links"]["proof"] == f"/api/v1/acts/{each['log']['index']}/proof"
            shut = {name for name, text in each["texts"].items() if "value" not in text}
            assert shut <= {name for part in each["withheld"] for name in part["names"]}
            assert {part["reason"] for part in each["withheld"]} <= REASONS


@pytest.mark.parametrize("resource", NAMED)
def test_what_changed_brings_a_copy_up_to_date(client: httpx.Client, told: History, resource: Resource) -> None:
    """A list as known at an index, with the changes since, tombstones among them, is the list: whatever its filters."""
    kind, size = resource.kind, told.store.head().size
    rows = pages(client, kind.path)
    for filtered in _filters(resource, rows):
        now = {each["id"]: each for each in pages(client, kind.path, **filtered)}
        for known_at in {size // 3, size * 2 // 3, size - 20}:
            copy = {each["id"]: each for each in pages(client, kind.path, known_at=known_at, **filtered)}
            for each in pages(client, kind.path, modified_since_index=known_at + 1, **filtered):
                assert "deleted" in each or each["id"] in now
                copy.pop(each["id"], None)
                if "deleted" not in each:
                    copy[each["id"]] = each
                else:
                    assert {"id", "type", "created", "modified", "log"} <= each.keys()
            assert copy.keys() == now.keys()


def _filters(resource: Resource, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return no filter, and each that equals a changing column with each value that there is."""
    table, found = resource.kind.table, [dict[str, Any]()]
    for each in resource.filters:
        if each.column is not None and each.column not in table.fixed:
            values = {row[each.column] for row in rows if each.column in row}
            steps = {step["phase"] for row in rows for step in row.get("steps", ()) if "phase" in step}
            found += [{each.name: value} for value in sorted(values | (steps if each.column == "phase" else set()))[:4]]
    return found


@pytest.mark.parametrize("resource", NAMED)
def test_facets_count_what_the_list_has(client: httpx.Client, resource: Resource) -> None:
    """Each facet's counts are those of the list itself, and the total is theirs."""
    names = [each.name for each in resource.filters if each.column is not None]
    rows = pages(client, resource.kind.path)
    if not names:
        assert client.get(f"/api/v1/{resource.kind.path}", params={"facets": "body"}).status_code == 400
        return
    found = get(client, resource.kind.path, facets=",".join(names), limit=1)
    assert found["total"] == {"count": len(rows), "more_than": False}
    for each in resource.filters:
        for value in found["facets"].get(each.name, ()):
            told = get(client, resource.kind.path, **{each.name: value["value"]}, limit=500)["data"]
            assert len(told) == value["count"]


@pytest.mark.parametrize("resource", NAMED)
def test_fields_and_linked_objects(client: httpx.Client, resource: Resource) -> None:
    """`fields` gives those and no other; `include` the objects to which links lead; unknown names are refused."""
    path = resource.kind.path
    found = get(client, path, fields="key,log")
    assert {name for one in found["data"] for name in one} <= {"id", "type", "key", "log"}
    for name in ("fields", "include", "facets"):
        refused = client.get(f"/api/v1/{path}", params={name: "nada"})
        assert (refused.status_code, refused.json()["code"]) == (400, "unknown-name")
        assert "Conoce" in refused.json()["detail"]
    for link in leading(resource.kind):
        answer = get(client, path, include=link)
        for one in answer["data"]:
            address = one["links"].get(link)
            if address is not None and client.get(address).status_code == 200:
                assert answer["included"][address]["id"] == address
                assert "leaf_hash" in answer["included"][address]["log"]


@pytest.mark.parametrize("resource", NAMED)
def test_pages_lead_forward_and_back_with_their_filters(client: httpx.Client, resource: Resource) -> None:
    """`next` and `prev` lead to the same pages; every link keeps what was asked."""
    first = get(client, resource.kind.path, limit=2, as_of="2099-12-31")
    page, before = first, first
    while "next" in page["links"]:
        before, page = page, client.get(page["links"]["next"]).json()
        assert all("limit=2" in link and "as_of=2099-12-31" in link for link in page["links"].values())
        back = client.get(page["links"]["prev"]).json()
        assert [one["id"] for one in back["data"]] == [one["id"] for one in before["data"]]


def test_validators_do_not_move_with_other_acts(client: httpx.Client, told: History) -> None:
    """An act about something else leaves a list's validator as it was: 304, although the answer would rest on more."""
    asked = "/api/v1/bodies", "/api/v1/bodies/hcd"
    tags = [client.get(path).headers["etag"] for path in asked]
    assert all(tag.startswith('W/"') for tag in tags)
    index = told.do(UnitCreated(unit="zzz", code="ZZZ", effective_on="2001-01-01"), sealed={"name": "ZZZ"})
    client.get("/api/v1/keys", params={"wait_until": index}).raise_for_status()
    again = [client.get(path, headers={"If-None-Match": tag}) for path, tag in zip(asked, tags, strict=True)]
    assert [answer.status_code for answer in again] == [304, 304]


def test_reads_are_open_to_any_page(client: httpx.Client) -> None:
    """CORS: any origin, no credentials, GET, HEAD and OPTIONS; a preflight, a HEAD and an OPTIONS are answered."""
    origin = {"Origin": "https://ejemplo.mx"}
    answer = client.get("/api/v1/bodies", headers=origin)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "ETag" in answer.headers["access-control-expose-headers"]
    preflight = client.options(
        "/api/v1/bodies",
        headers=origin | {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "If-None-Match"},
    )
    assert preflight.status_code == 200
    assert client.options("/api/v1/bodies").headers["allow"] == "GET, HEAD, OPTIONS"
    head = client.head("/api/v1/bodies")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == answer.headers["etag"]
    assert client.options("/nada").status_code in {404, 405}


def test_every_kind_is_a_resource() -> None:
    """Kinds by path and resources by path are the same, so that every link can be followed."""
    assert {each.kind.path for each in LISTED} == KINDS.keys()
