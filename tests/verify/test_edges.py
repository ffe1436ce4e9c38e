"""Strange data, forgotten states, odd comparisons: the corners that no lawful ledger reaches."""

from __future__ import annotations

import json
import runpy
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.agreement import AgreementImported
from ledger.acts.body import BodyRulesAdopted, MajorityRule, Rules
from ledger.acts.session import SessionImported
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.acts.trust import PersonRegistered, RulesAdopted
from ledger.crypto import disclosure
from ledger.domain import registry
from ledger.errors import UntrustedInputError
from ledger.log.proof import Proof
from ledger.verify import history, standalone
from ledger.verify.bundle import Bundle
from ledger.verify.outcome import MAX_REMARKS_LISTED, Outcome, Remark
from ledger.verify.ranges import spkis_of
from ledger.verify.sample import TileNodes
from ledger.verify.standalone import stream_of
from ledger.verify.times import check_anchors
from tests.kit.books import LOG_KEY, Book, found
from tests.kit.bundles import MEMBERS, Council, lawful
from tests.kit.judges import Verdict, ran
from tests.kit.log import LOG_KEY as ALIEN_KEY
from tests.kit.log import MemoryLog
from tests.verify.test_tampering import judged, replaced
from tests.verify.test_tree import large, tampered

if TYPE_CHECKING:
    from ledger.domain.world import World


def test_older_partial_bundles_of_entries(tmp_path: Path) -> None:
    """What a live log left behind is tolerated where it is a beginning of the same, and noticed where it is not."""
    book = large(5)
    path = book.export(tmp_path / "log")
    old = book.copy()
    del old.entries[3:]
    before = old.export(tmp_path / "old")
    (path / "tile/entries/000.p/3").write_bytes((before / "tile/entries/000.p/3").read_bytes())
    assert not Verdict(path).hits
    (path / "tile/entries/000.p/3").write_bytes(b"x")
    assert Verdict(path).hits == {(4, "tile-differs", 0, "tile/entries/000.p/3")}


def test_order_across_entry_bundles(tmp_path: Path) -> None:
    """`recorded_at` may not decrease from one bundle to the next either."""
    book = large(258)
    replaced(book, 255, stamp="2026-01-14T16:00:00.000000Z")
    assert judged(tmp_path, book).hits == {(6, "recorded-decreases", 256, "")}


# -- entries that make no sense ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "payload",
    [
        b'{"data":{"officers":5,"spki":7},"type":"KeyEnrolled/1"}',
        b'{"data":{"spki":"%%%"},"type":"KeyEnrolled/1"}',
        b'{"data":[],"type":"KeyEnrolled/1"}',
        b'{"data":{"spki":"AAAA"},"type":"KeyEnrolled/1"}',
        b'["KeyEnrolled/1"]',
    ],
)
def test_keys_are_looked_for_in_anything(tmp_path: Path, payload: bytes) -> None:
    """An entry that only looks like an enrolment breaks nothing and enrols nothing."""
    book = found(Book())
    index = book.put(payload, "0" * 64, b"x")
    assert judged(tmp_path, book).indexes() == {index}
    assert list(spkis_of(b"{}")) == []


def test_entry_0_that_cannot_be_read(tmp_path: Path) -> None:
    """A ledger whose founding is no statement: everything that should hang on it is a finding."""
    book = Book()
    book.put(b'{ "type": "LedgerFounded/1" }', "0" * 64, b"x")
    book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    verdict = judged(tmp_path, book)
    assert verdict.found(7, "key-not-in-ledger", 1)
    assert 6 in verdict.steps()


