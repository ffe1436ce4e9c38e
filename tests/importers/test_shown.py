"""Whatever is shown of an import says that it is proved since its import, not at its origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.demo.seed import town_of
from api.importers.command import import_mexico
from api.main import create_app
from ledger.texts import text
from tests.importers.test_mexico import EXCERPT
from tests.kit.served import served
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.kit.postgres import Database


@pytest.fixture(scope="module")
def shown(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, int]]:
    """Give a client of a system with real rolls in its registries, and the position that they have reached."""
    with (
        make_database() as database,
        running(settings_for(database, tmp_path_factory.mktemp("shown")), with_worker=True) as system,
    ):
        import_mexico(system, EXCERPT, town_of(system).founder)
        with served(create_app(system)) as address, httpx.Client(base_url=address, timeout=60) as client:
            yield client, system.size() - 1


IMPORTED = (
    "sessions/diputados/2006/pleno/2",
    "votes/diputados/2006/pleno/2/1",
    "designations/diputados/ags01/1",
)
LISTS = ("sessions?body=diputados", "votes?body=diputados", "votes/diputados/2006/pleno/2/1/marks?limit=500")


def said_of(shown: dict[str, Any]) -> tuple[str, str, str]:
    """Return what an answer says of where the object comes from."""
    return shown["provenance"], shown["provenance_text"], shown["provenance_text_en"]


EXPECTED = ("imported", text("provenance-imported"), text("provenance-imported", "en"))


@pytest.mark.parametrize("path", IMPORTED)
def test_an_imported_object_says_so_with_its_source(shown: tuple[httpx.Client, int], path: str) -> None:
    """A session, a vote, a mandate: imported, by whom, out of which file (its SHA-256) and which row."""
    client, position = shown
    answer = client.get(f"/api/v1/{path}", params={"wait_until": position})
    assert answer.status_code == 200
    found = answer.json()
    assert said_of(found) == EXPECTED
    assert found["voice"]["kind"] == "imported"
    assert len(found["source"]["sha256"]) == 64
    assert found["source"]["row"] >= 2


@pytest.mark.parametrize("path", LISTS)
def test_each_of_a_list_says_so(shown: tuple[httpx.Client, int], path: str) -> None:
    """No list shows an imported object without saying so, five hundred marks included."""
    client, position = shown
    found = client.get(f"/api/v1/{path}", params={"wait_until": position} | dict(httpx.URL(path).params)).json()["data"]
    assert found
    assert {said_of(each) for each in found} == {EXPECTED}


def test_what_is_counted_is_what_was_marked(shown: tuple[httpx.Client, int]) -> None:
    """The vote's figures are those of its marks, the motion is open, and nobody's presence is invented."""
    client, position = shown
    vote = client.get("/api/v1/votes/diputados/2006/pleno/2/1", params={"wait_until": position}).json()
    figures = {name: vote[name] for name in ("favor", "contra", "abstencion", "presente", "ausente")}
    assert figures == {"favor": 451, "contra": 0, "abstencion": 5, "presente": 3, "ausente": 44}
    assert vote["texts"]["motion"]["value"] == "INTEGRACION COMPLEMENTARIA DE LA MESA DIRECTIVA"
    session = client.get("/api/v1/sessions/diputados/2006/pleno/2").json()
    assert session["has_attendance"] is False
    assert client.get("/api/v1/sessions/diputados/2006/pleno/2/attendance").json()["data"] == []
