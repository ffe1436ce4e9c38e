"""What a client asks before it signs: heads and free numbers; and the log's own addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.act_types import stream_pattern
from api.numbers import next_number
from ledger.acts import act_types
from ledger.acts.trust import SeriesOpened
from ledger.crypto.b64 import decode_base64
from ledger.crypto.merkle import leaf_hash, verify_consistency
from ledger.crypto.note import Verifier, open_checkpoint
from ledger.log.policy import Policy
from ledger.log.tiles import ENTRIES, Tile, parse_bundle, tiles_of
from tests.api.test_problems import check_problem

if TYPE_CHECKING:
    import httpx

    from api.demo.town import Town
    from api.system import System
    from ledger.domain.world import State


def test_an_absent_stream_begins_at_the_founding(http: httpx.Client, system: System) -> None:
    """Version 0 and the founding's hash, so that a client can sign the first act of a stream."""
    head = http.get("/api/v1/streams/agreement/hcd/2026/1").json()
    founding = system.store.founding()
    assert founding is not None
    assert (head["version"], head["statement"], head["index"]) == (0, founding.sha256, None)
    assert head["ledger"] == system.ledger.origin


def test_a_stream_says_its_last_act(http: httpx.Client, system: System) -> None:
    """Version, statement and index are those of the stream's last act, and are never cached."""
    answer = http.get("/api/v1/streams/body/hcd")
    stored = system.store.stream_head("body/hcd")
    assert stored is not None
    assert [answer.json()[key] for key in ("version", "statement", "index")] == list(stored)
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["Body/hcd", "body", "body/hcd/x", "thing/1", "body//", "body/hcd%20x", "body/%C3%B1"])
def test_what_is_no_stream_is_refused(http: httpx.Client, name: str) -> None:
    """A name of the wrong form, of an unknown kind or with the wrong number of segments is 400."""
    assert check_problem(http.get(f"/api/v1/streams/{name}"))["code"] == "bad-stream"


def test_the_next_number_of_a_series_that_begins_elsewhere(http: httpx.Client, town: Town) -> None:
    """A series opened at 19 goes on at 19; one that nobody opened begins at 1."""
    town.do(SeriesOpened(body="hcd", series="agreement.2031", first=19))
    answer = http.get("/api/v1/next-number", params={"series": "agreement/hcd/2031"}).json()
    assert (answer["number"], answer["stream"], answer["version"]) == (19, "agreement/hcd/2031/19", 0)
    assert http.get("/api/v1/next-number", params={"series": "agreement/hcd/2032"}).json()["number"] == 1
    assert http.get("/api/v1/next-number", params={"series": "designation/hcd/obrero-1"}).json()["number"] == 2


class _Counted:
    """Streams `thing/1` … `thing/<n>` are taken."""

    def __init__(self, taken: int) -> None:
        self.taken, self.asked = taken, 0

    def stream_head(self, stream: str) -> tuple[int, str]:
        self.asked += 1
        return int(int(stream.rpartition("/")[2]) <= self.taken), ""

    def state(self, _stream: str) -> State | None:
        return None


@pytest.mark.parametrize("taken", [0, 1, 2, 3, 4, 5, 7, 8, 9, 100, 1023, 1024, 1025, 99_999])
def test_the_next_number_takes_few_questions(taken: int) -> None:
    """Doubling and halving finds the first free number, in about twice log2 of it."""
    source = _Counted(taken)
    assert next_number(source, "quarantine/hcd") == taken + 1
    assert source.asked <= 2 * (taken + 2).bit_length() + 2


