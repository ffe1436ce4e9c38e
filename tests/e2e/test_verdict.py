"""Page, `acervo verify` and service give the same verdicts: of honest papers, and where the signer might not sign."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.documents import press_of
from api.documents.codes import code_of
from api.documents.evidence import excerpt_of
from api.documents.proving import proved_under
from api.exporting import policy_of
from ledger.log.policy import NONE
from ledger.pdf.signing import prepare
from tests.kit.books import policy
from tests.kit.desk import ACTA, certify_next
from tests.kit.muddled import muddled
from tests.kit.paper import BOXES, authority, carrying
from tests.kit.twice import told_by_command, told_by_page
from tests.kit.unauthorised import Told, stories
from tests.kit.verificar import NOTHING_WRONG, WRONG, Papers, give, trust_root

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from api.system import System
    from tests.kit.browser import Visit
    from tests.kit.desk import Desk


@pytest.fixture
def of_book(papers: Papers) -> Papers:
    """Give the policy of the ledgers that are told in memory."""
    return replace(papers, policy=policy().format())


def agreed(page: Page, papers: Papers, raw: bytes, folder: Path) -> dict[str, Any]:
    """Ask page and command line about a document, see that they say the same, and return the verdict."""
    [said], answer = told_by_page(page, papers, [raw]), told_by_command(papers, raw, folder)
    names = ("result", "verdict", "judged", "bound")
    assert {name: said[name] for name in names} == {name: getattr(answer, name) for name in names}
    verdict: dict[str, Any] = said["verdict"]
    return verdict | {"judged": said["judged"], "bound": said["bound"]}


def excerpt(folder: Path, told: Told) -> bytes:
    """Return a story's acts as an excerpt."""
    path = folder / f"{told.index}.evidencia.zip"
    path.unlink(missing_ok=True)
    return told.book.excerpt(path, told.shown).read_bytes()


def signed_paper(folder: Path, told: Told) -> bytes:
    """Return a paper that carries a story's acts, signed by somebody with a good certificate."""
    who = authority().issue("MARÍA NÚÑEZ", "p256")
    return authority().sign(prepare(carrying(folder, told.book, told.shown), BOXES), BOXES[0].field, who)


def test_page_and_command_line_judge_authority_alike(page: Page, of_book: Papers, tmp_path: Path) -> None:
    """Terms, leaves, holdover, roles, keys, services, founders, what is left out: one verdict and reason on both."""
    for name, story in stories().items():
        told = story()
        verdict = agreed(page, of_book, excerpt(tmp_path, told), tmp_path)
        assert verdict["headline"] == told.headline, name
        why = {each["index"]: (each["authorised"], each["why"]) for each in verdict["judged"]}
        assert why.get(told.index, (True, "")) == (told.authorised, told.why), name
        assert verdict["aspects"]["currency"] == "not-checked", name


@pytest.mark.parametrize("name", ["honest", "term_ended", "wrong_role", "not_accepted", "body_left_out"])
def test_papers_are_judged_alike(page: Page, of_book: Papers, tmp_path: Path, name: str) -> None:
    """Carried by a paper with a good signature the same acts give the same verdict, on both."""
    told = stories()[name]()
    assert agreed(page, of_book, signed_paper(tmp_path, told), tmp_path)["headline"] == told.headline


def test_what_is_signed_at_random_is_judged_alike(page: Page, of_book: Papers, tmp_path: Path) -> None:
    """Acts on which authority rests, by whoever in whatever office, some of them left out: each is judged the same."""
    for seed in range(30):
        chance = random.Random(seed)
        book = muddled(chance)
        shown = [index for index in range(book.size) if index == 0 or chance.random() > chance.choice((0, 0, 0.05))]
        raw = book.excerpt(tmp_path / f"{seed}.zip", shown).read_bytes()
        judged = agreed(page, of_book, raw, tmp_path)["judged"]
        assert 0 < len(judged) < len(shown), seed


def test_every_act_of_the_year_was_its_signers(page: Page, papers: Papers, told: System, tmp_path: Path) -> None:
    """The whole demo year as one excerpt: nobody is accused and nothing is unknown, whatever bodies and terms did."""
    entries = dict(enumerate(told.entries(0, 10_000)))
    note = told.checkpoint(len(entries))
    proved = proved_under(told, entries, replace(policy_of(told), quorum=NONE), note)
    verdict = agreed(page, papers, excerpt_of(entries, proved), tmp_path)
    assert (verdict["headline"], verdict["judged"]) == ("REVOKED", []), "certificate 9 is in it"
    assert len(entries) > 1000


CERTIFICATES = {7: "VALID", 8: "VALID_BUT_SUPERSEDED", 9: "REVOKED", 10: "VALID", 11: "VALID"}
"""Those of the year, and what each says by its own acts; that 7 was changed since only the service knows."""


@pytest.mark.parametrize("number", CERTIFICATES)
def test_three_ways_one_verdict(page: Page, papers: Papers, address: str, tmp_path: Path, number: int) -> None:
    """Revoked and superseded in all three, valid in all three; what changed later the service says beside it."""
    with httpx.Client(base_url=f"{address}/api/v1", timeout=30) as client:
        index = client.get(f"/certifications/hcd/2026/{number}").json()["log"]["index"]
        service = client.get(f"/acts/{index}/verification").json()
        evidence = client.get(f"/acts/{index}/evidence").content
    verdict = agreed(page, papers, evidence, tmp_path)
    assert (verdict["headline"], verdict["judged"]) == (CERTIFICATES[number], [])
    assert service["headline"] == (verdict["headline"] if number != 7 else "VALID_BUT_ACT_MODIFIED")
    assert {*verdict["verdicts"]} <= {each["verdict"] for each in service["verdicts"]} | {"VALID"}


