"""The porta-firmas over HTTP: what authorities say of a certificate is told before it signs, and signed along."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.demo.record import certify
from ledger.clock import utc_now, written_now
from ledger.crypto import cms
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.ids import parse_written
from ledger.pdf.signing import open_signature
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.desk import ACTA, YEAR, Desk, settle_desk
from tests.kit.efirma import Holder, renewed
from tests.kit.paper import authority, judged
from tests.kit.porta_http import REVOCATION, Browser, code_of
from tests.kit.tsa import answering

if TYPE_CHECKING:
    import httpx

    from api.system import System

TRUST = Trust(roots=(Certificate.parse(authority().root.der),))


@pytest.fixture(scope="module")
def desk(system: System) -> Desk:
    """Give the desk."""
    return settle_desk(system)


def asked_at(http: httpx.Client, system: System, holder: Holder, url: str) -> Browser:
    """Return a page with a certificate of the same key that says where its state is answered."""
    der = renewed(holder.efirma, asked_at=url)
    return Browser(http, system, replace(holder, efirma=holder.efirma._replace(certificate=der)))


def certified(system: System, desk: Desk, number: int) -> str:
    """Issue a certificate; return the key of its paper."""
    certify(desk.town, ("hcd", YEAR, number), [f"acta/{ACTA}"], desk.town.secretary)
    system.progress.wait_until(system.size(), 20)
    return f"hcd/{YEAR}/{number}"


def test_answers_of_the_authority_are_signed_along(http: httpx.Client, system: System, desk: Desk) -> None:
    """Reachable, the answer is told before, signed along and verified; of whom nobody can be asked is said."""
    own = {"answer": b""}
    key = certified(system, desk, 2)
    with answering(lambda *_: own["answer"]) as url:
        browser = asked_at(http, system, desk.secretary, url)
        now = utc_now().replace(microsecond=0)
        own["answer"] = authority().issuer.answer(browser.holder.cer, now)
        told = browser.revocation().json()
        serials = [each["serial"] for each in told["revocation"]]
        assert [(each["good_at"], each["stapled"], each["silent"]) for each in told["revocation"]] == [
            (now.isoformat(), True, []),
            (None, False, []),
        ]
        assert told["stapled"] == {"answers": [base64.b64encode(own["answer"]).decode()], "lists": []}
        assert [base64.b64decode(each) for each in told["authorities"]] == [
            authority().issuer.der,
            authority().root.der,
        ]
        signed = browser.signed("certificacion", key)
    assert signed.headers["Acervo-Not-Stapled"] == serials[1]
    [signer] = check_pdf(signed.content, TRUST).signers
    assert signer.code == ""
    assert [each.good_at for each in signer.standings] == [now.isoformat(), None]
    assert judged(signed.content, authority().root) == [(True, True)]


def test_a_silent_authority_stops_nobody_and_is_named(http: httpx.Client, system: System, desk: Desk) -> None:
    """Unreachable: the addresses are told before, the paper is signed without, and the answer says of whom."""
    key = certified(system, desk, 3)
    with answering(lambda *_: None) as url:
        browser = asked_at(http, system, desk.secretary, url)
        wish = browser.wish("certificacion", key, browser.paper("certificacion", key), written_now())
        told = browser.open(wish).json()
        assert [each["silent"] for each in told["revocation"]] == [[f"{url}/ocsp", f"{url}/crl"], []]
        assert told["stapled"] == {"answers": [], "lists": []}
        signed = browser.signed("certificacion", key)
    serials = [each["serial"] for each in told["revocation"]]
    assert signed.headers["Acervo-Not-Stapled"] == ", ".join(serials)
    [signer] = check_pdf(signed.content, TRUST).signers
    assert [each.good_at for each in signer.standings] == [None, None]


def test_a_list_without_room_is_told(http: httpx.Client, system: System, desk: Desk) -> None:
    """A list that does not fit beside the signature is looked at, and it is said that it is not signed along."""
    listed = authority().issuer.list_revoked(range(1_000, 2_000), utc_now().replace(microsecond=0))
    with answering(lambda _, body: None if body else listed) as url:
        browser = asked_at(http, system, desk.secretary, url)
        told = browser.revocation().json()["revocation"][0]
    assert (told["stapled"], told["too_long"], told["good_at"] is None) == (False, len(listed), False)


def test_answers_that_are_not_signed_along(http: httpx.Client, system: System, desk: Desk) -> None:
    """An answer about somebody else, a good one kept until its certificate was revoked, somebody else's certificate."""
    key, said = certified(system, desk, 4), {"revoked": False}
    with answering(lambda *_: answer(revoked=said["revoked"])) as url:
        browser = asked_at(http, system, desk.secretary, url)
        now = utc_now().replace(microsecond=0)

        def answer(der: bytes = browser.holder.cer, *, revoked: bool = False) -> bytes:
            return authority().issuer.answer(der, now, revoked=revoked)

        shown, at = browser.paper("certificacion", key), written_now()
        digest = open_signature(shown, "firma-hcd-secretario", parse_written(at)).digest

        def closed(given: bytes) -> tuple[int, str]:
            attributes = cms.attributes_of(digest, browser.holder.cer, Stapled((given,)))
            stapled = {"stapled": {"answers": [base64.b64encode(given).decode()]}}
            wish = browser.wish("certificacion", key, shown, at) | stapled
            return code_of(browser.close(wish, browser.holder.efirma.key.sign(attributes)))

        assert closed(answer(desk.chair.cer)) == (400, "ocsp-of-another")
        assert closed(b"0\x03\n\x01\x06") == (400, "ocsp-malformed")
        good, said["revoked"] = answer(), True
        assert closed(good) == (400, "certificate-revoked")
        assert code_of(browser.revocation()) == (400, "certificate-revoked")
        assert code_of(browser.revocation(desk.chair.cer)) == (403, "certificate-of-another")
        assert code_of(http.post(REVOCATION, json={})) == (401, "access-needed")
    assert browser.paper("certificacion", key) == shown
