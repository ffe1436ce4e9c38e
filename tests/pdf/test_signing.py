"""Signatures in a PDF: made in one form, accepted by other people's tools, and nothing else can be behind the page."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from ledger.crypto import cms
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.objects import Base, revision, trailer_of
from ledger.pdf.signing import close, open_signature, parse, prepare
from ledger.verify.paper import Paper, check_pdf
from ledger.verify.trust import Trust
from tests.kit.paper import BOXES, NOW, Efirma, authority, judged, pdfsig_accepts, prepared, printed, signed_by_two
from tests.kit.pki import root
from tests.kit.sweep import accepted, sweep

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.paper import Authority

FIRST, SECOND = (box.field for box in BOXES)
TRUST = Trust(roots=(Certificate.parse(authority().root.der),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory for the module's files."""
    return tmp_path_factory.mktemp("papel")


@pytest.fixture(scope="module")
def signed(folder: Path) -> bytes:
    """Give a document that two signed."""
    return signed_by_two(folder)


def code_of(pdf: bytes, trust: Trust = TRUST) -> int:
    """Return with what a verification ends; 1 where it cannot be read."""
    try:
        return check_pdf(pdf, trust).exit_code(self_contained=True)
    except UntrustedInputError:
        return 1


def test_two_signatures_hold(signed: bytes, folder: Path) -> None:
    """Whose they are, when, over what; the printed pages come out again as they were."""
    paper = check_pdf(signed, TRUST)
    assert [(s.name, s.serial, s.chained, s.code) for s in paper.signers] == [
        ("MARÍA NÚÑEZ", "30001000000500000001", True, ""),
        ("JOSÉ PEÑA", "30001000000500000001", True, ""),
    ]
    assert paper.signers[0].at == NOW.isoformat()
    assert paper.printed == sha256(printed(folder)).hexdigest()
    assert (paper.fields, len(paper.evidence), paper.exit_code(self_contained=True)) == (2, 1, 0)
    assert parse(signed).base == printed(folder)


def test_pyhanko_accepts_every_signature(signed: bytes) -> None:
    """An independent library: both hold, chain and changes included; the last covers the whole file."""
    assert judged(signed, authority().root) == [(True, False), (True, True)]


def test_pdfsig_accepts_every_signature(signed: bytes, tmp_path: Path) -> None:
    """Poppler says *valid* of each, and that the last covers the whole file."""
    assert pdfsig_accepts(signed, tmp_path)


def test_what_was_prepared_is_what_was_printed(folder: Path) -> None:
    """Fields alone: nothing is signed, which is said, and taking them off gives the printed bytes."""
    pdf = prepared(folder)
    parsed = parse(pdf)
    assert (parsed.boxes, parsed.signatures, parsed.base) == (BOXES, (), printed(folder))
    assert check_pdf(pdf, TRUST).exit_code(self_contained=True) == 2
    assert parse(printed(folder)).boxes == ()


def test_every_changed_byte_is_refused(signed: bytes) -> None:
    """2,000 single bytes, 200 of them inside /Contents: pages, attachment with its proof, fields, signatures."""
    assert [place for place, changed in sweep(signed) if code_of(changed) == 0] == []


def test_every_byte_of_a_signature_is_refused(signed: bytes) -> None:
    """Each byte of a CMS in turn, and in the file its length, upper-case digits, another filling: never accepted."""
    last = parse(signed).signatures[-1]
    assert accepted(last, TRUST) == []
    start = signed.rindex(b"/Contents<") + len(b"/Contents<")
    for place in range(8):
        digit = b"0" if signed[start + place : start + place + 1] != b"0" else b"1"
        assert code_of(signed[: start + place] + digit + signed[start + place + 1 :]) == 1
    end = start + 2 * len(last.cms)
    assert code_of(signed[:start] + signed[start:end].upper() + signed[end:]) == 1
    assert code_of(signed[:end] + b"1" + signed[end + 1 :]) == 1


@pytest.mark.parametrize("behind", [b"\n", b" ", b"%", b"\n%%EOF\n", b"x" * 100])
def test_nothing_stands_behind_the_end(signed: bytes, behind: bytes) -> None:
    """Whatever is appended is refused, be it a blank."""
    assert code_of(signed + behind) == 1
    assert code_of(signed[: -len(behind)]) == 1


