"""What authorities say of certificates, stapled to signatures: good, revoked, or nothing, which is said."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from ledger.crypto.crl import check_list
from ledger.crypto.ocsp import check_answer
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.signing import parse
from ledger.verify.paper import check_pdf, run_pdf
from ledger.verify.trust import Trust
from tests.kit.paper import BOXES, NOW, authority, judged, prepared
from tests.kit.pki import Issuer, root, subject
from tests.kit.sweep import accepted, changed
from tests.kit.tools import pdfsig, ran

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.paper import Efirma

FIELD = BOXES[0].field
ISSUING = authority()
ABOVE, BELOW = ISSUING.root, ISSUING.issuer
TRUST = Trust(roots=(Certificate.parse(ABOVE.der),))
ISSUER = Certificate.parse(BELOW.der)
EARLIER = NOW - timedelta(minutes=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory for the module's files."""
    return tmp_path_factory.mktemp("revocacion")


@pytest.fixture(scope="module")
def who() -> Efirma:
    """Give an e.firma."""
    return ISSUING.issue("MARÍA NÚÑEZ")


@pytest.fixture(scope="module")
def complete(folder: Path, who: Efirma) -> bytes:
    """Give a signature with an OCSP answer about the signatory and a list about his authority."""
    stapled = Stapled((BELOW.answer(who.certificate, EARLIER),), (ABOVE.list_revoked([77], EARLIER),))
    return ISSUING.sign(prepared(folder), FIELD, who, stapled=stapled)


def said(pdf: bytes) -> list[tuple[str, str | None]]:
    """Return of each certificate of the first signature whose it is and as of when it was good."""
    [signer] = check_pdf(pdf, TRUST).signers
    assert signer.code == ""
    return [(each.name, each.good_at) for each in signer.standings]


def test_good_by_answer_and_by_list(complete: bytes) -> None:
    """Of each certificate below the root it is said as of when it was good, and nothing about it is left unchecked."""
    good = EARLIER.isoformat()
    assert said(complete) == [("MARÍA NÚÑEZ", good), ("AC INTERMEDIA FICTICIA", good)]
    paper = check_pdf(complete, TRUST)
    assert (paper.exit_code(self_contained=True), "paper-revocation" in paper.not_checked) == (0, False)
    out = io.StringIO()
    run_pdf(complete, TRUST, "es", out)
    assert f"al {good} la autoridad no tenía por revocado" in out.getvalue()


def test_other_tools_accept_what_is_stapled(complete: bytes, tmp_path: Path) -> None:
    """PyHanko and Poppler take the fourth signed attribute for what it is."""
    assert judged(complete, ABOVE) == [(True, True)]
    assert b"Signature is Valid" in pdfsig(complete, tmp_path)


def test_bytes_of_what_is_stapled_are_refused(complete: bytes) -> None:
    """Every tenth byte of the CMS: the signatory signed the answers too."""
    [signature] = parse(complete).signatures
    assert accepted(signature, TRUST, range(0, len(signature.cms), 10)) == []


def test_nothing_stapled_is_said(folder: Path, who: Efirma) -> None:
    """Without answers, or with one about somebody else, nothing was checked; the report says so."""
    other = ISSUING.issue("JOSÉ PEÑA", serial=30001000000500000002)
    unchecked = [("MARÍA NÚÑEZ", None), ("AC INTERMEDIA FICTICIA", None)]
    for stapled in (Stapled(), Stapled((BELOW.answer(other.certificate, EARLIER),))):
        pdf = ISSUING.sign(prepared(folder), FIELD, who, stapled=stapled)
        assert said(pdf) == unchecked
        assert "paper-revocation" in check_pdf(pdf, TRUST).not_checked
        out = io.StringIO()
        run_pdf(pdf, TRUST, "en", out)
        assert "not checked whether it was revoked" in out.getvalue()


