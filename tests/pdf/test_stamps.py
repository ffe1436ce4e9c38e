"""Time stamps in signatures (PAdES B-T): other people's tools accept them, ours says what they prove and no more."""

from __future__ import annotations

import io
import random
import time
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from api.fetching import UnreachableError
from api.stamping import StampClient
from ledger.crypto import cms, stamp
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError
from ledger.pdf.signing import parse
from ledger.verify.paper import check_pdf, run_pdf
from ledger.verify.signers import chain_to
from ledger.verify.trust import Trust
from tests.kit.paper import BOXES, NOW, authority, prepared, statuses
from tests.kit.pki import AUTHORITY, root
from tests.kit.sweep import accepted, changed, refusal
from tests.kit.tools import pdfsig, ran
from tests.kit.tsa import Tsa, a_tsa, answering, reply_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND = (box.field for box in BOXES)
LATER = NOW + timedelta(seconds=2)
KINDS: dict[str, dict[str, Any]] = {
    "rsa": {"algorithm": "rsa", "protects": True},
    "p256": {"algorithm": "p256", "digest": "sha512", "ess": 1},
}
IMPRINT = sha256(b"firma").digest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory for the module's files."""
    return tmp_path_factory.mktemp("sellos")


@pytest.fixture(scope="module")
def tsas() -> dict[str, Tsa]:
    """Give two time-stamp authorities below one root, which write their tokens in different ways."""
    return {name: a_tsa(LATER, **how) for name, how in KINDS.items()}


@pytest.fixture(scope="module")
def trust(tsas: dict[str, Tsa]) -> Trust:
    """Give what an auditor trusts: the root of the signatories and that of the time stamps."""
    return Trust(roots=trusting(authority().root.der).roots, tsa_roots=trusting(tsas["rsa"].root.der).roots)


@pytest.fixture(scope="module")
def stamped(folder: Path, tsas: dict[str, Tsa]) -> bytes:
    """Give a document that two signed, with RSA and with P-256, each stamped over HTTP."""
    issuing, pdf = authority(), prepared(folder)
    with answering(lambda path, body: tsas[path[1:]].reply(body)) as url:
        for field, algorithm in ((FIRST, "rsa"), (SECOND, "p256")):
            client = StampClient(f"{url}/{algorithm}")
            pdf = issuing.sign(pdf, field, issuing.issue("MARÍA NÚÑEZ", algorithm), stamp=client)
    return pdf


def trusting(der: bytes) -> Trust:
    """Return the trust in one root of signatories."""
    return Trust(roots=(Certificate.parse(der),))


def tokens(pdf: bytes) -> list[tuple[bytes, bytes]]:
    """Return each signature's token, and the SHA-256 of what it stamps."""
    found = [cms.read(each.cms, each.digest) for each in parse(pdf).signatures]
    return [(each.token or b"", sha256(each.signature).digest()) for each in found]


def test_a_trusted_stamp_proves_the_time(stamped: bytes, trust: Trust) -> None:
    """With the root of the TSA the time is proved; what was not looked at is said."""
    paper = check_pdf(stamped, trust)
    assert [(s.time, s.stamped_at, s.tsa, s.code) for s in paper.signers] == [
        ("proved", LATER.isoformat(), "SELLO DE TIEMPO FICTICIO", "")
    ] * 2
    assert paper.exit_code(self_contained=True) == 0
    assert paper.not_checked == ("paper-revocation", "paper-text", "paper-signatory", "paper-tsa-revocation")
    out = io.StringIO()
    assert run_pdf(stamped, trust, "es", out, self_contained=True) == 0
    assert (
        f"hora probada: la autoridad de sellos de tiempo SELLO DE TIEMPO FICTICIO vio la firma el {LATER.isoformat()}"
        in (out.getvalue())
    )


def test_whose_stamp_nobody_vouches_for_proves_nothing(stamped: bytes, folder: Path, trust: Trust) -> None:
    """Without a TSA root: said to be unchecked; without a stamp: the signatory's word; of a foreign root: refused."""
    paper = check_pdf(stamped, replace(trust, tsa_roots=None))
    assert {s.time for s in paper.signers} == {"stamped"}
    assert "paper-time" in paper.not_checked
    assert paper.exit_code(self_contained=True) == 0
    plain = authority().sign(prepared(folder), FIRST, authority().issue("MARÍA"))
    assert {s.time for s in check_pdf(plain, trust).signers} == {"claimed"}
    foreign = check_pdf(stamped, replace(trust, tsa_roots=trusting(root("OTRA").der).roots))
    assert {(s.chained, s.code) for s in foreign.signers} == {(False, "stamp-authority")}
    assert foreign.exit_code(self_contained=True) == 1


def test_pyhanko_accepts_signature_and_stamp(stamped: bytes, tsas: dict[str, Tsa]) -> None:
    """An independent library: each signature holds, and its time stamp, chain included, is trusted."""
    for status in statuses(stamped, authority().root, tsas["rsa"].root):
        assert status.bottom_line
        assert status.timestamp_validity is not None
        assert (status.timestamp_validity.trusted, status.timestamp_validity.timestamp) == (True, LATER)


