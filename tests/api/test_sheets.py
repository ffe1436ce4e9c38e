"""`acervo report`: the same octets twice, from the database and from a bundle; pages that stand alone."""

from __future__ import annotations

import re
from hashlib import sha256
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import orjson
import pytest

from ledger.acts.trust import SeriesOpened
from ledger.auditing import SHEETS
from tests.kit.commands import run, use

if TYPE_CHECKING:
    from pathlib import Path

    from api.demo.town import Town
    from api.system import System


def heard(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command line; return its exit code and what it said on both channels."""
    capsys.readouterr()
    code = run(*arguments)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def here(system: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """Give the system, to which the command line will speak."""
    use(system.settings, monkeypatch)
    return system


def files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_database_and_bundle_give_the_same_octets(
    here: System, town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All sheets: twice from the database, then of a later bundle without database as of the same size."""
    size = here.size()
    one, again, offline = (tmp_path / name for name in ("one", "again", "offline"))
    code, said, _ = heard(capsys, "report", "all", str(one), "--size", str(size))
    assert (code, heard(capsys, "report", "all", str(again), "--size", str(size))[0]) == (0, 0)
    assert files(one) == files(again)

    town.do(SeriesOpened(body="hcd", series="certification.2031", first=7))
    bundle = tmp_path / "libro.evidencia.zip"
    assert heard(capsys, "export", "bundle", str(bundle))[0] == 0
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    code, offline_said, _ = heard(capsys, "report", "all", str(offline), "--size", str(size), "--bundle", str(bundle))
    assert code == 0
    assert files(offline) == files(one)
    assert offline_said.replace("offline", "one") == said
    for name in SHEETS:
        assert f"{sha256(files(one)[f'{name}.csv']).hexdigest()}  {name}.csv" in said


def test_the_folder_says_what_it_rests_on(here: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sheets.json` names ledger, tree and each table's hash; `SHA256SUMS` is of every other file."""
    folder = tmp_path / "sheets"
    assert heard(capsys, "report", "all", str(folder))[0] == 0
    found = files(folder)
    lines = (line.split("  ") for line in found.pop("SHA256SUMS").decode().splitlines())
    sums = {name: digest for digest, name in lines}
    assert sums == {name: sha256(content).hexdigest() for name, content in found.items()}
    said = orjson.loads(found["sheets.json"])
    assert (said["origin"], said["size"], said["simulated"]) == (here.ledger.origin, here.size(), False)
    assert [each["name"] for each in said["sheets"]] == list(SHEETS)
    for each in said["sheets"]:
        assert each["sha256"] == sums[each["path"]]
        assert {"es", "en"} == each["title"].keys() == each["question"].keys()
        assert all(column["es"] and column["en"] for column in each["columns"])


class Reader(HTMLParser):
    """Collects what matters of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))


@pytest.mark.usefixtures("here")
def test_pages_stand_alone_and_are_readable_by_anybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every page has a language, one heading, captions, scopes and its CSV's hash; it runs and fetches nothing."""
    folder = tmp_path / "pages"
    assert heard(capsys, "report", "all", str(folder))[0] == 0
    found = files(folder)
    for name in ("index", *SHEETS):
        page = found[f"{name}.html"].decode()
        reader = Reader()
        reader.feed(page)
        names = [tag for tag, _ in reader.tags]
        assert not {"script", "link", "img", "iframe", "object"} & set(names)
        assert "url(" not in page
        assert ("html", {"lang": "es"}) in reader.tags
        assert names.count("h1") == names.count("main") == 1
        assert names.count("caption") == names.count("table")
        assert all(attrs.get("scope") in {"col", "row"} for tag, attrs in reader.tags if tag == "th")
        assert all(re.fullmatch(r"[a-z]+\.(html|csv)", attrs["href"] or "") for tag, attrs in reader.tags if tag == "a")
        assert name == "index" or sha256(found[f"{name}.csv"]).hexdigest() in page


@pytest.mark.usefixtures("here")
def test_what_cannot_be_told_is_said_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown sheet, more acts than there are, a folder that is not empty, no bundle: exit 2 and why."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    for arguments, words in (
        (("nothing", str(tmp_path / "x")), "No hay una cédula «nothing»"),
        (("all", str(tmp_path / "x"), "--size", "999999"), "no tiene tantos actos"),
        (("late", str(tmp_path / "full")), "no está vacío"),
        (("late", str(tmp_path / "x"), "--bundle", str(tmp_path / "none.zip")), "none.zip"),
    ):
        code, _, complaint = heard(capsys, "report", *arguments)
        assert (code, words in complaint) == (2, True), complaint
    assert files(tmp_path / "full") == {"mine.txt": b"keep"}


def test_a_bundle_under_another_policy_is_refused(
    here: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who brings the log's key from elsewhere gets no sheet of a tree that it did not sign; nor of an excerpt."""
    from tests.kit.books import policy
    from tests.kit.bundles import lawful

    book = lawful().book
    bundle, excerpt = book.bundle(tmp_path / "b.zip"), book.excerpt(tmp_path / "e.zip", [0])
    own, other = tmp_path / "own.txt", tmp_path / "other.txt"
    own.write_bytes(policy().format().encode())
    other.write_text(f"log {here.keys[0].vkey}\nquorum none\n")
    where = ("report", "late", str(tmp_path / "out"), "--bundle")
    assert heard(capsys, *where, str(bundle), "--policy", str(other))[0] == 2
    assert heard(capsys, *where, str(excerpt))[0] == 2
    assert heard(capsys, *where, str(bundle), "--policy", str(own))[0] == 0
