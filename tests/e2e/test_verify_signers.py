"""/verificar and `acervo verify` on who signed: the same word on stapled answers and on time stamps, paper by paper."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from asn1crypto import ocsp as asn1_ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import FilePayload

from ledger.crypto import stamp
from ledger.crypto.revocation import Stapled
from ledger.crypto.x509 import Certificate
from ledger.log.policy import Policy
from ledger.pdf.signing import parse, prepare
from ledger.verdicts import conclude
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from ledger.verify.verdict_of import as_object
from tests.kit.paper import NOW, authority
from tests.kit.pki import Issuer, root, subject
from tests.kit.sweep import changed
from tests.kit.tsa import Tsa, a_tsa, reply_of
from tests.kit.twice import RESULTS
from tests.kit.verificar import NOTHING_WRONG, WRONG, Papers, give, trust_root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from playwright.sync_api import Page

    from api.system import System
    from tests.kit.browser import Visit

ISSUING = authority()
ABOVE, BELOW = ISSUING.root, ISSUING.issuer
EARLIER, LATER = NOW - timedelta(minutes=30), NOW + timedelta(seconds=2)
WHO = ISSUING.issue("MARÍA NÚÑEZ", "p256")
NUMBER, ISSUER = Certificate.parse(WHO.certificate).number, Certificate.parse(BELOW.der)
LISTED = (ABOVE.list_revoked([77], EARLIER),)
CHECK = """async ([brought, policy, roots, stampRoots]) => {
  const {checkAnything} = await import("/web/check.mjs");
  const {fromBase64} = await import("/web/bytes.mjs");
  const {Policy} = await import("/web/tree.mjs");
  const {parseCertificateFile} = await import("/web/x509.mjs");
  const read = (all) => all.map((der) => parseCertificateFile(fromBase64(der)));
  const {types} = JSON.parse(document.getElementById("datos").textContent);
  const trust = {policy: await Policy.parse(policy), roots: read(roots), stampRoots: read(stampRoots), types};
  const told = [];
  for (const raw of brought) {
    const {result, code, paper, conclusion} = await checkAnything(fromBase64(raw), trust);
    const {headline, verdicts, aspects} = conclusion;
    const signers = (paper?.signers ?? []).map(({time, chained, code, stamp, standings}) => [
      time, chained, code, stamp === null ? null : stamp.time, standings.map(({serial, goodAt}) => [serial, goodAt]),
    ]);
    told.push([result, code, signers, {headline, verdicts, aspects}]);
  }
  return told;
}"""


def answered(at: datetime = EARLIER, **how: Any) -> Stapled:
    """Return what the authority answers about who signs."""
    return Stapled((BELOW.answer(WHO.certificate, at, **how),))


def signed(papers: Papers, stapled: Stapled | None = None, tsa: Tsa | None = None) -> bytes:
    """Return the year's certificate, signed once with answers and stamp."""

    def stamped(signature: bytes) -> bytes | None:
        imprint = sha256(signature).digest()
        return None if tsa is None else stamp.accept(reply_of("granted", tsa.token(imprint, 7)), imprint, 7)

    boxes = parse(papers.signed).boxes
    pdf = prepare(papers.printed, boxes)
    return ISSUING.sign(pdf, boxes[0].field, WHO, stapled=stapled or Stapled(), stamp=stamped)


def milliseconds(written: str | None) -> float | None:
    """Return an instant as the page has it."""
    return None if written is None else datetime.fromisoformat(written).timestamp() * 1000