def test_pdfsig_accepts_every_stamped_signature(stamped: bytes, tmp_path: Path) -> None:
    """Poppler says *valid* of each."""
    assert pdfsig(stamped, tmp_path).count(b"Signature is Valid") == 2


def test_openssl_accepts_the_stamps(stamped: bytes, tsas: dict[str, Tsa], tmp_path: Path) -> None:
    """`openssl ts -verify` of the tokens as they are kept, and not of another document."""
    pem = tsas["rsa"].root.certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "root.pem").write_bytes(pem)
    for token, imprint in tokens(stamped):
        (tmp_path / "token.der").write_bytes(token)
        for digest, accepts in ((imprint, True), (IMPRINT, False)):
            options = ["-digest", digest.hex(), "-token_in", "-in", "token.der", "-CAfile", "root.pem"]
            moment = ["-attime", str(int(NOW.timestamp()))]
            judged = ran("openssl", "ts", "-verify", *options, *moment, cwd=tmp_path)
            assert (b"Verification: OK" in judged.stdout) is accepts, judged


def test_a_stamp_of_openssl_s_own_authority(tsas: dict[str, Tsa], tmp_path: Path) -> None:
    """What `openssl ts -reply` answers to our question is taken, and reads the same in our form."""
    tsa = tsas["rsa"]
    encodings = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "tsa.key").write_bytes(tsa.key.private_bytes(*encodings))
    own = x509.load_der_x509_certificate(tsa.der).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "tsa.pem").write_bytes(own)
    chain = b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in tsa.above)
    (tmp_path / "chain.pem").write_bytes(chain)
    (tmp_path / "serial").write_text("01\n")
    (tmp_path / "ts.cnf").write_text(
        "[tsa]\ndefault_tsa=t\n[t]\nserial=serial\nsigner_cert=tsa.pem\ncerts=chain.pem\nsigner_key=tsa.key\n"
        "signer_digest=sha384\ndefault_policy=1.2.3.4\ndigests=sha256\nordering=yes\ntsa_name=yes\n"
    )
    (tmp_path / "query.tsq").write_bytes(stamp.request(IMPRINT, 12345))
    options = ["-config", "ts.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"]
    assert ran("openssl", "ts", "-reply", *options, cwd=tmp_path).returncode == 0
    token = stamp.accept((tmp_path / "reply.tsr").read_bytes(), IMPRINT, 12345)
    shown = stamp.read(token, IMPRINT)
    assert (shown.policy, shown.serial, shown.authority.der) == ("1.2.3.4", 2, tsa.der)
    assert [each.name for each in shown.chain] == ["AC DEL SELLO"]


@pytest.mark.parametrize("place", [0, 1], ids=["rsa", "p256"])
def test_every_byte_of_a_token_is_refused(stamped: bytes, trust: Trust, place: int) -> None:
    """Each byte in turn, names of algorithms and certificates of the chain included."""
    token, imprint = tokens(stamped)[place]
    passed = []
    for at in range(len(token)):
        try:
            shown = stamp.read(changed(token, at), imprint)
            chain_to(shown.authority, shown.chain, trust.tsa_roots or ())
        except UntrustedInputError:
            continue
        passed.append(at)
    assert passed == []


@pytest.mark.parametrize("place", [0, 1], ids=["rsa", "p256"])
def test_bytes_of_a_stamped_signature_are_refused(stamped: bytes, trust: Trust, place: int) -> None:
    """Every eighth byte of the CMS around the token and in it; without a stamp, each byte is swept in test_signing."""
    signature = parse(stamped).signatures[place]
    assert accepted(signature, trust, range(place, len(signature.cms), 8)) == []


def test_changed_bytes_of_a_stamped_file(stamped: bytes, trust: Trust) -> None:
    """200 single bytes of the file, 100 of them within the tokens."""
    chance, passed = random.Random(3161), []
    inside = [
        place
        for token, _ in tokens(stamped)
        for start in [stamped.index(token.hex().encode())]
        for place in range(start, start + 2 * len(token))
    ]
    for place in chance.sample(range(len(stamped)), 100) + chance.sample(inside, 100):
        other = bytearray(stamped)
        other[place] ^= 1 << chance.randrange(8)
        try:
            status = check_pdf(bytes(other), trust).exit_code(self_contained=True)
        except UntrustedInputError:
            status = 1
        if status == 0:
            passed.append(place)
    assert passed == []


def signed_with(folder: Path, tsa: Tsa, token: Callable[[bytes], bytes] | None = None) -> bytes:
    """Return a document signed once, with a token that nobody looked at."""

    def stamping(signature: bytes) -> bytes:
        return tsa.token(sha256(signature).digest()) if token is None else token(signature)

    return authority().sign(prepared(folder), FIRST, authority().issue("MARÍA"), stamp=stamping)


