"""Certificates over HTTP after what they certify went on: fe de erratas, new objects, bundles; minutas of the desk."""

from __future__ import annotations

import re
import time
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from api.actas import ActaDesk
from api.demo.record import certify, looking, record
from api.demo.seed import town_of
from api.demo.sitting import Sitting
from api.exporting import export_bundle, handed
from ledger.acts import circulation as circulation_acts
from ledger.acts import oversight
from ledger.acts.certification import Negative
from ledger.clock import written_now
from ledger.crypto import disclosure
from ledger.domain.body import body_of, rules_of
from ledger.domain.errata import results_of
from ledger.domain.holidays import business_deadline
from ledger.domain.negative import matching
from ledger.ids import parse_written
from ledger.verdicts import Verdict
from tests.api.test_verification import verdicts
from tests.kit.judges import ran
from tests.kit.settled import identifier, soon

if TYPE_CHECKING:
    import httpx

    from api.demo.town import Town
    from api.system import System

YEAR = parse_written(written_now()).year
ACTA = f"acta/hcd/{YEAR}/ord/1"


def sit(town: Town, number: int, agreement: int | None) -> Sitting:
    """Hold a session with one vote, which adopts an agreement where one is to be."""
    sitting = Sitting(town, YEAR, number)
    sitting.begin(["Asunto ficticio"], soon())
    sitting.item(1)
    vote = sitting.roll_call(1, "Se aprueba", {})
    if agreement is not None:
        sitting.adopt(agreement, identifier(agreement), vote, "Acuerdo ficticio", ["Se aprueba."])
    sitting.conclude(1)
    sitting.close()
    return sitting


@pytest.fixture(scope="module")
def held(system: System) -> Town:
    """Give a town whose first session is recorded in a sealed acta, and whose second voted."""
    town = town_of(system)
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    first = sit(town, 1, 1)
    record(town, desk, first.path, {"secretario": town.secretary, "estado-1": town.chair})
    time.sleep(1.1)  # instants are written in seconds, and a later session begins later
    sit(town, 2, None)
    return town


def checked(http: httpx.Client, number: int) -> dict[str, Any]:
    """Check the n-th certificate of this year."""
    said: dict[str, Any] = http.get(f"/api/v1/certifications/hcd/{YEAR}/{number}/verification").json()
    return said


def test_verification_of_a_certified_acta_says_that_it_has_errata(http: httpx.Client, held: Town) -> None:
    """The acta does not move; the certificate is VALID_BUT_ACT_MODIFIED, naming the errata; a new one says it."""
    certify(held, ("hcd", YEAR, 1), [ACTA], held.secretary)
    assert verdicts(checked(http, 1)) == ["VALID"]
    vote = f"vote/hcd/{YEAR}/ord/2/1"
    place: dict[str, Any] = {"body": "hcd", "year": YEAR, "series": "ord", "session": 1}
    errata = circulation_acts.ActaErrataIssued(
        **place,
        errata=1,
        corrections=(circulation_acts.Correction(block=1, about="unit"),),
        approved_by=vote,
        results=tuple(results_of(f"hcd/{YEAR}/ord/1", looking(held))),
    )
    held.do(errata, basis=[ACTA, vote], sealed={"says/1": "DPM", "reads/1": "DPES"})
    said = checked(http, 1)
    assert verdicts(said) == ["VALID_BUT_ACT_MODIFIED"]
    assert said["modified"] == [f"errata/hcd/{YEAR}/ord/1/1"]
    told = said["objects"][0]
    assert (told["at_issuance"]["marks"], told["now"]["marks"]) == (["sealed"], ["corrected", "sealed"])
    certify(held, ("hcd", YEAR, 2), [ACTA], held.secretary)
    assert verdicts(checked(http, 2)) == ["VALID"]
    assert checked(http, 2)["objects"][0]["at_issuance"]["by"] == [f"errata/hcd/{YEAR}/ord/1/1"]


def negative_of(system: System, town: Town) -> Negative:
    """Return that of this year's agreements there is none but those that there are."""
    size = system.size()
    said = Negative(
        object_kind="agreement",
        year=YEAR,
        last=1,
        from_on=f"{YEAR}-01-01",
        to_on=written_now()[:10],
        tree_size=size,
        root=system.tree_root(size).hex(),
    )
    return said.model_copy(update={"listed": matching(said, "hcd", parse_written(written_now()), looking(town))})


