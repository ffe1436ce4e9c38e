"""The arithmetic of the measurements, which nobody would notice if it were wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench.council import SEATS, Chronicle
from tests.bench.harness import Bench, Figure, Sample, Section, in_turn, number
from tests.bench.page import render

if TYPE_CHECKING:
    from pathlib import Path


def test_median_and_noise() -> None:
    """The middle value, and half the spread as a fraction of it."""
    sample = Sample((90.0, 100.0, 130.0))
    assert sample.median == 100
    assert sample.noise == pytest.approx(0.2)
    assert sample.times(10).median == 1000


def test_ratios_are_taken_repetition_by_repetition() -> None:
    """A slow minute that slowed both leaves the ratio alone; samples of other lengths are refused."""
    assert Sample((2.0, 200.0)).over(Sample((1.0, 100.0))).values == (2.0, 2.0)
    with pytest.raises(ValueError, match="zip"):
        Sample((1.0,)).over(Sample((1.0, 2.0)))


@pytest.mark.parametrize(
    ("values", "ratio", "goal", "met"),
    [
        ((5.0,), None, {}, None),
        ((5.0,), None, {"at_least": 5.0}, True),
        ((5.0,), None, {"at_most": 4.9}, False),
        ((5.0,), (1.2,), {"at_least": 1.3}, False),
        ((5.0,), (1.2,), {"at_most": 1.25}, True),
    ],
)
def test_a_goal_is_of_the_ratio_where_there_is_one(
    values: tuple[float, ...], ratio: tuple[float, ...] | None, goal: dict[str, float], met: bool | None
) -> None:
    """What is wanted is compared with the ratio's median, else with the value's."""
    figure = Figure("x", Sample(values), "s", None if ratio is None else Sample(ratio), **goal)  # type: ignore[arg-type]
    assert figure.met is met


def test_contenders_run_in_both_orders(tmp_path: Path) -> None:
    """Who goes first changes from one repetition to the next, and the warm-up does not count."""
    assert in_turn(["a", "b"], 0) == ["a", "b"]
    assert in_turn(["a", "b"], 1) == ["b", "a"]
    ran: list[str] = []

    def contender(name: str) -> float:
        ran.append(name)
        return float(len(ran))

    found = Bench(tmp_path, quick=True).compete({"a": lambda: contender("a"), "b": lambda: contender("b")})
    assert "".join(ran) == "baabbaab"
    assert found["a"].values == (3.0, 6.0, 7.0)


def test_the_document_says_what_was_missed_and_no_place(tmp_path: Path) -> None:
    """A missed goal stands on top; no path and no machine's name stands anywhere."""
    figure = Figure("speed", Sample((1.0, 2.0, 3.0)), "acts/s", Sample((0.5, 0.6, 0.7)), "stock", at_least=1.3)
    text = render([Section("Speed", "How.", [figure])], "18.4", quick=False)
    assert "0 of 1 goals are met." in text
    assert "Missed: speed (0.60 (0.50–0.70), wanted ≥ 1.3)." in text
    assert "| speed | 2 acts/s | ± 50% | 0.60 (0.50–0.70) | stock | ≥ 1.3 | **no** |" in text
    assert str(tmp_path.parent.parent) not in text
    again = render(
        [Section("Memory", "How.", [Figure("peak", Sample((1.0,)), "MiB", at_most=2)])],
        "18.4",
        quick=False,
        before=text,
    )
    assert "1 of 2 goals are met." in again
    assert again.index("## Speed") < again.index("## Memory")
    assert text[text.index("Missed") :].rstrip() in again.replace("\n\n## Memory", "\0").partition("\0")[0]
    assert number(12345.6) == "12,346"
    assert number(0.012345) == "0.0123"


def test_the_council_votes_lawfully_by_the_thousand() -> None:
    """A session of ten votes is 157 acts, twelve ballots a vote, each after the one before in its stream."""
    taken: list[str] = []
    chronicle = Chronicle(lambda acts: taken.extend(act.statement.stream for act in acts))
    chronicle.found()
    before = len(taken)
    chronicle.whole_session(10)
    assert len(taken) - before == 157
    assert sum(stream.startswith("ballot/") for stream in taken) == 10 * SEATS
    chronicle.forget()
    assert chronicle.stream_head("vote/hcd/2026/ord/1/1")[0] == 0