def agreed(
    page: Page, papers: Papers, brought: Mapping[str, bytes], *, roots: tuple[bytes, ...], tsa_roots: tuple[bytes, ...]
) -> dict[str, tuple[str, str]]:
    """Ask both about each paper, see that they say the same of everything, and return result and code of each."""
    given = [[base64.b64encode(each).decode() for each in many] for many in (brought.values(), roots, tsa_roots)]
    told = page.evaluate(CHECK, [given[0], papers.policy, given[1], given[2]])
    trust = Trust(
        policy=Policy.parse(papers.policy),
        roots=tuple(map(Certificate.parse, roots)) or None,
        tsa_roots=tuple(map(Certificate.parse, tsa_roots)) or None,
    )
    said = {}
    for (name, raw), (result, code, signers, verdict) in zip(brought.items(), told, strict=True):
        paper = check_pdf(raw, trust)
        assert code == "", name
        assert result == RESULTS[paper.exit_code(self_contained=False)], (name, signers)
        wanted = [
            [
                each.time,
                each.chained,
                each.code,
                milliseconds(each.stamped_at),
                [[one.serial, milliseconds(one.good_at)] for one in each.standings],
            ]
            for each in paper.signers
        ]
        assert signers == wanted, name
        facts = paper.facts(self_contained=False)
        said_by_python = as_object(conclude(facts), facts.as_of, "paper")
        assert verdict == {part: said_by_python[part] for part in verdict}, name
        said[name] = (result, paper.signers[-1].code)
    return said


# -- what authorities said -----------------------------------------------------------------------------------------


def responder(issuer: Issuer, **how: Any) -> tuple[bytes, Issuer]:
    """Return a certificate for answering in an issuer's place, with its key."""
    own = root("RESPONDEDOR")
    return issuer.issue(subject("RESPONDEDOR"), own.key.public_key(), 5, **({"responder": True} | how)), own


def forged(by: Issuer) -> bytes:
    """Return an answer in the authority's name that another key signed."""
    own = BELOW.answer(WHO.certificate, EARLIER)
    answer = asn1_ocsp.OCSPResponse.load(own)
    basic = answer["response_bytes"]["response"].parsed
    basic["signature"] = by.key.sign(basic["tbs_response_data"].dump(), ec.ECDSA(hashes.SHA256()))
    answer["response_bytes"]["response"] = basic
    raw: bytes = answer.dump(force=True)
    return raw


def part(**changes: bool) -> tuple[x509.ExtensionType, bool]:
    """Return the extension of a list that says of whom it speaks."""
    names = ("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl", "only_contains_attribute_certs")
    said = dict.fromkeys(names, False) | changes
    return x509.IssuingDistributionPoint(full_name=None, relative_name=None, only_some_reasons=None, **said), True


def stapled_papers() -> dict[str, tuple[Stapled, str]]:
    """Return answers that may be stapled, each with the code with which it is refused."""
    other = ISSUING.issue("JOSÉ PEÑA", "p256", serial=30001000000500000002)
    impostor = root("AC INTERMEDIA FICTICIA")
    raw = BELOW.answer(WHO.certificate, EARLIER)

    def listed(*extensions: tuple[x509.ExtensionType, bool], at: datetime = EARLIER, **how: Any) -> Stapled:
        return Stapled((), (BELOW.list_revoked(how.pop("revoked", []), at, *extensions, **how),))

    return {
        "none": (Stapled(), ""),
        "good": (Stapled((raw,), LISTED), ""),
        "two lists": (listed() + Stapled((), LISTED), ""),
        "of the signatory alone": (answered(), ""),
        "of somebody else": (Stapled((BELOW.answer(other.certificate, EARLIER),)), ""),
        "by a responder": (answered(by=responder(BELOW)), ""),
        "with its own certificate along": (answered(by=(BELOW.der, BELOW)), ""),
        "longer hash": (answered(algorithm=hashes.SHA512()), ""),
        "of both kinds": (answered() + listed(at=NOW), ""),
        "revoked": (answered(revoked=True), "certificate-revoked"),
        "listed": (listed(revoked=[1, NUMBER, 7]), "certificate-revoked"),
        "authority listed": (
            answered() + Stapled((), (ABOVE.list_revoked([ISSUER.number], EARLIER),)),
            "certificate-revoked",
        ),
        "unknown": (answered(unknown=True), "ocsp-unknown"),
        "stale": (answered(NOW - timedelta(days=3)), "ocsp-stale"),
        "from the future": (listed(at=NOW + timedelta(days=3)), "crl-stale"),
        "forged list": (listed(by=impostor), "crl-signature"),
        "forged answer": (Stapled((forged(impostor),)), "ocsp-signature"),
        "responder of nobody": (answered(by=responder(impostor)), "certificate-issuer"),
        "responder without use": (answered(by=responder(BELOW, responder=False)), "ocsp-signature"),
        "responder expired": (answered(by=responder(BELOW, lasts=timedelta(days=9))), "certificate-period"),
        "junk": (Stapled((b"0\x03\n\x01\x06",)), "ocsp-malformed"),
        "junk list": (Stapled((), (b"0\x03\n\x01\x06",)), "crl-malformed"),
        "long list": (listed(revoked=range(1000, 1560)), "crl-malformed"),
        "of users": (listed(part(only_contains_user_certs=True)), ""),
        "of authorities": (listed(part(only_contains_ca_certs=True)), ""),
        "of other issuers": (listed(part(indirect_crl=True)), ""),
        "numbered": (listed((x509.CRLNumber(7), False)), ""),
        "a difference": (listed((x509.DeltaCRLIndicator(7), True)), "crl-malformed"),
    }


