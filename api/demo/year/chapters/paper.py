"""What was on paper: the ledger is founded, bodies are settled, twelve acts of 1966 to 2013 are imported (§7.1)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from api.demo.year import actas
from api.demo.year.course import Event, on
from api.demo.year.settle import designate, enrol, settle
from api.demo.year.teller import REGISTRAR
from ledger.acts.agreement import AgreementImported, IdentifierQuarantined
from ledger.domain.agreement_ids import Parsed, parse

if TYPE_CHECKING:
    from api.demo.year.teller import Teller

# identifier as printed, day, title
LEGACY = (
    ("167 717", "1966-05-30", "Creación del servicio de guarderías en la zona norte"),
    ("177/2001", "2001-04-25", "Lineamientos para la atención de consejos consultivos"),
    ("667/2001", "2001-11-28", "Reglas de operación de la comisión de vigilancia"),
    ("224/2004", "2004-05-19", "Programa de tiendas para derechohabientes"),
    ("359/2004", "2004-07-14", "Bases de los pagos a plazos"),
    ("1/2005", "2005-01-19", "Calendario de sesiones"),
    ("2/2005", "2005-01-19", "Delegación de facultades en materia de obra"),
    ("ACDO.SA2.HCD.010611/155.P.DF", "2011-06-01", "Costos unitarios de 2011"),
    ("ACDO.SA2.HCD.260912/241.P.DPES", "2012-09-26", "Reglas de guarderías de prestación indirecta"),
    ("ACDO.SA2.HCD.280813/234.P.DIR", "2013-08-28", "Criterios de clasificación de empresas"),
    ("ACDO.SA2.HCD.111213/361.P.DAED", "2013-12-11", "Evaluación de delegaciones"),
    ("ACDO.AS2.HCD.3000413/150.P.DIR", "2013-04-30", "Convenios de pago en parcialidades"),
)
"""The last has seven digits in its date, as the printer left it."""
DELEGATION = ("ACDO.AS2.HCD.280421/99.P.DA", "2021-04-28", "Delegación de facultades en materia de arrendamientos")
"""A later act in the same style, which the council leaves without effect in September."""


def legacy(t: Teller) -> None:
    """Import what was transcribed from the old books; the identifier that no grammar admits goes to quarantine."""
    scan = sha256(b"libros de acuerdos 1966-2021 (ficticios)").hexdigest()
    for row, (printed, day, title) in enumerate((*LEGACY, DELEGATION), 1):
        parsed = parse(printed)
        if not isinstance(parsed, Parsed):
            number = t.next_number("quarantine/hcd")
            t.sign(
                IdentifierQuarantined(body="hcd", number=number, reason=parsed.reason),
                REGISTRAR,
                sealed={"as_printed": printed},
            )
            continue
        act = AgreementImported(
            body="hcd",
            year=int(day[:4]),
            number=parsed.value.number,
            adopted_on=day,
            identifier=parsed.canonical,
            provenance="LEGACY_SCAN",
            source_sha256=scan,
            row=row,
        )
        t.sign(act, REGISTRAR, sealed={"title": title})
        t.notes[f"identifier {parsed.canonical}"] = act.stream()


def provisional(t: Teller) -> None:
    """Seat a councillor whom his organisation proposed and the assembly has not ratified yet."""
    designate(t, "hcd/obrero-3", "hcd.obrero-3", "2025-10-29 00:00", "2030-01-01 00:00", effect="provisional")


def suplente(t: Teller) -> None:
    """Register who acts for Obrera 2 while her seat is without its propietaria, until the end of September."""
    enrol(t, "hcd.obrero-2.suplente", "Suplente Obrero 2")
    designate(t, "hcd/obrero-2", "hcd.obrero-2.suplente", "2020-10-01 00:00", "2026-10-01 00:00", capacity="suplente")


def events() -> list[Event]:
    """Return the chapter's events."""
    return [
        on("2025-11-04 09:00", settle),
        on("2025-11-05 10:00", provisional),
        on("2025-11-05 11:00", suplente),
        on("2025-11-10 10:00", legacy),
        on("2025-11-11 10:00", actas.open_book, "hcd", 2025),
        on("2025-11-11 11:00", actas.open_book, "agd", 2025),
        on("2026-01-05 10:00", actas.open_book, "hcd", 2026),
        on("2026-01-05 11:00", actas.open_book, "agd", 2026),
    ]
