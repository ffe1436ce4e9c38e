"""Signed acts in over HTTP, receipts out: idempotent, all or nothing, strict, and clean when many write at once."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from api.client import ApiProblem, Client
from ledger.acts.agreement import IdentifierQuarantined
from ledger.acts.body import BodyRegistered
from ledger.acts.trust import PersonRegistered, SeriesOpened
from ledger.compose import Batch
from ledger.errors import NotSealedError
from ledger.receipts import Receipt
from ledger.statement import Entry
from tests.api.test_problems import check_problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import httpx

    from api.client import Done
    from api.demo.town import Town
    from api.system import System
    from ledger.statement import SignedAct

WRITERS = 50


@pytest.fixture
def client(address: str, system: System, tmp_path: Path) -> Iterator[Client]:
    """Give a client that knows the log's key by another way than the service."""
    with Client(address, vkeys=[key.vkey for key in system.keys], receipts=tmp_path / "recibos") as made:
        yield made


def body_of(*acts: SignedAct) -> bytes:
    """Return the body of a submission."""
    return orjson.dumps(
        {"acts": [{"envelope": orjson.Fragment(act.envelope()), "disclosures": dict(act.disclosures)} for act in acts]}
    )


def registration(town: Town, person: str) -> SignedAct:
    """Return the signed registration of a person."""
    return town.desk.sign(PersonRegistered(person=person), town.founder, sealed={"name": "Persona Ficticia"})


def test_an_act_comes_back_with_a_receipt_that_verifies(client: Client, town: Town, system: System) -> None:
    """201 with index, time and a .tlog-proof whose entry is the act, under the log's own key; the client keeps it."""
    (done,) = client.submit([registration(town, "p-uno")])
    assert done.receipt is not None
    checkpoint, signed = done.receipt.verify(system.keys)
    assert checkpoint.size > done.index
    assert list(signed) == list(system.keys)
    assert not done.duplicate
    kept = client._receipts
    assert kept is not None
    assert Receipt.parse((kept / f"{done.index}.tlog-proof").read_text()) == done.receipt


def test_submitting_again_is_success_and_gives_the_same_place(http: httpx.Client, town: Town) -> None:
    """The same statement twice: 201, then 200 with the same index and time, and a receipt both times."""
    body = body_of(registration(town, "p-dos"))
    first, second = (http.post("/api/v1/acts", content=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    one, two = first.json()["acts"][0], second.json()["acts"][0]
    assert (one["index"], one["recorded_at"]) == (two["index"], two["recorded_at"])
    assert two["duplicate"]
    assert Receipt.parse(one["receipt"]).entry == Receipt.parse(two["receipt"]).entry


def test_one_envelope_needs_no_batch(http: httpx.Client, town: Town) -> None:
    """`{"envelope", "disclosures"}` alone is one act; white space and order of the outer JSON are nobody's business."""
    act = registration(town, "p-tres")
    value = {"disclosures": dict(act.disclosures), "envelope": orjson.loads(act.envelope())}
    answer = http.post("/api/v1/acts", content=orjson.dumps(value, option=orjson.OPT_INDENT_2))
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/v1/acts/{answer.json()['acts'][0]['index']}"


def test_a_batch_stands_or_falls_as_a_whole(client: Client, town: Town, system: System) -> None:
    """A batch whose last act a rule refuses leaves nothing behind."""
    batch = Batch(town.desk)
    batch.sign(PersonRegistered(person="p-cuatro"), town.founder, sealed={"name": "A"})
    batch.sign(BodyRegistered(body="hcd", body_kind="council"), town.founder, sealed={"name": "B"})
    size = system.size()
    with pytest.raises(ApiProblem) as refused:
        client.submit(batch.acts)
    assert (refused.value.status, refused.value.code) == (422, "body-already-registered")
    assert system.size() == size
    assert client.stream_head("person/p-cuatro")[0] == 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _: b"{", "bad-json"),
        (lambda _: b"[]", "bad-submission"),
        (lambda _: b'{"acts": []}', "batch-size"),
        (lambda _: b'{"acts": [{}]}', "bad-submission"),
        (lambda body: body.replace(b'"payloadType"', b'"payloadtype"'), "bad-envelope"),
        (lambda body: body.replace(b'"sig":"', b'"sig":"AAAA'), "bad-signature"),
        (lambda body: body.replace(b'"disclosures":{"name":"', b'"disclosures":{"name":"x'), "disclosure-digest"),
        (lambda body: body.replace(b'"disclosures":{"name":', b'"disclosures":{"nome":'), "disclosure-unknown"),
    ],
)
def test_what_is_not_of_the_format_is_refused(
    http: httpx.Client, town: Town, system: System, change: Any, code: str
) -> None:
    """Each way to be malformed is a problem with its own code, and nothing is recorded."""
    body, size = body_of(registration(town, "p-malo")), system.size()
    answer = http.post("/api/v1/acts", content=change(body))
    assert (answer.status_code, check_problem(answer)["code"]) == (400, code)
    assert system.size() == size


