"""CMS signatures over a digest, in the one form that PAdES B-B and B-T ask for (RFC 5652, ETSI EN 319 122-1).

The signatory signs three attributes: the type of content, the digest, and the hash of his certificate. What is put
around them is made again on reading and compared, so that no byte of it is left unchecked.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, tsp, x509

from ledger.crypto.keys import PublicKey
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALGORITHMS = {"rsa": "sha256_rsa", "p256": "sha256_ecdsa"}
_SHA256 = {"algorithm": "sha256"}


@dataclass(frozen=True, slots=True)
class Cms:
    """What is in a CMS.

    Attributes:
        certificate: The signatory's. chain: Whatever else came along, authorities, in the order of the CMS.
        signature: Over the attributes.
        token: The time stamp (RFC 3161) over the signature, DER; None where there is none (B-B).
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    signature: bytes
    token: bytes | None


def attributes_of(digest: bytes, certificate: bytes) -> bytes:
    """Return what the signatory signs: the DER of the signed attributes.

    Args:
        digest: SHA-256 of the document.
        certificate: The signatory's, DER.
    """
    raw: bytes = _attributes(digest, certificate).dump()
    return raw


def _attributes(digest: bytes, certificate: bytes) -> cms.CMSAttributes:
    ess = tsp.ESSCertIDv2({"cert_hash": sha256(certificate).digest()})
    return cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["data"]},
            {"type": "message_digest", "values": [digest]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [ess]})]},
        ]
    )


def assemble(digest: bytes, signature: bytes, certificates: Sequence[bytes], token: bytes | None = None) -> bytes:
    """Return the CMS.

    Args:
        digest: SHA-256 of the document.
        signature: Of `attributes_of`, by the signatory's key.
        certificates: The signatory's first, then the authorities; DER.
        token: A time stamp over `signature`, DER.

    Raises:
        UntrustedInputError: "certificate-use" where the key is neither RSA nor P-256.
    """
    own = x509.Certificate.load(certificates[0])
    algorithm = _ALGORITHMS.get(PublicKey.from_spki(Certificate.parse(certificates[0]).spki).algorithm)
    if algorithm is None:
        raise UntrustedInputError("certificate-use", "neither RSA nor P-256")
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}}
        ),
        "digest_algorithm": algos.DigestAlgorithm(_SHA256),
        "signed_attrs": _attributes(digest, certificates[0]),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": algorithm}),
        "signature": signature,
    }
    if token is not None:
        stamp = cms.ContentInfo.load(token)
        info["unsigned_attrs"] = cms.CMSAttributes([{"type": "signature_time_stamp_token", "values": [stamp]}])
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
            "encap_content_info": {"content_type": "data"},
            "certificates": [x509.Certificate.load(der) for der in certificates],
            "signer_infos": [cms.SignerInfo(info)],
        }
    )
    raw: bytes = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
    return raw


def read(der: bytes, digest: bytes) -> Cms:
    """Read a CMS over a document and check the signature; of the certificate nothing is checked but its key.

    Args:
        der: The CMS.
        digest: SHA-256 of the document.

    Raises:
        UntrustedInputError: "cms-malformed": not in the one form, or over another document; "bad-signature";
            "bad-certificate".
    """
    try:
        signed = cms.ContentInfo.load(der, strict=True)["content"]
        info = signed["signer_infos"][0]
        signature = info["signature"].native
        attributes = {each["type"].native: each["values"][0] for each in info["signed_attrs"]}
        wanted = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
        certificates = [each.chosen.dump() for each in signed["certificates"]]
        token = _token(info)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UntrustedInputError("cms-malformed", str(error)[:120]) from error
    own = [each for each in certificates if sha256(each).digest() == wanted]
    if len(own) != 1:
        raise UntrustedInputError("cms-malformed", "whose certificate")
    ordered = own + [each for each in certificates if each != own[0]]
    parsed = [Certificate.parse(each) for each in ordered]
    if assemble(digest, signature, ordered, token) != der:
        raise UntrustedInputError("cms-malformed", "not of this document, or in another form")
    if not PublicKey.from_spki(parsed[0].spki).verify(signature, attributes_of(digest, ordered[0])):
        raise UntrustedInputError("bad-signature", parsed[0].serial)
    return Cms(parsed[0], tuple(parsed[1:]), signature, token)


def _token(info: cms.SignerInfo) -> bytes | None:
    unsigned = info["unsigned_attrs"]
    if isinstance(unsigned, core.Void) or unsigned.native is None:
        return None
    raw: bytes = unsigned[0]["values"][0].dump()
    return raw
