"""Documents: what is put comes out, byte for byte; what is damaged, erased or too large does not (format.md §3)."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from ledger.errors import StoreError, UntrustedInputError
from ledger.store.data_keys import DataKeys
from ledger.store.document_cipher import PIECE_BYTES
from ledger.store.documents import Documents, open_object_store
from ledger.store.sniff import SNIFFED_BYTES, media_type

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 600


@pytest.fixture
def keys(tmp_path: Path) -> DataKeys:
    """Give a store of data keys."""
    return DataKeys(tmp_path / "vault")


@pytest.fixture
def documents(keys: DataKeys, tmp_path: Path) -> Documents:
    """Give documents in a directory, at most 1 MiB each."""
    objects = open_object_store(tmp_path / "documents")
    return Documents(objects, keys, tmp_path / "spool", max_bytes=1024 * 1024)


def chunks(raw: bytes, size: int = 1000) -> Iterator[bytes]:
    """Cut bytes into chunks."""
    return (raw[i : i + size] for i in range(0, len(raw), size))


def files(tmp_path: Path) -> list[Path]:
    """Return the stored files."""
    return [path for path in (tmp_path / "documents").rglob("*") if path.is_file()]


SIZES = (1, 2, 1000, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 3 * PIECE_BYTES + 77)


@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_put_comes_out(documents: Documents, size: int, sealed: bool) -> None:
    """Every size around the borders of pieces comes out byte for byte, with its size and type."""
    raw = (PDF * 2)[:size]
    stored = documents.put(chunks(raw), sealed=sealed, expected=sha256(raw).hexdigest())
    assert stored.size == size
    assert b"".join(documents.get(stored.sha256, sealed=sealed)) == raw
    assert documents.find(stored.sha256) == stored
    assert documents.put(chunks(raw), sealed=sealed) == stored
    assert [(f.sha256, f.problem) for f in documents.check_fixity()] == [(stored.sha256, "")]


def test_a_sealed_document_is_not_in_the_store(documents: Documents, keys: DataKeys, tmp_path: Path) -> None:
    """Neither its bytes nor its hash can be found in directory or spool, and equal documents do not look equal."""
    stored = documents.put(chunks(PDF), sealed=True)
    (path,) = files(tmp_path)
    content = path.read_bytes()
    assert stored.sha256 not in str(path)
    assert PDF[:64] not in content
    assert not list((tmp_path / "spool").iterdir())
    other = Documents(open_object_store(tmp_path / "other"), keys, tmp_path / "spool")
    other.put(chunks(PDF), sealed=True)
    assert next(p for p in (tmp_path / "other").rglob("*") if p.is_file()).read_bytes() != content
    assert documents.find(stored.sha256) == stored


def test_an_erased_document_is_gone(documents: Documents, keys: DataKeys, tmp_path: Path) -> None:
    """Erasing destroys the key first: a copy of the object opens no more. It can be put again."""
    stored = documents.put(chunks(PDF), sealed=True)
    (path,) = files(tmp_path)
    copy = path.read_bytes()
    assert documents.erase(stored.sha256)
    assert not documents.erase(stored.sha256)
    assert documents.find(stored.sha256) is None
    path.write_bytes(copy)
    with pytest.raises(StoreError, match="data-key-destroyed"):
        list(documents.get(stored.sha256, sealed=True))
    assert [f.problem for f in documents.check_fixity()] == ["data-key-destroyed"]
    assert documents.put(chunks(PDF), sealed=True) == stored
    assert b"".join(documents.get(stored.sha256, sealed=True)) == PDF
    assert keys.exists(next(p.stem for p in (tmp_path / "vault" / "keys").rglob("*.key")))


def test_refused_uploads_leave_nothing(documents: Documents, tmp_path: Path) -> None:
    """Too large, empty, another hash, a broken connection: no object, no spooled file, no key stays."""

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError

    for sealed in (False, True):
        for bad, code in ((b"x" * (1024 * 1024 + 1), "document-too-large"), (b"", "document-empty")):
            with pytest.raises(UntrustedInputError, match=code):
                documents.put(chunks(bad), sealed=sealed)
        with pytest.raises(UntrustedInputError, match="document-hash"):
            documents.put(chunks(PDF), sealed=sealed, expected="0" * 64)
        with pytest.raises(ConnectionError):
            documents.put(broken(), sealed=sealed)
    for name in ("x", "../../etc/passwd", "A" * 64):
        with pytest.raises(UntrustedInputError, match="document-name"):
            documents.find(name)
    assert files(tmp_path) == []
    assert not list((tmp_path / "spool").iterdir())
    assert not list((tmp_path / "vault" / "keys").rglob("*.key"))
    with pytest.raises(StoreError, match="document-unknown"):
        list(documents.get("0" * 64))


@pytest.mark.parametrize("sealed", [False, True], ids=["public", "sealed"])
def test_damage_is_found(documents: Documents, tmp_path: Path, sealed: bool) -> None:
    """A changed byte anywhere, a lost end, swapped pieces: reading fails, and the fixity check names the object."""
    raw = os.urandom(2 * PIECE_BYTES)
    digest = documents.put(chunks(raw), sealed=sealed).sha256
    (path,) = files(tmp_path)
    good = path.read_bytes()
    half = len(good) - PIECE_BYTES - 16
    damaged = [
        good[:i] + bytes([good[i] ^ 1]) + good[i + 1 :] for i in (0, 8, 9, 40, 60, len(good) // 2, len(good) - 1)
    ]
    damaged += [good[:-1], good[:half], good[:5], b"", good + b"x", good + good, good[:9] + b"\xff" + good[10:]]
    for content in damaged:
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"document-damaged|data-key-"):
            list(documents.get(digest, sealed=sealed))
        (found,) = documents.check_fixity()
        assert found.problem
        assert found.name.endswith(path.name)
    path.write_bytes(good)
    assert b"".join(documents.get(digest, sealed=sealed)) == raw


def test_media_types_are_sniffed() -> None:
    """The type follows from the bytes; text is UTF-8 without controls; HTML and SVG are no type of ours."""
    cases = {
        b"%PDF-1.4\n": "application/pdf",
        b"\x89PNG\r\n\x1a\n....": "image/png",
        b"\xff\xd8\xff\xe0": "image/jpeg",
        b"PK\x03\x04....": "application/zip",
        b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.textPK": (
            "application/vnd.oasis.opendocument.text"
        ),
        b"\xef\xbb\xbf<?xml version='1.0'?><a/>": "application/xml",
        b"<?xml version='1.0'?><svg/>": "application/xml",
        b"<!doctype html><script>": "text/plain",
        "Año, sesión\n\t".encode(): "text/plain",
        b"\x00\x01": "application/octet-stream",
        b"a\x07": "application/octet-stream",
        b"caf\xe9": "application/octet-stream",
        b"\x30\x82\x01\x00": "application/octet-stream",
    }
    for raw, expected in cases.items():
        assert media_type(raw, whole=True) == expected, raw
    cut = ("x" + "ñ" * SNIFFED_BYTES).encode()[:SNIFFED_BYTES]
    assert media_type(cut, whole=False) == "text/plain"
    assert media_type(cut, whole=True) == "application/octet-stream"


class _Bucket(BaseHTTPRequestHandler):
    """Just enough of S3 to hold objects: PUT, GET, HEAD, DELETE, list."""

    objects: ClassVar[dict[str, bytes]] = {}
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _meta(self) -> dict[str, str]:
        return {"ETag": '"e"', "Last-Modified": "Wed, 01 Apr 2026 00:00:00 GMT"}

    def do_PUT(self) -> None:
        """Keep an object."""
        self.objects[unquote(urlsplit(self.path).path)] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200, headers=self._meta())

    def do_HEAD(self) -> None:
        """Tell an object's size."""
        body = self.objects.get(unquote(urlsplit(self.path).path))
        if body is None:
            self._answer(404)
        else:
            self._answer(200, headers={"Content-Length": str(len(body)), **self._meta()})

    def do_GET(self) -> None:
        """Give an object, a range of it, or the list."""
        parts = urlsplit(self.path)
        if "list-type" in parts.query:
            prefix = parse_qs(parts.query)["prefix"][0]
            found = [name.removeprefix("/bucket/") for name in self.objects]
            rows = "".join(
                f"<Contents><Key>{name}</Key><Size>1</Size><LastModified>2026-04-01T00:00:00.000Z</LastModified>"
                f'<ETag>"e"</ETag></Contents>'
                for name in found
                if name.startswith(prefix)
            )
            self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())
            return
        body = self.objects.get(unquote(parts.path))
        if body is None:
            self._answer(404)
        elif wanted := self.headers["Range"]:
            start, end = (int(number) for number in wanted.removeprefix("bytes=").split("-"))
            part = body[start : end + 1]
            span = f"bytes {start}-{start + len(part) - 1}/{len(body)}"
            self._answer(206, part, {"Content-Range": span, **self._meta()})
        else:
            self._answer(200, body, self._meta())

    def do_DELETE(self) -> None:
        """Forget an object."""
        self.objects.pop(unquote(urlsplit(self.path).path), None)
        self._answer(204)

    def do_POST(self) -> None:
        """Forget objects in bulk."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        gone = [name for name in self.objects if name.removeprefix("/bucket/") in body]
        for name in gone:
            del self.objects[name]
        rows = "".join(f"<Deleted><Key>{name.removeprefix('/bucket/')}</Key></Deleted>" for name in gone)
        self._answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode())


@contextmanager
def bucket() -> Iterator[str]:
    """Run a bucket on a port of its own and give its URL."""
    _Bucket.objects.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Bucket)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_documents_lie_in_a_bucket(keys: DataKeys, tmp_path: Path) -> None:
    """The same against an S3-compatible bucket by URL; when it is gone the error says so."""
    with bucket() as url:
        options = {
            "endpoint": url,
            "region": "us-east-1",
            "access_key_id": "a",
            "secret_access_key": "b",
            "client_options": {"allow_http": True, "timeout": "5s"},
            "retry_config": {"max_retries": 0},
        }
        documents = Documents(open_object_store("s3://bucket/acervo", options), keys, tmp_path / "spool")
        public, sealed = documents.put(chunks(PDF)), documents.put(chunks(PDF[9:]), sealed=True)
        assert b"".join(documents.get(public.sha256)) == PDF
        assert b"".join(documents.get(sealed.sha256, sealed=True)) == PDF[9:]
        assert [documents.find(d.sha256) for d in (public, sealed)] == [public, sealed]
        assert {f.problem for f in documents.check_fixity()} == {""}
        assert documents.erase(sealed.sha256)
        assert documents.find(sealed.sha256) is None
        assert all(name.startswith("/bucket/acervo/public/") for name in _Bucket.objects)
    gone = Documents(open_object_store("s3://bucket/acervo", options), keys, tmp_path / "spool")
    with pytest.raises(StoreError, match="documents-unreachable"):
        gone.find(public.sha256)
