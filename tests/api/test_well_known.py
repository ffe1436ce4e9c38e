"""/.well-known/acervo: a stranger finds the ledger, its founding and its keys, and every address of it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from api.addresses import base_of
from api.main import create_app
from api.settings import Settings
from ledger.crypto.note import Checkpoint, Note, Verifier
from ledger.statement import Entry
from tests.kit.served import served
from tests.kit.waiting import WAIT_S

if TYPE_CHECKING:
    import pytest
    from starlette.requests import Request

    from api.system import System

CARD = "/.well-known/acervo"


def test_from_the_card_alone_the_ledger_is_found_and_checked(http: httpx.Client, system: System) -> None:
    """Its keys open its checkpoint under its origin; its founding is entry 0 with the hashes it says."""
    answer = http.get(CARD)
    card = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert (card["name"], card["origin"], card["format_version"]) == ("Acervo", system.ledger.origin, 1)
    note = Note.parse(http.get(card["links"]["checkpoint"]).text)
    assert Checkpoint.parse(note.text).origin == card["origin"]
    assert note.verify([Verifier.parse(vkey) for vkey in card["vkeys"]])
    act = http.get(card["founding"]["act"]).json()
    assert act["index"] == card["founding"]["index"] == 0
    assert act["leaf_hash"] == card["founding"]["leaf_hash"]
    assert act["statement_sha256"] == card["founding"]["statement_sha256"]
    entry = Entry.parse(system.entries(0, 1)[0])
    assert entry.act.statement.sha256 == card["founding"]["statement_sha256"]
    assert http.get(CARD, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


def test_every_address_of_the_card_answers(http: httpx.Client) -> None:
    """Whole addresses; those of collections of tiles lead to their first."""
    links = http.get(CARD).json()["links"]
    for name, url in links.items():
        assert url.startswith("http://127.0.0.1")
        tile = {"tiles": "0/000.p/1", "entries": "000.p/1"}.get(name, "")
        assert http.get(url + tile).status_code == 200, name


def test_the_configured_address_wins(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a proxy the public address stands in the card, whatever Host a caller writes."""
    settings = system.settings.model_copy(update={"public_url": "https://actas.example/libro"})
    monkeypatch.setattr(system, "settings", settings)
    with served(create_app(system)) as url:
        card = httpx.get(url + CARD, headers={"Host": "elsewhere.example"}, timeout=WAIT_S).json()
    assert card["links"]["checkpoint"] == "https://actas.example/libro/checkpoint"


def test_a_host_that_is_none_is_no_failure() -> None:
    """An address that cannot be made of the caller's Host stays relative."""

    class Asked:
        @property
        def base_url(self) -> str:
            raise ValueError

    asked: Request = Asked()  # type: ignore[assignment]
    assert base_of(asked, Settings()) == ""
