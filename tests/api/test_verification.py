"""The verdicts of format.md §11, over HTTP, each brought about as it would come about."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api.actas import ActaDesk
from api.demo.record import certify, record
from api.demo.seed import town_of
from ledger.acts.certification import CertificationRevoked, CertificationSuperseded
from ledger.acts.designation import DesignationEnded
from ledger.acts.trust import KeyRevoked, SeriesOpened
from ledger.acts.validity import AgreementSuspended
from ledger.acts.veto import VetoAdmissionDecided, VetoExercised
from ledger.clock import utc_now, written_now
from ledger.compose import Officer
from ledger.crypto.keys import PrivateKey
from ledger.domain.rules.days import add_business_days
from ledger.errors import NotSealedError
from ledger.ids import parse_written
from ledger.log.proof import Proof
from ledger.statement import Entry
from ledger.store.submission import Submission
from tests.api.test_problems import check_problem
from tests.kit.cases import Cases
from tests.kit.system import noted

if TYPE_CHECKING:
    import httpx

    from api.demo.town import Town
    from api.system import System
    from ledger.domain.world import State

YEAR = parse_written(written_now()).year
ASPECTS = {"integrity", "authenticity", "inclusion", "currency", "completeness"}


@pytest.fixture(scope="module")
def certified(system: System) -> str:
    """Give the stream of an acta that was drafted, signed, sealed; certificates 1 to 4 speak of it or of a mandate."""
    town = town_of(system)
    sitting = noted(town)
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    record(town, desk, sitting.path, {"secretario": town.secretary, "estado-1": town.chair})
    acta = f"acta/{sitting.path}"
    for number in (1, 2, 3):
        certify(town, ("hcd", YEAR, number), {acta: state_of(system, acta)}, town.secretary)
    mandate = "designation/hcd/obrero-4/1"
    certify(town, ("hcd", YEAR, 4), {mandate: state_of(system, mandate)}, town.secretary)
    return acta


def state_of(system: System, stream: str) -> State:
    """Return the state of a stream that is there."""
    state = system.ledger.state(stream)
    assert state is not None
    return state


def check(http: httpx.Client, number: int | str) -> dict[str, Any]:
    """Check the n-th certificate of this year."""
    answer = http.get(f"/api/v1/certifications/hcd/{YEAR}/{number}/verification")
    assert answer.status_code == 200
    said: dict[str, Any] = answer.json()
    assert said["aspects"].keys() == ASPECTS
    assert said["text"] != said["text_en"]
    assert said["next"]
    return said


def verdicts(said: dict[str, Any]) -> list[str]:
    """Return the verdicts that hold, the headline first."""
    listed = [each["verdict"] for each in said["verdicts"]]
    assert said["headline"] == (listed[0] if listed else None)
    return listed


@pytest.mark.usefixtures("certified")
def test_a_good_certificate_is_valid(http: httpx.Client, system: System) -> None:
    """Every aspect is proved, as of a checkpoint; what no check proves is said all the same."""
    said = check(http, 1)
    assert verdicts(said) == ["VALID"]
    assert {each["outcome"] for each in said["aspects"].values()} == {"proved"}
    assert said["as_of"] <= system.size()
    assert {each["aspect"] for each in said["not_checked"]} == {"witnesses", "truth"}


def test_an_unknown_certificate_is_a_verdict_and_no_error(http: httpx.Client) -> None:
    """A number that was never issued, and one that is no number, are UNKNOWN_OBJECT."""
    for number in (999, "x", "1/2/3/4"):
        assert verdicts(check(http, number)) == ["UNKNOWN_OBJECT"]


@pytest.mark.usefixtures("certified")
def test_a_revoked_certificate(http: httpx.Client, town: Town) -> None:
    """Revoked later: REVOKED, with the act that revokes it; its integrity is still proved."""
    town.do(CertificationRevoked(body="hcd", year=YEAR, number=2, reason="error"))
    said = check(http, 2)
    assert verdicts(said) == ["REVOKED"]
    assert said["later_acts"]["revoked"] > said["object"]["index"]
    assert said["aspects"]["integrity"]["outcome"] == "proved"
    assert said["aspects"]["currency"]["outcome"] == "failed"


@pytest.mark.usefixtures("certified")
def test_a_superseded_and_revoked_certificate_lists_both(http: httpx.Client, town: Town, system: System) -> None:
    """VALID_BUT_SUPERSEDED; once it is revoked too, REVOKED goes first and both are listed."""
    acta = f"acta/hcd/{YEAR}/ord/1"
    certify(town, ("hcd", YEAR, 5), {acta: state_of(system, acta)}, town.secretary)
    town.do(CertificationSuperseded(body="hcd", year=YEAR, number=3, by_year=YEAR, by_number=5))
    assert verdicts(check(http, 3)) == ["VALID_BUT_SUPERSEDED"]
    town.do(CertificationRevoked(body="hcd", year=YEAR, number=3, reason="error"))
    assert verdicts(check(http, 3)) == ["REVOKED", "VALID_BUT_SUPERSEDED"]


@pytest.mark.usefixtures("certified")
def test_certificate_says_modified_since(http: httpx.Client, town: Town) -> None:
    """What was certified moved afterwards: VALID_BUT_ACT_MODIFIED, naming the stream."""
    assert verdicts(check(http, 4)) == ["VALID"]
    ended = DesignationEnded(body="hcd", seat="obrero-4", number=1, ended_at=written_now(), cause="resigned")
    town.do(ended, town.founder)
    said = check(http, 4)
    assert verdicts(said) == ["VALID_BUT_ACT_MODIFIED"]
    assert said["modified"] == ["designation/hcd/obrero-4/1"]


@pytest.mark.usefixtures("certified")
def test_before_a_checkpoint_covers_it(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded and not under a checkpoint yet: NOT_YET_SEALED."""

    def none(min_size: int = 0) -> str:
        raise NotSealedError(min_size - 1)

    monkeypatch.setattr(system, "checkpoint", none)
    assert verdicts(check(http, 1)) == ["NOT_YET_SEALED"]


