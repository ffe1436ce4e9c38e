"""GET over follow-up and units: a day is asked for, what is not there is 404, filters are closed vocabularies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

DAY = "2026-05-03"


def test_board_over_http(client: httpx.Client) -> None:
    """The list and the one say the same of a day; where none is given it is the day of the ledger's clock."""
    (listed,) = get(client, "follow-up", on=DAY, status="overdue", unit="dir", body="hcd", year=2026)["data"]
    one = get(client, "follow-up/hcd/2026/1/1", on=DAY)
    assert one.items() >= listed.items()
    (today,) = {each["on"] for each in get(client, "follow-up")["data"]}
    assert today != DAY
    assert client.get("/api/v1/follow-up", params={"on": DAY, "status": "raro"}).status_code == 422


@pytest.mark.parametrize(
    "path",
    [
        "captures/hcd/2026/1",
        "communications/hcd/2026/1",
        "gazette-prints/hcd/2026/1",
        "chronological-index/hcd/2026/1",
    ],
)
def test_one_of_each(client: httpx.Client, path: str) -> None:
    """Each has an address of its own, which is its id; a number that nobody used has none."""
    assert get(client, path)["id"] == f"/api/v1/{path}"
    assert client.get(f"/api/v1/{path}99").status_code == 404


def test_units_over_http(client: httpx.Client) -> None:
    """Units are asked for on a day, all or one."""
    assert [each["key"] for each in get(client, "units", on=DAY)["data"]] == ["dg", "dir", "dpes", "daed"]
    assert get(client, "units/dir", on=DAY)["exists"]
    assert client.get("/api/v1/units/nada", params={"on": DAY}).status_code == 404
