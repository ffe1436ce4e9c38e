"""An acta's blocks: generated from the acts, never contradicting them, committed under one root."""

from __future__ import annotations

import string

import pytest

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
    SessionRecessed,
    SessionResumed,
)
from ledger.acts.transparency import TextPublished
from ledger.acts.vote import (
    BallotCast,
    BallotCorrected,
    CastingVoteExercised,
    SecretTallyRecorded,
    ShowOfHandsRecorded,
    VoteAnnulled,
    VoteClosed,
    VoteDeclared,
    VoteOpened,
)
from ledger.blocks import (
    Member,
    contradictions,
    draft_blocks,
    gather,
)
from ledger.blocks.wording import wording
from ledger.errors import RuleViolation
from tests.kit.drafted import (
    ELIGIBLE,
    SEATS,
    S,
    adopted,
    of_kind,
    plain,
    start,
    tell,
    who,
)

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
