"""A public version checked on its own, without the ledger and without a network (format.md §8; `public`).

The file brings no key: whose log it speaks of, the reader says with a policy that he has from elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from ledger.errors import UntrustedInputError
from ledger.verify.public import MAX_BYTES, NOT_CHECKED, PublicVersion, check_version
from ledger.verify.report import FINDINGS, UNUSABLE, VERIFIED
from ledger.verify.texts import Language, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.verify.trust import Trust

_HEAD = b'{"format":"acervo/public-version/'
"""A canonical file begins so: its keys are in order, and "format" is the first."""


def read_version(path: Path) -> bytes | None:
    """Return what a file holds that begins like a public version; None of anything else."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        head = file.read(len(_HEAD))
        return head + file.read(MAX_BYTES) if head == _HEAD else None


def run_version(raw: bytes, trust: Trust, lang: Language, out: TextIO, *, as_json: bool = False) -> int:
    """Check a public version and write the report.

    Args:
        raw: What the file holds.
        trust: Its policy says which log keys count; its other inputs say nothing of such a file.
        lang: "es" or "en".
        out: Where the report goes.
        as_json: Whether the report is JSON, with the open values.

    Returns:
        0 verified, 1 it does not hold, 2 not checkable: no policy was given.
    """
    code, detail, found, exit_code = "", "", None, VERIFIED
    if trust.policy is None:
        code, exit_code = "policy-missing", UNUSABLE
    else:
        try:
            found = check_version(raw, trust.policy.log_keys)
        except UntrustedInputError as error:
            code, detail, exit_code = error.code, error.detail, FINDINGS
    if as_json:
        out.write(orjson.dumps(_object(found, code, detail), option=orjson.OPT_SORT_KEYS).decode() + "\n")
    else:
        out.write("\n".join(_lines(found, code, detail, exit_code, lang)) + "\n")
    return exit_code


def withheld_of(found: PublicVersion) -> list[dict[str, str | None]]:
    """Return what a version withholds and why, for machines."""
    return [asdict(each) for each in found.withheld]


def _object(found: PublicVersion | None, code: str, detail: str) -> dict[str, Any]:
    if found is None:
        return {"code": code, "detail": detail, "verified": False}
    said = {"object": found.object, "index": found.index, "version": found.version, "open": dict(found.open)}
    return {"code": "", "verified": True, "withheld": withheld_of(found), "not_checked": NOT_CHECKED} | said


def _lines(found: PublicVersion | None, code: str, detail: str, exit_code: int, lang: Language) -> list[str]:
    def sentence(key: str, **values: Any) -> str:
        return say(lang, "version", key, **values)

    lines = [sentence("title")]
    if found is None:
        reason = say(lang, "codes", code)
        lines.append(f"{reason} ({code}{': ' + detail if detail else ''})")
    else:
        lines += told(found, lang)
        lines.append(say(lang, "report", "unchecked"))
        lines += [f"  {sentence(name)}" for name in NOT_CHECKED]
    lines.append(say(lang, "report", f"verdict_{exit_code}"))
    return lines


def told(found: PublicVersion, lang: Language) -> Iterator[str]:
    """Yield what a version is of, how much of it is open, what is withheld and why."""

    def sentence(key: str, **values: Any) -> str:
        return say(lang, "version", key, **values)

    yield sentence("subject", object=found.object, index=found.index, version=found.version)
    yield sentence("open", count=len(found.open))
    yield sentence("withheld", count=len(found.withheld))
    for each in found.withheld:
        until = sentence("until", day=each.until_on) if each.until_on else sentence("no-term")
        yield f"  {each.name} · {sentence(each.character)} {each.ground} · {until} · {each.description or ''}"
