"""Documents over HTTP and by command: a public version of an acta, certificates one by one and all at once."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias

import pytest

from api.demo.record import certify
from api.demo.seed import town_of
from api.documents import press_of
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.api.test_public_versions import SECRET, made
from tests.kit.commands import run, use
from tests.kit.judges import Verdict
from tests.kit.pages import text_of
from tests.kit.pdfa import attachments, complaints, findings
from tests.kit.traces import PHRASES, foreign_glyphs, split, traces

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from api.system import System

Made: TypeAlias = "tuple[System, int, tuple[str, ...]]"
__all__ = ["made"]


def test_of_an_acta_nothing_withheld_is_left_and_the_rest_proves_itself(made: Made, tmp_path: Path) -> None:
    """Blocks are taken out whole; both verifiers find the open ones to be of the sealed acta."""
    system, index, closed = made
    raw = press_of(system).render("version-publica", f"{index}/1", public=True)
    assert (findings(raw), complaints(raw)) == ([], [])
    withheld, known = split(system.vault.disclosures(index), closed)
    assert traces(raw, withheld, (*known, *PHRASES)) == []
    assert foreign_glyphs(raw) == set()
    assert SECRET not in text_of(raw)
    text = " ".join(text_of(raw).split())
    assert text.count("TESTADO") == len(closed)
    assert "Estrategia de inspección en curso" in text
    [(name, content)] = attachments(raw).items()
    (tmp_path / name).write_bytes(content)
    verdict = Verdict(tmp_path / name)
    assert (verdict.exit, verdict.hits) == (0, set())
    [version] = check_pdf(raw, Trust()).versions
    assert [each.name for each in version.withheld] == sorted(closed, key=lambda each: int(each.rpartition("/")[2]))
    assert len(version.open) + len(closed) == len([each for each in system.disclosures(index) if "block/" in each])


def test_over_http_only_what_is_public(made: Made, http: httpx.Client) -> None:
    """The version is given with its validator; the acta of which a block is withheld is refused."""
    system, index, _ = made
    answer = http.get(f"/api/v1/documents-of/version-publica/{index}/1.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content == press_of(system).render("version-publica", f"{index}/1", public=True)
    again = http.get(answer.request.url.path, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    page = http.get(f"/api/v1/documents-of/version-publica/{index}/1.html")
    assert page.headers["content-security-policy"].startswith("sandbox")
    assert SECRET not in page.text
    acta = system.ledger.state(f"acta/{session_of(system)}")
    assert acta is not None
    refused = http.get(f"/api/v1/documents-of/acta/{session_of(system)}.pdf")
    assert (refused.status_code, refused.json()["code"]) == (403, "document-not-public")
    for path, code in (("acta/hcd/1999/ord/1.pdf", "nothing-to-print"), ("carta/hcd/1999.pdf", "document-kind")):
        missing = http.get(f"/api/v1/documents-of/{path}")
        assert (missing.status_code, missing.json()["code"]) == (404, code)


def test_the_printed_code_leads_to_the_check(made: Made, http: httpx.Client) -> None:
    """The QR's address leads to the check of the very act; a code of another act there, or of none, is not answered."""
    system, index, _ = made
    seal = press_of(system).document("version-publica", f"{index}/1").seal
    answer = http.get(f"/v/{seal.code.lower()}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/api/v1/acts/{seal.index}/verification")
    said = http.get(answer.headers["location"]).json()
    assert said["object"]["statement_sha256"] == seal.statement
    version = said["public_version"]
    assert (version["proved"], len(version["withheld"])) == (True, len(made[2]))
    assert all(each["ground"] for each in version["withheld"])
    assert version["open"] > 0
    place, _, tail = seal.code.partition("-")
    other = tail[:-1] + ("0" if tail[-1] != "0" else "1")
    for code, status in ((f"{place}-{other}", 404), (f"ZZZZZZ-{tail}", 404), ("U234567890", 400)):
        assert http.get(f"/v/{code}").status_code == status


def session_of(system: System) -> str:
    """Return the path of the one session whose acta is drafted."""
    [stream] = system.store.streams_below("acta/")
    return stream.partition("/")[2]


# -- the command line ---------------------------------------------------------------------------------------------


