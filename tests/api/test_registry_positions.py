"""GET over what sessions and votes do besides: objections, dissents, conflicts, rounds, quorum lost, challenges."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

SESSION = "gsp/2026/ord/1"
CONSENSUS, ROLL_CALL, FIRST_ROUND, SECOND_ROUND, THIRD_ROUND = (f"{SESSION}/{n}" for n in range(2, 7))


def test_objections_show_who_and_whether_they_stand(client: httpx.Client) -> None:
    """In the member's own voice; the vote's page names them, each has its own address and its sealed grounds."""
    vote = get(client, f"votes/{CONSENSUS}")
    assert (vote["method"], vote["result"], vote["items"], vote["scope"]) == (
        "consensus",
        "approved",
        [1, 4],
        "general",
    )
    assert [(each["seat"], each["status"]) for each in vote["objections"]] == [
        ("trabajo", "withdrawn"),
        ("salud", "withdrawn"),
    ]
    found = client.get(vote["objections"][0]["id"]).json()
    assert (found["voice"]["kind"], found["links"]["vote"]) == ("own", f"/api/v1/votes/{CONSENSUS}")
    assert found["texts"].keys() == {"grounds", "explanation"}
    assert not found["texts"]["grounds"]["published"]
    assert len(get(client, f"objections?vote={CONSENSUS}&status=withdrawn")["data"]) == 2
    assert get(client, "objections?status=standing")["data"] == []
    assert len(vote["voted_texts"][0]) == 1
    assert get(client, "agreements/gsp/2026/1")["vote"].endswith(CONSENSUS)
    marks = {each["seat"]: each["choice"] for each in get(client, f"votes/{CONSENSUS}/marks")["data"]}
    assert set(marks.values()) == {"favor"}


def test_dissents_show_form_and_voice(client: httpx.Client) -> None:
    """A voto particular of the member's own, and a reasoned vote that the secretary attests."""
    listed = get(client, f"dissents?session={SESSION}")["data"]
    assert [(each["seat"], each["form"], each["voice"]["kind"]) for each in listed] == [
        ("salud", "particular", "own"),
        ("presidencia", "reasoned", "attested"),
    ]
    assert get(client, f"dissents/{ROLL_CALL}/salud")["form"] == "particular"
    assert [each["seat"] for each in get(client, f"dissents?form=reasoned&vote={ROLL_CALL}")["data"]] == ["presidencia"]
    assert client.get(f"/api/v1/dissents/{ROLL_CALL}/trabajo").status_code == 404


def test_conflicts_found_later_stand_beside_the_vote(client: httpx.Client) -> None:
    """The vote keeps its result and says what came to light, and when."""
    vote = get(client, f"votes/{ROLL_CALL}")
    assert (vote["result"], [each["seat"] for each in vote["conflicts"]]) == ("tied", ["salud"])
    found = get(client, f"conflicts/{ROLL_CALL}/salud")
    assert found["discovered_on"] == vote["conflicts"][0]["discovered_on"]
    assert [each["id"] for each in get(client, "conflicts?seat=salud")["data"]] == [found["id"]]


def test_rounds_of_an_election_are_linked_and_counted(client: httpx.Client) -> None:
    """Each round says candidates with votes and whom it repeats; of secret rounds no mark says for whom."""
    listed = get(client, "votes?motion_kind=election")["data"]
    assert [each["id"].removeprefix("/api/v1/votes/") for each in listed] == [FIRST_ROUND, SECOND_ROUND, THIRD_ROUND]
    assert [each["result"] for each in listed] == ["tied", "tied", "approved"]
    second = get(client, f"votes/{SECOND_ROUND}")
    assert second["links"]["repeats"] == f"/api/v1/votes/{FIRST_ROUND}"
    assert second["withdrawn"] == ["p-gsp.trabajo"]
    marks = get(client, f"votes/{FIRST_ROUND}/marks")["data"]
    assert {each["choice"] for each in marks} == {"emitido"}
    assert not any("candidate" in each for each in marks)
    third = get(client, f"votes/{THIRD_ROUND}")
    assert third["elected"] == "p-gsp.presidencia"
    assert [each["votes"] for each in third["candidates"]] == [2, 1]
    said = {each["seat"]: each["candidate"] for each in get(client, f"votes/{THIRD_ROUND}/marks")["data"]}
    assert said["trabajo"] == "p-gsp.salud"


def test_a_session_shows_agenda_challenges_and_remote_attendance(client: httpx.Client) -> None:
    """Approved order, what was added, who was challenged and how it ended, who attended from elsewhere."""
    found = get(client, f"sessions/{SESSION}")
    assert (found["session_kind"], found["agenda"], found["agenda_vote"]) == ("ordinary", [1, 4, 2, 3], 1)
    items = {each["item"]: each for each in found["items"]}
    assert (items[4]["added"], items[4]["approved"], items[4]["resolved_by"]) == (True, True, 2)
    assert len(items[1]["amendments"]) == 1
    assert items[2]["committee"] == "hcd"
    assert [(each["challenged"], each["upheld"]) for each in items[2]["challenges"]] == [
        ("trabajo", True),
        ("salud", False),
    ]
    assert [each["seat"] for each in items[2]["recused"]] == ["trabajo"]
    stays = get(client, f"sessions/{SESSION}/attendance")["data"]
    assert {(each["seat"], each["modality"], "evidence" in each) for each in stays} >= {
        ("salud", "remota", True),
        ("trabajo", "remota", False),
    }
    assert (found["phase"], found["quorum"]["present"]) == ("closed", 2)
    assert get(client, "sessions?session_kind=permanent")["data"] == []
