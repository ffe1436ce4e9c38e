"""An acta's blocks: generated from the acts, never contradicting them, committed under one root."""

from __future__ import annotations

import itertools
import string
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.convocation import ConvocationRectified
from ledger.acts.session import (
    AgendaEntry,
    Arrival,
    AttendanceRecorded,
    InterventionRecorded,
    ItemAdded,
    ItemConcluded,
    ItemOpened,
    MemberRecused,
    QuorumDeclared,
    QuorumNotReached,
    SessionClosed,
    SessionConvened,
    SessionImported,
    SessionOpened,
    SessionRecessed,
    SessionResumed,
)
from ledger.acts.transparency import TextPublished
from ledger.acts.vote import (
    BallotCast,
    BallotCorrected,
    CastingVoteExercised,
    Holder,
    Marks,
    RollCallRecorded,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteImported,
    VoteOpened,
)
from ledger.blocks import (
    Block,
    Member,
    SessionFacts,
    Told,
    VoteHeld,
    check_blocks,
    contradictions,
    draft_blocks,
    gather,
    leaf_of,
    refuse_contradictions,
    root_over,
    seal_blocks,
    verify_blocks,
)
from ledger.blocks.wording import wording
from ledger.crypto.keys import PrivateKey
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.statement import Statement, sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ledger.acts.base import Act
    from ledger.acts.vote import Result

S: dict[str, Any] = {"body": "hcd", "year": 2026, "series": "ord", "session": 1}
SEATS = ("estado-1", "obrero-1", "obrero-2", "patronal-1", "secretaria-1")
ELIGIBLE = tuple(Holder(seat=seat, designation=1) for seat in SEATS[:4])
NAMES = dict(zip(SEATS, ("Ana Ruiz", "Blas Soto", "Carmen Gil", "Darío Paz", "Eva Mora"), strict=True))


def who(seat: str, designation: int) -> Member:
    """Give the demo's holders: one chair, three members, a secretary without a vote."""
    name = NAMES.get(seat, "Fe Luna")
    role = {"estado-1": "chair", "secretaria-1": "secretary"}.get(seat, "member")
    capacity = "propietario" if designation == 1 else "suplente"
    return Member(name, role, capacity, voting=role != "secretary")


def tell(acts: Iterable[Act | tuple[Act, dict[str, Any]]]) -> list[Told]:
    """Give acts an hour each, a minute apart, and their texts where there are any."""
    told = []
    for minute, each in enumerate(acts):
        act, texts = each if isinstance(each, tuple) else (each, {})
        told.append(Told(act, f"2026-01-28T10:{minute:02d}:00-06:00", texts))
    return told


def roll_call(vote: int, favor: tuple[str, ...], contra: tuple[str, ...], result: Result) -> list[Any]:
    """Return the acts of one roll call on item 1."""
    declared = VoteDeclared(**S, vote=vote, favor=len(favor), contra=len(contra), abstencion=0, result=result)
    return [
        (
            VoteOpened(**S, vote=vote, item=1, method="roll-call", eligible=ELIGIBLE),
            {"motion": "Aprobar el calendario."},
        ),
        RollCallRecorded(**S, vote=vote, favor=favor, contra=contra),
        declared,
    ]


def start() -> list[Any]:
    """Return a session's acts up to its first item."""
    items = (AgendaEntry(item=1, item_kind="decision"), AgendaEntry(item=2, item_kind="information"))
    titles = {"item/1/title": "Calendario de 2026", "item/2/title": "Informe", "venue": "Reforma 1"}
    return [
        (SessionConvened(**S, begins_at="2026-01-28T10:00:00-06:00", modality="mixta", items=items), titles),
        AttendanceRecorded(**S, arrivals=tuple(Arrival(seat=seat, designation=1) for seat in SEATS)),
        QuorumDeclared(**S, present=4, base=4, required=3),
        SessionOpened(**S),
        ItemOpened(**S, item=1),
    ]


def adopted(number: int, vote: int = 1) -> tuple[Act, dict[str, Any]]:
    """Return an agreement by a vote of the session."""
    act = AgreementAdopted(
        body="hcd",
        year=2026,
        number=number,
        vote=f"vote/hcd/2026/ord/1/{vote}",
        ordinal=1,
        identifier=f"ACDO.AS2.HCD.280126/{number}.P.DIR",
        resolutions=2,
    )
    return act, {"title": "Calendario", "resolution/1": "Se aprueba.", "resolution/2": "Publíquese."}


