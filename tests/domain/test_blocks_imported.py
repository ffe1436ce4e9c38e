"""Actas of imported sessions: item by item, visibly unproven at origin (domain.md §3.7)."""

from __future__ import annotations

from typing import Any

from ledger.acts.agreement import AgreementImported
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    SessionImported,
)
from ledger.acts.vote import (
    Marks,
    VoteImported,
)
from ledger.blocks import (
    SessionFacts,
    contradictions,
    draft_blocks,
    gather,
)
from tests.kit.drafted import (
    S,
    of_kind,
    tell,
    who,
)

# -- imports ---------------------------------------------------------------------------------------------------


def imported(attendance: tuple[Arrival, ...] | None = None) -> SessionFacts:
    """Return an imported session with two votes and two agreements, one of them of no known vote."""
    source: dict[str, Any] = {"source_sha256": "0" * 64, "row": 1}
    marks = Marks(favor=("estado-1/1", "obrero-1/2"), contra=("patronal-1/1",), ausente=("obrero-2/1",))
    vote: dict[str, Any] = {
        "held_on": "2026-01-28",
        "favor": 2,
        "contra": 1,
        "abstencion": 0,
        "result": "approved",
    }
    agreement: dict[str, Any] = {"body": "hcd", "year": 2026, "adopted_on": "2026-01-28", "provenance": "DATASET"}
    items = (AgendaEntry(item=2, item_kind="decision"),)
    acts = [
        (SessionImported(**S, held_on="2026-01-28", items=items, attendance=attendance, **source), {}),
        (VoteImported(**S, vote=1, item=2, marks=marks, **vote, **source), {"motion": "Ley A"}),
        (VoteImported(**S, vote=2, item=3, marks=marks, **vote, **source), {"motion": "Ley B"}),
        (
            AgreementImported(**agreement, number=7, identifier="7/2026", vote="vote/hcd/2026/ord/1/1", **source),
            {"text": "Se expide."},
        ),
        (AgreementImported(**agreement, number=8, identifier="8/2026", **source), {}),
    ]
    return gather(tell(acts), who, "Cámara Demo")


def test_legacy_import_visibly_unproven() -> None:
    """The first block of an imported session's acta says that it is proved since import, not at origin."""
    first = draft_blocks(imported())[0]
    assert first == {
        "kind": "provenance",
        "text": "Acta de una sesión anterior a este libro: probada desde su importación, no en origen.",
        "data": {"imported": True},
    }


def test_an_imported_acta_goes_item_by_item_and_says_what_the_source_lacks() -> None:
    """Votes stand under their item, agreements under their vote; unknown attendance is said, not invented."""
    facts = imported()
    blocks = draft_blocks(facts)
    kinds = [block["kind"] for block in blocks]
    marks = ["marks"] * 3
    assert kinds == [
        "provenance", "heading", "opening", "attendance", "item",
        "vote", *marks, "agreement", "vote", *marks, "agreement",
    ]  # fmt: skip
    assert blocks[3]["data"] == {"known": False}
    assert blocks[5]["text"].startswith("Votación 1, del punto 2, según la fuente importada")
    assert blocks[5]["text"].endswith("Resultado, calculado de las marcas por las reglas del órgano: aprobado.")
    assert "\n— Blas Soto (obrero-1, suplente)" in blocks[6]["text"]
    assert blocks[10]["text"].startswith("Votación 2, según la fuente importada")  # its item is on no agenda
    assert contradictions(blocks, facts) == []


def test_two_holders_of_one_seat_in_an_imported_vote_are_told() -> None:
    """What was remarked at the import is no contradiction of the acta; one holder marked twice is."""
    source: dict[str, Any] = {"source_sha256": "0" * 64, "row": 1, "held_on": "2026-01-28"}
    counts: dict[str, Any] = {"favor": 2, "contra": 0, "abstencion": 0, "result": "approved"}
    for second, expected in (("obrero-1/2", []), ("obrero-1/1", ["vote/1: marked-twice"])):
        vote = VoteImported(**S, vote=1, item=1, marks=Marks(favor=("obrero-1/1", second)), **counts, **source)
        facts = gather(tell([(SessionImported(**S, **source), {}), (vote, {"motion": "Ley A"})]), who, "Cámara Demo")
        assert contradictions(draft_blocks(facts), facts) == expected


def test_an_imported_attendance_is_told_where_the_source_has_it() -> None:
    """Who the source says was there is listed once."""
    facts = imported((Arrival(seat="estado-1", designation=1),))
    assert [block["data"]["known"] for block in of_kind(facts, "attendance")] == [True]
    assert contradictions(draft_blocks(facts), facts) == []
