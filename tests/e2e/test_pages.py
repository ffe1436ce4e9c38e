"""Every page: its policy, its looks for whoever needs contrast or a keyboard, on a phone and on a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import httpx
import pytest

from tests.kit.browser import DESKTOP, PHONE, findings, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ViewportSize

    from tests.kit.browser import Visit

PAGES = ["/verificar", "/firmar"]
NOTHING_INLINE = "default-src 'none'; script-src 'self'; style-src 'self';"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_allows_nothing_inline_and_nothing_of_others(address: str, page: str) -> None:
    """Its policy lets in scripts and styles of this service alone, no frame around it; it is revalidated."""
    answer = httpx.get(address + page, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith(NOTHING_INLINE)
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert " style=" not in answer.text
    assert " onclick" not in answer.text
    again = httpx.get(address + page, headers={"If-None-Match": answer.headers["etag"]}, timeout=30)
    assert again.status_code == 304


def test_only_what_lies_there_is_served(address: str) -> None:
    """Modules are served as JavaScript and never as anything else; another name is a problem."""
    style = httpx.get(f"{address}/web/acervo.css", timeout=30)
    assert style.headers["content-type"].startswith("text/css")
    assert style.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{address}/web/nothing.mjs", timeout=30).status_code == 404


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_findings(
    browser: Browser, address: str, page: str, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    """axe-core finds nothing, contrast of 7:1 included, in either scheme; nothing is wider than the window."""
    with visit(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as visited:
        visited.page.goto(address + page)
        assert findings(visited.page) == []
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_reached_and_left_by_keyboard(visited: Visit, address: str, page: str) -> None:
    """The first stop leads past the head to the content; nothing breaks the page's own policy; nobody else is asked."""
    visited.page.goto(address + page)
    visited.page.keyboard.press("Tab")
    assert visited.page.evaluate("document.activeElement.textContent") == "Ir al contenido"
    visited.page.keyboard.press("Enter")
    assert visited.page.evaluate("document.activeElement.id") == "contenido"
    assert visited.errors == []
    assert {url.startswith(address) for url in visited.asked} == {True}
