"""A server to be killed: one process with the ledger in it, acts over its standard input, receipts over its output.

`python -m tests.faults.server CONFIG`. Requests and answers are JSON lines. It is the composition of `api.wiring`
without HTTP and read models, so that it comes back quickly; its ledger, store and vault tell their steps.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ledger.application import Ledger
from ledger.errors import NotSealedError, StoreError
from ledger.log.client import SignerClient
from ledger.log.errors import SignerRefusedError
from ledger.receipts import make_receipts
from ledger.reception import Signatures
from ledger.statement import SignedAct
from ledger.store.append import append
from ledger.store.log_reader import LogPool
from ledger.store.pool import translated
from ledger.store.store import RETRY_S, LedgerStore
from ledger.store.vault import Vault
from tests.faults.steps import Plan, Steps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.store.submission import Outcome, SealedRow, Submission

MAX_THREADS = 16
RECEIPT_S = 20.0


class SteppedStore(LedgerStore):
    """A store that tells when it is about to append, has appended, has committed."""

    steps: Steps

    def append(self, submissions: Sequence[Submission], *, retry_s: float = RETRY_S) -> list[Outcome]:
        """Append, stopping between the function's end and the commit only where that is planned."""
        self.steps.done("4-before-append")
        if self.steps.planned("4-uncommitted"):
            with translated(), self.pool.connection() as connection, connection.transaction():
                outcomes = append(connection, submissions)
                self.steps.done("4-uncommitted", connection.info.backend_pid)
        else:
            outcomes = super().append(submissions, retry_s=retry_s)
        self.steps.done("4-committed")
        return outcomes


class SteppedVault(Vault):
    """A vault that tells when it has closed a value."""

    steps: Steps

    def seal(self, subject: str, name: str, digest: str, text: str) -> SealedRow:
        """Close a value."""
        row = super().seal(subject, name, digest, text)
        self.steps.done("3-sealed")
        return row


class SteppedSignatures(Signatures):
    """Tells when an act was parsed and when its signature is checked."""

    steps: Steps

    def check_known(self, acts: Sequence[SignedAct]) -> list[bool]:
        """Check signatures with keys that were seen before."""
        self.steps.done("1-parsed")
        known = super().check_known(acts)
        self.steps.done("2-signature")
        return known


class SteppedLedger(Ledger):
    """A ledger that tells its steps (ledger/application.py)."""

    steps: Steps

    def __init__(self, store: LedgerStore, vault: Vault, origin: str) -> None:
        super().__init__(store, vault, origin)
        self._signatures = SteppedSignatures()

    def _prepare(self, *arguments: Any, **named: Any) -> Submission:
        submission = super()._prepare(*arguments, **named)
        self.steps.done("3-checked")
        return submission

    def _move_on(self, *arguments: Any, **named: Any) -> None:
        super()._move_on(*arguments, **named)
        self.steps.done("5-moved-on")


class Server:
    """Answers requests from a pool of threads."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._out = threading.Lock()
        self.steps = Steps(lambda pids: self.say({"struck": pids}))
        for stepped in (SteppedStore, SteppedVault, SteppedSignatures, SteppedLedger):
            stepped.steps = self.steps
        store = SteppedStore(config["url"])
        self._ledger = SteppedLedger(store, SteppedVault(store, Path(config["vault"])), config["origin"])
        self._signer = SignerClient(Path(config["socket"]))
        self._log = LogPool(store.pool)

    def say(self, value: dict[str, Any]) -> None:
        """Write a line."""
        with self._out:
            sys.stdout.write(json.dumps(value) + "\n")
            sys.stdout.flush()

    def serve(self) -> None:
        """Answer until the input ends."""
        with ThreadPoolExecutor(MAX_THREADS) as pool:
            for line in sys.stdin:
                request = json.loads(line)
                if "plan" in request:
                    self.steps.plan(Plan(**request["plan"]))
                else:
                    pool.submit(self._answer, request)

    def _answer(self, request: dict[str, Any]) -> None:
        number = request["id"]
        try:
            self.say({"id": number, **self._submit(request)})
        except (StoreError, NotSealedError) as error:
            self.say({"id": number, "again": error.code})
        except BaseException as error:  # noqa: BLE001  whatever it is, the test must see it
            fatal = error.detail if isinstance(error, SignerRefusedError) else repr(error)
            self.say({"id": number, "fatal": fatal})

    def _submit(self, request: dict[str, Any]) -> dict[str, Any]:
        act = SignedAct.parse(request["envelope"].encode(), request["disclosures"])
        recorded = self._ledger.submit([act])
        self.steps.done("6-recorded")
        note = self._signer.checkpoint(recorded[0].index + 1, RECEIPT_S)
        receipt = make_receipts({recorded[0].index: recorded[0].entry}, note, self._log)[0]
        self.steps.done("7-receipt")
        return {"receipt": receipt.format()}


def main() -> None:
    """Serve."""
    server = Server(json.loads(Path(sys.argv[1]).read_text()))
    server.say({"ready": True})
    server.serve()


if __name__ == "__main__":
    main()
