"""From rows of the plain format to signed acts: everything is checked by the ledger's own rules.

Results are computed from the marks, never copied: what the source published is only compared. A refused row is
named with its file, its line and the rule's code; what depends on it is refused in its turn.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol

from api.importers import plain
from api.importers.report import Report
from ledger.acts import agreement as agreement_acts
from ledger.acts import body as body_acts
from ledger.acts import designation as designation_acts
from ledger.acts import session as session_acts
from ledger.acts import transparency, trust
from ledger.acts import vote as vote_acts
from ledger.compose import Batch, Desk, Heads, Officer
from ledger.domain.agreement_ids import Quarantine
from ledger.domain.agreement_ids import parse as parse_identifier
from ledger.domain.rules import majority
from ledger.errors import ConflictError, RuleViolation, UntrustedInputError
from ledger.profiles import load
from ledger.profiles import names as profile_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from ledger.acts.base import Act
    from ledger.acts.body import Rules
    from ledger.application import Recorded
    from ledger.statement import SignedAct

MIDNIGHT = "T00:00:00-06:00"
CHUNK_ACTS = 200


class Sink(Protocol):
    """What takes the acts: the ledger, or for a dry run a copy of its state in memory."""

    def submit(self, acts: Sequence[SignedAct]) -> list[Recorded]:
        """Take acts, all or none."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An act to be signed, and the rows that it takes over."""

    act: Act
    file: str
    line: int
    sealed: Mapping[str, Any] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    rows: int = 1


