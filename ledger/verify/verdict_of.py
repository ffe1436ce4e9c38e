"""What a verification concludes, in the verdicts of a certification check (format.md §11; decision 0021).

An excerpt, and a paper that carries one, is judged as the acts in it: authority by the acts at hand, currency not at
all. A whole history is judged as a ledger: what it revokes is its business, an act against the rules is a flaw of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ledger.ids import kind_of
from ledger.texts import text
from ledger.verdicts import Conclusion, Facts, Verdict, conclude
from ledger.verify.texts import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ledger.verify.authority_of import Judged
    from ledger.verify.outcome import Outcome
    from ledger.verify.signers import Signer
    from ledger.verify.texts import Language

_ASPECTS = ("integrity", "authenticity", "inclusion", "currency", "completeness")
_ABOUT_SIZE = frozenset({"quorum-not-met", "checkpoint-too-old"})
"""Findings of V5 that say nothing against the log, only that this checkpoint is not enough."""
FORGED = frozenset(
    {
        "bad-signature",
        "certificate-root",
        "certificate-issuer",
        "certificate-period",
        "certificate-path",
        "certificate-use",
        "certificate-revoked",
    }
)
"""Why a signature on a paper is not of whom it names."""


Subject: TypeAlias = Literal["ledger", "acts", "paper"]
"""What a verdict is of: a whole history, the acts of an excerpt, a paper with the acts that it carries."""


def subject_of(outcome: Outcome) -> Subject:
    """Return what the verdict of a verification is of."""
    return "acts" if outcome.facts["form"] == "excerpt" else "ledger"


def facts_of(outcome: Outcome, *, trusted: bool) -> Facts:
    """Return the facts of a verification.

    Args:
        outcome: What it found.
        trusted: Whether whose ledger it must be is known from outside, or the evidence's own word for it is accepted.
    """
    facts = _of_acts(outcome) if subject_of(outcome) == "acts" else _of_ledger(outcome)
    if not trusted:  # anybody can make a ledger of his own that fits itself
        facts = replace(facts, consistent=facts.consistent and None, authorised=facts.authorised and None)
    if outcome.failed and facts.sealed and not conclude(facts).refuses:
        facts = replace(facts, sealed=None)  # a finding that no verdict names, such as V13's, is in the way of VALID
    return facts


def facts_of_paper(signers: Sequence[Signer], carried: Sequence[Facts]) -> Facts:
    """Return the facts of a signed paper and of what it carries, taken together: the worst of each."""
    signed = [_signed(each) for each in signers] or [None]

    def first(name: str) -> int | None:
        return next((found for each in carried if (found := getattr(each, name)) is not None), None)

    return Facts(
        known=not carried or any(each.known for each in carried),
        consistent=_every([each.consistent for each in carried]),
        intact=_every([each.intact for each in carried]),
        signed=_every([*signed, *(each.signed for each in carried)]),
        authorised=_every([each.authorised for each in carried]),
        sealed=_every([each.sealed for each in carried]),
        index=first("index"),
        compromised_from=first("compromised_from"),
        revoked=first("revoked"),
        superseded=first("superseded"),
        as_of=min((each.as_of for each in carried if each.as_of is not None), default=None),
    )


def facts_of_unread(code: str) -> Facts:
    """Return the facts of a paper that was refused as a whole: nothing of this ledger's, forged, or altered."""
    if code == "pdf-malformed":
        return Facts(known=False)
    return Facts(signed=False) if code == "bad-signature" else Facts(intact=False)


def _signed(signer: Signer) -> bool | None:
    if signer.code:
        return False if signer.code in FORGED else None
    return signer.chained or None


def _every(facts: Iterable[bool | None]) -> bool | None:
    """Return False where one failed, True where there are some and each was proved, else None."""
    found = list(facts)
    if False in found:
        return False
    return None if None in found or not found else True


# -- the acts of an excerpt ------------------------------------------------------------------------------------------


def _of_acts(outcome: Outcome) -> Facts:
    steps = outcome.steps
    included = not outcome.failures(3)
    facts = Facts(
        known="other_book" not in outcome.facts,
        consistent=_held(outcome, (2,), ran=steps[2].ran and steps[3].ran),
        intact=_held(outcome, (1, 3, 6, 11), ran=steps[6].ran),
        signed=_held(outcome, (7,), ran=steps[7].ran),
        authorised=_every(each.authorised for each in outcome.judged),
        sealed=_held(outcome, (5,), ran=steps[3].ran and included),
        as_of=outcome.facts.get("size"),
    )
    return _later(facts, outcome.judged)


def _held(outcome: Outcome, steps: Iterable[int], *, ran: bool) -> bool | None:
    if any(outcome.failures(step) for step in steps):
        return False
    return True if ran else None


