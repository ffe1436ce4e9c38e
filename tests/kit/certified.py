"""A council that certifies: a story up to a sealed acta, and the acts of requests and certificates."""

from __future__ import annotations

from typing import Any

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSigned
from ledger.acts.agreement import AgreementAdopted
from ledger.acts.certification import CertificationIssued, CertifiedObject, Negative
from ledger.acts.petition import (
    CertificationCompiled,
    CertificationRequested,
    CertificationRequestResolved,
    CertificationReviewed,
)
from ledger.domain.certified import describe
from ledger.ids import parse_written
from tests.kit.council import CHAIR, DAY, SECRETARY, Sitting, founded, rules
from tests.kit.story import Said, Story, say

ROOT = "1" * 64
ACTA, AGREEMENT, VOTE = "acta/hcd/2026/ord/1", "agreement/hcd/2026/1", "vote/hcd/2026/ord/1/1"
REQUEST = "request/hcd/2026/1"


def recorded_story(certification: str = "direct") -> Story:
    """Return a story up to a signed acta, with one agreement and the vote that made it."""
    by_rules = rules(numbering={"scheme": "YEARLY"}, certification=certification)
    sitting = Sitting(founded(by_rules)).recorded(12)
    told = sitting.story.given(sitting.declared(12, 0, 0, "approved"))
    adopted = AgreementAdopted(
        body="hcd", year=2026, number=1, vote=VOTE, ordinal=1, identifier="1/2026", resolutions=1
    )
    told.given(adopted, sitting.concluded(), sitting.closed(1, 1))
    told.given(ActaDrafted(**sitting.place, draft=1, blocks=9, root=ROOT))
    told.given(*(ActaSigned(**sitting.place, seat=seat, root=ROOT) for seat in ("secretaria", "estado-1")))
    return told


def seal(story: Story) -> Story:
    """Seal the acta."""
    return story.given(ActaSealed(**Sitting(story).place, root=ROOT, signatures=("secretaria", "estado-1")))


def named(story: Story, stream: str, folios: tuple[int, int] | None = None, **changes: Any) -> CertifiedObject:
    """Return an object exactly as its stream stands."""
    found = describe(story.world, stream, parse_written(story.now), folios)
    return CertifiedObject.model_validate(found.model_dump() | changes)


def content(*objects: CertifiedObject, **changes: Any) -> dict[str, Any]:
    """Return what a certificate says of objects, its sheets counted as far as they are foliated."""
    sheets = sum(each.folios.last - each.folios.first + 1 for each in objects if each.folios)
    return {"objects": objects, "sheets": sheets} | changes


def issued(number: int, *objects: CertifiedObject, **changes: Any) -> Said:
    """Return the issue of a certificate by the secretary; `request` goes into its basis if `basis` is given."""
    basis = changes.pop("basis", None)
    data: dict[str, Any] = {"body": "hcd", "year": 2026, "number": number} | content(*objects, **changes)
    return say(CertificationIssued(**data), office=SECRETARY, basis=basis)


def negative(story: Story, last: int = 1, **changes: Any) -> Negative:
    """Return that the series of agreements of 2026 has in January nothing but what is listed."""
    said: dict[str, Any] = {
        "object_kind": "agreement",
        "year": 2026,
        "last": last,
        "from_on": "2026-01-01",
        "to_on": DAY,
        "listed": tuple(f"agreement/hcd/2026/{number}" for number in range(1, last + 1)),
        "tree_size": story.size,
        "root": ROOT,
    }
    return Negative(**(said | changes))


def requested(number: int = 1, **changes: Any) -> Said:
    """Return a request that somebody outside makes."""
    said: dict[str, Any] = {"petitioner": "external", "received_on": DAY}
    basis = changes.pop("basis", None)
    act = CertificationRequested(body="hcd", year=2026, number=number, **(said | changes))
    return say(act, office=SECRETARY, basis=basis)


def resolved(outcome: Any = "admitted", number: int = 1) -> Said:
    """Return that a request is admitted, rejected or denied."""
    return say(CertificationRequestResolved(body="hcd", year=2026, number=number, outcome=outcome), office=SECRETARY)


def compiled(*objects: CertifiedObject, draft: int = 1, number: int = 1, **changes: Any) -> Said:
    """Return a compilation by the secretary."""
    said = content(*objects, **changes)
    return say(CertificationCompiled(body="hcd", year=2026, number=number, draft=draft, **said), office=SECRETARY)


def reviewed(draft: int = 1, outcome: Any = "approved", number: int = 1, office: str = CHAIR) -> Said:
    """Return a review, by the chair unless said."""
    act = CertificationReviewed(body="hcd", year=2026, number=number, draft=draft, outcome=outcome)
    return say(act, office=office)
