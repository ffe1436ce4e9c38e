"""What can be certified and what it is at that instant (domain.md §3.9: the state of each object at issuance; X1, X2).

The same functions describe an object for whoever composes a certificate and check what he signed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.acts.certification import MAX_BY, CertifiedObject, Folios
from ledger.domain.acta import ActaState
from ledger.domain.agreement import AgreementState
from ledger.domain.appendix import AppendixState
from ledger.domain.book import FOLIATED, BookState
from ledger.domain.designation import DesignationState
from ledger.domain.errata import ErrataState, erratas_of
from ledger.domain.states import VoteState
from ledger.domain.transparency_states import VersionState
from ledger.domain.world import State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of, stream_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.acts.certification import CopyKind, Mark

CERTIFIABLE = frozenset({"acta", "agreement", "vote", "designation", "appendix", "errata", "book", "version"})
_SETTLED_VOTES = frozenset({"declared", "imported"})


class Standing(NamedTuple):
    """What an object is, and streams of what made it so; both sorted."""

    marks: tuple[Mark, ...]
    by: tuple[str, ...]


def describe(world: World, stream: str, at: datetime, folios: tuple[int, int] | None = None) -> CertifiedObject:
    """Return the object as it stands, as a certificate names it.

    Args:
        world: States to read.
        stream: The object's stream.
        at: The instant of the certificate.
        folios: Of a book, first and last folio.

    Raises:
        RuleViolation: "not-certifiable", "object-unknown".
    """
    state = object_of(world, stream)
    standing = standing_of(stream, state, at, world)
    if isinstance(state, BookState):
        first, last = folios or (1, max(state.used, 1))
        bound: Folios | None = Folios(book=stream, first=first, last=last)
    else:
        bound = folios_of(world, stream)
    return CertifiedObject(
        stream=stream,
        index=state.index,
        statement=state.statement,
        root=root_of(state),
        marks=standing.marks,
        by=standing.by,
        folios=bound,
    )


def check_object(certified: CertifiedObject, body: str, copy_kind: CopyKind, at: datetime, world: World) -> None:
    """Check that an object is the body's own, settled, and exactly what and how it stands (X1, X2, X5).

    Raises:
        RuleViolation: "not-certifiable", "object-of-other-body", "object-unknown", "not-sealed", "not-declared",
            "not-a-draft", "not-a-public-version", "version-not-approved", "object-moved", "object-root",
            "object-standing", "object-folios", "folio-range".
    """
    stream = certified.stream
    state = object_of(world, stream)
    if (state.object if isinstance(state, VersionState) else stream).split("/")[1] != body:
        raise RuleViolation("object-of-other-body", stream=stream)
    _check_settled(state, stream, copy_kind, world)
    if (certified.index, certified.statement) != (state.index, state.statement):
        raise RuleViolation("object-moved", stream=stream)
    if certified.root != root_of(state):
        raise RuleViolation("object-root", stream=stream)
    if Standing(certified.marks, certified.by) != standing_of(stream, state, at, world):
        raise RuleViolation("object-standing", stream=stream)
    _check_folios(certified, state, world)


def object_of(world: World, stream: str) -> State:
    """Return the state of what is certified.

    Raises:
        RuleViolation: "not-certifiable", "object-unknown".
    """
    if kind_of(stream) not in CERTIFIABLE:
        raise RuleViolation("not-certifiable", stream=stream)
    state = world.state(stream)
    if state is None:
        raise RuleViolation("object-unknown", stream=stream)
    return state


def root_of(state: State) -> str | None:
    """Return the root over an acta's blocks; other objects have none of their own."""
    return state.root if isinstance(state, ActaState) else None


