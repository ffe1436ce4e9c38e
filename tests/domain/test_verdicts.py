"""Verdicts of a certification check (format.md §11): which hold, which goes first, what was not checked."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from ledger.texts import has
from ledger.verdicts import Facts, Outcome, Verdict, conclude

GOOD = Facts(
    consistent=True,
    intact=True,
    signed=True,
    authorised=True,
    index=7,
    sealed=True,
    current=True,
    complete=True,
    as_of=9,
)
BREAKS: dict[Verdict, dict[str, object]] = {
    Verdict.LOG_INCONSISTENT: {"consistent": False},
    Verdict.ALTERED: {"altered": ("acta/hcd/2026/ord/1",)},
    Verdict.FORGED_SIGNATURE: {"signed": False},
    Verdict.KEY_COMPROMISED_SINCE: {"compromised_from": 7},
    Verdict.SIGNER_NOT_AUTHORISED_AT_DATE: {"authorised": False},
    Verdict.REVOKED: {"revoked": 8},
    Verdict.NOT_YET_SEALED: {"sealed": False},
    Verdict.VALID_BUT_SUSPENDED: {"suspended": 8},
    Verdict.VALID_BUT_SUPERSEDED: {"superseded": 8},
    Verdict.VALID_BUT_ACT_MODIFIED: {"modified": ("acta/hcd/2026/ord/1",)},
}


def test_all_proved_is_valid() -> None:
    """A certificate of which everything was proved is VALID and nothing is left unchecked."""
    conclusion = conclude(GOOD)
    assert conclusion.verdicts == (Verdict.VALID,)
    assert conclusion.not_checked == ()
    assert {conclusion.integrity, conclusion.authenticity, conclusion.inclusion} == {Outcome.PROVED}
    assert {conclusion.currency, conclusion.completeness} == {Outcome.PROVED}


def test_unknown_object_says_nothing_else() -> None:
    """What does not stand in the ledger is UNKNOWN_OBJECT alone, whatever else the facts say."""
    conclusion = conclude(replace(GOOD, known=False, revoked=8))
    assert conclusion.verdicts == (Verdict.UNKNOWN_OBJECT,)
    assert len(conclusion.not_checked) == 5


@pytest.mark.parametrize("verdict", BREAKS)
def test_each_break_gives_its_verdict(verdict: Verdict) -> None:
    """One broken fact gives exactly its verdict, and never VALID beside it."""
    conclusion = conclude(replace(GOOD, **BREAKS[verdict]))  # type: ignore[arg-type]
    assert conclusion.verdicts == (verdict,)


@pytest.mark.parametrize("pair", list(combinations(BREAKS, 2)), ids=lambda pair: f"{pair[0]}+{pair[1]}")
def test_all_that_hold_are_listed_by_precedence(pair: tuple[Verdict, Verdict]) -> None:
    """Two broken facts give both verdicts, the one that goes before first."""
    first, second = pair
    conclusion = conclude(replace(GOOD, **BREAKS[first], **BREAKS[second]))  # type: ignore[arg-type]
    assert conclusion.verdicts == (first, second)
    assert conclusion.headline is first


def test_nothing_unchecked_is_called_valid() -> None:
    """Without the signature or the inclusion looked at, there is no headline, and the report names what is missing."""
    assert conclude(replace(GOOD, signed=None)).headline is None
    unsealed = conclude(replace(GOOD, consistent=None, sealed=None))
    assert unsealed.headline is None
    assert unsealed.not_checked == ("inclusion",)


def test_a_key_compromised_later_leaves_earlier_acts_alone() -> None:
    """An act before `compromised_from` does not carry the mark (format.md §5: nothing is retroactive)."""
    assert conclude(replace(GOOD, compromised_from=8)).verdicts == (Verdict.VALID,)


def test_offline_currency_is_not_proved() -> None:
    """Where nobody looked for later acts, currency is not checked; a later act found anyway fails it."""
    assert conclude(replace(GOOD, current=False)).currency is Outcome.NOT_CHECKED
    assert conclude(replace(GOOD, current=False, revoked=8)).currency is Outcome.FAILED


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_its_sentences(verdict: Verdict) -> None:
    """Each verdict has a plain sentence and a next step in both languages."""
    assert has(verdict.code)
    assert has(f"{verdict.code}-next")
