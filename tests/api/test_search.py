"""GET /api/v1/search: words, identifiers, filters, facets, marks, pages."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from ledger.acts.transparency import TextPublished
from ledger.errors import RuleViolation
from tests.api.test_feeds import entries, link_of, parsed, text_of
from tests.api.test_problems import check_problem

# Fixtures: a told history that a worker follows, and a client of the application over it.
from tests.kit.served import get

if TYPE_CHECKING:
    from tests.kit.history import History


@pytest.fixture(scope="module")
def opened(told: History, client: httpx.Client) -> int:
    """Open agreement 1, the first session's items; return the index of the last opening."""
    custodian = told.town.officer("custodio")
    for each in get(client, "agreements", limit=500)["data"]:
        if each["key"].startswith("hcd/2026/"):
            with contextlib.suppress(RuleViolation):  # opened before, or classified
                told.do(TextPublished(index=each["log"]["index"]), custodian)
    session = get(client, "sessions/hcd/2026/ord/1")
    index = told.do(TextPublished(index=session["log"]["index"]), custodian)
    assert client.get("/api/v1/bodies", params={"wait_until": index}).status_code == 200
    return index


@pytest.mark.usefixtures("opened")
def test_words_find_with_marks_and_facets(client: httpx.Client) -> None:
    """What was opened is found whatever its accents; marks are segments that together are the text itself."""
    found = get(client, "search", q="APRUÉBA", kind="agreements")
    assert found["search"]["read_as"] == "words"
    assert found["total"]["count"] == len(found["data"]) > 0
    assert not found["total"]["more_than"]
    first: dict[str, Any] = found["data"][0]
    assert client.get(first["id"]).json()["type"] == "agreement"
    (mark,) = first["highlights"]
    assert [part["text"] for part in mark["segments"] if part["hit"]] == ["aprueba"]
    assert "".join(part["text"] for part in mark["segments"]) == "Se aprueba."
    kinds = {each["value"]: each["count"] for each in found["facets"]["kind"]}
    assert kinds == {"agreements": found["total"]["count"]}
    assert found["facets"]["kind"][0]["text"] == "Acuerdos"
    assert all(each["text"] and each["text_en"] for each in found["facets"]["status"])


@pytest.mark.usefixtures("opened")
def test_items_and_actas_are_found(client: httpx.Client) -> None:
    """An item by its title, an acta by an open block, each with its session's address and its filter."""
    items = get(client, "search", q="presupuestos", kind="agenda-items")["data"]
    assert ("hcd/2026/ord/1", 2) in [(each["session"], each["item"]) for each in items]
    actas = get(client, "search", q="sesión", kind="actas", body="hcd", year=2026)["data"]
    assert "/api/v1/actas/hcd/2026/ord/1" in [each["id"] for each in actas]
    assert get(client, "search", q="sesión", kind="actas", year=1999)["data"] == []
    sealed = get(client, "search", q="sesión", kind="actas", status="sealed")["data"]
    assert {each["status"] for each in sealed} <= {"sealed"}


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("typed", ["1/2026", "acuerdo 1", "ACDO 1 DIR", "Acuerdo núm. 1 de 2026"])
def test_identifiers_as_typed(client: httpx.Client, typed: str) -> None:
    """Partial identifiers lead to the agreement, and the answer says that it was read so."""
    found = get(client, "search", q=typed)
    assert found["search"]["read_as"] == "identifier"
    assert "hcd/2026/1" in [each["key"] for each in found["data"]]
    assert {each["type"] for each in found["data"]} == {"agreement"}
    assert get(client, "search", q=typed, read_as="words")["search"]["read_as"] == "words"


def test_an_identifier_that_nobody_has_is_read_as_words(client: httpx.Client) -> None:
    """`auto` falls back on words; asked for as an identifier it finds nothing."""
    assert get(client, "search", q="9999/1950")["search"]["read_as"] == "words"
    found = get(client, "search", q="9999/1950", read_as="identifier")
    assert (found["search"]["read_as"], found["data"]) == ("identifier", [])
    assert "note" in get(client, "search", q="presupuesto", read_as="identifier")["search"]


