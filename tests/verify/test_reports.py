"""Periodic reports: the verifier computes them again and finds one that does not say what the entries say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.acts import parse_act
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared
from ledger.reporting import Fact, content, fact_of, sha256_of
from ledger.statement import Entry
from tests.kit.bundles import Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path

OF: dict[str, Any] = {"body": "cd", "report_kind": "follow-up", "period": "2026", "number": 1}


def facts_of(council: Council) -> list[Fact]:
    """Return the facts of all entries, as anybody reads them."""
    found = []
    for raw in council.book.entries:
        entry = Entry.parse(raw)
        statement = entry.act.statement
        fact = fact_of(parse_act(statement.type, statement.data), entry.index, statement.occurred_at)
        if fact is not None:
            found.append(fact)
    return found


def prepared(council: Council, facts: list[Fact], **changes: Any) -> int:
    """Append the report on all that there is, by the secretary."""
    as_of = council.book.size - 1
    said = content(facts, "cd", "follow-up", "2026", as_of)
    made: dict[str, Any] = OF | {"as_of": as_of, "content_sha256": sha256_of(said)} | changes
    return council.by("secretaria", PeriodicReportPrepared(**made))


def test_a_report_that_says_what_the_entries_say(tmp_path: Path) -> None:
    """Computed again out of the bundle, it has the hash that was signed; what came later changes nothing."""
    council = lawful()
    index = prepared(council, facts_of(council))
    act = parse_act("PeriodicReportPrepared/1", Entry.parse(council.book.entries[index]).act.statement.data)
    assert isinstance(act, PeriodicReportPrepared)
    said = content(facts_of(council), "cd", "follow-up", "2026", act.as_of)
    assert said["bodies"][0]["agreements_adopted"] == 1
    council.by(
        "presidencia", PeriodicReportAuthorized(**OF, as_of=act.as_of, content_sha256=act.content_sha256, level=1)
    )
    council.convene(items=1).open().balloted()
    council.adopt(2)
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.exit == 0, verdict.text
    assert verdict.report["steps"]["V11"]["counts"]["reports"] == 1


def test_tampered_report_hash_is_found(tmp_path: Path) -> None:
    """A hash of anything else, at whatever index, is a finding of V11 at the act that bound it."""
    council = lawful()
    index = prepared(council, facts_of(council), content_sha256="ab" * 32)
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.found(11, "report-differs", index)
    assert verdict.indexes() == {index}
    other = lawful()
    index = prepared(other, facts_of(other), as_of=other.book.size - 9)
    assert Verdict(other.book.bundle(tmp_path / "c.evidencia.zip")).found(11, "report-differs", index)


def test_void_entries_are_no_facts(tmp_path: Path) -> None:
    """A report that counts an agreement which was never lawful is found; one that does not is right."""
    council = lawful()
    honest = facts_of(council)
    forged = AgreementAdopted(
        body="cd", year=2026, number=2, vote="vote/cd/2026/ord/1/1", ordinal=2, identifier="2/2026", resolutions=1
    )
    void = council.by("vocal-1", forged, basis=["vote/cd/2026/ord/1/1"])
    right, wrong = prepared(council, honest), prepared(council, facts_of(council), number=2)
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.indexes() == {void, wrong}
    assert verdict.found(11, "report-differs", wrong)
    assert not verdict.found(11, "report-differs", right)
