"""An audit in shards: what each of several machines takes for its part, and what is left for whoever merges them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.auditing import bundles, run_verifier, verify
from tests.bench.harness import Bench, Figure, Section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.server import Server

SIZE, QUICK_SIZE = 100_000, 10_000
SHARDS = 4


def measure(bench: Bench, server: Server) -> Section:  # noqa: ARG001  no database has a part in it
    """Verify a bundle whole, by shards one after the other, and merge these."""
    size = QUICK_SIZE if bench.quick else SIZE
    with bundles(bench, [size], lambda _entry: None) as paths:
        bundle = paths[size]
        parts = [bench.directory / f"{number}.json" for number in range(1, SHARDS + 1)]
        _longest(bundle, parts)  # contenders change places: the merge may come first
        merge = ["merge", str(bundle), *map(str, parts), "--self-contained", "--json"]
        found = bench.compete(
            {
                "whole": lambda: verify(bundle, size).seconds,
                "longest shard": lambda: _longest(bundle, parts),
                "merge": lambda: run_verifier(*merge)[1].seconds,
            },
            warm=0,
        )
    whole, shard, merged = found["whole"], found["longest shard"], found["merge"]
    figures = [
        Figure(f"the whole audit on one machine, {size:,} acts", whole, "s"),
        Figure(f"the longest of {SHARDS} shards (V2–V7)", shard, "s", shard.over(whole), "the whole audit"),
        Figure("the merge (V1, V8–V13)", merged, "s", merged.over(whole), "the whole audit"),
    ]
    return Section("Audit in shards", _about(), figures)


def _longest(bundle: Path, parts: Sequence[Path]) -> float:
    seconds = []
    for number, path in enumerate(parts, 1):
        report, verified = run_verifier(str(bundle), "--self-contained", "--shard", f"{number}/{SHARDS}")
        path.write_bytes(report)
        seconds.append(verified.seconds)
    return max(seconds)


def _about() -> str:
    return (
        "The bundle of *Verification*, each command by itself with all cores, as if on a machine of its own. Shards "
        "need nothing of one another, so several machines take as long as the longest of them, and then the merge, "
        "which goes through the acts in order and stays with one machine."
    )
