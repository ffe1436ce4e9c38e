"""Reports are counted out of facts: the same for whoever computes them, as of an index (domain.md §1 B5, B6, E7)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import act_types
from ledger.acts import session as session_acts
from ledger.acts.acta import ActaSealed
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.body import BodyExtinguished, BodyRegistered
from ledger.acts.followup import (
    AmountExercised,
    DueDateExtended,
    EvidenceSubmitted,
    FulfilmentRejected,
    FulfilmentVerified,
    OfResolution,
    ResolutionDeclaredUnfulfillable,
    ResponsibilityAssigned,
    ResponsibilityTransferred,
)
from ledger.acts.received import (
    ActaIncidentRaised,
    ActaIncidentResolved,
    ExternalActaReceived,
    ExternalActaValidated,
)
from ledger.acts.validity import (
    AgreementAnnulled,
    AgreementModified,
    AgreementReinstated,
    AgreementRevoked,
    AgreementSuspended,
)
from ledger.acts.veto import VetoExercised, VetoResolved
from ledger.acts.vote import VoteDeclared
from ledger.reporting import Fact, bounds, content, fact_of, sha256_of
from ledger.reporting.facts import KINDS

if TYPE_CHECKING:
    from ledger.acts.base import Act

VETO = "veto/cc/2026/1"


def told(*acts: tuple[str, Act]) -> list[Fact]:
    """Return the facts of acts, each with the day on which it occurred."""
    found = (fact_of(act, index, f"{day}T10:00:00-06:00") for index, (day, act) in enumerate(acts))
    return [fact for fact in found if fact is not None]


def of(number: int, body: str = "cc") -> dict[str, Any]:
    """Return what names an agreement."""
    return {"body": body, "year": 2026, "number": number}


def adopted(number: int, body: str = "cc", **changes: Any) -> AgreementAdopted:
    """Return an adoption."""
    made: dict[str, Any] = {
        "vote": f"vote/{body}/2026/ord/1/{number}",
        "ordinal": 1,
        "identifier": f"{number}/2026",
        "resolutions": 2,
    }
    return AgreementAdopted(**of(number, body), **(made | changes))


def session(number: int, body: str = "cc") -> dict[str, Any]:
    """Return what names a session."""
    return {"body": body, "year": 2026, "series": "ord", "session": number}


def convened(number: int, day: str) -> session_acts.SessionConvened:
    """Return a convocation."""
    items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
    begins = f"{day}T10:00:00-06:00"
    return session_acts.SessionConvened(**session(number), begins_at=begins, modality="mixta", items=items)


def suspended(number: int = 1, case: str = VETO) -> AgreementSuspended:
    """Return a suspension."""
    return AgreementSuspended(**of(number), case=case, cause="veto")


def vetoed() -> VetoExercised:
    """Return a veto of the first agreement."""
    return VetoExercised(**of(1), power="president", resolver="hcd", norms=("LSS 264",))


def section(facts: list[Fact], kind: str = "follow-up", period: str = "2026", body: str = "cc") -> dict[str, Any]:
    """Return what a report says of its first body."""
    said: dict[str, Any] = content(facts, body, kind, period, 10_000)["bodies"][0]
    return said


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2026-c1", "2026-01-01", "2026-04-30"),
        ("2026-c3", "2026-09-01", "2026-12-31"),
        ("2026-t2", "2026-04-01", "2026-06-30"),
        ("2028-s1", "2028-01-01", "2028-06-30"),
        ("2028-m02", "2028-02-01", "2028-02-29"),
        ("2026-m12", "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_is_a_span_of_days(period: str, first: str, last: str) -> None:
    """Years, cuatrimestres, trimestres, semestres and months, the last of a year too."""
    assert bounds(period) == (date.fromisoformat(first), date.fromisoformat(last))


def test_what_happened_counts_within_the_period() -> None:
    """Sessions once each by how they last stood, votes by result, agreements by kind; before and after do not count."""
    vote: dict[str, Any] = session(1) | {"vote": 1, "favor": 5, "contra": 0, "abstencion": 0}
    facts = told(
        ("2026-01-02", convened(1, "2026-01-20")),
        ("2026-01-20", session_acts.SessionOpened(**session(1))),
        ("2026-01-20", VoteDeclared(**vote, result="approved")),
        ("2026-01-20", adopted(1)),
        ("2026-01-20", adopted(2, agreement_kind="directive")),
        ("2026-02-01", convened(2, "2026-02-20")),
        ("2026-02-20", session_acts.QuorumNotReached(**session(2), present=1, base=12, required=7)),
        ("2026-03-01", convened(3, "2026-03-20")),
        ("2026-03-10", session_acts.SessionCancelled(**session(3))),
        ("2026-04-01", convened(4, "2026-05-20")),
        ("2026-05-20", adopted(3)),
        ("2026-05-21", ActaSealed(**session(1), root="ab" * 32, signatures=("secretaria",))),
    )
    said = section(facts, period="2026-c1")
    assert said["sessions"] == {"held": 1, "no_quorum": 1, "cancelled": 1}
    assert (said["votes"], said["agreements_adopted"]) == ({"approved": 1}, 2)
    assert said["agreements_by_kind"] == {"agreement": 1, "directive": 1}
    assert section(facts, period="2026-c2")["sessions"] == {"convened": 1}
    assert section(facts, period="2025")["agreements_by_validity"] == {}


def test_validity_is_as_of_the_last_day() -> None:
    """Suspended between the days, in force after, ended from its day on."""
    facts = told(
        ("2026-01-10", adopted(1)),
        ("2026-01-10", adopted(2)),
        ("2026-01-10", adopted(3)),
        ("2026-02-10", vetoed()),
        ("2026-02-11", suspended()),
        ("2026-02-12", suspended(case="order/x")),
        ("2026-02-20", AgreementReinstated(**of(1), case="order/x")),
        ("2026-03-10", AgreementReinstated(**of(1), case=VETO)),
        (
            "2026-01-11",
            AgreementRevoked(
                **of(2), by="agreement/cc/2026/3", by_resolution=1, effect="revoked", effective_on="2026-03-15"
            ),
        ),
        ("2026-03-20", AgreementAnnulled(**of(3), case="veto/cc/2026/3")),
    )
    for period, expected in (
        ("2026-m01", {"in_force": 3}),
        ("2026-m02", {"in_force": 2, "suspended": 1}),
        ("2026-m03", {"annulled": 1, "in_force": 1, "revoked": 1}),
    ):
        assert section(facts, period=period)["agreements_by_validity"] == expected


def test_follow_up_tells_status_amounts_and_what_is_overdue() -> None:
    """Every resolutivo on the last day; days of suspension are no days of delay; amounts in centavos."""
    one = of(1) | {"resolution": 1}
    facts = told(
        ("2026-01-10", adopted(1)),
        (
            "2026-01-11",
            ResponsibilityAssigned(**one, units=("dir", "dpes"), due_on="2026-03-01", authorized_amount=900),
        ),
        ("2026-01-12", ResponsibilityTransferred(**one, from_unit="dir", to_unit="doe")),
        ("2026-01-20", AmountExercised(**one, unit="doe", amount=300)),
        ("2026-02-01", suspended()),
        ("2026-02-11", AgreementReinstated(**of(1), case=VETO)),
        ("2026-02-12", FulfilmentRejected(**one)),
        ("2026-04-10", DueDateExtended(**one, due_on="2026-04-20")),
        ("2026-04-11", EvidenceSubmitted(**one, unit="doe")),
        ("2026-05-01", FulfilmentVerified(**one, outcome="fulfilled")),
    )
    march = section(facts, period="2026-t1")["resolutions"][0]
    assert march == {
        "resolution": "cc/2026/1/1",
        "identifier": "1/2026",
        "units": ["doe", "dpes"],
        "fulfilment": "rejected",
        "status": "overdue",
        "days_overdue": 20,
        "due_on": "2026-03-01",
        "authorized_amount": 900,
        "exercised_amount": 300,
    }
    assert section(facts, period="2026-c1")["resolutions"][0]["days_overdue"] == 10
    year = section(facts)
    assert year["resolutions_by_status"] == {"fulfilled": 1}
    assert (year["authorized_amount"], year["exercised_amount"]) == (900, 300)


@pytest.mark.parametrize(
    ("last", "status"),
    [
        (FulfilmentVerified(**of(1), resolution=1, outcome="partial"), "partially-fulfilled"),
        (EvidenceSubmitted(**of(1), resolution=1, unit="dir"), "in-process"),
        (ResolutionDeclaredUnfulfillable(**of(1), resolution=1, vote="vote/cc/2026/ord/2/1"), "unfulfillable"),
        (suspended(), "suspended"),
        (AgreementAnnulled(**of(1), case=VETO), "without-effect"),
    ],
)
def test_the_words_of_a_resolutivo(last: Act, status: str) -> None:
    """The report speaks the board's words, whether or not a day was set."""
    assigned = ResponsibilityAssigned(**of(1), resolution=1, units=("dir",))
    facts = told(("2026-01-10", adopted(1)), ("2026-01-11", assigned), ("2026-01-12", last))
    assert section(facts)["resolutions"][0]["status"] == status


