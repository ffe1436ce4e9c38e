"""HTTP as the client speaks it: one kept connection, made again where the service closed it.

The standard library's own, so that the client needs nothing installed for it; and the time that a larger library takes
for what nobody here asks of it is time in which an officer waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

CONFLICT = 409
_ERRORS_FROM = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    content: bytes

    @property
    def is_error(self) -> bool:
        """Whether the service refused or failed."""
        return self.status >= _ERRORS_FROM

    @property
    def text(self) -> str:
        """The content as text; what is no UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")


class Transport:
    """One connection to one service. Used by one thread.

    Args:
        url: `http://host:port` or `https://…`, with a path before all others where the service has one.
        timeout_s: How long each read or write may take.

    Raises:
        ValueError: no such URL.
    """

    def __init__(self, url: str, timeout_s: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or parts.hostname is None:
            raise ValueError(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)
        self._base = parts.path.rstrip("/")
        self._kept = False

    def close(self) -> None:
        """Close the connection; the next request makes another."""
        self._connection.close()
        self._kept = False

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a request and read the whole answer.

        A connection that was kept may have been closed meanwhile: the request is then sent once more on a new one.
        All requests may be: submitting an act again gives the same place.

        Raises:
            OSError: the service cannot be reached, or broke off.
        """
        target = self._base + quote(path, safe="/%:@") + (f"?{urlencode(query)}" if query else "")
        tries = 2 if self._kept else 1
        while True:
            tries -= 1
            try:
                self._connection.request(method, target, body, headers or {})
                answer = self._connection.getresponse()
                content = answer.read()
            except (ConnectionError, HTTPException) as error:
                self.close()
                if not tries:
                    raise ConnectionError(str(error)) from error
            except BaseException:  # what is still under way must not answer the next request
                self.close()
                raise
            else:
                self._kept = not answer.will_close
                return Answer(answer.status, content)
