"""The list of the porta-firmas: gone through in parts, picked by kind, and what it says of what is not to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.kit.browser import PHONE, findings, visit
from tests.kit.desk import DRAFT
from tests.kit.efirma import enrol_efirma
from tests.kit.porta import WAIT_MS, Porta, reach

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from api.system import System
    from tests.kit.desk import Desk


def in_parts(page: Page, limit: int) -> None:
    """Let the service give no more than so many at a time."""
    page.route("**/signing/waiting?*", lambda route: route.continue_(url=f"{route.request.url}&limit={limit}"))


def test_a_long_list_is_gone_through_by_keyboard(porta: Porta, desk: Desk) -> None:
    """It says how many wait, gives the rest part by part, shows one kind; what is marked stays marked and listed."""
    page = porta.page
    in_parts(page, 2)
    porta.enter(desk.secretary)
    rows = page.locator("#lista > li")
    expect(rows).to_have_count(2)
    said = page.locator("#cuantos").inner_text()
    total = int(said.split()[3])
    assert said == f"Esperan su firma {total} documentos."
    assert total > 4
    for shown in (4, 6):
        reach(page, "#mas")
        page.keyboard.press("Enter")
        expect(rows).to_have_count(min(shown, total))
        expect(rows.nth(shown - 2).locator(".ver")).to_be_focused()
    marked = str(rows.nth(1).get_attribute("data-key"))
    rows.nth(1).locator(".ver").dispatch_event("click")
    expect(rows.nth(1).locator("input")).to_be_visible(timeout=WAIT_MS)
    rows.nth(1).locator("input").evaluate("box => box.click()")
    page.select_option("#de-clase", "convocatoria")
    expect(page.locator("#cuantos")).not_to_have_text(said)
    keys = rows.evaluate_all("rows => rows.map((row) => row.dataset.key)")
    assert keys[0] == marked
    assert {key.partition("/")[0] for key in keys[1:]} <= {"convocatoria"}
    assert len(keys) == len(set(keys))
    expect(page.locator("#elegidos")).to_contain_text("Elegidos: 1.")


def test_a_list_that_goes_on_has_no_findings(browser: Browser, porta_url: str, desk: Desk, tmp_path: Path) -> None:
    """axe-core finds nothing at a telephone's width where kinds can be picked and more can be asked for."""
    with visit(browser, viewport=PHONE, bypass_csp=True) as visited:
        in_parts(visited.page, 3)
        visited.page.goto(porta_url)
        Porta(visited.page, tmp_path).enter(desk.secretary)
        expect(visited.page.locator("#mas")).to_be_visible()
        expect(visited.page.locator("#filtro")).to_be_visible()
        assert findings(visited.page) == []
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert visited.errors == []


def test_a_paper_that_may_not_be_read_says_what_to_do(porta: Porta, desk: Desk, council: System) -> None:
    """A member whom nobody gave an acta to read asks for it by its key: he reads whom to ask; nothing is listed."""
    member = enrol_efirma(desk.town, "obrero-3", "FICTICIO MIEMBRO PRESENTE")
    council.progress.wait_until(council.size(), 20)
    porta.enter(member)
    porta.page.get_by_text("Firmar otro documento").click()
    porta.page.select_option("#clase", "acta")
    porta.page.fill("#clave-doc", DRAFT)
    porta.page.click("#otro button")
    expect(porta.page.locator("#otro-error")).to_contain_text("Pida a la secretaría que se lo circule", timeout=WAIT_MS)
    expect(porta.item(f"acta/{DRAFT}")).to_have_count(0)
