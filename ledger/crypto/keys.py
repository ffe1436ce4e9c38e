"""Officers' keys: Ed25519, P-256, RSA, each in one SPKI encoding and one signature rule (format.md §4)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, assert_never

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Algorithm", "PrivateKey", "PublicKey", "Secret"]

Algorithm: TypeAlias = Literal["ed25519", "p256", "rsa"]
_Private: TypeAlias = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

MAX_SPKI_BYTES = 1024
MAX_PEM_BYTES = 16 * 1024
ED25519_SPKI_BYTES = 44
P256_SPKI_BYTES = 91
RSA_BITS = range(2048, 4097)
RSA_EXPONENT = 65537
_PKCS8 = (b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_L = 2**252 + 27742317777372353535851937790883648493
# y-coordinates of the eight points of small order (RFC 8032 §5.1; orders 1, 2, 4 and 8).
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y})


class PublicKey:
    """A key to check signatures with; immutable, to be kept and used again.

    Attributes:
        spki: SubjectPublicKeyInfo, DER.
        keyid: Lower-case hex SHA-256 of `spki`.
        algorithm: Follows the key, never a header.
    """

    __slots__ = ("_verify", "algorithm", "keyid", "spki")

    def __init__(self, spki: bytes, algorithm: Algorithm, verify: Callable[[bytes, bytes], bool]) -> None:
        self.spki = spki
        self.keyid = sha256(spki).hexdigest()
        self.algorithm = algorithm
        self._verify = verify

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and other.spki == self.spki

    def __hash__(self) -> int:
        return hash(self.spki)

    def __repr__(self) -> str:
        return f"PublicKey({self.algorithm}, {self.keyid})"

    def __reduce__(self) -> tuple[Callable[[bytes], PublicKey], tuple[bytes]]:
        """Let a key travel to another process: it is parsed again there."""
        return PublicKey.from_spki, (self.spki,)

    @classmethod
    def from_spki(cls, spki: bytes) -> PublicKey:
        """Read a key in the one encoding that its algorithm has.

        Raises:
            UntrustedInputError: "bad-spki"; for Ed25519 also where the point is not written canonically.
        """
        if len(spki) > MAX_SPKI_BYTES:
            raise UntrustedInputError("bad-spki", f"{len(spki)} bytes")
        try:
            key = serialization.load_der_public_key(spki)
            again = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UntrustedInputError("bad-spki", str(error)) from error
        if again != spki:
            raise UntrustedInputError("bad-spki", "another encoding of the key")
        match key:
            case ed25519.Ed25519PublicKey() if len(spki) == ED25519_SPKI_BYTES and _is_canonical_point(spki[-32:]):
                return cls(spki, "ed25519", _ed25519_verifier(key))
            case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()) if len(spki) == P256_SPKI_BYTES:
                return cls(spki, "p256", _p256_verifier(key))
            case rsa.RSAPublicKey() if key.key_size in RSA_BITS and key.public_numbers().e == RSA_EXPONENT:
                return cls(spki, "rsa", _rsa_verifier(key))
            case _:
                raise UntrustedInputError("bad-spki", "an algorithm or size that the format does not admit")

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Tell whether `signature` is this key's over `message`."""
        return self._verify(signature, message)

    def check_enrollable(self) -> None:
        """Refuse a key that must not be enrolled: of small order (format.md §4), or one that nothing verifies with.

        Raises:
            UntrustedInputError: "small-order-key", or "bad-spki" for an Ed25519 key that is no point of the curve or
                an RSA modulus that is even.
        """
        if self.algorithm == "rsa" and not self.spki[-6] & 1:  # the modulus' last byte; 02 03 01 00 01 follows
            raise UntrustedInputError("bad-spki", "an even modulus")
        if self.algorithm != "ed25519":
            return  # points of P-256 were checked on reading, and all but infinity have the full order
        encoded = self.spki[-32:]
        if _y(encoded) in _SMALL_ORDER_Y:
            raise UntrustedInputError("small-order-key")
        if not _is_on_curve(encoded):
            raise UntrustedInputError("bad-spki", "no point of the curve")


def _y(encoded: bytes) -> int:
    return int.from_bytes(encoded, "little") & (2**255 - 1)


def _is_canonical_point(encoded: bytes) -> bool:
    """RFC 8032 §5.1.3: y < p, and no sign bit where x is 0 (y = ±1)."""
    y = _y(encoded)
    return y < _P and not (encoded[31] & 0x80 and y in (1, _P - 1))


