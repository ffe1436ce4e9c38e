"""What a body did: sessions, votes and agreements as acts.

Results are computed from the marks, never copied: what the source published is only compared with them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from api.importers import rows
from api.importers.drafts import Draft, Drafting
from api.importers.rolls import Roll, Rolls
from ledger.acts import agreement as agreement_acts
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.acts.imported import AgendaImported, ImportedEntry
from ledger.domain.agreement_ids import Quarantine
from ledger.domain.agreement_ids import parse as parse_identifier
from ledger.domain.body import BodyState, rules_of
from ledger.domain.rules import majority
from ledger.domain.states import SessionState
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.importers.plain import Line

MAX_TITLE_CHARS = 4000
"""Of an item in its session's own act."""


class Decisions(Drafting):
    """Drafts the acts that tell what was decided; sessions, seats and mandates must stand in the target."""

    def stages(self) -> Iterator[Iterator[Draft]]:
        """Give the drafts file by file; each stage is drafted after the one before it has been taken."""
        yield self._sessions()
        yield self._votes()
        yield self._agreements()

    # -- sessions ------------------------------------------------------------------------------------------------

    def _sessions(self) -> Iterator[Draft]:
        before = len(self.folder.malformed)
        items = _grouped(self.folder.lines(rows.ItemRow))
        present = _present(self.folder.lines(rows.AttendanceRow))
        unreadable = {row.of: row for row in reversed(self.folder.malformed[before:]) if row.of is not None}
        for line in self.folder.lines(rows.SessionRow):
            key = line.row.key
            listed, here = items.pop(key, []), present.pop(key, None)
            counted = {"sessions": 1, "items": len(listed), "attendance": len(here.seats) if here else 0}
            if key in unreadable:
                broken = unreadable[key]
                self.report.refuse(
                    line.file, line.number, "plain-part-unreadable", f"{broken.file}:{broken.line}", counted
                )
                continue
            long = len(listed) > session_acts.MAX_ITEMS or any(_beyond(item.row) for item in listed)
            counted["items"] -= len(listed) if long else 0
            yield from self.tried(line, partial(self._session, line, [] if long else listed, here, counted), counted)
            if long:
                yield from self._agenda(line, listed)
        refused = {row.of for row in self.folder.malformed}
        for key, lines in items.items():
            if key not in refused:
                self.orphan(lines[0].file, lines[0].number, key, len(lines))
        for key, presence in present.items():
            if key not in refused:
                self.orphan(self.folder.name(rows.AttendanceRow), presence.line, key, len(presence.seats))

    def _session(
        self,
        line: Line[rows.SessionRow],
        items: list[Line[rows.ItemRow]],
        present: _Presence | None,
        counted: Mapping[str, int],
    ) -> Draft:
        row = line.row
        entries = tuple(session_acts.AgendaEntry(item=i.row.item, item_kind=i.row.kind) for i in items)
        act = session_acts.SessionImported(
            body=row.body,
            year=row.year,
            series=row.series,
            session=row.session,
            held_on=row.held_on,
            items=entries,
            attendance=None if present is None else tuple(_arrival(*each) for each in present.seats),
            has_quorum_data=present is not None,
            source_sha256=self.folder.digest(rows.SessionRow),
            row=line.number,
        )
        titles = {f"item/{i.row.item}/title": i.row.title for i in items}
        return Draft((act,), line.file, line.number, counted, titles)

    def _agenda(self, line: Line[rows.SessionRow], items: list[Line[rows.ItemRow]]) -> Iterator[Draft]:
        """Draft the acts of an agenda that does not fit into its session's own, or says more than that has room for."""
        for start in range(0, len(items), session_acts.MAX_ITEMS):
            some = items[start : start + session_acts.MAX_ITEMS]
            counted = {"items": len(some)}
            yield from self.tried(some[0], partial(self._listed, line.row, some, counted), counted)

    def _listed(self, of: rows.SessionRow, items: list[Line[rows.ItemRow]], counted: Mapping[str, int]) -> Draft:
        first = items[0]
        act = AgendaImported(
            body=of.body,
            year=of.year,
            series=of.series,
            session=of.session,
            items=tuple(
                ImportedEntry(
                    item=item.row.item,
                    item_kind=item.row.kind,
                    consent=item.row.consent == "yes",
                    reference=item.row.reference,
                )
                for item in items
            ),
            source_sha256=self.folder.digest(rows.ItemRow),
            row=first.number,
        )
        titles = {f"item/{item.row.item}/title": item.row.title for item in items}
        return Draft((act,), first.file, first.number, counted, titles)

    # -- votes ---------------------------------------------------------------------------------------------------

    def _votes(self) -> Iterator[Draft]:
        rolls = Rolls(self.folder)
        for line in self.folder.lines(rows.VoteRow):
            roll = rolls.take(line.row.key)
            counted = {"votes": 1, "marks": len(roll.holders) if roll else 0}
            broken = rolls.unreadable.get(line.row.key)
            if broken is not None:
                detail = f"{broken.file}:{broken.line}"
                self.report.refuse(line.file, line.number, "plain-part-unreadable", detail, counted)
            elif roll is None and line.row.result is None:
                self.report.refuse(line.file, line.number, "no-marks", "/".join(map(str, line.row.key)), counted)
            else:
                yield from self.tried(line, partial(self._vote, line, roll or Roll(), counted), counted)
        refused = {row.of for row in self.folder.malformed}
        for key, left in rolls.left():
            if key not in refused:
                self.orphan(self.folder.name(rows.MarkRow), left.lines[0], key, len(left.lines))

    def _vote(self, line: Line[rows.VoteRow], roll: Roll, counted: Mapping[str, int]) -> Draft:
        row, by_sense = line.row, roll.by_sense()
        _compare(row, by_sense)
        session = self.target.state(f"session/{row.session_path}")
        if not isinstance(session, SessionState):
            raise RuleViolation("session-unknown", session=row.session_path)
        favor, contra, abstencion = (len(by_sense.get(mark, ())) for mark in ("favor", "contra", "abstencion"))
        act = vote_acts.VoteImported(
            body=row.body,
            year=row.year,
            series=row.series,
            session=row.session,
            vote=row.vote,
            item=row.item,
            majority=row.majority,
            marks=vote_acts.Marks.model_validate(by_sense),
            favor=favor,
            contra=contra,
            abstencion=abstencion,
            result=self._result(row, by_sense, session),
            published_result=row.result,
            source_sha256=self.folder.digest(rows.VoteRow),
            row=line.number,
            held_on=session.day.isoformat(),
        )
        basis = (f"session/{row.session_path}",)
        return Draft((act,), line.file, line.number, counted, {"motion": row.motion}, basis, roll=roll)

    def _result(
        self, row: rows.VoteRow, by_sense: Mapping[str, tuple[str, ...]], session: SessionState
    ) -> majority.Result:
        """Return what the marks decide by the rules of the session's day; how a chair broke a tie they do not say.

        Of a vote without marks it is what the source says.
        """
        if not by_sense and row.result is not None:
            return row.result
        body = self.target.state(f"body/{row.body}")
        if not isinstance(body, BodyState):
            raise RuleViolation("body-unknown", body=row.body)
        rules = rules_of(body, session.day)
        favor, contra, abstencion = (len(by_sense.get(mark, ())) for mark in ("favor", "contra", "abstencion"))
        present = favor + contra + abstencion + len(by_sense.get("presente", ()))
        seats = len(body.voting_seats_on(session.day))
        decided = majority.decide(majority.named(rules, row.majority), favor, contra, abstencion, present, seats)
        if decided == "tied" and rules.casting_vote:
            return decided
        return majority.declared(rules, decided)

    # -- agreements ----------------------------------------------------------------------------------------------

    def _agreements(self) -> Iterator[Draft]:
        held: dict[str, _Held] = {}
        for line in self.folder.lines(rows.AgreementRow):
            parsed = parse_identifier(line.row.identifier)
            if isinstance(parsed, Quarantine):
                body = line.row.body
                if body not in held:
                    held[body] = _Held(*self.standing.quarantined(body))
                yield from self._quarantined(line, parsed, held[body])
                continue
            yield from self.tried(line, partial(self._agreement, line, parsed.canonical))

    def _quarantined(self, line: Line[rows.AgreementRow], parsed: Quarantine, held: _Held) -> Iterator[Draft]:
        """Refuse the row, and keep its identifier as printed until somebody resolves it; once is enough."""
        row = line.row
        self.report.refuse(line.file, line.number, "identifier-quarantined", f"{row.identifier[:80]}: {parsed.reason}")
        if row.identifier in held.texts:
            return
        held.count += 1
        held.texts.add(row.identifier)
        act = agreement_acts.IdentifierQuarantined(body=row.body, number=held.count, reason=parsed.reason)
        yield Draft((act,), line.file, line.number, {}, {"as_printed": row.identifier})

    def _agreement(self, line: Line[rows.AgreementRow], identifier: str) -> Draft:
        row = line.row
        act = agreement_acts.AgreementImported(
            body=row.body,
            year=row.year,
            number=row.number,
            adopted_on=row.adopted_on,
            identifier=identifier,
            vote=row.vote_stream,
            provenance=row.provenance,
            source_sha256=self.folder.digest(rows.AgreementRow),
            row=line.number,
        )
        sealed = {"title": row.title} | ({"text": row.text} if row.text else {})
        return Draft((act,), line.file, line.number, {"agreements": 1}, sealed)


