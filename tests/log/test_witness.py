"""The witness client against a witness that follows the specification, and against one that misbehaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.crypto.note import Note, Signer, open_checkpoint
from ledger.log.errors import LogDamagedError, SignerRefusedError, WitnessError
from ledger.log.policy import Policy, Witness
from ledger.log.publisher import Publisher
from ledger.log.signer import LogSigner, found_state
from ledger.log.witness import MAX_ANSWER_BYTES, WitnessClient, add_cosignatures, format_request
from tests.kit.log import LOG_KEY, ORIGIN, WITNESS_KEY, MemoryLog
from tests.kit.waiting import until
from tests.kit.witness import WitnessServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server() -> Iterator[WitnessServer]:
    """Give a witness that knows the log."""
    with WitnessServer(WITNESS_KEY, [LOG_KEY.verifier]).serving() as server:
        yield server


@pytest.fixture
def log() -> MemoryLog:
    """Give a log of 300 entries."""
    return MemoryLog(b"entry %d" % i for i in range(300))


def client(server: WitnessServer) -> WitnessClient:
    """Make a client that knows nothing of the witness' memory yet."""
    return WitnessClient(WITNESS_KEY.verifier, server.url, timeout_s=30)


def code(client: WitnessClient, log: MemoryLog, note: str | None = None) -> str:
    """Return the code with which the witness refuses."""
    with pytest.raises(WitnessError) as caught:
        client.cosign(note or log.checkpoint(), log)
    return caught.value.code


def test_cosigns_growth(server: WitnessServer, log: MemoryLog) -> None:
    """Each checkpoint of a growing log is cosigned; the witnessed note meets a policy that asks for the witness."""
    witness = client(server)
    policy = Policy(((LOG_KEY.verifier, ""),), (Witness("w", WITNESS_KEY.verifier),), (), "w")
    for size in (1, 2, 255, 256, 257, 300):
        note = log.checkpoint(size)
        cosigned = add_cosignatures(note, witness.cosign(note, log))
        checkpoint, signed = policy.open(cosigned)
        assert (checkpoint.size, signed[WITNESS_KEY.verifier]) == (size, server.time)
        assert policy.satisfied(signed)
        assert not policy.satisfied(open_checkpoint(note, policy.log_keys)[1])
        assert add_cosignatures(cosigned, witness.cosign(note, log)) == cosigned
    assert len(server.requests) == 12


def test_client_without_memory(server: WitnessServer, log: MemoryLog) -> None:
    """A client that does not know how far the witness is learns it from the conflict and proves from there."""
    client(server).cosign(log.checkpoint(100), log)
    witness = client(server)
    assert witness.cosign(log.checkpoint(300), log)
    assert len(server.requests) == 3
    assert witness.known == 300


def test_refusals(server: WitnessServer, log: MemoryLog) -> None:
    """A stranger's log, a forged signature, a smaller tree and a fork get no cosignature, each by its own code."""
    stranger = MemoryLog([b"a"], name="other.example/log")
    assert code(client(server), stranger, stranger.checkpoint(1, Signer(stranger.name, b"\1" * 32))) == (
        "witness-refused-404"
    )
    assert code(client(server), log, log.checkpoint(300, Signer(ORIGIN, b"\7" * 32))) == "witness-refused-403"
    client(server).cosign(log.checkpoint(200), log)
    assert code(client(server), log, log.checkpoint(100)) == "witness-ahead"
    fork = MemoryLog([*log.rows[:150], *(b"fork %d" % i for i in range(200))])
    assert code(client(server), fork) == "witness-refused-422"
    assert code(client(server), fork, fork.checkpoint(200)) == "witness-refused-409"
    assert server.seen[ORIGIN].size == 200


