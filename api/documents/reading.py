"""Reading acts for documents: what they say, the texts that may be shown, the people they name.

Two readers: the secretary's, who has the vault, and the public's, who gets what acts have opened and a mark with its
ground for the rest. What was read and shown is remembered: it becomes the evidence that goes with the document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from api.actas import ActaDesk
from api.documents.model import Mark, plain
from api.problems import ApiError
from ledger.blocks import leaf_of
from ledger.crypto import disclosure
from ledger.crypto.disclosure import block_name
from ledger.domain.classification_state import classification_of
from ledger.domain.publication import PublicationState
from ledger.domain.replay import signed_of
from ledger.domain.world import View
from ledger.statement import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from api.actas import Texts
    from api.documents.layout import Layout
    from api.documents.model import Inline
    from ledger.acts.base import Act
    from ledger.acts.report import PeriodicReportPrepared
    from ledger.blocks.facts import Member
    from ledger.domain.world import Signed, State


class Computed(Protocol):
    """Computes periodic reports."""

    def __call__(self, act: PeriodicReportPrepared, /) -> Mapping[str, Any]:
        """Return what a report says."""


class Entries(Protocol):
    """Where entries are read by their place."""

    def entry(self, index: int) -> bytes | None:
        """Return an entry's bytes."""

    def now(self) -> datetime:
        """Return the ledger's present instant."""


class Store(Entries, Protocol):
    """What is read of the store."""

    def stream(self, name: str, after_version: int = 0) -> Iterable[bytes]:
        """Give a stream's entries in order."""

    def streams_below(self, prefix: str) -> Iterable[str]:
        """Give the names of streams that begin with the prefix."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The texts that everybody may read: what acts published, and nobody erased."""

    texts: Texts
    state: Callable[[str], State | None]

    def disclosures(self, index: int) -> Mapping[str, str]:
        """Return an act's published disclosures by name."""
        state = self.state(f"publication/{index}")
        if not isinstance(state, PublicationState):
            return {}
        return {name: text for name, text in self.texts.disclosures(index).items() if state.opens(name)}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Texts of which one act gives out a choice of names only; the rest of it cannot be read at all."""

    texts: Texts
    index: int
    names: frozenset[str]

    def disclosures(self, index: int) -> Mapping[str, str]:
        """Return an act's disclosures by name, of the narrowed act those that are chosen."""
        found = self.texts.disclosures(index)
        return found if index != self.index else {name: found[name] for name in found.keys() & self.names}


