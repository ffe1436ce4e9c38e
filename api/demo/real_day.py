"""A real session day, imported, certified today by a secretary with a demo key: what was imported stays visibly so."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from api.actas import ActaDesk
from api.demo.record import certify, record
from ledger.compose import Batch
from ledger.domain.acta import ActaState
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from api.demo.town import Town
    from api.system import System

SECRETARY_NAME = "Amparo Lizárraga Núñez"


def certify_session(system: System, town: Town, path: str) -> str:
    """Draft, sign, seal and certify the acta of a session; return the certificate's stream.

    Args:
        system: Its ledger has demo keys.
        town: The demo's people.
        path: The session's segments, `diputados/2009/pleno/1`.

    Raises:
        RuleViolation: "session-unknown", "body-unknown", "acta-sealed" and whatever the rules refuse.
    """
    body_name, year = path.split("/", maxsplit=1)[0], int(town.now()[:4])
    body = system.ledger.state(f"body/{body_name}")
    if not isinstance(body, BodyState):
        raise RuleViolation("body-unknown", body=body_name)
    seat = next(seat.seat for seat in body.seats.values() if seat.role == "secretary")
    number = _designation(system, town, body_name, seat)
    secretary = town.officer(seat, body_name, number)
    record(town, ActaDesk(system.store, system.vault, system.ledger.state), path, {seat: secretary})
    acta = system.ledger.state(f"acta/{path}")
    if not isinstance(acta, ActaState):
        raise RuleViolation("acta-unknown", acta=path)
    certificate = _next(system, f"certification/{body_name}/{year}")
    certify(town, (body_name, year, certificate), {f"acta/{path}": acta}, secretary)
    return f"certification/{body_name}/{year}/{certificate}"


def _designation(system: System, town: Town, body: str, seat: str) -> int:
    """Return the number of the secretary's designation with a demo key; make one where there is none."""
    number = _next(system, f"designation/{body}/{seat}")
    last = system.ledger.state(f"designation/{body}/{seat}/{number - 1}") if number > 1 else None
    if isinstance(last, DesignationState) and not last.imported:
        return number - 1
    batch = Batch(town.desk)
    town.seat_person(batch, seat, SECRETARY_NAME, body=body, number=number)
    system.submit(batch.acts)
    return number


def _next(system: System, series: str) -> int:
    return next(number for number in count(1) if system.ledger.state(f"{series}/{number}") is None)