# -- what somebody brings ------------------------------------------------------------------------------------------


def test_a_proof_that_was_kept(http: httpx.Client) -> None:
    """A receipt is checked as text or inside JSON, and so is an index."""
    proof = http.get("/api/v1/acts/0/proof").text
    for content, kind in ((proof.encode(), "text/plain"), (b"", "application/json")):
        asked = {"content": content, "headers": {"content-type": kind}} if content else {"json": {"proof": proof}}
        assert verdicts(http.post("/api/v1/verification", **asked).json()) == ["VALID"]
    assert verdicts(http.post("/api/v1/verification", json={"index": 0}).json()) == ["VALID"]
    assert verdicts(http.get("/api/v1/acts/0/verification").json()) == ["VALID"]


def test_a_proof_that_was_altered(http: httpx.Client) -> None:
    """A proof whose entry was changed, by a byte of its signature, is ALTERED, and says where."""
    proof = Proof.parse(http.get("/api/v1/acts/3/proof").text)
    assert proof.extra is not None
    raw = proof.extra.replace(b'"sig":"', b'"sig":"A', 1)
    said = http.post("/api/v1/verification", content=replace(proof, extra=raw).format().encode()).json()
    assert verdicts(said) == ["ALTERED"]
    assert "acts/3" in said["altered"]


def test_a_checkpoint_of_another_log(http: httpx.Client) -> None:
    """A proof under a checkpoint that our key did not sign is LOG_INCONSISTENT."""
    text = http.get("/api/v1/acts/3/proof").text
    head, dash, line = text.rpartition("— ")
    forged = head + dash + line[:-12] + ("AAAA" if line[-12:-8] != "AAAA" else "BBBB") + line[-8:]
    said = http.post("/api/v1/verification", content=forged.encode()).json()
    assert verdicts(said)[0] == "LOG_INCONSISTENT"


def test_entries_envelopes_statements_and_hashes_are_known_again(http: httpx.Client, system: System) -> None:
    """The act is found by its entry, its envelope, its statement, and by the statement's SHA-256."""
    raw = system.entries(2, 1)[0]
    act = Entry.parse(raw).act
    for content in (raw, act.envelope(), act.statement.raw):
        said = http.post("/api/v1/verification", content=content).json()
        assert (verdicts(said), said["object"]["index"]) == (["VALID"], 2)
    said = http.post("/api/v1/verification", json={"sha256": act.statement.sha256}).json()
    assert said["object"]["index"] == 2
    altered = act.statement.raw.replace(b'"prev":"', b'"prev":"', 1).replace(b"-06:00", b"-05:00", 1)
    assert verdicts(http.post("/api/v1/verification", content=altered).json()) == ["ALTERED"]


