"""Boards over all kinds: what ends within some days, and a body in figures, against other ways to the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from projections.queries.expiries import KINDS
from tests.auditing.told import rows
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

    from tests.kit.history import History

DAYS = 366
LISTS = {
    "access-request": ("access-requests", "due_on", {"in-process", "prevented"}),
    "classification": ("classifications", "until_on", {"in-force"}),
    "requirement": ("requirements", "due_on", {"pending"}),
    "resolution": (
        "follow-up",
        "effective_due_on",
        {"in-process", "partially-fulfilled", "suspended", "modified"},
    ),
}
"""Kind → its list, its day, and the statuses in which it runs."""
IN_THE_YEAR = {"classification", "requirement"}
"""What runs on no day of the told history; tests/api/test_demo_year.py has some of it."""
ASKED = ["2026-01-02", *(f"2026-03-{day:02}" for day in range(1, 6)), "2026-05-02"]


def board(client: httpx.Client, on: str, **params: Any) -> list[Any]:
    """Return the board on a day."""
    found: list[Any] = get(client, "expiries", as_of=on, **({"days": DAYS, "limit": 500} | params))["data"]
    return found


@pytest.mark.parametrize("kind", LISTS)
def test_what_runs_out_is_what_the_lists_say(client: httpx.Client, kind: str) -> None:
    """For each kind and several days, the board has the objects of its list that run and end in the span."""
    path, day, running = LISTS[kind]
    seen = 0
    for on in ASKED:
        until = (date.fromisoformat(on) + timedelta(days=DAYS)).isoformat()
        listed = get(client, path, as_of=on, limit=500)["data"]
        wanted = {
            (each["key"], each[day])
            for each in listed
            if day in each and each["status"] in running and on <= each[day] <= until
        }
        found = board(client, on, kind=kind)
        assert {(each["key"], each["due_on"]) for each in found} == wanted, on
        seen += len(found)
        for each in found:
            left = date.fromisoformat(each["due_on"]) - date.fromisoformat(on)
            assert each["days_left"] == left.days
    assert seen or kind in IN_THE_YEAR, "the history has none"


def test_terms_are_those_of_the_designations_board(client: httpx.Client) -> None:
    """The board's designations are those about to expire, with the same days left."""
    seen = 0
    for on in ASKED:
        expiring = get(client, "expiring-designations", as_of=on, days=DAYS, limit=500)["data"]
        wanted = {each["key"]: each["standing"]["days_left"] for each in expiring}
        assert {each["key"]: each["days_left"] for each in board(client, on, kind="designation")} == wanted
        seen += len(wanted)
    assert seen


def test_the_board_is_in_order_in_parts_and_by_body(client: httpx.Client) -> None:
    """All kinds together, the first to end first; page by page the same; of a body only its own."""
    for on in ASKED:
        whole = board(client, on)
        assert [each["due_on"] for each in whole] == sorted(each["due_on"] for each in whole)
        assert {each["kind"] for each in whole} <= set(KINDS)
        parts: list[Any] = []
        page = get(client, "expiries", as_of=on, days=DAYS, limit=1)
        while True:
            parts += page["data"]
            following = page["links"].get("next")
            if following is None:
                break
            page = client.get(following).json()
        assert parts == whole
        assert board(client, on, body="hcd") == [each for each in whole if each.get("body") == "hcd"]
        for each in whole:
            assert client.get(each["links"]["object"], params={"as_of": on}).status_code == 200
    assert client.get("/api/v1/expiries", params={"kind": "nothing"}).status_code == 422


def test_a_body_in_figures_is_what_the_entries_say(client: httpx.Client, told: History) -> None:
    """Sessions, votes, agreements, attendance and days to the acta, against the auditor's sheets over the entries."""
    raws = [bytes(raw) for raw in told.store.entries()]
    sessions = rows(raws, "actas")
    for body in {row["body"] for row in sessions}:
        said = get(client, f"bodies/{body}/statistics", as_of="2026-12-31")
        own = [row for row in sessions if row["body"] == body]
        outcomes = Counter("held" if row["outcome"] == "imported" else row["outcome"] for row in own)
        assert said["sessions"]["held"] == outcomes["held"]
        assert said["sessions"]["not_held"] == outcomes["not-held"]
        assert said["sessions"]["cancelled"] == outcomes["cancelled"]
        assert said["votes"] == sum(int(row["votes"] or 0) for row in own)
        taken = sorted(int(row["days_to_seal"]) for row in own if row["days_to_seal"])
        assert said["actas"]["sealed"] == len(taken)
        assert said["actas"]["waiting"] == sum(bool(row["days_pending"]) for row in own)
        if taken:
            assert (said["actas"]["days_longest"], said["actas"]["days_median"]) == (
                taken[-1],
                taken[(len(taken) - 1) // 2],
            )
        seats = [row for row in rows(raws, "attendance") if (row["body"], row["voting"]) == (body, "yes")]
        assert said["attendance"]["seats"] == sum(int(row["sessions"]) for row in seats)
        assert said["attendance"]["attended"] == sum(int(row["attended"]) for row in seats)


def test_figures_are_of_the_days_asked_for(client: httpx.Client) -> None:
    """Nothing of a year without sessions; the parts of a year add up to it; of nobody, 404."""
    empty = get(client, "bodies/hcd/statistics", date_from="1990-01-01", date_to="1990-12-31")
    assert (empty["sessions"]["held"], empty["attendance"], empty["actas"]) == (
        0,
        {"sessions": 0, "seats": 0, "attended": 0},
        {"sealed": 0, "waiting": 0},
    )
    whole = get(client, "bodies/hcd/statistics")["sessions"]["held"]
    before = get(client, "bodies/hcd/statistics", date_to="2026-02-28")["sessions"]["held"]
    after = get(client, "bodies/hcd/statistics", date_from="2026-03-01")["sessions"]["held"]
    assert whole == before + after > 0
    assert client.get("/api/v1/bodies/nobody/statistics").status_code == 404
