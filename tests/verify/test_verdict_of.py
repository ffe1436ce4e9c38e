"""Verdicts of the acts of an excerpt, of a paper, of a whole ledger; and what keeps them from being VALID."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from ledger.acts.certification import CertificationRevoked, CertificationSuperseded
from ledger.acts.trust import KeyRevoked
from ledger.crypto.x509 import Certificate
from ledger.verify.paper import check_pdf, run_pdf
from ledger.verify.trust import Trust
from tests.kit.books import LOG_KEY, OTHER_LOG_KEY, WITNESS_KEY, key, policy
from tests.kit.bundles import lawful
from tests.kit.judges import Verdict, ran
from tests.kit.paper import BOXES, Authority, authority, prepared, printed
from tests.kit.pki import intermediate, root

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.acts.base import Act

PLACE: dict[str, Any] = {"body": "cd", "year": 2026, "number": 1}
ROOTS = (Certificate.parse(authority().root.der),)


@pytest.fixture
def trusted(tmp_path: Path) -> Path:
    """Give the log's policy as somebody has it from elsewhere."""
    path = tmp_path / "policy.txt"
    path.write_text(policy().format(), encoding="utf-8")
    return path


def excerpt(folder: Path, *acts: tuple[Act, str, str]) -> Path:
    """Return the excerpt of a lawful story and of acts after it, each with its signer and office."""
    book = lawful().book
    for act, who, office in acts:
        book.say(act, who, office)
    return book.excerpt(folder / "e.evidencia.zip", range(book.size))


def test_an_excerpt_is_valid_only_of_a_ledger_that_one_knows(tmp_path: Path, trusted: Path) -> None:
    """Under a policy from elsewhere VALID, as of its checkpoint; under its own word only where that is accepted."""
    path = excerpt(tmp_path)
    known = Verdict(path, self_contained=False, policy=trusted)
    assert (known.exit, known.report["verdict"]) == (
        0,
        {
            "of": "acts",
            "headline": "VALID",
            "verdicts": ["VALID"],
            "aspects": {
                "integrity": "proved",
                "authenticity": "proved",
                "inclusion": "proved",
                "currency": "not-checked",
                "completeness": "not-checked",
            },
            "not_checked": ["currency", "completeness"],
            "as_of": 34,
        },
    )
    assert (Verdict(path, self_contained=False).headline, Verdict(path).headline) == (None, "VALID")


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        (f"log {OTHER_LOG_KEY.verifier.vkey}\n", "LOG_INCONSISTENT"),
        (f"log {type(LOG_KEY)('otro.example/libro', bytes(32)).verifier.vkey}\n", "UNKNOWN_OBJECT"),
        (
            f"log {LOG_KEY.verifier.vkey}\nwitness w1 {WITNESS_KEY.verifier.vkey}\nquorum w1\n",
            "NOT_YET_SEALED",
        ),
    ],
)
def test_whose_ledger_it_must_be(tmp_path: Path, line: str, headline: str) -> None:
    """Another key of the same name, another ledger, a witness that did not sign: each its verdict."""
    (tmp_path / "p").write_text(line if "quorum" in line else f"{line}quorum none\n", encoding="utf-8")
    verdict = Verdict(excerpt(tmp_path), policy=tmp_path / "p")
    assert (verdict.headline, verdict.exit) == (headline, 1)


SECRETARIA = ("secretaria", "designation/cd/secretaria/1")


@pytest.mark.parametrize(
    ("act", "who", "headline", "code"),
    [
        (CertificationRevoked(**PLACE, reason="error"), SECRETARIA, "REVOKED", 1),
        (CertificationSuperseded(**PLACE, by_year=2026, by_number=2), SECRETARIA, "VALID_BUT_SUPERSEDED", 0),
        (
            KeyRevoked(keyid=key("secretaria").public.keyid, reason="compromised", compromised_from=20),
            ("luis", "ledger"),
            "KEY_COMPROMISED_SINCE",
            1,
        ),
        (
            KeyRevoked(keyid=key("secretaria").public.keyid, reason="compromised", compromised_from=34),
            (SECRETARIA[0], f"key/{key('secretaria').public.keyid}"),
            "VALID",
            0,
        ),
    ],
)
def test_what_the_acts_at_hand_say_of_each_other(
    tmp_path: Path, act: Act, who: tuple[str, str], headline: str, code: int
) -> None:
    """Revoked, superseded, signed with a key that was compromised by then; what it said of itself does not mark it."""
    verdict = Verdict(excerpt(tmp_path, (act, *who)))
    assert (verdict.headline, verdict.exit) == (headline, code)


def test_a_ledger_is_no_certificate(tmp_path: Path) -> None:
    """The verdict of a whole history is of the ledger: a compromised key in it is its business and a remark."""
    book = lawful().book
    spoiled = KeyRevoked(keyid=key("vocal-1").public.keyid, reason="compromised", compromised_from=20)
    book.say(spoiled, "luis", "ledger")
    verdict = Verdict(book.bundle(tmp_path / "b.evidencia.zip"))
    assert verdict.report["remarked"]["KEY_COMPROMISED_SINCE"] == 1
    assert (verdict.report["verdict"]["of"], verdict.headline, verdict.exit) == ("ledger", "VALID", 0)
    assert verdict.report["verdict"]["aspects"]["currency"] == "proved", "everything up to the checkpoint was read"
    _, text = ran(tmp_path / "b.evidencia.zip", "--self-contained")
    assert "VEREDICTO sobre el libro entero: VALID" in text
    assert "cada acto lo firmó quien podía" in text


