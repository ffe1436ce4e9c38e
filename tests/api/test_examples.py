"""The OpenAPI document's examples are true: each is sent to the demo year, and its answer is of the declared schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from api.main import create_app
from tests.kit.routes import operations
from tests.kit.served import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.system import System

ENDLESS = frozenset({"/api/v1/acts/stream"})
MADE_ANEW = frozenset(
    {
        "/api/v1/persons/{person}",
        "/api/v1/keys/{keyid}",
        "/api/v1/convocations/{statement}",
        "/api/v1/classifications/{index}/{proposal}",
        "/api/v1/public-versions/{index}/{version}",
        "/api/v1/consultations/{index}/{number}",
    }
)
"""What no two demo years have at the same address: the first of the list stands for the example."""
ELSEWHERE = frozenset(
    {
        "/api/v1/certificate-authorities/{certificate}",
        "/api/v1/documents/{sha256}",
        "/v/{code}",
        "/api/v1/public-versions/{index}/{version}/file",
        "/api/v1/keys/{keyid}/acts",
        "/api/v1/exports/{date}",
        "/exports/latest/{file}",
        "/exports/{date}/{file}",
        "/api/v1/access/session",
        "/api/v1/access/reads",
        "/api/v1/acts/{index}/disclosures",
        "/api/v1/signing/waiting",
        "/api/v1/signing/papers/{kind}/{key}.pdf",
        "/api/v1/sipot-exports/{body}/{year}/{quarter}/{form}/{number}",
        "/api/v1/removal-hearings/{body}/{seat}/{number}",
        "/api/v1/notes/{body}/{year}/{series}/{session}/{note}",
    }
)
"""What the demo year does not have or has by another name each time, what needs a job, what not everybody reads."""
READ = [path for method, path in operations() if method == "GET" and path not in ENDLESS | ELSEWHERE]


@pytest.fixture(scope="module")
def told(year: tuple[System, str]) -> Iterator[httpx.Client]:
    """Give a client of the demo year."""
    with served(create_app(year[0], limited=False)) as url, httpx.Client(base_url=url, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def document(told: httpx.Client) -> dict[str, Any]:
    """Give the document as it is served."""
    found: dict[str, Any] = told.get("/api/v1/openapi.json").json()
    return found


def example_of(parameter: dict[str, Any]) -> Any:
    """Return a parameter's example, None where it has none."""
    examples = parameter["schema"].get("examples", [None])
    return parameter.get("example", examples[0])


def test_what_is_elsewhere_is_an_operation() -> None:
    """What is left out, or asked for otherwise, is named as it stands in the document."""
    assert {("GET", path) for path in ELSEWHERE | MADE_ANEW | ENDLESS} <= set(operations())


@pytest.mark.parametrize("path", READ)
def test_every_example_is_answered_as_declared(told: httpx.Client, document: dict[str, Any], path: str) -> None:
    """With the examples of what it needs every operation answers 200, with what its schema says."""
    operation = document["paths"][path]["get"]
    needed = {each["name"]: example_of(each) for each in operation.get("parameters", ()) if each["required"]}
    address = path.format(**needed)
    if path in MADE_ANEW:
        address = told.get(path.partition("/{")[0]).json()["data"][0]["id"]
    answer = told.get(address, params={name: said for name, said in needed.items() if f"{{{name}}}" not in path})
    assert answer.status_code == 200, (address, answer.text[:300])
    content = operation["responses"]["200"].get("content", {}).get("application/json")
    if content is not None and answer.headers["content-type"] == "application/json":
        schema = content["schema"] | {"components": document["components"]}
        jsonschema_rs.validator_for(schema).validate(answer.json())
