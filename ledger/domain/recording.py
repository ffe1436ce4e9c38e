"""Recordings of a session, bound to it by their hash (domain.md §1 A10; S4 7.1.1.2.2(3))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.acts.carpeta import RecordingSealed
from ledger.domain.rules.numbering import check_predecessor, check_unused
from ledger.domain.states import SessionState
from ledger.domain.world import Signed, State, World, read
from ledger.errors import RuleViolation
from ledger.ids import parse_written, stream_name

if TYPE_CHECKING:
    from ledger.acts.base import Act

_HELD = frozenset({"open", "recess", "quorum-lost", "closed"})


@dataclass(frozen=True, slots=True)
class RecordingState(State):
    """A recording of a session."""

    session: str
    number: int
    sha256: str


def check(state: RecordingState | None, signed: Signed, world: World) -> None:
    """Check a recording: the session's next, of a session that was opened, made while it could be held.

    Raises:
        RuleViolation: "recording-sealed", "number-gap", "number-used", "session-unknown", "session-not-opened",
            "recording-before-session", "recording-in-future".
    """
    act = _narrow(signed.act)
    world.rule("recordings")
    if state is not None:
        raise RuleViolation("recording-sealed", recording=act.stream())
    check_unused(signed)
    check_predecessor(world, act.stream())
    session = read(world, SessionState, stream_name("session", act.session_path))
    if session is None:
        raise RuleViolation("session-unknown", session=act.session_path)
    if session.phase not in _HELD:
        raise RuleViolation("session-not-opened", session=session.path, phase=session.phase)
    begins = parse_written(act.begins_at)
    if begins.date() < session.day:
        raise RuleViolation("recording-before-session", begins_at=act.begins_at)
    if begins + timedelta(seconds=act.duration_s) > parse_written(signed.statement.occurred_at):
        raise RuleViolation("recording-in-future", begins_at=act.begins_at, duration_s=act.duration_s)


def evolve(_state: RecordingState | None, signed: Signed) -> RecordingState:
    """Return the recording."""
    act = _narrow(signed.act)
    return RecordingState(*signed.heading(), act.session_path, act.recording, act.sha256)


def _narrow(act: Act) -> RecordingSealed:
    if not isinstance(act, RecordingSealed):
        raise TypeError(type(act).__name__)
    return act
