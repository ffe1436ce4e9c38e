"""An acta's blocks, generated from the session's facts: the same facts give the same blocks (domain.md §3.7, L1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never, get_args

from ledger.acts.vote import SENSES
from ledger.blocks.facts import (
    AgendaSet,
    AgreementMade,
    ChallengeDecided,
    Closed,
    Dissent,
    Intervention,
    ItemEnded,
    ItemTaken,
    Movement,
    Opened,
    Quorum,
    Recess,
    Recused,
    Sitting,
    VoteHeld,
)
from ledger.blocks.wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.blocks.facts import Happening, SessionFacts
    from ledger.blocks.wording import Wording

Instrument: TypeAlias = Literal["acta", "minuta"]
INSTRUMENTS: tuple[Instrument, ...] = get_args(Instrument)


def draft_blocks(facts: SessionFacts, language: str = "es", instrument: Instrument = "acta") -> list[dict[str, Any]]:
    """Return the acta of a session as blocks `{"kind", "text", "data"}` in reading order.

    Tallies are counted from the marks, attendance from who came and went; nothing is copied that can be counted.

    Args:
        facts: What happened.
        language: "es" or "en".
        instrument: What the heading calls it.
    """
    draft = _Draft(facts, wording(language), instrument)
    draft.head()
    for happening in facts.happenings:
        draft.tell(happening)
    return draft.blocks


def counted(vote: VoteHeld) -> dict[str, int]:
    """Return a vote's tally: counted from the marks where they are known, as declared where they are not."""
    if vote.marks is None:
        return {"favor": vote.favor, "contra": vote.contra, "abstencion": vote.abstencion}
    return {sense: len(vote.marks.get(sense, ())) for sense in SENSES[:3]}


