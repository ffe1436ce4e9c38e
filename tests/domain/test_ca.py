"""Authorities whose certificates are accepted for officers' keys: trusted and distrusted by acts (format.md §5)."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ledger.acts.ca import CertificateAuthorityDistrusted, CertificateAuthorityTrusted
from ledger.acts.trust import Founder, KeyEnrolled, LedgerFounded
from ledger.crypto.ocsp import check_answer
from ledger.crypto.x509 import MAX_CERTIFICATE_BYTES, Certificate
from ledger.domain.certificates import Shown, check_certificate
from ledger.errors import AcervoError, UntrustedInputError
from tests.kit.pki import AUTHORITY, BEGINS, YEARS, Issuer, intermediate, reference, root, subject, twenty_digits
from tests.kit.signed import a_key
from tests.kit.story import Story, say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

ROOT = root()
SAT = intermediate(ROOT)
STRANGER = root("AC QUE NADIE CONOCE")
NOW = datetime(2026, 1, 28, 16, 0, tzinfo=UTC)
PERSON = subject("MARÍA NÚÑEZ IBÁÑEZ", rfc="NUIM800101AB1", curp="NUIM800101MJCXBD09")
SERIAL = twenty_digits(30001000000500000001)
KEY = rsa.generate_private_key(65537, 2048).public_key()
CER = SAT.issue(PERSON, KEY, SERIAL)
OTHER_KEY = ec.generate_private_key(ec.SECP256R1()).public_key()


def base64_spki(key: CertificatePublicKeyTypes) -> str:
    """Return a public key as enrolments write it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return base64.b64encode(key.public_bytes(serialization.Encoding.DER, form)).decode()


def founded() -> Story:
    """Return a founded ledger that trusts nobody's certificates yet."""
    keys = {name: a_key(name).public for name in ("ed25519", "p256", "rsa")}
    spki = {name: base64.b64encode(key.spki).decode() for name, key in keys.items()}
    story = Story()
    founding = LedgerFounded(
        origin=story.world.origin,
        officers=(Founder(person="f-1", spki=spki["ed25519"]), Founder(person="f-2", spki=spki["p256"])),
        recovery_spki=spki["rsa"],
        rules_edition=1,
    )
    return story.given(say(founding, signer=keys["ed25519"].keyid))


def trusting() -> Story:
    """Return a ledger that trusts the root and the intermediate."""
    return founded().given(ROOT.trusted(), SAT.trusted(ROOT))


def enrolment(der: bytes = CER, issuer: Issuer = SAT, key: CertificatePublicKeyTypes = KEY, **said: Any) -> KeyEnrolled:
    """Return the enrolment of a key with its certificate."""
    spki = base64_spki(key)
    keyid = sha256(base64.b64decode(spki)).hexdigest()
    certificate = reference(der, issuer).model_copy(update=said)
    return KeyEnrolled(keyid=keyid, spki=spki, person="f-1", certificate=certificate)


def checked(act: KeyEnrolled, der: bytes, answer: bytes | None = None, story: Story | None = None) -> str:
    """Return the code with which the certificate is refused, "" where it is accepted."""
    story = story or trusting()
    try:
        check_certificate(act, Shown(der, answer), NOW, story.size, story.world)
    except AcervoError as error:
        return str(getattr(error, "code", error))
    return ""


def test_what_is_read_of_an_e_firma() -> None:
    """Twenty digits of serial, RFC and CURP where the SAT writes them, validity in UTC (LFEA 17, 20)."""
    read = Certificate.parse(CER)
    assert (read.serial, read.rfc, read.curp) == ("30001000000500000001", "NUIM800101AB1", "NUIM800101MJCXBD09")
    assert (read.name, read.authority, read.signs) == ("MARÍA NÚÑEZ IBÁÑEZ", False, True)
    assert (read.starts, read.ends) == (BEGINS, BEGINS + 4 * YEARS)
    assert Certificate.parse(SAT.der).serial == "2"
    assert not read.self_issued
    assert Certificate.parse(ROOT.der).self_issued


@pytest.mark.parametrize(
    "der",
    [b"", b"x", CER[:-1], CER + b"\0", b"0" * (MAX_CERTIFICATE_BYTES + 1)],
    ids=["nothing", "a byte", "cut", "longer", "too long"],  # certificates are made anew in every worker
)
def test_bytes_that_are_no_certificate(der: bytes) -> None:
    """Anything but one certificate, whole, is refused in the one family of errors."""
    with pytest.raises(UntrustedInputError) as refusal:
        Certificate.parse(der)
    assert refusal.value.code == "bad-certificate"


def test_an_authority_is_trusted_with_its_chain() -> None:
    """A root first, then who it certified; once; and distrusted once."""
    story = trusting()
    story.when(ROOT.trusted()).refused("ca-already-trusted")
    gone = CertificateAuthorityDistrusted(sha256=SAT.sha256, reason="compromised")
    story.when(CertificateAuthorityDistrusted(sha256=STRANGER.sha256, reason="superseded")).refused("ca-not-trusted")
    story.given(gone).when(gone).refused("ca-not-trusted")


def test_an_authority_that_is_none() -> None:
    """Not under a stranger, not with another's hash, not an officer's own certificate, not a forged root."""
    story = founded()
    story.when(SAT.trusted(ROOT)).refused("ca-unknown")
    story.given(ROOT.trusted())
    story.when(STRANGER.trusted(ROOT)).refused("ca-certificate")
    story.when(SAT.trusted()).refused("ca-certificate")
    story.when(ROOT.trusted().model_copy(update={"sha256": "a" * 64})).refused("ca-certificate")
    officer = CertificateAuthorityTrusted(
        sha256=sha256(CER).hexdigest(), certificate=base64.b64encode(CER).decode(), issuer_sha256=ROOT.sha256
    )
    story.when(officer).refused("ca-certificate")


