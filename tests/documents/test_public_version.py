"""Public versions as documents: what is taken out leaves no trace in text, metadata, fonts or attachment."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.statement import Entry
from tests.kit.pages import text_of
from tests.kit.printed import told_year, version_key, year_press
from tests.kit.traces import PHRASES, foreign_glyphs, split, traces

if TYPE_CHECKING:
    from collections.abc import Mapping


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
