"""The secretary's desk: an acta drafted out of the session's own acts, nothing typed twice (domain.md §5.1).

Facts come from the store, texts from the vault; what the draft says is generated, closed in blocks under one
root, and compared with the acts once more before it is submitted.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ledger.acts.acta import ActaDrafted
from ledger.blocks import draft_blocks, gather, refuse_contradictions, seal_blocks
from ledger.blocks.facts import Member
from ledger.blocks.gathering import Told
from ledger.compose import SALT_BYTES
from ledger.crypto import disclosure
from ledger.domain.acta import ActaState
from ledger.domain.body import BodyState
from ledger.domain.designation import DesignationState
from ledger.domain.replay import signed_of
from ledger.domain.session import SessionState
from ledger.errors import RuleViolation
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.blocks import SealedBlocks
    from ledger.blocks.facts import SessionFacts
    from ledger.domain.world import State


class Streams(Protocol):
    """What the desk reads of the store."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""


class Texts(Protocol):
    """What the desk reads of the vault."""

    def disclosures(self, index: int) -> Mapping[str, str]:
        """Return an act's disclosures by name, without those that are erased."""


@dataclass(slots=True)
class ActaDesk:
    """Drafts actas.

    state: gives a stream's state as the ledger knows it.
    """

    streams: Streams
    texts: Texts
    state: Callable[[str], State | None]
    salt: Callable[[], bytes] = lambda: secrets.token_bytes(SALT_BYTES)
    _names: dict[str, str] = field(default_factory=dict)

    def facts(self, path: str) -> SessionFacts:
        """Return what happened in a session, out of its acts and the texts that the vault still holds.

        Args:
            path: The session's segments, `hcd/2026/ord/3`.

        Raises:
            RuleViolation: "session-unknown".
        """
        told = sorted(self._entries(path), key=lambda entry: entry.index)
        body, _, _ = path.partition("/")
        return gather(
            [self._told(entry) for entry in told],
            lambda seat, number: self.member(body, seat, number),
            body_name=self.text_of(f"body/{body}", "name"),
            institution=self.text_of("ledger", "institution"),
            person=lambda person: self.text_of(f"person/{person}", "name"),
        )

    def draft(
        self,
        path: str,
        narrative: Sequence[Mapping[str, Any]] = (),
        language: str = "es",
        instrument: Literal["acta", "minuta"] = "acta",
    ) -> tuple[ActaDrafted, SealedBlocks]:
        """Draft the acta of a session: the act to sign, and its blocks as disclosures that go with it.

        Args:
            path: The session's segments.
            narrative: The secretary's own blocks (kind "narrative"), put before the closing where there is one.
            language: "es" or "en".
            instrument: "minuta" for the lighter record of commissions and working groups (domain.md A14).

        Raises:
            RuleViolation: "session-unknown", "acta-contradicts".
        """
        facts = self.facts(path)
        generated = draft_blocks(facts, language, instrument)
        last = len(generated) - (generated[-1]["kind"] == "closing")  # an imported session has no close
        blocks = [*generated[:last], *narrative, *generated[last:]]
        refuse_contradictions(blocks, facts)
        sealed = seal_blocks(blocks, self.salt)
        session = self.state(f"session/{path}")
        acta = self.state(f"acta/{path}")
        if not isinstance(session, SessionState):
            raise RuleViolation("session-unknown", session=path)
        act = ActaDrafted(
            body=session.body,
            year=session.year,
            series=session.series,
            session=session.number,
            draft=acta.draft + 1 if isinstance(acta, ActaState) else 1,
            blocks=len(sealed.disclosures),
            root=sealed.root,
            imported=session.imported,
            instrument=instrument,
        )
        return act, sealed

    def _entries(self, path: str) -> Iterator[Entry]:
        body, year, _, _ = path.split("/")
        for name in (
            f"session/{path}",
            *self.streams.streams_below(f"vote/{path}/"),
            *self.streams.streams_below(f"ballot/{path}/"),
            *self.streams.streams_below(f"dissent/{path}/"),
        ):
            yield from map(Entry.parse, self.streams.stream(name))
        session = self.state(f"session/{path}")
        for number in session.agreements if isinstance(session, SessionState) else ():
            yield from map(Entry.parse, self.streams.stream(f"agreement/{body}/{year}/{number}"))

    def _told(self, entry: Entry) -> Told:
        signed = signed_of(entry)
        opened = self.texts.disclosures(entry.index) if signed.statement.sealed else {}
        texts = {name: disclosure.parse(text).value for name, text in opened.items()}
        return Told(signed.act, signed.statement.occurred_at, texts)

    def member(self, body: str, seat: str, number: int) -> Member:
        """Return who holds or held a seat by its n-th designation; somebody without a name where that is not known."""
        held = self.state(f"designation/{body}/{seat}/{number}")
        known = self.state(f"body/{body}")
        if not isinstance(held, DesignationState) or not isinstance(known, BodyState):
            return Member("", "member", "propietario", voting=True)
        place = known.seat(seat)
        return Member(
            self.text_of(f"person/{held.person}", "name"),
            place.role if place else "member",
            held.capacity,
            voting=place.voting if place else True,
        )

    def text_of(self, stream: str, name: str) -> str:
        """Return a text of a stream's first act; empty where there is none or it is erased."""
        found = self._names.get(stream)
        if found is None:
            first = next(iter(self.streams.stream(stream)), None)
            opened = {} if first is None else self.texts.disclosures(Entry.parse(first).index)
            found = self._names[stream] = disclosure.parse(opened[name]).value if name in opened else ""
        return found