def plain() -> SessionFacts:
    """Return a short session: one roll call, one agreement."""
    votes = roll_call(1, ("estado-1", "obrero-1", "obrero-2"), ("patronal-1",), "approved")
    end = [ItemConcluded(**S, item=1, outcome="resolved"), SessionClosed(**S, votes=1, agreements=(1,))]
    return gather(tell([*start(), *votes, adopted(1), *end]), who, "Consejo Demo", "Instituto Demo")


def of_kind(facts: SessionFacts, kind: str, language: str = "es") -> list[dict[str, Any]]:
    """Return the drafted blocks of one kind."""
    return [block for block in draft_blocks(facts, language) if block["kind"] == kind]


def changed(blocks: list[dict[str, Any]], kind: str, **data: Any) -> list[dict[str, Any]]:
    """Return the blocks with the data of the first one of a kind altered."""
    at = next(n for n, block in enumerate(blocks) if block["kind"] == kind)
    altered = {**blocks[at], "data": {**blocks[at]["data"], **data}}
    return [*blocks[:at], altered, *blocks[at + 1 :]]


def salts() -> Callable[[], bytes]:
    """Give 16 bytes at each call, never the same."""
    counter = itertools.count(1)
    return lambda: next(counter).to_bytes(16, "big")


# -- drafting --------------------------------------------------------------------------------------------------


def test_an_acta_tells_the_session_from_heading_to_closing_in_order() -> None:
    """The blocks follow the session: place and date, who was there, quorum, item, vote, agreement, close."""
    blocks = draft_blocks(plain())
    kinds = [block["kind"] for block in blocks]
    assert kinds == [
        "heading", "opening", "attendance", "quorum", "item",
        "vote", "marks", "marks", "agreement", "outcome", "closing",
    ]  # fmt: skip
    texts = {block["kind"]: block["text"] for block in blocks}
    assert texts["heading"] == "Instituto Demo\nConsejo Demo\nACTA DE LA SESIÓN ORDINARIA NÚMERO 1 DE 2026"
    assert "En Reforma 1, siendo las 10:03 horas del 28 de enero de 2026" in texts["opening"]
    assert "Ana Ruiz (asiento estado-1, Presidencia, titular); presencial" in texts["attendance"]
    assert "Votos a favor: 3. Votos en contra: 1. Abstenciones: 0." in texts["vote"]
    assert "Segundo.— Publíquese." in texts["agreement"]
    assert "Acuerdos adoptados: 1." in texts["closing"]


def test_the_same_facts_give_the_same_blocks() -> None:
    """Drafting is deterministic, so anybody can repeat it."""
    assert draft_blocks(plain()) == draft_blocks(plain())


def test_an_acta_in_english_says_the_same_data() -> None:
    """Languages differ in text and never in data."""
    spanish, english = draft_blocks(plain()), draft_blocks(plain(), "en")
    assert [b["data"] for b in spanish] == [b["data"] for b in english]
    assert english[0]["text"].startswith("Instituto Demo\nConsejo Demo\nMINUTES OF ORDINARY SESSION")
    assert contradictions(english, plain()) == []


def test_both_catalogues_have_the_same_sentences_with_the_same_places() -> None:
    """No sentence can lack a fact in one language only."""
    spanish, english = wording("es"), wording("en")
    assert spanish.sentences.keys() == english.sentences.keys()
    for key, sentence in spanish.sentences.items():
        places = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for text in (sentence, english.sentences[key])
        ]
        assert places[0] == places[1], key
    assert {g: set(n) for g, n in spanish.names.items()} == {g: set(n) for g, n in english.names.items()}
    with pytest.raises(ValueError, match="fr"):
        wording("fr")


