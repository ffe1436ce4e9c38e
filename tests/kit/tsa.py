"""A time-stamp authority of our own (RFC 3161), over HTTP on the loopback; it also answers for OCSP and CRL addresses.

It stands for the foreign ones: it writes what it does not sign as the likes of them do, with a root and unsigned
attributes along, and can be told to misbehave.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import new as new_hash
from hashlib import sha1, sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.kit.pki import BEGINS, YEARS, Issuer, intermediate, root, subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

_POLICY = "1.3.6.1.4.1.99999.1"


@dataclass(frozen=True)
class Tsa:
    """A time-stamp authority.

    Attributes:
        key, der: Its key and its certificate. above: Who issued that.
        now: When it says it is.
        digest: With which hash it signs.
        ess: How it names its certificate: 1 (SHA-1, RFC 2634) or 2 (RFC 5035).
        protects: Whether it signs the names of the algorithms (RFC 6211).
    """

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    der: bytes
    above: tuple[Issuer, ...]
    now: datetime
    digest: str = "sha256"
    ess: int = 2
    protects: bool = False

    @property
    def root(self) -> Issuer:
        """Return the root of its chain."""
        return self.above[-1]

    def reply(self, query: bytes) -> bytes:
        """Return the TimeStampResp to a TimeStampReq."""
        asked = tsp.TimeStampReq.load(query, strict=True)
        token = self.token(asked["message_imprint"]["hashed_message"].native, asked["nonce"].native)
        return reply_of("granted", token)

    def token(self, imprint: bytes, nonce: int | None = None) -> bytes:
        """Return a token over a SHA-256."""
        said = {
            "version": "v1",
            "policy": _POLICY,
            "message_imprint": {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": imprint},
            "serial_number": 2**70 + 1,
            "gen_time": self.now,
            "accuracy": {"seconds": 1},
        } | ({} if nonce is None else {"nonce": nonce})
        content = tsp.TSTInfo(said).dump()
        attributes = self._attributes(content)
        info = {
            "version": "v1",
            "sid": self._sid(),
            "digest_algorithm": {"algorithm": self.digest},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": self._algorithm()},
            "signature": self._sign(attributes.dump()),
            # As some do: an attribute that nobody signed.
            "unsigned_attrs": [{"type": "1.2.840.113549.1.9.16.2.4", "values": [core.OctetString(b"x")]}],
        }
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": self.digest}],
            "encap_content_info": {
                "content_type": "tst_info",
                "content": core.ParsableOctetString(content, explicit=0),
            },
            "certificates": [asn1.Certificate.load(each) for each in (self.der, *(a.der for a in self.above))],
            "signer_infos": [info],
        }
        raw: bytes = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()
        return raw

    def _algorithm(self) -> str:
        if not isinstance(self.key, rsa.RSAPrivateKey):
            return f"{self.digest}_ecdsa"
        return "rsassa_pkcs1v15" if self.protects else f"{self.digest}_rsa"

    def _sid(self) -> cms.SignerIdentifier:
        own = asn1.Certificate.load(self.der)
        named = {"issuer": own.issuer, "serial_number": own.serial_number}
        return cms.SignerIdentifier({"issuer_and_serial_number": named})

    def _attributes(self, content: bytes) -> cms.CMSAttributes:
        found: list[dict[str, Any]] = [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [new_hash(self.digest, content).digest()]},
        ]
        if self.ess == 1:
            older = tsp.SigningCertificate({"certs": [{"cert_hash": sha1(self.der).digest()}]})  # noqa: S324  RFC 2634
            found.append({"type": "signing_certificate", "values": [older]})
        else:
            named = tsp.SigningCertificateV2({"certs": [{"cert_hash": sha256(self.der).digest()}]})
            found.append({"type": "signing_certificate_v2", "values": [named]})
        if self.protects:
            protected = cms.CMSAlgorithmProtection(
                {
                    "digest_algorithm": algos.DigestAlgorithm({"algorithm": self.digest}),
                    "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": self._algorithm()}),
                }
            )
            found.append({"type": "cms_algorithm_protection", "values": [protected]})
        return cms.CMSAttributes(found)

    def _sign(self, message: bytes) -> bytes:
        algorithm = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}[self.digest]
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(message, padding.PKCS1v15(), algorithm)
        return self.key.sign(message, ec.ECDSA(algorithm))


def reply_of(status: str, token: bytes | None, said: str = "") -> bytes:
    """Return a TimeStampResp: SEQUENCE of a status and, unless refused, a token."""
    shown = {"status": status} | ({"status_string": [said]} if said else {})
    parts: bytes = tsp.PKIStatusInfo(shown).dump() + (token or b"")
    head = bytes([0x30, len(parts)]) if len(parts) < 128 else b"\x30\x82" + len(parts).to_bytes(2, "big")
    return head + parts


def a_tsa(
    now: datetime,
    *,
    algorithm: str = "rsa",
    use: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,),
    critical: bool = True,
    issuer: Issuer | None = None,
    **how: Any,
) -> Tsa:
    """Return a TSA below an authority below a root of its own, or issued by `issuer` alone."""
    curves = {"p256": ec.SECP256R1(), "p384": ec.SECP384R1(), "p521": ec.SECP521R1()}
    curve = curves.get(algorithm)
    secret = rsa.generate_private_key(65537, 2048) if curve is None else ec.generate_private_key(curve)
    above = (intermediate(root("RAIZ DEL SELLO"), "AC DEL SELLO"), root("RAIZ DEL SELLO"))
    issuing = above if issuer is None else (issuer,)
    name = subject("SELLO DE TIEMPO FICTICIO")
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuing[0].certificate.subject)
        .public_key(secret.public_key())
        .serial_number(77)
        .not_valid_before(how.pop("begins", BEGINS))
        .not_valid_after(BEGINS + 8 * YEARS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if use:
        builder = builder.add_extension(x509.ExtendedKeyUsage(use), critical=critical)
    der = builder.sign(issuing[0].key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)
    return Tsa(secret, der, issuing, now, **how)


@contextmanager
def answering(answer: Callable[[str, bytes], bytes | None]) -> Iterator[str]:
    """Give the address of a server on the loopback.

    Args:
        answer: From path and body to the body of the answer; None is status 503.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = answer(self.path, self.rfile.read(int(self.headers.get("Content-Length", "0"))))
            self.send_response(503 if raw is None else 200)
            self.send_header("Content-Length", str(len(raw or b"")))
            self.end_headers()
            self.wfile.write(raw or b"")

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Say nothing of a client that did not wait."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
