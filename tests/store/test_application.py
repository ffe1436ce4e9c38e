"""The ledger takes acts in: checked, guarded, appended as a group."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.demo.town import VOTING_SEATS
from ledger.acts import vote as vote_acts
from ledger.acts.trust import PersonRegistered
from ledger.compose import Desk, Officer
from ledger.crypto.keys import PrivateKey
from ledger.domain.acta import ActaState
from ledger.domain.certification import CertificationState
from ledger.errors import ConflictError, RuleViolation, UntrustedInputError
from ledger.statement import Entry
from tests.kit.settled import Settled, settle, soon

if TYPE_CHECKING:
    from pathlib import Path

    from ledger.statement import SignedAct
    from tests.kit.postgres import Database


def _person(settled: Settled, name: str) -> SignedAct:
    return settled.town.desk.sign(PersonRegistered(person=name), settled.town.founder, sealed={"name": name.title()})


def test_a_session_goes_from_convocation_to_certificate(settled: Settled) -> None:
    """One session is convened, voted, closed, written down, signed, sealed and certified, nothing typed twice."""
    sitting = settled.hold_session()
    acta = settled.ledger.state(f"acta/{sitting.path}")
    assert isinstance(acta, ActaState)
    assert acta.phase == "sealed"
    certificate = settled.ledger.state(f"certification/hcd/{sitting.year}/1")
    assert isinstance(certificate, CertificationState)
    assert certificate.phase == "issued"


def test_the_same_submission_again_is_success_with_the_same_place(settled: Settled) -> None:
    """A client that lost the answer submits again and gets the receipt's place once more."""
    act = _person(settled, "p-again")
    first = settled.ledger.submit([act])
    again = settled.ledger.submit([act])
    assert (again[0].index, again[0].entry, again[0].duplicate) == (first[0].index, first[0].entry, True)


def test_a_taken_place_is_a_conflict_and_a_wrong_signature_is_none_of_ours(settled: Settled) -> None:
    """Two acts for one place: the second is a conflict; a signature of another key is refused before any rule."""
    one, other = _person(settled, "p-one"), _person(settled, "p-one")
    settled.ledger.submit([one])
    with pytest.raises(ConflictError):
        settled.ledger.submit([other])
    forged = _person(settled, "p-forged")
    with pytest.raises(UntrustedInputError, match="bad-signature"):
        settled.ledger.submit([replace(forged, signature=one.signature)])


def test_an_unknown_key_and_a_foreign_office_are_refused(settled: Settled) -> None:
    """Who has no enrolled key, or claims another's office, records nothing."""
    size = settled.store.head().size
    stranger = Officer(PrivateKey.generate(), "ledger")
    act = settled.town.desk.sign(PersonRegistered(person="p-x"), stranger, sealed={"name": "X"})
    with pytest.raises(RuleViolation, match="key-unknown"):
        settled.ledger.submit([act])
    borrowed = Officer(settled.town.officer("obrero-1").key, settled.town.secretary.office)
    act = settled.town.desk.sign(PersonRegistered(person="p-y"), borrowed, sealed={"name": "Y"})
    with pytest.raises(RuleViolation, match="not-in-office"):
        settled.ledger.submit([act])
    assert settled.store.head().size == size


def test_a_disclosure_that_is_not_the_sealed_one_is_refused(settled: Settled) -> None:
    """The vault takes only what the statement commits to."""
    act, other = _person(settled, "p-a"), _person(settled, "p-b")
    with pytest.raises(UntrustedInputError, match="disclosure"):
        settled.ledger.submit([replace(act, disclosures=other.disclosures)])
    with pytest.raises(UntrustedInputError, match="disclosure-missing"):
        settled.ledger.submit([replace(act, disclosures={})])


def test_a_batch_is_all_or_nothing(settled: Settled) -> None:
    """The second act of a batch is refused, and the first does not stand either."""
    size = settled.store.head().size
    good, bad = _person(settled, "p-good"), _person(settled, "p-hcd.obrero-1")
    with pytest.raises(RuleViolation, match="person-already-registered"):
        settled.ledger.submit([good, replace_version(bad, settled)])
    assert settled.store.head().size == size
    settled.ledger.submit([good])


