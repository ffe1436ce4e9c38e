"""Taking drafts into the ledger: many at a time, what stands already left alone, every refusal brought to its row.

    1  heads of the chunk's streams, in one query
    2  what stands already, word for word, is set aside
    3  the rest is signed and submitted together; where the whole is refused, its halves are, down to the row
    4  texts are published, those too whose publication an interrupted import left out

An import that was interrupted is finished by doing it again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.importers.beside import Beside
from api.importers.composition import Composition
from api.importers.decisions import Decisions
from api.importers.report import Report
from api.importers.rows import MarkRow
from ledger.acts import designation as designation_acts
from ledger.acts.transparency import TextPublished
from ledger.acts.vote import VoteImported
from ledger.compose import Batch, Desk, Officer
from ledger.errors import AcervoError, ConflictError, RuleViolation, UntrustedInputError
from ledger.ids import ZERO_HASH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from api.importers.drafts import Draft
    from api.importers.plain import PlainFolder
    from api.importers.standing import Standing
    from api.importers.targets import DryRun, Target
    from ledger.statement import SignedAct

CHUNK_WEIGHT = 200
MARKS_A_WEIGHT = 50
"""So many marks weigh as much as an act: a chunk holds the ledger for a few tenths of a second at most."""


@dataclass(slots=True)
class _Heads:
    """The heads of one chunk's streams, fetched together; another is asked for by itself."""

    target: Target
    known: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        """The ledger's origin."""
        return self.target.origin

    def learn(self, streams: Iterable[str]) -> None:
        """Fetch heads."""
        self.known.update(self.target.heads(set(streams)))

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return a stream's head."""
        if stream not in self.known:
            self.learn([stream])
        return self.known[stream]


