"""T1–T18 (domain.md §7.4): what a forger does, and what verifier, difference and schema say of it.

Unless told otherwise the forger holds the log's key, so that tree and checkpoint fit what he wrote, and both verifiers
are asked. T13 is a matter of the running service: tests/adversarial/test_service.py.
"""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import orjson
import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSigned
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.book import BookOpened, FolioCancelled, FoliosAssigned
from ledger.acts.certification import CertificationIssued, CertifiedObject
from ledger.acts.designation import DesignationEnded
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.acts.trust import KeyRevoked, PersonRegistered
from ledger.crypto import disclosure
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.ids import write_instant
from ledger.statement import Entry
from ledger.verify.diff import run_diff
from tests.kit.books import MEXICO, Book, key
from tests.kit.bundles import MEMBERS, Council, lawful
from tests.kit.judges import Verdict
from tests.verify.test_tampering import parts, replaced, resigned

if TYPE_CHECKING:
    from pathlib import Path


def judged(book: Book, tmp_path: Path, **how: Any) -> Verdict:
    """Bundle the ledger as it stands and ask both verifiers."""
    path = tmp_path / "b.evidencia.zip"
    path.unlink(missing_ok=True)
    return Verdict(book.bundle(path, disclosed=how.pop("disclosed", False)), **how)


def pocket(book: Book, tmp_path: Path, size: int | None = None) -> list[Path]:
    """Write the checkpoint that an auditor took away at a size."""
    path = tmp_path / "anchor"
    path.write_bytes(book.checkpoint(size))
    return [path]


def difference(old: Path, new: Path) -> dict[str, Any]:
    """Return what `diff` says of an older state and a newer one."""
    out = io.StringIO()
    run_diff(old, new, out, as_json=True)
    answer: dict[str, Any] = json.loads(out.getvalue().splitlines()[0])
    return answer


def of_type(book: Book, name: str) -> list[int]:
    """Return the indexes of the acts of a type."""
    return [i for i, raw in enumerate(book.entries) if Entry.parse(raw).act.statement.type.startswith(name)]


# -- T1–T3: what stands is changed ---------------------------------------------------------------------------------


def test_t01_resolutivo_text_changed(tmp_path: Path) -> None:
    """The text of a resolutivo is another than the one whose digest was signed: V11, ALTERED at that act."""
    book = lawful().book
    (index,) = of_type(book, "AgreementAdopted/")
    name = next(name for name in book.opened[index] if name.startswith("resolution"))
    book.opened[index][name] = disclosure.make(name, "Se autoriza el doble.", bytes(16))
    verdict = judged(book, tmp_path, disclosed=True)
    assert {hit[:2] for hit in verdict.hits} == {(11, "disclosure-digest")}
    assert verdict.exit == 1


def test_t02_one_ballot_flipped_and_the_tally_adjusted(tmp_path: Path) -> None:
    """The chair signs another tally; the member's own ballot cannot be signed again, and V7 names it."""
    book = lawful().book
    ballot, declared = of_type(book, "BallotCast/")[1], of_type(book, "VoteDeclared/")[0]
    payload = parts(book, ballot)[0].replace(b'"choice":"favor"', b'"choice":"contra"')
    replaced(book, ballot, payload=payload)
    data = json.loads(parts(book, declared)[0])["data"] | {"favor": 2, "contra": 1}
    resigned(book, declared, "presidencia", data=data)
    verdict = judged(book, tmp_path)
    assert verdict.found(7, "signature-invalid", ballot)
    assert min(verdict.indexes()) == ballot
    assert verdict.exit == 1


def test_t03_event_deleted_and_positions_renumbered(tmp_path: Path) -> None:
    """A ballot is taken out and the rest moved up: the vote was closed over another count; no anchor fits."""
    whole = lawful().book
    anchor = pocket(whole, tmp_path)
    book = whole.copy()
    (ballot, *_rest) = of_type(book, "BallotCast/")
    del book.entries[ballot]
    for index in range(ballot, book.size):
        replaced(book, index, place=index)
    verdict = judged(book, tmp_path)
    (closed,) = of_type(book, "VoteClosed/")
    assert verdict.found(10, "ballot-count", closed)
    assert 5 in judged(book, tmp_path, older=anchor).steps()


# -- T4–T6: the tail -----------------------------------------------------------------------------------------------


def test_t04_tail_truncated(tmp_path: Path) -> None:
    """What is left is lawful: nothing but an anchor tells that acts are missing, and it does (V5, diff)."""
    whole = lawful().book
    anchor = pocket(whole, tmp_path)
    cut = whole.copy()
    del cut.entries[-2:]
    assert judged(cut, tmp_path).exit == 0
    found = Verdict(tmp_path / "b.evidencia.zip", older=anchor)
    assert found.steps() == {5}
    said = difference(anchor[0], tmp_path / "b.evidencia.zip")
    assert (said["consistent"], said["code"]) == (False, "log-shrunk")


