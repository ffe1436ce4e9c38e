"""/verificar: checks in the browser what is dropped, says what it checked and what not, and asks nobody."""

from __future__ import annotations

import random
from datetime import timedelta
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING

import pytest

from ledger.crypto import stamp
from ledger.crypto.revocation import Stapled
from ledger.pdf.signing import RESERVED, parse, prepare
from ledger.verdicts import Facts, conclude
from ledger.verify.bundle import Bundle
from tests.kit.bundles import lawful
from tests.kit.paper import NOW, Authority, authority
from tests.kit.pki import intermediate, root
from tests.kit.tsa import a_tsa, reply_of
from tests.kit.twice import Change, told_by_command, told_by_page
from tests.kit.verificar import NOT_ALL, NOTHING_WRONG, WRONG, Papers, give, trust_root

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.kit.browser import Visit

SWEPT = (240, 60, 80, 60)


# -- honest and dishonest papers -----------------------------------------------------------------------------------


def test_an_honest_paper_is_accepted_and_nobody_is_asked(visited: Visit, page: Page, papers: Papers) -> None:
    """Signer, chain, form and evidence hold, what was not checked is said; from the choice on no request is made."""
    trust_root(page, papers.root)
    visited.asked.clear()
    said = give(page, papers.signed)
    assert NOTHING_WRONG in said
    assert "MARÍA NÚÑEZ, certificado 30001000000500000001" in said
    assert "lo respalda AC RAIZ FICTICIA" in said
    assert "Si sigue vigente" in said
    assert "La verdad de lo que pasó en la sala." in said
    assert visited.asked == []
    assert visited.errors == []


def test_a_stamped_paper_is_accepted_and_its_stamp_is_named(page: Page, papers: Papers) -> None:
    """With a time stamp and an answer of the authority along: accepted, both told as far as they were looked at."""
    issuing, boxes = authority(), parse(papers.signed).boxes
    who, tsa = issuing.issue("JOSÉ PEÑA", "p256"), a_tsa(NOW + timedelta(seconds=2), algorithm="p256", digest="sha512")

    def stamped(signature: bytes) -> bytes:
        imprint = sha256(signature).digest()
        return stamp.accept(reply_of("granted", tsa.token(imprint, 7)), imprint, 7)

    answers = Stapled((issuing.issuer.answer(who.certificate, NOW),))
    pdf = issuing.sign(prepare(papers.printed, boxes), boxes[0].field, who, stamp=stamped, stapled=answers)
    trust_root(page, papers.root)
    said = give(page, pdf)
    assert NOTHING_WRONG in said
    assert "sello de tiempo, que corresponde a su firma, de SELLO DE TIEMPO FICTICIO" in said
    assert "la autoridad de los sellos de tiempo" in said
    other = issuing.sign(prepare(papers.printed, boxes), boxes[0].field, who, stamp=lambda _: stamped(b"otra"))
    assert "stamp-of-another" in give(page, other)


def test_a_paper_without_signatures_or_root_is_told_so(page: Page, papers: Papers) -> None:
    """Without a signature anybody may have changed the page; without a root nobody knows whose the certificate is."""
    assert NOT_ALL in (said := give(page, papers.printed))
    assert "no lleva firma" in said
    assert NOT_ALL in (said := give(page, papers.signed))
    assert "Dé la raíz de su autoridad" in said


def test_a_certificate_of_ones_own_making_is_refused(page: Page, papers: Papers) -> None:
    """An authority that nobody trusts has issued it, whatever names it writes: refused, with the rule's code."""
    false = Authority(root("AC RAIZ FALSA"), intermediate(root("AC RAIZ FALSA")))
    prepared = parse(papers.signed)
    pdf = prepare(papers.printed, prepared.boxes)
    trust_root(page, papers.root)
    said = give(page, false.sign(pdf, prepared.boxes[0].field, false.issue("MARÍA NÚÑEZ")))
    assert WRONG in said
    assert "certificate-root" in said


@pytest.mark.parametrize("form", ["zip", "proof"])
def test_evidence_and_proof_are_accepted(page: Page, papers: Papers, form: str) -> None:
    """The excerpt is checked whole; a lone proof shows that the act is in the log, and not who signed it."""
    said = give(page, getattr(papers, form), f"x.{form}")
    assert (NOTHING_WRONG if form == "zip" else NOT_ALL) in said
    assert ("Cada acto lo firmó la llave" if form == "zip" else "una prueba suelta no trae su llave") in said
    assert "Cada acto está en el libro bajo ese punto de control" in said


def test_a_whole_history_is_checked_under_a_policy_that_is_given(page: Page, tmp_path: Path) -> None:
    """Another ledger's bundle: refused under this page's key, accepted under the policy that was pasted."""
    book = lawful().book
    raw = book.bundle(tmp_path / "x.evidencia.zip", disclosed=True).read_bytes()
    with Bundle.open(tmp_path / "x.evidencia.zip") as bundle:
        policy = bundle.policy().decode()
    assert WRONG in give(page, raw, "x.zip")
    page.locator("#confianza summary").click()
    page.locator("#politica").fill(policy)
    said = give(page, raw, "x.zip")
    assert NOTHING_WRONG in said
    assert "la política que usted dio" in said
    page.locator("#politica").fill("log nadie")
    assert "no se puede leer" in give(page, raw, "x.zip")