def test_members_who_come_late_leave_early_or_recuse_themselves_are_told() -> None:
    """Attendance moves by item, recusals, interventions, recesses and added items each have their block."""
    facts = gather(
        tell(
            [
                *start(),
                AttendanceRecorded(
                    **S, departures=("obrero-1",), arrivals=(Arrival(seat="obrero-1", designation=2),), item=1
                ),
                MemberRecused(**S, item=1, seat="obrero-1"),
                (InterventionRecorded(**S, item=1, seat="patronal-1"), {"summary": "Pide prudencia."}),
                AttendanceRecorded(**S, arrivals=(Arrival(seat="patronal-2", designation=1),)),
                SessionRecessed(**S),
                SessionResumed(**S),
                QuorumDeclared(**S, present=5, base=5, required=3),
                ItemConcluded(**S, item=1, outcome="deferred"),
                (ItemAdded(**S, item=3, item_kind="general"), {"title": "Asuntos generales"}),
                ItemOpened(**S, item=3),
                ItemConcluded(**S, item=3, outcome="noted"),
                AttendanceRecorded(**S, departures=("patronal-1",)),
                SessionClosed(**S, votes=0),
            ]
        ),
        who,
    )
    blocks = draft_blocks(facts)
    assert contradictions(blocks, facts) == []
    move = of_kind(facts, "movement")[0]
    assert "Se retiraron" in move["text"]
    assert "Blas Soto (asiento obrero-1, integrante, suplente)" in move["text"]
    assert move["data"]["arrivals"] == [{"seat": "obrero-1", "designation": 2, "modality": "presencial"}]
    assert of_kind(facts, "recusal")[0]["text"].startswith(
        "Blas Soto (asiento obrero-1, integrante, suplente) se excusó"
    )
    assert of_kind(facts, "intervention")[0]["text"].endswith("Pide prudencia.")
    assert [b["kind"] for b in blocks if b["kind"] in {"recess", "resumption"}] == ["recess", "resumption"]
    assert len(of_kind(facts, "quorum")) == 2
    assert "Asuntos generales" in of_kind(facts, "item")[1]["text"]
    assert "No se adoptaron acuerdos." in of_kind(facts, "closing")[0]["text"]


def test_ballots_count_once_each_and_the_casting_vote_is_told() -> None:
    """A corrected ballot replaces the first; the chair's casting vote stands beside the tally, not in it."""
    acts = [
        *start(),
        (VoteOpened(**S, vote=1, item=1, method="ballot", eligible=ELIGIBLE), {"motion": "Aprobar."}),
        BallotCast(**S, vote=1, seat="estado-1", choice="favor"),
        BallotCast(**S, vote=1, seat="obrero-1", choice="favor"),
        BallotCorrected(**S, vote=1, seat="obrero-1", choice="contra"),
        VoteClosed(**S, vote=1, ballots=2),
        CastingVoteExercised(**S, vote=1, choice="favor"),
        VoteDeclared(**S, vote=1, favor=1, contra=1, abstencion=0, result="approved"),
        SessionClosed(**S, votes=1),
    ]
    facts = gather(tell(acts), who)
    data = of_kind(facts, "vote")[0]["data"]
    assert (data["favor"], data["contra"], data["casting"]) == (1, 1, "favor")
    assert "voto de calidad: a favor" in of_kind(facts, "vote")[0]["text"]
    assert contradictions(draft_blocks(facts), facts) == []


def test_secret_vote_not_linkable() -> None:
    """Of a secret vote the acta names who voted and the counts; no block ties a seat to a sense (V5)."""
    acts = [
        *start(),
        VoteOpened(**S, vote=1, item=1, method="secret", eligible=ELIGIBLE),
        SecretTallyRecorded(**S, vote=1, voters=SEATS[:4], favor=3, contra=1, abstencion=0),
        VoteDeclared(**S, vote=1, favor=3, contra=1, abstencion=0, result="approved"),
        SessionClosed(**S, votes=1),
    ]
    facts = gather(tell(acts), who)
    marks = of_kind(facts, "marks")
    assert [block["data"]["sense"] for block in marks] == ["voters"]
    assert [each["seat"] for each in marks[0]["data"]["seats"]] == list(SEATS[:4])
    assert contradictions(draft_blocks(facts), facts) == []


def test_a_show_of_hands_names_only_who_asked_for_it() -> None:
    """Counts come from the secretary's act; the dissenters alone are named."""
    acts = [
        *start(),
        VoteOpened(**S, vote=1, item=1, method="show-of-hands", eligible=ELIGIBLE),
        ShowOfHandsRecorded(**S, vote=1, favor=3, contra=1, abstencion=0, dissenters=("patronal-1",)),
        VoteDeclared(**S, vote=1, favor=3, contra=1, abstencion=0, result="approved"),
        TextPublished(index=3),
        adopted(1),
        adopted(2),
        adopted(3),
        SessionClosed(**S, votes=1, agreements=(1, 2, 3)),
    ]
    facts = gather(tell(acts), who)
    assert "Acuerdos adoptados: 1, 2 y 3." in of_kind(facts, "closing")[0]["text"]
    assert [block["data"]["sense"] for block in of_kind(facts, "marks")] == ["dissenters"]
    assert of_kind(facts, "vote")[0]["data"]["favor"] == 3


