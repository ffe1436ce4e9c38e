"""Timelines of objects, and which key signed in which office: whatever the log says, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ledger.statement import Entry
from projections.timeline import places_of
from tests.kit.served import get

if TYPE_CHECKING:
    import httpx

    from ledger.statement import Statement
    from tests.kit.history import History


def statements(told: History) -> list[Statement]:
    """Return the statements of the told history."""
    return [Entry.parse(bytes(raw)).act.statement for raw in told.store.entries()]


def everything(client: httpx.Client, path: str, limit: int = 500, **params: Any) -> list[Any]:
    """Return a list page by page."""
    found: list[Any] = []
    page = get(client, path, limit=limit, **params)
    while True:
        found += page["data"]
        following = page["links"].get("next")
        if following is None:
            return found
        page = client.get(following).json()


def test_every_stream_has_a_timeline_with_all_its_acts(client: httpx.Client, told: History) -> None:
    """For every stream of the history, the acts that are its own are those that stand in it, in order."""
    streams: dict[str, list[int]] = {}
    for index, said in enumerate(statements(told)):
        streams.setdefault(said.stream, []).append(index)
    for stream, indexes in streams.items():
        kind, _, path = stream.partition("/")
        if not path:
            continue  # the ledger's own acts have no object
        acts = everything(client, f"timeline/{kind}/{path}")
        assert [each["index"] for each in acts if each["relation"] == "own"] == indexes, stream


def test_an_agreements_life_is_told_in_order(client: httpx.Client, told: History) -> None:
    """Its adoption, capture, oficios, follow-up, certificates and folios, each once, each with its proof."""
    acts = everything(client, "timeline/agreement/hcd/2026/1")
    indexes = [each["index"] for each in acts]
    assert indexes == sorted(set(indexes))
    said = statements(told)
    kinds = ("agreement", "capture", "communication", "gazette", "filing", "citation", "veto")
    own = {f"{kind}/hcd/2026/1" for kind in kinds}
    named = {
        index
        for index, each in enumerate(said)
        if own & {each.stream, *each.basis} or each.stream.startswith("fulfilment/hcd/2026/1/")
    }
    assert named <= set(indexes)
    assert len({each["stream"].partition("/")[0] for each in acts}) > 4
    for each in acts:
        assert each["act"] == said[each["index"]].type
        assert each["voice"]["office"] == said[each["index"]].office
        assert client.get(each["links"]["act"]).json()["index"] == each["index"]


def test_what_is_a_part_is_a_part_of_something(told: History) -> None:
    """Whatever stream has a whole, the whole has a stream of its own in which an act stands."""
    streams = {said.stream for said in statements(told)}
    wholes = {place for stream in streams for place in places_of(stream)[1:]}
    assert {kind for kind, _ in wholes} == {"agreement", "session", "vote", "acta", "book", "designation"}
    assert {f"{kind}/{path}" for kind, path in wholes} <= streams


def test_timelines_come_in_parts_and_as_known(client: httpx.Client, told: History) -> None:
    """Page by page gives what one page gives; as known at an index, only what stood then; of nothing, 404."""
    whole = everything(client, "timeline/session/hcd/2026/ord/1")
    assert everything(client, "timeline/session/hcd/2026/ord/1", limit=3) == whole
    assert len(whole) > 10
    middle = whole[len(whole) // 2]["index"]
    then = everything(client, "timeline/session/hcd/2026/ord/1", known_at=middle)
    assert [each["index"] for each in then] == [each["index"] for each in whole if each["index"] <= middle]
    assert {each["relation"] for each in whole} >= {"own", "part"}
    assert client.get("/api/v1/timeline/agreement/hcd/1900/1").status_code == 404
    assert told.store.head().size > middle


def test_authority_says_who_signed_as_whom(client: httpx.Client, told: History) -> None:
    """Every pair of key and office, with its first and last act and how many; the key's own life beside it."""
    said = statements(told)
    counts = Counter((each.signer, each.office) for each in said)
    found = everything(client, "authority", limit=7)
    assert {(each["keyid"], each["office"]): each["acts"] for each in found} == counts
    for each in found:
        mine = [index for index, one in enumerate(said) if (one.signer, one.office) == (each["keyid"], each["office"])]
        assert (each["first_index"], each["last_index"]) == (mine[0], mine[-1])
        if each["office"].startswith("designation/"):
            assert each["designation"]["seat"] in each["office"]
        acts = client.get(each["links"]["acts"] + "&limit=500").json()["data"]
        assert [one["index"] for one in acts] == mine
    assert any(each.get("key", {}).get("phase") == "usable" for each in found)


def test_authority_can_be_asked_of_a_key_an_office_and_a_moment(client: httpx.Client, told: History) -> None:
    """One key's offices, one office's keys, and what was known at an index."""
    said = statements(told)
    secretary = next(each for each in said if each.office == "designation/hcd/secretario/1")
    of_key = everything(client, "authority", key=secretary.signer)
    assert {each["keyid"] for each in of_key} == {secretary.signer}
    of_office = everything(client, "authority", office=secretary.office)
    assert {each["office"] for each in of_office} == {secretary.office}
    last = of_office[0]["last_index"]
    (before,) = everything(client, "authority", office=secretary.office, key=secretary.signer, known_at=last - 1)
    assert before["acts"] == of_office[0]["acts"] - 1
    assert everything(client, f"keys/{secretary.signer}/acts", office="key/none") == []
    assert client.get(f"/api/v1/keys/{'0' * 64}/acts").status_code == 404