def test_a_key_is_enrolled_with_a_certificate_of_a_trusted_authority_only() -> None:
    """Issuer unknown or distrusted: refused live, without the certificate being seen."""
    founded().when(enrolment()).refused("ca-unknown")
    story = trusting()
    story.when(enrolment()).accepted()
    story = trusting().given(CertificateAuthorityDistrusted(sha256=ROOT.sha256, reason="compromised"))
    story.when(enrolment()).refused("ca-distrusted")


def test_chain_of_too_many_authorities() -> None:
    """A chain ends somewhere."""
    story, above = founded().given(ROOT.trusted()), ROOT
    for level in range(5):
        below = intermediate(above, f"AC {level}")
        story.when(enrolment(issuer=above)).check()
        story.given(below.trusted(above))
        above = below
    story.when(enrolment(issuer=above)).refused("ca-chain-too-long")


def test_the_certificate_must_be_what_the_act_says() -> None:
    """Hash, serial, key, use, issuer's signature, validity: each refused by its code; the honest one accepted."""
    assert not checked(enrolment(), CER)
    assert checked(enrolment(serial="1"), CER) == "certificate-differs"
    assert checked(enrolment(sha256="b" * 64), CER) == "certificate-differs"
    assert checked(enrolment(key=OTHER_KEY), CER) == "certificate-differs"
    authority = SAT.issue(PERSON, KEY, 7, AUTHORITY)
    assert checked(enrolment(authority), authority) == "certificate-use"
    sealing = SAT.issue(PERSON, KEY, 8, frozenset({"key_encipherment"}))
    assert checked(enrolment(sealing), sealing) == "certificate-use"
    forged = STRANGER.issue(PERSON, KEY, SERIAL)
    assert checked(enrolment(forged), forged) == "certificate-issuer"
    assert checked(enrolment(forged, STRANGER), forged) == "ca-unknown"
    expired = SAT.issue(PERSON, KEY, SERIAL, lasts=timedelta(days=1))
    assert checked(enrolment(expired), expired) == "certificate-period"
    early = SAT.issue(PERSON, KEY, SERIAL, begins=NOW + timedelta(days=1))
    assert checked(enrolment(early), early) == "certificate-period"


def test_a_certificate_that_somebody_made_himself() -> None:
    """Self-signed, in the very name of the authority: its signature is not the authority's."""
    impostor = root("AC INTERMEDIA FICTICIA")
    made = impostor.issue(PERSON, KEY, SERIAL)
    assert checked(enrolment(made), made) == "certificate-issuer"


def test_trust_counts_from_its_index_to_its_end() -> None:
    """A key enrolled before the distrust keeps its chain; at the same index as the trust there is none."""
    story = trusting()
    at = story.size
    story.given(CertificateAuthorityDistrusted(sha256=SAT.sha256, reason="cessation"))
    assert check_certificate(enrolment(), Shown(CER, None), NOW, at, story.world)[-1].sha256 == ROOT.sha256
    assert checked(enrolment(), CER, story=story) == "ca-distrusted"


def test_the_authority_s_stapled_answer() -> None:
    """Good now: accepted, signed by the authority or by its responder; revoked, stale, another's, forged: refused."""
    assert not checked(enrolment(), CER, SAT.answer(CER, NOW))
    responder = root("RESPONDEDOR")
    der = SAT.issue(subject("OCSP"), responder.key.public_key(), 11, responder=True)
    assert not checked(enrolment(), CER, SAT.answer(CER, NOW, by=(der, responder)))
    unnamed = SAT.issue(subject("OCSP"), responder.key.public_key(), 12)
    assert checked(enrolment(), CER, SAT.answer(CER, NOW, by=(unnamed, responder))) == "ocsp-signature"
    foreign = STRANGER.issue(subject("OCSP"), responder.key.public_key(), 13, responder=True)
    assert checked(enrolment(), CER, SAT.answer(CER, NOW, by=(foreign, responder))) == "certificate-issuer"
    assert checked(enrolment(), CER, SAT.answer(CER, NOW, revoked=True)) == "certificate-revoked"
    assert checked(enrolment(), CER, SAT.answer(CER, NOW - timedelta(days=3))) == "ocsp-stale"
    assert checked(enrolment(), CER, SAT.answer(CER, NOW + timedelta(days=3))) == "ocsp-stale"
    other = SAT.issue(PERSON, OTHER_KEY, 99)
    assert checked(enrolment(), CER, SAT.answer(other, NOW)) == "ocsp-of-another"
    assert checked(enrolment(), CER, ROOT.answer(CER, NOW)) == "ocsp-of-another"
    assert checked(enrolment(), CER, b"junk") == "ocsp-malformed"
    assert checked(enrolment(), CER, b"0" * 20_000) == "ocsp-malformed"


def test_a_changed_answer() -> None:
    """Every changed byte is refused."""
    answer = SAT.answer(CER, NOW)
    certificate, issuer = Certificate.parse(CER), Certificate.parse(SAT.der)
    for place in range(len(answer)):
        changed = answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]
        with pytest.raises(UntrustedInputError):
            check_answer(changed, certificate, issuer, NOW)


def test_a_certificate_and_what_is_said_of_it_come_together() -> None:
    """Sealed without a word in public, or a word without the certificate: refused by the schema."""
    act = enrolment()
    act.check_sealed_names({"certificate_der", "ocsp_der"})
    with pytest.raises(UntrustedInputError, match="sealed-missing"):
        act.check_sealed_names(set())
    with pytest.raises(UntrustedInputError, match="sealed-name"):
        act.model_copy(update={"certificate": None}).check_sealed_names({"certificate_der"})
