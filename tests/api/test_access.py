"""Who may read what: the matrix of all routes and everybody who asks; tokens, sessions, and what both refuse."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request

from api.access.doorkeeper import COOKIE, SESSION_PATH, Doorkeeper
from api.access.grants import own_case
from api.access.readers import Reader
from api.access.tokens import PAYLOAD_TYPE, compose, parse
from api.demo.seed import town_of
from api.problems import ApiError
from ledger.acts.access import AccessRequestAnswered, PersonalDataBlocked
from ledger.acts.designation import ResignationFiled
from ledger.acts.transparency import ErasedDisclosure
from ledger.acts.trust import KeyRevoked
from ledger.compose import Batch, Officer
from ledger.crypto import canonical, disclosure
from ledger.crypto.disclosure import encode_base64url
from ledger.crypto.dsse import pae, pae_of
from ledger.crypto.keys import PrivateKey
from ledger.errors import StoreError, UntrustedInputError
from ledger.store.used_tokens import Remembered, UsedTokens
from tests.api.test_problems import check_problem
from tests.kit.opened import CTD, Comite
from tests.kit.readers import ANNEX, AUDITOR, Callers, gather, lines
from tests.kit.routes import document

if TYPE_CHECKING:
    import httpx

    from api.system import System

_PARAMETER = re.compile(r"\{([^}:]*)(?::path)?\}")
_NOBODY = {"anonymous": 401, "revoked-key": 401, "other-ledger": 401, "other-audience": 401}
_BARRED = _NOBODY | {"ended-designation": 403, "other-office": 403, "recovery-key": 403}
_VALID = ("member", "secretary", "custodian", "transparency-officer", "auditor", "founder")
_CONVENED = dict.fromkeys(("member", "secretary", "custodian"), 200)


def expected(**allowed: int) -> dict[str, int]:
    """Return what each caller is answered: the allowed ones as told, the barred as ever, all others 403."""
    return _BARRED | dict.fromkeys(_VALID, 403) | {name.replace("_", "-"): code for name, code in allowed.items()}


@pytest.fixture(scope="module")
def callers(system: System) -> Callers:
    """Give everybody who asks."""
    return gather(system, town_of(system))


def _example(operation: dict[str, Any], name: str) -> str:
    [schema] = [each["schema"] for each in operation["parameters"] if each["name"] == name]
    return str(next(iter(schema.get("examples", ["1"]))))


# -- the matrix ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), [key for key, access in lines().items() if access == "public"])
def test_a_public_route_answers_everybody_alike(http: httpx.Client, callers: Callers, method: str, path: str) -> None:
    """Nobody needs a token, nobody gets more with one, and one that is worth nothing does no harm."""
    operation = document()["paths"][path][method.lower()]
    url = _PARAMETER.sub(lambda match: _example(operation, match[1]), path)
    given = Counter(
        http.request(method, url, headers=callers.headers(caller, url)).status_code for caller in callers.officers
    )
    assert len(given) == 1, given
    assert not given.keys() & {401, 403}


@pytest.mark.parametrize(("method", "path"), [key for key, access in lines().items() if access == "signed"])
def test_a_signed_route_looks_at_what_is_signed_and_at_no_token(
    http: httpx.Client, callers: Callers, method: str, path: str
) -> None:
    """Acts, documents and challenges carry their own signature; a token in the header adds nothing to an empty body."""
    url = _PARAMETER.sub("0" * 64, path)
    given = {
        http.request(method, url, content=b"{}", headers=callers.headers(caller, url)).status_code
        for caller in callers.officers
    }
    assert len(given) == 1
    assert given <= {400, 401, 422}


def cases(callers: Callers) -> list[tuple[str, str, dict[str, int]]]:
    """Return template, address and expected answers of what is restricted."""
    annex = f"/api/v1/documents/{sha256(ANNEX).hexdigest()}?act={callers.convened}"
    sealed = "/api/v1/acts/{index}/disclosures"

    def told(status: int) -> dict[str, int]:
        return _BARRED | dict.fromkeys(_VALID, status)

    return [
        ("GET /api/v1/access/session", "/api/v1/access/session", told(200)),
        ("GET /api/v1/access/reads", "/api/v1/access/reads", expected(custodian=200)),
        ("DELETE /api/v1/access/session", "/api/v1/access/session", dict.fromkeys(callers.officers, 401)),
        (f"GET {sealed}", sealed.format(index=callers.convened), expected(**_CONVENED)),
        (f"GET {sealed}", sealed.format(index=callers.asked_for), expected(transparency_officer=200, auditor=200)),
        (f"GET {sealed}", sealed.format(index=callers.registered), expected(founder=200)),
        ("GET /api/v1/signing/waiting", "/api/v1/signing/waiting", told(200)),
        ("GET /api/v1/signing/papers/{kind}/{key}.pdf", "/api/v1/signing/papers/acta/hcd/1999/ord/1.pdf", told(404)),
        ("POST /api/v1/signing/openings", "/api/v1/signing/openings", told(422)),
        ("POST /api/v1/signing/revocation", "/api/v1/signing/revocation", told(422)),
        ("POST /api/v1/signing/signatures", "/api/v1/signing/signatures", told(422)),
        ("GET /api/v1/documents/{sha256}", annex, expected(**_CONVENED) | {"anonymous": 403}),
    ]


def test_what_is_restricted_is_read_by_whom_the_ledger_lets(http: httpx.Client, callers: Callers) -> None:
    """Every restricted route × everybody: offices in force, the office that sealed, seats addressed, consultations."""
    seen = set()
    for operation, url, answers in cases(callers):
        seen.add(tuple(operation.split()))
        assert answers.keys() == callers.officers.keys()
        method = operation.partition(" ")[0]
        for caller, status in answers.items():
            answer = http.request(method, url, headers=callers.headers(caller, url.partition("?")[0]))
            assert answer.status_code == status, (operation, caller, answer.text[:300])
            if status in {401, 403}:
                check_problem(answer)
                assert ("www-authenticate" in answer.headers) == (status == 401)
            else:
                assert answer.headers["cache-control"] == "no-store"
    assert seen == {key for key, access in lines().items() if access in {"restricted", "mixed"}}


def test_each_reads_what_is_his_and_it_is_noted(http: httpx.Client, callers: Callers) -> None:
    """Members the convocation, the Unidad the whole request, the auditor the one text handed to her; custodians see."""

    def read(caller: str, index: int) -> tuple[str, dict[str, Any]]:
        url = f"/api/v1/acts/{index}/disclosures"
        said = http.get(url, headers=callers.headers(caller, url)).json()
        return said["ground"], {name: disclosure.parse(text).value for name, text in said["disclosures"].items()}

    ground, texts = read("member", callers.convened)
    assert (ground, texts["item/1/title"]) == ("members", "Asunto reservado")
    assert read("secretary", callers.convened) == ("own-office", texts)
    assert read("transparency-officer", callers.asked_for)[1].keys() == {"text", "petitioner"}
    assert read("auditor", callers.asked_for) == ("consultation", {"text": "Copia del acuerdo"})
    annex = f"/api/v1/documents/{sha256(ANNEX).hexdigest()}"
    got = http.get(annex, params={"act": callers.convened}, headers=callers.headers("member", annex))
    assert got.content == ANNEX
    noted = http.get("/api/v1/access/reads", headers=callers.headers("custodian", "/api/v1/access/reads")).json()
    assert noted["data"][0]["ground"] == "document"
    last = noted["data"][1]
    assert (last["person"], last["index"], last["names"]) == (AUDITOR, callers.asked_for, ["text"])
    assert "Copia" not in json.dumps(noted)


def test_what_was_blocked_is_closed_to_the_office_that_sealed_it(
    http: httpx.Client, callers: Callers, system: System
) -> None:
    """From the block on, at once; the other texts of the act stay open to it."""
    town = town_of(system)
    comite = Comite(town, system.ledger)
    index = system.last_index(comite.receive(2))
    assert index is not None
    comite.receive(3, "cancellation")
    digest = next(row.digest for row in system.store.sealed_of(index) if row.name == "petitioner")
    of: dict[str, Any] = {"body": CTD, "year": comite.today.year, "number": 3}
    comite.do(AccessRequestAnswered(**of, modality="granted"), sealed={"answer": "Procede."})
    named = ErasedDisclosure(index=index, name="petitioner", digest=digest)
    comite.do(PersonalDataBlocked(**of, disclosures=(named,), until_on=comite.today.isoformat()))
    url = f"/api/v1/acts/{index}/disclosures"
    said = http.get(url, headers=callers.headers("transparency-officer", url)).json()
    assert said["disclosures"].keys() == {"text"}


def test_what_is_said_in_ones_own_voice_is_not_the_seats(http: httpx.Client, system: System) -> None:
    """A resignation's reason: its author reads it, his suplente on the same seat and the secretary do not."""
    town = town_of(system)
    batch = Batch(town.desk)
    town.seat_person(batch, "obrero-3", "Suplente Ficticia", number=2, capacity="suplente")
    system.submit(batch.acts)
    act = ResignationFiled(body="hcd", seat="obrero-3", number=1, effective_at=town.now())
    author, suplente = town.officer("obrero-3"), town.officer("obrero-3", number=2)
    [filed] = town.do(act, author, sealed={"reason": "Motivos personales"})
    url = f"/api/v1/acts/{filed.index}/disclosures"

    def status(officer: Officer) -> int:
        token = compose(officer, system.ledger.origin, url)
        return http.get(url, headers={"Authorization": f"Bearer {token}"}).status_code

    assert [status(officer) for officer in (author, suplente, town.secretary)] == [200, 403, 403]


