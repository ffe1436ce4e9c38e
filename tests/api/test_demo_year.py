"""The demo year: lawful, counted, in its own months, and marked as fictitious wherever it is read."""

from __future__ import annotations

import stat
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.client import Client
from api.demo.efirma import PASSWORD
from api.demo.telling import unfinished
from api.demo.year import script
from api.demo.year.counters import COUNTERS, check
from api.demo.year.settle import found
from api.demo.year.teller import ToldWrongError
from api.demo_keys import DIRECTORY, DemoKeys
from api.main import create_app
from ledger.acts.trust import SeriesOpened
from ledger.compose import Officer
from ledger.crypto.keys import PrivateKey
from ledger.crypto.x509 import Certificate
from ledger.domain.trust import KeyState
from ledger.statement import Entry
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.commands import run, use
from tests.kit.leaks import defined, leaks, sealed_words, vocabulary
from tests.kit.served import served
from tests.kit.tools import pdfsig
from tests.kit.waiting import WAIT_S
from tests.kit.year import YearInMemory

if TYPE_CHECKING:
    from pathlib import Path

    from api.system import System

REFUSED = [
    "quorum-lost",
    "objections-differ",
    "already-notified",
    "text-classified",
    "not-in-office",
    "not-eligible",
]
BANNER = "Datos ficticios"


def test_every_act_of_the_year_is_lawful_and_what_is_not_is_refused() -> None:
    """Told to a ledger in memory, all acts pass the rules; the attempts that must fail do, with their codes."""
    told = YearInMemory()
    script.tell(told.teller)
    assert told.teller.refusals == REFUSED
    first, last = (Entry.parse(told.store.raws[at]) for at in (0, -1))
    assert (first.recorded_at[:10], last.recorded_at[:7]) == ("2025-11-03", "2026-10")
    assert told.store.clock.isoformat() == "2026-11-03T09:00:00-06:00"


def test_no_sealed_word_of_the_year_stands_in_an_entry() -> None:
    """Of all words of all texts that officers sealed, none is in an entry but what format or identifiers say."""
    told = YearInMemory()
    script.tell(told.teller)
    secret = sealed_words(list(told.vault.texts.values())) - vocabulary() - defined(told.store.raws)
    assert len(secret) > 500
    assert leaks(told.store.raws, secret) == []


def test_the_teller_says_where_story_and_ledger_disagree() -> None:
    """What is refused and should not be, what is not refused and should be: both end the story."""
    told = YearInMemory()
    teller = told.teller
    found(teller)
    opened = SeriesOpened(body="hcd", series="agreement.2026", first=3)
    with pytest.raises(ToldWrongError, match="told-refused"):
        teller.do(opened, "ledger")
    other = YearInMemory()
    found(other.teller)
    with pytest.raises(ToldWrongError, match="told-refused-otherwise"):
        other.teller.refused("no-quorum", opened, "ledger")
    with pytest.raises(ToldWrongError, match="told-late"):
        other.teller.at("2025-11-02 10:00")


def test_the_counters_are_those_of_the_story(year: tuple[System, str]) -> None:
    """What the registries count over HTTP is what the story states (domain.md §7.5), and it is printed."""
    system, said = year
    with served(create_app(system)) as url, Client(url) as client:
        counted = check(client, system.size())
    assert counted == {name: wanted for name, (wanted, _) in COUNTERS.items()}
    for name, count in counted.items():
        assert f"{count:5}  {name}" in said
    assert BANNER in said
    assert not unfinished(system)


def test_acts_are_recorded_in_the_year_that_they_tell(year: tuple[System, str]) -> None:
    """Recorded times rise from November 2025 to October 2026 and fall in every month between."""
    system, _ = year
    stamps = [Entry.parse(raw).recorded_at for raw in system.entries(0, system.size())]
    assert stamps == sorted(stamps)
    months = {stamp[:7] for stamp in stamps}
    assert months == {"2025-11", "2025-12", *(f"2026-{month:02}" for month in range(1, 11))}


def test_every_answer_says_that_the_data_are_fictitious(year: tuple[System, str]) -> None:
    """Header on answers and problems; root and health say it in words, and whose clock it is."""
    system, _ = year
    with served(create_app(system)) as url:
        for path in ("/", "/api/v1", "/api/v1/health", "/api/v1/agreements", "/checkpoint", "/nowhere"):
            assert httpx.get(f"{url}{path}", timeout=WAIT_S).headers["acervo-aviso"] == BANNER
        assert httpx.post(f"{url}/api/v1/acts", content=b"{", timeout=WAIT_S).headers["acervo-aviso"] == BANNER
        assert httpx.get(f"{url}/api/v1/health", timeout=WAIT_S).json()["notice"] == BANNER
        root = httpx.get(url, timeout=WAIT_S).json()
        assert (root["notice"], root["clock"]) == (
            BANNER,
            {"simulated": True, "now": "2026-11-03T09:00:00-06:00"},
        )


