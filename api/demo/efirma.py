"""An e.firma for the demo's secretary: `.cer` and `.key` as the SAT hands them out, enrolled, so that she signs paper.

It is appended to a year that was told to its end: two authorities that the ledger trusts, her key, her acceptance.
A run that was interrupted is gone on with: files that are there are taken, acts that stand are not repeated.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from api.demo import pki
from api.demo.seed import is_demo, town_of
from api.demo.telling import unfinished
from api.demo_keys import DIRECTORY, DemoKeys
from api.documents import press_of
from api.documents.certificates import KIND, key_of
from api.enrolment import enrolment_of
from ledger.acts.trust import KeyAccepted
from ledger.clock import utc_now
from ledger.compose import Officer
from ledger.crypto.keys import RSA_EXPONENT, PrivateKey
from ledger.domain.designation import DesignationState
from ledger.domain.trust import KeyState
from ledger.errors import StoreError
from ledger.ids import stream_name

if TYPE_CHECKING:
    from pathlib import Path

    from api.demo.town import Town
    from api.system import System

FOLDER = "efirma"
PASSWORD = "Datos ficticios 1"  # noqa: S105  fictitious, and told to everybody
FICTITIOUS = "Datos ficticios"
RFC, CURP = "FICT010101AB1", "FICT010101MNEXXX09"
YEARS = 365 * timedelta(days=1)
_BITS = 2048


@dataclass(frozen=True, slots=True)
class HandedOut:
    """Where the files of an e.firma lie, and what it may sign.

    Attributes:
        folder: Of `secretaria.cer`, `secretaria.key`, and its authorities' `ac.cer` and `raiz.cer`.
        certificate: Key of the last certificate, which is hers to sign.
        before, size: Of the ledger.
    """

    folder: Path
    certificate: str
    before: int
    size: int


class _Period(NamedTuple):
    """When the certificates begin, and how much longer than their own term they are valid."""

    begins: datetime
    margin: timedelta


def hand_out(system: System) -> HandedOut:
    """Make an e.firma for who issued the last certificate, unless she has one, and enrol it.

    Raises:
        StoreError: "demo-efirma-refused": its ledger is no demo, or the demo was not told to its end.
        RuleViolation: One of its authorities was distrusted.
    """
    if not is_demo(system) or unfinished(system):
        raise StoreError("demo-efirma-refused")
    town, before = town_of(system), system.size()
    keys = DemoKeys(system.settings.data_dir.absolute())
    press = press_of(system)
    certificate = key_of(press, None)
    signatory = press.document(KIND, certificate).signatories[0]
    office = system.ledger.state(signatory.office)
    if not isinstance(office, DesignationState):
        raise TypeError(type(office).__name__)

    period = _period(system)
    root = _authority(keys, "raiz", period, None)
    issuing = _authority(keys, "ac", period, root)
    secret, der = _efirma(keys, signatory.name, period, issuing)
    for authority, above in ((root, None), (issuing, root)):
        if system.ledger.state(stream_name("ca", authority.sha256)) is None:
            town.do(authority.trusted(above), town.founder)
    _enrol(system, town, secret, der, office.person)
    system.checkpoint(system.size())  # whoever serves the ledger need not wait for one who submits
    return HandedOut(system.settings.data_dir / DIRECTORY / FOLDER, certificate, before, system.size())


def _period(system: System) -> _Period:
    """Return a time around two clocks: acts and the porta-firmas go by the ledger's, `document sign` by our own."""
    first, last = sorted((system.store.now(), utc_now()))
    return _Period(datetime.combine(first.date(), time(), first.tzinfo) - timedelta(days=1), last - first)


def _authority(keys: DemoKeys, name: str, period: _Period, above: pki.Issuer | None) -> pki.Issuer:
    key = _secret(keys, name)
    called = pki.subject(f"AC {'RAÍZ ' if above is None else ''}DE DEMOSTRACIÓN", organization=FICTITIOUS)

    def certify() -> bytes:
        if above is None:
            made = pki.self_signed(called, key, begins=period.begins, lasts=period.margin + 20 * YEARS)
            return made.public_bytes(serialization.Encoding.DER)
        lasts = period.margin + 10 * YEARS
        return above.certify(called, key.public_key(), 2, pki.AUTHORITY, begins=period.begins, lasts=lasts)

    return pki.Issuer(key, x509.load_der_x509_certificate(keys.kept(f"{FOLDER}/{name}.cer", certify)))


def _efirma(keys: DemoKeys, name: str, period: _Period, issuing: pki.Issuer) -> tuple[PrivateKey, bytes]:
    key = _secret(keys, "secretaria")
    serial = pki.twenty_digits(30001000000000000000 + secrets.randbelow(10**9))
    to = pki.subject(f"{name.upper()} ({FICTITIOUS})", RFC, CURP, FICTITIOUS)
    lasts = period.margin + 4 * YEARS
    certify = partial(issuing.certify, to, key.public_key(), serial, begins=period.begins, lasts=lasts)
    return PrivateKey(key), keys.kept(f"{FOLDER}/secretaria.cer", certify)


def _secret(keys: DemoKeys, name: str) -> rsa.RSAPrivateKey:
    """Return the RSA key of a `.key` file, made the first time: PKCS#8 in DER under the password, as the SAT's are."""

    def make() -> bytes:
        encrypted = serialization.BestAvailableEncryption(PASSWORD.encode())
        made = rsa.generate_private_key(RSA_EXPONENT, _BITS)
        return made.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, encrypted)

    raw = keys.kept(f"{FOLDER}/{name}.key", make)
    key = serialization.load_der_private_key(raw, PASSWORD.encode())
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(name)
    return key


def _enrol(system: System, town: Town, secret: PrivateKey, der: bytes, person: str) -> None:
    keyid = secret.public.keyid
    held = system.ledger.state(stream_name("key", keyid))
    if held is None:
        act, sealed = enrolment_of(system, der, person)
        town.do(act, town.founder, sealed=sealed)
    if not isinstance(held, KeyState) or held.accepted_index is None:
        town.do(KeyAccepted(keyid=keyid), Officer(secret, f"key/{keyid}"))
