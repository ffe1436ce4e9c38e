"""A vote as documents tell it: tally in words, who voted how as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.documents.model import Heading, Paragraph, Table, plain
from ledger.acts.vote import SENSES, VoteDeclared, VoteImported, VoteOpened
from ledger.blocks.drafting import counted
from ledger.blocks.facts import VoteHeld

if TYPE_CHECKING:
    from api.documents.model import Block, Inline
    from api.documents.reading import Reading

WIDTHS = (1, 6, 3, 2)


def vote_of(reading: Reading, stream: str) -> VoteHeld | None:
    """Return a vote `vote/hcd/2026/ord/3/2` as it was held; None where the session does not tell it any more.

    What the document shows of it rests on the acts that opened, recorded and declared it.
    """
    _, _, path = stream.partition("/")
    session, _, number = path.rpartition("/")
    held = [each for each in reading.desk.facts(session).happenings if isinstance(each, VoteHeld)]
    reading.rests.update(each.index for each in reading.acts(stream))
    return next((each for each in held if each.vote == int(number)), None)


def tally(reading: Reading, held: VoteHeld) -> str:
    """Return a tally in words, with the casting vote that broke a tie."""
    words = reading.layout.words
    said = reading.layout.say("tally", **counted(held), result=words.name("results", held.result))
    if held.casting is None:
        return said
    return f"{said} {words.say('casting', sense=words.name('senses', held.casting))}"


def told(reading: Reading, stream: str) -> list[Block]:
    """Return a vote whole: motion, tally, and everybody's vote where it is known."""
    held = vote_of(reading, stream)
    if held is None:
        return []
    layout, words = reading.layout, reading.layout.words
    opening = reading.one(stream, VoteOpened, VoteImported)
    method = ", ".join((words.name("methods", held.method), words.name("majorities", held.majority)))
    motion = reading.text(opening.index, "motion")
    declared = [each for each in reading.acts(stream) if isinstance(each.act, VoteDeclared)]
    reading.rests.update(each.index for each in declared)
    blocks: list[Block] = [
        Paragraph((f"{layout.say('motion')} ({method}): ", *motion)),
        Paragraph(plain(tally(reading, held))),
    ]
    rows: list[tuple[Inline, ...]] = []
    body, session = stream.split("/")[1], reading.desk.facts(stream.split("/", 1)[1].rpartition("/")[0])
    for sense in SENSES:
        for each in (held.marks or {}).get(sense, ()):
            who = session.member(each.seat, each.designation)
            name = who.name or layout.say("nameless")
            rows.append((plain(str(len(rows) + 1)), plain(name), plain(each.seat), plain(words.name("senses", sense))))
    if rows:
        reading.rests.update(_seated(reading, body, held))
        columns = tuple(layout.say(each) for each in ("number", "member", "seat", "sense"))
        blocks += [Heading(layout.say("voters_head"), 3), Table(columns, tuple(rows), WIDTHS)]
    return blocks


def _seated(reading: Reading, body: str, held: VoteHeld) -> set[int]:
    """Return the acts by which those who voted hold their seats."""
    sittings = [each for voters in (held.marks or {}).values() for each in voters]
    streams = {f"designation/{body}/{each.seat}/{each.designation}" for each in sittings}
    return {acts[0].index for stream in sorted(streams) if (acts := reading.acts(stream))}
