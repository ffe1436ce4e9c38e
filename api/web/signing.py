"""/firmar: what the page of the porta-firmas is given to speak with (docs/documents.md)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from api.documents.layout import layout_in
from api.documents.press import KINDS
from api.web import verifying
from ledger import texts
from projections.queries.awaiting import SIGNED_IN

if TYPE_CHECKING:
    from api.system import System

TITLE = "Porta-firmas"
TEMPLATE = "firmar.html"
ENTRY = "signing.mjs"
SIGNED = SIGNED_IN.keys() | {"minuta"}
ALLOWED = "frame-src blob:"
"""A PDF is shown in a frame out of the page's own memory."""


def data_of(system: System) -> dict[str, Any]:
    """Return what the page speaks with: its sentences by code, and the names of the kinds that are signed."""
    titles = layout_in(system.settings.templates).titles
    return {"texts": sentences(), "kinds": {kind: titles[kind] for kind in KINDS if kind in SIGNED}}


@cache
def sentences() -> dict[str, str]:
    """Return the page's own sentences, and those of what its modules refuse."""
    own = resources.files("api.web").joinpath("words", "firmar.toml").read_text(encoding="utf-8")
    return {code: texts.text(code) for code in verifying.codes() if texts.has(code)} | tomllib.loads(own)
