"""GET over the life of actas: what circulated, what corrects, what is bound, what came from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

OF_FIRST, OF_SECOND = "hcd/2026/ord/1", "hcd/2026/ord/2"


def test_a_circulation_shows_each_observation_and_what_became_of_it(client: httpx.Client) -> None:
    """Members' own observations and those that the secretary attests, with their outcome and their own address."""
    found = get(client, f"circulations/{OF_SECOND}")
    assert (found["phase"], found["round"], found["draft"], found["pending"]) == ("approved", 2, 2, 0)
    assert found["addressed"] == ["estado-1", "obrero-1"]
    assert "vote" not in found
    told_of = [(each["seat"], each["outcome"], each["voice"]["kind"]) for each in found["observations"]]
    assert told_of == [("obrero-1", "accepted", "own"), ("estado-1", "rejected", "attested")]
    first: dict[str, Any] = found["observations"][0]
    assert client.get(first["id"]).json().items() >= first.items()
    assert first["texts"].keys() == {"text", "answer"}
    assert not first["texts"]["text"]["published"]


def test_fe_de_erratas_links_both_ways_over_http(client: httpx.Client) -> None:
    """The errata leads to acta and vote; the acta leads to the errata, and to the folios where it is bound."""
    found = get(client, f"erratas/{OF_FIRST}/1")
    assert found["links"]["acta"] == f"/api/v1/actas/{OF_FIRST}"
    assert client.get(found["links"]["vote"]).json()["result"] == "approved"
    assert found["corrections"] == [{"block": 3, "about": "unit"}]
    acta = client.get(found["links"]["acta"]).json()
    assert acta["erratas"] == [found["id"]]
    assert (acta["bound"]["book"], acta["bound"]["first_folio"], acta["bound"]["last_folio"]) == ("hcd/2026/1", 2, 6)
    assert acta["instrument"] == "acta"
    other = get(client, f"actas/{OF_SECOND}")
    assert other["circulation"]["phase"] == "approved"
    assert client.get(other["appendices"][0]).json()["sheets"] == 12


def test_a_book_shows_every_folio_loan_and_check(client: httpx.Client) -> None:
    """Folios from 1 on without a hole, the cancelled one among them; loans and checks in order."""
    found = get(client, "books/hcd/2026/1")
    ranges = [(each["first_folio"], each["last_folio"], each["cancelled"]) for each in found["contents_list"]]
    assert ranges == [(1, 1, True), (2, 6, False), (7, 7, False)]
    assert (found["used"], found["cancelled"], found["phase"], found["location"]) == (7, 1, "archived", "AH-04/01")
    assert found["on_loan"] == 2
    assert [each.get("returned_index") is None for each in found["loans"]] == [False, True]
    assert [(each["outcome"], len(each["failures"])) for each in found["checks"]] == [("verified", 0), ("failed", 1)]
    assert all(each["office"].startswith("key/") for each in found["checks"])


def test_a_received_acta_shows_its_incidents(client: httpx.Client) -> None:
    """Two incidents under the points that the checklist found wanting, one of them cured."""
    found = get(client, "received-actas/hcd/1")
    assert (found["phase"], found["incidents"], found["open_incidents"]) == ("checked", 2, 1)
    assert found["unfulfilled"] == ["CONVOCATION", "SIGNATURE"]
    assert [(each["code"], each["phase"]) for each in found["incident_list"]] == [
        ("CONVOCATION", "resolved"),
        ("SIGNATURE", "notified"),
    ]
    for each in found["incident_list"]:
        assert client.get(each["id"]).json().items() >= each.items()
