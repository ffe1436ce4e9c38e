"""The porta-firmas over HTTP: what awaits whom, papers signed from afar in turn, and what is refused."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from api.access.tokens import compose
from api.demo.record import certify
from api.desk.papers import keep
from api.documents import press_of
from ledger.acts.report import PeriodicReportAuthorized, PeriodicReportPrepared
from ledger.acts.transparency import TextPublished
from ledger.clock import utc_now, written_now
from ledger.crypto import cms
from ledger.crypto.x509 import Certificate
from ledger.ids import parse_written
from ledger.pdf.signing import open_signature, parse
from ledger.reporting import content, sha256_of
from ledger.store.papers import Kept
from ledger.verify.paper import check_pdf
from ledger.verify.trust import Trust
from tests.kit.cases import Cases
from tests.kit.desk import ACTA, AGREEMENT, CERTIFICATE, YEAR, Desk, settle_desk
from tests.kit.efirma import enrol_efirma, renewed
from tests.kit.pages import text_of
from tests.kit.paper import authority, judged
from tests.kit.porta_http import OPENINGS, REVOCATION, SIGNATURES, WAITING, Browser, code_of
from tests.kit.tsa import a_tsa, answering

if TYPE_CHECKING:
    import httpx

    from api.system import System

ANALYSIS = "Un vencido, que se atenderá en marzo."
TRUST = Trust(roots=(Certificate.parse(authority().root.der),))


@pytest.fixture(scope="module")
def desk(system: System) -> Desk:
    """Give the desk."""
    return settle_desk(system)


def test_what_awaits_whom(http: httpx.Client, system: System, desk: Desk) -> None:
    """The secretary a draft, his certificate and the sealed acta; the chair the same acta and draft."""
    said = Browser(http, system, desk.secretary).get(WAITING).json()
    convened = "Convocatoria. Sesión ordinaria número {} de {}".format
    assert [(each["kind"], each["key"], each["title"]) for each in said["data"]] == [
        ("draft", f"hcd/{YEAR}/ord/2", f"Acta. Sesión ordinaria número 2 de {YEAR}"),
        ("convocatoria", f"hcd/{YEAR}/ord/2", convened(2, YEAR)),
        ("certificacion", CERTIFICATE, f"Certificación número 1 de {YEAR}"),
        ("acta", ACTA, f"Acta. Sesión ordinaria número 1 de {YEAR}"),
        ("acuerdo", AGREEMENT, f"Acuerdo 1/{YEAR}"),
        ("convocatoria", ACTA, convened(1, YEAR)),
    ]
    assert said["data"][0]["refused"] is False
    assert (said["total"], said["pagination"]["more"]) == ({"count": 6, "more_than": False}, False)
    chair = Browser(http, system, desk.chair).get(WAITING).json()
    assert [(each["kind"], each["key"]) for each in chair["data"]] == [("draft", f"hcd/{YEAR}/ord/2"), ("acta", ACTA)]


def test_what_awaits_is_a_list_like_others(http: httpx.Client, system: System, desk: Desk) -> None:
    """In parts with a cursor, of one kind where it is asked for; whoever holds no seat has nothing to sign."""
    browser = Browser(http, system, desk.secretary)
    whole = browser.get(WAITING).json()["data"]
    path, found = f"{WAITING}?limit=4", []
    while path is not None:
        part = browser.get(path).json()
        found += part["data"]
        path = part["links"].get("next")
    assert found == whole
    drafts = browser.get(f"{WAITING}?kind=draft").json()
    assert [each["type"] for each in drafts["data"]] == ["draft"]
    assert drafts["total"]["count"] == len(whole)
    assert code_of(browser.get(f"{WAITING}?cursor=x")) == (400, "bad-cursor")
    assert code_of(browser.get(f"{WAITING}?kind=../x")) == (422, "bad-parameter")
    token = compose(desk.town.founder, system.ledger.origin, WAITING)
    none = http.get(WAITING, headers={"Authorization": f"Bearer {token}"}).json()
    assert (none["data"], none["total"]["count"]) == ([], 0)


def test_whatever_is_listed_can_be_signed(http: httpx.Client, system: System, desk: Desk) -> None:
    """Of every kind that awaits the secretary: shown with his own empty place; signed, it awaits him no more."""
    browser = Browser(http, system, desk.secretary)
    papers = [each for each in browser.get(WAITING).json()["data"] if each["type"] == "paper"]
    for each in papers:
        answer = browser.get(f"/api/v1/signing/papers/{each['kind']}/{each['key']}.pdf")
        assert (answer.status_code, answer.headers["Acervo-Field"]) == (200, "firma-hcd-secretario")
    for kind, key in (("acuerdo", AGREEMENT), ("convocatoria", ACTA)):
        signed = browser.sign(kind, key)
        assert check_pdf(signed, TRUST).exit_code(self_contained=True) == 0
        left = browser.get(f"{WAITING}?kind={kind}").json()["data"]
        assert (kind, key) not in {(each["kind"], each["key"]) for each in left}


def test_two_sign_an_acta_in_turn_and_others_accept_it(http: httpx.Client, system: System, desk: Desk) -> None:
    """The first signature is kept and shown to the second; our verifier and pyHanko accept both; it awaits nobody."""
    secretary, chair = (Browser(http, system, each) for each in (desk.secretary, desk.chair))
    unsigned = secretary.paper("acta", ACTA)
    assert parse(unsigned).signatures == ()
    once = secretary.sign("acta", ACTA)
    assert chair.paper("acta", ACTA) == once
    twice = chair.sign("acta", ACTA)
    assert twice.startswith(once)
    paper = check_pdf(twice, TRUST)
    assert [(each.name, each.chained, each.code) for each in paper.signers] == [
        ("AMPARO LIZÁRRAGA NÚÑEZ", True, ""),
        ("ELVIRA RONQUILLO PAZ", True, ""),
    ]
    assert [each.field for each in parse(twice).signatures] == ["firma-hcd-secretario", "firma-hcd-estado-1"]
    assert judged(twice, authority().root) == [(True, False), (True, True)]
    assert ("acta", ACTA) not in {(p["kind"], p["key"]) for p in secretary.get(WAITING).json()["data"]}
    assert secretary.paper("acta", ACTA) == twice
    assert code_of(secretary.open(secretary.wish("acta", ACTA, twice, written_now()))) == (409, "paper-signed")


def prepared_report(system: System, desk: Desk, number: int) -> tuple[str, int]:
    """Have the secretary prepare a report with an analysis under seal, and the chair authorise it; key and index."""
    of: dict[str, Any] = {"body": "hcd", "report_kind": "follow-up", "period": str(YEAR), "number": number}
    as_of = system.size() - 1
    said = content(Cases(desk.town, system.store).facts(), "hcd", "follow-up", str(YEAR), as_of)
    bound: dict[str, Any] = of | {"as_of": as_of, "content_sha256": sha256_of(said)}
    [done] = desk.town.do(PeriodicReportPrepared(**bound), sealed={"analysis": ANALYSIS})
    desk.town.do(PeriodicReportAuthorized(**bound, level=1), desk.town.chair)
    system.progress.wait_until(system.size(), 20)
    return f"hcd/follow-up/{YEAR}/{number}", done.index


def test_who_may_not_read_what_the_first_signed_is_told_what_to_do(
    http: httpx.Client, system: System, desk: Desk
) -> None:
    """The secretary signed with her analysis in sight: the chair is refused in words, and once it is open signs too."""
    secretary, chair = (Browser(http, system, each) for each in (desk.secretary, desk.chair))
    key, index = prepared_report(system, desk, 1)
    before = chair.paper("informe", key)
    once = secretary.sign("informe", key)
    refused = chair.get(f"/api/v1/signing/papers/informe/{key}.pdf")
    assert code_of(refused) == (409, "paper-shows-more")
    assert "Pida a quien custodia el libro" in refused.json()["detail"]
    assert code_of(chair.open(chair.wish("informe", key, before, written_now()))) == (409, "paper-shows-more")
    desk.town.do(TextPublished(index=index, names=("analysis",)), desk.town.secretary)
    system.progress.wait_until(system.size(), 20)
    assert chair.paper("informe", key) == once
    twice = chair.sign("informe", key)
    assert [each.field for each in parse(twice).signatures] == ["firma-hcd-secretario", "firma-hcd-estado-1"]
    assert check_pdf(twice, TRUST).exit_code(self_contained=True) == 0


def test_who_may_read_more_signs_what_the_first_signed(http: httpx.Client, system: System, desk: Desk) -> None:
    """The chair signed the report with a mark for the analysis: the secretary signs that very paper, mark and all."""
    secretary, chair = (Browser(http, system, each) for each in (desk.secretary, desk.chair))
    key, _ = prepared_report(system, desk, 2)
    assert ANALYSIS in text_of(secretary.paper("informe", key))
    once = chair.sign("informe", key)
    assert ANALYSIS not in text_of(once)
    assert secretary.paper("informe", key) == once
    twice = secretary.sign("informe", key)
    assert twice.startswith(once)
    assert len(check_pdf(twice, TRUST).signers) == 2
    assert system.papers.states("informe", key).keys() == {sha256(parse(once).base).hexdigest()}


def test_what_was_signed_whole_elsewhere_is_no_second_paper_here(
    http: httpx.Client, system: System, desk: Desk
) -> None:
    """Printed whole and signed at the ledger's own machine: who may not read all of that is told so."""
    key, _ = prepared_report(system, desk, 3)
    base = sha256(press_of(system).render("informe", key)).hexdigest()
    keep(system, "informe", key, b"signed", base=base, after="e" * 64, fields=["firma-hcd-secretario"], seen=())
    refused = Browser(http, system, desk.chair).get(f"/api/v1/signing/papers/informe/{key}.pdf")
    assert code_of(refused) == (409, "paper-shows-more")


