"""Rules under which nothing could ever be decided or numbered are refused when they are adopted (domain.md §2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from ledger.acts.vote import MotionKind
from ledger.domain.agreement_ids import TEMPLATE_FIELDS, template_fields
from ledger.errors import RuleViolation

if TYPE_CHECKING:
    from ledger.acts.body import Fraction, NumberingRule, Rules

_PLACE = frozenset({"item", "session"})


def check_rules_sound(rules: Rules) -> None:
    """Refuse rules under which nothing could ever be decided or numbered.

    Raises:
        RuleViolation: "rules-unsound", naming what.
    """
    shares: dict[str, Fraction] = {name: rule.share for name, rule in rules.majorities.items()}
    shares["quorum"] = rules.quorum.share
    if rules.quorum.second_call is not None:
        shares["second_call"] = rules.quorum.second_call
    if rules.committees is not None:
        shares["committees"] = rules.committees.share
    for name, share in shares.items():
        if share.n > share.d:
            raise RuleViolation("rules-unsound", what=name, share=f"{share.n}/{share.d}")
    for name, span in (("reschedule_window", rules.reschedule_window), ("size", rules.size)):
        if span is not None and span.at_least > span.at_most:
            raise RuleViolation("rules-unsound", what=name, share=f"{span.at_least}-{span.at_most}")
    if len(set(rules.presiding)) != len(rules.presiding):
        raise RuleViolation("rules-unsound", what="presiding")
    _check_majorities_sound(rules)
    _check_numbering_sound(rules.numbering)


def _check_majorities_sound(rules: Rules) -> None:
    """Majorities that can be reached and missed, and special ones for motions that there are."""
    for name, rule in rules.majorities.items():
        if rule.share.n == rule.share.d and not rule.at_least:
            raise RuleViolation("rules-unsound", what=name, share="more than all")
        if rule.share.n == 0 and rule.at_least:
            raise RuleViolation("rules-unsound", what=name, share="at least none")
    for kind, name in (rules.majority_for or {}).items():
        if kind not in get_args(MotionKind) or name not in rules.majorities:
            raise RuleViolation("rules-unsound", what="majority_for", share=f"{kind}: {name}")


def _check_numbering_sound(rule: NumberingRule) -> None:
    """A code where identifiers need one, and a template that tells agreements apart."""
    if rule.scheme == "ACDO" and rule.body_code is None:
        raise RuleViolation("rules-unsound", what="numbering.body_code")
    if (rule.scheme == "TEMPLATE") != (rule.template is not None):
        raise RuleViolation("rules-unsound", what="numbering.template")
    fields = template_fields(rule.template or "")
    if rule.template is not None and not (fields <= TEMPLATE_FIELDS and ("number" in fields or fields >= _PLACE)):
        raise RuleViolation("rules-unsound", what="numbering.template")
    if "code" in fields and rule.body_code is None:
        raise RuleViolation("rules-unsound", what="numbering.body_code")