@dataclass(slots=True)
class Importer:
    """Takes a plain folder over, signed by one officer.

    folder: what is imported.
    target: the ledger, or a dry run of it.
    standing: what the ledger held before.
    officer: who imports: a founding officer or a registrar.
    now: gives the instant as written by the signer.
    publish: open the imported texts (names of officials, motions) at once: they are public facts already.
    progress: told how many rows of how many are worked off.
    """

    folder: PlainFolder
    target: Target
    standing: Standing
    officer: Officer
    now: Callable[[], str]
    dry_run: bool = False
    publish: bool = True
    progress: Callable[[int, int], object] = lambda _done, _all: None

    def run(self) -> Report:
        """Import everything; refused rows are in the report.

        Raises:
            UntrustedInputError: The folder as a whole cannot be read on ("plain-too-many-bad-rows").
            StoreError: The ledger cannot record; doing it again goes on where this stopped.
        """
        report = Report(self.dry_run)
        for stage in (Composition, Decisions, Beside):
            for drafts in stage(self.folder, self.target, self.standing, report).stages():
                self._take(drafts, report)
        for row in self.folder.malformed:
            report.refuse(row.file, row.line, row.code, row.detail)
        report.refusals.sort(key=lambda refusal: (refusal.file, refusal.line))
        self.progress(self.folder.rows, self.folder.rows)
        return report

    def check_office(self, rehearsal: DryRun) -> None:
        """Refuse an importer whom the ledger's rules allow no import, before anything is read.

        Args:
            rehearsal: A dry run on the ledger as it stands; the act that is tried on it is recorded nowhere.

        Raises:
            RuleViolation: "not-founded", "key-unknown", "key-revoked", "key-not-accepted", "not-in-office",
                "not-authorised".
        """
        act = designation_acts.DesignationImported(
            body="a",
            seat="a",
            number=1,
            person="a",
            capacity="propietario",
            begins_at="2000-01-01T00:00:00-06:00",
            source_sha256=ZERO_HASH,
            row=1,
        )
        rehearsal.authorise(Desk(rehearsal, self.now).sign(act, self.officer))

    # -- a chunk at a time -------------------------------------------------------------------------------------

    def _take(self, drafts: Iterable[Draft], report: Report) -> None:
        chunk: list[Draft] = []
        weight = 0
        for draft in drafts:
            chunk.append(draft)
            weight += len(draft.acts) + len(draft.sealed) + draft.rows.get("marks", 0) // MARKS_A_WEIGHT
            if weight >= CHUNK_WEIGHT:
                self._submit(chunk, report)
                chunk, weight = [], 0
                self.progress(min(report.worked, self.folder.rows), self.folder.rows)
        self._submit(chunk, report)
        self.progress(min(report.worked, self.folder.rows), self.folder.rows)

    def _submit(self, chunk: list[Draft], report: Report) -> None:
        """Set aside what stands, record the rest, publish the texts of both."""
        heads = self._heads(chunk)
        new: list[Draft] = []
        opened: list[int] = []
        for draft in chunk:
            rest, index = self._missing(draft, heads)
            if index is not None and draft.sealed:
                opened.append(index)
            if rest is None:
                report.take(draft.rows, stood=True)
            else:
                new.append(rest)
        self._record(new, heads, report, opened)
        self._publish(opened)

    def _heads(self, drafts: Iterable[Draft]) -> _Heads:
        heads = _Heads(self.target)
        heads.learn(stream for draft in drafts for stream in (*(act.stream() for act in draft.acts), *draft.basis))
        return heads

    def _missing(self, draft: Draft, heads: _Heads) -> tuple[Draft | None, int | None]:
        """Return the draft without the acts that stand already (None: all of them do), and where its first stands."""
        if not any(heads.stream_head(act.stream())[0] for act in draft.acts):
            return draft, None
        found = [self.standing.find(act, {} if place else draft.sealed) for place, act in enumerate(draft.acts)]
        rest = tuple(act for act, index in zip(draft.acts, found, strict=True) if index is None)
        if not rest:
            return None, found[0]
        return replace(draft, acts=rest, sealed=draft.sealed if found[0] is None else {}), found[0]

    def _record(self, drafts: list[Draft], heads: _Heads, report: Report, opened: list[int]) -> None:
        """Record drafts together; where the whole is refused, each half by itself, so that a refusal finds its row."""
        if not drafts:
            return
        try:
            recorded = self.target.submit(self._signed(drafts, heads))
        except (RuleViolation, UntrustedInputError, ConflictError) as error:
            halves = self._halves(drafts)
            if halves is None:
                _refuse(drafts[0], error, report, self.folder)
                return
            for half in halves:
                self._record(half, self._heads(half), report, opened)
            return
        place = 0
        for draft in drafts:
            report.take(draft.rows)
            if draft.sealed:
                opened.append(recorded[place].index)
            place += len(draft.acts)
        report.remarks.update(code for code, _params in recorded[0].remarks)

    def _signed(self, drafts: list[Draft], heads: _Heads) -> list[SignedAct]:
        batch = Batch(Desk(heads, self.now))
        for draft in drafts:
            first, *others = draft.acts
            batch.sign(first, self.officer, sealed=draft.sealed, basis=draft.basis)
            for act in others:
                batch.sign(act, self.officer)
        return batch.acts

    @staticmethod
    def _halves(drafts: list[Draft]) -> tuple[list[Draft], list[Draft]] | None:
        if len(drafts) > 1:
            half = len(drafts) // 2
            return drafts[:half], drafts[half:]
        split = drafts[0].halves
        if split is None:
            return None
        first, second = split()
        return [first], [second]

    def _publish(self, opened: list[int]) -> None:
        """Open the texts of the acts at these indexes, but those that are open."""
        acts = [TextPublished(index=index) for index in opened] if self.publish else []
        heads = _Heads(self.target)
        heads.learn(act.stream() for act in acts)
        batch = Batch(Desk(heads, self.now))
        for act in acts:
            if heads.stream_head(act.stream())[0] == 0:
                batch.sign(act, self.officer)
        if batch.acts:
            self.target.submit(batch.acts)


def _refuse(draft: Draft, error: AcervoError, report: Report, folder: PlainFolder) -> None:
    """Note a refusal; where the rule speaks of a seat in a roll, say where its mark stands."""
    detail = error.detail
    seat = error.params.get("seat")
    if draft.roll is not None and isinstance(draft.acts[0], VoteImported) and isinstance(seat, str):
        line = draft.roll.line_of(seat, error.params.get("designation"))
        if line is not None:
            detail = f"{detail}, {folder.name(MarkRow)}:{line}"
    report.refuse(draft.file, draft.line, error.code, detail, draft.rows)