def test_a_paper_that_may_not_be_read_says_so(http: httpx.Client, system: System, desk: Desk) -> None:
    """A member who never got the acta is told why it is not shown to him; who acted in no seat has no place."""
    member = enrol_efirma(desk.town, "obrero-1", "FICTICIO MIEMBRO PRESENTE")
    answer = Browser(http, system, member).get(f"/api/v1/signing/papers/acta/hcd/{YEAR}/ord/2.pdf")
    assert code_of(answer) == (403, "paper-closed")
    assert "no se firma lo que no se ve" in answer.json()["detail"]
    named = Browser(http, system, desk.secretary).get("/api/v1/signing/papers/constancia/hcd/secretario/1.pdf")
    assert code_of(named) == (403, "paper-not-yours")


def test_what_was_not_shown_is_not_signed(http: httpx.Client, system: System, desk: Desk) -> None:
    """Another hash, a signature over other bytes, or one without the session's value: nothing is kept of it."""
    browser = Browser(http, system, desk.secretary)
    shown, at = browser.paper("certificacion", CERTIFICATE), written_now()
    wish = browser.wish("certificacion", CERTIFICATE, shown, at)
    assert code_of(browser.open(wish | {"shown": "0" * 64})) == (409, "paper-moved")
    other = open_signature(shown, "firma-hcd-secretario", parse_written(at) + timedelta(seconds=1))
    signature = desk.secretary.efirma.key.sign(cms.attributes_of(other.digest, desk.secretary.cer))
    assert code_of(browser.close(wish, signature)) == (400, "bad-signature")
    assert code_of(browser.close(wish, signature, **{"Acervo-CSRF": "x"})) == (403, "access-csrf")
    assert code_of(http.post(SIGNATURES, json=wish)) == (401, "access-needed")
    assert browser.paper("certificacion", CERTIFICATE) == shown


