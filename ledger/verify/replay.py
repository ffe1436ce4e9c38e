"""V8–V10: each act replayed on the state of entries 0…index−1, by the very rules of the server (format.md §10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ledger.acts import parse_act
from ledger.acts.base import voice_of
from ledger.acts.report import PeriodicReportPrepared
from ledger.acts.trust import CertificateRef, EntryAcknowledged, KeyEnrolled, KeyRevoked, LedgerFounded
from ledger.domain import registry
from ledger.domain.trust import KNOWN_EDITIONS, LedgerState, signer_of
from ledger.domain.world import Signed
from ledger.errors import RuleViolation, UntrustedInputError
from ledger.ids import ZERO_HASH
from ledger.verify.claims import CLAIMING, claims_of
from ledger.verify.history import ABSENT, History, Place, lenient_place, lenient_statement, quick_statement
from ledger.verify.outcome import Finding, Outcome, Remark
from ledger.verify.standalone import stream_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Mapping

    from ledger.acts.base import Act
    from ledger.domain.world import State
    from ledger.statement import Statement
    from ledger.verify.claims import Claim

# Asked by type, since of most acts nothing is kept and `match` asks a pydantic class slowly whether they are its own.
_KEPT = frozenset({*CLAIMING, LedgerFounded, KeyRevoked, KeyEnrolled, PeriodicReportPrepared, EntryAcknowledged})
_KEY_CODES = frozenset({"key-unknown", "key-not-accepted", "key-revoked"})


@dataclass(slots=True)
class Compromise:
    """A key whose acts from `since` to the revocation carry a mark."""

    keyid: str
    since: int
    revoked: int


class _World:
    """What rules read: the history so far. Notes are kept only of acts that turn out lawful."""

    def __init__(self, history: History, origin: str, rules: Counter[str]) -> None:
        self._head = history.head
        self.state = history.state  # a stream's state as of the entries replayed; ten calls an act, so no detour
        self.origin = origin
        self.rules = rules
        self.lacking: list[str] = []
        self.remarks: list[tuple[str, dict[str, Any]]] = []

    def begun(self, stream: str) -> bool:
        """Tell whether an entry took a place in the stream, void or not."""
        return self._head(stream) is not ABSENT

    def rule(self, code: str) -> None:
        """Count a rule as applied."""
        self.rules[code] += 1

    def lacks(self, code: str) -> None:
        """Note what a source lacks."""
        self.lacking.append(code)

    def remark(self, code: str, **params: Any) -> None:
        """Note a remark."""
        self.remarks.append((code, params))

    def until(self, instant: datetime) -> None:
        """Bounds of an append mean nothing here: the stamp is known."""


_NO_REFUSAL = UntrustedInputError("none")


def _act_of(statement: Statement) -> tuple[Act | None, UntrustedInputError]:
    """Return the act that the data say, or why they say none."""
    try:
        return parse_act(statement.type, statement.data), _NO_REFUSAL
    except UntrustedInputError as error:
        return None, error


class Replay:
    """Feeds entries in order; V9 for all, V8 and V10 until an edition or type is unknown.

    Attributes:
        founding: SHA-256 of entry 0's statement, "" while nothing was fed.
        compromises: keys revoked as compromised.
        acknowledged: (index, leaf) of void entries that an officer says are known.
        reports: index and act of each periodic report that was prepared.
        enrolments: index and act of each key that was enrolled with a certificate.
        claims: what lawful entries say of the tree and of whole series; recomputed once all entries are seen.
        simulated: whether the founding says `clock: simulated`.
        world: what the rules read: states as of the entries fed.
        sealed: the digests of the entry fed last.
        lost: entries could not be read; V9 has ended with them.
        compared: statements named in `basis` that V9 has compared.
        judged: entries that V8 and V10 have judged.
    """

    def __init__(self, outcome: Outcome, read: Callable[[int], bytes], size: int, origin: str) -> None:
        self._outcome = outcome
        self.history = History(read, size)
        self.world = _World(self.history, origin, outcome.rules)
        self._next = 0
        self.founding = ""
        self.compromises: list[Compromise] = []
        self.acknowledged: list[tuple[int, str]] = []
        self.reports: list[tuple[int, PeriodicReportPrepared]] = []
        self.enrolments: list[tuple[int, KeyEnrolled]] = []
        self.claims: list[Claim] = []
        self.simulated = False
        self.sealed: Mapping[str, str] = {}
        self.lost = False
        self.compared = self.judged = 0

    @property
    def stopped(self) -> bool:
        """Whether V8 and V10 have ended before the log's end."""
        return self._outcome.stopped is not None

    def stop(self, index: int, code: str) -> None:
        """End V8 and V10 at an index: what follows is *not checked*, never a finding."""
        self._outcome.stopped = self._outcome.stopped or (index, code)

    def skip(self, count: int) -> None:
        """Pass over entries that cannot be read; what follows them has no place that could be checked."""
        self.stop(self._next, "entries-missing")
        self.lost = True
        for _ in range(count):
            self.history.take(self._next, None, hard=True)
            self._next += 1

    def feed(self, raw: bytes, *, void: bool, hard: bool) -> str:
        """Take the next entry.

        Args:
            raw: Its bytes.
            void: V6 or V7 has refused it already.
            hard: V6 could not read its statement strictly.

        Returns:
            Its `recorded_at`, "" where it cannot be read.
        """
        index = self._next
        self._next += 1
        if hard:
            if index == 0:
                self.founding = lenient_statement(raw)[1]
            self.history.take(index, lenient_place(raw), hard=True)
            return ""
        statement, recorded_at = quick_statement(raw)
        self.sealed = statement.sealed
        if index == 0:
            self.founding = statement.sha256
        act, refusal = _act_of(statement)
        # V9: the place; not where entries before it cannot be read.
        lawful = not self.lost and self._check_place(index, statement, act) and not void
        judged = lawful and self._outcome.stopped is None
        # Asked for before the entry takes its place: of a stream that begins with it there is nothing to fold.
        before = self.history.state(statement.stream) if judged and statement.version > 1 else None
        self.history.take(index, Place(statement.stream, statement.version, statement.sha256), hard=False)
        # V8, V10: key and lawfulness, on the state of entries 0…index−1.
        if judged:
            if act is not None:
                self._judge(before, Signed(act, statement, datetime.fromisoformat(recorded_at), index))
            elif refusal.code == "unknown-type":
                self.stop(index, "type-unknown")
            else:
                self._find(10, index, refusal.code, refusal.detail)
        return recorded_at

    def _find(self, step: int, index: int, code: str, detail: str = "") -> None:
        self._outcome.find(Finding(step, code, index, detail=detail[:200]))

    # -- V9 ----------------------------------------------------------------------------------------------------

    def _check_place(self, index: int, statement: Statement, act: Act | None) -> bool:
        codes = self._place_flaws(index, statement)
        stream = act.stream() if act is not None else stream_of(statement.type, dict(statement.data))
        if stream is not None and stream != statement.stream:
            codes.append(("stream-differs", stream))
        for code, detail in codes:
            self._find(9, index, code, detail)
        self.compared += len(statement.basis)
        return not codes

    def _place_flaws(self, index: int, statement: Statement) -> list[tuple[str, str]]:
        flaws = []
        if index == 0 and (statement.type.partition("/")[0] != "LedgerFounded" or statement.version != 1):
            flaws.append(("not-founded", statement.type))
        _, version, last = self.history.head(statement.stream)
        if statement.version != version + 1:
            code = "version-taken" if statement.version <= version else "version-gap"
            flaws.append((code, f"{statement.stream} {statement.version}"))
        expected = last or (ZERO_HASH if index == 0 else self.founding)
        if statement.prev != expected:
            flaws.append(("prev-differs", statement.stream))
        for stream, named in statement.basis.items():
            if self.history.head(stream).statement != named:
                flaws.append(("basis-not-last", stream))
        return flaws

    # -- V8, V10 -----------------------------------------------------------------------------------------------

    def _judge(self, before: State | None, signed: Signed) -> None:
        act, statement, index = signed.act, signed.statement, signed.index
        world = self.world
        self.judged += 1
        world.lacking, world.remarks = [], []
        try:
            act.check_sealed_names(statement.sealed)
            registry.check(before, signed, world)
            after = registry.evolve(before, signed)
        except RuleViolation as violation:
            self._find(*self._classified(violation, index, statement), violation.detail)
        except UntrustedInputError as error:
            self._find(10, index, error.code, error.detail)
        except Exception as error:  # noqa: BLE001  a rule that fails on strange data must not end the verification
            self._find(10, index, "rule-failed", f"{type(error).__name__}: {error}")
        else:
            self.history.apply(index, statement.stream, after)
            self._note(index, act, statement.office, after)

    def _classified(self, violation: RuleViolation, index: int, statement: Statement) -> tuple[int, int, str]:
        """Say whether a refusal is V8's (the key is not usable at that index) or V10's."""
        if violation.code in _KEY_CODES:
            try:
                signer_of(statement.signer, self.world)
            except RuleViolation as unusable:
                return 8, index, unusable.code
        return 10, index, violation.code

    def _note(self, index: int, act: Act, office: str, after: State) -> None:
        outcome, world, name = self._outcome, self.world, act.type_name
        outcome.types[name] += 1
        if world.lacking:
            outcome.lacking.update(world.lacking)
        for code, params in world.remarks:
            detail = ", ".join(f"{key}={value}" for key, value in sorted(params.items()))
            outcome.remark(Remark(code, index, detail))
        match voice_of(act, office):
            case "attested":
                outcome.remark(Remark("attested-by-secretary", index, name))
            case "own":
                outcome.remarked["signed-in-own-voice"] += 1
            case "imported":
                outcome.remark(Remark("imported", index, name))
            case "officer":
                pass
        if isinstance(after, LedgerState) and after.edition not in KNOWN_EDITIONS:
            self.stop(index + 1, "edition-unknown")
        if type(act) in _KEPT:
            self._keep(index, act)

    def _keep(self, index: int, act: Act) -> None:
        """Keep what is said of the ledger as a whole."""
        self.claims += claims_of(index, act)
        match act:
            case LedgerFounded():
                self.simulated = act.clock == "simulated"
            case KeyRevoked(compromised_from=int(since)):
                self.compromises.append(Compromise(act.keyid, since, index))
            case KeyEnrolled(certificate=CertificateRef()):
                self.enrolments.append((index, act))
            case PeriodicReportPrepared():
                self.reports.append((index, act))
            case EntryAcknowledged():
                self.acknowledged.append((act.index, act.leaf))
            case _:
                pass