@dataclass(slots=True)
class _Presence:
    """Who was present in a session: seats with their mandates, and the line of the first."""

    line: int
    seats: list[tuple[str, int]]


@dataclass(slots=True)
class _Held:
    """A body's quarantined identifiers: how many, and as printed."""

    count: int
    texts: set[str]


def _arrival(seat: str, designation: int) -> session_acts.Arrival:
    return session_acts.Arrival(seat=seat, designation=designation)


def _beyond(item: rows.ItemRow) -> bool:
    """Tell whether an item says more than an agenda in its session's own act has room for."""
    return item.consent == "yes" or item.reference is not None or len(item.title) > MAX_TITLE_CHARS


def _compare(row: rows.VoteRow, by_sense: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a vote whose published figures are not those of its marks."""
    for mark in vote_acts.SENSES:
        published, counted = getattr(row, mark), len(by_sense.get(mark, ()))
        if published is not None and published != counted:
            raise RuleViolation("published-tally-differs", f"{mark}: {published} published, {counted} marks")


def _grouped(lines: Iterable[Line[rows.ItemRow]]) -> dict[tuple[Any, ...], list[Line[rows.ItemRow]]]:
    found: dict[tuple[Any, ...], list[Line[rows.ItemRow]]] = {}
    for line in lines:
        found.setdefault(line.row.key, []).append(line)
    return found


def _present(lines: Iterable[Line[rows.AttendanceRow]]) -> dict[tuple[Any, ...], _Presence]:
    found: dict[tuple[Any, ...], _Presence] = {}
    for line in lines:
        presence = found.setdefault(line.row.key, _Presence(line.number, []))
        presence.seats.append((line.row.seat, line.row.designation))
    return found