def test_functioning_tells_of_the_bodies_below() -> None:
    """E7: of every body below, its sessions and agreements, the actas it sent in, their incidents, its vetoes."""
    received: dict[str, Any] = {"body": "hcd", "number": 1}
    incident = received | {"incident": 1}
    facts = told(
        ("2026-01-01", BodyRegistered(body="hcd", body_kind="council")),
        ("2026-01-01", BodyRegistered(body="jg", body_kind="board", parent="hcd")),
        ("2026-01-01", BodyRegistered(body="cc", body_kind="consultative", parent="hcd")),
        ("2026-01-01", BodyRegistered(body="otro", body_kind="board", parent="jg")),
        ("2026-01-20", adopted(1)),
        ("2026-02-01", vetoed()),
        ("2026-02-20", VetoResolved(**of(1), vote="vote/hcd/2026/ord/2/1", outcome="confirmed", vetoer_sat=False)),
        (
            "2026-02-21",
            ExternalActaReceived(
                **received, issuer="cc", reference="CC-1", held_on="2026-01-20", received_on="2026-02-01", sheets=3
            ),
        ),
        ("2026-02-22", ActaIncidentRaised(**incident, code="QUORUM")),
        ("2026-02-23", ActaIncidentResolved(**incident, how="document")),
        ("2026-02-24", ExternalActaValidated(**received)),
    )
    said = content(facts, "hcd", "functioning", "2026-c1", 10_000)
    assert [each["body"] for each in said["bodies"]] == ["cc", "jg"]
    first = said["bodies"][0]
    assert (first["actas_received"], first["actas_validated"], first["incidents"], first["incidents_cured"]) == (1,) * 4
    assert (first["vetoes"], first["vetoes_resolved"], first["actas_sealed"]) == (1, {"confirmed": 1}, 0)
    assert said["bodies"][1]["vetoes"] == 0
    assert "vetoes" not in content(facts, "hcd", "activity", "2026-c1", 10_000)["bodies"][0]


