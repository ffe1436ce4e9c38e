"""/verificar as a page: printed codes, the saved file, dropping, keyboard, axe, and without scripts."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Literal

import httpx
import pytest

from tests.kit.browser import PHONE, findings, visit
from tests.kit.verificar import CERTIFICATE, NOTHING_WRONG, WRONG, Papers, give, trust_root

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tests.kit.browser import Visit


# -- the printed code ----------------------------------------------------------------------------------------------


def test_a_printed_code_leads_a_browser_to_the_check(visited: Visit, address: str, papers: Papers) -> None:
    """The QR's address opens the page, which fetches the act's evidence and checks it; the book's word is apart."""
    visited.page.goto(f"{address}/v/{papers.code}")
    visited.page.get_by_text(f"El código corresponde al acto {papers.index}").wait_for()
    said = visited.page.locator("#resultado").inner_text()
    assert NOTHING_WRONG in said
    assert "Es auténtica, pero lo certificado cambió después." in said
    assert "no se comprobó aquí" in said
    led = httpx.get(f"{address}/v/{papers.code}", timeout=30)
    assert led.headers["location"] == f"/api/v1/certifications/{CERTIFICATE}/verification"


def test_a_code_is_typed_by_keyboard_alone(page: Page, papers: Papers) -> None:
    """Tab to the field, type as people do, Enter: the answer has the focus, and is said of the right act."""
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "codigo":
            break
    page.keyboard.type(papers.code.lower().replace("0", "o").replace("1", "l"))
    page.keyboard.press("Enter")
    page.get_by_text(f"El código corresponde al acto {papers.index}").wait_for()
    assert page.evaluate("document.activeElement.id") == "respuesta"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize(("code", "sentence"), [("33J", "no es un código"), ("ZZZZ-00000000", "ningún acto"), ("", "")])
def test_a_code_of_nothing_is_told_so(page: Page, papers: Papers, code: str, sentence: str) -> None:
    """No code at all, one beyond the book, one whose hash is of another act: each in plain words."""
    other = papers.code[:-1] + ("0" if papers.code[-1] != "0" else "2")
    page.locator("#codigo").fill(code or other)
    page.locator("#pedir").click()
    page.locator("#respuesta").wait_for()
    assert (sentence or "está otro acto") in page.locator("#resultado").inner_text()


# -- as a file, and for everybody ----------------------------------------------------------------------------------


def test_the_saved_page_works_from_a_file_without_network(
    browser: Browser, address: str, papers: Papers, tmp_path: Path
) -> None:
    """One file, opened from the disk, offline: accepts the honest, refuses the changed, asks nothing of anybody."""
    answer = httpx.get(f"{address}/verificar.html", timeout=30)
    assert "attachment" in answer.headers["content-disposition"]
    (tmp_path / "verificar.html").write_bytes(answer.content)
    with visit(browser, offline=True) as saved:
        saved.page.goto((tmp_path / "verificar.html").as_uri())
        trust_root(saved.page, papers.root)
        assert not saved.page.locator("#codigo").is_visible()
        assert NOTHING_WRONG in (said := give(saved.page, papers.signed))
        assert "Los actos que trae son auténticos y están en el libro" in said
        assert NOTHING_WRONG in give(saved.page, papers.zip, "x.zip")
        changed = papers.signed.replace(b"/Root", b"/Toor", 1)
        assert WRONG in give(saved.page, changed)
        assert saved.asked == [(tmp_path / "verificar.html").as_uri()]
        assert saved.errors == []
        refused = saved.page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')")
        assert refused == "refused"


def test_a_file_may_be_dropped(page: Page, papers: Papers) -> None:
    """Dropped anywhere on the page it is checked, and the browser does not open it."""
    page.evaluate(
        "(text) => { const data = new DataTransfer();"
        "const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));"
        "data.items.add(new File([bytes], 'x.zip')); document.body.dispatchEvent("
        "new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})); }",
        base64.b64encode(papers.zip).decode(),
    )
    page.locator("#respuesta").wait_for()
    assert NOTHING_WRONG in page.locator("#resultado").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answers_have_no_findings(
    browser: Browser, address: str, papers: Papers, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing in good, bad and half answers, everything unfolded, on a phone; nothing is too wide."""
    with visit(browser, viewport=PHONE, color_scheme=scheme, bypass_csp=True) as phone:
        phone.page.goto(f"{address}/verificar")
        trust_root(phone.page, papers.root)
        for raw in (papers.signed, papers.printed, papers.zip[:-1] + b"x"):
            give(phone.page, raw)
            phone.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert findings(phone.page) == []
            assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_scripts_the_page_says_how_to_check(browser: Browser, address: str) -> None:
    """No dead form: the command and the address are there to read."""
    with visit(browser, java_script_enabled=False) as plain:
        plain.page.goto(f"{address}/verificar")
        assert plain.page.get_by_text("Esta página comprueba con JavaScript").is_visible()
        assert not plain.page.locator("#dar").is_visible()
