"""The porta-firmas in a real browser: signed end to end with `.cer`, `.key` and password, and all that is refused."""

from __future__ import annotations

import base64
import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from playwright.sync_api import expect

from ledger.acts.trust import KeyRevoked
from ledger.clock import written_now
from ledger.crypto import disclosure
from ledger.crypto.x509 import Certificate
from ledger.domain.acta import SignatureState
from ledger.ids import parse_written
from ledger.pdf.signing import parse, prepare
from ledger.receipts import Receipt
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.browser import DESKTOP, PHONE, findings, visit
from tests.kit.desk import ACTA, AGREEMENT, CERTIFICATE, DRAFT, SPARE_ACTA
from tests.kit.efirma import PASSWORD, Holder, enrol_efirma, renewed
from tests.kit.paper import authority, judged
from tests.kit.porta import WAIT_MS, Porta, reach
from tests.kit.tools import pdfsig

if TYPE_CHECKING:
    from playwright.sync_api import Browser, FileChooser, Page

    from api.system import System
    from tests.kit.desk import Desk

TRUST = Trust(roots=(Certificate.parse(authority().root.der),))


# -- end to end ------------------------------------------------------------------------------------------------------


def spellings(part: bytes) -> list[bytes]:
    """Return some bytes as a request might write them: as they are, in hex, in base64 wherever a group begins."""
    return [part, part.hex().encode(), *(base64.b64encode(part[shift:])[:-4] for shift in range(3))]


def secrets_of(holder: Holder, key: bytes) -> list[bytes]:
    """Return what must never leave: the password, the file, the private numbers of the key."""
    inner = base64.b64decode(b"".join(holder.efirma.key.to_pem().splitlines()[1:-1]))
    parts = [key[40:72], key[-48:-16], inner[330:362], inner[-64:-32]]
    return [each for part in parts for each in spellings(part)] + [
        PASSWORD.encode(),
        quote(PASSWORD).encode(),
        json.dumps(PASSWORD)[1:-1].encode(),
    ]


def downloaded(porta: Porta, text: str, link: str) -> bytes:
    """Return a file that the page offers under an item."""
    with porta.page.expect_download() as download:
        porta.item(text).get_by_role("link", name=link).click()
    return Path(download.value.path()).read_bytes()


def test_several_are_signed_with_one_password(porta: Porta, desk: Desk, council: System, tmp_path: Path) -> None:
    """An acta by an act, papers of three kinds as PDF: shown one by one, signed at once, accepted by three judges."""
    key = desk.secretary.key()
    porta.enter(desk.secretary, key)
    expect(porta.page.locator("#aviso-datos")).to_contain_text("su RFC y su CURP")
    expect(porta.page.locator("#quien")).to_contain_text("NUIM800101AB1")
    texts = (f"certificacion/{CERTIFICATE}", f"acta/{ACTA}", f"acuerdo/{AGREEMENT}", "borrador 1")
    digests = [porta.choose(text) for text in texts]
    assert set(digests) <= set(porta.page.locator("#huellas code").all_inner_texts())
    porta.page.locator("#firmar").dispatch_event("click")
    expect(porta.page.locator("#resultado")).to_have_text("Firmados: 4 de 4.", timeout=WAIT_MS)
    for text, digest in zip(texts[:3], digests[:3], strict=True):
        signed = downloaded(porta, text, "Descargar el PDF firmado")
        assert sha256(prepared(signed)).hexdigest() == digest
        paper = check_pdf(signed, TRUST)
        assert [(each.name, each.chained, each.code) for each in paper.signers] == [
            ("AMPARO LIZÁRRAGA NÚÑEZ", True, "")
        ]
        assert paper.exit_code(self_contained=True) == 0
        with ThreadPoolExecutor() as apart:  # pyHanko has a loop of its own, and so has Playwright
            assert apart.submit(judged, signed, authority().root).result() == [(True, True)]
        assert valid_to_poppler(signed, tmp_path) == 1
    receipt = Receipt.parse(downloaded(porta, "borrador 1", "Descargar el recibo").decode())
    receipt.verify(council.keys)
    word = council.ledger.state(f"signature/{DRAFT}/secretario")
    assert isinstance(word, SignatureState)
    assert (word.outcome, word.root) == ("signed", digests[3])
    sent = b"\0".join(porta.sent)
    assert any(each in sent for each in spellings(desk.secretary.cer[300:332]))  # the search finds what does leave
    assert [each for each in secrets_of(desk.secretary, key) if each in sent] == []


