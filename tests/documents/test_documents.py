"""Documents of the demo year: made of acts alone, the same bytes each time, PDF/A, with their proof inside."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from api.documents import KINDS
from api.documents.codes import code_of, names, parse_code
from api.documents.evidence import closure
from api.documents.layout import LayoutError, layout_in
from api.documents.model import Paragraph, plain
from api.problems import ApiError
from ledger.errors import UntrustedInputError
from ledger.statement import Entry
from tests.kit.judges import Verdict
from tests.kit.pdfa import attachments, complaints, findings
from tests.kit.printed import ADDRESS, YEAR, kind_of_paper, told_year, year_document, year_key_of, year_press

if TYPE_CHECKING:
    from api.documents.reading import Store

KINDS_TOLD = sorted(YEAR)


def test_the_same_acts_give_the_same_bytes() -> None:
    """Two presses print each kind byte for byte alike, PDF and HTML: no clock, no chance."""
    for name in YEAR:
        for form in ("pdf", "html"):
            assert year_press().print(year_document(name), form) == year_press().print(year_document(name), form), name


@pytest.mark.parametrize("kind", KINDS_TOLD)
def test_each_kind_is_pdf_a(kind: str) -> None:
    """Structure as PDF/A-3b wants it, and nothing that qpdf complains of."""
    raw = year_press().print(year_document(kind))
    assert findings(raw) == []
    assert complaints(raw) == []


@pytest.mark.parametrize("kind", KINDS_TOLD)
def test_the_proof_inside_verifies_without_us(kind: str, tmp_path: Path) -> None:
    """The attachment is an excerpt against which neither verifier finds anything, and it opens what the page shows."""
    press = year_press()
    document = year_document(kind)
    [(name, content)] = attachments(press.print(document)).items()
    assert name == document.evidence[0].name == f"{document.name}.evidencia.zip"
    path = tmp_path / name
    path.write_bytes(content)
    verdict = Verdict(path)
    assert (verdict.exit, verdict.hits) == (0, set())
    assert verdict.report["steps"]["V11"]["findings"] == 0


def test_evidence_does_not_change_as_the_ledger_grows() -> None:
    """The proof is under the first checkpoint that covers the acts, whatever was recorded since."""
    [held] = year_press().document("acuerdo", year_key_of("acuerdo")).evidence
    with zipfile.ZipFile(io.BytesIO(held.content)) as bundle:
        last = max(int(Path(name).stem) for name in bundle.namelist() if name.startswith("entries/"))
        assert bundle.read("checkpoint").decode().split("\n")[1] == str(last + 1)


@dataclass(frozen=True)
class AsOf:
    """The year's ledger up to an act."""

    last: int

    def entry(self, index: int) -> bytes | None:
        """Return an entry that stood by then."""
        return told_year().store.entry(index) if index <= self.last else None

    def stream(self, name: str, after_version: int = 0) -> list[bytes]:
        """Return the entries of a stream that stood by then."""
        return [raw for raw in told_year().store.stream(name, after_version) if Entry.parse(raw).index <= self.last]


def test_evidence_is_that_of_the_ledger_as_the_acts_left_it() -> None:
    """Keys and offices come as they stood at the last act told: who signs after that prints the same pages."""
    store = told_year().store
    acts = [Entry.parse(raw) for raw in store.raws]
    ends = {each.act.statement.stream: each.index for each in acts}
    grown = [each.index for each in acts if ends.get(each.act.statement.office, 0) > each.index]
    assert grown, "somebody's office has an act after one of his own"
    for index in (*grown, *range(200, len(acts), 300)):
        cut = closure(store, [index], last=index)
        assert max(cut) == index
        assert cut == closure(cast("Store", AsOf(index)), [index])
        assert (closure(store, [index]) != cut) is (index in grown)


def test_the_card_and_every_page_hold_the_code() -> None:
    """The short code finds the act that the document tells, and only that one."""
    store = told_year().store
    for name in YEAR:
        seal = year_document(name).seal
        index, _ = parse_code(seal.code)
        assert index == seal.index
        assert names(seal.code, index, store.raws[index])
        assert not names(seal.code, index, store.raws[index - 1])
        assert seal.address == f"{ADDRESS}/v/{seal.code}"


@pytest.mark.parametrize(
    ("typed", "index"), [("0-00000000", 0), ("33j-8k2mq4tz", 3186), (" 33J-8K2MQ4TZ ", 3186), ("IO-OOOOOOOO", 32)]
)
def test_codes_are_read_as_people_type_them(typed: str, index: int) -> None:
    """Case does not matter, and O is 0, I and L are 1."""
    assert parse_code(typed)[0] == index


