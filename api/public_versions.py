"""Public versions as files, out of the ledger and of what is open in the vault (domain.md §6.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.problems import ApiError, not_found
from ledger.acts.acta import ActaDrafted
from ledger.acts.disclosure import PublicVersionApproved, PublicVersionGenerated
from ledger.blocks import Block, leaf_of
from ledger.crypto import disclosure
from ledger.crypto.disclosure import block_name
from ledger.domain.publication import PublicationState
from ledger.domain.replay import signed_of
from ledger.statement import Entry
from ledger.verify.public import write_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.system import System
    from ledger.domain.world import Signed


def version_file(system: System, index: int, number: int) -> bytes:
    """Return an approved public version as a file; what it opens must have been published.

    Raises:
        ApiError: 404 where there is none; 409 "version-not-open" while it is not approved, or some of what it opens is
            not published or was erased; 409 "version-untrue" where a block is not of the kind that the version says.
    """
    acts = _acts(system, f"version/{index}/{number}")
    if not acts or not isinstance(acts[0].act, PublicVersionGenerated):
        raise not_found(f"public-versions/{index}/{number}")
    generated = acts[0].act
    approved = [each for each in acts if isinstance(each.act, PublicVersionApproved)]
    if not approved:
        raise ApiError(409, "version-not-open", acts[0].statement.stream)
    text = signed_of(Entry.parse(system.entries(index, 1)[0]))
    held = system.disclosures(index)
    if isinstance(text.act, ActaDrafted):
        names = [block_name(n) for n in range(1, text.act.blocks + 1)]
        _refuse_untrue(generated, held)
        leaves = [leaf_of(held[name]) if name in held else "" for name in names]
    else:
        names, leaves = [*generated.open, *(each.name for each in generated.redactions)], []
    closed = {each.name for each in generated.redactions}
    opened = {name: held.get(name, "") for name in names if name not in closed}
    if "" in leaves or not all(opened.values()) or not _published(system, index, opened):
        raise ApiError(409, "version-not-open", acts[0].statement.stream)
    proofs = {
        "text": system.proof(index),
        "version": system.proof(acts[0].index),
        "approved": system.proof(approved[-1].index),
        "classification": [system.proof(each.index) for each in _acts(system, f"classification/{index}")],
    }
    if isinstance(text.act, ActaDrafted):
        proofs["sealed"] = system.proof(_acts(system, generated.object)[-1].index)
    told = {} if not _published(system, acts[0].index, acts[0].statement.sealed) else acts[0].statement.sealed
    texts = system.disclosures(acts[0].index)
    return write_version(proofs, opened.values(), [texts[name] for name in sorted(told) if name in texts], leaves)


def _acts(system: System, stream: str) -> list[Signed]:
    return [signed_of(Entry.parse(raw)) for raw in system.store.stream(stream)]


def _published(system: System, index: int, names: Mapping[str, str]) -> bool:
    """Tell whether all these texts of an entry are open to everybody."""
    system.ledger.stream_head(f"publication/{index}")  # reads again what another process has moved
    state = system.ledger.state(f"publication/{index}")
    return isinstance(state, PublicationState) and all(state.opens(name) for name in names)


def _refuse_untrue(version: PublicVersionGenerated, held: Mapping[str, str]) -> None:
    """T6: a block that is taken out is of the kind that its redaction says; no reader could see otherwise.

    Raises:
        ApiError: 409 "version-untrue".
    """
    for each in version.redactions:
        text = held.get(each.name)
        if text is not None and Block.of(disclosure.parse(text).value).kind != each.block_kind:
            raise ApiError(409, "version-untrue", each.name)
