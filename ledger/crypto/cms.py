"""CMS signatures over a digest, in the one form that PAdES B-B and B-T ask for (RFC 5652, ETSI EN 319 122-1).

The signatory signs three attributes: the type of content, the digest, and the hash of his certificate; and as a fourth,
where he has them, the answers of authorities about it (ISO 32000-1 §12.8.3.3.2), which so cannot be taken off again.
What is put around them is made again on reading and compared, so that no byte of it is left unchecked; a time stamp is
checked by `ledger.crypto.stamp`.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, ocsp, pdf, tsp, x509
from asn1crypto.crl import CertificateList

from ledger.crypto.keys import PublicKey
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

_ALGORITHMS = {"rsa": "sha256_rsa", "p256": "sha256_ecdsa"}
_SHA256 = {"algorithm": "sha256"}
_STAPLED = "adobe_revocation_info_archival"
NOTHING = Stapled()


@dataclass(frozen=True, slots=True)
class Cms:
    """What is in a CMS.

    Attributes:
        certificate: The signatory's. chain: Whatever else came along, authorities, in the order of the CMS.
        signature: Over the attributes.
        stapled: What authorities said when it was signed.
        token: The time stamp (RFC 3161) over the signature, DER; None where there is none (B-B).
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    signature: bytes
    stapled: Stapled
    token: bytes | None


def attributes_of(digest: bytes, certificate: bytes, stapled: Stapled = NOTHING) -> bytes:
    """Return what the signatory signs: the DER of the signed attributes.

    Args:
        digest: SHA-256 of the document.
        certificate: The signatory's, DER.
        stapled: What authorities say of his certificate and of those above it.
    """
    raw: bytes = _attributes(digest, certificate, stapled).dump()
    return raw


def _attributes(digest: bytes, certificate: bytes, stapled: Stapled) -> cms.CMSAttributes:
    ess = tsp.ESSCertIDv2({"cert_hash": sha256(certificate).digest()})
    attributes: list[dict[str, Any]] = [
        {"type": "content_type", "values": ["data"]},
        {"type": "message_digest", "values": [digest]},
        {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [ess]})]},
    ]
    if stapled:
        said: dict[str, Any] = {}
        if stapled.lists:
            said["crl"] = [CertificateList.load(der) for der in stapled.lists]
        if stapled.answers:
            said["ocsp"] = [ocsp.OCSPResponse.load(der) for der in stapled.answers]
        attributes.append({"type": _STAPLED, "values": [pdf.RevocationInfoArchival(said)]})
    return cms.CMSAttributes(attributes)


def _stapled(attributes: dict[str, Any]) -> Stapled:
    if _STAPLED not in attributes:
        return NOTHING
    said = attributes[_STAPLED]
    answers, lists = ([each.dump() for each in said[name] or ()] for name in ("ocsp", "crl"))
    return Stapled(tuple(answers), tuple(lists))


def assemble(
    digest: bytes,
    signature: bytes,
    certificates: Sequence[bytes],
    token: bytes | None = None,
    stapled: Stapled = NOTHING,
) -> bytes:
    """Return the CMS.

    Args:
        digest: SHA-256 of the document.
        signature: Of `attributes_of`, by the signatory's key.
        certificates: The signatory's first, then the authorities; DER.
        token: A time stamp over `signature`, DER, as `ledger.crypto.stamp.accept` returns it.
        stapled: What went into `attributes_of`.

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
        "signed_attrs": _attributes(digest, certificates[0], stapled),
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
        stapled, token = _stapled(attributes), _token(info)
        # The signatory's own first: of another one, the form below does not come out the same.
        ordered = sorted(certificates, key=lambda each: sha256(each).digest() != wanted)
        parsed = [Certificate.parse(each) for each in ordered]
        if assemble(digest, signature, ordered, token, stapled) != der:
            raise ValueError("not of this document, or in another form")  # noqa: TRY301  one place to wrap
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise UntrustedInputError("cms-malformed", str(error)[:120]) from error
    if not PublicKey.from_spki(parsed[0].spki).verify(signature, attributes_of(digest, ordered[0], stapled)):
        raise UntrustedInputError("bad-signature", parsed[0].serial)
    return Cms(parsed[0], tuple(parsed[1:]), signature, stapled, token)


def _token(info: cms.SignerInfo) -> bytes | None:
    unsigned = info["unsigned_attrs"]
    if isinstance(unsigned, core.Void):
        return None
    raw: bytes = unsigned[0]["values"][0].dump()
    return raw
