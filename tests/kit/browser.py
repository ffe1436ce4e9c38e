"""A browser for tests: Debian's Chromium under Playwright, what a page said and asked for, and axe-core's judgement."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import sync_playwright

from tests.kit.tools import program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1100, "height": 800}
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENHANCED = "color-contrast-enhanced"
"""7:1, which axe does not ask for unless told to."""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Give the browser."""
    path = program("chromium")
    with sync_playwright() as playwright:
        # Without a sandbox of its own: tests run as root in a container and open pages of ours only.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page, and what was recorded of it since it was opened.

    errors: What stood in the console as an error, and exceptions; refusals of the page's own policy are among them.
    asked: The addresses that it requested, in order.
    """

    page: Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))


@contextlib.contextmanager
def visit(browser: Browser, **context: Any) -> Iterator[Visit]:
    """Give a page of a context of its own.

    Args:
        browser: Which browser.
        context: Of Playwright's `new_context`: viewport, color_scheme, java_script_enabled, offline …
    """
    made = browser.new_context(**{"viewport": DESKTOP, "locale": "es-MX", **context})
    made.set_default_timeout(20_000)
    try:
        yield Visit(made.new_page())
    finally:
        made.close()


def findings(page: Page) -> list[str]:
    """Return what axe-core finds: WCAG 2.0–2.2 A and AA, its best practices, and contrast of 7:1."""
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    found = page.evaluate(
        "([tags, rule]) => axe.run(document, {runOnly: tags}).then(async (a) => "
        "[...a.violations, ...(await axe.run(document, {runOnly: [rule]})).violations])",
        [AXE_RULES, ENHANCED],
    )
    return [f"{each['id']}: {node['html'][:120]}" for each in found for node in each["nodes"]]
