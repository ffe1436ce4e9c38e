"""Histories that no server would have recorded: composed without `check`, each found by its own rule's code."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ledger.acts.acta import ActaDrafted, ActaSealed, ActaSigned
from ledger.acts.body import BodyRegistered
from ledger.acts.certification import CertificationIssued, CertifiedObject
from ledger.acts.designation import DesignationEnded
from ledger.acts.session import AgendaEntry, AttendanceRecorded, SessionCancelled, SessionConvened, SessionOpened
from ledger.acts.trust import (
    LogKeyAnnounced,
    PersonRegistered,
    RulesAdopted,
    SeriesOpened,
)
from ledger.acts.vote import CastingVoteExercised, RollCallRecorded, VoteClosed
from ledger.ids import write_instant
from tests.kit.books import MEXICO, OTHER_LOG_KEY, Book, found, key
from tests.kit.bundles import MEMBERS, Council, lawful
from tests.kit.judges import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def session() -> Council:
    """Return a council in an open session at item 1."""
    return Council().constitute().convene().open()


def _vote_without_quorum() -> tuple[Council, int, str]:
    council = session()
    council.by("secretaria", AttendanceRecorded(**council.place, departures=("vocal-1", "vocal-2")))
    return council, council.open_vote(present=("presidencia",)), "no-quorum"


def _false_quorum() -> tuple[Council, int, str]:
    council = Council().constitute().convene()
    index = council.book.size + 1
    return council.open(base=2, required=1), index, "quorum-mismatch"


def _opened_without_quorum() -> tuple[Council, int, str]:
    council = Council().constitute().convene()
    return council, council.by("presidencia", SessionOpened(**council.place)), "quorum-not-declared"


def _expired_member() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    ended = write_instant(council.book.now.astimezone(MEXICO) - timedelta(hours=1))
    act = DesignationEnded(body="cd", seat="vocal-1", number=1, ended_at=ended, cause="resigned")
    council.book.say(act, "ana", "ledger")
    return council, council.ballot("vocal-1"), "not-in-office"


def _wrong_tally() -> tuple[Council, int, str]:
    council = session().called()
    return council, council.declare(1, 2, 1), "tally-mismatch"


def _wrong_result() -> tuple[Council, int, str]:
    council = session().called(favor=())
    return council, council.declare(1, 0, 0, "approved"), "result-mismatch"


def _number_gap() -> tuple[Council, int, str]:
    council = session().balloted()
    return council, council.adopt(2), "number-gap"


def _unauthorised_signer() -> tuple[Council, int, str]:
    council = Council().constitute()
    begins = write_instant(council.book.now.astimezone(MEXICO))
    items = (AgendaEntry(item=1, item_kind="decision"),)
    council.session = 1
    act = SessionConvened(**council.place, begins_at=begins, modality="remota", items=items)
    return council, council.by("vocal-1", act), "not-authorised"


def _somebody_elses_office() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    return council, council.ballot("vocal-1", office=council.office("vocal-2")), "not-in-office"


def _member_acts_as_founder() -> tuple[Council, int, str]:
    council = Council().constitute()
    act = BodyRegistered(body="otro", body_kind="council")
    return council, council.book.say(act, "vocal-1", "ledger"), "not-in-office"


def _second_ballot() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    council.ballot("vocal-1")
    return council, council.ballot("vocal-1", choice="contra"), "ballot-already-cast"


def _ballot_after_the_close() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    for seat in MEMBERS[:2]:
        council.ballot(seat)
    council.by("secretaria", VoteClosed(**council.place, vote=1, ballots=2))
    return council, council.ballot("vocal-2"), "vote-closed"


def _ballots_miscounted() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    council.ballot("vocal-1")
    return council, council.by("secretaria", VoteClosed(**council.place, vote=1, ballots=3)), "ballot-count"


def _ballot_without_the_vote() -> tuple[Council, int, str]:
    council = session()
    council.open_vote()
    return council, council.ballot("vocal-1", basis=[]), "basis-missing"


def _vote_on_another_item() -> tuple[Council, int, str]:
    council = session()
    return council, council.open_vote(item=2), "item-not-open"


def _a_casting_vote_that_nobody_granted() -> tuple[Council, int, str]:
    council = session().called(favor=())
    act = CastingVoteExercised(**council.place, vote=1, choice="favor")
    return council, council.by("presidencia", act), "no-casting-vote"


def _roll_call_of_a_stranger() -> tuple[Council, int, str]:
    council = session()
    council.open_vote(1, "roll-call")
    act = RollCallRecorded(**council.place, vote=1, favor=("secretaria",))
    return council, council.by("secretaria", act), "not-eligible"


def _agreement_from_a_rejected_vote() -> tuple[Council, int, str]:
    council = session().called(favor=MEMBERS[:1])
    act = {"favor": 1, "contra": 0, "result": "rejected"}
    council.declare(1, **act)  # type: ignore[arg-type]
    return council, council.adopt(), "vote-not-approved"


def _agreement_before_the_declaration() -> tuple[Council, int, str]:
    council = session().called()
    return council, council.adopt(), "vote-not-approved"


def _close_that_forgets_an_agreement() -> tuple[Council, int, str]:
    council = session().balloted()
    council.adopt()
    council.close(agreements=())
    return council, council.book.size - 1, "agreement-omitted"


def _acta_without_signatures() -> tuple[Council, int, str]:
    council = lawful()
    basis = [f"session/{council.path}"]
    council.by("secretaria", ActaDrafted(**council.place, draft=1, blocks=1, root="a" * 64), basis=basis)
    act = ActaSealed(**council.place, root="a" * 64, signatures=("secretaria",))
    return council, council.by("secretaria", act), "signature-missing"


def _signature_of_another_root() -> tuple[Council, int, str]:
    council = lawful()
    basis = [f"session/{council.path}"]
    council.by("secretaria", ActaDrafted(**council.place, draft=1, blocks=1, root="a" * 64), basis=basis)
    act = ActaSigned(**council.place, seat="presidencia", root="b" * 64)
    return council, council.by("presidencia", act, basis=[f"acta/{council.path}"]), "acta-root"


def _certificate_of_what_is_not_sealed() -> tuple[Council, int, str]:
    council = lawful()
    version, statement = council.book.head(f"session/{council.path}")
    assert version
    objects = (CertifiedObject(stream=f"session/{council.path}", index=0, statement=statement, marks=("sealed",)),)
    act = CertificationIssued(body="cd", year=2026, number=1, objects=objects)
    return council, council.by("secretaria", act), "not-certifiable"


def _series_declared_too_late() -> tuple[Council, int, str]:
    council = lawful()
    act = SeriesOpened(body="cd", series="agreement.2026", first=40)
    return council, council.book.say(act, "ana", "ledger"), "series-begun"


def _person_twice() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    council.book.say(PersonRegistered(person="p-x"), "ana", "ledger")
    return council, council.book.say(PersonRegistered(person="p-x"), "ana", "ledger"), "person-already-registered"


def _cancelled_after_the_close() -> tuple[Council, int, str]:
    council = lawful()
    return council, council.by("secretaria", SessionCancelled(**council.place)), "session-phase"


def _founded_twice() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    index = council.book.size
    found(council.book)
    return council, index, "already-founded"


def _edition_skipped() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    return council, council.book.say(RulesAdopted(edition=5, sha256="a" * 64), "ana", "ledger"), "edition-gap"


def _recovery_key_out_of_its_scope() -> tuple[Council, int, str]:
    council = Council(found(Book()))
    keyid = key("recovery").public.keyid
    act = LogKeyAnnounced(vkey=OTHER_LOG_KEY.verifier.vkey)
    return council, council.book.say(act, "recovery", f"key/{keyid}"), "recovery-key-scope"


@pytest.mark.parametrize(
    "story",
    [
        _vote_without_quorum,
        _false_quorum,
        _opened_without_quorum,
        _expired_member,
        _wrong_tally,
        _wrong_result,
        _number_gap,
        _unauthorised_signer,
        _somebody_elses_office,
        _member_acts_as_founder,
        _second_ballot,
        _ballot_after_the_close,
        _ballots_miscounted,
        _ballot_without_the_vote,
        _vote_on_another_item,
        _a_casting_vote_that_nobody_granted,
        _roll_call_of_a_stranger,
        _agreement_from_a_rejected_vote,
        _agreement_before_the_declaration,
        _close_that_forgets_an_agreement,
        _acta_without_signatures,
        _signature_of_another_root,
        _certificate_of_what_is_not_sealed,
        _series_declared_too_late,
        _person_twice,
        _cancelled_after_the_close,
        _founded_twice,
        _edition_skipped,
        _recovery_key_out_of_its_scope,
    ],
    ids=lambda story: story.__name__.strip("_"),
)
def test_an_unlawful_act_is_found_by_its_rule(tmp_path: Path, story: Callable[[], tuple[Council, int, str]]) -> None:
    """Signed by its officer, in its place, in the tree: and refused by the rule in force, at its index."""
    council, index, code = story()
    verdict = Verdict(council.book.bundle(tmp_path / "b.evidencia.zip"))
    assert (10, code, index, "") in verdict.hits, sorted(verdict.hits)
    assert verdict.exit == 1
    assert min(verdict.indexes()) == index, "nothing before it is blamed"
