"""What an agreement is after its acts; apart from its rules, which others read too (domain.md §3.6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from ledger.domain.world import State, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.acts.agreement import AgreementKind

Validity: TypeAlias = Literal["in-force", "suspended", "revoked", "superseded", "annulled"]
ENDED: frozenset[Validity] = frozenset({"revoked", "superseded", "annulled"})


@runtime_checkable
class Case(Protocol):
    """What the state of a case (veto, court order) says of an agreement.

    agreement: the agreement's stream. effect: what the case does to it as it stands.
    """

    @property
    def agreement(self) -> str:
        """The agreement's stream."""

    @property
    def effect(self) -> Literal["none", "suspended", "reinstated", "annulled"]:
        """What the case does to the agreement as it stands."""


@dataclass(frozen=True, slots=True)
class AgreementState(State):
    """An agreement as adopted or imported, and whether it holds.

    identifier: as printed.
    vote: the vote's stream; None for an import whose source does not say.
    ordinal: its place among the agreements of that vote; None for imports.
    session: the session's path, `hcd/2026/ord/3`; None where the vote is not known.
    adopted_index: the place of the act that made it (`index` is that of the stream's last act).
    adopted_on: legal day of its adoption; of an import, the day that the source says.
    last_at: when the stream's last act occurred.
    agreement_kind: acuerdo, directriz, acción, opinión.
    resolutions: how many resolutivos it has; None of an import, whose source does not count them.
    cases: streams of the cases that suspend it now.
    modified: ordinals of resolutivos that later agreements modified; modified_by: the streams of these.
    corrected_by: streams of the votes that approved its erratas.
    ended_by: stream of the agreement or case that left it without effect; None while it has any.
    """

    body: str
    year: int
    number: int
    identifier: str
    vote: str | None
    ordinal: int | None
    session: str | None
    imported: bool
    adopted_index: int
    adopted_on: date
    last_at: datetime
    resolutions: int | None = None
    agreement_kind: AgreementKind = "agreement"
    validity: Validity = "in-force"
    cases: frozenset[str] = frozenset()
    modified: frozenset[int] = frozenset()
    modified_by: frozenset[str] = frozenset()
    corrected_by: frozenset[str] = frozenset()
    ended_by: str | None = None

    @property
    def stream(self) -> str:
        """The agreement's own stream."""
        return f"agreement/{self.body}/{self.year}/{self.number}"

    @property
    def place(self) -> tuple[date, int]:
        """Where it stands in the order of adoption: relations lead from later to earlier, so they have no cycle."""
        return self.adopted_on, self.adopted_index


def agreement_of(world: World, stream: str) -> AgreementState:
    """Return the agreement that stands in a stream.

    Raises:
        RuleViolation: "agreement-unknown".
    """
    state = read(world, AgreementState, stream) if kind_of(stream) == "agreement" else None
    if state is None:
        raise RuleViolation("agreement-unknown", agreement=stream)
    return state


def applicable(world: World, stream: str) -> AgreementState:
    """Return an agreement that applies now: neither suspended (A6) nor without effect.

    Raises:
        RuleViolation: "agreement-unknown", "agreement-suspended", "agreement-without-effect".
    """
    state = agreement_of(world, stream)
    refuse_if_ended(state)
    if state.validity == "suspended" or suspended_by_veto(world, state) is not None:
        raise RuleViolation("agreement-suspended", agreement=stream)
    return state


def suspended_by_veto(world: World, state: AgreementState) -> object | None:
    """Return the state of the veto that suspends the agreement now, whatever its own stream says yet (Y2).

    A veto that is resolved suspends nothing by itself: then the agreement's stream says what became of it.
    """
    veto: object = world.state(state.stream.replace("agreement", "veto", 1))
    of_it = isinstance(veto, Case) and veto.agreement == state.stream and veto.effect == "suspended"
    return veto if of_it else None


def refuse_if_ended(state: AgreementState) -> None:
    """Refuse what is without effect for good.

    Raises:
        RuleViolation: "agreement-without-effect".
    """
    if state.validity in ENDED:
        raise RuleViolation("agreement-without-effect", agreement=state.stream, validity=state.validity)