@pytest.fixture
def commanded(made: Made, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> System:
    """Give the system with three certificates, found by commands through the environment."""
    system, _, _ = made
    use(system.settings, monkeypatch)
    monkeypatch.chdir(tmp_path)
    people = town_of(system)
    year = int(people.now()[:4])
    done = len(system.store.streams_below(f"certification/hcd/{year}/"))
    for number in range(done + 1, 4):
        certify(people, ("hcd", year, number), [f"acta/{session_of(system)}"], people.secretary)
    return system


def test_certificates_are_printed_one_by_one_and_all_at_once(
    commanded: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By number, the latest, all of them; called again, only what is missing is written, and what is there stays."""
    [third] = [each for each in commanded.store.streams_below("certification/") if each.endswith("/3")]
    key = third.partition("/")[2]
    assert run("certificate", "render", "--latest", "last.pdf") == 0
    assert run("certificate", "render", key, "third.pdf") == 0
    assert run("certificate", "render", "3", "short.pdf") == 0
    raw = (tmp_path / "last.pdf").read_bytes()
    assert raw == (tmp_path / "third.pdf").read_bytes() == (tmp_path / "short.pdf").read_bytes()
    assert sha256(raw).hexdigest() in capsys.readouterr().out
    assert (findings(raw), complaints(raw)) == ([], [])
    assert run("certificate", "render", "--all", "all") == 0
    assert "Escritas 3 " in capsys.readouterr().out
    files = sorted((tmp_path / "all").iterdir())
    assert [each.read_bytes() == raw for each in files] == [False, False, True]
    files[0].unlink()
    before = files[1].stat().st_mtime_ns
    assert run("certificate", "render", "--all", "all") == 0
    assert "Escritas 1 " in capsys.readouterr().out
    assert files[1].stat().st_mtime_ns == before
    assert sorted((tmp_path / "all").iterdir()) == files


def test_all_certificates_for_the_public_show_nothing_sealed(made: Made, commanded: System, tmp_path: Path) -> None:
    """Into a directory where the whole ones lie: each is printed as for everybody, no sealed text in any stream."""
    withheld, known = split(commanded.vault.disclosures(made[1]), made[2])
    assert run("certificate", "render", "--all", "all") == 0
    assert run("certificate", "render", "--all", "all", "--public") == 0
    whole = sorted((tmp_path / "all").glob("certificacion-hcd-*.pdf"))
    public = sorted((tmp_path / "all").glob("certificacion-publica-hcd-*.pdf"))
    assert len(whole) == len(public) == 3
    for path in whole:
        assert SECRET in " ".join(text_of(path.read_bytes()).split())
    for path in public:
        raw = path.read_bytes()
        key = path.stem.removeprefix("certificacion-publica-").replace("-", "/")
        assert raw == press_of(commanded).render("certificacion", key, public=True)
        assert traces(raw, withheld, (*known, *PHRASES)) == []
        assert SECRET not in " ".join(text_of(raw).split())


def test_documents_are_printed_by_kind_and_key(commanded: System, tmp_path: Path) -> None:
    """The secretary gets the whole acta; the public's is refused with a sentence and exit code 2."""
    path = session_of(commanded)
    assert run("document", "render", "acta", path, "acta.pdf") == 0
    assert SECRET in " ".join(text_of((tmp_path / "acta.pdf").read_bytes()).split())
    assert run("document", "render", "acta", path, "acta.html") == 0
    assert (tmp_path / "acta.html").read_text().startswith("<!doctype html>")
    assert run("document", "render", "acta", path, "open.pdf", "--public") == 2
    assert not (tmp_path / "open.pdf").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("document", "render", "acta", "hcd/1999/ord/1", "a.pdf"),
        ("document", "render", "carta", "hcd/1999", "a.pdf"),
        ("document", "render", "acta", "hcd/1999/ord/1", "a.docx"),
        ("certificate", "render", "99", "a.pdf"),
        ("certificate", "render", "a.pdf"),
        ("certificate", "render", "--latest", "7", "a.pdf"),
        ("certificate", "render", "--all", "x", "7", "a.pdf"),
        ("certificate", "render"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(
    commanded: System, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Bad input ends with 2 and says why, in Spanish first; no file is left."""
    assert commanded.size()
    assert run(*arguments) == 2
    said = capsys.readouterr().err
    assert re.search(r"[a-záéíóúñ]{3}", said)
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
