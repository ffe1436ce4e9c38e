"""What a reader may read of an act's sealed text, and by which act it is his to read (format.md §8).

    own-office    his office sealed it, he or an earlier holder of the seat: reading it again hands out nothing; what an
                  earlier holder, or the other one of propietario and suplente, said in his own voice is not the seat's
    own-case      it is about removing him: who is to be heard knows the grounds (domain.md D7)
    members       an act sent it to his seat: the folder and the convocation to the body's seats, a draft as circulated
    consultation  a custodian's recorded act hands just those names to his person, for `CONSULTATION_DAYS`

Nothing else opens the vault: a custodian too records the act first (`POST /api/v1/consultations`). What a data subject
has had blocked is opened by a consultation alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from api.problems import ApiError, not_found
from api.signatures import fresh
from ledger.acts.acta import ActaDrafted
from ledger.acts.base import voice_of
from ledger.acts.carpeta import OfCarpeta
from ledger.acts.disclosure import ReservedDataConsulted
from ledger.acts.session import SessionConvened
from ledger.crypto import disclosure
from ledger.domain.replay import signed_of
from ledger.domain.states import CirculationState
from ledger.domain.world import read
from ledger.errors import UntrustedInputError
from ledger.ids import stream_name
from ledger.statement import Entry
from projections.queries.base import reading
from projections.queries.transparency import blocked_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.access.readers import Reader
    from api.system import System
    from ledger.domain.world import Signed

Ground: TypeAlias = Literal["own-office", "own-case", "members", "consultation"]
MAX_WAIT_S = 5.0
CONSULTATION_DAYS = 10
"""How long what a consultation hands out can be read by whom it names; then another consultation is needed."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Sealed text of an act, opened for a reader.

    Attributes:
        ground: Why he may read it.
        texts: Disclosures by name; what was erased is not among them.
    """

    ground: Ground
    texts: Mapping[str, str]


def open_for(reader: Reader, system: System, index: int) -> Opened:
    """Open what of an act's sealed text a reader may read.

    Raises:
        ApiError: 404 where there is no such act or nobody could read it; 403 "access-not-granted".
    """
    signed = _act(system, index)
    ground: Ground
    names: frozenset[str] | None = None
    if _own_office(reader, signed):
        ground = "own-office"
    elif own_case(reader, signed.statement.stream):
        ground = "own-case"
    elif _member(reader, system, signed):
        ground = "members"
    else:
        ground, names = "consultation", _consulted(reader, system, index)
        if not names:
            raise ApiError(403, "access-not-granted", f"acts/{index}")
    texts = system.disclosures(index)
    if names is None:
        names = frozenset(texts) - _blocked(system, index)
    return Opened(ground, {name: text for name, text in texts.items() if name in names})


def names_document(reader: Reader, system: System, index: int, sha256: str) -> bool:
    """Tell whether an act that the reader may read names a document by its hash, openly or under seal.

    Raises:
        ApiError: as `open_for`.
    """
    opened = open_for(reader, system, index)
    act = _act(system, index).act
    if opened.ground != "consultation" and any(
        getattr(each, "sha256", None) == sha256 for each in getattr(act, "documents", ())
    ):
        return True
    return any(_names(disclosure.parse(text).value, sha256) for text in opened.texts.values())


def _names(value: object, sha256: str) -> bool:
    return isinstance(value, dict) and value.get("sha256") == sha256


def _blocked(system: System, index: int) -> frozenset[str]:
    """Return the names that are blocked by all that is recorded so far.

    Raises:
        ApiError: 409 "not-projected" while the registries do not know all of it.
    """
    size = system.size()
    if not system.progress.wait_until(size, MAX_WAIT_S):
        raise ApiError(409, "not-projected", index=size - 1)
    with reading(system.store.pool) as cursor:
        return blocked_names(cursor, index)


def _act(system: System, index: int) -> Signed:
    raws = system.entries(index, 1)
    if not raws:
        raise not_found(f"acts/{index}")
    try:
        return signed_of(Entry.parse(raws[0]))
    except UntrustedInputError:
        raise not_found(f"acts/{index}") from None


def _own_office(reader: Reader, signed: Signed) -> bool:
    office = signed.statement.office
    if office == reader.office:
        return True
    of_seat = bool(reader.seat) and office.startswith(f"designation/{reader.body}/{reader.seat}/")
    return of_seat and voice_of(signed.act, office) != "own"


def own_case(reader: Reader, stream: str) -> bool:
    """Tell whether an act's stream is the hearing before a removal from the reader's own office."""
    kind, _, designation = reader.office.partition("/")
    return kind == "designation" and stream == f"hearing/{designation}"


def _member(reader: Reader, system: System, signed: Signed) -> bool:
    act = signed.act
    if not reader.body or getattr(act, "body", None) != reader.body:
        return False
    if isinstance(act, SessionConvened | OfCarpeta):
        return True
    if not isinstance(act, ActaDrafted):
        return False
    world = fresh(system.ledger)
    sent = read(world, CirculationState, stream_name("circulation", act.session_path))
    return sent is not None and (sent.draft, sent.root) == (act.draft, act.root) and reader.seat in sent.to


def _consulted(reader: Reader, system: System, index: int) -> frozenset[str]:
    """Return the names that custodians' acts of the last days hand to this person."""
    since = system.store.now() - timedelta(days=CONSULTATION_DAYS)
    return frozenset(
        name
        for signed in _consultations(system, index)
        if isinstance(signed.act, ReservedDataConsulted)
        and signed.act.reader_id == reader.person
        and signed.recorded_at >= since
        for name in signed.act.names
    )


def _consultations(system: System, index: int) -> Iterator[Signed]:
    for stream in system.store.streams_below(f"consultation/{index}/"):
        for raw in system.store.stream(stream):
            yield signed_of(Entry.parse(raw))
