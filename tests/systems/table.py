"""The rows of the table of systems, and the page that says which of them work."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ROWS: Mapping[str, Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("rows.toml").read_text(encoding="utf-8"))
DOC = Path(__file__).parents[2] / "docs" / "systems.md"
_GROUPS = {
    "A": "Sesiones, orden del día, carpeta",
    "B": "Acuerdos",
    "C": "Designaciones y credenciales",
    "D": "Libros, certificación, archivo",
    "E": "Supervisión de otros órganos",
    "F": "Casos",
    "G": "Fiscalización",
    "H": "Transparencia y datos personales",
    "I": "Organizaciones y convenios",
    "J": "Certificación de competencias",
    "K": "Asuntos internacionales",
    "L": "Vecinos administrativos",
    "M": "Panamá",
    "N": "Partidos",
}
_HEAD = """# Sistemas / Systems

Written by `make systems` out of a test run; do not edit. A row *works* only where a test of its own name saw its act
types accepted through `POST /api/v1/acts`, read its registry over HTTP and was refused once by a rule that it names.
C core, I important, E edge.

"""


def table(works: dict[str, list[str]]) -> str:
    """Return the page; `works` gives the tests of the rows that work."""
    counted = {"works": 0, "not yet": 0, "outside": 0}
    lines: list[str] = []
    for letter, title in _GROUPS.items():
        lines += [f"## {letter}. {title}", "", "| | | | Status | By |", "|---|---|---|---|---|"]
        for name, row in ROWS.items():
            if name[0] == letter:
                status, by = _status(name, row, works)
                counted[status] += 1
                lines.append(f"| {name} | {row['priority']} | {row['name']} | {status} | {by} |")
        lines.append("")
    total = f"{len(ROWS)} rows: " + ", ".join(f"{count} {status}" for status, count in counted.items()) + "."
    return _HEAD + total + "\n\n" + "\n".join(lines)


def _status(name: str, row: Mapping[str, Any], works: dict[str, list[str]]) -> tuple[str, str]:
    if "outside" in row:
        return "outside", row["outside"]
    if name in works:
        types = ", ".join(f"`{each}`" for each in row["types"])
        return "works", f"{types} · `/api/v1/{row['route']}` · {', '.join(works[name])}"
    return "not yet", ""
