"""Constancia of a designation, and the credential on a card (domain.md §3.8, row C6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.frame import framed, parts_of, signatory
from api.documents.kinds.agreement import called
from api.documents.model import Facts, Paragraph, plain
from ledger.acts.credential import CredentialIssued
from ledger.acts.designation import DesignationAppointed, DesignationApproved, DesignationMade
from ledger.domain.designation import DesignationState

if TYPE_CHECKING:
    from api.documents.model import Block, Document, Inline
    from api.documents.reading import Reading
    from ledger.domain.world import Signed


def compose(reading: Reading, key: str) -> Document:
    """Return the constancia of the designation `hcd/obrero-2/3`."""
    body, seat, number = parts_of(key, 3)
    made = reading.one(f"designation/{key}", DesignationMade)
    layout = reading.layout
    member = reading.holder(body, seat, int(number))
    rows: list[tuple[str, Inline]] = [
        (layout.say("member"), plain(member.name or layout.say("nameless"))),
        (layout.say("role"), plain(layout.words.name("roles", member.role))),
        (layout.say("seat"), plain(seat)),
        (layout.say("capacity"), plain(layout.words.name("capacities", member.capacity))),
        (layout.say("term"), plain(_term(reading, made))),
        (layout.say("instrument"), plain(_instrument(reading, made))),
    ]
    blocks: list[Block] = [Paragraph(plain(designated(reading, made)), "lead"), Facts(tuple(rows))]
    if getattr(made.act, "effect", None) == "provisional":
        blocks.append(Paragraph(plain(layout.say("provisional"))))
    return framed(
        reading,
        "constancia",
        made,
        body,
        blocks,
        folio=f"{layout.titles['constancia']} {key}",
        signatories=(signatory(reading, made),),
        json_ld={"about": {"@type": "Person", "name": member.name, "jobTitle": member.role}},
    )


def designated(reading: Reading, made: Signed) -> str:
    """Say in a sentence who was designated to what."""
    act = made.act
    if not isinstance(act, DesignationMade):
        raise TypeError(type(act).__name__)
    member = reading.holder(act.body, act.seat, act.number)
    words = reading.layout.words
    return reading.layout.say(
        "designates",
        name=member.name or reading.layout.say("nameless"),
        capacity=words.name("capacities", member.capacity),
        seat=act.seat,
        role=words.name("roles", member.role),
        body=reading.body(act.body),
    )


def _term(reading: Reading, made: Signed) -> str:
    act, day = made.act, reading.layout.words.day
    if not isinstance(act, DesignationMade):
        raise TypeError(type(act).__name__)
    if act.ends_at is None:
        return reading.layout.say("term_open", begins=day(act.begins_at))
    return reading.layout.say("term_closed", begins=day(act.begins_at), ends=day(act.ends_at))


def _instrument(reading: Reading, made: Signed) -> str:
    match made.act:
        case DesignationApproved(agreement=agreement):
            return reading.layout.say("instrument_vote", agreement=called(reading, agreement))
        case DesignationAppointed(oficio=oficio):
            return reading.layout.say("instrument_oficio", oficio=oficio)
        case _:
            return reading.layout.say("instrument_paper")


def card(reading: Reading, key: str) -> Document:
    """Return the credential `hcd/obrero-2/3/1` as a card: who, what, until when."""
    body, seat, designation, _ = parts_of(key, 4)
    issued = reading.one(f"credential/{key}", CredentialIssued)
    layout, act = reading.layout, issued.act
    if not isinstance(act, CredentialIssued):
        raise TypeError(type(act).__name__)
    held = reading.state(f"designation/{body}/{seat}/{designation}")
    if isinstance(held, DesignationState):
        reading.rests.add(held.index)
    member = reading.holder(body, seat, int(designation))
    rows: list[tuple[str, Inline]] = [
        (layout.say("role"), plain(f"{layout.words.name('roles', member.role)}, {seat}")),
        (layout.say("capacity"), plain(layout.words.name("capacities", member.capacity))),
        (layout.say("card_valid"), plain(layout.words.day(act.valid_to))),
        (layout.say("card_number"), plain(key)),
    ]
    blocks: list[Block] = [
        Paragraph(plain(member.name or layout.say("nameless")), "lead"),
        Facts(tuple(rows)),
        Paragraph(plain(layout.say("card_notice")), "legal"),
    ]
    who, role = reading.officer(issued.statement.office)
    return framed(
        reading,
        "credencial",
        issued,
        body,
        blocks,
        folio=key,
        closing=f"{who}, {role}",
        card=True,
        json_ld={"about": {"@type": "Person", "name": member.name}, "expires": act.valid_to},
    )
