"""How fast one address, or one key, may ask: token buckets, and the headers that tell (RFC 9110 §10.2.3, RateLimit).

A bucket holds four seconds' worth and fills steadily. It is one number a client: the instant at which the bucket would
be full again (GCRA). The library `limits` counts in windows instead: fixed ones let twice the rate through at edges,
moving ones keep every instant of every client.

Acts that are recorded are never slowed down, whoever sends them: only what was refused counts (`Refused`).
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from api import problems
from api.access.doorkeeper import COOKIE

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.system import System

BURST_S = 4
"""A bucket holds what comes in so many seconds."""
MAX_CLIENTS = 100_000
NEVER_LIMITED = frozenset({"/api/v1/health"})
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a request: let through or not, how many more would be now, seconds until all and until one is."""

    allowed: bool
    left: int
    full_s: float
    wait_s: float


class Buckets:
    """Token buckets by client. Thread-safe; the clients least recently seen are forgotten, which fills their buckets.

    Args:
        per_second: How fast a bucket fills; 0 lets everything through.
        most: How many clients are remembered.
    """

    def __init__(self, per_second: int, most: int = MAX_CLIENTS) -> None:
        self.per_second = per_second
        self.size = per_second * BURST_S
        self._most = most
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, now: float | None = None) -> Taken:
        """Take one out of a client's bucket, if there is one in it."""
        return self._look(client, time.monotonic() if now is None else now, 1)

    def see(self, client: str, now: float | None = None) -> Taken:
        """Tell whether there is one in it, and leave it there."""
        return self._look(client, time.monotonic() if now is None else now, 0)

    def _look(self, client: str, now: float, count: int) -> Taken:
        with self._lock:
            full_s = max(self._full_at.get(client, now) - now, 0.0)
            wait_s = full_s + 1 / self.per_second - BURST_S
            if wait_s > 1e-9:
                return Taken(allowed=False, left=0, full_s=full_s, wait_s=wait_s)
            if count:
                full_s += count / self.per_second
                self._full_at[client] = now + full_s
                self._full_at.move_to_end(client)
                if len(self._full_at) > self._most:
                    self._full_at.popitem(last=False)
        return Taken(allowed=True, left=int((BURST_S - full_s) * self.per_second + 1e-6), full_s=full_s, wait_s=0.0)


def client_of(scope: Scope) -> str | None:
    """Return whose bucket a connection's is: the address, of IPv6 its /64; None for one without (a Unix socket).

    Behind a proxy on this machine the address is the one that `X-Forwarded-For` names last (uvicorn's own rule).
    """
    client = scope.get("client")
    return None if client is None else _network(client[0])


@lru_cache(maxsize=4096)
def _network(host: str) -> str:
    try:
        address = ip_address(host)
    except ValueError:
        return host[:100]
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)


def headers_of(name: str, buckets: Buckets, taken: Taken) -> list[tuple[bytes, bytes]]:
    """Return RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)."""
    policy = f'"{name}";q={buckets.size};w={BURST_S}'
    state = f'"{name}";r={taken.left};t={ceil(taken.full_s)}'
    return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", state.encode())]


class Limits:
    """ASGI: counts reads, refuses those that come too fast (429), and tells everybody how many more would be.

    Whoever signs (a token, a session) has a bucket of his key's own, and a larger one.

    Args:
        app: What answers.
        system: Says whose a token or session is.
    """

    def __init__(self, app: ASGIApp, system: System) -> None:
        self._app, self._system = app, system
        self._open = Buckets(system.settings.reads_per_second)
        self._signed = Buckets(system.settings.signed_reads_per_second)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] in NEVER_LIMITED:
            await self._app(scope, receive, send)
            return
        name, buckets, client = await self._bucket(scope)
        if client is None or not buckets.per_second:
            await self._app(scope, receive, send)
            return
        taken = buckets.take(client)
        told = headers_of(name, buckets, taken)
        if not taken.allowed:
            await too_fast(buckets, taken, scope["path"], told)(scope, receive, send)
            return

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *told]
            await send(message)

        await self._app(scope, receive, telling)

    async def _bucket(self, scope: Scope) -> tuple[str, Buckets, str | None]:
        asking = HTTPConnection(scope)
        authorization, cookie = asking.headers.get("authorization"), asking.cookies.get(COOKIE)
        if authorization is not None or cookie is not None:
            key = await run_in_threadpool(self._system.doorkeeper.key_of, authorization, cookie)
            if key is not None:
                return "signed-reads", self._signed, key
        return "reads", self._open, client_of(scope)


class Refused:
    """Counts the submissions of an address that were refused; whoever sends too many of those waits.

    Args:
        per_second: How many refused ones are let pass; 0 counts nothing.
    """

    def __init__(self, per_second: int) -> None:
        self._buckets = Buckets(per_second)

    def check(self, scope: Scope) -> Response | None:
        """Return the answer for who sent too many, None for everybody else."""
        if not self._buckets.per_second or (client := client_of(scope)) is None:
            return None
        taken = self._buckets.see(client)
        return None if taken.allowed else too_fast(self._buckets, taken, scope["path"], [])

    def note(self, scope: Scope, status: int) -> None:
        """Count an answer, if it is a refusal of what was sent; a lost race (409) is none."""
        if self._buckets.per_second and status in _REFUSED and (client := client_of(scope)) is not None:
            self._buckets.take(client)


_REFUSED = frozenset({400, 401, 413, 422})


def too_fast(buckets: Buckets, taken: Taken, path: str, told: list[tuple[bytes, bytes]]) -> Response:
    """Return the problem for who asks too fast: how fast he may, and when to come again."""
    error = problems.ApiError(429, "too-fast", per_second=buckets.per_second)
    headers = {name.decode(): value.decode() for name, value in told}
    return problems.answer(error, path, headers | {"Retry-After": str(ceil(taken.wait_s))})
