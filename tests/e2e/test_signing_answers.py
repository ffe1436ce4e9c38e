"""The porta-firmas and revocation: said before a paper is signed and after; what is answered is signed along."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from ledger.clock import utc_now
from ledger.crypto import cms
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.e2e.test_signing import downloaded
from tests.e2e.test_signing_tampered import attempt
from tests.kit.browser import findings
from tests.kit.desk import SPARE, SPARE_ACTA, certify_next
from tests.kit.efirma import Holder, renewed
from tests.kit.paper import authority
from tests.kit.pki import Issuer, root
from tests.kit.porta import WAIT_MS, Porta
from tests.kit.tsa import answering

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System
    from tests.kit.desk import Desk

TRUST = Trust(roots=(Certificate.parse(authority().root.der),))
SAID = ("good", "silent", "revoked")


class Answering:
    """The authority of the secretary's new certificate: it answers good, revoked or nothing."""

    def __init__(self, holder: Holder, url: str) -> None:
        self.url, self.says = url, "good"
        self.holder = replace(holder, efirma=holder.efirma._replace(certificate=renewed(holder.efirma, asked_at=url)))

    def answer(self, by: Issuer | None = None) -> bytes:
        """Return its answer, or another's."""
        now = utc_now().replace(microsecond=0)
        return (by or authority().issuer).answer(self.holder.cer, now, revoked=self.says == "revoked")


@pytest.fixture
def asked(desk: Desk) -> Iterator[Answering]:
    """Give it."""
    held: list[Answering] = []
    with answering(lambda *_: None if held[0].says == "silent" else held[0].answer()) as url:
        held.append(Answering(desk.secretary, url))
        yield held[0]


@pytest.fixture(scope="module")
def keys(desk: Desk, council: System) -> dict[str, str]:
    """Give a certificate to be signed for each of what the authority may say."""
    return {said: certify_next(council, desk, SPARE_ACTA, desk.town.secretary) for said in SAID}


def signed(porta: Porta, asked: Answering, key: str) -> str:
    """Enter, sign the paper, and return what the page then says of it."""
    porta.enter(asked.holder)
    expect(porta.page.locator("#revocacion p:not(:text('Preguntando'))").first).to_be_visible(timeout=WAIT_MS)
    porta.choose(f"certificacion/{key}")
    porta.page.locator("#firmar").dispatch_event("click")
    expect(porta.page.locator("#resultado")).to_contain_text("Firmados:", timeout=WAIT_MS)
    return str(porta.item(f"certificacion/{key}").locator(".estado").inner_text())


def standings(porta: Porta, key: str) -> list[bool]:
    """Return of each certificate below the root whether the signed PDF says that it was good."""
    [signer] = check_pdf(downloaded(porta, f"certificacion/{key}", "Descargar el PDF firmado"), TRUST).signers
    assert (signer.code, signer.chained) == ("", True)
    return [each.good_at is not None for each in signer.standings]


def test_an_answer_is_shown_and_signed_along(porta: Porta, asked: Answering, keys: dict[str, str]) -> None:
    """The authority answers: said before, in the PDF afterwards; of the one above nobody can be asked: said too."""
    said = signed(porta, asked, keys["good"])
    before = porta.page.locator("#revocacion").inner_text()
    assert f"Sin revocar al {utc_now().astimezone().day}" in before
    assert "certificado 30001000000500000007 de OTRA VIGENCIA. La respuesta de su autoridad irá en cada PDF" in before
    assert "Sin respuesta de revocación: del certificado 2 de AC INTERMEDIA FICTICIA, nadie dice dónde" in before
    assert "Firmado y guardado. Sin respuesta de revocación: AC INTERMEDIA FICTICIA." in said
    assert standings(porta, keys["good"]) == [True, False]
    assert findings(porta.page) == []


def test_a_silent_authority_is_named_before_and_after(porta: Porta, asked: Answering, keys: dict[str, str]) -> None:
    """It does not answer: its addresses are shown, the paper is signed without an answer, and that is shown too."""
    asked.says = "silent"
    said = signed(porta, asked, keys["silent"])
    before = porta.page.locator("#revocacion").inner_text()
    assert f"de OTRA VIGENCIA, no contestó {asked.url}/ocsp, {asked.url}/crl. Lo que firme no la llevará" in before
    assert "Sin respuesta de revocación: OTRA VIGENCIA, AC INTERMEDIA FICTICIA." in said
    assert standings(porta, keys["silent"]) == [False, False]


def test_who_is_revoked_is_told_and_signs_nothing(porta: Porta, asked: Answering, keys: dict[str, str]) -> None:
    """The authority says revoked: told on entering, refused on signing."""
    asked.says = "revoked"
    said = signed(porta, asked, keys["revoked"])
    assert "La autoridad dijo que el certificado estaba revocado." in porta.page.locator("#revocacion").inner_text()
    assert "La autoridad dijo que el certificado estaba revocado." in said
    assert porta.signatures() == 0


def test_an_answer_of_nobody_is_not_signed_along(porta: Porta, asked: Answering) -> None:
    """The service gives an answer of an impostor, in attributes that fit: the page reads it and signs nothing."""
    impostor = asked.answer(root("AC INTERMEDIA FICTICIA"))
    stale = authority().issuer.answer(asked.holder.cer, utc_now().replace(year=2025, microsecond=0))

    for answer, words in ((impostor, "no es de su certificado"), (stale, "no es de ese momento")):

        def forge(body: bytes, answer: bytes = answer) -> bytes:
            said = json.loads(body)
            attributes = cms.attributes_of(bytes.fromhex(said["digest"]), asked.holder.cer, Stapled((answer,)))
            stapled = {"answers": [base64.b64encode(answer).decode()], "lists": []}
            return json.dumps(said | {"attributes": base64.b64encode(attributes).decode(), "stapled": stapled}).encode()

        said = attempt(porta, asked.holder, SPARE, r"/signing/openings$", forge)
        assert words in said
        assert porta.signatures() == 0
        porta.page.reload()
