"""Pages out of small templates: `string.Template` over HTML that is written in Spanish (es-MX).

What is filled in is escaped here, so that nothing of an address or of the ledger becomes markup; data for scripts stand
in a data block (`<script type="application/json">`), which no browser executes.
"""

from __future__ import annotations

from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import TYPE_CHECKING, Any

from api.banner import NOTICE
from api.etags import cached
from api.problems import dumps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from api.system import System

HTML = "text/html; charset=utf-8"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Of every page: nothing inline, nothing of anybody else's, and no frame around it."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@cache
def template(name: str) -> Template:
    """Return a file of `templates/`."""
    return Template(resources.files("api.web").joinpath("templates", name).read_text(encoding="utf-8"))


def fill(name: str, **values: str) -> str:
    """Return a template with its `$places` filled by text, which is escaped."""
    return template(name).substitute({key: escape(value) for key, value in values.items()})


def page(
    system: System,
    name: str,
    *,
    title: str,
    scripts: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
    **values: str,
) -> bytes:
    """Return a page.

    Args:
        system: Whose ledger; its origin stands at the head, and of a demo that its data are fictitious.
        name: The template of what stands in `<main>`.
        title: Of the window.
        scripts: Modules of `static/` that the page starts.
        data: For the scripts, in the element `#datos`.
        values: What the template's places are filled with.
    """
    modules = "".join(f'<script type="module" src="/web/{escape(script)}"></script>\n' for script in scripts)
    head = f'<link rel="stylesheet" href="/web/acervo.css">\n{modules}'
    tail = "" if data is None else data_block(data)
    return whole(system, name, title=title, head=head, tail=tail, **values)


def whole(system: System, name: str, *, title: str, head: str, tail: str, **values: str) -> bytes:
    """Return a page whose styles and scripts are given as markup: `head` in its head, `tail` at its end."""
    notice = f'<p class="aviso">{escape(NOTICE)}</p>' if system.fictitious else ""
    base = template("base.html")
    origin, main = escape(system.ledger.origin), fill(name, **values)
    return base.substitute(title=escape(title), origin=origin, notice=notice, head=head, main=main, tail=tail).encode()


def data_block(data: Mapping[str, Any]) -> str:
    """Return data for scripts as an element; no `<` in it can end it."""
    text = dumps(data).decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="datos">{text}</script>'


def answer(request: Request, body: bytes, *, allowed: str = "") -> Response:
    """Return a page with its validator and its policy; `allowed` is a directive that it needs beside the policy."""
    policy = {"Content-Security-Policy": f"{POLICY}; {allowed}"} if allowed else {}
    return cached(request, body, HTML, headers=HEADERS | policy)