def test_what_nobody_recorded(http: httpx.Client) -> None:
    """Any other file, and any other hash, is UNKNOWN_OBJECT."""
    assert verdicts(http.post("/api/v1/verification", content=b"%PDF-1.7 falso").json()) == ["UNKNOWN_OBJECT"]
    assert verdicts(http.post("/api/v1/verification", json={"sha256": "0" * 64}).json()) == ["UNKNOWN_OBJECT"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"sha256": "x"}', b'{"index": true}', b'{"index": 1, "sha256": 2}']
)
def test_a_question_that_is_none(http: httpx.Client, body: bytes) -> None:
    """JSON that asks nothing, or two things, is a problem."""
    answer = http.post("/api/v1/verification", content=body, headers={"content-type": "application/json"})
    assert check_problem(answer)["status"] == 400


def test_checking_leaves_no_act(http: httpx.Client, system: System) -> None:
    """Checking is free: the ledger does not grow by it."""
    size = system.size()
    http.post("/api/v1/verification", json={"index": 0})
    assert system.size() == size


# -- vetoes ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases(system: System) -> Cases:
    """Give a consejo consultivo with two agreements, certified as 1 and 2 by its own secretary; nothing is vetoed."""
    made = Cases(town_of(system), system.store)
    made.settle()
    made.agree()
    for number in (1, 2):
        certify(made.town, ("cc", YEAR, number), [f"agreement/cc/{YEAR}/{number}"], made.clerk)
    return made


def check_cc(http: httpx.Client, number: int) -> dict[str, Any]:
    """Check the n-th certificate of the consejo consultivo."""
    said: dict[str, Any] = http.get(f"/api/v1/certifications/cc/{YEAR}/{number}/verification").json()
    return said


def test_a_certificate_of_a_vetoed_agreement(http: httpx.Client, system: System, cases: Cases) -> None:
    """VALID_BUT_SUSPENDED from the exercise on, naming the act; nothing was modified, and the other stays VALID."""
    assert verdicts(check_cc(http, 1)) == ["VALID"]
    exercised = cases.exercise(1)
    said = check_cc(http, 1)
    assert verdicts(said) == ["VALID_BUT_SUSPENDED"]
    assert said["later_acts"] == {"suspended": exercised + 1}
    assert said["aspects"]["currency"]["outcome"] == "failed"
    assert said["aspects"]["integrity"]["outcome"] == "proved"
    assert said["text"] == "Es auténtica, pero sus efectos están suspendidos."
    assert verdicts(check_cc(http, 2)) == ["VALID"]
    adopted = Entry.parse(system.store.stream(f"agreement/cc/{YEAR}/1")[0]).index
    assert verdicts(http.get(f"/api/v1/acts/{adopted}/verification").json()) == ["VALID_BUT_SUSPENDED"]


def test_a_veto_suspends_before_the_agreements_own_stream_says_so(http: httpx.Client, cases: Cases) -> None:
    """Y2: between the exercise and its registration the exercise itself is named."""
    act = VetoExercised(**cases.of(2), power="president", resolver="hcd", norms=("LSS 264",))
    done = cases.town.do(act, cases.president, sealed={"grounds": "x"}, basis=[f"agreement/cc/{YEAR}/2"])
    said = check_cc(http, 2)
    assert (verdicts(said), said["later_acts"]) == (["VALID_BUT_SUSPENDED"], {"suspended": done[0].index})


def test_reinstated_agreement_is_valid_again(http: httpx.Client, cases: Cases) -> None:
    """After an inadmissible veto the certificate is VALID, as before; after an annulment it is of what was changed."""
    town = cases.town
    town.do(VetoAdmissionDecided(**cases.of(1), outcome="inadmissible"))
    cases.reinstate(1)
    assert verdicts(check_cc(http, 1)) == ["VALID"]
    town.do(
        AgreementSuspended(**cases.of(2), case=f"veto/cc/{YEAR}/2", cause="veto"),
        cases.clerk,
        basis=[f"veto/cc/{YEAR}/2"],
    )
    due = add_business_days(parse_written(town.now()).date(), 20).isoformat()
    cases.integrate(2, due, "confirm")
    sitting = cases.sit(absent=("obrero-4",))
    cases.decide(sitting, 2, "confirmed")
    said = check_cc(http, 2)
    assert verdicts(said) == ["VALID_BUT_ACT_MODIFIED"]
    assert said["modified"] == [f"agreement/cc/{YEAR}/2"]


# -- tampering; these change the ledger for good and come last -----------------------------------------------------


