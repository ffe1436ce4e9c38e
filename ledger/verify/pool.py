"""Entry bundles checked side by side: V2–V7 in worker processes, in order of their numbers.

Workers are started anew ("spawn"), so that a caller with threads is safe; a small log is checked in the process itself.
They keep only a little ahead of who takes the parts: that is the replay, which nobody else can do, and on a machine
whose cores are all busy it would come behind and have to go on alone when they are done.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.log.tiles import TILE_WIDTH
from ledger.verify.bundle import Bundle
from ledger.verify.ranges import Part, check_part, parse_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from ledger.crypto.keys import PublicKey

MIN_BUNDLES_FOR_WORKERS = 12
MAX_WORKERS = 64
AHEAD = 4
"""Entry bundles a worker that are handed out before the first of them is taken."""

_worker: tuple[Bundle, int, str, dict[str, PublicKey | None]] | None = None


def parts(
    bundle: Bundle,
    numbers: Sequence[int],
    tree: tuple[int, str],
    spkis: Mapping[str, bytes],
    jobs: int | None = None,
) -> Iterator[Part]:
    """Yield the parts of the numbered entry bundles, in order.

    Args:
        bundle: Where they lie.
        numbers: Which ones.
        tree: Leaves of the checkpoint's tree, and the ledger's origin.
        spkis: keyid → SPKI of every key that the ledger names.
        jobs: Worker processes; by default as many as there are cores; 0 checks in this process.
    """
    size, origin = tree
    workers = min(MAX_WORKERS, (os.cpu_count() or 1) if jobs is None else jobs)
    if workers == 0 or (jobs is None and len(numbers) < MIN_BUNDLES_FOR_WORKERS):
        keys = parse_keys(spkis)
        for n in numbers:
            yield check_part(bundle, n, size, origin, keys)
        return
    context = multiprocessing.get_context("spawn")
    settings = (str(bundle.archive.path), size, origin, dict(spkis))
    with ProcessPoolExecutor(workers, context, _start, settings) as pool:
        handed_out: deque[Future[Part]] = deque()
        for n in numbers:
            handed_out.append(pool.submit(_work, n))
            if len(handed_out) == AHEAD * workers:
                yield handed_out.popleft().result()
        while handed_out:
            yield handed_out.popleft().result()


def calm_collector() -> None:
    """Let the cycle collector come seldom, and pass over what was imported: acts leave next to no cycles behind.

    For a process that does nothing but verify.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def bundles_of(size: int) -> range:
    """Return the numbers of the entry bundles of a tree."""
    return range(-(-size // TILE_WIDTH))


def _start(path: str, size: int, origin: str, spkis: dict[str, bytes]) -> None:
    global _worker  # noqa: PLW0603  a worker process has one bundle open for all its tasks
    calm_collector()
    _worker = Bundle.open(Path(path)), size, origin, parse_keys(spkis)


def _work(n: int) -> Part:
    if _worker is None:
        raise RuntimeError("the worker was not started")
    bundle, size, origin, keys = _worker
    return check_part(bundle, n, size, origin, keys)