def test_a_report_is_as_of_its_index() -> None:
    """What was recorded later changes no earlier report, whatever day it is of; another index is another hash."""
    facts = told(("2026-01-10", adopted(1)), ("2026-01-11", adopted(2)))
    before = content(facts[:1], "cc", "follow-up", "2026", 0)
    assert content(facts, "cc", "follow-up", "2026", 0) == before
    assert sha256_of(content(facts, "cc", "follow-up", "2026", 1)) != sha256_of(before)
    assert content(facts, "cc", "follow-up", "2026", 1)["bodies"][0]["agreements_adopted"] == 2


def test_the_hash_of_a_content_stays() -> None:
    """Version 1 of the content has these bytes for ever: a change of counting is a new version."""
    said = content(told(("2026-01-10", adopted(1))), "cc", "follow-up", "2026-c1", 0)
    assert sha256_of(said) == "e159d73022d4110ba3fdfec5bc6746ed17762e3310c4cb3e25dbe303106007bf"


def test_only_some_kinds_tell_facts() -> None:
    """Every type that tells a fact is of a kind that the registry and the verifier look at."""
    brought: dict[str, Any] = {"source_sha256": "ab" * 32, "row": 1}
    imported = AgreementImported(**of(1), adopted_on="2021-06-02", identifier="1/2021", provenance="DATASET", **brought)
    held = session_acts.SessionImported(
        **session(9), held_on="2006-09-07", items=convened(1, "2006-09-07").items, **brought
    )
    modified = AgreementModified(
        **of(1), by="agreement/cc/2026/2", by_resolution=1, resolutions=(1,), effective_on="2026-01-01"
    )
    extinct = BodyExtinguished(body="cc", extinct_on="2026-01-01")
    assert [fact.what for fact in told(("2026-01-01", imported), ("2026-01-01", held))] == ["adopted", "session"]
    assert told(("2026-01-01", modified), ("2026-01-01", extinct)) == []
    assert fact_of(OfResolution(**of(1), resolution=1), 1, "2026-01-01T00:00:00-06:00") is None
    assert {cls.kind for cls in act_types().values() if issubclass(cls, OfResolution)} <= set(KINDS)
