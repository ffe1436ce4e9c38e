"""A first session of the demo council, from its convocation to its certificate; the year of domain.md §7 comes later.

Eight minutes of a real secretary's morning: a roll call, a vote by the members' own signed ballots, a tie that the
chair breaks, a secret vote; three agreements; the acta drafted from these acts, signed in turn, sealed, published;
a certificate over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from api.actas import ActaDesk
from api.demo.record import certify, record
from api.demo.sitting import Sitting
from api.demo.town import VOTING_SEATS
from ledger.acts.transparency import TextPublished
from ledger.clock import MEXICO_CITY
from ledger.compose import Batch
from ledger.ids import write_instant
from ledger.statement import Entry

if TYPE_CHECKING:
    from api.demo.town import Town
    from api.system import System

TITLES = (
    "Presupuesto de operación del ejercicio",
    "Convenio de colaboración con los servicios estatales de salud",
    "Arrendamiento de un inmueble para archivo",
    "Designación de la presidencia del Comité de Inversiones",
)
MOTIONS = (
    "Se aprueba el presupuesto de operación en los términos del dictamen.",
    "Se autoriza la firma del convenio de colaboración.",
    "Se autoriza el arrendamiento del inmueble por doce meses.",
    "Se elige a la persona propuesta para presidir el Comité de Inversiones.",
)
RESOLUTIONS = (
    ("Se aprueba el presupuesto de operación.", "Se instruye a la Dirección de Finanzas a informar cada trimestre."),
    ("Se autoriza a la Dirección General a firmar el convenio.",),
    ("Se autoriza el arrendamiento.", "Se instruye a la Dirección de Administración a dar cuenta de su ejercicio."),
)
UNITS = ("DF", "DPM", "DA")


@dataclass(frozen=True, slots=True)
class Told:
    """What stands after the story."""

    session: str
    agreements: int
    certificate: str


def tell(system: System, town: Town) -> Told:
    """Hold the first session of this year, write it down, certify it.

    Raises:
        AcervoError: As the ledger refuses; the story is told once a ledger.
    """
    now = datetime.now(MEXICO_CITY)
    sitting = Sitting(town, now.year, 1)
    sitting.begin(TITLES, write_instant(now + timedelta(seconds=1)), [*VOTING_SEATS, "secretario"])
    _votes(sitting, now)
    sitting.close()
    desk = ActaDesk(system.store, system.vault, system.ledger.state)
    record(town, desk, sitting.path, {"secretario": town.secretary, "estado-1": town.chair})
    objects = {
        stream: state
        for stream in (
            f"acta/{sitting.path}",
            *(f"agreement/hcd/{sitting.year}/{number}" for number in sitting.agreements),
        )
        if (state := system.ledger.state(stream)) is not None
    }
    certify(town, ("hcd", sitting.year, 1), objects, town.secretary)
    _publish(system, town)
    return Told(f"session/{sitting.path}", len(sitting.agreements), f"certification/hcd/{sitting.year}/1")


def _votes(sitting: Sitting, now: datetime) -> None:
    """A roll call, ballots, a tie with a casting vote, a secret vote; agreements of the first three."""

    def adopt(number: int, vote: int) -> None:
        identifier = f"ACDO.AS2.HCD.{now:%d%m%y}/{number}.P.{UNITS[number - 1]}"
        sitting.adopt(number, identifier, vote, TITLES[number - 1], RESOLUTIONS[number - 1])
        sitting.conclude(number)

    sitting.item(1)
    adopt(1, sitting.roll_call(1, MOTIONS[0], {"contra": ["patronal-1"], "abstencion": ["obrero-4"]}))
    sitting.item(2)
    adopt(2, sitting.ballots(2, MOTIONS[1], dict.fromkeys(VOTING_SEATS, "favor")))
    sitting.leave(["estado-4", "patronal-4", "obrero-3", "obrero-4"], item=3)
    sitting.item(3)
    adopt(3, sitting.tie(3, MOTIONS[2], ["patronal-1", "patronal-2", "patronal-3", "obrero-1"], "favor"))
    sitting.item(4)
    sitting.secret(4, MOTIONS[3], favor=5, contra=3)
    sitting.conclude(4)


def _publish(system: System, town: Town) -> None:
    """Open what is public by law: names of the body and of its members as public servants, titles, agreements."""
    batch = Batch(town.desk)
    for kind in ("body", "person", "session", "vote", "agreement"):
        for stream in system.store.streams_below(f"{kind}/"):
            head = system.store.stream(stream)[0]
            index = _index_of(head)
            if index is not None:
                batch.sign(TextPublished(index=index), town.founder)
    system.submit(batch.acts)


def _index_of(raw: bytes) -> int | None:
    """Return the entry's index where it has sealed values to open."""
    entry = Entry.parse(raw)
    return entry.index if entry.act.statement.sealed else None
