"""A year of an institution of real size, told by a seed: bodies of several profiles, their sessions, what follows.

The same seed gives the same acts, byte for byte: 600 bodies, 10,000 sessions, about 300,000 acts at full scale. It is
composed with the demo's own `Town` and `Sitting` and needs no ledger; the clock is simulated, each act is signed on
its day, and each group of acts says to what instant the ledger's clock must be set before it is submitted.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from api.demo.sitting import Sitting
from ledger.acts.transparency import TextPublished
from ledger.acts.unit import UnitCreated
from ledger.clock import MEXICO_CITY
from ledger.compose import Batch, Officer
from ledger.ids import ZERO_HASH, write_instant
from ledger.profiles.holidays import edition
from tests.bench import year_after as after
from tests.bench.council import ORIGIN, Keys
from tests.bench.year_bodies import KINDS, YEAR, Body, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.statement import SignedAct

SEED = 2026
FOUNDED = datetime(2025, 12, 1, 9, tzinfo=MEXICO_CITY)
FIRST_DAY, LAST_DAY = date(2026, 1, 19), date(2026, 11, 27)
ENDS = datetime(2026, 12, 31, 20, tzinfo=MEXICO_CITY)
TICK = timedelta(seconds=2)
WEEK = timedelta(days=7)
SLOT = timedelta(minutes=8)
BODIES_A_DAY = 100
GROUP = 100
TITLES = (
    "Programa anual de trabajo",
    "Informe trimestral de avances",
    "Estados financieros dictaminados",
    "Solicitud de licitación pública",
    "Modificación de lineamientos internos",
    "Baja de bienes muebles",
    "Convenio de colaboración",
    "Calendario de sesiones",
)


@dataclass(frozen=True, slots=True)
class Group:
    """Acts to be submitted together, once the ledger's clock is set to an instant."""

    at: datetime
    acts: list[SignedAct]