def test_both_say_the_same_of_stapled_answers(page: Page, papers: Papers) -> None:
    """Good, revoked, unknown, stale, forged, of others, by responders: one code and one standing each on both sides."""
    cases = stapled_papers()
    brought = {name: signed(papers, stapled) for name, (stapled, _) in cases.items()}
    said = agreed(page, papers, brought, roots=(papers.root,), tsa_roots=())
    assert said == {name: ("findings" if code else "verified", code) for name, (_, code) in cases.items()}


@pytest.mark.parametrize("form", ["answer", "list"])
def test_both_judge_changed_answers_alike(page: Page, papers: Papers, form: str) -> None:
    """Single bits of an answer, signed along as changed: whatever one does not read, the other does not either."""
    [raw] = answered().answers if form == "answer" else answered_by_list().lists
    brought = {}
    for place in range(5, len(raw), 7):  # a part that has no head cannot be signed along
        one = (changed(raw, place),)
        brought[str(place)] = signed(papers, Stapled(one) if form == "answer" else Stapled((), one))
    given = [base64.b64encode(each).decode() for each in brought.values()]
    told = page.evaluate(CHECK, [given, papers.policy, [base64.b64encode(papers.root).decode()], []])
    trust = Trust(policy=Policy.parse(papers.policy), roots=(Certificate.parse(papers.root),))
    for (where, pdf), (result, _, signers, _) in zip(brought.items(), told, strict=True):
        paper = check_pdf(pdf, trust)
        good = [each.good_at is not None for each in paper.signers[0].standings]
        assert result == RESULTS[paper.exit_code(self_contained=False)], (where, signers, paper.signers)
        assert [known is not None for _, known in signers[0][4]] == good, (where, signers, paper.signers)
        assert not any(good), where


def answered_by_list() -> Stapled:
    """Return a list of the authority's."""
    return Stapled((), (BELOW.list_revoked([5], EARLIER),))


def test_the_page_says_who_was_not_revoked(page: Page, papers: Papers) -> None:
    """Per certificate: not revoked as of when, or not known; revoked: refused, by the sentence of the catalogue."""
    trust_root(page, papers.root)
    said = give(page, signed(papers, Stapled(answered().answers, LISTED)))
    assert NOTHING_WRONG in said
    serial = "30001000000500000001"
    good = "al 2026-01-28 15:30 UTC la autoridad no tenía por revocado el certificado"
    assert f"{good} {serial} de MARÍA NÚÑEZ" in said
    assert f"{good} 2 de AC INTERMEDIA FICTICIA" in said
    assert "del que no viene respuesta" not in said
    said = give(page, signed(papers, answered()))
    assert f"{good} {serial} de MARÍA NÚÑEZ" in said
    assert "del certificado 2 de AC INTERMEDIA FICTICIA no viene respuesta de su autoridad" in said
    assert "Si estaba revocado al firmar algún certificado del que no viene respuesta" in said
    said = give(page, signed(papers, answered(revoked=True)))
    assert WRONG in said
    assert "(certificate-revoked)" in said


# -- by whose word the time is -------------------------------------------------------------------------------------


