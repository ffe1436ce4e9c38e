"""The porta-firmas in an officer's hands: what he chooses and types in a browser, and all that leaves the page."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from api.main import create_app
from tests.kit.browser import visit
from tests.kit.desk import Desk, settle_desk
from tests.kit.efirma import PASSWORD, Holder
from tests.kit.served import served
from tests.kit.system import settled_system

if TYPE_CHECKING:
    import contextlib
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page, Request

    from api.system import System
    from tests.kit.postgres import Database

WAIT_MS = 20_000


@pytest.fixture(scope="session")
def council(
    make_database: Callable[[], contextlib.AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """Give a settled council, signer and worker running."""
    with settled_system(make_database, tmp_path_factory.mktemp("council")) as made:
        yield made


@pytest.fixture(scope="session")
def desk(council: System) -> Desk:
    """Give the desk, its draft circulated to the chair, with papers that no test signs."""
    return settle_desk(council, spare=True)


@pytest.fixture(scope="session")
def porta_url(council: System, desk: Desk) -> Iterator[str]:  # noqa: ARG001  what is on the desk is served
    """Give the address of the page."""
    with served(create_app(council)) as url:
        yield f"{url}/firmar"


@pytest.fixture
def porta(browser: Browser, porta_url: str, tmp_path: Path) -> Iterator[Porta]:
    """Give the page at desktop width."""
    with visit(browser, accept_downloads=True) as visited:
        visited.page.goto(porta_url)
        yield Porta(visited.page, tmp_path)


@dataclass
class Porta:
    """The page, in an officer's hands; `sent` is everything that left it."""

    page: Page
    folder: Path
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        headers = json.dumps(request.headers).encode()
        self.sent.append(b"\n".join((request.url.encode(), headers, request.post_data_buffer or b"")))

    def file(self, name: str, content: bytes) -> Path:
        """Put a file where the officer finds it."""
        (self.folder / name).write_bytes(content)
        return self.folder / name

    def unlock(self, key: bytes, cer: bytes | None, password: str = PASSWORD) -> None:
        """Choose the files, type the password, open the key."""
        if cer is not None:
            self.page.set_input_files("#cer", self.file("a.cer", cer))
        self.page.set_input_files("#key", self.file("a.key", key))
        self.page.fill("#clave", password)
        self.page.click("#llave button")

    def enter(self, holder: Holder, key: bytes | None = None) -> None:
        """Open a key and go in."""
        self.unlock(key or holder.key(), holder.cer)
        self.page.click("#entrar button[type=submit]")
        expect(self.page.locator("#pendientes")).to_be_visible()

    def item(self, text: str) -> Locator:
        """Return what is listed under a text."""
        return self.page.locator("#lista > li").filter(has_text=text)

    def preview(self, text: str) -> Locator:
        """Have something shown; return what is listed.

        The click is the page's own: one of the mouse is lost now and then while a PDF beside it is being drawn.
        """
        item = self.item(text)
        item.locator(".ver").dispatch_event("click")
        return item

    def choose(self, text: str) -> str:
        """Have something shown and mark it; return the digest beside it."""
        item = self.preview(text)
        expect(item.locator("input")).to_be_visible(timeout=WAIT_MS)
        item.locator("input").evaluate("box => box.click()")
        return str(item.locator(".huella").inner_text())

    def signatures(self) -> int:
        """Return how many signatures left the page, the one that opened its session apart."""
        return sum(b'"signature":' in each or b'"envelope":' in each for each in self.sent)


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is there; a PDF in between is one stop or several of its own."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)
