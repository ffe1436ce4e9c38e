"""The folder of a session: a frozen manifest of hashes, and addenda that say who got them (domain.md §1 A6, §3.3)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ledger.acts.carpeta import CarpetaAddendumIssued, CarpetaFrozen
from ledger.crypto import canonical
from ledger.domain.attendance import check_phase
from ledger.domain.delivery import check_receipts
from ledger.domain.rules.sequence import check_not_before
from ledger.domain.states import ALIVE, BEFORE, CarpetaState, SessionState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.acts.base import Act
    from ledger.acts.carpeta import CarpetaDocument

__all__ = ["CarpetaState", "check", "evolve", "manifest_of"]

CarpetaAct: TypeAlias = CarpetaFrozen | CarpetaAddendumIssued


def manifest_of(documents: Iterable[CarpetaDocument]) -> str:
    """Return the SHA-256, in hex, of the canonical JSON array of the documents in order."""
    told = [each.model_dump(exclude_none=True) for each in documents]
    return hashlib.sha256(canonical.dumps(told)).hexdigest()


def check(state: CarpetaState | None, signed: Signed, world: World) -> None:
    """Check the freezing of a folder, or an addendum to it.

    Raises:
        RuleViolation: "session-unknown", "session-phase", "in-recess", "carpeta-frozen", "carpeta-unknown",
            "back-dated", "addendum-gap", "document-gap", "document-repeated", "item-unknown", "carpeta-manifest",
            "seat-twice", "received-before-sent", "received-in-future", "seat-unknown", "not-in-office".
    """
    act = _narrow(signed.act)
    world.rule("carpetas")
    session = read(world, SessionState, stream_name("session", act.session_path))
    if session is None:
        raise RuleViolation("session-unknown", session=act.session_path)
    if isinstance(act, CarpetaFrozen):
        if state is not None:
            raise RuleViolation("carpeta-frozen", carpeta=act.stream())
        check_phase(session, *BEFORE)
        check_not_before(signed, session.convoked_at)
    else:
        if state is None:
            raise RuleViolation("carpeta-unknown", carpeta=act.stream())
        check_phase(session, *ALIVE)
        check_not_before(signed, state.last_at)
        if act.addendum != state.addenda + 1:
            raise RuleViolation("addendum-gap", addendum=act.addendum, expected=state.addenda + 1)
        check_receipts(
            session, [(each.seat, each.designation, each.received_at) for each in act.receipts], signed, world
        )
    _check_documents(() if state is None else state.documents, act, session)


def _check_documents(before: tuple[CarpetaDocument, ...], act: CarpetaAct, session: SessionState) -> None:
    hashes = {each.sha256 for each in before}
    for expected, document in enumerate(act.documents, len(before) + 1):
        if document.document != expected:
            raise RuleViolation("document-gap", document=document.document, expected=expected)
        if document.sha256 in hashes:
            raise RuleViolation("document-repeated", document=document.document)
        hashes.add(document.sha256)
        if document.item is not None and document.item not in session.items:
            raise RuleViolation("item-unknown", item=document.item)
    if act.manifest != manifest_of((*before, *act.documents)):
        raise RuleViolation("carpeta-manifest", carpeta=act.stream())


def evolve(state: CarpetaState | None, signed: Signed) -> CarpetaState:
    """Return the folder after the act."""
    act = _narrow(signed.act)
    at = parse_written(signed.statement.occurred_at)
    if isinstance(act, CarpetaFrozen):
        return CarpetaState(*signed.heading(), act.session_path, act.documents, act.manifest, at)
    if state is None:
        raise RuleViolation("carpeta-unknown", carpeta=act.stream())
    version, index, statement = signed.heading()
    moved = replace(state, version=version, index=index, statement=statement, last_at=at)
    documents = (*state.documents, *act.documents)
    return replace(moved, documents=documents, manifest=act.manifest, addenda=act.addendum)


def _narrow(act: Act) -> CarpetaAct:
    if not isinstance(act, CarpetaFrozen | CarpetaAddendumIssued):
        raise TypeError(type(act).__name__)
    return act