@dataclass(slots=True)
class Importer:
    """Takes a plain folder over, signed by one officer.

    publish: open the imported texts (names of officials, motions) at once: they are public facts already.
    step: told of each file's name and how many rows of it were worked off, for a progress bar.
    """

    folder: plain.PlainFolder
    sink: Sink
    heads: Heads
    officer: Officer
    now: Callable[[], str]
    dry_run: bool = False
    publish: bool = True
    step: Callable[[str, int], None] = lambda _file, _rows: None
    rules: dict[str, Rules] = field(default_factory=dict)
    voting: dict[str, int] = field(default_factory=dict)
    held_on: dict[tuple[Any, ...], str] = field(default_factory=dict)

    def run(self) -> Report:
        """Import everything; refused rows are in the report, nothing else stops it but a broken folder."""
        report = Report(self.dry_run)
        stages = (
            self._bodies(report),
            self._persons(),
            self._seats(),
            self._designations(),
            self._leaves(),
            self._sessions(),
            self._votes(report),
            self._agreements(report),
        )
        for drafts in stages:
            self._take(drafts, report)
        for file, line, detail in self.folder.malformed:
            report.refuse(file, line, "plain-bad-row", detail)
        return report

    # -- what each file becomes ------------------------------------------------------------------------------

    def _bodies(self, report: Report) -> Iterator[Draft]:
        for line in self.folder.lines(plain.BodyRow):
            row = line.row
            if row.profile not in profile_names():
                report.refuse(line.file, line.number, "profile-unknown", row.profile)
                continue
            rules = self.rules[row.body] = load(row.profile)
            registered = body_acts.BodyRegistered(body=row.body, body_kind=row.kind)
            yield Draft(registered, line.file, line.number, {"name": row.name})
            yield Draft(
                body_acts.BodyRulesAdopted(body=row.body, profile=row.profile, rules=rules, valid_from=row.valid_from),
                line.file,
                line.number,
                rows=0,
            )

    def _persons(self) -> Iterator[Draft]:
        for line in self.folder.lines(plain.PersonRow):
            act = trust.PersonRegistered(person=line.row.person)
            yield Draft(act, line.file, line.number, {"name": line.row.name})

    def _seats(self) -> Iterator[Draft]:
        lines = list(self.folder.lines(plain.SeatRow))
        for (body, day), group in groupby(lines, key=lambda line: (line.row.body, line.row.valid_from)):
            members = list(group)
            seats = tuple(
                body_acts.Seat.model_validate(
                    {
                        "seat": member.row.seat,
                        "sector": member.row.sector,
                        "role": member.row.role,
                        "voting": member.row.voting == "yes",
                    }
                )
                for member in members
            )
            self.voting[body] = self.voting.get(body, 0) + sum(seat.voting for seat in seats)
            act = body_acts.SeatsDefined(
                body=body, seats=seats, valid_from=day, source_sha256=self.folder.digests["seats"]
            )
            yield Draft(act, members[0].file, members[0].number, rows=len(members))

    def _designations(self) -> Iterator[Draft]:
        source = self.folder.digests.get("designations", "")
        for line in self.folder.lines(plain.DesignationRow):
            row = line.row
            act = designation_acts.DesignationImported(
                body=row.body,
                seat=row.seat,
                number=row.number,
                person=row.person,
                capacity=row.capacity,
                begins_at=row.begins_on + MIDNIGHT,
                ends_at=None if row.ends_on is None else row.ends_on + MIDNIGHT,
                derived=row.derived == "yes",
                source_sha256=source,
                row=line.number,
            )
            yield Draft(act, line.file, line.number)

    def _leaves(self) -> Iterator[Draft]:
        for line in self.folder.lines(plain.LeaveRow):
            row = line.row
            granted = designation_acts.LeaveGranted(
                body=row.body, seat=row.seat, number=row.number, begins_at=row.begins_on + MIDNIGHT
            )
            yield Draft(granted, line.file, line.number)
            if row.ends_on is not None:
                ended = designation_acts.LeaveEnded(
                    body=row.body, seat=row.seat, number=row.number, ends_at=row.ends_on + MIDNIGHT
                )
                yield Draft(ended, line.file, line.number, rows=0)

    def _sessions(self) -> Iterator[Draft]:
        items: dict[tuple[Any, ...], list[plain.ItemRow]] = {}
        for item in self.folder.lines(plain.ItemRow):
            items.setdefault(_session_key(item.row), []).append(item.row)
        present: dict[tuple[Any, ...], list[session_acts.Arrival]] = {}
        for one in self.folder.lines(plain.AttendanceRow):
            arrival = session_acts.Arrival(seat=one.row.seat, designation=one.row.designation)
            present.setdefault(_session_key(one.row), []).append(arrival)
        source = self.folder.digests.get("sessions", "")
        for line in self.folder.lines(plain.SessionRow):
            row, key = line.row, _session_key(line.row)
            self.held_on[key] = row.held_on
            listed = items.get(key, [])
            attendance = present.get(key)
            act = session_acts.SessionImported(
                body=row.body,
                year=row.year,
                series=row.series,
                session=row.session,
                held_on=row.held_on,
                items=tuple(session_acts.AgendaEntry(item=i.item, item_kind=i.kind) for i in listed),
                attendance=None if attendance is None else tuple(attendance),
                has_quorum_data=attendance is not None,
                source_sha256=source,
                row=line.number,
            )
            yield Draft(act, line.file, line.number, {f"item/{i.item}/title": i.title for i in listed})

    def _votes(self, report: Report) -> Iterator[Draft]:
        marks = groupby(self.folder.lines(plain.MarkRow), key=lambda line: _vote_key(line.row))
        pending: tuple[tuple[Any, ...], Iterable[plain.Line[plain.MarkRow]]] | None = next(marks, None)
        source = self.folder.digests.get("marks", "")
        for line in self.folder.lines(plain.VoteRow):
            roll: dict[str, list[str]] = {}
            if pending is not None and pending[0] == line.row.key:
                for mark in pending[1]:
                    roll.setdefault(mark.row.mark, []).append(f"{mark.row.seat}/{mark.row.designation}")
                pending = next(marks, None)
            if not roll or _session_key(line.row) not in self.held_on or line.row.body not in self.rules:
                report.refuse(line.file, line.number, "no-marks" if not roll else "session-unknown", str(line.row.key))
                continue
            draft = self._vote(line, roll, source, report)
            if draft is not None:
                yield draft
        if pending is not None:
            first = next(iter(pending[1]))
            report.refuse(first.file, first.number, "marks-out-of-order", str(pending[0]))

    def _vote(
        self, line: plain.Line[plain.VoteRow], roll: dict[str, list[str]], source: str, report: Report
    ) -> Draft | None:
        row = line.row
        for mark, published in (
            ("favor", row.favor),
            ("contra", row.contra),
            ("abstencion", row.abstencion),
            ("presente", row.presente),
            ("ausente", row.ausente),
        ):
            if published is not None and published != len(roll.get(mark, ())):
                report.refuse(
                    line.file,
                    line.number,
                    "published-tally-differs",
                    f"{mark}: {published} published, {len(roll.get(mark, ()))} marks",
                )
                return None
        favor, contra, abstencion = (len(roll.get(mark, ())) for mark in ("favor", "contra", "abstencion"))
        rules = self.rules[row.body]
        present = favor + contra + abstencion + len(roll.get("presente", ()))
        rule = majority.named(rules, row.majority)
        result = majority.decide(rule, favor, contra, abstencion, present, self.voting.get(row.body, 0))
        act = vote_acts.VoteImported(
            body=row.body,
            year=row.year,
            series=row.series,
            session=row.session,
            vote=row.vote,
            item=row.item,
            majority=row.majority,
            marks=vote_acts.Marks.model_validate({mark: tuple(seats) for mark, seats in roll.items()}),
            favor=favor,
            contra=contra,
            abstencion=abstencion,
            result=result,
            source_sha256=source,
            row=line.number,
            held_on=self.held_on[_session_key(row)],
        )
        basis = (f"session/{row.body}/{row.year}/{row.series}/{row.session}",)
        return Draft(act, line.file, line.number, {"motion": row.motion}, basis)

    def _agreements(self, report: Report) -> Iterator[Draft]:
        source = self.folder.digests.get("agreements", "")
        quarantined: dict[str, int] = {}
        for line in self.folder.lines(plain.AgreementRow):
            row = line.row
            parsed = parse_identifier(row.identifier)
            if isinstance(parsed, Quarantine):
                report.refuse(line.file, line.number, "identifier-quarantined", parsed.reason)
                number = quarantined[row.body] = quarantined.get(row.body, 0) + 1
                held = agreement_acts.IdentifierQuarantined(body=row.body, number=number, reason=parsed.reason)
                yield Draft(held, line.file, line.number, {"as_printed": row.identifier}, rows=0)
                continue
            act = agreement_acts.AgreementImported(
                body=row.body,
                year=row.year,
                number=row.number,
                adopted_on=row.adopted_on,
                identifier=parsed.canonical,
                vote=row.vote,
                provenance=row.provenance,
                source_sha256=source,
                row=line.number,
            )
            sealed = {"title": row.title} | ({"text": row.text} if row.text else {})
            yield Draft(act, line.file, line.number, sealed)

    # -- taking them -------------------------------------------------------------------------------------------

    def _take(self, drafts: Iterable[Draft], report: Report) -> None:
        chunk: list[Draft] = []
        size = 0
        for draft in drafts:
            chunk.append(draft)
            size += 1 + len(draft.sealed)
            if size >= CHUNK_ACTS or isinstance(draft.act, vote_acts.VoteImported | body_acts.SeatsDefined):
                self._submit(chunk, report)
                chunk, size = [], 0
        self._submit(chunk, report)

    def _submit(self, chunk: list[Draft], report: Report) -> None:
        """Submit together; where the whole is refused, one by one, so that each refusal finds its row."""
        if not chunk:
            return
        try:
            self._record(chunk, report)
        except (RuleViolation, UntrustedInputError, ConflictError) as error:
            if len(chunk) == 1:
                report.refuse(chunk[0].file, chunk[0].line, error.code, error.detail)
            else:
                for draft in chunk:
                    self._submit([draft], report)
                return
        for draft in chunk:
            self.step(draft.file, draft.rows)

    def _record(self, chunk: list[Draft], report: Report) -> None:
        batch = Batch(Desk(self.heads, self.now))
        for draft in chunk:
            batch.sign(draft.act, self.officer, sealed=draft.sealed, basis=draft.basis)
        recorded = self.sink.submit(batch.acts)
        for draft in chunk:
            report.taken[draft.file] += draft.rows
            if isinstance(draft.act, vote_acts.VoteImported):
                report.taken["marks"] += sum(len(seats) for seats in draft.act.marks.model_dump().values())
        for code, _params in recorded[0].remarks if recorded else ():
            report.remarks[code] += 1
        if self.publish:
            opened = [
                place.index
                for draft, place in zip(chunk, recorded, strict=True)
                if draft.sealed and not place.duplicate
            ]
            self._publish(opened)

    def _publish(self, indexes: list[int]) -> None:
        if not indexes:
            return
        batch = Batch(Desk(self.heads, self.now))
        for index in indexes:
            batch.sign(transparency.TextPublished(index=index), self.officer)
        self.sink.submit(batch.acts)


def _session_key(row: Any) -> tuple[Any, ...]:
    return row.body, row.year, row.series, row.session


def _vote_key(row: Any) -> tuple[Any, ...]:
    return (*_session_key(row), row.vote)
