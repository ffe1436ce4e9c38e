"""Many entries quickly, for measurements of what only reads them: unsigned (zeros), loaded past the append function."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import psycopg

from ledger.acts import body as body_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.ids import ZERO_HASH
from ledger.statement import Entry, SignedAct, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.acts.base import Act, Choice

ORIGIN = "actas.prueba.example/acervo"
WRITTEN = "2026-03-02T10:00:00-06:00"
RECORDED = "2026-03-02T16:00:00.000000Z"
KEYID = sha256(b"a key").hexdigest()
SIGNATURE = bytes(64)
LOAD = "COPY ledger.entries (originator_id, originator_version, topic, state, notification_id) FROM STDIN"


@dataclass
class Bulk:
    """Composes entries one after the other; versions and `prev` are right, signatures are not."""

    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    size: int = 0

    def entry(self, act: Act, office: str = "ledger", basis: tuple[str, ...] = (), **sealed: str) -> Entry:
        """Return the next entry."""
        stream = act.stream()
        version, prev = self.heads.get(stream, (0, ZERO_HASH))
        statement = Statement.compose(
            basis={name: self.heads[name][1] for name in basis},
            data=act.model_dump(mode="json", exclude_none=True),
            ledger=ORIGIN,
            occurred_at=WRITTEN,
            office=office,
            prev=prev,
            sealed=sealed,
            signed_at=WRITTEN,
            signer=KEYID,
            stream=stream,
            type=act.type_name,
            version=version + 1,
        )
        self.heads[stream] = (version + 1, statement.sha256)
        made = Entry.compose(SignedAct(statement, SIGNATURE), self.size, RECORDED)
        self.size += 1
        return made

    def ballots(self, votes: int, seats: int = 12) -> Iterator[Entry]:
        """Give votes by the members' own ballots, `seats` + 3 acts each, a hundred a session."""
        names = [f"s{n}" for n in range(seats)]
        eligible = tuple(vote_acts.Holder(seat=name, designation=1) for name in names)
        choices: tuple[Choice, ...] = ("favor", "favor", "contra", "abstencion")
        for n in range(votes):
            place: dict[str, Any] = {"body": "hcd", "year": 2026, "series": "ord", "session": n // 100 + 1}
            if n % 100 == 0:
                items = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
                yield self.entry(
                    session_acts.SessionConvened(**place, begins_at=WRITTEN, modality="presencial", items=items)
                )
            of_vote = place | {"vote": n % 100 + 1}
            opened = vote_acts.VoteOpened(**of_vote, item=1, method="ballot", eligible=eligible)
            yield self.entry(opened, motion="A" * 43)
            for position, name in enumerate(names):
                cast = vote_acts.BallotCast(**of_vote, seat=name, choice=choices[position % 4])
                yield self.entry(cast, f"designation/hcd/{name}/1", (opened.stream(),))
            yield self.entry(vote_acts.VoteClosed(**of_vote, ballots=seats))
            counts: dict[str, Any] = {"favor": 6, "contra": 3, "abstencion": 3}
            yield self.entry(vote_acts.VoteDeclared(**of_vote, **counts, result="rejected"))

    def rolls(self, votes: int, seats: int = 500) -> Iterator[Entry]:
        """Give imported votes with `seats` marks each, five a session."""
        names = tuple(f"d{n}" for n in range(seats))
        yield self.entry(body_acts.BodyRegistered(body="camara", body_kind="parliament"), name="A" * 43)
        for n in range(votes):
            number = n // 5 + 1
            place: dict[str, Any] = {"body": "camara", "year": 2008, "series": "ord", "session": number}
            source: dict[str, Any] = {"held_on": "2008-03-04", "source_sha256": KEYID, "row": n + 1}
            if n % 5 == 0:
                yield self.entry(session_acts.SessionImported(**place, **source))
            marked = [f"{name}/1" for name in names]
            third = seats // 3
            marks = vote_acts.Marks(
                favor=tuple(marked[: 2 * third]),
                contra=tuple(marked[2 * third : 2 * third + 40]),
                abstencion=tuple(marked[2 * third + 40 : 2 * third + 50]),
                ausente=tuple(marked[2 * third + 50 :]),
            )
            imported = vote_acts.VoteImported(
                **place,
                **source,
                vote=n % 5 + 1,
                item=1,
                marks=marks,
                favor=2 * third,
                contra=40,
                abstencion=10,
                result="approved",
            )
            yield self.entry(imported, "ledger", (f"session/camara/2008/ord/{number}",), motion="A" * 43)


def load(admin_url: str, entries: Iterator[Entry]) -> int:
    """Write entries into an empty ledger as only a superuser can, without tree; return how many."""
    with psycopg.connect(admin_url) as connection, connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        size = 0
        with cursor.copy(LOAD) as copy:
            for entry in entries:
                statement = entry.act.statement
                copy.write_row((statement.stream, statement.version, statement.type, entry.raw, entry.index + 1))
                size = entry.index + 1
        cursor.execute("UPDATE ledger.head SET size = %s, recorded_at = %s", (size, RECORDED))
    return size