def test_stop_words_say_so(client: httpx.Client) -> None:
    """A search of stop words finds nothing and says why, Spanish first."""
    found = get(client, "search", q="de la que")
    assert (found["data"], found["total"]) == ([], {"count": 0, "more_than": False})
    assert found["search"]["note"] != found["search"]["note_en"]


@pytest.mark.usefixtures("opened")
def test_pages_keep_order_and_state(client: httpx.Client) -> None:
    """Page by page the same hits in the same order; the links keep the search; facets come with the first page."""
    whole = get(client, "search", q="aprueba OR sesión OR calendario OR presupuesto", limit=500)
    assert len(whole["data"]) > 2
    orders = [(each["log"]["index"], each["id"]) for each in whole["data"]]
    assert [index for index, _ in orders] == sorted((index for index, _ in orders), reverse=True)
    pages, link = [], whole["links"]["first"].replace("limit=500", "limit=1")
    while link is not None:
        page = client.get(link).json()
        pages += page["data"]
        assert ("facets" in page) == ("cursor=" not in link)
        link = page["links"].get("next")
    assert pages == whole["data"]


def test_as_known_before_the_opening(client: httpx.Client, opened: int) -> None:
    """Asked as known before an opening, its text finds nothing."""
    now = [each["key"] for each in get(client, "search", q="presupuesto", kind="agenda-items")["data"]]
    then = get(client, "search", q="presupuesto", kind="agenda-items", known_at=opened - 1)["data"]
    assert "hcd/2026/ord/1/2" in now
    assert "hcd/2026/ord/1/2" not in [each["key"] for each in then]


@pytest.mark.parametrize("typed", ["'", "a:*&|!", "\\", '"', "((", "<b>x</b>", "-x", "ß ﬁ İ", "😀", "'; DROP", "%s {}"])
def test_nothing_typed_is_a_failure(client: httpx.Client, typed: str) -> None:
    """Signs of the query language, markup and rare letters are answered."""
    assert client.get("/api/v1/search", params={"q": typed}).status_code == 200


@pytest.mark.parametrize("params", [{}, {"q": ""}, {"q": "x" * 201}, {"q": "a\0b"}, {"q": "x", "kind": "votes"}])
def test_a_bad_search_is_refused(client: httpx.Client, params: dict[str, str]) -> None:
    """No words, too many, a zero byte, an unknown kind: a problem, not a failure."""
    answer = client.get("/api/v1/search", params=params)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("asked", [{"q": "sesión"}, {"q": "aprueba", "kind": "agreements"}, {"q": "1/2026"}])
def test_a_search_is_a_feed(client: httpx.Client, asked: dict[str, str]) -> None:
    """In pages, in the order of the search, with its fragments; all pages are one feed, other questions another."""
    wanted = get(client, "search", **asked, limit=500)["data"]
    found, ids, url = [], set(), str(httpx.URL("/feeds/busqueda.atom", params={**asked, "limit": 2}))
    while url:
        root = parsed(client.get(url))
        ids.add(text_of(root, "id"))
        found += entries(root)
        url = link_of(root, "next") or ""
    assert len(ids) == 1
    assert ids != {text_of(parsed(client.get("/feeds/busqueda.atom?q=otra")), "id")}
    links = [str(link_of(each, "alternate")).removeprefix(str(client.base_url)) for each in found]
    assert links == [each["id"] for each in wanted]
    assert len({text_of(each, "id") for each in found}) == len(found) > 0
    for entry, each in zip(found, wanted, strict=True):
        assert (text_of(entry, "published"), text_of(entry, "updated")) == (each["created"], each["modified"])
        for part in each["highlights"]:
            said = "".join(segment["text"] for segment in part["segments"])
            assert " ".join(said.split()) in text_of(entry, "summary")


def test_a_feed_of_nothing_says_why(client: httpx.Client) -> None:
    """Words that say nothing find nothing, and the feed says so; what cannot be asked is a problem."""
    root = parsed(client.get("/feeds/busqueda.atom?q=de+la"))
    assert entries(root) == []
    note = get(client, "search", q="de la")["search"]["note"]
    assert note in text_of(root, "subtitle")
    assert check_problem(client.get("/feeds/busqueda.atom"))["status"] == 422
