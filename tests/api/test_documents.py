"""Documents over HTTP: stored by who holds a usable key, streamed, sniffed, public or reserved."""

from __future__ import annotations

import socket
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from api.signatures import header
from ledger.clock import written_now
from ledger.crypto.keys import PrivateKey, Secret
from tests.api.test_problems import check_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

    from api.demo.town import Town
    from api.system import System

PDF = b"%PDF-1.7\n" + b"acta ficticia\n" * 50_000


def put(
    http: httpx.Client, system: System, key: Secret, content: bytes, *, publicity: str = "public", **changes: str
) -> httpx.Response:
    """Store a document, with parts of the signed header changed."""
    digest = changes.get("digest", sha256(content).hexdigest())
    signed = header(
        key,
        changes.get("origin", system.ledger.origin),
        changes.get("signed_digest", digest),
        changes.get("signed_publicity", publicity),
        changes.get("time", written_now()),
    )
    pieces = (content[n : n + 100_000] for n in range(0, len(content), 100_000))
    headers = {"Acervo-Signature": changes.get("header", signed), "Content-Type": "text/html"}
    return http.put(f"/api/v1/documents/{digest}", params={"publicity": publicity}, content=pieces, headers=headers)


def test_a_public_document_comes_back_byte_for_byte(http: httpx.Client, system: System, town: Town) -> None:
    """Stored in pieces under its hash, its type sniffed and not believed, cached for ever, 304 for who has it."""
    stored = put(http, system, town.secretary.key, PDF)
    assert stored.status_code == 201, stored.text
    assert stored.json()["media_type"] == "application/pdf"
    url = f"/api/v1/documents/{sha256(PDF).hexdigest()}"
    got = http.get(url)
    assert got.content == PDF
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in got.headers["cache-control"]
    assert http.get(url, headers={"if-none-match": got.headers["etag"]}).status_code == 304
    assert put(http, system, town.secretary.key, PDF).status_code == 201


def test_a_reserved_document_is_not_given_out(http: httpx.Client, system: System, town: Town) -> None:
    """Reserved by default: stored encrypted, and refused to everybody here."""
    content = b"reservado"
    stored = put(http, system, town.secretary.key, content, publicity="sealed")
    assert stored.json()["publicity"] == "sealed"
    problem = check_problem(http.get(f"/api/v1/documents/{sha256(content).hexdigest()}"))
    assert (problem["status"], problem["code"]) == (403, "document-sealed")


@pytest.mark.parametrize(
    "changes",
    [
        {"header": "keyid=no"},
        {"signed_digest": "0" * 64},
        {"signed_publicity": "sealed"},
        {"origin": "otro.example/libro"},
        {"time": "2020-01-01T00:00:00-06:00"},
        {"time": "2020-13-01T00:00:00-06:00"},
    ],
    ids=str,
)
def test_only_a_fresh_signature_over_this_document_stores_it(
    http: httpx.Client, system: System, town: Town, changes: dict[str, str]
) -> None:
    """Another hash, publicity, ledger or time than the one signed is refused, and nothing is stored."""
    content = b"no se guarda"
    problem = check_problem(put(http, system, town.secretary.key, content, **changes))
    assert (problem["status"], problem["code"]) == (401, "upload-signature")
    assert http.get(f"/api/v1/documents/{sha256(content).hexdigest()}").status_code == 404


def test_a_stranger_stores_nothing(http: httpx.Client, system: System) -> None:
    """A key that is not enrolled in this ledger is refused."""
    problem = check_problem(put(http, system, PrivateKey.generate(), b"extra\xc3\xb1o"))
    assert problem["code"] == "upload-signature"


def test_a_document_must_be_the_one_that_is_named(http: httpx.Client, system: System, town: Town) -> None:
    """Content of another hash is refused."""
    problem = check_problem(put(http, system, town.secretary.key, b"uno", digest=sha256(b"dos").hexdigest()))
    assert problem["code"] == "document-hash"


def test_too_much_is_refused_while_it_streams(
    http: httpx.Client, system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream longer than the limit is cut off with 413."""
    monkeypatch.setattr(system.documents, "max_bytes", 1000)
    problem = check_problem(put(http, system, town.secretary.key, b"x" * 5000))
    assert (problem["status"], problem["code"]) == (413, "document-too-large")


def test_a_slow_store_holds_the_client_back(
    http: httpx.Client, system: System, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store is slow only a few pieces wait in memory; nothing is lost."""
    put_document = system.documents.put

    def slow(chunks: Iterable[bytes], **options: Any) -> Any:
        def slowly() -> Iterator[bytes]:
            for chunk in chunks:
                time.sleep(0.02)
                yield chunk

        return put_document(slowly(), **options)

    monkeypatch.setattr(system.documents, "put", slow)
    content = b"%PDF-1.7 lento\n" * 200_000
    assert put(http, system, town.secretary.key, content).status_code == 201


def test_an_upload_that_breaks_off_leaves_nothing(http: httpx.Client, system: System, town: Town) -> None:
    """A client that goes away in the middle: nothing is stored, and the next one is served."""
    content = b"interrumpido" * 1000
    digest = sha256(content).hexdigest()
    signed = header(town.secretary.key, system.ledger.origin, digest, "public", written_now())
    url = http.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=20) as sock:
        head = (
            f"PUT /api/v1/documents/{digest}?publicity=public HTTP/1.1\r\nHost: x\r\n"
            f"Acervo-Signature: {signed}\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        sock.sendall(head.encode() + content[:500])
        time.sleep(0.3)
    time.sleep(0.5)
    assert http.get(f"/api/v1/documents/{digest}").status_code == 404
    assert put(http, system, town.secretary.key, content).status_code == 201
