"""Group commit: what submitters share, and what they must not."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.demo.town import VOTING_SEATS
from ledger.acts import session as session_acts
from ledger.acts import vote as vote_acts
from ledger.acts.trust import PersonRegistered
from ledger.application import Ledger
from ledger.compose import Batch
from ledger.errors import ConflictError, RuleViolation, UntrustedInputError
from ledger.pending import Pending
from ledger.reception import parse_submitted
from tests.kit.settled import ORIGIN, Settled, settle, soon
from tests.kit.waiting import until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.statement import SignedAct
    from ledger.store.submission import Outcome, Submission
    from tests.kit.postgres import Database


def _persons(settled: Settled, count: int) -> list[SignedAct]:
    sign, founder = settled.town.desk.sign, settled.town.founder
    return [sign(PersonRegistered(person=f"p-{n}"), founder, sealed={"name": f"N {n}"}) for n in range(count)]


def _job(act: SignedAct) -> Pending:
    return Pending((act,), (parse_submitted(act),), [False])


def test_submitters_share_commits_and_never_wait_to_hear_that_they_are_done(settled: Settled) -> None:
    """While one group is appended the next gathers: all that came meanwhile are one transaction."""
    acts, sizes = _persons(settled, 24), []
    real, gate = settled.store.append, threading.Event()

    def slow(submissions: Sequence[Submission]) -> list[Outcome]:
        sizes.append(len(submissions))
        assert gate.wait(60)
        return real(submissions)

    settled.store.append = slow  # type: ignore[method-assign, assignment]
    threads = [threading.Thread(target=settled.ledger.submit, args=([act],)) for act in acts]
    threads[0].start()
    until(lambda: sizes == [1])  # it appends, alone
    for thread in threads[1:]:
        thread.start()
    until(lambda: len(settled.ledger._turns._waiting) == len(acts) - 1)
    gate.set()
    for thread in threads:
        thread.join()
    assert sizes == [1, 23]


def test_a_store_that_fails_answers_everybody_and_the_next_may_lead(settled: Settled) -> None:
    """An append that breaks is everybody's error in the group; nobody waits for ever, the ledger goes on."""
    acts, real = _persons(settled, 9), settled.store.append
    errors: list[BaseException] = []

    def broken(_submissions: Sequence[Submission]) -> list[Outcome]:
        raise OSError("no disk")

    def submit(act: SignedAct) -> None:
        try:
            settled.ledger.submit([act])
        except Exception as error:  # noqa: BLE001  all are counted
            errors.append(error)

    settled.store.append = broken  # type: ignore[method-assign, assignment]
    threads = [threading.Thread(target=submit, args=(act,)) for act in acts[:8]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 8
    settled.store.append = real  # type: ignore[method-assign]
    assert not settled.ledger.submit([acts[8]])[0].duplicate


def test_a_check_never_rests_on_an_act_of_its_own_round_that_may_yet_be_refused(
    database: Database, tmp_path: Path
) -> None:
    """A ballot waits for the attendance that its check read; that one is refused, and the ballot with it.

    Somebody else took the attendance's place: version for version the guards would have agreed.
    """
    first = settle(database.app_url, tmp_path / "vault")
    second = settle(database.app_url, tmp_path / "vault", found=False)
    sitting = first.sitting()
    sitting.begin(["Uno"], soon())
    sitting.item(1)
    vote = sitting.open_vote(1, "ballot", "Se aprueba.")
    assert second.ledger.state(f"session/{sitting.path}") is not None
    leaves = session_acts.AttendanceRecorded(**sitting.place, departures=("obrero-1",))
    attendance = second.town.desk.sign(leaves, second.town.secretary)
    ballot = vote_acts.BallotCast(**sitting.place, vote=vote, seat="obrero-2", choice="favor")
    office = second.town.officer("obrero-2")
    cast = second.town.desk.sign(ballot, office, basis=[f"vote/{sitting.path}/{vote}"])
    sitting.leave(["obrero-2"])
    group = [_job(attendance), _job(cast)]
    with second.ledger._turn:
        left = second.ledger._round(group)
        while left:
            left = second.ledger._round(left)
    assert isinstance(group[0].error, ConflictError)
    assert isinstance(group[1].error, RuleViolation)
    assert group[1].error.code == "not-present"
    for made in (first, second):
        made.store.close()


def test_a_stream_that_was_taken_for_absent_is_found_out(database: Database, tmp_path: Path) -> None:
    """A process that never met a stream gives a repeated first act its place again, and refuses another one."""
    first = settle(database.app_url, tmp_path / "vault")
    second = settle(database.app_url, tmp_path / "vault", found=False)
    act, other = _persons(first, 1)[0], _persons(first, 1)[0]
    placed = first.ledger.submit([act])[0]
    with pytest.raises((ConflictError, RuleViolation)):
        second.ledger.submit([other])
    again = Ledger(second.store, second.vault, ORIGIN).submit([act])[0]
    assert (again.index, again.duplicate) == (placed.index, True)
    assert second.ledger.state("person/p-0") == first.ledger.state("person/p-0")
    for made in (first, second):
        made.store.close()


def test_a_refused_first_act_leaves_no_absence_behind(database: Database, tmp_path: Path) -> None:
    """Whatever refuses it: the stream is read before anything is said of it."""
    first = settle(database.app_url, tmp_path / "vault")
    second = settle(database.app_url, tmp_path / "vault", found=False)
    act = _persons(first, 1)[0]
    first.ledger.submit([act])
    with pytest.raises(UntrustedInputError, match="bad-signature"):
        second.ledger.submit([replace(act, signature=b"\0" * 64)])
    assert second.ledger.state("person/p-0") == first.ledger.state("person/p-0")
    for made in (first, second):
        made.store.close()


def test_a_long_batch_is_checked_signature_by_signature(settled: Settled) -> None:
    """Spread over threads, one forged signature anywhere refuses the whole batch."""
    settled.ledger.submit(_persons(settled, 1))
    size = settled.store.head().size
    desk, founder = settled.town.desk, settled.town.founder
    acts = [desk.sign(PersonRegistered(person=f"p-b{n}"), founder, sealed={"name": "N"}) for n in range(40)]
    for place in (0, 19, 39):
        forged = [*acts]
        forged[place] = replace(acts[place], signature=acts[place - 1].signature)
        with pytest.raises(UntrustedInputError, match="bad-signature"):
            settled.ledger.submit(forged)
    assert settled.store.head().size == size
    assert len(settled.ledger.submit(acts)) == 40


def test_states_after_a_batch_are_those_that_a_replay_gives(settled: Settled) -> None:
    """Several acts of one stream in one batch leave the state, indexes and all, that reading the store gives."""
    sitting, batch = settled.sitting(), Batch(settled.town.desk)
    entries = (session_acts.AgendaEntry(item=1, item_kind="decision"),)
    convened = session_acts.SessionConvened(**sitting.place, begins_at=soon(), modality="presencial", items=entries)
    secretary = settled.town.secretary
    batch.sign(convened, secretary, sealed={"item/1/title": "Uno"})
    arrivals = tuple(session_acts.Arrival(seat=seat, designation=1) for seat in VOTING_SEATS)
    batch.sign(session_acts.AttendanceRecorded(**sitting.place, arrivals=arrivals), secretary)
    batch.sign(session_acts.QuorumDeclared(**sitting.place, present=12, base=12, required=7), secretary)
    settled.ledger.submit(batch.acts)
    settled.ledger.submit(batch.acts)
    stream = f"session/{sitting.path}"
    fresh = Ledger(settled.store, settled.vault, ORIGIN)
    assert settled.ledger.state(stream) == fresh.state(stream)
    settled.ledger.submit(_persons(settled, 3))
    assert settled.ledger.state("person/p-2") == fresh.state("person/p-2")
