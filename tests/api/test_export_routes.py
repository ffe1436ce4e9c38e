"""Open data over HTTP: dated folders and their files, lists as tables, objects as JSON-LD."""

from __future__ import annotations

import csv
import io
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from api.exports import tabular
from api.exports.catalogue import by_route, datasets
from api.exports.shelf import Shelf
from tests.api.test_problems import check_problem
from tests.kit.exported import as_json

if TYPE_CHECKING:
    import httpx

    from tests.kit.exported import Export

pytestmark = pytest.mark.xdist_group("exports")
LISTS = sorted(route for route in by_route() if "{" not in route)


@pytest.fixture(scope="module")
def day(exported: Export) -> str:
    """Give the day on which a dated folder was written."""
    written = Shelf(exported.system.settings.data_dir).write(exported.system)
    assert written is not None
    return written


# -- dated folders ---------------------------------------------------------------------------------------------------


def test_dated_folders_are_listed_and_their_files_served(exported: Export, day: str) -> None:
    """A list in the envelope of all lists; each file with its hash, its bytes, an ETag, and for ever the same."""
    listed = exported.http.get("/api/v1/exports").json()
    assert [each["key"] for each in listed["data"]] == [day]
    assert listed["links"]["self"] == "/api/v1/exports"
    one = exported.http.get(listed["data"][0]["id"]).json()
    assert one == listed["data"][0]
    assert one["tree_head"]["size"] == exported.system.size()
    assert one["notice"] == "Datos ficticios"
    for each in one["files"]:
        answer = exported.http.get(each["link"])
        assert answer.status_code == 200
        assert len(answer.content) == each["bytes"]
        assert each["sha256"] in {"", sha256(answer.content).hexdigest()}
        assert "immutable" in answer.headers["cache-control"]
        again = exported.http.get(each["link"], headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert {each["name"] for each in one["files"]} >= {"SHA256SUMS", "SHA256SUMS.note", "agreements.csv"}
    assert exported.http.get(f"/exports/{day}/agreements.csv").headers["content-type"] == "text/csv; charset=utf-8"


def test_the_newest_file_has_an_address(exported: Export, day: str) -> None:
    """`/exports/latest/…` leads to the dated one."""
    answer = exported.http.get("/exports/latest/votes.jsonl")
    assert (answer.status_code, answer.headers["location"]) == (307, f"/exports/{day}/votes.jsonl")
    check_problem(exported.http.get("/exports/latest/nada.csv"))


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/exports/1999-01-01",
        "/exports/1999-01-01/agreements.csv",
        "/exports/{day}/nada.csv",
        "/exports/{day}/..%2F..%2Fapp-password",
        "/exports/..%2Fexports/agreements.csv",
        "/exports/{day}/.new",
        "/api/v1/exports?cursor=WzFd",
    ],
)
def test_nothing_but_what_is_listed_is_served(exported: Export, day: str, path: str) -> None:
    """Other days, other names, ways out of the folder, cursors of others: a problem, 4xx."""
    problem = check_problem(exported.http.get(path.format(day=day)))
    assert 400 <= problem["status"] < 500


def test_a_day_is_written_once_and_old_ones_go(exported: Export, day: str) -> None:
    """A folder that stands is left as it is; beyond what is kept the oldest go; cursors lead through the rest."""
    shelf = Shelf(exported.system.settings.data_dir)
    assert shelf.write(exported.system) is None
    for old in ("2001-01-01", "2001-01-02", "2001-01-03"):
        (shelf.directory / old).mkdir()
        for name in ("datapackage.json", "SHA256SUMS", "SHA256SUMS.note"):
            (shelf.directory / old / name).write_bytes((shelf.directory / day / name).read_bytes())
    (shelf.directory / ".2001-01-04.new").mkdir()
    seen: list[str] = []
    address = "/api/v1/exports?limit=2"
    while address:
        page = exported.http.get(address).json()
        seen += [each["key"] for each in page["data"]]
        address = page["links"].get("next", "")
    assert seen == [day, "2001-01-03", "2001-01-02", "2001-01-01"]
    assert shelf.prune(0) == []
    assert shelf.prune(2) == ["2001-01-02", "2001-01-01"]
    assert shelf.prune(1) == ["2001-01-03"]
    assert shelf.dates() == [day]