def test_what_openssl_answers(who: Efirma, tmp_path: Path) -> None:
    """`openssl ocsp` as the authority itself, which sends its own certificate along, and as a responder of its."""
    own, now = root("RESPONDEDOR"), datetime.now(UTC)
    der = BELOW.issue(subject("RESPONDEDOR"), own.key.public_key(), 5, responder=True)
    responder = Issuer(own.key, x509.load_der_x509_certificate(der))
    clear = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    for name, each in (("ca", BELOW), ("responder", responder)):
        (tmp_path / f"{name}.pem").write_bytes(each.certificate.public_bytes(serialization.Encoding.PEM))
        (tmp_path / f"{name}.key").write_bytes(each.key.private_bytes(*clear))
    certificate = Certificate.parse(who.certificate)
    asked = ocsp.OCSPRequestBuilder().add_certificate(
        x509.load_der_x509_certificate(who.certificate),
        BELOW.certificate,
        hashes.SHA1(),  # noqa: S303  what RFC 6960 names an issuer by
    )
    (tmp_path / "asked.der").write_bytes(asked.build().public_bytes(serialization.Encoding.DER))
    for state in ("V", "R"):
        revoked = "260101000000Z" if state == "R" else ""
        (tmp_path / "index.txt").write_text(
            f"{state}\t290101000000Z\t{revoked}\t{certificate.number:X}\tunknown\t/CN=x\n"
        )
        for name in ("ca", "responder"):
            files = ["-index", "index.txt", "-CA", "ca.pem", "-rsigner", f"{name}.pem", "-rkey", f"{name}.key"]
            reply = ["-reqin", "asked.der", "-respout", "answer.der", "-ndays", "1"]
            done = ran("openssl", "ocsp", *files, *reply, cwd=tmp_path)
            assert done.returncode == 0, done.stderr
            raw = (tmp_path / "answer.der").read_bytes()
            if state == "V":
                assert abs(check_answer(raw, certificate, ISSUER, now) - now) < timedelta(minutes=1)
            else:
                with pytest.raises(UntrustedInputError, match="certificate-revoked"):
                    check_answer(raw, certificate, ISSUER, now)


def test_revoked_certificates_are_refused(folder: Path, who: Efirma) -> None:
    """By answer or by list, of the signatory or of the authority above him: refused, with the instant."""
    number = Certificate.parse(who.certificate).number
    for stapled in (
        Stapled((BELOW.answer(who.certificate, EARLIER, revoked=True),)),
        Stapled((), (BELOW.list_revoked([1, number], EARLIER),)),
        Stapled((BELOW.answer(who.certificate, EARLIER),), (ABOVE.list_revoked([ISSUER.number], EARLIER),)),
    ):
        paper = check_pdf(ISSUING.sign(prepared(folder), FIELD, who, stapled=stapled), TRUST)
        assert [(s.chained, s.code, s.detail) for s in paper.signers] == [
            (False, "certificate-revoked", EARLIER.isoformat())
        ]
        assert paper.exit_code(self_contained=True) == 1


def test_answers_of_another_time_or_hand(folder: Path, who: Efirma) -> None:
    """Stale, from the future, or signed by an impostor under the authority's name: refused by their codes."""
    impostor = root("AC INTERMEDIA FICTICIA")
    for stapled, code in (
        (Stapled((BELOW.answer(who.certificate, NOW - timedelta(days=3)),)), "ocsp-stale"),
        (Stapled((), (BELOW.list_revoked([], NOW + timedelta(days=3)),)), "crl-stale"),
        (Stapled((), (BELOW.list_revoked([], EARLIER, by=impostor),)), "crl-signature"),
        (Stapled((b"0\x03\n\x01\x06",)), "ocsp-malformed"),
    ):
        [signer] = check_pdf(ISSUING.sign(prepared(folder), FIELD, who, stapled=stapled), TRUST).signers
        assert signer.code == code


def listed(der: bytes) -> str:
    """Return the code with which a list is refused for the signatory; "" where it holds."""
    certificate = Certificate.parse(ISSUING.issue("MARÍA", "p256").certificate)
    try:
        check_list(der, certificate, ISSUER, NOW)
    except UntrustedInputError as error:
        return error.code
    return ""


def test_lists_that_do_not_speak_of_everybody() -> None:
    """Of authorities only, of other issuers, of some reasons, a difference to another list: not taken for the whole."""
    part = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    reasons = frozenset({x509.ReasonFlags.key_compromise})
    for changes, code in (
        ({"only_contains_user_certs": True}, ""),
        ({"only_contains_ca_certs": True}, "crl-of-another"),
        ({"indirect_crl": True}, "crl-of-another"),
        ({"only_some_reasons": reasons}, "crl-of-another"),
    ):
        point = x509.IssuingDistributionPoint(**part | changes)
        assert listed(BELOW.list_revoked([], EARLIER, (point, True))) == code, changes
    assert listed(BELOW.list_revoked([], EARLIER, (x509.CRLNumber(7), False))) == ""
    assert listed(BELOW.list_revoked([], EARLIER, (x509.DeltaCRLIndicator(7), True))) == "crl-malformed"
    assert listed(ABOVE.list_revoked([], EARLIER)) == "crl-of-another"
    assert listed(b"junk") == "crl-malformed"
    assert listed(bytes(20_000)) == "crl-malformed"


def test_a_changed_list() -> None:
    """Every changed byte is refused, whether or not somebody signs it."""
    der = BELOW.list_revoked([5], EARLIER)
    assert [place for place in range(len(der)) if not listed(changed(der, place))] == []