def _later(facts: Facts, acts: Sequence[Judged]) -> Facts:
    """Return the facts with what acts that came along say of the others: revocations of keys and of certificates."""
    for each in acts:
        match each.statement.type:
            case "CertificationRevoked/1":
                facts = replace(facts, revoked=each.index)
            case "CertificationSuperseded/1":
                facts = replace(facts, superseded=each.index)
            case "KeyRevoked/1":
                facts = _marked(facts, acts, each.statement.data)
            case _:
                pass
    return facts


def _marked(facts: Facts, acts: Sequence[Judged], revoked: Mapping[str, Any]) -> Facts:
    """Return the facts with the last act that a compromised key signed since; what it said of itself aside."""
    since, keyid = revoked.get("compromised_from"), revoked.get("keyid")
    signed = [each.index for each in acts if each.statement.signer == keyid and kind_of(each.statement.stream) != "key"]
    if not isinstance(since, int) or not signed or max(signed) < since:
        return facts
    return replace(facts, index=max(signed), compromised_from=since)


# -- a whole ledger --------------------------------------------------------------------------------------------------


def _of_ledger(outcome: Outcome) -> Facts:
    codes = {code for step, code in outcome.failed if step == 5}
    too_old = any(code == "age-unknown" for code, _ in outcome.steps[5].unchecked) or "checkpoint-too-old" in codes
    consistent = False if codes - _ABOUT_SIZE else _whole(outcome, (2, 3, 9))
    return Facts(
        known="other_book" not in outcome.facts,
        consistent=consistent,
        intact=False if outcome.failures(1) or outcome.failures(11) else _whole(outcome, (4, 6)),
        signed=_whole(outcome, (7,)),
        authorised=_whole(outcome, (8, 10)),
        sealed=False if "quorum-not-met" in codes else None if too_old else consistent,
        current=True,
        complete=_whole(outcome, (5,)) or None,
        as_of=outcome.facts.get("size"),
    )


def _whole(outcome: Outcome, steps: Iterable[int]) -> bool | None:
    """Return whether steps found nothing; None where one has not gone through to its end."""
    numbers = list(steps)
    ended = all(outcome.steps[number].ran and not outcome.steps[number].unchecked for number in numbers)
    return _held(outcome, numbers, ran=ended)


# -- how it is told --------------------------------------------------------------------------------------------------


def as_object(conclusion: Conclusion, as_of: int | None, of: Subject) -> dict[str, Any]:
    """Return a conclusion for machines."""
    return {
        "of": of,
        "headline": conclusion.headline,
        "verdicts": list(conclusion.verdicts),
        "aspects": {name: getattr(conclusion, name) for name in _ASPECTS},
        "not_checked": list(conclusion.not_checked),
        "as_of": as_of,
    }


def authority_object(judged: Iterable[Judged]) -> list[dict[str, Any]]:
    """Return which acts of an excerpt were not their signers' to make, or of which that is not known, for machines."""
    return [
        {"index": each.index, "authorised": each.authorised, "why": each.why}
        for each in judged
        if each.authorised is not True
    ]


def as_lines(conclusion: Conclusion, as_of: int | None, of: Subject, language: Language) -> Iterator[str]:
    """Yield a conclusion for people: what it is of and as of when, the sentences, aspect by aspect."""
    headline, code = conclusion.headline, conclusion.code
    if of != "acts" and headline is Verdict.VALID:  # not looked at as the service looks at one
        code = f"{headline.code}-{of}"
    yield say(
        language,
        "verdict",
        "title",
        of=say(language, "verdict", of),
        headline=headline or say(language, "verdict", "none"),
    )
    if as_of is not None:
        yield f"  {say(language, 'verdict', 'as_of', size=as_of)}"
    yield f"  {text(code, language)}"
    yield f"  {text(f'{code}-next', language)}"
    yield from (f"  {each}: {text(each.code, language)}" for each in conclusion.verdicts[1:])
    for name in _ASPECTS:
        yield f"  {say(language, 'aspects', name)}: {say(language, 'verdict', getattr(conclusion, name))}"


def authority_lines(judged: Sequence[Judged], language: Language) -> Iterator[str]:
    """Yield what became of authority, act by act where it is not as it should be."""
    allowed = sum(each.authorised is True for each in judged)
    yield say(language, "verdict", "authority", allowed=allowed, count=len(judged))
    for each in judged:
        if each.authorised is False:
            place = say(language, "report", "index", index=each.index)
            yield f"    {place}: {say(language, 'codes', each.why)} ({each.why})"
        elif each.authorised is None:
            yield f"    {say(language, 'verdict', 'not_known', index=each.index, why=each.why)}"
