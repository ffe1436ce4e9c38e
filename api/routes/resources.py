"""Lists and objects of the registries as routes: a resource is declared once, and its two routes come of that."""

from __future__ import annotations

from dataclasses import dataclass, field
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.routes import openapi
from api.routes.registry_base import (
    MAX_INDEX,
    SLUG,
    TAG,
    Asked,
    AskedOne,
    Body,
    Dated,
    Listed,
    Number,
    One,
    Seat,
    Series,
    SessionFilter,
    SlugFilter,
    VoteFilter,
    Year,
    YearFilter,
)
from ledger.acts.report import ReportKind
from projections.queries.base import find, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from projections.queries.base import Kind

PERIOD = r"^(1[89]|2[0-9])[0-9]{2}(-(c[1-3]|t[1-4]|s[12]|m(0[1-9]|1[0-2])))?$"
_SHA256 = r"^[0-9a-f]{64}$"
Calendar = Annotated[str, Path(pattern=SLUG, examples=["mx-federal"])]
Period = Annotated[str, Path(pattern=PERIOD, examples=["2026-c1"])]
Index = Annotated[int, Path(ge=0, le=MAX_INDEX, examples=[57])]
Half = Annotated[int, Path(ge=1, le=2, examples=[1])]
Quarter = Annotated[int, Path(ge=1, le=4, examples=[1])]
Form = Annotated[str, Path(pattern=SLUG, examples=["actas"])]
PLACES: dict[str, Any] = {
    "body": Body,
    "year": Year,
    "series": Series,
    "seat": Seat,
    "calendar": Calendar,
    "unit": Annotated[str, Path(pattern=SLUG, examples=["dir"])],
    "person": Annotated[str, Path(pattern=SLUG)],
    "keyid": Annotated[str, Path(pattern=_SHA256)],
    "statement": Annotated[str, Path(pattern=_SHA256)],
    "certificate": Annotated[str, Path(pattern=_SHA256)],
    "index": Index,
    "report_kind": ReportKind,
    "period": Period,
    "half": Half,
    "quarter": Quarter,
    "form": Form,
}
"""What may stand in an address, by name; whatever is not here is a number."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parameter that says which objects of a list are wanted.

    Attributes:
        name: Of the parameter.
        values: What it may be, as FastAPI reads it; None, the default, filters nothing.
        column: The column that must equal it; None where the kind computes it.
    """

    name: str
    values: Any
    column: str | None


def slug(name: str, column: str | None = None) -> Filter:
    """Return a filter by a short name."""
    return Filter(name, SlugFilter, column or name)


def among(name: str, values: Any, column: str | None = None) -> Filter:
    """Return a filter by one of a few words, a Literal."""
    return Filter(name, Annotated[values | None, Query()], column or name)


def status(*words: str) -> Filter:
    """Return the filter by where an object stands, its last act's word."""
    return among("status", Literal[words], "phase")


def computed(name: str, values: Any) -> Filter:
    """Return a filter by what the kind computes as of the day of the question."""
    return Filter(name, Annotated[values | None, Query()], None)


BODY = slug("body")
YEAR = Filter("year", YearFilter, "year")
SESSION = Filter("session", SessionFilter, "session")
VOTE = Filter("vote", VoteFilter, "vote")
SESSION_OF_ACTA = Filter("session", SessionFilter, "acta")


@dataclass(frozen=True, slots=True)
class Resource:
    """A kind of objects in the interface.

    Attributes:
        kind: What the registries know of it.
        key: What follows its path in an object's address; the values in it, joined by `/`, are the object's key.
        listed: Summary and sentence of the list, None where there is none.
        one: Summary and sentence of the object, None where its route is written by hand.
        filters: Of the list.
        asks: What else both take and pass on to the kind: `on`, the day; `at`, the instant.
        one_asks: What only the object takes.
    """

    kind: Kind
    key: str
    listed: tuple[str, str] | None = None
    one: tuple[str, str] | None = None
    filters: tuple[Filter, ...] = ()
    asks: Mapping[str, Any] = field(default_factory=dict)
    one_asks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """The object's address below /api/v1, a template."""
        return f"/{self.kind.path}{self.key}"

    @property
    def places(self) -> tuple[str, ...]:
        """The names in its address, in order."""
        return tuple(part[1:-1] for part in self.key.split("/") if part.startswith("{"))


def router_of(*resources: Resource) -> APIRouter:
    """Return the routes of resources; what is special is added to it by hand."""
    router = APIRouter(prefix="/api/v1", tags=[TAG])
    for each in resources:
        name = each.kind.path.replace("-", "_")
        if each.listed is not None:
            summary, said = each.listed
            told: dict[str, Any] = {"name": f"list_{name}", "summary": summary, "description": said}
            router.get(f"/{each.kind.path}", responses=openapi.json_answer("Page"), **told)(_list_of(each))
        if each.one is not None:
            summary, said = each.one
            told = {"name": f"get_{each.kind.name.replace('-', '_')}", "summary": summary, "description": said}
            router.get(each.path, responses=openapi.json_answer("Object"), **told)(_one_of(each))
    return router


def _list_of(resource: Resource) -> Callable[..., Response]:
    def answer(asked: Asked, **given: Any) -> Response:
        equal = {each.column: given[each.name] for each in resource.filters if each.column is not None}
        own = {each.name: given[each.name] for each in resource.filters if each.column is None}
        filters, asks = asked.filters(equal, own), {name: given[name] for name in resource.asks}
        return asked.answer(lambda cursor: listing(cursor, resource.kind, filters, asked.window, **asks))

    part = Dated if resource.kind.day is not None else Listed
    wanted = {each.name: each.values for each in resource.filters}
    return _signed(answer, {"asked": part, **resource.asks}, wanted)


def _one_of(resource: Resource) -> Callable[..., Response]:
    asks = {**resource.asks, **resource.one_asks}

    def answer(asked: AskedOne, **given: Any) -> Response:
        key = "/".join(str(given[name]) for name in resource.places)
        own = {name: given[name] for name in asks}
        return asked.answer(lambda cursor: find(cursor, resource.kind, key, **own), resource.path.format(**given)[1:])

    return _signed(answer, {"asked": One, **asks, **{name: PLACES.get(name, Number) for name in resource.places}}, {})


def _signed(
    answer: Callable[..., Response], needed: Mapping[str, Any], optional: Mapping[str, Any]
) -> Callable[..., Response]:
    """Give a function the signature by which FastAPI reads requests and describes them."""
    parameters = [Parameter(name, Parameter.KEYWORD_ONLY, annotation=each) for name, each in needed.items()]
    parameters += [
        Parameter(name, Parameter.KEYWORD_ONLY, annotation=each, default=None) for name, each in optional.items()
    ]
    answer.__signature__ = Signature(parameters, return_annotation=Response)  # type: ignore[attr-defined]
    return answer
