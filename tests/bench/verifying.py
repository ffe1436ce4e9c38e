"""How fast the offline verifier is and how much memory it takes, over a ledger of ballots.

    python -m tests.bench.verifying make DIR ACTS      write an exported log of about so many acts
    python -m tests.bench.verifying run DIR            verify it; acts a second, peak memory of all processes

The floor to compare with is printed first: bare Ed25519 checks a second of one core.
"""

from __future__ import annotations

import io
import os
import resource
import sys
import threading
import time
from pathlib import Path

from ledger.crypto.keys import PrivateKey
from ledger.log.tiles import pack_bundle
from ledger.verify.command import run
from tests.kit.bundles import MEMBERS, ORIGIN, Book, Council, policy, write_log
from tests.kit.log import MemoryLog

SEATS = 200


def make(folder: Path, acts: int) -> None:
    """Write a log: one session of votes, each by the ballots of all seats."""
    council = Council(Book(), members=(*MEMBERS, *(f"vocal-{n}" for n in range(3, SEATS))))
    council.constitute().convene(items=1).open()
    vote = 0
    while council.book.size < acts:
        vote += 1
        council.balloted(vote)
    write_log(folder, MemoryLog(council.book.entries, ORIGIN), council.book.checkpoint(), policy())
    print(f"{council.book.size} acts, {vote} votes, bundle {len(pack_bundle(council.book.entries[:256]))} bytes")


def bare_checks() -> float:
    """Return Ed25519 checks a second of one core."""
    key = PrivateKey.from_seed(b"\1" * 32)
    message, count = os.urandom(800), 4000
    signature = key.sign(message)
    start = time.perf_counter()
    for _ in range(count):
        key.public.verify(signature, message)
    return count / (time.perf_counter() - start)


def resident() -> int:
    """Return the resident bytes of this process and its children."""
    total = 0
    for process in Path("/proc").iterdir():
        try:
            status = (process / "status").read_text()
        except OSError:
            continue
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if process.name == str(os.getpid()) or fields["PPid"].strip() == str(os.getpid()):
            total += int(fields.get("VmRSS", "0 kB").split()[0]) * 1024
    return total


def measure(folder: Path, *options: str) -> None:
    """Verify, watching memory."""
    peak, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            peak[0] = max(peak[0], resident())

    floor = bare_checks()
    watcher = threading.Thread(target=watch)
    watcher.start()
    out, start = io.StringIO(), time.perf_counter()
    code = run([str(folder), "--self-contained", *options], out)
    elapsed = time.perf_counter() - start
    stop.set()
    watcher.join()
    size = int((folder / "checkpoint").read_text().split("\n")[1])
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"exit {code}; bare checks {floor:.0f}/s a core; {os.cpu_count()} cores")
    print(f"{size} acts in {elapsed:.1f} s: {size / elapsed:.0f} acts/s, {size / elapsed / floor:.2f} x bare")
    print(f"peak of all processes {peak[0] / 2**20:.0f} MiB, of the main one {own:.0f} MiB")
    if code != 0:
        print(out.getvalue()[:3000])


def main() -> None:
    """Do what the arguments say."""
    match sys.argv[1:]:
        case ["make", folder, acts]:
            make(Path(folder), int(acts))
        case ["run", folder, *options]:
            measure(Path(folder), *options)
        case _:
            print(__doc__)


if __name__ == "__main__":
    main()
