"""A hot standby serves the public interface: the same answers as the primary, as it grows; writing is refused."""

from __future__ import annotations

import re
import shutil
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.access.tokens import compose
from api.demo.seed import town_of
from api.demo.sitting import Sitting
from api.main import create_app
from api.settings import Settings
from api.wiring import build
from ledger.acts.trust import PersonRegistered
from ledger.crypto.note import Checkpoint, Note
from ledger.errors import StoreError
from migrations.runner import APPLICATION_ROLE, prepare_roles
from tests.api.test_acts import body_of, registration
from tests.api.test_problems import check_problem
from tests.kit.postgres import PASSWORD, own_servers
from tests.kit.readers import lines
from tests.kit.routes import document
from tests.kit.served import served
from tests.kit.settled import soon
from tests.kit.standby import follow
from tests.kit.system import UNLIMITED, running
from tests.kit.waiting import WAIT_S, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from api.system import System

_PARAMETER = re.compile(r"\{([^}:]*)(?::path)?\}")
_OWN = {
    "/api/v1/health",  # each tells of itself
    "/api/v1",  # its clock's present instant
    "/",
    "/api/v1/acts/stream",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[System, System]]:
    """Give a settled system on a primary, and a read-only one on its standby, which has nothing else of it."""
    with own_servers() as make:
        primary, standby = make(), make()
        primary.start()
        data_dir, copy_dir = tmp_path_factory.mktemp("primary"), tmp_path_factory.mktemp("standby")
        (data_dir / "app-password").write_text(PASSWORD)
        common: dict[str, Any] = {**UNLIMITED, "port": 0, "stream_max_ms": 200, "database_connections": 8}
        settings = {"data_dir": data_dir, "database_url": primary.url(), "receipt_timeout_ms": 20_000}
        with running(Settings.model_validate(common | settings), with_worker=True) as system:
            _hold_a_session(system)
            follow(primary, standby)
            shutil.copy(data_dir / "vkey", copy_dir / "vkey")
            app_url = f"postgresql://{APPLICATION_ROLE}:{PASSWORD}@{standby.url().rpartition('@')[2]}"
            settings = {"data_dir": copy_dir, "database_url": app_url, "read_only": True}
            settings["primary_url"] = "https://actas.example"
            reading = build(Settings.model_validate(common | settings))
            try:
                yield system, reading
            finally:
                reading.close()


def _hold_a_session(system: System) -> None:
    sitting = Sitting(town_of(system), int(soon()[:4]), 1)
    sitting.begin(["Presupuesto"], soon())
    sitting.item(1)
    sitting.roll_call(1, "Se aprueba", {"contra": ["patronal-1"]})
    sitting.conclude(1)
    sitting.close()
    assert system.progress.wait_until(system.size(), WAIT_S)