def _check_settled(state: State, stream: str, copy_kind: CopyKind, world: World) -> None:
    """X1: nothing can change the object any more; a draft only as what it is. X5: a public version is one."""
    drafted = isinstance(state, ActaState) and state.phase != "sealed"
    if (copy_kind == "draft") != drafted:
        raise RuleViolation("not-sealed" if drafted else "not-a-draft", stream=stream)
    if (copy_kind == "public-version") != (kind_of(stream) == "version"):
        raise RuleViolation("not-a-public-version", stream=stream)
    match state:
        case VoteState(phase=phase) if phase not in _SETTLED_VOTES:
            raise RuleViolation("not-declared", stream=stream)
        case AppendixState(session=session):
            acta = read(world, ActaState, stream_name("acta", session))
            if acta is None or acta.phase != "sealed":
                raise RuleViolation("not-sealed", stream=stream)
        case VersionState(phase="generated"):
            raise RuleViolation("version-not-approved", stream=stream)
        case _:
            pass


# -- what it is ----------------------------------------------------------------------------------------------------


def standing_of(stream: str, state: State, at: datetime, world: World) -> Standing:
    """Return what an object is at an instant, and what made it so."""
    marks: set[Mark] = set()
    by: set[str] = set()
    match state:
        case ActaState():
            marks = {"sealed" if state.phase == "sealed" else "draft"}
            by = {stream_name("errata", each.session, each.number) for each in erratas_of(state.session, world)}
            marks |= {"corrected"} if by else set()
        case AgreementState():
            marks, by = _of_agreement(state)
        case VoteState():
            marks = {"declared"} if state.phase == "declared" else set()
        case DesignationState():
            marks = {"in-force" if state.in_force_at(at) else "not-in-force"}
            marks |= {"provisional"} if state.provisional else set()
        case AppendixState():
            marks = {"attached"}
        case ErrataState():
            marks = {"issued"}
        case BookState():
            marks = {"bound"}
        case VersionState():
            marks, by = {"approved"} if state.phase == "approved" else {"draft"}, {state.object}
        case _:
            raise TypeError(f"{stream}: {type(state).__name__}")
    if getattr(state, "imported", False):
        marks |= {"imported"}
    return Standing(tuple(sorted(marks)), tuple(sorted(by))[:MAX_BY])


def _of_agreement(state: AgreementState) -> tuple[set[Mark], set[str]]:
    marks: set[Mark] = {state.validity}
    if state.modified_by:
        marks.add("modified")
    if state.corrected_by:
        marks.add("corrected")
    ended = set() if state.ended_by is None else {state.ended_by}
    return marks, {*state.modified_by, *state.corrected_by, *state.cases, *ended}


# -- where it is bound ---------------------------------------------------------------------------------------------


def folios_of(world: World, stream: str) -> Folios | None:
    """Return where an object is bound: in some book of its body and year; None where it is in none."""
    kind, body, year, *_ = stream.split("/")
    if kind not in FOLIATED:
        return None
    volume = 1
    while (book := read(world, BookState, stream_name("book", body, year, volume))) is not None:
        if stream in book.objects:
            first, last = book.objects[stream]
            return Folios(book=stream_name("book", body, year, volume), first=first, last=last)
        volume += 1
    return None


def _check_folios(certified: CertifiedObject, state: State, world: World) -> None:
    if not isinstance(state, BookState):
        if certified.folios != folios_of(world, certified.stream):
            raise RuleViolation("object-folios", stream=certified.stream)
        return
    named = certified.folios
    if named is None or named.book != certified.stream:
        raise RuleViolation("object-folios", stream=certified.stream)
    if not named.first <= named.last <= state.used:
        raise RuleViolation("folio-range", first=named.first, last=named.last)


def sheets_of(objects: tuple[CertifiedObject, ...], world: World) -> Iterator[int | None]:
    """Yield how many sheets each object has: by its folios, of an appendix by its own count; None where unknown."""
    for each in objects:
        state = world.state(each.stream)
        if each.folios is not None:
            yield each.folios.last - each.folios.first + 1
        else:
            yield state.sheets if isinstance(state, AppendixState) else None
