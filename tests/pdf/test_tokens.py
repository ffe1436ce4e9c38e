"""Keys in a token (PKCS#11, SoftHSM2): they sign documents and acts like keys in files, and never leave it."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pkcs11
import pytest
from pkcs11 import Attribute, ObjectClass

from api.signing import sign_pdf
from api.tokens import TokenError, TokenKey, key_in
from ledger.crypto.keys import Algorithm, PrivateKey
from ledger.crypto.x509 import Certificate
from ledger.statement import Statement, sign
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.hsm import MODULE, PIN, softhsm
from tests.kit.paper import BOXES, NOW, authority, judged, prepared
from tests.kit.signed import fields

if TYPE_CHECKING:
    from api.tokens import Place

ALGORITHMS: tuple[Algorithm, ...] = ("rsa", "p256", "ed25519")


@pytest.fixture(scope="module")
def keys() -> dict[Algorithm, tuple[PrivateKey, Place]]:
    """Give a key of each algorithm, with its place in the token."""
    made = {algorithm: PrivateKey.generate(algorithm) for algorithm in ALGORITHMS}
    return {algorithm: (key, softhsm().hold(key, f"llave-{algorithm}")) for algorithm, key in made.items()}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_act_signed_in_the_token(keys: dict[Algorithm, tuple[PrivateKey, Place]], algorithm: Algorithm) -> None:
    """The public half is read out of it; what it signs is an act like any other."""
    key, place = keys[algorithm]
    statement = Statement.compose(**fields(signer=key.public.keyid))
    with key_in(place, PIN) as secret:
        assert secret.public == key.public
        assert sign(statement, secret).verify(key.public)


@pytest.mark.parametrize("algorithm", ["rsa", "p256"])
def test_a_document_signed_in_the_token(tmp_path_factory: pytest.TempPathFactory, algorithm: str) -> None:
    """With an e.firma whose key lies there: our verifier and pyHanko accept it."""
    who = authority().issue("MARÍA NÚÑEZ", algorithm)
    place = softhsm().hold(who.key, f"efirma-{algorithm}")
    pdf = prepared(tmp_path_factory.mktemp("token"))
    with key_in(place, PIN) as secret:
        signed = sign_pdf(pdf, BOXES[0].field, secret, [who.certificate, authority().issuer.der], NOW)
    [signer] = check_pdf(signed, Trust(roots=(Certificate.parse(authority().root.der),))).signers
    assert (signer.chained, signer.code) == (True, "")
    assert judged(signed, authority().root) == [(True, True)]


def test_the_key_does_not_leave_the_token(keys: dict[Algorithm, tuple[PrivateKey, Place]]) -> None:
    """It is sensitive, and asking for it is refused."""
    token = pkcs11.lib(str(MODULE)).get_token(token_label=keys["rsa"][1].token)
    with token.open(user_pin=PIN) as session:
        found = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=keys["rsa"][1].key)
        assert found[Attribute.SENSITIVE] is True
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            found[Attribute.PRIVATE_EXPONENT]


def test_tokens_that_cannot_be_used(
    keys: dict[Algorithm, tuple[PrivateKey, Place]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No library, no such token, a wrong PIN, no such key, the extra not installed: each by its code."""
    place = keys["rsa"][1]
    for code, where, pin in (
        ("pkcs11-module", replace(place, module=Path("/no/hay.so")), PIN),
        ("pkcs11-token", replace(place, token="otro"), PIN),
        ("pkcs11-pin", place, "0000"),
        ("pkcs11-key", replace(place, key="otra"), PIN),
    ):
        with pytest.raises(TokenError, match=code), key_in(where, pin):
            pass
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(TokenError, match="pkcs11-missing"), key_in(place, PIN):
        pass


def test_two_keys_of_one_label_are_none() -> None:
    """Which one was meant cannot be told: refused."""
    place, _ = (softhsm().hold(PrivateKey.generate("p256"), "doble") for _ in range(2))
    with pytest.raises(TokenError, match="pkcs11-key"), key_in(place, PIN):
        pass


def test_what_the_token_signs_is_checked() -> None:
    """A signature that is not of the public half, or none at all, never gets out."""
    public = PrivateKey.generate().public

    def refuse(_: bytes) -> bytes:
        raise pkcs11.exceptions.DeviceRemoved

    for act in (PrivateKey.generate().sign, refuse):
        with pytest.raises(TokenError, match="pkcs11-failed"):
            TokenKey(public, act).sign(b"acta")
