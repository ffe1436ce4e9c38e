"""No act is recorded unchecked, whoever submits what beside it: signatures and states of acts that wait together."""

from __future__ import annotations

import threading
import time
from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.acts.trust import Founder, LedgerFounded, PersonRegistered
from ledger.application import Ledger, Recorded
from ledger.clock import utc_now
from ledger.compose import Batch, Desk, Officer
from ledger.crypto.keys import PrivateKey
from ledger.errors import AcervoError, ConflictError, RuleViolation, StoreError, UntrustedInputError
from ledger.ids import write_instant
from ledger.store.submission import Outcome
from ledger.store.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ledger.statement import SignedAct
    from ledger.store.store import LedgerStore
    from ledger.store.submission import SealedRow, Submission

ORIGIN = "actas.idss.example/acervo"
KEYS = [PrivateKey.from_seed(bytes([number]) * 32) for number in (1, 2, 3)]
FIRST, SECOND = (Officer(key, "ledger") for key in KEYS[:2])


class Hall:
    """A founded ledger over a real store, whose append can be answered by the test, and a desk to sign at."""

    def __init__(self, store: LedgerStore, directory: Path) -> None:
        self.store = store
        self.vault = Vault(store, directory)
        self.ledger = Ledger(store, self.vault, ORIGIN)
        self.desk = Desk(self.ledger, lambda: write_instant(utc_now()))
        spki = [b64encode(key.public.spki).decode() for key in KEYS]
        founding = LedgerFounded(
            origin=ORIGIN,
            officers=(Founder(person="p-1", spki=spki[0]), Founder(person="p-2", spki=spki[1])),
            recovery_spki=spki[2],
            rules_edition=1,
        )
        self.ledger.submit([self.desk.sign(founding, FIRST, sealed={"institution": "IDSS"})])

    def person(self, name: str, officer: Officer = SECOND) -> SignedAct:
        """Sign the registration of a person; the second officer has not signed anything before."""
        return self.desk.sign(PersonRegistered(person=name), officer, sealed={"name": "Nadie"})

    def together(self, *acts: SignedAct) -> list[list[Recorded] | AcervoError]:
        """Submit each act from a thread of its own, so that they are all in one group; give what became of them."""
        results: list[list[Recorded] | AcervoError] = [[] for _ in acts]

        def submit(place: int) -> None:
            try:
                results[place] = self.ledger.submit([acts[place]])
            except AcervoError as error:
                results[place] = error

        threads = [threading.Thread(target=submit, args=(place,)) for place in range(len(acts))]
        with self.ledger._turn:
            for number, thread in enumerate(threads, 1):
                thread.start()
                while len(self.ledger._turns._waiting) < number - 1:
                    time.sleep(0.001)
        for thread in threads:
            thread.join(30)
        return results


@pytest.fixture
def hall(store: LedgerStore, tmp_path: Path) -> Hall:
    """Give a founded ledger."""
    return Hall(store, tmp_path / "vault")


def _forged(act: SignedAct) -> SignedAct:
    """Return the act with a signature that is none."""
    return replace(act, signature=bytes(64))


def _code(result: list[Recorded] | AcervoError) -> str:
    return result.code if isinstance(result, AcervoError) else "recorded"


def test_each_act_of_a_batch_needs_its_own_signature(hall: Hall) -> None:
    """A signer's first good act in a batch does not vouch for his second."""
    batch = Batch(hall.desk)
    for name in ("p-3", "p-4"):
        batch.sign(PersonRegistered(person=name), SECOND, sealed={"name": "Nadie"})
    size = hall.store.head().size
    with pytest.raises(UntrustedInputError) as refusal:
        hall.ledger.submit([batch.acts[0], _forged(batch.acts[1])])
    assert refusal.value.code == "bad-signature"
    assert hall.store.head().size == size
    assert len(hall.ledger.submit(batch.acts)) == 2


def test_each_act_of_a_group_needs_its_own_signature(hall: Hall) -> None:
    """A signer's first good act does not vouch for a forged one that somebody else submits at the same moment."""
    results = hall.together(hall.person("p-3"), _forged(hall.person("p-4")))
    assert [_code(result) for result in results] == ["recorded", "bad-signature"]


def test_an_act_is_not_recorded_in_the_place_of_a_refused_one(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the act before it in the group is refused by the store, a forged one does not slip into its place."""
    good = hall.person("p-3")
    append = hall.store.append

    def refuse_the_first(submissions: Sequence[Submission]) -> list[Outcome]:
        monkeypatch.setattr(hall.store, "append", append)
        rest = append(submissions[1:]) if submissions[1:] else []
        return [Outcome("malformed", good.statement.stream, "refused-by-the-test"), *rest]

    monkeypatch.setattr(hall.store, "append", refuse_the_first)
    size = hall.store.head().size
    results = hall.together(good, _forged(hall.person("p-3")))
    assert [_code(result) for result in results] == ["refused-by-the-test", "bad-signature"]
    assert hall.store.head().size == size


def test_two_who_want_one_place_in_one_group(hall: Hall) -> None:
    """Of two good acts for one place the first is recorded and the second a conflict; the same act twice is success."""
    first, second = hall.person("p-3"), hall.person("p-3")
    results = hall.together(first, second, first)
    assert isinstance(results[1], ConflictError)
    assert [_code(results[0]), _code(results[2])] == ["recorded", "recorded"]
    assert [recorded.duplicate for result in results if isinstance(result, list) for recorded in result] == [
        False,
        True,
    ]


def test_a_failing_vault_leaves_no_place_open(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the vault fails after the check, the act counts as not recorded, and its place is checked anew."""
    seal: Callable[[str, str, str, str], SealedRow] = hall.vault.seal

    def fail_once(*_: str) -> SealedRow:
        monkeypatch.setattr(hall.vault, "seal", seal)
        raise StoreError("vault-unusable")

    good, strangers = hall.person("p-3"), hall.person("p-3", Officer(PrivateKey.from_seed(b"x" * 32), "ledger"))
    monkeypatch.setattr(hall.vault, "seal", fail_once)
    with pytest.raises(StoreError):
        hall.ledger.submit([good])
    with pytest.raises(RuleViolation) as refusal:
        hall.ledger.submit([strangers])
    assert refusal.value.code == "key-unknown"
    assert [recorded.duplicate for recorded in hall.ledger.submit([good])] == [False]
