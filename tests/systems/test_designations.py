"""Rows C: how seats are filled and left; who carries a credential."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ledger.acts import credential, designation, nomination

if TYPE_CHECKING:
    from ledger.compose import Officer
    from tests.kit.telling import Row

PAPER: dict[str, Any] = {"name": "a.pdf", "media_type": "application/pdf", "size": 1, "sha256": "ab" * 32}
ANA: dict[str, Any] = {"body": "consultivo", "seat": "vocal-1"}
DORA: dict[str, Any] = {"body": "consultivo", "seat": "vocal-2"}


def clerk(row: Row, body: str = "consultivo") -> Officer:
    """Return a body's secretary."""
    return row.told.town.officer("secretario" if body == "consultivo" else "secretaria", body)


@pytest.mark.system("C1")
def test_seats_are_filled_by_the_competent_bodys_vote(row: Row) -> None:
    """A proposal leads to the designation that a vote approved; an organisation without right proposes nobody (D2)."""
    phases = [each["phase"] for each in row.get(body="consultivo")["data"]]
    assert phases == ["returned", "approved"]
    held = row.get("designations/consultivo/vocal-1/1")
    assert (held["way"], held["effect"]) == ("vote", "definitive")
    act = nomination.DesignationProposed(
        **ANA,
        proposal=3,
        organization="otra",
        person="ana",
        capacity="suplente",
        begins_at="2027-01-01T00:00:00-06:00",
    )
    row.refuse("organization-not-entitled", act, clerk(row), sealed={"document": PAPER})


@pytest.mark.system("C3")
def test_secretaries_are_named_by_oficio(row: Row) -> None:
    """Named by oficio, hash-bound, without a vote; whoever needs a vote is not named so (D8)."""
    (found,) = row.get(way="oficio")["data"]
    assert (found["seat"], found["oficio"]) == ("secretario", "SG/15/2026")
    act = designation.DesignationAppointed(
        body="consultivo",
        seat="vocal-3",
        number=2,
        person="beto",
        capacity="propietario",
        begins_at="2027-01-01T00:00:00-06:00",
        oficio="SG/16/2026",
    )
    row.refuse("vote-required", act, clerk(row), sealed={"document": PAPER})


@pytest.mark.system("C4")
def test_terms_are_watched_and_provisional_ones_ratified(row: Row) -> None:
    """What ends within the days is listed as of a day; what was ratified is provisional no longer."""
    ending = row.get(body="consultivo", on="2026-04-01", days=30)["data"]
    assert [(each["key"], each["standing"]["days_left"]) for each in ending] == [("consultivo/vocal-2/1", 30)]
    assert row.get("designations/consultivo/vocal-2/1", on="2026-02-01")["standing"]["state"] == "provisional"
    by = "agreement/asamblea/2026/1"
    act = designation.DesignationRatified(**DORA, number=1, agreement=by)
    row.refuse("not-provisional", act, clerk(row, "asamblea"), basis=[by])


@pytest.mark.system("C5")
def test_who_proposes_is_told_once_that_a_term_ends(row: Row) -> None:
    """The notice, its oficio and the answer; a second notice of the same term has no effect."""
    (found,) = row.get(body="consultivo")["data"]
    assert (found["organization"], found["answer"]) == ("ctd", "will-substitute")
    act = nomination.ExpiryNoticeIssued(
        **DORA, designation=1, organization="ctd", oficio="CC/4/2026", days_left=found["days_left"]
    )
    row.refuse("already-notified", act, clerk(row))


@pytest.mark.system("C6")
def test_credentials_say_since_when_they_are_not_valid(row: Row) -> None:
    """The lost one is INVALID with its date, the second VALID and proved; none outlives its designation (D5)."""
    assert [each["phase"] for each in row.get(body="consultivo")["data"]] == ["revoked", "issued"]
    lost = row.get("credentials/consultivo/vocal-1/1/1/verification")
    assert (lost["verdict"], lost["reason"]) == ("INVALID", "replaced")
    assert lost["since"] in lost["text"]
    carried = row.get("credentials/consultivo/vocal-1/1/2/verification", token=_token(row))
    assert (carried["verdict"], carried["record"]["headline"]) == ("VALID", "VALID")
    act = credential.CredentialIssued(**ANA, designation=1, credential=2, valid_to="2040-01-01T00:00:00-06:00")
    row.refuse("credential-phase", act, clerk(row), basis=["designation/consultivo/vocal-1/1"])


def _token(row: Row) -> str:
    said: str = row.get("credentials/consultivo/vocal-1/1/2/verification")["token"]
    return said


@pytest.mark.system("C7")
def test_nobody_is_removed_unheard(row: Row) -> None:
    """Asked for, heard, decided by vote; without a hearing nobody is removed (D7)."""
    (found,) = row.get(status="removed")["data"]
    assert (found["appeared"], found["by_whom"]) == (True, "sector")
    assert row.get("designations/consultivo/vocal-2/1")["resigned_from"]
    at = row.told.instant
    act = designation.DesignationEnded(**ANA, number=1, ended_at=at, cause="removed")
    row.refuse("removal-without-hearing", act, clerk(row))
