"""Ed25519 where verifiers legitimately differ (C2SP/CCTV): the ledger follows format.md §4 and says so here.

The rule: RFC 8032 §5.1.7 without cofactor, S < L, canonical A and R. In the vectors' words a signature verifies if
and only if neither key nor R is non-canonical and no low-order residue is left. Keys of small order verify, for
what was signed stays what it is, but are refused at enrolment.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.crypto.keys import PublicKey
from ledger.errors import UntrustedInputError
from tests.kit.shared import shared

pytestmark = pytest.mark.vectors
CASES: list[dict[str, Any]] = json.loads(shared("vectors/ed25519-cctv/ed25519/ed25519vectors.json").read_bytes())
SPKI_HEAD = bytes.fromhex("302a300506032b6570032100")
REFUSED = {"low_order_residue", "non_canonical_A", "non_canonical_R"}


def _flags(case: dict[str, Any]) -> set[str]:
    return set(case["flags"] or ())


def _key(case: dict[str, Any]) -> PublicKey | None:
    try:
        return PublicKey.from_spki(SPKI_HEAD + bytes.fromhex(case["key"]))
    except UntrustedInputError:
        return None


def test_verification_follows_the_rule() -> None:
    """All 914 signatures are judged by the stated rule, and both verdicts occur."""
    accepted = 0
    for case in CASES:
        key = _key(case)
        ours = key is not None and key.verify(bytes.fromhex(case["sig"]), case["msg"].encode())
        assert ours == (not _flags(case) & REFUSED), case["number"]
        accepted += ours
    assert (len(CASES), accepted) == (914, 172)


def test_keys_that_are_not_canonical_are_not_read() -> None:
    """A key is refused on reading exactly where the vectors call it non-canonical."""
    for case in CASES:
        assert (_key(case) is None) == ("non_canonical_A" in _flags(case)), case["number"]


def test_enrolment_refuses_small_order() -> None:
    """A key that can be read is refused at enrolment exactly where the vectors call it of low order."""
    refused = 0
    for case in CASES:
        key = _key(case)
        if key is None:
            continue
        if "low_order_A" in _flags(case):
            refused += 1
            with pytest.raises(UntrustedInputError) as refusal:
                key.check_enrollable()
            assert refusal.value.code == "small-order-key"
        else:
            key.check_enrollable()
    assert refused