# -- lists as tables -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", LISTS)
def test_a_list_comes_whole_as_a_table(exported: Export, route: str) -> None:
    """`?format=csv` gives every row of the list, not a page, and says what the objects say."""
    dataset = by_route()[route]
    rows = list(csv.reader(io.StringIO(exported.http.get(f"{route}?format=csv&limit=1").text, newline="")))
    assert rows[0] == [each.name for each in dataset.fields]
    objects = exported.http.get(f"{route}?limit=500").json()["data"]
    wanted = [["" if value is None else value for value in dataset.row(each)] for each in objects]
    kinds = [each.type for each in dataset.fields]
    found = [[as_json(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in rows[1:]]
    assert [["" if value is None else value for value in row] for row in found] == wanted


def test_filters_hold_and_accept_asks_too(exported: Export) -> None:
    """A table keeps the list's filters; `Accept` asks as the parameter does; JSON stays what it was."""
    whole = exported.http.get("/api/v1/agreements?format=jsonl").text.splitlines()
    some = exported.http.get("/api/v1/agreements?year=2026&format=jsonl")
    assert some.headers["content-disposition"] == 'attachment; filename="agreements.jsonl"'
    assert 0 < len(some.text.splitlines()) < len(whole)
    assert {json.loads(line)["year"] for line in some.text.splitlines()} == {2026}
    accepted = exported.http.get("/api/v1/agreements?year=2026", headers={"Accept": "application/jsonl"})
    assert accepted.content == some.content
    again = exported.http.get(some.url, headers={"If-None-Match": some.headers["etag"]})
    assert again.status_code == 304
    assert "data" in exported.http.get("/api/v1/agreements?format=json", headers={"Accept": "text/csv"}).json()


def test_a_vote_comes_as_a_workbook_with_every_mark(exported: Export) -> None:
    """Lists below an object have tables, too; a workbook says that the data are fictitious."""
    [vote] = exported.http.get("/api/v1/votes?limit=1").json()["data"]
    answer = exported.http.get(f"{vote['links']['marks']}?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    marks = exported.http.get(f"{vote['links']['marks']}?limit=500").json()["data"]
    assert book["Datos"].max_row == len(marks) + 1
    assert book["Datos"]["A2"].value == vote["key"]
    assert "Datos ficticios" in [cell.value for row in book["Campos"].iter_rows() for cell in row]


def test_no_table_is_cut(exported: Export, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list longer than a table may be is a problem, never a part of it; so is a list that has no table."""
    monkeypatch.setattr(tabular, "MAX_ROWS", 3)
    problem = check_problem(exported.http.get("/api/v1/agreements?format=csv"))
    assert (problem["status"], problem["code"]) == (422, "list-too-long")
    problem = check_problem(exported.http.get("/api/v1/expiring-designations?format=csv"))
    assert (problem["status"], problem["code"]) == (406, "list-without-table")
    assert check_problem(exported.http.get("/api/v1/agreements?format=dbf"))["status"] == 422


def test_every_list_of_the_catalogue_is_a_route(exported: Export) -> None:
    """What the catalogue calls a list is one."""
    paths = exported.http.get("/api/v1/openapi.json").json()["paths"]
    assert {each.route for each in datasets().values() if each.route is not None} <= set(paths)


# -- JSON-LD ---------------------------------------------------------------------------------------------------------


def linked(http: httpx.Client, path: str) -> dict[str, Any]:
    """Return an object as JSON-LD."""
    answer = http.get(f"/api/v1/{path}", headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/ld+json"
    assert "Accept" in answer.headers["vary"]
    found: dict[str, Any] = answer.json()
    return found


def test_an_agreement_is_legislation(exported: Export) -> None:
    """In the words of schema.org: who passed it, in which session, in force or not; closed text is named only."""
    found, plain = linked(exported.http, "agreements/hcd/2026/1"), exported.http.get("/api/v1/agreements/hcd/2026/1")
    origin = exported.system.ledger.origin
    assert (found["@type"], found["@id"]) == ("Legislation", f"https://{origin}/agreements/hcd/2026/1")
    assert found["name"] == plain.json()["texts"]["title"]["value"]
    assert found["legislationPassedBy"] == {"@id": f"https://{origin}/bodies/hcd"}
    assert found["legislationDate"] == plain.json()["adopted_on"]
    assert "resolution/2" in found["acervo:withheld"]
    assert found["disambiguatingDescription"] == "Datos ficticios"
    assert plain.headers["content-type"] == "application/json"
    assert found["url"].endswith("/api/v1/agreements/hcd/2026/1")


def test_sessions_bodies_and_actas_have_their_words(exported: Export) -> None:
    """Event, GovernmentOrganization, DigitalDocument; references lead to `@id`s that the others have."""
    session = linked(exported.http, "sessions/hcd/2026/ord/1")
    assert (session["@type"], session["eventStatus"]) == ("Event", "https://schema.org/EventScheduled")
    assert linked(exported.http, "bodies/hcd")["@id"] == session["organizer"]["@id"]
    acta = linked(exported.http, "actas/hcd/2026/ord/1")
    assert (acta["@type"], acta["about"]["@id"]) == ("DigitalDocument", session["@id"])
    assert linked(exported.http, "bodies/hcd")["@type"] == "GovernmentOrganization"
    assert all(value not in (None, []) for value in (*session.values(), *acta.values()))


def test_what_has_no_such_form_comes_as_json(exported: Export) -> None:
    """A vote has no word in the list of kinds: JSON, as HTTP allows."""
    [vote] = exported.http.get("/api/v1/votes?limit=1").json()["data"]
    answer = exported.http.get(vote["id"], headers={"Accept": "application/ld+json"})
    assert answer.headers["content-type"] == "application/json"
