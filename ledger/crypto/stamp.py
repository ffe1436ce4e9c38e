"""Time stamps of an authority over a signature (RFC 3161, RFC 5816), kept in one form.

A time-stamp authority (TSA) signs what it was shown and when. What it does not sign of its token (names of algorithms,
certificates, their order) is written again in one way before the token is kept, and again on reading: so no byte of a
kept token is left unchecked, though each authority writes them as it likes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import new as new_hash
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_TOKEN_BYTES = 12 * 1024
"""What is left of the room for a signature when the signatory's own certificates are in it."""
_HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
_GRANTED = {"granted", "granted_with_mods"}
_UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class _Reply(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; asn1crypto's own cannot read a refusal, which holds no token."""

    _fields = [  # noqa: RUF012  the library's own way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says.

    Attributes:
        at: When it was made, UTC.
        authority: Certificate of the TSA. chain: Authorities above it that came along, without the root.
        serial: Number of the stamp at its TSA.
        policy: The policy under which it was made, dotted.
        nonce: What the client had chosen; None where it had chosen none.
    """

    at: datetime
    authority: Certificate
    chain: tuple[Certificate, ...]
    serial: int
    policy: str
    nonce: int | None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a token is made of.

    Attributes:
        content: TSTInfo, DER. attributes: What the TSA signed, DER of a SET.
        digest, algorithm: Names of the hash and of the way to sign.
        certificates: Of the TSA, then of those above it.
    """

    content: bytes
    attributes: bytes
    digest: str
    algorithm: str
    signature: bytes
    certificates: tuple[Certificate, ...]


def request(imprint: bytes, nonce: int) -> bytes:
    """Return a TimeStampReq, DER.

    Args:
        imprint: SHA-256 of what is to be stamped.
        nonce: A random number that the answer must repeat.
    """
    asked = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
        "nonce": nonce,
        "cert_req": True,
    }
    raw: bytes = tsp.TimeStampReq(asked).dump()
    return raw


def accept(reply: bytes, imprint: bytes, nonce: int) -> bytes:
    """Return the token in a TimeStampResp, in our one form, after it was read.

    Raises:
        UntrustedInputError: "stamp-refused" with the TSA's reason, or as `read`.
    """
    try:
        answer = _Reply.load(reply, strict=True)
        status, said = answer["status"]["status"].native, answer["status"]["status_string"].native
        if status not in _GRANTED:
            raise UntrustedInputError("stamp-refused", f"{status} {' '.join(said or [])}"[:120].strip())
        token = _written(_parts(answer["time_stamp_token"].dump()))
    except _UNREADABLE as error:
        raise UntrustedInputError("stamp-malformed", str(error)[:120]) from error
    if read(token, imprint).nonce != nonce:
        raise UntrustedInputError("stamp-of-another", "nonce")
    return token


def read(token: bytes, imprint: bytes) -> Stamp:
    """Read a token and check its signature; whether its authority is trusted is for `ledger.verify.signers`.

    Args:
        token: ContentInfo, DER, as `accept` returns it.
        imprint: SHA-256 of what must have been stamped.

    Raises:
        UntrustedInputError: "stamp-malformed" (also where it is not in the one form), "stamp-of-another",
            "stamp-signature", "stamp-certificate", "bad-certificate".
    """
    try:
        parts = _parts(token)
        if _written(parts) != token:
            raise ValueError("in another form")
        info = tsp.TSTInfo.load(parts.content, strict=True)
        shown, at = info["message_imprint"], info["gen_time"].native
        ours = (shown["hash_algorithm"]["algorithm"].native, shown["hashed_message"].native) == ("sha256", imprint)
        if info["version"].native != "v1" or not isinstance(at, datetime) or at.tzinfo is None:
            raise ValueError("TSTInfo")
        serial, policy, nonce = info["serial_number"].native, info["policy"].dotted, info["nonce"].native
    except _UNREADABLE as error:
        raise UntrustedInputError("stamp-malformed", str(error)[:120]) from error
    if not ours:
        raise UntrustedInputError("stamp-of-another", "imprint")
    authority, *chain = parts.certificates
    if not authority.has_signed(parts.signature, parts.attributes, _HASHES[parts.digest]):
        raise UntrustedInputError("stamp-signature", authority.serial)
    # RFC 3161 §2.3: the key of a TSA is for time stamps and nothing else, and its certificate says so critically.
    if authority.authority or not authority.signs or not authority.has_only_use(ExtendedKeyUsageOID.TIME_STAMPING):
        raise UntrustedInputError("stamp-certificate", authority.serial)
    return Stamp(at.astimezone(UTC), authority, tuple(chain), serial, policy, nonce)


def _parts(token: bytes) -> _Parts:
    """Take a token apart, and check what its signed attributes say of content and certificate.

    Raises:
        ValueError, TypeError, KeyError, IndexError, AttributeError: It is none.
    """
    if len(token) > MAX_TOKEN_BYTES:
        raise ValueError(f"{len(token)} bytes")
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    (info,) = signed["signer_infos"]
    content = bytes(signed["encap_content_info"]["content"])
    attributes: dict[str, Any] = {}
    for each in info["signed_attrs"]:
        (attributes[each["type"].native],) = each["values"]
    digest = info["digest_algorithm"]["algorithm"].native
    if attributes["content_type"].native != "tst_info" or digest not in _HASHES:
        raise ValueError("not a time stamp")
    if attributes["message_digest"].native != new_hash(digest, content).digest():
        raise ValueError("content")
    along = [Certificate.parse(each.chosen.dump()) for each in signed["certificates"]]
    authority = _named(attributes, along)
    return _Parts(
        content,
        info["signed_attrs"].untag().dump(),
        digest,
        _algorithm(attributes, digest, authority),
        info["signature"].native,
        (authority, *_above(authority, along)),
    )


def _named(attributes: dict[str, Any], along: Sequence[Certificate]) -> Certificate:
    """Return the certificate whose hash the TSA signed along (RFC 5035; RFC 2634 with SHA-1, as older ones do)."""
    if "signing_certificate_v2" in attributes:
        first = attributes["signing_certificate_v2"]["certs"][0]
        algorithm = first["hash_algorithm"]["algorithm"].native
        if algorithm not in _HASHES:
            raise ValueError(algorithm)
    else:
        first, algorithm = attributes["signing_certificate"]["certs"][0], "sha1"
    wanted = first["cert_hash"].native
    found = next((each for each in along if new_hash(algorithm, each.der).digest() == wanted), None)
    if found is None:
        raise ValueError("whose certificate")
    return found


def _above(certificate: Certificate, along: Sequence[Certificate]) -> list[Certificate]:
    """Return the authorities above a certificate as far as they came along; a root is not theirs to bring."""
    found: list[Certificate] = []
    below = certificate
    while True:
        above = next((each for each in along if below.is_issued_by(each)), None)
        if above is None or above.self_issued or above in found:
            return found
        found.append(above)
        below = above


def _algorithm(attributes: dict[str, Any], digest: str, authority: Certificate) -> str:
    """Return how the way to sign is written: as the TSA signed it where it did (RFC 6211), else with its hash."""
    name = f"{digest}_{'rsa' if isinstance(authority.public_key(), rsa.RSAPublicKey) else 'ecdsa'}"
    if "cms_algorithm_protection" not in attributes:
        return name
    said = attributes["cms_algorithm_protection"]
    written: str = said["signature_algorithm"]["algorithm"].native
    if said["digest_algorithm"]["algorithm"].native != digest or written not in {name, "rsassa_pkcs1v15"}:
        raise ValueError("algorithms")
    return written


def _written(parts: _Parts) -> bytes:
    """Return the token in the one form."""
    own = x509.Certificate.load(parts.certificates[0].der)
    algorithm = algos.DigestAlgorithm({"algorithm": parts.digest})
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
        ),
        "digest_algorithm": algorithm,
        "signed_attrs": cms.CMSAttributes.load(parts.attributes),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": parts.algorithm}),
        "signature": parts.signature,
    }
    signed = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [algorithm],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(parts.content, explicit=0),
            },
            "certificates": [x509.Certificate.load(each.der) for each in parts.certificates],
            "signer_infos": [cms.SignerInfo(info)],
        }
    )
    raw: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return raw
