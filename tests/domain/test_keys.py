"""Keys: one encoding each, one signature rule each, and files that say what is wrong with them."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from ledger.crypto.keys import MAX_PEM_BYTES, PrivateKey, PublicKey
from ledger.errors import UntrustedInputError
from tests.kit.signed import a_key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

    from ledger.crypto.keys import Algorithm

ED25519_HEAD = bytes.fromhex("302a300506032b6570032100")
P = 2**255 - 19
SIZES = {"ed25519": 44, "p256": 91, "rsa": 294}
SIGNATURES = {"ed25519": range(64, 65), "p256": range(8, 73), "rsa": range(256, 257)}


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _pem(key: PrivateKeyTypes, form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _refused(spki: bytes) -> bool:
    with pytest.raises(UntrustedInputError) as refusal:
        PublicKey.from_spki(spki)
    return refusal.value.code == "bad-spki"


@pytest.mark.parametrize("algorithm", ["ed25519", "p256", "rsa"])
def test_keys_sign_and_verify(algorithm: Algorithm) -> None:
    """A key of each algorithm has its one SPKI, may be enrolled, signs, verifies, and travels to another process."""
    key = a_key(algorithm)
    signature = key.sign(b"acta")
    assert (key.public.algorithm, len(key.public.spki)) == (algorithm, SIZES[algorithm])
    assert len(signature) in SIGNATURES[algorithm]
    assert key.public.verify(signature, b"acta")
    assert not key.public.verify(signature, b"otra")
    assert not key.public.verify(b"", b"acta")
    key.public.check_enrollable()
    again = pickle.loads(pickle.dumps(key.public))  # noqa: S301  our own bytes
    assert again == PublicKey.from_spki(key.public.spki) == key.public
    assert len({again, key.public}) == 1
    assert again.verify(signature, b"acta")
    assert key.public.keyid in repr(key.public)
    assert key.public != key.public.spki


@pytest.mark.parametrize("algorithm", ["ed25519", "p256", "rsa"])
@pytest.mark.parametrize("password", [None, "contraseña".encode()])
def test_key_files_come_back(algorithm: Algorithm, password: bytes | None) -> None:
    """A key is written as PKCS#8 PEM, with or without password, and read back the same."""
    key = a_key(algorithm)
    pem = key.to_pem(password)
    assert (b"ENCRYPTED" in pem) == (password is not None)
    assert PrivateKey.from_pem(pem, password).public == key.public