def test_an_annulled_vote_stays_in_the_acta_without_a_tally() -> None:
    """Its number stays used, so the acta says what became of it."""
    acts = [
        *start(),
        (VoteOpened(**S, vote=1, item=1, method="ballot", eligible=ELIGIBLE), {"motion": "Aprobar."}),
        VoteAnnulled(**S, vote=1),
        VoteOpened(**S, vote=2, item=1, method="ballot", eligible=ELIGIBLE),
        VoteDeclared(**S, vote=2, favor=0, contra=0, abstencion=0, result="rejected"),
        SessionClosed(**S, votes=2),
    ]
    facts = gather(tell(acts), who)
    first, second = of_kind(facts, "vote")
    assert first["data"] == {"vote": 1, "item": 1, "result": "annulled"}
    assert second["data"]["favor"] == 0
    assert contradictions(draft_blocks(facts), facts) == []


def test_a_second_call_tells_nothing_of_the_first() -> None:
    """Who came on the first call is no attendance of the second."""
    items = (AgendaEntry(item=1, item_kind="decision"),)
    missed = QuorumNotReached(**S, present=1, base=4, required=3)
    again = SessionConvened(**S, begins_at="2026-01-29T10:00:00-06:00", modality="remota", call=2, items=items)
    acts = [*start()[:2], missed, (again, {}), *start()[1:4], SessionClosed(**S, votes=0)]
    facts = gather(tell(acts), who)
    assert facts.call == 2
    assert len(of_kind(facts, "attendance")) == 1
    assert "en segunda convocatoria y en modalidad remota" in of_kind(facts, "opening")[0]["text"]
    assert "(texto no disponible)" not in of_kind(facts, "opening")[0]["text"]


def test_the_acta_tells_the_convocation_as_rectified() -> None:
    """Day, modality, venue and titles are those of the rectified one; of an unlawful history nothing is made up."""
    items = (AgendaEntry(item=1, item_kind="decision"), AgendaEntry(item=2, item_kind="information"))
    begins_at = "2026-01-30T10:00:00-06:00"
    act = ConvocationRectified(**S, rectifies="ab" * 32, begins_at=begins_at, modality="remota", items=items)
    texts = {"item/1/title": "Calendario corregido", "venue": "Sala B", "reason": "Cambió la sede"}
    facts = gather(tell([start()[0], (act, texts), *start()[1:], SessionClosed(**S, votes=0)]), who)
    assert (facts.day, facts.modality, facts.venue) == ("2026-01-30", "remota", "Sala B")
    assert "Calendario corregido" in of_kind(facts, "item")[0]["text"]
    with pytest.raises(RuleViolation, match="session-unknown"):
        gather(tell([(act, texts)]), who)


def test_an_erased_name_leaves_the_seat() -> None:
    """A name that nobody can open any more is said to be out of sight; the seat still answers for it."""
    facts = gather(
        tell([*start(), SessionClosed(**S, votes=0)]), lambda *_: Member("", "member", "propietario", voting=True)
    )
    assert "Sin nombre a la vista (asiento obrero-1" in of_kind(facts, "attendance")[0]["text"]


def test_an_opening_without_a_declared_quorum_tells_none() -> None:
    """Of an unlawful history nothing is made up: the acta has no quorum block."""
    acts = [*start()[:2], *start()[3:], SessionClosed(**S, votes=0)]
    assert of_kind(gather(tell(acts), who), "quorum") == []


def test_no_session_gives_no_acta() -> None:
    """Acts that convene nothing cannot be told."""
    with pytest.raises(RuleViolation) as refusal:
        gather(tell([ItemOpened(**S, item=1)]), who)
    assert refusal.value.code == "session-unknown"


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


# -- L1: contradictions ----------------------------------------------------------------------------------------


def test_acta_contradicts_tally_refused() -> None:
    """A draft that changes a vote's count, or its words, is refused by name (L1)."""
    facts = plain()
    blocks = draft_blocks(facts)
    assert contradictions(changed(blocks, "vote", favor=4), facts) == ["vote/1: favor"]
    said = [{**b, "text": b["text"].replace("a favor: 3", "a favor: 4")} for b in blocks]
    assert contradictions(said, facts) == ["vote/1: text"]
    with pytest.raises(RuleViolation) as refusal:
        refuse_contradictions(said, facts)
    assert (refusal.value.code, refusal.value.params) == ("acta-contradicts", {"places": ["vote/1: text"]})
    refuse_contradictions(blocks, facts)


