"""The porta-firmas before a service that tampers: what is shown is what is signed, or nothing is."""

from __future__ import annotations

import base64
import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from ledger.crypto import cms, disclosure
from ledger.pdf.objects import Base, revision, trailer_of
from ledger.pdf.signing import parse
from tests.kit.desk import SPARE
from tests.kit.porta import WAIT_MS, Porta

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.kit.desk import Desk
    from tests.kit.efirma import Holder


def attempt(porta: Porta, holder: Holder, text: str, pattern: str, forge: Callable[[bytes], bytes]) -> str:
    """Let the service answer some addresses with forged bodies, try to sign; return what the page says."""

    def meddle(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=forge(answer.body()))

    porta.page.route(re.compile(pattern), meddle)
    porta.enter(holder)
    item = porta.preview(text)
    expect(item.locator(".estado:not(:empty), .decidir:not([hidden]) input").first).to_be_visible(timeout=WAIT_MS)
    if item.locator(".decidir").is_visible():
        item.locator("input").evaluate("box => box.click()")
        porta.page.locator("#firmar").dispatch_event("click")
        expect(porta.page.locator("#resultado")).to_have_text("Firmados: 0 de 1.", timeout=WAIT_MS)
    return str(item.locator(".estado").inner_text())


def test_another_document_is_not_signed_behind_the_one_shown(porta: Porta, desk: Desk) -> None:
    """The service asks for a signature over another digest than that of the bytes shown: the page signs nothing."""
    other = sha256(b"otro documento").digest()
    attributes = base64.b64encode(cms.attributes_of(other, desk.secretary.cer)).decode()

    def forge(body: bytes) -> bytes:
        return json.dumps(json.loads(body) | {"digest": other.hex(), "attributes": attributes}).encode()

    said = attempt(porta, desk.secretary, SPARE, r"/signing/openings$", forge)
    assert "pide firmar otra cosa que lo que se muestra" in said
    assert porta.signatures() == 0


def test_the_hash_of_another_certificate_is_not_signed(porta: Porta, desk: Desk) -> None:
    """Attributes that name another certificate than the one that was chosen are not signed either."""

    def forge(body: bytes) -> bytes:
        said = json.loads(body)
        attributes = cms.attributes_of(bytes.fromhex(said["digest"]), desk.chair.cer)
        return json.dumps(said | {"attributes": base64.b64encode(attributes).decode()}).encode()

    assert "otra cosa" in attempt(porta, desk.secretary, SPARE, r"/signing/openings$", forge)
    assert porta.signatures() == 0


def test_a_page_that_only_the_officer_sees_is_not_signed(porta: Porta, desk: Desk) -> None:
    """One byte of what is shown is another than in the service's own document: its digest is, and it ends there."""

    def forge(body: bytes) -> bytes:
        place = body.index(b"\nstream\n") + 40
        return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]

    assert "ya no es el que se mostró" in attempt(porta, desk.secretary, SPARE, r"/papers/.*\.pdf$", forge)
    assert porta.signatures() == 0


def test_what_is_appended_to_the_printed_pages_is_not_signed(porta: Porta, desk: Desk) -> None:
    """An update behind the fields, which would show another page to other readers: the page does not even open it."""

    def forge(body: bytes) -> bytes:
        page = Base(parse(body).base).pages()[0]
        return body + revision(body, trailer_of(body), {page: b"<</Type/Page/Rotate 180>>"})

    said = attempt(porta, desk.secretary, SPARE, r"/papers/.*\.pdf$", forge)
    assert "algo que no es ni lo impreso ni una firma" in said
    assert porta.signatures() == 0


def test_another_file_is_not_handed_out_as_the_signed_one(porta: Porta, desk: Desk) -> None:
    """The service takes the signature and gives back another PDF: the page says so and offers none."""
    said = attempt(porta, desk.secretary, SPARE, r"/signing/signatures$", lambda body: body.replace(b"Title", b"Titel"))
    assert "no es el que se mostró" in said
    assert porta.page.get_by_role("link", name="Descargar el PDF firmado").count() == 0


def test_a_draft_that_is_not_in_the_ledger_is_not_signed(porta: Porta, desk: Desk) -> None:
    """A block with another text, or of another number: its root is not the draft's."""

    def forge(body: bytes) -> bytes:
        said = json.loads(body)
        blocks = said["disclosures"]
        blocks["block/2"] = disclosure.make("block/2", {"kind": "opening", "text": "Otra cosa."}, bytes(16))
        return json.dumps(said).encode()

    assert "no es el del borrador" in attempt(porta, desk.chair, "borrador 1", r"/disclosures$", forge)
    assert porta.signatures() == 0
