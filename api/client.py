"""A small client of the HTTP API: prepares, signs and submits acts, and keeps their receipts.

    with Client("http://127.0.0.1:8000", receipts=Path("recibos")) as acervo:
        secretary = Officer(PrivateKey.from_pem(pem), "designation/hcd/secretario/1")
        done = acervo.sign_and_submit(
            lambda number: SeriesOpened(body="hcd", series="agreement.2026", first=19), secretary)
        print(done.index, done.recorded_at)

The key never leaves the machine: the server gives heads and numbers, the client composes, signs and sends. A receipt
is checked before it is kept: the entry must be the act that was sent, under a checkpoint signed by a key that the
client was given (`vkeys`), not one that the answer brings along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import orjson

from api.transport import CONFLICT, Transport
from ledger.clock import written_now
from ledger.compose import Desk
from ledger.crypto.note import Verifier
from ledger.errors import AcervoError
from ledger.ids import parse_recorded
from ledger.receipts import Receipt
from ledger.statement import Entry, write_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from api.transport import Answer
    from ledger.acts import Act
    from ledger.compose import Officer
    from ledger.statement import SignedAct

__all__ = ["ApiProblem", "Client", "Done"]
TIMEOUT_S = 60.0
MAX_TRIES = 25


class ApiProblem(AcervoError):  # noqa: N818  what the answer calls itself (RFC 9457)
    """The service answered with a problem; `status` is its HTTP status, `body` all that it said."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body.get("code", "unknown")), str(body.get("detail", "")), **dict(body.get("params", {})))
        self.status = status
        self.body = dict(body)


@dataclass(frozen=True, slots=True)
class Done:
    """A recorded act: its place, and its receipt unless no checkpoint covers it yet."""

    index: int
    recorded_at: str
    duplicate: bool
    receipt: Receipt | None


