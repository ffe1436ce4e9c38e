"""The oficio that takes an agreement's resolutivos to the unit that answers for them (domain.md §3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import framed, parts_of, signatory
from api.documents.kinds.agreement import called, identifier_of, said
from api.documents.model import Facts, Heading, Items, Paragraph, plain
from api.problems import ApiError
from ledger.acts.agreement import AgreementAdopted, AgreementImported
from ledger.acts.followup import AgreementCommunicated, ResponsibilityAssigned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.documents.model import Block, Document
    from api.documents.reading import Reading
    from ledger.domain.world import Signed


def compose(reading: Reading, key: str) -> Document:
    """Return the oficio that took the agreement of `hcd/2026/19/dir` to that unit, the last of several.

    Raises:
        ApiError: "nothing-to-print".
    """
    body, year, number, unit = parts_of(key, 4)
    agreement = f"{body}/{year}/{number}"
    sent, act = _sent(reading, agreement, unit)
    made = reading.one(f"agreement/{agreement}", AgreementAdopted, AgreementImported)
    layout = reading.layout
    vote = made.act.vote if isinstance(made.act, AgreementAdopted | AgreementImported) else None
    lead = layout.say(
        "communicated",
        identifier=identifier_of(made),
        body=reading.body(body),
        vote=called(reading, vote or ""),
    )
    named = reading.desk.text_of(f"unit/{unit}", "name") or unit.upper()
    blocks: list[Block] = [
        Paragraph(plain(layout.say("addressed", unit=named)), "lead"),
        Paragraph(plain(lead)),
        Paragraph(reading.text(made.index, "title"), "quote"),
        *said(reading, made),
    ]
    due = tuple(_due(reading, agreement, unit))
    if due:
        blocks += [Heading(layout.say("answers_for"), 3), Items(tuple(("", plain(each)) for each in due))]
    blocks.append(Facts(((layout.say("statement"), plain(made.statement.sha256)),)))
    return framed(
        reading,
        "oficio",
        sent,
        body,
        blocks,
        subtitle=act.oficio,
        folio=act.oficio,
        name=key,
        signatories=(signatory(reading, sent),),
        json_ld={"@type": "Message", "identifier": act.oficio, "recipient": {"@type": "Organization", "name": named}},
    )


def _sent(reading: Reading, agreement: str, unit: str) -> tuple[Signed, AgreementCommunicated]:
    stream = f"communication/{agreement}"
    for each in reversed(reading.acts(stream)):
        if isinstance(each.act, AgreementCommunicated) and each.act.unit == unit:
            return each, each.act
    raise ApiError(404, "nothing-to-print", stream=f"{stream}/{unit}")


def _due(reading: Reading, agreement: str, unit: str) -> Iterator[str]:
    """Say what the unit answers for, and until when, as it was assigned."""
    layout = reading.layout
    for stream in reading.store.streams_below(f"fulfilment/{agreement}/"):
        for each in reading.acts(stream):
            if not isinstance(each.act, ResponsibilityAssigned) or unit not in each.act.units:
                continue
            reading.rests.add(each.index)
            if each.act.due_on is None:
                yield layout.say("due_none", resolution=each.act.resolution)
            else:
                yield layout.say("due", resolution=each.act.resolution, day=layout.words.day(each.act.due_on))
