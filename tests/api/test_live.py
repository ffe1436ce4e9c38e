"""The ledger as Server-Sent Events: dense, resumed exactly, bounded, honest when it cannot go on, gone at shutdown."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
import uvicorn

from api import event_stream, live
from api.event_stream import EventStream
from api.live import Feed, Wanted, tell
from api.main import create_app
from api.serving import Server
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.errors import StoreError
from ledger.store.listener import Listener
from tests.api.test_problems import check_problem
from tests.kit.waiting import WAIT_S, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import Message

    from api.demo.town import Town
    from api.system import System

STREAM = "/api/v1/acts/stream"
LONG_MS = 300_000


@pytest.fixture
def long(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let streams last as long as the test reads."""
    monkeypatch.setattr(system, "settings", system.settings.model_copy(update={"stream_max_ms": LONG_MS}))


class Reader:
    """A reader of one stream; `take` gives its next events."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        self._lines = answer.iter_lines()
        self.last_id = ""

    def block(self) -> dict[str, str]:
        """Return the fields of the next block; a comment stands under the empty name."""
        fields: dict[str, str] = {}
        for line in self._lines:
            if not line:
                self.last_id = fields.get("id", self.last_id)
                return fields
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        raise EOFError

    def take(self, count: int) -> list[dict[str, Any]]:
        """Return the data of the next `count` events."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            fields = self.block()
            if "data" in fields:
                data = orjson.loads(fields["data"])
                assert (fields["event"], fields["id"]) == ("act", str(data["index"]))
                found.append(data)
        return found


@contextmanager
def reading(http: httpx.Client, *, last: object = None, **params: Any) -> Iterator[Reader]:
    """Open a stream; leaving the block breaks the connection off."""
    headers = {} if last is None else {"Last-Event-ID": str(last)}
    with http.stream("GET", STREAM, params=params, headers=headers, timeout=WAIT_S) as answer:
        yield Reader(answer)


def register(town: Town, person: str) -> int:
    """Record the registration of a person and return its index."""
    signed = town.desk.sign(PersonRegistered(person=person), town.founder, sealed={"name": f"Nombre de {person}"})
    (done,) = town.submit([signed])
    return int(done.index)


def everything(http: httpx.Client, **params: Any) -> list[dict[str, Any]]:
    """Return the events of a stream that ends by itself."""
    blocks = http.get(STREAM, params=params).text.split("\n\n")
    lines = [line for block in blocks for line in block.split("\n") if line.startswith("data: ")]
    return [orjson.loads(line.removeprefix("data: ")) for line in lines]


def test_from_the_first_act_on_all_are_told_once(http: httpx.Client, system: System) -> None:
    """`after=-1`: every index once, in order, with the leaf hash that the act has, and no more than is public."""
    told = everything(http, after=-1)
    assert [each["index"] for each in told] == list(range(system.size()))
    third = http.get("/api/v1/acts/3").json()
    names = ("index", "leaf_hash", "recorded_at", "type", "stream", "version")
    assert {name: told[3][name] for name in names} == {name: third[name] for name in names}
    assert told[3].keys() == {*names, "links"}
    for link in told[3]["links"].values():
        assert http.get(link).status_code == 200


@pytest.mark.usefixtures("long")
def test_a_new_act_comes_at_once_and_nothing_before_it(http: httpx.Client, town: Town) -> None:
    """Without a place to begin a stream gives what is new, within a moment of its being recorded."""
    with reading(http) as reader:
        assert reader.block() == {"retry": "2000"}
        index = register(town, "p-vivo")
        began = time.monotonic()
        (told,) = reader.take(1)
        assert time.monotonic() - began < event_stream.HEARTBEAT_S
    assert (told["index"], told["type"], told["stream"]) == (index, "PersonRegistered/1", "person/p-vivo")


@pytest.mark.usefixtures("long")
def test_broken_off_and_resumed_while_others_write_there_is_no_gap_and_no_double(
    http: httpx.Client, town: Town, system: System
) -> None:
    """A reader that is cut off again and again and sends his last id gets every index exactly once."""
    first, count = system.size(), 40

    def write() -> None:
        for number in range(count):
            register(town, f"p-corte-{number}")

    writer = threading.Thread(target=write)
    writer.start()
    seen: list[int] = []
    last: object = first - 1
    cuts = (1, 3, 2, 7, 5, 1, 11)
    while len(seen) < count:
        with reading(http, last=last) as reader:
            wanted = min(cuts[len(seen) % len(cuts)], count - len(seen))
            seen += [each["index"] for each in reader.take(wanted)]
            last = reader.last_id
    writer.join()
    assert seen == list(range(first, first + count))


