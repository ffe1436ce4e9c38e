"""Whether an acta says what the session's acts say (domain.md §3.7, L1).

The acts are recounted first: tallies from the marks, quorum from who was there, agreements from their votes.
Then every block is compared with the one that the facts give. The secretary's own prose ("narrative") may
stand anywhere and is not judged.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ledger.blocks.commitment import Block
from ledger.blocks.drafting import INSTRUMENTS, counted, draft_blocks
from ledger.blocks.facts import AgreementMade, Closed, Movement, Quorum, Sitting, VoteHeld
from ledger.blocks.wording import LANGUAGES
from ledger.errors import RuleViolation, UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.blocks.facts import SessionFacts

_PLACES: dict[str, tuple[str, ...]] = {
    "movement": ("sequence",),
    "item": ("item",),
    "recusal": ("item", "seat"),
    "challenge": ("item", "seat"),
    "dissent": ("vote", "seat"),
    "intervention": ("sequence",),
    "recess": ("sequence",),
    "resumption": ("sequence",),
    "vote": ("vote",),
    "marks": ("vote", "sense"),
    "agreement": ("number",),
    "outcome": ("item",),
}


def contradictions(blocks: Sequence[Mapping[str, Any]], facts: SessionFacts) -> list[str]:
    """Return where an acta contradicts the session's acts, as `place: what`; empty when it does not.

    `vote/2: favor` means that the block of vote 2 gives another number in favour; `vote/2: tally` that the
    declared counts are not those of the marks; `agreement/12: missing` that it is not told; `item/3: text` that
    what people read differs from what the acts say; `order` that the blocks stand in another order.

    Args:
        blocks: The acta's blocks in reading order.
        facts: What the acts say.
    """
    read: list[Block] = []
    found = list(_of_facts(facts))
    for number, value in enumerate(blocks, 1):
        try:
            read.append(Block.of(value))
        except UntrustedInputError:
            found.append(f"block/{number}: malformed")
            continue
        if read[-1].kind == "narrative" and read[-1].data:
            found.append(f"block/{number}: data")
    told = _by_place(block for block in read if block.kind != "narrative")
    compared = (
        _of_blocks(told, _by_place(map(Block.of, draft_blocks(facts, language, instrument))))
        for language in LANGUAGES
        for instrument in INSTRUMENTS
    )
    return found + min(compared, key=len)


def refuse_contradictions(blocks: Sequence[Mapping[str, Any]], facts: SessionFacts) -> None:
    """Refuse an acta that contradicts the session's acts.

    Raises:
        RuleViolation: "acta-contradicts" with every place.
    """
    places = contradictions(blocks, facts)
    if places:
        raise RuleViolation("acta-contradicts", places=places)


def _of_blocks(told: dict[str, Block], expected: dict[str, Block]) -> list[str]:
    found = [f"{place}: missing" for place in expected if place not in told]
    for place, block in told.items():
        wanted = expected.get(place)
        if wanted is None:
            found.append(f"{place}: unknown")
            continue
        keys = sorted({*block.data, *wanted.data})
        found += [f"{place}: {key}" for key in keys if block.data.get(key) != wanted.data.get(key)]
        if block.text != wanted.text:
            found.append(f"{place}: text")
    if [place for place in told if place in expected] != [place for place in expected if place in told]:
        found.append("order")
    return found


def _by_place(blocks: Iterable[Block]) -> dict[str, Block]:
    """Name each block by what it is about; a second one of the same name gets `#2`."""
    seen: Counter[str] = Counter()
    found = {}
    for block in blocks:
        place = "/".join((block.kind, *(str(block.data.get(key)) for key in _PLACES.get(block.kind, ()))))
        seen[place] += 1
        found[place if seen[place] == 1 else f"{place}#{seen[place]}"] = block
    return found


def _of_facts(facts: SessionFacts) -> list[str]:
    """Recount the acts themselves."""
    recount = _Recount(facts)
    for each in facts.happenings:
        match each:
            case Movement():
                for seat in each.departures:
                    recount.present.pop(seat, None)
                recount.present |= {sitting.seat: sitting for sitting in each.arrivals}
            case Quorum():
                recount.quorum(each)
            case VoteHeld():
                recount.votes[each.vote] = each
                recount.found += _of_vote(each, None if facts.imported else recount.present)
            case AgreementMade():
                recount.agreement(each)
            case Closed():
                recount.closed(each)
            case _:
                pass
    return recount.found


@dataclass
class _Recount:
    """What has been counted so far, and what did not agree."""

    facts: SessionFacts
    present: dict[str, Sitting] = field(default_factory=dict)
    votes: dict[int, VoteHeld] = field(default_factory=dict)
    agreements: list[int] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def quorum(self, quorum: Quorum) -> None:
        here = (self.facts.member(each.seat, each.designation) for each in self.present.values())
        if sum(member.voting for member in here) != quorum.present:
            self.found.append("quorum: present")

    def agreement(self, made: AgreementMade) -> None:
        """It follows an approved vote, and numbers rise in order of adoption (A1, A2)."""
        if self.agreements and made.number <= self.agreements[-1]:
            self.found.append(f"agreement/{made.number}: order")
        self.agreements.append(made.number)
        if made.vote is not None and (made.vote not in self.votes or self.votes[made.vote].result != "approved"):
            self.found.append(f"agreement/{made.number}: vote")

    def closed(self, closed: Closed) -> None:
        if closed.votes != len(self.votes):
            self.found.append("closing: votes")
        if list(closed.agreements) != self.agreements:
            self.found.append("closing: agreements")


def _of_vote(vote: VoteHeld, present: Mapping[str, Sitting] | None) -> Iterator[str]:
    """Recount a vote; an import's presence is what its source says and is not judged here."""
    if counted(vote) != {"favor": vote.favor, "contra": vote.contra, "abstencion": vote.abstencion}:
        yield f"vote/{vote.vote}: tally"
    named = [each for sittings in (vote.marks or {}).values() for each in sittings] + list(vote.voters)
    # That a source marks propietario and suplente of one seat is remarked at its import, not judged again.
    marked = {(each.seat, each.designation if vote.imported else 0) for each in named}
    if len(marked) != len(named):
        yield f"vote/{vote.vote}: marked-twice"
    if vote.voters and len(vote.voters) != vote.favor + vote.contra + vote.abstencion:
        yield f"vote/{vote.vote}: tally"
    if present is not None and any(each.seat not in present for each in (*named, *vote.dissenters)):
        yield f"vote/{vote.vote}: absent"
