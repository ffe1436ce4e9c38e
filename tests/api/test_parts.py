"""Parts of the service that fail one by one: each answer says what is wrong and nothing else breaks."""

from __future__ import annotations

import io
import json
import socket
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from api.actas import ActaDesk
from api.client import ApiProblem, Client
from api.demo.record import record
from api.exporting import export_bundle, policy_of, published
from api.system import System, checkpoint_size
from api.transport import Answer, Transport
from ledger.acts.transparency import TextPublished
from ledger.acts.trust import PersonRegistered
from ledger.errors import AcervoError, NotSealedError, StoreError
from ledger.log.errors import LogDamagedError, SignerRefusedError
from ledger.log.tiles import Tile
from ledger.statement import Entry
from ledger.verify.command import run
from tests.api.test_problems import check_problem
from tests.kit.system import noted

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from api.demo.town import Town


def test_health_without_a_signer(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreachable signer makes the service unwell, and says which part it is."""

    def gone(_timeout_s: float | None = None) -> dict[str, Any]:
        raise ConnectionRefusedError

    monkeypatch.setattr(system.signer, "status", gone)
    answer = http.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["signer"] == {"ok": False, "reachable": False}
    assert answer.json()["database"]["ok"]


def test_health_without_a_database(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreachable database is said as such, with its code and no address."""

    def gone() -> int:
        raise StoreError("database-unreachable", "host=secret")

    monkeypatch.setattr(system, "size", gone)
    answer = http.get("/api/v1/health")
    assert answer.status_code == 503
    assert answer.json()["database"] == {"ok": False, "code": "database-unreachable"}
    assert "secret" not in answer.text


def test_a_signer_that_stopped_stops_writing_until_it_is_well_again(
    http: httpx.Client, system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused once: 503 at once and nothing recorded; when the signer says that it is well, writing goes on."""
    act = town.desk.sign(PersonRegistered(person="p-espera"), town.founder, sealed={"name": "A"})
    refused = {"refused": {"code": "log-tampered", "detail": "x"}}
    size = system.size()
    system.refuse(SignerRefusedError("log-tampered", "x"))
    with monkeypatch.context() as patch:
        patch.setattr(system.signer, "status", lambda *_: refused)
        for _ in range(2):
            with pytest.raises(SignerRefusedError):
                system.submit([act])
        patch.setattr("api.system.REFUSAL_RECHECK_S", 0.0)
        with pytest.raises(SignerRefusedError):
            system.submit([act])
    assert system.size() == size
    monkeypatch.setattr("api.system.REFUSAL_RECHECK_S", 0.0)
    assert system.submit([act])[0].index == size
    assert http.get("/api/v1/health").json()["signer"]["refused"] is None


def test_a_signer_that_refuses_while_a_receipt_is_made(
    system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal reaches the submitter and is remembered for the next."""

    def refuse(*_: object) -> str:
        raise SignerRefusedError("log-forked", "x")

    recorded = town.do(PersonRegistered(person="p-recibo"), town.founder, sealed={"name": "A"})
    with monkeypatch.context() as patch:
        patch.setattr(system.signer, "checkpoint", refuse)
        with pytest.raises(SignerRefusedError):
            system.receipts(recorded, 1)
    monkeypatch.setattr("api.system.REFUSAL_RECHECK_S", 0.0)
    assert system.receipts(recorded, 20)[0].index == recorded[0].index
    town.do(PersonRegistered(person="p-recibo-2"), town.founder, sealed={"name": "A"})


def test_tiles_a_moment_ahead_of_the_published_place(
    system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A receipt may be ahead of the published checkpoint: its tiles are there; without a signer they are not yet."""
    fresh, old = system.checkpoint, system.checkpoint()
    town.do(PersonRegistered(person="p-tesela"), town.founder, sealed={"name": "A"})
    size = system.size()
    monkeypatch.setattr(system, "checkpoint", lambda size=0: fresh(size) if size else old)
    tile = Tile(0, size // 256, size % 256)
    assert len(system.tile(tile)) == 32 * tile.width

    def late(_size: int) -> str:
        raise NotSealedError(_size)

    monkeypatch.setattr(system.signer, "checkpoint", late)
    with pytest.raises(AcervoError):
        system.tile(tile)


def test_a_damaged_log_is_503(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """A node that is missing is a problem of ours, 503, and says so."""

    def damaged(_tile: object) -> bytes:
        raise LogDamagedError("node-missing", "level 0, index 3")

    monkeypatch.setattr(system, "tile", damaged)
    problem = check_problem(http.get("/tile/0/000.p/1"))
    assert (problem["status"], problem["code"]) == (503, "node-missing")


def test_the_client_stores_a_document_and_checks_what_it_gets(address: str, system: System, town: Town) -> None:
    """Documents, numbers, proofs and verdicts through the client; a problem is an exception with its code."""
    content = b"%PDF-1.4 ficticio"
    with Client(address) as client:
        client.store_document(town.secretary, content, sha256(content).hexdigest(), publicity="public")
        assert system.documents.find(sha256(content).hexdigest()) is not None
        assert client.next_number("agreement/hcd/2044") == 1
        assert client.verify(client.proof(0))["headline"] == "VALID"
        with pytest.raises(ApiProblem) as missing:
            client.proof(99_999)
        assert missing.value.status == 404


def test_the_client_does_not_take_another_acts_receipt(
    address: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that answers with the receipt of another act is found out."""
    with Client(address) as client:
        first = town.desk.sign(PersonRegistered(person="p-una"), town.founder, sealed={"name": "A"})
        second = town.desk.sign(PersonRegistered(person="p-otra"), town.founder, sealed={"name": "A"})
        done = client.submit([first])[0]
        assert done.receipt is not None
        said = {"index": done.index, "recorded_at": "", "duplicate": False, "receipt": done.receipt.format()}
        with pytest.raises(AcervoError) as found:
            client._done(second, said)
        assert found.value.code == "receipt-of-another"

        def not_json(*_: object, **__: object) -> Answer:
            return Answer(502, b"<html>")

        monkeypatch.setattr(client._http, "request", not_json)
        with pytest.raises(ApiProblem):
            client.get("/api/v1/health")


def test_a_bundle_carries_what_was_published_and_nothing_else(system: System, town: Town, tmp_path: Path) -> None:
    """Texts that an act opened go into the bundle, an acta's blocks with the list of all leaves; others stay."""
    sitting = noted(town)
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    record(town, desk, sitting.path, {"secretario": town.secretary, "estado-1": town.chair})
    convened = Entry.parse(system.store.stream(f"session/{sitting.path}")[0]).index
    town.do(TextPublished(index=convened, names=("item/1/title",)), town.secretary)
    opened = list(published(system))
    assert {each.name for each in opened if each.index == convened} == {"item/1/title"}
    assert any(each.name.startswith("block/") for each in opened)
    older = system.checkpoint(1).encode()
    export_bundle(system, tmp_path / "x.evidencia.zip", [older], lambda _done, _all: None)
    said = io.StringIO()
    assert run([str(tmp_path / "x.evidencia.zip"), "--self-contained", "--json"], said) == 0, said.getvalue()
    assert json.loads(said.getvalue())["steps"]["V11"]["counts"]["blocks"] > 0
    assert policy_of(system).log_keys == list(system.keys)
    assert checkpoint_size(older.decode()) > 0


def test_withheld_blocks_are_counted_by_their_leaves(system: System, town: Town, tmp_path: Path) -> None:
    """Of an acta of which one block was published, that block and the list of all leaves go along, and verify."""
    sitting = noted(town, "ext")
    act, blocks = ActaDesk(system.store, system.vault, system.ledger.state).draft(sitting.path)
    drafted = town.do(act, town.secretary, basis=[f"session/{sitting.path}"], blocks=blocks.disclosures)[0]
    town.do(TextPublished(index=drafted.index, names=("block/1",)), town.secretary)
    opened = [each for each in published(system) if each.index == drafted.index]
    assert [(each.name, len(each.leaves)) for each in opened] == [("", act.blocks), ("block/1", 0)]
    export_bundle(system, tmp_path / "y.evidencia.zip", [], lambda _done, _all: None)
    said = io.StringIO()
    assert run([str(tmp_path / "y.evidencia.zip"), "--self-contained", "--json"], said) == 0, said.getvalue()


def test_a_witness_policy_is_the_exported_one(system: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the operator names witnesses, exports say the same policy."""
    file = tmp_path / "policy.txt"
    file.write_text(f"log {system.keys[0].vkey}\nquorum none\n")
    monkeypatch.setattr(system, "settings", system.settings.model_copy(update={"witness_policy": file}))
    assert policy_of(system).format() == file.read_text()


def test_a_connection_that_was_closed_meanwhile_is_made_again(address: str) -> None:
    """The service closes what was idle for long; the next request does not fail for it."""
    http = Transport(address, 10)
    assert http.request("GET", "/api/v1/health").status == 200
    kept = http._connection.sock
    assert kept is not None
    kept.shutdown(socket.SHUT_RDWR)
    assert http.request("GET", "/api/v1/acts", query={"limit": "1"}).status == 200
    http.close()


def test_a_service_that_is_not_there() -> None:
    """Nobody listens: an OSError, as everywhere; no such scheme: a ValueError."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(OSError, match="refused"):
            Transport(f"http://127.0.0.1:{taken.getsockname()[1]}", 10).request("GET", "/")
    with pytest.raises(ValueError, match="ftp"):
        Transport("ftp://x", 1)
