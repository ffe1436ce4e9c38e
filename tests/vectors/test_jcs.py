"""RFC 8785 by the vectors of its authors: a reference writer against them, ours against both."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import pytest

from ledger.crypto import canonical
from ledger.errors import UntrustedInputError
from tests.kit.jcs import number, reference
from tests.kit.shared import shared

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.vectors
DATA = shared("vectors/jcs/testdata")
NAMES = sorted(path.stem for path in (DATA / "input").glob("*.json"))


def _read(name: str) -> Any:
    return json.loads((DATA / "input" / f"{name}.json").read_bytes())


def _parts(value: Any) -> Iterator[Any]:
    yield value
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _parts(member)


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_writes_the_vector(name: str) -> None:
    """Our second writer gives the authors' bytes, as text and as hex, for every vector."""
    raw = reference(_read(name))
    assert raw == (DATA / "output" / f"{name}.json").read_bytes()
    assert raw == bytes.fromhex((DATA / "outhex" / f"{name}.txt").read_text(encoding="ascii"))


@pytest.mark.parametrize("name", NAMES)
def test_the_ledger_writes_the_same_or_refuses(name: str) -> None:
    """Every value within a vector is written by the ledger as by the reference, or is outside the format's model."""
    written = 0
    for part in _parts(_read(name)):
        try:
            raw = canonical.dumps(part)
        except UntrustedInputError:
            continue
        written += 1
        assert raw == reference(part)
        assert canonical.loads(raw, len(raw)) == part
    assert written


@pytest.mark.parametrize("name", NAMES)
def test_the_ledger_reads_no_other_spelling(name: str) -> None:
    """The vectors' inputs, written with spaces and escapes, are refused even where their values are of the model."""
    with pytest.raises(UntrustedInputError):
        canonical.loads((DATA / "input" / f"{name}.json").read_bytes(), 4096)


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
    ],
)
def test_numbers_of_appendix_b(bits: str, text: str) -> None:
    """The reference writes the numbers of RFC 8785, Appendix B, so that what it says of floats can be believed."""
    assert number(struct.unpack(">d", bytes.fromhex(bits))[0]) == text
