"""From rows of the plain format to the acts that take them over: what all stages of it share.

A row that cannot become an act is refused here, by its file and line; everything else is left to the ledger's rules.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from api.importers import rows
from ledger.errors import RuleViolation, UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from api.importers.plain import Line, PlainFolder
    from api.importers.report import Report
    from api.importers.rolls import Roll
    from api.importers.standing import Standing
    from api.importers.targets import Target
    from ledger.acts.base import Act

MIDNIGHT = "T00:00:00-06:00"
"""A day of the source begins at midnight of central Mexico, as written."""

R = TypeVar("R", bound=rows.Row)


@dataclass(frozen=True, slots=True)
class Draft:
    """What takes a row over: acts that are recorded together or not at all.

    sealed, basis: of the first act.
    rows: how many rows of which files stand with it.
    halves: of a draft of several rows, two drafts of half of them each, to be tried where the whole is refused.
    roll: of a vote, where its marks stand.
    """

    acts: tuple[Act, ...]
    file: str
    line: int
    rows: Mapping[str, int]
    sealed: Mapping[str, Any] = field(default_factory=dict)
    basis: tuple[str, ...] = ()
    halves: Callable[[], tuple[Draft, Draft]] | None = None
    roll: Roll | None = None


@dataclass(slots=True)
class Drafting:
    """Reads a folder and drafts the acts that take it over.

    target: gives the states of bodies, seats and sessions as they are once earlier files have been taken.
    standing: what the ledger held before.
    report: where refused rows go.
    """

    folder: PlainFolder
    target: Target
    standing: Standing
    report: Report

    def each(self, cls: type[R], draft: Callable[[Line[R]], Draft]) -> Iterator[Draft]:
        """Draft one row after the other; one of which no act can be made is refused."""
        for line in self.folder.lines(cls):
            yield from self.tried(line, partial(draft, line))

    def tried(
        self, line: Line[Any], draft: Callable[[], Draft], counted: Mapping[str, int] | None = None
    ) -> Iterator[Draft]:
        """Give the draft, or refuse the row (and as many others as are `counted`) where none can be made of it."""
        try:
            made = draft()
        except (RuleViolation, UntrustedInputError) as error:
            self.report.refuse(line.file, line.number, error.code, error.detail, counted)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            self.report.refuse(line.file, line.number, "bad-data", f"{place}: {first['msg']}", counted)
        else:
            yield made

    def orphan(self, file: str, line: int, key: tuple[Any, ...], count: int) -> None:
        """Refuse rows of a session or vote that the folder does not have, naming the first."""
        named = {file.partition(".")[0]: count}
        self.report.refuse(file, line, "plain-orphan", f"{'/'.join(map(str, key))}: {count}", named)
