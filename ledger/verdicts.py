"""What a check of a certificate or any other act concludes (format.md §11): pure, from facts to verdicts.

Whoever checks gathers `Facts` (the server from its database, the offline verifier from a bundle) and `conclude` says
which verdicts hold, which of them is the headline, and apart from one another what became of integrity,
authenticity, inclusion, currency and completeness, and what was not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Verdict(StrEnum):
    """The verdicts in the order of their precedence: the first that holds is the headline."""

    UNKNOWN_OBJECT = "UNKNOWN_OBJECT"
    LOG_INCONSISTENT = "LOG_INCONSISTENT"
    ALTERED = "ALTERED"
    FORGED_SIGNATURE = "FORGED_SIGNATURE"
    KEY_COMPROMISED_SINCE = "KEY_COMPROMISED_SINCE"
    SIGNER_NOT_AUTHORISED_AT_DATE = "SIGNER_NOT_AUTHORISED_AT_DATE"
    REVOKED = "REVOKED"
    NOT_YET_SEALED = "NOT_YET_SEALED"
    VALID_BUT_SUSPENDED = "VALID_BUT_SUSPENDED"
    VALID_BUT_SUPERSEDED = "VALID_BUT_SUPERSEDED"
    VALID_BUT_ACT_MODIFIED = "VALID_BUT_ACT_MODIFIED"
    VALID = "VALID"

    @property
    def code(self) -> str:
        """The verdict's code in the catalogue; with `-next` behind it, what to do now."""
        return f"verdict-{self.value.lower().replace('_', '-')}"


REFUSING = frozenset(list(Verdict)[: list(Verdict).index(Verdict.NOT_YET_SEALED)])
"""Those under which nobody may rely on the object."""


class Outcome(StrEnum):
    """What became of one aspect."""

    PROVED = "proved"
    FAILED = "failed"
    NOT_CHECKED = "not-checked"

    @classmethod
    def of(cls, fact: bool | None) -> Outcome:
        """Return the outcome of a fact: None where it was not looked at."""
        if fact is None:
            return cls.NOT_CHECKED
        return cls.PROVED if fact else cls.FAILED


@dataclass(frozen=True, slots=True)
class Facts:
    """What a check found. A fact that is None was not looked at, and the report says so.

    Attributes:
        known: Whether the object asked about stands in the ledger at all.
        consistent: Whether the log agrees with itself: the entry's leaf is under the root that was signed.
        altered: Where bytes differ from those that were recorded, e.g. `acta/hcd/2026/ord/3`; empty: nowhere.
        intact: Whether the bytes were compared (and `altered` says with what outcome).
        signed: Whether the signature verifies under the signer's enrolled key.
        authorised: Whether key and office allowed the signer this act when it was recorded.
        compromised_from: Index from which on the signer's key counts as compromised, where somebody said so.
        index: The act's index; compared with `compromised_from`.
        sealed: Whether a signed checkpoint covers the entry.
        witnessed: Whether the witnesses that the policy asks for have cosigned one that does; None where it asks none.
        gated: Whether it may be relied on only then, as a certificate may (format.md §7: quorum gates certificates).
        current: Whether what came later was looked at.
        revoked: Index of the revocation.
        suspended: Index of the act that suspends it.
        superseded: Index of the act that supersedes it.
        modified: Streams of certified objects that moved after they were certified.
        complete: Whether all that the certificate rests on was there to be checked.
        as_of: Size of the checkpoint on which all of this holds.
    """

    known: bool = True
    consistent: bool | None = None
    altered: tuple[str, ...] = ()
    intact: bool | None = None
    signed: bool | None = None
    authorised: bool | None = None
    compromised_from: int | None = None
    index: int | None = None
    sealed: bool | None = None
    witnessed: bool | None = None
    gated: bool = False
    current: bool = False
    revoked: int | None = None
    suspended: int | None = None
    superseded: int | None = None
    modified: tuple[str, ...] = ()
    complete: bool | None = None
    as_of: int | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Verdicts that hold, in order of precedence; the first is the headline.

    A headline of None means that too little could be checked to say anything: `not_checked` says what.
    """

    verdicts: tuple[Verdict, ...]
    integrity: Outcome
    authenticity: Outcome
    inclusion: Outcome
    currency: Outcome
    completeness: Outcome
    not_checked: tuple[str, ...]

    @property
    def headline(self) -> Verdict | None:
        """The verdict that goes first."""
        return self.verdicts[0] if self.verdicts else None

    @property
    def refuses(self) -> bool:
        """Whether nobody may rely on the object."""
        return self.headline in REFUSING

    @property
    def code(self) -> str:
        """The headline's code in the catalogue: of what is valid it says "in force" only where that was looked at."""
        if self.headline is None:
            return "verdict-none"
        if self.headline is Verdict.VALID and self.currency is Outcome.NOT_CHECKED:
            return "verdict-valid-as-of"
        return self.headline.code


