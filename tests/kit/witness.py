"""A witness that follows c2sp.org/tlog-witness, over HTTP on loopback, for tests; it persists nothing."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from ledger.crypto.b64 import decode_base64
from ledger.crypto.merkle import verify_consistency
from ledger.crypto.note import Checkpoint, Note, Signer, open_checkpoint, parse_size
from ledger.errors import UntrustedInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.crypto.note import Verifier


@dataclass
class WitnessServer:
    """A witness' memory and key.

    Attributes:
        key: Its cosignature key.
        logs: Keys of the logs that it knows.
        seen: The last checkpoint that it cosigned, by origin.
        time: What its clock says, seconds since 1970.
        override: An answer to give instead, ``(status, type, body)``.
        requests: Bodies received.
    """

    key: Signer
    logs: list[Verifier]
    seen: dict[str, Checkpoint] = field(default_factory=dict)
    time: int = 1_700_000_000
    override: tuple[int, str, str] | None = None
    requests: list[str] = field(default_factory=list)
    url: str = ""

    def answer(self, body: str) -> tuple[int, str, str]:  # noqa: PLR0911  one return per answer of the specification
        """Answer an add-checkpoint request: status, content type, body."""
        self.requests.append(body)
        if self.override:
            return self.override
        head, _, note = body.partition("\n\n")
        lines = head.split("\n")
        plain = "text/plain"
        try:
            old, proof = parse_size(lines[0].removeprefix("old ")), [decode_base64(x, 32) for x in lines[1:]]
            origin = Checkpoint.parse(Note.parse(note).text).origin
        except UntrustedInputError as error:
            return 400, plain, str(error)
        if origin not in {key.name for key in self.logs}:
            return 404, plain, "unknown origin"
        try:
            checkpoint, _ = open_checkpoint(note, self.logs)
        except UntrustedInputError as error:
            return 403, plain, str(error)
        last = self.seen.get(origin)
        if old > checkpoint.size:
            return 400, plain, "old size is larger"
        if old != (last.size if last else 0):
            return 409, "text/x.tlog.size", f"{last.size if last else 0}\n"
        if last and last.size == checkpoint.size and last.root != checkpoint.root:
            return 409, plain, "another root of this size"
        try:
            if last:
                verify_consistency(last.size, last.root, checkpoint.size, checkpoint.root, proof)
        except UntrustedInputError as error:
            return 422, plain, str(error)
        self.seen[origin] = checkpoint
        return 200, plain, self.key.sign(checkpoint.text, self.time).line()

    @contextmanager
    def serving(self) -> Iterator[WitnessServer]:
        """Serve on a free port of loopback while the block runs."""
        witness = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                assert self.path == "/prefix/add-checkpoint"
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, kind, text = witness.answer(body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}/prefix"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