def prepared(signed: bytes) -> bytes:
    """Return a PDF without its last signature: what was shown."""
    parsed = parse(signed)
    covers = [each.covers for each in parsed.signatures]
    return signed[: covers[-2]] if len(covers) > 1 else prepare(parsed.base, parsed.boxes)


def valid_to_poppler(signed: bytes, folder: Path) -> int:
    """Return how many signatures pdfsig finds valid; our fictional authority it does not know."""
    return pdfsig(signed, folder).count(b"Signature is Valid")


def test_another_signs_the_same_acta_by_keyboard_alone(porta: Porta, desk: Desk) -> None:
    """The chair, P-256 under AES in PEM: files, password, showing, marking, signing, without a mouse."""
    page = porta.page
    certificate = x509.load_der_x509_certificate(desk.chair.cer).public_bytes(serialization.Encoding.PEM)
    files = {
        "cer": porta.file("presidencia.cer", certificate),
        "key": porta.file("p.key", desk.chair.key("aes", "PEM")),
    }
    reach(page, "#cer")
    for name, path in files.items():
        assert page.evaluate("document.activeElement.id") == name
        pick(page, path)
        page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#identidad h2")).to_be_focused()
    reach(page, "#entrar button")
    page.keyboard.press("Enter")
    expect(page.locator("#pendientes h2")).to_be_focused()
    reach(page, "[data-key='acta/" + ACTA + "'] .ver")
    page.keyboard.press("Enter")
    expect(porta.item(f"acta/{ACTA}").locator("input")).to_be_focused()
    page.keyboard.press("Space")
    reach(page, "#firmar")
    page.keyboard.press("Enter")
    expect(page.locator("#resultado")).to_have_text("Firmados: 1 de 1.", timeout=WAIT_MS)
    signed = downloaded(porta, f"acta/{ACTA}", "Descargar el PDF firmado")
    assert [each.field for each in parse(signed).signatures][-1] == "firma-hcd-estado-1"
    assert all(each.chained for each in check_pdf(signed, TRUST).signers)


def pick(page: Page, path: Path) -> None:
    """Open the chooser of the focused input by its key, again where the browser was too busy, and choose a file."""
    opened: list[FileChooser] = []
    page.once("filechooser", lambda chooser: opened.append(chooser))  # noqa: PLW0108  Playwright marks what it is given
    for _ in range(10):
        page.keyboard.press("Enter")
        page.wait_for_timeout(1_000)
        if opened:
            opened[0].set_files(path)
            return
    raise AssertionError(path)


def test_a_refusal_is_recorded(porta: Porta, desk: Desk, council: System) -> None:
    """The chair reads the draft that was circulated to her and refuses, with a reason that stays sealed."""
    porta.enter(desk.chair)
    item = porta.preview("borrador 1")
    item.locator(".rehusar summary").click()
    item.locator(".rehusar button").click()
    expect(item.locator(".estado")).to_contain_text("Escriba la razón")
    item.locator("textarea").fill("No recoge mi intervención.")
    item.locator(".rehusar button").click()
    expect(item.locator(".estado")).to_contain_text("Consta que rehusó firmar", timeout=WAIT_MS)
    word = council.ledger.state(f"signature/{DRAFT}/estado-1")
    assert isinstance(word, SignatureState)
    assert (word.outcome, word.attested) == ("refused", False)
    [text] = council.vault.disclosures(word.index).values()
    assert disclosure.parse(text).value == "No recoge mi intervención."


# -- what cannot be opened ------------------------------------------------------------------------------------------


def test_keys_that_do_not_open(porta: Porta, desk: Desk) -> None:
    """A wrong password, a certificate of another key, no key at all: each is told, and nothing is shown."""
    key = desk.secretary.key()
    wrong = "La contraseña de la llave no es correcta."
    for given, cer, password, words in (
        (key, desk.secretary.cer, "mala", wrong),
        (desk.secretary.key("aes"), desk.secretary.cer, "mala", wrong),
        (key, desk.chair.cer, PASSWORD, "no son del mismo par"),
        (b"no es una llave", desk.secretary.cer, PASSWORD, "no es una llave privada"),
        (key, b"no es un certificado", PASSWORD, "El certificado no se puede leer."),
    ):
        porta.unlock(given, cer, password)
        expect(porta.page.locator("#llave-error")).to_contain_text(words, timeout=WAIT_MS)
    expect(porta.page.locator("#identidad")).to_be_hidden()


