"""Whether a credential is valid, over HTTP: plain words, a date, a token for the QR, a proof."""

from __future__ import annotations

import hashlib
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api.credentials import TOKEN
from api.demo.seed import town_of
from api.demo.town import TERM_ENDS
from ledger.acts.credential import AccreditationRequested, AccreditationValidated, CredentialIssued, CredentialRevoked
from ledger.acts.designation import DesignationEnded
from ledger.clock import written_now
from ledger.errors import NotSealedError
from ledger.ids import parse_written, write_instant
from ledger.log.proof import Proof

if TYPE_CHECKING:
    import httpx

    from api.demo.town import Town
    from api.system import System

PLACE: dict[str, Any] = {"body": "hcd", "seat": "obrero-1", "designation": 1}
KEY = "hcd/obrero-1/1"


def issue(town: Town, number: int = 1, **place: Any) -> dict[str, Any]:
    """Let the holder ask, the secretary validate and issue the n-th credential."""
    of = PLACE | place | {"credential": number}
    basis = [f"designation/{of['body']}/{of['seat']}/{of['designation']}"]
    town.do(AccreditationRequested(**of), town.officer(of["seat"]))
    town.do(AccreditationValidated(**of), basis=basis)
    town.do(CredentialIssued(**of, valid_to=TERM_ENDS), basis=basis)
    return of


@pytest.fixture(scope="module")
def issued(system: System) -> dict[str, Any]:
    """Give the first credential of a member."""
    return issue(town_of(system))


def check(http: httpx.Client, number: int = 1, key: str = KEY, **asked: str) -> dict[str, Any]:
    """Return what is said of a credential."""
    answer = http.get(f"/api/v1/credentials/{key}/{number}/verification", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    said: dict[str, Any] = answer.json()
    return said


@pytest.mark.usefixtures("issued")
def test_a_valid_credential_proves_itself(http: httpx.Client, system: System) -> None:
    """VALID, in both languages; the proof that goes with it verifies under the log's key and is of the token's act."""
    said = check(http)
    assert (said["verdict"], said["valid"], said["reason"]) == ("VALID", True, "valid")
    assert said["text"] == "La credencial es auténtica y está vigente."
    assert said["record"]["headline"] == "VALID"
    assert said["holder"]["seat"] == "obrero-1"
    assert TOKEN.fullmatch(said["token"])
    proof = Proof.parse(said["proof"])
    assert proof.extra is not None
    proof.verify(hashlib.sha256(b"\0" + proof.extra).digest(), system.keys)
    assert said["token"].split(".")[1] == str(proof.index)


@pytest.mark.usefixtures("issued")
def test_what_is_scanned_must_be_this_credentials(http: httpx.Client) -> None:
    """Its own token is accepted; that of another act is INVALID, and what is no token is refused."""
    token = check(http)["token"]
    assert check(http, token=token)["valid"]
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    said = check(http, token=other)
    assert (said["verdict"], said["reason"]) == ("INVALID", "token")
    assert http.get(f"/api/v1/credentials/{KEY}/1/verification", params={"token": "x"}).status_code == 422


def test_credential_after_revocation_invalid_with_date_over_http(http: httpx.Client, town: Town) -> None:
    """INVALID with the instant since when, also in words; asked about the instant before, it was valid."""
    of = issue(town, seat="obrero-2")
    before = written_now()
    key = "hcd/obrero-2/1"
    assert check(http, key=key, at=before)["valid"]
    later = write_instant(parse_written(before) + timedelta(seconds=2))
    while written_now() < later:
        time.sleep(0.05)
    town.do(CredentialRevoked(**of, reason="lost"))
    said = check(http, key=key)
    assert (said["verdict"], said["reason"]) == ("INVALID", "revoked")
    assert said["since"] in said["text"]
    assert said["since"] in said["text_en"]
    assert parse_written(said["since"]) >= parse_written(later)
    assert check(http, key=key, at=before)["valid"]


def test_credential_of_an_ended_designation_invalid_with_date_over_http(http: httpx.Client, town: Town) -> None:
    """Nobody revoked it: since the designation ended it is INVALID, with that date."""
    issue(town, seat="obrero-3")
    ended_at = written_now()
    ended = DesignationEnded(body="hcd", seat="obrero-3", number=1, ended_at=ended_at, cause="deceased")
    town.do(ended, town.founder)
    said = check(http, key="hcd/obrero-3/1")
    assert (said["verdict"], said["reason"]) == ("INVALID", "designation-ended")
    assert parse_written(said["since"]) == parse_written(ended_at)


def test_what_was_not_issued_accredits_nobody(http: httpx.Client, town: Town) -> None:
    """One that is only asked for is INVALID without a date, one that is not there UNKNOWN; neither has a QR."""
    town.do(AccreditationRequested(**PLACE | {"seat": "obrero-4"}, credential=1), town.officer("obrero-4"))
    said = check(http, key="hcd/obrero-4/1")
    assert (said["verdict"], said["reason"], "since" in said) == ("INVALID", "not-issued", False)
    assert check(http, 9)["verdict"] == "UNKNOWN"
    for key in ("hcd/obrero-4/1/1", "hcd/obrero-1/1/9"):
        assert http.get(f"/api/v1/credentials/{key}/qr.svg").status_code == 404


@pytest.mark.usefixtures("issued")
def test_the_qr_is_an_svg_of_the_verification(http: httpx.Client) -> None:
    """An SVG that any page can show; the same credential gives the same picture."""
    answers = [http.get(f"/api/v1/credentials/{KEY}/1/qr.svg") for _ in range(2)]
    assert answers[0].headers["content-type"] == "image/svg+xml"
    assert answers[0].content.startswith(b"<svg")
    assert answers[0].content == answers[1].content


@pytest.mark.usefixtures("issued")
def test_before_a_checkpoint_covers_it(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is valid as recorded, without a proof yet."""

    def none(min_size: int = 0) -> str:
        raise NotSealedError(min_size - 1)

    monkeypatch.setattr(system, "checkpoint", none)
    said = check(http)
    assert (said["verdict"], said["proof"], said["record"]["headline"]) == ("VALID", None, "NOT_YET_SEALED")


@pytest.mark.usefixtures("issued")
def test_what_does_not_prove_itself_is_not_valid(
    http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the entry is gone from the database the credential is INVALID, whatever its dates say."""
    monkeypatch.setattr(system.store, "entry", lambda _index: None)
    said = check(http)
    assert (said["verdict"], said["reason"], said["proof"]) == ("INVALID", "not-proved", None)
    assert isinstance(parse_written(said["on"]), datetime)