def test_a_certificates_paper_is_valid_as_the_service_says(
    page: Page, papers: Papers, told: System, tmp_path: Path
) -> None:
    """Printed, signed by hand of somebody with a good certificate, brought to the page and to the command line."""
    press, issuing = press_of(told), authority()
    document = press.document("certificacion", "hcd/2026/11")
    boxes = press.boxes(document)
    paper = issuing.sign(prepare(press.print(document), boxes), boxes[0].field, issuing.issue("MARÍA NÚÑEZ", "p256"))
    assert agreed(page, papers, paper, tmp_path)["headline"] == "VALID"


def test_who_signs_a_paper_with_the_key_of_its_act_is_known_alike(
    page: Page, papers: Papers, council: System, desk: Desk, tmp_path: Path
) -> None:
    """Whoever certified with his e.firma and signs the paper with it is known; with another's it is not, for both."""
    key = certify_next(council, desk, ACTA, desk.secretary.officer)
    chair = authority().issue("JOSÉ PEÑA", "p256")
    press, of_council = press_of(council), replace(papers, policy=policy_of(council).format())
    document = press.document("certificacion", key)
    boxes = press.boxes(document)
    prepared = prepare(press.print(document), boxes)
    known, other = (authority().sign(prepared, boxes[0].field, who) for who in (desk.secretary.efirma, chair))
    told = [agreed(page, of_council, paper, tmp_path) for paper in (known, other)]
    assert [(each["headline"], each["bound"]) for each in told] == [("VALID", True), ("VALID", False)]


def test_a_public_version_is_left_to_the_command_line(page: Page, papers: Papers, told: System, tmp_path: Path) -> None:
    """What of it is withheld and why the page does not compare: it gives no VALID, and says who does."""
    press, issuing = press_of(told), authority()
    [stream] = told.store.streams_below("version/")
    document = press.document("version-publica", stream.partition("/")[2])
    boxes = press.boxes(document)
    paper = issuing.sign(prepare(press.print(document), boxes), boxes[0].field, issuing.issue("MARÍA NÚÑEZ", "p256"))
    [said] = told_by_page(page, papers, [paper])
    by_command = told_by_command(papers, paper, tmp_path).verdict
    assert by_command is not None
    assert (said["verdict"]["headline"], by_command["headline"]) == (None, "VALID")
    trust_root(page, papers.root)
    assert "Si la versión pública abre solo lo sellado" in give(page, paper)


# -- what people read ----------------------------------------------------------------------------------------------


def test_an_honest_paper_is_valid_and_the_page_says_as_of_when(page: Page, papers: Papers) -> None:
    """The verdict's own sentence, the checkpoint, by which acts authority was judged, and what was not checked."""
    trust_root(page, papers.root)
    said = give(page, papers.signed)
    assert NOTHING_WRONG in said
    assert "Los actos que trae son auténticos y están en el libro" in said
    assert "quien tenga un certificado puede firmar otra" in said
    assert "Es auténtica y está en el libro; si sigue vigente no se comprobó." in give(page, papers.zip, "x.zip")
    said = give(page, papers.signed)
    assert "Vale hasta el punto de control de" in said
    assert "A quien firmó lo facultaba su cargo, según los actos que trae" in said
    assert "no falte un acto posterior u omitido" in said
    assert "Si se siguieron las reglas del órgano" in said
    page.get_by_text("Detalle técnico").click()
    assert page.locator("dt:has-text('Veredicto') + dd").inner_text() == "VALID"


def test_a_signer_who_might_not_is_named(page: Page, of_book: Papers, tmp_path: Path) -> None:
    """The page says which act, by which rule, and not to use it; of what is missing it says that it is not known."""
    page.locator("#confianza summary").click()
    page.locator("#politica").fill(of_book.policy)
    told = stories()["term_ended"]()
    said = give(page, excerpt(tmp_path, told), "x.zip")
    assert WRONG in said
    assert "Quien firmó no tenía ese cargo" in said
    assert f"acto {told.index}: El cargo no es de quien firma, o no está en vigor (not-in-office)" in said
    missing = stories()["body_left_out"]()
    said = give(page, excerpt(tmp_path, missing), "x.zip")
    assert NOTHING_WRONG in said
    assert "lo facultaba su cargo: falta body/cd." in said


def test_what_is_revoked_is_not_to_be_used(visited: Visit, address: str, told: System) -> None:
    """By its code: the revocation that stands in the evidence is proved here, and the service's word is apart."""
    index = httpx.get(f"{address}/api/v1/certifications/hcd/2026/9", timeout=30).json()["log"]["index"]
    visited.page.goto(f"{address}/v/{code_of(index, told.entries(index, 1)[0])}")
    visited.page.get_by_text(f"El código corresponde al acto {index}").wait_for()
    assert visited.page.locator("#respuesta").inner_text().endswith("No lo use")
    said = visited.page.locator("#resultado").inner_text()
    assert said.count("Fue revocada después de expedirse.") == 2
    assert "no se comprobó aquí" in said
    assert visited.errors == []
