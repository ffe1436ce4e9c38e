"""Acts to measure with: the demo's Consejo of twelve voting seats, composed and signed without a ledger at hand.

`Chronicle` keeps the heads of streams by itself, so that acts can be made in any number before the clock starts, and
be given to a ledger or written as a log.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from api.demo.sitting import Sitting
from api.demo.town import VOTING_SEATS, Town
from ledger.acts.vote import BallotCast, VoteClosed
from ledger.crypto.keys import PrivateKey
from ledger.ids import ZERO_HASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ledger.statement import SignedAct

ORIGIN = "actas.banco.example/acervo"
SEATS = len(VOTING_SEATS)
_CHOICES = ("favor", "favor", "favor", "contra")


class Keys:
    """Ed25519 keys by name, always the same."""

    def __init__(self) -> None:
        self._made: dict[str, PrivateKey] = {}

    def __call__(self, name: str) -> PrivateKey:
        """Return the key of that name."""
        if name not in self._made:
            self._made[name] = PrivateKey.from_seed(hashlib.sha256(name.encode()).digest())
        return self._made[name]


def real_now() -> str:
    """Return this instant as officers write it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


class SteadyClock:
    """Instants that go on by themselves, one step a call."""

    def __init__(self, begin: datetime, step: timedelta) -> None:
        self.instant = begin
        self._step = step

    def __call__(self) -> str:
        """Return the next instant as written."""
        self.instant += self._step
        return self.instant.strftime("%Y-%m-%dT%H:%M:%S+00:00")


class Chronicle:
    """Composes acts one on the other and remembers the heads of all streams.

    Args:
        take: Is given each group of acts as it is signed.
        now: Gives the instant as written; asked once a session, all of which takes place in that second.
    """

    def __init__(self, take: Callable[[Sequence[SignedAct]], object], now: Callable[[], str] = real_now) -> None:
        self.origin = ORIGIN
        self._heads: dict[str, tuple[int, str]] = {}
        self._founding = ZERO_HASH
        self._take = take
        self._now = now
        self.instant = now()
        self._sessions = 0
        self.town = Town(self, self.submit, lambda: self.instant, Keys())

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return the stream's last version and statement."""
        return self._heads.get(stream, (0, self._founding))

    def note(self, acts: Sequence[SignedAct]) -> None:
        """Take acts as done."""
        for act in acts:
            statement = act.statement
            if statement.type == "LedgerFounded/1":
                self._founding = statement.sha256
            self._heads[statement.stream] = (statement.version, statement.sha256)

    def submit(self, acts: Sequence[SignedAct]) -> None:
        """Take acts as done, and give them on."""
        self.note(acts)
        self._take(acts)

    def forget(self, kinds: tuple[str, ...] = ("ballot", "vote", "session")) -> None:
        """Drop heads that no later act needs: a million of them are memory."""
        for stream in [name for name in self._heads if name.startswith(tuple(f"{kind}/" for kind in kinds))]:
            del self._heads[stream]

    def found(self) -> None:
        """Found the ledger and seat the Consejo."""
        self.town.found()
        self.town.settle()

    # -- sessions ----------------------------------------------------------------------------------------------

    def sitting(self) -> Sitting:
        """Open the next session, on its only item."""
        self._sessions += 1
        self.instant = self._now()
        sitting = Sitting(self.town, int(self.instant[:4]), self._sessions)
        sitting.begin(("Votaciones de la medición",), self.instant)
        sitting.item(1)
        return sitting

    def ballots(self, sitting: Sitting, vote: int) -> list[SignedAct]:
        """Sign the twelve ballots of an open vote, without giving them on."""
        acts = []
        for number, seat in enumerate(VOTING_SEATS):
            choice = _CHOICES[number % len(_CHOICES)]
            data = {**sitting.place, "vote": vote, "seat": seat, "choice": choice}
            officer = self.town.officer(seat)
            act = BallotCast.model_validate(data)
            acts.append(self.town.desk.sign(act, officer, basis=[f"vote/{sitting.path}/{vote}"]))
        return acts

    def open_votes(self, count: int) -> Iterator[list[SignedAct]]:
        """Open `count` votes, each in a session of its own, and give the ballots of each."""
        for _ in range(count):
            sitting = self.sitting()
            yield self.ballots(sitting, sitting.open_vote(1, "ballot", "Moción"))

    def whole_session(self, votes: int) -> None:
        """Hold a session of so many votes by ballot, from its convocation to its close: 15 acts a vote and 7 more."""
        sitting = self.sitting()
        for _ in range(votes):
            vote = sitting.open_vote(1, "ballot", "Moción")
            ballots = self.ballots(sitting, vote)
            self.submit(ballots)
            self.town.do(VoteClosed(**sitting.place, vote=vote, ballots=len(ballots)))
            favor = sum(act.statement.data["choice"] == "favor" for act in ballots)
            sitting.declare(vote, favor, len(ballots) - favor, 0, "approved")
        sitting.conclude(1)
        sitting.close()