def test_certificates_that_do_not_sign(porta: Porta, desk: Desk, council: System) -> None:
    """Expired, not yet valid, revoked, of nobody here: each is told before anything is listed."""
    town, now = desk.town, parse_written(written_now())
    key = desk.secretary.key()
    past = renewed(desk.secretary.efirma, begins=now - timedelta(days=900), lasts=timedelta(days=800))
    early = renewed(desk.secretary.efirma, begins=now + timedelta(days=3))
    revoked = enrol_efirma(town, "estado-2", "TADEO VILLASEÑOR IBARRA")
    keyid = revoked.efirma.key.public.keyid
    done = town.do(KeyRevoked(keyid=keyid, reason="lost"), town.founder)
    council.progress.wait_until(done[0].index + 1, 20)
    unknown = Holder(desk.chair.officer, authority().issue("NADIE DE AQUÍ"))
    for given, cer, words in (
        (key, past, "El certificado ya venció"),
        (key, early, "todavía no está vigente"),
        (revoked.key(), revoked.cer, "La llave está revocada en este libro"),
        (unknown.key(), unknown.cer, "La llave no está inscrita en este libro."),
    ):
        porta.unlock(given, cer)
        expect(porta.page.locator("#llave-error")).to_contain_text(words, timeout=WAIT_MS)
    expect(porta.page.locator("#identidad")).to_be_hidden()


def test_a_key_without_certificate_signs_acts_alone(porta: Porta, desk: Desk) -> None:
    """The Ed25519 key of a member, without `.cer`: no PDF is offered; a draft that was not sent to him is not shown."""
    porta.unlock(desk.town.keys("hcd.obrero-1").to_pem(), None, "")
    porta.page.click("#entrar button[type=submit]")
    expect(porta.page.locator("#cuantos")).to_have_text("Espera su firma un documento.")
    porta.page.get_by_role("button", name="Mostrar").click()
    expect(porta.page.locator(".estado")).to_contain_text("Ningún acto le da a leer ese texto")
    porta.page.get_by_text("Firmar otro documento").click()
    porta.page.fill("#clave-doc", CERTIFICATE)
    porta.page.click("#otro button")
    expect(porta.page.locator("#otro-error")).to_contain_text("abra la llave junto con su .cer")


# -- looks ----------------------------------------------------------------------------------------------------------


@pytest.fixture(params=[(size, scheme) for size in ("phone", "desktop") for scheme in ("light", "dark")])
def looks(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Give each window and scheme."""
    size, scheme = request.param
    return {"viewport": {"phone": PHONE, "desktop": DESKTOP}[size], "color_scheme": scheme}


def test_the_list_has_no_findings(
    browser: Browser, porta_url: str, desk: Desk, tmp_path: Path, looks: dict[str, Any]
) -> None:
    """axe-core finds nothing while a draft and a paper are shown and marked; nothing is wider than the window."""
    with visit(browser, **looks, bypass_csp=True) as visited:
        visited.page.goto(porta_url)
        porta = Porta(visited.page, tmp_path)
        porta.enter(desk.chair)
        for text in ("borrador 1", f"acta/{SPARE_ACTA}"):
            porta.choose(text)
        assert findings(visited.page) == []
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= looks["viewport"]["width"]
        assert visited.errors == []


def test_without_scripts_it_says_how_else_to_sign(browser: Browser, porta_url: str) -> None:
    """Who has no JavaScript reads the command that does the same."""
    with visit(browser, java_script_enabled=False) as visited:
        visited.page.goto(porta_url)
        expect(visited.page.get_by_text("acervo document sign")).to_be_visible()


def test_triple_des_is_that_of_others(porta: Porta) -> None:
    """Forty random keys, texts of all lengths around a block: deciphered as cryptography enciphered them."""
    cases = []
    for length in (*range(1, 40), 1_300):
        key, iv, text = os.urandom(24), os.urandom(8), os.urandom(length)
        padder = PKCS7(64).padder()
        encryptor = Cipher(TripleDES(key), CBC(iv)).encryptor()
        cases.append([*map(list, (key, iv, encryptor.update(padder.update(text) + padder.finalize()), text))])
    script = """async (cases) => {
      const {decipherTripleDes} = await import("/web/des.mjs");
      const bytes = (list) => Uint8Array.from(list);
      const plainOf = (key, iv, text) => decipherTripleDes(bytes(key), bytes(iv), bytes(text));
      return cases.map(([key, iv, text, plain]) => String(plainOf(key, iv, text)) === String(plain));
    }"""
    assert porta.page.evaluate(script, cases) == [True] * len(cases)
