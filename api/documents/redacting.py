"""Choosing what a public version takes out: parts with ground and reason in, the act to be signed out (domain.md §6.3).

What may be taken out, and that each part is classified before the version is approved, is for the rules to say; here
nothing has to be typed twice: root, number of blocks, their kinds, what stays open, the version's number.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from api.problems import ApiError
from ledger.acts.classification import Fraction112, Ground115
from ledger.acts.disclosure import PublicVersionGenerated, Redaction
from ledger.blocks import Block
from ledger.crypto import disclosure
from ledger.domain.acta import ActaState
from ledger.domain.agreement_state import AgreementState
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from api.actas import Texts
    from ledger.domain.world import State

ARTICLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "112": ("reserved", get_args(Fraction112)),
    "115": ("confidential", get_args(Ground115)),
}
_OPENED = ("title", "resolution/", "grounds", "text")


class Choice(NamedTuple):
    """A part that is taken out: its sealed name, `112.VI` or `115.personal-data`, what it is in general terms."""

    name: str
    ground: str
    reason: str

    @classmethod
    def parse(cls, text: str) -> Choice:
        """Read `block/6=112.VI:Estrategia de inspección en curso`.

        Raises:
            UntrustedInputError: "bad-redaction".
        """
        name, equals, rest = text.partition("=")
        ground, colon, reason = rest.partition(":")
        article, _, named = ground.strip().partition(".")
        if not (equals and colon and reason.strip()) or named not in ARTICLES.get(article, ("", ()))[1]:
            raise UntrustedInputError("bad-redaction", text[:200])
        return cls(name.strip(), ground.strip(), reason.strip())


class Chosen(NamedTuple):
    """The act to be signed, and the general descriptions that are sealed with it."""

    act: PublicVersionGenerated
    sealed: Mapping[str, str]


def choose(state: Callable[[str], State | None], texts: Texts, stream: str, choices: Iterable[Choice]) -> Chosen:
    """Return the public version of an acta or agreement that takes out what was chosen and opens the rest.

    Args:
        state: Gives states of streams.
        texts: The vault.
        stream: Of the acta or agreement, `acta/hcd/2026/ord/3`.
        choices: What is taken out.

    Raises:
        ApiError: "nothing-to-print" where it is neither; 404 "not-found" for a part that it does not have.
    """
    found, taken = state(stream), list(choices)
    fields: dict[str, Any] = {}
    match found:
        case ActaState():
            index, fields = found.drafted_index, {"root": found.root, "blocks": found.blocks}
        case AgreementState():
            index = found.adopted_index
        case _:
            raise ApiError(404, "nothing-to-print", stream=stream)
    held = texts.disclosures(index)
    reasons = list(dict.fromkeys(each.reason for each in taken))
    redactions = tuple(_redaction(each, held, reasons, acta=isinstance(found, ActaState)) for each in taken)
    if isinstance(found, AgreementState):
        closed = {each.name for each in taken}
        fields = {"open": tuple(sorted(name for name in held if name.startswith(_OPENED) and name not in closed))}
    number = next(n for n in count(1) if state(f"version/{index}/{n}") is None)
    act = PublicVersionGenerated(index=index, version=number, object=stream, redactions=redactions, **fields)
    return Chosen(act, {f"description/{n}": reason for n, reason in enumerate(reasons, 1)})


def _redaction(choice: Choice, held: Mapping[str, str], reasons: list[str], *, acta: bool) -> Redaction:
    if choice.name not in held:
        raise ApiError(404, "not-found", choice.name, what=choice.name)
    article, _, named = choice.ground.partition(".")
    fields: dict[str, Any] = {"character": ARTICLES[article][0], "fraction" if article == "112" else "ground": named}
    if acta:
        fields["block_kind"] = Block.of(disclosure.parse(held[choice.name]).value).kind
    return Redaction.model_validate({"name": choice.name, "description": reasons.index(choice.reason) + 1, **fields})
