"""Keys in a token or HSM, by PKCS#11: what is signed goes in, the signature comes out, the key never does."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from asn1crypto import core
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, utils

from ledger.crypto.keys import PublicKey
from ledger.errors import AcervoError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pkcs11

_COORDINATE = 32  # bytes of a coordinate of P-256, and of a point of Ed25519
_P256 = 1 + 2 * _COORDINATE


class TokenError(AcervoError):
    """A token cannot be used; `detail` says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key lies.

    Attributes:
        module: The token's PKCS#11 library.
        token, key: Labels.
    """

    module: Path
    token: str
    key: str


class TokenKey:
    """A key in an open session; a `ledger.crypto.keys.Secret`.

    Args:
        public: Its public half.
        sign: What the token does with a message.
    """

    def __init__(self, public: PublicKey, sign: Callable[[bytes], bytes]) -> None:
        self.public = public
        self._sign = sign

    def sign(self, message: bytes) -> bytes:
        """Sign in the one way that the key's algorithm has, and check what came out.

        Raises:
            TokenError: "pkcs11-failed": the token refused, or signed with another key.
        """
        from pkcs11.exceptions import PKCS11Error

        try:
            signature = self._sign(message)
        except PKCS11Error as error:
            raise TokenError("pkcs11-failed", _said(error)) from error
        if not self.public.verify(signature, message):
            raise TokenError("pkcs11-failed", "signed with another key")
        return signature


@contextmanager
def key_in(place: Place, pin: str, spki: bytes | None = None) -> Iterator[TokenKey]:
    """Give a key of a token for as long as the session is open.

    Args:
        place: Where it lies.
        pin: The user's.
        spki: The public half, DER, for a token that holds only the private one.

    Raises:
        TokenError: "pkcs11-missing" where the extra `hsm` is not installed; "pkcs11-module", "pkcs11-token",
            "pkcs11-pin", "pkcs11-key".
        UntrustedInputError: "bad-spki": an algorithm or size that is not admitted.
    """
    try:
        import pkcs11
        from pkcs11.exceptions import PKCS11Error
    except ImportError as error:
        raise TokenError("pkcs11-missing") from error
    try:
        library = pkcs11.lib(str(place.module))
    except (PKCS11Error, RuntimeError, OSError) as error:
        raise TokenError("pkcs11-module", _said(error), path=str(place.module)) from error
    try:
        token = library.get_token(token_label=place.token)
    except PKCS11Error as error:
        raise TokenError("pkcs11-token", _said(error), token=place.token) from error
    try:
        session = token.open(user_pin=pin)
    except PKCS11Error as error:
        raise TokenError("pkcs11-pin", _said(error), token=place.token) from error
    with session:
        yield _found(session, place, spki)


def _found(session: pkcs11.Session, place: Place, spki: bytes | None) -> TokenKey:
    from pkcs11 import ObjectClass
    from pkcs11.exceptions import PKCS11Error

    try:
        private, public = (
            _only(session, kind, place.key) for kind in (ObjectClass.PRIVATE_KEY, ObjectClass.PUBLIC_KEY)
        )
        known = spki if public is None else _spki(public)
        if private is None or known is None:
            raise ValueError("none")  # noqa: TRY301  one place to wrap
    except (PKCS11Error, ValueError) as error:
        raise TokenError("pkcs11-key", _said(error), key=place.key) from error
    half = PublicKey.from_spki(known)
    return TokenKey(half, lambda message: _signed(private, half.algorithm, message))


def _only(session: pkcs11.Session, kind: pkcs11.ObjectClass, label: str) -> Any:
    """Return the object of a kind and a label, None where there is none.

    Raises:
        ValueError: There are several.
    """
    from pkcs11 import Attribute

    found = list(session.get_objects({Attribute.CLASS: kind, Attribute.LABEL: label}))
    if len(found) > 1:
        raise ValueError("several")
    return found[0] if found else None


def _spki(key: Any) -> bytes:
    """Return a public key object as SubjectPublicKeyInfo.

    Raises:
        ValueError: It is of a kind that is not admitted.
    """
    from pkcs11 import Attribute, KeyType

    public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
    match key.key_type:
        case KeyType.RSA:
            exponent, modulus = (int.from_bytes(key[a], "big") for a in (Attribute.PUBLIC_EXPONENT, Attribute.MODULUS))
            public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
        case KeyType.EC:
            public = ec.EllipticCurvePublicKey.from_encoded_point(
                ec.SECP256R1(), _point(key[Attribute.EC_POINT], _P256)
            )
        case KeyType.EC_EDWARDS:
            public = ed25519.Ed25519PublicKey.from_public_bytes(_point(key[Attribute.EC_POINT], _COORDINATE))
        case other:
            raise ValueError(str(other))
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _point(raw: bytes, size: int) -> bytes:
    """Return the point in EC_POINT: an OCTET STRING by the standard, the bare bytes in tokens that never read it so."""
    if len(raw) == size:
        return raw
    point: bytes = core.OctetString.load(raw, strict=True).native
    return point


def _signed(private: Any, algorithm: str, message: bytes) -> bytes:
    from pkcs11 import Mechanism

    raw: bytes
    match algorithm:
        case "rsa":
            raw = private.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS)
        case "ed25519":
            raw = private.sign(message, mechanism=Mechanism.EDDSA)
        case _:
            halves = private.sign(sha256(message).digest(), mechanism=Mechanism.ECDSA)
            r, s = (int.from_bytes(half, "big") for half in (halves[:_COORDINATE], halves[_COORDINATE:]))
            raw = utils.encode_dss_signature(r, s)
    return raw


def _said(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
