"""Who tells the year: signs as each officer would, submits, tries what must be refused, opens what is public.

The clock is the ledger's own and simulated. An act is signed at the teller's clock, which moves on a little with each
signature; a batch is submitted when the ledger's clock has been set to it. So what was signed in a session is recorded
in that session's minutes, months ago.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

from ledger.acts import parse_act
from ledger.clock import MEXICO_CITY
from ledger.compose import SALT_BYTES, Desk, Officer
from ledger.domain.world import View
from ledger.errors import AcervoError
from ledger.ids import MAX_BATCH_ACTS, ZERO_HASH, write_instant
from ledger.reporting import Fact, fact_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from api.actas import ActaDesk
    from api.demo.town import KeyRing
    from api.demo.year.outside import Outside
    from ledger.acts.base import Act
    from ledger.statement import SignedAct

TICK = timedelta(seconds=10)
REGISTRAR = "hcd/registrador"
LEDGER = "ledger"
PUBLIC_KINDS = frozenset({"body", "unit", "person", "session", "vote", "agreement", "book", "gazette", "ledger"})
"""Kinds whose texts are opened to everybody on the day, unless the chapter says otherwise."""


class ToldWrongError(AcervoError):
    """The story and the ledger disagree: the teller was refused, or was not refused where it had to be."""


class Placed(Protocol):
    """Where an act stands."""

    @property
    def index(self) -> int:
        """Its index."""


@dataclass
class Teller:
    """Tells acts to a ledger.

    origin: the ledger's.
    submit: records acts, all or none.
    set_clock: sets the ledger's simulated clock.
    keys, person_id: demo keys and random ids of people, by name.
    acta: the secretary's desk.
    outside: the world beside the ledger.
    """

    origin: str
    submit: Callable[[Sequence[SignedAct]], Sequence[Placed]]
    set_clock: Callable[[datetime], None]
    keys: KeyRing
    person_id: Callable[[str], str]
    acta: ActaDesk
    outside: Outside
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES)
    clock: datetime = datetime(2025, 11, 3, 9, tzinfo=MEXICO_CITY)
    holders: dict[str, tuple[str, int]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    desk: Desk = field(init=False)
    _heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    _pending: list[tuple[SignedAct, bool]] = field(default_factory=list)
    _ahead: dict[str, tuple[int, str]] = field(default_factory=dict)
    _to_open: list[int] = field(default_factory=list)
    _placed: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Set the desk up."""
        self.desk = Desk(self, self.written, self.salt)

    # -- time

    def at(self, when: str) -> None:
        """Go on to an instant, `2026-02-25 10:00`; what takes longer than thought goes on on the same day.

        Raises:
            ToldWrongError: "told-late": the story is already past that day.
        """
        instant = moment(when)
        if instant.date() < self.clock.date():
            raise ToldWrongError("told-late", f"{when} comes after {self.written()}")
        self.clock = max(self.clock, instant)

    def wait(self, minutes: int) -> None:
        """Let minutes pass."""
        self.clock += timedelta(minutes=minutes)

    def written(self) -> str:
        """Return the present instant as signers write it."""
        return write_instant(self.clock)

    @property
    def today(self) -> str:
        """The present day, `2026-02-25`."""
        return self.written()[:10]

    # -- heads: nobody else writes while the story is told

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return (last version, its statement's SHA-256); 0 and the founding's hash for an absent stream."""
        return self._ahead.get(stream) or self._heads.get(stream) or (0, self._heads.get(LEDGER, (0, ZERO_HASH))[1])

    def statement_of(self, stream: str) -> str:
        """Return the hash of a stream's last statement."""
        return self.stream_head(stream)[1]

    def index_of(self, stream: str) -> int:
        """Return the index of a stream's last recorded act."""
        return self._placed[stream]

    @property
    def world(self) -> View:
        """The ledger's states, to look at."""
        return View(self.acta.state, self.origin)

    # -- officers

    def officer(self, seat: str) -> Officer:
        """Return who acts: `ledger`, `hcd/secretario`, or a numbered designation `hcd/obrero-2/2`."""
        if seat == LEDGER:
            return Officer(self.keys("founder-1"), LEDGER)
        if seat.count("/") == 2:
            return Officer(self.keys(self.notes[f"holder {seat}"]), f"designation/{seat}")
        key, number = self.holders[seat]
        return Officer(self.keys(key), f"designation/{seat}/{number}")

    def seated(self, seat: str, key: str, number: int, *, acting: bool = True) -> None:
        """Note who holds a seat by its n-th designation; `acting`: he acts in it from now on."""
        self.notes[f"holder {seat}/{number}"] = key
        if acting:
            self.holders[seat] = (key, number)

    def next_number(self, series: str, first: int = 1) -> int:
        """Return the next number of a series."""
        number = self.numbers.get(series, first - 1) + 1
        self.numbers[series] = number
        return number

    # -- acts

    def sign(
        self,
        act: Act,
        seat: str,
        *,
        sealed: Mapping[str, Any] | None = None,
        basis: Iterable[str] = (),
        blocks: Mapping[str, str] | None = None,
        prepared: Mapping[str, str] | None = None,
        public: bool | None = None,
        occurred_at: str | None = None,
    ) -> SignedAct:
        """Sign an act; it goes with the next `send`.

        Args:
            act: What is done.
            seat: Who does it.
            sealed: Sealed values.
            basis: Streams relied upon.
            blocks: Of an acta's draft.
            prepared: Disclosures that were made before, of what was put to a vote.
            public: Whether its texts are opened at the end of the day; by its kind where not said.
            occurred_at: When it happened, `2026-02-25 10:00`; now where absent.
        """
        when = None if occurred_at is None else write_instant(moment(occurred_at))
        return self.sign_as(
            act,
            self.officer(seat),
            sealed=sealed,
            basis=basis,
            blocks=blocks,
            prepared=prepared,
            public=public,
            occurred_at=when,
        )

    def sign_as(self, act: Act, officer: Officer, *, public: bool | None = None, **around: Any) -> SignedAct:
        """Sign an act as an officer, whatever his office; see `sign`."""
        if len(self._pending) == MAX_BATCH_ACTS:
            self.send()
        signed = self.desk.sign(act, officer, **around)
        opened = act.kind in PUBLIC_KINDS if public is None else public
        texts = around.get("sealed") or around.get("blocks")
        self._pending.append((signed, bool(texts) and opened))
        self._ahead[signed.statement.stream] = (signed.statement.version, signed.statement.sha256)
        self.clock += TICK
        return signed

    def send(self) -> list[int]:
        """Submit what was signed, as one batch; return the indexes.

        Raises:
            ToldWrongError: "told-refused": the ledger refuses it.
        """
        if not self._pending:
            return []
        acts = [signed for signed, _ in self._pending]
        self.set_clock(self.clock)
        try:
            placed = [each.index for each in self.submit(acts)]
        except AcervoError as error:
            told = f"{len(acts)} acts from {acts[0].statement.stream} to {acts[-1].statement.stream}"
            raise ToldWrongError("told-refused", f"{self.written()}: {error.code} {error.params}: {told}") from error
        for (signed, opened), index in zip(self._pending, placed, strict=True):
            self._learn(signed, index)
            self._placed[signed.statement.stream] = index
            if signed.statement.version == 1:
                self.notes[f"index {signed.statement.stream}"] = index
            if opened:
                self._to_open.append(index)
        self._heads |= self._ahead
        self._pending.clear()
        self._ahead.clear()
        return placed

    def adopt_founding(self, signed: SignedAct, index: int) -> None:
        """Note the founding, which nothing can precede."""
        self._heads[LEDGER] = (1, signed.statement.sha256)
        self._placed[LEDGER] = index
        self._to_open.append(index)

    def _learn(self, signed: SignedAct, index: int) -> None:
        """Note what an act tells for periodic reports (`ledger.reporting`)."""
        said = signed.statement
        fact = fact_of(parse_act(said.type, said.data), index, said.occurred_at)
        if fact is not None:
            self.facts.append(fact)

    def do(self, act: Act, seat: str, **around: Any) -> int:
        """Sign one act and submit it, with whatever was signed before; return its index."""
        self.sign(act, seat, **around)
        return self.send()[-1]

    def refused(self, code: str, act: Act, seat: str, **around: Any) -> None:
        """Attempt an act that the ledger must refuse with this code; nothing of it is recorded.

        Raises:
            ToldWrongError: "told-not-refused", "told-refused-otherwise".
        """
        self.send()
        signed = self.desk.sign(act, self.officer(seat), **around)
        self.set_clock(self.clock)
        try:
            self.submit([signed])
        except AcervoError as error:
            if error.code != code:
                raise ToldWrongError("told-refused-otherwise", f"{error.code}, not {code}") from error
            self.refusals.append(code)
            self.clock += TICK
            return
        raise ToldWrongError("told-not-refused", code)

    def publish(self) -> None:
        """Open the texts of what was recorded since the last time, as far as they are public."""
        from ledger.acts.transparency import TextPublished

        self.send()
        who = REGISTRAR if REGISTRAR in self.holders else LEDGER
        for index in self._to_open:
            self.sign(TextPublished(index=index), who, public=False)
        self._to_open.clear()
        self.send()

    def open_later(self, index: int) -> None:
        """Have the texts of a recorded act opened with those of the day."""
        self._to_open.append(index)

    def document(self, name: str, text: str, seat: str = REGISTRAR) -> dict[str, Any]:
        """Keep a document and return it as an act names it."""
        content = f"{text}\n\nDatos ficticios.\n".encode()
        digest = sha256(content).hexdigest()
        self.outside.store(self.officer(seat), content, digest)
        return {"name": name, "media_type": "text/plain", "size": len(content), "sha256": digest}


def moment(when: str) -> datetime:
    """Return the instant that `2026-02-25 10:00` is in central Mexico."""
    return datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=MEXICO_CITY)
