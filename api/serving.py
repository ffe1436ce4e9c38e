"""`acervo serve`: everything in one go, and everything stopped again, however we end.

1  the port is taken            nobody else can have it while the rest starts
2  the system is built          PostgreSQL, migrations, signer; a kill now leaves what the next start joins
3  the worker starts
4  an empty ledger gets a demo  the year, told over HTTP on a socket of our own; half told, it is told anew
5  the queue is worked on       open data, every night; where it cannot be, the log says why
6  HTTP is served               until a signal; then queue, worker, signer and PostgreSQL stop in this order
"""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import signal
import socket
import sys
from typing import TYPE_CHECKING

import uvicorn

from api.demo.reset import reset
from api.demo.seed import found_demo
from api.demo.story import tell
from api.demo.telling import tell_year, unfinished
from api.invoked import address, program, shown
from api.kept import KeptJobs, KeptWorker
from api.main import create_app
from api.supervisor import Supervisor
from api.wiring import build
from ledger.errors import StoreError
from ledger.texts import text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from api.settings import Settings
    from api.supervisor import Kept
    from api.system import System

YEARS_CERTIFICATE = 7
"""The demo year's first certificate: its agreement was modified later (domain.md §7.3)."""
BACKLOG = 512
KEEP_ALIVE_S = 30
SHUTDOWN_S = 10
STALLED_MS = 60_000
COLLECTED_EVERY = (10_000, 20, 50)
"""Objects made before the young are looked through, and how often that is done before older ones are."""


class _Ended(BaseException):
    """A signal asked us to end."""


def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        StoreError: "port-in-use", "address-unusable"; whatever `build` raises.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _end)
    with contextlib.suppress(_Ended), listening(settings) as sock, contextlib.ExitStack() as stack:
        print(text("cli-starting", "es"), text("cli-starting", "en"), sep=" / ", flush=True)  # noqa: T201
        system = built(settings)
        stack.callback(system.close)
        if not settings.read_only:
            _begin(system, stack)
        print(welcome(system, sock), flush=True)  # noqa: T201
        _serve(system, sock)


def _begin(system: System, stack: contextlib.ExitStack) -> None:
    """Start what writes: worker, demo, the queue, and who looks after them."""
    demo = "none" if system.settings.production or system.size() else system.settings.demo
    if demo == "council":
        tell(system, found_demo(system))
    worker = KeptWorker(system)
    stack.callback(worker.stop)
    worker.revive()
    if demo == "year":
        _tell_year(system)
    kept: list[Kept] = [*system.kept, worker]
    if system.settings.exports_kept:
        jobs = KeptJobs(system)
        stack.callback(jobs.stop)
        jobs.revive()
        kept.append(jobs)
    supervisor = Supervisor(kept)
    supervisor.start()
    stack.callback(supervisor.stop)


def built(settings: Settings) -> System:
    """Return the system; a demo year that was left half told is thrown away first."""
    system = build(settings)
    if settings.production or settings.read_only or not unfinished(system):
        return system
    system.close()
    _say("cli-demo-again")
    reset(settings)
    return build(settings)


def _tell_year(system: System) -> None:
    _say("cli-demo-telling")
    told = tell_year(system)
    _say("cli-demo", size=told.size, seconds=round(told.seconds))
    for name, count in told.counted.items():
        print(f"  {count:5}  {name}")  # noqa: T201


def _say(code: str, **params: object) -> None:
    print(text(code, "es", **params), text(code, "en", **params), sep="\n", flush=True)  # noqa: T201


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _Ended


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """Give the listening socket.

    Raises:
        StoreError: "port-in-use", "address-unusable".
    """
    sock = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if sys.platform == "linux":  # inherited by every connection: whoever takes no octet for so long is cut off
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, STALLED_MS)
    where = f"{settings.host}:{settings.port}"
    try:
        sock.bind((settings.host, settings.port))
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise StoreError("port-in-use", where, port=settings.port) from error
        raise StoreError("address-unusable", where) from error
    try:
        yield sock
    finally:
        sock.close()


class Server(uvicorn.Server):
    """uvicorn, that ends what would not end by itself before it waits for its connections."""

    def __init__(self, config: uvicorn.Config, system: System) -> None:
        super().__init__(config)
        self._system = system

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End all streams, then as uvicorn does."""
        self._system.feed.stop()
        await super().shutdown(sockets)


def _serve(system: System, sock: socket.socket) -> None:
    config = uvicorn.Config(
        create_app(system),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=SHUTDOWN_S,
        lifespan="off",
    )
    server = Server(config, system)
    _spare_collector()
    server.run(sockets=[sock])


def _spare_collector() -> None:
    """Take what stands by now out of the garbage collector's sight: modules, routes and schemas stay for ever.

    To look all of it through takes fifths of a second, in which nobody is answered, and finds nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTED_EVERY)


def welcome(system: System, sock: socket.socket) -> str:
    """Return the page of what to try; every line of it works as it stands."""
    host, port = sock.getsockname()[:2]
    keys = shown(system.settings.data_dir / "demo-keys")
    year = int(system.written_now()[:4])
    params = {
        "year": year,
        "certificate": f"hcd/{year}/{YEARS_CERTIFICATE if system.fictitious else 1}",
        "next_year": year + 1,
        "url": address(host, port),
        "acervo": program(),
        "keys": keys,
        "data_dir": shown(system.settings.data_dir),
    }
    demo = "cli-welcome-demo" if (system.settings.data_dir / "demo-keys").is_dir() else "cli-welcome-plain"
    return "\n".join(
        [text("cli-welcome", "es", **params), text(demo, "es", **params), text("cli-welcome", "en", **params)]
    )