def test_a_key_that_was_compromised(http: httpx.Client, town: Town, system: System) -> None:
    """Acts since `compromised_from` carry KEY_COMPROMISED_SINCE, earlier ones of the same key do not."""
    keyid = town.officer("patronal-4").key.public.keyid
    head = system.store.stream_head(f"key/{keyid}")
    assert head is not None
    accepted = head.last_index
    town.do(KeyRevoked(keyid=keyid, reason="compromised", compromised_from=accepted), town.founder)
    said = http.get(f"/api/v1/acts/{accepted}/verification").json()
    assert verdicts(said) == ["KEY_COMPROMISED_SINCE"]
    assert verdicts(http.get("/api/v1/acts/0/verification").json()) == ["VALID"]


def append_past_the_rules(system: System, act: Any) -> int:
    """Append a signed act straight into the store, as a superuser could."""
    now = utc_now()
    outcome = system.store.append([Submission((act,), {}, now - timedelta(hours=1), now + timedelta(hours=1))])[0]
    assert outcome.result == "appended", outcome
    return outcome.placed[0].index


def test_an_act_of_somebody_without_the_office(http: httpx.Client, town: Town, system: System) -> None:
    """An act that got in past the rules, signed by a member who may not: SIGNER_NOT_AUTHORISED_AT_DATE."""
    member = town.officer("obrero-1")
    act = town.desk.sign(SeriesOpened(body="hcd", series="agreement.2077", first=3), member)
    index = append_past_the_rules(system, act)
    assert verdicts(http.get(f"/api/v1/acts/{index}/verification").json()) == ["SIGNER_NOT_AUTHORISED_AT_DATE"]


def test_a_signature_by_another_key(http: httpx.Client, town: Town, system: System) -> None:
    """An act whose signature is not its signer's: FORGED_SIGNATURE, though the tree holds it."""
    act = town.desk.sign(SeriesOpened(body="hcd", series="agreement.2078", first=3), town.secretary)
    other = town.desk.sign(
        SeriesOpened(body="hcd", series="agreement.2078", first=3),
        Officer(PrivateKey.generate(), town.secretary.office),
    )
    index = append_past_the_rules(system, replace(act, signature=other.signature))
    assert verdicts(http.get(f"/api/v1/acts/{index}/verification").json()) == ["FORGED_SIGNATURE"]


def test_an_entry_that_is_not_readable_any_more(
    http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes that are no entry: ALTERED under a log that does not agree with itself; shown as void, never a failure."""
    monkeypatch.setattr(system.store, "entry", lambda _index: b"{}")
    said = http.get("/api/v1/acts/2/verification").json()
    assert verdicts(said) == ["LOG_INCONSISTENT", "ALTERED"]
    monkeypatch.setattr(system, "entries", lambda _start, _count: [b"{}"])
    assert http.get("/api/v1/acts/2").json()["void"] == "bad-entry"


def test_a_certified_object_that_is_not_what_was_certified(
    http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The object's bytes were changed, or are gone: ALTERED, or a log that lost an entry."""
    acta = f"acta/hcd/{YEAR}/ord/1"
    index = state_of(system, acta).index
    entry, other = system.store.entry, system.store.entry(2)
    for found, outcome in ((other, "ALTERED"), (b"{}", "ALTERED"), (None, "LOG_INCONSISTENT")):
        with monkeypatch.context() as patch:
            patch.setattr(system.store, "entry", lambda at, found=found: found if at == index else entry(at))
            said = check(http, 1)
            assert verdicts(said) == [outcome]
            assert said["aspects"]["completeness"]["outcome"] == ("failed" if found is None else "proved")


def test_an_entry_of_another_ledger(http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that says another ledger's name is not one of ours: ALTERED."""
    monkeypatch.setattr(system.ledger, "origin", "otro.example/libro")
    assert "ALTERED" in verdicts(http.get("/api/v1/acts/2/verification").json())


def test_an_envelope_of_an_act_that_was_never_recorded(http: httpx.Client, town: Town) -> None:
    """Signed and never submitted: UNKNOWN_OBJECT; as JSON and as bytes."""
    act = town.desk.sign(SeriesOpened(body="hcd", series="agreement.2099", first=3), town.secretary)
    for kind in ("application/json", "application/octet-stream"):
        answer = http.post("/api/v1/verification", content=act.envelope(), headers={"content-type": kind})
        assert verdicts(answer.json()) == ["UNKNOWN_OBJECT"]
    answer = http.post("/api/v1/verification", content=b"c2sp.org/tlog-proof@v1\n\xff")
    assert check_problem(answer)["code"] == "proof-malformed"
