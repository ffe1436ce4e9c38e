"""Real rolls: converted without invention, imported, exported, verified by strangers, certified."""

from __future__ import annotations

import csv
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from api.actas import ActaDesk
from api.demo.record import certify, record
from api.demo.seed import town_of
from api.exporting import export_bundle, export_log_to, policy_of
from api.importers.command import import_mexico
from api.importers.mexico import Counts, convert
from api.verification import check_certification, report
from ledger.acts.designation import DesignationRegistered
from ledger.clock import written_now
from ledger.compose import Batch, Officer
from ledger.domain.acta import ActaState
from ledger.domain.states import VoteState
from ledger.errors import UntrustedInputError
from ledger.ids import MAX_DISCLOSURE_BYTES
from ledger.verify.bundle import Bundle
from ledger.verify.checks import verify
from ledger.verify.report import as_json
from ledger.verify.trust import Trust
from tests.importers.kit import refused
from tests.kit.shared import shared
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from api.importers.report import Report
    from api.system import System
    from tests.kit.postgres import Database

EXCERPT = Path(__file__).parents[1] / "data" / "mexico-excerpt"
DATA = "data/mexico-diputados-LX-LXI"
DAY = "diputados/2006/pleno/2"
CHECKED = ("one-mark-per-seat", "mandate", "tally", "majority", "numbering", "one-holder", "authority")
LACKING = {"agenda", "attendance", "notice", "quorum"}


def _ignore(_done: int, _all: int) -> None:
    pass


@dataclass
class Imported:
    """A system with real rolls in it."""

    system: System
    report: Report
    seconds: float


def _imported(database: Database, directory: Path, source: Path, days: int | None = None) -> Iterator[Imported]:
    with running(settings_for(database, directory)) as system:
        begun = time.monotonic()
        done = import_mexico(system, source, town_of(system).founder, days=days)
        yield Imported(system, done, time.monotonic() - begun)


@pytest.fixture(scope="module")
def excerpt(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Imported]:
    """Give a system into which the repository's excerpt was imported."""
    with make_database() as database:
        yield from _imported(database, tmp_path_factory.mktemp("excerpt"), EXCERPT)


# -- the excerpt that stands in the repository -----------------------------------------------------------------


def test_the_excerpt_converts_to_the_same_bytes(tmp_path: Path) -> None:
    """The same source gives the same folder, so that its hashes mean something."""
    assert convert(EXCERPT, tmp_path / "a") == Counts(sessions=3, votes=8, marks=4024, mandates=506, derived=6)
    convert(EXCERPT, tmp_path / "b")
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes(), file.name


def test_the_excerpt_is_taken_whole(excerpt: Imported) -> None:
    """Three days of 2006: nothing is refused, and each tally is the published one."""
    assert refused(excerpt.report) == []
    taken = excerpt.report.as_json()["taken"]
    assert (taken["sessions"], taken["votes"], taken["marks"], taken["designations"]) == (3, 8, 4024, 506)
    assert _tallies_equal(excerpt.system, EXCERPT) == 8


def test_a_bundle_of_it_verifies_and_says_what_the_source_lacks(excerpt: Imported, tmp_path: Path) -> None:
    """V1 to V13 find nothing; V10 lists the rules that it applied and those for which the source has nothing."""
    outcome = _verified(excerpt.system, tmp_path)
    assert (outcome["exit"], outcome["findings"]) == (0, [])
    assert set(CHECKED) <= outcome["rules"].keys()
    assert set(outcome["lacking"]) >= LACKING
    assert outcome["remarked"]["two-holders-marked"] == excerpt.report.remarks["two-holders-marked"]


def test_a_real_day_is_certified(excerpt: Imported) -> None:
    """A secretary designated in the ledger drafts, signs, seals and certifies the acta of a day; the check is VALID."""
    _certify_day(excerpt.system, DAY)
    said = report(check_certification(excerpt.system, "diputados", _year(), 1))
    assert (said["headline"].code, [each["verdict"].code for each in said["verdicts"]]) == (
        "verdict-valid",
        ["verdict-valid"],
    )
    assert said["aspects"]["authenticity"]["outcome"] == "proved"


def test_an_acta_of_five_hundred_names_is_drafted_whole(excerpt: Imported) -> None:
    """Three roll calls of 506 deputies: all in one draft, each block far within its limit."""
    act, sealed = _desk(excerpt.system).draft(DAY)
    assert act.imported
    assert act.blocks == len(sealed.disclosures) == 19
    assert max(len(text) for text in sealed.disclosures.values()) < MAX_DISCLOSURE_BYTES / 4


def test_another_folder_is_not_taken_for_the_data_set(tmp_path: Path) -> None:
    """A folder without the files, with other columns, with a torn archive: said in one sentence, nothing is written."""
    for spoil in (_nothing, _other_columns, _torn, _strangers):
        source = tmp_path / spoil.__name__
        source.mkdir()
        for file in EXCERPT.iterdir():
            shutil.copy(file, source)
        spoil(source)
        with pytest.raises(UntrustedInputError) as error:
            convert(source, tmp_path / f"{spoil.__name__}-out")
        assert error.value.code == "source-unknown"


def _nothing(source: Path) -> None:
    (source / "votaciones.csv").unlink()


def _other_columns(source: Path) -> None:
    (source / "votaciones.csv").write_text("a,b\n1,2\n")


def _torn(source: Path) -> None:
    packed = source / "votos.csv.gz"
    packed.chmod(0o644)
    packed.write_bytes(packed.read_bytes()[:-100])


