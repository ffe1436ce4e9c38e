"""Client of witnesses: asks for cosignatures over a checkpoint (c2sp.org/tlog-witness; format §7).

A witness cosigns only what continues what it cosigned before. So a fork shown to somebody else cannot get its
cosignature, and its answer tells how far the log was, though this machine be restored from an old snapshot.
A witness never delays the writing of acts: it is asked after the receipt has left.
"""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ledger.crypto.b64 import encode_base64
from ledger.crypto.merkle import MAX_PROOF_HASHES, consistency_coords, fold
from ledger.crypto.note import Checkpoint, Note, Signature, Verifier, parse_size
from ledger.errors import UntrustedInputError
from ledger.log.errors import WitnessError
from ledger.log.reader import node_hashes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.log.reader import LogReader

MAX_ANSWER_BYTES = 64 * 1024
TIMEOUT_S = 10.0
SIZE_TYPE = "text/x.tlog.size"


def format_request(old: int, proof: Sequence[bytes], note: str) -> str:
    """Write the body of an add-checkpoint request."""
    return "\n".join((f"old {old}", *(encode_base64(h) for h in proof), "", note))


@dataclass
class WitnessClient:
    """One witness.

    Attributes:
        key: Its cosignature key.
        url: Its submission prefix, ``http:`` or ``https:``.
        known: Size of the last checkpoint that it is known to have cosigned.
        timeout_s: How long an answer may take, seconds.
    """

    key: Verifier
    url: str
    known: int = 0
    timeout_s: float = TIMEOUT_S

    @property
    def name(self) -> str:
        """The witness' name."""
        return self.key.name

    def cosign(self, note: str, reader: LogReader) -> list[Signature]:
        """Ask for cosignatures over a signed checkpoint; where the witness is at another size, once more from there.

        Returns:
            The signature lines of this witness' key, each of which verifies.

        Raises:
            WitnessError: ``witness-unreachable``; ``witness-ahead`` if it has cosigned a larger size;
                ``witness-refused-<status>``; ``witness-answer-malformed``.
            LogDamagedError: A node for the proof is missing.
        """
        checkpoint = Checkpoint.parse(Note.parse(note).text)
        status, kind, body = self._post(self._request(checkpoint, note, reader))
        if status == http.client.CONFLICT and kind == SIZE_TYPE:
            before, self.known = self.known, self._size(body)
            if self.known > checkpoint.size:
                raise WitnessError("witness-ahead", f"{self.name} has cosigned size {self.known}", size=self.known)
            if self.known != before:
                status, kind, body = self._post(self._request(checkpoint, note, reader))
        if status != http.client.OK:
            raise WitnessError(f"witness-refused-{status}", f"{self.name}: {body[:200]!r}")
        signatures = self._signatures(checkpoint, body)
        self.known = checkpoint.size
        return signatures

    def known_size(self, note: str) -> int | None:
        """Ask how far the witness has seen the log, by a request that it must answer with a conflict.

        A witness that has seen nothing cosigns the checkpoint, which is the log's own; that tells nothing.
        """
        try:
            status, kind, body = self._post(format_request(0, [], note))
            if status == http.client.CONFLICT and kind == SIZE_TYPE:
                self.known = self._size(body)
                return self.known
        except WitnessError:
            return None
        return None

    def _request(self, checkpoint: Checkpoint, note: str, reader: LogReader) -> str:
        groups = consistency_coords(min(self.known, checkpoint.size), checkpoint.size)
        nodes = node_hashes(reader, {c for group in groups for c in group})
        proof = [fold([nodes[c] for c in group]) for group in groups]
        assert len(proof) <= MAX_PROOF_HASHES  # noqa: S101  follows from MAX_TREE_SIZE
        return format_request(min(self.known, checkpoint.size), proof, note)

    def _post(self, body: str) -> tuple[int, str, str]:
        """Send a request; return status, content type and body of the answer."""
        target = urlsplit(self.url)
        kind = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
        connection = kind(target.netloc, timeout=self.timeout_s)
        try:
            path = f"{target.path.rstrip('/')}/add-checkpoint"
            connection.request("POST", path, body.encode(), {"Content-Type": "text/plain; charset=utf-8"})
            answer = connection.getresponse()
            raw = answer.read(MAX_ANSWER_BYTES + 1)
        except (OSError, http.client.HTTPException) as error:
            raise WitnessError("witness-unreachable", f"{self.name}: {error}") from error
        finally:
            connection.close()
        if len(raw) > MAX_ANSWER_BYTES:
            raise WitnessError("witness-answer-malformed", f"{self.name}: more than {MAX_ANSWER_BYTES} bytes")
        return answer.status, answer.headers.get_content_type(), raw.decode("utf-8", "replace")

    def _signatures(self, checkpoint: Checkpoint, body: str) -> list[Signature]:
        """Keep the lines of the known key, and check each."""
        try:
            lines = [Signature.parse(line) for line in body.removesuffix("\n").split("\n")]
            mine = [s for s in lines if (s.name, s.id) == (self.key.name, self.key.id)]
            for signature in mine:
                self.key.check(checkpoint.text, signature.value)
        except UntrustedInputError as error:
            raise WitnessError("witness-answer-malformed", f"{self.name}: {error}") from error
        if not mine:
            raise WitnessError("witness-answer-malformed", f"{self.name}: no cosignature of its key")
        return mine

    def _size(self, body: str) -> int:
        try:
            return parse_size(body.removesuffix("\n"))
        except UntrustedInputError as error:
            raise WitnessError("witness-answer-malformed", f"{self.name}: {error}") from error


def add_cosignatures(note: str, signatures: Sequence[Signature]) -> str:
    """Write a checkpoint with cosignatures under its own signatures, none of them twice."""
    parsed = Note.parse(note)
    new = tuple(s for s in dict.fromkeys(signatures) if s not in parsed.signatures)
    return Note(parsed.text, parsed.signatures + new).format()