@dataclass
class _Draft:
    """The blocks so far, and what has to be remembered while telling."""

    facts: SessionFacts
    words: Wording
    instrument: Instrument = "acta"
    blocks: list[dict[str, Any]] = field(default_factory=list)
    present: dict[str, Sitting] = field(default_factory=dict)
    quorum: Quorum | None = None
    opened: bool = False
    pauses: int = 0
    movements: int = 0
    interventions: int = 0
    items: set[int] = field(default_factory=set)

    def add(self, kind: str, text: str, **data: Any) -> None:
        """Append a block; data that is absent is left out, for there is no null."""
        self.blocks.append(
            {"kind": kind, "text": text, "data": {key: value for key, value in data.items() if value is not None}}
        )

    @property
    def body_name(self) -> str:
        return self.facts.body_name or self.facts.body

    def head(self) -> None:
        """The title and, of an import, where it comes from and who the source says was there."""
        facts, words = self.facts, self.words
        if facts.imported:
            self.add("provenance", words.say("provenance"), imported=True)
        series = words.name("series", facts.series)
        named = "heading" if self.instrument == "acta" else "heading_minuta"
        title = words.say(named, series=series, number=facts.session, year=facts.year, body=self.body_name)
        self.add(
            "heading",
            f"{facts.institution}\n{title}" if facts.institution else title,
            body=facts.body,
            year=facts.year,
            series=facts.series,
            session=facts.session,
            day=facts.day,
        )
        if not facts.imported:
            return
        self.add("opening", words.say("held", body=self.body_name, day=words.day(facts.day)), day=facts.day)
        if not facts.attendance_known:
            self.add("attendance", words.say("attendance_unknown"), known=False)
        self.opened = True

    def tell(self, happening: Happening) -> None:
        """Add what one happening says."""
        match happening:
            case Movement():
                self.movement(happening)
            case Quorum():
                self.quorum = happening
                if self.opened:
                    self.tell_quorum(happening)
            case Opened():
                self.opening(happening)
            case Recess():
                self.recess(happening)
            case ItemTaken() | ItemEnded() | Recused() | Intervention() | ChallengeDecided():
                self.item(happening)
            case AgendaSet():
                order = self.words.listing([str(item) for item in happening.items])
                text = self.words.say("agenda", items=order)
                self.add("agenda", text, items=list(happening.items), vote=happening.vote)
            case Dissent():
                self.dissent(happening)
            case VoteHeld():
                self.vote(happening)
            case AgreementMade():
                self.agreement(happening)
            case Closed():
                self.closing(happening)
            case _:
                assert_never(happening)

    # -- who is there ------------------------------------------------------------------------------------------

    def who(self, sitting: Sitting) -> str:
        """Return a person as the acta names him: name, seat, what he is, in which capacity."""
        member = self.facts.member(sitting.seat, sitting.designation)
        return self.words.say(
            "who",
            name=member.name or self.words.say("nameless"),
            seat=sitting.seat,
            role=self.words.name("roles", member.role),
            capacity=self.words.name("capacities", member.capacity),
        )

    def voter(self, sitting: Sitting) -> str:
        """Return a person as a roll names him, shortly: there may be five hundred; a suplente is said to be one."""
        member = self.facts.member(sitting.seat, sitting.designation)
        return self.words.say(
            "alternate" if member.capacity == "suplente" else "voter",
            name=member.name or self.words.say("nameless"),
            seat=sitting.seat,
            capacity=self.words.name("capacities", member.capacity),
        )

    def lines(self, sittings: Iterable[Sitting], *, modality: bool = False) -> str:
        """Return one line a person."""
        told = []
        for each in sittings:
            how = f"; {self.words.name('modalities', each.modality)}" if modality else ""
            told.append(f"— {self.who(each)}{how}")
        return "\n".join(told)

    def person(self, sitting: Sitting) -> dict[str, Any]:
        """Return a person as data: the seat and the designation in virtue of which it is held."""
        return {"seat": sitting.seat, "designation": sitting.designation}

    def attendance(self) -> None:
        """Everybody present now."""
        here = sorted(self.present.values(), key=lambda each: each.seat)
        voting = sum(self.facts.member(each.seat, each.designation).voting for each in here)
        self.add(
            "attendance",
            self.words.say("attendance", count=len(here), voting=voting) + "\n" + self.lines(here, modality=True),
            known=True,
            voting=voting,
            present=[self.person(each) | {"modality": each.modality} for each in here],
        )

    def movement(self, happening: Movement) -> None:
        gone = [self.present.pop(seat) for seat in happening.departures if seat in self.present]
        self.present |= {each.seat: each for each in happening.arrivals}
        if not self.opened:
            return
        if self.facts.imported:
            self.attendance()
            return
        self.movements += 1
        words, parts = self.words, []
        if gone:
            parts.append(words.say("departures") + "\n" + self.lines(gone))
        if happening.arrivals:
            parts.append(words.say("arrivals") + "\n" + self.lines(happening.arrivals, modality=True))
        self.add(
            "movement",
            "\n".join(parts),
            sequence=self.movements,
            item=happening.item,
            departures=[self.person(each) for each in gone],
            arrivals=[self.person(each) | {"modality": each.modality} for each in happening.arrivals],
        )

    def tell_quorum(self, quorum: Quorum) -> None:
        self.add(
            "quorum",
            self.words.say(
                f"quorum_{quorum.change}" if quorum.change else "quorum",
                present=quorum.present,
                base=quorum.base,
                required=quorum.required,
            ),
            change=quorum.change,
            present=quorum.present,
            base=quorum.base,
            required=quorum.required,
        )

    # -- the session -------------------------------------------------------------------------------------------

    def opening(self, happening: Opened) -> None:
        facts, words = self.facts, self.words
        self.opened = True
        self.add(
            "opening",
            words.say(
                "opening",
                place=words.say("place", venue=facts.venue) if facts.venue else words.say("no_place"),
                hour=words.hour(happening.at),
                day=words.day(happening.at),
                body=self.body_name,
                modality=words.name("modalities", facts.modality),
                call=words.name("calls", str(facts.call)),
            ),
            opened_at=happening.at,
            modality=facts.modality,
            call=facts.call,
        )
        self.attendance()
        if self.quorum is not None:
            self.tell_quorum(self.quorum)

    def recess(self, happening: Recess) -> None:
        self.pauses += 1
        kind = "resumption" if happening.resumed else "recess"
        self.add(kind, self.words.say(kind, hour=self.words.hour(happening.at)), sequence=self.pauses, at=happening.at)

    def item(self, happening: ItemTaken | ItemEnded | Recused | Intervention | ChallengeDecided) -> None:
        words, item = self.words, happening.item
        match happening:
            case ItemTaken():
                title = happening.title or words.say("untitled")
                kind = words.name("item_kinds", happening.item_kind)
                self.items.add(item)
                text = words.say("item", item=item, kind=kind, title=title)
                self.add("item", text, item=item, item_kind=happening.item_kind)
            case ItemEnded():
                outcome = words.name("outcomes", happening.outcome)
                self.add(
                    "outcome", words.say("outcome", item=item, outcome=outcome), item=item, outcome=happening.outcome
                )
            case Recused():
                who = self.who(Sitting(happening.seat, happening.designation))
                self.add("recusal", words.say("recusal", who=who, item=item), item=item, seat=happening.seat)
            case ChallengeDecided():
                who = self.who(Sitting(happening.seat, happening.designation))
                sentence = f"challenge_{happening.asks}_{'upheld' if happening.upheld else 'dismissed'}"
                text, told = words.say(sentence, who=who, item=item), {"asks": happening.asks}
                self.add("challenge", text, item=item, seat=happening.seat, upheld=happening.upheld, **told)
            case Intervention():
                self.interventions += 1
                who = self.who(Sitting(happening.seat, happening.designation))
                text = words.say("intervention", who=who, summary=happening.summary)
                self.add("intervention", text, sequence=self.interventions, item=item, seat=happening.seat)
            case _:
                assert_never(happening)

    # -- votes and agreements ----------------------------------------------------------------------------------

    def vote(self, vote: VoteHeld) -> None:
        """A vote's tally and result in one block, each sense's names in blocks of their own."""
        words = self.words
        opening = words.say(
            "vote" if vote.item in self.items else "vote_alone",
            vote=vote.vote,
            item=vote.item,
            method=words.name("methods", vote.method),
            majority=words.name("majorities", vote.majority),
            motion=vote.motion or words.say("untitled"),
        )
        if vote.result == "annulled":
            text = f"{opening}\n{words.say('vote_annulled')}"
            self.add("vote", text, vote=vote.vote, item=vote.item, result="annulled")
            return
        tally = counted(vote)
        parts = [opening, *(self.election(vote) if vote.candidates else (words.say("tally", **tally),))]
        if vote.casting is not None:
            parts.append(words.say("casting", sense=words.name("senses", vote.casting)))
        declared = "result_imported" if vote.imported else "result"
        parts.append(words.say(declared, result=words.name("results", vote.result)))
        self.add(
            "vote",
            "\n".join(parts),
            vote=vote.vote,
            item=vote.item,
            method=vote.method,
            majority=vote.majority,
            **tally,
            casting=vote.casting,
            result=vote.result,
            candidates=[{"person": each.person, "votes": each.votes} for each in vote.candidates] or None,
            elected=vote.elected,
        )
        self.marks(vote)

    def election(self, vote: VoteHeld) -> Iterator[str]:
        """How many voted for whom, for nobody, and who is elected."""
        names = {each.person: each.name or self.words.say("nameless") for each in vote.candidates}
        for each in vote.candidates:
            yield self.words.say("candidate", name=names[each.person], votes=each.votes)
            yield from (f"— {self.voter(voter)}" for voter in each.voters)
        yield self.words.say("blank", votes=vote.abstencion)
        if vote.elected is not None:
            yield self.words.say("elected", name=names[vote.elected])

    def dissent(self, filed: Dissent) -> None:
        """What a member who voted wants to stand beside the result."""
        form = self.words.name("dissents", filed.form)
        who = self.who(Sitting(filed.seat, filed.designation))
        text = self.words.say(
            "dissent", form=form, who=who, vote=filed.vote, text=filed.text or self.words.say("untitled")
        )
        self.add("dissent", text, vote=filed.vote, seat=filed.seat, form=filed.form)

    def marks(self, vote: VoteHeld) -> None:
        """Who voted how; of a secret vote only who voted, of a show of hands only who asked to be named."""
        named: list[tuple[str, tuple[Sitting, ...]]] = [("voters", vote.voters), ("dissenters", vote.dissenters)]
        if vote.marks is not None:
            named = [(sense, vote.marks.get(sense, ())) for sense in SENSES]
        for sense, sittings in named:
            if sittings:
                head = self.words.say("marks", vote=vote.vote, sense=self.words.name("senses", sense))
                self.add(
                    "marks",
                    "\n".join((head, *(f"— {self.voter(each)}" for each in sittings))),
                    vote=vote.vote,
                    sense=sense,
                    seats=[self.person(each) for each in sittings],
                )

    def agreement(self, made: AgreementMade) -> None:
        words = self.words
        head = words.say("agreement", identifier=made.identifier, number=made.number, year=made.year)
        parts = [head, made.title or words.say("untitled")]
        for n, text in enumerate(made.resolutions, 1):
            ordinal = words.ordinal(n, text)
            parts.append(words.say("resolution", ordinal=ordinal, text=text) if ordinal else text)
        self.add(
            "agreement",
            "\n".join(parts),
            number=made.number,
            year=made.year,
            identifier=made.identifier,
            vote=made.vote,
            resolutions=len(made.resolutions),
        )

    def closing(self, happening: Closed) -> None:
        words = self.words
        numbers = [str(number) for number in happening.agreements]
        agreements = words.say("agreements", numbers=words.listing(numbers)) if numbers else words.say("no_agreements")
        self.add(
            "closing",
            words.say(
                "closing",
                hour=words.hour(happening.at),
                day=words.day(happening.at),
                votes=happening.votes,
                agreements=agreements,
            ),
            closed_at=happening.at,
            votes=happening.votes,
            agreements=list(happening.agreements),
        )