def _is_on_curve(encoded: bytes) -> bool:
    """RFC 8032 §5.1.3: an x must exist, x² = (y² - 1) / (d y² + 1); Euler's criterion on the product of the two."""
    square = _y(encoded) ** 2 % _P
    return pow((square - 1) * (_D * square + 1), (_P - 1) // 2, _P) in (0, 1)


def _ed25519_verifier(key: ed25519.Ed25519PublicKey) -> Callable[[bytes, bytes], bool]:
    check = key.verify

    def verify(signature: bytes, message: bytes) -> bool:
        # The library checks without cofactor and compares R byte for byte, but takes any A: from_spki saw to that.
        # S < L and canonical R are said here as well, so that the rule does not rest on one version of one library.
        if len(signature) != 64 or not _is_canonical_point(signature[:32]):
            return False
        if int.from_bytes(signature[32:], "little") >= _L:
            return False
        try:
            check(signature, message)
        except InvalidSignature:
            return False
        return True

    return verify


def _p256_verifier(key: ec.EllipticCurvePublicKey) -> Callable[[bytes, bytes], bool]:
    algorithm = ec.ECDSA(hashes.SHA256())

    def verify(signature: bytes, message: bytes) -> bool:
        if not _is_strict_der(signature):
            return False
        try:
            key.verify(signature, message, algorithm)
        except InvalidSignature:
            return False
        return True

    return verify


def _is_strict_der(signature: bytes) -> bool:
    """SEQUENCE of two minimal positive INTEGERs and nothing else; short-form lengths are enough for P-256."""
    if len(signature) < 8 or signature[0] != 0x30 or signature[1] != len(signature) - 2:
        return False
    rest = signature[2:]
    for _ in range(2):
        if len(rest) < 3 or rest[0] != 0x02 or not 1 <= rest[1] <= 33 or len(rest) < 2 + rest[1]:
            return False
        number, rest = rest[2 : 2 + rest[1]], rest[2 + rest[1] :]
        if number[0] & 0x80 or (len(number) > 1 and number[0] == 0 and not number[1] & 0x80):
            return False
    return not rest


def _rsa_verifier(key: rsa.RSAPublicKey) -> Callable[[bytes, bytes], bool]:
    size = (key.key_size + 7) // 8
    scheme, algorithm = padding.PKCS1v15(), hashes.SHA256()

    def verify(signature: bytes, message: bytes) -> bool:
        if len(signature) != size:
            return False
        try:
            key.verify(signature, message, scheme, algorithm)
        except InvalidSignature:
            return False
        return True

    return verify


class Secret(Protocol):
    """What signs, wherever it lies: a `PrivateKey`, or one that never leaves its token (`api.tokens`)."""

    @property
    def public(self) -> PublicKey:
        """Its public half."""

    def sign(self, message: bytes) -> bytes:
        """Sign in the one way that the key's algorithm has."""


class PrivateKey:
    """A key to sign with: the demo's, the tests' and, on an officer's own machine, his."""

    __slots__ = ("_key", "public")

    public: PublicKey
    """Its public half."""

    def __init__(self, key: _Private) -> None:
        self._key = key
        spki = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public = PublicKey.from_spki(spki)

    @classmethod
    def generate(cls, algorithm: Algorithm = "ed25519") -> PrivateKey:
        """Make a new key; RSA with 2048 bits."""
        match algorithm:
            case "ed25519":
                return cls(ed25519.Ed25519PrivateKey.generate())
            case "p256":
                return cls(ec.generate_private_key(ec.SECP256R1()))
            case "rsa":
                return cls(rsa.generate_private_key(RSA_EXPONENT, 2048))
            case _:
                assert_never(algorithm)

    @classmethod
    def from_seed(cls, seed: bytes) -> PrivateKey:
        """Make the Ed25519 key of 32 seed bytes; for tests and the demo.

        Raises:
            ValueError: Not 32 bytes.
        """
        return cls(ed25519.Ed25519PrivateKey.from_private_bytes(seed))

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> PrivateKey:
        """Read a PKCS#8 key in PEM.

        Raises:
            UntrustedInputError: "bad-private-key": not PKCS#8 in PEM, a wrong, missing or needless password, or an
                algorithm or size that is not admitted.
        """
        if len(pem) > MAX_PEM_BYTES or not pem.lstrip().startswith(_PKCS8):
            raise UntrustedInputError("bad-private-key", "not PKCS#8 in PEM")
        return cls._from(serialization.load_pem_private_key, pem, password)

    @classmethod
    def from_der(cls, der: bytes, password: bytes | None = None) -> PrivateKey:
        """Read a PKCS#8 key in DER, as the `.key` of an e.firma is. Raises as `from_pem`."""
        if len(der) > MAX_PEM_BYTES or not der.startswith(b"\x30"):
            raise UntrustedInputError("bad-private-key", "not PKCS#8 in DER")
        return cls._from(serialization.load_der_private_key, der, password)

    @classmethod
    def _from(cls, load: Callable[[bytes, bytes | None], object], raw: bytes, password: bytes | None) -> PrivateKey:
        try:
            key = load(raw, password)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UntrustedInputError("bad-private-key", str(error)) from error
        if not isinstance(key, ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise UntrustedInputError("bad-private-key", type(key).__name__)
        try:
            return cls(key)
        except UntrustedInputError as error:
            raise UntrustedInputError("bad-private-key", error.detail) from error

    def to_pem(self, password: bytes | None = None) -> bytes:
        """Write the key as PKCS#8 PEM, encrypted where a password is given.

        Raises:
            ValueError: The password is empty: whoever asks for encryption must not get plain text.
        """
        encryption: serialization.KeySerializationEncryption = (
            serialization.NoEncryption() if password is None else serialization.BestAvailableEncryption(password)
        )
        return self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)

    def sign(self, message: bytes) -> bytes:
        """Sign in the one way that the key's algorithm has."""
        key = self._key
        match key:
            case ed25519.Ed25519PrivateKey():
                return key.sign(message)
            case ec.EllipticCurvePrivateKey():
                return key.sign(message, ec.ECDSA(hashes.SHA256()))
            case rsa.RSAPrivateKey():
                return key.sign(message, padding.PKCS1v15(), hashes.SHA256())
            case _:
                assert_never(key)
