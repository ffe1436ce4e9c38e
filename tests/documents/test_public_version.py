"""Public versions as documents: what is taken out leaves no trace in text, metadata, fonts or attachment."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.statement import Entry
from ledger.verify.bundle import Bundle, Opened
from ledger.verify.paper import check_pdf, run_pdf
from ledger.verify.trust import Trust
from ledger.verify.write import Extras, write_excerpt
from tests.kit.pages import text_of
from tests.kit.printed import told_year, version_key, year_document, year_press
from tests.kit.traces import PHRASES, foreign_glyphs, split, traces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.verify.texts import Language


def test_of_an_agreement_nothing_withheld_is_left() -> None:
    """The reserved resolutivos of the demo year stand nowhere, whoever prints the version, public or secretary."""
    year, press = told_year(), year_press()
    closed, known = split(year.vault.disclosures(text_index()), [f"resolution/{n}" for n in (2, 3, 4)])
    told = split(year.vault.disclosures(version_index()), ())[1]
    for public in (False, True):
        raw = press.render("version-publica", version_key(), public=public)
        assert traces(raw, closed, (*known, *told, *PHRASES)) == []
        assert foreign_glyphs(raw) == set()


def text_index() -> int:
    """Return where the text of the year's public version was sealed."""
    return int(version_key().partition("/")[0])


def version_index() -> int:
    """Return where the year's public version was generated."""
    return Entry.parse(next(iter(told_year().store.stream(f"version/{version_key()}")))).index


def test_the_search_finds_what_is_there() -> None:
    """The same search finds every withheld word in the whole agreement: an empty result means something."""
    closed, known = split(told_year().vault.disclosures(text_index()), [f"resolution/{n}" for n in (2, 3, 4)])
    year = told_year()
    stream = next(name for name, raws in year.store.streams.items() if year.store.raws[text_index()] in raws)
    raw = year_press().render("acuerdo", stream.partition("/")[2])
    found = traces(raw, closed, (*known, *PHRASES))
    assert any(each.startswith("word ") for each in found)
    assert any(each.startswith("resolution/2: ") for each in found)


def test_a_vault_without_the_withheld_text_gives_the_same_bytes() -> None:
    """Whether the withheld text is there or was never there makes no difference to a single byte."""

    class Poorer:
        """A vault that has lost what is withheld."""

        def disclosures(self, index: int) -> Mapping[str, str]:
            found = told_year().vault.disclosures(index)
            lost = {f"resolution/{n}" for n in (2, 3, 4)} if index == text_index() else set()
            return {name: text for name, text in found.items() if name not in lost}

    press = year_press()
    poorer = replace(press, texts=Poorer())
    assert press.render("version-publica", version_key()) == poorer.render("version-publica", version_key())


def test_to_the_public_what_is_reserved_is_a_mark_with_its_ground() -> None:
    """The agreement itself, printed for the public, has marks with article and fraction in the place of its text."""
    year = told_year()
    stream = next(name for name, raws in year.store.streams.items() if year.store.raws[text_index()] in raws)
    raw = year_press().render("acuerdo", stream.partition("/")[2], public=True)
    text = " ".join(text_of(raw).split())
    assert text.count("TESTADO") == 3
    assert "artículo 112, fracción VI" in text
    closed, known = split(year.vault.disclosures(text_index()), [f"resolution/{n}" for n in (2, 3, 4)])
    assert traces(raw, closed, (*known, *PHRASES)) == []


def checked(attached: bytes | None = None, lang: Language = "es") -> tuple[int, str]:
    """Check the printed version, its evidence exchanged where another is given; return exit code and report."""
    press = year_press()
    document = year_document("version-publica")
    if attached is not None:
        document = replace(document, evidence=(replace(document.evidence[0], content=attached),))
    out = io.StringIO()
    code = run_pdf(press.print(document), Trust(), lang, out, self_contained=True)
    return code, out.getvalue()


def test_the_check_of_the_paper_says_what_is_open_and_what_is_withheld_and_why() -> None:
    """`acervo verify` proves each open part to be of what was sealed; what is withheld stands there with its ground."""
    code, said = checked()
    assert code == 2  # nobody has signed it yet
    assert "Partes abiertas, cada una la que se firmó: 2" in said
    assert "Partes que se omiten, cada una con su fundamento en el registro: 3" in said
    assert said.count("reservado, LGTAIP art. 112.VI · hasta 2027-06-01 · Resolutivo que detalla") == 3
    paper = check_pdf(year_press().print(year_document("version-publica")), Trust())
    assert [(each.version, set(each.open)) for each in paper.versions] == [(1, {"title", "resolution/1"})]


def test_an_open_part_that_was_left_out_is_noticed(tmp_path: Path) -> None:
    """A version whose evidence opens less than it says is not called checked."""
    [held] = year_document("version-publica").evidence
    source = tmp_path / "x.evidencia.zip"
    source.write_bytes(held.content)
    with Bundle.open(source) as bundle:
        opened = [each for _, each in bundle.disclosures() if isinstance(each, Opened)]
        kept = [each for each in opened if (each.index, each.name) != (text_index(), "title")]
        assert len(kept) == len(opened) - 1
        entries = {index: raw for index, raw, _ in bundle.excerpt()}
        proofs = {index: str(proof) for index, _, proof in bundle.excerpt()}
        write_excerpt(
            tmp_path / "y",
            policy=bundle.policy(),
            checkpoint=bundle.checkpoint(),
            entries=entries,
            proofs=proofs,
            extras=Extras(disclosures=kept, schemas={}),
        )
    code, said = checked((tmp_path / "y").read_bytes())
    assert code == 1
    assert "public-version-incomplete" in said