def test_a_page_that_was_changed_after_signing(folder: Path) -> None:
    """An update that puts another page before the reader's eyes: other tools call it a change, we refuse the file."""
    issuing = authority()
    pdf = issuing.sign(prepared(folder), FIRST, issuing.issue("MARÍA"))
    base = Base(printed(folder))
    page = base.pages()[0]
    turned = base.text(page).replace(b"/Contents", b"/Rotate 90/Contents")
    update = revision(pdf, trailer_of(pdf), {page: turned})
    with pytest.raises(UntrustedInputError, match="pdf-"):
        parse(pdf + update)
    with pytest.raises(UntrustedInputError, match="pdf-"):
        open_signature(pdf + update, SECOND, NOW)


def test_a_certificate_that_somebody_made_himself(folder: Path) -> None:
    """Self-made, under the authority's very name: refused; without any root the signature proves nobody: exit 2."""
    impostor = replace(authority(), root=root("AC RAIZ FICTICIA 2"), issuer=root("AC INTERMEDIA FICTICIA"))
    pdf = impostor.sign(prepared(folder), FIRST, impostor.issue("MARÍA NÚÑEZ"))
    paper = check_pdf(pdf, TRUST)
    assert [(s.chained, s.code) for s in paper.signers] == [(False, "certificate-root")]
    assert paper.exit_code(self_contained=True) == 1
    assert code_of(pdf, Trust()) == 2


def test_certificates_that_do_not_hold(folder: Path) -> None:
    """Expired when it signed, an authority's own, or not for signing: each by its code."""
    issuing = authority()
    for code, how in (
        ("certificate-period", {"begins": NOW.replace(year=2027)}),
        ("certificate-use", {"uses": frozenset({"key_cert_sign"})}),
        ("certificate-use", {"uses": frozenset({"key_encipherment"})}),
    ):
        who = issuing.issue("MARÍA", **how)
        pdf = forced(issuing, prepared(folder), who)
        assert [(s.chained, s.code) for s in check_pdf(pdf, TRUST).signers] == [(False, code)], how
        with pytest.raises(UntrustedInputError, match=code):
            issuing.sign(prepared(folder), FIRST, who)


def forced(issuing: Authority, pdf: bytes, who: Efirma) -> bytes:
    """Return the PDF signed with a certificate with which our own command refuses to sign."""
    opening = open_signature(pdf, FIRST, NOW)
    signature = who.key.sign(cms.attributes_of(opening.digest, who.certificate))
    return close(opening, cms.assemble(opening.digest, signature, [who.certificate, issuing.issuer.der]))


def test_a_signature_of_another_document(folder: Path) -> None:
    """A CMS that was made for other bytes does not fit here."""
    issuing, who = authority(), authority().issue("MARÍA")
    opening, other = open_signature(prepared(folder), FIRST, NOW), sha256(b"otra cosa").digest()
    signature = who.key.sign(cms.attributes_of(other, who.certificate))
    for digest in (other, opening.digest):
        made = cms.assemble(digest, signature, [who.certificate, issuing.issuer.der])
        assert code_of(close(opening, made)) == 1


def test_places_for_signatures(folder: Path) -> None:
    """Unknown, taken, outside of the document, of a file that is none of ours: refused by their codes."""
    issuing = authority()
    pdf, who = prepared(folder), issuing.issue("MARÍA")
    once = issuing.sign(pdf, FIRST, who)
    for code, act in (
        ("field-unknown", lambda: issuing.sign(pdf, "firma-nadie", who)),
        ("field-signed", lambda: issuing.sign(once, FIRST, who)),
        ("pdf-malformed", lambda: prepare(printed(folder), [replace(BOXES[0], page=3)])),
        ("pdf-malformed", lambda: prepare(printed(folder), [replace(BOXES[0], field="Otra Cosa")])),
        ("pdf-malformed", lambda: prepare(pdf, BOXES)),
        ("pdf-malformed", lambda: parse(b"%PDF-1.7\nno")),
        ("signature-too-long", lambda: close(open_signature(pdf, FIRST, NOW), bytes(20_000))),
    ):
        with pytest.raises(UntrustedInputError, match=code):
            act()


def test_an_unsigned_paper_without_evidence_is_not_checkable() -> None:
    """Nothing to go by: exit 2, never 0."""
    assert Paper("0" * 64, 0).exit_code(self_contained=True) == 2
