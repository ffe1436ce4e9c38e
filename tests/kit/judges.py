"""Both verifiers asked about the same evidence; on what both check they must say the same."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import orjson

from ledger.verify import standalone
from ledger.verify.command import run

if TYPE_CHECKING:
    from pathlib import Path

SHARED_STEPS = (1, 2, 3, 4, 5, 6, 7, 9)


class Verdict:
    """What the full verifier says of a path, after comparing it with what the standalone one says.

    exit: 0, 1 or 2. report: the JSON report, {} where the input cannot be used. hits: (step, code, index, file).
    """

    def __init__(self, path: Path, *, self_contained: bool = True, **trust: Any) -> None:
        out = io.StringIO()
        self.exit = run([str(path), *_options(trust), *(["--self-contained"] if self_contained else []), "--json"], out)
        self.text = out.getvalue()
        self.report: dict[str, Any] = orjson.loads(self.text) if self.text.startswith("{") else {}
        self.hits = {(f["step"], f["code"], f["index"], f["file"]) for f in self.report.get("findings", ())}
        assert self.headline != "VALID" or self.exit == 0, "nothing is valid of which something was found"
        self._compare(path, trust)

    @property
    def headline(self) -> str | None:
        """The verdict that goes first; None where there is none."""
        headline: str | None = self.report["verdict"]["headline"] if self.report else None
        return headline

    def found(self, step: int, code: str, index: int | None = None) -> bool:
        """Tell whether there is such a finding, of any file."""
        return any(hit[:3] == (step, code, index) for hit in self.hits)

    def steps(self) -> set[int]:
        """Return the steps that have findings."""
        return {hit[0] for hit in self.hits}

    def indexes(self) -> set[int]:
        """Return the entries that findings name."""
        return {hit[2] for hit in self.hits if hit[2] is not None}

    def _compare(self, path: Path, trust: dict[str, Any]) -> None:
        other = _other(path, trust)
        assert (other is None) == (not self.report), f"only one of the two can use it: {self.text[:300]}"
        if other is None:
            return
        mine = {_comparable(hit) for hit in self.hits if hit[0] in SHARED_STEPS}
        theirs = {_comparable(hit) for hit in other.hits}
        assert theirs == mine, f"full only: {mine - theirs}; standalone only: {theirs - mine}"


def _other(path: Path, trust: dict[str, Any]) -> standalone.Verifier | None:
    policy = trust["policy"].read_bytes() if "policy" in trust else None
    older = {each.name: each.read_bytes() for each in trust.get("older", ())}
    try:
        return standalone.Verifier(path, policy, trust.get("founding"), older)
    except (ValueError, KeyError):
        return None


def _comparable(hit: tuple[int, str, int | None, str]) -> tuple[int, str, int | None, str]:
    """Reasons within V6, V2 and the form of a bundle's part are each verifier's own words; place and step are not."""
    step, code, index, file = hit
    return step, "" if step in (1, 2, 3, 6) else code, index, file


def _options(trust: dict[str, Any]) -> list[str]:
    options = [f"--{name}={trust[name]}" for name in ("policy", "founding", "max-age") if name in trust]
    options += [f"--root={path}" for path in trust.get("roots", ())]
    return options + [f"--checkpoint={path}" for path in trust.get("older", ())]


def ran(*arguments: object) -> tuple[int, str]:
    """Run the command; return its exit code and what it wrote."""
    out = io.StringIO()
    return run([str(argument) for argument in arguments], out), out.getvalue()
