"""Open data keep up with the registries: a new list or column is found here until the catalogue has it."""

from __future__ import annotations

import json

import pytest

from api.exports import sources
from api.exports.catalogue import by_route, datasets
from projections.base import HEADING
from tests.kit.routes import document

BESIDE = {
    "/api/v1/acts",  # the acts themselves are the log
    "/api/v1/authority",  # computed out of designations and keys
    "/api/v1/expiries",  # what other lists have, picked
    "/api/v1/expiring-designations",  # designations, picked
    "/api/v1/exports",
    "/api/v1/keys/{keyid}/acts",  # the log, picked
    "/api/v1/search",  # a question, not a registry
    "/api/v1/sessions/{body}/{year}/{series}/{session}/interventions",  # texts of the session
    "/api/v1/timeline/{kind}/{path}",  # the log, picked
}
"""Lists that are no table of open data, and why."""


@pytest.mark.parametrize("name", sources.LISTED)
def test_every_column_of_a_registry_goes_out_or_is_left_out_by_name(name: str) -> None:
    """api/exports/datasets.toml names each column of each registry that the interface lists, and says what it means."""
    dataset, kind = datasets()[name], sources.LISTED[name].kind
    own = {column for column in kind.table.columns if column not in HEADING and column != "id"}
    out = {each.name for each in dataset.fields if each.path == (each.name,)}
    assert own - (out - {"texts"}) == dataset.left_out
    assert all(each.es and each.en for each in dataset.fields)


def test_every_list_is_exported_or_stands_here() -> None:
    """Each route that answers with a page is a table, or is named above with a reason; no table names none."""
    paths = document()["paths"]
    lists = {path for path, said in paths.items() if "Page" in json.dumps(said.get("get", {}).get("responses", {}))}
    others = {path for path in lists if path not in by_route()}
    assert {path for path in others if not path.startswith("/api/v1/popolo/")} == BESIDE  # the same, by other names
    assert by_route().keys() <= lists
