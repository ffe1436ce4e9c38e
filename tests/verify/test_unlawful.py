"""Histories that no server would have recorded: composed without `check`, each found by its own rule's code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSigned
from ledger.acts.body import BodyRegistered
from ledger.acts.certification import CertificationIssued, CertifiedObject
from ledger.acts.designation import DesignationEnded
from ledger.acts.session import AgendaEntry, AttendanceRecorded, SessionCancelled, SessionConvened, SessionOpened
from ledger.acts.trust import (
    EntryAcknowledged,
    KeyAccepted,
    KeyEnrolled,
    KeyRevoked,
    LogKeyAnnounced,
    PersonRegistered,
    RulesAdopted,
    SeriesOpened,
)
from ledger.acts.vote import CastingVoteExercised, RollCallRecorded, VoteClosed
from ledger.crypto.merkle import leaf_hash
from ledger.ids import write_instant
from tests.kit.bundles import MEMBERS, MEXICO, OTHER_LOG_KEY, Book, Council, enrol, found, key, lawful, spki64
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def session() -> Council:
    """Return a council in an open session at item 1."""
    return Council().constitute().convene().open()


def _vote_without_quorum() -> tuple[Council, int, str]:
    council = session()
    council.by("secretaria", AttendanceRecorded(**council.place, departures=("vocal-1", "vocal-2")))
    return council, council.open_vote(present=("presidencia",)), "no-quorum"


def _false_quorum() -> tuple[Council, int, str]:
    council = Council().constitute().convene()
    index = council.book.size + 1
    return council.open(base=2, required=1), index, "quorum-mismatch"


def _opened_without_quorum() -> tuple[Council, int, str]:
    council = Council().constitute().convene()
    return council, council.by("presidencia", SessionOpened(**council.place)), "quorum-not-declared"


def _expired_member() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    ended = write_instant(council.book.now.astimezone(MEXICO) - timedelta(hours=1))
    act = DesignationEnded(body="cd", seat="vocal-1", number=1, ended_at=ended, cause="resigned")
    council.book.say(act, "ana", "ledger")
    return council, council.ballot("vocal-1"), "not-in-office"


def _wrong_tally() -> tuple[Council, int, str]:
    council = session().called()
    return council, council.declare(1, 2, 1), "tally-mismatch"


def _wrong_result() -> tuple[Council, int, str]:
    council = session().called(favor=())
    return council, council.declare(1, 0, 0, "approved"), "result-mismatch"


def _number_gap() -> tuple[Council, int, str]:
    council = session().balloted()
    return council, council.adopt(2), "number-gap"


def _unauthorised_signer() -> tuple[Council, int, str]:
    council = Council().constitute()
    begins = write_instant(council.book.now.astimezone(MEXICO))
    items = (AgendaEntry(item=1, item_kind="decision"),)
    council.session = 1
    act = SessionConvened(**council.place, begins_at=begins, modality="remota", items=items)
    return council, council.by("vocal-1", act), "not-authorised"


def _somebody_elses_office() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    return council, council.ballot("vocal-1", office=council.office("vocal-2")), "not-in-office"


def _member_acts_as_founder() -> tuple[Council, int, str]:
    council = Council().constitute()
    act = BodyRegistered(body="otro", body_kind="council")
    return council, council.book.say(act, "vocal-1", "ledger"), "not-in-office"


def _second_ballot() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    council.ballot("vocal-1")
    return council, council.ballot("vocal-1", choice="contra"), "ballot-already-cast"


def _ballot_after_the_close() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    for seat in MEMBERS[:2]:
        council.ballot(seat)
    council.by("secretaria", VoteClosed(**council.place, vote=1, ballots=2))
    return council, council.ballot("vocal-2"), "vote-closed"


def _ballots_miscounted() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    council.ballot("vocal-1")
    return council, council.by("secretaria", VoteClosed(**council.place, vote=1, ballots=3)), "ballot-count"


def _ballot_without_the_vote() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    return council, council.ballot("vocal-1", basis=[]), "basis-missing"


def _vote_on_another_item() -> tuple[Council, int, str]:
    council = session()
    return council, council.open_vote(item=2), "item-not-open"


def _a_casting_vote_that_nobody_granted() -> tuple[Council, int, str]:
    council = session().called(favor=())
    act = CastingVoteExercised(**council.place, vote=1, choice="favor")
    return council, council.by("presidencia", act), "no-casting-vote"


def _roll_call_of_a_stranger() -> tuple[Council, int, str]:
    council = session()
    council.open_vote(1, "roll-call")
    act = RollCallRecorded(**council.place, vote=1, favor=("secretaria",))
    return council, council.by("secretaria", act), "not-eligible"


def _agreement_from_a_rejected_vote() -> tuple[Council, int, str]:
    council = session().called(favor=MEMBERS[:1])
    act = {"favor": 1, "contra": 0, "result": "rejected"}
    council.declare(1, **act)  # type: ignore[arg-type]
    return council, council.adopt(), "vote-not-approved"


def _agreement_before_the_declaration() -> tuple[Council, int, str]:
    council = session().called()
    return council, council.adopt(), "vote-not-approved"


def _close_that_forgets_an_agreement() -> tuple[Council, int, str]:
    council = session().balloted()
    council.adopt()
    council.close(agreements=())
    return council, council.book.size - 1, "agreement-omitted"


def _acta_without_signatures() -> tuple[Council, int, str]:
    council = lawful()
    basis = [f"session/{council.path}"]
    council.by("secretaria", ActaDrafted(**council.place, draft=1, blocks=1, root="a" * 64), basis=basis)
    act = ActaSealed(**council.place, root="a" * 64, signatures=("secretaria",))
    return council, council.by("secretaria", act), "signature-missing"


def _signature_of_another_root() -> tuple[Council, int, str]:
    council = lawful()
    basis = [f"session/{council.path}"]
    council.by("secretaria", ActaDrafted(**council.place, draft=1, blocks=1, root="a" * 64), basis=basis)
    act = ActaSigned(**council.place, seat="presidencia", root="b" * 64)
    return council, council.by("presidencia", act, basis=[f"acta/{council.path}"]), "acta-root"


def _certificate_of_what_is_not_sealed() -> tuple[Council, int, str]:
    council = lawful()
    version, statement = council.book.head(f"session/{council.path}")
    assert version
    objects = (CertifiedObject(stream=f"session/{council.path}", index=0, statement=statement, marks=("sealed",)),)
    act = CertificationIssued(body="cd", year=2026, number=1, objects=objects)
    return council, council.by("secretaria", act), "not-certifiable"


def _series_declared_too_late() -> tuple[Council, int, str]:
    council = lawful()
    act = SeriesOpened(body="cd", series="agreement.2026", first=40)
    return council, council.book.say(act, "ana", "ledger"), "series-begun"


def _person_twice() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    council.book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    return council, council.book.say(PersonRegistered(person="p-x"), "ana", "ledger"), "person-already-registered"


def _cancelled_after_the_close() -> tuple[Council, int, str]:
    council = lawful()
    return council, council.by("secretaria", SessionCancelled(**council.place)), "session-phase"


def _founded_twice() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    index = council.book.size
    found(council.book)
    return council, index, "already-founded"


def _edition_skipped() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    return council, council.book.say(RulesAdopted(edition=5, sha256="a" * 64), "ana", "ledger"), "edition-gap"


def _recovery_key_out_of_its_scope() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    keyid = key("recovery").public.keyid
    act = LogKeyAnnounced(vkey=OTHER_LOG_KEY.verifier.vkey)
    return council, council.book.say(act, "recovery", f"key/{keyid}"), "recovery-key-scope"


@pytest.mark.parametrize(
    "story",
    [
        _vote_without_quorum,
        _false_quorum,
        _opened_without_quorum,
        _expired_member,
        _wrong_tally,
        _wrong_result,
        _number_gap,
        _unauthorised_signer,
        _somebody_elses_office,
        _member_acts_as_founder,
        _second_ballot,
        _ballot_after_the_close,
        _ballots_miscounted,
        _ballot_without_the_vote,
        _vote_on_another_item,
        _a_casting_vote_that_nobody_granted,
        _roll_call_of_a_stranger,
        _agreement_from_a_rejected_vote,
        _agreement_before_the_declaration,
        _close_that_forgets_an_agreement,
        _acta_without_signatures,
        _signature_of_another_root,
        _certificate_of_what_is_not_sealed,
        _series_declared_too_late,
        _person_twice,
        _cancelled_after_the_close,
        _founded_twice,
        _edition_skipped,
        _recovery_key_out_of_its_scope,
    ],
    ids=lambda story: story.__name__.strip("_"),
)
def test_an_unlawful_act_is_found_by_its_rule(tmp_path: Path, story: Callable[[], tuple[Council, int, str]]) -> None:
    """Signed by its officer, in its place, in the tree: and refused by the rule in force, at its index."""
    council, index, code = story()
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert (10, code, index, "") in verdict.hits, sorted(verdict.hits)
    assert verdict.exit == 1
    assert min(verdict.indexes()) == index, "nothing before it is blamed"


# -- V8: keys ------------------------------------------------------------------------------------------------------


def test_a_key_that_was_not_accepted(tmp_path: Path) -> None:
    """From the acceptance on a key is usable, not before."""
    book = found(Book())
    enrol(book, "x", accept=False)
    index = book.say(PersonRegistered(person="p-y"), "x", "ledger")
    assert (8, "key-not-accepted", index, "") in Verdict(book.bundle(tmp_path / "b")).hits


def test_a_revoked_key(tmp_path: Path) -> None:
    """A revoked key signs nothing from the next index on; what it signed before stands."""
    council = lawful()
    keyid = key("secretaria").public.keyid
    council.book.say(KeyRevoked(keyid=keyid, reason="lost"), "luis", "ledger")
    council.convene()
    index = council.book.size - 1
    assert Verdict(council.book.bundle(tmp_path / "b")).hits == {(8, "key-revoked", index, "")}


def test_key_expiry_does_not_break_old_acts(tmp_path: Path) -> None:
    """G2: a key that came to its end, here by an act, leaves every act that it signed before valid."""
    council = lawful()
    council.book.say(KeyRevoked(keyid=key("secretaria").public.keyid, reason="cessation"), "luis", "ledger")
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert (verdict.exit, verdict.hits) == (0, set())


def test_a_key_used_before_its_enrolment(tmp_path: Path) -> None:
    """The ledger knows the key later: the signature holds (V7), the use does not (V8)."""
    book = found(Book())
    index = book.say(PersonRegistered(person="p-y"), "x", "ledger")
    enrol(book, "x")
    assert Verdict(book.bundle(tmp_path / "b")).hits == {(8, "key-unknown", index, "")}


def test_a_key_accepted_by_another(tmp_path: Path) -> None:
    """Acceptance is signed with the key itself."""
    book = found(Book())
    enrol(book, "x", accept=False)
    keyid = key("x").public.keyid
    index = book.say(KeyAccepted(keyid=keyid), "ana", f"key/{keyid}")
    assert Verdict(book.bundle(tmp_path / "b")).found(10, "not-authorised", index)


def test_a_key_of_another_hash(tmp_path: Path) -> None:
    """An enrolment whose name is not the hash of its key enrols nothing."""
    book = found(Book())
    book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    act = KeyEnrolled(keyid=key("y").public.keyid, spki=spki64("x"), person="p-x")
    index = book.say(act, "ana", "ledger")
    assert Verdict(book.bundle(tmp_path / "b")).hits == {(10, "keyid-mismatch", index, "")}


def test_acts_since_a_compromise_carry_the_mark(tmp_path: Path) -> None:
    """They stay applied and are no failure; each is named in a remark."""
    council = lawful()
    since = council.book.size - 4
    keyid = key("secretaria").public.keyid
    signed = [i for i in range(since, council.book.size) if keyid.encode() in council.book.entries[i]]
    act = KeyRevoked(keyid=keyid, reason="compromised", compromised_from=since)
    council.book.say(act, "luis", "ledger")
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.exit == 0
    marked = [r["index"] for r in verdict.report["remarks"] if r["code"] == "KEY_COMPROMISED_SINCE"]
    assert marked == signed
    assert signed


# -- what this verifier does not know ---------------------------------------------------------------------------


def test_an_unknown_edition_is_not_checked_from_there_on(tmp_path: Path) -> None:
    """A later edition's acts are neither lawful nor a finding: the report says from where on."""
    council = lawful()
    index = council.book.say(RulesAdopted(edition=2, sha256="a" * 64), "ana", "ledger")
    council.book.say(PersonRegistered(person="p-cd"), "vocal-1", "ledger")
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.exit == 2
    assert not verdict.hits
    assert ["edition-unknown", str(index + 1)] in verdict.report["steps"]["V10"]["not_checked"]


