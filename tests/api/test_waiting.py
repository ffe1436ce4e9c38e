"""What awaits whom in the demo year: compared, officer by officer, with the places that the printed papers have."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import pytest

from api.access.readers import Reader
from api.desk.waiting import waiting
from api.documents import KINDS, press_of
from api.problems import ApiError
from api.signatures import fresh
from ledger.acts.followup import AgreementCommunicated
from ledger.domain.acta import ActaState, SignatureState, is_signatory
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.domain.replay import signed_of
from ledger.statement import Entry
from projections.queries.awaiting import DRAFT, SIGNED_IN
from projections.queries.base import Window, reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System
    from projections.queries.base import Listing, Object

Holder: TypeAlias = tuple[str, str, str]
"""Body, seat, person."""
Places: TypeAlias = dict[Holder, set[tuple[str, str]]]
"""Kind and key of the papers in which somebody has a place."""
STREAMS = {
    "acuerdo": "agreement/",
    "certificacion": "certification/",
    "constancia": "designation/",
    "convocatoria": "session/",
    "informe": "report/",
    "version-publica": "version/",
}


def papers_of(system: System) -> Iterator[tuple[str, str]]:
    """Yield kind and key of whatever the year could print with places for signatures."""
    store = system.store
    for kind, prefix in STREAMS.items():
        yield from ((kind, stream.removeprefix(prefix)) for stream in store.streams_below(prefix))
    for stream in store.streams_below("acta/"):
        acta = system.ledger.state(stream)
        assert isinstance(acta, ActaState)
        yield acta.instrument, acta.session
    for stream in store.streams_below("communication/"):
        acts = [signed_of(Entry.parse(raw)).act for raw in store.stream(stream)]
        units = {act.unit for act in acts if isinstance(act, AgreementCommunicated)}
        yield from (("oficio", f"{stream.partition('/')[2]}/{unit}") for unit in units)


@pytest.fixture(scope="module")
def places(year: tuple[System, str]) -> Places:
    """Give, for everybody, the papers of the year that have his place, as they are printed."""
    system, _ = year
    press = replace(press_of(system), prove=None)
    found: Places = defaultdict(set)
    for kind, key in papers_of(system):
        try:
            document = press.document(kind, key)
        except ApiError as error:
            if error.code != "nothing-to-print":
                raise
            continue
        for place in () if document.draft else document.signatories:
            held = system.ledger.state(place.office) if place.office.startswith("designation/") else None
            if isinstance(held, DesignationState):
                found[held.body, held.seat, held.person].add((kind, key))
    return found


def listed(system: System, holder: Holder, window: Window, kind: str | None = None) -> Listing:
    """Return a part of what awaits somebody."""
    body, seat, person = holder
    state = system.ledger.state(f"body/{body}")
    assert isinstance(state, BodyState)
    officer = Reader("", person, f"designation/{body}/{seat}/1", state.seats[seat].role, body, seat)
    with reading(system.store.pool) as cursor:
        return waiting(system, officer, cursor, window, kind)


def test_every_paper_with_a_place_awaits_its_signatory(year: tuple[System, str], places: Places) -> None:
    """Every kind that has signatories, for everybody in the year: nothing is missing, nothing is somebody else's."""
    system, _ = year
    kinds = {kind for papers in places.values() for kind, _ in papers}
    assert kinds == {*SIGNED_IN, "minuta"} == KINDS.keys() - {"guion", "credencial"}
    gone = {row[0] for row in system.store.query("SELECT id FROM registry.certifications WHERE phase <> 'issued'", ())}
    assert gone
    for holder, papers in places.items():
        found = [each for each in listed(system, holder, Window(limit=1_000)).data if each["type"] == "paper"]
        expected = papers - {("certificacion", key) for key in gone}
        assert {(each["kind"], each["key"]) for each in found} == expected, holder
        assert len(found) == len(expected)
        assert all(each["title"] for each in found)


def test_drafts_await_every_seat_that_may_sign_them(year: tuple[System, str], places: Places) -> None:
    """By the rule that judges signatures: who was present, and the secretary, until he signs the draft as it stands."""
    system, _ = year
    world = fresh(system.ledger)
    expected: dict[Holder, set[str]] = defaultdict(set)
    holders = set(places)
    for stream in system.store.streams_below("acta/"):
        acta = world.state(stream)
        assert isinstance(acta, ActaState)
        for body, seat, person in holders if acta.phase == "drafted" else ():
            if body != acta.session.partition("/")[0] or not is_signatory(seat, acta, world):
                continue
            said = world.state(f"signature/{acta.session}/{seat}")
            if not (isinstance(said, SignatureState) and said.holds_for(acta) and said.outcome == "signed"):
                expected[body, seat, person].add(acta.session)
    assert expected
    for holder in holders:
        drafts = [each for each in listed(system, holder, Window(limit=1_000)).data if each["type"] == DRAFT]
        assert {each["key"] for each in drafts} == expected[holder]


def test_the_list_comes_in_parts_and_says_how_many_there_are(year: tuple[System, str], places: Places) -> None:
    """Part by part, newest first, nothing twice and nothing left out; of one kind only that kind."""
    system, _ = year
    holder = max(places.items(), key=lambda item: len(item[1]))[0]
    whole = listed(system, holder, Window(limit=1_000))
    assert whole.following is None
    parts: list[Object] = []
    window = Window(limit=7)
    while True:
        part = listed(system, holder, window)
        assert ("total" in part.about) == (window.after is None)
        parts += part.data
        if part.following is None:
            break
        assert len(part.data) == 7
        window = Window(part.following, 7)
    assert parts == whole.data
    indexes = [each["index"] for each in parts]
    assert indexes == sorted(indexes, reverse=True)
    assert whole.about["total"] == {"count": len(parts), "more_than": False}
    for facet in whole.about["facets"]["kind"]:
        of = listed(system, holder, Window(limit=1_000), facet["value"]).data
        assert [each["kind"] for each in of] == [facet["value"]] * facet["count"]
        assert of == [each for each in parts if each["kind"] == facet["value"]]
