"""Fresh receipts out of what is known already: the same proofs as from the database, with hardly a question to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from api.nodes import RecentNodes
from ledger.crypto.merkle import cover
from ledger.receipts import make_receipts
from tests.kit.log import LOG_KEY, MemoryLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.crypto.merkle import Coord


class Counting(MemoryLog):
    """A log that counts how often nodes are asked for."""

    asked = 0

    def nodes(self, coords: Iterable[Coord]) -> Mapping[Coord, bytes]:
        self.asked += 1
        return super().nodes(coords)


@settings(max_examples=30)
@given(st.integers(0, 300), st.lists(st.integers(1, 40), min_size=1, max_size=12), st.integers(4, 400))
def test_receipts_are_the_databases_own(before: int, groups: list[int], most: int) -> None:
    """Whatever stood before, in groups of any size, with any memory: the same receipts, which verify."""
    log = Counting(b"entry %d" % n for n in range(before))
    recent = RecentNodes(log, most)
    size = before
    for group in groups:
        entries = {n: b"entry %d" % n for n in range(size, size + group)}
        log.extend(entries.values())
        size += group
        for index, entry in entries.items():
            recent.learn(index, entry)
        receipts = make_receipts(entries, log.checkpoint(), recent)
        assert receipts == make_receipts(entries, log.checkpoint(), log)
        for receipt in receipts:
            receipt.verify([LOG_KEY.verifier])


def test_one_after_the_other_asks_hardly_ever() -> None:
    """Acts recorded one by one: after the first, no receipt asks the database for nodes."""
    log = Counting(b"entry %d" % n for n in range(1000))
    recent = RecentNodes(log)
    for n in range(1000, 1600):
        log.extend([b"entry %d" % n])
        recent.learn(n, b"entry %d" % n)
        make_receipts({n: b"entry %d" % n}, log.checkpoint(), recent)
    assert log.asked <= 2


def test_what_was_forgotten_is_asked_again() -> None:
    """Forgetting empties the memory; the rest of the reader is the log's own."""
    log = Counting([b"a", b"b", b"c"])
    recent = RecentNodes(log)
    assert recent.nodes(cover(0, 3)) == log.nodes(cover(0, 3))
    asked = log.asked
    recent.nodes(cover(0, 3))
    assert log.asked == asked
    recent.forget()
    recent.nodes(cover(0, 3))
    assert log.asked == asked + 1
    assert recent.origin() == log.origin()
    assert recent.head(0, 3) == log.head(0, 3)
    assert recent.entries(0, 2) == log.entries(0, 2)
    assert recent.node_range(0, 0, 3) == log.node_range(0, 0, 3)