def test_a_token_in_another_form_is_refused(folder: Path, tsas: dict[str, Tsa], trust: Trust) -> None:
    """As the authority wrote it, with its root and an attribute that nobody signed: not the one form."""
    [signature] = parse(signed_with(folder, tsas["rsa"])).signatures
    assert refusal(signature, trust) == "stamp-malformed"


def test_the_stamp_of_another_signature(folder: Path, tsas: dict[str, Tsa], trust: Trust) -> None:
    """A true token over something else does not fit here, nor does one that was not asked for."""
    other = stamp.accept(tsas["rsa"].reply(stamp.request(IMPRINT, 5)), IMPRINT, 5)
    [signature] = parse(signed_with(folder, tsas["rsa"], lambda _: other)).signatures
    assert refusal(signature, trust) == "stamp-of-another"
    with pytest.raises(UntrustedInputError, match="stamp-of-another"):
        stamp.accept(tsas["rsa"].reply(stamp.request(IMPRINT, 5)), IMPRINT, 6)
    with pytest.raises(UntrustedInputError, match="stamp-of-another"):
        stamp.accept(tsas["rsa"].reply(stamp.request(IMPRINT, 5)), sha256(b"otra").digest(), 5)


def test_stamps_of_who_may_not_stamp(tsas: dict[str, Tsa]) -> None:
    """A certificate that is not, not critically or not only for time stamps; a forged signature."""
    only, also = ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.EMAIL_PROTECTION
    bad: tuple[dict[str, Any], ...] = ({"use": ()}, {"critical": False}, {"use": (only, also)}, {"use": (also,)})
    for how in bad:
        with pytest.raises(UntrustedInputError, match="stamp-certificate"):
            stamp.accept(a_tsa(LATER, **how).reply(stamp.request(IMPRINT, 5)), IMPRINT, 5)
    forged = replace(tsas["rsa"], key=a_tsa(LATER).key, protects=False)
    with pytest.raises(UntrustedInputError, match="stamp-signature"):
        stamp.accept(forged.reply(stamp.request(IMPRINT, 5)), IMPRINT, 5)


def test_times_that_do_not_fit(folder: Path, trust: Trust) -> None:
    """Stamped before it was signed, when the TSA's certificate or the signatory's own was not valid: refused."""
    for at, how, code in (
        (NOW - timedelta(hours=1), {}, "stamp-before-signing"),
        (LATER, {"begins": NOW.replace(year=2027)}, "stamp-authority"),
        (LATER, {"issuer": root("OTRA")}, "stamp-authority"),
        (NOW.replace(year=2030), {}, "certificate-period"),
    ):
        tsa = a_tsa(at, **how)

        def asked(signature: bytes, tsa: Tsa = tsa) -> bytes:
            imprint = sha256(signature).digest()
            return stamp.accept(tsa.reply(stamp.request(imprint, 7)), imprint, 7)

        [signature] = parse(signed_with(folder, tsa, asked)).signatures
        assert refusal(signature, trust) == code


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "tsa-unreachable"),
        (b"", "stamp-malformed"),
        (b"<html>", "stamp-malformed"),
        (bytes(100_000), "tsa-unreachable"),
        (reply_of("rejection", None, "hoy no"), "stamp-refused"),
        (reply_of("granted", None), "stamp-malformed"),
        (reply_of("granted", authority().root.der), "stamp-malformed"),
    ],
    ids=["503", "empty", "page", "long", "refused", "no-token", "no-signed-data"],
)
def test_answers_that_are_none(answer: bytes | None, code: str) -> None:
    """Whatever comes instead of a stamp ends in a code and never in a signature without one."""
    with (
        answering(lambda _path, _body: answer) as url,
        pytest.raises((UnreachableError, UntrustedInputError), match=code),
    ):
        StampClient(url)(b"firma")


def test_a_silent_authority_is_not_waited_for() -> None:
    """Nobody listens, somebody is too slow, or it is no address: said within the time."""
    began = time.monotonic()
    with answering(lambda _path, _body: time.sleep(1)) as url, pytest.raises(UnreachableError, match="tsa-unreachable"):
        StampClient(url, timeout_s=0.2)(b"firma")
    unwritable = ("http://ocsp..example/x", "http://exa mple.mx/", f"http://{'a' * 70}.mx/", "http://localhost:9/ñ")
    for nowhere in (url, "ftp://localhost/x", "http://localhost:99999/", "http:///", "x", *unwritable):
        with pytest.raises(UnreachableError, match="tsa-unreachable"):
            StampClient(nowhere, timeout_s=0.5)(b"firma")
    assert time.monotonic() - began < 5


def test_an_authority_of_certificates_is_none_of_stamps() -> None:
    """A certificate that may issue others does not stamp, whatever its other uses."""
    issuer = root("RAIZ DEL SELLO")
    der = issuer.issue(issuer.certificate.subject, issuer.key.public_key(), 9, AUTHORITY, responder=True)
    tsa = Tsa(issuer.key, der, (issuer,), LATER)
    with pytest.raises(UntrustedInputError, match="stamp-certificate"):
        stamp.accept(tsa.reply(stamp.request(IMPRINT, 5)), IMPRINT, 5)