def test_acta_contradicts_attendance_refused() -> None:
    """A draft that seats somebody who did not come is found."""
    facts = plain()
    blocks = draft_blocks(facts)
    present = next(b for b in blocks if b["kind"] == "attendance")["data"]["present"]
    assert contradictions(changed(blocks, "attendance", present=present[1:]), facts) == ["attendance: present"]
    assert contradictions(changed(blocks, "quorum", present=3), facts) == ["quorum: present"]


def test_acta_contradicts_numbers_refused() -> None:
    """A draft with another agreement's number lacks one and has one too many."""
    facts = plain()
    found = contradictions(changed(draft_blocks(facts), "agreement", number=2), facts)
    assert found == ["agreement/1: missing", "agreement/2: unknown"]


def test_blocks_left_out_repeated_or_moved_are_found() -> None:
    """Nothing that happened may be left out, told twice or told in another order."""
    facts = plain()
    blocks = draft_blocks(facts)
    assert contradictions(blocks[:6] + blocks[7:], facts) == ["marks/1/favor: missing"]
    assert contradictions([*blocks, blocks[4]], facts) == ["item/1#2: unknown"]
    assert contradictions([*blocks[1:], blocks[0]], facts) == ["order"]
    assert contradictions([*blocks, {"kind": "poem", "text": "…", "data": {}}], facts) == ["block/12: malformed"]


def test_the_secretarys_own_prose_may_stand_anywhere() -> None:
    """Narrative blocks are not judged, but may carry no data that could pass for facts."""
    facts = plain()
    prose = {"kind": "narrative", "text": "La sesión transcurrió con orden.", "data": {}}
    blocks = draft_blocks(facts)
    assert contradictions([*blocks[:5], prose, *blocks[5:]], facts) == []
    assert contradictions([*blocks, {**prose, "data": {"favor": 9}}], facts) == ["block/12: data"]


def test_acts_that_disagree_among_themselves_are_found_without_any_block() -> None:
    """Tallies are recounted from marks, quorum from attendance, agreements from votes, the close from all."""
    facts = plain()
    vote = next(each for each in facts.happenings if isinstance(each, VoteHeld))

    def told(**change: Any) -> list[str]:
        happenings = tuple(replace(e, **change) if isinstance(e, VoteHeld) else e for e in facts.happenings)
        wrong = replace(facts, happenings=happenings)
        return contradictions(draft_blocks(wrong), wrong)

    assert told(favor=4) == ["vote/1: tally"]
    assert told(result="rejected") == ["agreement/1: vote"]
    marks = vote.marks or {}
    assert told(marks={**marks, "contra": marks["favor"][:1]}) == ["vote/1: marked-twice"]
    assert told(marks=None, voters=marks["favor"]) == ["vote/1: tally"]

    def without(number: int) -> list[str]:
        wrong = replace(facts, happenings=facts.happenings[:number] + facts.happenings[number + 1 :])
        return contradictions(draft_blocks(wrong), wrong)

    assert without(0) == ["quorum: present", "vote/1: absent"]
    assert without(4) == ["agreement/1: vote", "closing: votes"]
    assert without(5) == ["closing: agreements"]
    made = facts.happenings[5]
    twice = replace(facts, happenings=(*facts.happenings[:6], made, *facts.happenings[6:]))
    assert contradictions(draft_blocks(twice), twice) == ["agreement/1: order", "closing: agreements"]


# -- one root --------------------------------------------------------------------------------------------------


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, as its text says it."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def test_the_root_is_that_of_rfc_9162_over_the_ascii_disclosures() -> None:
    """An independent computation from the disclosures alone gives the root that is signed."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    leaves = [sha256(b"\x00" + text.encode("ascii")).digest() for text in closed.disclosures.values()]
    assert naive_root(leaves).hex() == closed.root
    assert [leaf.hex() for leaf in leaves] == list(closed.leaves)


def test_a_draft_comes_with_all_of_its_blocks() -> None:
    """What is handed in is all that was signed: none missing, none added, none changed."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    assert [block.model_dump() for block in check_blocks(closed.disclosures, closed.root, 11)] == blocks
    less = dict(list(closed.disclosures.items())[1:])
    for wrong, code in (
        ((less, closed.root, 11), "blocks-count"),
        ((closed.disclosures, closed.root, 10), "blocks-count"),
        ((closed.disclosures, "0" * 64, 11), "blocks-root"),
    ):
        with pytest.raises(UntrustedInputError) as refusal:
            check_blocks(*wrong)
        assert refusal.value.code == code


