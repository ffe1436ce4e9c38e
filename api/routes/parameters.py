"""Parameters that all routes over registries share: of which moment, since when changed, which fields."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import AwareDatetime

MAX_WAIT_S = 5.0
"""How long a reader may wait for the registries to reach a position."""
MAX_INDEX = 2**53 - 1
AsOf = Annotated[
    date | None,
    Query(
        description=(
            "El día de la pregunta: lo que ocurrió o surtió efectos hasta su término. / "
            "The day of the question: what occurred or took effect by its end."
        )
    ),
]
KnownOn = Annotated[
    date | None,
    Query(
        description=(
            "Según lo registrado hasta el término de ese día, hora del centro de México. / "
            "As recorded by the end of that day, central Mexico."
        )
    ),
]
KnownAt = Annotated[
    int | None,
    Query(
        ge=0,
        le=MAX_INDEX,
        description=(
            "Según los actos hasta este índice, en vez de `known_on`. / "
            "As known by the acts up to this index, instead of `known_on`."
        ),
    ),
]
On = Annotated[
    date | None,
    Query(
        description=(
            "Otro nombre de `as_of` en lo que se calcula a una fecha; sin ninguno, hoy. / "
            "Another name of `as_of` where a day is needed; without either, today."
        )
    ),
]
WaitUntil = Annotated[
    int | None,
    Query(
        ge=0,
        le=MAX_INDEX,
        description=(
            "Índice de un acto: se responde cuando los registros ya lo muestran. / "
            f"Index of an act: the answer waits until registries show it, at most {MAX_WAIT_S:.0f} s."
        ),
    ),
]
ModifiedSince = Annotated[
    AwareDatetime | None,
    Query(
        description=(
            "Lo que cambió desde entonces; lo que salió de la lista viene con `deleted`. / "
            "What changed since then; what left the list comes with `deleted`."
        )
    ),
]
ModifiedSinceIndex = Annotated[
    int | None,
    Query(
        ge=0,
        le=MAX_INDEX,
        description=(
            "Lo mismo, por índice: `moment.as_of_position` de la respuesta anterior. / "
            "The same by index: `moment.as_of_position` of the answer before."
        ),
    ),
]
Fields = Annotated[
    str | None,
    Query(
        max_length=1000,
        examples=["key,texts,log"],
        description=(
            "Solo estos campos, separados por comas, además de `id` y `type`. / "
            "Only these fields, with commas between them, besides `id` and `type`."
        ),
    ),
]