def stamped_papers(papers: Papers) -> dict[str, tuple[bytes, str]]:
    """Return papers with stamps, each with the code with which it is refused."""
    other = root("OTRA")
    return {
        "none": (signed(papers), ""),
        "rsa": (signed(papers, tsa=a_tsa(LATER, protects=True)), ""),
        "p256": (signed(papers, answered(), a_tsa(LATER, algorithm="p256", digest="sha512", ess=1)), ""),
        "p384": (signed(papers, tsa=a_tsa(LATER, algorithm="p384")), ""),
        "p521": (signed(papers, tsa=a_tsa(LATER, algorithm="p521", digest="sha512")), ""),
        "of another root": (signed(papers, tsa=a_tsa(LATER, issuer=other)), "stamp-authority"),
        "not valid yet": (signed(papers, tsa=a_tsa(LATER, begins=NOW.replace(year=2027))), "stamp-authority"),
        "before it was signed": (signed(papers, tsa=a_tsa(NOW - timedelta(hours=1))), "stamp-before-signing"),
        "after the signatory's time": (signed(papers, tsa=a_tsa(NOW.replace(year=2030))), "certificate-period"),
        "fresh then, not at the stamp": (signed(papers, answered(), a_tsa(NOW + timedelta(days=3))), "ocsp-stale"),
    }


@pytest.mark.parametrize("given", ["both", "stamps alone", "signatories alone", "another"])
def test_both_say_the_same_of_stamps(page: Page, papers: Papers, given: str) -> None:
    """With the root of the stamps, with another one, with none, and without the signatories': times and codes alike."""
    cases = stamped_papers(papers)
    stamping = root("OTRA DISTINTA") if given == "another" else root("RAIZ DEL SELLO")
    said = agreed(
        page,
        papers,
        {name: raw for name, (raw, _) in cases.items()},
        roots=() if given == "stamps alone" else (papers.root,),
        tsa_roots=() if given == "signatories alone" else (stamping.der,),
    )
    if given == "both":
        assert said == {name: ("findings" if code else "verified", code) for name, (_, code) in cases.items()}
    if given == "another":
        assert {code for name, (_, code) in said.items() if name != "none"} == {"stamp-authority"}


def test_roots_of_the_operator_come_with_the_page(
    visited: Visit, told: System, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The roots of time stamps that the operator names are in the page, and in the one that is kept."""
    file, roots = tmp_path / "sellos.pem", [root("RAIZ DEL SELLO"), root("OTRA")]
    file.write_bytes(b"".join(each.certificate.public_bytes(serialization.Encoding.PEM) for each in roots))
    settings = type(told.settings).model_validate(dict(told.settings) | {"tsa_roots": file})
    monkeypatch.setattr(told, "settings", settings)
    for path in ("/verificar", "/verificar.html"):
        if path.endswith(".html"):
            kept = tmp_path / "verificar.html"
            kept.write_bytes(visited.page.request.get(f"{address}{path}").body())
            visited.page.goto(kept.as_uri())
        else:
            visited.page.goto(f"{address}{path}")
        visited.page.locator("#confianza summary").click()
        said = visited.page.locator("#raices-sello-dichas").inner_text()
        assert said == "Raíces de confianza: RAIZ DEL SELLO · OTRA"
    assert visited.errors == []


def test_the_page_says_by_whose_word_the_time_is(page: Page, papers: Papers) -> None:
    """A root of stamps given in the page proves the time; of an authority that is another's the paper is refused."""
    trust_root(page, papers.root)
    proved, foreign = (signed(papers, tsa=a_tsa(LATER, issuer=each)) for each in (root("RAIZ DEL SELLO"), root("OTRA")))
    said = give(page, proved)
    assert "sello de tiempo, que corresponde a su firma, de SELLO DE TIEMPO FICTICIO" in said
    assert "Si la autoridad de los sellos de tiempo es de fiar" in said
    assert "hora probada" not in said
    brought = FilePayload(name="sello.cer", mimeType="application/pkix-cert", buffer=root("RAIZ DEL SELLO").der)
    page.locator("#raices-sello").set_input_files(brought)
    page.get_by_text("RAIZ DEL SELLO").wait_for()
    said = give(page, proved)
    assert NOTHING_WRONG in said
    assert "hora probada: la autoridad de sellos de tiempo SELLO DE TIEMPO FICTICIO vio la firma el 2026-01-28" in said
    assert "Si el certificado de la autoridad de sellos de tiempo estaba revocado al sellar." in said
    assert "es de fiar" not in said
    said = give(page, foreign)
    assert WRONG in said
    assert "(stamp-authority)" in said
