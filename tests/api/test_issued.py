"""Certificates as they were issued: the file that was signed is handed out; a batch that was killed goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.actas import ActaDesk
from api.demo.record import certify, record
from api.demo.seed import town_of
from api.documents import press_of
from api.documents.batch import FEW
from api.signing import sign_pdf
from ledger.crypto.x509 import Certificate
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.api.test_certificates import YEAR, sit
from tests.kit.commands import run, use
from tests.kit.efirma import enrol_efirma, trust_authorities
from tests.kit.paper import Efirma, authority
from tests.kit.pdfa import complaints, findings

if TYPE_CHECKING:
    from api.system import System
    from tests.kit.efirma import Holder

FIELD = "firma-hcd-secretario"
CERTIFICATES = FEW + 4
TRUST = Trust(roots=(Certificate.parse(authority().root.der),))


@dataclass(frozen=True)
class Town:
    """A system with certificates over one acta, and its officers' e.firmas."""

    system: System
    secretary: Holder
    chair: Holder

    def key(self, number: int) -> str:
        """Return a certificate's key."""
        return f"hcd/{YEAR}/{number}"


@pytest.fixture(scope="module")
def issued_ones(system: System) -> Town:
    """Give the certificates."""
    town = town_of(system)
    trust_authorities(town)
    secretary = enrol_efirma(town, "secretario", "AMPARO LIZÁRRAGA NÚÑEZ")
    chair = enrol_efirma(town, "estado-1", "ELVIRA RONQUILLO PAZ", "p256")
    path = sit(town, 1, 1).path
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    record(town, desk, path, {"secretario": town.secretary, "estado-1": town.chair})
    for number in range(1, CERTIFICATES + 1):
        certify(town, ("hcd", YEAR, number), [f"acta/{path}"], town.secretary)
    return Town(system, secretary, chair)


@pytest.fixture
def there(issued_ones: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a directory to work in, from which commands find the ledger."""
    use(issued_ones.system.settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepared(key: str) -> Path:
    """Write a certificate with its empty field by command."""
    path = Path(f"{key.replace('/', '-')}.pdf")
    assert run("document", "prepare", "certificacion", key, str(path)) == 0
    return path


def signed(path: Path, who: Efirma) -> Path:
    """Sign a prepared file where it is."""
    path.write_bytes(
        sign_pdf(path.read_bytes(), FIELD, who.key, [who.certificate, authority().issuer.der], datetime.now(UTC))
    )
    return path


def test_what_was_signed_is_what_is_handed_out(
    issued_ones: Town, there: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signed elsewhere and kept, the very file comes out again, one by one and in a batch; to the public the print."""
    key = issued_ones.key(1)
    file = signed(prepared(key), issued_ones.secretary.efirma)
    assert run("certificate", "render", key, "before.pdf") == 0
    assert (there / "before.pdf").read_bytes() == press_of(issued_ones.system).render("certificacion", key)
    assert run("document", "keep", "certificacion", key, str(file)) == 0
    assert FIELD in capsys.readouterr().out
    assert run("certificate", "render", key, "after.pdf") == 0
    assert "tal como se firmó" in capsys.readouterr().out
    raw = (there / "after.pdf").read_bytes()
    assert raw == file.read_bytes()
    assert check_pdf(raw, TRUST).exit_code(self_contained=True) == 0
    assert (findings(raw), complaints(raw)) == ([], [])
    assert run("certificate", "render", key, "open.pdf", "--public") == 0
    assert issued_ones.secretary.cer not in (there / "open.pdf").read_bytes()
    assert run("document", "keep", "certificacion", key, str(file)) == 0  # the same one again


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("wrong", ["unsigned", "another", "other-acts", "self-made", "changed"])
def test_what_is_not_the_signed_certificate_is_not_kept(
    wrong: str, issued_ones: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """No signature, somebody else's in the place, another certificate's, a self-made e.firma, a changed byte."""
    key = issued_ones.key(2)
    file = prepared(issued_ones.key(3) if wrong == "other-acts" else key)
    who = {"another": issued_ones.chair.efirma, "self-made": authority().issue("NADIE")}
    if wrong != "unsigned":
        signed(file, who.get(wrong, issued_ones.secretary.efirma))
    if wrong == "changed":
        raw = bytearray(file.read_bytes())
        raw[len(raw) // 2] ^= 1
        file.write_bytes(raw)
    assert run("document", "keep", "certificacion", key, str(file)) == 2
    said = capsys.readouterr().err
    assert {"unsigned": "firma alguna", "other-acts": "no es el documento"}.get(wrong, "") in said
    assert issued_ones.system.papers.issued("certificacion", key) is None


def test_a_batch_that_was_killed_goes_on(issued_ones: Town, there: Path) -> None:
    """Killed in the middle, with its helpers: every file that is there is whole, and the next run writes the rest."""
    folder = there / "all"
    command = [sys.executable, "-m", "api.cli.main", "certificate", "render", "--all", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(list(folder.glob("*.pdf"))) < 3 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    helpers = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL
    written = {path: sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.pdf")}
    assert 3 <= len(written) < CERTIFICATES
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    assert f"Escritas {CERTIFICATES - len(written)} certificaciones" in done
    assert {path: sha256(path.read_bytes()).hexdigest() for path in written} == written
    press, kept = press_of(issued_ones.system), issued_ones.system.papers.issued("certificacion", issued_ones.key(1))
    for number in (2, 3, CERTIFICATES):
        path = folder / f"certificacion-hcd-{YEAR}-{number}.pdf"
        assert path.read_bytes() == press.render("certificacion", issued_ones.key(number))
    first = (folder / f"certificacion-hcd-{YEAR}-1.pdf").read_bytes()
    assert kept is not None
    assert sha256(first).hexdigest() == kept.sha256
    assert len(list(folder.glob("*.pdf"))) == CERTIFICATES
    while any(Path(f"/proc/{pid}").exists() for pid in helpers) and time.monotonic() < deadline + 20:
        time.sleep(0.01)
    assert not [pid for pid in helpers if Path(f"/proc/{pid}").exists()]


def children_of(pid: int) -> list[str]:
    """Return the processes that a process began."""
    try:
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
