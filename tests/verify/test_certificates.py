"""V13: certificates of enrolled keys, as far as a bundle discloses them (format.md §10)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from ledger.acts.trust import KeyAccepted, KeyEnrolled, PersonRegistered
from ledger.crypto import disclosure
from ledger.statement import Entry
from tests.kit.books import Book, found, key, spki64
from tests.kit.judges import Verdict
from tests.kit.pki import AUTHORITY, Issuer, intermediate, reference, root, subject
from tests.verify.test_tree import tampered

if TYPE_CHECKING:
    from pathlib import Path

ROOT = root()
SAT = intermediate(ROOT)
NAME = "carla"


def certified(*, issuer: Issuer = SAT, stapled: bool = True, **how: Any) -> tuple[Book, int]:
    """Return a ledger with a key that was enrolled with a certificate, and the enrolment's index."""
    book = found(Book())
    book.say(ROOT.trusted(), "ana", "ledger")
    book.say(SAT.trusted(ROOT), "ana", "ledger")
    book.say(PersonRegistered(person=f"p-{NAME}"), "ana", "ledger")
    public = load_der_public_key(key(NAME).public.spki)
    assert isinstance(public, Ed25519PublicKey)
    der = issuer.issue(subject("CARLA", rfc="CARL800101AB1"), public, 77, **how)
    act = KeyEnrolled(
        keyid=key(NAME).public.keyid, spki=spki64(NAME), person=f"p-{NAME}", certificate=reference(der, SAT)
    )
    sealed = {"certificate_der": base64.b64encode(der).decode()}
    if stapled:
        sealed["ocsp_der"] = base64.b64encode(SAT.answer(der, book.now)).decode()
    index = book.say(act, "luis", "ledger", sealed=sealed)
    book.say(KeyAccepted(keyid=act.keyid), NAME, f"key/{act.keyid}")
    return book, index


def test_a_disclosed_certificate_is_checked(tmp_path: Path) -> None:
    """Chain, validity and the authority's answer hold; on the ledger's own roots, so it says *not independent*."""
    book, _ = certified()
    verdict = Verdict(book.bundle(tmp_path / "b.zip", disclosed=True))
    assert verdict.exit == 0, verdict.text
    step = verdict.report["steps"]["V13"]
    assert (step["counts"], step["independent"]) == ({"certificates": 1, "stapled-answers": 1}, False)


def test_roots_from_outside(tmp_path: Path) -> None:
    """With the root obtained elsewhere the step is independent; with another root the chain is a finding."""
    book, index = certified()
    path = book.bundle(tmp_path / "b.zip", disclosed=True)
    (tmp_path / "raiz.cer").write_bytes(ROOT.der)
    (tmp_path / "otra.cer").write_bytes(root("OTRA").der)
    verdict = Verdict(path, roots=[tmp_path / "raiz.cer"])
    assert verdict.report["steps"]["V13"]["independent"]
    assert not verdict.report["failed"]
    assert verdict.headline == "VALID"
    verdict = Verdict(path, roots=[tmp_path / "otra.cer"])
    assert verdict.found(13, "certificate-root", index)
    assert verdict.headline is None, "no verdict names it, and nothing is valid of which something was found"


def test_what_is_sealed_is_not_checked(tmp_path: Path) -> None:
    """Without the disclosure the report says what was not checked, and does not fail."""
    book, _ = certified()
    verdict = Verdict(book.bundle(tmp_path / "b.zip"))
    assert verdict.exit == 0
    assert verdict.report["steps"]["V13"]["not_checked"] == [["certificates-absent", "1"]]


def test_a_certificate_as_a_file_of_its_own(tmp_path: Path) -> None:
    """Handed over beside the acts it is checked as well; with other bytes under its name it is a finding."""
    book, index = certified()
    path = book.bundle(tmp_path / "b", unpacked=True)
    act = KeyEnrolled.model_validate(Entry.parse(book.entries[index]).act.statement.data)
    assert act.certificate is not None
    der = base64.b64decode(disclosure.parse(book.opened[index]["certificate_der"]).value)
    tampered(path, f"certificates/{act.certificate.sha256}.der", der)
    assert Verdict(path).report["steps"]["V13"]["counts"] == {"certificates": 1}
    tampered(path, f"certificates/{act.certificate.sha256}.der", ROOT.der)
    assert Verdict(path).found(13, "certificate-differs", index)


def test_no_answer_of_the_authority(tmp_path: Path) -> None:
    """A certificate without a stapled answer: valid, and whether it was revoked is said to be unknown."""
    book, _ = certified(stapled=False)
    verdict = Verdict(book.bundle(tmp_path / "b.zip", disclosed=True))
    assert verdict.report["steps"]["V13"]["not_checked"] == [["revocation-not-stapled", "1"]]


def test_certificates_that_the_server_would_have_refused(tmp_path: Path) -> None:
    """Of a stranger under the authority's name, expired, or an authority's own: each is found at its index."""
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("certificate-issuer", {"issuer": root("AC INTERMEDIA FICTICIA")}),
        ("certificate-period", {"lasts": timedelta(days=2)}),
        ("certificate-use", {"uses": AUTHORITY}),
    )
    for code, how in cases:
        book, index = certified(stapled=False, **how)
        verdict = Verdict(book.bundle(tmp_path / f"{code}.zip", disclosed=True))
        assert verdict.found(13, code, index), verdict.text
