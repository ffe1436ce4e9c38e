"""Pages as people get them: nothing overflows, no head of a table stands alone, every page says whose it is."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from api.documents.model import Block, Document, Facts, Heading, Paragraph, Table, plain
from tests.kit.longest import long_press, longest
from tests.kit.pages import Run, contrast, glyphs, runs
from tests.kit.printed import WITH_TITLES, YEAR, year_document, year_press

WIDTH, RIGHT_MARGIN, LEFT = 612.0, 56.0, 30.0
CARD_WIDTH = 242.7
MARGIN_SIZE = 7.0
WHITE = (1.0,)
ENOUGH = 7.0
COLUMNS = ("Identificador", "Unidad", "Asunto")


@cache
def printed(kind: str) -> tuple[Document, tuple[Run, ...]]:
    """Return a document of the year and the text on its pages."""
    document = year_document(kind)
    return document, tuple(runs(year_press().print(document)))


def page_of(document: Document) -> list[Run]:
    """Return the text on the pages of a document."""
    return runs(year_press().print(document))


def is_white(run: Run) -> bool:
    """Tell whether the text is white: the head of a table, a mark, the band of a card."""
    return min(run.colour) > 0.99


def check_places(found: list[Run] | tuple[Run, ...], width: float = WIDTH, margin: float = RIGHT_MARGIN) -> None:
    """Check that no text leaves the page's text area, and that no two pieces on a line lie upon one another."""
    for run in found:
        assert run.right <= width - margin + 1.5, run
    lines: dict[tuple[int, int], list[Run]] = {}
    for run in found:
        if run.text.strip():
            lines.setdefault((run.page, round(run.y)), []).append(run)
    for line in lines.values():
        for left, right in pairwise(sorted(line, key=lambda run: run.x)):
            space = left.size / 2 if left.text.endswith(" ") else 0  # justified lines squeeze their spaces
            assert left.right - space <= right.x + 0.8, (left, right)


def check_numbers(found: list[Run] | tuple[Run, ...]) -> None:
    """Check that each block's number in the margin stands beside the block's first line."""
    for run in found:
        if run.size == MARGIN_SIZE and not run.artifact:
            beside = [each for each in found if each.page == run.page and each is not run and not each.artifact]
            assert any(abs(each.y - run.y) < each.size for each in beside), run


def check_heads(found: list[Run] | tuple[Run, ...]) -> None:
    """Check that the last text of no page is the head of a table."""
    for page in {run.page for run in found}:
        body = [run for run in found if run.page == page and not run.artifact and run.text.strip()]
        assert not is_white(min(body, key=lambda run: run.y)), f"a head alone at the foot of page {page}"


@pytest.mark.parametrize("kind", sorted(YEAR))
def test_nothing_overflows_and_no_head_stands_alone(kind: str) -> None:
    """Of every kind in the demo year, all text is within its margins and apart."""
    document, found = printed(kind)
    if document.card:
        check_places(found, CARD_WIDTH, 9)
    else:
        check_places(found)
        check_heads(found)
        check_numbers(found)


@pytest.mark.parametrize("kind", sorted(YEAR))
def test_every_page_says_whose_and_which_it_is(kind: str) -> None:
    """Each page has the short code and its number of how many; of a demo, that its data are fictitious."""
    document, found = printed(kind)
    pages = max(run.page for run in found)
    for page in range(1, pages + 1):
        text = " ".join(run.text for run in found if run.page == page)
        assert document.seal.code in text
        assert re.search(rf"Página\s+{page}\s+de\s+{pages}", text), text
        assert document.card or "DATOS FICTICIOS" in text


@pytest.mark.parametrize("kind", sorted(YEAR))
def test_contrast_is_seven_to_one(kind: str) -> None:
    """Every colour of text is read well on white, and white only where it stands on a dark ground."""
    _, found = printed(kind)
    accent = tuple(int(year_press().layout.design["accent"][n : n + 2], 16) / 255 for n in (1, 3, 5))
    assert contrast(accent, WHITE) >= ENOUGH
    for colour in {run.colour for run in found if not is_white(run)}:
        assert contrast(colour, WHITE) >= ENOUGH, colour


