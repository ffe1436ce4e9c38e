"""The page /verificar as people use it: the papers they bring, how they give them, what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import FilePayload

from api.documents import press_of
from api.documents.codes import code_of
from ledger.pdf.signing import prepare
from tests.kit.paper import authority

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from api.system import System
    from tests.kit.browser import Visit

CERTIFICATE = "hcd/2026/7"
NOTHING_WRONG, WRONG, NOT_ALL = "No se encontró nada mal", "No coincide", "No se pudo comprobar todo"


@dataclass(frozen=True)
class Papers:
    """What people bring: a signed PDF of the demo year, as it was printed, its act's evidence and proof."""

    printed: bytes
    signed: bytes
    zip: bytes
    proof: bytes
    policy: str
    root: bytes
    index: int
    code: str


@pytest.fixture(scope="session")
def papers(told: System, address: str) -> Papers:
    """Give the papers of the demo year's first certificate."""
    press = press_of(told)
    document = press.document("certificacion", CERTIFICATE)
    printed, issuing = press.print(document), authority()
    boxes = press.boxes(document)
    signed = issuing.sign(prepare(printed, boxes), boxes[0].field, issuing.issue("MARÍA NÚÑEZ"))
    with httpx.Client(base_url=address, timeout=30) as client:
        listed = client.get(f"/api/v1/certifications/{CERTIFICATE}").json()
        index = listed["log"]["index"]
        evidence, proof = (client.get(f"/api/v1/acts/{index}/{form}").content for form in ("evidence", "proof"))
        policy = client.get("/api/v1/log/policy").text
    code = code_of(index, told.entries(index, 1)[0])
    return Papers(printed, signed, evidence, proof, policy, issuing.root.der, index, code)


@pytest.fixture
def page(visited: Visit, address: str) -> Page:
    """Give the page, open."""
    visited.page.goto(f"{address}/verificar")
    return visited.page


def give(page: Page, raw: bytes, name: str = "papel.pdf") -> str:
    """Give the page a file, as one chooses it, and return what it answers."""
    page.evaluate("document.getElementById('resultado').hidden = true")
    page.locator("#archivo").set_input_files(FilePayload(name=name, mimeType="application/octet-stream", buffer=raw))
    page.locator("#respuesta").wait_for()
    return page.locator("#resultado").inner_text()


def trust_root(page: Page, der: bytes) -> None:
    """Give the page the certificate of an authority."""
    page.locator("#confianza summary").click()
    page.locator("#raices").set_input_files(FilePayload(name="raiz.cer", mimeType="application/pkix-cert", buffer=der))
    page.get_by_text("AC RAIZ FICTICIA").wait_for()
