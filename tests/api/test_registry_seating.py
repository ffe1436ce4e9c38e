"""GET how seats are filled: standing as of a day, proposals, removals, what will expire, credentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.kit.appointed import ENDS, INSCRIBED, SOON

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

LISTS = ("designation-proposals", "removal-hearings", "expiry-notices", "credentials")
ANA, DORA, BETO = (f"consultivo/vocal-{n}/1" for n in (1, 2, 3))


@pytest.mark.parametrize("path", LISTS)
def test_every_object_of_a_list_has_its_address(client: httpx.Client, path: str) -> None:
    """Each object is found at its own address as in its list; one that is not there is not found."""
    listed = get(client, path)["data"]
    assert listed
    for each in listed:
        found = client.get(each["id"]).json()
        assert (found["key"], found["log"]) == (each["key"], each["log"])
        missing = each["id"].rpartition("/")[0] + "/99"
        assert client.get(missing).json()["code"] == "not-found"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("designation-proposals?status=returned", 1),
        ("designation-proposals?status=approved&organization=ctd&seat=vocal-1", 1),
        ("removal-hearings?status=removed&body=consultivo", 1),
        ("expiry-notices?organization=ctd", 1),
        ("credentials?status=issued&seat=vocal-1", 1),
        ("designations?way=vote", 1),
        ("designations?way=oficio&body=consultivo", 1),
        ("designations?body=consultivo&on=2026-04-01&state=removed", 1),
        ("designations?body=consultivo&on=2026-02-01&state=provisional", 1),
        ("designations?body=consultivo&on=2026-04-01&state=provisional", 0),
        ("designations?body=consultivo&on=2026-05-02&state=expired", 1),
        ("designations?body=consultivo&on=2026-02-01&state=future", 2),
    ],
)
def test_filters(client: httpx.Client, path: str, expected: int) -> None:
    """A filter gives those objects and no others; the state is the one of the day asked about."""
    assert len(get(client, path)["data"]) == expected


def test_a_designation_by_vote_leads_to_what_it_rests_on(client: httpx.Client) -> None:
    """Proposal, agreement, credentials; the proposal leads back; standing as of a day with the days left."""
    found = get(client, f"designations/{ANA}", on="2028-12-31")
    assert (found["way"], found["effect"]) == ("vote", "definitive")
    assert found["standing"] == {"on": "2028-12-31", "state": "in-force", "days_left": 1}
    assert client.get(found["links"]["agreement"]).json()["identifier"] == "1/2026"
    assert client.get(found["links"]["proposal"]).json()["links"]["designation"] == f"/api/v1/designations/{ANA}"
    assert [client.get(each).json()["phase"] for each in found["credentials"]] == ["revoked", "issued"]
    assert get(client, f"designations/{ANA}", as_of="2029-01-01")["standing"]["state"] == "expired"


def test_provisional_until_ratified_as_of_a_day(client: httpx.Client) -> None:
    """On the days before the ratification it is shown as provisional, in the list and in the composition."""
    assert get(client, f"designations/{DORA}", on="2026-02-01")["standing"]["state"] == "provisional"
    found = get(client, f"designations/{DORA}", on="2026-04-01")
    assert found["standing"]["state"] == "in-force"
    assert client.get(found["links"]["ratified_by"]).json()["identifier"] == "1/2026"
    assert found["resigned_from"]
    assert found["inscription"] == INSCRIBED  # R21: in the Registro Público de Organismos Descentralizados (LFEP 23–26)
    for day, expected in (("2026-02-01", True), ("2026-04-01", False)):
        seats = get(client, "bodies/consultivo/composition", on=day)["seats"]
        assert [seat["holders"][0]["provisional"] for seat in seats if seat["seat"] == "vocal-2"] == [expected]


def test_composition_names_vacancies(client: httpx.Client) -> None:
    """Before Ana there is nobody in her seat, after Beto's removal nobody in his."""
    before = get(client, "bodies/consultivo/composition", on="2026-02-01")
    assert before["vacancies"] == ["vocal-1", "secretario"]
    after = get(client, "bodies/consultivo/composition", on="2026-04-01")
    assert after["vacancies"] == ["vocal-3"]
    (holder,) = after["seats"][0]["holders"]
    assert holder["agreement"] == "/api/v1/agreements/asamblea/2026/1"


def test_a_removal_shows_hearing_and_vote(client: httpx.Client) -> None:
    """Who asked, that he was heard, and the vote that decided after it."""
    found = get(client, f"removal-hearings/{BETO}")
    assert (found["by_whom"], found["organization"], found["appeared"]) == ("sector", "ctd", True)
    assert found["requested_index"] < found["heard_index"] < found["decided_index"]
    assert client.get(found["links"]["vote"]).json()["result"] == "approved"
    ended = client.get(found["links"]["designation"]).json()
    assert (ended["cause"], ended["evidence"]) == ("removed", f"hearing/{BETO}")
    assert ended["links"]["hearing"] == found["id"]


def test_what_will_expire_shows_notice_and_answer(client: httpx.Client) -> None:
    """Who holds a seat and whose term ends within the days, with notice and answer; who left is not among them."""
    found = get(client, "expiring-designations", body="consultivo", on="2026-04-01", days=30)["data"]
    assert [(each["key"], each["standing"]["days_left"]) for each in found] == [(DORA, 30)]
    notice: dict[str, Any] = found[0]["notice"]
    assert (notice["organization"], notice["answer"]) == ("ctd", "will-substitute")
    assert client.get(notice["id"]).json()["oficio"] == notice["oficio"]
    assert get(client, "expiring-designations", body="consultivo", on="2026-04-01", days=29)["data"] == []
    assert get(client, "expiring-designations", body="consultivo", on=SOON[:10])["data"] == []
    for_ana = get(client, "expiring-designations", body="consultivo", on="2028-12-01")["data"]
    assert [(each["key"], each["notice"]) for each in for_ana] == [(ANA, None)]


def test_a_credential_stands_as_of_an_instant(client: httpx.Client) -> None:
    """The first was replaced, with the instant; the second is valid, and no longer when the term is over."""
    first, second = get(client, "credentials")["data"]
    assert (first["standing"]["reason"], first["standing"]["since"]) == ("replaced", first["revoked_at"])
    assert second["standing"] == {"valid": True}
    later = get(client, f"credentials/{ANA}/2", as_of="2029-01-01")["standing"]
    assert later == {"valid": False, "reason": "designation-expired", "since": ENDS}
