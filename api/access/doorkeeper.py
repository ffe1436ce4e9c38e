"""The doorkeeper: lets readers in by a token that is good once, or by a session that a signed challenge opened.

Sessions are this process' own and gone with it. Used tokens are known to every server that writes to the same database
(decision 0020); a read-only one, which cannot write there, remembers its own. A token that was issued before the
process began is refused, since that one could not tell whether it was used; its holder signs another.

What a session asks for by another method than GET or HEAD passes only with the session's own CSRF value, whatever the
request says of where it comes from: `admit` asks for it, so that no route can forget to.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from api.access.readers import reader_now, signer_now
from api.access.tokens import MAX_AHEAD, MAX_LIFE, parse
from api.problems import ApiError
from ledger.clock import utc_now
from ledger.errors import UntrustedInputError
from ledger.store.used_tokens import Remembered, UsedTokens

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request

    from api.access.readers import Reader
    from api.access.tokens import Token
    from api.system import System

SESSION_PATH = "/api/v1/access/session"
COOKIE = "acervo_session"
CSRF_HEADER = "Acervo-CSRF"
SESSION_LIFE = timedelta(minutes=30)
CHALLENGE_LIFE = timedelta(minutes=2)
MAX_SESSIONS = 2_000
_KEPT = MAX_LIFE + MAX_AHEAD
_SAME_SITE = {None, "same-origin", "none"}
_SAFE = {"GET", "HEAD"}


@dataclass(frozen=True, slots=True)
class Session:
    """An open session: whose key and office, until when; `csrf` goes back with what changes it."""

    keyid: str
    office: str
    expires_at: datetime
    csrf: str


class Doorkeeper:
    """Says who a request's reader is. Thread-safe.

    Args:
        system: Whose ledger says which keys and offices there are.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._began = utc_now().replace(microsecond=0)
        self._secret = secrets.token_bytes(32)
        self._used = Remembered() if system.settings.read_only else UsedTokens(system.store)
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    # -- letting in

    def admit(self, request: Request) -> Reader:
        """Return the reader of a request for what is restricted.

        Raises:
            ApiError: 401 "access-needed", "access-token", "access-replayed", "access-key", "access-session"; 403
                "access-scope", "access-cross-site", "access-csrf", "access-office".
        """
        header = request.headers.get("authorization")
        if header is not None:
            token = self._token(header, request.url.path)
            self._use(token)
            return reader_now(self._system, token.signer, token.office)
        session = self.session(request)
        if request.method not in _SAFE:
            _check_csrf(request, session)
        return reader_now(self._system, session.keyid, session.office)

    def key_of(self, authorization: str | None, cookie: str | None) -> str | None:
        """Return the key that asks, where a signature or a session says so; nothing is used up by asking."""
        try:
            if authorization is not None:
                return self._token(authorization, None).signer
            return None if cookie is None else self._find(cookie).keyid
        except ApiError:
            return None

    # -- sessions

    def challenge(self) -> tuple[str, datetime]:
        """Return a challenge and until when it can be answered; nothing is kept of it until it is."""
        until = utc_now().replace(microsecond=0) + CHALLENGE_LIFE
        text = f"{int(until.timestamp())}-{secrets.token_hex(8)}"
        return f"{text}-{self._mark(text)}", until

    def open(self, text: str) -> tuple[str, Session, Reader]:
        """Open a session for who signed a challenge, once; return the cookie's value, the session and its reader.

        Raises:
            ApiError: as `admit`; 401 "access-challenge" for a challenge that is not ours, expired or answered.
        """
        token = self._checked(text)
        if token.scope != SESSION_PATH:
            raise ApiError(403, "access-scope", token.scope)
        stamp, _, mark = token.jti.rpartition("-")
        ours = hmac.compare_digest(mark, self._mark(stamp))
        if not ours or int(stamp.partition("-")[0]) < utc_now().timestamp():
            raise ApiError(401, "access-challenge")
        reader = reader_now(self._system, token.signer, token.office)
        self._use(token)
        value = secrets.token_urlsafe(32)
        session = Session(token.signer, token.office, utc_now() + SESSION_LIFE, secrets.token_urlsafe(18))
        with self._lock:
            self._sessions[_name(value)] = session
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        return value, session, reader

    def session(self, request: Request) -> Session:
        """Return the session whose cookie a request brings.

        Raises:
            ApiError: 401 "access-needed" without one, "access-session" for one that is not open any more; 403
                "access-cross-site" where a page of another site makes the browser ask.
        """
        value = request.cookies.get(COOKIE)
        if value is None:
            raise ApiError(401, "access-needed")
        if request.headers.get("sec-fetch-site") not in _SAME_SITE:
            raise ApiError(403, "access-cross-site")
        return self._find(value)

    def end(self, request: Request) -> None:
        """Close the session of a request, which must bring the session's own CSRF value.

        Raises:
            ApiError: as `session`; 403 "access-csrf".
        """
        _check_csrf(request, self.session(request))
        with self._lock:
            self._sessions.pop(_name(request.cookies[COOKIE]), None)

    # -- helpers

    def _find(self, value: str) -> Session:
        with self._lock:
            session = self._sessions.get(_name(value))
        if session is None or session.expires_at <= utc_now():
            raise ApiError(401, "access-session")
        return session

    def _token(self, header: str, path: str | None) -> Token:
        kind, _, text = header.partition(" ")
        if kind.lower() != "bearer":
            raise ApiError(401, "access-token", "Bearer")
        token = self._checked(text.strip())
        if path is not None and not token.covers(path):
            raise ApiError(403, "access-scope", token.scope)
        return token

    def _checked(self, text: str) -> Token:
        """Return a token of this ledger, of now, signed by a key that is usable now; it is not used up yet."""
        try:
            token = parse(text)
        except UntrustedInputError as error:
            raise ApiError(401, "access-token", error.code) from error
        if token.audience != self._system.ledger.origin:
            raise ApiError(401, "access-token", "audience")
        if not token.timely(utc_now()) or token.issued_at < self._began:
            raise ApiError(401, "access-token", "time")
        if not token.signed_by(signer_now(self._system, token.signer).key):
            raise ApiError(401, "access-token", "signature")
        return token

    def _use(self, token: Token) -> None:
        if not self._used.use(f"{token.signer}/{token.jti}", _KEPT):
            raise ApiError(401, "access-replayed")

    def _mark(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), sha256).hexdigest()[:32]


def _check_csrf(request: Request, session: Session) -> None:
    if not hmac.compare_digest(request.headers.get(CSRF_HEADER, "").encode(), session.csrf.encode()):
        raise ApiError(403, "access-csrf")


def _name(value: str) -> str:
    """Return what a session is kept under: who reads this process' memory does not find a cookie in it."""
    return sha256(value.encode()).hexdigest()
