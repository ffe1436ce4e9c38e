"""No free text and no personal token of any test ledger stands in any entry or tile (format.md §3; threats.md)."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import orjson
import pytest

from api.demo.seed import found_demo
from api.demo.town import HCD
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.trust import PersonRegistered
from ledger.crypto import disclosure
from ledger.crypto.disclosure import encode_base64url
from ledger.log.tiles import ENTRIES, build, parse_bundle, tiles_of
from ledger.store.log_reader import LogPool
from tests.kit.books import Book, found
from tests.kit.bundles import lawful
from tests.kit.history import History
from tests.kit.leaks import TOKENS, defined, leaks, sealed_words, statement_of, vocabulary, words
from tests.kit.system import running, settings_for
from tests.tamper.world import build as build_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.store.store import LedgerStore
    from ledger.store.vault import Vault
    from tests.kit.postgres import Database

CURP, RFC = "ROPE800101MDFNZL09", "ROPE800101AB1"


@dataclass
class Told:
    """A ledger's entries, what its tiles hold, and the texts that it keeps closed."""

    entries: list[bytes]
    tiles: list[bytes]
    texts: list[str]


def of_store(store: LedgerStore, vault: Vault) -> Told:
    """Read a ledger with all its texts."""
    entries = list(store.entries())
    texts = [text for index in range(len(entries)) for text in vault.disclosures(index).values()]
    reader = LogPool(store.pool)
    tiles = [build(tile, reader) for tile in tiles_of(len(entries)) if tile.level != ENTRIES]
    bundled = [build(tile, reader) for tile in tiles_of(len(entries)) if tile.level == ENTRIES]
    widths = [tile.width for tile in tiles_of(len(entries)) if tile.level == ENTRIES]
    unpacked = [raw for tile, width in zip(bundled, widths, strict=True) for raw in parse_bundle(tile, width)]
    assert unpacked == entries
    return Told(entries, tiles, texts)


@contextlib.contextmanager
def a_session(database: Database, directory: Path) -> Iterator[Told]:
    """A council's session, with acta, certificate and erasures."""
    world = build_world(database, directory)
    yield of_store(world.settled.store, world.settled.vault)
    world.settled.store.close()


@contextlib.contextmanager
def a_history(database: Database, directory: Path) -> Iterator[Told]:
    """Everything that the registries' tests tell: books, imports, ties, changes of people."""
    history = History.on(database.app_url, directory)
    history.tell()
    yield of_store(history.store, history.vault)
    history.close()


@contextlib.contextmanager
def the_demo(database: Database, directory: Path) -> Iterator[Told]:
    """What `acervo serve` founds for those who try it, with a person's CURP and RFC in a sealed text."""
    with running(settings_for(database, directory / "data"), settled=False) as system:
        town = found_demo(system)
        named = f"Elvira Ronquillo, CURP {CURP}, RFC {RFC}"
        town.do(PersonRegistered(person="p-x81"), town.founder, sealed={"name": named})
        yield of_store(system.store, system.vault)


LEDGERS = {"session": a_session, "history": a_history, "demo": the_demo}


@pytest.fixture(params=LEDGERS)
def told(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Told]:
    """Give each test ledger in turn."""
    with LEDGERS[request.param](database, tmp_path) as ledger:
        yield ledger


def test_no_sealed_word_stands_in_an_entry(told: Told, shown: Callable[[str, str, int], None]) -> None:
    """Of all words of all sealed texts, none is in an entry but those that the format or an identifier says."""
    secret = sealed_words(told.texts) - vocabulary() - defined(told.entries)
    assert len(secret) > 20
    assert leaks(told.entries, secret) == []
    shown("no leak: words looked for in all entries", f"{len(secret)} words, {len(told.entries)} entries", len(secret))


def test_no_name_stands_in_an_entry(told: Told) -> None:
    """No part of any person's name is in an entry, whatever else that word may mean; nor any personal token."""
    names = {word for _, _, _, name in HCD.values() for word in words(name)}
    assert len(names) > 40
    assert leaks(told.entries, names) == []


def test_tiles_hold_hashes_only(told: Told) -> None:
    """The tiles beside the entries are hashes: nothing of a text is in them, not even by chance as a word."""
    secret = sealed_words(told.texts)
    for tile in told.tiles:
        assert len(tile) % 32 == 0
        assert words(tile.decode("latin-1")) & secret == set()


def test_no_digest_can_be_guessed(told: Told) -> None:
    """Without the salt, no hash of a value, a name or both is any digest in an entry: a dictionary finds nothing."""
    digests = {digest for raw in told.entries for digest in statement_of(raw)["sealed"].values()}
    salts = set()
    for text in told.texts:
        opened = disclosure.parse(text)
        salts.add(opened.salt)
        value = orjson.dumps(opened.value)
        plain = opened.value.encode() if isinstance(opened.value, str) else value
        for guess in (value, plain, opened.name.encode() + plain, orjson.dumps([opened.name, opened.value])):
            assert encode_base64url(sha256(guess).digest()) not in digests
        assert disclosure.digest(disclosure.make(opened.name, opened.value, bytes(16))) not in digests
    assert len(salts) == len(told.texts)
    assert all(len(salt) >= 16 for salt in salts)


def test_personal_tokens_are_known_by_sight() -> None:
    """The patterns find what they are for, so that finding nothing means something."""
    samples = {"CURP": CURP, "RFC": RFC, "e-mail": "a@b.example", "telephone or social security number": "5512345678"}
    assert samples.keys() == TOKENS.keys()
    for name, sample in samples.items():
        assert TOKENS[name].search(f"de {sample}, que")


@pytest.mark.parametrize(
    ("stream", "word"), [("person/elvira-ronquillo", "ronquillo"), (f"person/{CURP.lower()}", f"CURP {CURP.lower()}")]
)
def test_a_leak_would_be_found(stream: str, word: str) -> None:
    """An id that is made of a name or a CURP is found, at its index."""
    book = found(Book())
    book.say(PersonRegistered(person=stream.removeprefix("person/")), "ana", "ledger")
    assert (1, word) in leaks(book.entries, {"ronquillo"})


def test_a_title_in_data_would_be_found() -> None:
    """Free text put into `data` by mistake is found."""
    book = lawful().book
    act = AgreementAdopted.model_construct(
        body="cd", year=2026, number=9, vote="vote/cd/2026/ord/1/1", ordinal=9, identifier="Presupuesto", resolutions=1
    )
    index = book.say(act, "secretaria", "designation/cd/secretaria/1")
    assert (index, "presupuesto") in leaks(book.entries, {"presupuesto"})
