"""Actas draft by draft, with the signatures and refusals of each seat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSignatureRefusalAttested, ActaSignatureRefused, ActaSigned
from projections.base import Registry, Row, heading, object_table, provenance_of, touch, voice_of

if TYPE_CHECKING:
    from ledger.domain.world import Signed
    from projections.page import Page

ACTAS = object_table(
    "actas",
    "body",
    "year",
    "series",
    "session",
    "phase",
    "draft",
    "draft_index",
    "draft_statement",
    "root",
    "blocks",
    "sealed_index",
    "signatures",
    "refusals",
    "instrument",
    json=("signatures", "refusals"),
)
# The last word counts, and with it whose it is: the holder's own, or what the secretary attests.
SIGNATURES = replace(
    object_table("acta_signatures", "acta", "seat", "outcome", "root", "acta_statement"),
    fixed=frozenset({"created_index", "created", "stream", "acta", "seat"}),
)
SignatureAct: TypeAlias = ActaSigned | ActaSignatureRefused | ActaSignatureRefusalAttested


def handle(page: Page, signed: Signed) -> None:
    """Apply an act of an acta or of a signature."""
    act = signed.act
    match act:
        case ActaDrafted():
            _draft(page, signed, act)
        case ActaSealed():
            acta = touch(page.edit(ACTAS, act.session_path), signed)
            acta.update(phase="sealed", sealed_index=signed.index)
            acta.update(signatures=list(act.signatures), refusals=list(act.refusals))
        case ActaSigned() | ActaSignatureRefused() | ActaSignatureRefusalAttested():
            _sign(page, signed, act)
        case _:
            pass


def _draft(page: Page, signed: Signed, act: ActaDrafted) -> None:
    draft = {
        "phase": "drafted",
        "draft": act.draft,
        "draft_index": signed.index,
        "draft_statement": signed.statement.sha256,
        "root": act.root,
        "blocks": act.blocks,
        "instrument": act.instrument,
        "provenance": provenance_of(signed),
    }
    if page.find(ACTAS, act.session_path) is not None:
        touch(page.edit(ACTAS, act.session_path), signed).update(draft)
        return
    place = {"body": act.body, "year": act.year, "series": act.series, "session": act.session}
    empty: Row = {"sealed_index": None, "signatures": [], "refusals": []}
    page.put(ACTAS, {"id": act.session_path, **heading(signed), **place, **empty, **draft})


def _sign(page: Page, signed: Signed, act: SignatureAct) -> None:
    """The last word of each seat; whether it holds for the acta as it stands is seen by `acta_statement`."""
    touch(page.edit(ACTAS, act.session_path), signed)
    row_id = f"{act.session_path}/{act.seat}"
    word = {
        "outcome": "signed" if isinstance(act, ActaSigned) else "refused",
        "root": act.root,
        "acta_statement": signed.statement.basis[f"acta/{act.session_path}"],
    }
    if page.find(SIGNATURES, row_id) is None:
        page.put(SIGNATURES, {"id": row_id, **heading(signed), "acta": act.session_path, "seat": act.seat, **word})
        return
    row = touch(page.edit(SIGNATURES, row_id), signed)
    row.update(word, voice=voice_of(signed), signer=signed.statement.signer, office=signed.statement.office)


REGISTRY = Registry("actas", (ACTAS, SIGNATURES), {"acta": ACTAS, "signature": SIGNATURES}, handle)
