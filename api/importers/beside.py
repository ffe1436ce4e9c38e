"""What a source says beside its rolls: notes that correct marks, and designations that a vote approved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from api.importers import rows
from api.importers.composition import designated
from api.importers.drafts import Draft, Drafting
from ledger.acts.imported import Correction, NoteImported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.importers.plain import Line


class Beside(Drafting):
    """Drafts notes and appointments; the votes of which they speak must stand in the target."""

    def stages(self) -> Iterator[Iterator[Draft]]:
        """Give the drafts file by file."""
        yield self._notes()
        yield self.each(rows.AppointmentRow, self._appointment)

    def _notes(self) -> Iterator[Draft]:
        before = len(self.folder.malformed)
        corrections: dict[tuple[Any, ...], list[Line[rows.CorrectionRow]]] = {}
        for correction in self.folder.lines(rows.CorrectionRow):
            corrections.setdefault(correction.row.key, []).append(correction)
        unreadable = {row.of: row for row in reversed(self.folder.malformed[before:]) if row.of is not None}
        for line in self.folder.lines(rows.NoteRow):
            found = corrections.pop(line.row.key, [])
            counted = {"notes": 1, "corrections": len(found)}
            broken = unreadable.get(line.row.key)
            if broken is not None:
                detail = f"{broken.file}:{broken.line}"
                self.report.refuse(line.file, line.number, "plain-part-unreadable", detail, counted)
                continue
            yield from self.tried(line, partial(self._note, line, found, counted), counted)
        refused = {row.of for row in self.folder.malformed}
        for key, left in corrections.items():
            if key not in refused:
                self.orphan(left[0].file, left[0].number, key, len(left))

    def _note(
        self, line: Line[rows.NoteRow], found: list[Line[rows.CorrectionRow]], counted: Mapping[str, int]
    ) -> Draft:
        row = line.row
        act = NoteImported(
            body=row.body,
            year=row.year,
            series=row.series,
            session=row.session,
            note=row.note,
            vote=row.vote,
            corrections=tuple(
                Correction(seat=each.seat, designation=each.designation, was=each.was, now=each.now)
                for each in (correction.row for correction in found)
            ),
            unread=row.unread,
            source_sha256=self.folder.digest(rows.NoteRow),
            row=line.number,
        )
        basis = [f"session/{row.session_path}"]
        if row.vote is not None:
            basis.append(f"vote/{row.session_path}/{row.vote}")
        return Draft((act,), line.file, line.number, counted, {"text": row.text}, tuple(basis))

    def _appointment(self, line: Line[rows.AppointmentRow]) -> Draft:
        vote = line.row.vote_stream
        act = designated(line.row, self.folder.digest(rows.AppointmentRow), line.number, vote)
        return Draft((act,), line.file, line.number, {"appointments": 1}, basis=(vote,))
