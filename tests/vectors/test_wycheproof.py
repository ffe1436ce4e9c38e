"""Signature edge cases of Wycheproof, each decided as its authors say."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from ledger.crypto.keys import PublicKey
from ledger.errors import UntrustedInputError
from tests.kit.shared import shared

pytestmark = pytest.mark.vectors
FILES = shared("vectors/wycheproof/testvectors_v1")


SMALL_EXPONENT = "SmallPublicKey"
"""RSA with e = 3, which Wycheproof tries as well: format.md §4 reads no such key."""


def _verdicts(name: str) -> list[tuple[dict[str, Any], bool]]:
    """Return each case of a file with our verdict; a key that is not read verifies nothing."""
    document = json.loads((FILES / name).read_bytes())
    verdicts = []
    for group in document["testGroups"]:
        try:
            key = PublicKey.from_spki(bytes.fromhex(group["publicKeyDer"]))
        except UntrustedInputError:
            verdicts += [(case, False) for case in group["tests"]]
            continue
        verdicts += [
            (case, key.verify(bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))) for case in group["tests"]
        ]
    assert len(verdicts) == document["numberOfTests"]
    return verdicts


@pytest.mark.parametrize(
    ("name", "accepted", "refused", "small_exponent"),
    [
        ("ed25519_test.json", 88, 63, 0),
        ("ecdsa_secp256r1_sha256_test.json", 174, 310, 0),
        ("rsa_signature_2048_sha256_test.json", 7, 250, 2),
    ],
)
def test_verdicts(name: str, accepted: int, refused: int, small_exponent: int) -> None:
    """What the authors call valid is accepted and all else refused, also the RSA padding they call acceptable."""
    counts = Counter[str]()
    for case, ours in _verdicts(name):
        if SMALL_EXPONENT in case["flags"]:
            counts["small exponent"] += 1
            assert not ours, case["tcId"]
            continue
        assert ours == (case["result"] == "valid"), (case["tcId"], case["result"], case["comment"])
        counts["accepted" if ours else "refused"] += 1
    assert (counts["accepted"], counts["refused"], counts["small exponent"]) == (accepted, refused, small_exponent)
