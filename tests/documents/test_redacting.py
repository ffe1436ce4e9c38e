"""Choosing what is taken out: the act that is signed says it all, and its preview has no trace of what was chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.demo.year import script
from api.demo.year.teller import ToldWrongError
from api.documents.redacting import Choice, choose
from api.problems import ApiError
from ledger.crypto import disclosure
from ledger.domain.acta import ActaState
from ledger.errors import UntrustedInputError
from tests.kit.pages import text_of
from tests.kit.printed import told_year, year_press
from tests.kit.traces import PHRASES, split, traces
from tests.kit.year import YearInMemory

ACTA = "acta/hcd/2026/ord/3"
REASON = "Datos de una inspección en curso"


MATTER = "guardería"


def about(year: YearInMemory, index: int) -> list[str]:
    """Return the names of all blocks that tell of one matter."""
    held = year.vault.disclosures(index)
    return [name for name, text in held.items() if MATTER in disclosure.parse(text).value["text"]]


def test_chosen_blocks_become_a_version_that_the_rules_take() -> None:
    """Kinds, root, number and descriptions are filled in; the ledger records it; the preview hides what was chosen."""
    year = YearInMemory()
    script.tell(year.teller)
    state = year.ledger.state(ACTA)
    assert isinstance(state, ActaState)
    held = year.vault.disclosures(state.drafted_index)
    names = about(year, state.drafted_index)
    choices = [Choice(name, "112.VI", REASON) for name in names]
    act, sealed = choose(year.ledger.state, year.vault, ACTA, choices)
    assert (act.version, act.root, act.blocks) == (1, state.root, state.blocks)
    assert {each.block_kind for each in act.redactions} == {"item", "vote", "agreement"}
    assert sealed == {"description/1": REASON}
    year.teller.do(act, "hcd/secretario", sealed=sealed, basis=[ACTA])
    press = replace(year_press(), store=year.store, texts=year.vault, state=year.ledger.state, prove=None)
    document = press.document("version-publica", f"{state.drafted_index}/1")
    raw = press.print(document)
    assert document.draft
    assert text_of(raw).count("TESTADO") == len(names)
    closed, known = split(held, names)
    assert traces(raw, closed, (*known, *PHRASES, REASON)) == []
    with pytest.raises(ApiError, match="document-not-public"):
        press.document("version-publica", f"{state.drafted_index}/1", public=True)


def test_what_must_stay_open_is_refused_by_the_rules() -> None:
    """Attendance is an obligation of transparency: a version that takes it out is composed, and refused."""
    year = YearInMemory()
    script.tell(year.teller)
    act, sealed = choose(year.ledger.state, year.vault, ACTA, [Choice("block/3", "115.personal-data", REASON)])
    assert act.redactions[0].block_kind == "attendance"
    with pytest.raises(ToldWrongError, match="redaction-obligatory"):
        year.teller.do(act, "hcd/secretario", sealed=sealed, basis=[ACTA])


def test_of_an_agreement_the_rest_is_open() -> None:
    """Title and other resolutivos are named as open; two reasons are two descriptions."""
    year = told_year()
    choices = [Choice("resolution/1", "112.VI", "Uno"), Choice("resolution/2", "115.secrecy", "Dos")]
    act, sealed = choose(year.ledger.state, year.vault, "agreement/hcd/2026/19", choices)
    assert "title" in act.open
    assert not {"resolution/1", "resolution/2"} & set(act.open)
    assert [(each.character, each.fraction, each.ground) for each in act.redactions] == [
        ("reserved", "VI", None),
        ("confidential", None, "secrecy"),
    ]
    assert sealed == {"description/1": "Uno", "description/2": "Dos"}


@pytest.mark.parametrize(
    ("stream", "name"), [("agreement/hcd/2026/19", "resolution/99"), ("vote/hcd/2026/ord/3/1", "motion")]
)
def test_what_is_not_there_cannot_be_chosen(stream: str, name: str) -> None:
    """A part that the text does not have, and an object that has no public version, are refused."""
    year = told_year()
    with pytest.raises(ApiError):
        choose(year.ledger.state, year.vault, stream, [Choice(name, "112.VI", REASON)])


def test_choices_are_read_as_they_are_typed() -> None:
    """Part, ground and reason; anything else is refused with the form in which it is written."""
    assert Choice.parse("block/6 = 112.VI : Una: razón") == ("block/6", "112.VI", "Una: razón")
    for bad in ("block/6", "block/6=112.VI", "block/6=112.VI:", "block/6=112.XX:a", "block/6=113.VI:a", "b=115.VI:a"):
        with pytest.raises(UntrustedInputError, match="bad-redaction"):
            Choice.parse(bad)