@dataclass
class ToldYear:
    """Composes the year.

    scale: of the full size, 1 for all of it. kinds: of bodies. counted: acts so far by type.
    """

    scale: float = 1.0
    kinds: Sequence[Kind] = KINDS
    seed: int = SEED
    origin: str = ORIGIN
    counted: Counter[str] = field(default_factory=Counter)
    bodies: list[Body] = field(default_factory=list)
    sessions: list[str] = field(default_factory=list)
    agreements: list[str] = field(default_factory=list)
    clock: datetime = FOUNDED
    size: int = 0
    random: random.Random = field(init=False)
    keys: Keys = field(default_factory=Keys)
    _heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    _founding: str = ZERO_HASH
    _waiting: list[SignedAct] = field(default_factory=list)
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _order: count[int] = field(default_factory=count)
    _salts: int = 0

    def __post_init__(self) -> None:
        """Begin at the seed."""
        self.random = random.Random(self.seed)

    # -- heads, clock, salts: what a desk needs

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return the stream's last version and statement."""
        return self._heads.get(stream, (0, self._founding))

    def written(self) -> str:
        """Return the next instant as signers write it."""
        self.clock += TICK
        return write_instant(self.clock)

    def salt(self) -> bytes:
        """Return the next salt."""
        self._salts += 1
        return self._salts.to_bytes(16, "big")

    def take(self, acts: Sequence[SignedAct]) -> None:
        """Take acts as done."""
        for act in acts:
            said = act.statement
            if said.type == "LedgerFounded/1":
                self._founding = said.sha256
            self._heads[said.stream] = (said.version, said.sha256)
            self.counted[said.type] += 1
            self._waiting.append(act)
            self.size += 1

    def town(self, slug: str = "hcd", kind: Kind = KINDS[0]) -> Body:
        """Return a body's officers."""
        return Body(self, self.take, self.written, self.keys, salt=self.salt, slug=slug, kind=kind)

    # -- the course of the year

    def groups(self) -> Iterator[Group]:
        """Yield the year's acts in order, in groups of about `GROUP`, never of more than one day."""
        self.plan()
        while self._events:
            at, _, tell = heapq.heappop(self._events)
            full = len(self._waiting) >= GROUP or self.size == 1  # the founding goes by itself: it sets the clock
            if self._waiting and (full or at.date() != self.clock.date()):
                yield self._flush()
            self.clock = max(self.clock, at)
            tell()
        if self._waiting:
            yield self._flush()

    def _flush(self) -> Group:
        acts, self._waiting = self._waiting, []
        return Group(self.clock, acts)

    def later(self, at: datetime, tell: Callable[[], None]) -> None:
        """Let something happen at an instant; what would come after the year's end does not happen in it."""
        if at <= ENDS:
            heapq.heappush(self._events, (at, next(self._order), tell))

    def plan(self) -> None:
        """Plan the founding, the bodies and all sessions."""
        self.later(FOUNDED, lambda: self.town().found("simulated"))
        self.later(FOUNDED + SLOT, self.furnish)
        for kind in self.kinds:
            for number in range(max(1, round(kind.bodies * self.scale))):
                slug = f"hct{chr(ord('a') + number)}" if kind.slug == "hct" else f"{kind.slug}-{number + 1:03}"
                self.bodies.append(self.town(slug, kind))
        for place, body in enumerate(self.bodies):
            begins = FOUNDED + timedelta(days=1 + place // BODIES_A_DAY)
            self.later(begins, lambda body=body: self.settle(body))  # type: ignore[misc]
        taken: Counter[date] = Counter()
        for place, body in enumerate(self.bodies):
            for number, day in enumerate(self._days(body, place), 1):
                at = datetime(day.year, day.month, day.day, 9, tzinfo=MEXICO_CITY) + SLOT * taken[day]
                taken[day] += 1
                held = Held(self, body, number, at)
                self.later(at.replace(hour=7, minute=0) - 2 * WEEK, held.convene)

    def _days(self, body: Body, place: int) -> Iterator[date]:
        """Yield the days of a body's sessions: working days, evenly over the year, each body's on its own."""
        working = [d for n in range((LAST_DAY - FIRST_DAY).days) if (d := FIRST_DAY + timedelta(n)).weekday() < 5]
        step = len(working) / body.kind.sessions
        for number in range(body.kind.sessions):
            yield working[int(step * number + place * step / len(self.bodies))]

    def furnish(self) -> None:
        """Adopt the calendar; name the units that answer for agreements."""
        town = self.town()
        town.do(edition("mx-federal", 2025, 2027), town.founder)
        for unit in after.UNITS:
            act = UnitCreated(unit=unit, effective_on="2020-01-01", code=unit.upper())
            town.do(act, town.founder, sealed={"name": f"Dirección {unit.upper()} (ficticia)"})

    def settle(self, body: Body) -> None:
        """Register a body with its rules, seats and officers, and open their names."""
        batch, kind = Batch(body.desk), body.kind
        seats = {seat: (seat.partition("-")[0], "member", True, "") for seat in body.seats}
        seats[body.seats[0]] = (body.seats[0].partition("-")[0], "chair", True, "")
        seats["secretario"] = ("secretaria", "secretary", False, "")
        own: dict[str, Any] = {"profile": kind.profile, "seats": seats, "body_kind": kind.body_kind}
        body.register_body(batch, body.slug, body.name, **own, changes={"text_before_vote": False})
        for seat in seats:
            body.seat_person(batch, seat, f"Titular de {seat}, {body.slug}", body=body.slug)
        first = self.size
        self.take(batch.acts)
        named = [
            n for n, act in enumerate(batch.acts) if act.statement.type in {"BodyRegistered/1", "PersonRegistered/1"}
        ]
        for n in named:
            body.do(TextPublished(index=first + n), body.founder)


@dataclass
class Held:
    """A session and what follows it.

    acts: of the session itself, its votes and agreements, kept until its acta is drafted.
    adopted: number of each agreement and the index of its adoption.
    """

    year: ToldYear
    body: Body
    number: int
    begins: datetime
    acts: list[SignedAct] = field(default_factory=list)
    adopted: list[tuple[int, int]] = field(default_factory=list)
    sitting: Sitting = field(init=False)

    def __post_init__(self) -> None:
        """Set the sitting up, with a town whose acts are kept here too."""
        self.sitting = Sitting(replace(self.body, submit=self._take), YEAR, self.number, body=self.body.slug)

    def _take(self, acts: Sequence[SignedAct]) -> None:
        self.acts.extend(acts)
        self.year.take(acts)

    def convene(self) -> None:
        """Convene it two weeks ahead; all seats receive the convocation on the same day."""
        titles = self.year.random.choices(TITLES, k=self.year.random.randint(1, self.body.kind.items))
        self.sitting.convene(titles, write_instant(self.begins))
        self.sitting.deliver(self.body.seats)
        self.year.later(self.begins, lambda: self.hold(titles))

    def hold(self, titles: Sequence[str]) -> None:
        """Hold it from the roll to the close; then what follows is planned."""
        sitting, chance, seats = self.sitting, self.year.random, self.body.seats
        absent = seats[-1] if chance.random() < 0.3 and len(seats) > self.body.required else ""
        sitting.attend(seat for seat in seats if seat != absent)
        sitting.open(base=len(seats), required=self.body.required)
        for item, title in enumerate(titles, 1):
            sitting.item(item)
            voted = item > 1 or chance.random() < 0.3
            if voted:
                self._decide(item, title)
            sitting.conclude(item, "resolved" if voted else "noted")
        sitting.close()
        self.year.sessions.append(sitting.path)
        after.plan(self)

    def _decide(self, item: int, title: str) -> None:
        """Hold a roll call; one in twelve is lost, the others adopt an agreement."""
        sitting, chance = self.sitting, self.year.random
        voters = sorted(sitting.present)
        lost = chance.random() < 1 / 12
        against = chance.sample(voters, len(voters) // 2 + 1) if lost else chance.sample(voters, (len(voters) - 1) // 4)
        vote = sitting.roll_call(item, f"Se somete a votación: {title}.", {"contra": against})
        if lost:
            return
        self.body.agreements += 1
        number = self.body.agreements
        sitting.adopt(
            number,
            self.body.identifier(number, self.begins.date()),
            vote,
            title,
            [f"Se aprueba: {title}, en los términos presentados a este órgano."],
        )
        self.adopted.append((number, self.year.size - 1))
        self.year.agreements.append(f"{self.body.slug}/{YEAR}/{number}")

    def do(self, act: Any, officer: Officer | None = None, **around: Any) -> None:
        """Sign an act of what follows, by the body's secretary unless said."""
        self.body.do(act, officer, **around)
