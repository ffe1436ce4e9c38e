"""Spanish analysis in the database, and what openings and erasures do to what can be found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from ledger.acts import transparency
from ledger.crypto import disclosure as disclosures
from projections.queries.base import Window, reading
from projections.queries.moment import Moment
from projections.queries.search import Search, search
from projections.replay import ProjectionError
from projections.runner import Runner
from projections.search import REGISTRY, plain_text

if TYPE_CHECKING:
    from tests.kit.history import History
    from tests.kit.postgres import Database

SAME = (
    ("modificación", "modificaciones"),
    ("modificación", "modificacion"),
    ("modificaciones", "modificacion"),
    ("sesión", "sesiones"),
    ("sesiones", "sesion"),
    ("público", "publica"),
    ("públicas", "publico"),
    ("licitación", "LICITACIONES"),
    ("votación", "votacion"),
    ("aprobó", "aprobar"),
    ("aprobó", "aprobo"),
    ("dictámenes", "dictamen"),
    ("dictamen", "dictámenes"),
    ("gestión", "gestiones"),
    ("conexión", "conexiones"),
    ("régimen", "regímenes"),
    ("presupuesto/gasto", "gasto"),
    ("modificacio\u0301n", "modificación"),
    ("Se aprueba el presupuesto", "presupuestos de la"),
    ("según el oficio 107/2022", "107/2022"),
)
OTHER = (("año", "ano"), ("caña", "cana"), ("licitación", "licencia"), ("Se aprueba", "rechaza"))


@pytest.fixture(scope="module")
def spanish(shared: tuple[Database, History]) -> str:
    """Give the URL of a database to ask."""
    return shared[0].app_url


@pytest.mark.parametrize(("said", "asked"), SAME)
def test_forms_of_a_word_are_found(spanish: str, said: str, asked: str) -> None:
    """Accents, plurals, capitals and decomposed letters make no difference."""
    assert _matches(spanish, said, asked)


@pytest.mark.parametrize(("said", "asked"), OTHER)
def test_other_words_are_not_found(spanish: str, said: str, asked: str) -> None:
    """The letter ñ is one of its own, and other words are other words."""
    assert not _matches(spanish, said, asked)


def test_stop_words_ask_nothing(spanish: str) -> None:
    """A search of stop words only, with or without accents, is empty, and beside a word they do not matter."""
    with psycopg.connect(spanish) as connection:
        row = connection.execute("SELECT registry.search_query('de la que')::text").fetchone()
    assert row == ("",)
    assert _matches(spanish, "obra hidráulica", "la de los hidraulica")


def _matches(url: str, said: str, asked: str) -> bool:
    with psycopg.connect(url) as connection:
        query = "SELECT registry.search_vector(%s) @@ registry.search_query(%s)"
        row = connection.execute(query, (said, asked)).fetchone()
    assert row is not None
    return bool(row[0])


def _found(history: History, q: str, moment: Moment | None = None) -> list[str]:
    with reading(history.store.pool, moment) as cursor:
        return [each["key"] for each in search(cursor, Search(q), Window()).data]


def test_opened_is_found_and_erased_is_not(told: History, database: Database) -> None:
    """Withheld text finds nothing; once opened it does, as known before it does not; erased it never does again."""
    custodian, item = told.town.officer("custodio"), "hcd/2026/ord/1/2"
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
        convened = runner.connection.execute("SELECT created_index FROM registry.sessions WHERE id = 'hcd/2026/ord/1'")
        ((index,),) = convened.fetchall()
        assert item not in _found(told, "presupuesto")
        opened = told.do(transparency.TextPublished(index=index, names=("item/2/title",)), custodian)
        later = told.do(transparency.TextPublished(index=index, names=("item/1/title",)), custodian)
        runner.catch_up()
        assert item in _found(told, "presupuestos")
        assert item not in _found(told, "presupuesto", Moment(known_at=opened - 1))
        assert item in _found(told, "presupuesto", Moment(known_at=later))
        _erase(told, index)
        runner.catch_up()
        assert item not in _found(told, "presupuesto")
        assert item not in _found(told, "presupuesto", Moment(known_at=later))
        query = "SELECT count(*) FROM registry.search_editions WHERE object = %s AND lexemes <> ''"
        assert runner.connection.execute(query, (f"agenda-items/{item}",)).fetchone() == (0,)


def test_classified_text_is_not_found(told: History, database: Database) -> None:
    """Of an agreement whose second resolutivo is reserved the identifier and the open texts are found, no more."""
    with Runner(database.app_url, reader=told.vault.disclosure) as runner:
        runner.catch_up()
    assert "hcd/2026/1" in _found(told, "1/2026")
    assert "hcd/2026/1" in _found(told, "se aprueba")
    assert "hcd/2026/1" not in _found(told, "notifíquese")


def _erase(told: History, index: int) -> None:
    """Destroy all that an entry has sealed, and record it."""
    gone = tuple(
        transparency.ErasedDisclosure(index=index, name=each.name, digest=each.digest)
        for each in told.store.sealed_of(index)
    )
    told.vault.erase([each.digest for each in gone])
    act = transparency.PersonalDataErased(disclosures=gone, ground="data-subject-right", irrecoverable_on="2026-12-31")
    told.do(act, told.town.officer("custodio"))


@pytest.mark.usefixtures("told")
def test_a_text_that_is_another_stops_the_worker(database: Database) -> None:
    """The vault's text is checked against the digest that was signed before its words are taken."""
    forged = disclosures.make("name", "Otro", bytes(16))
    with (
        Runner(database.app_url, reader=lambda _: forged, registries=(REGISTRY,)) as runner,
        pytest.raises(ProjectionError, match="registry search: StoreError: text-altered"),
    ):
        runner.catch_up()


def test_only_prose_is_indexed() -> None:
    """Of a block its text, of a text itself, of numbers and attachments nothing."""
    assert plain_text("hola") == "hola"
    assert plain_text({"kind": "narrative", "text": "hola", "data": {"x": "no"}}) == "hola"
    assert [plain_text(value) for value in (7, {"sha256": "ab"}, None, ["x"])] == ["", "", "", ""]
