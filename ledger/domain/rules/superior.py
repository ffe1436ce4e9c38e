"""A body, those above it, and the sessions in which they hear what is brought to them (domain.md §3.6 A3, §3.12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.body import body_of
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, World, read
from ledger.errors import RuleViolation
from ledger.ids import kind_of

if TYPE_CHECKING:
    from ledger.acts.base import StreamName


def check_superior(body: str, other: str, world: World) -> None:
    """Check that `other` is the body itself or stands above it.

    Raises:
        RuleViolation: "body-unknown", "not-superior".
    """
    above: str | None = body
    while above is not None and above != other:  # ends: a body's parent is registered before it
        above = body_of(world, above).parent
    if above != other:
        raise RuleViolation("not-superior", body=body, other=other)


def superior_session(body: str, stream: StreamName, signed: Signed, world: World) -> SessionState:
    """Return a session, named in `basis`, of the body itself or of one above it.

    Raises:
        RuleViolation: "session-unknown", "session-not-in-basis", "body-unknown", "not-superior".
    """
    session = read(world, SessionState, stream) if kind_of(stream) == "session" else None
    if session is None:
        raise RuleViolation("session-unknown", session=stream)
    if stream not in signed.statement.basis:
        raise RuleViolation("session-not-in-basis", session=stream)
    check_superior(body, session.body, world)
    return session
