"""GET over requests for certification, certificates with their state, and the board of oversight requirements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx


def test_requests_are_found_by_petitioner_state_and_matter(client: httpx.Client) -> None:
    """Who of which kind asked, what became of it, which certificate was issued; who he is stays sealed."""
    everything = get(client, "certification-requests")["data"]
    assert {each["petitioner"] for each in everything} == {"external", "oversight"}
    rejected = get(client, "certification-requests?status=rejected")["data"]
    assert [each["phase"] for each in rejected] == ["rejected"]
    assert rejected[0]["texts"].keys() == {"petitioner_name", "purpose", "reason"}
    assert not any(text["published"] for text in rejected[0]["texts"].values())
    of_matter = get(client, "certification-requests?matter=requirement/hcd/2026/1")["data"]
    assert [each["phase"] for each in of_matter] == ["rejected", "denied"]
    first = get(client, "certification-requests/hcd/2026/1")
    assert first["certificates"] == [{"id": "/api/v1/certifications/hcd/2026/1", "phase": "superseded"}]
    assert first["compiler"] != first["reviewer"]
    assert client.get(first["certificates"][0]["id"]).json()["links"]["request"] == first["id"]
    missing = client.get("/api/v1/certification-requests/hcd/2026/99")
    assert missing.status_code == 404, missing.text


def test_a_certificate_shows_what_its_objects_were_at_issuance(client: httpx.Client) -> None:
    """Marks of each object; of a negative one its series, period and checkpoint; the delivery."""
    found = get(client, "certifications/hcd/2026/1")
    assert [each["marks"] for each in found["objects"]] == [["sealed"], ["declared"]]
    negative = get(client, "certifications/hcd/2026/3")
    said = negative["negatives"][0]
    assert (said["object_kind"], said["from_on"], said["to_on"], said["listed"]) == (
        "agreement",
        "2026-01-01",
        "2026-01-31",
        [],
    )
    assert said["tree_size"] < negative["log"]["index"]
    assert negative["channel"] == "counter"


def test_the_board_of_requirements_answers_as_of_a_day(client: httpx.Client) -> None:
    """Before its receipt it is not there; once answered, answered; not closed while a finding is open."""
    row = get(client, "requirements?on=2026-12-31")["data"][0]
    assert (row["reference"], row["status"], row["open_findings"]) == ("RQ-2026-014", "answered", 1)
    received = date.fromisoformat(row["received_on"])
    assert get(client, f"requirements?on={received - timedelta(days=1)}")["data"] == []
    assert client.get(f"/api/v1/requirements/hcd/2026/1?on={received - timedelta(days=1)}").status_code == 404
    assert get(client, "requirements?on=2026-12-31&status=overdue")["data"] == []
    one = get(client, "requirements/hcd/2026/1?on=2026-12-31")
    assert [each["manifest_sha256"] for each in one["bundle_list"]] == ["cd" * 32]
    assert one["bundle_list"][0]["texts"]["granted"]["published"] is False
    assert one["certificates"] == ["/api/v1/certifications/hcd/2026/3"]
    assert len(one["requests"]) == 2
    assert [each.get("outcome") for each in one["finding_list"]] == ["clarified", None]
    for each in one["finding_list"]:
        alone = client.get(each["id"]).json()
        assert alone | each == alone
    assert client.get("/api/v1/requirements/hcd/2026/1/findings/9").status_code == 404