def test_a_rule_that_fails_is_a_finding_not_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of a rule on strange data names the entry and lets the verification go on."""
    book = found(Book())
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    path = book.export(tmp_path / "log")

    def fails(state: Any, signed: Any, world: World) -> None:
        raise ZeroDivisionError(state, signed.index, world.origin)

    person = registry.AGGREGATES["person"]
    monkeypatch.setitem(registry.AGGREGATES, "person", registry.Aggregate(fails, person.evolve, person.segments))
    report = json.loads(ran(path, "--json")[1])
    assert [(f["step"], f["code"], f["index"]) for f in report["findings"]] == [(10, "rule-failed", index)]


def test_remarks_and_gaps_of_sources_are_told(tmp_path: Path) -> None:
    """What rules remark, and what an import's source lacks, stands in the report; imports are named as such."""
    council = Council().constitute()
    book = council.book
    made: dict[str, Any] = {"body": "cd", "year": 2026, "number": 1, "adopted_on": "2026-01-05", "identifier": "1/2026"}
    book.say(AgreementImported(**made, provenance="DATASET", source_sha256="a" * 64, row=1), "ana", "ledger")
    place: dict[str, Any] = {"body": "cd", "year": 2026, "series": "ord", "session": 1}
    book.say(SessionImported(**place, held_on="2026-01-05", source_sha256="a" * 64, row=1), "ana", "ledger")
    rules = Rules(majorities={"simple": MajorityRule()})
    book.say(BodyRulesAdopted(body="cd", profile="X", rules=rules, valid_from="2026-01-04"), "ana", "ledger")
    verdict = Verdict(book.bundle(tmp_path / "b"))
    assert not verdict.hits
    assert verdict.report["remarked"]["imported"] == 2
    assert verdict.report["remarked"]["rules-retroactive"] == 1
    assert verdict.report["lacking"]["agreement-vote"] == 1


def test_the_stream_of_an_erasure(tmp_path: Path) -> None:
    """Named after its first disclosure, in both verifiers; what no stream can be made of is in no stream."""
    book = found(Book())
    erased = ErasedDisclosure(index=0, name="institution", digest=disclosure.digest("x"))
    act = PersonalDataErased(disclosures=(erased,), ground="court-order", irrecoverable_on="2026-02-01")
    book.say(act, "ana", "ledger")
    assert 9 not in judged(tmp_path, book).steps()
    assert stream_of("PersonalDataErased/1", {"disclosures": []}) == ""
    assert stream_of("Nothing/1", {}) is None


# -- forgetting -----------------------------------------------------------------------------------------------------