def test_old_larger_than_new(server: WitnessServer, log: MemoryLog) -> None:
    """The test witness itself refuses an old size larger than the checkpoint's, and what is no request."""
    assert server.answer(format_request(301, [], log.checkpoint(300)))[0] == 400
    assert server.answer("old x\n\nnote")[0] == 400


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ((200, "text/plain", ""), "witness-answer-malformed"),
        ((200, "text/plain", "not a signature\n"), "witness-answer-malformed"),
        ((200, "text/plain", "— other.example AAAAAAAAAAAA\n"), "witness-answer-malformed"),
        ((200, "text/plain", "x" * (MAX_ANSWER_BYTES + 1)), "witness-answer-malformed"),
        ((409, "text/x.tlog.size", "many\n"), "witness-answer-malformed"),
        ((409, "text/x.tlog.size", "0\n"), "witness-refused-409"),
        ((500, "text/plain", "oh"), "witness-refused-500"),
    ],
)
def test_misbehaving_witness(
    server: WitnessServer, log: MemoryLog, override: tuple[int, str, str], expected: str
) -> None:
    """Whatever a witness answers, nothing but its own valid cosignature is taken."""
    server.override = override
    assert code(client(server), log) == expected


def test_forged_cosignature(server: WitnessServer, log: MemoryLog) -> None:
    """A cosignature over another checkpoint is refused."""
    server.override = (200, "text/plain", WITNESS_KEY.sign(Note.parse(log.checkpoint(299)).text, 1).line())
    assert code(client(server), log) == "witness-answer-malformed"


def test_unreachable(log: MemoryLog) -> None:
    """A witness that does not answer is an error of its own, and knows nothing."""
    nobody = WitnessClient(WITNESS_KEY.verifier, "http://127.0.0.1:9", timeout_s=1)
    assert code(nobody, log) == "witness-unreachable"
    assert nobody.known_size(log.checkpoint()) is None
    assert WitnessClient(WITNESS_KEY.verifier, "https://127.0.0.1:9", timeout_s=1).known_size(log.checkpoint()) is None
    damaged = log.copy()
    damaged.tree.clear()
    with pytest.raises(LogDamagedError, match="node-missing"):
        WitnessClient(WITNESS_KEY.verifier, "http://127.0.0.1:9", known=100).cosign(log.checkpoint(), damaged)


def test_publisher_asks_witnesses(server: WitnessServer, log: MemoryLog, tmp_path: Path) -> None:
    """What is published carries the cosignature; a witness that is away is named and hinders nobody."""
    away = WitnessClient(Signer("away.example", b"\7" * 32, 4).verifier, "http://127.0.0.1:9", timeout_s=1)
    publisher = Publisher(tmp_path / "checkpoint", log, [away, client(server)], log, interval_s=0)
    publisher.start()
    publisher.offer(log.checkpoint())
    until(lambda: publisher.published_size == 300)
    publisher.stop()
    raw = (tmp_path / "checkpoint").read_bytes()
    assert set(open_checkpoint(raw, [LOG_KEY.verifier], [WITNESS_KEY.verifier])[1]) == {
        LOG_KEY.verifier,
        WITNESS_KEY.verifier,
    }
    assert set(publisher.errors) == {"away.example"}


def test_publisher_without_places(log: MemoryLog, tmp_path: Path) -> None:
    """Without file and database nothing is published; where a place fails it is named until it works again."""
    Publisher(None, None).publish(log.checkpoint())
    publisher = Publisher(tmp_path / "missing" / "checkpoint", log)
    publisher.publish(log.checkpoint())
    assert set(publisher.errors) == {"file"}
    (tmp_path / "missing").mkdir()
    publisher.publish(log.checkpoint())
    assert publisher.errors == {}


def test_snapshot_of_machine_is_noticed_by_the_witness(server: WitnessServer, log: MemoryLog, tmp_path: Path) -> None:
    """Database, state and published place restored together from a snapshot: the witness remembers, we refuse."""
    client(server).cosign(log.checkpoint(300), log)
    old = MemoryLog(log.rows[:250])
    found_state(tmp_path, LOG_KEY, MemoryLog())
    signer = LogSigner.open(tmp_path, LOG_KEY, old, None)
    signer.close()
    with pytest.raises(SignerRefusedError, match="signer-state-behind"):
        LogSigner.open(tmp_path, LOG_KEY, old, None, [client(server)])


def test_witness_that_never_saw_the_log(server: WitnessServer, log: MemoryLog) -> None:
    """A witness that has seen nothing of a log tells nothing about it."""
    assert client(server).known_size(log.checkpoint(10)) is None
    assert client(server).known_size(log.checkpoint(10)) == 10
