"""Where other people's tools accept a signed paper with one byte changed; ours refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.signing import parse
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.paper import authority, judged, pdfsig_accepts, signed_by_two
from tests.kit.sweep import SWEPT, sweep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_what_other_tools_let_pass_is_refused(tmp_path: Path, shown: Callable[[str, str, int], None]) -> None:
    """The sweep again, asking Poppler's pdfsig and pyHanko too: their offsets are printed, ours are none."""
    signed = signed_by_two(tmp_path)
    trust = Trust(roots=(Certificate.parse(authority().root.der),))
    passed: dict[str, list[int]] = {"acervo": [], "pdfsig": [], "pyHanko": []}
    for place, changed in sweep(signed):
        passed["acervo"] += [place] * _ours(changed, trust)
        passed["pdfsig"] += [place] * pdfsig_accepts(changed, tmp_path)
        passed["pyHanko"] += [place] * _pyhanko(changed)
    ends = [signature.covers for signature in parse(signed).signatures]
    title = f"of {SWEPT} single bytes changed in a paper of {len(signed)}, revisions ending at {ends}, let pass"
    for tool, places in passed.items():
        shown(title, f"{tool:<8} {len(places):>5}  {sorted(places)}", len(places))
    assert passed["acervo"] == []


def _ours(pdf: bytes, trust: Trust) -> bool:
    try:
        return check_pdf(pdf, trust).exit_code(self_contained=True) == 0
    except UntrustedInputError:
        return False


def _pyhanko(pdf: bytes) -> bool:
    try:
        return judged(pdf, authority().root) == [(True, False), (True, True)]
    except Exception:  # noqa: BLE001  whatever it raises, it did not accept
        return False
