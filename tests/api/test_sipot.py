"""Quarterly formats over HTTP: out of the registries, as the platform's workbooks are, nothing sealed in a cell."""

from __future__ import annotations

import io
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from api.exports import sipot
from tests.api.test_problems import check_problem

if TYPE_CHECKING:
    from tests.kit.exported import Export

pytestmark = pytest.mark.xdist_group("exports")
QUARTER = "sipot-formats/actas/2026/1"
FORMS = ("actas", "opiniones", "acuerdos", "calendario", "integrantes", "indice-reservados")
SINCE, UNTIL = "2026-01-01", "2026-03-31"


def told(exported: Export, path: str, **params: Any) -> dict[str, Any]:
    """Return what an address says."""
    answer = exported.http.get(f"/api/v1/{path}", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def column(found: dict[str, Any], label: str) -> list[str]:
    """Return a column by the beginning of its label."""
    [place] = [number for number, each in enumerate(found["columns"]) if each.startswith(label)]
    return [row[place] for row in found["rows"]]


def test_every_session_held_in_the_quarter_has_its_row(exported: Export) -> None:
    """As many rows as the list has held sessions in these days, each with date, number and its acta if sealed."""
    found = told(exported, QUARTER)
    listed = told(exported, "sessions", date_from="2026-01-01", date_to="2026-03-31", limit=500)["data"]
    held = [each for each in listed if each["phase"] in {"closed", "imported"}]
    assert column(found, "Fecha en que se realizó") == [each["held_on"] for each in held]
    assert column(found, "Número de la sesión") == [f"{each['number']}/{each['year']}" for each in held]
    actas = {each["key"]: each["phase"] for each in told(exported, "actas", limit=500)["data"]}
    for row, session in zip(column(found, "Hipervínculo"), held, strict=True):
        assert row == (f"/api/v1/actas/{session['key']}" if actas.get(session["key"]) == "sealed" else "")
    assert set(column(found, "Tipo de acta")) <= {"Ordinaria", "Extraordinaria"}
    assert {each["code"] for each in found["remarks"]} <= {"sipot-no-document"}
    assert all(each["text"] and each["text_en"] for each in found["remarks"])


def test_labels_are_marked_to_be_confirmed(exported: Export) -> None:
    """Formats and interface say that the official labels are yet to be confirmed, and under which norm they stand."""
    formats = told(exported, "sipot-formats")["data"]
    assert [each["form"] for each in formats] == list(FORMS)
    assert {each["status"] for each in formats} == {"por confirmar / to confirm"}
    assert told(exported, QUARTER)["status"] == "por confirmar / to confirm"
    assert [each["form"] for each in formats if "fracción XLIV" in each["law"]] == ["actas", "opiniones"]
    assert all(each["law"].startswith("LGTAIP 2025, artículo") for each in formats)


def test_the_workbook_is_the_platforms(exported: Export) -> None:
    """Sheet `Reporte de Formatos`, labels in row 7, data below as text, catalogues in hidden sheets, whole links."""
    answer = exported.http.get(f"/api/v1/{QUARTER}?format=xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="46a-2026-1.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Reporte de Formatos", "Hidden_1"]
    assert book["Hidden_1"].sheet_state == "hidden"
    assert [cell.value for (cell,) in book["Hidden_1"].iter_rows()] == ["Ordinaria", "Extraordinaria"]
    sheet, found = book["Reporte de Formatos"], told(exported, QUARTER)
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[6]] == found["columns"]
    assert "Datos ficticios. por confirmar / to confirm" in [cell.value for cell in rows[4]]
    links = [label.startswith("Hipervínculo") for label in found["columns"]]
    for cells, row in zip(rows[7:], found["rows"], strict=True):
        wanted = [exported.address + value if link and value else value for value, link in zip(row, links, strict=True)]
        assert [cell.value or "" for cell in cells] == wanted
        assert all(cell.data_type in {"s", "n"} and not isinstance(cell.value, float) for cell in cells)
    again = exported.http.get(f"/api/v1/{QUARTER}?format=xlsx").content
    assert again == answer.content


def test_no_cell_of_a_format_is_a_formula() -> None:
    """A title that begins as a formula does is text."""
    template, target = sipot.templates()["actas"], io.BytesIO()
    filled = sipot.of(template, (2026, 1), date(2026, 4, 1), 1, [{"topics": '=HYPERLINK("x")', "note": "@x"}])
    sipot.workbook(filled, target, "", fictitious=False)
    cells = [cell for row in openpyxl.load_workbook(target)["Reporte de Formatos"].iter_rows(min_row=8) for cell in row]
    assert '=HYPERLINK("x")' in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


def test_a_quarter_without_sessions_says_so(exported: Export) -> None:
    """One row with its period and a founded note, as the rules of the platform want."""
    found = told(exported, "sipot-formats/actas/2011/2")
    assert len(found["rows"]) == 1
    assert column(found, "Fecha de inicio") == ["2011-04-01"]
    assert column(found, "Fecha de término") == ["2011-06-30"]
    assert "no se celebraron sesiones" in column(found, "Nota")[0]
    assert found["remarks"] == []


def test_opinions_and_recommendations_are_listed(exported: Export) -> None:
    """Recommendations issued in the quarter, each with its identifier; a text that no act opened is not in its cell."""
    found = told(exported, "sipot-formats/opiniones/2026/1")
    listed = told(exported, "recommendations", date_from="2026-01-01", date_to="2026-03-31", limit=500)["data"]
    kinds = column(found, "Tipo de documento")
    assert kinds.count("Recomendación") == len(listed) > 0
    closed = [each for each in listed if "value" not in each["texts"]["text"]]
    topics = column(found, "Asunto o tema")
    assert all(each["identifier"] in topics for each in closed)


@pytest.mark.parametrize("form", FORMS)
def test_every_format_is_filled_and_empty_alike(exported: Export, form: str) -> None:
    """Head and tail of every format; what a catalogue has; its workbook has its rows; without rows one says so."""
    found = told(exported, f"sipot-formats/{form}/2026/1")
    assert found["columns"][0] == "Ejercicio"
    assert found["columns"][-2:] == ["Fecha de actualización", "Nota"]
    assert {row[1] for row in found["rows"]} == {SINCE}
    assert {each["code"] for each in found["remarks"]} <= {"sipot-no-document"}
    book = openpyxl.load_workbook(
        io.BytesIO(exported.http.get(f"/api/v1/sipot-formats/{form}/2026/1?format=xlsx").content)
    )
    assert book["Reporte de Formatos"].max_row == 7 + len(found["rows"])
    empty = told(exported, f"sipot-formats/{form}/1999/2")
    assert len(empty["rows"]) == 1
    assert "no se celebraron sesiones" in column(empty, "Nota")[0]
    assert empty["remarks"] == []


def test_agreements_are_those_of_the_list(exported: Export) -> None:
    """Each agreement of the quarter, its title only where it is open, how it stands, and where it is read."""
    found = told(exported, "sipot-formats/acuerdos/2026/1")
    listed = told(exported, "agreements", date_from=SINCE, date_to=UNTIL, limit=500)["data"]
    assert column(found, "Identificador") == [each["identifier"] for each in listed]
    assert column(found, "Vigencia") == [each["validity_text"] for each in listed]
    assert column(found, "Hipervínculo") == [each["id"] for each in listed]
    titles = [each["texts"].get("title", {}).get("value", "") for each in listed]
    assert column(found, "Asunto o tema") == titles
    assert any(titles)
    assert not all(titles)


def test_members_are_the_compositions_of_the_last_day(exported: Export) -> None:
    """Every holder of every seat of every body; a seat without one says that it is vacant."""
    found = told(exported, "sipot-formats/integrantes/2026/1")
    seats, links = 0, []
    for body in told(exported, "bodies", limit=500)["data"]:
        shown = told(exported, f"bodies/{body['key']}/composition", on=UNTIL)
        links += [holder["designation"] for seat in shown["seats"] for holder in seat["holders"]]
        seats += sum(not seat["holders"] for seat in shown["seats"])
    assert sorted(filter(None, column(found, "Hipervínculo"))) == sorted(links)
    assert column(found, "Calidad").count("Vacante") == seats
    people = told(exported, "persons", limit=500)["data"]
    opened = {each["texts"]["name"].get("value", "") for each in people if "name" in each["texts"]}
    for name, note, kind in zip(*(column(found, each) for each in ("Nombre", "Nota", "Calidad")), strict=True):
        assert name in opened if name else note or kind == "Vacante"


def test_planned_sessions_are_those_of_the_calendars(exported: Export) -> None:
    """Each entry of a calendar in the quarter, and what became of it by the quarter's last day."""
    found = told(exported, "sipot-formats/calendario/2026/1")
    planned = []
    for calendar in told(exported, "calendars", limit=500)["data"]:
        entries = told(exported, f"calendars/{calendar['key']}", on=UNTIL)["entry_list"]
        planned += [each for each in entries if SINCE <= each["day"] <= UNTIL]
    assert sorted(column(found, "Fecha prevista")) == sorted(each["day"] for each in planned)
    words = sipot.templates()["calendario"].types
    assert sorted(column(found, "Situación")) == sorted(words[each["status"]] for each in planned)
    assert planned


def test_the_reserved_index_is_that_of_the_last_day(exported: Export) -> None:
    """Each reservation in force on the quarter's last day, with ground and term; no sealed word."""
    found = told(exported, "sipot-formats/indice-reservados/2026/4")
    rows = told(exported, "reserved-index", on="2026-12-31")["rows"]
    assert column(found, "Documento") == [each["object"] for each in rows]
    assert column(found, "Fecha de término de la reserva") == [each["until_on"] for each in rows]
    assert column(found, "Partes") == [", ".join(each["names"]) for each in rows]
    assert rows


@pytest.mark.parametrize(
    ("path", "status"),
    [("sipot-formats/nada/2026/1", 404), ("sipot-formats/actas/2026/5", 422), (f"{QUARTER}?format=csv", 406)],
)
def test_what_is_not_offered_is_a_problem(exported: Export, path: str, status: int) -> None:
    """Another format, a fifth quarter, another form of it."""
    assert check_problem(exported.http.get(f"/api/v1/{path}"))["status"] == status


def test_what_stands_below_a_formats_hash_is_as_known_then(exported: Export) -> None:
    """The same moment gives the same hash; an earlier one gives what was known then."""
    now, again = told(exported, QUARTER, on="2026-04-01"), told(exported, QUARTER, on="2026-04-01")
    assert now["sha256"] == again["sha256"]
    before = told(exported, QUARTER, on="2026-04-01", known_at=30)
    assert before["size"] == 31
    assert len(before["rows"]) <= len(now["rows"])
    assert before["sha256"] != now["sha256"]