@pytest.mark.parametrize(
    ("office", "stream", "his"),
    [
        ("designation/hcd/obrero-3/1", "hearing/hcd/obrero-3/1", True),
        ("designation/hcd/obrero-3/2", "hearing/hcd/obrero-3/1", False),
        ("designation/hcd/obrero-3/1", "proposal/hcd/obrero-3/1", False),
        ("ledger", "hearing/", False),
    ],
)
def test_who_is_to_be_removed_reads_the_grounds(office: str, stream: str, his: bool) -> None:
    """By the designation, not by the seat: neither suplente nor successor."""
    assert own_case(Reader("k", "p", office, "member", "hcd", "obrero-3"), stream) == his


# -- tokens --------------------------------------------------------------------------------------------------------


def refused(http: httpx.Client, token: str, url: str = SESSION_PATH) -> str:
    """Return the code with which a token is refused."""
    answer = http.get(url, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {401, 403}
    code: str = check_problem(answer)["code"]
    return code


def test_a_token_is_good_once_for_its_scope_for_five_minutes(
    http: httpx.Client, callers: Callers, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replayed, out of scope, for longer, expired, of before this process, altered: each is refused with its code."""
    secretary, origin = town_of(system).secretary, system.ledger.origin
    token = compose(secretary, origin, "/api/v1/access")
    assert http.get(SESSION_PATH, headers={"Authorization": f"bearer {token}"}).status_code == 200
    assert refused(http, token) == "access-replayed"
    sealed = f"/api/v1/acts/{callers.convened}/disclosures"
    assert refused(http, compose(secretary, origin, sealed)) == "access-scope"
    assert refused(http, compose(secretary, origin, "/api/v1/acc")) == "access-scope"
    assert refused(http, compose(secretary, origin, SESSION_PATH, life=timedelta(minutes=6))) == "access-token"
    assert refused(http, compose(secretary, origin, SESSION_PATH, life=timedelta(0))) == "access-token"
    head, _, tail = compose(secretary, origin, SESSION_PATH).partition(".")
    other = compose(secretary, origin, SESSION_PATH).partition(".")[0]
    assert refused(http, f"{other}.{tail}") == "access-token"
    assert http.get(SESSION_PATH, headers={"Authorization": f"Basic {head}"}).json()["code"] == "access-token"
    late = compose(secretary, origin, SESSION_PATH)
    monkeypatch.setattr(system.doorkeeper, "_began", parse(late).expires_at)
    assert refused(http, late) == "access-token"


def test_a_token_is_good_once_among_all_servers(http: httpx.Client, callers: Callers, system: System) -> None:
    """What one server let in another server of the same database refuses, and the other way round; a new one passes."""
    secretary, origin, other = town_of(system).secretary, system.ledger.origin, Doorkeeper(system)
    other._began = system.doorkeeper._began

    def asks(token: str) -> Reader:
        headers = [(b"authorization", f"Bearer {token}".encode())]
        return other.admit(Request({"type": "http", "method": "GET", "path": SESSION_PATH, "headers": headers}))

    first, second = (compose(secretary, origin, SESSION_PATH) for _ in range(2))
    assert http.get(SESSION_PATH, headers={"Authorization": f"Bearer {first}"}).status_code == 200
    with pytest.raises(ApiError, match="access-replayed"):
        asks(first)
    assert asks(second).keyid == secretary.key.public.keyid
    assert refused(http, second) == "access-replayed"
    assert callers.officers


def test_what_was_used_is_forgotten_once_it_has_expired(callers: Callers, system: System) -> None:
    """A row goes with the next use after its time; a used token stays refused until then."""
    used = UsedTokens(system.store)
    assert used.use("a", timedelta(minutes=6))
    assert not used.use("a", timedelta(minutes=6))
    assert used.use("b", timedelta(seconds=-1))
    assert used.use("c", timedelta(minutes=6))
    assert used.use("b", timedelta(minutes=6))
    assert callers.officers


def test_a_server_that_may_not_write_remembers_what_it_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once each until its time is over, as the table does; where no more fit, nobody is let in unremembered."""
    used = Remembered()
    assert used.use("a", timedelta(seconds=-1))
    assert used.use("a", timedelta(minutes=6))
    assert not used.use("a", timedelta(minutes=6))
    monkeypatch.setattr("ledger.store.used_tokens.MAX_REMEMBERED", 1)
    with pytest.raises(StoreError, match="access-full"):
        used.use("b", timedelta(minutes=6))


def test_an_acts_signature_is_no_tokens_and_the_other_way_round(http: httpx.Client, system: System) -> None:
    """What is signed is signed for one purpose: the payload type stands under the signature."""
    secretary = town_of(system).secretary
    token = parse(compose(secretary, system.ledger.origin, SESSION_PATH))
    forged = secretary.key.sign(pae(token.payload))
    text = f"{encode_base64url(token.payload)}.{encode_base64url(forged)}"
    assert refused(http, text) == "access-token"
    assert pae_of(PAYLOAD_TYPE, token.payload) != pae(token.payload)


@pytest.mark.parametrize(
    "change",
    [
        {"use": "write"},
        {"jti": "short"},
        {"office": "body/hcd"},
        {"scope": "api"},
        {"signer": "0"},
        {"expires_at": "mañana"},
        {"more": "x"},
        {"audience": 7},
    ],
    ids=str,
)
def test_a_malformed_token_is_refused_before_any_key_is_asked(change: dict[str, Any]) -> None:
    """Members, forms and sizes are exact; nothing is looked up for what has none."""
    officer = Officer(PrivateKey.generate(), "ledger")
    value = canonical.loads(parse(compose(officer, "a.example", "/x/y")).payload, 2000)
    payload = canonical.dumps(value | change)
    with pytest.raises(UntrustedInputError):
        parse(f"{encode_base64url(payload)}.{encode_base64url(b'x' * 64)}")


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "e30.e30", "e30.", "x" * 4000])
def test_what_is_no_token_is_one_family_of_errors(text: str) -> None:
    """Whatever stands in the header, the parser raises the error of untrusted input and no other."""
    with pytest.raises(UntrustedInputError):
        parse(text)