def test_a_ledger_of_another_history(tmp_path: Path) -> None:
    """Against an older checkpoint of another history it is inconsistent; of unknown age it has no verdict."""
    book, other = lawful().book, lawful()
    other.book.entries[5] = other.book.entries[6]
    (tmp_path / "old").write_bytes(other.book.checkpoint(20))
    path = book.bundle(tmp_path / "b.evidencia.zip")
    assert Verdict(path, older=[tmp_path / "old"]).headline == "LOG_INCONSISTENT"
    witnessed = book.bundle(tmp_path / "w.evidencia.zip", LOG_KEY, WITNESS_KEY, witness=True)
    assert Verdict(witnessed).headline == "VALID"
    code, text = ran(path, "--self-contained", "--max-age=1s")
    assert code == 2
    assert "libro entero: ninguno" in text, "no witness said when"


def of_paper(
    pdf: bytes, *, roots: tuple[Certificate, ...] | None = ROOTS, **how: Any
) -> tuple[int, dict[str, Any], str]:
    """Return exit code, verdict, and the report for people of a paper."""
    trust, machine, people = Trust(policy=how.get("policy", policy()), roots=roots), io.StringIO(), io.StringIO()
    code = run_pdf(pdf, trust, "es", machine, as_json=True)
    assert run_pdf(pdf, trust, "es", people) == code
    verdict: dict[str, Any] = orjson.loads(machine.getvalue())["verdict"]
    return code, verdict, people.getvalue()


def test_a_signed_paper_is_valid(tmp_path: Path) -> None:
    """Signature, chain, inclusion and authority hold: VALID, and what nobody looked at stands beside it."""
    who = authority().issue("MARÍA NÚÑEZ", "p256")
    signed = authority().sign(prepared(tmp_path), BOXES[0].field, who)
    code, verdict, text = of_paper(signed)
    assert (code, verdict["of"], verdict["headline"], verdict["as_of"]) == (0, "paper", "VALID", 34)
    assert "VEREDICTO sobre el documento, con los actos que trae: VALID" in text
    assert "Los actos que trae son auténticos" in text
    assert "quien tenga un certificado puede firmar otra" in text
    assert "Que quien firmó la hoja sea quien firmó los actos" in text
    assert "en 34 de 34 actos su cargo lo facultaba" in text


@pytest.mark.parametrize(
    ("changes", "bound", "authorised"),
    [
        ({}, True, True),
        ({"stream": "designation/cd/vocal-1/1"}, False, True),
        ({"office": "ledger"}, False, True),
        ({"type": "KeyRevoked/1", "data": {}}, True, False),
    ],
)
def test_whose_key_signed_the_paper(tmp_path: Path, changes: dict[str, Any], *, bound: bool, authorised: bool) -> None:
    """Of an act that is told: bound; of one that says who may sign, or outside an office: not; revoked: refused."""
    signed = authority().sign(prepared(tmp_path), BOXES[0].field, authority().issue("MARÍA NÚÑEZ", "p256"))
    paper = check_pdf(signed, Trust(policy=policy(), roots=ROOTS))
    [outcome], [signer] = paper.evidence, paper.signers
    place = next(n for n, each in enumerate(outcome.judged) if each.statement.type == "SessionConvened/1")
    data = {"data": {"keyid": signer.keyid}} if "data" in changes else {}
    act = outcome.judged[place].statement._replace(signer=signer.keyid, **(changes | data))
    outcome.judged[place] = replace(outcome.judged[place], statement=act)
    assert paper.bound is bound
    assert paper.facts(self_contained=False).authorised is authorised


def test_a_paper_of_which_something_is_wanting(tmp_path: Path) -> None:
    """No signature, no root, no policy, somebody's own root, a byte turned, no PDF at all: never VALID."""
    whole, who = prepared(tmp_path), authority().issue("MARÍA NÚÑEZ", "p256")
    signed = authority().sign(whole, BOXES[0].field, who)
    false = Authority(root("AC RAIZ FALSA"), intermediate(root("AC RAIZ FALSA")))
    forged = false.sign(whole, BOXES[0].field, false.issue("MARÍA NÚÑEZ", "p256"))
    place = signed.rindex(b"/Contents<") + 2000
    turned = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    headlines = [
        of_paper(pdf)[1]["headline"] for pdf in (printed(tmp_path), forged, turned, signed + b"x", b"%PDF-1.7")
    ]
    assert headlines[:2] == [None, "FORGED_SIGNATURE"]
    assert set(headlines[2:]) <= {"ALTERED", "FORGED_SIGNATURE", "UNKNOWN_OBJECT"}
    assert [of_paper(signed, roots=None)[1]["headline"], of_paper(signed, policy=None)[1]["headline"]] == [None, None]