def test_forgotten_states_are_folded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With next to no memory the report is the same: heads and states come back from the bytes."""
    council = lawful().convene().open().called()
    council.declare(1, len(MEMBERS))
    path = council.book.bundle(tmp_path / "b")
    before = ran(path, "--json")
    for name in ("MAX_HEADS", "MAX_STATES", "MAX_BUNDLES"):
        monkeypatch.setattr(history, name, 0)
    assert ran(path, "--json") == before
    assert json.loads(before[1])["findings"] == []


def test_bytes_that_change_under_a_forgotten_head() -> None:
    """A void entry whose place cannot be read a second time: the input changed."""
    payload = b'{ "stream": "x", "version": 1 }'
    book = Book()
    book.put(payload, "0" * 64, b"x")
    kept = history.History(lambda _: b"\0\2{}", 1)
    kept.take(0, history.lenient_place(book.entries[0]), hard=True)
    kept._heads.drop("x")
    with pytest.raises(UntrustedInputError, match="input-changed"):
        kept.head("x")
    assert history.lenient_statement(book.entries[0])[1] == sha256(payload).hexdigest()
    assert Bundle.__enter__ is not None


# -- comparing --------------------------------------------------------------------------------------------------------


def test_diff_of_two_logs_of_one_operator(tmp_path: Path) -> None:
    """Another origin under a trusted key is another log; an unreadable entry is listed as such."""
    book = found(Book())
    book.put(b"{}", "0" * 64, b"x")
    new = book.export(tmp_path / "new")
    (tmp_path / "old").write_bytes(book.checkpoint(1))
    assert json.loads(ran("diff", tmp_path / "old", new, "--json")[1].splitlines()[1])["code"]


def test_diff_of_another_origin(tmp_path: Path) -> None:
    """A policy may trust two logs; a checkpoint of the one is no beginning of the other."""
    book = lawful().book
    (tmp_path / "policy").write_text(f"log {LOG_KEY.verifier.vkey}\nlog {ALIEN_KEY.verifier.vkey}\nquorum none\n")
    (tmp_path / "old").write_text(MemoryLog(book.entries).checkpoint(3))
    answer = ran("diff", tmp_path / "old", book.export(tmp_path / "new"), "--json", f"--policy={tmp_path / 'policy'}")
    assert answer[0] == 1
    assert json.loads(answer[1])["code"] == "other-origin"


def test_diff_of_tiles_that_are_damaged(tmp_path: Path) -> None:
    """The same entries under damaged tiles: nothing is proved, and no entry differs."""
    book = lawful().book
    new = book.export(tmp_path / "new")
    old = book.copy()
    del old.entries[30:]
    (new / "tile/0/000.p/34").write_bytes(bytes(34 * 32))
    answer = json.loads(ran("diff", old.export(tmp_path / "old"), new, "--json")[1])
    assert answer["code"] == "consistency-not-proved"
    assert answer["first_difference"] is None


def test_an_excerpt_with_a_proof_of_another_log(tmp_path: Path) -> None:
    """A proof under another trusted log is no proof for this one."""
    book = lawful().book
    (tmp_path / "policy").write_text(f"log {LOG_KEY.verifier.vkey}\nlog {ALIEN_KEY.verifier.vkey}\nquorum none\n")
    path = book.excerpt(tmp_path / "e", (0,), unpacked=True)
    proof = Proof.parse((path / "proofs/0.tlog-proof").read_text())
    note = MemoryLog(book.entries).checkpoint()
    tampered(path, "proofs/0.tlog-proof", Proof(0, proof.hashes, note).format().encode())
    assert Verdict(path, policy=tmp_path / "policy").found(3, "other-origin", 0)


def test_reports_of_what_is_hardly_there(tmp_path: Path) -> None:
    """An empty ledger and an unreadable checkpoint are reported in words."""
    assert "está vacío" in ran(Book().bundle(tmp_path / "empty"))[1]
    path = found(Book()).export(tmp_path / "log")
    (path / "checkpoint").write_text("x")
    code, text = ran(path)
    assert code == 1
    assert "no hay punto de control" in text


def test_a_flood_of_remarks_is_counted() -> None:
    """Listed up to a limit, counted without one."""
    outcome = Outcome()
    for index in range(500):
        outcome.remark(Remark("imported", index))
    assert len(outcome.remarks) == MAX_REMARKS_LISTED
    assert outcome.remarked["imported"] == 500


def test_anchors_before_what_cannot_be_read(tmp_path: Path) -> None:
    """An entry without a readable stamp after an anchor, and a time that no calendar holds, bound nothing."""
    outcome = Outcome()
    with Bundle.open(found(Book()).bundle(tmp_path / "b")) as opened:
        check_anchors(opened, outcome, [(1, 10), (2, 10**15)], {1: "", 2: ""}, simulated=False)
    assert outcome.steps[12].counts["witness-times"] == 2
    assert not outcome.remarks


def test_nodes_that_no_tile_holds(tmp_path: Path) -> None:
    """A subtree that is not complete at this size is in no tile."""
    with Bundle.open(found(Book()).bundle(tmp_path / "b")) as opened, pytest.raises(UntrustedInputError, match="tile-"):
        TileNodes(opened, 1)(1, 0)


def test_the_first_reason_to_stop_is_told(tmp_path: Path) -> None:
    """An unknown type after an unknown edition changes nothing."""
    book = found(Book())
    index = book.say(RulesAdopted(edition=2, sha256="a" * 64), "ana", "ledger")
    book.say(PersonRegistered(person="p-x"), "ana", "ledger", type="Later/1")
    book.entries.append(b"")
    verdict = judged(tmp_path, book)
    assert verdict.report["stopped"] == [index + 1, "edition-unknown"]


def test_digests_are_looked_up_past_unreadable_entries(tmp_path: Path) -> None:
    """An entry that cannot be read does not hide a digest that stands twice."""
    book = lawful().book
    book.put(b"{}", "0" * 64, b"x")
    digests = {"name": disclosure.digest(next(iter(book.opened[1].values())))}
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", digests=digests)
    assert judged(tmp_path, book).found(11, "digest-repeated", index)


def test_tiles_wider_than_the_tree(tmp_path: Path) -> None:
    """At every level: a tile with more than the tree has is beyond it."""
    path = large(300).export(tmp_path / "log")
    (path / "tile/1/000.p/2").write_bytes(bytes(64))
    assert Verdict(path).found(4, "tile-beyond-tree", 0)


def test_what_python_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -m ledger.verify` and the single file hand their arguments on and exit with the verdict."""
    monkeypatch.setattr(sys, "argv", ["ledger.verify", "absent"])
    for name in ("__main__.py", "standalone.py"):
        file = Path(standalone.__file__).with_name(name)
        runpy.run_path(str(file), run_name="imported")
        with pytest.raises(SystemExit) as done:
            runpy.run_path(str(file), run_name="__main__")
        assert done.value.code == 2