# -- sessions ------------------------------------------------------------------------------------------------------


def opened(http: httpx.Client, officer: Officer) -> dict[str, Any]:
    """Open a session with a signed challenge; the client keeps the cookie."""
    asked = http.post("/api/v1/access/challenges").json()
    token = compose(officer, asked["audience"], asked["scope"], jti=asked["challenge"])
    answer = http.post(SESSION_PATH, content=token)
    assert answer.status_code == 201, answer.text
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=1800"))
    said: dict[str, Any] = answer.json()
    again = http.post(SESSION_PATH, content=token)
    assert check_problem(again)["code"] == "access-replayed"
    return said


def test_a_session_reads_as_its_office_until_it_is_closed(http: httpx.Client, callers: Callers, system: System) -> None:
    """A signed challenge opens it; it reads many times; another site's page and a missing CSRF value are refused."""
    said = opened(http, town_of(system).officer("obrero-1"))
    assert (said["role"], said["seat"]) == ("member", "obrero-1")
    url = f"/api/v1/acts/{callers.convened}/disclosures"
    assert [http.get(url).status_code for _ in range(2)] == [200, 200]
    assert check_problem(http.get(url, headers={"Sec-Fetch-Site": "cross-site"}))["code"] == "access-cross-site"
    assert http.get(url, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    assert check_problem(http.delete(SESSION_PATH))["code"] == "access-csrf"
    cookie = http.cookies[COOKIE]
    assert http.delete(SESSION_PATH, headers={"Acervo-CSRF": said["csrf"]}).status_code == 204
    http.cookies.set(COOKIE, cookie)
    assert check_problem(http.get(url))["code"] == "access-session"


def test_a_session_ends_with_its_key(http: httpx.Client, callers: Callers, system: System) -> None:
    """Revoked in the ledger, refused with the next request; no list of sessions is to be kept in step."""
    town = town_of(system)
    officer = town.officer("obrero-4")
    opened(http, officer)
    url = f"/api/v1/acts/{callers.convened}/disclosures"
    assert http.get(url).status_code == 200
    town.do(KeyRevoked(keyid=officer.key.public.keyid, reason="lost"), town.founder)
    assert check_problem(http.get(url))["code"] == "access-key"


def test_a_challenge_that_is_not_ours_opens_nothing(
    http: httpx.Client, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invented, altered, expired, signed for another address, or by a key that the ledger does not have."""
    secretary, origin = town_of(system).secretary, system.ledger.origin

    def code(**told: Any) -> str:
        token = compose(told.get("officer", secretary), origin, told.get("scope", SESSION_PATH), jti=told["jti"])
        return str(check_problem(http.post(SESSION_PATH, content=token))["code"])

    asked = http.post("/api/v1/access/challenges").json()["challenge"]
    assert code(jti="0123456789abcdef0123") == "access-challenge"
    assert code(jti=asked[:-1] + ("0" if asked[-1] != "0" else "1")) == "access-challenge"
    assert code(jti=asked, scope="/api/v1/access") == "access-scope"
    assert code(jti=asked, officer=Officer(PrivateKey.generate(), "ledger")) == "access-key"
    assert code(jti=asked, officer=Officer(secretary.key, "ledger")) == "access-office"
    monkeypatch.setattr("api.access.doorkeeper.CHALLENGE_LIFE", timedelta(seconds=-1))
    assert code(jti=http.post("/api/v1/access/challenges").json()["challenge"]) == "access-challenge"