def test_t05_back_dated_agreement_with_a_valid_key(tmp_path: Path) -> None:
    """An agreement said to be of the day before its vote: V10 by its own rule, whatever the key."""
    council = Council().constitute().convene().open().balloted()
    yesterday = write_instant((council.book.now - timedelta(days=1)).astimezone(MEXICO))
    index = council.adopt(occurred_at=yesterday)
    verdict = judged(council.book, tmp_path)
    assert verdict.hits == {(10, "back-dated", index, "")}


def test_t05_inserted_where_it_would_have_been(tmp_path: Path) -> None:
    """Put in earlier and stamped to fit, it moves every later entry: what was signed on them is elsewhere (V5)."""
    whole = lawful().book
    anchor = pocket(whole, tmp_path)
    book = whole.copy()
    stamp = parts(book, 9)[3]
    extra = Book(now=book.now, heads=dict(book.heads), founding=book.founding)
    extra.say(PersonRegistered(person="p-nadie"), "ana", "ledger")
    payload, keyid, signature, _ = parts(extra, 0)
    book.entries.insert(10, book.entries[9])
    for index in range(10, book.size):
        replaced(book, index, place=index)
    replaced(book, 10, payload=payload, keyid=keyid, sig=signature, stamp=stamp)
    book.opened = {}
    verdict = judged(book, tmp_path, older=anchor)
    assert 5 in verdict.steps()
    assert verdict.exit == 1


def forked() -> tuple[Book, Book]:
    """Return the true ledger and another that goes on differently from the vote on, signed by the same officers."""
    true = Council().constitute().convene(items=1).open()
    other = Council(true.book.copy(), true.session, true.members)
    true.balloted()
    true.adopt()
    true.close()
    other.called(favor=MEMBERS[:1])
    other.declare(1, 1, 0, "rejected")
    other.close(agreements=())
    return true.book, other.book


def test_t06_forked_history_with_stolen_keys(tmp_path: Path) -> None:
    """A fork signed with every key is lawful in itself: without an anchor it is *not detectable*, and V5 says so."""
    true, fork = forked()
    verdict = judged(fork, tmp_path)
    assert (verdict.exit, verdict.hits) == (0, set())
    assert verdict.report["steps"]["V5"]["not_checked"], "the report must say that nothing older was compared"
    found = Verdict(tmp_path / "b.evidencia.zip", older=pocket(true, tmp_path, true.size - 2))
    assert found.exit == 1
    assert found.steps() == {5}


def test_t06_difference_names_the_first_act_that_differs(tmp_path: Path) -> None:
    """Whoever has both histories sees where they part."""
    true, fork = forked()
    first = next(i for i, (one, two) in enumerate(zip(true.entries, fork.entries, strict=False)) if one != two)
    said = difference(fork.bundle(tmp_path / "fork.zip"), true.bundle(tmp_path / "true.zip"))
    assert (said["consistent"], said["first_difference"]) == (False, first)


# -- T7–T8: unlawful acts in their place -----------------------------------------------------------------------------


def test_t07_expired_members_vote_smuggled(tmp_path: Path) -> None:
    """He ended the day before; his ballot, signed with his own good key, is V10 at its index."""
    council = Council().constitute().convene().open()
    council.open_vote()
    ended = write_instant((council.book.now - timedelta(days=1)).astimezone(MEXICO))
    act = DesignationEnded(body="cd", seat="vocal-1", number=1, ended_at=ended, cause="resigned")
    council.book.say(act, "ana", "ledger")
    index = council.ballot("vocal-1")
    assert judged(council.book, tmp_path).hits == {(10, "not-in-office", index, "")}


def test_t08_folio_45_reused(tmp_path: Path) -> None:
    """A folio that is used up, by an acta or by a blot, is never used again: V10."""
    council = lawful()
    root, basis = "a" * 64, [f"session/{council.path}"]
    acta = f"acta/{council.path}"
    council.by("secretaria", ActaDrafted(**council.place, draft=1, blocks=1, root=root), basis=basis)
    for seat in ("presidencia", "secretaria"):
        council.by(seat, ActaSigned(**council.place, seat=seat, root=root), basis=[acta])
    sealed = ActaSealed(**council.place, root=root, signatures=("presidencia", "secretaria"))
    council.by("secretaria", sealed)
    book: dict[str, Any] = {"body": "cd", "year": 2026, "volume": 1}
    council.by("secretaria", BookOpened(**book, contents="actas", folios=100))
    council.by("secretaria", FoliosAssigned(**book, first=1, last=45, object=acta, root=root), basis=[acta])
    index = council.by("secretaria", FolioCancelled(**book, folio=45))
    assert judged(council.book, tmp_path).hits == {(10, "folio-overlap", index, "")}