def test_what_the_drafter_seals_is_what_the_submission_accepts() -> None:
    """The check of a submitted draft and the drafter's own root are the same computation."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    key = PrivateKey.generate()
    statement = Statement.compose(
        basis={},
        data={**S, "draft": 1, "blocks": 11, "root": closed.root},
        ledger="actas.idss.example/acervo",
        occurred_at="2026-01-28T12:00:00-06:00",
        office="designation/hcd/secretaria-1/1",
        prev="0" * 64,
        sealed={},
        signed_at="2026-01-28T12:00:00-06:00",
        signer=key.public.keyid,
        stream="acta/hcd/2026/ord/1",
        type="ActaDrafted/1",
        version=1,
    )
    act = sign(statement, key, closed.disclosures)
    act.check_disclosures(blocks=True)
    assert len(check_blocks(act.disclosures, closed.root, 11)) == 11
    with pytest.raises(UntrustedInputError):
        act.check_disclosures()


@settings(max_examples=40)
@given(open_numbers=st.sets(st.integers(1, 11)))
def test_public_version_leaf_proofs_verify(open_numbers: set[int]) -> None:
    """Whichever blocks are withheld, the open ones and the leaf hashes of all give the sealed acta's root."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    opened = {n: closed.disclosures[f"block/{n}"] for n in open_numbers}
    found = verify_blocks(closed.leaves, opened, closed.root, 11)
    assert found == {n: Block.of(blocks[n - 1]) for n in sorted(open_numbers)}


def test_public_version_with_a_silently_altered_open_block_is_found() -> None:
    """T9: an open block with other text is not the sealed acta's, even with its own leaf put in place."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    forged = seal_blocks(changed(blocks, "vote", favor=4), salts())
    for leaves, code in ((closed.leaves, "block-altered"), (forged.leaves, "blocks-root")):
        with pytest.raises(UntrustedInputError) as refusal:
            verify_blocks(leaves, {6: forged.disclosures["block/6"]}, closed.root, 11)
        assert refusal.value.code == code


def test_redacted_text_cannot_be_confirmed_by_guessing() -> None:
    """T10: without the salt, a right guess of a withheld block's text does not give its leaf."""
    blocks = draft_blocks(plain())
    closed = seal_blocks(blocks, salts())
    guessed = seal_blocks(blocks, lambda: bytes(16))
    assert not set(guessed.leaves) & set(closed.leaves)


def test_a_block_shown_in_another_place_is_found() -> None:
    """A disclosure names its number, so its leaf cannot be passed off for another block's."""
    closed = seal_blocks(draft_blocks(plain()), salts())
    moved = [closed.leaves[1], closed.leaves[0], *closed.leaves[2:]]
    with pytest.raises(UntrustedInputError) as refusal:
        verify_blocks(moved, {1: closed.disclosures["block/2"]}, root_over(moved), 11)
    assert refusal.value.code == "block-number"
    with pytest.raises(UntrustedInputError) as beyond:
        verify_blocks(closed.leaves, {12: closed.disclosures["block/1"]}, closed.root, 11)
    assert beyond.value.code == "block-altered"


@pytest.mark.parametrize("leaf", ["", "zz" * 32, "AB" * 32, "ab" * 31, "ab " * 32])
def test_leaf_hashes_are_read_strictly(leaf: str) -> None:
    """Anything but 32 bytes in lower-case hex is refused."""
    with pytest.raises(UntrustedInputError) as refusal:
        root_over([leaf])
    assert refusal.value.code == "bad-leaf"


def test_what_is_no_block_is_not_sealed() -> None:
    """Unknown kinds, foreign keys, text beyond ASCII disclosures, no blocks at all: each refused by its code."""
    good = {"kind": "narrative", "text": "Bien.", "data": {}}
    for values, code in (
        ([{**good, "kind": "poem"}], "bad-block"),
        ([{**good, "note": "x"}], "bad-block"),
        ([{**good, "data": {"share": 0.5}}], "not-canonical"),
        ([], "blocks-count"),
    ):
        with pytest.raises(UntrustedInputError) as refusal:
            seal_blocks(values, salts())
        assert refusal.value.code == code
    with pytest.raises(UntrustedInputError) as refusal:
        leaf_of("ñ")
    assert refusal.value.code == "bad-disclosure"
    with pytest.raises(UntrustedInputError) as refusal:
        verify_blocks([], {}, "0" * 64, 1)
    assert refusal.value.code == "blocks-count"