def conclude(facts: Facts) -> Conclusion:
    """Return what follows from the facts."""
    if not facts.known:
        nothing = Outcome.NOT_CHECKED
        return Conclusion((Verdict.UNKNOWN_OBJECT,), nothing, nothing, nothing, nothing, nothing, tuple(_ALL_ASPECTS))
    verdicts = tuple(_failures(facts))
    intact = False if facts.altered else facts.intact
    authentic = _every(facts.signed, facts.authorised, not _compromised(facts))
    included = _every(facts.consistent, facts.sealed)
    if not verdicts and all((intact, facts.signed, facts.authorised, included)):
        verdicts = (Verdict.VALID,)
    aspects = {
        "integrity": Outcome.of(intact),
        "authenticity": Outcome.of(authentic),
        "inclusion": Outcome.of(included),
        "currency": Outcome.of(not _outdated(facts) if facts.current or _outdated(facts) else None),
        "completeness": Outcome.of(facts.complete),
    }
    missing = tuple(name for name, outcome in aspects.items() if outcome is Outcome.NOT_CHECKED)
    return Conclusion(verdicts, **aspects, not_checked=missing)


_ALL_ASPECTS = ("integrity", "authenticity", "inclusion", "currency", "completeness")


def _failures(facts: Facts) -> Iterator[Verdict]:
    """Yield every verdict but VALID that holds, in order of precedence."""
    holds = {
        Verdict.LOG_INCONSISTENT: facts.consistent is False,
        Verdict.ALTERED: bool(facts.altered) or facts.intact is False,
        Verdict.FORGED_SIGNATURE: facts.signed is False,
        Verdict.KEY_COMPROMISED_SINCE: _compromised(facts),
        Verdict.SIGNER_NOT_AUTHORISED_AT_DATE: facts.authorised is False,
        Verdict.REVOKED: facts.revoked is not None,
        Verdict.NOT_YET_SEALED: facts.sealed is False or pending_witness(facts),
        Verdict.VALID_BUT_SUSPENDED: facts.suspended is not None,
        Verdict.VALID_BUT_SUPERSEDED: facts.superseded is not None,
        Verdict.VALID_BUT_ACT_MODIFIED: bool(facts.modified),
    }
    return (verdict for verdict, held in holds.items() if held)


def pending_witness(facts: Facts) -> bool:
    """Tell whether all that is wanting is the witnesses' cosignatures."""
    return facts.gated and facts.sealed is True and facts.witnessed is False


def _compromised(facts: Facts) -> bool:
    return facts.compromised_from is not None and facts.index is not None and facts.index >= facts.compromised_from


def _outdated(facts: Facts) -> bool:
    later = (facts.revoked, facts.suspended, facts.superseded)
    return any(index is not None for index in later) or bool(facts.modified)


def _every(*facts: bool | None) -> bool | None:
    """Return False where one failed, True where each was proved, else None."""
    if any(fact is False for fact in facts):
        return False
    return None if any(fact is None for fact in facts) else True
