"""Act types as the API shows them: `ledger.describe` with the stream's pattern and links."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ledger.acts import act_types
from ledger.describe import describe as describe_type
from ledger.domain.registry import AGGREGATES

if TYPE_CHECKING:
    from ledger.acts import Act

_MARK = "field."


@lru_cache(maxsize=512)
def describe(name: str) -> dict[str, Any] | None:
    """Return everything about the type `Name/1`, or None where no such type is known."""
    cls = act_types().get(name)
    return None if cls is None else {**describe_type(cls), "stream": stream_pattern(cls), "links": _links(cls)}


def summary(cls: type[Act]) -> dict[str, Any]:
    """Return one row of the list of types."""
    whole = describe_type(cls)
    return {
        "type": cls.type_name,
        "kind": cls.kind,
        "stream": stream_pattern(cls),
        "description": whole["description"],
        "links": _links(cls),
    }


def _links(cls: type[Act]) -> dict[str, str]:
    return {"self": f"/api/v1/act-types/{cls.type_name}"}


def stream_pattern(cls: type[Act]) -> str:
    """Return how the stream's name follows from the data: `vote/{body}/{year}/{series}/{session}/{vote}`.

    The type's own `stream()` is asked, with a mark for each field, so that this can never say anything else.
    """
    marked = cls.model_construct(None, **{field: f"{_MARK}{field}" for field in cls.model_fields})
    try:
        name = marked.stream()
    except (AttributeError, TypeError):  # computed from a part of a field, not from a field itself
        return "/".join((cls.kind, *(f"{{{n}}}" for n in range(1, AGGREGATES[cls.kind].segments + 1))))
    return re.sub(rf"{re.escape(_MARK)}([a-z0-9_]+)", r"{\1}", name)
