"""Settings: one reader, loopback only, nothing unsafe in production, a table that is current."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from api.demo_keys import DemoKeys
from api.settings import Settings, SettingsError, load, table
from api.wiring import build
from ledger.errors import StoreError

ROOT = Path(__file__).parents[2]
DATABASE = "postgresql://nobody@127.0.0.1:1/none"


def test_the_table_is_current() -> None:
    """docs/settings.md is what `python -m api.settings` prints."""
    assert (ROOT / "docs/settings.md").read_text() == table()


def test_every_setting_is_in_the_table() -> None:
    """Each variable stands in the table with what it does."""
    for name, field in Settings.model_fields.items():
        assert field.description
        assert f"`{'DATABASE_URL' if name == 'database_url' else f'ACERVO_{name.upper()}'}`" in table()


def test_nothing_else_reads_the_environment() -> None:
    """`os.environ` and `os.getenv` stand in api/settings.py alone (house.md §3)."""
    readers = set()
    for top in ("api", "ledger", "projections", "migrations"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "environb"}:
                    readers.add(str(path.relative_to(ROOT)))
    assert readers <= {"api/settings.py", "api/embedded/binaries.py"}


def test_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by its name; an empty DATABASE_URL is none; what the command line says wins."""
    monkeypatch.setenv("ACERVO_PORT", "8111")
    monkeypatch.setenv("DATABASE_URL", "")
    assert load().port == 8111
    assert load().embedded
    assert load(port=8222).port == 8222
    assert load(port=None).port == 8111


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ACERVO_PORT", "99999"),
        ("ACERVO_PORT", "x"),
        ("ACERVO_HOST", "0.0.0.0"),  # noqa: S104  that is what is refused
        ("ACERVO_HOST", "acervo.example"),
        ("ACERVO_ORIGIN", "https://actas.example"),
        ("ACERVO_ORIGIN", "Actas.example/x y"),
        ("ACERVO_PUBLIC_URL", "javascript:1"),
        ("ACERVO_DOCUMENTS_URL", "ftp://x/y"),
        ("ACERVO_PRODUCTION", "true"),
        ("ACERVO_TSA_ROOTS", "/dev/null"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """A value out of its range, a public address outside of production, production without a database: refused."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        load()
    assert refused.value.code == "setting-invalid"


def test_production_listens_where_it_is_told() -> None:
    """With a database of its own, production may listen on any address."""
    settings = load(production=True, database_url=DATABASE, host="0.0.0.0")  # noqa: S104
    assert settings.host == "0.0.0.0"  # noqa: S104


def test_production_refuses_demo_keys(tmp_path: Path) -> None:
    """A data directory with demo keys in it is no production, before anything else is touched."""
    DemoKeys(tmp_path)("founder-1")
    with pytest.raises(StoreError) as refused:
        build(load(production=True, database_url=DATABASE, data_dir=tmp_path))
    assert refused.value.code == "production-demo-keys"


def test_a_password_is_not_shown() -> None:
    """The database's URL is a secret: it is in no representation of the settings."""
    assert "geheim" not in repr(load(database_url="postgresql://a:geheim@x/y"))


def test_demo_keys_are_their_owners_alone(tmp_path: Path) -> None:
    """Files of mode 0600 in a directory of 0700; the same name gives the same key, also to another process."""
    keys = DemoKeys(tmp_path)
    first = keys("hcd.obrero-1")
    assert DemoKeys(tmp_path)("hcd.obrero-1").public.keyid == first.public.keyid
    assert keys.person_id("a") == DemoKeys(tmp_path).person_id("a") != keys.person_id("b")
    assert keys.log_key("actas.example/x").read_text().startswith("PRIVATE+KEY+actas.example/x+")
    assert keys.directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in keys.directory.iterdir()} == {0o600}
    with pytest.raises(StoreError):
        keys("../fuera")
