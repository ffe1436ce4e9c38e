"""Excerpts: single acts with their proofs, mutated; both verifiers notice, and neither promises more than it proves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ledger.acts.trust import PersonRegistered
from ledger.log.proof import Proof
from tests.kit.books import OTHER_LOG_KEY, Book, found
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict
from tests.kit.log import MemoryLog
from tests.verify.test_tampering import replaced
from tests.verify.test_tree import tampered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHOWN = (0, 1, 2, 3, 20, 33)


@pytest.fixture
def excerpt(tmp_path: Path) -> Path:
    """An unpacked excerpt of some acts of a lawful ledger."""
    return lawful().book.excerpt(tmp_path / "e", SHOWN, unpacked=True)


def test_an_excerpt_names_what_it_does_not_support(excerpt: Path) -> None:
    """V4, V5, V8–V10, V12 and V13 are not checked; acts whose key's enrolment is left out say so."""
    verdict = Verdict(excerpt)
    assert {hit[1] for hit in verdict.hits} == {"key-not-in-ledger"}, "the secretary's key is not in the excerpt"
    unchecked = {step for step, value in verdict.report["steps"].items() if ["excerpt", ""] in value["not_checked"]}
    assert unchecked == {"V4", "V5", "V8", "V9", "V10", "V12", "V13"}


@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof.replace("index 20", "index 21"),
        lambda proof: proof.replace("tlog-proof@v1", "tlog-proof@v2"),
        lambda proof: proof[: proof.index("\n\n")].rsplit("\n", 1)[0] + proof[proof.index("\n\n") :],
        lambda proof: Proof(20, Proof.parse(proof).hashes[::-1], Proof.parse(proof).note).format(),
        lambda proof: Proof(20, Proof.parse(proof).hashes, Proof.parse(proof).note, b"other").format(),
        lambda proof: proof.replace("\n34\n", "\n35\n"),
        lambda _: "",
    ],
)
def test_a_proof_that_proves_nothing(excerpt: Path, change: Callable[[str], str]) -> None:
    """Whatever is wrong with a proof, its act is not shown to be in the ledger."""
    name = "proofs/20.tlog-proof"
    tampered(excerpt, name, change((excerpt / name).read_text()).encode())
    verdict = Verdict(excerpt)
    assert {hit[2] for hit in verdict.hits if hit[0] == 3} == {20}


def test_an_act_that_was_changed(tmp_path: Path) -> None:
    """Another entry under the same proof is neither signed nor in the ledger."""
    book = lawful().book
    path = book.excerpt(tmp_path / "e", SHOWN, unpacked=True)
    replaced(book, 20, stamp="2026-01-14T15:00:20.000001Z")
    tampered(path, "entries/20.json", book.entries[20])
    assert Verdict(path).found(3, "proof-of-another", 20)


def test_an_act_without_its_proof(excerpt: Path) -> None:
    """Each act comes with a proof; a proof without its act proves nothing and is remarked."""
    tampered(excerpt, "proofs/20.tlog-proof", None)
    assert Verdict(excerpt).found(3, "proof-missing", 20)
    tampered(excerpt, "proofs/21.tlog-proof", b"x")
    assert Verdict(excerpt).report["remarked"]["proof-without-entry"] == 1


def test_a_proof_under_somebody_elses_checkpoint(excerpt: Path) -> None:
    """A proof is under a checkpoint of the same log, signed by a trusted key."""
    name = "proofs/0.tlog-proof"
    proof = Proof.parse((excerpt / name).read_text())
    book = lawful().book
    for note in (book.checkpoint(None, OTHER_LOG_KEY).decode(), MemoryLog(book.entries).checkpoint()):
        tampered(excerpt, name, Proof(0, proof.hashes, note).format().encode())
        assert {hit[2] for hit in Verdict(excerpt).hits if hit[0] == 3} == {0}


def test_an_excerpt_without_a_policy(excerpt: Path) -> None:
    """Nobody knows whose signature it should bear."""
    tampered(excerpt, "policy.txt", None)
    verdict = Verdict(excerpt)
    assert {0, 20} <= {hit[2] for hit in verdict.hits if hit[0] == 3}


def test_acts_of_an_excerpt_are_in_order(tmp_path: Path) -> None:
    """`recorded_at` does not decrease among the acts shown either."""
    book = found(Book())
    for name in ("p-a", "p-b"):
        book.say(PersonRegistered(person=name), "ana", "ledger")
    replaced(book, 1, stamp="2026-01-14T15:03:00.000000Z")
    assert Verdict(book.excerpt(tmp_path / "e", (0, 1, 2))).found(6, "recorded-decreases", 2)
