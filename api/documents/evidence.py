"""The evidence inside of a PDF: an excerpt of the log with the acts that the document rests on (format.md §9).

It holds those acts, the keys, designations and bodies of whoever signed them, each with its proof under one checkpoint,
and the disclosures of exactly the texts that the document shows: no more is handed out than can be read on the page.
The checkpoint is the first that covers the acts, so the same acts give the same bytes however much the ledger grows.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from api.documents.model import Evidence
from ledger.ids import kind_of
from ledger.statement import Entry
from ledger.verify.bundle import Opened
from ledger.verify.write import Extras, write_excerpt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from api.documents.reading import Reading, Store

MEDIA_TYPE = "application/zip"
DESCRIPTION = "prueba de que estos actos constan, para comprobar sin red (acervo verify)"


@dataclass(frozen=True, slots=True)
class Proved:
    """A checkpoint, the policy to check it by, and proofs under it by index."""

    policy: bytes
    checkpoint: str
    proofs: Mapping[int, str]


class Prover(Protocol):
    """Proves that entries are in the log."""

    def __call__(self, entries: Mapping[int, bytes], gated: bool, /) -> Proved:
        """Return proofs under the first checkpoint that covers all; of what is gated, one that the quorum cosigned."""


def evidence(reading: Reading, name: str, prove: Prover, *, gated: bool) -> Evidence:
    """Return the excerpt of what a reading showed and rested on, the same bytes for the same acts.

    Raises:
        NotSealedError: no checkpoint covers the acts yet.
    """
    entries = closure(reading.store, reading.rests, last=max(reading.rests, default=0))
    raw = excerpt_of(entries, prove(entries, gated), _opened(reading))
    return Evidence(f"{name}.evidencia.zip", MEDIA_TYPE, DESCRIPTION, raw)


def excerpt_of(entries: Mapping[int, bytes], proved: Proved, opened: Iterable[Opened] = ()) -> bytes:
    """Return an excerpt of the log as a zip.

    Args:
        entries: By index, in order.
        proved: Proofs of all of them, under one checkpoint.
        opened: The disclosures that go with them.
    """
    with tempfile.TemporaryDirectory(prefix="acervo-") as scratch:
        path = Path(scratch) / "excerpt"
        write_excerpt(
            path,
            policy=proved.policy,
            checkpoint=proved.checkpoint.encode(),
            entries=entries,
            proofs=proved.proofs,
            extras=Extras(disclosures=opened, schemas={}),
        )
        return path.read_bytes()


def closure(store: Store, indexes: Iterable[int], *, last: int | None = None) -> dict[int, bytes]:
    """Return the founding, the acts, and for each what its signer's authority rests on, in order.

    That is his key's and his office's streams, and as they stood before the act the body whose seat it is and the
    later designations to the seat, which end a holdover (D6): whoever has them can judge by them (decision 0021).

    Args:
        store: The ledger's.
        indexes: Of the acts.
        last: Index up to which keys and offices are told; None: whole, with what became of them later.
    """
    found: dict[int, bytes] = {}
    waiting = [0, *sorted(indexes)]
    places: dict[str, list[int]] = {}

    def stream(name: str) -> list[int]:
        """Return the places of a stream's acts."""
        if name not in places:
            found_at = (Entry.parse(each).index for each in store.stream(name))
            places[name] = [place for place in found_at if last is None or place <= last]
        return places[name]

    while waiting:
        index = waiting.pop()
        raw = None if index in found else store.entry(index)
        if raw is None:
            continue
        found[index] = raw
        said = Entry.parse(raw).act.statement
        waiting += [*stream(f"key/{said.signer}"), *stream(said.office)]
        waiting += [place for name in _grounds(said.office, stream) for place in stream(name) if place < index]
    return dict(sorted(found.items()))


def _grounds(office: str, stream: Callable[[str], list[int]]) -> Iterator[str]:
    """Yield the streams besides its own that say whether a designation grants anything: body, and who followed."""
    if kind_of(office) != "designation":
        return
    _, body, seat, number = office.split("/")
    yield f"body/{body}"
    following = int(number) + 1
    while stream(name := f"designation/{body}/{seat}/{following}"):
        yield name
        following += 1


def _opened(reading: Reading) -> Iterator[Opened]:
    """Yield the disclosures that were shown, act by act; of an acta that is open in part, the hashes of all blocks."""
    for index, leaves in reading.leaves.items():
        yield Opened(index, "", "", leaves)
    for (index, name), text in sorted(reading.shown.items()):
        yield Opened(index, name, text)