class Client:
    """Speaks to one service. It is the `Heads` that a `Desk` signs with. Use one a thread.

    Args:
        url: The service's address.
        vkeys: The log's public keys as the caller knows them; without, those that the service names are used, which
            protects against damage and not against the service itself.
        receipts: A directory in which receipts are kept, as `<index>.tlog-proof`.
        now: Gives the instant as signers write it; this machine's clock, or a demo's own simulated one, where absent.
        max_tries: How often a lost race for a number is run again.
    """

    def __init__(
        self,
        url: str,
        *,
        vkeys: Iterable[str] = (),
        receipts: Path | None = None,
        now: Callable[[], str] | None = None,
        max_tries: int = MAX_TRIES,
    ) -> None:
        self._http = Transport(url, TIMEOUT_S)
        self._keys = [Verifier.parse(vkey) for vkey in vkeys]
        self._receipts = receipts
        self._origin = ""
        self._max_tries = max_tries
        self._simulated: bool | None = None
        self.desk = Desk(self, now or self.written_now)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- what a signer must know

    @property
    def origin(self) -> str:
        """The ledger's origin."""
        if not self._origin:
            self._origin = self.get("/api/v1/streams/ledger")["ledger"]
        return self._origin

    def stream_head(self, stream: str) -> tuple[int, str]:
        """Return (last version, its statement's SHA-256); 0 and the founding's hash for an absent stream."""
        head = self.get(f"/api/v1/streams/{stream}")
        return head["version"], head["statement"]

    def next_number(self, series: str) -> int:
        """Return the next free number of a series, e.g. `agreement/hcd/2026`."""
        number: int = self.get("/api/v1/next-number", series=series)["number"]
        return number

    def written_now(self) -> str:
        """Return the present instant as signers write it, by the ledger's own clock where that is simulated."""
        if self._simulated is None:
            self._simulated = bool(self.get("/api/v1")["clock"]["simulated"])
        return str(self.get("/api/v1")["clock"]["now"]) if self._simulated else written_now()

    # -- acts

    def submit(self, acts: Sequence[SignedAct]) -> list[Done]:
        """Submit signed acts, all or nothing; submitting the same again gives the same places.

        Raises:
            ApiProblem: what the service refused, with the rule's code.
        """
        body = {"acts": [_sent(act) for act in acts]}
        answer = self._http.request("POST", "/api/v1/acts", body=orjson.dumps(body), headers=_JSON)
        said = _checked(answer)["acts"]
        return [self._done(act, item) for act, item in zip(acts, said, strict=True)]

    def sign_and_submit(
        self,
        make: Callable[[int], Act],
        officer: Officer,
        *,
        series: str | None = None,
        sealed: Mapping[str, Any] | None = None,
        basis: Sequence[str] = (),
        occurred_at: str | None = None,
    ) -> Done:
        """Make an act with the next free number, sign it, submit it; on a lost race do it again with the next.

        Args:
            make: Given the number, makes the act; without a `series` the number is 0.
            officer: Who signs.
            series: The series of which the next number is asked.
            sealed: Sealed values by name.
            basis: Streams whose last statements the signer relies on.
            occurred_at: When it happened; now where absent.

        Raises:
            ApiProblem: refused; or the race was lost too often.
        """
        tries = 0
        while True:
            tries += 1
            # The number and the head of its stream come in one answer: asked apart, another could slip in between.
            free = {} if series is None else self.get("/api/v1/next-number", series=series)
            act = make(free.get("number", 0))
            after = {free["stream"]: (free["version"], free["statement"])} if free else None
            signed = self.desk.sign(act, officer, sealed=sealed, basis=basis, occurred_at=occurred_at, after=after)
            try:
                return self.submit([signed])[0]
            except ApiProblem as problem:
                if problem.status != CONFLICT or tries >= self._max_tries:
                    raise

    def proof(self, index: int) -> str:
        """Return an act's proof under the newest checkpoint."""
        answer = self._http.request("GET", f"/api/v1/acts/{index}/proof")
        if answer.is_error:
            _checked(answer)
        return answer.text

    def verify(self, proof: str) -> dict[str, Any]:
        """Ask the service for its verdicts on a proof."""
        return _checked(self._http.request("POST", "/api/v1/verification", body=proof.encode()))

    # -- documents

    def store_document(self, officer: Officer, content: bytes, digest: str, *, publicity: str = "sealed") -> None:
        """Store a document under its SHA-256; the wish is signed by this machine's clock, and is fresh.

        Raises:
            ApiProblem: refused.
        """
        from api.signatures import header

        said = header(officer.key, self.origin, digest, publicity, written_now())
        url = f"/api/v1/documents/{digest}"
        _checked(
            self._http.request(
                "PUT", url, query={"publicity": publicity}, body=content, headers={"Acervo-Signature": said}
            )
        )

    # -- below

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """Return the JSON of an address.

        Raises:
            ApiProblem: the service refused.
        """
        return _checked(self._http.request("GET", path, query=query))

    def _trusted(self) -> list[Verifier]:
        if not self._keys:
            self._keys = [Verifier.parse(vkey) for vkey in self.get("/api/v1/log")["vkeys"]]
        return self._keys

    def _done(self, act: SignedAct, said: Mapping[str, Any]) -> Done:
        receipt = None
        if "receipt" in said:
            receipt = Receipt.parse(said["receipt"])
            receipt.verify(self._trusted())
            if receipt.index != said["index"] or not _is_of(receipt.entry, act, said):
                raise AcervoError("receipt-of-another", f"index {said['index']}")
            if self._receipts is not None:
                self._receipts.mkdir(parents=True, exist_ok=True)
                (self._receipts / f"{receipt.index}.tlog-proof").write_text(said["receipt"])
        return Done(said["index"], said["recorded_at"], said["duplicate"], receipt)


_JSON = {"Content-Type": "application/json"}


def _sent(act: SignedAct) -> dict[str, Any]:
    return {"envelope": orjson.Fragment(act.envelope()), "disclosures": dict(act.disclosures)}


def _is_of(entry: bytes, act: SignedAct, said: Mapping[str, Any]) -> bool:
    """Tell whether an entry is the act's, at the index that the answer names; one that nothing could be raises."""
    if entry == write_entry(act, said["index"], said["recorded_at"]):
        parse_recorded(said["recorded_at"])
        return True
    parsed = Entry.parse(entry)  # submitted before, it may stand with another signature over the same statement
    return parsed.act.statement.raw == act.statement.raw and parsed.index == said["index"]


def _checked(answer: Answer) -> dict[str, Any]:
    try:
        body: dict[str, Any] = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        body = {"code": "unknown", "detail": answer.text[:200]}
    if answer.is_error:
        raise ApiProblem(answer.status, body)
    return body
