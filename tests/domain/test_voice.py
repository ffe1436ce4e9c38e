"""Whose word an act is: an attribute of its type, read by verifier and registries alike (format.md §3)."""

from __future__ import annotations

import pytest

from ledger.acts import act_types
from ledger.acts.base import SEAT, voice_of
from ledger.acts.session import MemberRecused

RECUSED = MemberRecused(body="hcd", year=2026, series="ord", session=1, item=1, seat="obrero-2")


def test_imports_and_only_they_speak_for_another_source() -> None:
    """The name and the attribute say the same of every type."""
    for name, cls in act_types().items():
        assert (cls.voice == "imported") == name.partition("/")[0].endswith("Imported"), name


def test_who_may_only_sign_for_his_own_seat_speaks_in_his_own_voice() -> None:
    """A type that nobody but the seat's holder signs is his own; one that others may sign too is by the signer."""
    for name, cls in act_types().items():
        if SEAT in cls.may_sign:
            assert cls.voice == ("own" if cls.may_sign == (SEAT,) else "seat"), name


@pytest.mark.parametrize(
    ("office", "voice"),
    [
        ("designation/hcd/obrero-2/1", "own"),
        ("designation/hcd/obrero-21/1", "attested"),
        ("designation/otro/obrero-2/1", "attested"),
        ("designation/hcd/secretaria/1", "attested"),
    ],
)
def test_a_word_of_a_seat_is_own_where_its_holder_signs(office: str, voice: str) -> None:
    """The secretary may attest what a member says; the member may say it himself."""
    assert voice_of(RECUSED, office) == voice
