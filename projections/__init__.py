"""Registries: what the acts say, as tables that can be thrown away and rebuilt (format.md §1.5)."""

from projections import (
    actas,
    agreements,
    asuntos,
    bodies,
    books,
    calendars,
    carpetas,
    certification_requests,
    certifications,
    circulations,
    convocations,
    follow_up,
    hashes,
    people,
    positions,
    received,
    requirements,
    sessions,
    texts,
    times,
    units,
    votes,
)
from projections.base import Registry, Table

REGISTRIES: tuple[Registry, ...] = (
    bodies.REGISTRY,
    people.REGISTRY,
    calendars.REGISTRY,
    asuntos.REGISTRY,
    sessions.REGISTRY,
    convocations.REGISTRY,
    carpetas.REGISTRY,
    votes.REGISTRY,
    positions.REGISTRY,
    agreements.REGISTRY,
    follow_up.REGISTRY,
    units.REGISTRY,
    actas.REGISTRY,
    circulations.REGISTRY,
    books.REGISTRY,
    received.REGISTRY,
    certification_requests.REGISTRY,
    certifications.REGISTRY,
    requirements.REGISTRY,
    texts.REGISTRY,
    hashes.REGISTRY,
    times.REGISTRY,
)

__all__ = ["REGISTRIES", "Registry", "Table"]
