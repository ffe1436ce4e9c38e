"""What awaits an officer's signature, derived from acts: nobody sends anything to the porta-firmas (issue 5, 3).

actas    drafted, of sessions at which his seat was present, and not signed by it as they stand now: to be signed,
         or refused, by an act of the ledger
papers   certificates and oficios that he issued, actas that he signed and that are sealed: to be signed on paper,
         where no signed PDF of it has his signature yet
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from api.documents.layout import layout_in
from api.signatures import fresh
from ledger.acts.certification import CertificationIssued
from ledger.acts.followup import AgreementCommunicated
from ledger.domain.acta import ActaState, SignatureState, is_signatory
from ledger.domain.replay import signed_of
from ledger.domain.world import read
from ledger.ids import stream_name
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.access.readers import Reader
    from api.documents.layout import Layout
    from api.system import System
    from ledger.domain.world import World

MAX_LOOKED_AT = 100
"""Newest actas, certificates and communicated agreements of the body that are looked at."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What awaits a signature: actas to be signed in the ledger, papers as PDF; `more` was not looked at."""

    actas: Sequence[dict[str, Any]]
    papers: Sequence[dict[str, Any]]
    more: bool


def waiting(system: System, reader: Reader) -> Waiting:
    """Return what awaits a reader's signature in his office."""
    if not reader.seat:
        return Waiting((), (), more=False)
    world = fresh(system.ledger)
    kinds = ("acta", "certification", "communication")
    streams = {kind: system.store.streams_below(f"{kind}/{reader.body}/") for kind in kinds}
    newest = {kind: sorted(streams[kind], key=_when, reverse=True)[:MAX_LOOKED_AT] for kind in kinds}
    states = [read(world, ActaState, stream) for stream in newest["acta"]]
    actas = [state for state in states if state is not None]
    papers = [
        *(("certificacion", key) for key in _issued(system, reader, newest["certification"])),
        *(("oficio", key) for key in _issued(system, reader, newest["communication"])),
        *((state.instrument, state.session) for state in actas if reader.seat in state.signatures),
    ]
    layout = layout_in(system.settings.templates)
    return Waiting(
        [_acta(state, outcome, layout) for state, outcome in _drafted(reader, actas, world)],
        [_paper(kind, key, layout) for kind, key in _unsigned(system, reader, papers)],
        more=any(len(each) > MAX_LOOKED_AT for each in streams.values()),
    )


def _when(stream: str) -> tuple[int, int]:
    """Return year and number of a stream: `acta/hcd/2026/ord/3`, `certification/hcd/2026/7`."""
    parts = stream.split("/")
    return int(parts[2]), int(parts[-1])


def _drafted(reader: Reader, actas: Sequence[ActaState], world: World) -> Iterator[tuple[ActaState, str]]:
    """Yield the drafts that the seat may sign and has not, with what it did so far: nothing, or refused."""
    for acta in actas:
        if acta.phase != "drafted" or not is_signatory(reader.seat, acta, world):
            continue
        said = read(world, SignatureState, stream_name("signature", acta.session, reader.seat))
        outcome = said.outcome if said is not None and said.holds_for(acta) else ""
        if outcome != "signed":
            yield acta, outcome


def _acta(acta: ActaState, outcome: str, layout: Layout) -> dict[str, Any]:
    body, year, series, session = acta.session.split("/")
    return {
        "key": acta.session,
        "title": f"{layout.titles[acta.instrument]}. {layout.session(acta.session)}",
        "place": {"body": body, "year": int(year), "series": series, "session": int(session)},
        "draft": acta.draft,
        "blocks": acta.blocks,
        "root": acta.root,
        "index": acta.drafted_index,
        "statement": acta.statement,
        "refused": outcome == "refused",
    }


def _issued(system: System, reader: Reader, streams: Sequence[str]) -> Iterator[str]:
    """Yield the keys of certificates and oficios that an office of the seat issued."""
    own = f"designation/{reader.body}/{reader.seat}/"
    for stream in streams:
        for signed in (signed_of(Entry.parse(raw)) for raw in system.store.stream(stream)):
            if not signed.statement.office.startswith(own):
                continue
            match signed.act:
                case CertificationIssued() as act:
                    yield f"{act.body}/{act.year}/{act.number}"
                case AgreementCommunicated() as act:
                    yield f"{act.body}/{act.year}/{act.number}/{act.unit}"
                case _:
                    pass


def _unsigned(system: System, reader: Reader, papers: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the papers of which no signed PDF has the seat's signature."""
    field = f"firma-{reader.body}-{reader.seat}"
    kinds = {kind for kind, _ in papers}
    done = {kind: system.papers.signed(kind, [key for each, key in papers if each == kind], field) for kind in kinds}
    yield from dict.fromkeys((kind, key) for kind, key in papers if key not in done[kind])


def _paper(kind: str, key: str, layout: Layout) -> dict[str, Any]:
    """Return a paper with how people call it."""
    parts = key.split("/")
    match kind:
        case "certificacion":
            title = layout.say("certificate_number", number=parts[2], year=parts[1])
        case "oficio":
            title = f"{layout.titles[kind]}. {parts[2]}/{parts[1]}, {parts[3].upper()}"
        case _:
            title = f"{layout.titles[kind]}. {layout.session(key)}"
    return {"kind": kind, "key": key, "title": title}
