"""Lists and objects of the registries as routes: a resource is declared once, and its two routes come of that."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from api.objects import names_in, refuse_unknown
from api.problems import ApiError
from api.routes import openapi
from api.routes.parameters import MAX_INDEX
from api.routes.registry_base import (
    SLUG,
    TAG,
    Asked,
    AskedOne,
    Body,
    Dated,
    Day,
    Instant,
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
from projections.queries.facets import facets_of
from projections.queries.kinds import included, leading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from projections.queries.base import Kind, Listing, Object, Reader

PERIOD = r"^(1[89]|2[0-9])[0-9]{2}(-(c[1-3]|t[1-4]|s[12]|m(0[1-9]|1[0-2])))?$"
_SHA256 = r"^[0-9a-f]{64}$"
Calendar = Annotated[str, Path(pattern=SLUG, examples=["mx-federal"])]
Period = Annotated[str, Path(pattern=PERIOD, examples=["2026-c1"])]
Index = Annotated[int, Path(ge=0, le=MAX_INDEX, examples=[57])]
Half = Annotated[int, Path(ge=1, le=2, examples=[1])]
Quarter = Annotated[int, Path(ge=1, le=4, examples=[1])]
Form = Annotated[str, Path(pattern=SLUG, examples=["actas"])]
ASKS: dict[str, Any] = {"on": Day, "at": Instant}
"""What a kind may depend on."""
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
        one_asks: What only the object takes and passes on to the kind.
    """

    kind: Kind
    key: str
    listed: tuple[str, str] | None = None
    one: tuple[str, str] | None = None
    filters: tuple[Filter, ...] = ()
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
    kind = resource.kind
    columns = {each.name: each.column for each in resource.filters if each.column is not None}

    def answer(asked: Asked, **given: Any) -> Response:
        own = {each.name: given[each.name] for each in resource.filters if each.column is None}
        filters = asked.filters({column: given[name] for name, column in columns.items()}, own)
        on = {name: given[name] for name in kind.asks}
        facets, follow = _facets(columns, own, given.get("facets")), _follow(kind, given.get("include"))

        def read(cursor: Reader) -> Listing:
            found = listing(cursor, kind, filters, asked.window, **on)
            about: Object = {}
            if facets:
                about |= facets_of(cursor, kind, filters, facets, on.get("on"))
            if follow:
                about["included"] = included(cursor, found.data, follow, asked.times | on)
            return replace(found, about=about)

        return asked.listed(read, known=kind.fields)

    part = Dated if kind.day is not None else Listed
    wanted = {each.name: each.values for each in resource.filters}
    wanted["facets"] = names_of("Cuentas por filtro / Counts by filter", columns)
    return _signed(answer, {"asked": part, **{name: ASKS[name] for name in kind.asks}}, wanted | _including(kind))


def _one_of(resource: Resource) -> Callable[..., Response]:
    kind = resource.kind
    asks = {**{name: ASKS[name] for name in kind.asks}, **resource.one_asks}

    def answer(asked: AskedOne, **given: Any) -> Response:
        key = "/".join(str(given[name]) for name in resource.places)
        own, follow = {name: given[name] for name in asks}, _follow(kind, given.get("include"))

        def read(cursor: Reader) -> Object | None:
            found = find(cursor, kind, key, **own)
            if found is not None and follow:
                found["included"] = included(cursor, [found], follow, asked.times | own)
            return found

        return asked.answer(read, resource.path.format(**given)[1:], kind.fields)

    needed = {"asked": One, **asks, **{name: PLACES.get(name, Number) for name in resource.places}}
    return _signed(answer, needed, _including(kind))


def _facets(columns: Mapping[str, str], own: Mapping[str, object], asked: str | None) -> dict[str, str]:
    """Return the facets that are asked for, name and column.

    Raises:
        ApiError: 400 "unknown-name"; "facets-computed" beside a filter by what is computed, which nothing counts.
    """
    names = names_in("facets", asked)
    refuse_unknown("facets", names, columns)
    picking = sorted(name for name, value in own.items() if value is not None)
    if names and picking:
        raise ApiError(400, "facets-computed", ", ".join(picking), given=", ".join(picking))
    return {name: columns[name] for name in names}


def _follow(kind: Kind, asked: str | None) -> tuple[str, ...]:
    names = names_in("include", asked)
    refuse_unknown("include", names, leading(kind))
    return names


def _including(kind: Kind) -> dict[str, Any]:
    return {"include": names_of("Objetos enlazados / Linked objects", leading(kind))}


def names_of(said: str, names: Iterable[str]) -> Any:
    """Return a parameter of names with commas between them."""
    known = list(names)
    description = f"{said}: {', '.join(known) or '–'}."
    return Annotated[str | None, Query(max_length=1000, description=description, examples=known[:1] or None)]


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
