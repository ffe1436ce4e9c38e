"""e.firmas of officers as the SAT hands them out, `.cer` and `.key`, enrolled in the ledger by its founder."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ledger.acts.trust import KeyAccepted, KeyEnrolled
from ledger.compose import Officer
from ledger.crypto.x509 import Certificate
from tests.kit.paper import authority
from tests.kit.pki import reference, subject, twenty_digits
from tests.kit.tools import ran

if TYPE_CHECKING:
    from api.demo.town import Town
    from tests.kit.paper import Efirma

PASSWORD = "Contraseña de prueba 123"
CIPHERS: dict[str, tuple[str, ...]] = {
    "3des": ("-v2", "des3", "-v2prf", "hmacWithSHA1"),
    "aes": ("-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA256"),
}


@dataclass(frozen=True)
class Holder:
    """An officer with his e.firma."""

    officer: Officer
    efirma: Efirma

    @property
    def cer(self) -> bytes:
        """Return the `.cer`."""
        return self.efirma.certificate

    def key(
        self, cipher: Literal["3des", "aes"] = "3des", form: Literal["DER", "PEM"] = "DER", password: str = PASSWORD
    ) -> bytes:
        """Return the `.key`: PKCS#8 under PBES2, as OpenSSL writes it."""
        options = ["-topk8", "-outform", form, "-passout", f"pass:{password}", *CIPHERS[cipher]]
        done = ran("openssl", "pkcs8", *options, given=self.efirma.key.to_pem())
        assert done.returncode == 0, done.stderr
        return done.stdout


def trust_authorities(town: Town) -> None:
    """Let the ledger trust the authorities of the kit."""
    issuing = authority()
    town.do(issuing.root.trusted(), town.founder)
    town.do(issuing.issuer.trusted(issuing.root), town.founder)


def enrol_efirma(
    town: Town, seat: str, name: str, algorithm: str = "rsa", *, stapled: bool = True, **how: Any
) -> Holder:
    """Issue an e.firma to who holds a seat of the council and enrol it; its holder accepts it with the key itself.

    Args:
        town: Whose founder enrols.
        seat: Of the council.
        name: As the certificate has it.
        algorithm: rsa or p256.
        stapled: Say in the enrolment which certificate it is; a certificate that is not valid cannot be.
        how: Of the certificate: `begins`, `lasts`.
    """
    efirma = authority().issue(name, algorithm, **how)
    return Holder(Officer(efirma.key, f"designation/hcd/{seat}/1"), enrolled(town, seat, efirma, stapled=stapled))


def renewed(efirma: Efirma, **how: Any) -> bytes:
    """Return another certificate of the same key, DER; `how` as of `Issuer.issue`."""
    public = serialization.load_der_public_key(efirma.key.public.spki)
    if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise TypeError(type(public).__name__)
    return authority().issuer.issue(subject("OTRA VIGENCIA"), public, twenty_digits(30001000000500000007), **how)


def enrolled(town: Town, seat: str, efirma: Efirma, *, stapled: bool) -> Efirma:
    """Enrol an e.firma's key for who holds a seat."""
    spki, keyid = Certificate.parse(efirma.certificate).spki, efirma.key.public.keyid
    act = KeyEnrolled(
        keyid=keyid,
        spki=base64.b64encode(spki).decode(),
        person=town.person_id(f"hcd.{seat}"),
        certificate=reference(efirma.certificate, authority().issuer) if stapled else None,
    )
    sealed = {"certificate_der": base64.b64encode(efirma.certificate).decode()} if stapled else {}
    town.do(act, town.founder, sealed=sealed)
    town.do(KeyAccepted(keyid=keyid), Officer(efirma.key, f"key/{keyid}"))
    return efirma
