"""V2–V7 of a range of entries, written to a file, and the files of several machines merged (format.md §10).

    python -m ledger.verify PATH --shard 1/2 > 1.json
    python -m ledger.verify PATH --shard 2/2 > 2.json
    python -m ledger.verify merge PATH 1.json 2.json

The merge reads the entries again for V8–V10 and compares their bytes with those that the shards saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from ledger.errors import UntrustedInputError
from ledger.verify.checks import Head, Keys, check_checkpoint, check_container
from ledger.verify.outcome import Outcome
from ledger.verify.pool import bundles_of, parts
from ledger.verify.ranges import Part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from ledger.verify.bundle import Bundle
    from ledger.verify.trust import Trust

FORMAT = "acervo-verify-shard/1"
MAX_SHARDS = 1000
MAX_SHARD_BYTES = 4 * 1024**3
_SHARD = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Shard:
    """The i-th of n ranges, from 1."""

    i: int
    n: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read `i/n`.

        Raises:
            UntrustedInputError: "shard-malformed".
        """
        match = _SHARD.fullmatch(text)
        if match is None or not 1 <= int(match[1]) <= int(match[2]) <= MAX_SHARDS:
            raise UntrustedInputError("shard-malformed", text[:20])
        return cls(int(match[1]), int(match[2]))

    def numbers(self, size: int) -> range:
        """Return the entry bundles of this range in a tree of `size` leaves; ranges differ by at most one."""
        count = len(bundles_of(size))
        return range(count * (self.i - 1) // self.n, count * self.i // self.n)


def run_shard(bundle: Bundle, trust: Trust, shard: Shard, jobs: int | None = None) -> bytes:
    """Return the shard's file.

    Raises:
        UntrustedInputError: "no-checkpoint", "shard-of-excerpt".
    """
    if bundle.form == "excerpt":
        raise UntrustedInputError("shard-of-excerpt")
    outcome = Outcome(facts={"form": bundle.form})
    keys = check_container(bundle, outcome)
    head = check_checkpoint(bundle, trust, outcome)
    if head is None:
        raise UntrustedInputError("no-checkpoint")
    size, origin = head.checkpoint.size, head.checkpoint.origin
    done = parts(bundle, shard.numbers(size), (size, origin), keys.spkis, jobs)
    value = {
        "format": FORMAT,
        "parts": [part.to_json() for part in done],
        "shard": [shard.i, shard.n],
        "tree": _tree(head),
    }
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS) + b"\n"


def merged(paths: Sequence[Path]) -> Callable[[Head, Keys], Iterable[Part]]:
    """Return the source of parts that `checks.verify` takes: those of the files, which must be all of one tree.

    Raises (when the parts are asked for):
        UntrustedInputError: "shard-malformed", "shard-of-another", "shard-missing".
    """

    def source(head: Head, _keys: Keys) -> Iterator[Part]:
        expected = 0
        files = sorted((_load(path, head) for path in paths), key=lambda value: int(value["shard"][0]))
        for value in files:
            for each in value["parts"]:
                part = Part.from_json(each)
                if part.n != expected:
                    raise UntrustedInputError("shard-missing", f"entry bundle {expected}")
                expected += 1
                yield part
        if expected != len(bundles_of(head.checkpoint.size)):
            raise UntrustedInputError("shard-missing", f"entry bundle {expected}")

    return source


def _tree(head: Head) -> dict[str, Any]:
    checkpoint = head.checkpoint
    return {"origin": checkpoint.origin, "root": checkpoint.root.hex(), "size": checkpoint.size}


def _load(path: Path, head: Head) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_SHARD_BYTES:
            raise UntrustedInputError("shard-malformed", f"{path.name}: too large")
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise UntrustedInputError("shard-malformed", f"{path.name}: {error}") from error
    match value:
        case {"format": str(form), "parts": list(), "shard": [int(), int()], "tree": dict(tree)} if form == FORMAT:
            if tree != _tree(head):
                raise UntrustedInputError("shard-of-another", path.name)
            return dict(value)
        case _:
            raise UntrustedInputError("shard-malformed", path.name)
