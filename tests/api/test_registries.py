"""GET over the registries: lists, objects, paging, validators, waiting, and what stays sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api.check import check_registries
from api.routes import registry_base
from ledger.acts.trust import PersonRegistered
from ledger.crypto import disclosure
from ledger.verify.outcome import Outcome
from projections import REGISTRIES, tracking
from projections.rebuild import rebuild
from tests.kit.history import History
from tests.kit.served import client_of, get

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from tests.kit.postgres import Database

LISTS = (
    "bodies",
    "persons",
    "keys",
    "certificate-authorities",
    "designations",
    "sessions",
    "votes",
    "agreements",
    "quarantined-identifiers",
    "captures",
    "communications",
    "gazette-prints",
    "chronological-index",
    "actas",
    "certifications",
    "circulations",
    "appendices",
    "erratas",
    "books",
    "received-actas",
    "vetoes",
    "recommendations",
    "interpretations",
    "reports",
    "public-versions",
    "consultations",
    "reserved-indexes",
    "sessions/hcd/2026/ord/1/attendance",
    "sessions/hcd/2026/ord/1/interventions",
    "votes/hcd/2026/ord/1/2/marks",
    "actas/hcd/2026/ord/1/blocks",
)


@pytest.mark.parametrize("path", LISTS)
def test_lists_in_pages(client: httpx.Client, path: str) -> None:
    """Each list gives the same objects in the same order whatever the page size; its links keep the filters."""
    whole = get(client, path, limit=500)
    assert whole["data"]
    assert "next" not in whole["links"]
    for limit in (1, 3):
        paged: list[Any] = []
        link = f"/api/v1/{path}?limit={limit}"
        while link:
            page = client.get(link).json()
            assert len(page["data"]) <= limit
            assert page["pagination"]["count"] == len(page["data"])
            paged += page["data"]
            link = page["links"].get("next", "")
            assert not link or f"limit={limit}" in link
        assert paged == whole["data"]


@pytest.mark.parametrize("path", LISTS[:15])
def test_objects_say_where_they_come_from(client: httpx.Client, path: str) -> None:
    """Each object has a permanent address that gives it again, its place in the log, its voice and provenance."""
    for listed in get(client, path, limit=500)["data"]:
        found = client.get(listed["id"]).json()
        assert {name: found[name] for name in ("id", "key", "created", "modified", "log", "voice")} == {
            name: listed[name] for name in ("id", "key", "created", "modified", "log", "voice")
        }
        assert found["created"] <= found["modified"]
        assert found["created"].endswith("Z")
        assert found["log"]["index"] <= found["log"]["last_index"]
        assert found["provenance"] in {"signed", "imported"}
        if found["provenance"] == "imported":
            assert found["provenance_text"].startswith("Importado")
            assert "not at origin" in found["provenance_text_en"]
        act = client.get(found["links"]["act"]).json()
        assert act["index"] == found["log"]["index"]
        assert act["recorded_at"] == found["created"]


def test_etags(client: httpx.Client) -> None:
    """What has not changed is answered with 304 and no body."""
    for path in (*LISTS, "bodies/hcd", "votes/hcd/2026/ord/1/2"):
        first = client.get(f"/api/v1/{path}")
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("sessions?body=hcd", 5),
        ("sessions?status=imported", 1),
        ("sessions?date_from=2026-01-01&date_to=2026-03-02", 6),
        ("sessions?year=2026&series=ord&status=cancelled", 1),
        ("votes?method=secret", 3),
        ("votes?session=hcd/2026/ord/1", 5),
        ("votes?result=approved&body=hcd", 6),
        ("votes?status=annulled", 1),
        ("agreements?identifier=1/2006", 1),
        ("agreements?session=hcd/2026/ord/1", 1),
        ("actas?status=sealed", 1),
        ("certifications?status=revoked", 1),
        ("actas?instrument=minuta", 0),
        ("circulations?status=approved&body=hcd", 1),
        ("appendices?session=hcd/2026/ord/2", 1),
        ("erratas?session=hcd/2026/ord/1", 1),
        ("books?status=archived&year=2026", 1),
        ("received-actas?issuer=viejo&status=validated", 1),
        ("received-actas?date_from=2026-02-11", 0),
        ("designations?person=p-hcd.obrero-1", 1),
        ("designations?body=hcd&seat=patronal-4", 2),
        ("designations?capacity=suplente", 2),
        ("keys?status=revoked", 1),
        ("bodies?parent=hcd", 3),
        ("persons?created_until=2026-03-02T15:00:00Z", 2),
        ("persons?created_since=2026-03-04T00:00:00-06:00", 6),
        ("bodies?modified_since=2026-03-04T00:00:00-06:00", 3),
    ],
)
def test_filters(client: httpx.Client, path: str, expected: int) -> None:
    """A filter gives those objects and no others."""
    assert len(get(client, path)["data"]) == expected


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("bodies?limit=0", 422, "bad-parameter"),
        ("bodies?limit=501", 422, "bad-parameter"),
        ("bodies?cursor=x", 400, "bad-cursor"),
        ("bodies?cursor=WzFd", 400, "bad-cursor"),
        ("bodies?wait_until=999999", 409, "not-projected"),
        ("bodies?created_since=2026-03-04T00:00:00", 422, "bad-parameter"),
        ("bodies/nadie", 404, "not-found"),
        ("bodies/nadie/composition", 404, "not-found"),
        ("bodies/HCD", 422, "bad-parameter"),
        ("votes/hcd/2026/ord/1/99", 404, "not-found"),
        ("votes/hcd/2026/ord/1/99/marks", 404, "not-found"),
        ("votes/hcd/2026/ord/1/1/marks/nadie/1", 404, "not-found"),
        ("votes/hcd/2026/ord/9/9/marks/nadie/1", 404, "not-found"),
        ("sessions/hcd/2026/ord/9", 404, "not-found"),
        ("sessions/hcd/2026/ord/9/attendance", 404, "not-found"),
        ("sessions/hcd/2026/ord/9/interventions", 404, "not-found"),
        ("actas/hcd/2026/ord/9", 404, "not-found"),
        ("actas/hcd/2026/ord/9/blocks", 404, "not-found"),
        ("actas/hcd/2026/ord/9/signatures/x", 404, "not-found"),
        ("agreements/hcd/2026/9", 404, "not-found"),
        ("certifications/hcd/2026/9", 404, "not-found"),
        ("circulations/hcd/2026/ord/9", 404, "not-found"),
        ("circulations/hcd/2026/ord/2/observations/9", 404, "not-found"),
        ("appendices/hcd/2026/ord/2/9", 404, "not-found"),
        ("erratas/hcd/2026/ord/1/9", 404, "not-found"),
        ("books/hcd/2026/9", 404, "not-found"),
        ("received-actas/hcd/9", 404, "not-found"),
        ("received-actas/hcd/1/incidents/9", 404, "not-found"),
        ("persons/nadie", 404, "not-found"),
        ("sessions?date_from=2026-02-31", 422, "bad-parameter"),
    ],
)
def test_problems(client: httpx.Client, path: str, status: int, code: str) -> None:
    """What is asked wrongly is answered with a problem and its code."""
    answer = client.get(f"/api/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_composition(client: httpx.Client) -> None:
    """Who holds which seat on a day: a leave of the whole day, a substitution, seats that do not exist yet."""

    def seats(on: str, body: str = "hcd") -> dict[str, Any]:
        return {seat["seat"]: seat for seat in get(client, f"bodies/{body}/composition", on=on)["seats"]}

    before, during, after = seats("2026-03-02"), seats("2026-03-03"), seats("2026-03-05")
    assert len(before) == 15
    assert [holder["person"] for holder in before["obrero-3"]["holders"]] == ["p-hcd.obrero-3"]
    assert (before["obrero-3"]["vacant"], during["obrero-3"]["vacant"], after["obrero-3"]["vacant"]) == (
        False,
        True,
        False,
    )
    assert during["obrero-3"]["holders"][0]["in_seat"] is False
    assert [holder["number"] for holder in before["patronal-4"]["holders"]] == [1]
    assert [holder["number"] for holder in after["patronal-4"]["holders"]] == [2]
    assert seats("2019-12-31") == {}
    assert all(seat["vacant"] for seat in seats("2023-12-31").values())
    assert all(seat["vacant"] for seat in seats("2030-01-01").values() if seat["seat"] != "patronal-4")
    assert (list(seats("2026-01-31", "breve")), list(seats("2026-02-01", "breve"))) == (["unico"], [])
    today = get(client, "bodies/hcd/composition")
    assert (today["on"], today["rules"]) == ("2026-03-04", {"number": 1, "profile": "IMSS_HCT"})
    assert seats("2006-09-07", "viejo")["d1"]["holders"][0]["provenance"] == "imported"


def test_b5_a_renamed_body_keeps_its_address(client: httpx.Client) -> None:
    """B5: one address whatever the body is called; each name since its day, and the spans in which it was suspended."""
    found = get(client, "bodies/breve")
    assert [name.get("from_on") for name in found["names"]] == [None, "2026-01-10"]
    assert found["texts"]["name"]["index"] == found["names"][1]["index"]
    (span,) = found["suspensions"]
    assert (span["from_on"], span["until_on"]) == ("2026-01-12", "2026-01-20")
    earlier = get(client, "bodies/breve", as_of="2026-04-01")
    assert earlier["id"] == found["id"]


def test_lists_name_a_body_as_of_the_day_asked(client: httpx.Client) -> None:
    """In the list, too, a body has the name of the day of the question, and its latest where none is asked for."""
    names = [name["index"] for name in get(client, "bodies/breve")["names"]]
    for query, index in (({"as_of": "2026-01-09"}, names[0]), ({"as_of": "2026-01-10"}, names[1]), ({}, names[1])):
        listed = {each["key"]: each for each in get(client, "bodies", limit=100, **query)["data"]}
        assert listed["breve"]["texts"]["name"]["index"] == index


def test_voices(client: httpx.Client) -> None:
    """A ballot is in the member's own voice, a roll in the secretary's, an import in its source's."""

    def voices(vote: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for mark in get(client, f"votes/{vote}/marks", limit=500)["data"]:
            found.setdefault(mark["voice"], set()).add(mark["choice"])
        return found

    assert voices("hcd/2026/ord/1/1") == {"attested": {"favor", "contra", "abstencion"}}
    assert voices("hcd/2026/ord/1/2") == {"own": {"favor", "abstencion"}}
    assert voices("hcd/2026/ord/1/3") == {"attested": {"emitido"}}
    assert voices("hcd/2026/ord/1/4") == {"attested": {"contra"}}
    assert voices("viejo/2006/ord/1/1") == {"imported": {"favor", "contra", "presente", "ausente"}}
    corrected = get(client, "votes/hcd/2026/ord/1/2/marks/obrero-2/1")
    assert (corrected["choice"], corrected["version"], corrected["person"]) == ("abstencion", 2, "p-hcd.obrero-2")
    assert corrected["log"]["index"] < corrected["log"]["last_index"]
    words = {word["seat"]: word for word in get(client, "actas/hcd/2026/ord/1")["words"]}
    assert {seat: (word["outcome"], word["voice"]["kind"], word["holds"]) for seat, word in words.items()} == {
        "secretario": ("signed", "own", True),
        "estado-1": ("signed", "own", True),
        "patronal-1": ("refused", "own", True),
        "obrero-4": ("refused", "attested", True),
        "obrero-1": ("signed", "own", True),
    }
    assert get(client, words["obrero-4"]["id"].removeprefix("/api/v1/")) == words["obrero-4"]


def test_check_finds_an_edited_row(told: History, client: httpx.Client) -> None:
    """T13: `acervo check` names a registry's row that somebody edited, with the act and the column; else nothing."""
    assert client.get("/api/v1/bodies").status_code == 200  # the registries show everything
    clean = Outcome()
    check_registries(told.store.url, told.vault.disclosure, clean)
    assert (clean.findings, clean.steps[9].counts["registry_rows"] > 400) == ([], True)
    with tracking.connect(told.store.url) as connection:
        connection.execute("UPDATE registry.votes SET favor = 12 WHERE id = 'hcd/2026/ord/1/1'")
        connection.execute("DELETE FROM registry.body_rules WHERE body = 'hcd'")
        edited = Outcome()
        check_registries(told.store.url, told.vault.disclosure, edited)
        rebuild(connection, REGISTRIES, told.vault.disclosure)
    index = told.state("body/hcd").index - 1
    assert [(each.step, each.code, each.detail) for each in edited.findings] == [
        (9, "row-missing", "registry.body_rules hcd, 1"),
        (9, "row-differs", "registry.votes hcd/2026/ord/1/1: favor"),
    ]
    assert edited.findings[0].index == index


def test_check_that_cannot_project(told: History) -> None:
    """Where an act cannot be projected, the check says that registries were not compared."""
    outcome = Outcome()
    check_registries(told.store.url, lambda _: disclosure.make("name", "Otro", bytes(16)), outcome)
    (code, detail), *_ = outcome.steps[9].unchecked
    assert code == "registries-not-compared"
    assert "registry texts" in detail


def test_two_holders_marked(client: httpx.Client) -> None:
    """A source that marks two holders of one seat on the day of their change is shown as it is."""
    marks = get(client, "votes/viejo/2006/ord/1/1/marks")["data"]
    of_seat = [mark for mark in marks if mark["seat"] == "d1"]
    assert [mark["choice"] for mark in of_seat] == ["favor", "ausente"]
    assert [get(client, mark["id"].removeprefix("/api/v1/")) for mark in of_seat] == of_seat


def test_casting_vote(client: httpx.Client) -> None:
    """A tie that the chair broke says so."""
    found = get(client, "votes/hcd/2026/ord/2/1")
    assert (found["favor"], found["contra"], found["casting"], found["result"]) == (6, 6, "favor", "approved")
    assert found["log"]["index"] < found["casting_index"] < found["result_index"] == found["log"]["last_index"]
    assert len(found["eligible"]) == found["eligible_count"] == 12


def test_session(client: httpx.Client) -> None:
    """A session tells its agenda, who excused himself, who was there at the close, and what it held."""
    found = get(client, "sessions/hcd/2026/ord/1")
    assert [item["outcome"] for item in found["items"]] == ["resolved", "resolved", "resolved", "noted"]
    assert found["items"][2]["recused"][0]["seat"] == "patronal-2"
    assert {each["seat"] for each in found["present"]}.isdisjoint({"patronal-4"})
    assert (found["votes"], found["agreements"], found["quorum"]["present"]) == (5, [1], 12)
    gone = [row for row in get(client, "sessions/hcd/2026/ord/1/attendance")["data"] if "left_index" in row]
    assert [(row["seat"], row["until_item"]) for row in gone] == [("patronal-4", 4)]
    second = get(client, "sessions/hcd/2026/ord/3")
    assert (second["call"], len(second["items"]), second["phase"]) == (2, 2, "cancelled")
    assert second["items"][1]["added"]
    assert second["items"][1]["title"]["name"] == "title"


def test_texts(client: httpx.Client) -> None:
    """Only opened texts are shown, an erased one no more; of closed ones it is told that and where they are."""
    name = get(client, "bodies/hcd")["texts"]["name"]
    assert (name["published"], name["value"]) == (True, "H. Consejo Directivo (ficticio)")
    closed = get(client, "bodies/viejo")["texts"]["name"]
    assert (closed["published"], "value" in closed) == (False, False)
    erased = get(client, "persons/p-hcd.obrero-1")["texts"]["name"]
    assert (erased["published"], "value" in erased, "erased_index" in erased) == (True, False, True)
    blocks = get(client, "actas/hcd/2026/ord/1/blocks", limit=500)["data"]
    assert [block["block"] for block in blocks] == list(range(1, len(blocks) + 1))
    assert all(block["published"] and block["disclosure"] for block in blocks)


def test_wait_until(
    told: History, client: httpx.Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    """Who has just written reads his own writes; without a worker he is told to ask again."""
    for number in range(3):
        index = told.do(PersonRegistered(person=f"p-new-{number}"), sealed={"name": "Nueva"})
        assert get(client, f"persons/p-new-{number}", wait_until=index)["log"]["index"] == index
    lonely = History.on(database.app_url, tmp_path)
    lonely.found()
    with client_of(lonely, tmp_path) as other:
        monkeypatch.setattr(registry_base, "MAX_WAIT_S", 0.1)
        assert other.get("/api/v1/bodies").json()["data"] == []
        answer = other.get("/api/v1/bodies?wait_until=0")
        assert (answer.status_code, answer.json()["code"]) == (409, "not-projected")
    lonely.close()


def test_certified_objects(client: httpx.Client) -> None:
    """A certification names what it certifies, what took its place, and where it is checked."""
    first, second = get(client, "certifications")["data"][:2]
    assert [each["stream"] for each in first["objects"]] == ["acta/hcd/2026/ord/1", "vote/hcd/2026/ord/1/1"]
    assert (first["phase"], first["superseded_by"], second["phase"]) == ("superseded", "hcd/2026/2", "revoked")
    assert first["links"]["verification"] == "/api/v1/certifications/hcd/2026/1/verification"