def test_a_body_that_is_too_large_is_refused_before_it_is_read(http: httpx.Client, system: System) -> None:
    """A length beyond the limit is 413 at once, before any of it came."""
    limit = system.settings.max_request_bytes
    url = http.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=20) as sock:
        sock.sendall(f"POST /api/v1/acts HTTP/1.1\r\nHost: x\r\nContent-Length: {limit + 1}\r\n\r\n".encode())
        answered = sock.recv(65_536)
    assert answered.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"too-large"' in answered


def test_without_a_checkpoint_in_time_it_is_202(
    http: httpx.Client, town: Town, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An act that no checkpoint covers in time is recorded and says so (NOT_YET_SEALED); its proof comes later."""

    def late(size: int, *_: object) -> str:
        raise NotSealedError(size - 1)

    with monkeypatch.context() as patch:
        patch.setattr(system.signer, "checkpoint", late)
        answer = http.post("/api/v1/acts", content=body_of(registration(town, "p-tarde")))
    assert (answer.status_code, answer.json()["code"]) == (202, "not-yet-sealed")
    index = answer.json()["acts"][0]["index"]
    assert Receipt.parse(http.get(f"/api/v1/acts/{index}/proof").text).index == index


def test_fifty_writers_get_numbers_without_gaps(address: str, system: System, town: Town) -> None:
    """50 clients at once number identifiers of one body: each gets its own, gapless; lost races are clean 409s."""
    lost: Counter[tuple[int, str]] = Counter()
    barrier = threading.Barrier(WRITERS)
    keys = [key.vkey for key in system.keys]

    def write(n: int) -> int:
        tried: list[int] = []

        def make(number: int) -> IdentifierQuarantined:
            tried.append(number)
            return IdentifierQuarantined(body="hcd", number=number, reason="no-grammar")

        sealed = {"as_printed": f"ACDO {n}"}
        with _Counting(address, keys, lost) as client:
            barrier.wait()
            done = client.sign_and_submit(make, town.secretary, series="quarantine/hcd", sealed=sealed)
        assert done.receipt is not None
        return tried[-1]

    with ThreadPoolExecutor(WRITERS) as pool:
        got = list(pool.map(write, range(WRITERS)))
    assert sorted(got) == list(range(1, WRITERS + 1))
    assert set(lost) <= {(409, "conflict-taken")}
    streams = system.store.streams_below("quarantine/hcd/")
    assert sorted(int(stream.rpartition("/")[2]) for stream in streams) == sorted(got)


class _Counting(Client):
    """A client that tries on, and counts why it lost."""

    def __init__(self, url: str, vkeys: list[str], lost: Counter[tuple[int, str]]) -> None:
        super().__init__(url, vkeys=vkeys, max_tries=10 * WRITERS)
        self._lost = lost

    def submit(self, acts: Sequence[SignedAct]) -> list[Done]:
        try:
            return super().submit(acts)
        except ApiProblem as problem:
            self._lost[problem.status, problem.code] += 1
            raise


def test_independent_writers_of_one_body_never_conflict(address: str, system: System, town: Town) -> None:
    """20 clients write different streams that read the same body: moved guards are the server's affair, no 409."""

    def write(n: int) -> None:
        with Client(address, vkeys=[key.vkey for key in system.keys]) as client:
            client.sign_and_submit(
                lambda _: SeriesOpened(body="hcd", series=f"agreement.{2100 + n}", first=7), town.secretary
            )

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(write, range(20)))
    assert all(system.ledger.stream_head(f"series/hcd/agreement.{2100 + n}")[0] == 1 for n in range(20))


def test_acts_are_given_out_as_they_stand(http: httpx.Client, system: System) -> None:
    """Entry bytes, their reading, the list in pages and the proof say the same; entries may be kept for ever."""
    raw = http.get("/api/v1/acts/0/entry")
    assert raw.content == system.store.entry(0)
    assert "immutable" in raw.headers["cache-control"]
    assert http.get("/api/v1/acts/0/entry", headers={"if-none-match": raw.headers["etag"]}).status_code == 304
    shown = http.get("/api/v1/acts/0").json()
    assert shown["statement_sha256"] == Entry.parse(raw.content).act.statement.sha256
    page = http.get("/api/v1/acts", params={"limit": 2}).json()
    indexes = [row["index"] for row in page["data"]]
    following = http.get(page["links"]["next"]).json()
    assert indexes + [row["index"] for row in following["data"]] == [0, 1, 2, 3]
    assert "limit=2" in following["links"]["next"]
    assert Receipt.parse(http.get("/api/v1/acts/0/proof").text).verify(system.keys)