def _strangers(source: Path) -> None:
    (source / "diputados_designaciones.csv").write_text(
        "diputado_id,legislatura,nombre,partido,estado,tipo,toma_protesta,licencia_1,reincorporacion,licencia_2\n"
    )


# -- the data set itself ---------------------------------------------------------------------------------------


@pytest.mark.realdata
def test_ten_real_days(make_database: Callable[[], AbstractContextManager[Database]], tmp_path: Path) -> None:
    """A slice of the whole data set with all 2,010 mandates: nothing refused, tallies equal, verified."""
    source = shared(DATA)
    with make_database() as database:
        for done in _imported(database, tmp_path / "data", source, days=10):
            assert refused(done.report) == []
            taken = done.report.as_json()["taken"]
            assert (taken["sessions"], taken["votes"], taken["marks"], taken["designations"]) == (10, 16, 8048, 2010)
            assert _tallies_equal(done.system, source) == 16
            outcome = _verified(done.system, tmp_path)
            assert (outcome["exit"], outcome["findings"]) == (0, [])


@pytest.mark.slow
@pytest.mark.realdata
@pytest.mark.timeout(1200)
def test_six_real_years(
    make_database: Callable[[], AbstractContextManager[Database]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """260 sessions, 1,328 votes, 662,314 marks, 2,010 mandates: none refused, tallies equal, verified, certified."""
    source = shared(DATA)
    with make_database() as database:
        for done in _imported(database, tmp_path / "data", source):
            assert refused(done.report) == []
            said = done.report.as_json()
            assert said["taken"] == {
                "bodies": 1,
                "designations": 2010,
                "leaves": 318,
                "marks": 662_314,
                "persons": 2010,
                "seats": 506,
                "sessions": 260,
                "votes": 1328,
            }
            assert said["remarks"] == {"mandate-dates-derived": 149, "two-holders-marked": 953}
            assert _tallies_equal(done.system, source) == 1328
            _certify_day(done.system, DAY)
            begun = time.monotonic()
            outcome = _verified(done.system, tmp_path)
            with capsys.disabled():
                print(f"\nimported in {done.seconds:.1f} s, verified in {time.monotonic() - begun:.1f} s")  # noqa: T201
            assert (outcome["exit"], outcome["findings"]) == (0, [])
            assert outcome["rules"]["tally"] == 1328
            assert outcome["remarked"]["two-holders-marked"] == 953
            verdict = report(check_certification(done.system, "diputados", _year(), 1))
            assert verdict["headline"].code == "verdict-valid"


# -- what the tests do -----------------------------------------------------------------------------------------


def _year() -> int:
    return int(written_now()[:4])


def _tallies_equal(system: System, source: Path) -> int:
    """Count the votes of the source whose tally in the ledger, by day and turn, is the published one."""
    with (source / "votaciones.csv").open(encoding="utf-8-sig", newline="") as file:
        votes = sorted(
            csv.DictReader(file), key=lambda vote: (vote["fecha"], int(vote["votacion_id"].rpartition("vot")[2]))
        )
    days: dict[int, list[str]] = {}
    turns: dict[str, int] = {}
    equal = 0
    for vote in votes:
        day = vote["fecha"]
        held = days.setdefault(int(day[:4]), [])
        if day not in held:
            held.append(day)
        turns[day] = turns.get(day, 0) + 1
        state = system.ledger.state(f"vote/diputados/{day[:4]}/pleno/{len(held)}/{turns[day]}")
        if isinstance(state, VoteState):
            published = (int(vote["favor"]), int(vote["contra"]), int(vote["abstencion"]))
            equal += (state.favor, state.contra, state.abstencion) == published
    return equal


def _verified(system: System, directory: Path) -> dict[str, Any]:
    """Export the log and a bundle, and verify the bundle with the policy and founding that we know of ourselves."""
    export_log_to(system, directory / "log", _ignore)
    path = directory / "libro.evidencia.zip"
    export_bundle(system, path, [], _ignore)
    founding = system.store.founding()
    assert founding is not None
    trust = Trust(policy=policy_of(system), founding=founding.sha256)
    with Bundle.open(path) as bundle:
        said: dict[str, Any] = orjson.loads(as_json(verify(bundle, trust), self_contained=False))
    return said


def _desk(system: System) -> ActaDesk:
    return ActaDesk(system.store, system.vault, system.ledger.state)


def _certify_day(system: System, path: str) -> None:
    """Designate a secretary of the chamber, in the ledger and with his own key; let him record and certify a day."""
    town = town_of(system)
    key = town.keys("diputados.secretaria")
    secretary = Officer(key, "designation/diputados/secretaria/1")
    batch = Batch(town.desk)
    town.enrol(batch, "p-secretaria-diputados", "Amparo Lizárraga Núñez", key)
    batch.sign(
        DesignationRegistered(
            body="diputados",
            seat="secretaria",
            number=1,
            person="p-secretaria-diputados",
            capacity="propietario",
            begins_at="2024-01-01T00:00:00-06:00",
        ),
        town.founder,
    )
    system.submit(batch.acts)
    record(town, _desk(system), path, {"secretaria": secretary})
    acta = system.ledger.state(f"acta/{path}")
    assert isinstance(acta, ActaState)
    assert (acta.phase, acta.imported) == ("sealed", True)
    certify(town, ("diputados", _year(), 1), {f"acta/{path}": acta}, secretary)