def test_the_client_signs_by_the_demos_clock(year: tuple[System, str]) -> None:
    """Who submits to the demo today signs at the instant at which its story ended."""
    system, _ = year
    with served(create_app(system)) as url, Client(url) as client:
        assert client.desk.now() == "2026-11-03T09:00:00-06:00"


def test_the_years_bundle_verifies(
    year: tuple[System, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` and the offline verifier find nothing in the year, V10 included."""
    system, _ = year
    use(system.settings, monkeypatch)
    bundle = str(tmp_path / "libro.evidencia.zip")
    for arguments in (["check"], ["export", "bundle", bundle], ["verify", bundle, "--self-contained"]):
        assert run(*arguments) == 0, arguments
    assert "RESULTADO: VERIFICADO" in capsys.readouterr().out


STORY: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "tie, casting vote": (
        "votes/hcd/2026/ord/2/4",
        {},
        {"favor": 4, "contra": 4, "casting": "favor", "result": "approved"},
    ),
    "voto particular": ("dissents/hcd/2026/ord/2/4/patronal-3", {}, {"form": "particular"}),
    "recusal": ("votes/hcd/2026/ord/3/5", {}, {"eligible_count": 8, "favor": 6, "contra": 1, "abstencion": 1}),
    "election": ("votes/hcd/2026/ord/3/7", {}, {"method": "secret", "favor": 5, "contra": 4}),
    "unit before": ("units/daed", {"on": "2026-03-24"}, {"code": "DAED"}),
    "unit after": ("units/daed", {"on": "2026-03-25"}, {"code": "DOE"}),
    "second call": ("sessions/hcd/2026/ext/2", {}, {"call": 2, "phase": "closed", "agreements": [33, 34]}),
    "four of eight": ("votes/hcd/2026/ord/7/2", {}, {"favor": 4, "contra": 3, "abstencion": 1, "result": "rejected"}),
    "veto confirmed": ("agreements/ccvn/2026/2", {}, {"validity": "annulled"}),
    "suspended then": ("agreements/hcd/2026/112", {"known_on": "2026-09-01"}, {"validity": "suspended"}),
    "overturned": ("votes/agd/2026/ext/1/1", {}, {"favor": 16, "contra": 12, "abstencion": 2, "result": "approved"}),
    "overdue clock": ("follow-up/hcd/2026/112/2", {"on": "2026-11-03"}, {"status": "overdue", "days_overdue": 6}),
    "reserved": ("agreements/hcd/2026/40", {}, {"publicity": "partial"}),
    "not modified yet": ("follow-up/hcd/2026/19/2", {"on": "2026-09-29"}, {"due_on": "2026-08-31"}),
    "without effect": ("agreements/hcd/2021/99", {}, {"validity": "revoked"}),
    "minuta": ("actas/gtt/2026/ord/1", {}, {"instrument": "minuta"}),
    "acta that waits": ("actas/hcd/2026/ord/9", {}, {"phase": "drafted", "signatures": []}),
    "book handed over": ("books/hcd/2025/1", {}, {"phase": "archived"}),
    "credential": ("credentials/hcd/obrero-2/1/1", {}, {"phase": "revoked", "reason": "designation-ended"}),
    "number of the year's end": ("agreements/hcd/2025/218", {}, {"identifier": "ACDO.AS2.HCD.171225/218.P.DIR"}),
    "numbers begin anew": ("agreements/hcd/2026/1", {}, {"identifier": "ACDO.AS2.HCD.280126/1.P.SG"}),
}
"""What the timeline of domain.md §7.2 lets one assert: an address, its query, some of what it answers."""


@pytest.mark.parametrize("what", STORY)
def test_the_timeline_stands_in_the_registries(year: tuple[System, str], what: str) -> None:
    """A line of the timeline, read over HTTP, is as it was told."""
    system, _ = year
    path, query, expected = STORY[what]
    with served(create_app(system)) as url, Client(url) as client:
        found = client.get(f"/api/v1/{path}", **query)
    assert {name: found[name] for name in expected} == expected


def test_what_ends_soon_is_on_the_board(year: tuple[System, str]) -> None:
    """In September the auditor's requirement, a reservation, terms and resolutivos are about to end; a body counts."""
    system, _ = year
    with served(create_app(system)) as url, Client(url) as client:
        found = client.get("/api/v1/expiries", as_of="2026-09-20", days="366", limit="500")["data"]
        figures = client.get("/api/v1/bodies/hcd/statistics", as_of="2026-11-03", date_from="2026-01-01")
    assert {"classification", "designation", "requirement", "resolution"} <= {each["kind"] for each in found}
    requirement = next(each for each in found if each["kind"] == "requirement")
    assert (requirement["due_on"], requirement["days_left"]) == ("2026-09-29", 9)
    assert [each["days_left"] for each in found] == sorted(each["days_left"] for each in found)
    assert figures["sessions"]["held"] > 8
    assert figures["actas"]["waiting"] > 0


def test_real_data_are_not_imported_into_a_demo(
    year: tuple[System, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every answer of a demo says that its data are invented: what is not goes into another ledger."""
    system, _ = year
    use(system.settings, monkeypatch)
    assert run("import", "plain", str(tmp_path)) == 2
    assert "datos ficticios" in capsys.readouterr().err


def test_an_officer_goes_on_where_the_story_ends(year: tuple[System, str]) -> None:
    """The secretary of the demo signs one more act with her demo key, by the demo's clock."""
    system, _ = year
    size = system.size()
    key = DemoKeys(system.settings.data_dir)("hcd.secretario")
    with served(create_app(system)) as url, Client(url) as client:
        done = client.sign_and_submit(
            lambda _number: SeriesOpened(body="hcd", series="certification.2027", first=100),
            Officer(key, "designation/hcd/secretario/1"),
        )
    assert done.index == size


EFIRMA = f"{DIRECTORY}/efirma"
ENROLLED = ["CertificateAuthorityTrusted/1"] * 2 + ["KeyEnrolled/1", "KeyAccepted/1"]


@pytest.fixture
def there(year: tuple[System, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> System:
    """Give the told year, which commands find, and a directory to work in."""
    system, _ = year
    use(system.settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return system


def test_an_efirma_is_made_and_enrolled_once(there: System, capsys: pytest.CaptureFixture[str]) -> None:
    """Four acts are appended, the last by the key itself; a second run changes neither files nor ledger."""
    size, folder = there.size(), there.settings.data_dir / EFIRMA
    assert run("demo", "--efirma") == 0
    said = capsys.readouterr().out
    acts = [Entry.parse(raw).act.statement for raw in there.store.entries(size)]
    assert [each.type for each in acts] == ENROLLED
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    secret = PrivateKey.from_der((folder / "secretaria.key").read_bytes(), PASSWORD.encode())
    certificate = Certificate.parse((folder / "secretaria.cer").read_bytes())
    assert certificate.spki == secret.public.spki
    assert (len(certificate.serial), "Datos ficticios" in certificate.name) == (20, True)
    key = there.ledger.state(f"key/{secret.public.keyid}")
    assert isinstance(key, KeyState)
    assert key.accepted_index == there.size() - 1
    held = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
    assert run("demo", "--efirma") == 0
    again = capsys.readouterr().out
    assert said.splitlines()[2:] == again.splitlines()[2:]
    assert "ya estaba hecha" in again
    assert there.size() == size + len(ENROLLED)
    assert held == {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_what_it_says_to_type_signs_the_last_certificate(
    there: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prepared, signed, kept, handed out, verified with the demo's root: VALID; Poppler finds the signature valid."""
    assert run("demo", "--efirma") == 0
    (tmp_path / "clave").write_text(f"{PASSWORD}\n")
    lines = [line.split()[1:] for line in capsys.readouterr().out.splitlines() if "-m api.cli.main" in line]
    asked = [arguments[arguments.index("api.cli.main") + 1 :] for arguments in lines]
    assert [each[0] for each in asked] == ["document", "document", "document", "certificate", "export", "verify"]
    asked[1] += ["--password-file", "clave", "--yes"]
    for arguments in asked:
        assert run(*arguments) == 0, arguments
    assert "VEREDICTO sobre el documento, con los actos que trae: VALID\n" in capsys.readouterr().out
    signed, root = (tmp_path / "entrega.pdf").read_bytes(), (there.settings.data_dir / EFIRMA / "raiz.cer").read_bytes()
    paper = check_pdf(signed, Trust(roots=(Certificate.parse(root),)))
    assert [(each.chained, each.code) for each in paper.signers] == [(True, "")]
    assert b"Signature is Valid" in pdfsig(signed, tmp_path)