def test_no_other_site_can_ask_by_a_session(http: httpx.Client, system: System, desk: Desk) -> None:
    """A form or fetch of another page brings the cookie at most: refused whatever it says, or not, of its origin."""
    browser = Browser(http, system, desk.secretary)
    shown = browser.paper("certificacion", CERTIFICATE)
    wish = browser.wish("certificacion", CERTIFICATE, shown, written_now())
    for route in (REVOCATION, OPENINGS, SIGNATURES):
        for said in (
            {},
            {"Origin": "https://otro.example"},
            {"Origin": "null", "Content-Type": "text/plain"},
            {"Sec-Fetch-Site": "same-origin"},
            {"Acervo-CSRF": ""},
            {"Acervo-CSRF": browser.csrf["Acervo-CSRF"][:-1]},
        ):
            assert code_of(http.post(route, json=wish, headers=browser.cookie | said)) == (403, "access-csrf"), said
        other = browser.cookie | browser.csrf | {"Sec-Fetch-Site": "cross-site"}
        assert code_of(http.post(route, json=wish, headers=other)) == (403, "access-cross-site")
        both = browser.cookie | {"Authorization": "Bearer nada"}
        assert code_of(http.post(route, json=wish, headers=both)) == (401, "access-token")
    assert browser.open(wish).status_code == 200


def test_two_cannot_sign_the_same_state(http: httpx.Client, system: System, desk: Desk) -> None:
    """Of two signatures over one state the second is refused: its signatory looks again first."""
    browser = Browser(http, system, desk.secretary)
    shown, at = browser.paper("certificacion", CERTIFICATE), written_now()
    wish = browser.wish("certificacion", CERTIFICATE, shown, at)
    assert system.papers.states("certificacion", CERTIFICATE) == {}
    signed = browser.sign("certificacion", CERTIFICATE)
    assert check_pdf(signed, TRUST).exit_code(self_contained=True) == 0
    digest = open_signature(shown, "firma-hcd-secretario", parse_written(at)).digest
    late = browser.close(wish, desk.secretary.efirma.key.sign(cms.attributes_of(digest, desk.secretary.cer)))
    assert code_of(late) == (409, "paper-signed")
    after, base = sha256(shown).hexdigest(), sha256(parse(shown).base).hexdigest()
    kept = Kept("f" * 64, ("firma-hcd-secretario",))
    assert not system.papers.keep("certificacion", CERTIFICATE, base=base, after=after, kept=kept)
    other = {"base": "e" * 64, "after": "d" * 64}
    assert not system.papers.keep("certificacion", CERTIFICATE, **other, kept=kept), "another print was signed first"
    assert system.papers.keep("certificacion", CERTIFICATE, **other, kept=kept, seen=[base]), "and was looked at"