def replace_version(_act: SignedAct, settled: Settled) -> SignedAct:
    """Return a registration of a person who is registered already, in its right place."""
    desk = Desk(settled.ledger, settled.town.now)
    return desk.sign(PersonRegistered(person="p-hcd.obrero-1"), settled.town.founder, sealed={"name": "Otra"})


def test_two_processes_on_one_database_retry_on_moved_guards(database: Database, tmp_path: Path) -> None:
    """A second process whose states are stale loads again and comes to the same answer as if it had not been."""
    first = settle(database.app_url, tmp_path / "vault")
    second = settle(database.app_url, tmp_path / "vault", found=False)
    sitting = first.sitting()
    sitting.begin(["Uno"], soon())
    assert second.ledger.state(f"session/{sitting.path}") is not None
    sitting.item(1)
    vote = sitting.open_vote(1, "ballot", "Se aprueba.")
    stream = f"vote/{sitting.path}/{vote}"
    ballot = vote_acts.BallotCast(**sitting.place, vote=vote, seat="obrero-1", choice="favor")
    act = second.town.desk.sign(ballot, second.town.officer("obrero-1"), basis=[stream])
    assert second.ledger.submit([act])[0].index == first.store.head().size - 1
    first.town.do(vote_acts.VoteClosed(**sitting.place, vote=vote, ballots=1))
    late = vote_acts.BallotCast(**sitting.place, vote=vote, seat="obrero-2", choice="favor")
    with pytest.raises(RuleViolation):
        second.ledger.submit([second.town.desk.sign(late, second.town.officer("obrero-2"), basis=[stream])])
    for made in (first, second):
        made.store.close()


def test_many_submitters_at_once_share_commits_and_fail_alone(settled: Settled) -> None:
    """Forty threads, every fourth with a person that is there already: the others stand, dense and in the tree."""
    size = settled.store.head().size
    acts = [
        replace_version(_person(settled, f"p-{n}"), settled) if n % 4 == 0 else _person(settled, f"p-{n}")
        for n in range(40)
    ]
    failed: list[str] = []
    places: list[int] = []

    def submit(act: SignedAct) -> None:
        try:
            places.append(settled.ledger.submit([act])[0].index)
        except RuleViolation as error:
            failed.append(error.code)

    threads = [threading.Thread(target=submit, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == ["person-already-registered"] * 10
    assert sorted(places) == list(range(size, size + 30))
    assert [Entry.parse(raw).index for raw in settled.store.entries(size)] == sorted(places)


def test_a_lost_answer_is_found_by_another_process_when_the_rules_would_refuse_by_now(
    database: Database, tmp_path: Path
) -> None:
    """A vote opened yesterday is submitted again to a fresh process after its session closed: success, same place."""
    first = settle(database.app_url, tmp_path / "vault")
    sitting = first.sitting()
    sitting.begin(["Uno"], soon())
    sitting.item(1)
    opened = vote_acts.VoteOpened(
        **sitting.place,
        vote=1,
        item=1,
        method="roll-call",
        eligible=tuple(vote_acts.Holder(seat=seat, designation=1) for seat in sorted(VOTING_SEATS)),
    )
    act = first.town.desk.sign(
        opened, first.town.secretary, sealed={"motion": "Se aprueba."}, basis=[f"session/{sitting.path}"]
    )
    place = first.ledger.submit([act])[0]
    first.town.do(vote_acts.VoteAnnulled(**sitting.place, vote=1), sealed={"reason": "Error de captura."})
    sitting.votes = 1
    sitting.conclude(1, "deferred")
    sitting.close()
    second = settle(database.app_url, tmp_path / "vault", found=False)
    again = second.ledger.submit([act])[0]
    assert (again.index, again.duplicate) == (place.index, True)
    for made in (first, second):
        made.store.close()
