"""Rule profiles of bodies as data: TOML files beside this one, each rule with its legal source (domain.md §2.2).

A profile is only a proposal: what binds a body is the `BodyRulesAdopted/1` that took the numbers over, with the
day from which they hold. A file has the tables of `ledger.acts.body.Rules`; every table names its `source`, and
a rule that is one value is written `value = …` beside it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ledger.acts.body import Rules

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Profile", "load", "names", "profile"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile with what tells people of it.

    name: as `BodyRulesAdopted/1` cites it, e.g. `IMSS_HCT`.
    title_es, title_en: whose rules they are.
    rules: the numbers.
    sources: rule → legal source, e.g. `majorities.simple` → "LFEP art. 20".
    """

    name: str
    title_es: str
    title_en: str
    rules: Rules
    sources: Mapping[str, str]


@cache
def names() -> tuple[str, ...]:
    """Return the names of the shipped profiles, in alphabetical order."""
    found = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def profile(name: str) -> Profile:
    """Return a shipped profile.

    Raises:
        KeyError: no such profile.
        ValueError: a rule names no source, or the numbers do not fit the act's schema.
    """
    if name not in names():
        raise KeyError(name)
    return parse(name, files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def load(name: str, body_code: str | None = None) -> Rules:
    """Return the rules of a shipped profile.

    Args:
        name: One of `names()`.
        body_code: The body's own code in identifiers, instead of the profile's, e.g. `HCD`.

    Raises:
        KeyError: no such profile.
    """
    rules = profile(name).rules
    if body_code is None:
        return rules
    numbering = rules.numbering.model_dump() | {"body_code": body_code}
    return Rules.model_validate(rules.model_dump() | {"numbering": numbering})


def parse(name: str, text: str) -> Profile:
    """Return the profile that a TOML text says.

    Raises:
        ValueError: not TOML, a rule without source, or numbers that do not fit the act's schema.
    """
    tables = tomllib.loads(text)
    sources: dict[str, str] = {}
    titles = [tables.pop(key, None) for key in ("title_es", "title_en")]
    if not all(isinstance(title, str) and title for title in titles):
        raise ValueError(f"{name} has no title_es or no title_en")
    majorities = tables.pop("majorities", {})
    data = {rule: _taken(rule, table, sources) for rule, table in tables.items()}
    data["majorities"] = {rule: _taken(f"majorities.{rule}", table, sources) for rule, table in majorities.items()}
    return Profile(name, titles[0], titles[1], Rules.model_validate(data), sources)


def _taken(rule: str, table: Any, sources: dict[str, str]) -> Any:
    """Return a rule's table without its source, which is noted; a table of one `value` is that value."""
    if not isinstance(table, dict) or not isinstance(table.get("source"), str):
        raise ValueError(f"{rule} names no source")  # noqa: TRY004  one error for any unfit text
    sources[rule] = table["source"]
    numbers = {key: value for key, value in table.items() if key != "source"}
    return numbers["value"] if set(numbers) == {"value"} else numbers
