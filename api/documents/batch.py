"""Many certificates at once: on all cores, with progress, going on where it was interrupted."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from typing import TYPE_CHECKING, NamedTuple

from api.documents.certificates import KIND, write_whole
from api.documents.pdf import to_pdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from api.documents.press import Press

FEW = 8
"""So many are printed here: other processes take a second to begin."""


class Printed(NamedTuple):
    """How many were written, and how many were there already."""

    written: int
    kept: int


def print_all(
    press: Press,
    keys: Sequence[str],
    directory: Path,
    step: Callable[[int, int], None] = lambda _done, _of: None,
    signed: Callable[[str], bytes | None] = lambda _key: None,
    *,
    public: bool = False,
) -> Printed:
    """Write certificates into a directory, one file each; what is there already stays as it is.

    A file appears whole or not at all: whoever is interrupted calls again and goes on behind the last one.

    Args:
        press: Prints.
        keys: Of the certificates.
        directory: Made where it is not there.
        step: Told how many of how many are done.
        signed: Gives the file that was signed, which is then not printed anew.
        public: Print what is open to everybody, and marks in the place of the rest.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stem = f"{KIND}-publica" if public else KIND  # one that is there and whole is never taken for the public's
    paths = {key: directory / f"{stem}-{key.replace('/', '-')}.pdf" for key in keys}
    missing = [key for key in keys if not paths[key].exists()]
    kept = len(keys) - len(missing)
    with _processes(len(missing)) as pool:
        for done, (key, raw) in enumerate(_made(press, missing, signed, pool, public=public), kept + 1):
            write_whole(paths[key], raw)
            step(done, len(keys))
    return Printed(len(missing), kept)


def _made(
    press: Press,
    keys: Sequence[str],
    signed: Callable[[str], bytes | None],
    pool: ProcessPoolExecutor | None,
    *,
    public: bool,
) -> Iterator[tuple[str, bytes]]:
    """Yield each certificate; while others print, the next ones are composed here."""
    waiting: deque[tuple[str, Future[bytes]]] = deque()
    for number, key in enumerate(keys):
        raw = signed(key)
        if raw is None:
            document = press.document(KIND, key, public=public)
            if pool is not None and number:  # the first one here: a layout that does not compile is told as such
                waiting.append((key, pool.submit(to_pdf, document, press.layout)))
                if len(waiting) <= 2 * (os.cpu_count() or 1):
                    continue
                key, future = waiting.popleft()  # noqa: PLW2901  the one that is due
                raw = future.result()
            else:
                raw = press.print(document)
        yield key, raw
    yield from ((key, future.result()) for key, future in waiting)


@contextmanager
def _processes(count: int) -> Iterator[ProcessPoolExecutor | None]:
    """Give processes to print in, none where there is little to print or one core; at the end what waits is dropped."""
    cores = os.cpu_count() or 1
    if count <= FEW or cores == 1:
        yield None
        return
    pool = ProcessPoolExecutor(cores, get_context("spawn"), _end_with_parent)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this process when the one that began it is gone, however it went."""
    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