def test_the_server_has_signatures_stamped(
    http: httpx.Client, system: System, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a time-stamp authority is configured it is asked; where it is silent nothing is signed, 503."""
    tsa, silent = a_tsa(system.store.now()), [True]
    browser = Browser(http, system, desk.secretary)
    key = f"hcd/{YEAR}/2"
    certify(desk.town, ("hcd", YEAR, 2), [f"acta/{ACTA}"], desk.town.secretary)
    system.progress.wait_until(system.size(), 20)
    shown, at = browser.paper("certificacion", key), written_now()
    digest = open_signature(shown, "firma-hcd-secretario", parse_written(at)).digest
    signature = desk.secretary.efirma.key.sign(cms.attributes_of(digest, desk.secretary.cer))
    with answering(lambda _, body: None if silent[0] else tsa.reply(body)) as url:
        monkeypatch.setattr(system, "settings", system.settings.model_copy(update={"tsa_url": url}))
        refused = browser.close(browser.wish("certificacion", key, shown, at), signature)
        assert code_of(refused) == (503, "tsa-unreachable")
        assert browser.paper("certificacion", key) == shown
        silent[0] = False
        signed = browser.close(browser.wish("certificacion", key, shown, at), signature).content
    paper = check_pdf(signed, replace(TRUST, tsa_roots=(Certificate.parse(tsa.root.der),)))
    assert [(each.time, each.code) for each in paper.signers] == [("proved", "")]


def test_certificates_that_cannot_sign(http: httpx.Client, system: System, desk: Desk) -> None:
    """Expired, not yet valid, somebody else's, of no trusted authority, not now: each is told by its own code."""
    browser = Browser(http, system, desk.chair)
    shown = browser.paper("acta", ACTA)

    def asked(at: str = "", **how: Any) -> tuple[int, str]:
        wish = browser.wish("acta", ACTA, shown, at or written_now())
        if how:
            secret = desk.chair.efirma
            wish["certificate"] = base64.b64encode(renewed(secret, **how)).decode()
        return code_of(browser.open(wish))

    now = parse_written(written_now())
    assert asked(begins=now - timedelta(days=900), lasts=timedelta(days=800)) == (400, "certificate-period")
    assert asked(begins=now + timedelta(days=1)) == (400, "certificate-period")
    assert asked(at="2020-01-01T00:00:00-06:00") == (422, "paper-clock")
    secretarys = base64.b64encode(desk.secretary.cer).decode()
    wish = browser.wish("acta", ACTA, shown, written_now(), certificate=secretarys)
    assert code_of(browser.open(wish)) == (403, "certificate-of-another")
    assert code_of(browser.open(wish | {"certificate": "AAAA"})) == (400, "bad-certificate")
    assert code_of(browser.open({"kind": "acta"})) == (422, "bad-parameter")
    certificate = browser.get(f"/api/v1/signing/papers/certificacion/{CERTIFICATE}.pdf")
    assert code_of(certificate) == (403, "paper-not-yours")
    draft = browser.get(f"/api/v1/signing/papers/acta/hcd/{YEAR}/ord/2.pdf")
    assert code_of(draft) == (403, "paper-closed")


def test_what_its_authority_revoked_does_not_sign(http: httpx.Client, system: System, desk: Desk) -> None:
    """The authority is asked before anything is signed; where it is silent, the ledger's own word is enough."""
    browser = Browser(http, system, desk.chair)
    shown, said = browser.paper("acta", ACTA), dict.fromkeys(("answer",), b"")
    with answering(lambda *_: said["answer"] or None) as url:
        certificate = renewed(desk.chair.efirma, asked_at=url)
        wish = browser.wish("acta", ACTA, shown, written_now(), certificate=base64.b64encode(certificate).decode())
        assert code_of(browser.open(wish)) == (409, "paper-signed")
        said["answer"] = authority().issuer.answer(certificate, utc_now().replace(microsecond=0), revoked=True)
        assert code_of(browser.open(wish)) == (400, "certificate-revoked")
