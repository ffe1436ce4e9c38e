"""A ledger founded for real: keys made by the officers, nothing of the demo, and personal data that goes for good."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import httpx
import pytest

from api.demo.seed import found_demo, found_only, town_of
from api.main import create_app
from api.settings import Settings
from api.wiring import build
from ledger.acts.transparency import ErasedDisclosure, PersonalDataErased
from ledger.acts.trust import PersonRegistered
from ledger.errors import StoreError
from ledger.statement import Entry
from tests.kit.commands import run, use
from tests.kit.served import served
from tests.kit.system import running, settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kit.postgres import Database

ORIGIN = "actas.prueba.example/libro"


def test_founding_with_keys_of_ones_own(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By key new, found, act show: entry 0 names two officers and the recovery key; a second founding is refused."""
    settings = settings_for(database, tmp_path / "var")
    use(settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    for name in ("uno", "dos", "frio"):
        assert run("key", "new", f"{name}.pem") == 0
    officers = ["--officer", "p-1=uno.pem.spki", "--officer", "p-2=dos.pem.spki"]
    rest = ["--recovery", "frio.pem.spki", "--key", "uno.pem", "--institution", "Instituto Ficticio"]
    assert run("found", *officers) == 2
    assert run("found", "--officer", "sin-igual", *rest) == 2
    assert run("found", *officers[:2], *rest, "--origin", ORIGIN) == 2  # one officer is not enough
    assert run("found", *officers, *rest, "--origin", ORIGIN) == 0
    assert run("found", *officers, *rest) == 2
    assert "El libro ya está fundado" in capsys.readouterr().err
    assert run("act", "show", "0") == 0
    statement = json.loads(capsys.readouterr().out)["statement"]
    assert (statement["ledger"], statement["data"]["origin"]) == (ORIGIN, ORIGIN)
    assert "Instituto Ficticio" not in json.dumps(statement)
    assert run("migrate") == 0
    assert run("check") == 0


def test_the_demo_goes_on_where_it_was_interrupted(database: Database, tmp_path: Path) -> None:
    """Founded and not settled: the next start settles; settled: it changes nothing; production: never."""
    settings = settings_for(database, tmp_path / "var")
    with running(settings, settled=False) as system:
        found_only(system)
        assert system.size() == 1
        found_demo(system)
        size = system.size()
        found_demo(system)
        found_only(system)
        assert system.size() == size > 1
        system.settings = Settings.model_validate({**settings.model_dump(), "production": True})
        with pytest.raises(StoreError) as refused:
            town_of(system)
        assert refused.value.code == "production-demo-keys"


def test_what_is_erased_is_gone_from_the_vault_and_everything_else_stays(database: Database, tmp_path: Path) -> None:
    """The act of erasure destroys the text, at once; the entry, its proof and its verdict stay what they were."""
    with running(settings_for(database, tmp_path / "var")) as system, served(create_app(system)) as url:
        town = town_of(system)
        placed = town.do(PersonRegistered(person="p-fuera"), town.founder, sealed={"name": "Nombre Ficticio"})[0]
        digest = Entry.parse(placed.entry).act.statement.sealed["name"]
        assert system.vault.disclosure(digest) is not None
        erased = ErasedDisclosure(index=placed.index, name="name", digest=digest)
        act = PersonalDataErased(disclosures=(erased,), ground="data-subject-right", irrecoverable_on="2099-01-01")
        town.do(act, town.founder)
        assert system.vault.disclosure(digest) is None
        assert system.entries(placed.index, 1)[0] == placed.entry
        verdict = httpx.get(f"{url}/api/v1/acts/{placed.index}/verification", timeout=30).json()
        assert verdict["headline"] == "VALID"
        system.erase_again()


def test_production_refuses_what_is_only_for_trying_out(database: Database, tmp_path: Path) -> None:
    """A ledger with a simulated clock, and one without a key of its own for checkpoints, are no production."""
    settings = settings_for(database, tmp_path / "var")
    production = settings.model_dump() | {"production": True}
    with pytest.raises(StoreError) as refused:
        build(Settings.model_validate(production))
    assert refused.value.code == "production-log-key"
    with running(settings, settled=False) as system:
        town_of(system).found("simulated")
    shutil.rmtree(tmp_path / "var" / "demo-keys")
    with pytest.raises(StoreError) as refused:
        build(Settings.model_validate(production))
    assert refused.value.code == "production-simulated-clock"