@dataclass(slots=True)
class Reading:
    """One reading for one document.

    store, texts, state: the ledger. texts: already narrowed to what is open where `public`.
    origin, address: the ledger's name, and the address below which short codes are looked up.
    fictitious: whether the ledger is a demo.
    computed: gives what a periodic report says, out of the acts up to its index.
    shown: the disclosures that the document shows, by place and name. rests: acts that it rests on.
    leaves: hashes of all blocks of an acta of which some are withheld, by place.
    """

    store: Store
    texts: Texts
    state: Callable[[str], State | None]
    layout: Layout
    origin: str
    address: str
    fictitious: bool = False
    public: bool = False
    computed: Computed | None = None
    shown: dict[tuple[int, str], str] = field(default_factory=dict)
    rests: set[int] = field(default_factory=set)
    leaves: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _opened: dict[int, Mapping[str, str]] = field(default_factory=dict)
    _whole: Texts = field(init=False)
    desk: ActaDesk = field(init=False)

    def __post_init__(self) -> None:
        """Set the secretary's desk up over the same texts."""
        self._whole = self.texts
        if self.public:
            self.texts = Opened(self.texts, self.state)
        self.desk = ActaDesk(self.store, self.texts, self.state)

    def narrow(self, index: int, names: Iterable[str]) -> None:
        """Close all texts of an act but these, for whatever is read from now on."""
        self.texts = Narrowed(self.texts, index, frozenset(names))
        self.desk = ActaDesk(self.store, self.texts, self.state)
        self._opened.clear()

    def note_leaves(self, index: int, blocks: int) -> None:
        """Note the leaf hashes of an acta's blocks, so that the opened ones can be checked against its root.

        Of those too that this reader may not read: the hash of a salted text is public by design (format.md §3).
        """
        held = self._whole.disclosures(index)
        names = [block_name(number) for number in range(1, blocks + 1)]
        if all(name in held for name in names):
            self.leaves[index] = tuple(leaf_of(held[name]) for name in names)

    def report(self, act: PeriodicReportPrepared) -> Mapping[str, Any]:
        """Return what a periodic report says.

        Raises:
            ApiError: "nothing-to-print" where nobody here can compute it.
        """
        if self.computed is None:
            raise ApiError(404, "nothing-to-print", stream=act.stream())
        return self.computed(act)

    @property
    def world(self) -> View:
        """The ledger's states."""
        return View(self.state, self.origin)

    # -- acts

    def acts(self, stream: str) -> list[Signed]:
        """Return a stream's acts in order."""
        return [signed_of(Entry.parse(raw)) for raw in self.store.stream(stream)]

    def one(self, stream: str, *types: type[Act]) -> Signed:
        """Return the last act of these types in a stream, and rest on it.

        Raises:
            ApiError: "nothing-to-print".
        """
        found = [each for each in self.acts(stream) if isinstance(each.act, types)]
        if not found:
            raise ApiError(404, "nothing-to-print", stream=stream)
        self.rests.add(found[-1].index)
        return found[-1]

    # -- texts

    def value(self, index: int, name: str) -> Any:
        """Return a sealed value that may be shown, None where there is none or it is withheld; it counts as shown."""
        if index not in self._opened:
            self._opened[index] = self.texts.disclosures(index)
        text = self._opened[index].get(name)
        if text is None:
            return None
        self.shown[index, name] = text
        self.rests.add(index)
        return disclosure.parse(text).value

    def text(self, index: int, name: str) -> Inline:
        """Return a sealed text as a document shows it: itself, or a mark with its ground."""
        found = self.value(index, name)
        return (self.mark(index, name),) if found is None else plain(str(found))

    def mark(self, index: int, name: str) -> Mark:
        """Return why a text is withheld: its classification, or that no act has opened it yet."""
        state = classification_of(self.world, index)
        found = state and state.withholding(name, self.store.now().date(), self.world)
        if not found:
            return Mark(self.layout.say("not_published"))
        day = None if found.until_on is None else self.layout.words.day(found.until_on.isoformat())
        until = "" if day is None else self.layout.say("until", day=day)
        ground = found.fraction or ""
        return self.ground("112" if found.character == "reserved" else "115", ground, until=until)

    def ground(self, article: str, ground: str, reason: str = "", until: str = "") -> Mark:
        """Return a mark with its legal ground in words."""
        named = self.layout.name("grounds", ground)
        return Mark(self.layout.say(f"ground_{article}", ground=named), reason, until)

    # -- names

    def body(self, body: str) -> str:
        """Return a body's name; its identifier where it is not open."""
        return self.desk.text_of(f"body/{body}", "name") or body

    @property
    def institution(self) -> str:
        """The institution's name, empty where it is not open."""
        return self.desk.text_of("ledger", "institution")

    def person(self, person: str) -> str:
        """Return a person's name."""
        return self.desk.text_of(f"person/{person}", "name") or self.layout.say("nameless")

    def holder(self, body: str, seat: str, number: int) -> Member:
        """Return who holds or held a seat by its n-th designation."""
        return self.desk.member(body, seat, number)

    def officer(self, office: str) -> tuple[str, str]:
        """Return name and role of whoever acted in an office: `designation/hcd/secretario/1`."""
        kind, _, rest = office.partition("/")
        if kind != "designation":
            return self.layout.say("nameless"), office
        body, seat, number = rest.split("/")
        member = self.holder(body, seat, int(number))
        return member.name or self.layout.say("nameless"), self.layout.words.name("roles", member.role)

    def session(self, path: str) -> str:
        """Return how people call a session, from its path `hcd/2026/ord/3`."""
        return self.layout.session(path)

    def when(self, written: str) -> dict[str, str]:
        """Return day and hour of an instant as phrases take them."""
        return {"day": self.layout.words.day(written), "hour": self.layout.words.hour(written)}
