"""What a council decides every month: routine matters by unit, taken up in one item and numbered in agenda order."""

from __future__ import annotations

from api.demo.year.meeting import Adopt, Item, Resolution, Vote, instructs

_BY_UNIT = {
    "DIR": (
        "Dispensa del otorgamiento de garantía del interés fiscal, expediente {case}",
        "Reglas para la inscripción de trabajadores eventuales del campo de Valle Norte, expediente {case}",
        "Criterio de clasificación de empresas en el seguro de riesgos de trabajo, expediente {case}",
    ),
    "DF": (
        "Actualización de costos unitarios por nivel de atención médica, expediente {case}",
        "Régimen de inversión de las reservas, informe trimestral, expediente {case}",
        "Cancelación de cuentas incobrables dictaminadas, expediente {case}",
    ),
    "DPES": (
        "Bases de operación de guarderías de prestación indirecta, expediente {case}",
        "Programa de velatorios y servicios funerarios, expediente {case}",
        "Calendario de pago de pensiones en curso, expediente {case}",
    ),
    "DPM": (
        "Programa de abasto de medicamentos de alta especialidad, expediente {case}",
        "Convenio de subrogación de servicios de hemodiálisis, expediente {case}",
        "Lineamientos de referencia entre unidades médicas, expediente {case}",
    ),
    "DA": (
        "Desincorporación de un inmueble sin uso en Valle Norte, expediente {case}",
        "Programa anual de obra y conservación, expediente {case}",
        "Baja de bienes muebles por obsolescencia, expediente {case}",
    ),
    "DJ": (
        "Autorización para desistirse de un juicio de cuantía menor, expediente {case}",
        "Ratificación de poderes de representación, expediente {case}",
    ),
}
_TASK_EVERY = 3
"""One routine agreement in three obliges a unit to report."""


def routine(
    unit: str,
    count: int,
    first_case: int,
    due: str,
    vote: Vote | None = None,
    *,
    last: int | None = None,
    arrive: str = "",
) -> Item:
    """Return an item that carries several routine agreements of a unit by one vote.

    Args:
        unit: Whose matters they are, `DIR`.
        count: How many.
        first_case: Number of the first file.
        due: By when a unit that is to report must.
        vote: The vote; unanimous by roll call where absent.
        last: The number that the last one must get.
        arrive: Who joins before it.
    """
    titles = _BY_UNIT[unit]
    adopts = []
    for each in range(count):
        case = f"{unit}-{first_case + each:03}"
        title = titles[each % len(titles)].format(case=case)
        resolutions = [Resolution("approve", f"Se aprueba lo propuesto por la {unit} en el expediente {case}.")]
        if each % _TASK_EVERY == 0:
            text = f"Se instruye a la {unit} a informar de su cumplimiento."
            resolutions.append(instructs(text, unit.lower(), due))
        number = last if each == count - 1 else None
        adopts.append(Adopt(unit, tuple(resolutions), number, title))
    return Item(
        f"Asuntos de la {unit} que se presentan en bloque", vote=vote or Vote(), adopt=tuple(adopts), arrive=arrive
    )
