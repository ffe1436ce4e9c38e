"""The generated year is lawful, the same each time, and what is asked about it exists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.acts import act_types
from ledger.application import Ledger
from ledger.verify.command import run
from tests.bench.council import ORIGIN
from tests.bench.logbook import LogWriter
from tests.bench.year import percentile_95
from tests.bench.year_asked import API, AS_OF, KNOWN, PRESENT, questions
from tests.bench.year_bodies import KINDS
from tests.bench.year_told import ENDS, FOUNDED, ToldYear
from tests.kit.memory import MemoryStore, MemoryVault

if TYPE_CHECKING:
    from pathlib import Path

FEW = tuple(replace(kind, bodies=1, sessions=5) for kind in KINDS)
"""One body of each profile, five sessions a year."""


@pytest.fixture(scope="module")
def told() -> ToldYear:
    """Give a small year, told to its end."""
    year = ToldYear(kinds=FEW)
    for _ in year.groups():
        pass
    return year


def test_a_generated_year_passes_every_rule() -> None:
    """The ledger takes every act in its turn, none of them twice, and remarks nothing."""
    store = MemoryStore()
    ledger = Ledger(store, MemoryVault(store=store), ORIGIN)
    year = ToldYear(kinds=FEW)
    remarks = []
    for group in year.groups():
        if store.raws:
            store.set_clock(group.at)
        recorded = ledger.submit(group.acts)
        assert not any(each.duplicate for each in recorded)
        remarks += [remark for each in recorded for remark in each.remarks]
    assert len(store.raws) == year.size
    assert remarks == []


def test_the_verifier_finds_nothing_in_a_generated_year(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A bundle of it, with every disclosure, verifies offline: V10 finds no act unlawful."""
    writer, year = LogWriter(tmp_path / "log"), ToldYear(kinds=FEW)
    for group in year.groups():
        for act in group.acts:
            writer.append(act, group.at)
    writer.bundle(tmp_path / "year.zip")
    assert run([str(tmp_path / "year.zip"), "--self-contained", "--json", "--jobs", "0"]) == 0
    report = orjson.loads(capfd.readouterr().out)
    assert report["facts"]["size"] == year.size
    assert report["aspects"]["lawfulness"] == "ok"
    assert report["findings"] == []


def test_a_seed_tells_the_same_year_again(told: ToldYear) -> None:
    """Two tellings of one seed give the same statements, and so does not another seed."""

    def last(seed: int) -> dict[str, tuple[int, str]]:
        year = ToldYear(kinds=FEW, seed=seed)
        for _ in year.groups():
            pass
        return {key: year.stream_head(f"agreement/{key}") for key in year.agreements}

    again = {key: told.stream_head(f"agreement/{key}") for key in told.agreements}
    assert last(told.seed) == again
    assert last(told.seed + 1) != again


def test_a_year_has_what_a_year_has(told: ToldYear) -> None:
    """Each kind of body meets as often as it should; every act is of the year, and agreements have no gaps."""
    assert len(told.sessions) == sum(kind.sessions for kind in FEW)
    assert {"ActaSealed/1", "FulfilmentVerified/1", "TextPublished/1", "VoteDeclared/1"} <= told.counted.keys()
    assert told.counted.keys() <= act_types().keys()
    assert FOUNDED < told.clock < ENDS
    for body in told.bodies:
        numbers = [int(key.rpartition("/")[2]) for key in told.agreements if key.startswith(f"{body.slug}/")]
        assert numbers == list(range(1, body.agreements + 1))


def test_the_full_year_is_of_the_size_that_is_asked_for() -> None:
    """600 bodies and 10,000 sessions."""
    assert sum(kind.bodies for kind in KINDS) == 600
    assert sum(kind.bodies * kind.sessions for kind in KINDS) == 10_000


def test_questions_are_of_every_moment(told: ToldYear) -> None:
    """About fifty questions rest on each kind of moment, and each says its moment."""
    asked = list(questions(told))
    for rests_on in (AS_OF, KNOWN):
        assert sum(question.rests_on == rests_on for question in asked) >= 50
    for question in asked:
        assert question.path.startswith(f"{API}/")
        moment = {"as_of", "known_on", "known_at"} & question.params.keys()
        assert bool(moment) == (question.rests_on != PRESENT)


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (20, 19), (100, 95), (101, 96)])
def test_p95(count: int, expected: int) -> None:
    """95 of a hundred values do not exceed it, in whatever order they come."""
    assert percentile_95(float(n) for n in range(count, 0, -1)) == expected