def test_a_negative_certificate_is_recomputed_by_the_endpoint(http: httpx.Client, system: System, held: Town) -> None:
    """VALID as of its checkpoint; under another root LOG_INCONSISTENT; once something fits, it names what is new."""
    true = negative_of(system, held)
    certify(held, ("hcd", YEAR, 3), [], held.secretary, negatives=(true,))
    certify(held, ("hcd", YEAR, 4), [], held.secretary, negatives=(true.model_copy(update={"root": "a" * 64}),))
    said = checked(http, 3)
    assert verdicts(said) == ["VALID"]
    assert (said["negatives"][0]["recomputed"], said["negatives"][0]["since"]) == (True, [])
    assert verdicts(checked(http, 4)) == ["LOG_INCONSISTENT"]
    sit(held, 3, 2)
    said = checked(http, 3)
    assert verdicts(said) == ["VALID_BUT_ACT_MODIFIED"]
    assert said["modified"] == [f"agreement/hcd/{YEAR}/2"]


def test_the_bundle_of_a_requirement_is_the_exporters(
    http: httpx.Client, system: System, held: Town, tmp_path: Path
) -> None:
    """What the act says of manifest and tree is what the exported file holds, and the file verifies offline (§3.18)."""
    today = parse_written(written_now()).date()
    place: dict[str, Any] = {"body": "hcd", "year": YEAR, "number": 1}
    world = looking(held)
    due = business_deadline(world, rules_of(body_of(world, "hcd"), today), today, 10)
    received = oversight.OversightRequirementReceived(
        **place,
        authority="asf",
        reference="RQ-1",
        asks=("bundle",),
        received_on=today.isoformat(),
        business_days=10,
        due_on=due.isoformat(),
    )
    held.do(received, sealed={"scope": "Todo el libro."})
    path = tmp_path / "asf.evidencia.zip"
    export_bundle(system, path, (), lambda _done, _all: None)
    bundle = handed(path)
    with zipfile.ZipFile(path) as opened:
        assert sha256(opened.read("MANIFEST.json")).hexdigest() == bundle.manifest_sha256
    assert bundle.root == system.tree_root(bundle.size).hex()
    span: dict[str, Any] = {"tree_size": bundle.size, "first_index": 0, "last_index": bundle.size - 1}
    said = oversight.EvidenceBundleExported(
        **place, bundle=1, manifest_sha256=bundle.manifest_sha256, root=bundle.root, **span
    )
    index = held.do(said)[0].index
    shown = http.get(f"/api/v1/requirements/hcd/{YEAR}/1", params={"on": today.isoformat(), "wait_until": index}).json()
    assert shown["bundle_list"][0]["manifest_sha256"] == bundle.manifest_sha256
    assert (shown["status"], shown["due_on"]) == ("pending", due.isoformat())
    late = http.get(f"/api/v1/requirements/hcd/{YEAR}/1", params={"on": f"{YEAR + 1}-12-31"}).json()
    assert late["status"] == "overdue"
    code, report = ran(path, "--self-contained", "--lang=en")
    assert "bundle-root-differs" not in report
    assert code in {0, 1}  # the certificate with the false root above is in it, and is found
    assert "negative-root-differs" in report


def test_the_desk_drafts_minutas(system: System, held: Town) -> None:
    """A14: the lighter record of a session without agreements, called by its name."""
    sitting = sit(held, 4, None)
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    act, blocks = desk.draft(sitting.path, instrument="minuta")
    assert act.instrument == "minuta"
    texts = [disclosure.parse(text).value["text"] for text in blocks.disclosures.values()]
    assert "MINUTA DE LA REUNIÓN" in texts[0]
    held.do(act, basis=[f"session/{sitting.path}"], blocks=blocks.disclosures)
    assert getattr(system.ledger.state(f"acta/{sitting.path}"), "instrument", None) == "minuta"


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_is_reached_over_http(verdict: Verdict) -> None:
    """Each of the twelve verdicts is what some test of these two files gets out of the endpoint."""
    here = Path(__file__)
    asserted = "".join(path.read_text("utf-8") for path in (here, here.with_name("test_verification.py")))
    assert re.search(rf'verdicts\([^\n]*"{verdict}"|\["{verdict}"|"{verdict}"\)', asserted), verdict
