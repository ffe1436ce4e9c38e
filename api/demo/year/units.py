"""The units of the institution, as they were when the ledger was founded; DAED is renamed in March (§7.1)."""

from __future__ import annotations

SINCE = "2020-01-01"

UNITS = (
    ("dir", "DIR", "Dirección de Incorporación y Recaudación"),
    ("df", "DF", "Dirección de Finanzas"),
    ("dpes", "DPES", "Dirección de Prestaciones Económicas y Sociales"),
    ("dpm", "DPM", "Dirección de Prestaciones Médicas"),
    ("da", "DA", "Dirección de Administración"),
    ("daed", "DAED", "Dirección de Administración y Evaluación de Delegaciones"),
    ("dj", "DJ", "Dirección Jurídica"),
    ("sg", "SG", "Secretaría General"),
)
DOE = ("DOE", "Dirección de Operación y Evaluación")