@pytest.mark.parametrize(
    "typed", ["", "33J", "33J-8K2MQ4T", "33J-8K2MQ4TU", "03J-8K2MQ4TZ", "33J8K2MQ4TZ", "é-00000000"]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    """Nothing else is taken for a code."""
    with pytest.raises(UntrustedInputError, match="bad-short-code"):
        parse_code(typed)


def test_every_index_has_one_code() -> None:
    """A code gives its index back, whatever the index."""
    for index in (0, 1, 31, 32, 1023, 1024, 2**53 - 1):
        assert parse_code(code_of(index, b"entry"))[0] == index


# -- HTML ----------------------------------------------------------------------------------------------------------


class Seen(HTMLParser):
    """What stands in a page: tags, text, scripts, addresses that would be loaded."""

    def __init__(self, raw: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loaded: list[str] = []
        self.data: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(raw.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.loaded += [str(value) for name, value in attrs if name in {"src", "srcset", "data", "poster"}]

    def handle_data(self, data: str) -> None:
        within = self._open[-1] if self._open else ""
        self.data[within] = self.data.get(within, "") + data


@pytest.mark.parametrize("kind", KINDS_TOLD)
def test_html_is_one_page_that_loads_nothing(kind: str) -> None:
    """One first heading, data for machines that parse and say the same name, and not one address to load."""
    document = year_document(kind)
    seen = Seen(year_press().print(document, "html"))
    assert seen.tags.count("h1") == 1
    assert seen.loaded == []
    described = json.loads(seen.data["script"])
    assert described["@context"] == "https://schema.org"
    assert described["name"] == document.title
    assert described["sha256"] == document.seal.statement


def test_text_is_never_markup() -> None:
    """What people wrote stands as they wrote it in both: no tag, no typst code, no end of the data block."""
    nasty = "</script><script>alert(1)</script> #panic() *x* $1$ @y \\ ⟦"
    document = year_press().document("acuerdo", year_key_of("acuerdo"))
    document = replace(document, title=nasty, blocks=(Paragraph(plain(nasty)),), json_ld={"name": nasty})
    page = year_press().print(document, "html")
    assert Seen(page).tags.count("script") == 1
    assert b"alert(1)</script>" not in page
    assert findings(year_press().print(document)) == []


# -- what there is not, and other layouts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "key", "code"),
    [
        ("carta", "hcd/2026/1", "document-kind"),
        ("acta", "hcd/2026/ord/99", "nothing-to-print"),
        ("acta", "hcd/2026", "nothing-to-print"),
        ("certificacion", "hcd/2026/6", "nothing-to-print"),
        ("acuerdo", "hcd//19", "nothing-to-print"),
    ],
)
def test_what_there_is_not(kind: str, key: str, code: str) -> None:
    """A kind that is none, and a key that names nothing, are said to be so."""
    with pytest.raises(ApiError) as refused:
        year_press().render(kind, key)
    assert refused.value.code == code


def test_an_institution_brings_its_own_layout(tmp_path: Path) -> None:
    """Words, colours and a logo of its own; what it leaves out is Acervo's."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/></svg>'
    (tmp_path / "logo.svg").write_text(svg)
    (tmp_path / "layout.toml").write_text(
        '[design]\naccent = "#003366"\nlogo = "logo.svg"\nlogo_alt = "Escudo"\n[place]\ncity = "Guadalajara"\n'
    )
    press = year_press(tmp_path)
    document = press.document("acuerdo", year_key_of("acuerdo"))
    assert document.closing.startswith("Guadalajara, a ")
    assert b"--accent:#003366" in press.print(document, "html")
    raw = press.print(document)
    assert findings(raw) == []
    assert raw != year_press().render("acuerdo", year_key_of("acuerdo"))


@pytest.mark.parametrize("broken", ["[design\n", "design = 3\n", '[design]\nlogo = "none.svg"\n'])
def test_a_broken_layout_is_named(broken: str, tmp_path: Path) -> None:
    """What cannot be read, or does not compile, is said with its file."""
    (tmp_path / "layout.toml").write_text(broken)
    with pytest.raises(LayoutError, match=r"layout\.toml|template\.typ"):
        year_press(tmp_path).render("acuerdo", year_key_of("acuerdo"))


def test_a_layout_that_is_not_there(tmp_path: Path) -> None:
    """A directory that is none is refused; Acervo's own is not silently taken for it."""
    with pytest.raises(LayoutError):
        layout_in(tmp_path / "none")


# -- signatures ------------------------------------------------------------------------------------------------------


def test_signature_boxes_are_on_the_paper_and_apart() -> None:
    """Each signatory has an empty box within the letter page, named after the seat; no two overlap."""
    press = year_press()
    document = press.document("acta", year_key_of("acta"))
    boxes = press.boxes(document)
    assert [each.field for each in boxes] == [each.field for each in document.signatories]
    assert len(boxes) == 2
    for each in boxes:
        assert 0 < each.x0 < each.x1 < 612
        assert 0 < each.y0 < each.y1 < 792
    assert boxes[0].x1 <= boxes[1].x0
    assert press.boxes(press.document("credencial", year_key_of("credencial"))) == []


def test_all_kinds_are_tried_here() -> None:
    """No kind is printed that these tests do not print."""
    assert KINDS.keys() == {kind_of_paper(name) for name in YEAR}
