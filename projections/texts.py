"""Texts that an act opened to everybody, as their signers disclosed them; and those that were erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.acts.transparency import PersonalDataErased, TextPublished
from ledger.crypto import disclosure
from ledger.errors import StoreError
from projections.base import Registry, Table

if TYPE_CHECKING:
    from typing import Any

    from ledger.domain.world import Signed
    from projections.page import Page

TEXTS = Table(
    "published_texts",
    ("entry_index", "name", "published_index", "erased_index", "disclosure", "value"),
    ("entry_index", "name"),
    json=frozenset({"value"}),
    unkept=frozenset({"disclosure", "value"}),
    by_effect=True,
)


def handle(page: Page, signed: Signed) -> None:
    """Apply an opening or an erasure."""
    act = signed.act
    match act:
        case TextPublished():
            digests = page.sealed_digests(act.index)
            names = [name for name in act.names if name in digests] or ([] if act.names else sorted(digests))
            for name in names:
                _open(page, signed, act.index, name, digests[name])
        case PersonalDataErased():
            for erased in act.disclosures:
                row = _row(page, erased.index, erased.name)
                row.update(erased_index=signed.index, disclosure=None, value=None)
        case _:
            pass


def _row(page: Page, index: int, name: str) -> dict[str, Any]:
    if page.find(TEXTS, index, name) is None:
        page.put(TEXTS, dict.fromkeys(TEXTS.columns) | {"entry_index": index, "name": name})
    return page.edit(TEXTS, index, name)


def _open(page: Page, signed: Signed, index: int, name: str, digest: str) -> None:
    """Take the text out of the vault, and only if it is the one that was signed.

    Raises:
        StoreError: "text-altered".
    """
    row = _row(page, index, name)
    if row["published_index"] is None:
        row["published_index"] = signed.index
    if row["erased_index"] is not None or page.reader is None:
        return
    text = page.reader(digest)
    if text is None:
        return  # erased; the act that says so follows
    if disclosure.digest(text) != digest:
        raise StoreError("text-altered", f"{index} {name}")
    row.update(disclosure=text, value=disclosure.parse(text).value)


REGISTRY = Registry("texts", (TEXTS,), {"publication": None, "erasure": None}, handle)
