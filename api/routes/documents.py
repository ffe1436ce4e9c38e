"""PUT and GET /api/v1/documents/{sha256}: what acts name by hash (format.md §3, attachments).

Storing needs the signature of a key that is usable in this ledger, over the hash; nobody else can fill the disk.
Public documents are read by anybody, for ever; a sealed one only by who may read the sealed text of an act that names
it (api/access/grants.py).
"""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.access.doorkeeper import COOKIE
from api.access.grants import names_document
from api.etags import IMMUTABLE, matches
from api.limits import MAX_HEADER_CHARS, stream_body
from api.problems import ApiError, dumps, not_found
from api.routes import openapi
from api.routes.restricted import ask_reader
from api.signatures import check_upload
from api.system import System, system_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.store.documents import Document

router = APIRouter(prefix="/api/v1/documents", tags=["documentos"])
QUEUED_CHUNKS = 8
_DIGEST = Path(pattern="^[0-9a-f]{64}$", examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])
_BY_ACT = Annotated[
    int | None, Query(ge=0, le=2**53 - 1, description="Acto que lo nombra, para uno reservado. / Act that names it.")
]
_SAFE_INLINE = {"application/pdf", "image/png", "image/jpeg", "text/plain"}


@router.put(
    "/{sha256}",
    summary="Guardar un documento / Store a document",
    status_code=201,
    response_class=Response,
    responses={201: {"description": "Guardado. / Stored."}},
    openapi_extra=openapi.DOCUMENT_BODY,
)
async def put_document(
    request: Request,
    sha256: Annotated[str, _DIGEST],
    signature: Annotated[str, Header(alias="Acervo-Signature", max_length=MAX_HEADER_CHARS)],
    publicity: Annotated[Literal["public", "sealed"], Query()] = "sealed",
) -> Response:
    """Store a document under its own SHA-256, streamed; its media type is sniffed, not believed.

    `Acervo-Signature: keyid=<hex>; time=<instant>; sig=<base64>`: an enrolled key's signature over
    `acervo/document/v1`, origin, hash, publicity and instant, each on a line of its own with its end.
    """
    system = system_of(request)
    system.check_writable()
    await run_in_threadpool(check_upload, system.ledger, signature, sha256, publicity)
    pipe = _Pipe()
    reader = _Reader(system, sha256, pipe, sealed=publicity == "sealed")
    with system.gate.enter():
        try:
            async for chunk in stream_body(request, system.settings.max_document_bytes):
                await run_in_threadpool(pipe.put, chunk)
            await run_in_threadpool(pipe.end)
        except BaseException:
            pipe.abort()
            raise
        document = await run_in_threadpool(reader.result)
    return Response(dumps(_about(document)), 201, headers=_headers(document), media_type="application/json")


class _Pipe:
    """Chunks from the event loop to the thread that stores them: a few at a time, so memory stays small."""

    def __init__(self) -> None:
        self._chunks: queue.Queue[bytes | None] = queue.Queue(QUEUED_CHUNKS)
        self._aborted = False
        self.closed = False

    def put(self, chunk: bytes) -> None:
        """Hand a chunk over; waits while the store is slower than the client."""
        while not self.closed:
            try:
                self._chunks.put(chunk, timeout=0.1)
            except queue.Full:
                continue
            return

    def end(self) -> None:
        """Say that all is there."""
        while not self.closed:
            try:
                self._chunks.put(None, timeout=0.1)
            except queue.Full:
                continue
            return

    def abort(self) -> None:
        """Say that no more comes and what came does not count."""
        self._aborted = True

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                chunk = self._chunks.get(timeout=0.1)
            except queue.Empty:
                if self._aborted:
                    raise ApiError(400, "bad-request", "the document broke off") from None
                continue
            if chunk is None:
                return
            if chunk:
                yield chunk


class _Reader:
    """The thread that stores what comes through the pipe."""

    def __init__(self, system: System, digest: str, pipe: _Pipe, *, sealed: bool) -> None:
        self._system, self._digest, self._pipe, self._sealed = system, digest, pipe, sealed
        self._document: Document | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="document", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._document = self._system.documents.put(self._pipe, sealed=self._sealed, expected=self._digest)
        except BaseException as error:  # noqa: BLE001  given to the waiting request, whatever it is
            self._error = error
        finally:
            self._pipe.closed = True

    def result(self) -> Document:
        """Return what was stored, or raise why it was not."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._document is None:
            raise RuntimeError("neither a document nor an error")
        return self._document


@router.get(
    "/{sha256}",
    summary="Un documento / A document",
    response_class=Response,
    responses=openapi.bytes_answer("application/octet-stream"),
)
def get_document(request: Request, sha256: Annotated[str, _DIGEST], act: _BY_ACT = None) -> Response:
    """A public document, byte for byte. A reserved one is refused (403): its existence is no secret, its content is.

    Who may read the act at the index `act`, which names the document, has it with a token or session.
    """
    system = system_of(request)
    document = system.documents.find(sha256)
    if document is None:
        raise not_found(f"documents/{sha256}")
    if document.sealed:
        _check_reader(request, system, sha256, act)
    headers = _headers(document)
    if matches(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(document.size)
    return StreamingResponse(
        system.documents.get(sha256, sealed=document.sealed), headers=headers, media_type=document.media_type
    )


def _check_reader(request: Request, system: System, sha256: str, act: int | None) -> None:
    """Let a reserved document go to who may read an act that names it, and keep that it did.

    Raises:
        ApiError: 403 "document-sealed"; as `Doorkeeper.admit` and `open_for`.
    """
    if act is None or not ("authorization" in request.headers or COOKIE in request.cookies):
        raise ApiError(403, "document-sealed", sha256)
    asked = ask_reader(request)
    if not names_document(asked.reader, system, act, sha256):
        raise ApiError(403, "document-sealed", sha256)
    asked.note(act, "document", [sha256])


def _about(document: Document) -> dict[str, object]:
    return {
        "sha256": document.sha256,
        "size": document.size,
        "media_type": document.media_type,
        "publicity": "sealed" if document.sealed else "public",
        "links": {"self": f"/api/v1/documents/{document.sha256}"},
    }


def _headers(document: Document) -> dict[str, str]:
    inline = document.media_type in _SAFE_INLINE
    return {
        "ETag": f'"{document.sha256}"',
        "Cache-Control": "no-store" if document.sealed else IMMUTABLE,
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Content-Disposition": "inline" if inline else "attachment",
        "Location": f"/api/v1/documents/{document.sha256}",
    }
