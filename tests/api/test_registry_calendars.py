"""GET over what comes before a session: calendars, convocations, asuntos, dictámenes, folders; and recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

SESSION = "hcd/2026/ext/1"


def test_holidays_with_the_norm_and_the_edition_of_each(client: httpx.Client) -> None:
    """Two years of statutory days, and two that a later edition declared; the earlier editions stay listed."""
    found = get(client, "holidays/mx-federal")
    assert (found["edition"], found["covers_from"], found["covers_until"]) == (2, "2026-01-01", "2027-12-31")
    told_of = {each["day"]: (each["ground"], each["edition"]) for each in found["days"]}
    assert told_of["2026-09-16"] == ("statutory", 1)
    assert told_of["2026-04-02"] == ("declared", 2)
    assert list(told_of) == sorted(told_of)
    assert [each["edition"] for each in found["editions"]] == [1, 2]
    assert get(client, "holidays")["data"][0]["id"] == found["id"]


def test_a_deadline_in_business_days(client: httpx.Client) -> None:
    """Ten from 14 September end on the 29th over Independence Day; what the calendar does not reach is said."""
    found = get(client, "holidays/mx-federal/deadline?since=2026-09-14&business_days=10")
    assert (found["due_on"], found["covered"]) == ("2026-09-29", True)
    assert [each["day"] for each in found["holidays"]] == ["2026-09-16"]
    assert not get(client, "holidays/mx-federal/deadline?since=2027-12-30&business_days=5")["covered"]
    assert client.get("/api/v1/holidays/mars/deadline?since=2026-09-14&business_days=1").status_code == 404


def test_a_calendar_tells_what_became_of_each_session(client: httpx.Client) -> None:
    """Held on its day or another, moved with its first day kept, cancelled by its own act or for the calendar."""
    found = get(client, "calendars/hcd/2026")
    assert found["phase"] == "closed"
    assert [each["status"] for each in found["entry_list"]] == ["held", "held", "cancelled", "cancelled", "cancelled"]
    assert found["counts"]["held"] == 2
    moved = found["entry_list"][3]
    assert (moved["first_day"], moved["day"], len(moved["moved"])) == ("2026-04-29", "2026-05-06", 1)
    assert found["entry_list"][0]["on_its_day"]
    assert client.get(found["entry_list"][0]["link"]).status_code == 200
    assert client.get(found["links"]["vote"]).json()["result"] == "approved"
    assert client.get("/api/v1/calendars/hcd/2025").status_code == 404


def test_no_silent_misses_as_of_a_day(client: httpx.Client) -> None:
    """As known before the year was closed, a session whose day passed without a word is missed, a later one planned."""
    closed = get(client, "calendars/hcd/2026")
    before = closed["entry_list"][3]["settled_index"] - 1
    seen = get(client, f"calendars/hcd/2026?known_at={before}&on=2026-05-20")
    assert [each["status"] for each in seen["entry_list"]][3:] == ["missed", "planned"]
    assert (seen["phase"], seen["counts"]["missed"], seen["on"]) == ("approved", 1, "2026-05-20")


def test_the_proof_of_a_convocation(client: httpx.Client) -> None:
    """The first one is kept beside the rectified one, each with who received it and how many business days ahead."""
    found = get(client, f"sessions/{SESSION}/convocations")
    first, second = found["convocations"]
    assert first["superseded_by"] == second["key"]
    assert "superseded_by" not in second
    assert [(each["seat"], each["voice"]) for each in second["receipt_list"]] == [
        ("obrero-1", "attested"),
        ("obrero-2", "own"),
    ]
    assert [(each["business_days"], each["in_time"]) for each in second["receipt_list"]] == [(0, False)] * 2
    assert len(second["receipt_list"][0]["carpeta"]) == 64
    (waiver,) = second["waivers"]
    assert (waiver["defect"], len(waiver["waived_by"])) == ("notice", 12)
    assert client.get(second["id"]).json()["receipt_list"] == second["receipt_list"]
    listed = get(client, f"convocations?session={SESSION}")["data"]
    assert [each["key"] for each in listed] == [first["key"], second["key"]]
    assert client.get("/api/v1/sessions/hcd/2026/ext/9/convocations").status_code == 404
    assert client.get(f"/api/v1/convocations/{'ab' * 32}").status_code == 404


def test_the_session_stands_as_rectified(client: httpx.Client) -> None:
    """Its modality and the title of its item are those of the rectified convocation."""
    found = get(client, f"sessions/{SESSION}")
    assert found["modality"] == "mixta"
    (second,) = get(client, f"sessions/{SESSION}/convocations")["convocations"][1:]
    assert found["items"][0]["title"]["index"] == second["log"]["index"]


def test_an_asunto_from_intake_to_item(client: httpx.Client) -> None:
    """Returned for its grounds, accepted in the second round, judged with conditions, listed."""
    found = get(client, "asuntos/hcd/2026/1")
    assert (found["phase"], found["round"], found["grounds"]) == ("listed", 2, ["LSS 40 C", "LSS 264 XVII"])
    assert [(each["round"], each["outcome"], each["missing"]) for each in found["reviews"]] == [
        (1, "returned", ["grounds"]),
        (2, "accepted", []),
    ]
    assert (found["session"], found["item"]) == (SESSION, 1)
    assert client.get(found["links"]["session"]).status_code == 200
    (opined,) = found["dictamens"]
    judged = client.get(opined["id"]).json()
    assert (judged["sense"], judged["session"]) == ("conditioned", "hcd/2026/ord/1")
    assert client.get(judged["links"]["asunto"]).json()["key"] == found["key"]
    assert judged["texts"].keys() == {"document", "conditions"}
    withdrawn = get(client, "asuntos?status=withdrawn&unit=dir")["data"]
    assert [each["number"] for each in withdrawn] == [2]
    assert get(client, "dictamens?sense=conditioned")["data"][0]["links"]["vote"] == judged["links"]["vote"]
    assert client.get("/api/v1/asuntos/hcd/2026/9").status_code == 404
    assert client.get("/api/v1/dictamens/hcd/2026/9").status_code == 404


def test_a_folder_with_its_addendum(client: httpx.Client) -> None:
    """Every document with its hash and the act that put it there; the addendum says who got it and when."""
    found = get(client, f"carpetas/{SESSION}")
    assert [(each["document"], each["pages"]) for each in found["documents"]] == [(1, 10), (2, 20), (3, 30)]
    assert found["pages"] == 60
    assert ["title" in each for each in found["documents"]] == [True, False, True]
    (addendum,) = found["addenda"]
    assert (addendum["documents"], [each["seat"] for each in addendum["receipts"]]) == ([3], ["obrero-1"])
    assert client.get(found["documents"][2]["act"]).status_code == 200
    assert get(client, "carpetas?body=hcd")["data"][0]["key"] == SESSION
    assert client.get("/api/v1/carpetas/hcd/2026/ext/9").status_code == 404


def test_a_recording_by_its_hash(client: httpx.Client) -> None:
    """Its length and custody beside it."""
    found = get(client, f"recordings/{SESSION}/1")
    assert (found["medium"], found["sha256"], found["duration_s"]) == ("audio", "0a" * 32, 60)
    assert get(client, "recordings?year=2026")["data"][0]["id"] == found["id"]


def test_what_a_year_is_short_of_is_computed_as_of_a_day(client: httpx.Client) -> None:
    """R1: four ordinary sessions are asked for; what was held and what is still missing is said as of each day."""
    found = get(client, "bodies/hcd/ordinary-sessions/2026")
    assert (found["required"], found["on_paper"]) == (4, 0)
    assert found["held"] == len(found["sessions"]) > 0
    assert found["missing"] == max(0, 4 - found["held"])
    assert get(client, "calendars/hcd/2026")["links"]["ordinary"] == found["id"]
    before = get(client, "bodies/hcd/ordinary-sessions/2026?on=2026-01-01")
    assert (before["held"], before["missing"], before["planned"]) == (0, 4, 0)
    assert "required" not in get(client, "bodies/asamblea/ordinary-sessions/2026")
    assert client.get("/api/v1/bodies/nadie/ordinary-sessions/2026").status_code == 404