@pytest.fixture
def both(pair: tuple[System, System]) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Give clients of the primary and of the standby."""
    with (
        served(create_app(pair[0])) as first,
        served(create_app(pair[1])) as second,
        httpx.Client(base_url=first, timeout=30) as primary,
        httpx.Client(base_url=second, timeout=30) as standby,
    ):
        yield primary, standby


def until_equal(primary: httpx.Client, standby: httpx.Client, path: str) -> str:
    """Ask both until they answer alike; return the answer."""
    deadline = time.monotonic() + WAIT_S
    while True:
        told, copied = primary.get(path), standby.get(path)
        if told.text == copied.text:
            assert told.status_code == copied.status_code == 200
            return told.text
        assert time.monotonic() < deadline, (path, told.text[:500], copied.text[:500])
        time.sleep(0.05)


def size_of(note: str) -> int:
    """Return the tree size of a checkpoint."""
    return Checkpoint.parse(Note.parse(note).text).size


def test_the_standby_has_the_primarys_checkpoint_and_goes_on_following(
    pair: tuple[System, System], both: tuple[httpx.Client, httpx.Client]
) -> None:
    """The same signed note; then acts are appended, and note, entry, proof, tile and registry follow."""
    system, _ = pair
    primary, standby = both
    before = until_equal(primary, standby, "/checkpoint")
    town = town_of(system)
    for number in range(3):
        posted = primary.post("/api/v1/acts", content=body_of(registration(town, f"p-s{number}")))
        assert posted.status_code == 201
        [done] = posted.json()["acts"]
        until(lambda done=done: size_of(standby.get("/checkpoint").text) > done["index"])  # type: ignore[misc]
        until_equal(primary, standby, f"/api/v1/acts/{done['index']}")
        until_equal(primary, standby, f"/api/v1/acts/{done['index']}/proof")
        shown = standby.get(f"/api/v1/persons/p-s{number}", params={"wait_until": done["index"]})
        assert shown.status_code == 200, shown.text
    after = until_equal(primary, standby, "/checkpoint")
    assert size_of(after) == size_of(before) + 3
    proof = {"old": size_of(before), "new": size_of(after)}
    assert standby.get("/api/v1/log/consistency", params=proof).json() == (
        primary.get("/api/v1/log/consistency", params=proof).json()
    )


def test_every_public_route_answers_there_as_at_the_primary(both: tuple[httpx.Client, httpx.Client]) -> None:
    """All of them, read from the application: the same status, the same octets, but for what each tells of itself."""
    primary, standby = both
    until_equal(primary, standby, "/checkpoint")
    until_equal(primary, standby, "/api/v1/agreements")
    compared = 0
    for (method, path), access in lines().items():
        if method != "GET" or access != "public":
            continue
        operation = document()["paths"][path]["get"]
        url = _PARAMETER.sub(lambda match, told=operation: _example(told, match[1]), path)  # type: ignore[misc]
        told, copied = primary.get(url), standby.get(url)
        assert (url, copied.status_code) == (url, told.status_code), copied.text[:300]
        if path not in _OWN and told.status_code == 200:
            assert _plain(copied) == _plain(told), url
            compared += 1
    assert compared > 60


def _example(operation: dict[str, Any], name: str) -> str:
    [schema] = [each["schema"] for each in operation["parameters"] if each["name"] == name]
    return str(next(iter(schema.get("examples", ["1"]))))


def _plain(answer: httpx.Response) -> str:
    """Return an answer without the address by which it was asked."""
    return answer.text.replace(f"{answer.request.url.scheme}://{answer.request.url.netloc.decode()}", "")


@pytest.mark.parametrize(("method", "path"), [key for key, access in lines().items() if access == "signed"])
def test_writing_is_refused_and_the_primary_named(
    both: tuple[httpx.Client, httpx.Client], pair: tuple[System, System], method: str, path: str
) -> None:
    """405 with a problem that says where; opening a session for reading is no writing."""
    _, standby = both
    if path == "/api/v1/access/session":
        asked = standby.post("/api/v1/access/challenges").json()
        token = compose(town_of(pair[0]).secretary, asked["audience"], asked["scope"], jti=asked["challenge"])
        assert standby.post(path, content=token).status_code == 201
        return
    town = town_of(pair[0])
    act = town.desk.sign(PersonRegistered(person="p-no"), town.founder, sealed={"name": "No"})
    headers = {"Acervo-Signature": "x"}
    answer = standby.request(method, _PARAMETER.sub("0" * 64, path), content=body_of(act), headers=headers)
    body = check_problem(answer)
    assert (body["status"], body["code"], body["params"]["primary"]) == (405, "read-only", "https://actas.example")
    assert "https://actas.example" in body["detail"]
    assert answer.headers["allow"] == "GET, HEAD"


def test_the_live_stream_follows_without_listen(
    both: tuple[httpx.Client, httpx.Client], pair: tuple[System, System]
) -> None:
    """PostgreSQL refuses LISTEN on a standby; acts are told there all the same."""
    primary, standby = both
    [done] = primary.post("/api/v1/acts", content=body_of(registration(town_of(pair[0]), "p-vivo"))).json()["acts"]
    until(lambda: standby.get(f"/api/v1/acts/{done['index']}").status_code == 200)
    told = standby.get("/api/v1/acts/stream", params={"after": done["index"] - 1}).text
    assert f"id: {done['index']}" in told


def test_sealed_text_is_where_the_keys_are(
    both: tuple[httpx.Client, httpx.Client], pair: tuple[System, System]
) -> None:
    """A copy of the database does not open the vault: without its keys the standby says where to ask."""
    _, standby = both
    town = town_of(pair[0])
    index = pair[0].last_index("ledger")
    url = f"/api/v1/acts/{index}/disclosures"
    token = compose(town.founder, pair[0].ledger.origin, url)
    body = check_problem(standby.get(url, headers={"Authorization": f"Bearer {token}"}))
    assert (body["status"], body["code"]) == (503, "read-only")


def test_health_tells_how_the_standby_follows(both: tuple[httpx.Client, httpx.Client]) -> None:
    """It has no signer to watch; it says that it is a copy, that it is fed, and how far behind it is."""
    _, standby = both
    answer = standby.get("/api/v1/health")
    said = answer.json()
    assert answer.status_code == 200, said
    assert said["standby"]["recovering"] is True
    assert said["standby"]["receiving"] is True
    assert said["standby"]["behind_s"] < WAIT_S
    assert "signer" not in said


def test_a_read_only_server_needs_a_database_and_the_logs_key(tmp_path: Path, pair: tuple[System, System]) -> None:
    """Said at the start, not found out by the first reader."""
    with pytest.raises(ValueError, match="DATABASE_URL"):
        Settings.model_validate({"data_dir": tmp_path, "read_only": True})
    settings = pair[1].settings.model_copy(update={"data_dir": tmp_path})
    with pytest.raises(StoreError, match="read-only-vkey"):
        build(settings)


def test_roles_of_the_copy_are_the_primarys(pair: tuple[System, System]) -> None:
    """Nothing is prepared on a standby: it cannot be written, and has what the primary has."""
    with pytest.raises(Exception, match="read-only"):
        prepare_roles(pair[1].app_url, PASSWORD)