# -- T9–T10: public versions -----------------------------------------------------------------------------------------


def drafted(texts: list[str]) -> tuple[Council, int]:
    """Return a council with an acta of these blocks, all of them open, and the index of its draft."""
    council = lawful()
    blocks = {f"block/{n}": text for n, text in enumerate(texts, 1)}
    made = {name: disclosure.make(name, text, bytes([n]) * 16) for n, (name, text) in enumerate(blocks.items(), 1)}
    root = root_of(leaf_hash(text.encode("ascii")) for text in made.values()).hex()
    act = ActaDrafted(**council.place, draft=1, blocks=len(texts), root=root)
    index = council.by("secretaria", act, basis=[f"session/{council.path}"])
    council.book.opened[index] |= made
    return council, index


def test_t09_public_version_with_an_altered_open_block(tmp_path: Path) -> None:
    """Each open block is a leaf under the signed root: another text, or the same with another salt, is V11."""
    council, index = drafted(["Lista", "Se aprueba.", "Cierre"])
    assert judged(council.book, tmp_path, disclosed=True).exit == 0
    council.book.opened[index]["block/2"] = disclosure.make("block/2", "Se rechaza.", bytes([2]) * 16)
    altered = judged(council.book, tmp_path, disclosed=True)
    assert {hit[0] for hit in altered.hits} == {11}
    assert altered.exit == 1


def test_t10_redaction_with_guessed_text(tmp_path: Path) -> None:
    """Who guesses a withheld text cannot tell whether he is right: without the salt no guess gives the digest."""
    council, index = drafted(["Lista", "Paciente: A", "Cierre"])
    true = council.book.opened[index].pop("block/2")
    wanted = leaf_hash(true.encode("ascii"))
    name, value, salt = disclosure.parse(true).name, disclosure.parse(true).value, disclosure.parse(true).salt
    assert leaf_hash(disclosure.make(name, value, salt).encode("ascii")) == wanted  # with the salt it is one hash
    guesses = (disclosure.make(name, value, n.to_bytes(16, "big")) for n in range(2_000))
    assert wanted not in {leaf_hash(guess.encode("ascii")) for guess in guesses}
    verdict = judged(council.book, tmp_path, disclosed=True)
    assert "Paciente" not in (tmp_path / "b.evidencia.zip").read_bytes().decode("latin-1")
    assert not verdict.hits


# -- T11–T12: certificates and keys -----------------------------------------------------------------------------------


def test_t11_certificate_of_another_acta_with_swapped_hash(tmp_path: Path) -> None:
    """A certificate that names one object and the hash of another is refused where it stands: V10."""
    council = lawful()
    agreement, vote = "agreement/cd/2026/1", f"vote/{council.path}/1"
    (adopted,) = of_type(council.book, "AgreementAdopted/")
    swapped = CertifiedObject(
        stream=agreement, index=adopted, statement=council.book.head(vote)[1], marks=("in-force",)
    )
    act = CertificationIssued(body="cd", year=2026, number=1, objects=(swapped,))
    index = council.by("secretaria", act, basis=[agreement])
    verdict = judged(council.book, tmp_path)
    assert {(step, at) for step, _, at, _ in verdict.hits} == {(10, index)}


def test_t12_key_used_after_the_compromise_date(tmp_path: Path) -> None:
    """Acts since the compromise stay applied and carry the mark; after the revocation the key signs nothing (V8)."""
    council = lawful()
    keyid = key("secretaria").public.keyid
    since = of_type(council.book, "AgreementAdopted/")[0]
    act = KeyRevoked(keyid=keyid, reason="compromised", compromised_from=since)
    council.book.say(act, "luis", "ledger")
    index = council.by("secretaria", FolioCancelled(body="cd", year=2026, volume=1, folio=1))
    verdict = judged(council.book, tmp_path)
    assert verdict.hits == {(8, "key-revoked", index, "")}
    marked = {each["index"] for each in verdict.report["remarks"] if each["code"] == "KEY_COMPROMISED_SINCE"}
    assert min(marked) == since


# -- T14–T16: numbers, clocks, letters ---------------------------------------------------------------------------------


def test_t14_duplicated_number_of_concurrent_writers(tmp_path: Path) -> None:
    """Two adoptions of one number, each as the first of its stream: the second breaks version and chain (V9)."""
    council = Council().constitute().convene().open().balloted()
    founding = council.book.founding
    council.adopt()
    index = council.adopt(version=1, prev=founding)
    verdict = judged(council.book, tmp_path)
    assert verdict.found(9, "version-taken", index), verdict.hits


