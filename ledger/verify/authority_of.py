"""Whether the signers of an excerpt's acts were allowed them, as far as the acts at hand say (decision 0021).

The ledger's own rules of authority are run on states that are folded from the acts at hand, in the order of their
indexes. A stream counts only as far as its chain is unbroken from its first act on; where it is broken, or wanting
altogether, the answer is "not known", never "no". An act that is refused has no effect, and neither has one that its
own stream's rules refuse by what is here. That a stream has no further act, such as a revocation or an end of office
that was left out, cannot be seen from an excerpt; whoever tells of the outcome says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ledger.domain.registry import AGGREGATES
from ledger.domain.replay import signed_of
from ledger.domain.rules.authority import check_authority, check_window
from ledger.domain.trust import LedgerState
from ledger.domain.world import View
from ledger.errors import AcervoError, RuleViolation, UntrustedInputError
from ledger.ids import ZERO_HASH, kind_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.domain.world import Signed, State
    from ledger.statement import Entry, Statement

FOLDED = frozenset({"ledger", "key", "designation", "body"})
"""Kinds of streams that say who may sign."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An act at hand.

    authorised: whether key and office allowed its signer the act when it was recorded; None where that is not known.
    why: the code of the rule that refuses it, or the name of what is not here; "" where it was allowed.
    """

    index: int
    statement: Statement
    authorised: bool | None
    why: str = ""


class _NotHereError(Exception):
    """A rule asked for a stream of which not every act up to the last one seen is at hand."""


@dataclass(frozen=True, slots=True)
class _Head:
    """A stream as of its last act at hand.

    state: None while nothing lawful stands in it.
    whole: no act is missing before the last one, and of each it is known what it did.
    """

    version: int
    statement: str
    state: State | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class _World(View):
    """What the rules read: streams at hand.

    lenient: whether a stream of which nothing is at hand is taken not to have begun. Authority asks so for who follows
        in a seat (D6), whom an excerpt brings along; the rules of a number's predecessor must not be answered so.
    """

    heads: Mapping[str, _Head] = field(default_factory=dict)
    lenient: bool = False

    def begun(self, stream: str) -> bool:
        """Tell whether an act of the stream is at hand."""
        if stream not in self.heads and not self.lenient:
            raise _NotHereError(stream)
        return stream in self.heads


def judge(entries: Mapping[int, Entry], void: Collection[int], origin: str) -> list[Judged]:
    """Judge acts by those at hand that stand before each.

    Args:
        entries: Of an excerpt, by index and in that order; those that V6 could read.
        void: Indexes of those in which V6 or V7 found something: they keep their place and have no effect.
        origin: The ledger's.
    """
    replay = _Replay(origin)
    return [replay.take(entry, void=index in void) for index, entry in entries.items()]


class _Replay:
    """The acts at hand, taken one after the other."""

    def __init__(self, origin: str) -> None:
        self._heads: dict[str, _Head] = {}
        self._world = _World(self._state, origin, self._heads)
        self._offices = _World(self._state, origin, self._heads, lenient=True)
        self._founding: str | None = None

    def take(self, entry: Entry, *, void: bool) -> Judged:
        """Judge an act on what stands before it, then let it have its effect."""
        statement = entry.act.statement
        if entry.index == 0 and not void:
            self._founding = statement.sha256
        try:
            signed = signed_of(entry)
        except UntrustedInputError as error:
            self._place(statement, None, known=False)
            return Judged(entry.index, statement, None, error.code)
        authorised, why = self._judge(signed)
        self._place(statement, None if void or not authorised else signed, known=authorised is not None)
        return Judged(entry.index, statement, authorised, why)

    def _judge(self, signed: Signed) -> tuple[bool | None, str]:
        office = signed.statement.office
        if signed.act.stream() != signed.statement.stream:
            return None, "stream-differs"
        try:
            check_window(signed, self._offices)
            if kind_of(office) == "key":
                self._state(office)  # an acceptance is let through before its key is looked at; here it must have come
            check_authority(signed, self._offices)
        except _NotHereError as missing:
            return None, str(missing)
        except RuleViolation as violation:
            return False, violation.code
        except (AcervoError, ValueError) as unusable:  # a key or an instant that an earlier act has badly
            return None, getattr(unusable, "code", "rule-failed")
        return True, ""

    def _state(self, stream: str) -> State | None:
        """Return a stream's state; None of one that may well be empty, and of which nothing is at hand."""
        head = self._heads.get(stream)
        if head is None:
            if not self._may_be_empty(stream):
                raise _NotHereError(stream)
            return None
        if not head.whole:
            raise _NotHereError(stream)
        return head.state

    def _may_be_empty(self, stream: str) -> bool:
        """Tell whether it is of a key that the founding names: its stream begins with its revocation."""
        ledger = self._heads.get("ledger")
        founded = None if ledger is None else ledger.state
        return isinstance(founded, LedgerState) and stream.removeprefix("key/") in founded.keys

    def _place(self, statement: Statement, lawful: Signed | None, *, known: bool) -> None:
        """Let an act take its place in its stream.

        Args:
            statement: The act's.
            lawful: The act, where it has effect.
            known: Whether it is known if it has.
        """
        stream = statement.stream
        if kind_of(stream) not in FOLDED:
            return
        first = ZERO_HASH if statement.type.startswith("LedgerFounded/") else self._founding or ""
        before = self._heads.get(stream, _Head(0, first))
        whole = before.whole and known and (statement.version, statement.prev) == (before.version + 1, before.statement)
        state = self._after(before.state, lawful) if whole and lawful is not None else before.state
        self._heads[stream] = _Head(statement.version, statement.sha256, state, whole)

    def _after(self, state: State | None, signed: Signed) -> State | None:
        """Return a stream's state after an act; unmoved where its own rules refuse it: void, as V10 finds over all."""
        aggregate = AGGREGATES[signed.act.kind]
        try:
            aggregate.check(state, signed, self._world)
        except _NotHereError:
            pass  # what its rules ask beyond the acts at hand is not checked
        except (AcervoError, ValueError):
            return state
        try:
            return aggregate.evolve(state, signed)
        except (AcervoError, LookupError, ValueError):
            return state