def test_act_types_say_how_to_make_them(http: httpx.Client) -> None:
    """Every type is listed and described: schema, stream pattern, signers, sealed values, basis."""
    listed = {row["type"]: row for row in http.get("/api/v1/act-types").json()["data"]}
    assert listed.keys() == act_types().keys()
    vote = http.get(listed["VoteOpened/1"]["links"]["self"]).json()
    assert vote["stream"] == "vote/{body}/{year}/{series}/{session}/{vote}"
    assert vote["basis_kinds"] == ["session"]
    assert vote["sealed"][0]["name"] == "motion"
    assert "eligible" in vote["schema"]["properties"]
    assert {"way": "role", "roles": ["prosecretary", "secretary"]} in vote["may_sign"]
    assert check_problem(http.get("/api/v1/act-types/VoteOpened/2"))["status"] == 404


def test_every_stream_pattern_has_its_kind(http: httpx.Client) -> None:
    """The pattern is made by the type's own function, so it begins with the kind and names only fields."""
    del http
    for cls in act_types().values():
        pattern = stream_pattern(cls)
        assert pattern.partition("/")[0] == cls.kind
        assert "field." not in pattern


# -- the log


def test_the_log_is_a_tlog(http: httpx.Client, system: System) -> None:
    """Checkpoint, every tile and every bundle at their C2SP addresses are those of the published tree."""
    checkpoint, signed = open_checkpoint(http.get("/checkpoint").text, system.keys)
    assert list(signed) == list(system.keys)
    for tile in tiles_of(checkpoint.size):
        answer = http.get(f"/{tile.path}")
        assert answer.status_code == 200
        if tile.level == ENTRIES:
            entries = parse_bundle(answer.content, tile.width)
            hashes = http.get(f"/{Tile(0, tile.n, tile.width).path}").content
            assert b"".join(map(leaf_hash, entries)) == hashes
    assert http.get("/api/v1/log/checkpoint").status_code == 200


@pytest.mark.parametrize("path", ["0/x001/000", "7/000", "0/999", "entries/000.p/0", "0/000.p/256", "0/../0"])
def test_tiles_that_are_not_there(http: httpx.Client, path: str) -> None:
    """A malformed name is 400, a well-formed one beyond the tree 404."""
    status = 404 if path in {"0/x001/000", "0/999"} else 400
    assert check_problem(http.get(f"/tile/{path}"))["status"] in {status, 404}


def test_keys_and_policy_are_given_out(http: httpx.Client, system: System) -> None:
    """The vkey line parses to the log's key; the policy trusts it and opens the checkpoint."""
    assert Verifier.parse(http.get("/api/v1/log/vkey").text.strip()) == system.keys[0]
    policy = Policy.parse(http.get("/api/v1/log/policy").text)
    checkpoint, _ = policy.open(http.get("/checkpoint").text)
    said = http.get("/api/v1/log").json()
    assert said["origin"] == checkpoint.origin
    assert said["tree_size"] >= checkpoint.size > 0


def test_two_sizes_are_proved_consistent(http: httpx.Client, system: System) -> None:
    """The consistency proof between an older size and the published one verifies against both roots."""
    answer = http.get("/api/v1/log/consistency", params={"old": 30}).json()
    new, _ = open_checkpoint(answer["checkpoint"], system.keys)
    hashes = [decode_base64(text) for text in answer["hashes"]]
    from ledger.crypto.merkle import root_of

    old_root = root_of(leaf_hash(raw) for raw in system.entries(0, 30))
    verify_consistency(30, old_root, new.size, new.root, hashes)
    assert check_problem(http.get("/api/v1/log/consistency", params={"old": 99_999, "new": 3}))["status"] == 400


def test_reading_is_open_to_every_page(http: httpx.Client) -> None:
    """Any web page may read (CORS *), none may write with a reader's credentials."""
    answer = http.get("/checkpoint", headers={"Origin": "https://lector.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_health_says_how_each_part_does(http: httpx.Client, system: System) -> None:
    """Database, signer, worker and tree; all well is 200."""
    answer = http.get("/api/v1/health")
    said = answer.json()
    assert answer.status_code == 200, said
    assert said["status"] == "ok"
    assert said["tree_size"] == system.size()
    assert said["worker"]["state"] == "running"
