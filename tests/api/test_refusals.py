"""The record of refusals: counted by rule, kept over a restart, without a personal datum."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api import journal
from api.refusals import Refusals
from ledger.acts.vote import BallotCast
from ledger.compose import Desk, Officer
from ledger.crypto.keys import PrivateKey
from ledger.ids import ZERO_HASH

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from ledger.statement import SignedAct

AT = datetime(2026, 7, 29, 16, 0, tzinfo=UTC)


class _Heads:
    origin = "actas.idss.example/acervo"

    def stream_head(self, _stream: str) -> tuple[int, str]:
        return 0, ZERO_HASH


def ballot() -> SignedAct:
    """Return a signed ballot."""
    act = BallotCast(body="hcd", year=2026, series="ord", session=7, vote=1, seat="obrero-2", choice="favor")
    officer = Officer(PrivateKey.generate(), "designation/hcd/obrero-2/1")
    return Desk(_Heads(), lambda: "2026-07-29T10:00:00-06:00").sign(act, officer)


def test_a_refusal_is_kept_without_key_office_or_text(tmp_path: Path) -> None:
    """The line has instant, code, types and the statement's hash, and nothing of who signed."""
    act = ballot()
    kept = Refusals(tmp_path / "logs" / "refusals.jsonl")
    kept.note([act], "not-in-office", AT)
    line = json.loads((tmp_path / "logs" / "refusals.jsonl").read_text())
    assert line == {
        "at": "2026-07-29T16:00:00.000000Z",
        "code": "not-in-office",
        "types": ["BallotCast/1"],
        "statements": [act.statement.sha256],
    }
    assert kept.counts() == {"total": 1, "votes": 1, "by_code": {"not-in-office": 1}}


def test_counts_go_on_after_a_restart_and_a_cut_line(tmp_path: Path) -> None:
    """What the file has is counted again; a line that a kill cut off is not."""
    path = tmp_path / "refusals.jsonl"
    Refusals(path).note([ballot()], "not-eligible", AT)
    with path.open("a") as file:
        file.write('{"at":"2026')
    assert Refusals(path).counts() == {"total": 1, "votes": 1, "by_code": {"not-eligible": 1}}


def test_a_grown_file_is_set_aside_and_a_full_disk_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One older file is kept; where nothing can be written the refusal is counted all the same."""
    path = tmp_path / "refusals.jsonl"
    monkeypatch.setattr(journal, "MAX_BYTES", 10)
    kept = Refusals(path)
    for _ in range(3):
        kept.note([ballot()], "no-quorum", AT)
    assert path.with_name("refusals.jsonl.1").exists()
    assert len(path.read_text().splitlines()) == 1
    blocked = Refusals(path / "no" / "directory")
    blocked.note([ballot()], "no-quorum", AT)
    assert blocked.counts()["total"] == 1
