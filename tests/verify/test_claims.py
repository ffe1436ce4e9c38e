"""What certificates say of a whole series, and under which root, recomputed over every entry (V10; domain.md X4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts.agreement import AgreementImported
from ledger.acts.certification import CertificationIssued, Negative
from ledger.acts.oversight import EvidenceBundleExported, OversightRequirementReceived
from ledger.crypto.merkle import leaf_hash, root_of
from ledger.domain.rules.days import add_business_days
from tests.kit.books import MEXICO
from tests.kit.bundles import Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def council() -> Council:
    """A council with one agreement of 2026, and imported ones of 2021 of which the second is missing."""
    made = lawful()
    for number in (1, 3):
        act = AgreementImported(
            body="cd",
            year=2021,
            number=number,
            adopted_on="2021-06-02",
            identifier=f"{number}/2021",
            provenance="LEGACY_SCAN",
            source_sha256="ab" * 32,
            row=number,
        )
        made.book.say(act, "ana", "ledger")
    return made


def root(council: Council, size: int) -> str:
    """Return the root of the first entries, in hex."""
    return root_of([leaf_hash(raw) for raw in council.book.entries[:size]]).hex()


def certified(council: Council, **changes: Any) -> int:
    """Append a negative certificate over the agreements of 2026; return its index."""
    size = council.book.size
    today = council.book.now.astimezone(MEXICO).date().isoformat()
    said: dict[str, Any] = {
        "object_kind": "agreement",
        "year": 2026,
        "last": 1,
        "from_on": "2026-01-01",
        "to_on": today,
        "listed": ("agreement/cd/2026/1",),
        "tree_size": size,
        "root": root(council, size),
    }
    negative = Negative(**(said | changes))
    return council.by("secretaria", CertificationIssued(body="cd", year=2026, number=1, negatives=(negative,)))


OLD: dict[str, Any] = {"year": 2021, "from_on": "2021-01-01", "to_on": "2021-12-31"}
FIRST_OF_OLD = "agreement/cd/2021/1"


def test_a_negative_certificate_is_recomputed_over_its_range(council: Council, tmp_path: Path) -> None:
    """A true one gives no finding, and the report counts it."""
    certified(council)
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.exit == 0, verdict.hits
    assert verdict.report["steps"]["V10"]["counts"]["claims"] == 1


def test_negative_certificate_with_hole_in_index_refused(council: Council, tmp_path: Path) -> None:
    """A certificate that counts the missing number is the rule's finding, at the certificate."""
    index = certified(council, **OLD, last=3, listed=(FIRST_OF_OLD, "agreement/cd/2021/3"))
    assert Verdict(council.book.bundle(tmp_path / "b")).hits == {(10, "negative-hole", index, "")}


def test_negative_certificate_that_hides_what_exists_refused(council: Council, tmp_path: Path) -> None:
    """Agreement 3 of 2021 exists beyond a hole; a certificate that stops at 1 is contradicted by the entries."""
    index = certified(council, **OLD, listed=(FIRST_OF_OLD,))
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(10, "negative-left-out", index, "")}
    assert "agreement/cd/2021/3" in verdict.text


def test_an_object_in_the_period_that_is_not_listed_is_the_rules_finding(council: Council, tmp_path: Path) -> None:
    """*No consta* where it is on record."""
    index = certified(council, listed=())
    assert Verdict(council.book.bundle(tmp_path / "b")).hits == {(10, "negative-contradicted", index, "")}


def test_a_negative_certificate_under_another_root(council: Council, tmp_path: Path) -> None:
    """The root that it names is not this log's at that size: a log that was rebuilt does not give it."""
    index = certified(council, root="a" * 64)
    verdict = Verdict(council.book.bundle(tmp_path / "b"))
    assert verdict.hits == {(10, "negative-root-differs", index, "")}
    assert verdict.exit == 1


@pytest.mark.parametrize("true", [True, False])
def test_a_bundle_that_was_handed_over_names_a_root_of_this_log(
    council: Council, tmp_path: Path, *, true: bool
) -> None:
    """The export is an act; what it says of the tree is recomputed."""
    today = council.book.now.astimezone(MEXICO).date()
    place: dict[str, Any] = {"body": "cd", "year": today.year, "number": 1}
    received = OversightRequirementReceived(
        **place,
        authority="asf",
        reference="RQ-1",
        asks=("bundle",),
        received_on=today.isoformat(),
        business_days=10,
        due_on=add_business_days(today, 10).isoformat(),
    )
    council.by("secretaria", received)
    size = council.book.size
    span: dict[str, Any] = {"tree_size": size, "first_index": 0, "last_index": size - 1}
    said = EvidenceBundleExported(
        **place, bundle=1, manifest_sha256="c" * 64, root=root(council, size) if true else "a" * 64, **span
    )
    index = council.by("secretaria", said)
    hits = Verdict(council.book.bundle(tmp_path / "b")).hits
    assert hits == (set() if true else {(10, "bundle-root-differs", index, "")})