def test_seeds() -> None:
    """A seed of 32 bytes always gives the same key: RFC 8032 §7.1, test 1."""
    key = PrivateKey.from_seed(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.public.spki[-32:].hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    with pytest.raises(ValueError, match="32"):
        PrivateKey.from_seed(b"short")


def test_no_password_is_not_an_empty_password() -> None:
    """Whoever asks for an empty password gets an error, not plain text."""
    with pytest.raises(ValueError, match="Password"):
        a_key().to_pem(b"")


@pytest.mark.parametrize(
    ("pem", "password"),
    [
        (a_key().to_pem(b"right"), b"wrong"),
        (a_key().to_pem(b"right"), None),
        (a_key().to_pem(), b"needless"),
        (b"", None),
        (a_key().to_pem().replace(b"M", b"!", 1), None),
        (a_key().to_pem()[:60], None),
        (a_key().to_pem() + b"\n" * MAX_PEM_BYTES, None),
        (_pem(ec.generate_private_key(ec.SECP384R1())), None),
        (_pem(x25519.X25519PrivateKey.generate()), None),
        (_pem(ec.generate_private_key(ec.SECP256R1()), serialization.PrivateFormat.TraditionalOpenSSL), None),
    ],
    ids=["wrong", "missing", "needless", "empty", "no-base64", "cut", "long", "p384", "x25519", "sec1"],
)
def test_bad_key_files(pem: bytes, password: bytes | None) -> None:
    """A wrong password, another form or another algorithm is refused with one code."""
    with pytest.raises(UntrustedInputError) as refusal:
        PrivateKey.from_pem(pem, password)
    assert refusal.value.code == "bad-private-key"


def test_other_algorithms_and_sizes_are_not_read() -> None:
    """Only Ed25519, P-256 and RSA with 2048 to 4096 bits and e = 65537 are keys of this format."""
    assert _refused(_spki(ec.generate_private_key(ec.SECP384R1()).public_key()))
    assert _refused(_spki(ec.generate_private_key(ec.SECP256K1()).public_key()))
    assert _refused(_spki(ed448.Ed448PrivateKey.generate().public_key()))
    assert _refused(_spki(x25519.X25519PrivateKey.generate().public_key()))
    parameters = dsa.DSAParameterNumbers(p=(1 << 2047) + 9, q=(1 << 255) + 95, g=2)
    assert _refused(_spki(dsa.DSAPublicNumbers(4, parameters).public_key()))
    for bits, exponent, fits in (
        (2047, 65537, False),
        (2048, 65537, True),
        (4096, 65537, True),
        (4097, 65537, False),
        (2048, 3, False),
    ):
        spki = _spki(rsa.RSAPublicNumbers(exponent, (1 << bits - 1) + 1).public_key())
        assert PublicKey.from_spki(spki).algorithm == "rsa" if fits else _refused(spki)


def test_other_encodings_are_not_read() -> None:
    """The same key in another SubjectPublicKeyInfo is refused: compressed points, missing NULL, long lengths, tails."""
    ed, p256, big = (a_key(algorithm).public.spki for algorithm in ("ed25519", "p256", "rsa"))
    compressed = (
        bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + bytes([2 | p256[-1] & 1]) + p256[27:59]
    )
    assert _refused(compressed)
    for spki in (ed, p256, big):
        assert _refused(spki + b"\0")
        assert _refused(spki[:-1])
    assert _refused(b"\x30\x81" + ed[1:])
    null = big.index(b"\x05\x00")
    without_null = big[null + 2 :]
    assert _refused(b"\x30\x82" + (len(big) - 6).to_bytes(2, "big") + b"\x30\x0b" + big[6:null] + without_null)
    assert _refused(p256[:-1] + bytes([p256[-1] ^ 1]))  # no point of the curve
    assert _refused(bytes(2000))


@pytest.mark.parametrize("y", [P, P + 1, P + 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_ed25519_keys_beyond_the_field_are_not_read(y: int, sign: int) -> None:
    """A coordinate that is not reduced is another spelling of a point, and refused."""
    assert _refused(ED25519_HEAD + (y | sign << 255).to_bytes(32, "little"))


@pytest.mark.parametrize("y", [1, P - 1])
def test_ed25519_keys_with_minus_zero_are_not_read(y: int) -> None:
    """Where x is 0 it has no sign."""
    assert _refused(ED25519_HEAD + (y | 1 << 255).to_bytes(32, "little"))
    with pytest.raises(UntrustedInputError) as refusal:
        PublicKey.from_spki(ED25519_HEAD + y.to_bytes(32, "little")).check_enrollable()
    assert refusal.value.code == "small-order-key"


def test_keys_that_verify_nothing_are_not_enrolled() -> None:
    """Coordinates that belong to no point, and an even modulus, can be read but not enrolled."""
    verdicts = set()
    for y in range(2, 30):
        key = PublicKey.from_spki(ED25519_HEAD + y.to_bytes(32, "little"))
        try:
            key.check_enrollable()
        except UntrustedInputError as error:
            verdicts.add(error.code)
        else:
            verdicts.add("enrollable")
        assert not key.verify(bytes(64), b"")
    assert verdicts == {"bad-spki", "enrollable"}
    even = PublicKey.from_spki(_spki(rsa.RSAPublicNumbers(65537, (1 << 2047) + 2).public_key()))
    with pytest.raises(UntrustedInputError):
        even.check_enrollable()
    assert not even.verify(bytes(256), b"")


def test_ed25519_signatures_are_strict() -> None:
    """The other spelling of S, and an R that is not canonical, are refused before the library is asked."""
    key = a_key()
    signature = key.sign(b"acta")
    order = 2**252 + 27742317777372353535851937790883648493
    more = int.from_bytes(signature[32:], "little") + order
    assert not key.public.verify(signature[:32] + more.to_bytes(32, "little"), b"acta")
    for r in (P, 1 | 1 << 255, P - 1 | 1 << 255):
        assert not key.public.verify(r.to_bytes(32, "little") + signature[32:], b"acta")
    assert not key.public.verify(signature + b"\0", b"acta")


def test_p256_takes_both_halves_of_s() -> None:
    """A high s is allowed (format.md §4): with a signature its negative verifies too."""
    key = a_key("p256")
    signature = key.sign(b"acta")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    r, s = decode_dss_signature(signature)
    assert key.public.verify(encode_dss_signature(r, order - s), b"acta")


@pytest.mark.parametrize(
    "signature",
    [
        "3006020101020101",  # well-formed, wrong
        "300702010102020001",  # not minimal
        "3006020181020101",  # negative
        "30060200020101",  # empty integer, wrong length
        "3006030101020101",  # not an integer
        "300602010102010100",  # tail
        "308106020101020101",  # long form
        "3003020101",
        "30060201010205ff",
        "3008020101020101" + "0500",
    ],
)
def test_p256_der_is_strict(signature: str) -> None:
    """Any other DER or BER than two minimal positive integers is refused."""
    assert not a_key("p256").public.verify(bytes.fromhex(signature), b"acta")
