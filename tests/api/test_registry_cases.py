"""GET vetoes, recommendations, interpretations and reports of a told history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

FIRST, SECOND = "cc/2026/1", "cc/2026/2"
REPORT = "hcd/functioning/2026"


def test_a_veto_from_its_exercise_to_its_resolution(client: httpx.Client) -> None:
    """F1: the president of the consejo consultivo vetoed, the council overturned; every step has its address."""
    found = get(client, f"vetoes/{FIRST}")
    assert (found["power"], found["resolver"], found["phase"], found["outcome"]) == (
        "president",
        "hcd",
        "resolved",
        "overturned",
    )
    assert (found["status_text"], found["vetoer_sat"], found["norms"]) == (
        "Revocado: el acuerdo se restablece",
        False,
        ["LSS 264-XIV"],
    )
    assert client.get(found["links"]["vote"]).json()["result"] == "approved"
    agreement = client.get(found["links"]["agreement"]).json()
    assert (agreement["validity"], agreement["veto"]) == ("in-force", found["id"])
    assert [each["cause"] for each in agreement["suspensions"]] == ["veto"]
    assert {each["relation"] for each in agreement["relations"]} == {"suspends", "reinstates"}
    assert found["texts"].keys() == {"grounds", "evidence/1", "draft"}


def test_suspended_by_veto_is_said_in_words(client: httpx.Client) -> None:
    """The open veto suspends its agreement, a directriz, and the registry says by what."""
    found = get(client, f"agreements/{SECOND}")
    assert (found["validity"], found["agreement_kind"]) == ("suspended", "directive")
    assert (found["validity_text"], found["validity_text_en"]) == ("Suspendido por veto", "Suspended by veto")
    listed = client.get("/api/v1/agreements", params={"agreement_kind": "directive"}).json()["data"]
    assert [each["key"] for each in listed] == [SECOND]
    opened = client.get("/api/v1/vetoes", params={"resolver": "hcd", "status": "exercised"}).json()["data"]
    assert [each["key"] for each in opened] == [SECOND]


def test_the_board_says_suspended_by_veto(client: httpx.Client) -> None:
    """The resolutivo of a vetoed agreement is shown as suspended by veto from the exercise on, and is never overdue."""
    exercised = get(client, f"vetoes/{SECOND}")["exercised_on"]
    for on in (exercised, "2026-12-31"):
        found = get(client, f"follow-up/{SECOND}/1", as_of=on)
        assert (found["status"], found["status_text"]) == ("suspended", "Suspendido por veto")
    listed = client.get("/api/v1/follow-up", params={"as_of": "2026-12-31", "status": "suspended"}).json()["data"]
    assert [each["key"] for each in listed] == [f"{SECOND}/1"]


def test_y4_a_veto_past_its_term_is_told_as_overdue(client: httpx.Client) -> None:
    """Y4: as of a day before it was decided nothing is late; a decided veto never is."""
    found = get(client, f"vetoes/{FIRST}")
    due = date.fromisoformat(found["due_on"])
    later = client.get(f"/api/v1/vetoes/{FIRST}", params={"as_of": (due + timedelta(days=3)).isoformat()}).json()
    assert "overdue" not in later
    known = found["log"]["index"] + 2  # exercised, suspended, admitted
    asked = {"as_of": (due + timedelta(days=3)).isoformat(), "known_at": known}
    before = client.get(f"/api/v1/vetoes/{FIRST}", params=asked).json()
    assert (before["phase"], before["overdue"], before["days_overdue"]) == ("admitted", True, 3)


def test_recommendations_and_the_balance_of_a_year(client: httpx.Client) -> None:
    """G1: carried over = opening + new + reopened − attended, and next year opens with what this one left."""
    found = get(client, "recommendations/cvd/1/1")
    assert (found["identifier"], found["phase"], found["percent"]) == ("CV/1/1", "attended", 40)
    phases = [each["phase"] for each in found["steps"]]
    assert phases == ["issued", "transmitted", "in-process", "reported", "reopened", "reported", "attended"]
    balances = {year: get(client, f"recommendation-balances/cvd/{year}") for year in (2025, 2026, 2027)}
    for each in balances.values():
        assert each["carried_over"] == each["opening"] + each["new"] + each["reopened"] - each["attended"]
    this = balances[2026]
    assert (this["opening"], this["new"], this["attended"], this["carried_over"]) == (0, 2, 1, 1)
    assert this["open"] == ["CV/1/2"]
    assert (balances[2027]["opening"], balances[2027]["new"], balances[2025]["new"]) == (1, 0, 0)
    listed = client.get("/api/v1/recommendations", params={"status": "issued"}).json()["data"]
    assert [each["key"] for each in listed] == ["cvd/1/2"]


def test_an_interpretation_stands_beside_its_agreement(client: httpx.Client) -> None:
    """B8: the agreement shows both answers, the earlier one as superseded; its own version does not move."""
    agreement = get(client, f"agreements/{FIRST}")
    assert [(each["phase"], each.get("superseded_by")) for each in agreement["interpretations"]] == [
        ("superseded", 2),
        ("issued", None),
    ]
    for each in agreement["interpretations"]:
        assert client.get(each["id"]).json()["texts"].keys() == {"question", "draft", "answer"}
        assert each["log"]["last_index"] > agreement["log"]["last_index"]
    assert agreement["texts"].keys() == {"title", "resolution/1"}


def test_a_report_is_computed_again_over_http(client: httpx.Client) -> None:
    """E7: content and hash come out as they were signed; the chain, the session that took note, and as of when."""
    found = get(client, f"reports/{REPORT}/1")
    assert (found["phase"], len(found["chain"])) == ("presented", 2)
    content: dict[str, Any] = client.get(found["links"]["content"]).json()
    assert content["matches"]
    assert content["content_sha256"] == found["content_sha256"]
    council = content["content"]["bodies"][0]
    assert (council["body"], council["vetoes"], council["agreements_by_kind"]) == (
        "cc",
        1,
        {"agreement": 1, "directive": 1},
    )
    again = client.get(f"/api/v1/report-contents/{REPORT}/{found['as_of']}").json()
    assert again["content_sha256"] == found["content_sha256"]
    later = client.get(f"/api/v1/report-contents/{REPORT}/{found['log']['last_index'] + 20}").json()
    assert later["content_sha256"] != found["content_sha256"]
    assert client.get("/api/v1/report-contents/hcd/functioning/2026-x9/1").status_code == 422
    assert client.get("/api/v1/report-contents/hcd/functioning/2026/99999999").status_code == 409


def test_tampered_report_hash_is_found_over_http(client: httpx.Client) -> None:
    """A report whose signed hash is of something else does not match, and the answer shows both."""
    content = get(client, f"reports/{REPORT}/2/content")
    assert not content["matches"]
    assert content["signed_sha256"] == "ab" * 32 != content["content_sha256"]
    assert client.get(f"/api/v1/reports/{REPORT}/9/content").status_code == 404
    for path in ("vetoes/cc/2026/9", "recommendations/cvd/9/9", "interpretations/cc/2026/1/9", f"reports/{REPORT}/9"):
        assert client.get(f"/api/v1/{path}").status_code == 404