def test_t14_a_number_used_again_as_the_next_version(tmp_path: Path) -> None:
    """Chained to the first adoption it is in its place, and a rule's finding: a number is used once (A2)."""
    council = Council().constitute().convene().open().balloted()
    council.adopt()
    index = council.adopt()
    verdict = judged(council.book, tmp_path)
    assert {(step, at) for step, _, at, _ in verdict.hits} == {(10, index)}


@pytest.mark.parametrize("ahead", [timedelta(minutes=6), timedelta(hours=-25)])
def test_t15_clock_set_forward(tmp_path: Path, ahead: timedelta) -> None:
    """The signer's clock runs ahead of the database's, or the database's a day ahead of the signer's: V6."""
    council = lawful()
    written = write_instant((council.book.now + ahead).astimezone(MEXICO))
    index = council.book.say(PersonRegistered(person="p-x"), "ana", "ledger", signed_at=written, occurred_at=written)
    verdict = judged(council.book, tmp_path)
    assert {(step, at) for step, _, at, _ in verdict.hits} == {(6, index)}


def test_t15_clock_set_forward_and_back(tmp_path: Path) -> None:
    """A clock that ran ahead and was put right shows: what was recorded later has the earlier stamp (V6)."""
    council = lawful()
    later = council.book.now + timedelta(hours=2)
    council.book.say(PersonRegistered(person="p-x"), "ana", "ledger", recorded_at=later)
    index = council.book.say(PersonRegistered(person="p-y"), "ana", "ledger")
    assert judged(council.book, tmp_path).found(6, "recorded-decreases", index)


@pytest.mark.parametrize("stream", ["agreement/сd/2026/1", "agreement/cd/２０２６/1", "agreement/cd\u0301/2026/1"])
def test_t16_homoglyph_identifiers(tmp_path: Path, stream: str) -> None:
    """A Cyrillic letter, a full-width digit, a combining accent: no identifier, and V6 refuses the statement."""
    council = Council().constitute().convene().open().balloted()
    index = council.adopt(stream=stream)
    verdict = judged(council.book, tmp_path)
    assert (6, index) in {(step, at) for step, _, at, _ in verdict.hits}
    with pytest.raises(ValueError, match="identifier"):
        AgreementAdopted(
            body="cd", year=2026, number=1, vote="vote/cd/2026/ord/1/1", ordinal=1, identifier="АCDO/1", resolutions=1
        )


# -- T17–T18: what is no evidence, and what is gone ------------------------------------------------------------------


@pytest.mark.parametrize("form", ["spaces", "bom", "crlf", "keys"])
def test_t17_entries_in_another_form(tmp_path: Path, form: str) -> None:
    """The same entry with a BOM, CRLF, spaces or its keys in another order is not the one that was hashed: V6."""
    book = lawful().book
    raw = book.entries[7]
    said = json.loads(raw)
    book.entries[7] = {
        "spaces": json.dumps(said).encode(),
        "bom": b"\xef\xbb\xbf" + raw,
        "crlf": raw + b"\r\n",
        "keys": orjson.dumps(dict(reversed(said.items()))),
    }[form]
    verdict = judged(book, tmp_path)
    assert (6, 7) in {(step, at) for step, _, at, _ in verdict.hits}
    assert verdict.exit == 1


def test_t17_bundle_in_another_order(tmp_path: Path) -> None:
    """A bundle zipped anew by another program is no evidence bundle: neither verifier uses it."""
    path = lawful().book.bundle(tmp_path / "b.evidencia.zip")
    again = tmp_path / "again.zip"
    with ZipFile(path) as old, ZipFile(again, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(name, old.read(name))
    assert Verdict(again).exit == 2


def test_t17_exports_are_no_evidence(tmp_path: Path) -> None:
    """A CSV in the place of a bundle is refused, not judged."""
    table = tmp_path / "acuerdos.csv"
    table.write_bytes("\ufeffid,numero\r\n1,19/2026\r\n".encode())
    assert Verdict(table).exit == 2


def test_t18_erased_personal_datum(tmp_path: Path) -> None:
    """A name is erased: signatures, tree and old anchors hold, the verdict stays valid and says what is not checked."""
    council = lawful()
    anchor = pocket(council.book, tmp_path)
    index = of_type(council.book, "PersonRegistered/")[0]
    digest = disclosure.digest(council.book.opened[index].pop("name"))
    gone = ErasedDisclosure(index=index, name="name", digest=digest)
    day = write_instant(council.book.now.astimezone(MEXICO))[:10]
    act = PersonalDataErased(disclosures=(gone,), ground="data-subject-right", irrecoverable_on=day)
    council.book.say(act, "ana", "ledger")
    verdict = judged(council.book, tmp_path, disclosed=True, older=anchor)
    assert (verdict.exit, verdict.hits) == (0, set())
    assert verdict.report["steps"]["V11"]["not_checked"]
