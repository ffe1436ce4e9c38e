"""What every object of the registries says of itself in an answer: leaf hashes, provenance, the fields asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.problems import ApiError
from ledger.crypto.b64 import encode_base64
from ledger.log.reader import node_hashes
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.system import System
    from projections.queries.base import Object, Reader

ALWAYS = ("id", "type", "deleted")
"""What no choice of fields leaves out."""
MAX_NAMES = 50
"""Names in a parameter that takes several."""


def names_in(place: str, said: str | None) -> tuple[str, ...]:
    """Return the names that a parameter lists with commas between them.

    Raises:
        ApiError: 400 "bad-parameter" for too many.
    """
    names = () if said is None else tuple(dict.fromkeys(filter(None, (name.strip() for name in said.split(",")))))
    if len(names) > MAX_NAMES:
        raise ApiError(400, "bad-parameter", f"{place}: at most {MAX_NAMES}", place=place)
    return names


def refuse_unknown(place: str, names: Collection[str], known: Collection[str]) -> None:
    """Refuse names that there are not.

    Raises:
        ApiError: 400 "unknown-name", which says those that there are.
    """
    unknown = sorted(set(names) - set(known))
    if unknown:
        given, said = ", ".join(unknown), ", ".join(sorted(known)) or "–"
        raise ApiError(400, "unknown-name", f"{place}: {given}", place=place, given=given, known=said)


def only(found: Object, fields: Sequence[str]) -> Object:
    """Return the fields of an object that are asked for, all where none is; what it is always stays."""
    return {name: found[name] for name in found if name in ALWAYS or name in fields} if fields else found


def noted(found: Object) -> Object:
    """Say of everything imported that it is proved since its import and not at origin (format.md §3)."""
    if found.get("provenance") != "imported":
        return found
    return {
        **found,
        "provenance_text": text("provenance-imported"),
        "provenance_text_en": text("provenance-imported", "en"),
    }


def tell_leaves(system: System, found: Sequence[Object]) -> None:
    """Add to objects and those told within them the leaf hashes of the acts that made, changed, sealed and opened them.

    `log.leaf_hash` is that of `log.index`; `log.acts` has all of them by index.
    """
    within = [each for one in found for value in one.values() if isinstance(value, list) for each in value]
    told = [*found, *(each for each in within if isinstance(each, dict))]
    logged = [(one["log"], _acts(one)) for one in told if "index" in one.get("log", ())]
    indexes = sorted({index for _, acts in logged for index in acts})
    hashes = node_hashes(system.log, [(0, index) for index in indexes]) if indexes else {}
    for log, acts in logged:
        log["leaf_hash"] = hashes[0, log["index"]].hex()
        log["acts"] = [{"index": index, "leaf_hash": hashes[0, index].hex()} for index in sorted(acts)]


def _acts(found: Object) -> set[int]:
    acts = {found["log"]["index"], found["log"]["last_index"]}
    for said in found.get("texts", {}).values():
        acts |= {said[name] for name in ("index", "published_index", "erased_index") if name in said}
    return acts


def rests_on(system: System, cursor: Reader) -> Object:
    """Say on what an answer rests (domain.md §3.0, G7): how many entries, the head of their tree, the day asked for.

    Where it is about what is known now, it says too how many entries the registries lack.
    """
    moment = cursor.moment
    told: Object = {
        "as_of_position": cursor.position,
        "tree_head": {"size": cursor.position, "root": encode_base64(system.tree_root(cursor.position))},
    }
    if moment.known_at is None and moment.known_on is None:
        told["lag"] = cursor.lag
    if moment.as_of is not None:
        told["as_of"] = moment.as_of.isoformat()
    if moment.known_on is not None:
        told["known_on"] = moment.known_on.isoformat()
    return {"moment": told}
