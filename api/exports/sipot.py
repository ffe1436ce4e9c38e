"""Quarterly formats of transparency obligations, filled from the registries (LGTAIP 58, 65; domain.md §6.2).

The template (`sipot.toml`) says columns, labels and catalogues, `sipot_rows` what fills a column, by its `source`. A
quarter without rows has one that says so. What is withheld is counted in the note and never stands in a cell.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import xlsxwriter

from api.banner import NOTICE
from api.exports.formats import FIXED_TIME
from api.exports.sipot_rows import ROWS
from ledger.crypto.canonical import dumps
from ledger.domain.sipot import last_day
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

    from projections.queries.base import Reader

CONTENT = "acervo/sipot/1"
HEAD_ROWS = 7
"""Rows of the sheet above its data, as the platform's own workbooks have them: titles, types, labels."""
_TYPES = {"text": 1, "date": 4, "link": 7, "catalogue": 9}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a format: its label, what fills it, whether it may not be empty, and what it may say."""

    label: str
    source: str
    kind: str = "text"
    required: bool = False
    catalogue: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A format: which edition, how sure its labels are, under which norm, its columns."""

    name: str
    edition: str
    status: str
    law: str
    short: str
    title: str
    description: str
    rows: str
    types: Mapping[str, str]
    columns: tuple[Column, ...]


@cache
def templates() -> Mapping[str, Template]:
    """Return every format by its name."""
    said = tomllib.loads(files("api.exports").joinpath("sipot.toml").read_text(encoding="utf-8"))
    shared = said.pop("shared")
    return {name: _template(name, each, shared) for name, each in said.items()}


def _template(name: str, said: dict[str, Any], shared: Mapping[str, list[dict[str, Any]]]) -> Template:
    """Return a format; a column that is only a name stands for the shared ones of that name."""
    told = [own for each in said.pop("columns") for own in (shared[each] if isinstance(each, str) else [each])]
    columns = tuple(Column(**{**each, "catalogue": tuple(each.get("catalogue", ()))}) for each in told)
    return Template(name=name, columns=columns, **said)


@dataclass(frozen=True, slots=True)
class Filled:
    """A format filled for a quarter.

    Attributes:
        template: Which.
        year, quarter: Of what.
        on: The day of update.
        size: Over the first so many entries.
        rows: Values in the order of the columns; links are paths on the service that answers.
        remarks: What whoever files should look at first: row (from 1), column, code.
    """

    template: Template
    year: int
    quarter: int
    on: date
    size: int
    rows: list[list[str]]
    remarks: list[dict[str, Any]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """Return what `TransparencyFormatExported/1` names by the hash of its canonical JSON."""
        return {
            "format": CONTENT,
            "form": self.template.name,
            "edition": self.template.edition,
            "year": self.year,
            "quarter": self.quarter,
            "on": self.on.isoformat(),
            "size": self.size,
            "rows": self.rows,
        }

    def sha256(self) -> str:
        """Return the SHA-256, in hex, of the content's canonical JSON."""
        return sha256(dumps(self.content())).hexdigest()


def fill(cursor: Reader, name: str, year: int, quarter: Any, on: date) -> Filled:
    """Fill a format from the registries as the cursor's moment knows them.

    Args:
        cursor: On one moment of the registries.
        name: The format.
        year: Of the quarter.
        quarter: 1 to 4.
        on: The day of update that it states.
    """
    template = templates()[name]
    found = ROWS[template.rows](cursor, template, _period(year, quarter))
    return of(template, (year, quarter), on, cursor.position, list(found))


def _period(year: int, quarter: Any) -> tuple[date, date]:
    return date(year, 3 * quarter - 2, 1), last_day(year, quarter)


def of(template: Template, when: tuple[int, int], on: date, size: int, told: list[dict[str, str]]) -> Filled:
    """Return a format of a year's quarter out of what its rows tell by sources; without any, one row says so."""
    year, quarter = when
    since, until = _period(year, quarter)
    common = {
        "year": str(year),
        "from_on": since.isoformat(),
        "until_on": until.isoformat(),
        "updated_on": on.isoformat(),
        "area": text("sipot-area"),
    }
    told = told or [{"note": text("sipot-nothing", since=since, until=until, law=template.law)}]
    rows = [[str({**common, **each}.get(column.source, "")) for column in template.columns] for each in told]
    return Filled(template, year, quarter, on, size, rows, list(_remarks(template, rows)))


def _remarks(template: Template, rows: list[list[str]]) -> Iterator[dict[str, Any]]:
    for number, row in enumerate(rows, 1):
        for column, value in zip(template.columns, row, strict=True):
            if column.required and not value:
                yield {"row": number, "column": column.label, "code": "sipot-empty"}
            if value and column.catalogue and value not in column.catalogue:
                yield {"row": number, "column": column.label, "code": "sipot-not-in-catalogue"}
            if column.kind == "link" and not value and len(rows) > 1:
                yield {"row": number, "column": column.label, "code": "sipot-no-document"}


# -- the workbook ------------------------------------------------------------------------------------------------------


def workbook(filled: Filled, target: IO[bytes], base: str, *, fictitious: bool) -> None:
    """Write a filled format as the platform's workbooks are: sheet `Reporte de Formatos`, catalogues in hidden sheets.

    Every cell is text, whatever it begins with.

    Args:
        filled: What.
        target: Where.
        base: The address below which the service is reached, for links.
        fictitious: Whether the ledger is a demo; then the sheet says so.
    """
    template = filled.template
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    book.set_properties({"title": template.title, "created": FIXED_TIME, "comments": template.status})
    sheet = book.add_worksheet("Reporte de Formatos")
    kinds = ["catalogue" if each.catalogue else each.kind for each in template.columns]
    warning = f"{NOTICE}. {template.status}" if fictitious else template.status
    head = [
        [template.short],
        ["TÍTULO", "", "", "NOMBRE CORTO", "", "", "DESCRIPCIÓN"],
        [template.title, "", "", template.short, "", "", template.description],
        [str(_TYPES[each]) for each in kinds],
        [warning, template.law, f"{text('sipot-edition')}: {template.edition}"],
        ["Tabla Campos"],
        [each.label for each in template.columns],
    ]
    links = [each.kind == "link" for each in template.columns]
    body = [
        [base + value if link and value else value for value, link in zip(row, links, strict=True)]
        for row in filled.rows
    ]
    for number, row in enumerate([*head, *body]):
        for place, value in enumerate(row):
            if value:
                sheet.write_string(number, place, value)
    for place, column in enumerate(template.columns):
        if column.catalogue:
            hidden = book.add_worksheet(f"Hidden_{len(book.worksheets())}")
            hidden.hide()
            for number, value in enumerate(column.catalogue):
                hidden.write_string(number, 0, value)
            last = HEAD_ROWS + max(len(body), 200)
            rule = {"validate": "list", "source": f"={hidden.get_name()}!$A$1:$A${len(column.catalogue)}"}
            sheet.data_validation(HEAD_ROWS, place, last, place, rule)
    book.close()
