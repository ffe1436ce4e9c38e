"""Keys that were not to be used, data and types that nobody knows, void entries that are known (V8, V10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts.trust import (
    EntryAcknowledged,
    KeyAccepted,
    KeyEnrolled,
    KeyRevoked,
    PersonRegistered,
    RulesAdopted,
)
from ledger.crypto.merkle import leaf_hash
from tests.kit.books import Book, enrol, found, key, spki64
from tests.kit.bundles import Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path


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
