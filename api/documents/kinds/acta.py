"""Acta and minuta: the blocks as they were sealed, word by word, and who signed them (domain.md §3.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.documents.frame import SCHEMA, folios_at, framed, parts_of, signatory
from api.documents.model import Paragraph, Passage, Signatory, plain
from api.problems import ApiError
from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSignatureRefusalAttested, ActaSignatureRefused, ActaSigned
from ledger.crypto.disclosure import block_name
from ledger.domain.acta import ActaState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.documents.model import Block, Document
    from api.documents.reading import Reading
    from ledger.domain.world import Signed


def compose(reading: Reading, key: str) -> Document:
    """Return the acta, or minuta, of a session `hcd/2026/ord/3`.

    Raises:
        ApiError: "nothing-to-print" while nothing is drafted; "document-not-public" to the public where a block is
            withheld: what it may read is the public version.
    """
    parts_of(key, 4)
    state = reading.state(f"acta/{key}")
    if not isinstance(state, ActaState):
        raise ApiError(404, "nothing-to-print", stream=f"acta/{key}")
    drafted = next(each for each in reading.acts(f"acta/{key}") if each.index == state.drafted_index)
    blocks: list[Block] = list(passages(reading, drafted))
    sealed = state.phase == "sealed"
    main = reading.one(f"acta/{key}", ActaSealed) if sealed else drafted
    phrase = reading.layout.say(
        "acta_sealed" if sealed else "acta_draft", blocks=state.blocks, root=state.root, draft=state.draft
    )
    blocks.append(Paragraph(plain(phrase), "legal"))
    return framed(
        reading,
        state.instrument,
        main,
        key.partition("/")[0],
        blocks,
        title=f"{reading.layout.titles[state.instrument]}. {reading.session(key)}",
        titled=True,
        folio=folios_at(reading, f"acta/{key}"),
        signatories=tuple(_signatories(reading, key, state)),
        draft=not sealed,
        json_ld=_for_machines(reading, drafted, key),
    )


def passages(reading: Reading, drafted: Signed) -> Iterator[Passage]:
    """Yield the blocks of a draft in reading order.

    Raises:
        ApiError: "document-not-public".
    """
    act = drafted.act
    if not isinstance(act, ActaDrafted):
        raise TypeError(type(act).__name__)
    for number in range(1, act.blocks + 1):
        value = reading.value(drafted.index, block_name(number))
        if value is None:
            raise ApiError(403, "document-not-public", stream=drafted.statement.stream)
        yield passage(number, value)


def passage(number: int, value: Mapping[str, Any]) -> Passage:
    """Return a block as it is printed."""
    lines = tuple(plain(line) for line in value["text"].split("\n"))
    return Passage(number, value["kind"], lines, value["data"])


def _signatories(reading: Reading, key: str, state: ActaState) -> Iterator[Signatory]:
    """Yield the places for everybody who signed or refused; of a draft, nobody."""
    body = key.partition("/")[0]
    phrases = {ActaSigned: "signed", ActaSignatureRefused: "refused", ActaSignatureRefusalAttested: "attested"}
    for stream in reading.store.streams_below(f"signature/{key}/"):
        last = reading.acts(stream)[-1]
        if not isinstance(last.act, (ActaSigned, ActaSignatureRefused, ActaSignatureRefusalAttested)):
            continue
        if last.act.root != state.root:
            continue  # of an earlier draft; it binds nobody any more
        seat = last.act.seat
        reading.rests.add(last.index)
        note = reading.layout.say(phrases[type(last.act)], **reading.when(last.statement.signed_at))
        if isinstance(last.act, ActaSigned):
            yield signatory(reading, last, note)
        else:
            yield Signatory(f"firma-{body}-{seat}", seat, "", note)


def _for_machines(reading: Reading, drafted: Signed, key: str) -> dict[str, Any]:
    """Return the session as a schema.org event."""
    session = {"@type": "Event", "name": reading.session(key), "@id": f"https://{reading.origin}/session/{key}"}
    return {"@context": SCHEMA, "@type": "Report", "about": session, "version": drafted.statement.version}
