"""One question to an authority over HTTP: short, bounded in size and time, followed nowhere else."""

from __future__ import annotations

import time
from http.client import OK, HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from ledger.errors import AcervoError

TIMEOUT_S = 10.0
_PIECE = 16 * 1024


class UnreachableError(AcervoError):
    """Nobody answered, or with something else than an answer; `detail` says who and what."""


def exchange(
    code: str, url: str, limit: int, *, body: bytes | None = None, kind: str = "", timeout_s: float = TIMEOUT_S
) -> bytes:
    """Return what an address answers to a GET, or to a POST where there is a body.

    Args:
        code: Of the error where it does not answer.
        url: `http://…` or `https://…`; redirections are not followed.
        limit: How many bytes an answer may have.
        body: What is posted.
        kind: The body's media type.
        timeout_s: How long all of it may take, seconds.

    Raises:
        UnreachableError: `code`.
    """
    target = urlsplit(url)
    try:
        if target.scheme not in {"http", "https"} or target.hostname is None:
            raise UnreachableError(code, f"{url[:200]}: no http", url=url[:200])
        make = HTTPSConnection if target.scheme == "https" else HTTPConnection
        connection = make(target.hostname, target.port, timeout=timeout_s)
    except (HTTPException, ValueError) as error:  # a port or a name that is none
        raise UnreachableError(code, f"{url[:200]}: {error}", url=url[:200]) from error
    ends, raw = time.monotonic() + timeout_s, bytearray()
    try:
        path = (target.path or "/") + (f"?{target.query}" if target.query else "")
        connection.request("GET" if body is None else "POST", path, body, {"Content-Type": kind} if body else {})
        with connection.getresponse() as answer:
            if answer.status != OK:
                raise UnreachableError(code, f"{url[:200]}: {answer.status}", url=url[:200])
            while piece := answer.read1(_PIECE):
                raw += piece
                if len(raw) > limit or time.monotonic() > ends:
                    raise UnreachableError(code, f"{url[:200]}: too long", url=url[:200])
    except (OSError, HTTPException, ValueError) as error:  # ValueError: a name or a path that cannot be written
        raise UnreachableError(code, f"{url[:200]}: {str(error) or type(error).__name__}", url=url[:200]) from error
    finally:
        connection.close()
    return bytes(raw)
