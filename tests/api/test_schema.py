"""The OpenAPI document is true: whatever it allows, and what it does not, no answer is a 5xx of ours."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, reject, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.generation.modes import GenerationMode

from tests.api.test_problems import REQUIRED
from tests.kit.routes import operations

EXAMPLES = 12
STATEFUL_WALKS = 25
STATEFUL_S = 45.0
"""After so long no further request is made."""


def test_the_document_is_openapi_3_1_and_complete(http: httpx.Client) -> None:
    """Every route is in it, with a summary, and every reference leads somewhere."""
    document = http.get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {path for _, path in operations()} == document["paths"].keys()
    assert all(item["summary"] for path in document["paths"].values() for item in path.values())
    names = set(document["components"]["schemas"])
    assert {ref.rpartition("/")[2] for ref in _references(document)} <= names


def test_the_page_for_people_names_every_operation(http: httpx.Client) -> None:
    """/api/v1/docs lists them all, needs no script and nobody else's server."""
    answer = http.get("/api/v1/docs")
    assert answer.headers["content-type"].startswith("text/html")
    for method, path in operations():
        assert f"{method} {path}" in answer.text
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("https://c2sp.org", "")


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [ref for item in value.values() for ref in _references(item)]
    return [ref for item in value for ref in _references(item)] if isinstance(value, list) else []


@pytest.fixture(scope="module")
def schema(address: str) -> Any:
    """Give the document as it is served; making it takes longer than asking a route what it thinks of nonsense."""
    return schemathesis.openapi.from_dict(httpx.get(f"{address}/api/v1/openapi.json", timeout=60).json())


@pytest.mark.parametrize(("method", "path"), operations())
def test_nothing_that_is_sent_gives_a_5xx(schema: Any, address: str, method: str, path: str) -> None:
    """Generated requests, as the document allows and as it does not: never a 5xx, and errors are problems."""
    operation = schema[path][method]

    statuses = set()

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @schemathesis_given(operation)  # type: ignore[untyped-decorator]  # hypothesis' own, by way of Any
    def run(case: Any) -> None:
        answer = case.call(base_url=address, timeout=30)
        statuses.add(answer.status_code)
        assert answer.status_code < 500, (answer.status_code, answer.content[:500])
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.headers["content-type"][0].partition(";")[0] == "application/problem+json"
            assert answer.json().keys() >= REQUIRED

    run()
    assert statuses


def test_what_leads_from_answer_to_answer_gives_no_5xx(address: str) -> None:
    """From lists to their objects and next pages as the document's links say, and on: never a 5xx, bounded in time."""
    found = schemathesis.openapi.from_dict(httpx.get(f"{address}/api/v1/openapi.json", timeout=60).json())
    found.config.update(base_url=address)
    machine: Any = found.include(method="GET").exclude(path="/api/v1/acts/stream").as_state_machine()
    statuses: list[int] = []
    until = time.monotonic() + STATEFUL_S

    class Walk(machine):  # type: ignore[misc]
        def before_call(self, case: Any) -> None:
            if time.monotonic() > until:
                reject()
            super().before_call(case)

        def validate_response(self, response: Any, case: Any, **_how: Any) -> None:
            statuses.append(response.status_code)
            assert response.status_code < 500, (case.formatted_path, response.status_code, response.content[:500])

    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=STATEFUL_WALKS,
            stateful_step_count=6,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(statuses) > STATEFUL_WALKS
    assert 200 in statuses


def schemathesis_given(operation: Any) -> Any:
    """Return hypothesis' `given` over the cases of an operation, good ones and bad ones."""
    from hypothesis import given

    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    bad = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    return given(case=good | bad)