def test_contrast_of_the_html_is_seven_to_one() -> None:
    """Each colour of text in the style sheet, the layout's own filled in, on white; white on each dark ground."""
    layout = year_press().layout
    style = layout.style.replace("var(--accent)", layout.design["accent"]).replace("#fff", "#ffffff")
    texts = set(re.findall(r"[;{]color:(#[0-9a-f]{6})", style, re.IGNORECASE)) - {"#ffffff"}
    grounds = set(re.findall(r"background:(#[0-9a-f]{6})", style, re.IGNORECASE)) - {"#ffffff"}
    assert len(texts) >= 3
    assert len(grounds) == 2
    for colour in texts | grounds:
        assert contrast(tuple(int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)), WHITE) >= ENOUGH, colour


@pytest.mark.parametrize("name", [*sorted(YEAR), *(f"largo-{each}" for each in WITH_TITLES)])
def test_signatures_do_not_stand_alone(name: str) -> None:
    """Above the first signature of a page stands some of what is signed, not place and date alone."""
    plain_name = name.removeprefix("largo-")
    press = year_press() if name == plain_name else long_press()
    document = year_document(plain_name, press)
    boxes, found = press.boxes(document), runs(press.print(document))
    for page in {box.page for box in boxes[:1]}:
        body = [run for run in found if run.page == page and not run.artifact and run.text.strip()]
        first = max(body, key=lambda run: run.y)
        assert not document.closing.startswith(first.text.strip()), first


@pytest.mark.parametrize("kind", sorted(YEAR))
def test_fonts_hold_what_is_shown_and_no_more(kind: str) -> None:
    """A subset font has no character that stands nowhere on the pages: it can tell nothing that the text does not."""
    raw = year_press().print(year_document(kind))
    shown = {char for run in runs(raw) for char in run.text}
    assert glyphs(raw) <= shown | {"\u00ad", "\u200b"}


def test_addresses_have_no_hyphen_that_is_not_theirs() -> None:
    """An address of any length is printed letter by letter: joined again it is the address."""
    document, _ = printed("acuerdo")
    address = "https://transparencia.ejemplo.gob.mx/" + "verificacion-de-documentos-publicos/" * 5 + document.seal.code
    long = replace(
        document, seal=replace(document.seal, address=address), blocks=(Paragraph(plain(f"Véase {address}")),)
    )
    joined = "".join(run.text for run in page_of(long)).replace("\u200b", "")
    assert joined.count(address) >= 2


def test_the_longest_real_title_fits() -> None:
    """Title, head, fact, table and paragraph hold the longest real title, and four thousand characters of it."""
    document, _ = printed("acuerdo")
    for title in (longest()[0], "Dictamen " * 444, "ACDO.AS2.HCD." + "250226/19.P." * 4 + "DIR"):
        rows = ((plain(title), plain("DIR"), plain(title)),)
        blocks = (
            Heading(title),
            Paragraph(plain(title), "quote"),
            Facts((("Título", plain(title)),)),
            Table(COLUMNS, rows, (4, 2, 4)),
        )
        found = page_of(replace(document, title=title[:300], folio=title[:80], blocks=blocks))
        check_places([run for run in found if not run.artifact])


@pytest.mark.parametrize("name", WITH_TITLES)
def test_each_kind_holds_the_longest_real_titles(name: str) -> None:
    """The year's matters called by the longest titles of the real data: nothing overflows, no head stands alone."""
    press = long_press()
    found = runs(press.print(year_document(name, press)))
    told = " ".join(run.text for run in found)
    assert any(title[:24] in told for title in longest())
    check_places(found)
    check_heads(found)
    check_numbers(found)


@pytest.mark.parametrize("rows", range(24, 46))
def test_no_head_alone_whatever_comes_before(rows: int) -> None:
    """A table that begins anywhere on a page, also on its last line, never leaves its head there alone."""
    document, _ = printed("acuerdo")
    before = tuple(Paragraph(plain(f"Párrafo {n}.")) for n in range(rows))
    body = tuple((plain(f"A-{n}"), plain("DIR"), plain("Asunto")) for n in range(5))
    blocks: tuple[Block, ...] = (*before, Heading("Lista"), Table(COLUMNS, body, (4, 2, 4)), Paragraph(plain("Fin.")))
    found = page_of(replace(document, blocks=blocks, evidence=()))
    check_heads(found)
    for heading in (run for run in found if run.text == "Lista"):
        assert any(is_white(run) and run.page == heading.page for run in found), "a heading without its table"
