"""What a certificate says, checked where it is compiled and where it is issued (domain.md §3.9, X1, X2, X4, X5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.certified import check_object, sheets_of
from ledger.domain.negative import check_negative
from ledger.errors import RuleViolation
from ledger.ids import parse_written

if TYPE_CHECKING:
    from ledger.acts.certification import Content
    from ledger.acts.petition import Petitioner
    from ledger.domain.world import Signed, World


def check_content(content: Content, body: str, petitioner: Petitioner | None, signed: Signed, world: World) -> None:
    """Check objects, negative statements, kind of copy and number of sheets.

    Args:
        content: What is said.
        body: Whose objects and series.
        petitioner: Who asked; None where the secretary certifies of himself.
        signed: The act that says it.
        world: States to read.

    Raises:
        RuleViolation: "certification-empty", "object-repeated", "public-version-required", "sheets-mismatch"
            and those of `check_object` and `check_negative`.
    """
    world.rule("certification-objects")
    if not content.objects and not content.negatives:
        raise RuleViolation("certification-empty")
    if len({(each.stream, each.folios) for each in content.objects}) != len(content.objects):
        raise RuleViolation("object-repeated")
    if petitioner == "transparency" and content.objects and content.copy_kind != "public-version":
        raise RuleViolation("public-version-required")
    at = parse_written(signed.statement.occurred_at)
    for each in content.objects:
        check_object(each, body, content.copy_kind, at, world)
    for negative in content.negatives:
        check_negative(negative, body, at, signed.index, world)
    _check_sheets(content, world)


def _check_sheets(content: Content, world: World) -> None:
    """The fojas útiles are those of what is certified; where some object's are not known, at least the others'."""
    if content.copy_kind == "public-version":
        return
    counts = list(sheets_of(content.objects, world))
    known = sum(count for count in counts if count is not None)
    if content.sheets < known or (content.sheets > known and None not in counts):
        raise RuleViolation("sheets-mismatch", sheets=content.sheets, expected=known)