@pytest.mark.usefixtures("long")
def test_the_header_wins_over_the_address(http: httpx.Client) -> None:
    """A browser repeats the address that it began with, and its last id."""
    with reading(http, last=4, after=-1) as reader:
        assert reader.take(1)[0]["index"] == 5


def test_filters_by_type_and_body(http: httpx.Client, town: Town) -> None:
    """Types with or without their version, several of them, and the body that the act's data name."""
    act = SeriesOpened(body="hcd", series="agreement.2031", first=1)
    town.submit([town.desk.sign(act, town.secretary)])
    told = everything(http, after=-1)
    chosen = {"PersonRegistered/1", "BodyRegistered/1"}
    some = everything(http, after=-1, type=["PersonRegistered", "BodyRegistered/1"])
    assert some == [each for each in told if each["type"] in chosen]
    assert {each["type"] for each in some} == chosen
    assert everything(http, after=-1, type="PersonRegistered/9") == []
    of_body = [each["index"] for each in everything(http, after=-1, body="hcd")]
    assert any(each["stream"] == "series/hcd/agreement.2031" and each["index"] in of_body for each in told)
    assert everything(http, after=-1, body="otro") == []


@pytest.mark.usefixtures("long")
def test_a_quiet_stream_says_that_it_lives_and_where_it_is(
    http: httpx.Client, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comments while nothing comes; where acts were passed over, with the id behind which to resume."""
    monkeypatch.setattr(event_stream, "HEARTBEAT_S", 0.1)
    with reading(http, type="VoteOpened") as reader:
        reader.block()
        assert reader.block() == {"": ""}
        index = register(town, "p-callado")
        blocks = [reader.block() for _ in range(4)]
    assert {"": "", "id": str(index)} in blocks
    assert blocks[-1] == {"": ""}


def test_places_that_a_stream_cannot_begin_at(http: httpx.Client, system: System) -> None:
    """An act that the ledger does not have is a conflict, what is no index a bad parameter: never silence."""
    for ahead in (system.size(), 2**53 - 1):
        problem = check_problem(http.get(STREAM, headers={"Last-Event-ID": str(ahead)}))
        assert (problem["status"], problem["code"]) == (409, "event-ahead")
    for wrong in ("x", "-1", "1.5", str(2**53)):
        assert check_problem(http.get(STREAM, headers={"Last-Event-ID": wrong}))["status"] == 422
    assert check_problem(http.get(STREAM, params={"type": "no such"}))["status"] == 422
    assert check_problem(http.get(STREAM, params={"after": -2}))["status"] == 422


@pytest.mark.usefixtures("long")
def test_one_reader_too_many_is_turned_away(
    http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 with Retry-After beyond the named number; a place that is given back is free, and the thread ends."""
    monkeypatch.setattr(system.feed, "_places", 1)
    until(lambda: not system.feed._followers)
    with reading(http, after=0) as reader:
        reader.take(1)
        answer = http.get(STREAM)
        assert (answer.status_code, check_problem(answer)["code"]) == (503, "too-many-streams")
        assert answer.headers["retry-after"] == "1"
    until(lambda: not system.feed._followers)
    with reading(http, after=0) as reader:
        reader.take(1)
    until(lambda: system.feed._thread is None)


@pytest.mark.usefixtures("long")
def test_where_listen_is_refused_it_looks_again(
    http: httpx.Client, system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a hot standby there is no LISTEN: acts come all the same, a little later."""

    class Refused(Listener):
        def _connect(self) -> None:
            self._polls = True

    until(lambda: system.feed._thread is None)
    monkeypatch.setattr(live, "Listener", Refused)
    with reading(http) as reader:
        reader.block()
        index = register(town, "p-espejo")
        assert reader.take(1)[0]["index"] == index


@pytest.mark.usefixtures("long")
def test_a_reader_far_behind_and_readers_up_to_date_see_the_same(
    http: httpx.Client, system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages out of the database and events out of memory join without a seam."""
    monkeypatch.setattr(live, "PAGE", 7)
    with reading(http) as now:
        now.block()
        index = register(town, "p-costura")
        assert now.take(1)[0]["index"] == index
        with reading(http, after=-1) as old:
            told = old.take(system.size())
            register(town, "p-costura-2")
            told += old.take(1)
        assert [each["index"] for each in told] == list(range(system.size()))
        assert now.take(1) == told[-1:]


# -- the ends of a stream ------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("long")
def test_a_stream_does_not_hold_the_end_of_the_service(system: System) -> None:
    """The server that is asked to end ends its streams, cleanly, and at once."""
    server = Server(uvicorn.Config(create_app(system), port=0, log_level="critical", lifespan="off"), system)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=WAIT_S) as client, reading(client) as reader:
        reader.block()
        server.should_exit = True
        began = time.monotonic()
        with pytest.raises(EOFError):
            reader.block()
        thread.join(WAIT_S)
        assert time.monotonic() - began < LONG_MS / 1000 / 2
    assert not thread.is_alive()
    system.feed._stopped = False  # the module's other tests go on


class Ledger:
    """As many entries as it says, for a feed without a database."""

    def __init__(self, system: System) -> None:
        self.raws = list(system.entries(0, 20))
        self.size = len(self.raws)
        self.broken = False

    def read_size(self) -> int:
        """Say the size, or that the database is away."""
        if self.broken:
            raise StoreError("database-unreachable")
        return self.size

    def feed(self, url: str) -> Feed:
        """Return a feed over it."""
        return Feed(url, self.read_size, lambda start, count: self.raws[start : start + count], 3)


async def never() -> Message:
    """Receive nothing: the reader does not leave."""
    await asyncio.Event().wait()
    raise AssertionError


def test_whoever_takes_nothing_is_dropped(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader whose connection takes no more octets loses his place when his time is up; others lose nothing."""
    monkeypatch.setattr(event_stream, "SEND_S", 0.05)
    feed = Ledger(system).feed(system.store.url)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        if len(sent) == 3:
            await asyncio.Event().wait()
        sent.append(message)

    async def run() -> None:
        follower = feed.follow(asyncio.get_running_loop(), -1, Wanted())
        await EventStream(follower, 0.3)({"type": "http"}, never, send)

    monkeypatch.setattr(live, "PAGE", 5)
    asyncio.run(asyncio.wait_for(run(), WAIT_S))
    assert not feed._followers
    assert [message.get("more_body") for message in sent] == [None, True, True]
    feed.close()


def test_when_the_database_is_away_streams_end(system: System) -> None:
    """No heartbeat pretends that all is well: the stream ends, and the next one is told why."""
    ledger = Ledger(system)
    feed = ledger.feed(system.store.url)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        follower = feed.follow(loop, -1, Wanted())
        assert len(await follower.take(1.0)) == ledger.size
        ledger.broken = True
        assert await follower.take(WAIT_S) == []
        assert follower.ended
        with pytest.raises(StoreError):
            feed.follow(loop, None, Wanted())

    asyncio.run(asyncio.wait_for(run(), WAIT_S))
    assert feed._thread is None


def test_a_ledger_that_shrinks_ends_streams(system: System) -> None:
    """A restored copy has fewer acts than were told: nobody is left waiting in the belief that nothing happens."""
    ledger = Ledger(system)
    feed = ledger.feed(system.store.url)

    async def run() -> None:
        follower = feed.follow(asyncio.get_running_loop(), None, Wanted())
        ledger.size -= 1
        assert await follower.take(WAIT_S) == []
        assert follower.ended

    asyncio.run(asyncio.wait_for(run(), WAIT_S))


def test_an_entry_in_another_place_or_not_readable(system: System) -> None:
    """A void entry is told as such; one that stands where it does not belong stops the stream."""
    raw = system.entries(1, 1)[0]
    void = tell(7, b"{}")
    assert orjson.loads(void.block.split(b"data: ")[1])["void"]
    assert Wanted().takes(void)
    assert not Wanted(body="hcd").takes(void)
    with pytest.raises(StoreError) as refused:
        tell(2, raw)
    assert refused.value.code == "entry-misplaced"