def test_something_else_is_nothing_of_this_book(page: Page) -> None:
    """A file that is no evidence gets the verdict of unknown things, in the words of the service."""
    assert "Este libro no contiene nada con esa clave." in give(page, b"hola", "carta.txt")


def mutations(papers: Papers) -> Iterator[Change]:
    """Yield single bytes to change: anywhere in the PDF, inside its last signature, in evidence, in the proof."""
    chance = random.Random(2026)
    opens = papers.signed.rindex(b"/Contents<") + len(b"/Contents<")
    places = [(0, range(len(papers.signed))), (0, range(opens, opens + 2 * RESERVED))]
    places += [(1, range(len(papers.zip))), (2, range(len(papers.proof)))]
    for (which, within), count in zip(places, SWEPT, strict=True):
        for place in chance.sample(within, count):
            yield which, place, 1 << chance.randrange(8)


def test_every_changed_byte_is_refused(page: Page, papers: Papers) -> None:
    """440 single bytes, 60 of them inside /Contents: not one paper is called verified, and the page never breaks."""
    brought = [papers.signed, papers.zip, papers.proof]
    results = told_by_page(page, papers, brought, list(mutations(papers)))
    assert len(results) == sum(SWEPT)
    assert {each["result"] for each in results} == {"findings"}
    assert [each["result"] for each in told_by_page(page, papers, brought[:2])] == ["verified", "verified"]


@pytest.mark.parametrize("behind", [b"\n", b" ", b"\n%%EOF\n", b"x" * 100])
def test_nothing_stands_behind_the_end_and_digits_are_of_one_case(page: Page, papers: Papers, behind: bytes) -> None:
    """Bytes behind the last %%EOF, upper-case hex, another padding: refused."""
    start = papers.signed.rindex(b"/Contents<") + len(b"/Contents<")
    end = papers.signed.index(b">", start)
    upper = papers.signed[:start] + papers.signed[start:end].upper() + papers.signed[end:]
    padded = papers.signed[: end - 1] + b"1" + papers.signed[end:]
    results = told_by_page(page, papers, [papers.signed + behind, upper, padded])
    assert {each["result"] for each in results} == {"findings"}


# -- the same as the command line and the service ------------------------------------------------------------------


def test_page_and_command_line_agree(page: Page, papers: Papers, tmp_path: Path) -> None:
    """Of honest and changed papers both say the same: codes at steps, verdicts, aspects, acts; or neither reads it."""
    brought = [papers.signed, papers.zip, papers.printed]
    swept = [each for each in mutations(papers) if each[0] != 2]
    changes = [(0, 0, 0), (1, 0, 0), (2, 0, 0), *swept[::3]]
    results = told_by_page(page, papers, brought, changes)
    for (which, place, mask), said in zip(changes, results, strict=True):
        raw = bytearray(brought[which])
        raw[place] ^= mask
        answer = told_by_command(papers, bytes(raw), tmp_path)
        assert said["result"] == answer.result, (which, place, said, answer)
        assert mask == 0 or said["verdict"]["headline"] != "VALID", (which, place, said)
        if all(each.startswith("V") for each in answer.found):
            assert (said["code"], frozenset(said["found"])) == ("", answer.found), (which, place, said)
            assert (said["verdict"], said["judged"]) == (answer.verdict, answer.judged), (which, place)
        else:  # refused as a whole; which flaw is met first depends on the order of reading
            assert said["code"], (which, place, answer)
            assert answer.verdict is None or said["code"] not in answer.found or said["verdict"] == answer.verdict


def test_conclusions_are_those_of_the_ledger(page: Page) -> None:
    """Every combination of facts gives the same verdicts, in the same order, as ledger/verdicts.py."""
    names = ("consistent", "intact", "signed", "authorised", "sealed")
    cases = [dict(zip(names, facts, strict=True)) for facts in product((True, False, None), repeat=len(names))]
    later = [{}, {"revoked": True}, {"superseded": True, "suspended": True}, {"modified": True}, {"compromised": True}]
    asked = [{"known": True, **facts, **more} for facts in cases for more in later]
    said = page.evaluate(
        "async (asked) => { const {conclude} = await import('/web/verdict.mjs');"
        "return asked.map((facts) => { const {verdicts, aspects} = conclude(facts);"
        "return [verdicts, aspects.integrity, aspects.authenticity, aspects.inclusion]; }); }",
        asked,
    )
    for facts, told in zip(asked, said, strict=True):
        given = Facts(
            consistent=facts["consistent"],
            intact=facts["intact"],
            signed=facts["signed"],
            authorised=facts["authorised"],
            sealed=facts["sealed"],
            index=7,
            revoked=9 if facts.get("revoked") else None,
            superseded=9 if facts.get("superseded") else None,
            suspended=9 if facts.get("suspended") else None,
            modified=("agreement/hcd/2026/1",) if facts.get("modified") else (),
            compromised_from=3 if facts.get("compromised") else None,
        )
        wanted = conclude(given)
        assert told == [[*wanted.verdicts], wanted.integrity, wanted.authenticity, wanted.inclusion], facts