def _future(council: Council, who: str, **changed: Any) -> int:
    """Append an act of a type that no edition here knows."""
    return council.book.say(PersonRegistered(person="p-q"), who, "ledger", type="FutureAct/1", **changed)


def test_an_unknown_type_is_not_checked_from_there_on(tmp_path: Path) -> None:
    """What a later version may have recorded is no finding, nor is a key that it may have enrolled."""
    council = lawful()
    index = _future(council, "ana")
    council.book.say(PersonRegistered(person="p-z"), "somebody-new", "ledger")
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.exit == 2
    assert not verdict.hits
    assert ["type-unknown", str(index)] in verdict.report["steps"]["V10"]["not_checked"]
    assert "FutureAct" not in verdict.report["types"]


def test_a_stranger_cannot_end_the_verification(tmp_path: Path) -> None:
    """An unknown type by an unknown key is void: the rules go on being checked after it."""
    council = lawful()
    index = _future(council, "nobody")
    council.book.say(PersonRegistered(person="p-z"), "vocal-1", "ledger")
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(7, "key-not-in-ledger", index, ""), (10, "not-in-office", index + 1, "")}


def test_data_that_no_schema_admits(tmp_path: Path) -> None:
    """A known type with other data is a finding of V10."""
    book = found(Book())
    index = book.say(PersonRegistered(person="p-x"), "ana", "ledger", data={"person": "p-x", "more": 1})
    assert Verdict(book.bundle(tmp_path / "b")).hits == {(10, "bad-data", index, "")}


# -- void entries that are known -----------------------------------------------------------------------------------


def test_an_acknowledged_void_entry_is_reported_as_known(tmp_path: Path) -> None:
    """It stays a finding for ever, marked as known; one that names another leaf is remarked."""
    book = found(Book())
    void = book.say(PersonRegistered(person="p-x"), "nobody", "ledger")
    leaf = leaf_hash(book.entries[void]).hex()
    book.say(EntryAcknowledged(index=void, leaf=leaf), "ana", "ledger")
    book.say(EntryAcknowledged(index=0, leaf="a" * 64), "ana", "ledger")
    verdict = Verdict(book.bundle(tmp_path / "b"))
    assert verdict.exit == 1
    assert [f["known"] for f in verdict.report["findings"]] == [True]
    assert verdict.report["remarked"]["acknowledges-another-entry"] == 1
