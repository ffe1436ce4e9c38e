"""Every error of every route is a problem of one shape (RFC 9457), Spanish first and English beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from api.main import create_app
from api.problems import MEDIA_TYPE, ApiError, problem, status_of
from ledger.errors import AcervoError, ConflictError, GuardMovedError, RuleViolation, StoreError, UntrustedInputError
from ledger.log.errors import LogDamagedError, SignerRefusedError
from tests.kit.routes import operations
from tests.kit.served import served
from tests.kit.waiting import WAIT_S

if TYPE_CHECKING:
    from api.system import System

REQUIRED = {"type", "title", "title_en", "status", "detail", "detail_en", "code", "instance"}
PLACES = operations()
PARAMETER = re.compile(r"\{[^}]*\}")


def check_problem(answer: httpx.Response) -> dict[str, Any]:
    """Assert that an answer is a problem, and return it."""
    assert answer.headers["content-type"] == MEDIA_TYPE
    body: dict[str, Any] = answer.json()
    assert body.keys() >= REQUIRED
    assert body["status"] == answer.status_code
    assert body["type"] == f"/api/v1/problems/{body['code']}"
    assert re.fullmatch(r"[a-z0-9-]+", body["code"])
    assert "Sin explicación" not in body["title"] + body["detail"]
    assert body["title"] != body["title_en"]
    assert answer.headers["cache-control"] == "no-store"
    return body


@pytest.mark.parametrize(("method", "path"), PLACES)
def test_a_wrong_call_of_any_route_is_a_problem(http: httpx.Client, method: str, path: str) -> None:
    """Whatever stands in a path or body that no client would send, each route answers well or with a problem."""
    wrong = PARAMETER.sub("%00%C3%28..%2F", path)
    answer = http.request(method, wrong, content=b"\xff{", headers={"content-type": "application/json"})
    assert answer.status_code < 500
    if answer.status_code >= 400 and method != "HEAD":
        check_problem(answer)


@pytest.mark.parametrize("path", sorted({path for _, path in PLACES}))
def test_a_wrong_method_of_any_route_is_a_problem(http: httpx.Client, path: str) -> None:
    """A method that a route does not have is 405, with what it does have."""
    answer = http.request("PATCH", PARAMETER.sub("1", path))
    assert answer.status_code == 405
    assert check_problem(answer)["code"] == "method-not-allowed-here"
    assert answer.headers["allow"]


def test_an_unknown_address_is_a_problem(http: httpx.Client) -> None:
    """What is nowhere is 404."""
    assert check_problem(http.get("/no/hay"))["status"] == 404


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UntrustedInputError("not-canonical"), 400),
        (UntrustedInputError("too-large"), 413),
        (RuleViolation("number-gap", stream="agreement/hcd/2026/2", expected=1), 422),
        (ConflictError("taken", "agreement/hcd/2026/1"), 409),
        (ConflictError("basis", "vote/hcd/2026/ord/1/1"), 409),
        (GuardMovedError("vote/hcd/2026/ord/1/1"), 503),
        (StoreError("database-unreachable"), 503),
        (LogDamagedError("node-missing"), 503),
        (SignerRefusedError("log-rolled-back"), 503),
        (ApiError(429, "too-many"), 429),
    ],
)
def test_each_family_of_errors_has_its_status(error: AcervoError, status: int) -> None:
    """The mapping from the ledger's errors to HTTP is this one and stands in one place."""
    assert status_of(error) == status
    body = problem(error, "/x")
    assert body["status"] == status
    assert body["detail"] != body["detail_en"]


def test_an_unforeseen_failure_tells_nothing(system: System, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug is a 500 problem without a trace or a message of ours."""
    monkeypatch.setattr(system, "size", lambda: 1 / 0)
    with served(create_app(system)) as url:
        answer = httpx.get(f"{url}/api/v1/health", timeout=WAIT_S)
    body = check_problem(answer)
    assert (body["status"], body["code"]) == (500, "internal")
    assert "division" not in answer.text


def test_each_problem_type_can_be_looked_up(http: httpx.Client) -> None:
    """The `type` of a problem is an address that says what it means."""
    found = check_problem(http.get("/api/v1/acts/999999"))
    meaning = http.get(found["type"]).json()
    assert meaning["code"] == "not-found"
    assert meaning["text"] != meaning["text_en"]
    assert len(http.get("/api/v1/problems").json()["data"]) > 300
