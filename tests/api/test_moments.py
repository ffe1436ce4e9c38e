"""Every registry over HTTP as of a day, as known on a day or at an index; every answer says on what it rests."""

from __future__ import annotations

import base64
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from ledger.crypto.merkle import leaf_hash, root_of
from tests.api.test_registries import LISTS
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

    from tests.kit.history import History

EXTRA = {"follow-up": {"as_of": "2026-05-03"}, "units": {"as_of": "2026-05-03"}}


def answer(client: httpx.Client, path: str, **params: Any) -> Any:
    """Return an answer with its moment."""
    found = client.get(f"/api/v1/{path}", params=params | EXTRA.get(path, {}))
    assert found.status_code == 200, found.text
    return found.json()


def test_every_answer_states_position_and_tree_head(client: httpx.Client, told: History) -> None:
    """`moment` names how many entries the answer rests on and the root of their tree, for any index."""
    raws = [bytes(raw) for raw in told.store.entries()]
    for index in (0, 5, len(raws) - 1):
        moment = answer(client, "bodies", known_at=index)["moment"]
        assert moment["as_of_position"] == index + 1
        root = root_of(leaf_hash(raw) for raw in raws[: index + 1])
        assert moment["tree_head"] == {"size": index + 1, "root": base64.b64encode(root).decode()}
    assert answer(client, "bodies/hcd")["moment"]["as_of_position"] == len(raws)


@pytest.mark.parametrize("path", [*LISTS, *EXTRA])
def test_lists_as_known_grow_and_never_shrink(client: httpx.Client, told: History, path: str) -> None:
    """Whatever list: as known at a later index it has at least the objects of the earlier; now it has all of them."""
    if path.count("/") > 1:
        assert client.get(f"/api/v1/{path}", params={"known_at": 0}).status_code == 404
        return
    size = told.store.head().size
    counts = [
        [each["id"] for each in answer(client, path, known_at=index, limit=500)["data"]]
        for index in (0, size // 3, size // 2, size - 1)
    ]
    for earlier, later in itertools.pairwise(counts):
        assert earlier == later[: len(earlier)]
    assert counts[-1] == [each["id"] for each in answer(client, path, limit=500)["data"]]


def test_cursors_keep_the_moment(client: httpx.Client, told: History) -> None:
    """Page by page as known at an index gives what one page gives, and every link keeps the question."""
    index = told.store.head().size // 2
    whole = answer(client, "designations", known_at=index, as_of="2026-03-02", limit=500)["data"]
    seen: list[Any] = []
    page = answer(client, "designations", known_at=index, as_of="2026-03-02", limit=7)
    while True:
        seen += page["data"]
        following = page["links"].get("next")
        if following is None:
            break
        assert f"known_at={index}" in following
        assert "as_of=2026-03-02" in following
        page = client.get(following).json()
    assert seen == whole


def test_filters_speak_of_the_moment(client: httpx.Client) -> None:
    """A session that is closed now is found as open by the index at which it was, and only there."""
    (closed,) = get(client, "sessions", body="hcd", status="closed", date_to="2026-12-31", limit=1)["data"][:1]
    index = next(
        index
        for index in range(closed["log"]["index"], closed["log"]["last_index"])
        if answer(client, f"sessions/{closed['key']}", known_at=index)["phase"] == "open"
    )
    found = [each["key"] for each in answer(client, "sessions", status="open", known_at=index)["data"]]
    assert closed["key"] in found
    assert closed["key"] not in [each["key"] for each in get(client, "sessions", status="open")["data"]]


def test_moments_that_cannot_be_answered(client: httpx.Client, told: History) -> None:
    """Two ways of saying what is known, an index that the ledger has not, a day that is none: refused."""
    both = client.get("/api/v1/bodies", params={"known_at": 3, "known_on": "2026-03-02"})
    assert (both.status_code, both.json()["code"]) == (400, "bad-parameter")
    ahead = client.get("/api/v1/bodies", params={"known_at": told.store.head().size})
    assert (ahead.status_code, ahead.json()["code"]) == (409, "not-projected")
    assert client.get("/api/v1/bodies", params={"as_of": "ayer"}).status_code == 422
    assert answer(client, "bodies", known_on="2020-01-01")["data"] == []


def test_every_registry_route_takes_the_moment(client: httpx.Client) -> None:
    """Every GET over registries documents as_of, known_on and known_at; only checks and files are without them."""
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    registry = {path: item["get"] for path, item in paths.items() if "registros" in item.get("get", {}).get("tags", ())}
    assert len(registry) > 40
    asks = {path: {each["name"] for each in operation.get("parameters", ())} for path, operation in registry.items()}
    without = {path for path, names in asks.items() if not {"as_of", "known_on", "known_at", "wait_until"} <= names}
    # A check and a file are of the ledger itself as it stands, and read no registry's rows; forms are a data file's.
    assert {path.rpartition("/")[2] for path in without} <= {"verification", "qr.svg", "file", "sipot-formats"}, without
